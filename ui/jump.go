package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// jump takes digits as the number of a line, so that a long list needs no more keys than a short one. Digits that follow
// each other make one number, as long as a line has such a one; any other key between them ends it, so every key of the
// list goes through to before anything else.
type jump struct{ typed string }

// to returns the line that the digits so far mean; false for a key that is no digit, which ends the number.
func (j *jump) to(msg tea.KeyMsg, at int, numbers []string) (int, bool) {
	digit := msg.String()
	if len(digit) != 1 || digit[0] < '0' || digit[0] > '9' || msg.Paste {
		j.typed = ""
		return at, false
	}
	for _, typed := range []string{strings.TrimLeft(j.typed+digit, "0"), digit} {
		begins := func(number string) bool { return strings.HasPrefix(number, typed) }
		i := slices.Index(numbers, typed)
		if i < 0 {
			i = slices.IndexFunc(numbers, begins)
		}
		if typed == "" || i < 0 {
			continue
		}
		j.typed = typed
		if !slices.ContainsFunc(numbers, func(number string) bool { return begins(number) && number != typed }) {
			j.typed = ""
		}
		return i, true
	}
	return at, true
}
