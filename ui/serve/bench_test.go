package serve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/serve"
)

// sessions is how many desks the benchmarks open at once.
const sessions = 200

// reviewers adds accounts and returns their names.
func reviewers(t testing.TB, s *store.Store, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("r%03d", i)
		addAccount(t, s, admin, review.Account{Name: names[i], Role: review.Reviewer, Level: 1, Areas: []string{"510107"}})
	}
	return names
}

// inUse is heap and stacks after a collection.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// BenchmarkSessions opens two hundred desks at once; every one moves down once in each round. It reports the memory of one
// session (client and server together, since both live in this process), the time to the first frame with the others open,
// and what one j costs in bytes.
func BenchmarkSessions(b *testing.B) {
	s := newRegister(b, 400)
	names := reviewers(b, s, sessions)
	r := start(b, s, func(o *serve.Options) { o.Limits.KeyRate, o.Limits.KeyBurst = 1<<20, 1<<20 })
	before := inUse()
	screens := make([]*screen, sessions)
	first := make([]time.Duration, sessions)
	for i, name := range names {
		c := r.dial(name)
		begun := time.Now()
		screens[i] = open(b, c, "xterm-256color", 80, 24)
		screens[i].wait(0, caseRead)
		first[i] = time.Since(begun)
	}
	after := inUse()
	slices.Sort(first)
	sent := r.sent()
	var failed atomic.Int64
	for b.Loop() {
		var group sync.WaitGroup
		for _, scr := range screens {
			group.Go(func() {
				from := scr.size()
				scr.send("j")
				for end := time.Now().Add(patience); scr.size() == from; time.Sleep(time.Millisecond) {
					if time.Now().After(end) {
						failed.Add(1)
						return
					}
				}
			})
		}
		group.Wait()
	}
	if failed.Load() > 0 {
		b.Errorf("%d keys led to nothing", failed.Load())
	}
	b.ReportMetric(float64(after-before)/sessions/1024, "KB/session")
	b.ReportMetric(float64(first[len(first)/2].Microseconds())/1000, "ms-first-frame")
	b.ReportMetric(float64(first[len(first)*99/100].Microseconds())/1000, "ms-first-frame-p99")
	b.ReportMetric(float64(r.sent()-sent)/float64(b.N)/sessions, "B/key")
}

// sent is how many bytes the server has sent.
func (r *running) sent() int64 {
	return r.server.Status().Sent
}

// BenchmarkDecisions: two hundred lines decide at once, each by commands on its own connection.
func BenchmarkDecisions(b *testing.B) {
	s := newRegister(b, 1)
	names := reviewers(b, s, sessions)
	r := start(b, s, nil)
	lines := make([]*gossh.Client, sessions)
	for i, name := range names {
		lines[i] = r.dial(name)
	}
	for n := 1; n <= b.N; n++ {
		sub, files := submission(n)
		if _, err := s.Submit(portal, sub, files, noon); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	b.ResetTimer()
	var group sync.WaitGroup
	for _, c := range lines {
		group.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				session, err := c.NewSession()
				if err == nil {
					err = session.Run("approve " + reference(int(n)))
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// BenchmarkBareCommit is the limit of BenchmarkDecisions: one synced bbolt commit of the bytes of a decision.
func BenchmarkBareCommit(b *testing.B) {
	db, err := bolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	sub, _ := submission(0)
	value, err := json.Marshal(sub)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		err := db.Update(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
			if err != nil {
				return err
			}
			return bucket.Put(fmt.Appendf(nil, "%012d", n), value)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkFirstFrame is the time from the wish for a desk to its first byte, on a line that is open, for a client that
// answers no question of the terminal.
func BenchmarkFirstFrame(b *testing.B) {
	r := start(b, newRegister(b, 50), nil)
	c := r.dial(first)
	for b.Loop() {
		scr := open(b, c, "xterm-256color", 80, 24)
		scr.wait(0, reference(49))
		scr.session.Close()
	}
}

// BenchmarkLogin is a whole login: connect, agree on keys, prove the key.
func BenchmarkLogin(b *testing.B) {
	r := start(b, newRegister(b, 0), nil)
	for b.Loop() {
		r.dial(first).Close()
	}
}

// BenchmarkIdleDesks is what a session of the server itself costs when its desk draws nothing.
func BenchmarkIdleDesks(b *testing.B) {
	s := newRegister(b, 0)
	names := reviewers(b, s, sessions)
	r := start(b, s, func(o *serve.Options) {
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			io.WriteString(d.Output, "ready")
			<-ctx.Done()
			return nil
		}
	})
	before := inUse()
	for _, name := range names {
		r.desk(name, "xterm", 80, 24).wait(0, "ready")
	}
	after := inUse()
	for b.Loop() {
		r.server.Status()
	}
	b.ReportMetric(float64(after-before)/sessions/1024, "KB/session")
}
