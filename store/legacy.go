package store

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"rongzheng/review"
)

// LegacyCertificate is one certificate from the time before the register (formats §4), cleaned and checked by its reader.
type LegacyCertificate struct {
	// Number is of the form CD-2006-000002; any other is a RuleError certificate_number_form.
	Number string
	// Form holds what the sheet says, by field, options by code. id_type and id_number name the person;
	// certificate_valid_until is the last day of the validity, first_registered_on the day of first registration,
	// review_area the area.
	Form     review.Form
	Portrait []byte // prepared portrait (JPEG), nil for none
	// CommunityProof says that the sheet's keeper holds the proof of the community post.
	CommunityProof bool
}

// legacyBatch is how many certificates are taken in one transaction.
const legacyBatch = 200

// AddLegacy takes in certificates from the time before the register, each whole or not at all. It returns one answer per
// certificate: nil when it was taken; review.ErrAlready when exactly this was taken before; a RuleError when the number is
// another person's (certificate_number_taken) or was taken with other content (certificate_other_content), when the person
// holds another certificate (certificate_held), or when number or person are not well-formed (certificate_number_form,
// person_missing). The second result is for what stops the whole: no right, a full disk; the answers before it stand.
//
// Numbers given out later stay ahead of the ones taken in.
func (s *Store) AddLegacy(account string, certs []LegacyCertificate, now time.Time) ([]error, error) {
	answers := make([]error, 0, len(certs))
	for batch := range slices.Chunk(certs, legacyBatch) {
		var some []error
		portraits := largePortraits(batch)
		err := s.withFiles(slices.Collect(maps.Keys(portraits)), portraits, func(t *txn) error {
			by, err := t.account(account)
			if err != nil {
				return err
			}
			if err := by.May(review.ImportLegacy); err != nil {
				return err
			}
			some, err = t.addLegacies(by, batch, now)
			return err
		})
		if err != nil {
			return answers, fmt.Errorf("import certificates: %w", err)
		}
		answers = append(answers, some...)
	}
	return answers, s.dropUnused(certs, answers)
}

func largePortraits(certs []LegacyCertificate) map[string][]byte {
	portraits := map[string][]byte{}
	for _, c := range certs {
		if len(c.Portrait) > smallBlob {
			portraits[hashOf(c.Portrait)] = c.Portrait
		}
	}
	return portraits
}

// dropUnused removes the portraits that only refused certificates brought.
func (s *Store) dropUnused(certs []LegacyCertificate, answers []error) error {
	var refused []LegacyCertificate
	for i, answer := range answers {
		if answer != nil {
			refused = append(refused, certs[i])
		}
	}
	hashes := slices.Collect(maps.Keys(largePortraits(refused)))
	if len(hashes) == 0 {
		return nil
	}
	s.claims.take(hashes)
	return s.release(hashes, true)
}

func (t *txn) addLegacies(by review.Actor, certs []LegacyCertificate, now time.Time) ([]error, error) {
	answers := make([]error, len(certs))
	for i := range certs {
		c, err := legacyCertificate(&certs[i], t.s.policy, now)
		if err == nil {
			err = t.admitLegacy(&c)
		}
		if err != nil {
			answers[i] = about("certificate", certs[i].Number, err)
			continue
		}
		if err := t.putLegacy(by, &c, now); err != nil {
			return nil, err
		}
		if portrait := certs[i].Portrait; len(portrait) > 0 && len(portrait) <= smallBlob {
			if err := t.putBlob(c.Versions[0].Portrait, portrait); err != nil {
				return nil, err
			}
		}
	}
	return answers, nil
}

