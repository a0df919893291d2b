package store

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// gambler does random things as random accounts. What it tries is often refused; what must never happen is that a rule is
// broken, a count is wrong or an index differs.
type gambler struct {
	*testing.T
	s        *Store
	r        *rand.Rand
	now      time.Time
	accounts []review.Actor
	done     map[review.Action]int
	written  int // transaction that wrote last when the rules were looked at
}

const gamblers = 12 // people who apply

func TestRandomActionsBreakNoRule(t *testing.T) {
	s := newStore(t)
	both := review.PersonKey{Type: review.ResidentCard, Number: identity(2)} // a reviewer at two levels who applies too
	for _, a := range []review.Account{
		{Name: "both.one", Role: review.Reviewer, Level: 1, Areas: []string{"510107", "510104"}, Person: both},
		{Name: "both.two", Role: review.Reviewer, Level: 2, Person: both},
		{Name: "both.clerk", Role: review.Clerk, Areas: []string{"510107"}, Person: both},
	} {
		if err := s.AddAccount("li.admin", a, clock); err != nil {
			t.Fatal(err)
		}
	}
	accounts, err := s.Accounts()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(accounts, func(a, b review.Account) int { return cmp.Compare(a.Role, b.Role) }) // administrators first
	g := &gambler{T: t, s: s, r: rand.New(rand.NewPCG(2026, 11)), now: clock, accounts: accounts, done: map[review.Action]int{}}
	for step := range 300 {
		g.now = g.now.Add(time.Hour)
		g.act()
		if g.hasWritten() {
			g.wantRules()
		}
		if step%3 == 0 {
			wantClean(t, s)
		}
		if step%20 == 0 {
			g.wantDueCounts()
		}
	}
	t.Log(g.done)
	for _, do := range []review.Action{review.Submit, review.Approve, review.Reject, review.Hold, review.Release, review.Reroute,
		review.TakeBack, review.Withdraw, review.Print} {
		if g.done[do] == 0 {
			t.Errorf("nobody managed to %s", do)
		}
	}
}

// hasWritten tells whether anything was written since it was asked before: two of three attempts are refused, and what all
// accounts saw before them is what they would see again.
func (g *gambler) hasWritten() bool {
	g.Helper()
	before := g.written
	if err := g.s.db.View(func(tx *bolt.Tx) error { g.written = tx.ID(); return nil }); err != nil {
		g.Fatal(err)
	}
	return g.written != before
}

// wantDueCounts holds what CountDue counts to the rows.
func (g *gambler) wantDueCounts() {
	g.Helper()
	today := review.DateOf(g.now)
	for _, by := range g.accounts {
		for _, name := range []QueueName{Pending, Waiting, Held} {
			q := Queue{Name: name, By: by}
			page, err := g.s.Page(q, "", true, 1000)
			if errors.Is(err, review.ErrDenied) {
				continue
			}
			if err != nil {
				g.Fatal(err)
			}
			days := []review.Date{today.AddDays(-3), today.AddDays(8), today.AddDays(14)}
			want := make([]int, len(days))
			for _, row := range page.Rows {
				for i, day := range days {
					if row.Application.DueOn.Before(day) {
						want[i]++
					}
				}
			}
			got, exact, err := g.s.CountDue(q, days...)
			if err != nil || !exact || !slices.Equal(got, want) {
				g.Fatalf("%s of %s before %v: %v, %v, %v, want %v", name, by.Name, days, got, exact, err, want)
			}
		}
	}
}

// act tries one thing and expects that it is done, or refused by a rule.
func (g *gambler) act() {
	do, err := g.try()
	var rule *review.RuleError
	var form *review.FormError
	switch {
	case err == nil:
		g.done[do]++
	case errors.Is(err, review.ErrDenied), errors.Is(err, review.ErrNotFound), errors.Is(err, review.ErrAlready),
		errors.As(err, &rule), errors.As(err, &form):
	default:
		g.Fatalf("%s: %v", do, err)
	}
}

func (g *gambler) try() (review.Action, error) {
	p := g.s.policy
	switch g.r.IntN(14) {
	case 0, 1, 2:
		return review.Submit, g.submit()
	case 3, 4, 5, 6, 7:
		return g.change(review.Approve, approval(g.s, g.now))
	case 8:
		return g.change(review.Reject, rejection(g.s, g.now))
	case 9:
		return g.change(review.Hold, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Hold(by, p, "待核实", g.now)
		})
	case 10:
		return g.change(review.Release, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Release(by, p, g.now)
		})
	case 11:
		return g.change(review.Reroute, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			other := map[string]string{"510107": "510104", "510104": "510107"}[a.Area]
			return a.Reroute(by, p, other, "单位在该区", g.now)
		})
	case 12:
		if g.r.IntN(2) == 0 {
			return g.change(review.Withdraw, withdrawal(g.s, g.now))
		}
		return g.change(review.TakeBack, takingBack(g.s, g.now))
	}
	ask := review.CopyAsk{Way: review.OnPaper, Reason: "lost"}
	_, err := g.s.Copy(g.any(nil).Name, fmt.Sprintf("CD-2026-%06d", 1+g.r.IntN(gamblers)), ask, g.now)
	return review.Print, err
}

