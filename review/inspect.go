package review

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sameAsRegister makes a check that tells when the answer differs from the register's record of the person.
func sameAsRegister(severity Severity) func(*Inspection) {
	return func(i *Inspection) {
		if i.Held == nil {
			return
		}
		if held := i.Held.Form.Get(i.field.Key); held != "" && i.answer() != "" && held != i.answer() {
			i.Find(severity, "register_differs", nil)
		}
	}
}

func inspectName(i *Inspection) {
	name := i.answer()
	if private := runesOf(name, IsPrivate); len(private) > 0 {
		i.Find(Warn, "name_private", Args{"characters": listRunes(private)})
	}
	if alike := runesOf(name, isLookAlike); len(alike) > 0 {
		i.Find(Warn, "name_lookalike", Args{"characters": listRunes(alike)})
	}
	if spaceBetweenHan(name) {
		i.Find(Warn, "name_space", nil)
	}
	i.shared("birth_shared", i.Facts.SameBirth, nil)
	sameAsRegister(Warn)(i)
}

// shared tells of records of other persons that are alike. What somebody has looked at and found to be another person or
// other material is a hint that says so.
func (i *Inspection) shared(code string, others []string, args Args) {
	var open []string
	looks := map[Checked][]string{}
	for _, other := range others {
		if look, ok := i.Facts.Checked[other]; ok {
			looks[look] = append(looks[look], other)
		} else {
			open = append(open, other)
		}
	}
	if len(open) > 0 {
		found := Args{"references": listReferences(open)}
		maps.Copy(found, args)
		i.Find(Warn, code, found)
	}
	order := func(a, b Checked) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.By, b.By)) }
	for _, look := range slices.SortedFunc(maps.Keys(looks), order) {
		i.Find(Info, "shared_checked", Args{"references": listReferences(looks[look]), "by": look.By, "on": look.On.String()})
	}
}

func spaceBetweenHan(name string) bool {
	runes := []rune(name)
	for at := 1; at+1 < len(runes); at++ {
		if runes[at] == ' ' && isIdeographic(runes[at-1]) && isIdeographic(runes[at+1]) {
			return true
		}
	}
	return false
}

func inspectAge(i *Inspection) {
	age, err := strconv.Atoi(i.field.Derive(i.Application.Form, i.Filed))
	if err == nil && (age < leastUsualAge || age > mostUsualAge) {
		args := Args{"age": number(age), "min": number(leastUsualAge), "max": number(mostUsualAge)}
		i.Find(Warn, "age_unusual", args)
	}
}

func inspectEducation(i *Inspection) {
	if i.answer() > lowestEducation {
		i.Find(Warn, "education_low", nil)
	}
}

// inspectCommunityPost holds the post against employer and proof. A completion states the post alone; its employer is
// the one of the record.
func inspectCommunityPost(i *Inspection) {
	if i.answer() == "" {
		return
	}
	form := i.Application.Form
	employer := form.Get("employer_type")
	if employer == "" && i.Held != nil {
		employer = i.Held.Form.Get("employer_type")
	}
	if employer != "" && employer != CommunityEmployer {
		i.Find(Warn, "community_employer", nil)
	}
	held := i.Held != nil && i.Held.CommunityProof
	if postNeedsProof(form, i.Policy) && !held && len(i.Application.Attached("community_proof")) == 0 {
		i.Find(Warn, "community_unproved", nil)
	}
}

// inspectExamYear holds the year against the level, and a first registration against the one year of the Measures,
// art. 4.
func inspectExamYear(i *Inspection) {
	year, ok := i.Application.Form.Number("exam_year")
	if !ok {
		return
	}
	if i.Application.Form.Get("level") == SeniorLevel && year < firstSenior {
		i.Find(Warn, "exam_level", Args{"min": number(firstSenior)})
	}
	if year < firstExam { // no year of an examination, which is refused elsewhere, has a last day
		return
	}
	deadline := i.Policy.FirstDeadline(year)
	if i.Application.Kind == First && i.Filed.After(deadline) {
		i.findBy(i.Policy.First.Late, "first_late", Args{"until": deadline.String()})
	}
}

// findBy finds with the severity that the policy's setting stands for, nothing for AllowExpired.
func (i *Inspection) findBy(setting AfterExpiry, code string, args Args) {
	switch setting {
	case WarnExpired:
		i.Find(Warn, code, args)
	case BlockExpired:
		i.Find(Block, code, args)
	}
}

func inspectManagementNumber(i *Inspection) {
	if i.answer() != "" && !usualManagementNumber(i.answer()) {
		i.Find(Warn, "management_unusual", nil)
	}
	i.shared("management_shared", i.Facts.SameManagementNumber, nil)
	sameAsRegister(Info)(i)
}

