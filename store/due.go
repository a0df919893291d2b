package store

import (
	"bytes"
	"encoding/binary"
	"time"

	"rongzheng/review"
)

// CountDue returns how many rows of a queue that sorts by what is due (Pending, Waiting, Held) are due before each of the
// days, which ascend. It counts up to CountLimit for each day more; exact is false where it stopped. Filters are not asked.
func (s *Store) CountDue(q Queue, before ...review.Date) (n []int, exact bool, err error) {
	n, exact = make([]int, len(before)), true
	err = s.view(func(t *txn) error {
		v, err := newView(&Queue{Name: q.Name, By: q.By})
		if err != nil {
			return err
		}
		parts, err := t.parts(&v)
		if err != nil {
			return err
		}
		for _, p := range parts {
			at := append([]byte(nil), p.prefix...)
			for i, day := range before {
				end := binary.BigEndian.AppendUint64(append([]byte(nil), p.prefix...), orderDue(day, time.Time{}))
				counted, whole := t.countBetween(&p, at, end, CountLimit-n[i])
				n[i] += counted
				exact = exact && whole
				at = end
			}
		}
		for i := 1; i < len(n); i++ {
			n[i] += n[i-1]
		}
		return nil
	})
	return n, exact, about("count what is due in", string(q.Name), err)
}

// countBetween counts the keys of a list from one key to before another, up to the limit.
func (t *txn) countBetween(p *part, from, to []byte, limit int) (n int, whole bool) {
	c := t.in(lists).Cursor()
	for key, _ := c.Seek(from); hasPrefix(key, p.prefix) && bytes.Compare(key, to) < 0; key, _ = c.Next() {
		if len(key) != len(p.prefix)+placeSize {
			continue
		}
		if n >= limit {
			return n, false
		}
		if p.except == nil || t.in(lists).Get(append(bytes.Clone(p.except), key[len(p.prefix):]...)) == nil {
			n++
		}
	}
	return n, true
}
