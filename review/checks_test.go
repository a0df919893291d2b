package review

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// application makes the filing an application in review, submitted on its day.
func (f *filing) application() *Application {
	return &Application{
		Reference: "SQ1", Kind: f.kind, State: InReview, Form: f.form, Consent: f.consent, Attachments: f.attachments,
		SubmittedAt: f.today.Time().Add(9 * time.Hour),
	}
}

// held returns a certificate in the register that agrees with a flawless renewal.
func held() *Certificate {
	record := flawless(Renewal).form
	return &Certificate{
		Number: "CD-2020-000001", FirstRegistered: NewDate(2020, 12, 21),
		Versions: []CertificateVersion{{Version: 1, Reference: "SQ0", ValidFrom: NewDate(2023, 12, 21), ValidUntil: NewDate(2026, 12, 20), Form: record}},
	}
}

func TestFlawlessApplicationsHaveNoFindings(t *testing.T) {
	for _, kind := range Kinds() {
		f := flawless(kind)
		if kind != Completion {
			f.mailed()
		}
		if got := Checks(f.application(), f.policy, Facts{}, f.today); got != nil {
			t.Errorf("%s: got %v, want none", kind, got)
		}
	}
	f := flawless(Renewal)
	if got := Checks(f.application(), f.policy, Facts{Certificate: held()}, f.today); got != nil {
		t.Errorf("renewal of a known certificate: got %v, want none", got)
	}
}

