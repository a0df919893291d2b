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
		if err := b.copyBasics(t); err != nil {
			return err
		}
		if err := fill(t, b); err != nil {
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

// loading is one bulk load under way.
type loading struct {
	*builder
	pictures  *bulkFiles
	ids, last uint64
	done      int
}

func (l *loading) records(records iter.Seq2[Record, error], progress func(done int)) error {
	for r, err := range records {
		if err == nil {
			err = l.record(&r)
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", l.done+1, err)
		}
		if l.done++; progress != nil && l.done%1000 == 0 {
			progress(l.done)
		}
	}
	if progress != nil {
		progress(l.done)
	}
	return nil
}

func (l *loading) record(r *Record) error {
	if err := l.files(r.Files); err != nil {
		return err
	}
	if r.Application.Reference != "" {
		if err := l.revisions(r); err != nil {
			return err
		}
	}
	for i := range r.Events {
		e := r.Events[i]
		if err := l.event(&e); err != nil {
			return err
		}
	}
	if r.Certificate == nil {
		return nil
	}
	c := certificate{*r.Certificate, r.EnteredBy}
	if c.EnteredBy == "" {
		c.EnteredBy = r.Application.EnteredBy
	}
	return l.keepCertificate(&c, r.Copies)
}

// revisions writes the application under the next id, and what came before it.
func (l *loading) revisions(r *Record) error {
	if !review.ValidReference(r.Application.Reference) {
		return &review.RuleError{Code: "reference_form"}
	}
	l.ids++
	id := l.ids << 1
	body, err := json.Marshal(&r.Application)
	if err != nil {
		return err
	}
	if err := l.application(id, &r.Application, body); err != nil {
		return err
	}
	for i := range r.Earlier {
		if body, err = json.Marshal(&r.Earlier[i]); err != nil {
			return err
		}
		if err := l.revision(id, &r.Earlier[i], body); err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) event(e *review.Event) error {
	l.last++
	e.Seq = l.last
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return l.builder.event(e, body)
}

func (l *loading) files(data map[string][]byte) error {
	for sha, bytes := range data {
		raw, ok := rawHash(sha)
		if !ok || hashOf(bytes) != sha {
			return fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
		}
		var err error
		if len(bytes) <= smallBlob {
			err = l.sort.add(blobs, raw, bytes)
		} else {
			err = l.pictures.write(sha, bytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keepCertificate sets a certificate aside until all are known, since a later record may replace it.
func (l *loading) keepCertificate(c *certificate, handed []review.Copy) error {
	if _, _, _, err := review.ParseNumber(c.Number); err != nil {
		return fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	body, err := json.Marshal(lateCertificate{c, handed})
	if err != nil {
		return err
	}
	return l.late.add(certificates, []byte(c.Number), body)
}

// lateCertificate is a certificate that waits with its ledger for its place.
type lateCertificate struct {
	Certificate *certificate
	Copies      []review.Copy
}

// putCertificates writes the certificates in the order of their numbers, each as it came last.
func (l *loading) putCertificates() error {
	var last entry
	put := func() error {
		if last.key == nil {
			return nil
		}
		l.ids++
		return l.putCertificate(l.ids<<1|1, last.value)
	}
	for e, err := range l.late.sorted() {
		if err != nil {
			return err
		}
		if string(e.key) != string(last.key) {
			if err := put(); err != nil {
				return err
			}
		}
		last = e
	}
	return put()
}

func (l *loading) putCertificate(id uint64, value []byte) error {
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
	if err := l.certificate(id, &c, kept.Certificate); err != nil {
		return err
	}
	for i := range kept.Copies {
		line := kept.Copies[i]
		line.Certificate, line.Number = c.Number, i+1
		body, err := json.Marshal(&line)
		if err != nil {
			return err
		}
		if err := l.copy(id, &line, body); err != nil {
			return err
		}
	}
	return nil
}
