package graphics

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// talker answers as a terminal does, and counts how long it was waited for.
type talker struct {
	name                       string
	sixel, kitty, mute, broken bool
	cell                       string
	lies                       string // said before every answer
	waited                     time.Duration
	heard                      string
}

func (k *talker) ask(query string, within time.Duration) ([]byte, error) {
	k.waited += within
	k.heard += query
	if k.broken {
		return []byte("\x1b[?62;4c"), errors.New("line is gone")
	}
	if k.mute {
		return nil, nil
	}
	out := k.lies
	if strings.Contains(query, askCell) && k.cell != "" {
		out += "\x1b[6;" + k.cell + "t"
	}
	if strings.Contains(query, askName) && k.name != "" {
		out += "\x1bP>|" + k.name + "\x1b\\"
	}
	if strings.Contains(query, askKitty) && k.kitty {
		out += "\x1b_Gi=31;OK\x1b\\"
	}
	if k.sixel {
		return []byte(out + "\x1b[?62;1;4;22c"), nil
	}
	return []byte(out + "\x1b[?62;22c"), nil
}

func TestDetect(t *testing.T) {
	cell := CellSize{9, 18}
	for name, c := range map[string]struct {
		environ []string
		talker  talker
		way     Way
		cell    CellSize
	}{
		"kitty":              {[]string{"TERM=xterm-kitty"}, talker{name: "kitty(0.28.0)", kitty: true, cell: "18;9"}, Kitty, cell},
		"kitty, other TERM":  {[]string{"TERM=xterm-256color"}, talker{name: "kitty(0.35.2)", kitty: true, cell: "18;9"}, Kitty, cell},
		"kitty by window":    {[]string{"TERM=xterm-256color", "KITTY_WINDOW_ID=1"}, talker{name: "kitty(1.0.0)", kitty: true}, Kitty, CellSize{}},
		"ghostty":            {[]string{"TERM=xterm-ghostty"}, talker{name: "ghostty 1.0.1", kitty: true, cell: "18;9"}, Kitty, cell},
		"kitty of old":       {[]string{"TERM=xterm-kitty"}, talker{name: "kitty(0.26.5)", kitty: true, cell: "18;9"}, HalfBlocks, cell},
		"kitty, no name":     {[]string{"TERM=xterm-kitty"}, talker{kitty: true, cell: "18;9"}, HalfBlocks, cell},
		"kitty, odd name":    {[]string{"TERM=xterm-kitty"}, talker{name: "kitty(new)", kitty: true, cell: "18;9"}, HalfBlocks, cell},
		"kitty that is not":  {[]string{"TERM=xterm-kitty"}, talker{sixel: true, cell: "18;9"}, Sixel, cell},
		"kitty without":      {[]string{"TERM=xterm-kitty"}, talker{cell: "18;9"}, HalfBlocks, cell},
		"iterm2":             {[]string{"TERM=xterm-256color", "LC_TERMINAL=iTerm2"}, talker{sixel: true, cell: "18;9"}, ITerm2, cell},
		"wezterm":            {[]string{"TERM=xterm-256color"}, talker{name: "WezTerm 20240203", sixel: true, kitty: true, cell: "18;9"}, ITerm2, cell},
		"foot":               {[]string{"TERM=foot"}, talker{name: "foot(1.16.2)", sixel: true, cell: "18;9"}, Sixel, cell},
		"konsole":            {[]string{"TERM=xterm-256color"}, talker{name: "Konsole 23.08", sixel: true, kitty: true, cell: "18;9"}, HalfBlocks, cell},
		"nameless":           {[]string{"TERM=xterm-256color"}, talker{sixel: true, cell: "18;9"}, Sixel, cell},
		"sixel, no cell":     {[]string{"TERM=foot"}, talker{sixel: true}, HalfBlocks, CellSize{}},
		"sixel, absurd cell": {[]string{"TERM=foot"}, talker{sixel: true, cell: "0;99999"}, HalfBlocks, CellSize{}},
		"xterm":              {[]string{"TERM=xterm"}, talker{name: "XTerm(388)", sixel: true, cell: "18;9"}, HalfBlocks, cell},
		"tmux by itself":     {[]string{"TERM=xterm-256color"}, talker{name: "tmux 3.4", sixel: true, cell: "18;9"}, HalfBlocks, cell},
		"in tmux":            {[]string{"TERM=xterm-kitty", "TMUX=/tmp/tmux"}, talker{kitty: true, sixel: true, cell: "18;9"}, HalfBlocks, CellSize{}},
		"in screen":          {[]string{"TERM=screen-256color"}, talker{sixel: true, cell: "18;9"}, HalfBlocks, CellSize{}},
		"dumb":               {[]string{"TERM=dumb"}, talker{sixel: true, cell: "18;9"}, HalfBlocks, CellSize{}},
		"no TERM":            {nil, talker{sixel: true, cell: "18;9"}, HalfBlocks, CellSize{}},
		"mute":               {[]string{"TERM=xterm-kitty"}, talker{mute: true, kitty: true}, HalfBlocks, CellSize{}},
		"broken":             {[]string{"TERM=xterm-kitty"}, talker{broken: true, kitty: true}, HalfBlocks, CellSize{}},
		"keys meanwhile":     {[]string{"TERM=foot"}, talker{sixel: true, cell: "18;9", lies: "jj\x1b[Aa\x1bOP\xe6\x9d\x8e"}, Sixel, cell},
		"nonsense":           {[]string{"TERM=foot"}, talker{sixel: true, cell: "18;9", lies: "\x1b[6;x;yt\x1b[6t\x1b[6;18\x1b[?c"}, Sixel, cell},
		"open string":        {[]string{"TERM=foot"}, talker{sixel: true, cell: "18;9", lies: "\x1bP>|never ends"}, Sixel, cell},
	} {
		const within = 400 * time.Millisecond
		talker := c.talker
		way, cell := Detect(c.environ, within, talker.ask)
		if way != c.way || cell != c.cell {
			t.Errorf("%s: got %v, %v, want %v, %v", name, way, cell, c.way, c.cell)
		}
		if talker.waited > within {
			t.Errorf("%s: waited for %v", name, talker.waited)
		}
		if strings.HasPrefix(name, "in ") && talker.heard != "" {
			t.Errorf("%s: was asked %q", name, talker.heard)
		}
		if (talker.mute || talker.broken) && strings.Contains(talker.heard, askName) {
			t.Errorf("%s: was asked again: %q", name, talker.heard)
		}
	}
	if way, _ := Detect([]string{"TERM=xterm-kitty"}, time.Second, nil); way != HalfBlocks {
		t.Errorf("nobody to ask: got %v", way)
	}
}

