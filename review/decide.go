package review

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Approve records the approval of the level that the application waits for. Passing the last level approves the
// application: the store then issues its certificate in the same transaction. What the policy requires to be looked at and
// has not been (Facts.Unseen) refuses at every level, with a RuleError, unless it is stated. Before the last level, anything that a check marks
// Block, and anything that changed in the register since submission, refuses with a FormError or a RuleError.
func (a *Application) Approve(by Actor, p *Policy, f Facts, note string, now time.Time) (Event, error) {
	if err := a.Can(by, Approve); err != nil {
		return Event{}, err
	}
	if problems := checkNote(note, ""); len(problems) > 0 {
		return Event{}, &FormError{problems}
	}
	stated, err := f.looked()
	if err != nil {
		return Event{}, err
	}
	last := a.Level >= a.Levels
	if last {
		if err := a.issuable(p, f, now); err != nil {
			return Event{}, err
		}
	}
	level := a.Level
	a.Decisions = append(a.Decisions, a.decision(by, p, Approve, nil, note, now))
	a.ActedLevel = level
	if last {
		a.State, a.DueOn, a.DueEstimated = Approved, Date{}, false
	} else {
		a.Level++
		a.due(p)
	}
	return a.happened(by, p, Approve, level, now, func(e *Event) { e.Note, e.Stated = strings.TrimSpace(note), stated }), nil
}

// issuable is asked before the last level approves: a certificate is right or is not issued.
func (a *Application) issuable(p *Policy, f Facts, now time.Time) error {
	if problems := admission(a.Kind, a.Form, f, p, DateOf(a.SubmittedAt)); len(problems) > 0 {
		return &FormError{problems}
	}
	blocks := slices.DeleteFunc(Checks(a, p, f, DateOf(now)), func(c Problem) bool { return c.Severity != Block })
	if len(blocks) > 0 {
		return &FormError{blocks}
	}
	return nil
}

// Reject records the refusal of the level with its reasons, all of them coded (the Measures, art. 7: a refusal always
// carries reasons). Reasons that are not well-formed are refused with a FormError that names each.
func (a *Application) Reject(by Actor, p *Policy, reasons []Reason, note string, now time.Time) (Event, error) {
	if err := a.Can(by, Reject); err != nil {
		return Event{}, err
	}
	reasons = trimReasons(reasons)
	if problems := append(CheckReasons(p, a.Kind, reasons), checkNote(note, "")...); len(problems) > 0 {
		return Event{}, &FormError{problems}
	}
	a.Decisions = append(a.Decisions, a.decision(by, p, Reject, reasons, note, now))
	a.ActedLevel = a.Level
	a.State, a.DueOn, a.DueEstimated = Rejected, Date{}, false
	return a.happened(by, p, Reject, a.Level, now, func(e *Event) {
		e.Reasons, e.Note = slices.Clone(reasons), strings.TrimSpace(note)
	}), nil
}

func trimReasons(reasons []Reason) []Reason {
	trimmed := slices.Clone(reasons)
	for i := range trimmed {
		trimmed[i].Note = strings.TrimSpace(trimmed[i].Note)
	}
	return trimmed
}

// CheckReasons returns what is wrong with the reasons of a rejection: none at all, an unknown code, a field or
// attachment that is missing or that this kind of application does not have, a note that is missing or not plain text.
func CheckReasons(p *Policy, kind Kind, reasons []Reason) []Problem {
	if len(reasons) == 0 {
		return []Problem{{Refuse, "", "reasons_none", nil}}
	}
	var problems []Problem
	for _, r := range reasons {
		problems = append(problems, checkReason(p, kind, r)...)
	}
	return problems
}

func checkReason(p *Policy, kind Kind, r Reason) []Problem {
	known, ok := p.Reason(r.Code)
	if !ok {
		return []Problem{{Refuse, r.Target, "reason_unknown", Args{"code": r.Code}}}
	}
	var problems []Problem
	refuse := func(code string) {
		problems = append(problems, Problem{Refuse, r.Target, code, Args{"code": r.Code}})
	}
	field, ok := FieldOf(r.Target)
	switch {
	case r.Target == "" && known.Needs != "":
		refuse("reason_needs_" + known.Needs)
	case r.Target != "" && (!ok || field.Need(kind) == Never && field.Type != Derived):
		refuse("reason_target_unknown")
	case known.Needs == "attachment" && field.Type != File:
		refuse("reason_needs_attachment")
	case known.Needs == "field" && field.Type == File:
		refuse("reason_needs_field")
	}
	if known.Note && r.Note == "" {
		refuse("reason_needs_note")
	}
	return append(problems, checkNote(r.Note, r.Target)...)
}

// CheckNote refuses a note that is not one line of plain text, so that nothing typed can disturb a screen or a letter:
// a RuleError note_long for one of more than MaxText characters, note_text for any other.
func CheckNote(note string) error {
	switch err := CheckText(note); {
	case err == nil:
		return nil
	case utf8.RuneCountInString(note) > MaxText:
		return &RuleError{"note_long", Args{"max": number(MaxText)}}
	}
	return &RuleError{"note_text", nil}
}

// checkNote is CheckNote as a problem of what the note is about.
func checkNote(note string, target Key) []Problem {
	if rule, ok := errors.AsType[*RuleError](CheckNote(strings.TrimSpace(note))); ok {
		return []Problem{{Refuse, target, rule.Code, rule.Args}}
	}
	return nil
}

