package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// withNeighbour is a store with one application and a second reviewer of its area.
func withNeighbour(t testing.TB) (*Store, review.Application) {
	t.Helper()
	s := newStore(t)
	a := review.Account{Name: "sun.wuhou", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}}
	if err := s.AddAccount("li.admin", a, clock); err != nil {
		t.Fatal(err)
	}
	return s, submit(t, s, 1)
}

func wantDenied(t testing.TB, err error, code string, args review.Args) {
	t.Helper()
	var denied *review.DeniedError
	if !errors.As(err, &denied) || denied.Code != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	if diff := cmp.Diff(args, denied.Args); args != nil && diff != "" {
		t.Errorf("%s (-want +got):\n%s", code, diff)
	}
}

func decides(s *Store, account, reference string, now time.Time, decide Decide) error {
	_, err := s.Change(account, reference, 0, now, decide)
	return err
}

func TestClaimKeepsOthersFromDeciding(t *testing.T) {
	s, a := withNeighbour(t)
	zhou, sun := subscribe(t, s), subscribe(t, s)
	claim, err := zhou.Claim("zhou.wuhou", a.Reference, 1, clock)
	if err != nil || claim.By != "zhou.wuhou" || !claim.Until.Equal(clock.Add(10*time.Minute)) {
		t.Fatalf("got %+v, %v", claim, err)
	}
	if n := sun.Take(); len(n.Claims) != 1 || n.Claims[0].By != "zhou.wuhou" || len(n.Records) > 0 {
		t.Errorf("told %+v", n)
	}
	args := review.Args{"by": "zhou.wuhou", "until": "12:10"}
	_, err = sun.Claim("sun.wuhou", a.Reference, 1, clock)
	wantDenied(t, err, "claimed", args)
	for _, decide := range []Decide{approval(s, clock), rejection(s, clock), holding(s, clock)} {
		wantDenied(t, decides(s, "sun.wuhou", a.Reference, clock, decide), "claimed", args)
	}
	change(t, s, "zhou.wuhou", a.Reference, approval(s, clock))
	if n := sun.Take(); len(n.Claims) != 1 || n.Claims[0].By != "" {
		t.Errorf("told %+v after the decision, want that it is free", n.Claims)
	}
	if err := decides(s, "wu.city", a.Reference, clock, approval(s, clock)); err != nil {
		t.Errorf("the next level: %v", err)
	}
}

// TestNobodyTakesOutWhatAnotherHasInHand: it is left where it is until that is over, and who has it is told.
func TestNobodyTakesOutWhatAnotherHasInHand(t *testing.T) {
	s, a := withNeighbour(t)
	b := submit(t, s, 2)
	if _, err := subscribe(t, s).Claim("zhou.wuhou", a.Reference, 1, clock); err != nil {
		t.Fatal(err)
	}
	takeOut := func(officer string, now time.Time) (review.Pack, []NotTaken) {
		t.Helper()
		asked := review.Pack{Accounts: []string{officer}, Until: clock.AddDate(0, 0, 3)}
		p, left, err := s.TakeOut(officer, asked, []string{a.Reference, b.Reference}, now)
		if err != nil {
			t.Fatal(err)
		}
		return p, left
	}
	p, left := takeOut("sun.wuhou", clock)
	if len(p.Cases) != 1 || p.Cases[0].Reference != b.Reference || len(left) != 1 || left[0].Reference != a.Reference {
		t.Fatalf("taken %+v, left %+v", p.Cases, left)
	}
	wantDenied(t, left[0].Err, "claimed", review.Args{"by": "zhou.wuhou", "until": "12:10"})
	if p, left = takeOut("zhou.wuhou", clock); len(p.Cases) != 1 || p.Cases[0].Reference != a.Reference || len(left) != 1 {
		t.Errorf("who has it in hand: taken %+v, left %+v", p.Cases, left)
	}
	wantDenied(t, left[0].Err, "outside", nil)
}

func holding(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.Hold(by, s.policy, "等回函", now)
	}
}

