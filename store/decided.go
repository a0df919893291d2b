package store

import (
	"math"
	"slices"

	"rongzheng/review"
)

// OwnDecision is a decision that an account made, with the application as it is now.
type OwnDecision struct {
	Event       review.Event
	Application review.Application
	// Stands says that the decision is still in force: nobody has taken it back, and no new revision has replaced it.
	Stands bool
}

// Decisions returns the approvals and rejections that the account made on the day, the latest first. What now lies outside
// its scope is left out. It reads the account's events of that day and later, and no others but their neighbours in the log.
func (s *Store) Decisions(by review.Actor, day review.Date) ([]OwnDecision, error) {
	if err := by.May(review.ReadLog); err != nil {
		return nil, about("decisions of", by.Name, err)
	}
	var list []OwnDecision
	err := s.view(func(t *txn) error {
		made, err := t.decisionsOn(by.Name, day)
		if err != nil {
			return err
		}
		for _, e := range made {
			_, a, err := t.application(e.Reference)
			if err != nil {
				return err
			}
			if by.Sees(&a) == nil {
				list = append(list, OwnDecision{Event: e, Application: a, Stands: stands(&a, &e)})
			}
		}
		return nil
	})
	return list, about("decisions of", by.Name, err)
}

// stands finds the decision of the event among those in force.
func stands(a *review.Application, e *review.Event) bool {
	d, ok := a.Decided(e.Level)
	return ok && d.By == e.By && d.Action == e.Action && d.Revision == e.Revision && d.At.Equal(e.At)
}

// decisionsOn goes back through the blocks of events in which the account has any, until one that ends before the day.
func (t *txn) decisionsOn(account string, day review.Date) ([]review.Event, error) {
	prefix := appendText([]byte{'a'}, account)
	c := t.in(log).Cursor()
	key, _ := c.Seek(appendID(slices.Clip(prefix), math.MaxUint64))
	if key == nil {
		key, _ = c.Last()
	} else {
		key, _ = c.Prev()
	}
	var found []review.Event
	for ; hasPrefix(key, prefix); key, _ = c.Prev() {
		block := lastID(key)
		some, err := t.eventsFrom(block*eventBlock, (block+1)*eventBlock, func(e *review.Event) bool { return e.By == account })
		if err != nil {
			return nil, err
		}
		for _, e := range slices.Backward(some) {
			if review.DateOf(e.At).Before(day) {
				return found, nil
			}
			if (e.Action == review.Approve || e.Action == review.Reject) && review.DateOf(e.At) == day {
				found = append(found, e)
			}
		}
	}
	return found, nil
}
