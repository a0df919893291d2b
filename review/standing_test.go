package review

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"
)

var (
	standingNow = time.Date(2026, 11, 16, 12, 0, 0, 0, Zone)
	chief       = Account{Name: "chief", Role: Administrator}
	deputy      = Account{Name: "deputy", Role: Administrator}
	lastOne     = Account{Name: "last", Role: Reviewer, Level: 3}
)

func standingCertificate() Certificate {
	return Certificate{
		Number: "CD-2026-000001", Person: PersonKey{ResidentCard, "11010519491231002X"}, FirstRegistered: NewDate(2026, 3, 1),
		Versions: []CertificateVersion{{
			Version: 1, Reference: "SQ1", ValidFrom: NewDate(2026, 3, 1), ValidUntil: NewDate(2029, 2, 28), IssuedAt: standingNow.AddDate(0, -8, 0),
			Area: "510107", Printed: 2, Delivered: true, File: "f", Look: "l", Size: 9,
			Form: Form{
				"name": {"王芳"}, "id_type": {ResidentCard}, "id_number": {"11010519491231002X"}, "sex": {Female}, "level": {"2"},
				"management_number": {"20240651010000001234"}, "review_area": {"510107"},
			},
		}},
	}
}

func ruleCode(err error) string {
	if rule, ok := errors.AsType[*RuleError](err); ok {
		return rule.Code
	}
	if denied, ok := errors.AsType[*DeniedError](err); ok {
		return denied.Code
	}
	if form, ok := errors.AsType[*FormError](err); ok {
		return form.Problems[0].Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestProposals(t *testing.T) {
	own := chief
	own.Person = standingCertificate().Person
	revoked := func(c *Certificate) { c.RevokedOn = NewDate(2026, 5, 1) }
	none := func(*Certificate) {}
	for _, tt := range []struct {
		name  string
		by    Account
		given func(*Certificate)
		what  Proposal
		want  string
	}{
		{"revocation", chief, none, Proposal{Action: Revoke, Reason: "request"}, ""},
		{"by label", lastOne, none, Proposal{Action: Revoke, Reason: "本人申请"}, ""},
		{"no ground", chief, none, Proposal{Action: Revoke}, "revoke_reason_unknown"},
		{"note missing", chief, none, Proposal{Action: Revoke, Reason: "improper"}, "note_required"},
		{"day ahead", chief, none, Proposal{Action: Revoke, Reason: "request", On: NewDate(2026, 11, 17)}, "revoke_day_ahead"},
		{"today", chief, none, Proposal{Action: Revoke, Reason: "request", On: NewDate(2026, 11, 16)}, ""},
		{"before it began", chief, none, Proposal{Action: Revoke, Reason: "request", On: NewDate(2026, 2, 28)}, "revoke_day_before"},
		{"its first day", chief, none, Proposal{Action: Revoke, Reason: "request", On: NewDate(2026, 3, 1)}, ""},
		{"twice", chief, revoked, Proposal{Action: Revoke, Reason: "request"}, "certificate_revoked"},
		{"void", chief, func(c *Certificate) { c.Void, c.Versions[0].Void = true, true }, Proposal{Action: Revoke, Reason: "request"}, "certificate_void"},
		{"another open", chief, func(c *Certificate) { c.Proposed = &Proposal{By: "x"} }, Proposal{Action: Revoke, Reason: "request"}, "proposal_open"},
		{"clerk", Account{Name: "c", Role: Clerk, Areas: []string{"510107"}}, none, Proposal{Action: Revoke, Reason: "request"}, "last_level_only"},
		{"auditor", Account{Name: "a", Role: Auditor}, none, Proposal{Action: Revoke, Reason: "request"}, "last_level_only"},
		{"second level", Account{Name: "s", Role: Reviewer, Level: 2}, none, Proposal{Action: Revoke, Reason: "request"}, "last_level_only"},
		{"disabled", Account{Name: "d", Role: Administrator, Disabled: true}, none, Proposal{Action: Revoke, Reason: "request"}, "account_disabled"},
		{"own", own, none, Proposal{Action: Revoke, Reason: "request"}, "eyes_own_certificate"},
		{"restoration", chief, revoked, Proposal{Action: Reinstate, Note: "误注销"}, ""},
		{"restoration without a note", chief, revoked, Proposal{Action: Reinstate}, "note_required"},
		{"restoration of what stands", chief, none, Proposal{Action: Reinstate, Note: "误注销"}, "certificate_stands"},
		{"correction", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"name": {"王方"}}}, ""},
		{"correction of the same", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"name": {" 王芳 "}}}, "correction_same"},
		{"correction of nothing", chief, none, Proposal{Action: Correct, Note: "录入错误"}, "correction_same"},
		{"issued anew", chief, none, Proposal{Action: Correct, Note: "签发密钥作废", Anew: true}, ""},
		{"issued anew and changed", chief, none, Proposal{Action: Correct, Note: "录入错误", Anew: true, Form: Form{"name": {"王方"}}}, "correction_same"},
		{"correction of what is not printed", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"mobile": {"13800001234"}}}, "correction_field"},
		{"correction to nothing", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"name": {""}}}, "required"},
		{"correction to no option", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"level": {"大师"}}}, "option_unknown"},
		{"correction to an option by label", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"level": {"高级社会工作师"}}}, ""},
		{"sex against the number", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"sex": {"男"}}}, "identity_sex"},
		{"number against the sex", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"id_number": {"440308199901101512"}}}, "identity_sex"},
		{"number and sex", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"id_number": {"440308199901101512"}, "sex": {"男"}}}, ""},
		{"a validity that ends before it begins", chief, none, Proposal{Action: Correct, Note: "录入错误", Form: Form{"certificate_valid_until": {"2026-02-01"}}}, "correction_until"},
		{"correction of an incomplete record", chief, func(c *Certificate) { c.Missing = []Key{"fields"} }, Proposal{Action: Correct, Note: "录入错误", Form: Form{"name": {"王方"}}}, "certificate_incomplete"},
		{"correction of a revoked one", chief, revoked, Proposal{Action: Correct, Note: "录入错误", Form: Form{"name": {"王方"}}}, "certificate_revoked"},
		{"escape sequence", chief, none, Proposal{Action: Revoke, Reason: "request", Note: "\x1b[2J"}, "note_text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := standingCertificate()
			tt.given(&c)
			change := c.Change
			_, err := c.Propose(tt.by, "", DefaultPolicy(), tt.what, standingNow)
			if got := ruleCode(err); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			if (err == nil) != (c.Change > change) {
				t.Errorf("changed from %d to %d with error %v", change, c.Change, err)
			}
		})
	}
}

