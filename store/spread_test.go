package store

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
)

// TestSpreadEndsBeforeItReturns: nothing reads items any more when take has panicked, since they lie in a transaction.
func TestSpreadEndsBeforeItReturns(t *testing.T) {
	ended := false
	items := func(yield func(int, error) bool) {
		defer func() { ended = true }()
		for yield(0, nil) {
		}
	}
	defer func() {
		if got := recover(); got != "in take" || !ended {
			t.Errorf("got %v, the items have ended: %v", got, ended)
		}
	}()
	spread(items, func(i int) (int, error) { return i, nil }, func(int) error { panic("in take") })
}

func upTo(n int, end error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if end != nil {
			yield(0, end)
		}
	}
}

func TestSpreadKeepsTheOrder(t *testing.T) {
	var got []int
	err := spread(upTo(1000, nil), func(i int) (int, error) { return 2 * i, nil }, func(i int) error {
		got = append(got, i)
		return nil
	})
	if err != nil || len(got) != 1000 || !slices.IsSorted(got) {
		t.Errorf("got %d results, sorted %v, %v", len(got), slices.IsSorted(got), err)
	}
}

// TestSpreadEndsAtTheFirstFault: whoever fails, what came before has been taken and nothing after it.
func TestSpreadEndsAtTheFirstFault(t *testing.T) {
	fault := errors.New("fault")
	failAt := func(n int) func(int) (int, error) {
		return func(i int) (int, error) {
			if i >= n {
				return i, fmt.Errorf("%d: %w", i, fault)
			}
			return i, nil
		}
	}
	tests := map[string]struct {
		items iter.Seq2[int, error]
		work  func(int) (int, error)
		stop  int // take fails there
		taken int
	}{
		"items": {upTo(500, fault), failAt(1000), 1000, 500},
		"work":  {upTo(1000, nil), failAt(300), 1000, 300},
		"take":  {upTo(1000, nil), failAt(1000), 200, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			taken := 0
			err := spread(tt.items, tt.work, func(i int) error {
				if i == tt.stop {
					return fault
				}
				taken++
				return nil
			})
			if !errors.Is(err, fault) || taken != tt.taken {
				t.Errorf("got %v after %d, want a fault after %d", err, taken, tt.taken)
			}
		})
	}
}

func TestSpreadThrowsPanicsToItsCaller(t *testing.T) {
	panics := map[string]func(){
		"items": func() {
			items := func(yield func(int, error) bool) { panic("in items") }
			spread(items, func(i int) (int, error) { return i, nil }, func(int) error { return nil })
		},
		"work": func() {
			spread(upTo(100, nil), func(i int) (int, error) { panic("in work") }, func(int) error { return nil })
		},
	}
	for name, do := range panics {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != "in "+name {
					t.Errorf("got %v", got)
				}
			}()
			do()
		})
	}
}
