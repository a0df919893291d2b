package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// approvedByMail files the nth first registration with the wish for paper, and approves it at all levels.
func approvedByMail(t testing.TB, s *Store, n int, region string) review.Application {
	t.Helper()
	sub, data := firstSubmission(n)
	for key, value := range map[review.Key]string{
		"mail_paper": "true", "recipient": nameOf(n), "recipient_phone": fmt.Sprintf("138%08d", n), "region": region, "street_address": "浆洗街 1 号",
	} {
		sub.Form.Set(key, value)
	}
	a, err := s.Submit("portal", sub, data, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
		a = change(t, s, reviewer, a.Reference, approval(s, clock))
	}
	return a
}

func sending(s *Store, tracking string, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return a.MailSend(by, s.policy, "EMS", tracking, now)
	}
}

func letterRefs(t testing.TB, s *Store, account string, state review.LetterState, text string) []string {
	t.Helper()
	var refs []string
	at := Cursor("")
	for {
		page, err := s.LetterPage(Letters{State: state, By: actor(t, s, account), Text: text}, at, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Rows {
			refs = append(refs, a.Reference)
		}
		if !page.More {
			return refs
		}
		at = page.Next
	}
}

func ref(n int) string { return fmt.Sprintf("SQ20261116%04d", n) }

func TestMailRoom(t *testing.T) {
	s := newStore(t)
	for n, region := range []string{"四川省成都市锦江区", "四川省成都市武侯区", "四川省成都市锦江区", "四川省成都市武侯区"} {
		approvedByMail(t, s, n+1, region)
	}
	approved(t, s, 9) // wants no paper
	reopen(t, s)
	byRegion := []string{ref(2), ref(4), ref(1), ref(3)}
	for _, account := range []string{"ma.clerk", "li.admin"} {
		if diff := cmp.Diff(byRegion, letterRefs(t, s, account, review.LetterToPrint, "")); diff != "" {
			t.Errorf("%s: by region, then reference (-want +got):\n%s", account, diff)
		}
	}
	if got := letterRefs(t, s, "ma.clerk", review.LetterToPrint, "锦江 0003"); !slices.Equal(got, []string{ref(3)}) {
		t.Errorf("filtered: %v", got)
	}
	err := s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(2)}, {Reference: ref(4)}}, clock)
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, "ma.clerk", ref(2), sending(s, "EA111111111CN", clock))
	change(t, s, "ma.clerk", ref(4), sending(s, "EA222222222CN", clock.Add(time.Hour)))
	reopen(t, s)
	counts, err := s.LetterCounts(actor(t, s, "ma.clerk"))
	if diff := cmp.Diff(map[review.LetterState]int{review.LetterToPrint: 2, review.LetterSent: 2}, counts); err != nil || diff != "" {
		t.Errorf("counts: %v\n%s", err, diff)
	}
	if got := letterRefs(t, s, "ma.clerk", review.LetterSent, ""); !slices.Equal(got, []string{ref(4), ref(2)}) {
		t.Errorf("sent, the latest first: %v", got)
	}
	if got := letterRefs(t, s, "ma.clerk", review.LetterSent, "ea111111111"); !slices.Equal(got, []string{ref(2)}) {
		t.Errorf("by tracking number: %v", got)
	}
}

func TestTheSameTrackingNumberTwice(t *testing.T) {
	s := newStore(t)
	for n := 1; n <= 2; n++ {
		approvedByMail(t, s, n, "四川省成都市武侯区")
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(1)}, {Reference: ref(2)}}, clock); err != nil {
		t.Fatal(err)
	}
	change(t, s, "ma.clerk", ref(1), sending(s, "EA111111111CN", clock))
	_, err := s.Change("ma.clerk", ref(2), 0, clock, sending(s, "EA111111111CN", clock))
	if rule, ok := errors.AsType[*review.RuleError](err); !ok || rule.Code != "tracking_taken" || rule.Args["reference"] != ref(1) {
		t.Fatalf("error %v, want tracking_taken", err)
	}
	change(t, s, "ma.clerk", ref(1), sending(s, "EA333333333CN", clock)) // a correction frees the number
	change(t, s, "ma.clerk", ref(2), sending(s, "EA111111111CN", clock))
}

// TestPrintLettersAllOrNone: one that cannot be printed leaves nothing of the batch behind.
func TestPrintLettersAllOrNone(t *testing.T) {
	s := newStore(t)
	for n := 1; n <= 3; n++ {
		approvedByMail(t, s, n, "四川省成都市武侯区")
	}
	one, err := s.Application(actor(t, s, "ma.clerk"), ref(1))
	if err != nil {
		t.Fatal(err)
	}
	err = s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(1), Version: one.Version}, {Reference: ref(2), Version: one.Version + 1}}, clock)
	if !errors.Is(err, review.ErrStale) {
		t.Fatalf("error %v, want ErrStale", err)
	}
	if err := s.PrintLetters("zhou.wuhou", []Envelope{{Reference: ref(1)}}, clock); !errors.Is(err, review.ErrDenied) {
		t.Fatalf("a reviewer: error %v, want ErrDenied", err)
	}
	for n := 1; n <= 3; n++ {
		a, err := s.Application(actor(t, s, "ma.clerk"), ref(n))
		if err != nil || a.Letter != nil || a.CertificateOut {
			t.Errorf("%d: %+v %v", n, a.Letter, err)
		}
		c, err := s.Certificate(actor(t, s, "ma.clerk"), a.Certificate)
		if err != nil || c.Current().Printed != 0 {
			t.Errorf("%d: %d copies counted, %v", n, c.Current().Printed, err)
		}
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(1), Version: one.Version}}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(1)}}, clock); !errors.Is(err, review.ErrDenied) {
		t.Fatalf("twice: error %v, want ErrDenied", err)
	}
}

