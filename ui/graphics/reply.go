package graphics

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// answers are what a terminal said.
type answers struct {
	complete bool // it gave its attributes, which are asked for last
	sixel    bool
	kitty    bool
	cell     CellSize
	name     string
}

// maxReply bounds what is read of a reply; answers take less than a hundred
// bytes each.
const maxReply = 4096

// Answered reports whether a reply is complete: whether the answer that every
// question ends with is there.
func Answered(reply []byte) bool { return readAnswers(reply).complete }

// readAnswers takes the answers out of a reply; keys that were pressed and
// what is cut off are passed over.
func readAnswers(reply []byte) answers {
	var (
		a     answers
		state byte
		rest  = reply[:min(len(reply), maxReply)]
	)
	for len(rest) > 0 {
		seq, _, n, next := ansi.DecodeSequence(rest, state, nil)
		if n <= 0 {
			break
		}
		state, rest = next, rest[n:]
		a.take(seq)
	}
	return a
}

// take reads one sequence; false where it is no answer to what is asked here.
func (a *answers) take(seq []byte) bool {
	switch {
	case bytes.HasPrefix(seq, []byte("\x1b[")) && len(seq) > 3:
		return a.control(string(seq[2:len(seq)-1]), seq[len(seq)-1])
	case bytes.HasPrefix(seq, []byte("\x1bP>|")):
		a.name = printable(body(seq[4:]))
		return true
	case bytes.HasPrefix(seq, []byte("\x1b_G")):
		options, message, _ := strings.Cut(body(seq[3:]), ";")
		a.kitty = a.kitty || options == "i=31" && message == "OK"
		return true
	}
	return false
}

// control reads CSI ? … c (DA1) and CSI 6 ; height ; width t.
func (a *answers) control(parameters string, final byte) bool {
	switch {
	case final == 'c' && strings.HasPrefix(parameters, "?"):
		a.complete = true
		for _, p := range strings.Split(parameters[1:], ";") {
			a.sixel = a.sixel || p == "4"
		}
		return true
	case final == 't' && strings.HasPrefix(parameters, "6;"):
		high, wide, _ := strings.Cut(parameters[2:], ";")
		h, err := strconv.Atoi(high)
		w, err2 := strconv.Atoi(wide)
		if cell := (CellSize{w, h}); err == nil && err2 == nil && cell.Known() {
			a.cell = cell
		}
		return true
	}
	return false
}

// body is a string sequence without its end.
func body(seq []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(string(seq), "\x1b\\"), "\x07"), "\x9c")
}

// printable keeps a name from holding anything else.
func printable(name string) string {
	const most = 64
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, name)
	return name[:min(len(name), most)]
}
