package ui

import (
	"errors"
	"strings"

	"rongzheng/review"
	"rongzheng/store"
)

// What the look-up asks of the register.

// lookups is what a certificate is looked up in.
type lookups interface {
	Known(account string, person review.PersonKey) (review.Known, error)
	CertificateOf(by review.Actor, person review.PersonKey) (review.Certificate, error)
}

// lookupAnswer is what the register says. The certificate that stands, or the one that was revoked, or several that the
// text fits; where it names a person, also which ways are open for them.
type lookupAnswer struct {
	certificate *review.Certificate
	several     []review.Certificate
	person      review.PersonKey // zero where only a name was given
	lacks       []review.Key     // what a completion would ask for
	ways        []review.Way     // for accounts that file
	shut        *review.Problem  // why the record cannot be completed now, nil when it can
	today       review.Date
	revealed    bool
	err         error
}

// lookup runs beside the screen and holds copies only.
type lookup struct {
	from   Register
	by     review.Actor
	policy *review.Policy
	today  review.Date
}

// mostFound is how many certificates a name may fit; more asks for more of the name.
const mostFound = 50

func (q lookup) find(text string) *lookupAnswer {
	number := review.CleanIdentity(text)
	if id, err := review.ParseIdentity(number, q.policy.ForeignersCard, q.today); err == nil {
		return q.person(review.PersonKey{Type: id.DocumentType, Number: id.Number})
	}
	if number = strings.ToUpper(strings.TrimSpace(review.HalfWidth(text))); isNumber(number) {
		return q.numbered(number)
	}
	page, err := q.from.Page(store.Queue{Name: store.Certificates, By: q.by, Text: text, Today: q.today}, "", true, mostFound)
	a := &lookupAnswer{today: q.today, err: err}
	for _, row := range page.Rows {
		if !row.Certificate.Void {
			a.several = append(a.several, *row.Certificate)
		}
	}
	if len(a.several) == 1 {
		return q.of(&a.several[0])
	}
	return a
}

func isNumber(text string) bool {
	_, _, _, err := review.ParseNumber(text)
	return err == nil
}

func (q lookup) numbered(number string) *lookupAnswer {
	c, err := q.from.Certificate(q.by, number)
	if err != nil {
		return &lookupAnswer{today: q.today, err: err}
	}
	return q.of(&c)
}

// of answers for the certificate: with the ways of its holder.
func (q lookup) of(c *review.Certificate) *lookupAnswer {
	a := q.person(c.Person)
	if a.certificate == nil || a.certificate.Number != c.Number {
		a.certificate, a.lacks, a.err = c, c.Missing, nil // an older one, or a number that is void
	}
	return a
}

func (q lookup) person(person review.PersonKey) *lookupAnswer {
	a := &lookupAnswer{person: person, today: q.today}
	c, err := lookups(q.from).CertificateOf(q.by, person)
	switch {
	case err == nil:
		a.certificate, a.lacks = &c, c.Missing
	case !errors.Is(err, review.ErrNotFound):
		a.err = err
	}
	if q.by.May(review.Submit) != nil || q.by.Role != review.Clerk {
		return a
	}
	known, err := lookups(q.from).Known(q.by.Name, person)
	if err != nil {
		a.err = errors.Join(a.err, err)
		return a
	}
	if a.certificate != nil && known.Facts.Certificate != nil && len(a.lacks) > 0 {
		a.lacks = known.ToComplete(q.policy, q.today)
	}
	a.ways = review.Ways(&known, q.policy, q.today)
	a.shut = review.WhyNot(review.Completion, known.Facts, q.policy, q.today)
	return a
}
