package review

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, Zone)

// at returns a reviewer of the level who covers every area.
func at(level int) Actor {
	return Actor{Name: "level" + strconv.Itoa(level), Role: Reviewer, Level: level, Office: "office"}
}

var clerkOfWuhou = Actor{Name: "clerk", Role: Clerk, Areas: []string{"510107"}}

// inReview returns an application that waits at the level, the levels before it decided by at(1), at(2), ….
func inReview(level int) Application {
	a := Application{
		Reference: "SQ1", Version: 1, Revision: 1, Kind: First, State: InReview, Level: level, Levels: 3,
		Area: "510107", SubmittedAt: noon.AddDate(0, 0, -3), EnteredBy: "portal", EnteredRole: Portal,
		Form: Form{"id_type": {"1"}, "id_number": {"11010519491231002X"}, "review_area": {"510107"}},
	}
	for l := 1; l < level; l++ {
		a.Decisions = append(a.Decisions, Decision{Level: l, Action: Approve, By: at(l).Name, At: noon})
		a.ActedLevel = l
	}
	return a
}

func ended(state State) Application {
	a := inReview(3)
	a.State = state
	if state == Withdrawn || state == Draft {
		a.Level, a.Decisions, a.ActedLevel = 1, nil, 0
		return a
	}
	a.Decisions = append(a.Decisions, Decision{Level: 3, Action: Approve, By: at(3).Name, At: noon})
	a.ActedLevel = 3
	return a
}

func changed(a Application, change func(*Application)) Application {
	change(&a)
	return a
}

