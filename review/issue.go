package review

import (
	"maps"
	"slices"
	"time"
)

// NeedsNumber tells whether the approval of the application issues a certificate under a new number: a first
// registration always does, a renewal where the register does not know the person's certificate.
func NeedsNumber(a *Application, held *Certificate) bool {
	return a.Kind == First || held == nil
}

// Issue returns the certificate as the approval of a at the last level makes it: a new one under number, or the held
// one with another version (domain §8). held is the person's certificate, nil for none; by and now are those of the
// approval, and every date on the paper comes from now.
func Issue(a *Application, held *Certificate, number string, p *Policy, by Actor, now time.Time) Certificate {
	c := Certificate{Number: number, Person: a.Applicant()}
	if !NeedsNumber(a, held) {
		c = held.Clone()
	}
	v := c.next(a, p, by, now)
	if c.FirstRegistered.IsZero() {
		c.FirstRegistered = firstRegistered(a, v)
	}
	c.Versions = append(c.Versions, v)
	c.Missing = nil
	if a.Kind == Completion {
		c.Missing = MissingData(&v, p)
	}
	c.Change++
	return c
}

func firstRegistered(a *Application, v CertificateVersion) Date {
	if day := a.Form.Date("first_registered_on"); !day.IsZero() {
		return day
	}
	return v.ValidFrom
}

// next makes the version that follows the current one: the approved answers over those of the record.
func (c *Certificate) next(a *Application, p *Policy, by Actor, now time.Time) CertificateVersion {
	v := CertificateVersion{Form: Form{}, Area: a.Area}
	before := c.Current()
	if before != nil {
		v.Form, v.Portrait, v.CommunityProof = before.Form.Clone(), before.Portrait, before.CommunityProof
	}
	if a.Kind != Completion {
		v.Form = Form{} // both kinds state the whole record; what they leave out no longer holds
		v.CommunityProof = false
	}
	maps.Copy(v.Form, a.Form.Clone())
	v.Version, v.Reference = len(c.Versions)+1, a.Reference
	v.IssuedAt, v.IssuedBy, v.Policy = now, by.Name, p.Version
	v.ValidFrom, v.ValidUntil = validity(a, c, p, now)
	if portraits := a.Attached("portrait"); len(portraits) > 0 {
		v.Portrait = portraits[0].Prepared
	}
	v.CommunityProof = v.CommunityProof || len(a.Attached("community_proof")) > 0
	v.label(p)
	return v
}

// label fixes the words of the paper, so that a later change of the policy never changes what was issued.
func (v *CertificateVersion) label(p *Policy) {
	sex, _ := p.Option("sex", v.Form.Get("sex"))
	level, _ := p.Option("level", v.Form.Get("level"))
	v.SexLabel, v.LevelLabel, v.AreaLabel, v.Issuer = sex.Label, level.Label, p.AreaLabel(v.Area), p.Issue.Issuer
}

// validity: a first registration from the day of approval; a renewal after the old validity, late ones like first; a
// completion leaves it as it was and fills in the stated last day where the record has none.
func validity(a *Application, c *Certificate, p *Policy, now time.Time) (from, until Date) {
	today := DateOf(now)
	switch a.Kind {
	case Renewal:
		held := c
		if len(c.Versions) == 0 {
			held = nil
		}
		return ValidityRenewed(RenewedFrom(a.Form, held), DateOf(a.SubmittedAt), today, p.Issue.Years)
	case Completion:
		if v := c.Current(); v != nil && !v.ValidFrom.IsZero() && !v.ValidUntil.IsZero() {
			return v.ValidFrom, v.ValidUntil
		}
		until = RenewedFrom(a.Form, c)
		return ValidFromUntil(until, p.Issue.Years), until
	}
	return ValidityFirst(today, p.Issue.Years)
}

// Unissue returns the certificate as it stands after the approval of the application was taken back: its version is
// void, and so is the number when it was the only one; a void number is never used again (domain §6, §8).
func Unissue(c *Certificate, reference string, p *Policy) Certificate {
	back := c.Clone()
	for i := range back.Versions {
		if back.Versions[i].Reference == reference {
			back.Versions[i].Void = true
		}
	}
	back.Void = back.Current() == nil
	back.Missing = nil
	if v := back.Current(); v != nil && v.Legacy() {
		back.Missing = MissingData(v, p)
	}
	back.Change++
	return back
}

// Legacy tells whether the version is a record from before the register, whatever the sheet said of it: only such a one
// may be incomplete, since every kind of application states what may be missing.
func (v *CertificateVersion) Legacy() bool { return v.Reference == "" }

// MissingData names what the record of a legacy certificate lacks: every field and attachment that a completion asks
// for (domain §8).
func MissingData(v *CertificateVersion, p *Policy) []Key {
	held := v.held()
	var missing []Key
	for _, field := range Fields() {
		need := field.Need(Completion)
		asked := need == Required || need == Conditional && field.When(v.Form, p)
		if asked && field.Type != Moment && held.Get(field.Key) == "" {
			missing = append(missing, field.Key)
		}
	}
	return missing
}

// held is the record as answers of the form; of an attachment, that there is one.
func (v *CertificateVersion) held() Form {
	held := Form(maps.Clone(v.Form))
	held.Set("certificate_valid_until", v.ValidUntil.String())
	held.Set("portrait", v.Portrait)
	if v.CommunityProof {
		held.Set("community_proof", "held")
	}
	return held
}

// Holds reports whether the record has the attachment of the slot, so that a completion need not bring it again.
func (v *CertificateVersion) Holds(slot Key) bool {
	field, ok := FieldOf(slot)
	return ok && field.Type == File && v.held().Get(slot) != ""
}

// Clone returns a copy that shares nothing with c.
func (c *Certificate) Clone() Certificate {
	d := *c
	d.Missing, d.History = slices.Clone(c.Missing), slices.Clone(c.History)
	if c.Proposed != nil {
		proposed := *c.Proposed
		proposed.Form = proposed.Form.Clone()
		d.Proposed = &proposed
	}
	d.Versions = slices.Clone(c.Versions)
	for i := range d.Versions {
		d.Versions[i].Form = d.Versions[i].Form.Clone()
	}
	return d
}

// ValidFromUntil returns the first day of a validity of which only the last one is on record.
func ValidFromUntil(until Date, years int) Date {
	if until.IsZero() {
		return Date{}
	}
	return until.AddYears(-years).AddDays(1)
}
