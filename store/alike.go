package store

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"time"

	"rongzheng/review"
)

// Records of other persons that are like one: the same management number, the identical file, the same name and birth date.
// Who looks at two of them and finds that they are not the same records that, and the hint says so from then on.

// born is the birth date and the name, "" where the record does not tell both.
func (h *head) born() string {
	const from, until, length = 6, 14, 18
	if h.name == "" || len(h.idNumber) != length {
		return ""
	}
	return h.idNumber[from:until] + h.name
}

// sameBirth finds other persons' records with the name and birth date.
func (t *txn) sameBirth(form review.Form, person review.PersonKey, f *review.Facts) error {
	own := head{name: form.Get("name"), idNumber: person.Number}
	born := own.born()
	if born == "" {
		return nil
	}
	looks := 0
	for key := range keys(t.in(terms), []byte("b"+born[:min(len(born), maxTerm)]+"\x00")) {
		h, err := t.head(^lastID(key))
		if err != nil {
			return err
		}
		if h.person() != person && h.born() == born {
			f.SameBirth = append(f.SameBirth, h.called())
		}
		if looks++; looks == maxLooks || len(f.SameBirth) == maxOthers {
			break
		}
	}
	return nil
}

// called is the reference of an application, the number of a certificate.
func (h *head) called() string { return h.reference + h.nameIfCertificate() }

// checked finds who has looked at the other records and found that they are not the same.
func (t *txn) checked(a *review.Application, f *review.Facts) error {
	others := slices.Concat(f.SameManagementNumber, f.SameBirth)
	for _, some := range f.SameFile {
		others = append(others, some...)
	}
	if len(others) == 0 {
		return nil
	}
	slices.Sort(others)
	persons, err := t.toldApart(a.Reference, a.Revision)
	if err != nil {
		return err
	}
	for _, other := range slices.Compact(others) {
		h, err := t.headCalled(other)
		if err != nil {
			return err
		}
		look, ok := persons[h.person()]
		if !ok && !h.certified { // or from the other side
			back, err := t.toldApart(other, 0)
			if err != nil {
				return err
			}
			look, ok = back[a.Applicant()]
			ok = ok && !look.at.Before(a.SubmittedAt)
		}
		if ok && (h.certified || !look.at.Before(h.submitted())) {
			if f.Checked == nil {
				f.Checked = map[string]review.Checked{}
			}
			f.Checked[other] = review.Checked{By: look.by, On: review.DateOf(look.at)}
		}
	}
	return nil
}

// apart is when an account told two persons apart.
type apart struct {
	by string
	at time.Time
}

// toldApart returns the persons that somebody has told the application's apart from, and the latest look at each. A look
// counts for the revision that was seen; revision 0 is the present one.
func (t *txn) toldApart(reference string, revision int) (map[review.PersonKey]apart, error) {
	looks, err := t.looksOf(reference)
	if err != nil || len(looks) == 0 {
		return nil, err
	}
	if revision == 0 {
		_, a, err := t.application(reference)
		if err != nil {
			return nil, err
		}
		revision = a.Revision
	}
	found := map[review.PersonKey]apart{}
	for _, e := range looks {
		if e.Revision != revision {
			continue
		}
		h, err := t.headCalled(e.Target)
		if err != nil {
			return nil, err
		}
		found[h.person()] = apart{e.By, e.At}
	}
	return found, nil
}

// notSame is what the record of a look at two records has in it. A note may have it too, so that it only says which events
// are worth taking apart: hardly any is.
var notSame = []byte(`"action":"` + string(review.NotSame) + `"`)

// looksOf returns the events that have told the application's person apart from others, oldest first.
func (t *txn) looksOf(reference string) ([]review.Event, error) {
	var list []review.Event
	for key := range keys(t.in(log), appendText([]byte{'r'}, reference)) {
		if value := t.in(events).Get(key[len(key)-idSize:]); value != nil && !bytes.Contains(value, notSame) {
			continue
		}
		e, err := t.event(lastID(key))
		if err != nil {
			return nil, err
		}
		if e.Action == review.NotSame {
			list = append(list, e)
		}
	}
	return list, nil
}

