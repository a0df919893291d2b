package review

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var counterClerk = Actor{Name: "he", Role: Clerk}

// typed is a filing that holds what the flawless application of the kind does.
func typed(kind Kind) Filing {
	s := submitted(kind)
	return Filing{
		Person: s.applicant(), Kind: kind, Form: s.Form.Clone(), Attachments: slices.Clone(s.Attachments), Consent: s.Consent,
		StartedAt: s.SubmittedAt, ChangedAt: s.SubmittedAt,
	}
}

func TestFilingIsAcceptedAsItIsTyped(t *testing.T) {
	p := DefaultPolicy()
	for _, kind := range []Kind{First, Renewal} {
		f := typed(kind)
		now := f.ChangedAt
		f.Form.Set("mobile", " 138-0000-1234 ")
		if problems := f.Problems(Facts{}, p, now); len(problems) > 0 {
			t.Fatalf("%s: %v", kind, problems)
		}
		a, e, err := Accept(counterClerk, f.Submission("CK202611160001", p, now), nil, Facts{}, p, now)
		if err != nil || a.Form.Get("mobile") != "13800001234" || a.EnteredBy != "he" || e.Action != Submit {
			t.Errorf("%s: %v, %+v", kind, err, a.Form)
		}
	}
}

// TestConditionsDropWhatTheyHide: an answer whose question has gone stays in the draft and out of the submission, and so
// does what depends on it.
func TestConditionsDropWhatTheyHide(t *testing.T) {
	p, f := DefaultPolicy(), typed(First)
	f.Form.Set("employer_type", CommunityEmployer)
	f.Form.Set("community_post", "11")
	f.Attachments = append(f.Attachments, Attachment{Slot: "community_proof", File: "p.jpg", SHA256: "ab", Size: 9, Type: TypeJPEG})
	if s := f.Submission("X", p, f.ChangedAt); s.Form.Get("community_post") != "11" || len(s.Attachments) != len(f.Attachments) {
		t.Errorf("what is asked for is left out: %+v", s)
	}
	f.Form.Set("employer_type", "07")
	s := f.Submission("X", p, f.ChangedAt)
	if s.Form.Get("community_post") != "" || len(s.Attachments) != len(f.Attachments)-1 {
		t.Errorf("what is not asked for is submitted: %+v", s)
	}
	if f.Form.Get("community_post") != "11" {
		t.Error("the draft has lost what was typed")
	}
}

func TestRenewalIsFilledInFromTheRecord(t *testing.T) {
	p, now := DefaultPolicy(), submitted(First).SubmittedAt
	first := submitted(First)
	c := Certificate{Number: "CD-2023-000001", Person: first.applicant(), FirstRegistered: NewDate(2023, time.December, 1), Versions: []CertificateVersion{{
		Version: 1, ValidUntil: NewDate(2026, time.November, 30), Area: "510104", Form: first.Form.Clone(),
	}}}
	k := Known{Person: first.applicant(), Facts: Facts{Certificate: &c}, InScope: true}
	f := StartFiling(&k, Renewal, p, now)
	for key, want := range map[Key]string{
		"name": first.Form.Get("name"), "certificate_valid_until": "2026-11-30", "first_registered_on": "2023-12-01",
		"review_area": "510104", "sex": first.Form.Get("sex"), "id_number": first.Form.Get("id_number"),
	} {
		if f.Form.Get(key) != want {
			t.Errorf("%s: got %q, want %q", key, f.Form.Get(key), want)
		}
	}
	if slices.Contains(f.Unconfirmed, "id_number") || slices.Contains(f.Unconfirmed, "sex") || !slices.Contains(f.Unconfirmed, "name") {
		t.Errorf("to confirm: %v", f.Unconfirmed)
	}
	f.Attachments, f.Consent = submitted(Renewal).Attachments, submitted(Renewal).Consent
	n := len(f.Unconfirmed)
	if problems := f.Problems(k.Facts, p, now); len(problems) != n || problems[0].Code != "unconfirmed" {
		t.Errorf("got %v, want %d to confirm", problems, n)
	}
	for _, key := range slices.Clone(f.Unconfirmed) {
		if !f.Confirm(key) || f.Confirm(key) {
			t.Errorf("%s is confirmed once", key)
		}
	}
	if problems := f.Problems(k.Facts, p, now); len(problems) > 0 {
		t.Errorf("all is confirmed: %v", problems)
	}
	hidden := StartFiling(&Known{Person: k.Person, Facts: k.Facts}, Renewal, p, now)
	if hidden.Form.Get("name") != "" {
		t.Error("a record outside of the scope was taken over")
	}
}

