package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"rongzheng/review"
)

// gate holds the first commit back until others wait behind it, so that they are written together.
func (s *Store) gate(t testing.TB, behind int, run func(i int) error) []error {
	t.Helper()
	var work sync.WaitGroup
	errs := make([]error, behind)
	err := s.update(func(*txn) error {
		for i := range behind {
			work.Go(func() { errs[i] = run(i) })
		}
		for waiting := 0; waiting < behind; {
			s.line.mu.Lock()
			waiting = len(s.line.waiting)
			s.line.mu.Unlock()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	work.Wait()
	return errs
}

// commits is how many transactions have been committed.
func commits(s *Store) int {
	n := 0
	s.view(func(t *txn) error { n = t.ID(); return nil })
	return n
}

func TestChangesShareACommit(t *testing.T) {
	s := newStore(t)
	for n := range 20 {
		submit(t, s, n)
	}
	sub := subscribe(t, s)
	before := commits(s)
	errs := s.gate(t, 20, func(i int) error { return decides(s, "zhou.wuhou", reference(i), clock, approval(s, clock)) })
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if got := commits(s) - before; got != 2 {
		t.Errorf("%d commits, want that of the gate and one for all", got)
	}
	n := sub.Take()
	if len(n.Records) != 20 || len(n.Events) != 20 {
		t.Errorf("told of %d records and %d events, want 20", len(n.Records), len(n.Events))
	}
	reopen(t, s)
	for i := range 20 {
		if a, err := s.Application(actor(t, s, "li.admin"), reference(i)); err != nil || a.Level != 2 {
			t.Errorf("%s: level %d, %v", reference(i), a.Level, err)
		}
	}
}

// TestOneFailsBesideOthers: those that are refused have written nothing, even where they failed late; the others are there.
func TestOneFailsBesideOthers(t *testing.T) {
	s := newStore(t)
	for n := range 6 {
		submit(t, s, n)
	}
	sub := subscribe(t, s)
	late := errors.New("failed after it had written")
	errs := s.gate(t, 9, func(i int) error {
		switch i {
		case 6: // the same application as 0: one of both comes too late
			return decides(s, "zhou.wuhou", reference(0), clock, rejection(s, clock))
		case 7:
			return s.update(func(tx *txn) error {
				if err := tx.putEvent(&review.Event{Action: review.Import, By: "portal", At: clock}); err != nil {
					return err
				}
				return late
			})
		case 8:
			return s.Record("li.admin", review.Event{Action: review.ImportLegacy}, clock)
		}
		return decides(s, "zhou.wuhou", reference(i), clock, approval(s, clock))
	})
	if !errors.Is(errs[7], late) || errs[8] != nil {
		t.Errorf("got %v and %v", errs[7], errs[8])
	}
	if (errs[0] == nil) == (errs[6] == nil) {
		t.Errorf("got %v and %v for one application, want one decision", errs[0], errs[6])
	}
	for i := 1; i < 6; i++ {
		if errs[i] != nil {
			t.Errorf("%d: %v", i, errs[i])
		}
	}
	last := uint64(0)
	n := sub.Take()
	for _, e := range n.Events {
		if last != 0 && e.Seq != last+1 || e.Action == review.Import {
			t.Errorf("told of event %d (%s) after %d", e.Seq, e.Action, last)
		}
		last = e.Seq
	}
	if len(n.Events) != 7 {
		t.Errorf("told of %d events, want 7", len(n.Events))
	}
}

// TestWhatFailsRunsOnceMoreByItself: however many fail beside each other.
func TestWhatFailsRunsOnceMoreByItself(t *testing.T) {
	s := newStore(t)
	refused := errors.New("refused")
	runs := make([]int, 8)
	for i, err := range s.gate(t, len(runs), func(i int) error {
		return s.update(func(*txn) error {
			runs[i]++
			return refused
		})
	}) {
		if !errors.Is(err, refused) || runs[i] > 2 {
			t.Errorf("%d: %d runs, %v", i, runs[i], err)
		}
	}
}

// TestOnePanicsBesideOthers: in its own goroutine, and nobody else notices.
func TestOnePanicsBesideOthers(t *testing.T) {
	s := newStore(t)
	for n := range 4 {
		submit(t, s, n)
	}
	panics := func() (err error) {
		defer func() { err = fmt.Errorf("panic: %v", recover()) }()
		return s.update(func(*txn) error { panic("spoiled") })
	}
	errs := s.gate(t, 5, func(i int) error {
		if i == 2 {
			return panics()
		}
		return decides(s, "zhou.wuhou", reference(i%4), clock, approval(s, clock))
	})
	if errs[2] == nil || errs[2].Error() != "panic: spoiled" {
		t.Errorf("got %v, want the panic", errs[2])
	}
	if errs[1] != nil || errs[3] != nil || (errs[0] == nil) == (errs[4] == nil) {
		t.Errorf("the others: %v", errs)
	}
}

// TestWhatCannotRunTwiceRunsAlone, however many wait.
func TestWhatCannotRunTwiceRunsAlone(t *testing.T) {
	s := newStore(t)
	submit(t, s, 0)
	runs := 0
	errs := s.gate(t, 6, func(i int) error {
		if i == 3 {
			return s.updateOnce(func(tx *txn) error {
				runs++
				return nil
			})
		}
		return decides(s, "zhou.wuhou", reference(0), clock, approval(s, clock))
	})
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	if runs != 1 || failed != 4 {
		t.Errorf("%d runs, %d of 5 decisions refused", runs, failed)
	}
}
