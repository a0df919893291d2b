package review

import (
	"maps"
	"regexp"
	"slices"
	"time"
)

// Submission is what arrives at the border: one revision of an application as the portal or the counter hands it over.
// The form is cleaned (Clean) and its attachments are inspected before it gets here.
type Submission struct {
	Reference   string
	Revision    int
	Follows     string
	Kind        Kind
	SubmittedAt time.Time
	Form        Form
	Consent     Consent
	Attachments []Attachment
}

// ValidReference tells whether a text can be a reference: 1 to 40 letters, digits and dashes. References name
// folders, keys and files, so nothing else gets in.
var ValidReference = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,39}$`).MatchString

// clockSkew is how far ahead of the desk's clock a sender's may be.
const clockSkew = 10 * time.Minute

// Accept (受理) takes a submission into review and returns the application. present is what is stored under the reference
// now, nil for a new one. The very same submission again is ErrAlready; everything that is wrong with it comes at once
// as a FormError; an account that may not file gets a DeniedError.
func Accept(by Actor, s Submission, present *Application, f Facts, p *Policy, now time.Time) (Application, Event, error) {
	if err := mayAccept(by, present); err != nil {
		return Application{}, Event{}, err
	}
	if f.SameRevision != nil && s.sameAs(f.SameRevision) {
		return Application{}, Event{}, ErrAlready
	}
	if problems := s.problems(by, present, f, p, now); len(problems) > 0 {
		return Application{}, Event{}, &FormError{problems}
	}
	if present != nil {
		if err := canResubmit(by, present); err != nil {
			return Application{}, Event{}, err
		}
	}
	a := s.application(by, present, f, p)
	return a, a.happened(by, p, Submit, 0, now, nil), nil
}

// mayAccept: a clerk files at the counter; who may import carries in what the applicant filed on the portal, the
// portal's account only under references of its own.
func mayAccept(by Actor, present *Application) error {
	if by.Role == Clerk {
		return by.May(Submit)
	}
	if err := by.May(Import); err != nil {
		return err
	}
	if present != nil && by.Role == Portal && present.EnteredBy != by.Name {
		return deny(Import, "import_other", nil)
	}
	return nil
}

func canResubmit(by Actor, present *Application) error {
	if by.Role == Clerk {
		return present.Can(by, Submit)
	}
	return present.CanByPackage(by, Submit)
}

// problems lists everything that keeps the submission out.
func (s *Submission) problems(by Actor, present *Application, f Facts, p *Policy, now time.Time) []Problem {
	today := DateOf(s.SubmittedAt)
	if today.IsZero() { // envelope says so; the form is held against the present day
		today = DateOf(now)
	}
	problems := s.envelope(present, f, now)
	if present == nil && by.Role != Clerk && IsCounterReference(p.Counter.Prefix, s.Reference) {
		problems = append(problems, Problem{Refuse, "", "reference_counter", nil})
	}
	return append(problems, s.content(f, p, today)...)
}

// content checks the form with what the register says of the person.
func (s *Submission) content(f Facts, p *Policy, today Date) []Problem {
	problems := Validate(s.Kind, s.Form, s.Consent, s.Attachments, p, today)
	if s.Kind == Completion && f.Certificate != nil && f.Certificate.Current() != nil {
		problems = unheld(problems, f.Certificate.Current())
	}
	if f.InReview != "" && f.InReview != s.Reference {
		problems = append(problems, Problem{Refuse, "id_number", "in_review", Args{"reference": f.InReview}})
	}
	return append(problems, admission(s.Kind, s.Form, f, p, today)...)
}

// unheld leaves out that an attachment is missing which the record has: a completion adds to the record (domain §1), and
// its approval keeps what it does not bring.
func unheld(problems []Problem, record *CertificateVersion) []Problem {
	return slices.DeleteFunc(problems, func(p Problem) bool { return p.Code == "required" && record.Holds(p.Target) })
}

// envelope checks what surrounds the form: reference, revision, time, the application that it replaces or follows.
func (s *Submission) envelope(present *Application, f Facts, now time.Time) []Problem {
	var problems []Problem
	refuse := func(code string, args Args) { problems = append(problems, Problem{Refuse, "", code, args}) }
	switch {
	case !ValidReference(s.Reference):
		refuse("reference_form", nil)
	case s.Revision < 1:
		refuse("revision_form", nil)
	case f.SameRevision != nil:
		refuse("revision_taken", Args{"revision": number(s.Revision)})
	}
	if s.SubmittedAt.IsZero() || s.SubmittedAt.After(now.Add(clockSkew)) {
		refuse("submitted_ahead", nil)
	}
	if present != nil && f.SameRevision == nil {
		problems = append(problems, s.replaces(present)...)
	}
	return append(problems, s.follows(f)...)
}

// replaces: a higher revision of a withdrawn or rejected application is its resubmission, by the same person.
func (s *Submission) replaces(present *Application) []Problem {
	switch {
	case s.Revision < present.Revision:
		return []Problem{{Refuse, "", "revision_old", Args{"revision": number(present.Revision)}}}
	case present.State == InReview:
		return []Problem{{Refuse, "", "revision_in_review", Args{"reference": present.Reference}}}
	case present.State == Approved:
		return []Problem{{Refuse, "", "revision_approved", Args{"reference": present.Reference}}}
	case present.Applicant() != s.applicant():
		return []Problem{{Refuse, "id_number", "person_other", Args{"reference": present.Reference}}}
	case present.Kind != s.Kind:
		return []Problem{{Refuse, "", "kind_other", Args{"reference": present.Reference}}}
	}
	return nil
}

func (s *Submission) follows(f Facts) []Problem {
	switch {
	case s.Follows == "":
		return nil
	case f.Followed == nil:
		return []Problem{{Refuse, "", "follows_unknown", nil}}
	case f.Followed.State != Rejected || f.Followed.Applicant() != s.applicant() || s.Follows == s.Reference:
		return []Problem{{Refuse, "", "follows_not_rejected", Args{"reference": s.Follows}}}
	}
	return nil
}

func (s *Submission) applicant() PersonKey {
	return PersonKey{Type: s.Form.Get("id_type"), Number: s.Form.Get("id_number")}
}

// admission holds the rules of domain §1 that ask the register what the person has: who may apply for what, and when.
func admission(kind Kind, form Form, f Facts, p *Policy, today Date) []Problem {
	switch kind {
	case First:
		return admitFirst(f, p, today)
	case Renewal:
		return admitRenewal(form, f, p, today)
	case Completion:
		return admitCompletion(f)
	}
	return nil
}

// admitFirst: rule 5. Where the policy closes renewal after expiry, first registration is the way that stays open.
func admitFirst(f Facts, p *Policy, today Date) []Problem {
	c := f.Certificate
	if c == nil || p.Renewal.AfterExpiry == BlockExpired && c.State(today) == Expired {
		return nil
	}
	return []Problem{{Refuse, "", "first_has_certificate", Args{"certificate": c.Number}}}
}

// admitRenewal: rule 4, by the register's date, else by the date stated on the form.
func admitRenewal(form Form, f Facts, p *Policy, today Date) []Problem {
	if f.Revoked != "" && f.Certificate == nil {
		return []Problem{{Refuse, "", "certificate_revoked_held", Args{"certificate": f.Revoked}}}
	}
	until := RenewedFrom(form, f.Certificate)
	if until.IsZero() {
		return nil // the form lacks the date: Validate says so
	}
	if opens := p.RenewalOpens(until); today.Before(opens) {
		return []Problem{{Refuse, "certificate_valid_until", "renewal_early", Args{"from": opens.String(), "until": until.String()}}}
	}
	if today.After(until) && p.Renewal.AfterExpiry == BlockExpired {
		return []Problem{{Refuse, "certificate_valid_until", "renewal_expired", Args{"until": until.String()}}}
	}
	return nil
}

// RenewedFrom returns the last day of the validity that a renewal follows: the register's where it knows one, else the
// date stated on the form.
func RenewedFrom(form Form, held *Certificate) Date {
	if held != nil && !held.ValidUntil().IsZero() {
		return held.ValidUntil()
	}
	return form.Date("certificate_valid_until")
}

func admitCompletion(f Facts) []Problem {
	switch {
	case f.Certificate == nil:
		return []Problem{{Refuse, "", "completion_no_certificate", nil}}
	case len(f.Certificate.Missing) == 0:
		return []Problem{{Refuse, "", "completion_not_needed", Args{"certificate": f.Certificate.Number}}}
	}
	return nil
}

// application makes the record in review: a new one, or the next revision of the present one.
func (s *Submission) application(by Actor, present *Application, f Facts, p *Policy) Application {
	a := Application{
		Reference: s.Reference, Revision: s.Revision, Follows: s.Follows, Kind: s.Kind, State: InReview,
		Level: 1, Levels: len(p.Levels), Area: s.Form.Get("review_area"), SubmittedAt: s.SubmittedAt,
		EnteredBy: by.Name, EnteredPerson: by.Person, EnteredRole: by.Role,
		Form: s.Form.Clone(), Consent: s.Consent, Attachments: slices.Clone(s.Attachments), Policy: p.Version,
	}
	if a.Area == "" && f.Certificate != nil { // a completion is reviewed where the record lies
		a.Area = f.Certificate.Current().Area
	}
	a.Unchanged = unchanged(s.Kind, s.Form, heldBefore(f.Certificate, s.Reference), DateOf(s.SubmittedAt))
	if present != nil {
		a.Version = present.Version
		a.Earlier = slices.Concat(cloneDecisions(present.Earlier), cloneDecisions(present.Decisions))
		a.EnteredEarlier = enteredEarlier(present)
	}
	a.due(p)
	return a
}

// enteredEarlier lists who entered the present revision and those before it, each once.
func enteredEarlier(present *Application) []Filer {
	last := Filer{present.EnteredBy, present.EnteredPerson}
	if slices.Contains(present.EnteredEarlier, last) {
		return slices.Clone(present.EnteredEarlier)
	}
	return append(slices.Clone(present.EnteredEarlier), last)
}

// sameAs tells whether the stored revision holds exactly what is submitted.
func (s *Submission) sameAs(a *Application) bool {
	sameFile := func(x, y Attachment) bool { return x.Slot == y.Slot && x.SHA256 == y.SHA256 && x.File == y.File }
	return a.Kind == s.Kind && a.Follows == s.Follows && a.SubmittedAt.Equal(s.SubmittedAt) &&
		a.Consent.Privacy.Equal(s.Consent.Privacy) && a.Consent.Truth.Equal(s.Consent.Truth) &&
		maps.EqualFunc(a.Form, s.Form, slices.Equal) && slices.EqualFunc(a.Attachments, s.Attachments, sameFile)
}
