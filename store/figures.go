package store

import (
	"encoding/binary"
	"fmt"

	"rongzheng/review"
)

// Figures reads the kept numbers of everything that happened on the day from or later, in the account's areas, and of what
// waits now. The error is a review.DeniedError for who sees no figures. Its cost depends on how many slots, areas, levels and
// reviewers there are, not on how many applications.
func (s *Store) Figures(by review.Actor, from review.Date) (review.Figures, error) {
	var f review.Figures
	if err := by.SeesFigures(); err != nil {
		return f, err
	}
	err := s.view(func(t *txn) error {
		if err := t.passed(&f, &by, from); err != nil {
			return err
		}
		return t.waiting(&f, &by)
	})
	return f, about("figures for", by.Name, err)
}

// passed reads the cells. The keys of a cell follow each other.
func (t *txn) passed(f *review.Figures, by *review.Actor, from review.Date) error {
	c := t.in(tallies).Cursor()
	start := binary.BigEndian.AppendUint16([]byte{'p'}, dayNumber(from))
	for key, value := c.Seek(start); len(key) > 0 && key[0] == 'p'; key, value = c.Next() {
		area, rest, ok := cutText(key[min(3, len(key)):])
		if !ok || len(rest) < 2 {
			return errTally
		}
		if !by.Oversees(area) {
			continue
		}
		cell := cellOf(f, dayOf(binary.BigEndian.Uint16(key[1:])), area, int(rest[0]))
		if !addTo(cell, rest[1], rest[2:], int(countOf(value))) {
			return errTally
		}
	}
	return nil
}

var errTally = fmt.Errorf("%w: a tally cannot be read; run check", ErrDamaged)

func cellOf(f *review.Figures, slot review.Date, area string, level int) *review.FigureCell {
	if n := len(f.Cells); n > 0 {
		if last := &f.Cells[n-1]; last.Slot == slot && last.Area == area && last.Level == level {
			return last
		}
	}
	f.Cells = append(f.Cells, review.FigureCell{
		Slot: slot, Area: area, Level: level,
		Approved: map[string]int{}, Rejected: map[string]int{}, Took: review.Times{}, Reasons: map[string]int{},
	})
	return &f.Cells[len(f.Cells)-1]
}

// addTo puts one number into its place of the cell; false for a key that no tally has.
func addTo(cell *review.FigureCell, kind byte, rest []byte, n int) bool {
	switch kind {
	case tallyCame:
		cell.Came = n
	case tallyWithdrawn:
		cell.Withdrawn = n
	case tallyTook:
		if len(rest) != 1 {
			return false
		}
		cell.Took[review.TimeBucket(rest[0])] = n
	case tallyApproved, tallyRejected, tallyReason:
		into := map[byte]map[string]int{tallyApproved: cell.Approved, tallyRejected: cell.Rejected, tallyReason: cell.Reasons}[kind]
		text, _, ok := cutText(rest)
		into[text] = n
		return ok
	default:
		return false
	}
	return true
}

func (t *txn) waiting(f *review.Figures, by *review.Actor) error {
	c := t.in(tallies).Cursor()
	for key, value := c.Seek([]byte{'w'}); len(key) > 0 && key[0] == 'w'; key, value = c.Next() {
		area, rest, ok := cutText(key[1:])
		if !ok || len(rest) != 3 {
			return errTally
		}
		if by.Oversees(area) {
			f.Waiting = append(f.Waiting, review.WaitingCell{
				Area: area, Level: int(rest[0]), Since: dayOf(binary.BigEndian.Uint16(rest[1:])), N: int(countOf(value)),
			})
		}
	}
	return nil
}
