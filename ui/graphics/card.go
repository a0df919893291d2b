package graphics

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Fact is one line of a card: what it is called and what it is, in the words
// of the reader, without sequences or control characters.
type Fact struct{ Name, Value string }

// Card draws facts into the middle of cols × rows cells, for terminals and
// attachments that show no picture: names in one column, values in another,
// lines as [Drawing] has them. What does not fit is cut; a value longer than
// its line goes on below where there are rows to spare.
func Card(facts []Fact, cols, rows int) string {
	if cols < 1 || rows < 1 {
		return ""
	}
	lines := cardLines(facts, cols, rows)
	lines = lines[:min(len(lines), rows)]
	wide := 0
	for _, line := range lines {
		wide = max(wide, ansi.StringWidth(line))
	}
	left, top := spaces((cols-wide)/2), (rows-len(lines))/2
	out := make([]string, rows)
	for y := range out {
		if at := y - top; at >= 0 && at < len(lines) {
			out[y] = left + lines[at]
		}
		out[y] += spaces(cols - ansi.StringWidth(out[y]))
	}
	return strings.Join(out, "\n")
}

// cardLines lays the facts out, each line at most cols wide.
func cardLines(facts []Fact, cols, rows int) []string {
	names := 0
	for _, f := range facts {
		names = max(names, ansi.StringWidth(f.Name))
	}
	names = min(names, cols/2)
	room := max(cols-names-2, 1)
	spare := rows - len(facts)
	var lines []string
	for _, f := range facts {
		name := ansi.Truncate(f.Name, names, "")
		name += spaces(names - ansi.StringWidth(name) + 2)
		for value := f.Value; ; name = spaces(names + 2) {
			part := ansi.Truncate(value, room, "")
			lines = append(lines, ansi.Truncate(name+part, cols, ""))
			value = value[len(part):]
			if value == "" || part == "" || spare <= 0 {
				break
			}
			spare--
		}
	}
	return lines
}
