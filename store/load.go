package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"rongzheng/review"
)

// Record is one unit of a bulk load: an application with all that belongs to it, or a certificate without one.
type Record struct {
	Application review.Application   // zero Reference: none
	Earlier     []review.Application // earlier revisions, oldest first
	Events      []review.Event       // of the application, oldest first; Seq is given by the store
	// Certificate is the certificate as it stands after the application, nil for none; of several records with one number
	// the last wins.
	Certificate *review.Certificate
	Copies      []review.Copy // of the certificate, all that were handed out until then
	// EnteredBy is who entered the application behind the certificate's standing version; where it is "", it is
	// Application.EnteredBy.
	EnteredBy string
	Files     map[string][]byte // bytes of attachments and prepared portraits by SHA-256, as far as not given before
}

// Load fills a store that holds no application and no certificate yet, with bounded memory. The records are taken as they
// are, without asking the rules of review; but a reference or a number that comes twice for different records, a person
// with two applications in review and bytes without their hash are refused. Nothing is there until all of it is: the load
// makes a new file that takes the place of the present one at the end, so Load must not be called while others write, and
// one that is killed leaves the store as it was. account must be an administrator; one event says that it loaded. progress
// is called now and then with the number of records done; nil is allowed. The error is ErrNotEmpty for a store in use.
func (s *Store) Load(account string, records iter.Seq2[Record, error], now time.Time, progress func(done int)) error {
	var l *loading
	err := s.rebuild("load", account, func(t *txn, b *builder, by review.Actor) error {
		for _, in := range []tree{applications, certificates} {
			if key, _ := t.in(in).Cursor().First(); key != nil {
				return ErrNotEmpty
			}
		}
		l = &loading{builder: b, pictures: newBulkFiles(s), ids: t.in(applications).Sequence(), last: t.in(events).Sequence()}
		if err := b.copyEvents(t, func() error { return nil }); err != nil {
			return err
		}
		if err := errors.Join(l.records(records, progress), l.pictures.finish()); err != nil {
			return err
		}
		note := fmt.Sprintf("%d records", l.done)
		if err := l.event(t.happened(by, review.Event{Action: review.Import, Note: note}, now)); err != nil {
			return err
		}
		if err := l.putCertificates(); err != nil {
			return err
		}
		return b.numbering(l.ids, l.last, t.in(accounts).Sequence())
	})
	if err != nil && l != nil { // the store was empty, and stays so
		return errors.Join(err, s.removeOrphans())
	}
	return err
}

