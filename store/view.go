package store

import (
	"slices"

	"rongzheng/review"
)

// scope is what an account sees, as review.Account.Sees says it of a single application.
type scope struct {
	by *review.Actor
	// areas says that the account's areas count, own that what it entered does.
	areas, own bool
}

func scopeOf(by *review.Actor) (scope, error) {
	if err := by.May(review.View); err != nil {
		return scope{}, err
	}
	switch by.Role {
	case review.Administrator, review.Auditor:
		return scope{by: &review.Actor{}, areas: true}, nil
	case review.Clerk:
		return scope{by: by, areas: true, own: true}, nil
	case review.Portal:
		return scope{by: by, own: true}, nil
	}
	return scope{by: by, areas: true}, nil
}

func (s scope) holds(g *group) bool {
	return s.areas && s.by.Covers(g.area) || s.own && s.by.Name == g.entered
}

// view is a queue taken apart: which groups it has, and which part of them.
type view struct {
	scope
	name   QueueName
	by     *review.Actor
	filter filter
}

func newView(q *Queue) (view, error) {
	if !slices.Contains(Queues(), q.Name) {
		return view{}, ErrQueue
	}
	s, err := scopeOf(&q.By)
	return view{scope: s, name: q.Name, by: &q.By, filter: newFilter(q)}, err
}

// decides reports whether the group waits for the account's level.
func (v *view) decides(g *group) bool {
	return v.by.Role == review.Reviewer && g.state == stateByte(review.InReview) && !g.held && int(g.level) == v.by.Level
}

// holds reports whether the queue has rows of the group; of a group that waits for the account's level, Pending has those
// that four eyes leave to it, Waiting the others.
func (v *view) holds(g *group) bool {
	return v.state(g) && v.scope.holds(g) && v.filter.group(g)
}

func (v *view) state(g *group) bool {
	switch v.name {
	case Pending:
		return v.decides(g)
	case Waiting:
		return g.state == stateByte(review.InReview) && !g.held
	case Held:
		return g.state == stateByte(review.InReview) && g.held
	case Approved:
		return g.state == stateByte(review.Approved)
	case Rejected:
		return g.state == stateByte(review.Rejected)
	case Withdrawn:
		return g.state == stateByte(review.Withdrawn)
	case All:
		return g.state == everyApplication
	}
	return g.state == everyCertificate
}
