package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
)

// Widths fixes one answer to how wide a character is, for every library on the way to the terminal: under a Chinese
// locale go-runewidth would count ─ │ … · as two columns, the others count one. It is called once, at the start.
func Widths() {
	runewidth.DefaultCondition.EastAsianWidth = false
	runewidth.DefaultCondition.StrictEmojiNeutral = true
}

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

// both puts left and right at the ends of a line of width columns; right goes first when there is no room for both.
func both(left, right string, width int) string {
	gap := width - ansi.StringWidth(left) - ansi.StringWidth(right)
	if gap < 1 {
		return fit(left, width)
	}
	return left + strings.Repeat(" ", gap) + right
}

// wrap breaks a text into lines of at most width columns, between words where it has spaces, anywhere in Chinese.
func wrap(text string, width int) []string {
	if width < 1 {
		return []string{""}
	}
	return strings.Split(ansi.Wrap(text, width, ""), "\n")
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
