package store

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// BenchmarkDecision decides on an application: it is set aside, approved at a level, approved at the last one, which issues
// its certificate. By turns with it go a bare commit that writes the very same keys and values into the same trees, without
// any rule, and one that writes as many bytes as a single value. Everything is taken back before the next turn. The medians
// stand beside each other, since other work on the machine disturbs all three alike.
func BenchmarkDecision(b *testing.B) {
	stated := func(f review.Facts) review.Facts {
		f.SeenStated = true
		return f
	}
	for _, c := range []struct {
		name, account string
		decided       int // levels that have
		decide        func(s *Store) Decide
	}{
		{"hold", "wu.city", 1, func(s *Store) Decide {
			return func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
				return a.Hold(by, s.policy, "待核实", clock)
			}
		}},
		{"approve", "wu.city", 1, func(s *Store) Decide {
			return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
				return a.Approve(by, s.policy, stated(f), "", clock)
			}
		}},
		{"issue", "deng.city", 2, func(s *Store) Decide {
			return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
				return a.Approve(by, s.policy, stated(f), "", clock)
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			atSizes(b, func(b *testing.B, s *Store, n int) {
				reference := fmt.Sprintf("SQ%012d", n/2/150*150+50*c.decided)
				measureDecision(b, s, reference, func() error {
					_, err := s.Change(c.account, reference, 0, clock, c.decide(s))
					return err
				})
			})
		})
	}
}

func measureDecision(b *testing.B, s *Store, reference string, decide func() error) {
	before := writtenOf(b, s, reference)
	timed(b, decide)
	after := writtenOf(b, s, reference)
	do, undo := changeOf(before, after), changeOf(after, before)
	value := make([]byte, bytesOf(do.entries))
	takeBack := func() { timed(b, func() error { return undo.write(s) }) }
	takeBack()
	var decision, same, single []time.Duration
	for b.Loop() {
		decision = append(decision, timed(b, decide))
		takeBack()
		same = append(same, timed(b, func() error { return do.write(s) }))
		takeBack()
		single = append(single, timed(b, func() error {
			return s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("bare"), value) })
		}))
	}
	b.ReportMetric(float64(median(decision)), "decision-ns")
	b.ReportMetric(float64(median(same)), "same-ns")
	b.ReportMetric(float64(median(single)), "single-ns")
	b.ReportMetric(float64(median(decision))/float64(median(same)), "ratio")
	if err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("bare")) }); err != nil {
		b.Fatal(err)
	}
}

func timed(b *testing.B, do func() error) time.Duration {
	began := time.Now()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// state is what a decision on one application can change: keys of trees with their values, and the sequences of buckets.
type state struct {
	values    []entry
	sequences map[tree]uint64
}

// copied is nil for what is not there only.
func copied(value []byte) []byte {
	if value == nil {
		return nil
	}
	return append([]byte{}, value...)
}

// writtenOf reads the application, its events, its certificate, what all of them yield, and every kept number.
func writtenOf(b *testing.B, s *Store, reference string) state {
	now := state{sequences: map[tree]uint64{}}
	err := s.view(func(t *txn) error {
		id, a, err := t.application(reference)
		if err != nil {
			return err
		}
		reviewers, err := t.reviewers()
		if err != nil {
			return err
		}
		h := applicationHead(&a)
		keys := append(applicationEntries(id, &a, &h, reviewers), entry{tree: applications, key: idKey(id)})
		list, err := t.timeline(reference)
		if err != nil {
			return err
		}
		for i := range list {
			keys = append(keys, entry{tree: events, key: idKey(list[i].Seq)})
			keys = append(keys, logEntry('r', reference, list[i].Seq)) // that of the account is shared with other events, and stays
		}
		if a.Certificate != "" {
			id, c, err := t.certificate(a.Certificate)
			if err != nil {
				return err
			}
			h := certificateHead(&c)
			keys = append(keys, certificateEntries(id, &c, &h)...)
			keys = append(keys, entry{tree: certificates, key: idKey(id)})
		}
		for _, e := range sorted(keys) {
			now.values = append(now.values, entry{tree: e.tree, key: e.key, value: copied(t.in(e.tree).Get(e.key))})
		}
		for _, tr := range []tree{counts, tallies, sequences} {
			if err := t.in(tr).ForEach(func(key, value []byte) error {
				now.values = append(now.values, entry{tree: tr, key: clone(key), value: copied(value)})
				return nil
			}); err != nil {
				return err
			}
		}
		for _, tr := range []tree{applications, events} {
			now.sequences[tr] = t.in(tr).Sequence()
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	slices.SortFunc(now.values, compareEntries)
	return now
}

// difference lists the keys to be written, and with a nil value those to be deleted.
func difference(from, to []entry) []entry {
	var list []entry
	for len(from) > 0 || len(to) > 0 {
		switch c := order(from, to); {
		case c < 0:
			list = append(list, entry{tree: from[0].tree, key: from[0].key})
			from = from[1:]
		case c > 0:
			list = append(list, to[0])
			to = to[1:]
		default:
			if !bytes.Equal(from[0].value, to[0].value) {
				list = append(list, to[0])
			}
			from, to = from[1:], to[1:]
		}
	}
	return list
}

func bytesOf(list []entry) int {
	size := 0
	for _, e := range list {
		size += len(e.key) + len(e.value)
	}
	return size
}

// bareChange is a bare transaction: keys to be written, with a nil value to be deleted, and sequences to be set.
type bareChange struct {
	entries   []entry
	sequences map[tree]uint64
}

func changeOf(from, to state) bareChange {
	c := bareChange{difference(from.values, to.values), map[tree]uint64{}}
	for tr, n := range to.sequences {
		if from.sequences[tr] != n {
			c.sequences[tr] = n
		}
	}
	return c
}

func (c *bareChange) write(s *Store) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		for _, e := range c.entries {
			b := tx.Bucket([]byte(e.tree.String()))
			var err error
			if e.value == nil {
				err = b.Delete(e.key)
			} else {
				err = b.Put(e.key, e.value)
			}
			if err != nil {
				return err
			}
		}
		for tr, n := range c.sequences {
			if err := tx.Bucket([]byte(tr.String())).SetSequence(n); err != nil {
				return err
			}
		}
		return nil
	})
}