func TestClaimEnds(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(s *Store, zhou *Subscription, reference string) time.Time
	}{
		{"by time", func(*Store, *Subscription, string) time.Time { return clock.Add(10 * time.Minute) }},
		{"when it is let go", func(_ *Store, zhou *Subscription, _ string) time.Time {
			zhou.Claim("zhou.wuhou", "", 2, clock)
			return clock
		}},
		{"when another case is taken in hand", func(s *Store, zhou *Subscription, _ string) time.Time {
			if _, err := zhou.Claim("zhou.wuhou", reference(2), 2, clock); err != nil {
				panic(err)
			}
			return clock
		}},
		{"with the desk", func(_ *Store, zhou *Subscription, _ string) time.Time { zhou.Close(); return clock }},
		{"when it is withdrawn", func(s *Store, _ *Subscription, reference string) time.Time {
			if _, err := s.Change("portal", reference, 0, clock, withdrawal(s, clock)); err != nil {
				panic(err)
			}
			sub, data := firstSubmission(1)
			sub.Revision = 2
			if _, err := s.Submit("portal", sub, data, clock); err != nil {
				panic(err)
			}
			return clock
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, a := withNeighbour(t)
			submit(t, s, 2)
			zhou := subscribe(t, s)
			if _, err := zhou.Claim("zhou.wuhou", a.Reference, 1, clock); err != nil {
				t.Fatal(err)
			}
			now := tt.end(s, zhou, a.Reference)
			if err := decides(s, "sun.wuhou", a.Reference, now, approval(s, now)); err != nil {
				t.Errorf("got %v, want that it is free", err)
			}
		})
	}
}

// TestClaimOfOneAccountAtTwoDesks ends with the last of them: a line that drops does not free the other desk's case.
func TestClaimOfOneAccountAtTwoDesks(t *testing.T) {
	s, a := withNeighbour(t)
	one, two := subscribe(t, s), subscribe(t, s)
	for _, desk := range []*Subscription{one, two} {
		if _, err := desk.Claim("zhou.wuhou", a.Reference, 1, clock); err != nil {
			t.Fatal(err)
		}
	}
	one.Close()
	wantDenied(t, decides(s, "sun.wuhou", a.Reference, clock, approval(s, clock)), "claimed", nil)
	two.Close()
	if got := s.Claims(); len(got) > 0 {
		t.Errorf("left over: %+v", got)
	}
}

func TestClaimIsProlonged(t *testing.T) {
	s, a := withNeighbour(t)
	zhou, sun := subscribe(t, s), subscribe(t, s)
	for minute := range 3 {
		now := clock.Add(time.Duration(minute) * 8 * time.Minute)
		if _, err := zhou.Claim("zhou.wuhou", a.Reference, minute, now); err != nil {
			t.Fatal(err)
		}
	}
	later := clock.Add(20 * time.Minute)
	wantDenied(t, decides(s, "sun.wuhou", a.Reference, later, approval(s, later)), "claimed", review.Args{"by": "zhou.wuhou", "until": "12:26"})
	if n := sun.Take(); len(n.Claims) != 1 {
		t.Errorf("told %+v, want it once", n.Claims)
	}
}

// TestWishesThatComeLate: what a desk wanted before it wanted something else changes nothing.
func TestWishesThatComeLate(t *testing.T) {
	s, a := withNeighbour(t)
	zhou := subscribe(t, s)
	if _, err := zhou.Claim("zhou.wuhou", "", 2, clock); err != nil {
		t.Fatal(err)
	}
	if _, err := zhou.Claim("zhou.wuhou", a.Reference, 1, clock); err != nil {
		t.Fatal(err)
	}
	zhou.Close()
	if _, err := zhou.Claim("zhou.wuhou", a.Reference, 3, clock); err != nil {
		t.Fatal(err)
	}
	if got := s.Claims(); len(got) > 0 {
		t.Errorf("in hand: %+v", got)
	}
}

func TestClaimAsksTheRules(t *testing.T) {
	s, a := withNeighbour(t)
	desk := subscribe(t, s)
	for account, code := range map[string]string{
		"he.jinjiang": "area_other", "wu.city": "level_before", "li.admin": "role_administrator", "xu.audit": "role_auditor", "ma.clerk": "role_clerk",
	} {
		_, err := desk.Claim(account, a.Reference, 1, clock)
		wantDenied(t, err, code, nil)
	}
	if _, err := desk.Claim("zhou.wuhou", "SQ-NONE", 1, clock); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	change(t, s, "zhou.wuhou", a.Reference, holding(s, clock))
	if _, err := desk.Claim("sun.wuhou", a.Reference, 2, clock); err != nil {
		t.Errorf("a held one: %v", err)
	}
}

