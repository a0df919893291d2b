package review

import (
	"errors"
	"testing"
	"time"
)

// outside is a pack for two reviewers, made at noon for three days.
func outside() Pack {
	return Pack{
		Number: "WP-2026-000001", MadeAt: noon, MadeBy: "level1", Until: noon.AddDate(0, 0, 3),
		Accounts: []string{"level1", "level2"},
		Cases:    []PackedCase{{Reference: "SQ1"}, {Reference: "SQ2", Back: true}},
	}
}

// TestLeaseOfAPack: it stands to its last moment, until it is called back or everybody has finished.
func TestLeaseOfAPack(t *testing.T) {
	until := outside().Until
	for _, tt := range []struct {
		name   string
		change func(p *Pack)
		now    time.Time
		want   PackState
	}{
		{"made", func(*Pack) {}, noon, PackOut},
		{"at the last moment", func(*Pack) {}, until, PackOut},
		{"after it", func(*Pack) {}, until.Add(1), PackExpired},
		{"one of two has finished", func(p *Pack) { p.Finished = []string{"level2"} }, noon, PackOut},
		{"both have finished", func(p *Pack) { p.Finished = []string{"level2", "level1"} }, noon, PackFinished},
		{"both have finished, long ago", func(p *Pack) { p.Finished = p.Accounts }, until.AddDate(1, 0, 0), PackFinished},
		{"called back", func(p *Pack) { p.CalledBackAt = noon }, noon, PackCalledBack},
		{"called back and finished", func(p *Pack) { p.CalledBackAt, p.Finished = noon, p.Accounts }, noon, PackCalledBack},
	} {
		p := outside()
		tt.change(&p)
		if got := p.State(tt.now); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		f := Facts{Lease: p.Lease(tt.now)}
		for _, do := range []Action{Approve, Reject, Hold, Release, Reroute} {
			if err := f.Free(at(1), do); (err != nil) != (tt.want == PackOut) {
				t.Errorf("%s: %s at the desk: %v", tt.name, do, err)
			}
		}
		for _, do := range []Action{Withdraw, TakeBack} {
			if err := f.Free(at(1), do); err != nil {
				t.Errorf("%s: %s at the desk: %v", tt.name, do, err)
			}
		}
	}
	if p := outside(); p.Left() != 1 || p.Case("SQ2") == nil || p.Case("SQ3") != nil {
		t.Errorf("%d left, cases %v and %v", p.Left(), p.Case("SQ2"), p.Case("SQ3"))
	}
}

// TestClocked: an act is taken where a clock that is right, give or take a day, can have shown its time, and the lease
// stood then.
func TestClocked(t *testing.T) {
	called, day := noon.Add(time.Hour), 24*time.Hour
	for _, tt := range []struct {
		name       string
		at, now    time.Time
		calledBack time.Time
		want       string
	}{
		{"when the pack was made", noon, noon, time.Time{}, ""},
		{"a day before", noon.Add(-day), noon, time.Time{}, ""},
		{"earlier", noon.Add(-day - 1), noon, time.Time{}, "act_clock"},
		{"a day ahead of the desk", noon.Add(day), noon, time.Time{}, ""},
		{"further ahead", noon.Add(day + 1), noon, time.Time{}, "act_clock"},
		{"at the end of the lease", outside().Until, noon.AddDate(0, 1, 0), time.Time{}, ""},
		{"after it", outside().Until.Add(1), noon.AddDate(0, 1, 0), time.Time{}, "act_expired"},
		{"when it was called back", called, noon.AddDate(0, 0, 1), called, ""},
		{"after that", called.Add(1), noon.AddDate(0, 0, 1), called, "act_called_back"},
	} {
		p := outside()
		p.CalledBackAt = tt.calledBack
		if got := ruleCode((&Act{At: tt.at}).Clocked(&p, tt.now)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhoTakesOutAndCallsBack(t *testing.T) {
	p := DefaultPolicy()
	disabled := at(1)
	disabled.Disabled = true
	admin := Actor{Name: "admin", Role: Administrator}
	for _, tt := range []struct {
		name     string
		by       Actor
		officers []Account
		want     string
	}{
		{"for themselves", at(1), []Account{at(1)}, ""},
		{"at level 2", at(2), []Account{at(2)}, ""},
		{"at the last level", at(3), []Account{at(3)}, "pack_last_level"},
		{"for another", at(1), []Account{at(2)}, "pack_for_other"},
		{"for themselves and another", at(1), []Account{at(1), at(2)}, "pack_for_other"},
		{"an administrator for two", admin, []Account{at(1), at(2)}, ""},
		{"for who has been disabled", admin, []Account{at(2), disabled}, "account_disabled_other"},
		{"for an administrator", admin, []Account{admin}, "pack_not_reviewer"},
		{"by who has been disabled", disabled, []Account{disabled}, "account_disabled"},
		{"by a clerk", clerkOfWuhou, []Account{at(1)}, "role_clerk"},
	} {
		if got := ruleCode(tt.by.MayTakeOut(tt.officers, p)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	pack := outside()
	for by, want := range map[*Actor]string{{Name: "admin", Role: Administrator}: "", {Name: "level1", Role: Reviewer}: "",
		{Name: "level2", Role: Reviewer}: "pack_of_other", {Name: "level1", Role: Auditor}: "role_auditor"} {
		if got := ruleCode(by.MayCallBack(&pack)); got != want {
			t.Errorf("%s %s calls back: got %q, want %q", by.Role, by.Name, got, want)
		}
	}
}

// TestApplyOfAnAct: what was stated on the pack counts as stated, and what nobody stated does not.
func TestApplyOfAnAct(t *testing.T) {
	unseen := Facts{Unseen: []Key{"id_card_front"}}
	for _, tt := range []struct {
		act  Act
		want string
	}{
		{Act{Action: Approve}, "unseen"},
		{Act{Action: Approve, Stated: []Key{"id_card_front"}}, ""},
		{Act{Action: Reject, Reasons: []Reason{{Code: "Q03"}}}, ""},
		{Act{Action: Reject}, "reasons_none"},
		{Act{Action: Hold}, "note_required"},
		{Act{Action: Release}, "not_held"},
		{Act{Action: Reroute, Target: "510104", Note: "works there"}, ""},
		{Act{Action: TakeBack}, "nothing_decided"},
		{Act{Action: Withdraw}, "act_unknown"},
		{Act{Action: View}, "act_unknown"},
	} {
		a := inReview(1)
		_, err := tt.act.Apply(&a, at(1), DefaultPolicy(), unseen, noon)
		if got := ruleCode(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.act.Action, got, tt.want)
		}
		if tt.act.Decides() == (tt.want == "act_unknown") {
			t.Errorf("%s decides: %v", tt.act.Action, tt.act.Decides())
		}
	}
}

// TestClaimEndsInTime: whoever has a case in hand has it until that moment.
func TestClaimEndsInTime(t *testing.T) {
	c := &Claim{Reference: "SQ1", By: "level1", Since: noon, Until: noon.Add(time.Minute)}
	if !c.Stands(noon) || !c.Stands(c.Until.Add(-1)) || c.Stands(c.Until) || (*Claim)(nil).Stands(noon) {
		t.Error("the claim stands at another time")
	}
	f := Facts{Claim: c}
	if err := f.Free(at(1), Approve); err != nil {
		t.Errorf("who has it: %v", err)
	}
	if err := f.Free(at(2), Approve); !errors.Is(err, ErrDenied) || ruleCode(err) != "claimed" {
		t.Errorf("somebody else: %v", err)
	}
}
