package review

import (
	"slices"
	"time"
)

// Claim says that an account has an application in hand (办理中), so that nobody else decides on it meanwhile. It is no
// part of the record: it lasts until Until unless it is renewed, and ends with the work on the case.
type Claim struct {
	Reference    string
	By           string // account
	Since, Until time.Time
}

// Stands reports whether the claim holds at the time. The nil Claim does not.
func (c *Claim) Stands(now time.Time) bool { return c != nil && c.By != "" && now.Before(c.Until) }

// Claimable tells whether the account could decide on the application as it is, so that it may have it in hand: nil, or a
// DeniedError with the reason.
func (a *Application) Claimable(by Actor) error {
	if a.Held {
		return a.Can(by, Release)
	}
	return a.Can(by, Hold)
}

// Free tells whether nobody else has the application: nil, or a DeniedError that says who has it and until when. It is
// asked of every decision of a level; withdrawing on the applicant's wish and taking back an own decision need no claim,
// since whoever has the case learns of it at once.
func (f *Facts) Free(by Actor, do Action) error {
	if f.Lease != nil && needsClaim(do) {
		return f.Lease.refuse(do)
	}
	if f.Claim == nil || f.Claim.By == by.Name || !needsClaim(do) {
		return nil
	}
	return deny(do, "claimed", Args{"by": f.Claim.By, "until": f.Claim.Until.In(Zone).Format("15:04")})
}

// needsClaim reports whether the action is a decision of a level.
func needsClaim(do Action) bool {
	return slices.ContainsFunc(workflow, func(t transition) bool {
		return t.do == do && (t.who == levelReviewer || t.who == firstReviewer)
	})
}
