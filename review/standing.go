package review

import (
	"slices"
	"strings"
	"time"
)

// Proposal is a change of a certificate's standing that one person has proposed: it does nothing until another confirms it
// (domain §8: revoked, with reason and day). The law says nothing of who may; here administrators and reviewers of the last
// level, which issues certificates, propose and confirm, each in their scope and never about their own certificate. All
// three changes need the second person: a restoration and a correction could do as much harm as a revocation.
type Proposal struct {
	Action Action `json:"action"`           // Revoke, Reinstate or Correct
	Reason string `json:"reason,omitempty"` // ground of a revocation, by code
	On     Date   `json:"on,omitzero"`      // day from which it is revoked; today where nobody says otherwise
	Note   string `json:"note,omitempty"`
	// Form holds the corrected answers, by field; only printed ones can be corrected.
	Form Form `json:"form,omitempty"`
	// Anew says of a correction that it corrects nothing: the certificate is issued again as it is (换发), because the
	// code of the version before is no longer trusted.
	Anew   bool      `json:"anew,omitempty"`
	By     string    `json:"by"`
	Office string    `json:"office,omitempty"`
	Role   Role      `json:"role"`
	Person PersonKey `json:"person,omitzero"`
	At     time.Time `json:"at"`
}

// Standing is a change of a certificate's standing that was made.
type Standing struct {
	Proposal
	ConfirmedBy     string    `json:"confirmed_by"`
	ConfirmedOffice string    `json:"confirmed_office,omitempty"`
	ConfirmedAt     time.Time `json:"confirmed_at"`
	Version         int       `json:"version"` // that stood, or that the correction made
}

// Correctable lists the fields that a correction may change: those that the certificate prints.
func Correctable() []*Field {
	var list []*Field
	for i := range registry {
		if registry[i].Print || registry[i].Shown {
			list = append(list, &registry[i])
		}
	}
	return list
}

// MayStandAny tells whether the account may propose, confirm or dismiss changes of standing at all.
func (by *Account) MayStandAny(do Action, p *Policy) error {
	if err := by.active(do); err != nil {
		return err
	}
	if by.Role != Administrator && (by.Role != Reviewer || by.Level != len(p.Levels)) {
		return deny(do, "last_level_only", nil) // who may, not who may not: a clerk has to know whom to ask
	}
	return nil
}

// MayStand tells whether the account may propose, confirm or dismiss a change of the certificate's standing.
func (by *Account) MayStand(c *Certificate, enteredBy string, do Action, p *Policy) error {
	if err := by.MayStandAny(do, p); err != nil {
		return err
	}
	if err := by.SeesCertificate(c, enteredBy); err != nil {
		return err
	}
	if same(by.Person, c.Person) {
		return deny(do, "eyes_own_certificate", nil)
	}
	return nil
}

// CanPropose tells whether the change can be proposed as the certificate stands: nil, or a RuleError.
func (c *Certificate) CanPropose(do Action) error {
	number := Args{"certificate": c.Number}
	switch {
	case c.Void || c.Current() == nil:
		return &RuleError{"certificate_void", number}
	case c.Proposed != nil:
		return &RuleError{"proposal_open", Args{"certificate": c.Number, "by": c.Proposed.By}}
	case do == Reinstate && c.RevokedOn.IsZero():
		return &RuleError{"certificate_stands", number}
	case do != Reinstate && !c.RevokedOn.IsZero():
		return &RuleError{"certificate_revoked", Args{"certificate": c.Number, "on": c.RevokedOn.String()}}
	case do == Correct && len(c.Missing) > 0:
		return &RuleError{"certificate_incomplete", Args{"certificate": c.Number, "fields": joinKeys(c.Missing)}}
	case do != Revoke && do != Reinstate && do != Correct:
		return deny(do, "not_recordable", nil)
	}
	return nil
}

// Propose keeps what the account proposes until somebody else confirms it. enteredBy is who entered the application behind
// the current version. What is not well-formed is a FormError or a RuleError; on an error nothing is changed.
func (c *Certificate) Propose(by Actor, enteredBy string, p *Policy, what Proposal, now time.Time) (Event, error) {
	if err := by.MayStand(c, enteredBy, Propose, p); err != nil {
		return Event{}, err
	}
	if err := c.CanPropose(what.Action); err != nil {
		return Event{}, err
	}
	what, err := c.checkProposal(what, p, now)
	if err != nil {
		return Event{}, err
	}
	what.By, what.Office, what.Role, what.Person, what.At = by.Name, by.Office, by.Role, by.Person, now
	c.Proposed = &what
	return c.stood(by, Propose, string(what.Action), what.Note, p, now), nil
}

