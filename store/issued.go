package store

import (
	"bytes"
	"slices"
	"time"

	"rongzheng/review"
)

// IssuedOn returns the numbers of the certificates in the account's scope whose version that stands was issued on the day,
// in their order. Void numbers are left out. It reads the day's part of the sorted lists and no other, in short
// transactions, and keeps nothing but the numbers.
func (s *Store) IssuedOn(by review.Actor, day review.Date) ([]string, error) {
	v, err := newView(&Queue{Name: Certificates, By: by})
	if err != nil {
		return nil, about("issued for", by.Name, err)
	}
	var numbers []string
	until := newPlace(orderLatest(day.Time())+1, 0) // the lists go back in time: behind the day's first moment
	at := newPlace(orderLatest(day.AddDays(1).Time().Add(-time.Microsecond)), 0)
	for more := true; more && err == nil; {
		err = s.view(func(t *txn) error {
			var found []string
			found, at, more, err = t.issuedFrom(&v, at, until)
			numbers = append(numbers, found...)
			return err
		})
	}
	slices.Sort(numbers)
	return numbers, about("issued for", by.Name, err)
}

// issuedFrom reads a batch of the certificates behind at and before until.
func (t *txn) issuedFrom(v *view, at, until place) (numbers []string, next place, more bool, err error) {
	parts, err := t.parts(v)
	if err != nil {
		return nil, at, false, err
	}
	steps := 0
	for p := range t.walk(parts, start{&at, true}, standingsBatch, &steps) {
		if bytes.Compare(p[:], until[:]) >= 0 {
			return numbers, p, false, nil
		}
		c, err := t.certificateAt(p.id())
		if err != nil {
			return nil, p, false, err
		}
		if !c.Void {
			numbers = append(numbers, c.Number)
		}
		next = p
	}
	return numbers, next, steps >= standingsBatch, nil
}
