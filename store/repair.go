package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// Repair rebuilds all indexes and counts from the applications, certificates and events, and removes attachment files that
// no record names. It makes a new, compact file that takes the place of the present one at the end; one that is killed
// leaves everything as it was. What is lost in the records themselves it cannot bring back: then the error is ErrDamaged.
// account must be an administrator, and the repair is recorded. progress is called now and then; nil is allowed.
func (s *Store) Repair(account string, now time.Time, progress func(done, total int)) error {
	err := s.rebuild("repair", account, func(t *txn, b *builder, by review.Actor) error {
		b.progress = newProgress(t, rebuildPercent, progress)
		if err := b.copyRecords(t, b.progress.step); err != nil {
			return err
		}
		last := max(t.in(events).Sequence(), lastKey(t.in(events))) + 1
		e := t.happened(by, review.Event{Action: review.Repaired}, now)
		e.Seq = last
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if err := b.one(func(m *made) { m.event(e, body) }); err != nil {
			return err
		}
		return b.numbering(lastNumbered(t), last, t.in(accounts).Sequence()+1)
	})
	if err != nil {
		return err
	}
	return s.removeOrphans()
}

// progressOf tells how far a piece of work is that goes through all records first, and then through what they yield.
type progressOf struct {
	done, total int // records
	rest        int // what comes after them, in as many steps
	tell        func(done, total int)
}

// newProgress estimates the number of records by the sequences, which is right unless they are damaged. What comes after
// them takes percent as long.
func newProgress(t *txn, percent int, tell func(done, total int)) *progressOf {
	total := int(t.in(applications).Sequence() + t.in(events).Sequence())
	return &progressOf{total: total, rest: total * percent / 100, tell: tell}
}

func (p *progressOf) step() error {
	if p.done++; p.tell != nil && (p.done%1000 == 0 || p.done == p.total) {
		p.tell(p.done, max(p.done, p.total)+p.rest)
	}
	return nil
}

// after tells how much of what comes after the records is done; a nil progressOf tells nobody.
func (p *progressOf) after(done, of int) {
	if p != nil && p.tell != nil && of > 0 {
		all := max(p.done, p.total)
		p.tell(all+min(p.rest*done/of, p.rest), all+p.rest)
	}
}

func lastKey(b *bolt.Bucket) uint64 {
	key, _ := b.Cursor().Last()
	if len(key) != idSize {
		return 0
	}
	return lastID(key)
}

// lastNumbered is the last number that an application or certificate was given.
func lastNumbered(t *txn) uint64 {
	return max(t.in(applications).Sequence(), lastKey(t.in(applications))>>1, lastKey(t.in(certificates))>>1)
}

// copyBasics brings along what a rebuild does not change: every tree of records but those that are written one by one, and
// every bucket beside the trees. A tree that the old file lacks stays empty.
func (b *builder) copyBasics(t *txn) error {
	var err error
	if b.reviewers, err = t.reviewers(); err != nil {
		return err
	}
	for tr := meta; tr < references; tr++ {
		switch tr {
		case meta, applications, revisions, certificates, copies, events:
			continue
		}
		if err := b.copyBucket(t, tr.String()); err != nil {
			return err
		}
	}
	if err := b.copyMeta(t); err != nil {
		return err
	}
	return t.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if slices.Contains(treeNames[:], string(name)) {
			return nil
		}
		return b.copyBucket(t, string(name))
	})
}

// copyMeta brings along what is kept of the folder as a whole; the number of the format is the new file's own.
func (b *builder) copyMeta(t *txn) error {
	return t.in(meta).ForEach(func(key, value []byte) error {
		if string(key) == string(formatKey) {
			return nil
		}
		return b.put(meta, clone(key), clone(value))
	})
}

// copyBucket copies keys, values and the sequence of a bucket of the old file, if it has it.
func (b *builder) copyBucket(t *txn, name string) error {
	from := t.Bucket([]byte(name))
	if from == nil {
		return nil
	}
	in, err := b.writing()
	if err != nil {
		return err
	}
	to, err := in.CreateBucketIfNotExists([]byte(name))
	if err == nil {
		err = to.SetSequence(from.Sequence())
	}
	if err != nil {
		return err
	}
	return from.ForEach(func(key, value []byte) error {
		b.ahead.at(key)
		in, err := b.writing()
		if err != nil {
			return err
		}
		to := in.Bucket([]byte(name))
		to.FillPercent = appendFill
		b.size += len(key) + len(value)
		return to.Put(clone(key), clone(value))
	})
}

// clone copies what lies in the transaction's memory: a build's own transaction keeps what it is given.
func clone(b []byte) []byte { return append([]byte(nil), b...) }

// decodeBody reads a record that has a head, and returns a copy of its JSON.
func decodeBody(value []byte, record any) ([]byte, error) {
	_, body, err := split(value)
	if err != nil {
		return nil, err
	}
	body = clone(body)
	return body, json.Unmarshal(body, record)
}

// copyRecords copies the records that yield entries, and derives those anew.
func (b *builder) copyRecords(t *txn, step func() error) error {
	for _, copied := range []func(t *txn, step func() error) error{b.copyApplications, b.copyCertificates, b.copyCopies, b.copyEvents} {
		if err := copied(t, step); err != nil {
			return err
		}
	}
	return nil
}

// copyApplications copies the applications and their earlier revisions, and derives their entries anew.
func (b *builder) copyApplications(t *txn, step func() error) error {
	err := b.copyEach(t, applications, step, func(m *made, r record) error {
		var a review.Application
		body, err := decodeBody(r.value, &a)
		if err != nil {
			return damaged(applications, lastID(r.key), err)
		}
		m.application(lastID(r.key), &a, body, b.reviewers)
		return nil
	})
	if err != nil {
		return err
	}
	return b.copyEach(t, revisions, func() error { return nil }, func(m *made, r record) error {
		var a review.Application
		if err := json.Unmarshal(r.value, &a); err != nil || len(r.key) != idSize+4 {
			return fmt.Errorf("%w: a revision cannot be read: %w", ErrDamaged, err)
		}
		m.revision(lastID(r.key[:idSize]), &a, clone(r.value))
		return nil
	})
}

func (b *builder) copyCertificates(t *txn, step func() error) error {
	return b.copyEach(t, certificates, step, func(m *made, r record) error {
		var c certificate
		body, err := decodeBody(r.value, &c)
		if err != nil {
			return damaged(certificates, lastID(r.key), err)
		}
		m.certificate(lastID(r.key), &c, body)
		return nil
	})
}

// copyCopies copies the ledger, which files of format 1 do not have.
func (b *builder) copyCopies(t *txn, _ func() error) error {
	if t.in(copies) == nil {
		return nil
	}
	return b.copyEach(t, copies, func() error { return nil }, func(m *made, r record) error {
		var c review.Copy
		if err := json.Unmarshal(r.value, &c); err != nil || len(r.key) != idSize+4 {
			return fmt.Errorf("%w: a copy cannot be read: %w", ErrDamaged, err)
		}
		m.copy(lastID(r.key[:idSize]), &c, clone(r.value))
		return nil
	})
}

func (b *builder) copyEvents(t *txn, step func() error) error {
	return b.copyEach(t, events, step, func(m *made, r record) error {
		var e review.Event
		if err := json.Unmarshal(r.value, &e); err != nil {
			return damaged(events, lastID(r.key), err)
		}
		m.event(&e, clone(r.value))
		return nil
	})
}
