package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rongzheng/review"
)

// certificate is a certificate as it is kept.
type certificate struct {
	review.Certificate
	// EnteredBy is who entered the application behind the version that stands: the portal sees what its own imports led to.
	EnteredBy string `json:"entered_by,omitempty"`
}

// find returns the id that a tree of names gives, false when the name is not there.
func (t *txn) find(in tree, name string) (uint64, bool) {
	value := t.in(in).Get([]byte(name))
	if name == "" || len(value) != idSize {
		return 0, false
	}
	return binary.BigEndian.Uint64(value), true
}

// application reads an application by its reference, or returns ErrNotFound.
func (t *txn) application(reference string) (uint64, review.Application, error) {
	id, ok := t.find(references, reference)
	if !ok {
		return 0, review.Application{}, review.ErrNotFound
	}
	value := t.in(applications).Get(idKey(id))
	if value == nil {
		return id, review.Application{}, damaged(applications, id, review.ErrNotFound)
	}
	_, body, err := split(value)
	if err != nil {
		return id, review.Application{}, damaged(applications, id, err)
	}
	a, err := t.s.cases.decode(body)
	if err != nil {
		return id, a, damaged(applications, id, err)
	}
	return id, a, nil
}

// applicationAt reads an application of many: nobody is likely to ask for it again soon.
func (t *txn) applicationAt(id uint64) (review.Application, error) {
	var a review.Application
	value := t.in(applications).Get(idKey(id))
	if value == nil {
		return a, damaged(applications, id, review.ErrNotFound)
	}
	if err := decode(value, &a); err != nil {
		return a, damaged(applications, id, err)
	}
	return a, nil
}

// certificate reads a certificate by its number, or returns ErrNotFound.
func (t *txn) certificate(number string) (uint64, certificate, error) {
	id, ok := t.find(numbers, number)
	if !ok {
		return 0, certificate{}, review.ErrNotFound
	}
	c, err := t.certificateAt(id)
	return id, c, err
}

func (t *txn) certificateAt(id uint64) (certificate, error) {
	var c certificate
	value := t.in(certificates).Get(idKey(id))
	if value == nil {
		return c, damaged(certificates, id, review.ErrNotFound)
	}
	if err := decode(value, &c); err != nil {
		return c, damaged(certificates, id, err)
	}
	return c, nil
}

// head reads only the head of a record.
func (t *txn) head(id uint64) (head, error) {
	in := applications
	if isCertificate(id) {
		in = certificates
	}
	var h head
	front, _, err := split(t.in(in).Get(idKey(id)))
	if err == nil {
		err = h.parse(front)
	}
	if err != nil {
		return h, damaged(in, id, err)
	}
	return h, nil
}

// newID numbers a record. Applications and certificates share the sequence; the last bit tells them apart.
func (t *txn) newID(certified bool) (uint64, error) {
	n, err := t.in(applications).NextSequence()
	if certified {
		return n<<1 | 1, err
	}
	return n << 1, err
}

// putApplication writes the application and the difference of its entries; before is nil for a new one.
func (t *txn) putApplication(id uint64, before, after *review.Application) error {
	reviewers, err := t.reviewers()
	if err != nil {
		return err
	}
	h := applicationHead(after)
	value, err := encode(&h, after)
	if err != nil {
		return err
	}
	if err := t.in(applications).Put(idKey(id), value); err != nil {
		return err
	}
	c := RecordChange{id: id, Reference: after.Reference, Version: after.Version, after: h.group}
	if before == nil {
		t.wrote(c)
		return errors.Join(t.derive(nil, applicationEntries(id, after, &h, reviewers)), t.tally(nil, applicationTallies(after)))
	}
	if err := t.tally(applicationTallies(before), applicationTallies(after)); err != nil {
		return err
	}
	old := applicationHead(before)
	c.before = groupOf(&old)
	t.wrote(c)
	if old.sameTerms(&h) && slices.Equal(before.Attachments, after.Attachments) {
		return t.derive(stateEntries(id, before, &old, reviewers), stateEntries(id, after, &h, reviewers))
	}
	return t.derive(applicationEntries(id, before, &old, reviewers), applicationEntries(id, after, &h, reviewers))
}