func (c *Certificate) checkProposal(what Proposal, p *Policy, now time.Time) (Proposal, error) {
	today := DateOf(now)
	note, err := RequiredNote(what.Note)
	if err != nil && (what.Action != Revoke || note != "") { // for a revocation the ground may be enough
		return what, err
	}
	what.Note = note
	if what.Action != Revoke {
		what.Reason, what.On = "", Date{}
	}
	switch what.Action {
	case Revoke:
		what.Form = nil
		return c.checkRevocation(what, p, today)
	case Correct:
		return what, c.checkCorrection(&what, p, now)
	}
	what.Form = nil
	return what, nil
}

func (c *Certificate) checkRevocation(what Proposal, p *Policy, today Date) (Proposal, error) {
	if what.On.IsZero() {
		what.On = today
	}
	reason, ok := p.RevokeReason(what.Reason)
	switch {
	case !ok:
		return what, &RuleError{"revoke_reason_unknown", Args{"reason": quotable(what.Reason)}}
	case reason.Note && what.Note == "":
		return what, &RuleError{"note_required", nil}
	case what.On.After(today):
		return what, &RuleError{"revoke_day_ahead", nil}
	case !c.FirstRegistered.IsZero() && what.On.Before(c.FirstRegistered):
		return what, &RuleError{"revoke_day_before", Args{"on": c.FirstRegistered.String()}}
	}
	what.Reason = reason.Code
	return what, nil
}

// checkCorrection cleans the corrected answers and holds them to the rules of the form, together with those that stay.
func (c *Certificate) checkCorrection(what *Proposal, p *Policy, now time.Time) error {
	v := c.Current()
	form := Form{}
	for key, values := range what.Form {
		field, ok := FieldOf(key)
		if !ok || !field.Print && !field.Shown {
			return &FormError{[]Problem{{Refuse, key, "correction_field", nil}}}
		}
		if len(values) != 1 {
			return &FormError{[]Problem{{Refuse, key, "required", nil}}}
		}
		form[key] = []string{field.canonical(values[0], p)}
	}
	what.Form = form
	stated := c.stated(v)
	merged, changed := stated.Clone(), []*Field{}
	for _, field := range Correctable() {
		if values, ok := form[field.Key]; ok && stated.Get(field.Key) != values[0] {
			merged[field.Key] = values
			changed = append(changed, field)
		}
	}
	if (len(changed) == 0) != what.Anew {
		return &RuleError{"correction_same", nil}
	}
	return c.checkMerged(merged, changed, p, DateOf(now))
}

func (c *Certificate) checkMerged(merged Form, changed []*Field, p *Policy, today Date) error {
	check := &Validation{Kind: Renewal, Form: merged, Policy: p, Today: today}
	for _, field := range changed {
		check.answer(field)
	}
	if sex, ok := FieldOf("sex"); ok && !slices.Contains(changed, sex) && merged.Get("sex") != "" {
		check.answer(sex) // it must agree with a corrected identity number
	}
	if len(check.problems) > 0 {
		return &FormError{check.problems}
	}
	if from, until := c.Current().ValidFrom, merged.Date("certificate_valid_until"); !from.IsZero() && until.Before(from) {
		return &FormError{[]Problem{{Refuse, "certificate_valid_until", "correction_until", Args{"on": from.String()}}}}
	}
	return nil
}

// stated is what the version prints, as answers of the form: the dates and the person of the record are its own.
func (c *Certificate) stated(v *CertificateVersion) Form {
	form := v.Form.Clone()
	form.Set("certificate_valid_until", v.ValidUntil.String())
	form.Set("first_registered_on", c.FirstRegistered.String())
	form.Set("id_number", c.Person.Number)
	form.Set("id_type", c.Person.Type)
	form.Set("review_area", v.Area)
	return form
}

