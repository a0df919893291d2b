package demo

import (
	"time"

	"rongzheng/review"
)

// An oddity is one thing to find: a mistake that an automatic check points at, or a file that is not like the others.
type oddity struct {
	name string
	tale scenario
	// once says that there is only one such person.
	once bool
	// pair says that it needs the papers of the person before, who then waits at the first level.
	pair bool
	// lenient says that the application came in under the lenient policy.
	lenient bool
	person  func(b *builder, p *person)
	story   func(b *builder, s *story)
	record  func(form review.Form, until *review.Date)
	form    func(b *builder, s *story, form review.Form)
	files   func(f *folder)
}

// Oddities are frequent among the first people, so that each is met in a small demo, and rare later on.
const (
	oddityAt    = 4
	oddityEvery = 8
	oddityLater = 64
)

func (b *builder) oddityOf(index int) *oddity {
	every := oddityEvery
	if index >= fullPeople {
		every = oddityLater
	}
	if index%every != oddityAt {
		return nil
	}
	n := index / every
	o := &b.oddities[n%len(b.oddities)]
	if o.once && (n >= len(b.oddities) || every == oddityLater) {
		return nil
	}
	return o
}

func firsts(script string) scenario {
	return scenario{kind: review.First, filings: []string{script}}
}

func renewals(script string, from origin) scenario {
	return scenario{kind: review.Renewal, origin: from, filings: []string{script}}
}

var completions = scenario{kind: review.Completion, origin: recorded, filings: []string{""}}

// named gives the person another name.
func named(name string) func(*builder, *person) {
	return func(_ *builder, p *person) { p.name = name }
}

// set answers a field otherwise.
func set(key review.Key, value string) func(*builder, *story, review.Form) {
	return func(_ *builder, _ *story, form review.Form) { form.Set(key, value) }
}

