package serve_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

// TestEndlessPaste: into a text field of the real desk, without an end; the desk and the others go on.
func TestEndlessPaste(t *testing.T) {
	r := start(t, newRegister(t, 2), func(o *serve.Options) { o.Limits.Paste, o.Limits.KeyRate = 4<<10, 1<<20 })
	bad, good := r.desk(first, "dumb", 80, 24), r.desk(colleague, "dumb", 80, 24)
	bad.wait(0, caseRead)
	good.wait(0, caseRead)
	bad.press("n", "kept with the decision")
	go io.WriteString(bad.keys, "\x1b[200~"+strings.Repeat("paste", 1<<20))
	good.press("j", reference(0)) // what both cases have alike is not drawn again
	good.press("?", "Keys")
	bad.session.Close()
	waitFor(t, func() bool { return len(r.server.Status().Visits) == 1 })
	d, err := r.store.Desk(first)
	if err != nil || len(d.Text) > 8<<10 {
		t.Errorf("%d bytes of the paste were kept, %v", len(d.Text), err)
	}
	good.press("\x1b", reference(1))
}

// TestLongPasteIsTold: the desk says that a paste was cut, and takes the next key at once.
func TestLongPasteIsTold(t *testing.T) {
	r := start(t, newRegister(t, 2), func(o *serve.Options) { o.Limits.Paste = 4 << 10 })
	d := r.desk(first, "dumb", 80, 24)
	d.wait(0, caseRead)
	d.press("n", "kept with the decision")
	d.press("\x1b[200~"+strings.Repeat("paste ", 4<<10)+"\x1b[201~", "only its first 4 KB")
	d.press("\x1b", "cancelled")
}

// brokenFor panics when an account reads a case, as a fault of the program would.
type brokenFor struct {
	*store.Store
	account string
}

func (b brokenFor) Timeline(by review.Actor, reference string) ([]review.Event, error) {
	if by.Name == b.account {
		panic("a fault of the program")
	}
	return b.Store.Timeline(by, reference)
}

// TestPanicInsideTheDesk: in a command that runs beside the screen. The desk ends, what it has in hand is free, and nobody
// else notices.
func TestPanicInsideTheDesk(t *testing.T) {
	s := newRegister(t, 2)
	r := start(t, s, func(o *serve.Options) {
		o.Desk = func(ctx context.Context, d *serve.Desk) error {
			return ui.Run(ctx, ui.Options{
				Store: brokenFor{s, first}, Account: d.Account, Lang: d.Lang, Clock: clock, Input: d.Input, Output: d.Output,
				Environ: d.Environ, Renderer: d.Renderer, Width: d.Width, Height: d.Height, Notices: d.Notices, Ending: d.Ending,
			})
		}
	})
	good := r.desk(colleague, "dumb", 80, 24)
	good.wait(0, caseRead)
	if got := r.desk(first, "dumb", 80, 24).end(); got != 1 {
		t.Errorf("status: got %d, want 1", got)
	}
	good.press("a", "has passed")
	log := r.log.String()
	if !strings.Contains(log, "isolation_test.go") || strings.Contains(log, "a fault of the program") {
		t.Errorf("the log, which must say where and not with what: %s", log)
	}
}

// TestMemoryOfADesk: client and server together stay far below what a session may take (product: 2 MB).
func TestMemoryOfADesk(t *testing.T) {
	const desks = 6
	s := newRegister(t, 40)
	names := reviewers(t, s, desks+1)
	r := start(t, s, nil)
	r.desk(names[desks], "xterm-256color", 80, 24).wait(0, caseRead) // what all share is there
	before := inUse()
	for _, name := range names[:desks] {
		scr := r.desk(name, "xterm-256color", 80, 24)
		scr.wait(0, caseRead)
		scr.press("\r", "Person")
	}
	after := inUse()
	if each := (int64(after) - int64(before)) / desks >> 10; each > 2048 {
		t.Errorf("a desk takes %d KB, want less than 2048", each)
	}
}