// Corrected returns the certificate as the correction would make it: the record with another version.
func (c *Certificate) Corrected(what *Proposal, p *Policy, by Actor, now time.Time) Certificate {
	d := c.Clone()
	before := d.Current()
	v := *before
	v.Form = d.stated(before)
	for key, values := range what.Form {
		v.Form[key] = slices.Clone(values)
	}
	v.Version, v.Corrects = len(d.Versions)+1, before.Version
	v.IssuedAt, v.IssuedBy, v.Policy = now, by.Name, p.Version
	v.Printed, v.Delivered, v.Look, v.File, v.Size = 0, false, "", "", 0
	v.ValidUntil, v.Area = v.Form.Date("certificate_valid_until"), v.Form.Get("review_area")
	d.FirstRegistered = v.Form.Date("first_registered_on")
	d.Person = PersonKey{Type: v.Form.Get("id_type"), Number: v.Form.Get("id_number")}
	v.label(p)
	d.Versions = append(d.Versions, v)
	return d
}

// CanConfirm tells whether the account may confirm what is proposed: somebody other than who proposed it.
func (c *Certificate) CanConfirm(by Actor, enteredBy string, p *Policy) error {
	if err := by.MayStand(c, enteredBy, Confirm, p); err != nil {
		return err
	}
	switch w := c.Proposed; {
	case w == nil:
		return &RuleError{"proposal_none", Args{"certificate": c.Number}}
	case w.By == by.Name || same(w.Person, by.Person):
		return deny(Confirm, "eyes_proposed", nil)
	}
	return nil
}

// Confirm does what was proposed. It returns the event of the change itself: who proposed it stands in History.
func (c *Certificate) Confirm(by Actor, enteredBy string, p *Policy, now time.Time) (Event, error) {
	if err := c.CanConfirm(by, enteredBy, p); err != nil {
		return Event{}, err
	}
	what := *c.Proposed
	if what.Action == Correct { // rules and record may have changed since it was proposed
		if err := c.checkCorrection(&what, p, now); err != nil {
			return Event{}, err
		}
	}
	d := c.Clone()
	switch what.Action {
	case Revoke:
		d.RevokedOn, d.RevokedFor = what.On, what.Reason
	case Reinstate:
		d.RevokedOn, d.RevokedFor = Date{}, ""
	case Correct:
		d = c.Corrected(&what, p, by, now)
	}
	d.Proposed = nil
	d.History = append(d.History, Standing{what, by.Name, by.Office, now, d.Current().Version})
	*c = d
	return c.stood(by, what.Action, what.Reason, what.Note, p, now), nil
}

// CanDismiss tells whether the account may turn down what is proposed; who proposed it may take it back.
func (c *Certificate) CanDismiss(by Actor, enteredBy string, p *Policy) error {
	if err := by.MayStand(c, enteredBy, Dismiss, p); err != nil {
		return err
	}
	if c.Proposed == nil {
		return &RuleError{"proposal_none", Args{"certificate": c.Number}}
	}
	return nil
}

// Dismiss drops what was proposed; the event keeps what and why.
func (c *Certificate) Dismiss(by Actor, enteredBy string, p *Policy, note string, now time.Time) (Event, error) {
	if err := c.CanDismiss(by, enteredBy, p); err != nil {
		return Event{}, err
	}
	note = strings.TrimSpace(note)
	if err := CheckNote(note); err != nil {
		return Event{}, err
	}
	was := c.Proposed.Action
	c.Proposed = nil
	return c.stood(by, Dismiss, string(was), note, p, now), nil
}

// stood counts the change and describes it as an event.
func (c *Certificate) stood(by Actor, do Action, target, note string, p *Policy, now time.Time) Event {
	c.Change++
	return Event{
		At: now, By: by.Name, Office: by.Office, Role: by.Role, Action: do, Certificate: c.Number, Reference: c.Current().Reference,
		Policy: p.Version, Note: note, Target: target,
	}
}

// canonical brings an answer that somebody typed into the form in which it is kept: cleaned, options by code.
func (f *Field) canonical(value string, p *Policy) string {
	if f.Options != "" {
		value = CleanText(value)
		for _, o := range p.Options[f.Options] {
			if value == o.Code || value == o.Label || strings.EqualFold(value, o.English) {
				return o.Code
			}
		}
		return value
	}
	return CleanAnswer(f.Key, value)
}