func TestChecks(t *testing.T) {
	type world struct {
		*filing
		facts Facts
	}
	set := func(key Key, values ...string) func(*world) {
		return func(w *world) { w.form.Set(key, values...) }
	}
	picture := func(slot Key, width, height int) func(*world) {
		return func(w *world) {
			at := slices.IndexFunc(w.attachments, func(at Attachment) bool { return at.Slot == slot })
			w.attachments[at].Width, w.attachments[at].Height = width, height
		}
	}
	register := func(change func(*Certificate)) func(*world) {
		return func(w *world) {
			w.facts.Certificate = held()
			if w.kind == Completion {
				w.facts.Certificate.Versions[0].ValidUntil = w.form.Date("certificate_valid_until")
			}
			change(w.facts.Certificate)
		}
	}
	policy := func(change func(*Policy)) func(*world) {
		return func(w *world) {
			p := *w.policy
			change(&p)
			w.policy = &p
		}
	}
	tests := []struct {
		name   string
		kind   Kind
		change []func(*world)
		want   []string
	}{
		{"private use", First, []func(*world){set("name", "王\uE863")}, []string{"block name undrawable", "warn name name_private"}},
		{"radical", First, []func(*world){set("name", "王⼀")}, []string{"warn name name_lookalike"}},
		{"space in name", First, []func(*world){set("name", "王 芳")}, []string{"warn name name_space"}},
		{"space in Latin name", First, []func(*world){set("name", "Anne Smith")}, nil},
		{"undrawable", First, []func(*world){func(w *world) { w.facts.Undrawable = map[Key][]rune{"name": {'𬭎'}} }}, []string{"block name undrawable"}},
		{"undrawable in the record", Completion, []func(*world){func(w *world) { w.facts.Undrawable = map[Key][]rune{"name": {'𬭎'}} }}, []string{"block name undrawable"}},
		{"undrawable issuer", First, []func(*world){func(w *world) { w.facts.Undrawable = map[Key][]rune{"issuer": {'𬭎'}} }}, []string{"block issuer undrawable"}},
		{"other name", Renewal, []func(*world){set("name", "王方"), register(func(*Certificate) {})}, []string{"warn name register_differs"}},
		{"other level", Renewal, []func(*world){set("level", "1"), register(func(*Certificate) {})}, []string{"info level register_differs"}},
		{"other number", Renewal, []func(*world){set("management_number", "20250651010000001235"), register(func(*Certificate) {})}, []string{"info management_number register_differs"}},
		{"age 17", First, []func(*world){set("id_number", withCheck("51010720081117026"))}, []string{"warn age age_unusual"}},
		{"age 18", First, []func(*world){set("id_number", withCheck("51010720081116026"))}, nil},
		{"age 70", First, []func(*world){set("id_number", withCheck("51010719551117026"))}, nil},
		{"age 71", First, []func(*world){set("id_number", withCheck("51010719551116026"))}, []string{"warn age age_unusual"}},
		{"senior secondary", First, []func(*world){set("education", "61")}, nil},
		{"below senior secondary", First, []func(*world){set("education", "90")}, []string{"warn education education_low"}},
		{"post without community employer", Completion, []func(*world){register(func(*Certificate) {})}, []string{"warn community_post community_employer"}},
		{"post of a legacy record", Completion, []func(*world){register(func(c *Certificate) { delete(c.Versions[0].Form, "employer_type") })}, nil},
		{"post unproved", Completion, []func(*world){set("community_post", "11")}, []string{"warn community_post community_unproved"}},
		{"post proved before", Completion, []func(*world){set("community_post", "11"), register(func(c *Certificate) {
			c.Versions[0].CommunityProof = true
			c.Versions[0].Form.Set("employer_type", CommunityEmployer)
		})}, nil},
		{"no year at all", First, []func(*world){set("exam_year", "24")}, nil},
		{"senior too early", First, []func(*world){set("level", SeniorLevel), set("exam_year", "2018"), policy(func(p *Policy) { p.First.Late = AllowExpired })}, []string{"warn exam_year exam_level"}},
		{"first in the year after", First, []func(*world){set("exam_year", "2025")}, nil},
		{"first two years after", First, []func(*world){set("exam_year", "2024")}, []string{"warn exam_year first_late"}},
		{"late first allowed", First, []func(*world){set("exam_year", "2024"), policy(func(p *Policy) { p.First.Late = AllowExpired })}, nil},
		{"late first blocked", First, []func(*world){set("exam_year", "2024"), policy(func(p *Policy) { p.First.Late = BlockExpired })}, []string{"block exam_year first_late"}},
		{"late in a renewal", Renewal, []func(*world){set("exam_year", "2019")}, nil},
		{"unusual number", First, []func(*world){set("management_number", "SC20250001")}, []string{"warn management_number management_unusual"}},
		{"number of another", First, []func(*world){func(w *world) { w.facts.SameManagementNumber = []string{"SQ9", "CD-2020-000007"} }}, []string{"warn management_number management_shared"}},
		{"other first registration", Renewal, []func(*world){register(func(c *Certificate) { c.FirstRegistered = NewDate(2020, 12, 20) })}, []string{"warn first_registered_on first_registered_differs"}},
		{"other expiry", Renewal, []func(*world){set("certificate_valid_until", "2026-12-19"), register(func(*Certificate) {})}, []string{"warn certificate_valid_until expiry_differs"}},
		{"window opens today", Renewal, []func(*world){set("certificate_valid_until", "2027-02-14")}, nil},
		{"window opens tomorrow", Renewal, []func(*world){set("certificate_valid_until", "2027-02-15")}, []string{"block certificate_valid_until renewal_early"}},
		{"register opens later", Renewal, []func(*world){register(func(c *Certificate) { c.Versions[0].ValidUntil = NewDate(2027, 2, 15) })},
			[]string{"warn certificate_valid_until expiry_differs", "block certificate_valid_until renewal_early"}},
		{"last day", Renewal, []func(*world){set("certificate_valid_until", "2026-11-16")}, nil},
		{"day after", Renewal, []func(*world){set("certificate_valid_until", "2026-11-15")}, []string{"warn certificate_valid_until renewal_expired"}},
		{"day after, allowed", Renewal, []func(*world){set("certificate_valid_until", "2026-11-15"), policy(func(p *Policy) { p.Renewal.AfterExpiry = AllowExpired })}, nil},
		{"day after, blocked", Renewal, []func(*world){set("certificate_valid_until", "2026-11-15"), policy(func(p *Policy) { p.Renewal.AfterExpiry = BlockExpired })}, []string{"block certificate_valid_until renewal_expired"}},
		{"completion has no window", Completion, []func(*world){set("certificate_valid_until", "2030-02-14")}, nil},
		{"valid for longer than there is", Completion, []func(*world){set("certificate_valid_until", "2030-02-15")}, []string{"warn certificate_valid_until expiry_far"}},
		{"expired completion", Completion, []func(*world){set("certificate_valid_until", "2026-11-15")}, nil},
		{"portrait 295 × 413", First, []func(*world){picture("portrait", 295, 413)}, nil},
		{"portrait 294 × 413", First, []func(*world){picture("portrait", 294, 413)}, []string{"block portrait portrait_small"}},
		{"portrait 295 × 412", First, []func(*world){picture("portrait", 295, 412)}, []string{"block portrait portrait_small"}},
		{"portrait 3 : 4", First, []func(*world){picture("portrait", 900, 1200)}, nil},
		{"portrait wider than 3 : 4", First, []func(*world){picture("portrait", 901, 1200)}, []string{"warn portrait portrait_ratio"}},
		{"portrait narrow", First, []func(*world){picture("portrait", 678, 1000)}, []string{"warn portrait portrait_ratio"}},
		{"portrait small and square", First, []func(*world){picture("portrait", 200, 200)}, []string{"block portrait portrait_small", "warn portrait portrait_ratio"}},
		{"document of 240", First, []func(*world){picture("id_card_front", 240, 400)}, nil},
		{"document of 239", First, []func(*world){picture("id_card_front", 400, 239)}, []string{"warn id_card_front picture_small"}},
		{"PDF has no size", First, []func(*world){picture("application_form", 0, 0)}, nil},
		{"dark and blank", First, []func(*world){func(w *world) { w.attachments[0].Dark, w.attachments[0].Blank = true, true }},
			[]string{"warn id_card_front picture_dark", "warn id_card_front picture_blank"}},
		{"file of another", First, []func(*world){func(w *world) { w.facts.SameFile = map[string][]string{w.attachments[3].SHA256: {"SQ9"}} }}, []string{"warn application_form file_shared"}},
		{"both sides the same", First, []func(*world){func(w *world) { w.attachments[1].SHA256 = w.attachments[0].SHA256 }}, []string{"warn id_card_back file_repeated"}},
		{"twice in a slot", First, []func(*world){func(w *world) { w.attach("credential_scan").SHA256 = w.attachments[2].SHA256 }}, []string{"warn credential_scan file_repeated"}},
		{"mail to no district", First, []func(*world){func(w *world) { w.mailed(); w.form.Set("region", "四川") }}, []string{"warn region recipient_incomplete"}},
		{"mail to nobody", First, []func(*world){func(w *world) { w.mailed(); w.form.Set("recipient") }}, []string{"warn recipient recipient_incomplete"}},
		{"empty form", First, []func(*world){func(w *world) { w.form, w.attachments = nil, nil }}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := &world{filing: flawless(test.kind)}
			for _, change := range test.change {
				change(w)
			}
			var got []string
			for _, p := range Checks(w.application(), w.policy, w.facts, w.today.AddDays(400)) {
				got = append(got, string(p.Severity)+" "+string(p.Target)+" "+p.Code)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

// TestChecksAfterApproval: what the approval itself wrote into the register is no finding.
func TestChecksAfterApproval(t *testing.T) {
	f := flawless(Renewal)
	c := held()
	c.Versions = append(c.Versions, CertificateVersion{Version: 2, Reference: "SQ1", ValidUntil: NewDate(2029, 12, 20), Form: f.form})
	if got := Checks(f.application(), f.policy, Facts{Certificate: c}, f.today); got != nil {
		t.Errorf("got %v, want none", got)
	}
}

func TestChecksOfADraftCountFromToday(t *testing.T) {
	f := flawless(Renewal)
	a := f.application()
	a.SubmittedAt = time.Time{}
	got := Checks(a, f.policy, Facts{}, NewDate(2026, 12, 21))
	want := []Problem{{Warn, "certificate_valid_until", "renewal_expired", Args{"until": "2026-12-20"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

func TestArgsOfChecks(t *testing.T) {
	f := flawless(First)
	f.form.Set("name", "王\uE863\uE863")
	f.attachments[1].SHA256 = f.attachments[0].SHA256
	facts := Facts{
		Undrawable:           map[Key][]rune{"name": {'𬭎', '\uE863'}},
		SameManagementNumber: []string{"SQ7", "SQ2", "SQ3", "SQ4", "SQ5", "SQ6", "SQ2"},
	}
	got := Checks(f.application(), f.policy, facts, f.today)
	want := []Problem{
		{Block, "name", "undrawable", Args{"characters": "U+E863, 𬭎 (U+2CB4E)"}},
		{Warn, "name", "name_private", Args{"characters": "U+E863"}},
		{Warn, "management_number", "management_shared", Args{"references": "SQ2, SQ3, SQ4, SQ5, SQ6, SQ7"}},
		{Warn, "id_card_back", "file_repeated", Args{"n": "1", "other": "身份证正反面照片（人像面）", "other_en": "Identity card, side with the portrait"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// TestNoNamesInProblems: names and identity numbers never enter errors (domain §10).
func TestNoNamesInProblems(t *testing.T) {
	f := flawless(First)
	f.form.Set("name", "王芳1")
	f.form.Set("id_number", "510107199104180264")
	f.form.Set("ethnicity", "王芳1")
	text := (&FormError{f.problems()}).Error()
	for _, secret := range []string{"王芳", "5101071991"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q holds %q", text, secret)
		}
	}
}

// TestWhatWasToldApart: a hint that somebody has looked into becomes one that says so; the others stay.
func TestWhatWasToldApart(t *testing.T) {
	f := flawless(First)
	on := NewDate(2026, 11, 16)
	facts := Facts{
		SameManagementNumber: []string{"SQ7", "SQ2"}, SameBirth: []string{"SQ2", "CD-2020-000007"},
		Checked: map[string]Checked{"SQ2": {"zhou.wuhou", on}},
	}
	want := []Problem{
		{Warn, "name", "birth_shared", Args{"references": "CD-2020-000007"}},
		{Info, "name", "shared_checked", Args{"references": "SQ2", "by": "zhou.wuhou", "on": "2026-11-16"}},
		{Warn, "management_number", "management_shared", Args{"references": "SQ7"}},
		{Info, "management_number", "shared_checked", Args{"references": "SQ2", "by": "zhou.wuhou", "on": "2026-11-16"}},
	}
	if diff := cmp.Diff(want, Checks(f.application(), f.policy, facts, f.today)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWhatIsAlikeNeverBlocks: the store decides without asking whose records are alike, which is a hint and no rule.
func TestWhatIsAlikeNeverBlocks(t *testing.T) {
	for _, kind := range Kinds() {
		f := flawless(kind)
		files := map[string][]string{}
		for _, at := range f.attachments {
			files[at.SHA256] = []string{"SQ8", "SQ9"}
		}
		alike := Facts{
			SameManagementNumber: []string{"SQ7", "SQ2"}, SameBirth: []string{"SQ2", "CD-2020-000007"}, SameFile: files,
			Checked: map[string]Checked{"SQ2": {"zhou.wuhou", f.today}},
		}
		found := 0
		for _, p := range Checks(f.application(), f.policy, alike, f.today) {
			if p.Severity == Block {
				t.Errorf("%s: %v blocks", kind, p)
			}
			if strings.HasSuffix(p.Code, "_shared") || p.Code == "shared_checked" {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s: nothing was found alike", kind)
		}
	}
}
