package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
// -bench OpenFirstPage, with RONGZHENG_BENCH_MAX for a million): moves through the longest queue, from page to page, from its
// beginning to its end, and a filter.
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
		for _, account := range []string{"zhou.wuhou", "li.admin"} {
			for _, c := range []struct {
				name   string
				before []string
				keys   []string
			}{
				{"move", nil, []string{"j", "k"}},
				{"page", nil, []string{"ctrl+d", "ctrl+d", "ctrl+d", "ctrl+u"}},
				{"ends", nil, []string{"G", "g"}},
				{"approved", []string{"3"}, []string{"j", "ctrl+d"}},
				{"tabs", nil, []string{"tab", "shift+tab"}},
				{"filter", []string{"3", "/", "王", "enter"}, []string{"ctrl+d", "j"}},
			} {
				b.Run(fmt.Sprintf("%d/%s/%s", n, account, c.name), func(b *testing.B) {
					d := open(b, s, account, func(o *Options) { o.Renderer = renderer(termenv.ANSI256) })
					d.press(c.before...)
					for i := 0; b.Loop(); i++ {
						d.send(named(c.keys[i%len(c.keys)]))
						d.root.View()
					}
				})
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