// listOddities covers every check of package review that an accepted application can meet.
func listOddities() []oddity {
	return []oddity{
		{name: "a file of somebody else", tale: firsts(""), pair: true, files: (*folder).borrowCredential},
		{name: "somebody else's management number", tale: firsts(""), pair: true, form: func(b *builder, s *story, form review.Form) {
			before := b.plan(s.person.index - 1)
			form.Set("management_number", before.management())
		}},
		{name: "stated expiry is not the register's", tale: renewals("", recorded), form: func(_ *builder, s *story, form review.Form) {
			form.Set("certificate_valid_until", s.legacy.until.AddDays(31).String())
		}},
		{name: "private-use character", tale: firsts("aa"), person: func(_ *builder, p *person) {
			p.name, p.shown = "王\uE863", "王䶮" // where the character stood before it had a code of its own
		}},
		{name: "portrait too small", tale: firsts(""), files: func(f *folder) { f.shrink("portrait", 200, 280) }},
		{name: "dark photograph", tale: firsts(""), files: func(f *folder) { f.darken("credential_scan") }},
		{name: "late first registration", tale: firsts(""), story: func(_ *builder, s *story) { s.exam -= 3 }},
		{name: "the reviewer's own application", once: true, tale: firsts(""), person: func(b *builder, p *person) {
			self := reviewerPerson()
			p.name, p.sex, p.birth, p.idType, p.idNumber, p.ethnicity = self.name, self.sex, self.birth, self.idType, self.idNumber, "01"
			p.look = newLook(random(b.seed, p.index, streamLook), p.sex, 38)
		}},
		{name: "sideways photograph of a telephone", tale: firsts("a"), files: func(f *folder) { f.sideways("application_form") }},
		{name: "hours as PDF", tale: renewals("", recorded), files: func(f *folder) { f.asPDF("education_hours_proof") }},
		{name: "older than seventy", tale: renewals("", recorded), person: func(_ *builder, p *person) {
			p.birth = review.NewDate(1949, time.December, 31)
			p.idType, p.sex, p.idNumber = review.ResidentCard, review.Female, identityNumber("110105", p.birth, 1+p.index%serials, review.Female)
			p.education = "41"
		}},
		{name: "younger than eighteen", tale: firsts(""), person: func(b *builder, p *person) {
			p.birth = b.today.AddYears(-17).AddDays(-60 - p.index/oddityLater%200)
			p.idType, p.idNumber = review.ResidentCard, identityNumber("110101", p.birth, p.index%serials, p.sex)
			p.education, p.level, p.political = noMajor, "1", "03"
		}},
		{name: "portrait of the wrong shape", tale: firsts("a"), files: func(f *folder) { f.shrink("portrait", 420, 420) }},
		{name: "low education", tale: firsts(""), form: set("education", "90")},
		{name: "blank page", tale: renewals("a", recorded), files: func(f *folder) { f.blank("education_hours_proof") }},
		{name: "another name in the register", tale: renewals("", recorded), record: func(form review.Form, _ *review.Date) {
			form.Set("name", form.Get("name")+"（旧）")
			form.Set("level", "1")
			form.Set("management_number", "20120651010000000000")
		}, story: func(_ *builder, s *story) { s.level = "2" }},
		{name: "first registration is not the register's", tale: renewals("", recorded), form: func(_ *builder, s *story, form review.Form) {
			form.Set("first_registered_on", s.legacy.first.AddDays(-20).String())
		}},
		{name: "community post elsewhere", tale: completions, person: func(_ *builder, p *person) { p.employer.community = "43" },
			story:  func(_ *builder, s *story) { s.legacy.lacking = true },
			record: func(form review.Form, _ *review.Date) { form.Set("employer_type", "07") }},
		{name: "management number of another form", tale: firsts(""), form: func(_ *builder, s *story, form review.Form) {
			form.Set("management_number", "CD"+s.management()[:10])
		}},
		{name: "late renewal", tale: renewals("aa", recorded), story: func(b *builder, s *story) { s.expire(-12) }},
		{name: "no district to mail to", tale: firsts(""), person: func(_ *builder, p *person) { p.mail = true }, form: set("region", "四川")},
		{name: "one file twice", tale: firsts(""), files: func(f *folder) { f.repeat("id_card_front", "id_card_back") }},
		{name: "too small to read", tale: firsts(""), files: func(f *folder) { f.shrink("credential_scan", 212, 150) }},
		{name: "the register learned of it later", tale: renewals("a", recorded), story: func(b *builder, s *story) {
			s.legacy.late = true
			s.expire(20)
		}, record: func(form review.Form, until *review.Date) {
			*until = until.AddDays(365)
			form.Set("certificate_valid_until", until.String())
		}},
		{name: "compatibility ideograph", tale: firsts(""), person: func(_ *builder, p *person) { p.name, p.shown = "\uF9DC国栋", "隆国栋" }},
		{name: "ideograph without a glyph", tale: firsts("a"), person: named("陈\U0002EBF0")},
		{name: "space in a name", tale: firsts(""), person: func(_ *builder, p *person) { p.name, p.shown = "王 芳", "王芳" }},
		{name: "no proof of the post", tale: firsts("a"), lenient: true, person: func(_ *builder, p *person) {
			p.employer = employment{kind: review.CommunityEmployer, post: "04", community: "31", since: p.employer.since}
		}},
		{name: "somebody else's name and birth date", tale: firsts(""), pair: true, person: func(b *builder, p *person) {
			before := b.newPerson(p.index - 1)
			p.name, p.shown, p.sex, p.birth = before.name, before.shown, before.sex, before.birth
			p.idType, p.idNumber = review.ResidentCard, identityNumber("310101", p.birth, p.index%serials, p.sex)
			p.look = newLook(random(b.seed, p.index, streamLook), p.sex, review.AgeOn(p.birth, b.today))
		}},
	}
}

// expire moves the last day of the validity to so many days after the submission.
func (s *story) expire(days int) {
	filed := review.DateOf(s.filings[0].steps[0].at)
	s.legacy.until = filed.AddDays(days)
}

// policyAt returns the policy of the day: before the present one began, that of its year.
func (b *builder) policyAt(at time.Time) *review.Policy {
	day := review.DateOf(at)
	if earlier := b.earlier[day.Year()]; earlier != nil && day.Before(b.since) {
		return earlier
	}
	return b.policy
}
