package store

import (
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// hand makes what comes back of the acts; the store does not look at proofs.
func handedBack(acts ...review.Act) []review.Handed {
	list := make([]review.Handed, len(acts))
	for i, a := range acts {
		list[i] = review.Handed{ID: hashOf(fmt.Appendf(nil, "%+v", a)), Act: a, Proof: "{}"}
	}
	return list
}

// out takes cases out for zhou.wuhou.
func out(t testing.TB, s *Store, references ...string) review.Pack {
	t.Helper()
	p, left, err := s.TakeOut("li.admin", review.Pack{Accounts: []string{"zhou.wuhou"}, Until: clock.AddDate(0, 0, 14)}, references, clock)
	if err != nil || len(left) > 0 {
		t.Fatalf("left %v, %v", left, err)
	}
	return p
}

func actOf(p review.Pack, n int, a review.Application, do review.Action) review.Act {
	act := review.Act{
		Pack: p.Number, Number: n, Account: p.Accounts[0], Action: do, At: clock.Add(time.Duration(n) * time.Minute), Reference: a.Reference,
		Revision: a.Revision, Version: a.Version, Stated: []review.Key{"id_card_front"},
	}
	switch do {
	case review.Reject:
		act.Reasons = []review.Reason{{Code: "Q03"}}
	case review.Hold:
		act.Note = "等材料"
	}
	return act
}

// returned is what the officer of the pack hands back, with more to come.
func returned(p review.Pack, acts []review.Handed) Return {
	return Return{Pack: p.Number, Officer: p.Accounts[0], Acts: acts}
}

func handBack(t testing.TB, s *Store, p review.Pack, acts ...review.Act) []review.Handed {
	t.Helper()
	got, err := s.HandBack("li.admin", returned(p, handedBack(acts...)), false, clock.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantOutcome(t testing.TB, h review.Handed, outcome review.Outcome, code string) {
	t.Helper()
	if h.Outcome != outcome || h.Code != code {
		t.Errorf("act %d (%s): %s %s %v, want %s %s", h.Act.Number, h.Act.Action, h.Outcome, h.Code, h.Args, outcome, code)
	}
}

func ruleCode(err error) string {
	code, _ := codeOf(err)
	return code
}

func TestNobodyDecidesWhatIsOutside(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	if p.Number != "WP-2026-000001" {
		t.Errorf("number %s", p.Number)
	}
	for _, decide := range []Decide{approval(s, clock), rejection(s, clock)} {
		if _, err := s.Change("zhou.wuhou", a.Reference, 0, clock, decide); ruleCode(err) != "outside" {
			t.Errorf("decided at the desk: %v", err)
		}
	}
	if _, _, err := s.TakeOut("li.admin", review.Pack{Accounts: []string{"zhou.wuhou"}, Until: clock.Add(time.Hour)}, []string{a.Reference}, clock); ruleCode(err) != "pack_empty" {
		t.Errorf("taken out twice: %v", err)
	}
	if _, err := s.Change("zhou.wuhou", a.Reference, 0, clock.AddDate(0, 0, 15), approval(s, clock)); err != nil {
		t.Errorf("after the lease: %v", err)
	}
}

func TestWhoMayTakeOut(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	until := clock.AddDate(0, 0, 1)
	for _, test := range []struct{ by, officer, code string }{
		{"ma.clerk", "zhou.wuhou", "role_clerk"},
		{"xu.audit", "zhou.wuhou", "role_auditor"},
		{"he.jinjiang", "zhou.wuhou", "pack_for_other"},
		{"li.admin", "ma.clerk", "pack_not_reviewer"},
		{"li.admin", "deng.city", "pack_last_level"},
		{"li.admin", "he.jinjiang", "pack_empty"}, // another area
		{"li.admin", "wu.city", "pack_empty"},     // a later level
		{"zhou.wuhou", "zhou.wuhou", ""},
	} {
		_, _, err := s.TakeOut(test.by, review.Pack{Accounts: []string{test.officer}, Until: until}, []string{a.Reference}, clock)
		if err == nil && test.code == "" {
			continue
		}
		if got := ruleCode(err); err == nil || got != test.code {
			t.Errorf("%s for %s: %v, want %s", test.by, test.officer, err, test.code)
		}
	}
}

func TestHandBack(t *testing.T) {
	s := newStore(t)
	a, b, c, d := submit(t, s, 1), submit(t, s, 2), submit(t, s, 3), submit(t, s, 4)
	p := out(t, s, a.Reference, b.Reference, c.Reference, d.Reference)
	look := actOf(p, 1, a, review.ViewFile)
	look.Target = a.Attachments[0].SHA256
	acts := []review.Act{
		look, actOf(p, 2, a, review.Approve), actOf(p, 3, b, review.Reject), actOf(p, 4, c, review.Hold), actOf(p, 5, c, review.Release),
		actOf(p, 6, c, review.Approve), actOf(p, 7, d, review.Approve), actOf(p, 8, d, review.TakeBack),
	}
	for _, h := range handBack(t, s, p, acts...) {
		want := review.Accepted
		if h.Act.Reference == d.Reference {
			want = review.Undone
		}
		wantOutcome(t, h, want, "")
	}
	before := actor(t, s, "li.admin")
	again := handBack(t, s, p, acts...)
	for _, h := range again {
		if h.By != "li.admin" || h.Outcome == "" {
			t.Errorf("the second time: %+v", h)
		}
	}
	events, err := s.Timeline(before, a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	outside := 0
	for _, e := range events {
		if e.Outside != nil {
			outside++
			if e.Outside.Pack != p.Number || e.Outside.At.Equal(e.At) {
				t.Errorf("event %+v of %+v", e, e.Outside)
			}
		}
	}
	if outside != 2 {
		t.Errorf("%d events from outside after handing back twice, want 2", outside)
	}
	if app, err := s.Application(before, c.Reference); err != nil || app.Level != 2 || app.Held {
		t.Errorf("held, released and approved: %+v, %v", app, err)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	acts := handedBack(actOf(p, 1, a, review.Approve))
	got, err := s.HandBack("li.admin", Return{p.Number, p.Accounts[0], acts, true}, true, clock.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, got[0], review.Accepted, "")
	if app, err := s.Application(actor(t, s, "li.admin"), a.Reference); err != nil || app.Level != 1 {
		t.Errorf("written all the same: level %d, %v", app.Level, err)
	}
}

func TestConflicts(t *testing.T) {
	s := newStore(t)
	for i, test := range []struct {
		name, code string
		spoil      func(p review.Pack, a review.Application, act *review.Act)
	}{
		{"withdrawn meanwhile", "act_withdrawn", func(_ review.Pack, a review.Application, _ *review.Act) {
			change(t, s, "ma.clerk", a.Reference, withdrawal(s, clock))
		}},
		{"decided after a call-back", "act_changed", func(p review.Pack, a review.Application, _ *review.Act) {
			if err := s.CallBack("li.admin", p.Number, "急件", clock.Add(30*time.Minute)); err != nil {
				t.Fatal(err)
			}
			change(t, s, "zhou.wuhou", a.Reference, rejection(s, clock))
		}},
		{"done after the call-back", "act_called_back", func(p review.Pack, _ review.Application, act *review.Act) {
			if err := s.CallBack("li.admin", p.Number, "急件", clock.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			act.At = clock.Add(40 * time.Minute)
		}},
		{"taken along by another pack after a call-back", "outside", func(p review.Pack, a review.Application, _ *review.Act) {
			if err := s.CallBack("li.admin", p.Number, "急件", clock.Add(30*time.Minute)); err != nil {
				t.Fatal(err)
			}
			out(t, s, a.Reference)
		}},
		{"of another revision than the pack had", "act_resubmitted", func(_ review.Pack, _ review.Application, act *review.Act) { act.Revision++ }},
		{"clock of 1970", "act_clock", func(_ review.Pack, _ review.Application, act *review.Act) { act.At = time.Unix(86400, 0) }},
		{"clock of 2099", "act_clock", func(_ review.Pack, _ review.Application, act *review.Act) {
			act.At = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
		}},
		{"another level's", "act_not_in_pack", func(_ review.Pack, _ review.Application, act *review.Act) {
			act.Reference = submit(t, s, 900).Reference
		}},
		{"no reason", "reasons_none", func(_ review.Pack, _ review.Application, act *review.Act) {
			act.Action, act.Reasons = review.Reject, nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := submit(t, s, 100+i)
			p := out(t, s, a.Reference)
			act := actOf(p, 1, a, review.Approve)
			test.spoil(p, a, &act)
			got := handBack(t, s, p, act)
			wantOutcome(t, got[0], review.Conflict, test.code)
			open, err := s.Conflicts(actor(t, s, "li.admin"))
			if err != nil || !slices.ContainsFunc(open, func(h review.Handed) bool { return h.ID == got[0].ID }) {
				t.Errorf("not in the list of conflicts: %v", err)
			}
		})
	}
}

func TestExpiredActIsAConflict(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	act := actOf(p, 1, a, review.Approve)
	act.At = p.Until.Add(time.Minute)
	got, err := s.HandBack("li.admin", returned(p, handedBack(act)), false, p.Until.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, got[0], review.Conflict, "act_expired")
}

func TestDisabledOfficer(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	if err := s.DisableAccount("li.admin", "zhou.wuhou", clock); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, handBack(t, s, p, actOf(p, 1, a, review.Approve))[0], review.Conflict, "account_disabled")
}

func TestPackOfAnother(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	act := actOf(p, 1, a, review.Approve)
	act.Account = "he.jinjiang"
	if _, err := s.HandBack("li.admin", returned(p, handedBack(act)), false, clock); ruleCode(err) != "pack_not_for" {
		t.Errorf("acts of an account that the pack is not for: %v", err)
	}
	if _, err := s.HandBack("he.jinjiang", returned(p, handedBack(actOf(p, 1, a, review.Approve))), false, clock); ruleCode(err) != "pack_of_other" {
		t.Errorf("handed in by another reviewer: %v", err)
	}
}

func TestSettle(t *testing.T) {
	s := newStore(t)
	conflict := func(n int) (review.Application, review.Handed) {
		a := submit(t, s, n)
		p := out(t, s, a.Reference)
		act := actOf(p, 1, a, review.Reject)
		act.At = time.Unix(86400, 0)
		return a, handBack(t, s, p, act)[0]
	}
	state := func(a review.Application) review.Application {
		got, err := s.Application(actor(t, s, "li.admin"), a.Reference)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	now := clock.Add(2 * time.Hour)
	a, h := conflict(1)
	if err := s.Settle("he.jinjiang", h.ID, review.TakePack, now); ruleCode(err) != "pack_of_other" {
		t.Errorf("settled by somebody else: %v", err)
	}
	if w, err := s.Ways(h.ID, now); err != nil || w.Pack != nil || w.Queue == nil || state(a).Version != a.Version {
		t.Errorf("ways while the pack is out %+v, %v; the case is at %d", w, err, state(a).Version)
	}
	if err := s.CallBack("li.admin", h.Act.Pack, "急件", now); err != nil {
		t.Fatal(err)
	}
	if w, err := s.Ways(h.ID, now); err != nil || w.Pack != nil || w.Queue != nil {
		t.Errorf("ways of a case that is back %+v, %v", w, err)
	}
	if err := s.Settle("li.admin", h.ID, review.TakePack, now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ways(h.ID, now); !errors.Is(err, review.ErrAlready) {
		t.Errorf("ways of what is settled: %v", err)
	}
	if got := state(a); got.State != review.Rejected || got.Decisions[0].By != "zhou.wuhou" {
		t.Errorf("take the pack: %s by %v", got.State, got.Decisions)
	}
	if err := s.Settle("li.admin", h.ID, review.TakePack, now); !errors.Is(err, review.ErrAlready) {
		t.Errorf("settled twice: %v", err)
	}
	b, h := conflict(2)
	if err := s.Settle("zhou.wuhou", h.ID, review.TakeDesk, now); err != nil || state(b).State != review.InReview {
		t.Errorf("take the desk: %s, %v", state(b).State, err)
	}
	c, h := conflict(3)
	if err := s.Settle("zhou.wuhou", h.ID, review.Redo, now); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Draft("zhou.wuhou", c.Reference); err != nil || len(d.Reasons) != 1 || d.Reasons[0].Code != "Q03" {
		t.Errorf("back to the queue: %+v, %v", d, err)
	}
	if open, err := s.Conflicts(actor(t, s, "li.admin")); err != nil || len(open) > 0 {
		t.Errorf("left open: %v, %v", open, err)
	}
}

// TestRandomPacks plays a desk and two laptops against each other: random decisions on both sides, packs handed back late, out
// of order, twice, in parts and interrupted. In the end every decision is in the register once or among the conflicts, and
// both folders check clean.
func TestRandomPacks(t *testing.T) {
	s := newStore(t)
	if err := s.AddAccount("li.admin", review.Account{Name: "sun.wuhou", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}}, clock); err != nil {
		t.Fatal(err)
	}
	g := &packGame{T: t, s: s, r: rand.New(rand.NewPCG(7, 2026)), now: clock, decided: map[string]review.Act{}}
	var late []func()
	for range 12 {
		p, acts := g.outside()
		g.meanwhile(p)
		g.now = g.now.Add(time.Duration(24+g.r.IntN(96)) * time.Hour)
		late = append(late, func() { g.handBack(p, acts) })
		g.r.Shuffle(len(late), func(i, j int) { late[i], late[j] = late[j], late[i] })
		if len(late) > 2 {
			late[0]()
			late = late[1:]
		}
	}
	for _, back := range late {
		back()
	}
	wantOnce(t, s, g.decided)
}

type packGame struct {
	*testing.T
	s       *Store
	r       *rand.Rand
	now     time.Time
	n       int
	decided map[string]review.Act
}

// outside takes four cases to a laptop and does something with each there; the laptop is closed and opened in between.
func (g *packGame) outside() (review.Pack, []review.Act) {
	officer := []string{"zhou.wuhou", "sun.wuhou"}[g.r.IntN(2)]
	var references []string
	for range 4 {
		g.n++
		references = append(references, submit(g, g.s, g.n).Reference)
	}
	p := g.takeOut(officer, references)
	references = nil
	for _, c := range p.Cases {
		references = append(references, c.Reference)
	}
	var cases []Carried
	files := bag{}
	for _, reference := range references {
		one, err := g.s.Carry(actor(g, g.s, officer), reference)
		if err != nil {
			g.Fatal(err)
		}
		cases = append(cases, one)
		for _, at := range one.Application.Attachments {
			files[at.SHA256], files[at.Prepared] = []byte("there"), []byte("there")
		}
	}
	dir := g.TempDir()
	laptop := openSealed(g, dir, files)
	term := Term{Pack: p.Number, From: p.MadeAt, Until: p.Until}
	if err := laptop.TakeIn(term, []review.Account{actor(g, g.s, officer)}, each(cases), each[CarriedCertificate](nil)); err != nil {
		g.Fatal(err)
	}
	for _, reference := range references {
		at := g.now.Add(time.Duration(g.r.IntN(72)) * time.Hour) // some after the term, which the laptop refuses
		decide := []Decide{approval(laptop, at), rejection(laptop, at), holdingOutside(laptop, at)}[g.r.IntN(3)]
		_, err := laptop.Change(officer, reference, 0, at, decide)
		if err == nil && g.r.IntN(4) == 0 {
			_, err = laptop.Change(officer, reference, 0, at.Add(time.Minute), takingBack(laptop, at.Add(time.Minute)))
		}
		if err != nil && !isRefusal(err) {
			g.Fatal(err)
		}
		if err := laptop.Close(); err != nil {
			g.Fatal(err)
		}
		laptop = openSealed(g, dir, files)
	}
	wantClean(g, laptop)
	done, err := laptop.DoneOutside(officer)
	if err = errors.Join(err, laptop.Close()); err != nil {
		g.Fatal(err)
	}
	var acts []review.Act
	for i, o := range done {
		e := o.Event
		acts = append(acts, review.Act{
			Pack: p.Number, Number: i + 1, Account: e.By, Action: e.Action, At: e.At, Reference: e.Reference, Revision: e.Revision,
			Version: o.Version, Reasons: e.Reasons, Note: e.Note, Target: e.Target, Stated: e.Stated,
		})
	}
	return p, acts
}

// takeOut hands the pack over, or lets the laptop ask for it over a line that is cut at every step there is.
func (g *packGame) takeOut(officer string, references []string) review.Pack {
	if g.r.IntN(3) == 0 {
		p, _, err := g.s.TakeOut("li.admin", review.Pack{Accounts: []string{officer}, Until: g.now.AddDate(0, 0, 2)}, references, g.now)
		if err != nil {
			g.Fatal(err)
		}
		return p
	}
	request := hashOf([]byte(references[0]))[:32]
	asked := review.Pack{Accounts: []string{officer}, Until: g.now.AddDate(0, 0, 2), Request: request}
	var numbers []string
	withdrawn := false
	for {
		p, err := g.s.Asked(officer, request, g.now)
		if errors.Is(err, review.ErrNotFound) {
			p, _, err = g.s.TakeOut(officer, asked, references, g.now)
		}
		if err != nil {
			g.Fatal(err)
		}
		if !slices.Contains(numbers, p.Number) {
			numbers = append(numbers, p.Number)
		}
		switch g.r.IntN(6) {
		case 0: // cut before anything was sealed
		case 1: // cut while it is sealed, and the desk killed
			f, err := g.s.Held(&p, g.now, func(*review.Pack, io.Writer) error { return errKilled })
			if err == nil { // it was sealed before
				err = f.Close()
			}
			if err != nil && !errors.Is(err, errKilled) {
				g.Fatal(err)
			}
		case 2: // cut while the bytes come, and the file lost
			g.sealed(&p)
			if err := os.Remove(g.s.heldPath(p.Number)); err != nil {
				g.Fatal(err)
			}
		case 3: // cut while the bytes come; an applicant withdraws meanwhile, when nobody can have seen the case
			g.sealed(&p)
			if last := p.Cases[len(p.Cases)-1].Reference; !withdrawn && g.r.IntN(2) == 0 {
				change(g, g.s, "ma.clerk", last, withdrawal(g.s, g.now))
				withdrawn = true
			}
		case 4: // called back before it came
			if err := g.s.CallBack("li.admin", p.Number, "一直没有送到", g.now); err != nil {
				g.Fatal(err)
			}
		default:
			g.sealed(&p)
			for range 2 { // the answer to the first may be cut off
				if _, err := g.s.Received(officer, request, g.now); err != nil {
					g.Fatal(err)
				}
			}
			g.once(officer, request, numbers, &p)
			return p
		}
		wantClean(g, g.s)
	}
}

var errKilled = errors.New("killed")

// sealed lets two ask for the bytes at once: both get the same.
func (g *packGame) sealed(p *review.Pack) {
	second := *p
	var list [2]string
	var ended sync.WaitGroup
	for i, p := range []*review.Pack{p, &second} {
		ended.Go(func() {
			f, err := g.s.Held(p, g.now, func(_ *review.Pack, w io.Writer) error {
				_, err := io.WriteString(w, crand.Text())
				return err
			})
			if err != nil {
				g.Error(err)
				return
			}
			data, err := io.ReadAll(f)
			if err = errors.Join(err, f.Close()); err != nil {
				g.Error(err)
			}
			list[i] = string(data)
		})
	}
	ended.Wait()
	if list[0] != list[1] || list[0] == "" {
		g.Errorf("%s was sealed twice", p.Number)
	}
	*p, _ = g.s.Asked(p.MadeBy, p.Request, g.now)
}

// once checks that the request led to one pack whose lease stands, and is answered with none any more.
func (g *packGame) once(officer, request string, numbers []string, p *review.Pack) {
	if _, err := g.s.Asked(officer, request, g.now); ruleCode(err) != "pack_received" {
		g.Errorf("asked for once more: %v", err)
	}
	if _, err := os.Stat(g.s.heldPath(p.Number)); !errors.Is(err, fs.ErrNotExist) {
		g.Errorf("held after it was received: %v", err)
	}
	admin := actor(g, g.s, "li.admin")
	for _, number := range numbers {
		other, err := g.s.Pack(admin, number)
		if err != nil || number != p.Number && other.Lease(g.now) != nil {
			g.Errorf("%s is out as well: %v", number, err)
		}
	}
	for _, c := range p.Cases {
		if l, err := g.s.Lease(admin, c.Reference, g.now); err != nil || l == nil || l.Pack != p.Number {
			g.Errorf("%s: lease %+v, %v", c.Reference, l, err)
		}
	}
}

func holdingOutside(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return a.Hold(by, s.policy, "等材料", now)
	}
}

// meanwhile is what happens at the desk.
func (g *packGame) meanwhile(p review.Pack) {
	switch g.r.IntN(4) {
	case 0:
		if err := g.s.CallBack("li.admin", p.Number, "急件", g.now.Add(time.Hour)); err != nil {
			g.Fatal(err)
		}
		change(g, g.s, "zhou.wuhou", p.Cases[0].Reference, rejection(g.s, g.now.Add(2*time.Hour)))
	case 1:
		change(g, g.s, "ma.clerk", p.Cases[1].Reference, withdrawal(g.s, g.now))
	}
}

// handBack hands in a part, then all, then all again.
func (g *packGame) handBack(p review.Pack, acts []review.Act) {
	list := handedBack(acts...)
	part := g.r.IntN(len(list) + 1)
	for _, some := range [][]review.Handed{list[:part], list, list} {
		got, err := g.s.HandBack("li.admin", returned(p, some), false, g.now)
		if err != nil {
			g.Fatal(err)
		}
		for _, h := range got {
			if h.Outcome == review.Undone {
				delete(g.decided, h.ID)
				continue
			}
			g.decided[h.ID] = h.Act
		}
	}
}

// wantOnce checks that each act stands in the log once, or is an open conflict.
func wantOnce(t *testing.T, s *Store, decided map[string]review.Act) {
	t.Helper()
	admin := actor(t, s, "li.admin")
	open, err := s.Conflicts(admin)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, h := range open {
		found[h.ID]++
	}
	conflicts := len(found)
	events, err := s.Events(admin, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Outside != nil {
			found[e.Outside.Act]++
		}
	}
	for id, act := range decided {
		if found[id] != 1 {
			t.Errorf("%s of %s stands %d times", act.Action, act.Reference, found[id])
		}
	}
	if conflicts == 0 || conflicts == len(decided) {
		t.Errorf("%d conflicts of %d: the test shows nothing", conflicts, len(decided))
	}
}

// TestTwoLaptopsWithOnePack: what the first laptop hands back stands, what the second did to the same case is a conflict.
func TestTwoLaptopsWithOnePack(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	first, second := actOf(p, 1, a, review.Approve), actOf(p, 1, a, review.Reject)
	second.At = second.At.Add(time.Minute)
	wantOutcome(t, handBack(t, s, p, first)[0], review.Accepted, "")
	wantOutcome(t, handBack(t, s, p, second)[0], review.Conflict, "level_passed")
}

// TestCasesBack: what became of each case of a pack, conflicts and what was settled of them included.
func TestCasesBack(t *testing.T) {
	s := newStore(t)
	a, b, c := submit(t, s, 1), submit(t, s, 2), submit(t, s, 3)
	p := out(t, s, a.Reference, b.Reference, c.Reference)
	wrong := actOf(p, 2, b, review.Reject)
	wrong.At = time.Unix(86400, 0)
	handBack(t, s, p, actOf(p, 1, a, review.Approve), wrong)
	admin, officer := actor(t, s, "li.admin"), actor(t, s, "zhou.wuhou")
	want := func(left int, outcomes ...review.Outcome) {
		t.Helper()
		got, list, err := s.CasesBack(officer, p.Number)
		if err != nil || got.Left() != left || len(list) != 3 {
			t.Fatalf("%d left of %d cases, %v", got.Left(), len(list), err)
		}
		for i, outcome := range outcomes {
			if n := len(list[i].Acts); outcome == "" && n > 0 || outcome != "" && (n != 1 || list[i].Acts[0].Outcome != outcome) {
				t.Errorf("%s: %+v, want %q", list[i].Reference, list[i].Acts, outcome)
			}
		}
	}
	want(1, review.Accepted, review.Conflict, "")
	open, err := s.Conflicts(admin)
	if err != nil || len(open) != 1 {
		t.Fatal(open, err)
	}
	if err := s.Settle("li.admin", open[0].ID, review.TakeDesk, clock.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	want(1, review.Accepted, review.Settled, "")
	if _, _, err := s.CasesBack(actor(t, s, "he.jinjiang"), p.Number); ruleCode(err) != "pack_of_other" {
		t.Errorf("seen by another reviewer: %v", err)
	}
	second := out(t, s, submit(t, s, 4).Reference)
	for by, want := range map[string][]string{"li.admin": {second.Number, p.Number}, "zhou.wuhou": {second.Number, p.Number}, "he.jinjiang": nil} {
		list, err := s.LatestPacks(actor(t, s, by), 10)
		var got []string
		for _, one := range list {
			got = append(got, one.Number)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("packs of %s: %v, %v", by, got, err)
		}
	}
	if list, err := s.LatestPacks(admin, 1); err != nil || len(list) != 1 || list[0].Number != second.Number {
		t.Errorf("the latest one: %v, %v", list, err)
	}
}

// TestHeldPackThatDoesNotLast: a pack is handed out when its file is on the disk whole, and else there is none.
func TestHeldPackThatDoesNotLast(t *testing.T) {
	s := newStore(t)
	now := time.Now() // files have the time of the machine
	asked := review.Pack{Accounts: []string{"zhou.wuhou"}, Until: now.AddDate(0, 0, 30), Request: "first"}
	p, _, err := s.TakeOut("zhou.wuhou", asked, []string{submit(t, s, 1).Reference}, now)
	if err != nil {
		t.Fatal(err)
	}
	write := func(_ *review.Pack, w io.Writer) error {
		_, err := w.Write(make([]byte, 200))
		return err
	}
	for name, spoil := range map[string]func(f syncedFile) syncedFile{
		"disk full": func(f syncedFile) syncedFile { return &fullDisk{f, 100} },
		"sync":      func(f syncedFile) syncedFile { return badSync{f} },
		"close":     func(f syncedFile) syncedFile { return badClose{f} },
	} {
		s.create = func(path string) (syncedFile, error) {
			f, err := createFile(path)
			return spoil(f), err
		}
		if f, err := s.Held(&p, now, write); err == nil {
			t.Errorf("%s: handed out, closed with %v", name, f.Close())
		}
		if left := filesIn(t, filepath.Join(s.dir, heldFolder)); len(left) > 0 {
			t.Errorf("%s: left behind %v", name, left)
		}
	}
	s.create = createFile
	s.settle = func(string) error { return syscall.EIO }
	if _, err := s.Held(&p, now, write); !errors.Is(err, syscall.EIO) {
		t.Errorf("the folder is not on the disk: got %v", err)
	}
	s.settle = durable.SyncFolder
	f, err := s.Held(&p, now, write)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// badClose is a file that says only at its end that its bytes did not reach the disk.
type badClose struct{ syncedFile }

func (f badClose) Close() error { return errors.Join(f.syncedFile.Close(), syscall.EIO) }

// TestHeldPacks: the sealed file of a pack that was asked for goes when it is old or nobody will ask for it, and is sealed anew
// under the same number; what cannot be taken along any more is left out then.
func TestHeldPacks(t *testing.T) {
	s := newStore(t)
	now := time.Now() // files have the time of the machine
	a, b := submit(t, s, 1), submit(t, s, 2)
	ask := func(request string, references ...string) review.Pack {
		t.Helper()
		asked := review.Pack{Accounts: []string{"zhou.wuhou"}, Until: now.AddDate(0, 0, 30), Request: request}
		p, _, err := s.TakeOut("zhou.wuhou", asked, references, now)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	seals := 0
	held := func(p *review.Pack, now time.Time) error {
		t.Helper()
		f, err := s.Held(p, now, func(*review.Pack, io.Writer) error {
			seals++
			return nil
		})
		if err == nil {
			err = f.Close()
		}
		return err
	}
	p := ask("first", a.Reference, b.Reference)
	for range 2 {
		if err := held(&p, now); err != nil || seals != 1 {
			t.Fatalf("sealed %d times, %v", seals, err)
		}
	}
	later := now.AddDate(0, 0, heldDays+1)
	second := ask("second", submit(t, s, 3).Reference)
	if err := held(&second, later); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.heldPath(p.Number)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("held for ever: %v", err)
	}
	change(t, s, "ma.clerk", b.Reference, withdrawal(s, now))
	if err := held(&p, later); err != nil || seals != 3 || len(p.Cases) != 1 || p.Cases[0].Reference != a.Reference {
		t.Errorf("sealed %d times, %+v, %v", seals, p.Cases, err)
	}
	if again := ask("first"); again.Number != p.Number || len(again.Cases) != 1 {
		t.Errorf("asked again: %+v", again)
	}
	change(t, s, "ma.clerk", a.Reference, withdrawal(s, now))
	if err := os.Remove(s.heldPath(p.Number)); err != nil {
		t.Fatal(err)
	}
	if err := held(&p, later); ruleCode(err) != "pack_empty" {
		t.Errorf("nothing is left of it: %v", err)
	}
	if err := s.CallBack("li.admin", second.Number, "急件", later); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.heldPath(second.Number)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("held after the call-back: %v", err)
	}
}

// TestCallBackNeedsAReason: blanks are none.
func TestCallBackNeedsAReason(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	p := out(t, s, reference(1))
	wantCode(t, s.CallBack("li.admin", p.Number, " \u3000", clock), "note_required")
	if err := s.CallBack("li.admin", p.Number, "急件", clock); err != nil {
		t.Error(err)
	}
}
