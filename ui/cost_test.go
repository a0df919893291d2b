package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"rongzheng/store"
)

// TestOneMoveIsShort: what a move of the cursor sends over a slow line, as the renderer sends it: every line that has
// changed, with the sequences that place it.
func TestOneMoveIsShort(t *testing.T) {
	d := open(t, withMany(t, 30), wuhou, func(o *Options) { o.Renderer = renderer(termenv.ANSI256) })
	before := strings.Split(d.root.View(), "\n")
	d.press("j")
	sent := 0
	for i, line := range strings.Split(d.root.View(), "\n") {
		if line != before[i] {
			sent += len(line) + len("\x1b[24;1H\x1b[K\r\n")
		}
	}
	if most := 1500; sent > most {
		t.Errorf("one j sends %d bytes, want at most %d", sent, most)
	}
	t.Logf("one j sends %d bytes", sent)
}

// BenchmarkKeyToFrame: a move of the cursor, all that is read for it, and the frame.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"80x24", 80, 24}, {"200x50", 200, 50}} {
		b.Run(size.name, func(b *testing.B) {
			d := open(b, withMany(b, 60), wuhou, func(o *Options) { o.Renderer = renderer(termenv.ANSI256) })
			d.resize(size.width, size.height)
			keys := []string{"j", "k"}
			for i := 0; b.Loop(); i++ {
				d.send(named(keys[i%2]))
				d.root.View()
			}
		})
	}
}

// BenchmarkKeyToFrameOfMany is the same on the data folders that the benchmarks of package store have made (go test ./store
// -bench OpenFirstPage, with RONGZHENG_BENCH_MAX for a million): moves through the longest queues, from page to page, from
// their beginning to their end, from queue to queue, a filter while it is typed and when it stands, a case opened. Beside the
// mean, in which whatever a key sets going is done, stands for the key that takes longest what the screen takes to its next
// frame at most: the median, with the name of the key.
func BenchmarkKeyToFrameOfMany(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		found, err := filepath.Glob(filepath.Join(os.TempDir(), fmt.Sprintf("rongzheng-bench-*-%d", n)))
		if err != nil || len(found) == 0 {
			b.Logf("no data folder of %d", n)
			continue
		}
		s, err := store.Open(found[len(found)-1], store.Options{Policy: asksNothing()})
		if err != nil {
			b.Fatal(err)
		}
		for _, desk := range []struct{ account, all string }{{"zhou.wuhou", "8"}, {"li.admin", "7"}} { // all: that tab's number
			for _, c := range []struct {
				name   string
				before []string
				keys   []string
			}{
				{"move", nil, []string{"j", "k"}},
				{"page", nil, []string{"ctrl+d", "ctrl+d", "ctrl+d", "ctrl+u"}},
				{"ends", nil, []string{"G", "g"}},
				{"approved", []string{"3"}, []string{"j", "ctrl+d"}},
				{"approvedEnds", []string{"3"}, []string{"G", "g"}},
				{"tabs", nil, []string{"tab", "shift+tab"}},
				{"digits", nil, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
				{"open", []string{"3"}, []string{"enter", "esc"}},
				{"type", []string{"3", "/"}, []string{"王", "backspace"}},
				{"typeLetters", []string{"3", "/"}, []string{"w", "a", "n", "g", "backspace", "backspace", "backspace", "backspace"}},
				{"filter", []string{"3", "/", "王", "enter"}, []string{"ctrl+d", "j"}},
				{"filterName", []string{"3"}, []string{"/", "王", "enter", "esc"}},
				{"filterSound", []string{"3"}, []string{"/", "wang", "enter", "esc"}},
				{"filterKey", []string{"3"}, []string{"/", "name:王", "enter", "esc"}},
				{"filterWarning", []string{"2"}, []string{"/", "has:warning", "enter", "esc"}},
				{"filterUnchanged", []string{"2"}, []string{"/", "unchanged", "enter", "esc"}},
				{"filterNothing", []string{desk.all}, []string{"/", "unchanged", "enter", "esc"}},
				{"filterNobody", []string{desk.all}, []string{"/", "education:博士研究生", "enter", "esc"}},
				{"filterElsewhere", []string{"4"}, []string{"/", "unchanged", "enter", "esc"}},
				{"filterOpen", []string{"3", "/", "王", "enter"}, []string{"enter", "esc"}},
			} {
				b.Run(fmt.Sprintf("%d/%s/%s", n, desk.account, c.name), func(b *testing.B) {
					d := open(b, s, desk.account, func(o *Options) { o.Renderer = renderer(termenv.ANSI256) })
					d.press(c.before...)
					took := make([][]time.Duration, len(c.keys))
					var last time.Time
					var longest time.Duration
					d.drawn = func() {
						longest = max(longest, time.Since(last))
						last = time.Now()
					}
					for i := 0; b.Loop(); i++ {
						last, longest = time.Now(), 0
						d.send(named(c.keys[i%len(c.keys)]))
						took[i%len(c.keys)] = append(took[i%len(c.keys)], longest)
						d.timers = nil
					}
					reportSlowest(b, c.keys, took)
				})
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// reportSlowest tells the median of the key that takes longest.
func reportSlowest(b *testing.B, keys []string, took [][]time.Duration) {
	slowest, median := 0, time.Duration(0)
	for i, list := range took {
		slices.Sort(list)
		if len(list) > 0 && list[len(list)/2] > median {
			slowest, median = i, list[len(list)/2]
		}
	}
	b.ReportMetric(float64(median)/1e6, "ms-of-"+keys[slowest])
}
