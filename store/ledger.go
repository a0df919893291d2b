package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"rongzheng/review"
)

func copyKey(id uint64, n int) []byte { return binary.BigEndian.AppendUint32(idKey(id), uint32(n)) }

// copyEntries derives the keys of a line of the ledger: its time, and the number of its sheet.
func copyEntries(id uint64, c *review.Copy) []entry {
	list := []entry{vaultEntry(vaultDay, appendID(nil, micros(c.At)), c.Number, id)}
	if c.Serial != "" {
		list = append(list, vaultEntry(vaultSerial, appendText(nil, c.Serial), c.Number, id))
	}
	return list
}

// ledger reads the lines of a certificate, the first copy first.
func (t *txn) ledger(id uint64) ([]review.Copy, error) {
	var list []review.Copy
	for key := range keys(t.in(copies), idKey(id)) {
		c, err := t.copyAt(key)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func (t *txn) copyAt(key []byte) (review.Copy, error) {
	var c review.Copy
	if err := json.Unmarshal(t.in(copies).Get(key), &c); err != nil {
		return c, damaged(copies, lastID(key[:idSize]), err)
	}
	return c, nil
}

func (t *txn) putCopy(id uint64, c *review.Copy) error {
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := t.in(copies).Put(copyKey(id, c.Number), value); err != nil {
		return err
	}
	return t.derive(nil, copyEntries(id, c))
}

// Copy enters a copy of the current version into the ledger, once its bytes (Paper) lie where they are to go and before
// they appear there. It marks the application that the version came from, whose approval then stands for good, and writes
// the event. Its errors are those of review.MayCopy and review.CheckCopy, a StaleError when another version stands than
// the one whose bytes are about to leave, and a RuleError serial_used for a sheet that is in the ledger already; then no
// copy is counted and nothing may leave.
func (s *Store) Copy(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error) {
	var made review.Copy
	err := s.update(func(t *txn) error {
		by, err := t.account(account)
		if err == nil {
			made, err = t.handOut(by, number, ask, now)
		}
		return err
	})
	if err != nil {
		return review.Copy{}, about("print", number, err)
	}
	return made, nil
}

func (t *txn) handOut(by review.Actor, number string, ask review.CopyAsk, now time.Time) (review.Copy, error) {
	id, before, err := t.certificate(number)
	if err != nil {
		return review.Copy{}, err
	}
	if err := by.MayCopy(&before.Certificate, before.EnteredBy, ask.Way); err != nil {
		return review.Copy{}, err
	}
	c := certificate{before.Clone(), before.EnteredBy}
	v := c.Current()
	if ask.Version != 0 && ask.Version != v.Version {
		return review.Copy{}, &review.StaleError{Reference: number, By: v.IssuedBy, At: v.IssuedAt, Action: review.Issued}
	}
	line, err := t.newCopy(id, by, &c.Certificate, ask, now)
	if err != nil {
		return review.Copy{}, err
	}
	if ask.Way == review.InResults {
		v.Delivered = true
	} else {
		v.Printed++
	}
	c.Change++
	if err := t.putCertificate(id, &before, &c); err != nil {
		return review.Copy{}, err
	}
	if err := t.putCopy(id, &line); err != nil {
		return review.Copy{}, err
	}
	do := review.Print
	if ask.Way == review.InResults {
		do = review.Export
	}
	if err := t.markOut(v.Reference, by, do, now); err != nil {
		return review.Copy{}, err
	}
	return line, t.putEvent(t.happened(by, review.Event{Action: do, Certificate: number, Reference: v.Reference, Target: line.Reason, Note: line.Note}, now))
}

// newCopy makes the next line of the ledger.
func (t *txn) newCopy(id uint64, by review.Actor, c *review.Certificate, ask review.CopyAsk, now time.Time) (review.Copy, error) {
	v := c.Current()
	lines, err := t.ledger(id)
	if err != nil {
		return review.Copy{}, err
	}
	onPaper, replaces := 0, 0
	for _, line := range lines {
		switch {
		case line.Way != review.OnPaper:
		case line.Spoiled():
			replaces = line.Number
		default:
			onPaper, replaces = onPaper+1, 0
		}
	}
	if ask, err = review.CheckCopy(ask, t.s.policy, onPaper); err != nil {
		return review.Copy{}, err
	}
	if ask.Way != review.OnPaper {
		replaces = 0
	}
	if err := t.freeSheet(ask.Serial); err != nil {
		return review.Copy{}, err
	}
	return review.Copy{
		Number: len(lines) + 1, Certificate: c.Number, Version: v.Version, At: now, By: by.Name, Office: by.Office, Role: by.Role,
		Way: ask.Way, Reason: ask.Reason, Serial: ask.Serial, Note: ask.Note, File: v.File, Replaces: replaces,
	}, nil
}

// freeSheet refuses a numbered sheet that the ledger knows: each is used once, also when it was spoiled.
func (t *txn) freeSheet(serial string) error {
	if serial == "" {
		return nil
	}
	for key := range keys(t.in(vault), appendText([]byte{byte(vaultSerial)}, serial)) {
		h, err := t.head(lastID(key))
		if err != nil {
			return err
		}
		return &review.RuleError{Code: "serial_used", Args: review.Args{"serial": serial, "certificate": h.certificate}}
	}
	return nil
}

// Spoil marks the sheet of a copy as spoiled: it came out wrong and was destroyed. The line stays, and the next copy on
// paper replaces it. The account must be one that may print the certificate; note says what was wrong. It is ErrNotFound
// when there is no such copy, a RuleError copy_spoiled when it is marked already and copy_no_sheet when it was a file.
func (s *Store) Spoil(account, number string, copyNumber int, note string, now time.Time) error {
	return about("spoil a copy of", number, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		return t.spoil(by, number, copyNumber, note, now)
	}))
}