func TestAgainFromARefusal(t *testing.T) {
	p, s := DefaultPolicy(), submitted(First)
	a := Application{Reference: "CK1", Revision: 1, Kind: First, State: Rejected, Form: s.Form, Attachments: s.Attachments, Decisions: []Decision{{
		Level: 1, Action: Reject, Reasons: []Reason{{Code: "Q03", Target: "application_form"}, {Code: "Q05", Target: "name"}, {Code: "Q07"}},
	}}}
	f := AgainFrom(&a, p, s.SubmittedAt)
	if f.Follows != "CK1" || f.Reference != "" || !f.Consent.Truth.IsZero() {
		t.Errorf("%+v", f)
	}
	if diff := cmp.Diff([]Key{"application_form", "name"}, f.Unconfirmed); diff != "" {
		t.Errorf("to confirm (-want +got):\n%s", diff)
	}
	a.State, a.Decisions = Withdrawn, nil
	f = AgainFrom(&a, p, s.SubmittedAt)
	next := f.Submission("CK9", p, s.SubmittedAt)
	if f.Follows != "" || next.Reference != "CK1" || next.Revision != 2 || len(f.Unconfirmed) != 0 {
		t.Errorf("%+v", next)
	}
}

// TestTinyPortraitIsNamedAtTheCounter, where the applicant still stands.
func TestTinyPortraitIsNamedAtTheCounter(t *testing.T) {
	f := typed(First)
	for i := range f.Attachments {
		if f.Attachments[i].Slot == "portrait" {
			f.Attachments[i].Width, f.Attachments[i].Height = 100, 100
		}
	}
	problems := f.Problems(Facts{}, DefaultPolicy(), f.ChangedAt)
	if len(problems) != 1 || problems[0].Code != "portrait_small" || problems[0].Target != "portrait" {
		t.Errorf("got %v", problems)
	}
}

func TestCounterReferences(t *testing.T) {
	day := NewDate(2026, time.November, 25)
	for n, want := range map[int]string{1: "CK202611250001", 9999: "CK202611259999", 10000: "CK2026112510000"} {
		got := CounterReference("CK", day, n)
		if got != want || !ValidReference(got) || !IsCounterReference("CK", got) {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
	if IsCounterReference("CK", "SQ202611250001") || IsCounterReference("CK", "CK1") {
		t.Error("a sender's reference counts as the counter's")
	}
	s := submitted(First)
	s.Reference = "CK202611250001"
	_, _, err := Accept(portalAccount, s, nil, Facts{}, DefaultPolicy(), s.SubmittedAt)
	if codes := problemCodes(err); !slices.Equal(codes, []string{"reference_counter"}) {
		t.Errorf("got %v", codes)
	}
}

func TestFilingExpires(t *testing.T) {
	p, f := DefaultPolicy(), typed(First)
	last := f.ChangedAt.AddDate(0, 0, p.Counter.DraftDays)
	if f.Expired(p, last) || !f.Expired(p, last.Add(time.Second)) {
		t.Error("a draft is kept for the days of the policy")
	}
}

// TestCompletionAsksForWhatIsMissing: answers of the record need no confirmation unless they would be brought into another
// form, and attachments that the record has need not come again; what is asked for is what ToComplete lists.
func TestCompletionAsksForWhatIsMissing(t *testing.T) {
	p, s := DefaultPolicy(), submitted(Completion)
	today := DateOf(s.SubmittedAt)
	form := s.Form.Clone()
	form.Set("honours")
	form.Set("delegate_roles", " 0")
	v := CertificateVersion{Version: 1, ValidUntil: today.AddYears(1), Area: "510104", Form: form, Portrait: "ab"}
	c := Certificate{Number: "CD-2023-000001", Person: s.applicant(), Versions: []CertificateVersion{v}}
	c.Missing = MissingData(&v, p)
	k := Known{Person: c.Person, Facts: Facts{Certificate: &c, InReview: "SQ1"}, InScope: true}
	if want, got := []Key{"delegate_roles", "honours"}, k.ToComplete(p, today); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	f := StartFiling(&k, Completion, p, s.SubmittedAt)
	f.Form.Set("honours", NoHonour)
	f.Confirm("delegate_roles")
	f.Consent = s.Consent
	sub, facts := f.Submission("CK1", p, s.SubmittedAt), Facts{Certificate: &c}
	a, _, err := Accept(counterClerk, sub, nil, facts, p, s.SubmittedAt)
	if err != nil || len(a.Attachments) != 0 {
		t.Fatalf("%v: %+v", err, a.Attachments)
	}
	if got := Issue(&a, &c, "", p, counterClerk, s.SubmittedAt); len(got.Missing) > 0 || got.Current().Portrait != "ab" {
		t.Errorf("missing %v, portrait %q", got.Missing, got.Current().Portrait)
	}
	c.Versions[0].Portrait = ""
	if _, _, err := Accept(counterClerk, sub, nil, facts, p, s.SubmittedAt); !mentions(err, "portrait", "required") {
		t.Errorf("a record without a portrait: got %v", err)
	}
}

// mentions reports whether the error refuses the target with the code.
func mentions(err error, target Key, code string) bool {
	refused, ok := errors.AsType[*FormError](err)
	return ok && slices.ContainsFunc(refused.Problems, func(p Problem) bool { return p.Target == target && p.Code == code })
}
