package store

import (
	"errors"
	"slices"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// A commit is one write and one sync of the disk, whatever is in it. Changes that come while one is being written wait for it
// and are then written together: many people who decide at once share the syncs. A change that comes alone is written at
// once and waits for nobody.

// errPanicked stands for a panic of a change among others until it is run by itself.
var errPanicked = errors.New("the change panicked")

// mostTogether is how many changes share one commit.
const mostTogether = 32

// pending is one change on its way into a commit.
type pending struct {
	write func(t *txn) error
	// alone says that it must not be written with others: it cannot be run twice, or it failed with others.
	alone  bool
	turn   chan bool // true: lead the next commit; false: it is done
	err    error
	news   News
	issued bool
}

// line are the changes that wait while a commit is being written.
type line struct {
	mu      sync.Mutex
	leading bool
	waiting []*pending
}

// enter queues the change and returns when it is done (false) or is to lead the next commit.
func (l *line) enter(p *pending) bool {
	l.mu.Lock()
	if !l.leading {
		l.leading = true
		l.mu.Unlock()
		return true
	}
	l.waiting = append(l.waiting, p)
	l.mu.Unlock()
	return <-p.turn
}

// join takes those along that wait for the leader's commit.
func (l *line) join(leader *pending) []*pending {
	l.mu.Lock()
	defer l.mu.Unlock()
	together := []*pending{leader}
	for !leader.alone && len(l.waiting) > 0 && !l.waiting[0].alone && len(together) < mostTogether {
		together = append(together, l.waiting[0])
		l.waiting = l.waiting[1:]
	}
	return together
}

// pass hands the lead on, first to those that have to be run again by themselves.
func (l *line) pass(again []*pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(again, l.waiting...)
	if len(l.waiting) == 0 {
		l.leading = false
		return
	}
	next := l.waiting[0]
	l.waiting = l.waiting[1:]
	next.turn <- true
}

// update writes, all or nothing; the commit is synced before it returns and before anybody is told of it. write may be run
// again when another change of the same commit fails: it keeps nothing between two runs.
func (s *Store) update(write func(t *txn) error) error { return s.written(&pending{write: write}) }

// updateOnce is update for what cannot be run again.
func (s *Store) updateOnce(write func(t *txn) error) error {
	return s.written(&pending{write: write, alone: true})
}

func (s *Store) written(p *pending) error {
	s.writing.RLock()
	defer s.writing.RUnlock()
	s.swap.RLock()
	defer s.swap.RUnlock()
	p.turn = make(chan bool, 1)
	for lead := s.line.enter(p); lead; {
		lead = s.lead(p)
	}
	return p.err
}

// lead writes the next commit, with those that wait for it, and hands the lead on. It returns whether the leader's own change
// has failed beside others, when it is its turn to be run again.
func (s *Store) lead(p *pending) bool {
	together, led := s.line.join(p), false
	defer func() {
		if !led { // what the leader runs by itself has panicked, and nobody is beside it
			s.line.pass(nil)
		}
	}()
	again := s.commit(together)
	led = true
	for _, one := range together[1:] {
		if !slices.Contains(again, one) {
			one.turn <- false
		}
	}
	s.line.pass(again)
	return slices.Contains(again, p) && <-p.turn
}

// commit writes the changes together and tells of them, in their order. It returns those that failed beside others; they are
// marked, and have to be run again by themselves, since what they failed at may be what another of them did.
func (s *Store) commit(together []*pending) (again []*pending) {
	if s.journal != nil && s.journal.broken != nil {
		return settle(together, s.journal.broken)
	}
	left := together
	for len(left) > 0 {
		failed := -1
		err := guarded(func() error {
			return s.db.Update(func(tx *bolt.Tx) (err error) {
				failed, err = runAll(&txn{Tx: tx, s: s}, left)
				return err
			})
		})
		if failed >= 0 && len(left) > 1 {
			one := left[failed]
			one.alone = true
			again = append(again, one)
			left = append(left[:failed:failed], left[failed+1:]...)
			continue
		}
		if err == nil && s.journal != nil {
			err = s.journal.commit()
		}
		settle(left, err)
		break
	}
	issued := false
	for _, one := range left {
		if one.err == nil {
			s.tell(&one.news)
			issued = issued || one.issued
		}
	}
	if issued {
		s.tellIssued()
	}
	return again
}

// runAll runs the changes in one transaction and returns the index of the one that failed, -1 for none. What panics beside
// others has failed, and panics again by itself, where it belongs.
func runAll(t *txn, all []*pending) (failed int, err error) {
	for i, p := range all {
		t.news, t.issued = News{}, false
		if len(all) == 1 {
			err = p.write(t)
		} else {
			err = p.try(t)
		}
		if err != nil {
			return i, err
		}
		p.news, p.issued = t.news, t.issued
	}
	return -1, nil
}

func (p *pending) try(t *txn) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	return p.write(t)
}

// settle gives all of them the same answer.
func settle(all []*pending, err error) []*pending {
	for _, p := range all {
		p.err = err
	}
	return nil
}

// tell publishes what a commit did. What a decision was claimed for is done with it.
func (s *Store) tell(n *News) {
	s.hands.mu.Lock()
	defer s.hands.mu.Unlock()
	s.hands.settle(n)
	s.hub.publish(n)
}
