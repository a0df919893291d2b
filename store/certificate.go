package store

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"rongzheng/review"
)

// Printable is what a certificate is drawn from.
type Printable struct {
	Certificate review.Certificate
	Version     review.CertificateVersion
	Portrait    []byte // prepared portrait, JPEG; nil when the version has none
}

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

// Print checks that the account may print the certificate, counts a copy on its current version, marks the application
// that it came from, writes the event, and returns what to draw. Its errors are those of review.MayPrint, ErrNotFound, and
// ErrDamaged when the portrait is not whole; then no copy is counted.
func (s *Store) Print(account, number string, now time.Time) (Printable, error) {
	var p Printable
	for {
		portrait, err := s.portraitOf(number)
		if err != nil {
			return Printable{}, about("print", number, err)
		}
		if portrait != "" {
			if p.Portrait, err = s.Blob(portrait); err != nil {
				return Printable{}, about("print", number, err)
			}
		}
		err = s.update(func(t *txn) error { return t.print(account, number, portrait, now, &p) })
		if errors.Is(err, errOtherPortrait) {
			continue
		}
		if err != nil {
			return Printable{}, about("print", number, err)
		}
		return p, nil
	}
}

// errOtherPortrait says that a new version came between reading the portrait and counting the copy.
var errOtherPortrait = errors.New("the portrait has changed")

func (s *Store) portraitOf(number string) (string, error) {
	var sha string
	err := s.view(func(t *txn) error {
		_, c, err := t.certificate(number)
		if v := c.Current(); v != nil {
			sha = v.Portrait
		}
		return err
	})
	return sha, err
}

func (t *txn) print(account, number, portrait string, now time.Time, p *Printable) error {
	by, err := t.account(account)
	if err != nil {
		return err
	}
	id, before, err := t.certificate(number)
	if err != nil {
		return err
	}
	if err := by.MayPrint(&before.Certificate, before.EnteredBy, review.DateOf(now)); err != nil {
		return err
	}
	if before.Current().Portrait != portrait {
		return errOtherPortrait
	}
	c := certificate{before.Clone(), before.EnteredBy}
	v := c.Current()
	v.Printed++
	c.Change++
	if err := t.putCertificate(id, &before, &c); err != nil {
		return err
	}
	if err := t.markOut(v.Reference, by, review.Print, now); err != nil {
		return err
	}
	p.Certificate, p.Version = c.Clone(), *v
	return t.putEvent(t.happened(by, review.Event{Action: review.Print, Certificate: number, Reference: v.Reference}, now))
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

// Deliver marks certificates as handed to the portal by an export, with one event each. One that is void by now (its
// approval was taken back after the export began) is a RuleError certificate_void: then the export must not leave the
// house. Deliver works in batches: after an error, the ones before it may be marked, and all can be delivered again.
func (s *Store) Deliver(account string, certificateNumbers []string, now time.Time) error {
	for batch := range slices.Chunk(certificateNumbers, deliverBatch) {
		err := s.update(func(t *txn) error {
			by, err := t.account(account)
			if err != nil {
				return err
			}
			for _, number := range batch {
				if err := t.deliver(by, number, now); err != nil {
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

func (t *txn) deliver(by review.Actor, number string, now time.Time) error {
	if err := by.May(review.Export); err != nil {
		return err
	}
	id, before, err := t.certificate(number)
	if err != nil {
		return err
	}
	if err := by.SeesCertificate(&before.Certificate, before.EnteredBy); err != nil {
		return err
	}
	c := certificate{before.Clone(), before.EnteredBy}
	v := c.Current()
	if v == nil {
		return &review.RuleError{Code: "certificate_void", Args: review.Args{"certificate": number}}
	}
	if !v.Delivered {
		v.Delivered = true
		c.Change++
		if err := t.putCertificate(id, &before, &c); err != nil {
			return err
		}
		if err := t.markOut(v.Reference, by, review.Export, now); err != nil {
			return err
		}
	}
	return t.putEvent(t.happened(by, review.Event{Action: review.Export, Certificate: number, Reference: v.Reference}, now))
}
