package store

import (
	"bytes"
	"time"

	"rongzheng/review"
)

// Propose keeps a change of the certificate's standing until somebody else confirms it. seen is the change count of the
// certificate that was on the screen, 0 for whatever is there; any other is review.ErrStale. A correction that could not be
// drawn is refused with the renderer's error, which names the field. Its other errors are those of Certificate.Propose,
// ErrNotFound, and certificate_held or in_review where the register has moved on.
func (s *Store) Propose(account, number string, seen int, what review.Proposal, now time.Time) (review.Certificate, error) {
	if err := s.tryCorrection(account, number, &what, now); err != nil {
		return review.Certificate{}, about("propose for", number, err)
	}
	c, err := s.stand(account, number, seen, func(t *txn, c *certificate, by review.Actor) (review.Event, error) {
		e, err := c.Propose(by, c.EnteredBy, s.policy, what, now)
		if err == nil {
			err = t.unobstructed(&c.Certificate, c.Proposed)
		}
		return e, err
	})
	return c, about("propose for", number, err)
}

// Confirm does what was proposed, as somebody other than who proposed it. The errors are those of Certificate.Confirm and,
// for a correction, of the renderer. When it returns, nothing of a revoked certificate leaves the desk any more.
func (s *Store) Confirm(account, number string, seen int, now time.Time) (review.Certificate, error) {
	by, err := s.Account(account)
	var c review.Certificate
	if err == nil {
		c, err = s.Certificate(by, number)
	}
	if err == nil {
		err = s.tryCorrection(account, number, c.Proposed, now)
	}
	if err != nil {
		return review.Certificate{}, about("confirm", number, err)
	}
	c, err = s.stand(account, number, seen, func(t *txn, c *certificate, by review.Actor) (review.Event, error) {
		if err := t.unobstructed(&c.Certificate, c.Proposed); err != nil {
			return review.Event{}, err
		}
		versions := len(c.Versions)
		e, err := c.Confirm(by, c.EnteredBy, s.policy, now)
		if err != nil || len(c.Versions) == versions {
			return e, err
		}
		if err := t.markOut(c.Current().Reference, by, review.Correct, now); err != nil { // its approval stands for good
			return e, err
		}
		return e, t.owe(c.Current())
	})
	return c, about("confirm", number, err)
}

// Dismiss drops what was proposed.
func (s *Store) Dismiss(account, number string, seen int, note string, now time.Time) (review.Certificate, error) {
	c, err := s.stand(account, number, seen, func(_ *txn, c *certificate, by review.Actor) (review.Event, error) {
		return c.Dismiss(by, c.EnteredBy, s.policy, note, now)
	})
	return c, about("dismiss the proposal for", number, err)
}

// stand changes a certificate in one transaction with its event.
func (s *Store) stand(
	account, number string, seen int, decide func(t *txn, c *certificate, by review.Actor) (review.Event, error),
) (after review.Certificate, err error) {
	err = s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		id, before, err := t.certificate(number)
		if err != nil {
			return err
		}
		if seen != 0 && seen != before.Change {
			return review.ErrStale
		}
		c := certificate{before.Clone(), before.EnteredBy}
		e, err := decide(t, &c, by)
		if err != nil {
			return err
		}
		if err := t.putCertificate(id, &before, &c); err != nil {
			return err
		}
		after = c.Clone()
		return t.putEvent(&e)
	})
	return after, err
}

// unobstructed refuses what the rest of the register does not allow: restoring a certificate beside another that the person
// holds by now, and giving a certificate to another person who has one, or while either has an application in review.
func (t *txn) unobstructed(c *review.Certificate, what *review.Proposal) error {
	if what == nil {
		return nil
	}
	person := review.PersonKey{Type: c.Person.Type, Number: what.Form.Get("id_number")}
	switch {
	case what.Action == review.Reinstate:
		return t.holdsOther(c, c.Person)
	case what.Action != review.Correct || person.Number == "" || person == c.Person:
		return nil
	}
	for _, p := range []review.PersonKey{c.Person, person} {
		var f review.Facts
		if err := t.factsOfPerson(p, &f); err != nil {
			return err
		}
		if f.InReview != "" {
			return &review.RuleError{Code: "in_review", Args: review.Args{"reference": f.InReview}}
		}
	}
	return t.holdsOther(c, person)
}

