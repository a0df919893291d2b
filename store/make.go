package store

import (
	"errors"
	"iter"

	"rongzheng/review"
)

// made is what records become in a new file. Making it touches nothing but the records, so that several goroutines can do
// it; the builder takes it in the order of the records.
type made struct {
	puts    []entry        // records, in the order of their keys
	derived []entry        // of derived trees, and small blobs
	last    map[string]int // largest certificate number by prefix and year
	tallies map[string]uint64
	records int // how many records of the source it holds
}

// application, revision, certificate, copy and event make a record from its JSON and derive its entries.

func (m *made) application(id uint64, a *review.Application, body []byte, reviewers []review.Account) {
	h := applicationHead(a)
	m.put(applications, idKey(id), joinHead(&h, body))
	m.count(applicationTallies(a))
	m.derive(applicationEntries(id, a, &h, reviewers))
}

func (m *made) revision(id uint64, a *review.Application, body []byte) {
	m.put(revisions, revisionKey(id, a.Revision), body)
	m.count(applicationTallies(a))
	m.derive(revisionEntries(id, a))
}

func (m *made) certificate(id uint64, c *certificate, body []byte) {
	if prefix, year, n, err := review.ParseNumber(c.Number); err == nil {
		if m.last == nil {
			m.last = map[string]int{}
		}
		key := string(sequenceKey(prefix, year))
		m.last[key] = max(m.last[key], n)
	}
	h := certificateHead(c)
	m.put(certificates, idKey(id), joinHead(&h, body))
	m.count(certificateTallies(c))
	m.derive(certificateEntries(id, c, &h))
}

func (m *made) copy(id uint64, c *review.Copy, body []byte) {
	m.put(copies, copyKey(id, c.Number), body)
	m.derive(copyEntries(id, c))
}

func (m *made) event(e *review.Event, body []byte) {
	m.put(events, idKey(e.Seq), body)
	m.derive(eventEntries(e))
}

func (m *made) count(list []string) {
	if m.tallies == nil {
		m.tallies = map[string]uint64{}
	}
	count(m.tallies, list)
}

func (m *made) put(tr tree, key, value []byte) {
	m.puts = append(m.puts, entry{tree: tr, key: key, value: value})
}

func (m *made) derive(list []entry) { m.derived = append(m.derived, sorted(list)...) }

// take writes what was made, and sets aside what is to be sorted.
func (b *builder) take(m *made) error {
	for i := range m.puts {
		if err := b.put(m.puts[i].tree, m.puts[i].key, m.puts[i].value); err != nil {
			return err
		}
	}
	for i := range m.derived {
		e := &m.derived[i]
		if e.counted > 0 {
			b.counts[e.group()]++
		}
		if err := b.sort.add(e.tree, e.key, e.value); err != nil {
			return err
		}
	}
	for key, n := range m.tallies {
		b.tallies[key] += n
	}
	for key, n := range m.last {
		b.last[key] = max(b.last[key], n)
	}
	return nil
}

// one makes and takes what one record becomes.
func (b *builder) one(do func(m *made)) error {
	var m made
	do(&m)
	return b.take(&m)
}

// copyEach makes every record of a tree anew, on several goroutines.
func (b *builder) copyEach(t *txn, tr tree, step func() error, do func(m *made, r record) error) error {
	return spread(batchesOf(t.in(tr), b.ahead), func(batch []record) (*made, error) {
		m := &made{records: len(batch)}
		for _, r := range batch {
			if err := do(m, r); err != nil {
				return m, err
			}
		}
		return m, nil
	}, func(m *made) error {
		err := b.take(m)
		for range m.records {
			err = errors.Join(err, step())
		}
		return err
	})
}

// aheadEntries is how many sorted entries are read ahead at a time.
const aheadEntries = 1024

// ahead yields the same entries, read on a goroutine of its own.
func ahead(entries iter.Seq2[entry, error]) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		type batch struct {
			list []entry
			err  error
		}
		batches, stop := make(chan batch, 4), make(chan struct{})
		defer close(stop)
		go func() {
			defer close(batches)
			list := make([]entry, 0, aheadEntries)
			for e, err := range entries {
				if err == nil {
					if list = append(list, e); len(list) < aheadEntries {
						continue
					}
				}
				select {
				case batches <- batch{list, err}:
				case <-stop:
					return
				}
				list = make([]entry, 0, aheadEntries)
			}
			select {
			case batches <- batch{list: list}:
			case <-stop:
			}
		}()
		for b := range batches {
			for _, e := range b.list {
				if !yield(e, nil) {
					return
				}
			}
			if b.err != nil {
				yield(entry{}, b.err)
				return
			}
		}
	}
}