func TestTakeOver(t *testing.T) {
	s, a := withNeighbour(t)
	zhou, sun := subscribe(t, s), subscribe(t, s)
	if _, err := zhou.Claim("zhou.wuhou", a.Reference, 1, clock); err != nil {
		t.Fatal(err)
	}
	zhou.Take()
	claim, err := sun.TakeOver("sun.wuhou", a.Reference, 1, clock)
	if err != nil || claim.By != "sun.wuhou" {
		t.Fatalf("got %+v, %v", claim, err)
	}
	n := zhou.Take()
	if len(n.Claims) != 1 || n.Claims[0].By != "sun.wuhou" {
		t.Errorf("told %+v", n.Claims)
	}
	reopen(t, s)
	events, err := s.Timeline(actor(t, s, "sun.wuhou"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.Action != review.TakeOver || last.By != "sun.wuhou" || last.Target != "zhou.wuhou" || last.Level != 1 {
		t.Errorf("recorded %+v", last)
	}
	wantDenied(t, decides(s, "zhou.wuhou", a.Reference, clock, approval(s, clock)), "claimed", review.Args{"by": "sun.wuhou", "until": "12:10"})
	_, err = zhou.TakeOver("wu.city", a.Reference, 2, clock)
	wantDenied(t, err, "level_before", nil)
	change(t, s, "sun.wuhou", a.Reference, approval(s, clock))
	if _, err := sun.TakeOver("sun.wuhou", a.Reference, 2, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("after the decision: %v", err)
	}
	before, err := s.Timeline(actor(t, s, "wu.city"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zhou.TakeOver("wu.city", a.Reference, 3, clock); err != nil {
		t.Errorf("of what nobody has: %v", err)
	}
	if after, err := s.Timeline(actor(t, s, "wu.city"), a.Reference); err != nil || len(after) != len(before) {
		t.Errorf("%d events, %v, want %d: nothing was taken from anybody", len(after), err, len(before))
	}
}

// TestWithdrawingAndTakingBackNeedNoClaim: the applicant's wish goes before, and who decided may correct it as long as the
// next level has not.
func TestWithdrawingAndTakingBackNeedNoClaim(t *testing.T) {
	s, a := withNeighbour(t)
	change(t, s, "zhou.wuhou", a.Reference, approval(s, clock))
	wu := subscribe(t, s)
	if _, err := wu.Claim("wu.city", a.Reference, 1, clock); err != nil {
		t.Fatal(err)
	}
	change(t, s, "zhou.wuhou", a.Reference, takingBack(s, clock))
	if n := wu.Take(); n.Claims[len(n.Claims)-1].By != "" {
		t.Errorf("told %+v", n.Claims)
	}
	change(t, s, "portal", a.Reference, withdrawal(s, clock))
}

// TestTwoApproveAtOnce: one decision, and one refusal that says why, whoever has the case in hand.
func TestTwoApproveAtOnce(t *testing.T) {
	s, _ := withNeighbour(t)
	for n := 10; n < 30; n++ {
		a := submit(t, s, n)
		desks := map[string]*Subscription{"zhou.wuhou": s.Subscribe(), "sun.wuhou": s.Subscribe()}
		var work sync.WaitGroup
		failed := make(chan error, 2)
		for account, desk := range desks {
			work.Go(func() {
				if n%2 == 0 {
					desk.Claim(account, a.Reference, 1, clock)
				}
				if _, err := s.Change(account, a.Reference, a.Version, clock, approval(s, clock)); err != nil {
					failed <- err
				}
				desk.Close()
			})
		}
		work.Wait()
		close(failed)
		var refusals []error
		for err := range failed {
			refusals = append(refusals, err)
		}
		if len(refusals) != 1 || !errors.Is(refusals[0], review.ErrStale) && !errors.Is(refusals[0], review.ErrDenied) {
			t.Errorf("%s: refused %v, want one", a.Reference, refusals)
		}
	}
	if got := s.Claims(); len(got) > 0 {
		t.Errorf("left over: %+v", got)
	}
}