func inspectFirstRegistered(i *Inspection) {
	stated, c := i.Application.Form.Date("first_registered_on"), i.Facts.Certificate
	if c == nil || i.Held == nil || stated.IsZero() || c.FirstRegistered.IsZero() || stated == c.FirstRegistered {
		return
	}
	i.Find(Warn, "first_registered_differs", Args{"register": c.FirstRegistered.String()})
}

// latestEnd is the latest last day that a certificate can have on the day: one renewed as early as the window allows.
func (p *Policy) latestEnd(day Date) Date {
	return day.AddDays(p.Renewal.OpensDays).AddYears(p.Issue.Years)
}

// inspectValidUntil holds the stated last day against the register and the day of filing against the renewal window
// (domain §1, rule 4).
func inspectValidUntil(i *Inspection) {
	stated := i.Application.Form.Date("certificate_valid_until")
	until := stated
	if i.Held != nil && !i.Held.ValidUntil.IsZero() {
		until = i.Held.ValidUntil
	}
	if !stated.IsZero() && stated != until {
		i.Find(Warn, "expiry_differs", Args{"register": until.String()})
	}
	if latest := i.Policy.latestEnd(i.Filed); i.Application.Kind == Completion && stated.After(latest) {
		i.Find(Warn, "expiry_far", Args{"latest": latest.String()})
	}
	if i.Application.Kind != Renewal || until.IsZero() {
		return
	}
	if opens := i.Policy.RenewalOpens(until); i.Filed.Before(opens) {
		i.Find(Block, "renewal_early", Args{"from": opens.String(), "until": until.String()})
	}
	if i.Filed.After(until) {
		i.findBy(i.Policy.Renewal.AfterExpiry, "renewal_expired", Args{"until": until.String()})
	}
}

// inspectRecipient tells what the mail lacks; it is asked only when the certificate is to be mailed.
func inspectRecipient(i *Inspection) {
	if i.answer() == "" {
		i.Find(Warn, "recipient_incomplete", nil)
	}
}

// inspectRegion asks for a place that the post can find: down to a district or county.
func inspectRegion(i *Inspection) {
	if !strings.ContainsAny(i.answer(), "区县市旗") {
		i.Find(Warn, "recipient_incomplete", nil)
	}
}

// smallSide is the shorter side, in pixels, below which a picture cannot hold a legible document.
const smallSide = 240

// ratioTolerance is by how many percent a picture's ratio of width to height may differ; 3 : 4 is just within 5 : 7.
const ratioTolerance = 5

// files looks at the files of a slot.
func (i *Inspection) files() {
	for n, at := range i.Application.Attached(i.field.Key) {
		args := Args{"n": number(n + 1)}
		if at.Width > 0 && at.Height > 0 {
			i.size(&at, args)
		}
		if at.Dark {
			i.Find(Warn, "picture_dark", args)
		}
		if at.Blank {
			i.Find(Warn, "picture_blank", args)
		}
		i.shared("file_shared", i.Facts.SameFile[at.SHA256], args)
		if other, ok := i.earlier(i.field.Key, n, at.SHA256); ok {
			i.Find(Warn, "file_repeated", Args{"n": args["n"], "other": other.Label, "other_en": other.English})
		}
	}
}

// size holds a picture against the rule of its slot.
func (i *Inspection) size(at *Attachment, args Args) {
	rule := i.field.Picture
	size := Args{"n": args["n"], "width": number(at.Width), "height": number(at.Height)}
	switch {
	case at.Width < rule.Width || at.Height < rule.Height:
		size["min_width"], size["min_height"] = number(rule.Width), number(rule.Height)
		i.Find(Block, "portrait_small", size)
	case min(at.Width, at.Height) < smallSide:
		i.Find(Warn, "picture_small", size)
	}
	off := rule.RatioHeight*at.Width - rule.RatioWidth*at.Height
	if max(off, -off)*100 > rule.RatioWidth*at.Height*ratioTolerance {
		i.Find(Warn, "portrait_ratio", Args{
			"n": args["n"], "width": size["width"], "height": size["height"],
			"ratio": number(rule.RatioWidth) + " : " + number(rule.RatioHeight),
		})
	}
}

// earlier finds the file with the same content before the nth of the slot, in the order of the registry.
func (i *Inspection) earlier(slot Key, n int, sha256 string) (*Field, bool) {
	if sha256 == "" {
		return nil, false
	}
	for k := range registry {
		if registry[k].Type != File {
			continue
		}
		files := i.Application.Attached(registry[k].Key)
		if registry[k].Key == slot {
			files = files[:n]
		}
		if slices.ContainsFunc(files, func(at Attachment) bool { return at.SHA256 == sha256 }) {
			return &registry[k], true
		}
		if registry[k].Key == slot {
			break
		}
	}
	return nil, false
}
