package command

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

// far is a terminal at the other end of a line. It keeps what it is shown, and may answer.
type far struct {
	mu      sync.Mutex
	text    strings.Builder
	grown   chan struct{}
	answers map[string]string // by question
	keys    *io.PipeWriter
}

func (f *far) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text.Write(p)
	for question, answer := range f.answers {
		if strings.Contains(f.text.String(), question) {
			delete(f.answers, question)
			go io.WriteString(f.keys, answer)
		}
	}
	select {
	case f.grown <- struct{}{}:
	default:
	}
	return len(p), nil
}

// await waits until a text has been shown.
func (f *far) await(t *testing.T, text string) {
	t.Helper()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	for {
		f.mu.Lock()
		there := strings.Contains(f.text.String(), text)
		f.mu.Unlock()
		if there {
			return
		}
		select {
		case <-f.grown:
		case <-limit.C:
			t.Fatalf("%q was never shown", text)
		}
	}
}

// visit opens a desk on the terminal, as somebody who comes over SSH does, and returns what waits for its end.
func (f *far) visit(t *testing.T, environ ...string) (ended chan error) {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddAccount("", review.Account{Name: "guanli", Role: review.Administrator}, time.Now()); err != nil {
		t.Fatal(err)
	}
	in, keys := io.Pipe()
	f.keys, f.grown = keys, make(chan struct{}, 1)
	d := &serve.Desk{Account: "guanli", Input: in, Output: f, Environ: environ, Width: 80, Height: 24}
	o := ui.Options{
		Store: s, Account: d.Account, Lang: review.English, Output: f, Environ: environ, Width: 80, Height: 24,
	}
	ctx, stop := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() { ended <- showRemote(ctx, o, nil, d) }()
	t.Cleanup(func() {
		stop()
		keys.Close()
		s.Close()
	})
	return ended
}

func wantEnd(t *testing.T, ended chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the desk did not end")
	}
}

const (
	attributes = "\x1b[c"
	kittyAsked = "\x1b_Gi=31"
)

// TestFarTerminalIsAsked: one that says it is kitty is asked for its graphics, and what it answers is no key.
func TestFarTerminalIsAsked(t *testing.T) {
	f := &far{answers: map[string]string{attributes: "\x1b[6;20;10t\x1b[?62;c", kittyAsked: "\x1b_Gi=31;OK\x1b\\\x1b[?62;c"}}
	ended := f.visit(t, "TERM=xterm-kitty")
	f.await(t, kittyAsked)
	f.await(t, "In review")
	io.WriteString(f.keys, "q")
	wantEnd(t, ended)
}

// TestSilentFarTerminalIsNotWaitedFor: it gets its first frame soon, and what was typed meanwhile is not lost.
func TestSilentFarTerminalIsNotWaitedFor(t *testing.T) {
	f := &far{}
	ended := f.visit(t, "TERM=xterm-256color")
	f.await(t, attributes)
	io.WriteString(f.keys, "?") // before there is a screen
	f.await(t, "Keys that work here")
	io.WriteString(f.keys, "\x1b[?62;c") // an answer that comes late
	io.WriteString(f.keys, "qq")
	wantEnd(t, ended)
}

// TestDumbFarTerminalIsAskedNothing: it would take the question for text.
func TestDumbFarTerminalIsAskedNothing(t *testing.T) {
	f := &far{}
	ended := f.visit(t, "TERM=dumb")
	f.await(t, "In review")
	io.WriteString(f.keys, "q")
	wantEnd(t, ended)
	if strings.Contains(f.text.String(), attributes) {
		t.Error("asked all the same")
	}
}