// rebuild lets an administrator replace the file; writers wait until it is done.
func (s *Store) rebuild(tried, account string, fill func(t *txn, b *builder, by review.Actor) error) error {
	s.building.Lock()
	defer s.building.Unlock()
	by, err := s.Account(account)
	if err == nil {
		err = by.May(review.Administer)
	}
	if err != nil {
		return about(tried+" as", account, err)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.replace(tried, func(t *txn, b *builder) error { return fill(t, b, by) })
}

// replace makes a new file, lets fill write its applications, certificates and events, and puts it in the place of the
// present one. All other records come along. Nobody may write meanwhile.
func (s *Store) replace(tried string, fill func(t *txn, b *builder) error) error {
	b, err := s.newBuilder()
	if err != nil {
		return fmt.Errorf("%s: %w", tried, err)
	}
	err = s.view(func(t *txn) error {
		if err := b.filled(t, fill); err != nil {
			return err
		}
		return b.complete()
	})
	if err == nil {
		err = b.takePlace()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", tried, errors.Join(err, b.abandon()))
	}
	s.hub.publish(&News{Again: true})
	return nil
}

// filled takes over what is in the present file, with a scout ahead of the walk through it.
func (b *builder) filled(t *txn, fill func(t *txn, b *builder) error) error {
	b.ahead = t.newScout()
	defer b.ahead.end()
	if err := b.copyBasics(t); err != nil {
		return err
	}
	return fill(t, b)
}

// loading is one bulk load under way.
type loading struct {
	*builder
	pictures  *bulkFiles
	ids, last uint64
	done      int
}

// numbered is a record with the numbers that it gets.
type numbered struct {
	Record
	at    int // which of the load it is, from 1
	id    uint64
	first uint64 // number of its first event
}

// loaded is what a record becomes.
type loaded struct {
	made
	large map[string][]byte // attachments that become files
	late  []entry           // its certificate
}

// loadBatch is how many records are handed over at a time.
const loadBatch = 16

func (l *loading) records(records iter.Seq2[Record, error], progress func(done int)) error {
	err := spread(l.numbering(records), func(batch []numbered) ([]*loaded, error) {
		list := make([]*loaded, 0, len(batch))
		for i := range batch {
			one, err := l.prepare(&batch[i])
			if err != nil {
				return nil, fmt.Errorf("record %d: %w", batch[i].at, err)
			}
			list = append(list, one)
		}
		return list, nil
	}, func(list []*loaded) error {
		for _, one := range list {
			if err := l.take(one); err != nil {
				return fmt.Errorf("record %d: %w", l.done+1, err)
			}
			if l.done++; progress != nil && l.done%1000 == 0 {
				progress(l.done)
			}
		}
		return nil
	})
	if err == nil && progress != nil {
		progress(l.done)
	}
	return err
}

// numbering gives each record its number and those of its events, and yields them in batches.
func (l *loading) numbering(records iter.Seq2[Record, error]) iter.Seq2[[]numbered, error] {
	return func(yield func([]numbered, error) bool) {
		at, batch := 0, make([]numbered, 0, loadBatch)
		for r, err := range records {
			if at++; err != nil {
				if len(batch) == 0 || yield(batch, nil) {
					yield(nil, fmt.Errorf("record %d: %w", at, err))
				}
				return
			}
			n := numbered{Record: r, at: at, first: l.last + 1}
			l.last += uint64(len(r.Events))
			if r.Application.Reference != "" {
				l.ids++
				n.id = l.ids << 1
			}
			if batch = append(batch, n); len(batch) == loadBatch {
				if !yield(batch, nil) {
					return
				}
				batch = make([]numbered, 0, loadBatch)
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// prepare makes everything of a record that needs no other.
func (l *loading) prepare(r *numbered) (*loaded, error) {
	one := &loaded{}
	if err := one.files(r.Files); err != nil {
		return nil, err
	}
	if r.Application.Reference != "" {
		if err := one.revisions(r, l.reviewers); err != nil {
			return nil, err
		}
	}
	for i := range r.Events {
		e := r.Events[i]
		e.Seq = r.first + uint64(i)
		body, err := json.Marshal(&e)
		if err != nil {
			return nil, err
		}
		one.event(&e, body)
	}
	if r.Certificate == nil {
		return one, nil
	}
	c := certificate{*r.Certificate, r.EnteredBy}
	if c.EnteredBy == "" {
		c.EnteredBy = r.Application.EnteredBy
	}
	return one, one.keepCertificate(&c, r.Copies)
}

// take writes what a record has become.
func (l *loading) take(one *loaded) error {
	for sha, data := range one.large {
		if err := l.pictures.write(sha, data); err != nil {
			return err
		}
	}
	for i := range one.late {
		if err := l.late.add(one.late[i].tree, one.late[i].key, one.late[i].value); err != nil {
			return err
		}
	}
	return l.builder.take(&one.made)
}

// revisions makes the application under its number, and what came before it.
func (one *loaded) revisions(r *numbered, reviewers []review.Account) error {
	if !review.ValidReference(r.Application.Reference) {
		return &review.RuleError{Code: "reference_form"}
	}
	body, err := json.Marshal(&r.Application)
	if err != nil {
		return err
	}
	one.application(r.id, &r.Application, body, reviewers)
	for i := range r.Earlier {
		if body, err = json.Marshal(&r.Earlier[i]); err != nil {
			return err
		}
		one.revision(r.id, &r.Earlier[i], body)
	}
	return nil
}

// event writes a last event.
func (l *loading) event(e *review.Event) error {
	l.last++
	e.Seq = l.last
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return l.one(func(m *made) { m.event(e, body) })
}

func (one *loaded) files(data map[string][]byte) error {
	for sha, bytes := range data {
		raw, ok := rawHash(sha)
		if !ok || hashOf(bytes) != sha {
			return fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
		}
		if len(bytes) <= smallBlob {
			one.derived = append(one.derived, entry{tree: blobs, key: raw, value: bytes})
			continue
		}
		if one.large == nil {
			one.large = map[string][]byte{}
		}
		one.large[sha] = bytes
	}
	return nil
}

// keepCertificate sets a certificate aside until all are known, since a later record may replace it.
func (one *loaded) keepCertificate(c *certificate, handed []review.Copy) error {
	if _, _, _, err := review.ParseNumber(c.Number); err != nil {
		return fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	body, err := json.Marshal(lateCertificate{c, handed})
	if err != nil {
		return err
	}
	one.late = append(one.late, entry{tree: certificates, key: []byte(c.Number), value: body})
	return nil
}

// lateCertificate is a certificate that waits with its ledger for its place.
type lateCertificate struct {
	Certificate *certificate
	Copies      []review.Copy
}

// putCertificates writes the certificates in the order of their numbers, each as it came last.
func (l *loading) putCertificates() error {
	return spread(l.standing(), func(batch []numberedCertificate) (*made, error) {
		m := &made{}
		for _, kept := range batch {
			if err := m.lateCertificate(kept.id, kept.value); err != nil {
				return nil, err
			}
		}
		return m, nil
	}, l.builder.take)
}

// numberedCertificate is a certificate with its id.
type numberedCertificate struct {
	id    uint64
	value []byte // a lateCertificate
}

// standing yields the certificates that are kept, with their ids.
func (l *loading) standing() iter.Seq2[[]numberedCertificate, error] {
	return func(yield func([]numberedCertificate, error) bool) {
		var last entry
		var batch []numberedCertificate
		put := func() {
			if last.key != nil {
				l.ids++
				batch = append(batch, numberedCertificate{l.ids<<1 | 1, last.value})
			}
		}
		for e, err := range l.late.sorted() {
			if err != nil {
				yield(nil, err)
				return
			}
			if string(e.key) != string(last.key) {
				put()
			}
			if last = e; len(batch) == batchRecords {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if put(); len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// lateCertificate makes a certificate that was kept with its ledger.
func (m *made) lateCertificate(id uint64, value []byte) error {
	var kept struct {
		Certificate json.RawMessage
		Copies      []review.Copy
	}
	var c certificate
	if err := json.Unmarshal(value, &kept); err != nil {
		return err
	}
	if err := json.Unmarshal(kept.Certificate, &c); err != nil {
		return err
	}
	m.certificate(id, &c, kept.Certificate)
	for i := range kept.Copies {
		line := kept.Copies[i]
		line.Certificate, line.Number = c.Number, i+1
		body, err := json.Marshal(&line)
		if err != nil {
			return err
		}
		m.copy(id, &line, body)
	}
	return nil
}
