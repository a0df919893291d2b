package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

var sameDates = cmp.Comparer(func(a, b review.Date) bool { return a == b })

func TestSubmitIsThereAfterReopening(t *testing.T) {
	s := newStore(t)
	sub, data := firstSubmission(1)
	want, err := s.Submit("portal", sub, data, clock)
	if err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	got, err := s.Application(actor(t, s, "portal"), sub.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameDates); diff != "" {
		t.Errorf("application after reopening (-want +got):\n%s", diff)
	}
	for sha, bytes := range data {
		got, err := s.Blob(sha)
		if err != nil || string(got) != string(bytes) {
			t.Errorf("Blob(%s) = %d bytes, %v, want %d bytes", sha, len(got), err, len(bytes))
		}
	}
}

func TestApprovalOfTheLastLevelIssues(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	reopen(t, s)
	got, err := s.Certificate(actor(t, s, "deng.city"), "CD-2026-000001")
	if err != nil {
		t.Fatal(err)
	}
	if a.State != review.Approved || a.Certificate != got.Number || got.Current().Reference != a.Reference {
		t.Errorf("got %s with certificate %q from %q, want approved with %s from %s",
			a.State, a.Certificate, got.Current().Reference, got.Number, a.Reference)
	}
	if want := a.Attached("portrait")[0].Prepared; got.Current().Portrait != want {
		t.Errorf("got portrait %s, want %s", got.Current().Portrait, want)
	}
	events, err := s.Timeline(actor(t, s, "deng.city"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	var did []review.Action
	for _, e := range events {
		did = append(did, e.Action)
	}
	want := []review.Action{review.Submit, review.Approve, review.Approve, review.Approve, review.Issued}
	if diff := cmp.Diff(want, did); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestTakingBackVoidsTheNumberForGood(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	change(t, s, "deng.city", a.Reference, takingBack(s, clock))
	again := change(t, s, "deng.city", a.Reference, approval(s, clock))
	if again.Certificate != "CD-2026-000002" {
		t.Errorf("got number %s after taking back, want CD-2026-000002", again.Certificate)
	}
	void, err := s.VoidNumbers(actor(t, s, "li.admin"), 2026)
	if diff := cmp.Diff([]string{"CD-2026-000001"}, void); diff != "" || err != nil {
		t.Errorf("void numbers (-want +got), %v:\n%s", err, diff)
	}
}

func TestTwoDecisionsOnOneVersion(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	answers := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := s.Change("zhou.wuhou", a.Reference, a.Version, clock, approval(s, clock))
			answers <- err
		}()
	}
	first, second := <-answers, <-answers
	if first != nil {
		first, second = second, first
	}
	var stale *review.StaleError
	if first != nil || !errors.As(second, &stale) {
		t.Fatalf("got %v and %v, want one decision and one StaleError", first, second)
	}
	if stale.By != "zhou.wuhou" || stale.Action != review.Approve || !stale.At.Equal(clock) {
		t.Errorf("got %+v, want who decided and when", stale)
	}
}

// TestWhatDecidesCannotTouchWhoItIsAbout: whatever a Decide does, the rules that bind all applications hold.
func TestWhatDecidesCannotTouchWhoItIsAbout(t *testing.T) {
	s := newStore(t)
	rejected := submit(t, s, 1)
	rejected = change(t, s, "zhou.wuhou", rejected.Reference, rejection(s, clock))
	again, data := firstSubmission(1)
	again.Reference = "SQ-AGAIN"
	if _, err := s.Submit("portal", again, data, clock); err != nil {
		t.Fatal(err)
	}
	spoilt := map[string]func(a *review.Application){
		"reference":      func(a *review.Application) { a.Reference = "SQ-OTHER" },
		"revision":       func(a *review.Application) { a.Revision++ },
		"person":         func(a *review.Application) { a.Form.Set("id_number", identity(2)) },
		"version":        func(a *review.Application) { a.Version = rejected.Version },
		"back in review": func(a *review.Application) { a.State = review.InReview },
	}
	for name, spoil := range spoilt {
		_, err := s.Change("zhou.wuhou", rejected.Reference, 0, clock, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			a.Version++
			spoil(a)
			return review.Event{Action: review.Note, Reference: rejected.Reference}, nil
		})
		rule, _ := errors.AsType[*review.RuleError](err)
		if inReview := name == "back in review"; inReview && (rule == nil || rule.Code != "in_review") || !inReview && !errors.Is(err, errUnsound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	got, err := s.Application(actor(t, s, "zhou.wuhou"), rejected.Reference)
	if diff := cmp.Diff(rejected, got, sameDates); diff != "" || err != nil {
		t.Errorf("after it (-want +got), %v:\n%s", err, diff)
	}
}

func TestOneInReview(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	sub, data := firstSubmission(1)
	sub.Reference = "SQ-ANOTHER"
	_, err := s.Submit("portal", sub, data, clock)
	var form *review.FormError
	if !errors.As(err, &form) || form.Problems[0].Code != "in_review" || form.Problems[0].Args["reference"] != a.Reference {
		t.Errorf("got %v, want the reference of the first", err)
	}
}

func TestSubmittingTheSameAgain(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	sub, data := firstSubmission(1)
	got, err := s.Submit("portal", sub, data, clock)
	if !errors.Is(err, review.ErrAlready) || got.Version != a.Version {
		t.Errorf("got %v and version %d, want ErrAlready and version %d", err, got.Version, a.Version)
	}
}

func TestResubmissionKeepsTheEarlierRevision(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	want := change(t, s, "zhou.wuhou", a.Reference, rejection(s, clock))
	sub, data := firstSubmission(1)
	sub.Revision = 2
	sub.Form.Set("major", "社会学")
	sub.Attachments = sub.Attachments[1:]
	attach(&sub, data, "id_card_front", []byte("a better scan"))
	got, err := s.Submit("portal", sub, data, clock)
	if err != nil {
		t.Fatal(err)
	}
	if got.Revision != 2 || got.Version <= want.Version || len(got.Earlier) != 1 {
		t.Errorf("got revision %d, version %d, %d earlier decisions", got.Revision, got.Version, len(got.Earlier))
	}
	reopen(t, s)
	earlier, err := s.Revisions(actor(t, s, "li.admin"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]review.Application{want}, earlier, sameDates); diff != "" {
		t.Errorf("earlier revisions (-want +got):\n%s", diff)
	}
}

func TestDisabledAccountIsOutAtOnce(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	if err := s.DisableAccount("li.admin", "zhou.wuhou", clock); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Change("zhou.wuhou", a.Reference, 0, clock, approval(s, clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("got %v, want ErrDenied", err)
	}
	if err := s.DisableAccount("li.admin", "li.admin", clock); err == nil {
		t.Error("the last administrator was disabled")
	}
}

func TestPrintingKeepsTheApproval(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	if _, err := s.Copy("ma.clerk", a.Certificate, onPaper, clock); err != nil {
		t.Fatal(err)
	}
	_, err := s.Change("deng.city", a.Reference, a.Version, clock, takingBack(s, clock))
	var stale *review.StaleError
	if !errors.As(err, &stale) || stale.Action != review.Print {
		t.Errorf("got %v, want that it was printed", err)
	}
	if _, err = s.Change("deng.city", a.Reference, 0, clock, takingBack(s, clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("got %v, want ErrDenied", err)
	}
	if _, err := s.Copy("xu.audit", a.Certificate, onPaper, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("auditor prints: got %v, want ErrDenied", err)
	}
}

// A fault of the program is no damage of the file: it stays what it is.
func TestPanicOfADecisionIsNotHidden(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	defer func() {
		if recover() == nil {
			t.Error("the panic is gone")
		}
	}()
	_, _ = s.Change("zhou.wuhou", a.Reference, 0, clock, func(*review.Application, review.Actor, review.Facts) (review.Event, error) {
		var none []int
		_ = none[len(a.Decisions)+1]
		return review.Event{}, nil
	})
}
