package store

import (
	"encoding/binary"

	"rongzheng/review"
)

// Endings reads how many certificates of the account's areas end on the days of the period: those that stand and whose last
// day is known. The error is a review.DeniedError for who sees no figures. Its cost depends on areas and days.
func (s *Store) Endings(by review.Actor, in review.Period) (review.Endings, error) {
	if err := by.SeesFigures(); err != nil {
		return nil, err
	}
	var found review.Endings
	err := s.view(func(t *txn) (err error) {
		found, err = t.endings(&by, in)
		return err
	})
	return found, about("endings for", by.Name, err)
}

// endings goes from area to area, and in each over the days of the period only.
func (t *txn) endings(by *review.Actor, in review.Period) (review.Endings, error) {
	var found review.Endings
	c := t.in(tallies).Cursor()
	first, last := uint16(0), dayNumber(in.To)
	if !in.From.IsZero() {
		first = dayNumber(in.From)
	}
	for key, value := c.Seek([]byte{'x'}); len(key) > 0 && key[0] == 'x'; {
		area, rest, ok := cutText(key[1:])
		if !ok || len(rest) != 2 {
			return nil, errTally
		}
		day := binary.BigEndian.Uint16(rest)
		switch {
		case day > last || !by.Oversees(area):
			key, value = c.Seek(append(appendText([]byte{'x'}, area), 0xff, 0xff, 0xff))
		case day < first:
			key, value = c.Seek(binary.BigEndian.AppendUint16(appendText([]byte{'x'}, area), first))
		default:
			found = append(found, review.EndingCell{Area: area, Day: dayOf(day), N: int(countOf(value))})
			key, value = c.Next()
		}
	}
	return found, nil
}

// EndingQuery asks for the certificates that stand and end in a period.
type EndingQuery struct {
	By   review.Actor
	Area string // "" for all of the account's areas
	In   review.Period
}

// EndingRow is one certificate in the order of the last days.
type EndingRow struct {
	Certificate review.Certificate
	// InReview is the reference of the person's application in review, "" for none: whoever has applied needs no reminder.
	InReview string
	// Mobile is that of the certificate's record, else that of the application in review, where the account sees it: the
	// records from before the register often have none.
	Mobile string
	At     Cursor
}

// Ending returns up to n certificates after the cursor in the order of their last days, and whether there are more. The
// error is a review.DeniedError for who sees no figures.
func (s *Store) Ending(q EndingQuery, at Cursor, n int) (rows []EndingRow, more bool, err error) {
	if err := q.By.SeesFigures(); err != nil {
		return nil, false, err
	}
	err = s.view(func(t *txn) error {
		groups, err := t.groups(func(g group) bool {
			return g.state == endingByDay && q.By.Oversees(g.area) && (q.Area == "" || q.Area == g.area)
		})
		if err != nil {
			return err
		}
		from, err := q.start(at)
		if err != nil {
			return err
		}
		parts := make([]part, len(groups))
		for i, g := range groups {
			parts[i] = part{g.listKey(), nil}
		}
		rows, more, err = t.endingRows(q.By, parts, from, orderDay(q.In.To), n)
		return err
	})
	return rows, more, about("ending for", q.By.Name, err)
}

// start is the cursor, or the place before the first day of the period.
func (q *EndingQuery) start(at Cursor) (start, error) {
	if at != "" || q.In.From.IsZero() {
		return startOf(at, true)
	}
	p := newPlace(orderDay(q.In.From), 0)
	return start{&p, true}, nil
}

func (t *txn) endingRows(by review.Actor, parts []part, from start, last uint64, n int) (rows []EndingRow, more bool, err error) {
	steps := 0
	for p := range t.walk(parts, from, n+1, &steps) {
		if binary.BigEndian.Uint64(p[:8]) > last {
			break
		}
		if len(rows) == n {
			return rows, true, nil
		}
		c, err := t.certificateAt(p.id())
		if err != nil {
			return nil, false, err
		}
		row := EndingRow{Certificate: c.Certificate, At: p.cursor(), Mobile: c.Current().Form.Get("mobile")}
		if row.InReview, err = t.inReview(c.Person); err != nil {
			return nil, false, err
		}
		if row.InReview != "" && row.Mobile == "" {
			_, a, err := t.application(row.InReview)
			if err != nil {
				return nil, false, err
			}
			if by.Sees(&a) == nil {
				row.Mobile = a.Form.Get("mobile")
			}
		}
		rows = append(rows, row)
	}
	return rows, false, nil
}

// inReview returns the reference of the person's application in review, "" for none.
func (t *txn) inReview(p review.PersonKey) (string, error) {
	for key := range keys(t.in(people), append(personKey(p), personInReview)) {
		h, err := t.head(lastID(key))
		return h.reference, err
	}
	return "", nil
}
