package graphics

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Questions to a terminal, and what they ask for (xterm, Control Sequences;
// kitty, Graphics protocol).
const (
	askCell  = "\x1b[16t" // the size of a cell in pixels
	askName  = "\x1b[>0q" // XTVERSION: the name of the terminal
	askKitty = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
	// askAttributes (DA1) is what every terminal answers. It ends each
	// question, so that nobody waits for what is not to come.
	askAttributes = "\x1b[c"
)

// Ask writes a query to a terminal and returns what it replies: all bytes up to
// where [Answered] is true, or what there is after the time given. It must not
// take longer. What was typed meanwhile may be among them.
type Ask func(query string, within time.Duration) (reply []byte, err error)

// Detect finds out the best way of showing pictures on a terminal, in at most
// the time given, and the size of its cells, zero where it does not say.
// environ is the environment of the terminal's side ("NAME=value"); over SSH
// that is TERM and what the client passed on. A nil ask asks nothing.
//
// Silence, an error and nonsense mean half blocks, which need nothing but
// text. So do tmux and screen, since pictures that they pass on they cannot
// keep in their place; xterm, which keeps sixteen sixel pictures at most, while
// here each line has one of its own; and Konsole, where blanks that are written
// over a picture leave it there.
//
// The name is asked for only once a terminal has answered the first question
// in time: a late answer to that one would be taken for keys.
func Detect(environ []string, within time.Duration, ask Ask) (Way, CellSize) {
	env := lookup(environ)
	if ask == nil || env.multiplexed() || env.plain() {
		return HalfBlocks, CellSize{}
	}
	first := asked(ask, askCell+askAttributes, within/2)
	if !first.complete {
		return HalfBlocks, CellSize{}
	}
	name := env.name()
	if name == "" {
		name = asked(ask, askName+askAttributes, within/4).name
	}
	switch known(name) {
	case Kitty:
		if reply := asked(ask, askName+askKitty+askAttributes, within/4); reply.kitty && hasPlaceholders(reply.name) {
			return Kitty, first.cell
		}
	case ITerm2:
		return ITerm2, first.cell
	case HalfBlocks:
		return HalfBlocks, first.cell
	}
	if first.sixel && first.cell.Known() {
		return Sixel, first.cell
	}
	return HalfBlocks, first.cell
}

func asked(ask Ask, query string, within time.Duration) answers {
	reply, err := ask(query, within)
	if err != nil {
		return answers{}
	}
	return readAnswers(reply)
}

// known says what is known of terminals by their names; Facts is nothing.
// Terminals that have kitty's graphics without its placeholders, such as
// WezTerm and Konsole, are not counted among those that have them.
func known(name string) Way {
	name = strings.ToLower(name)
	for _, k := range []struct {
		prefix string
		way    Way
	}{
		{"kitty", Kitty}, {"ghostty", Kitty},
		{"iterm2", ITerm2}, {"wezterm", ITerm2},
		{"tmux", HalfBlocks}, {"screen", HalfBlocks}, {"xterm(", HalfBlocks}, {"konsole", HalfBlocks},
	} {
		if strings.HasPrefix(name, k.prefix) {
			return k.way
		}
	}
	return Facts
}

// hasPlaceholders reports whether a terminal with kitty's graphics has its
// placeholders: kitty itself since 0.28; before, it shows them as boxes.
func hasPlaceholders(name string) bool {
	version, isKitty := strings.CutPrefix(name, "kitty(")
	if !isKitty {
		return name != ""
	}
	var major, minor int
	n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor)
	return n == 2 && (major > 0 || minor >= 28)
}

// variables are an environment.
type variables map[string]string

func lookup(environ []string) variables {
	v := variables{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		v[name] = value
	}
	return v
}

// multiplexed reports whether another program draws the terminal's screen.
func (v variables) multiplexed() bool {
	term := v["TERM"]
	return v["TMUX"] != "" || v["STY"] != "" || v["ZELLIJ"] != "" || strings.HasPrefix(term, "tmux") || strings.HasPrefix(term, "screen")
}

// plain reports whether the terminal takes questions for text.
func (v variables) plain() bool {
	return slices.Contains([]string{"", "dumb", "linux", "vt100", "vt102", "ansi", "cons25"}, v["TERM"])
}

// name is the terminal's name as far as its environment gives it away.
func (v variables) name() string {
	switch term := v["TERM"]; {
	case v["KITTY_WINDOW_ID"] != "" || term == "xterm-kitty":
		return "kitty"
	case term == "xterm-ghostty" || v["TERM_PROGRAM"] == "ghostty":
		return "ghostty"
	case v["TERM_PROGRAM"] == "WezTerm" || term == "wezterm":
		return "wezterm"
	case v["TERM_PROGRAM"] == "iTerm.app" || v["LC_TERMINAL"] == "iTerm2":
		return "iterm2"
	}
	return ""
}
