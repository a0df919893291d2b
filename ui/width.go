package ui

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"
)

// Widths fixes one answer to how wide a character is, for every library on the way to the terminal: under a Chinese
// locale go-runewidth would count ─ │ … · as two columns, the others count one. It is called before anything is drawn.
func Widths() {
	runewidth.DefaultCondition.EastAsianWidth = false
	runewidth.DefaultCondition.StrictEmojiNeutral = true
}

// widthsOnce keeps the desks of one process, which share the answer, from giving it while another draws.
var widthsOnce = sync.OnceFunc(Widths)

// fit cuts or fills a line to exactly width columns.
func fit(line string, width int) string {
	if width <= 0 {
		return ""
	}
	w := ansi.StringWidth(line)
	if w > width {
		line = ansi.Truncate(line, width, "…")
		w = ansi.StringWidth(line)
	}
	return line + strings.Repeat(" ", max(width-w, 0))
}

// cut cuts a line to at most width columns and fills nothing.
func cut(line string, width int) string {
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(line, width, "…")
}

// cutFront shortens a line to a width at its beginning: of a path the end says where one is.
func cutFront(line string, width int) string {
	over := ansi.StringWidth(line) - width
	if over <= 0 {
		return line
	}
	return "…" + ansi.TruncateLeft(line, over+2, "") // a wide character may stand across the cut
}

// both puts left and right at the ends of a line of width columns. Where there is no room for both, left is cut; a right
// of more than half the line goes.
func both(left, right string, width int) string {
	room := width - ansi.StringWidth(right) - 1
	if right == "" || room < width/2 {
		return fit(left, width)
	}
	return fit(left, room) + " " + right
}

// wrap breaks a line of plain text into lines of at most width columns: between words, and anywhere between Chinese
// characters except before a closing and after an opening mark. What has no place to break is broken all the same.
func wrap(text string, width int) []string {
	var lines []string
	for width > 0 && ansi.StringWidth(text) > width {
		at := breakBefore(text, width)
		lines = append(lines, strings.TrimRight(text[:at], " "))
		text = strings.TrimLeft(text[at:], " ")
	}
	if text == "" && len(lines) > 0 {
		return lines
	}
	return append(lines, text)
}

// breakBefore returns the last place, in bytes, at which the first line of the text may end.
func breakBefore(text string, width int) int {
	used, last, forced := 0, 0, 0
	before := ""
	for graphemes := uniseg.NewGraphemes(text); graphemes.Next(); {
		start, end := graphemes.Positions()
		this := text[start:end]
		if start > 0 && mayBreak(before, this) {
			last = start
		}
		used += ansi.StringWidth(this)
		if used > width && this != " " {
			break
		}
		before, forced = this, end
	}
	switch {
	case last > 0:
		return last
	case forced > 0:
		return forced
	}
	_, size := utf8.DecodeRuneInString(text)
	return size
}

const (
	closingMarks = "，。、；：？！）》」』】〉”’…·,.;:?!)]}%"
	openingMarks = "（《「『【〈“‘([{"
)

// mayBreak tells whether a line may end between two characters.
func mayBreak(before, after string) bool {
	switch {
	case after == " " || strings.Contains(closingMarks, after) || strings.Contains(openingMarks, before):
		return false
	case before == " ":
		return true
	}
	return ansi.StringWidth(before) == 2 || ansi.StringWidth(after) == 2
}

// block makes exactly height lines of exactly width columns.
func block(lines []string, width, height int) []string {
	out := make([]string, 0, max(height, 0))
	for i := range max(height, 0) {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out = append(out, fit(line, width))
	}
	return out
}