func (t *txn) spoil(by review.Actor, number string, copyNumber int, note string, now time.Time) error {
	id, c, err := t.certificate(number)
	if err != nil {
		return err
	}
	if err := errors.Join(by.May(review.Print), by.SeesCertificate(&c.Certificate, c.EnteredBy)); err != nil {
		return err
	}
	key := copyKey(id, copyNumber)
	if copyNumber < 1 || t.in(copies).Get(key) == nil {
		return review.ErrNotFound
	}
	line, err := t.copyAt(key)
	switch {
	case err != nil:
		return err
	case line.Way != review.OnPaper:
		return &review.RuleError{Code: "copy_no_sheet"}
	case line.Spoiled():
		return &review.RuleError{Code: "copy_spoiled"}
	}
	if note, err = review.RequiredNote(note); err != nil {
		return err
	}
	line.SpoiledAt, line.SpoiledBy, line.SpoiledFor = now, by.Name, note
	if err := t.putCopy(id, &line); err != nil {
		return err
	}
	e := review.Event{Action: review.Spoiled, Certificate: number, Target: fmt.Sprint(line.Number), Note: note}
	return t.putEvent(t.happened(by, e, now))
}

// Ledger returns the lines of the certificate's copies, the first one first: ErrNotFound when there is no such
// certificate, a DeniedError outside the account's scope.
func (s *Store) Ledger(by review.Actor, number string) ([]review.Copy, error) {
	var list []review.Copy
	err := s.view(func(t *txn) error {
		id, c, err := t.certificate(number)
		if err != nil {
			return err
		}
		if err := by.SeesCertificate(&c.Certificate, c.EnteredBy); err != nil {
			return err
		}
		list, err = t.ledger(id)
		return err
	})
	return list, about("ledger of", number, err)
}

// ledgerBatch is how many lines are read in one transaction, so that none stays open while the caller works.
const ledgerBatch = 500

// LedgerOf yields the lines of the ledger with a time at or after from and before to, in their order, of certificates in
// the account's scope.
func (s *Store) LedgerOf(by review.Actor, from, to time.Time) iter.Seq2[review.Copy, error] {
	return func(yield func(review.Copy, error) bool) {
		at := appendID([]byte{byte(vaultDay)}, micros(from))
		until := appendID([]byte{byte(vaultDay)}, micros(to))
		err := by.May(review.View)
		for err == nil && at != nil {
			var lines []review.Copy
			if lines, at, err = s.ledgerFrom(by, at, until); err != nil {
				break
			}
			for _, line := range lines {
				if !yield(line, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(review.Copy{}, fmt.Errorf("read the ledger: %w", err))
		}
	}
}

// ledgerFrom reads some lines from a key of vault on, and returns where to go on, nil at the end.
func (s *Store) ledgerFrom(by review.Actor, at, until []byte) (lines []review.Copy, next []byte, err error) {
	err = s.view(func(t *txn) error {
		c := t.in(vault).Cursor()
		steps := 0
		for key, _ := c.Seek(at); key != nil && bytes.Compare(key, until) < 0; key, _ = c.Next() {
			if steps++; steps > ledgerBatch {
				next = bytes.Clone(key)
				return nil
			}
			line, err := t.lineInScope(by, key)
			if err != nil {
				return err
			}
			if line != nil {
				lines = append(lines, *line)
			}
		}
		return nil
	})
	return lines, next, err
}

// lineInScope reads the line that a key of vault names, nil for one of a certificate that the account does not see.
func (t *txn) lineInScope(by review.Actor, key []byte) (*review.Copy, error) {
	id := lastID(key)
	c, err := t.certificateAt(id)
	if err != nil {
		return nil, err
	}
	if by.SeesCertificate(&c.Certificate, c.EnteredBy) != nil {
		return nil, nil
	}
	line, err := t.copyAt(append(idKey(id), key[len(key)-idSize-4:len(key)-idSize]...))
	return &line, err
}

func (c *checker) copies() error {
	return c.each(copies, func(c *checker, r record) error {
		var line review.Copy
		if err := json.Unmarshal(r.value, &line); err != nil || len(r.key) != idSize+4 {
			c.unreadable(copies, r.key)
			return nil
		}
		id := lastID(r.key[:idSize])
		if h, err := c.t.head(id); err != nil || h.certificate != line.Certificate {
			c.fault(Damage, copies.String(), line.Certificate, "has a copy that is not its own", false)
		}
		return c.expect(copyEntries(id, &line))
	})
}
