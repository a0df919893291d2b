package cert

import (
	"math"
	"strings"
	"unicode"

	"rongzheng/cert/font"
	"rongzheng/review"
)

const (
	smallest = 5.0  // points; below it print is not legible
	legible  = 6.0  // points; below it a policy's own words are refused, which somebody can still shorten
	readable = 8.0  // points; down to it a name or number rather shrinks than wraps
	step     = 0.25 // points by which a text shrinks until it fits
	leading  = 1.25 // distance of lines, in sizes
	middle   = 0.38 // height of the middle of an ideograph above its baseline, in sizes
	mmPerPt  = 25.4 / 72
)

// style is how a text looks.
type style struct {
	size    float64 // points, the largest where a text may shrink
	ink     ink
	align   alignment
	bold    bool
	whole   bool    // on one line while that is readable: readers search line by line
	full    bool    // lines as long as they can be, not all of about the same length
	leading float64 // distance of lines, in sizes; 0 stands for the usual one
}

// distance returns the distance of lines in millimetres, in the size.
func (st style) distance(size float64) float64 {
	if st.leading != 0 {
		return size * st.leading * mmPerPt
	}
	return size * leading * mmPerPt
}

// line is one line of text ready to be drawn: x and y are the start of its baseline.
type line struct {
	x, y, size float64
	ink        ink
	bold       bool
	text       string
	ticked     bool // the text is a box that carries a tick
}

// composer gives texts their size, their lines and their places. All papers are composed by it.
type composer struct{ font *font.Font }

// missing returns an error for each character of the field's text that cannot be drawn.
func (c composer) missing(field review.Key, text string) []FieldError {
	var refused []FieldError
	for _, r := range c.font.Missing(text) {
		refused = append(refused, FieldError{field, &font.MissingError{Rune: r}})
	}
	return refused
}

// set breaks one text, in the largest size in which it fits the box, and places it there.
func (c composer) set(in box, st style, text string) ([]line, error) {
	size, parts, ok := c.fit(in, st, text)
	if !ok {
		return nil, ErrTooLong
	}
	if len(parts) > 1 && !st.full {
		parts = c.balance(in, st, text, size, parts)
	}
	return c.place(in, st, size, parts), nil
}

// place puts the lines of a text into the middle of the height of the box.
func (c composer) place(in box, st style, size float64, parts []string) []line {
	height := st.distance(size)
	top := in.y + (in.h-height*float64(len(parts)))/2
	lines := make([]line, len(parts))
	for i, part := range parts {
		x := in.x
		if st.align != left {
			room := in.w - c.width(strings.TrimRight(part, " "), size)
			x += room * float64(st.align) / 2
		}
		y := top + height*(float64(i)+0.5) + middle*size*mmPerPt
		lines[i] = line{x: x, y: y, size: size, ink: st.ink, bold: st.bold, text: part}
	}
	return lines
}

// fit returns the largest size in which the text, broken into lines, fits the box. A text that should stay whole is
// not broken as long as it is readable. Words are torn only where nothing else helps.
func (c composer) fit(in box, st style, text string) (size float64, parts []string, ok bool) {
	if st.whole && c.width(text, readable) <= in.w {
		size := min(st.size, math.Floor(readable*in.w/c.width(text, readable)/step)*step)
		return size, []string{text}, true
	}
	for size := st.size; size >= smallest; size -= step {
		if parts, ok := c.fits(in, st, text, size, false); ok {
			return size, parts, true
		}
	}
	parts, ok = c.fits(in, st, text, smallest, true)
	return smallest, parts, ok
}

func (c composer) fits(in box, st style, text string, size float64, tear bool) ([]string, bool) {
	parts, ok := breakLines(text, units(in.w, size), c.font.Advance, tear)
	if !ok || len(parts) > 1 && float64(len(parts))*st.distance(size) > in.h {
		return nil, false
	}
	return parts, true
}

// wrap breaks a text that may take any height. It reports false when a single character is wider than a line.
func (c composer) wrap(text string, width, size float64) ([]string, bool) {
	if parts, ok := breakLines(text, units(width, size), c.font.Advance, false); ok {
		return parts, true
	}
	return breakLines(text, units(width, size), c.font.Advance, true)
}

// units returns a width in thousandths of the size of the type.
func units(width, size float64) int { return int(width / (size * mmPerPt) * 1000) }

// balance breaks a text again into as many lines of about the same length.
func (c composer) balance(in box, st style, text string, size float64, parts []string) []string {
	for narrower := in; narrower.w > 0; narrower.w-- {
		again, ok := c.fits(narrower, st, text, size, false)
		if !ok || len(again) > len(parts) {
			return parts
		}
		parts = again
	}
	return parts
}

// width returns the width of the text in millimetres.
func (c composer) width(text string, size float64) float64 {
	return float64(c.font.Width(text)) / 1000 * size * mmPerPt
}

// breakLines breaks the text into lines not wider than width, in the unit of advance. The lines put together are the
// text: a space at a break stays at the end of its line. It reports false when a part that must not be broken is wider
// than a line; with tear such parts are broken anywhere, and false means that a single character is too wide.
func breakLines(text string, width int, advance func(rune) int, tear bool) ([]string, bool) {
	runes := []rune(text)
	var lines []string
	start, lastBreak, used := 0, 0, 0
	for i := 0; i < len(runes); i++ {
		if i > start && mayBreak(runes[i-1], runes[i]) {
			lastBreak = i
		}
		used += advance(runes[i])
		if used <= width || runes[i] == ' ' {
			continue
		}
		if lastBreak == start && tear {
			lastBreak = i
		}
		if lastBreak == start {
			return nil, false
		}
		lines = append(lines, string(runes[start:lastBreak]))
		start, used, i = lastBreak, 0, lastBreak-1
	}
	return append(lines, string(runes[start:])), true
}

const (
	notFirst = "，。、；：？！）》〉〕】』」”’·…—,.;:?!)]}%　 "
	notLast  = "（《〈〔【『「“‘([{"
)

// mayBreak reports whether a line may end between two characters: not within a word or number, no closing mark at a
// line's start, no opening one at its end.
func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(notFirst, after), strings.ContainsRune(notLast, before), unicode.Is(unicode.M, after):
		return false
	}
	return !wordy(before) || !wordy(after)
}

func wordy(r rune) bool {
	return !unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-'/.,", r))
}