func TestConfirmation(t *testing.T) {
	p := DefaultPolicy()
	c := standingCertificate()
	if _, err := c.Confirm(deputy, "", p, standingNow); ruleCode(err) != "proposal_none" {
		t.Errorf("got %v", err)
	}
	if _, err := c.Propose(chief, "", p, Proposal{Action: Revoke, Reason: "death", On: NewDate(2026, 11, 1)}, standingNow); err != nil {
		t.Fatal(err)
	}
	if c.State(DateOf(standingNow)) != Valid {
		t.Error("a proposal has revoked the certificate")
	}
	alias := Account{Name: "other.name", Role: Administrator, Person: PersonKey{ResidentCard, "440308199901101512"}}
	for _, by := range []Account{chief, alias} {
		c.Proposed.Person = alias.Person
		if _, err := c.Confirm(by, "", p, standingNow); ruleCode(err) != "eyes_proposed" {
			t.Errorf("%s confirms: got %v, want eyes_proposed", by.Name, err)
		}
	}
	e, err := c.Confirm(lastOne, "", p, standingNow)
	if err != nil || e.Action != Revoke || e.Target != "death" || e.Certificate != c.Number {
		t.Fatalf("got %+v, %v", e, err)
	}
	if c.State(DateOf(standingNow)) != Revoked || c.RevokedFor != "death" || c.Proposed != nil || len(c.History) != 1 ||
		c.History[0].By != "chief" || c.History[0].ConfirmedBy != "last" {
		t.Errorf("got %+v", c)
	}
	if err := chief.MayPrint(&c, ""); ruleCode(err) != "certificate_revoked" {
		t.Errorf("print: got %v", err)
	}
	if _, err := c.Propose(lastOne, "", p, Proposal{Action: Reinstate, Note: "误注销"}, standingNow); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Dismiss(lastOne, "", p, "仍应注销", standingNow); err != nil || c.Proposed != nil {
		t.Fatalf("dismissed: %v", err)
	}
	if _, err := c.Propose(lastOne, "", p, Proposal{Action: Reinstate, Note: "误注销"}, standingNow); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Confirm(chief, "", p, standingNow); err != nil || c.State(DateOf(standingNow)) != Valid || len(c.History) != 2 {
		t.Errorf("restored: %v, %s", err, c.State(DateOf(standingNow)))
	}
}

