package store

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// The benchmarks of what goes through the whole folder. One turn of each is enough: -benchtime 1x.

func BenchmarkLoad(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := emptyBench(b)
				b.StartTimer()
				if err := s.Load("li.admin", crowd(n), clock, nil); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

func emptyBench(b *testing.B) *Store {
	s, err := Open(filepath.Join(b.TempDir(), "data"), Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	by := ""
	for _, a := range deskAccounts {
		if err := s.AddAccount(by, a, clock); err != nil {
			b.Fatal(err)
		}
		by = deskAccounts[0].Name
	}
	return s
}

func BenchmarkCheck(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, _ int) {
		done := peakMemory()
		for b.Loop() {
			found, err := s.Check(b.Context(), nil)
			if err != nil || len(found) > 0 {
				b.Fatal(found, err)
			}
		}
		b.ReportMetric(float64(done())/(1<<20), "MB-heap")
	})
}

func BenchmarkRepair(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, _ int) {
		done := peakMemory()
		for b.Loop() {
			if err := s.Repair("li.admin", clock, nil); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(done())/(1<<20), "MB-heap")
	})
}

// peakMemory watches the heap until the function that it returns is called, which gives the most that was in use.
func peakMemory() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		var peak uint64
		for {
			select {
			case <-ticker.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			case <-stop:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most
	}
}
