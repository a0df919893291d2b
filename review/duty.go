package review

import (
	"errors"
	"slices"
)

// Duty says who could do what an account was refused, as far as the rules tell without knowing any account.
type Duty struct {
	Roles []Role // accounts of any of these roles
	Level int    // of reviewers the level that they decide at, 0 for any
	Area  string // that must be among their areas, "" for any
}

// duty returns who could do it as things stand, nil when nobody could. Who took the last decision has its own sentence.
func (a *Application) duty(do Action, who capacity) *Duty {
	if a.guard(do) != nil {
		return nil
	}
	switch who {
	case levelReviewer:
		return &Duty{Roles: []Role{Reviewer}, Level: a.Level, Area: a.Area}
	case firstReviewer:
		if a.Level == 1 {
			return &Duty{Roles: []Role{Reviewer}, Level: 1, Area: a.Area}
		}
	case filer:
		return &Duty{Roles: []Role{Clerk}, Area: a.Area}
	}
	return nil
}

// dutyOf returns the roles that have the right, nil when none has.
func dutyOf(do Action) *Duty {
	var roles []Role
	for _, role := range Roles() {
		if role != Portal && slices.Contains(rights[role], do) { // nobody goes and asks a program
			roles = append(roles, role)
		}
	}
	if roles == nil {
		return nil
	}
	return &Duty{Roles: roles}
}

// refer adds to a refusal who could do it instead.
func refer(err error, to *Duty) error {
	if denied, ok := errors.AsType[*DeniedError](err); ok {
		denied.Could = to
	}
	return err
}

// Able returns those of the accounts that can do it: the others of the duty who are not kept from it by four eyes.
func (a *Application) Able(accounts []Account, do Action) []Account {
	var able []Account
	for i := range accounts {
		if a.Can(accounts[i], do) == nil {
			able = append(able, accounts[i])
		}
	}
	return able
}
