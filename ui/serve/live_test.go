package serve_test

import (
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/ui/serve"
)

// TestDecisionsReachOtherDesks: rows go from another's screen without a key, a command's decision too, and who has a case
// in hand is shown until their line drops.
func TestDecisionsReachOtherDesks(t *testing.T) {
	r := start(t, newRegister(t, 4), nil)
	c := r.dial(colleague)
	one, two := r.desk(first, "dumb", 100, 30), open(t, c, "dumb", 100, 30)
	one.wait(0, caseRead)
	two.wait(0, caseRead)
	from := one.size()
	if _, out, status := r.run(colleague, "approve "+reference(1)+" --seen"); status != 0 {
		t.Fatal(out)
	}
	one.wait(from, "To decide 3")
	from = one.size()
	two.send("\r")
	one.wait(from, colleague+" has it in hand")
	if _, out, status := r.run(first, "approve "+reference(3)+" --seen"); status != 1 || out == "" {
		t.Errorf("status %d, %q: a command decides on what another has in hand", status, out)
	}
	one.press("a", colleague+" has it in hand")
	from = one.size()
	c.Close()
	one.wait(from, " a approve") // and no "t take over" before it
	if got := r.store.Claims(); len(got) > 0 {
		t.Errorf("in hand: %+v", got)
	}
	one.press("a", "has passed")
}

// TestDroppedLineLosesNothing: cut in the middle of a word, without a moment to write anything down.
func TestDroppedLineLosesNothing(t *testing.T) {
	r := start(t, newRegister(t, 3), nil)
	for _, tt := range []struct{ keys, sees string }{
		{"jn" + "called, no ans", "called, no ans"}, {"/name:", "name:"}, {"rjj ", "[x] Q03"},
	} {
		c := r.dial(first)
		s := open(t, c, "dumb", 80, 24)
		s.wait(0, caseRead)
		for _, key := range tt.keys {
			s.send(string(key))
		}
		s.wait(0, tt.sees)
		c.Close()
		waitFor(t, func() bool { return len(r.server.Status().Visits) == 0 })
		again := r.desk(first, "dumb", 80, 24)
		again.wait(0, tt.sees)
		again.session.Close()
		waitFor(t, func() bool { return len(r.server.Status().Visits) == 0 })
		if err := r.store.SaveDesk(first, review.DeskState{}, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRestartUnderOpenDesks: who is at a desk is told, what is being written is finished, what is half typed is there after
// the restart.
func TestRestartUnderOpenDesks(t *testing.T) {
	s := newRegister(t, 3)
	r := start(t, s, func(o *serve.Options) { o.Limits.Warn = 300 * time.Millisecond })
	one := r.desk(first, "dumb", 80, 24)
	one.wait(0, caseRead)
	one.press("n", "kept with the decision")
	one.press("half a sen", "half a sen")
	ended := make(chan error)
	from := one.size()
	go func() { ended <- r.stop() }()
	one.wait(from, "The server stops in")
	if _, err := r.tryDial("x"); err == nil {
		t.Error("somebody came in while the server stops")
	}
	one.press("tence", "half a sentence")
	one.wait(from, "The server is stopping")
	if got := one.end(); got != 1 {
		t.Errorf("status: got %d, want 1", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	again := start(t, s, nil).desk(first, "dumb", 80, 24)
	again.wait(0, "half a sentence")
}