// change does it to any application, mostly as an account and to an application that allow it.
func (g *gambler) change(do review.Action, decide Decide) (review.Action, error) {
	n := g.r.IntN(2 * gamblers)
	for i := range 2 * gamblers {
		reference := fmt.Sprint("SQ-", (n+i)%(2*gamblers))
		a, err := g.s.Application(g.accounts[0], reference)
		if err != nil && g.r.IntN(10) > 0 {
			continue
		}
		by := g.any(func(by review.Actor) bool { return a.Can(by, do) == nil })
		if a.Can(by, do) != nil && g.r.IntN(10) > 0 {
			continue
		}
		_, err = g.s.Change(by.Name, reference, 0, g.now, decide)
		return do, err
	}
	return do, review.ErrNotFound
}

// any returns any account, mostly one that fits.
func (g *gambler) any(fits func(by review.Actor) bool) review.Actor {
	for range 10 {
		if by := g.accounts[g.r.IntN(len(g.accounts))]; fits == nil || fits(by) {
			return by
		}
	}
	return g.accounts[g.r.IntN(len(g.accounts))]
}

// submit files a first registration of a person, or a higher revision of it, or a second one beside it.
func (g *gambler) submit() error {
	by := g.any(func(by review.Actor) bool { return by.Role == review.Portal || by.Role == review.Clerk })
	n := g.r.IntN(gamblers)
	sub, data := firstSubmission(n)
	sub.Reference = fmt.Sprint("SQ-", n+gamblers*g.r.IntN(2))
	sub.Revision = 1 + g.r.IntN(4)
	sub.SubmittedAt = g.now
	_, err := g.s.Submit(by.Name, sub, data, g.now)
	return err
}

// wantRules reads everything and holds it to domain §1, §6 and §8.
func (g *gambler) wantRules() {
	g.Helper()
	admin := g.accounts[slices.IndexFunc(g.accounts, func(a review.Actor) bool { return a.Role == review.Administrator })]
	page, err := g.s.Page(Queue{Name: All, By: admin}, "", true, 1000)
	if err != nil {
		g.Fatal(err)
	}
	var all []review.Application
	for _, row := range page.Rows {
		all = append(all, *row.Application)
	}
	g.oneInReview(all)
	g.fourEyes(all)
	g.numbers(admin)
	for _, by := range g.accounts {
		g.queues(by, all)
	}
}

func (g *gambler) oneInReview(all []review.Application) {
	g.Helper()
	seen := map[review.PersonKey]string{}
	for _, a := range all {
		if a.State != review.InReview {
			continue
		}
		if other := seen[a.Applicant()]; other != "" {
			g.Fatalf("%s and %s are of one person and in review", a.Reference, other)
		}
		seen[a.Applicant()] = a.Reference
	}
}

func (g *gambler) fourEyes(all []review.Application) {
	g.Helper()
	for _, a := range all {
		decisions := slices.Concat(a.Decisions, a.Earlier)
		for i, d := range decisions {
			if d.By == a.EnteredBy || !d.Person.IsZero() && (d.Person == a.EnteredPerson && len(a.Earlier) == 0 || d.Person == a.Applicant()) {
				g.Fatalf("%s was decided by %s, who has a part in it", a.Reference, d.By)
			}
			for _, e := range decisions[:i] {
				if d.Level != e.Level && (d.By == e.By || !d.Person.IsZero() && d.Person == e.Person) {
					g.Fatalf("%s was decided at two levels by %s", a.Reference, d.By)
				}
			}
		}
	}
}

// numbers: consecutive from 1, void ones included; every one that stands belongs to an approved application.
func (g *gambler) numbers(admin review.Actor) {
	g.Helper()
	page, err := g.s.Page(Queue{Name: Certificates, By: admin}, "", true, 1000)
	if err != nil {
		g.Fatal(err)
	}
	var got []string
	for _, row := range page.Rows {
		got = append(got, row.Certificate.Number)
		if row.Certificate.Void {
			continue
		}
		a, err := g.s.Application(admin, row.Certificate.Current().Reference)
		if err != nil || a.State != review.Approved || a.Certificate != row.Certificate.Number {
			g.Fatalf("certificate %s stands, its application is %s, %v", row.Certificate.Number, a.State, err)
		}
	}
	slices.Sort(got)
	for i, number := range got {
		if want := review.FormatNumber("CD", 2026, i+1); number != want {
			g.Fatalf("got number %s, want %s", number, want)
		}
	}
}

// queues compares each queue of the account with what review says of every application.
func (g *gambler) queues(by review.Actor, all []review.Application) {
	g.Helper()
	counts, err := g.s.Counts(by)
	if err != nil {
		g.Fatal(err)
	}
	want := map[QueueName]int{}
	for _, a := range all {
		if by.Sees(&a) != nil {
			continue
		}
		want[All]++
		switch {
		case a.State == review.InReview && a.Held:
			want[Held]++
		case a.State == review.InReview && a.Can(by, review.Approve) == nil:
			want[Pending]++
		case a.State == review.InReview:
			want[Waiting]++
		default:
			want[map[review.State]QueueName{review.Approved: Approved, review.Rejected: Rejected, review.Withdrawn: Withdrawn}[a.State]]++
		}
	}
	for _, name := range Queues() {
		page, err := g.s.Page(Queue{Name: name, By: by}, "", true, 1000)
		if err != nil {
			g.Fatal(err)
		}
		if name == Certificates {
			want[name] = len(page.Rows)
		}
		if counts[name] != want[name] || len(page.Rows) != want[name] {
			g.Fatalf("%s of %s: counted %d, %d rows, want %d", name, by.Name, counts[name], len(page.Rows), want[name])
		}
	}
}
