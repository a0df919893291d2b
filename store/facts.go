package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

const (
	maxOthers = review.MostOthers
	// maxLooks is how many keys are looked at to find them.
	maxLooks = 16
)

// Facts returns what the register knows of the application, for showing the automatic checks. Decisions get what binds them
// inside their own transaction.
func (s *Store) Facts(reference string) (review.Facts, error) {
	var f review.Facts
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err != nil {
			return err
		}
		f, err = t.factsOf(&a)
		return err
	})
	return f, about("facts of", reference, err)
}

// factsOf gathers all that the register knows of the application, for showing it.
func (t *txn) factsOf(a *review.Application) (review.Facts, error) {
	f, err := t.bindingFacts(a)
	if err != nil || t.s.journal != nil {
		return f, err
	}
	return f, errors.Join(t.followed(a.Follows, &f), t.alike(a, &f))
}

// bindingFacts are those that can keep a decision from being made. Whose records are alike is a hint and no rule, and would
// cost more than the decision.
func (t *txn) bindingFacts(a *review.Application) (review.Facts, error) {
	if t.s.journal != nil {
		return t.toldFacts(a.Reference)
	}
	return t.facts(a.Kind, a.Form)
}

// facts gathers what the register knows of the person of a form, and what cannot be drawn of it.
func (t *txn) facts(kind review.Kind, form review.Form) (review.Facts, error) {
	f := review.Facts{}
	err := t.factsOfPerson(review.PersonKey{Type: form.Get("id_type"), Number: form.Get("id_number")}, &f)
	f.Undrawable = t.s.undrawable(kind, form, f.Certificate)
	return f, err
}

// followed finds the application that another one follows.
func (t *txn) followed(reference string, f *review.Facts) error {
	if _, ok := t.find(references, reference); !ok {
		return nil
	}
	_, a, err := t.application(reference)
	f.Followed = &a
	return err
}

// alike finds other persons' records that are like the application's, and who has told them apart.
func (t *txn) alike(a *review.Application, f *review.Facts) error {
	person := a.Applicant()
	return errors.Join(t.sameNumber(a.Form.Get("management_number"), person, f), t.sameFiles(a.Attachments, person, f),
		t.sameBirth(a.Form, person, f), t.checked(a, f))
}

// factsOfPerson finds the application in review and the certificate of the person. Of several certificates that stand,
// which is possible only where the policy closes renewal after expiry, the latest counts.
func (t *txn) factsOfPerson(person review.PersonKey, f *review.Facts) error {
	for id := range t.ofPerson(person, personInReview) {
		h, err := t.head(id)
		if err != nil {
			return err
		}
		f.InReview = h.reference
	}
	for id := range t.ofPerson(person, personCertificate) {
		c, err := t.certificateAt(id)
		switch {
		case err != nil:
			return err
		case c.Void:
		case !c.RevokedOn.IsZero():
			f.Revoked, f.RevokedOn = c.Number, c.RevokedOn
		default:
			f.Certificate = &c.Certificate
		}
	}
	return nil
}

// ofPerson yields the ids of the person's records of the kind, in the order in which they came.
func (t *txn) ofPerson(person review.PersonKey, kind byte) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		if person.IsZero() {
			return
		}
		for key := range keys(t.in(people), append(personKey(person), kind)) {
			if !yield(lastID(key)) {
				return
			}
		}
	}
}

// keys yields the keys of the bucket that begin with the prefix. They lie in the transaction's memory.
func keys(b *bolt.Bucket, prefix []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		c := b.Cursor()
		for key, _ := c.Seek(prefix); hasPrefix(key, prefix); key, _ = c.Next() {
			if !yield(key) {
				return
			}
		}
	}
}

func hasPrefix(key, prefix []byte) bool { return key != nil && bytes.HasPrefix(key, prefix) }

func lastID(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-idSize:]) }

// sameNumber finds other persons' records with the management number.
func (t *txn) sameNumber(management string, person review.PersonKey, f *review.Facts) error {
	code := plainCode(management)
	if code == "" {
		return nil
	}
	looks := 0
	for key := range keys(t.in(terms), []byte("k"+code[:min(len(code), maxTerm)]+"\x00")) {
		h, err := t.head(^lastID(key))
		if err != nil {
			return err
		}
		if name := h.called(); h.person() != person && plainCode(h.management) == code {
			f.SameManagementNumber = append(f.SameManagementNumber, name)
		}
		if looks++; looks == maxLooks || len(f.SameManagementNumber) == maxOthers {
			break
		}
	}
	return nil
}

// nameIfCertificate is the number of a certificate, "" for an application.
func (h *head) nameIfCertificate() string {
	if h.certified {
		return h.certificate
	}
	return ""
}

// sameFiles finds other persons' applications that hold the identical file.
func (t *txn) sameFiles(attached []review.Attachment, person review.PersonKey, f *review.Facts) error {
	for _, at := range attached {
		prefix, ok := fileKey(at.SHA256)
		if !ok {
			continue
		}
		others, err := t.othersWith(append(prefix, fileAttached), person)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			if f.SameFile == nil {
				f.SameFile = map[string][]string{}
			}
			f.SameFile[at.SHA256] = others
		}
	}
	return nil
}

func (t *txn) othersWith(prefix []byte, person review.PersonKey) ([]string, error) {
	var others []string
	looks := 0
	for key := range keys(t.in(files), prefix) {
		h, err := t.head(lastID(key))
		if err != nil {
			return nil, err
		}
		if h.person() != person {
			others = append(others, h.reference)
		}
		if looks++; looks == maxLooks || len(others) == maxOthers {
			break
		}
	}
	return others, nil
}

// undrawable finds what the certificate's font cannot draw. A completion's certificate carries the record besides.
func (s *Store) undrawable(kind review.Kind, form review.Form, held *review.Certificate) map[review.Key][]rune {
	if s.options.Drawable == nil {
		return nil
	}
	if kind == review.Completion && held != nil && held.Current() != nil {
		whole := held.Current().Form.Clone()
		maps.Copy(whole, form)
		form = whole
	}
	var missing map[review.Key][]rune
	for _, field := range review.Fields() {
		if !field.Print {
			continue
		}
		text := review.Show(&field, form, s.policy, review.Date{}, review.Chinese)
		runes := slices.DeleteFunc([]rune(text), s.options.Drawable)
		if len(runes) > 0 {
			if missing == nil {
				missing = map[review.Key][]rune{}
			}
			missing[field.Key] = runes
		}
	}
	return missing
}
