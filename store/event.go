package store

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rongzheng/review"
)

// recordable are the actions that Record takes: those that change nothing but the log.
var recordable = []review.Action{
	review.View, review.Reveal, review.ViewFile, review.Import, review.Export, review.ImportLegacy, review.Administer,
	review.ReadLog, review.CallList, review.Note, review.NotSame,
}

// Record writes one event that changes nothing else: a view of a file, a reveal, an export, a backup. The account must have
// the right to do it, and the application or certificate that the event names must lie in its scope; otherwise it is a
// DeniedError and nothing may be shown. Who, when, office, role and policy are filled in, and of an application its
// revision, level and state.
func (s *Store) Record(account string, e review.Event, now time.Time) error {
	return about("record", string(e.Action), s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		if !slices.Contains(recordable, e.Action) {
			return &review.DeniedError{Action: e.Action, Code: "not_recordable"}
		}
		if err := by.May(e.Action); err != nil {
			return err
		}
		if err := t.inScope(by, &e); err != nil {
			return err
		}
		if err := checkNote(&e); err != nil {
			return err
		}
		if err := t.checkOther(by, &e); err != nil {
			return err
		}
		if e.Action == review.Note {
			if err := t.within(now); err != nil {
				return err
			}
		}
		return t.putEvent(t.happened(by, e, now))
	}))
}

// checkNote refuses an internal note that says nothing, that is about no application, or that no line can show.
func checkNote(e *review.Event) error {
	if e.Action != review.Note {
		return nil
	}
	if e.Reference == "" {
		return review.ErrNotFound
	}
	_, err := review.RequiredNote(e.Note)
	return err
}

// inScope refuses an event about something that the account does not see.
func (t *txn) inScope(by review.Actor, e *review.Event) error {
	if e.Reference != "" {
		_, a, err := t.application(e.Reference)
		if err != nil {
			return err
		}
		if err := by.Sees(&a); err != nil {
			return err
		}
		e.Revision, e.Level, e.State = a.Revision, a.Level, a.State
	}
	if e.Certificate != "" {
		_, c, err := t.certificate(e.Certificate)
		if err != nil {
			return err
		}
		return by.SeesCertificate(&c.Certificate, c.EnteredBy)
	}
	return nil
}

// Timeline returns the events of the application, oldest first; a DeniedError outside the account's scope. What is internal
// is not for the portal and the counter, which speak to the applicant: they get the events without it.
func (s *Store) Timeline(by review.Actor, reference string) ([]review.Event, error) {
	var list []review.Event
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err != nil {
			return err
		}
		if err := by.Sees(&a); err != nil {
			return err
		}
		list, err = t.timeline(reference)
		if by.Role == review.Portal || by.Role == review.Clerk {
			list = slices.DeleteFunc(list, func(e review.Event) bool { return e.Action.Internal() })
		}
		return err
	})
	return list, about("timeline of", reference, err)
}

// Events returns up to n events of the log with the number from or a later one, forward: for administrators and auditors
// all, for reviewers and clerks their own; a DeniedError for who may not read the log.
func (s *Store) Events(by review.Actor, from uint64, n int) ([]review.Event, error) {
	if err := by.May(review.ReadLog); err != nil {
		return nil, err
	}
	var list []review.Event
	err := s.view(func(t *txn) (err error) {
		if by.Role == review.Administrator || by.Role == review.Auditor {
			list, err = t.allEvents(from, n)
		} else {
			list, err = t.ownEvents(by.Name, from, n)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	return list, nil
}

// EventsOf returns up to n events of an account with the number from or a later one, forward. Administrators and auditors
// may ask for any account, others for themselves; a DeniedError otherwise.
func (s *Store) EventsOf(by review.Actor, account string, from uint64, n int) ([]review.Event, error) {
	if err := by.May(review.ReadLog); err != nil {
		return nil, err
	}
	if account != by.Name && by.Role != review.Administrator && by.Role != review.Auditor {
		return nil, &review.DeniedError{Action: review.ReadLog, Code: "log_other"}
	}
	var list []review.Event
	err := s.view(func(t *txn) (err error) {
		list, err = t.ownEvents(account, from, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the log of %s: %w", account, err)
	}
	return list, nil
}

func (t *txn) timeline(reference string) ([]review.Event, error) {
	var list []review.Event
	for key := range keys(t.in(log), appendText([]byte{'r'}, reference)) {
		e, err := t.event(lastID(key))
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// ownEvents reads at most n events of the account from a number on, all for a negative n. It looks through the blocks of
// events in which the account has any.
func (t *txn) ownEvents(account string, from uint64, n int) ([]review.Event, error) {
	prefix := appendText([]byte{'a'}, account)
	own := func(e *review.Event) bool { return e.By == account }
	var list []review.Event
	c := t.in(log).Cursor()
	key, _ := c.Seek(appendID(slices.Clip(prefix), from/eventBlock))
	for ; hasPrefix(key, prefix) && len(list) != n; key, _ = c.Next() {
		block := lastID(key)
		some, err := t.eventsFrom(max(from, block*eventBlock), (block+1)*eventBlock, own)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
		if n >= 0 {
			list = list[:min(n, len(list))]
		}
	}
	return list, nil
}

func (t *txn) allEvents(from uint64, n int) ([]review.Event, error) {
	to := from + uint64(n)
	if n < 0 {
		to = math.MaxUint64
	}
	return t.eventsFrom(from, to, func(*review.Event) bool { return true })
}

// eventsFrom reads the events with the numbers from a first one to before another that the test wants.
func (t *txn) eventsFrom(from, to uint64, want func(e *review.Event) bool) ([]review.Event, error) {
	var list []review.Event
	c := t.in(events).Cursor()
	for key, _ := c.Seek(idKey(from)); key != nil && lastID(key) < to; key, _ = c.Next() {
		e, err := t.event(lastID(key))
		if err != nil {
			return nil, err
		}
		if want(&e) {
			list = append(list, e)
		}
	}
	return list, nil
}