// admitLegacy refuses what the register has already, or has otherwise.
func (t *txn) admitLegacy(c *certificate) error {
	if _, ok := t.find(numbers, c.Number); ok {
		_, there, err := t.certificate(c.Number)
		switch {
		case err != nil:
			return err
		case sameLegacy(&there, c):
			return review.ErrAlready
		case there.Person == c.Person:
			return &review.RuleError{Code: "certificate_other_content", Args: review.Args{"certificate": c.Number}}
		}
		return &review.RuleError{Code: "certificate_number_taken", Args: review.Args{"certificate": c.Number}}
	}
	var f review.Facts
	if err := t.factsOfPerson(c.Person, &f); err != nil {
		return err
	}
	if held := f.Certificate; held != nil {
		return &review.RuleError{Code: "certificate_held", Args: review.Args{"certificate": held.Number}}
	}
	return nil
}

// sameLegacy reports whether the certificate began as exactly this record, whatever was added to it since.
func sameLegacy(there, c *certificate) bool {
	if there.Person != c.Person || len(there.Versions) == 0 {
		return false
	}
	was, is := &there.Versions[0], &c.Versions[0]
	return was.Reference == "" && maps.EqualFunc(was.Form, is.Form, slices.Equal) && was.Portrait == is.Portrait &&
		was.CommunityProof == is.CommunityProof && was.ValidUntil == is.ValidUntil
}

func (t *txn) putLegacy(by review.Actor, c *certificate, now time.Time) error {
	id, err := t.newID(true)
	if err != nil {
		return err
	}
	if err := t.putCertificate(id, nil, c); err != nil {
		return err
	}
	if err := t.stayAhead(c.Number); err != nil {
		return err
	}
	return t.putEvent(t.happened(by, review.Event{Action: review.ImportLegacy, Certificate: c.Number}, now))
}

// stayAhead moves the sequence of the number's year past it.
func (t *txn) stayAhead(number string) error {
	prefix, year, n, err := review.ParseNumber(number)
	if err != nil {
		return err
	}
	if n <= t.lastNumber(prefix, year) {
		return nil
	}
	return t.in(sequences).Put(sequenceKey(prefix, year), idKey(uint64(n)))
}

// legacyCertificate makes the record: its only version carries what the sheet says, as of the first day of its validity.
func legacyCertificate(l *LegacyCertificate, p *review.Policy, now time.Time) (certificate, error) {
	if _, _, _, err := review.ParseNumber(l.Number); err != nil {
		return certificate{}, &review.RuleError{Code: "certificate_number_form", Args: review.Args{"certificate": l.Number}}
	}
	person := review.PersonKey{Type: l.Form.Get("id_type"), Number: l.Form.Get("id_number")}
	if person.IsZero() || person.Type == "" {
		return certificate{}, &review.RuleError{Code: "person_missing", Args: review.Args{"certificate": l.Number}}
	}
	until := l.Form.Date("certificate_valid_until")
	v := review.CertificateVersion{
		Version: 1, ValidUntil: until, Policy: p.Version, Form: l.Form.Clone(), CommunityProof: l.CommunityProof,
		Area: l.Form.Get("review_area"), AreaLabel: p.AreaLabel(l.Form.Get("review_area")), Issuer: p.Issue.Issuer,
		SexLabel: optionLabel(p, "sex", l.Form), LevelLabel: optionLabel(p, "level", l.Form),
	}
	if !until.IsZero() {
		v.ValidFrom = review.ValidFromUntil(until, p.Issue.Years)
	}
	v.IssuedAt = firstTime(v.ValidFrom.Time(), l.Form.Date("first_registered_on").Time(), now)
	if len(l.Portrait) > 0 {
		v.Portrait = hashOf(l.Portrait)
	}
	return certificate{Certificate: review.Certificate{
		Number: l.Number, Person: person, FirstRegistered: l.Form.Date("first_registered_on"),
		Versions: []review.CertificateVersion{v}, Missing: review.MissingData(&v, p), Change: 1,
	}}, nil
}

func optionLabel(p *review.Policy, field review.Key, f review.Form) string {
	o, _ := p.Option(string(field), f.Get(field))
	return o.Label
}

// firstTime returns the first time that is known.
func firstTime(times ...time.Time) time.Time {
	i := slices.IndexFunc(times, func(t time.Time) bool { return !t.IsZero() })
	return times[i]
}
