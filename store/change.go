package store

import (
	"errors"
	"fmt"
	"time"

	"rongzheng/review"
)

// Decide is one decision: it changes the application by the application's own methods and returns the event, or returns an
// error and has changed nothing. It runs inside the store's transaction: it reads no file and calls no method of Store.
type Decide func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error)

// Change decides on an application: it is read, decided on and written in one transaction, with the events, the
// certificate that the decision issues or voids, all indexes and counts. It returns the application as written; when it
// returns without error, the change is on disk.
//
// account is the name of who acts; the account is read inside the transaction, so one that was disabled is out at once.
// seen is the version that the decision was made on, 0 for whatever is there; any other than the present one is a
// review.StaleError that says who changed it and when. Errors of decide come back wrapped; ErrNotFound says that the
// application or the account does not exist.
func (s *Store) Change(account, reference string, seen int, now time.Time, decide Decide) (review.Application, error) {
	var after review.Application
	err := s.update(func(t *txn) error {
		by, err := t.account(account)
		if err == nil {
			err = t.within(now)
		}
		if err != nil {
			return err
		}
		id, before, err := t.application(reference)
		if err != nil {
			return err
		}
		if seen != 0 && seen != before.Version {
			return stale(&before)
		}
		if after, err = t.decide(id, &before, by, now, decide); err != nil {
			return err
		}
		return t.dropDraft(account, reference)
	})
	if err != nil {
		return review.Application{}, about("change", reference, err)
	}
	return after, nil
}

func stale(a *review.Application) error {
	return &review.StaleError{Reference: a.Reference, By: a.ChangedBy, At: a.ChangedAt, Action: a.ChangedTo}
}

func (t *txn) decide(
	id uint64, before *review.Application, by review.Actor, now time.Time, decide Decide,
) (review.Application, error) {
	f, err := t.bindingFacts(before)
	if err != nil {
		return review.Application{}, err
	}
	f.Unseen = before.SlotsOf(t.unseen(before, by.Name))
	f.Claim = t.s.inHand(before.Reference, by.Name, now)
	if f.Lease, err = t.lease(before.Reference, now); err != nil {
		return review.Application{}, err
	}
	after := before.Clone()
	event, err := decide(&after, by, f)
	if err != nil {
		return review.Application{}, err
	}
	if o := event.Outside; o != nil && f.Lease != nil && f.Lease.Pack == o.Pack {
		f.Lease = nil // it was decided where the lease says
	}
	if err := f.Free(by, event.Action); err != nil {
		return review.Application{}, err
	}
	if err := t.sound(before, &after, &f); err != nil {
		return review.Application{}, err
	}
	consequence, err := t.consequence(before, &after, by, &f, &event, now)
	if err != nil {
		return review.Application{}, err
	}
	if err := t.putApplication(id, before, &after); err != nil {
		return review.Application{}, err
	}
	return after, t.putEvents(&event, consequence)
}

// errUnsound says that a Decide did what no decision does; that is a fault of the program.
var errUnsound = errors.New("the decision changed what identifies the application")

// sound holds whatever decide did to the rules that bind all applications.
func (t *txn) sound(before, after *review.Application, f *review.Facts) error {
	switch {
	case after.Reference != before.Reference, after.Revision != before.Revision,
		after.Applicant() != before.Applicant(), after.Version <= before.Version:
		return errUnsound
	case after.State == review.InReview && f.InReview != "" && f.InReview != after.Reference:
		return &review.RuleError{Code: "in_review", Args: review.Args{"reference": f.InReview}}
	}
	return t.trackingFree(before, after)
}

func (t *txn) putEvents(event, consequence *review.Event) error {
	if err := t.putEvent(event); err != nil || consequence == nil {
		return err
	}
	return t.putEvent(consequence)
}

// consequence issues the certificate when the last level has approved, and voids it when that is taken back. It returns
// the event that says so, nil for none.
func (t *txn) consequence(
	before, after *review.Application, by review.Actor, f *review.Facts, event *review.Event, now time.Time,
) (*review.Event, error) {
	switch was, is := before.State == review.Approved, after.State == review.Approved; {
	case is && !was && t.s.journal != nil: // numbers are given where all of them are known
		return nil, &review.RuleError{Code: "pack_last_level"}
	case is && !was:
		if err := t.issue(after, f.Certificate, by, now); err != nil {
			return nil, err
		}
		return certificateEvent(event, review.Issued, after.Certificate), nil
	case was && !is:
		if err := t.unissue(before); err != nil {
			return nil, err
		}
		return certificateEvent(event, review.Voided, before.Certificate), nil
	}
	return nil, nil
}

