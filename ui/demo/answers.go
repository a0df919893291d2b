package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rongzheng/review"
)

// management is the number of the professional certificate.
func (s *story) management() string {
	return fmt.Sprintf("%04d0651%02s%010d", s.exam, s.level, s.person.index)
}

// answers fills the form of a filing in. held is the register's certificate, nil for none.
func (b *builder) answers(s *story, f *filing, held *review.Certificate) review.Form {
	p := &s.person
	form := review.Form{"id_type": {p.idType}, "id_number": {p.idNumber}, "fields": p.fields, "delegate_roles": p.delegate, "honours": p.honours}
	form.Set("community_post", p.employer.community)
	first, until := s.validity(held)
	if f.kind == review.Completion {
		form.Set("community_post", p.communityPost())
		form.Set("certificate_valid_until", until.String())
		b.answerRest(form, f)
		return form.Clone()
	}
	for key, value := range map[review.Key]string{
		"name": p.name, "mobile": p.mobile, "sex": p.sex, "ethnicity": p.ethnicity, "political_status": p.political,
		"education": p.education, "major": p.major, "address": p.address,
		"employer_type": p.employer.kind, "post_category": p.employer.post,
		"years_in_social_work": strconv.Itoa(p.yearsOn(review.DateOf(f.steps[0].at))),
		"level":                s.level, "exam_year": strconv.Itoa(s.exam), "management_number": s.management(), "review_area": p.area,
	} {
		form.Set(key, value)
	}
	if f.kind == review.Renewal {
		form.Set("first_registered_on", first.String())
		form.Set("certificate_valid_until", until.String())
	}
	if p.mail {
		form.Set("mail_paper", "true")
		form.Set("recipient", p.name)
		form.Set("recipient_phone", p.mobile)
		form.Set("region", "四川省成都市"+p.district)
		form.Set("street_address", strings.TrimPrefix(p.address, "四川省成都市"+p.district))
	}
	b.answerRest(form, f)
	return form.Clone()
}

// answerRest answers what the form requires and made-up people know nothing of, so that a field that is new in the registry
// is answered here as well. A question of yes or no that is not answered is a no.
func (b *builder) answerRest(form review.Form, f *filing) {
	policy := b.policyAt(f.steps[0].at)
	for _, field := range review.Fields() {
		if _, required := field.Asked(f.kind, form, policy); !required || form.Get(field.Key) != "" {
			continue
		}
		switch field.Type {
		case review.Text:
			form.Set(field.Key, "无")
		case review.Number:
			form.Set(field.Key, "1")
		case review.Day:
			form.Set(field.Key, review.DateOf(f.steps[0].at).String())
		case review.Choice, review.Choices:
			form.Set(field.Key, policy.Options[field.Options][0].Code)
		}
	}
}

// validity returns the day of first registration and the last day of the present validity, as the applicant knows them.
func (s *story) validity(held *review.Certificate) (first, until review.Date) {
	if s.legacy != nil {
		return s.legacy.first, s.legacy.until
	}
	if held != nil {
		return held.FirstRegistered, held.ValidUntil()
	}
	return review.Date{}, review.Date{}
}

// otherPost is 其他 in the list of community posts: what a completion states for people who work elsewhere.
const otherPost = "99"

func (p *person) communityPost() string {
	if p.employer.community == "" {
		return otherPost
	}
	return p.employer.community
}

// yearsOn counts the years in social work.
func (p *person) yearsOn(day review.Date) int {
	return min(max(day.Year()-p.employer.since, 0), max(review.AgeOn(p.birth, day)-16, 0))
}

// record makes the certificate from before the register. What an incomplete one lacks differs from person to person.
func (b *builder) record(s *story, number string, portrait string) review.Certificate {
	p, l := &s.person, s.legacy
	form := review.Form{
		"name": {p.name}, "sex": {p.sex}, "id_type": {p.idType}, "id_number": {p.idNumber}, "level": {s.level},
		"management_number": {s.management()}, "first_registered_on": {l.first.String()}, "review_area": {p.area},
		"certificate_valid_until": {l.until.String()}, "community_post": {p.communityPost()},
		"fields": slices.Clone(p.fields), "delegate_roles": slices.Clone(p.delegate), "honours": slices.Clone(p.honours),
	}
	until, proof := l.until, true
	if l.lacking {
		proof = false
		portrait = ""
		for i, key := range []review.Key{"honours", "delegate_roles", "fields", "community_post"} {
			if p.index>>i&1 == 0 {
				form.Set(key)
			}
		}
		if p.index%5 == 0 {
			until = review.Date{}
			form.Set("certificate_valid_until")
		}
	}
	if s.oddity != nil && s.oddity.record != nil {
		s.oddity.record(form, &until)
	}
	v := review.CertificateVersion{
		Version: 1, ValidUntil: until, IssuedAt: l.first.Time(), Policy: b.policyAt(b.now).Version, Form: form,
		Area: p.area, AreaLabel: p.district, SexLabel: b.label("sex", p.sex), LevelLabel: b.label("level", form.Get("level")),
		Issuer: b.policy.Issue.Issuer, Portrait: portrait, CommunityProof: proof,
	}
	if !until.IsZero() {
		v.ValidFrom = until.AddYears(-b.policy.Issue.Years).AddDays(1)
		v.IssuedAt = v.ValidFrom.Time()
	}
	return review.Certificate{
		Number: number, Person: p.key(), FirstRegistered: form.Date("first_registered_on"),
		Versions: []review.CertificateVersion{v}, Missing: review.MissingData(&v, b.policy), Change: 1,
	}
}
