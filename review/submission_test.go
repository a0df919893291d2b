package review

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var portalAccount = Actor{Name: "portal", Role: Portal}

// submitted makes the flawless submission of the kind, under SQ1, by the person of flawless, on 16 November 2026.
func submitted(kind Kind) Submission {
	f := flawless(kind)
	return Submission{
		Reference: "SQ1", Revision: 1, Kind: kind, SubmittedAt: f.consent.Truth, Form: f.form, Consent: f.consent,
		Attachments: f.attachments,
	}
}

// stands returns the person's certificate, valid until the day.
func stands(until string, missing ...Key) *Certificate {
	last, err := ParseDate(until)
	if err != nil {
		panic(err)
	}
	return &Certificate{Number: "CD-2023-000001", Missing: missing, Versions: []CertificateVersion{{
		Version: 1, ValidUntil: last, Area: "510104", Form: Form{"review_area": {"510104"}},
	}}}
}

// problemCodes returns the codes of a refusal in order, nil when there is none.
func problemCodes(err error) []string {
	var codes []string
	if form, ok := errors.AsType[*FormError](err); ok {
		for _, p := range form.Problems {
			codes = append(codes, p.Code)
		}
	} else if denied, ok := errors.AsType[*DeniedError](err); ok {
		codes = []string{denied.Code}
	} else if err != nil {
		codes = []string{err.Error()}
	}
	return codes
}

