package review

import (
	"slices"
	"strconv"
)

// rights lists, by role, the actions that depend on nothing but the role (domain §6). What depends on the application
// is asked of Application.Can and Actor.Sees.
var rights = map[Role][]Action{
	Reviewer:      {CallList, View, Reveal, ViewFile, Print, ReadLog, Note, NotSame, TakeOver, TakeOut, HandBack, CallBack},
	Clerk:         {CallList, View, Reveal, ViewFile, Print, ReadLog, Submit, Withdraw, Mail},
	Administrator: {CallList, View, Reveal, ViewFile, Print, ReadLog, Import, Export, ImportLegacy, Administer, Mail, TakeOut, HandBack, CallBack},
	Auditor:       {View, ReadLog}, // masked: a picture of an identity card cannot be
	Portal:        {View, ViewFile, Import, Export, Submit, Withdraw},
}

// May tells whether the account's role has the right at all: nil, or a DeniedError with the reason.
func (by *Account) May(do Action) error {
	if err := by.active(do); err != nil {
		return err
	}
	if !slices.Contains(rights[by.Role], do) {
		return refer(deny(do, "role_"+string(by.Role), nil), dutyOf(do))
	}
	return nil
}

// Sees tells whether the application lies in the account's scope: a reviewer's areas, a clerk's areas and what they
// entered, the portal's own imports, everything for administrators and auditors.
func (by *Account) Sees(a *Application) error {
	if err := by.active(View); err != nil {
		return err
	}
	switch by.Role {
	case Administrator, Auditor:
		return nil
	case Reviewer:
		if by.Covers(a.Area) {
			return nil
		}
	case Clerk:
		if by.Covers(a.Area) || by.Name == a.EnteredBy {
			return nil
		}
	case Portal:
		if by.Name == a.EnteredBy {
			return nil
		}
		return deny(View, "import_other", nil)
	}
	there := &Duty{Roles: []Role{Reviewer}, Area: a.Area}
	if a.State == InReview {
		there.Level = a.Level
	}
	return refer(deny(View, "area_other", Args{"area": a.Area}), there)
}

// SeesCertificate tells whether the certificate lies in the account's scope, by the area of its current version. The
// portal sees those that its own imports led to; enteredBy is who entered the application behind the version.
func (by *Account) SeesCertificate(c *Certificate, enteredBy string) error {
	return by.Sees(&Application{Area: c.Told().Area, EnteredBy: enteredBy})
}

// MayPrint tells whether the account may print the certificate. An incomplete record, a void number and a
// revoked certificate are never printed (domain §1 completion, §8).
func (by *Account) MayPrint(c *Certificate, enteredBy string) error {
	if err := by.May(Print); err != nil {
		return err
	}
	if err := by.SeesCertificate(c, enteredBy); err != nil {
		return err
	}
	return c.Handable()
}

// MayPrintShown is MayPrint for a certificate that a reading within the account's scope gave it. Whether it lies there has
// been answered by who knows who entered the application behind it, and is asked once more when the copy is written.
func (by *Account) MayPrintShown(c *Certificate) error {
	if err := by.May(Print); err != nil {
		return err
	}
	return c.Handable()
}

// Handable refuses what never leaves the desk: a void number, a revoked certificate, an incomplete record (domain §1, §8).
func (c *Certificate) Handable() error {
	switch {
	case c.Void || c.Current() == nil:
		return &RuleError{"certificate_void", Args{"certificate": c.Number}}
	case !c.RevokedOn.IsZero():
		return &RuleError{"certificate_revoked", Args{"certificate": c.Number, "on": c.RevokedOn.String()}}
	case len(c.Missing) > 0:
		return &RuleError{"certificate_incomplete", Args{"certificate": c.Number, "fields": joinKeys(c.Missing)}}
	}
	return nil
}

// active refuses an account that has been disabled, whatever it wants.
func (by *Account) active(do Action) error {
	if by.Disabled {
		return deny(do, "account_disabled", nil)
	}
	return nil
}

func deny(do Action, code string, args Args) error {
	return &DeniedError{Action: do, Code: code, Args: args}
}

func number(n int) string { return strconv.Itoa(n) }

// joinKeys lists field keys separated by a comma; the catalogue of texts turns them into labels.
func joinKeys(keys []Key) string {
	text := ""
	for i, key := range keys {
		if i > 0 {
			text += ","
		}
		text += string(key)
	}
	return text
}