// TestCan has a row for each cell of the workflow that means something, refusals with their reason included.
func TestCan(t *testing.T) {
	held := func(a *Application) { a.Held = true }
	elsewhere := Actor{Name: "jinniu", Role: Reviewer, Level: 1, Areas: []string{"510106"}}
	tests := []struct {
		name string
		a    Application
		by   Actor
		do   Action
		want string // code of the refusal, "" for allowed
	}{
		{"approve at level 1", inReview(1), at(1), Approve, ""},
		{"approve at level 3", inReview(3), at(3), Approve, ""},
		{"reject at level 2", inReview(2), at(2), Reject, ""},
		{"before the level before", inReview(1), at(2), Approve, "level_before"},
		{"after a later level", inReview(2), at(1), Approve, "level_passed"},
		{"reject after a later level", inReview(3), at(1), Reject, "level_passed"},
		{"another area", inReview(1), elsewhere, Approve, "area_other"},
		{"disabled account", inReview(1), func() Actor { a := at(1); a.Disabled = true; return a }(), Approve, "account_disabled"},
		{"administrator decides nothing", inReview(1), Actor{Name: "admin", Role: Administrator}, Approve, "role_administrator"},
		{"auditor decides nothing", inReview(1), Actor{Name: "audit", Role: Auditor}, Reject, "role_auditor"},
		{"clerk decides nothing", inReview(1), clerkOfWuhou, Approve, "role_clerk"},
		{"portal decides nothing", inReview(1), Actor{Name: "portal", Role: Portal}, Approve, "role_portal"},
		{"entered it", changed(inReview(1), func(a *Application) { a.EnteredBy = "level1" }), at(1), Approve, "eyes_entered"},
		{"entered it under another account", changed(inReview(1), func(a *Application) { a.EnteredPerson = PersonKey{"1", "440308199901101512"} }),
			func() Actor { a := at(1); a.Person = PersonKey{"1", "440308199901101512"}; return a }(), Approve, "eyes_entered"},
		{"own application", inReview(1), func() Actor { a := at(1); a.Person = PersonKey{"1", "11010519491231002X"}; return a }(), Approve, "eyes_own"},
		{"decided another level", changed(inReview(2), func(a *Application) { a.Decisions[0].By = "level2" }), at(2), Approve, "eyes_level"},
		{"decided another level under another account", changed(inReview(2), func(a *Application) { a.Decisions[0].Person = PersonKey{"1", "440308199901101512"} }),
			func() Actor { a := at(2); a.Person = PersonKey{"1", "440308199901101512"}; return a }(), Approve, "eyes_level"},
		{"decided another level of an earlier revision", changed(inReview(1), func(a *Application) { a.Earlier = []Decision{{Level: 2, By: "level1"}} }), at(1), Approve, "eyes_level"},
		{"decided the same level of an earlier revision", changed(inReview(1), func(a *Application) { a.Earlier = []Decision{{Level: 1, By: "level1"}} }), at(1), Approve, ""},
		{"held", changed(inReview(1), held), at(1), Approve, "held"},
		{"held, reject", changed(inReview(1), held), at(1), Reject, "held"},
		{"hold twice", changed(inReview(1), held), at(1), Hold, "held"},
		{"release", changed(inReview(1), held), at(1), Release, ""},
		{"release what is not held", inReview(1), at(1), Release, "not_held"},
		{"release by another level", changed(inReview(1), held), at(2), Release, "level_before"},
		{"hold", inReview(2), at(2), Hold, ""},
		{"re-route at level 1", inReview(1), at(1), Reroute, ""},
		{"re-route at level 2", inReview(2), at(2), Reroute, "first_level_only"},
		{"re-route later", inReview(2), at(1), Reroute, "level_passed"},
		{"re-route what is held", changed(inReview(1), held), at(1), Reroute, "held"},
		{"withdraw before any decision", inReview(1), clerkOfWuhou, Withdraw, ""},
		{"withdraw what is held", changed(inReview(1), held), clerkOfWuhou, Withdraw, ""},
		{"withdraw after a decision", inReview(2), clerkOfWuhou, Withdraw, "decided_already"},
		{"withdraw by the portal that sent it", inReview(1), Actor{Name: "portal", Role: Portal}, Withdraw, ""},
		{"withdraw by another portal", inReview(1), Actor{Name: "other", Role: Portal}, Withdraw, "role_portal"},
		{"withdraw by a reviewer", inReview(1), at(1), Withdraw, "role_reviewer"},
		{"withdraw twice", ended(Withdrawn), clerkOfWuhou, Withdraw, "state_withdrawn"},
		{"withdraw what is rejected", ended(Rejected), clerkOfWuhou, Withdraw, "state_rejected"},
		{"withdraw what is approved", ended(Approved), clerkOfWuhou, Withdraw, "state_approved"},
		{"clerk of another area", inReview(1), Actor{Name: "c2", Role: Clerk, Areas: []string{"510104"}}, Withdraw, "area_other"},
		{"clerk of another area who entered it", changed(inReview(1), func(a *Application) { a.EnteredBy = "c2" }), Actor{Name: "c2", Role: Clerk, Areas: []string{"510104"}}, Withdraw, ""},
		{"resubmit what is withdrawn", ended(Withdrawn), clerkOfWuhou, Submit, ""},
		{"resubmit what is rejected", ended(Rejected), clerkOfWuhou, Submit, ""},
		{"submit a draft", ended(Draft), clerkOfWuhou, Submit, ""},
		{"resubmit in review", inReview(1), clerkOfWuhou, Submit, "state_in_review"},
		{"resubmit approved", ended(Approved), clerkOfWuhou, Submit, "state_approved"},
		{"resubmit by a reviewer", ended(Rejected), at(1), Submit, "role_reviewer"},
		{"take back at level 1", inReview(2), at(1), TakeBack, ""},
		{"take back after level 2 decided", inReview(3), at(1), TakeBack, "decision_other"},
		{"take back after level 2 held it", changed(inReview(2), func(a *Application) { a.Held, a.ActedLevel = true, 2 }), at(1), TakeBack, "later_level_acted"},
		{"take back a rejection", ended(Rejected), at(3), TakeBack, ""},
		{"take back the last approval", ended(Approved), at(3), TakeBack, ""},
		{"take back somebody else's", ended(Approved), at(2), TakeBack, "decision_other"},
		{"take back what one decided under another account", changed(ended(Approved), func(a *Application) { a.Decisions[2].Person = PersonKey{"1", "440308199901101512"} }),
			func() Actor { a := at(3); a.Name, a.Person = "other", PersonKey{"1", "440308199901101512"}; return a }(), TakeBack, "decision_other"},
		{"take back after printing", changed(ended(Approved), func(a *Application) { a.CertificateOut = true }), at(3), TakeBack, "certificate_out"},
		{"take back nothing", inReview(1), at(1), TakeBack, "nothing_decided"},
		{"take back what is withdrawn", ended(Withdrawn), at(1), TakeBack, "state_withdrawn"},
		{"approve what is approved", ended(Approved), at(3), Approve, "state_approved"},
		{"approve what is rejected", ended(Rejected), at(3), Approve, "state_rejected"},
		{"approve what is withdrawn", ended(Withdrawn), at(1), Approve, "state_withdrawn"},
		{"approve a draft", ended(Draft), at(1), Approve, "state_draft"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.a.Can(tt.by, tt.do)
			got := ""
			if denied, ok := errors.AsType[*DeniedError](err); ok {
				got = denied.Code
			} else if err != nil {
				t.Fatalf("Can: %v is no DeniedError", err)
			}
			if got != tt.want {
				t.Errorf("Can(%s): got %q, want %q", tt.do, got, tt.want)
			}
		})
	}
}