func TestReadAnswers(t *testing.T) {
	reply := "a\x1b[6;20;10t\x1bP>|foot(1.16)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?62;4;22c"
	want := answers{complete: true, sixel: true, kitty: true, cell: CellSize{10, 20}, name: "foot(1.16)"}
	if diff := cmp.Diff(want, readAnswers([]byte(reply)), cmp.AllowUnexported(answers{})); diff != "" {
		t.Error(diff)
	}
	// Until the last byte is there, it is not complete.
	for n := range len(reply) {
		if Answered([]byte(reply[:n])) {
			t.Errorf("%q: taken for complete", reply[:n])
		}
	}
	for _, other := range []string{"\x1b[?1;2$y", "\x1b[c", "\x1b[>1;2c", "\x1b_Gi=31;ENOENT:no\x1b\\", "\x1b_Gi=32;OK\x1b\\", "\x1b[4;600;800t"} {
		if got := readAnswers([]byte(other)); got != (answers{}) {
			t.Errorf("%q: got %+v", other, got)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte("a\x1b[6;20;10t\x1bP>|foot(1.16)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?62;4;22c"))
	f.Add([]byte("\x1b[6;-1;99999999999999999999t\x9c\x90>|x\x07"))
	f.Add([]byte("\x1bP>|\x1b[31m李\x1b\\"))
	f.Fuzz(func(t *testing.T, reply []byte) {
		a := readAnswers(reply)
		if a.cell != (CellSize{}) && !a.cell.Known() {
			t.Fatalf("cell %+v", a.cell)
		}
		if strings.ContainsFunc(a.name, func(r rune) bool { return r < ' ' || r > '~' }) || len(a.name) > 64 {
			t.Fatalf("name %q", a.name)
		}
	})
}
