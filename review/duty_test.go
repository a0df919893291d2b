package review

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRefusalNamesWhoCould: who is named can do it, and where nobody could nobody is named.
func TestRefusalNamesWhoCould(t *testing.T) {
	day := time.Date(2026, 11, 16, 12, 0, 0, 0, Zone)
	all := []Account{
		{Name: "wuhou", Role: Reviewer, Level: 1, Areas: []string{"510107"}},
		{Name: "gone", Role: Reviewer, Level: 1, Areas: []string{"510107"}, Disabled: true},
		{Name: "jinniu", Role: Reviewer, Level: 1, Areas: []string{"510106"}},
		{Name: "second", Role: Reviewer, Level: 2},
		{Name: "clerk", Role: Clerk, Areas: []string{"510107"}},
		{Name: "admin", Role: Administrator},
		{Name: "audit", Role: Auditor},
	}
	first := Application{Reference: "A", State: InReview, Level: 1, Levels: 3, Area: "510107", EnteredBy: "portal"}
	passed := first
	passed.Level = 2
	passed.Decisions = []Decision{{Level: 1, Action: Approve, By: "wuhou", At: day}}
	passed.ActedLevel = 1
	held := first
	held.Held = true
	mine := first
	mine.EnteredBy = "wuhou"
	rejected := passed
	rejected.State = Rejected
	levelOne := &Duty{Roles: []Role{Reviewer}, Level: 1, Area: "510107"}
	levelTwo := &Duty{Roles: []Role{Reviewer}, Level: 2, Area: "510107"}
	for _, c := range []struct {
		name string
		a    Application
		by   string
		do   Action
		want *Duty
		able []string
	}{
		{"other area", first, "jinniu", Approve, levelOne, []string{"wuhou"}},
		{"level too high", first, "second", Reject, levelOne, []string{"wuhou"}},
		{"level too low", passed, "wuhou", Approve, levelTwo, []string{"second"}},
		{"no reviewer", first, "admin", Hold, levelOne, []string{"wuhou"}},
		{"re-route by another level", first, "second", Reroute, levelOne, []string{"wuhou"}},
		{"re-route too late", passed, "second", Reroute, nil, nil},
		{"held", held, "jinniu", Approve, nil, nil},
		{"four eyes", mine, "wuhou", Approve, levelOne, nil},
		{"withdraw by a reviewer", first, "wuhou", Withdraw, &Duty{Roles: []Role{Clerk}, Area: "510107"}, []string{"clerk"}},
		{"withdraw too late", passed, "wuhou", Withdraw, nil, nil},
		{"state", rejected, "wuhou", Approve, nil, nil},
		{"the last decider has a sentence", passed, "second", TakeBack, nil, []string{"wuhou"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var by Actor
			for _, account := range all {
				if account.Name == c.by {
					by = account
				}
			}
			denied, ok := errors.AsType[*DeniedError](c.a.Can(by, c.do))
			if !ok {
				t.Fatal("not refused")
			}
			if diff := cmp.Diff(c.want, denied.Could); diff != "" {
				t.Errorf("could (-want +got):\n%s", diff)
			}
			var able []string
			for _, account := range c.a.Able(all, c.do) {
				able = append(able, account.Name)
			}
			if diff := cmp.Diff(c.able, able); diff != "" {
				t.Errorf("able (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRightNamesRoles(t *testing.T) {
	by := Account{Name: "audit", Role: Auditor}
	denied, _ := errors.AsType[*DeniedError](by.May(Print))
	if diff := cmp.Diff(&Duty{Roles: []Role{Reviewer, Clerk, Administrator}}, denied.Could); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := by.May(Action("nothing")); err == nil {
		t.Error("allowed")
	} else if denied, _ := errors.AsType[*DeniedError](err); denied.Could != nil {
		t.Errorf("%+v could", denied.Could)
	}
}

// TestSightNamesWhoCould: what lies elsewhere is for those who review there.
func TestSightNamesWhoCould(t *testing.T) {
	by := Account{Name: "jinniu", Role: Reviewer, Level: 1, Areas: []string{"510106"}}
	waiting := Application{State: InReview, Level: 2, Area: "510107"}
	decided := Application{State: Approved, Level: 3, Area: "510107"}
	for _, c := range []struct {
		a    Application
		want Duty
	}{
		{waiting, Duty{Roles: []Role{Reviewer}, Level: 2, Area: "510107"}}, {decided, Duty{Roles: []Role{Reviewer}, Area: "510107"}},
	} {
		denied, ok := errors.AsType[*DeniedError](by.Sees(&c.a))
		if !ok || denied.Could == nil {
			t.Fatalf("%s: %v", c.a.State, denied)
		}
		if diff := cmp.Diff(c.want, *denied.Could); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.a.State, diff)
		}
	}
}