// TestCanByPackage has what the applicant does by a package, which an account only carries in: the state is asked as ever.
func TestCanByPackage(t *testing.T) {
	admin, portal := Actor{Name: "admin", Role: Administrator}, Actor{Name: "portal", Role: Portal}
	tests := []struct {
		name string
		a    Application
		by   Actor
		do   Action
		want string // code of the refusal, "" for allowed
	}{
		{"withdraw", inReview(1), portal, Withdraw, ""},
		{"withdraw, carried in by an administrator", inReview(1), admin, Withdraw, ""},
		{"withdraw what another portal sent", inReview(1), Actor{Name: "other", Role: Portal}, Withdraw, "import_other"},
		{"withdraw after a decision", inReview(2), portal, Withdraw, "decided_already"},
		{"withdraw twice", ended(Withdrawn), portal, Withdraw, "state_withdrawn"},
		{"withdraw what is rejected", ended(Rejected), portal, Withdraw, "state_rejected"},
		{"carried in by a reviewer", inReview(1), at(1), Withdraw, "role_reviewer"},
		{"resubmit what is withdrawn", ended(Withdrawn), portal, Submit, ""},
		{"resubmit what is rejected", ended(Rejected), admin, Submit, ""},
		{"resubmit in review", inReview(1), portal, Submit, "state_in_review"},
		{"resubmit approved", ended(Approved), portal, Submit, "state_approved"},
		{"resubmit what another portal sent", ended(Rejected), Actor{Name: "other", Role: Portal}, Submit, "import_other"},
	}
	for _, tt := range tests {
		denied, _ := errors.AsType[*DeniedError](tt.a.CanByPackage(tt.by, tt.do))
		if got := codeOfDenied(denied); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func codeOfDenied(denied *DeniedError) string {
	if denied == nil {
		return ""
	}
	return denied.Code
}

// TestNoCellIsForgotten: every pair of state and action answers, with the row's reason or the state's.
func TestNoCellIsForgotten(t *testing.T) {
	actions := []Action{Submit, Approve, Reject, Hold, Release, Reroute, TakeBack, Withdraw}
	for _, state := range States() {
		for _, do := range actions {
			a := ended(state)
			if state == InReview {
				a = inReview(1)
			}
			listed := slices.ContainsFunc(workflow, func(t transition) bool { return t.from == state && t.do == do })
			denied, _ := errors.AsType[*DeniedError](a.Can(Actor{Name: "nobody"}, do))
			if denied == nil {
				t.Errorf("%s in %s: an account without a role may", do, state)
			} else if !listed && denied.Code != "state_"+string(state) {
				t.Errorf("%s in %s: got %q, want the state's reason", do, state, denied.Code)
			}
		}
	}
}

func TestOnErrorNothingChanges(t *testing.T) {
	p := DefaultPolicy()
	a := inReview(2)
	before := a.Clone()
	refused := []func(*Application) (Event, error){
		func(a *Application) (Event, error) { return a.Approve(at(1), p, Facts{}, "", noon) },
		func(a *Application) (Event, error) { return a.Reject(at(2), p, nil, "", noon) },
		func(a *Application) (Event, error) {
			return a.Reject(at(2), p, []Reason{{Code: "Q77"}, {Code: "Q99"}}, "", noon)
		},
		func(a *Application) (Event, error) { return a.Approve(at(2), p, Facts{}, "seen\x1b[2J", noon) },
		func(a *Application) (Event, error) {
			return a.Reject(at(2), p, []Reason{{Code: "Q03"}}, "a\u202eb", noon)
		},
		func(a *Application) (Event, error) { return a.Hold(at(2), p, "  ", noon) },
		func(a *Application) (Event, error) { return a.Hold(at(2), p, "line\nline", noon) },
		func(a *Application) (Event, error) { return a.Release(at(2), p, noon) },
		func(a *Application) (Event, error) { return a.Reroute(at(1), p, "510104", "wrong area", noon) },
		func(a *Application) (Event, error) { return a.TakeBack(at(2), p, Facts{}, "", noon) },
		func(a *Application) (Event, error) { return a.Withdraw(clerkOfWuhou, p, noon) },
	}
	for i, do := range refused {
		if _, err := do(&a); err == nil {
			t.Errorf("action %d: want a refusal", i)
		}
		if got := a.Clone(); !sameApplication(got, before) {
			t.Errorf("action %d changed the application although it was refused", i)
		}
	}
}

func sameApplication(x, y Application) bool {
	return x.Version == y.Version && x.State == y.State && x.Level == y.Level && x.Held == y.Held &&
		x.Area == y.Area && len(x.Decisions) == len(y.Decisions) && x.ActedLevel == y.ActedLevel &&
		x.ChangedBy == y.ChangedBy && x.HeldNote == y.HeldNote
}

func TestRejectSaysAllThatIsWrong(t *testing.T) {
	a := inReview(1)
	reasons := []Reason{
		{Code: "Q77"},                                  // no such code
		{Code: "Q01"},                                  // must name an attachment
		{Code: "Q05", Target: "id_card_front"},         // must name a field
		{Code: "Q02", Target: "education_hours_proof"}, // not part of a first registration
		{Code: "Q99"},                                  // needs a note
		{Code: "Q03", Note: "\x1b[2J"},                 // an escape sequence
	}
	_, err := a.Reject(at(1), DefaultPolicy(), reasons, "", noon)
	form, ok := errors.AsType[*FormError](err)
	if !ok {
		t.Fatalf("Reject: got %v, want a FormError", err)
	}
	var got []string
	for _, p := range form.Problems {
		got = append(got, p.Code)
	}
	want := []string{"reason_unknown", "reason_needs_attachment", "reason_needs_field", "reason_target_unknown", "reason_needs_note", "note_text"}
	if !slices.Equal(got, want) {
		t.Errorf("codes: got %v, want %v", got, want)
	}
}

// TestWhatHasEndedIsNotDue: also where the day was an estimate.
func TestWhatHasEndedIsNotDue(t *testing.T) {
	p := DefaultPolicy()
	ends := map[string]func(a *Application) error{
		"rejected": func(a *Application) error {
			_, err := a.Reject(at(1), p, []Reason{{Code: "Q03"}}, "", noon)
			return err
		},
		"withdrawn": func(a *Application) error {
			_, err := a.Withdraw(clerkOfWuhou, p, noon)
			return err
		},
		"approved": func(a *Application) error {
			s := submitted(First)
			a.Levels, a.Form, a.Attachments, a.Consent, a.SubmittedAt = 1, s.Form, s.Attachments, s.Consent, s.SubmittedAt
			_, err := a.Approve(at(1), p, Facts{}, "", noon)
			return err
		},
	}
	for name, end := range ends {
		a := inReview(1)
		a.DueOn, a.DueEstimated = NewDate(2027, 1, 4), true
		if err := end(&a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !a.DueOn.IsZero() || a.DueEstimated {
			t.Errorf("%s: due on %s, estimated %v", name, a.DueOn, a.DueEstimated)
		}
	}
}

func TestApproveTakesTheLevelsInTurn(t *testing.T) {
	p := DefaultPolicy()
	a := inReview(1)
	for level := 1; level < 3; level++ {
		event, err := a.Approve(at(level), p, Facts{}, "", noon)
		if err != nil {
			t.Fatalf("level %d: %v", level, err)
		}
		if event.Level != level || a.State != InReview || a.Level != level+1 || a.DueOn.IsZero() {
			t.Errorf("after level %d: event of level %d, %s at level %d, due %s", level, event.Level, a.State, a.Level, a.DueOn)
		}
	}
	if len(a.Decisions) != 2 || a.Decisions[0].Policy != p.Version || a.Decisions[1].Revision != 1 {
		t.Errorf("decisions: got %+v", a.Decisions)
	}
}

func TestTakeBackGivesTheLevelBack(t *testing.T) {
	p := DefaultPolicy()
	a := inReview(2)
	if _, err := a.Hold(at(2), p, "asks back", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := a.TakeBack(at(1), p, Facts{}, "", noon); !errors.Is(err, ErrDenied) {
		t.Errorf("take back after level 2 held it: got %v, want ErrDenied", err)
	}
	a = inReview(2)
	if _, err := a.TakeBack(at(1), p, Facts{}, "", noon); err != nil {
		t.Fatal(err)
	}
	if a.State != InReview || a.Level != 1 || len(a.Decisions) != 0 || a.ActedLevel != 0 {
		t.Errorf("got %s at level %d with %d decisions", a.State, a.Level, len(a.Decisions))
	}
	if err := a.Can(clerkOfWuhou, Withdraw); err != nil {
		t.Errorf("nothing is decided any more, yet withdrawing is refused: %v", err)
	}
}

func TestRerouteMovesTheCase(t *testing.T) {
	a := inReview(1)
	event, err := a.Reroute(at(1), DefaultPolicy(), "510104", " works there ", noon)
	if err != nil {
		t.Fatal(err)
	}
	if a.Area != "510104" || a.Level != 1 || a.ActedLevel != 1 || event.Target != "510104" || event.Note != "works there" {
		t.Errorf("got area %s at level %d, acted on at %d, event %+v", a.Area, a.Level, a.ActedLevel, event)
	}
}

func TestNoReroutingToAnAreaThatIsClosed(t *testing.T) {
	p := *DefaultPolicy()
	p.Options = maps.Clone(p.Options)
	areas := slices.Clone(p.Options["area"])
	p.Options["area"] = areas
	areas[slices.IndexFunc(areas, func(o Option) bool { return o.Code == "510104" })].Disabled = true
	for area, want := range map[string]string{"510104": "area_unknown", "510199": "area_unknown", "510107": "area_same", "510105": ""} {
		a := inReview(1)
		got := ""
		_, err := a.Reroute(at(1), &p, area, "works there", noon)
		if rule, ok := errors.AsType[*RuleError](err); ok {
			got = rule.Code
		}
		if got != want {
			t.Errorf("to %s: got %v, want %q", area, err, want)
		}
	}
}

// TestTheLastApprovalAsksTheRegister: a certificate is right or is not issued, by the rules of the day of submission.
func TestTheLastApprovalAsksTheRegister(t *testing.T) {
	closed := *DefaultPolicy()
	closed.Renewal.AfterExpiry = BlockExpired
	small := func(s *Submission) {
		for i := range s.Attachments {
			if s.Attachments[i].Slot == "portrait" {
				s.Attachments[i].Width, s.Attachments[i].Height = 100, 140
			}
		}
	}
	tests := []struct {
		name   string
		kind   Kind
		change func(*Submission)
		policy *Policy
		facts  Facts
		want   []string
	}{
		{name: "a first registration", kind: First},
		{name: "of somebody who has a certificate by now", kind: First, facts: Facts{Certificate: stands("2029-01-01")}, want: []string{"first_has_certificate"}},
		{name: "a renewal that was submitted on the last day", kind: Renewal, policy: &closed, facts: Facts{Certificate: stands("2026-11-16")}},
		{name: "a renewal that was submitted a day later", kind: Renewal, policy: &closed, facts: Facts{Certificate: stands("2026-11-15")}, want: []string{"renewal_expired"}},
		{name: "a renewal before its window", kind: Renewal, facts: Facts{Certificate: stands("2027-02-15")}, want: []string{"renewal_early"}},
		{name: "a portrait that is too small", kind: First, change: small, want: []string{"portrait_small"}},
	}
	for _, tt := range tests {
		s := submitted(tt.kind)
		if tt.change != nil {
			tt.change(&s)
		}
		p := tt.policy
		if p == nil {
			p = DefaultPolicy()
		}
		a := inReview(3)
		a.Kind, a.Form, a.Attachments, a.Consent, a.SubmittedAt = s.Kind, s.Form, s.Attachments, s.Consent, s.SubmittedAt
		_, err := a.Approve(at(3), p, tt.facts, "", s.SubmittedAt.AddDate(0, 0, 30))
		if diff := cmp.Diff(tt.want, problemCodes(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if (a.State == Approved) != (tt.want == nil) {
			t.Errorf("%s: got %s", tt.name, a.State)
		}
	}
}

// TestTakeBackOfTheLastApprovalForgetsTheCertificate: also where it would have been mailed.
func TestTakeBackOfTheLastApprovalForgetsTheCertificate(t *testing.T) {
	a := ended(Approved)
	a.Certificate, a.CertificateVersion = "CD-2026-000001", 1
	a.Letter = &Letter{State: LetterToPrint, To: Form{"recipient": {"王芳"}}}
	own := Certificate{Number: "CD-2026-000001", Versions: []CertificateVersion{{Version: 1, Reference: "SQ1"}}}
	if _, err := a.TakeBack(at(3), DefaultPolicy(), Facts{Certificate: &own}, "", noon); err != nil {
		t.Fatal(err)
	}
	if a.State != InReview || a.Certificate != "" || a.CertificateVersion != 0 || a.Letter != nil {
		t.Errorf("got %s with certificate %q version %d, letter %+v", a.State, a.Certificate, a.CertificateVersion, a.Letter)
	}
}

// TestTakeBackOfARejectedRenewal: its certificate is the one that it renews, and no reason against it.
func TestTakeBackOfARejectedRenewal(t *testing.T) {
	a := ended(Rejected)
	a.Kind = Renewal
	if _, err := a.TakeBack(at(3), DefaultPolicy(), Facts{Certificate: stands("2026-12-01")}, "", noon); err != nil || a.State != InReview {
		t.Errorf("got %s, %v", a.State, err)
	}
}

func TestTakeBackAsksTheRegister(t *testing.T) {
	p := DefaultPolicy()
	other := Certificate{Number: "CD-2026-000001", Versions: []CertificateVersion{{Version: 1, Reference: "SQ2"}}}
	tests := []struct {
		name  string
		a     Application
		facts Facts
		want  string
	}{
		{"rejected, applied again", ended(Rejected), Facts{InReview: "SQ2"}, "in_review"},
		{"rejected, has a certificate by now", ended(Rejected), Facts{Certificate: &other}, "first_has_certificate"},
		{"approved, newer version", ended(Approved), Facts{Certificate: &other}, "certificate_superseded"},
	}
	for _, tt := range tests {
		_, err := tt.a.TakeBack(at(3), p, tt.facts, "", noon)
		rule, ok := errors.AsType[*RuleError](err)
		if !ok || rule.Code != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestRights(t *testing.T) {
	all := []Action{View, Reveal, ViewFile, Print, Import, Export, ImportLegacy, Administer, ReadLog}
	may := map[Role][]Action{
		Reviewer:      {View, Reveal, ViewFile, Print, ReadLog},
		Clerk:         {View, Reveal, ViewFile, Print, ReadLog},
		Administrator: all,
		Auditor:       {View, ReadLog},
		Portal:        {View, ViewFile, Import, Export},
	}
	for _, role := range Roles() {
		by := Actor{Name: "x", Role: role}
		for _, do := range all {
			got, want := by.May(do) == nil, slices.Contains(may[role], do)
			if got != want {
				t.Errorf("%s may %s: got %v, want %v", role, do, got, want)
			}
		}
	}
}
