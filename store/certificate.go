package store

import (
	"fmt"
	"slices"
	"time"

	"rongzheng/review"
)

// Certificate returns the certificate with the number: ErrNotFound when there is none, a DeniedError outside the account's
// scope. Void numbers are found too.
func (s *Store) Certificate(by review.Actor, number string) (review.Certificate, error) {
	var c review.Certificate
	err := s.view(func(t *txn) error {
		_, found, err := t.certificate(number)
		if err == nil {
			err = by.SeesCertificate(&found.Certificate, found.EnteredBy)
		}
		if err == nil {
			c = found.Certificate
		}
		return err
	})
	return c, about("certificate", number, err)
}

// Outcome is what the approval of an application led to.
type Outcome struct {
	Number  string
	Version review.CertificateVersion
	Leaves  bool // the version stands and is fit to leave the desk
}

// Outcome returns the version that the application issued, or the one that corrects it, for an account that sees the
// application: whatever other applications made of the certificate later is neither in it nor a reason to refuse it. It is
// ErrNotFound when the application has issued none, a DeniedError outside the account's scope.
func (s *Store) Outcome(by review.Actor, reference string) (Outcome, error) {
	var o Outcome
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err == nil {
			err = by.Sees(&a)
		}
		if err != nil {
			return err
		}
		_, c, err := t.certificate(a.Certificate)
		if err != nil {
			return err
		}
		o.Number = c.Number
		o.Version, o.Leaves, err = c.IssuedFor(&a)
		return err
	})
	return o, about("certificate of", reference, err)
}

// CertificateOf returns the person's certificate: the one that stands, else the one that was revoked; ErrNotFound when the
// person has none, a DeniedError outside the account's scope.
func (s *Store) CertificateOf(by review.Actor, person review.PersonKey) (review.Certificate, error) {
	var c review.Certificate
	err := s.view(func(t *txn) error {
		var f review.Facts
		if err := t.factsOfPerson(person, &f); err != nil {
			return err
		}
		number := f.Revoked
		if f.Certificate != nil {
			number = f.Certificate.Number
		}
		_, found, err := t.certificate(number)
		if err == nil {
			err = by.SeesCertificate(&found.Certificate, found.EnteredBy)
		}
		if err == nil {
			c = found.Certificate
		}
		return err
	})
	if err != nil {
		return c, fmt.Errorf("certificate of a person: %w", err)
	}
	return c, nil
}

// VoidNumbers lists the certificate numbers of the year that were given out and taken back, in their order.
func (s *Store) VoidNumbers(by review.Actor, year int) ([]string, error) {
	if err := by.May(review.View); err != nil {
		return nil, err
	}
	var list []string
	err := s.view(func(t *txn) error {
		prefix := append(sequenceKey(s.policy.Issue.Prefix, year), '-')
		for key := range keys(t.in(numbers), prefix) {
			_, c, err := t.certificate(string(key))
			if err != nil {
				return err
			}
			if c.Void && by.SeesCertificate(&c.Certificate, c.EnteredBy) == nil {
				list = append(list, c.Number)
			}
		}
		return nil
	})
	return list, err
}

// markOut marks the application behind a version that left the house: its approval stands. That counts as a change of the
// application, so that who is about to take the approval back learns of it.
func (t *txn) markOut(reference string, by review.Actor, do review.Action, now time.Time) error {
	if _, ok := t.find(references, reference); !ok {
		return nil // a legacy record has none
	}
	id, before, err := t.application(reference)
	if err != nil || before.CertificateOut {
		return err
	}
	a := before.Clone()
	a.CertificateOut = true
	a.Version++
	a.ChangedAt, a.ChangedBy, a.ChangedTo = now, by.Name, do
	return t.putApplication(id, &before, &a)
}

// deliverBatch is how many certificates are marked in one transaction.
const deliverBatch = 500

// Deliver enters certificates into the ledger as handed to the portal by an export, with one event each. One that is void
// by now (its approval was taken back after the export began) is a RuleError certificate_void, one that was struck off
// certificate_revoked: then the export must not leave the house. Deliver works in batches: after an error, the ones before it may be marked, and all can be delivered again.
func (s *Store) Deliver(account string, certificateNumbers []string, now time.Time) error {
	for batch := range slices.Chunk(certificateNumbers, deliverBatch) {
		err := s.update(func(t *txn) error {
			by, err := t.account(account)
			if err != nil {
				return err
			}
			for _, number := range batch {
				if _, err := t.handOut(by, number, review.CopyAsk{Way: review.InResults}, now); err != nil {
					return about("deliver", number, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