// Hold sets the application aside with a reason; its clock keeps running.
func (a *Application) Hold(by Actor, p *Policy, note string, now time.Time) (Event, error) {
	if err := a.Can(by, Hold); err != nil {
		return Event{}, err
	}
	note, err := RequiredNote(note)
	if err != nil {
		return Event{}, err
	}
	a.Held, a.HeldNote, a.ActedLevel = true, note, a.Level
	return a.happened(by, p, Hold, a.Level, now, func(e *Event) { e.Note = note }), nil
}

// Release ends a hold.
func (a *Application) Release(by Actor, p *Policy, now time.Time) (Event, error) {
	if err := a.Can(by, Release); err != nil {
		return Event{}, err
	}
	a.Held, a.HeldNote = false, ""
	return a.happened(by, p, Release, a.Level, now, nil), nil
}

// Reroute moves the application to another review area, with a reason. Only level 1 does so.
func (a *Application) Reroute(by Actor, p *Policy, area, note string, now time.Time) (Event, error) {
	if err := a.Can(by, Reroute); err != nil {
		return Event{}, err
	}
	note, err := RequiredNote(note)
	if err != nil {
		return Event{}, err
	}
	option, known := p.Option("area", area)
	switch {
	case !known || option.Disabled:
		return Event{}, &RuleError{"area_unknown", Args{"area": area}}
	case area == a.Area:
		return Event{}, &RuleError{"area_same", Args{"area": area}}
	}
	a.Area, a.ActedLevel = area, a.Level
	return a.happened(by, p, Reroute, a.Level, now, func(e *Event) { e.Note, e.Target = note, area }), nil
}

// TakeBack undoes the account's own decision while no later level has acted on it. At the last level it also undoes
// what the approval issued, unless that was printed or delivered; the store voids the number in the same transaction.
// Where the register has moved on (another application in review, a newer certificate version) it is a RuleError.
func (a *Application) TakeBack(by Actor, p *Policy, f Facts, note string, now time.Time) (Event, error) {
	if err := a.Can(by, TakeBack); err != nil {
		return Event{}, err
	}
	if err := a.undoable(f); err != nil {
		return Event{}, err
	}
	if problems := checkNote(note, ""); len(problems) > 0 {
		return Event{}, &FormError{problems}
	}
	last, _ := a.LastDecision()
	a.Decisions = a.Decisions[:len(a.Decisions)-1]
	a.State, a.Level, a.ActedLevel = InReview, last.Level, last.Level-1
	a.Certificate, a.CertificateVersion, a.Letter = "", 0, nil
	a.due(p)
	return a.happened(by, p, TakeBack, last.Level, now, func(e *Event) { e.Note = strings.TrimSpace(note) }), nil
}

func (a *Application) undoable(f Facts) error {
	switch {
	case a.State != InReview && f.InReview != "" && f.InReview != a.Reference:
		return &RuleError{"in_review", Args{"reference": f.InReview}}
	case a.State == Rejected && a.Kind == First && f.Certificate != nil:
		return &RuleError{"first_has_certificate", Args{"certificate": f.Certificate.Number}}
	case a.State == Approved && !currentFrom(f.Certificate, a.Reference):
		return &RuleError{"certificate_superseded", Args{"certificate": a.Certificate}}
	}
	return nil
}

func currentFrom(c *Certificate, reference string) bool {
	return c != nil && c.Current() != nil && c.Current().Reference == reference
}

// Withdraw ends the review on the applicant's wish, while nobody has decided (domain §1, rule 2).
func (a *Application) Withdraw(by Actor, p *Policy, now time.Time) (Event, error) {
	if err := a.Can(by, Withdraw); err != nil {
		return Event{}, err
	}
	return a.withdrawn(by, p, now), nil
}

// WithdrawByPackage is Withdraw where the applicant's wish came as a package that the account imports.
func (a *Application) WithdrawByPackage(by Actor, p *Policy, now time.Time) (Event, error) {
	if err := a.CanByPackage(by, Withdraw); err != nil {
		return Event{}, err
	}
	return a.withdrawn(by, p, now), nil
}

func (a *Application) withdrawn(by Actor, p *Policy, now time.Time) Event {
	a.State, a.Held, a.HeldNote, a.DueOn, a.DueEstimated = Withdrawn, false, "", Date{}, false
	return a.happened(by, p, Withdraw, a.Level, now, nil)
}

// due sets the last working day for the decision of the level that the application waits for.
func (a *Application) due(p *Policy) {
	a.DueOn, a.DueEstimated = p.Due(DateOf(a.SubmittedAt), a.Level)
}

func (a *Application) decision(by Actor, p *Policy, do Action, reasons []Reason, note string, now time.Time) Decision {
	return Decision{
		Level: a.Level, Action: do, By: by.Name, Person: by.Person, Office: by.Office, Role: by.Role, At: now,
		Policy: p.Version, Revision: a.Revision, Reasons: reasons, Note: strings.TrimSpace(note),
	}
}

// happened counts the change and describes it as an event.
func (a *Application) happened(by Actor, p *Policy, do Action, level int, now time.Time, add func(*Event)) Event {
	a.Version++
	a.ChangedAt, a.ChangedBy, a.ChangedTo = now, by.Name, do
	e := Event{
		At: now, By: by.Name, Office: by.Office, Role: by.Role, Action: do, Reference: a.Reference,
		Revision: a.Revision, Level: level, State: a.State, Policy: p.Version,
	}
	if add != nil {
		add(&e)
	}
	return e
}

// RequiredNote cleans a reason that has to be stated in words: a RuleError note_required where it is missing, those of
// CheckNote for what it says.
func RequiredNote(note string) (string, error) {
	note = strings.TrimSpace(note)
	if note == "" {
		return "", &RuleError{"note_required", nil}
	}
	return note, CheckNote(note)
}