// headCalled reads the head of an application by its reference, of a certificate by its number.
func (t *txn) headCalled(name string) (head, error) {
	id, ok := t.find(references, name)
	if !ok {
		id, ok = t.find(numbers, name)
	}
	if !ok {
		return head{}, review.ErrNotFound
	}
	return t.head(id)
}

// submitted is when the application was submitted.
func (h *head) submitted() time.Time { return time.UnixMicro(int64(^h.all)) }

// checkOther refuses to tell an application apart from what is not there, not of another person, or not in sight: nobody
// has compared what they do not see.
func (t *txn) checkOther(by review.Actor, e *review.Event) error {
	if e.Action != review.NotSame {
		return nil
	}
	if e.Reference == "" || e.Target == "" {
		return review.ErrNotFound
	}
	_, a, err := t.application(e.Reference)
	if err != nil {
		return err
	}
	h, err := t.headCalled(e.Target)
	if err != nil {
		return err
	}
	if h.person() == a.Applicant() {
		return &review.RuleError{Code: "same_person", Args: review.Args{"reference": e.Target}}
	}
	if h.certified {
		_, c, err := t.certificate(e.Target)
		if err != nil {
			return err
		}
		return by.SeesCertificate(&c.Certificate, c.EnteredBy)
	}
	return by.Sees(&review.Application{Area: h.area, EnteredBy: h.entered})
}

// Alike is a record of another person that is like an application.
type Alike struct {
	// Name is the reference of an application, the number of a certificate.
	Name string
	// Codes are those of the checks that found it: management_shared, birth_shared, file_shared.
	Codes []string
	// Checked tells who has found that it is not the same; the zero Checked when nobody has.
	Checked review.Checked
	// Application or Certificate is the record, both nil where it lies outside of the account's scope.
	Application *review.Application
	Certificate *review.Certificate
}

// Alike returns the records of other persons that the checks of the application name, those that nobody has told apart
// first. What the account may not see has a name and nothing else. A DeniedError outside the account's scope.
func (s *Store) Alike(by review.Actor, reference string) ([]Alike, error) {
	var list []Alike
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err != nil {
			return err
		}
		if err := by.Sees(&a); err != nil {
			return err
		}
		f, err := t.factsOf(&a)
		if err != nil {
			return err
		}
		codes := map[string][]string{}
		add := func(code string, names []string) {
			for _, name := range names {
				if !slices.Contains(codes[name], code) {
					codes[name] = append(codes[name], code)
				}
			}
		}
		add("management_shared", f.SameManagementNumber)
		add("birth_shared", f.SameBirth)
		for _, names := range f.SameFile {
			add("file_shared", names)
		}
		for _, name := range slices.Sorted(maps.Keys(codes)) {
			one := Alike{Name: name, Codes: codes[name], Checked: f.Checked[name]}
			if err := t.fill(by, &one); err != nil {
				return err
			}
			list = append(list, one)
		}
		open := func(one Alike) bool { return one.Checked == review.Checked{} }
		slices.SortStableFunc(list, func(a, b Alike) int {
			switch {
			case open(a) == open(b):
				return 0
			case open(a):
				return -1
			}
			return 1
		})
		return nil
	})
	return list, about("what is like", reference, err)
}

// fill reads the record, where the account may see it.
func (t *txn) fill(by review.Actor, one *Alike) error {
	if _, ok := t.find(references, one.Name); ok {
		_, a, err := t.application(one.Name)
		if err != nil {
			return err
		}
		if err := by.Sees(&a); !errors.Is(err, review.ErrDenied) {
			one.Application = &a
			return err
		}
		return nil
	}
	_, c, err := t.certificate(one.Name)
	if err != nil {
		return err
	}
	if err := by.SeesCertificate(&c.Certificate, c.EnteredBy); !errors.Is(err, review.ErrDenied) {
		one.Certificate = &c.Certificate
		return err
	}
	return nil
}
