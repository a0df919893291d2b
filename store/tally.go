package store

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"rongzheng/review"
)

// Tallies are numbers that are kept for the overview and the expiry of certificates. Like entries they are yielded by the
// records alone, one for each key that a record counts under, as often as it does: a change adds the difference, check
// compares, and a rebuild counts again. Their number depends on areas, levels, reviewers and weeks, not on applications.

// The kinds of tallies of an area, level and slot.
const (
	tallyCame      byte = 'c' // came to the level
	tallyApproved  byte = 'a' // by account·
	tallyRejected  byte = 'r' // by account·
	tallyWithdrawn byte = 'w'
	tallyTook      byte = 't' // bucket: how long what was decided took
	tallyReason    byte = 'q' // code·: a reason of a rejection
)

// dayNumber counts days since 1970; days before it, and after 2149, are the first and the last that there are.
func dayNumber(d review.Date) uint16 {
	return uint16(min(max(review.NewDate(1970, 1, 1).DaysUntil(d), 0), 1<<16-1))
}

func dayOf(n uint16) review.Date { return review.NewDate(1970, 1, 1+int(n)) }

// passedKey begins the keys of what happened at a level in a slot, waitingKey is that of what waits there since a slot.
func passedKey(slot review.Date, area string, level int) []byte {
	key := binary.BigEndian.AppendUint16([]byte{'p'}, dayNumber(slot))
	return append(appendText(key, area), byte(level))
}

func waitingKey(area string, level int, since review.Date) []byte {
	key := append(appendText([]byte{'w'}, area), byte(level))
	return binary.BigEndian.AppendUint16(key, dayNumber(since))
}

// expiryKey is that of the certificates of the area whose validity ends on the day.
func expiryKey(area string, day review.Date) []byte {
	return binary.BigEndian.AppendUint16(appendText([]byte{'x'}, area), dayNumber(day))
}

// applicationTallies are the keys under which a revision of an application counts, once for each time.
func applicationTallies(a *review.Application) []string {
	var list []string
	for _, p := range a.Passages() {
		came := review.SlotOf(review.DateOf(p.Came))
		list = append(list, string(append(passedKey(came, p.Area, p.Level), tallyCame)))
		if p.Waits() {
			list = append(list, string(waitingKey(p.Area, p.Level, came)))
			continue
		}
		left := slices.Clip(passedKey(review.SlotOf(review.DateOf(p.Left)), p.Area, p.Level))
		if p.Outcome == review.Withdraw {
			list = append(list, string(append(left, tallyWithdrawn)))
			continue
		}
		list = append(list, string(append(left, tallyTook, byte(review.BucketOf(p.Took())))))
		outcome := tallyApproved
		if p.Outcome == review.Reject {
			outcome = tallyRejected
		}
		list = append(list, string(appendText(append(left, outcome), p.By)))
		for _, r := range p.Reasons {
			list = append(list, string(appendText(append(left, tallyReason), r.Code)))
		}
	}
	return list
}

// certificateTallies count a certificate that can expire under its last day.
func certificateTallies(c *certificate) []string {
	until, ok := expires(c)
	if !ok {
		return nil
	}
	return []string{string(expiryKey(c.Current().Area, until))}
}

// expires returns the last day of a certificate that stands, false for one that was revoked or is void and for a record
// whose last day is not known.
func expires(c *certificate) (review.Date, bool) {
	until := c.ValidUntil()
	return until, !until.IsZero() && !c.Void && c.RevokedOn.IsZero()
}

// tally writes the difference between what a record counted under before and after its change.
func (t *txn) tally(before, after []string) error {
	changes := map[string]int{}
	for _, key := range before {
		changes[key]--
	}
	for _, key := range after {
		changes[key]++
	}
	for key, change := range changes {
		if change == 0 {
			delete(changes, key)
		}
	}
	return t.addCounts(tallies, changes)
}

// putCounts writes kept numbers into a new file, in the order of their keys.
func (b *builder) putCounts(in tree, all map[string]uint64) error {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if err := b.put(in, []byte(key), idKey(all[key])); err != nil {
			return err
		}
	}
	return nil
}

func count(into map[string]uint64, list []string) {
	for _, key := range list {
		into[key]++
	}
}

// compareCounts compares one tree of kept numbers with what the records yield.
func (c *checker) compareCounts(in tree, want map[string]uint64, text func(key []byte) string) error {
	err := c.t.in(in).ForEach(func(key, value []byte) error {
		if got := countOf(value); got != want[string(key)] {
			c.find(Counted, in.String(), text(key), fmt.Sprintf("%d is kept, %d it is", got, want[string(key)]), true)
		}
		delete(want, string(key))
		return nil
	})
	for key, n := range want {
		c.find(Counted, in.String(), text([]byte(key)), fmt.Sprintf("0 is kept, %d it is", n), true)
	}
	return err
}

// tallyText writes the key of a tally so that people can read it: it holds days, areas, levels, accounts and codes only.
func tallyText(key []byte) string {
	day := func(key []byte) string {
		if len(key) < 2 {
			return "?"
		}
		return dayOf(binary.BigEndian.Uint16(key)).String()
	}
	if len(key) < 4 {
		return "a short key"
	}
	if key[0] == 'p' {
		area, rest, _ := cutText(key[3:])
		if len(rest) < 2 {
			return "a short key"
		}
		return fmt.Sprintf("%s %s level %d %c %q", day(key[1:]), area, rest[0], rest[1], rest[2:])
	}
	area, rest, _ := cutText(key[1:])
	return fmt.Sprintf("%c %s %s", key[0], area, day(rest[max(len(rest)-2, 0):]))
}
