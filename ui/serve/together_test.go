package serve_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/serve"
)

// crew are reviewers at desks of one server, spread over the areas as in a city, with cases to decide on.
type crew struct {
	names   []string
	screens []*screen
	decided map[string]chan struct{} // by account: one for each approval that is on disk
	stop    func()
}

// seat opens so many desks, each with several cases of its area to go through.
func seat(t testing.TB, s *store.Store, r *running, people, each int) *crew {
	t.Helper()
	c := &crew{decided: map[string]chan struct{}{}}
	areas := s.Policy().Options["area"][:20]
	for n := range people * each {
		sub, files := submission(n)
		sub.Form.Set("review_area", areas[n%len(areas)].Code)
		if _, err := s.Submit(portal, sub, files, noon); err != nil {
			t.Fatal(err)
		}
	}
	for i := range people {
		name := fmt.Sprintf("r%03d", i)
		area := areas[i%len(areas)].Code
		addAccount(t, s, admin, review.Account{Name: name, Role: review.Reviewer, Level: 1, Areas: []string{area}})
		c.names, c.decided[name] = append(c.names, name), make(chan struct{}, 64)
	}
	c.listen(s)
	t.Cleanup(c.stop)
	for _, name := range c.names {
		scr := r.desk(name, "xterm-256color", 80, 24)
		scr.wait(0, caseRead)
		c.screens = append(c.screens, scr)
	}
	return c
}

// listen tells each reviewer of their own approvals.
func (c *crew) listen(s *store.Store) {
	news, over := s.Subscribe(), make(chan struct{})
	c.stop = sync.OnceFunc(func() { close(over); news.Close() })
	go func() {
		for {
			select {
			case <-over:
				return
			case <-news.Ready():
			}
			for _, e := range news.Take().Events {
				if mine := c.decided[e.By]; mine != nil && e.Action == review.Approve {
					mine <- struct{}{}
				}
			}
		}
	}()
}

// work lets all of them page, open and approve until so many decisions are made together, and returns how many there are.
func (c *crew) work(decisions int64) int64 {
	var made atomic.Int64
	var group sync.WaitGroup
	for i, scr := range c.screens {
		group.Go(func() {
			mine := c.decided[c.names[i]]
			for end := time.Now().Add(2 * patience); made.Load() < decisions && time.Now().Before(end); {
				if decide(scr, mine) {
					made.Add(1)
				}
			}
		})
	}
	group.Wait()
	return made.Load()
}

// decide opens a case somewhere near the cursor and approves it. Another may be quicker, or have it in hand.
func decide(scr *screen, mine <-chan struct{}) bool {
	for _, key := range slices.Concat(slices.Repeat([]string{"j"}, rand.IntN(4)), []string{"\r"}) {
		scr.send(key)
		time.Sleep(50 * time.Millisecond)
	}
	defer scr.send("\x1b")
	for wait := 100 * time.Millisecond; wait < 2*time.Second; wait *= 2 {
		scr.send("a")
		select {
		case <-mine:
			return true
		case <-time.After(wait):
		}
	}
	return false
}

// TestTwentyTogether is for the race detector: twenty desks page, open, take in hand and approve, and what one does reaches
// the others; every decision is made once.
func TestTwentyTogether(t *testing.T) {
	const people, decisions = 20, 30
	s := newRegister(t, 0)
	r := start(t, s, nil)
	c := seat(t, s, r, people, 6)
	if got := c.work(decisions); got < decisions {
		t.Errorf("%d decisions, want %d", got, decisions)
	}
	for _, scr := range c.screens {
		scr.send("\x03")
		scr.end()
	}
	waitFor(t, func() bool { return len(s.Claims()) == 0 })
	by, err := s.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for n := range people * 6 {
		a, err := s.Application(by, reference(n))
		if err != nil {
			t.Fatal(err)
		}
		passed += a.Level - 1
	}
	if got := r.events(review.Approve); got != passed {
		t.Errorf("%d approvals in the log, %d applications went on", got, passed)
	}
}

// BenchmarkDesksTogether: two hundred desks over real SSH page, open, take in hand and approve, with what each does reaching
// the others. It reports decisions per second and what was sent for each, beside the memory of one desk (client and server
// together). BenchmarkBareCommit is the limit of a store that syncs for each decision.
func BenchmarkDesksTogether(b *testing.B) {
	s := newRegister(b, 0)
	r := start(b, s, func(o *serve.Options) { o.Limits.KeyRate, o.Limits.KeyBurst = 1<<20, 1<<20 })
	before := inUse()
	c := seat(b, s, r, sessions, 10)
	b.ReportMetric(float64(inUse()-before)/sessions/1024, "KB/desk")
	sent := r.sent()
	b.ResetTimer()
	made := c.work(int64(b.N))
	b.StopTimer()
	b.ReportMetric(float64(made)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(float64(r.sent()-sent)/float64(made), "B/decision")
}