// TestAccept has a row for each rule of domain §1 and formats §1 that asks the register.
func TestAccept(t *testing.T) {
	present := func(state State, change func(*Application)) *Application {
		s := submitted(First)
		a := Application{
			Reference: "SQ1", Version: 3, Revision: 1, Kind: First, State: state, Level: 1, Levels: 3, Form: s.Form, EnteredBy: "portal",
			SubmittedAt: s.SubmittedAt, Consent: s.Consent, Attachments: s.Attachments,
		}
		if change != nil {
			change(&a)
		}
		return &a
	}
	accepted := noon.AddDate(0, 0, -4)
	blocking := *DefaultPolicy()
	blocking.Renewal.AfterExpiry = BlockExpired
	revision := func(n int) func(*Submission) { return func(s *Submission) { s.Revision = n } }
	counterOf := func(reference *string) {
		*reference = CounterReference(DefaultPolicy().Counter.Prefix, NewDate(2026, 11, 16), 1)
	}
	counter := func(s *Submission) { counterOf(&s.Reference) }
	other := func(s *Submission) { s.Revision = 2; s.Form.Set("id_number", "11010519491231002X") }
	tests := []struct {
		name    string
		kind    Kind
		change  func(*Submission)
		present *Application
		facts   Facts
		by      Actor
		policy  *Policy
		want    []string
	}{
		{name: "a first registration", kind: First},
		{name: "a renewal of a certificate that is not in the register", kind: Renewal},
		{name: "by a clerk", kind: First, by: clerkOfWuhou},
		{name: "by a reviewer", kind: First, by: at(1), want: []string{"role_reviewer"}},
		{name: "by an auditor", kind: First, by: Actor{Name: "a", Role: Auditor}, want: []string{"role_auditor"}},
		{name: "no time of submission, and nothing else wrong", kind: First, change: func(s *Submission) { s.SubmittedAt = time.Time{} }, want: []string{"submitted_ahead"}},
		{name: "submitted tomorrow", kind: First, change: func(s *Submission) { s.SubmittedAt = s.SubmittedAt.AddDate(0, 0, 5) }, want: []string{"submitted_ahead"}},
		{name: "by a clock that is as far ahead as it may be", kind: First, change: func(s *Submission) { s.SubmittedAt = accepted.Add(clockSkew) }},
		{name: "by one that is further ahead", kind: First, change: func(s *Submission) { s.SubmittedAt = accepted.Add(clockSkew + 1) }, want: []string{"submitted_ahead"}},
		{name: "no reference", kind: First, change: func(s *Submission) { s.Reference = "../SQ1" }, want: []string{"reference_form"}},
		{name: "a reference of the counter, by the portal", kind: First, change: counter, want: []string{"reference_counter"}},
		{name: "a reference of the counter, by an administrator", kind: First, change: counter, by: Actor{Name: "admin", Role: Administrator}, want: []string{"reference_counter"}},
		{name: "a reference of the counter, by a clerk", kind: First, change: counter, by: clerkOfWuhou},
		{name: "the next revision of a reference of the counter, by the portal that sent it", kind: First,
			change: func(s *Submission) { counter(s); s.Revision = 2 }, present: present(Withdrawn, func(a *Application) { counterOf(&a.Reference) })},
		{name: "revision 0", kind: First, change: revision(0), want: []string{"revision_form"}},

		{name: "another in review", kind: First, facts: Facts{InReview: "SQ9"}, want: []string{"in_review"}},
		{name: "a renewal while a first registration is in review", kind: Renewal, facts: Facts{InReview: "SQ9"}, want: []string{"in_review"}},
		{name: "first registration of a holder", kind: First, facts: Facts{Certificate: stands("2029-01-01")}, want: []string{"first_has_certificate"}},
		{name: "first registration of a holder whose certificate expired", kind: First, facts: Facts{Certificate: stands("2025-01-01")}, want: []string{"first_has_certificate"}},
		{name: "the same where renewal after expiry is closed", kind: First, facts: Facts{Certificate: stands("2025-01-01")}, policy: &blocking},
		{name: "first registration of a revoked one", kind: First, facts: Facts{Revoked: "CD-2020-000001"}},

		{name: "renewal on the first day of the window", kind: Renewal, facts: Facts{Certificate: stands("2027-02-14")}},
		{name: "renewal a day before it", kind: Renewal, facts: Facts{Certificate: stands("2027-02-15")}, want: []string{"renewal_early"}},
		{name: "the register's day counts, not the stated one", kind: Renewal, facts: Facts{Certificate: stands("2029-12-20")}, want: []string{"renewal_early"}},
		{name: "stated day too far ahead", kind: Renewal, change: func(s *Submission) { s.Form.Set("certificate_valid_until", "2027-02-15") }, want: []string{"renewal_early"}},
		{name: "renewal after expiry", kind: Renewal, facts: Facts{Certificate: stands("2026-11-15")}},
		{name: "renewal after expiry where that is closed", kind: Renewal, facts: Facts{Certificate: stands("2026-11-15")}, policy: &blocking, want: []string{"renewal_expired"}},
		{name: "renewal on the last day where that is closed", kind: Renewal, facts: Facts{Certificate: stands("2026-11-16")}, policy: &blocking},
		{name: "renewal of a revoked certificate", kind: Renewal, facts: Facts{Revoked: "CD-2020-000001"}, want: []string{"certificate_revoked_held"}},

		{name: "completion without a certificate", kind: Completion, want: []string{"completion_no_certificate"}},
		{name: "completion of a whole record", kind: Completion, facts: Facts{Certificate: stands("2027-05-31")}, want: []string{"completion_not_needed"}},
		{name: "completion", kind: Completion, facts: Facts{Certificate: stands("2027-05-31", "honours")}},

		{name: "next revision in review", kind: First, change: revision(2), present: present(InReview, nil), want: []string{"revision_in_review"}},
		{name: "next revision of an approved one", kind: First, change: revision(2), present: present(Approved, nil), want: []string{"revision_approved"}},
		{name: "next revision of a withdrawn one", kind: First, change: revision(2), present: present(Withdrawn, nil)},
		{name: "revision after the next of a rejected one", kind: First, change: revision(5), present: present(Rejected, nil)},
		{name: "a lower revision", kind: First, change: revision(2), present: present(Rejected, func(a *Application) { a.Revision = 3 }), want: []string{"revision_old"}},
		{name: "a resubmission by somebody else", kind: First, change: func(s *Submission) { other(s); s.Form.Set("sex", Female) }, present: present(Rejected, nil), want: []string{"person_other"}},
		{name: "a resubmission as another kind", kind: Renewal, change: revision(2), present: present(Rejected, nil), want: []string{"kind_other"}},
		{name: "a resubmission by another portal", kind: First, change: revision(2), present: present(Rejected, nil), by: Actor{Name: "second", Role: Portal}, want: []string{"import_other"}},

		{name: "follows nothing that is known", kind: First, change: func(s *Submission) { s.Follows = "SQ7" }, want: []string{"follows_unknown"}},
		{name: "follows a rejected one", kind: First, change: func(s *Submission) { s.Follows = "SQ7" }, facts: Facts{Followed: present(Rejected, nil)}},
		{name: "follows one in review", kind: First, change: func(s *Submission) { s.Follows = "SQ7" }, facts: Facts{Followed: present(InReview, nil)}, want: []string{"follows_not_rejected"}},
		{name: "follows itself", kind: First, change: func(s *Submission) { s.Revision, s.Follows = 2, "SQ1" }, present: present(Rejected, nil),
			facts: Facts{Followed: present(Rejected, nil)}, want: []string{"follows_not_rejected"}},
		{name: "follows another person's", kind: First, change: func(s *Submission) { s.Follows = "SQ7" },
			facts: Facts{Followed: present(Rejected, func(a *Application) { a.Form = Form{"id_type": {"1"}} })}, want: []string{"follows_not_rejected"}},
	}
	for _, tt := range tests {
		s := submitted(tt.kind)
		if tt.change != nil {
			tt.change(&s)
		}
		by, p := tt.by, tt.policy
		if by.Name == "" {
			by = portalAccount
		}
		if p == nil {
			p = DefaultPolicy()
		}
		a, _, err := Accept(by, s, tt.present, tt.facts, p, accepted)
		if diff := cmp.Diff(tt.want, problemCodes(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if err == nil && (a.State != InReview || a.Level != 1 || a.Levels != len(p.Levels) || a.EnteredBy != by.Name || a.DueOn.IsZero()) {
			t.Errorf("%s: got %+v", tt.name, a)
		}
	}
}

// TestAcceptTheSameAgain: the same reference and revision is there already with the same content, and refused with another.
func TestAcceptTheSameAgain(t *testing.T) {
	s := submitted(First)
	there, _, err := Accept(portalAccount, s, nil, Facts{}, DefaultPolicy(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Accept(portalAccount, s, &there, Facts{SameRevision: &there}, DefaultPolicy(), noon); !errors.Is(err, ErrAlready) {
		t.Errorf("the same content: got %v, want ErrAlready", err)
	}
	for name, change := range map[string]func(s *Submission){
		"another answer":                     func(s *Submission) { s.Form.Set("major", "法学") },
		"another time":                       func(s *Submission) { s.SubmittedAt = s.SubmittedAt.Add(time.Second) },
		"another time of consent to privacy": func(s *Submission) { s.Consent.Privacy = s.Consent.Privacy.Add(-time.Second) },
		"another time of consent to truth":   func(s *Submission) { s.Consent.Truth = s.Consent.Truth.Add(-time.Second) },
		"another file":                       func(s *Submission) { s.Attachments[0].SHA256 = s.Attachments[1].SHA256 },
		"another name of a file":             func(s *Submission) { s.Attachments[0].File = "other.jpg" },
		"one file less":                      func(s *Submission) { s.Attachments = s.Attachments[1:] },
	} {
		s := submitted(First)
		change(&s)
		_, _, err = Accept(portalAccount, s, &there, Facts{SameRevision: &there}, DefaultPolicy(), noon)
		if got := problemCodes(err); !slices.Contains(got, "revision_taken") {
			t.Errorf("%s: got %v, want revision_taken", name, got)
		}
	}
}

// TestDecisionsOfEveryEarlierRevisionAreKept: four eyes ask all of them.
func TestDecisionsOfEveryEarlierRevisionAreKept(t *testing.T) {
	a, _, err := Accept(portalAccount, submitted(First), nil, Facts{}, DefaultPolicy(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for revision := 2; revision < 4; revision++ {
		a.State, a.Decisions = Rejected, []Decision{{Level: revision, Revision: revision - 1, By: at(revision).Name}}
		s := submitted(First)
		s.Revision = revision
		if a, _, err = Accept(portalAccount, s, &a, Facts{}, DefaultPolicy(), noon); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.Decisions) != 0 || len(a.Earlier) != 2 || a.Earlier[0].Revision != 1 || a.Earlier[1].Revision != 2 {
		t.Errorf("got %d decisions, earlier ones %+v", len(a.Decisions), a.Earlier)
	}
}

// TestAcceptCompletionGoesWhereTheRecordLies: a completion names no area.
func TestAcceptCompletionGoesWhereTheRecordLies(t *testing.T) {
	a, _, err := Accept(portalAccount, submitted(Completion), nil, Facts{Certificate: stands("2027-05-31", "honours")}, DefaultPolicy(), noon)
	if err != nil || a.Area != "510104" {
		t.Errorf("got area %s, %v, want that of the record", a.Area, err)
	}
}

// TestWhoEnteredAnEarlierRevisionDecidesOnNone: nobody decides on an application that they entered, also when somebody else
// enters the next revision of it (domain §6).
func TestWhoEnteredAnEarlierRevisionDecidesOnNone(t *testing.T) {
	person := PersonKey{Type: ResidentCard, Number: "11010519491231002X"}
	clerk := Actor{Name: "clerk", Role: Clerk, Person: person}
	a, _, err := Accept(clerk, submitted(First), nil, Facts{}, DefaultPolicy(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for revision := 2; revision < 4; revision++ {
		a.State = Withdrawn
		s := submitted(First)
		s.Revision = revision
		if a, _, err = Accept(Actor{Name: "second", Role: Clerk}, s, &a, Facts{}, DefaultPolicy(), noon); err != nil {
			t.Fatal(err)
		}
	}
	reviewer := at(1)
	reviewer.Person = person
	for _, by := range []Actor{reviewer, {Name: "second", Role: Reviewer, Level: 1}, {Name: "clerk", Role: Reviewer, Level: 1}} {
		if got := problemCodes(a.Can(by, Approve)); !slices.Equal(got, []string{"eyes_entered"}) {
			t.Errorf("%s: got %v, want eyes_entered", by.Name, got)
		}
	}
	if err := a.Can(at(1), Approve); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if len(a.EnteredEarlier) != 2 {
		t.Errorf("entered earlier: got %+v, want each once", a.EnteredEarlier)
	}
}
