package store

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// replay counts from the log alone what the tallies keep: submissions, decisions, take-backs, re-routes and resubmissions,
// one event after the other.
type replay struct {
	stays map[string][]stay // by reference and revision: the levels that it came to
	area  map[string]string
}

type stay struct {
	level      int
	came, left time.Time
	outcome    review.Action
	by         string
	reasons    []review.Reason
}

func (r *replay) event(e *review.Event) {
	key := fmt.Sprint(e.Reference, " ", e.Revision)
	last := len(r.stays[key]) - 1
	switch e.Action {
	case review.Submit:
		r.stays[key], r.area[key] = []stay{{level: 1, came: e.At}}, "510107"
	case review.Reroute:
		r.area[key] = e.Target
	case review.Approve, review.Reject, review.Withdraw:
		s := &r.stays[key][last]
		s.left, s.outcome, s.by, s.reasons = e.At, e.Action, e.By, e.Reasons
		if e.Action == review.Approve && e.State == review.InReview {
			r.stays[key] = append(r.stays[key], stay{level: e.Level + 1, came: e.At})
		}
	case review.TakeBack:
		if r.stays[key][last].level > e.Level {
			r.stays[key] = r.stays[key][:last]
			last--
		}
		r.stays[key][last] = stay{level: e.Level, came: r.stays[key][last].came}
	}
}

func (r *replay) figures() map[string]int {
	all := map[string]int{}
	day := func(at time.Time) string { return review.SlotOf(review.DateOf(at)).String() }
	for key, stays := range r.stays {
		for _, s := range stays {
			at := fmt.Sprintf("%s %d ", r.area[key], s.level)
			all[at+"came "+day(s.came)]++
			if s.outcome == "" {
				all[at+"waits "+day(s.came)]++
				continue
			}
			if s.outcome != review.Withdraw {
				all[at+fmt.Sprint("took ", day(s.left), " ", review.BucketOf(s.left.Sub(s.came)))]++
				all[at+string(s.outcome)+" "+s.by+" "+day(s.left)]++
			} else {
				all[at+"withdrawn "+day(s.left)]++
			}
			for _, reason := range s.reasons {
				all[at+"reason "+reason.Code+" "+day(s.left)]++
			}
		}
	}
	return all
}

func flat(f *review.Figures) map[string]int {
	all := map[string]int{}
	put := func(key string, n int) {
		if n != 0 {
			all[key] += n
		}
	}
	for _, c := range f.Cells {
		at := fmt.Sprintf("%s %d ", c.Area, c.Level)
		put(at+"came "+c.Slot.String(), c.Came)
		put(at+"withdrawn "+c.Slot.String(), c.Withdrawn)
		for by, n := range c.Approved {
			put(at+"approve "+by+" "+c.Slot.String(), n)
		}
		for by, n := range c.Rejected {
			put(at+"reject "+by+" "+c.Slot.String(), n)
		}
		for b, n := range c.Took {
			put(at+fmt.Sprint("took ", c.Slot, " ", b), n)
		}
		for code, n := range c.Reasons {
			put(at+"reason "+code+" "+c.Slot.String(), n)
		}
	}
	for _, w := range f.Waiting {
		put(fmt.Sprintf("%s %d waits %s", w.Area, w.Level, w.Since), w.N)
	}
	return all
}

// TestTalliesAreWhatTheLogTells: random work of everybody over weeks; at every step the kept figures are those that the
// events come to, also after a repair.
func TestTalliesAreWhatTheLogTells(t *testing.T) {
	s := newStore(t)
	accounts, err := s.Accounts()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(accounts, func(a, b review.Account) int { return cmp.Compare(a.Role, b.Role) })
	g := &gambler{T: t, s: s, r: rand.New(rand.NewPCG(11, 3)), now: clock, accounts: accounts, done: map[review.Action]int{}}
	r := replay{stays: map[string][]stay{}, area: map[string]string{}}
	next := uint64(1)
	admin := actor(t, s, "li.admin")
	same := func(when string) {
		t.Helper()
		f, err := s.Figures(admin, review.DateOf(clock).AddDays(-30))
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(r.figures(), flat(&f)); diff != "" {
			t.Fatalf("%s (-log +kept):\n%s", when, diff)
		}
	}
	for step := range 400 {
		g.now = g.now.Add(time.Duration(1+g.r.IntN(9)) * time.Hour)
		g.act()
		list, err := s.Events(admin, next, 100)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			r.event(&list[i])
			next = list[i].Seq + 1
		}
		same(fmt.Sprint("step ", step))
	}
	for _, do := range []review.Action{review.Submit, review.Approve, review.Reject, review.Reroute, review.TakeBack, review.Withdraw} {
		if g.done[do] == 0 {
			t.Errorf("nobody managed to %s", do)
		}
	}
	if err := s.Repair("li.admin", g.now, nil); err != nil {
		t.Fatal(err)
	}
	same("after a repair")
}

func TestFiguresKeepToTheScope(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	change(t, s, "zhou.wuhou", a.Reference, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return a.Reroute(by, s.policy, "510104", "单位在该区", clock)
	})
	submit(t, s, 2)
	for account, want := range map[string]int{"li.admin": 2, "xu.audit": 2, "wu.city": 2, "zhou.wuhou": 1, "he.jinjiang": 1, "ma.clerk": 1} {
		f, err := s.Figures(actor(t, s, account), review.DateOf(clock).AddDays(-30))
		if err != nil {
			t.Fatal(err)
		}
		if sum := f.Sum(review.Part{}, review.PeriodOf(review.Month, review.DateOf(clock), 0)); sum.Came != want || sum.Waiting != want {
			t.Errorf("%s sees %+v, want %d", account, sum, want)
		}
	}
	if _, err := s.Figures(actor(t, s, "portal"), review.DateOf(clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the portal: got %v, want ErrDenied", err)
	}
}

// TestCheckFindsAWrongTally, and a repair mends it.
func TestCheckFindsAWrongTally(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	err := s.update(func(t *txn) error {
		return errors.Join(t.addCounts(tallies, map[string]int{string(waitingKey("510107", 1, review.DateOf(clock))): 4}),
			t.in(tallies).Put([]byte{'p'}, idKey(1)))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Figures(actor(t, s, "li.admin"), review.NewDate(1970, 1, 1)); err != nil && !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	findings, err := s.Check(t.Context(), nil)
	if err != nil || len(findings) != 2 || findings[0].Kind != Counted || !findings[0].Repairable {
		t.Errorf("findings %v, %v", findings, err)
	}
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
}
