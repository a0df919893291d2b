package picture

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestCacheKeepsTheLatest(t *testing.T) {
	c := NewCache[string, int](10)
	c.Put("a", 1, 4)
	c.Put("b", 2, 4)
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Errorf("a: got %d, %v", v, ok)
	}
	c.Put("c", 3, 4)
	if _, ok := c.Get("b"); ok {
		t.Error("b was used longest ago and is still there")
	}
	for key, want := range map[string]int{"a": 1, "c": 3} {
		if v, ok := c.Get(key); !ok || v != want {
			t.Errorf("%s: got %d, %v, want %d", key, v, ok, want)
		}
	}
	c.Put("a", 9, 2)
	if v, _ := c.Get("a"); v != 9 || c.Bytes() != 6 {
		t.Errorf("a again: got %d, %d bytes", v, c.Bytes())
	}
	c.Put("a", 10, 11)
	if _, ok := c.Get("a"); ok || c.Bytes() != 4 {
		t.Errorf("larger than the cache: kept, %d bytes", c.Bytes())
	}
}

var errOnce = errors.New("once")

func TestCacheMakesOnce(t *testing.T) {
	c := NewCache[int, int](1000)
	var made atomic.Int32
	gate := make(chan struct{})
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			v, err := c.Do(7, func() (int, int64, error) {
				<-gate
				return int(made.Add(1)), 1, nil
			})
			if v != 1 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	}
	close(gate)
	wait.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestCacheDoesNotKeepErrors(t *testing.T) {
	c := NewCache[int, int](10)
	for _, want := range []error{errOnce, nil} {
		if _, err := c.Do(1, func() (int, int64, error) { return 5, 1, want }); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if v, ok := c.Get(1); !ok || v != 5 {
		t.Errorf("got %d, %v", v, ok)
	}
}

// Who waits is let go when the maker panics.
func TestCacheSurvivesAPanic(t *testing.T) {
	c := NewCache[int, int](10)
	begun, gate := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		defer func() { _ = recover() }() // the panic is what is tested
		_, err := c.Do(1, func() (int, int64, error) {
			close(begun)
			<-gate
			panic("decoder")
		})
		t.Errorf("got %v, want a panic", err)
	})
	<-begun
	wait.Go(func() {
		// Either it waited and nothing was made, or it came later and made it.
		if v, err := c.Do(1, func() (int, int64, error) { return 2, 1, nil }); err == nil && v != 2 {
			t.Errorf("got %d", v)
		}
	})
	close(gate)
	wait.Wait()
}

func TestCacheForMany(t *testing.T) {
	c := NewCache[int, int](50)
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for i := range 500 {
				key := (i*7 + worker) % 30
				v, err := c.Do(key, func() (int, int64, error) { return key * 2, int64(key%5 + 1), nil })
				if err != nil || v != key*2 {
					t.Errorf("%d: got %d, %v", key, v, err)
				}
			}
		})
	}
	wait.Wait()
	if c.Bytes() > 50 {
		t.Errorf("%d bytes are kept", c.Bytes())
	}
}
