package store

import (
	"iter"
	"slices"
	"time"

	"rongzheng/review"
)

// sinceBatch is how many applications are read in one transaction, so that none stays open while the caller works.
const sinceBatch = 256

// ChangedSince yields the applications of the account's scope whose state or level changed at since or later, or whose
// certificate was revoked, restored or corrected; printing and delivering do not count. First come those that are decided or
// withdrawn, the latest first, then those in review, then those that did not change themselves. What changes while they are
// read may be missing or come twice; the next call has it.
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
		references, err := s.restatedSince(by, since)
		for _, reference := range references {
			var a review.Application
			if a, err = s.Application(by, reference); err != nil || !yield(a, nil) {
				break
			}
		}
		if err != nil {
			yield(review.Application{}, about("changes for", by.Name, err))
		}
	}
}

// restatedSince names the applications of the scope that did not change since, but whose certificate did: the latest first.
// The log has each such change, in the order of time, so that nothing older is read.
func (s *Store) restatedSince(by review.Actor, since time.Time) (references []string, err error) {
	if micros(since) == 0 { // all have changed since then
		return nil, nil
	}
	err = s.view(func(t *txn) error {
		c := t.in(events).Cursor()
		for key, _ := c.Last(); key != nil; key, _ = c.Prev() {
			e, err := t.event(lastID(key))
			if err != nil || e.At.Before(since) {
				return err
			}
			if !restates(&e) || slices.Contains(references, e.Reference) {
				continue
			}
			switch only, err := t.onlyRestated(by, e.Reference, since); {
			case err != nil:
				return err
			case only:
				references = append(references, e.Reference)
			}
		}
		return nil
	})
	return references, err
}

// restates reports whether the event changed what is said of the certificate that an application led to.
func restates(e *review.Event) bool {
	return e.Reference != "" && (e.Action == review.Revoke || e.Action == review.Reinstate || e.Action == review.Correct)
}

// onlyRestated reports whether the account sees the application and it did not change since itself.
func (t *txn) onlyRestated(by review.Actor, reference string, since time.Time) (bool, error) {
	id, a, err := t.application(reference)
	if err != nil || by.Sees(&a) != nil {
		return false, err
	}
	h, err := t.head(id)
	return h.changed < micros(since), err
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
