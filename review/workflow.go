package review

import "slices"

// capacity is what an account must be to an application for a row of the workflow to be open to it.
type capacity int

const (
	levelReviewer capacity = iota // reviewer of the level that it waits for, in its area, not barred by four eyes
	firstReviewer                 // the same, at level 1
	lastDecider                   // the one whose decision is the last in force
	filer                         // a clerk, or the portal that sent it
)

// transition is one row of the workflow: in this state, this action, by whom, and where it leads. A level passed that
// is not the last leads back to InReview; Application.Approve says so.
type transition struct {
	from State
	do   Action
	who  capacity
	to   State
}

// workflow is the whole of it (domain §1, §6). Keys, help and messages ask it through Application.Can.
var workflow = []transition{
	{InReview, Approve, levelReviewer, Approved},
	{InReview, Reject, levelReviewer, Rejected},
	{InReview, Hold, levelReviewer, InReview},
	{InReview, Release, levelReviewer, InReview},
	{InReview, Reroute, firstReviewer, InReview},
	{InReview, Withdraw, filer, Withdrawn},
	{InReview, TakeBack, lastDecider, InReview},
	{Rejected, TakeBack, lastDecider, InReview},
	{Approved, TakeBack, lastDecider, InReview},
	{Draft, Submit, filer, InReview},
	{Withdrawn, Submit, filer, InReview},
	{Rejected, Submit, filer, InReview},
}

// Can is the one answer to "may I?": nil, or a DeniedError that carries the reason and who could. What depends on the register
// besides (one in review, a superseded certificate) is refused by the action itself with a RuleError.
func (a *Application) Can(by Actor, do Action) error {
	if err := by.active(do); err != nil {
		return err
	}
	row, err := a.row(do)
	if err != nil {
		return err
	}
	if err := a.capacity(by, do, row.who); err != nil {
		return refer(err, a.duty(do, row.who))
	}
	return a.guard(do)
}

// CanByPackage answers for what the applicant does through a package: Submit or Withdraw. The account that imports it
// only carries it in, so it needs the right to import and no more; the portal's reaches its own imports.
func (a *Application) CanByPackage(by Actor, do Action) error {
	if err := by.May(Import); err != nil {
		return err
	}
	if by.Role == Portal && by.Name != a.EnteredBy {
		return deny(do, "import_other", nil)
	}
	if _, err := a.row(do); err != nil {
		return err
	}
	return a.guard(do)
}

func (a *Application) row(do Action) (transition, error) {
	i := slices.IndexFunc(workflow, func(t transition) bool { return t.from == a.State && t.do == do })
	if i < 0 {
		return transition{}, deny(do, "state_"+string(a.State), nil)
	}
	return workflow[i], nil
}

// capacity tells whether the account is to the application what the row asks for.
func (a *Application) capacity(by Actor, do Action, who capacity) error {
	switch who {
	case filer:
		return a.mayFile(by, do)
	case lastDecider:
		return a.mayTakeBack(by, do)
	case firstReviewer:
		if by.Role == Reviewer && by.Level != 1 {
			return deny(do, "first_level_only", nil)
		}
	}
	return a.mayReview(by, do)
}

// mayReview: a reviewer of the level it waits for, in its area, who has no other part in it (domain §6).
func (a *Application) mayReview(by Actor, do Action) error {
	if by.Role != Reviewer {
		return deny(do, "role_"+string(by.Role), nil)
	}
	if !by.Covers(a.Area) {
		return deny(do, "area_other", Args{"area": a.Area})
	}
	if err := a.turn(by, do); err != nil {
		return err
	}
	return a.barred(by, do)
}

// turn: a level acts only when the one before it has approved, and never after a later one has.
func (a *Application) turn(by Actor, do Action) error {
	switch {
	case by.Level > a.Level:
		return deny(do, "level_before", Args{"level": number(a.Level)})
	case by.Level < a.Level:
		return deny(do, "level_passed", Args{"level": number(a.Level)})
	}
	return nil
}

// barred is the four-eyes rule: nobody decides two levels of one application, nor one they entered, nor their own.
func (a *Application) barred(by Actor, do Action) error {
	switch {
	case a.entered(by):
		return deny(do, "eyes_entered", nil)
	case same(by.Person, a.Applicant()):
		return deny(do, "eyes_own", nil)
	}
	for _, d := range slices.Concat(a.Decisions, a.Earlier) {
		if d.Level != by.Level && (d.By == by.Name || same(d.Person, by.Person)) {
			return deny(do, "eyes_level", Args{"level": number(d.Level)})
		}
	}
	return nil
}

// entered reports whether the account, or another one of the same person, entered this revision or one before it.
func (a *Application) entered(by Actor) bool {
	is := func(f Filer) bool { return f.By == by.Name || same(by.Person, f.Person) }
	return is(Filer{a.EnteredBy, a.EnteredPerson}) || slices.ContainsFunc(a.EnteredEarlier, is)
}

// Barred reports whether the four-eyes rule keeps the account from deciding on the application at any level, so that
// queues can leave it out. The account need not be a reviewer.
func (a *Application) Barred(by Actor) bool { return a.barred(by, Approve) != nil }

func (a *Application) mayFile(by Actor, do Action) error {
	switch {
	case by.Role == Portal && by.Name == a.EnteredBy:
		return nil
	case by.Role != Clerk:
		return deny(do, "role_"+string(by.Role), nil)
	}
	return by.Sees(a)
}

func (a *Application) mayTakeBack(by Actor, do Action) error {
	last, ok := a.LastDecision()
	switch {
	case !ok:
		return deny(do, "nothing_decided", nil)
	case by.Role != Reviewer:
		return deny(do, "role_"+string(by.Role), nil)
	case last.By != by.Name:
		return deny(do, "decision_other", Args{"by": last.By, "level": number(last.Level)})
	case a.ActedLevel > last.Level:
		return deny(do, "later_level_acted", Args{"level": number(a.ActedLevel)})
	}
	return nil
}

// guard holds the conditions on the application itself that a row's state does not tell.
func (a *Application) guard(do Action) error {
	switch {
	case do == Release && !a.Held:
		return deny(do, "not_held", nil)
	case a.Held && slices.Contains([]Action{Approve, Reject, Hold, Reroute}, do):
		return deny(do, "held", nil)
	case do == Withdraw && len(a.Decisions) > 0:
		return deny(do, "decided_already", Args{"level": number(a.Decisions[0].Level)})
	case do == TakeBack && a.CertificateOut:
		return deny(do, "certificate_out", Args{"certificate": a.Certificate})
	}
	return nil
}

// same reports whether two keys name the same known person.
func same(a, b PersonKey) bool { return !a.IsZero() && a == b }
