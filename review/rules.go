package review

import "strconv"

// Bounds of answers (domain §2).
const (
	leastAge      = 16
	mostAge       = 100
	mostYears     = 60
	firstExam     = 2008 // the first national examination of social workers
	firstSenior   = 2019 // the first examination of 高级社会工作师
	leastUsualAge = 18
	mostUsualAge  = 70
)

// worksInCommunity, postNeedsProof and wantsPaper are the conditions of the form's conditional rows.

func worksInCommunity(f Form, _ *Policy) bool { return f.Get("employer_type") == CommunityEmployer }

func postNeedsProof(f Form, p *Policy) bool {
	post, ok := p.Option("community_post", f.Get("community_post"))
	return ok && post.Proof
}

func wantsPaper(f Form, _ *Policy) bool { return f.Flag("mail_paper") }

// refuseUnless makes a check that refuses with the code what is not of the form.
func refuseUnless(form func(string) bool, target Key, code string) func(*Validation, string) {
	return func(v *Validation, value string) {
		if !form(value) {
			v.Refuse(target, code, nil)
		}
	}
}

func checkName(v *Validation, value string) { v.refuseRule("name", CheckName(value)) }

func checkIdentity(v *Validation, value string) {
	_, err := ParseIdentity(value, v.Policy.ForeignersCard, v.Today)
	v.refuseRule("id_number", err)
}

func checkDocumentType(v *Validation, value string) {
	if id, ok := v.identity(); ok && id.DocumentType != value {
		v.Refuse("id_type", "identity_type", nil)
	}
}

func checkSex(v *Validation, value string) {
	if id, ok := v.identity(); ok && id.Sex != value {
		v.Refuse("sex", "identity_sex", nil)
	}
}

// fillSex reads the sex out of the number.
func fillSex(f Form, p *Policy, day Date) string {
	id, err := ParseIdentity(f.Get("id_number"), p.ForeignersCard, day)
	if err != nil {
		return ""
	}
	return id.Sex
}

// dayText writes a day as answers hold it, "" for none.
func dayText(d Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// deriveAge reads the age out of the number, whatever cards the policy admits: whether it does is said of the number.
func deriveAge(f Form, day Date) string {
	id, err := ParseIdentity(f.Get("id_number"), true, day)
	if err != nil {
		return ""
	}
	return number(AgeOn(id.Birth, day))
}

func checkAge(v *Validation, value string) {
	age, err := strconv.Atoi(value)
	if err == nil && (age < leastAge || age > mostAge) {
		v.Refuse("age", "age_range", Args{"age": value, "min": number(leastAge), "max": number(mostAge)})
	}
}

func checkYears(v *Validation, _ string) {
	years, _ := v.Form.Number("years_in_social_work")
	if !v.within("years_in_social_work", years, 0, mostYears) {
		return
	}
	if id, ok := v.identity(); ok {
		if most := AgeOn(id.Birth, v.Today) - leastAge; years > max(most, 0) {
			v.Refuse("years_in_social_work", "years_age", Args{"max": number(max(most, 0))})
		}
	}
}

func checkExamYear(v *Validation, _ string) {
	year, _ := v.Form.Number("exam_year")
	if !v.within("exam_year", year, firstExam, v.Today.Year()) {
		return
	}
	if v.Form.Get("level") == SeniorLevel && year < firstSenior {
		v.Refuse("exam_year", "exam_level", Args{"min": number(firstSenior)})
	}
}

// within refuses a number outside the bounds and returns whether it lies inside.
func (v *Validation) within(target Key, n, least, most int) bool {
	inside := least <= n && n <= most
	if !inside {
		v.Refuse(target, "number_range", Args{"min": number(least), "max": number(most)})
	}
	return inside
}

func checkFirstRegistered(v *Validation, _ string) {
	day, until := v.Form.Date("first_registered_on"), v.Form.Date("certificate_valid_until")
	switch {
	case day.After(v.Today):
		v.Refuse("first_registered_on", "date_ahead", nil)
	case !until.IsZero() && !day.Before(until):
		v.Refuse("first_registered_on", "date_order", Args{"until": until.String()})
	}
}
