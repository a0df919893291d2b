package ui

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
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
