package serve_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/ui/serve"
)

// caseRead is drawn when a case is on the screen in full, so that it can be decided on.
const caseRead = "to look at"

func TestDeskOverSSH(t *testing.T) {
	for _, term := range []string{"dumb", "xterm-256color", "linux", "../../etc/passwd\x1b[2J"} {
		t.Run(fmt.Sprintf("%q", term), func(t *testing.T) {
			r := start(t, newRegister(t, 3), nil)
			s := r.desk(first, term, 80, 24)
			s.wait(0, reference(2))
			s.wait(0, caseRead)
			s.press("a", "has passed")
			by, err := r.store.Account(first)
			if err != nil {
				t.Fatal(err)
			}
			a, err := r.store.Application(by, reference(2))
			if err != nil {
				t.Fatal(err)
			}
			if a.Level != 2 || a.ChangedBy != first {
				t.Errorf("got level %d by %s, want 2 by %s", a.Level, a.ChangedBy, first)
			}
			s.send("q")
			if got := s.end(); got != 0 {
				t.Errorf("status: got %d, want 0", got)
			}
		})
	}
}

// TestColoursFollowTheTerminal: the session's own TERM and NO_COLOR decide, not the server's.
func TestColoursFollowTheTerminal(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	colour := "\x1b[36m" // of the name of the product
	for term, want := range map[string]bool{"dumb": false, "xterm-256color": true} {
		s := r.desk(first, term, 80, 24)
		s.wait(0, reference(0))
		s.mu.Lock()
		got := strings.Contains(s.text.String(), colour)
		s.mu.Unlock()
		if got != want {
			t.Errorf("TERM=%s: colours %v, want %v", term, got, want)
		}
	}
}

// TestForwardedAgent: who forwards an agent reads above the desk that it is not used, and nobody else reads of it.
func TestForwardedAgent(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	for _, asks := range [][]string{nil, {"auth-agent-req@openssh.com"}} {
		s := open(t, r.dial(first), "dumb", 80, 24, asks...)
		s.wait(0, reference(0))
		s.mu.Lock()
		told := strings.Contains(s.text.String(), "No agent is forwarded here")
		s.mu.Unlock()
		if told != (asks != nil) {
			t.Errorf("%v: told %v", asks, told)
		}
	}
}

// TestTypedAhead: keys that come before the first frame are not lost and not cooked.
func TestTypedAhead(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	s := r.desk(first, "xterm-256color", 80, 24)
	s.wait(0, reference(0))
	s.press("?", "Keys")
	s.press("\x1b", reference(0))
	s.send("\x03")
	s.end()
}

func TestWindowsAreClamped(t *testing.T) {
	sizes := make(chan serve.Window, 16)
	r := start(t, newRegister(t, 0), func(o *serve.Options) {
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			sizes <- serve.Window{Width: d.Width, Height: d.Height}
			for {
				select {
				case w := <-d.Windows:
					sizes <- w
				case <-ctx.Done():
					return nil
				}
			}
		}
	})
	for _, tt := range []struct{ w, h, wantW, wantH int }{{80, 24, 80, 24}, {1, 1, 1, 1}, {10_000, 10_000, 500, 200}, {0, 0, 80, 24}} {
		s := r.desk(first, "xterm", tt.w, tt.h)
		want := serve.Window{Width: tt.wantW, Height: tt.wantH}
		if got := <-sizes; got != want {
			t.Errorf("%d × %d: got %v, want %v", tt.w, tt.h, got, want)
		}
		if err := s.session.WindowChange(tt.h, tt.w); err != nil {
			t.Fatal(err)
		}
		if got := <-sizes; got != want {
			t.Errorf("changed to %d × %d: got %v, want %v", tt.w, tt.h, got, want)
		}
		s.session.Close()
	}
}

// TestStrangeWindows: the desk itself in the smallest and the largest window, and in a flood of changes.
func TestStrangeWindows(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	other := r.desk(second, "dumb", 80, 24)
	other.wait(0, "fushen")
	tiny := r.desk(first, "xterm", 1, 1)
	large := r.desk(first, "xterm", 10_000, 10_000)
	large.wait(0, reference(0))
	for i := range 500 {
		if err := tiny.session.WindowChange(i%7, i%300); err != nil {
			t.Fatal(err)
		}
	}
	other.press("?", "Keys")
	large.send("q")
	large.end()
	tiny.send("q")
	tiny.end()
}