// certificateEvent names the certificate in the event of the decision, and returns the one of what follows from it.
func certificateEvent(event *review.Event, do review.Action, number string) *review.Event {
	event.Certificate = number
	follows := *event
	follows.Action, follows.Reasons, follows.Note, follows.Target = do, nil, "", ""
	return &follows
}

// issue writes the certificate that the approval of a makes, and names it in a.
func (t *txn) issue(a *review.Application, held *review.Certificate, by review.Actor, now time.Time) error {
	if review.NeedsNumber(a, held) {
		number, err := t.nextNumber(review.DateOf(now).Year())
		if err != nil {
			return err
		}
		id, err := t.newID(true)
		if err != nil {
			return err
		}
		return t.putIssued(id, nil, a, &certificate{review.Issue(a, held, number, t.s.policy, by, now), a.EnteredBy})
	}
	id, before, err := t.certificate(held.Number)
	if err != nil {
		return err
	}
	return t.putIssued(id, &before, a, &certificate{review.Issue(a, held, held.Number, t.s.policy, by, now), a.EnteredBy})
}

// putIssued writes the certificate whose last version the approval of a has made, and names it in a. The version is to be
// drawn, with what is in force at this moment: that happens after the commit, so that nobody waits for it.
func (t *txn) putIssued(id uint64, before *certificate, a *review.Application, c *certificate) error {
	v := &c.Versions[len(c.Versions)-1]
	a.Certificate, a.CertificateVersion = c.Number, v.Version
	if err := t.owe(v); err != nil {
		return err
	}
	return t.putCertificate(id, before, c)
}

// sign gives a version that is new, however it came, its verification code. An incomplete record gets none: it is no certificate yet, and what
// completes it adds a version.
func (t *txn) sign(before, c *certificate) error {
	known := 0
	if before != nil {
		known = len(before.Versions)
	}
	if t.s.options.Code == nil || len(c.Missing) > 0 || len(c.Versions) == known {
		return nil
	}
	v := &c.Versions[len(c.Versions)-1]
	code, err := t.s.options.Code(&c.Certificate, v)
	if err != nil {
		return about("verification code of", c.Number, err)
	}
	v.Code = code
	return nil
}

// unissue voids the version that the approval of a issued, and with the only version the number.
func (t *txn) unissue(a *review.Application) error {
	id, before, err := t.certificate(a.Certificate)
	if err != nil {
		return err
	}
	c := certificate{review.Unissue(&before.Certificate, a.Reference, t.s.policy), before.EnteredBy}
	if v := c.Current(); v != nil {
		c.EnteredBy = ""
		if earlier, ok := t.find(references, v.Reference); ok {
			h, err := t.head(earlier)
			if err != nil {
				return err
			}
			c.EnteredBy = h.entered
		}
	}
	return t.putCertificate(id, &before, &c)
}

// nextNumber takes the next certificate number of the year. Numbers follow each other without a gap, since the number is
// taken in the transaction that issues it.
func (t *txn) nextNumber(year int) (string, error) {
	prefix := t.s.policy.Issue.Prefix
	n := t.lastNumber(prefix, year) + 1
	if n > review.LastNumber {
		return "", &review.RuleError{Code: "numbers_exhausted", Args: review.Args{"year": fmt.Sprint(year)}}
	}
	number := review.FormatNumber(prefix, year, n)
	if _, taken := t.find(numbers, number); taken {
		return "", fmt.Errorf("%w: certificate %s lies ahead of its sequence", ErrDamaged, number)
	}
	return number, t.in(sequences).Put(sequenceKey(prefix, year), idKey(uint64(n)))
}

func (t *txn) lastNumber(prefix string, year int) int {
	return int(countOf(t.in(sequences).Get(sequenceKey(prefix, year))))
}

func sequenceKey(prefix string, year int) []byte { return fmt.Appendf(nil, "%s-%04d", prefix, year) }

// about adds what was tried and on what.
func about(tried, on string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", tried, on, err)
}