func (t *txn) holdsOther(c *review.Certificate, person review.PersonKey) error {
	var f review.Facts
	if err := t.factsOfPerson(person, &f); err != nil {
		return err
	}
	if f.Certificate != nil && f.Certificate.Number != c.Number {
		return &review.RuleError{Code: "certificate_held", Args: review.Args{"certificate": f.Certificate.Number}}
	}
	return nil
}

// tryCorrection draws the corrected certificate into nothing: a certificate is right or is not issued.
func (s *Store) tryCorrection(account, number string, what *review.Proposal, now time.Time) error {
	if s.options.Renderer == nil || what == nil || what.Action != review.Correct {
		return nil
	}
	by, err := s.Account(account)
	if err != nil {
		return err
	}
	c, err := s.Certificate(by, number)
	if err != nil || c.Current() == nil {
		return err
	}
	trial := c.Clone()
	trial.Proposed = nil
	var entered string
	err = s.view(func(t *txn) error {
		_, found, err := t.certificate(number)
		entered = found.EnteredBy
		return err
	})
	if err != nil {
		return err
	}
	if _, err := trial.Propose(by, entered, s.policy, *what, now); err != nil {
		return nil // the transaction says so
	}
	trial = trial.Corrected(trial.Proposed, s.policy, by, now)
	trial.Proposed = nil
	sh := &sheet{c: trial, version: trial.Current().Version, look: s.look()}
	return s.draw(sh)
}

// Waiting returns what waits for a second person in the account's scope, the oldest proposal first: up to n certificates,
// and beside them all that are to be issued anew because their key was withdrawn, of which there may be very many.
func (s *Store) Waiting(by review.Actor, n int) (single []review.Certificate, anew []Reissue, err error) {
	err = s.eachProposed(by, func(c *certificate) bool {
		if r, ok := s.reissue(by, "", c); ok && r.Waits {
			anew = append(anew, r)
		} else if len(single) < n {
			single = append(single, c.Certificate)
		}
		return true
	})
	return single, anew, about("read what waits for", by.Name, err)
}

// Proposed hands out every certificate in the account's scope that waits for a second person, the oldest proposal first,
// until use says no. No transaction is open meanwhile.
func (s *Store) Proposed(by review.Actor, use func(c *review.Certificate) bool) error {
	return s.eachProposed(by, func(c *certificate) bool { return use(&c.Certificate) })
}

// proposedBatch is how many of them are read in one transaction.
const proposedBatch = 200

func (s *Store) eachProposed(by review.Actor, use func(c *certificate) bool) error {
	if err := by.May(review.View); err != nil {
		return err
	}
	from := []byte{byte(vaultProposed)}
	for from != nil {
		var batch []certificate
		err := s.view(func(t *txn) (err error) {
			batch, from, err = t.proposedFrom(from)
			return err
		})
		if err != nil {
			return err
		}
		for i := range batch {
			c := &batch[i]
			if by.SeesCertificate(&c.Certificate, c.EnteredBy) == nil && !use(c) {
				return nil
			}
		}
	}
	return nil
}

// proposedFrom reads a batch of them from a place on, and returns where the next one begins, nil after the last.
func (t *txn) proposedFrom(from []byte) (batch []certificate, next []byte, err error) {
	cursor := t.in(vault).Cursor()
	key, _ := cursor.Seek(from)
	for ; key != nil && key[0] == byte(vaultProposed); key, _ = cursor.Next() {
		if len(batch) == proposedBatch {
			return batch, bytes.Clone(key), nil
		}
		c, err := t.certificateAt(lastID(key))
		if err != nil {
			return nil, nil, err
		}
		batch = append(batch, c)
	}
	return batch, nil, nil
}