func TestDisabledIsOutAtTheNextKey(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	s := r.desk(first, "dumb", 80, 24)
	s.wait(0, reference(0))
	c := r.dial(first)
	if err := r.store.DisableAccount(admin, first, noon); err != nil {
		t.Fatal(err)
	}
	s.press("a", "disabled")
	if got := s.end(); got != 1 {
		t.Errorf("status: got %d, want 1", got)
	}
	by, err := r.store.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.store.Application(by, reference(0)); err != nil || a.Level != 1 {
		t.Errorf("the key of a disabled account decided: level %d, %v", a.Level, err)
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Run("list"); err == nil {
		t.Error("a command of a disabled account on an open line is answered")
	}
}

// TestChangedAccountIsOutAtTheNextKey: whoever may do something else by now, or has lost the key that opened the desk; other
// keys come and go.
func TestChangedAccountIsOutAtTheNextKey(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	change := func(t *testing.T, change func(a *review.Account)) {
		t.Helper()
		err := r.store.ChangeAccount(admin, first, "", noon, func(a *review.Account) error { change(a); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		change func(a *review.Account)
		says   string
	}{
		{"areas", func(a *review.Account) { a.Areas = append(a.Areas, "510104") }, "rights have changed"},
		{"key", func(a *review.Account) { a.Keys = []string{authorized("another")} }, "removed or ran out"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := r.desk(first, "dumb", 80, 24)
			s.wait(0, reference(0))
			change(t, func(a *review.Account) { a.Keys = append(a.Keys, authorized("more "+tt.name)) })
			s.press("?", "Keys")
			change(t, tt.change)
			s.press("a", tt.says)
			if got := s.end(); got != 1 {
				t.Errorf("status: got %d, want 1", got)
			}
		})
	}
	by, err := r.store.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.store.Application(by, reference(0)); err != nil || a.Level != 1 {
		t.Errorf("a key after the change decided: level %d, %v", a.Level, err)
	}
}

// TestPanicStaysInItsSession: in the desk, in a command, beside a session that goes on.
func TestPanicStaysInItsSession(t *testing.T) {
	r := start(t, newRegister(t, 1), func(o *serve.Options) {
		desk := o.Desk
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			if d.Account == second {
				panic("王芳")
			}
			return desk(ctx, d)
		}
		o.Command = func(context.Context, *serve.Command) int { panic("王芳") }
	})
	good := r.desk(first, "dumb", 80, 24)
	good.wait(0, reference(0))
	bad := r.desk(second, "dumb", 80, 24)
	if got := bad.end(); got != 1 {
		t.Errorf("status of the desk: got %d, want 1", got)
	}
	if _, said, got := r.run(second, "list"); got != 1 || !strings.Contains(said, "fault") {
		t.Errorf("status of the command: got %d and %q, want 1 and a sentence", got, said)
	}
	good.press("?", "Keys")
	if strings.Contains(r.log.String(), "王芳") || !strings.Contains(r.log.String(), "panic") {
		t.Errorf("the log: %s", r.log.String())
	}
}

// TestDeafClient: one that never reads is cut, and nobody else notices.
func TestDeafClient(t *testing.T) {
	over := make(chan struct{})
	r := start(t, newRegister(t, 1), func(o *serve.Options) {
		o.Limits.Write = 500 * time.Millisecond
		desk := o.Desk
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			if d.Account != second {
				return desk(ctx, d)
			}
			defer close(over)
			for {
				if _, err := io.WriteString(d.Output, strings.Repeat("x", 32<<10)); err != nil {
					return err
				}
			}
		}
	})
	good := r.desk(first, "dumb", 80, 24)
	good.wait(0, reference(0))
	session, err := r.dial(second).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.StdoutPipe(); err != nil { // and never read from it
		t.Fatal(err)
	}
	if err := session.RequestPty("dumb", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	good.press("?", "Keys")
	select {
	case <-over:
	case <-time.After(patience):
		t.Error("the desk of the client that does not read never ends")
	}
	good.press("\x1b", reference(0))
}

// TestFloodOfKeys: what comes faster than anybody types waits in the client, and others are served meanwhile.
func TestFloodOfKeys(t *testing.T) {
	var passed atomic.Int64
	r := start(t, newRegister(t, 1), func(o *serve.Options) {
		o.Limits.KeyRate, o.Limits.KeyBurst = 1000, 2000
		desk := o.Desk
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			if d.Account == second {
				d.Input = io.TeeReader(d.Input, counter{&passed})
			}
			return desk(ctx, d)
		}
	})
	flood := r.desk(second, "dumb", 80, 24)
	flood.wait(0, "fushen")
	begun := time.Now()
	go io.WriteString(flood.keys, strings.Repeat("j", 4<<20))
	good := r.desk(first, "dumb", 80, 24)
	good.wait(0, caseRead)
	good.press("a", "has passed")
	most := 2000 + int64(time.Since(begun).Seconds()*1000) + 256
	if got := passed.Load(); got > most {
		t.Errorf("%d keys passed, at most %d should have", got, most)
	}
	flood.session.Close()
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

func TestIdleSessionEnds(t *testing.T) {
	r := start(t, newRegister(t, 1), func(o *serve.Options) { o.Limits.Idle = 500 * time.Millisecond })
	s := r.desk(first, "dumb", 80, 24)
	s.wait(0, "nobody typed")
	if got := s.end(); got != 1 {
		t.Errorf("status: got %d, want 1", got)
	}
}

// TestLineWithoutAVisitEnds: a client that asks for nothing is cut after the same time, although it says that it is alive.
func TestLineWithoutAVisitEnds(t *testing.T) {
	r := start(t, newRegister(t, 1), func(o *serve.Options) { o.Limits.Idle = 300 * time.Millisecond })
	for _, work := range []bool{false, true} {
		c := r.dial(first)
		if work {
			if session, err := c.NewSession(); err != nil {
				t.Fatal(err)
			} else if err := session.Run("whoami"); err != nil {
				t.Fatal(err)
			}
		}
		ended := make(chan struct{})
		go func() { c.Wait(); close(ended) }()
		alive, limit := time.NewTicker(50*time.Millisecond), time.NewTimer(patience)
		for open := true; open; {
			select {
			case <-ended:
				open = false
			case <-alive.C:
				c.SendRequest("keepalive@openssh.com", true, nil)
			case <-limit.C:
				t.Fatal("the line stays open")
			}
		}
		alive.Stop()
		limit.Stop()
	}
}

// TestLineDrops: a client that goes away leaves nothing behind.
func TestLineDrops(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	c := r.dial(first)
	s := open(t, c, "dumb", 80, 24)
	s.wait(0, reference(0))
	if got := len(r.server.Status().Visits); got != 1 {
		t.Errorf("visits: got %d, want 1", got)
	}
	c.Close()
	waitFor(t, func() bool { return len(r.server.Status().Visits) == 0 })
}

// TestChannelCloses: a client that closes its session and keeps its line.
func TestChannelCloses(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	c := r.dial(first)
	s := open(t, c, "dumb", 80, 24)
	s.wait(0, reference(0))
	s.session.Close()
	waitFor(t, func() bool { return len(r.server.Status().Visits) == 0 })
	again := open(t, c, "dumb", 80, 24)
	again.wait(0, reference(0))
}

func TestStopTellsAndEnds(t *testing.T) {
	s := newRegister(t, 1)
	r := start(t, s, nil)
	one := r.desk(first, "dumb", 80, 24)
	one.wait(0, reference(0))
	ended := make(chan error)
	from := one.size()
	go func() { ended <- r.stop() }()
	one.wait(from, "stopping")
	if got := one.end(); got != 1 {
		t.Errorf("status: got %d, want 1", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := r.tryDial("x", gossh.PublicKeys(keyOf(first))); err == nil {
		t.Error("a server that has stopped lets in")
	}
}

// complaint is what a command over the connection complains of.
func complaint(client *gossh.Client) error {
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	var said bytes.Buffer
	session.Stderr = &said
	if err := session.Run("whoami"); err != nil {
		return errors.New(said.String())
	}
	return nil
}

// TestWhoComesInAtTheEndIsTold: a connection in the middle of its login is not cut without a word.
func TestWhoComesInAtTheEndIsTold(t *testing.T) {
	r := start(t, newRegister(t, 1), func(o *serve.Options) {
		o.Limits.Farewell, o.Limits.Stop, o.Limits.Login = patience, patience, patience
	})
	asked, stopping, told := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		client, err := r.tryDial("x", gossh.PublicKeysCallback(func() ([]gossh.Signer, error) {
			close(asked)
			<-stopping
			return []gossh.Signer{keyOf(first)}, nil
		}))
		if err == nil {
			err = complaint(client)
			if strings.Contains(r.log.String(), "stopped") {
				err = errors.Join(err, errors.New("the server had stopped already"))
			}
			client.Close()
		}
		told <- err
	}()
	<-asked
	ended := make(chan error)
	go func() { ended <- r.stop() }()
	waitFor(t, func() bool { return strings.Contains(r.log.String(), "stopping") })
	close(stopping)
	if err := <-told; err == nil || !strings.Contains(err.Error(), "stopping") || strings.Contains(err.Error(), "stopped already") {
		t.Errorf("was told %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestStopDoesNotWaitForEver: for a command that hangs in a client that does not read.
func TestStopDoesNotWaitForEver(t *testing.T) {
	begun := make(chan struct{})
	r := start(t, newRegister(t, 0), func(o *serve.Options) {
		o.Limits.Stop = 300 * time.Millisecond
		o.Command = func(_ context.Context, c *serve.Command) int {
			close(begun)
			for {
				if _, err := c.Stdout.Write(make([]byte, 32<<10)); err != nil {
					return 1
				}
			}
		}
	})
	session, err := r.dial(first).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := session.Start("list"); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// TestLoginsRaceWithTheStop: a server stops in order although people come in at that moment.
func TestLoginsRaceWithTheStop(t *testing.T) {
	s := newRegister(t, 0)
	for range 8 {
		r := start(t, s, nil)
		var callers sync.WaitGroup
		for _, account := range []string{first, second, third, auditor} {
			callers.Go(func() {
				for range 4 {
					c, err := r.tryDial("x", gossh.PublicKeys(keyOf(account)))
					if err != nil {
						return
					}
					c.Close()
				}
			})
		}
		r.tryDial("x", gossh.PublicKeys(keyOf(first)))
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		callers.Wait()
	}
}