// TestTakingBackRemovesTheMailing: while nothing is printed the approval can be taken back, and the mailing goes with it;
// afterwards it stands.
func TestTakingBackRemovesTheMailing(t *testing.T) {
	s := newStore(t)
	a := approvedByMail(t, s, 1, "四川省成都市武侯区")
	change(t, s, "deng.city", a.Reference, takingBack(s, clock))
	if got := letterRefs(t, s, "ma.clerk", review.LetterToPrint, ""); len(got) != 0 {
		t.Errorf("still waits: %v", got)
	}
	change(t, s, "deng.city", a.Reference, approval(s, clock))
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: a.Reference}}, clock); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Change("deng.city", a.Reference, 0, clock, takingBack(s, clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("error %v, want ErrDenied: the certificate is out", err)
	}
}

// TestRepairRebuildsTheMailRoom loses the tree, and finds it rebuilt from the applications.
func TestRepairRebuildsTheMailRoom(t *testing.T) {
	s := newStore(t)
	for n := 1; n <= 3; n++ {
		approvedByMail(t, s, n, "四川省成都市武侯区")
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: ref(2)}}, clock); err != nil {
		t.Fatal(err)
	}
	change(t, s, "ma.clerk", ref(2), sending(s, "EA111111111CN", clock))
	err := s.update(func(tx *txn) error {
		key, _ := tx.in(letters).Cursor().First()
		return tx.in(letters).Delete(key)
	})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := s.Check(t.Context(), nil)
	if err != nil || len(findings) != 1 || findings[0].Where != "letters" || !findings[0].Repairable {
		t.Fatalf("findings %v, %v", findings, err)
	}
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	if got := letterRefs(t, s, "ma.clerk", review.LetterToPrint, ""); !slices.Equal(got, []string{ref(1), ref(3)}) {
		t.Errorf("to print: %v", got)
	}
}

func TestMailRoomIsForThoseWhoMail(t *testing.T) {
	s := newStore(t)
	approvedByMail(t, s, 1, "四川省成都市武侯区")
	for _, account := range []string{"zhou.wuhou", "portal", "xu.audit"} {
		if _, err := s.LetterCounts(actor(t, s, account)); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s counts: %v", account, err)
		}
		if _, err := s.LetterPage(Letters{State: review.LetterToPrint, By: actor(t, s, account)}, "", 5); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s reads: %v", account, err)
		}
	}
	by := actor(t, s, "ma.clerk")
	for _, q := range []struct {
		state review.LetterState
		at    Cursor
	}{{"burnt", ""}, {review.LetterSent, "no hex"}} {
		if _, err := s.LetterPage(Letters{State: q.state, By: by}, q.at, 5); !errors.Is(err, ErrQueue) {
			t.Errorf("%+v: %v, want ErrQueue", q, err)
		}
	}
	elsewhere := review.Account{Name: "he.clerk", Role: review.Clerk, Areas: []string{"510104"}}
	if err := s.AddAccount("li.admin", elsewhere, clock); err != nil {
		t.Fatal(err)
	}
	if got := letterRefs(t, s, "he.clerk", review.LetterToPrint, ""); len(got) != 0 {
		t.Errorf("another area's clerk sees %v", got)
	}
}

// TestASpoiledSheetIsReplaced follows a sheet through the ledger: mailed, spoiled, printed again in its place.
func TestASpoiledSheetIsReplaced(t *testing.T) {
	s := newStore(t)
	a := approvedByMail(t, s, 1, "四川省成都市武侯区")
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: a.Reference}}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.ReplaceSheet("ma.clerk", a.Reference, a.Version, review.SheetSpoiled, "卡纸", clock); !errors.Is(err, review.ErrStale) {
		t.Errorf("on what was seen before it was printed: %v, want ErrStale", err)
	}
	if err := s.ReplaceSheet("ma.clerk", a.Reference, 0, review.SheetSpoiled, "卡纸", clock); err != nil {
		t.Fatal(err)
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: a.Reference}}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.ReplaceSheet("ma.clerk", a.Reference, 0, review.SheetLost, "寄送途中", clock); err != nil {
		t.Fatal(err)
	}
	if err := s.PrintLetters("ma.clerk", []Envelope{{Reference: a.Reference}}, clock); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	lines, err := s.Ledger(actor(t, s, "ma.clerk"), a.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%s spoiled:%v for:%s replaces:%d", l.Reason, l.Spoiled(), l.SpoiledFor, l.Replaces))
	}
	want := []string{"mailed spoiled:true for:卡纸 replaces:0", "spoiled spoiled:false for: replaces:1", "lost spoiled:false for: replaces:0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	now, err := s.Application(actor(t, s, "ma.clerk"), a.Reference)
	if l, _ := now.Posting(); err != nil || l.State != review.LetterPrinted || l.Sheets != 3 {
		t.Errorf("%+v %v", l, err)
	}
}

func TestLabelsAreRecorded(t *testing.T) {
	s := newStore(t)
	a := approvedByMail(t, s, 1, "四川省成都市武侯区")
	other := approved(t, s, 2) // wants no paper
	if err := s.PrintLabels("ma.clerk", []string{a.Reference, other.Reference}, clock); !errors.Is(err, review.ErrDenied) {
		t.Fatalf("error %v, want ErrDenied", err)
	}
	if err := s.PrintLabels("ma.clerk", []string{a.Reference}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.PrintLabels("zhou.wuhou", []string{a.Reference}, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a reviewer: %v, want ErrDenied", err)
	}
	events, err := s.Timeline(actor(t, s, "li.admin"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Action == review.MailLabels && e.By == "ma.clerk" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d prints of the address recorded, want 1", n)
	}
}
