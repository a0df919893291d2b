package store

import (
	"iter"
	"time"

	"rongzheng/review"
)

// sinceBatch is how many applications are read in one transaction, so that none stays open while the caller works.
const sinceBatch = 256

// ChangedSince yields the applications of the account's scope whose state or level changed at since or later; printing and
// delivering do not count. First come those that are decided or withdrawn, the latest first, then those in review. What
// changes while they are read may be missing or come twice; the next call has it.
func (s *Store) ChangedSince(by review.Actor, since time.Time) iter.Seq2[review.Application, error] {
	return func(yield func(review.Application, error) bool) {
		for _, names := range [][]QueueName{{Approved, Rejected, Withdrawn}, {Waiting, Held}} {
			r := &sinceReader{by: by, names: names, since: micros(since)}
			for !r.done {
				batch, err := r.read(s)
				if err != nil {
					yield(review.Application{}, about("changes for", by.Name, err))
					return
				}
				for _, a := range batch {
					if !yield(a, nil) {
						return
					}
				}
			}
		}
	}
}

// sinceReader reads some queues batch by batch.
type sinceReader struct {
	by    review.Actor
	names []QueueName
	since uint64
	at    *place
	done  bool
}

func (r *sinceReader) read(s *Store) (batch []review.Application, err error) {
	err = s.view(func(t *txn) error {
		batch, err = r.next(t)
		return err
	})
	return batch, err
}

func (r *sinceReader) next(t *txn) ([]review.Application, error) {
	parts, err := r.parts(t)
	if err != nil {
		return nil, err
	}
	var batch []review.Application
	steps := 0
	for p := range t.walk(parts, start{at: r.at, forward: true}, maxSteps, &steps) {
		r.at = &p
		h, err := t.head(p.id())
		switch {
		case err != nil:
			return nil, err
		case h.changed < r.since && h.state == stateByte(review.InReview):
			continue
		case h.changed < r.since: // these are sorted by it: nothing later follows
			r.done = true
			return batch, nil
		}
		a, err := t.applicationAt(p.id())
		if err != nil {
			return nil, err
		}
		if batch = append(batch, a); len(batch) == sinceBatch {
			return batch, nil
		}
	}
	r.done = steps < maxSteps
	return batch, nil
}

// parts are all lists of the queues, whoever may decide on them.
func (r *sinceReader) parts(t *txn) ([]part, error) {
	var all []part
	for _, name := range r.names {
		v, err := newView(&Queue{Name: name, By: r.by})
		if err != nil {
			return nil, err
		}
		groups, err := t.groups(func(g group) bool { return v.holds(&g) })
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			all = append(all, part{prefix: g.listKey()})
		}
	}
	return all, nil
}