func (t *txn) putCertificate(id uint64, before, after *certificate) error {
	if err := t.sign(before, after); err != nil {
		return err
	}
	var old []entry
	var counted []string
	c := RecordChange{id: id, Certificate: after.Number, Version: after.Change}
	if before != nil {
		h := certificateHead(before)
		old, counted = certificateEntries(id, before, &h), certificateTallies(before)
		c.before = groupOf(&h)
	}
	h := certificateHead(after)
	c.after = h.group
	t.wrote(c)
	value, err := encode(&h, after)
	if err != nil {
		return err
	}
	if err := t.in(certificates).Put(idKey(id), value); err != nil {
		return err
	}
	return errors.Join(t.derive(old, certificateEntries(id, after, &h)), t.tally(counted, certificateTallies(after)))
}

// putRevision keeps what a resubmission replaces.
func (t *txn) putRevision(id uint64, a *review.Application) error {
	value, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if err := t.in(revisions).Put(revisionKey(id, a.Revision), value); err != nil {
		return err
	}
	return errors.Join(t.derive(nil, revisionEntries(id, a)), t.tally(nil, applicationTallies(a)))
}

func revisionKey(id uint64, revision int) []byte {
	return binary.BigEndian.AppendUint32(idKey(id), uint32(revision))
}

// revision reads an earlier revision, nil when there is none with this number.
func (t *txn) revision(id uint64, revision int) (*review.Application, error) {
	value := t.in(revisions).Get(revisionKey(id, revision))
	if value == nil {
		return nil, nil
	}
	var a review.Application
	if err := json.Unmarshal(value, &a); err != nil {
		return nil, damaged(revisions, id, err)
	}
	return &a, nil
}

// putEvent numbers the event and writes it.
func (t *txn) putEvent(e *review.Event) error {
	seq, err := t.in(events).NextSequence()
	if err != nil {
		return err
	}
	e.Seq = seq
	value, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := t.in(events).Put(idKey(seq), value); err != nil {
		return err
	}
	t.news.Events = append(t.news.Events, *e)
	return t.derive(nil, eventEntries(e))
}

func (t *txn) event(seq uint64) (review.Event, error) {
	var e review.Event
	value := t.in(events).Get(idKey(seq))
	if value == nil {
		return e, damaged(events, seq, review.ErrNotFound)
	}
	if err := json.Unmarshal(value, &e); err != nil {
		return e, damaged(events, seq, err)
	}
	return e, nil
}

// derive writes the difference between the entries of a record before and after its change, and the counts with them.
func (t *txn) derive(before, after []entry) error {
	before, after = sorted(before), sorted(after)
	changes := map[string]int{}
	for len(before) > 0 || len(after) > 0 {
		var err error
		switch c := order(before, after); {
		case c < 0:
			changes[before[0].group()]--
			err = t.in(before[0].tree).Delete(before[0].key)
			before = before[1:]
		case c > 0:
			changes[after[0].group()]++
			err = t.put(&after[0])
			after = after[1:]
		default:
			before, after = before[1:], after[1:]
		}
		if err != nil {
			return err
		}
	}
	delete(changes, "")
	return t.addCounts(counts, changes)
}

// put writes one entry, but not what is there already: writing it again would cost its page.
func (t *txn) put(e *entry) error {
	b := t.in(e.tree)
	if (e.tree == log || e.tree == seen) && b.Get(e.key) != nil {
		return nil
	}
	return b.Put(e.key, e.value)
}

// order compares the first entries; what has none left comes last.
func order(before, after []entry) int {
	switch {
	case len(after) == 0:
		return -1
	case len(before) == 0:
		return 1
	}
	return compareEntries(before[0], after[0])
}

func (e *entry) group() string { return string(e.key[:e.counted]) }

// addCounts adds the changes to the kept numbers of a tree.
func (t *txn) addCounts(in tree, changes map[string]int) error {
	b := t.in(in)
	for key, change := range changes {
		n := int(countOf(b.Get([]byte(key)))) + change
		var err error
		switch {
		case change == 0:
		case n == 0:
			err = b.Delete([]byte(key))
		case n < 0:
			err = fmt.Errorf("%w: a count is below zero; run check", ErrDamaged)
		default:
			err = b.Put([]byte(key), idKey(uint64(n)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func countOf(value []byte) uint64 {
	if len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

// revisionOf reads the revision from a key that revisionKey made.
func revisionOf(key []byte) int { return int(binary.BigEndian.Uint32(key[idSize:])) }
