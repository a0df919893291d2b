package review

import (
	"slices"
	"strings"
	"time"
)

// Filing is an application that is being typed at the counter (草稿). It is kept for the clerk who types it until it is
// submitted, and knows nothing that the clerk did not type, choose, attach or take over.
type Filing struct {
	Person PersonKey `json:"person"`
	Kind   Kind      `json:"kind"`
	// Reference and Revision are those of the withdrawn application that is edited; "" and 0 for a new application.
	Reference string `json:"reference,omitempty"`
	Revision  int    `json:"revision,omitempty"`
	Follows   string `json:"follows,omitempty"` // the rejected application that it follows
	// Form holds the answers as they were typed: only a submission cleans them.
	Form Form `json:"form,omitempty"`
	// Unconfirmed are the fields and slots whose content comes from an earlier record and has not been confirmed.
	Unconfirmed []Key        `json:"unconfirmed,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Consent     Consent      `json:"consent"`
	At          Key          `json:"at,omitempty"` // field that the cursor stood on
	StartedAt   time.Time    `json:"started_at"`
	ChangedAt   time.Time    `json:"changed_at"`
}

// FilingID tells the filings of one clerk apart.
type FilingID struct {
	Person PersonKey
	Kind   Kind
	Origin string // reference of the application that is edited or followed, "" for neither
}

// ID returns what tells the filing from the clerk's others.
func (f *Filing) ID() FilingID { return FilingID{f.Person, f.Kind, f.Reference + f.Follows} }

// Known is what the register knows of a person, as far as an account may see it.
type Known struct {
	Person PersonKey
	// Facts are what the rules ask. A certificate outside the account's scope is there without its answers.
	Facts Facts
	// Applications are the person's applications that the account sees, the latest first; Hidden counts the others.
	Applications []Application
	Hidden       int
	// InScope says that the account sees the certificate.
	InScope bool
}

// Name returns the person's name by the certificate, else by the latest application that states one; "" when nothing
// that the account sees does.
func (k *Known) Name() string {
	if v := k.record(); v != nil && v.Form.Get("name") != "" {
		return v.Form.Get("name")
	}
	for i := range k.Applications {
		if name := k.Applications[i].Form.Get("name"); name != "" {
			return name
		}
	}
	return ""
}

// record is the person's last approved record, nil where there is none that the account sees.
func (k *Known) record() *CertificateVersion {
	if c := k.Facts.Certificate; c != nil && k.InScope {
		return c.Current()
	}
	return nil
}

// StartFiling begins an application of the kind for the person: filled in from the last approved record, which the clerk
// has to confirm, and from the number. Of a completion only what the record lacks or holds in another form is to be done.
func StartFiling(k *Known, kind Kind, p *Policy, now time.Time) Filing {
	f := Filing{Person: k.Person, Kind: kind, Form: Form{}, StartedAt: now, ChangedAt: now}
	if v := k.record(); v != nil {
		for i := range registry {
			f.takeOver(&registry[i], k.Facts.Certificate, v)
		}
	}
	f.fillIn(p, DateOf(now))
	return f
}

// takeOver copies an answer of the record. What the register itself knows better, such as dates, comes from there.
func (f *Filing) takeOver(field *Field, c *Certificate, v *CertificateVersion) {
	if field.Need(f.Kind) == Never || field.Type == Derived || field.Type == File || field.Type == Moment {
		return
	}
	values := slices.Clone(v.Form[field.Key])
	if field.Register != nil {
		if value := field.Register(c); value != "" {
			values = []string{value}
		}
	}
	if f.Form.Set(field.Key, values...); len(f.Form[field.Key]) > 0 && f.doubts(field) {
		f.Unconfirmed = append(f.Unconfirmed, field.Key)
	}
}

// doubts reports whether an answer that was taken over has to be confirmed: a completion asks for what the record lacks,
// and leaves what it has alone unless the submission would bring it into another form.
func (f *Filing) doubts(field *Field) bool {
	if field.Person {
		return false
	}
	return f.Kind != Completion || !slices.Equal(Clean(f.Form)[field.Key], f.Form[field.Key])
}

// ToComplete lists what a completion of the person's record has to answer, hand in or confirm, the declarations left out:
// what the form asks for and what a look-up says is missing are the same. It is nil where the account sees no record or
// the record lacks nothing.
func (k *Known) ToComplete(p *Policy, today Date) []Key {
	if k.record() == nil || len(k.Facts.Certificate.Missing) == 0 {
		return nil
	}
	f, facts := StartFiling(k, Completion, p, today.Time()), k.Facts
	facts.InReview = "" // that keeps the completion out, and is not missing
	var keys []Key
	for _, problem := range f.Problems(facts, p, today.Time()) {
		field, ok := FieldOf(problem.Target)
		if ok && field.Type != Moment && !field.Person && !slices.Contains(keys, field.Key) {
			keys = append(keys, field.Key)
		}
	}
	if len(keys) == 0 { // the policy asks for less than when the record was taken in
		return k.Facts.Certificate.Missing
	}
	return keys
}

// fillIn answers what the number of the person tells, which needs no confirmation.
func (f *Filing) fillIn(p *Policy, day Date) {
	f.Form.Set("id_type", f.Person.Type)
	f.Form.Set("id_number", f.Person.Number)
	for i := range registry {
		field := &registry[i]
		if field.Fill == nil || field.Need(f.Kind) == Never {
			continue
		}
		if value := field.Fill(f.Form, p, day); value != "" {
			f.Form.Set(field.Key, value)
			f.Confirm(field.Key)
		}
	}
}

// AgainFrom begins the filing that edits a withdrawn application, or follows a rejected one. The form and the files come
// along; what the refusal named has to be confirmed or changed, and the applicant declares anew.
func AgainFrom(a *Application, p *Policy, now time.Time) Filing {
	f := Filing{
		Person: a.Applicant(), Kind: a.Kind, Form: a.Form.Clone(), Attachments: slices.Clone(a.Attachments),
		StartedAt: now, ChangedAt: now,
	}
	if a.State == Rejected {
		f.Follows = a.Reference
		for _, r := range a.Refusal() {
			if field, ok := FieldOf(r.Target); ok && field.Type != Moment && field.Type != Derived && !field.Person {
				f.Unconfirmed = append(f.Unconfirmed, r.Target)
			}
		}
		slices.Sort(f.Unconfirmed)
		f.Unconfirmed = slices.Compact(f.Unconfirmed)
	} else {
		f.Reference, f.Revision = a.Reference, a.Revision
	}
	f.fillIn(p, DateOf(now))
	return f
}

// Refusal returns the reasons of the rejection in force, nil when the application is not rejected.
func (a *Application) Refusal() []Reason {
	last, ok := a.LastDecision()
	if !ok || a.State != Rejected || last.Action != Reject {
		return nil
	}
	return last.Reasons
}

// Confirm says that the answer of the field, or the files of the slot, are right as they stand. It reports whether that
// was still to be said.
func (f *Filing) Confirm(key Key) bool {
	i := slices.Index(f.Unconfirmed, key)
	if i < 0 {
		return false
	}
	f.Unconfirmed = slices.Delete(slices.Clone(f.Unconfirmed), i, i+1)
	return true
}

// Attached returns the attachments of the slot in their order.
func (f *Filing) Attached(slot Key) []Attachment {
	a := Application{Attachments: f.Attachments}
	return a.Attached(slot)
}

// Submission returns what is submitted under the reference at the time: cleaned answers, and of answers and files only
// what the kind of application asks for. An edited application keeps its own reference.
func (f *Filing) Submission(reference string, p *Policy, now time.Time) Submission {
	s := Submission{
		Reference: reference, Revision: 1, Follows: f.Follows, Kind: f.Kind, SubmittedAt: now, Form: Clean(f.Form), Consent: f.Consent,
	}
	if f.Reference != "" {
		s.Reference, s.Revision = f.Reference, f.Revision+1
	}
	for i := range registry { // in the order of the registry: what one condition drops, the next does not see
		if asked, _ := registry[i].Asked(f.Kind, s.Form, p); !asked {
			delete(s.Form, registry[i].Key)
		}
	}
	for _, at := range f.Attachments {
		if field, ok := FieldOf(at.Slot); ok {
			if asked, _ := field.Asked(f.Kind, s.Form, p); asked {
				s.Attachments = append(s.Attachments, at)
			}
		}
	}
	return s
}

// counterCheck is the reference under which a filing is tried before it gets one.
const counterCheck = "X"

// Problems lists everything that keeps the filing from being submitted now, in the order of the form: what Accept would
// refuse, what has not been confirmed, and files that could never be approved. What only the register knows beyond the
// given facts, Accept finds.
func (f *Filing) Problems(facts Facts, p *Policy, now time.Time) []Problem {
	s := f.Submission(counterCheck, p, now)
	problems := s.content(facts, p, DateOf(now))
	problems = append(problems, f.unconfirmed(&s, p)...)
	for _, found := range f.Findings(facts, p, now) {
		if field, ok := FieldOf(found.Target); ok && field.Type == File && found.Severity == Block {
			problems = append(problems, found)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return placeOf(a.Target) - placeOf(b.Target) })
	return problems
}

// unconfirmed refuses answers that were taken over and that nobody has looked at. One that is not asked for any more
// needs no confirmation.
func (f *Filing) unconfirmed(s *Submission, p *Policy) []Problem {
	var problems []Problem
	for _, key := range f.Unconfirmed {
		field, ok := FieldOf(key)
		if !ok {
			continue
		}
		if asked, _ := field.Asked(f.Kind, s.Form, p); asked && (len(s.Form[key]) > 0 || len(f.Attached(key)) > 0 || field.Type == YesNo) {
			problems = append(problems, Problem{Refuse, key, "unconfirmed", nil})
		}
	}
	return problems
}

// Findings are the automatic checks of the filing as it stands (Checks), for the one who types it.
func (f *Filing) Findings(facts Facts, p *Policy, now time.Time) []Problem {
	s := f.Submission(counterCheck, p, now)
	a := Application{Reference: s.Reference, Kind: s.Kind, Form: s.Form, Attachments: s.Attachments, SubmittedAt: now}
	return Checks(&a, p, facts, DateOf(now))
}

// placeOf is the place of a field in the registry; what is about no field comes first.
func placeOf(key Key) int {
	return slices.IndexFunc(registry, func(f Field) bool { return f.Key == key })
}

// Expired reports whether the filing has lain untouched for longer than the policy keeps one.
func (f *Filing) Expired(p *Policy, now time.Time) bool {
	return now.After(f.ChangedAt.AddDate(0, 0, p.Counter.DraftDays))
}

// CounterReference makes the reference of the nth application of the day that was filed at the counter: the prefix, the
// day, four digits or more (CK202611250001).
func CounterReference(prefix string, day Date, n int) string {
	digits := number(n)
	return prefix + strings.ReplaceAll(day.String(), "-", "") + strings.Repeat("0", max(4-len(digits), 0)) + digits
}

// IsCounterReference reports whether the text is of the form of CounterReference. Nobody but a clerk brings a new
// application under such a reference in, so that the counter's numbers never meet the portal's.
func IsCounterReference(prefix, text string) bool {
	rest, ok := strings.CutPrefix(strings.ToUpper(text), prefix)
	return ok && prefix != "" && len(rest) >= 12 && isDigits(rest)
}