// TestConfirmationLooksAgain: between a correction that is proposed and its confirmation the record and the rules go on.
func TestConfirmationLooksAgain(t *testing.T) {
	closed := *DefaultPolicy()
	closed.Options = maps.Clone(closed.Options)
	closed.Options["level"] = slices.DeleteFunc(slices.Clone(closed.Options["level"]), func(o Option) bool { return o.Code == "1" })
	for _, tt := range []struct {
		name  string
		since func(c *Certificate)
		p     *Policy
		want  string
	}{
		{"nothing has changed", func(*Certificate) {}, DefaultPolicy(), ""},
		{"the record says so by now", func(c *Certificate) { c.Current().Form.Set("level", "1") }, DefaultPolicy(), "correction_same"},
		{"the level is there no more", func(*Certificate) {}, &closed, "option_unknown"},
	} {
		c := standingCertificate()
		if _, err := c.Propose(chief, "", DefaultPolicy(), Proposal{Action: Correct, Note: "录入错误", Form: Form{"level": {"1"}}}, standingNow); err != nil {
			t.Fatal(err)
		}
		tt.since(&c)
		_, err := c.Confirm(deputy, "", tt.p, standingNow)
		if got := ruleCode(err); got != tt.want || (len(c.Versions) == 2) != (tt.want == "") {
			t.Errorf("%s: got %q with %d versions, want %q", tt.name, got, len(c.Versions), tt.want)
		}
	}
}

func TestCorrectionAddsAVersion(t *testing.T) {
	p := DefaultPolicy()
	c := standingCertificate()
	what := Proposal{Action: Correct, Note: "录入错误", Form: Form{
		"name": {"王·方"}, "level": {"助理社会工作师"}, "certificate_valid_until": {"2029-03-01"}, "first_registered_on": {"2026-02-01"},
	}}
	if _, err := c.Propose(chief, "", p, what, standingNow); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Confirm(deputy, "", p, standingNow); err != nil {
		t.Fatal(err)
	}
	v := c.Current()
	if len(c.Versions) != 2 || v.Version != 2 || v.Corrects != 1 || v.Reference != "SQ1" || v.Printed != 0 || v.Delivered || v.File != "" || v.IssuedBy != "deputy" {
		t.Errorf("got %+v", v)
	}
	if v.Form.Get("name") != "王·方" || v.LevelLabel != "助理社会工作师" || v.ValidUntil != NewDate(2029, 3, 1) || c.FirstRegistered != NewDate(2026, 2, 1) {
		t.Errorf("got %+v, first registered %s", v, c.FirstRegistered)
	}
	if old := c.Versions[0]; old.Form.Get("name") != "王芳" || old.File != "f" || old.Printed != 2 {
		t.Errorf("the corrected version has changed: %+v", old)
	}
}
