package cert

import (
	"math"
	"strings"
	"unicode"

	"rongzheng/cert/font"
)

const (
	smallest = 5.0  // points; below it print is not legible
	readable = 8.0  // points; down to it a name or number rather shrinks than wraps
	step     = 0.25 // points by which a text shrinks until it fits
	leading  = 1.25 // distance of lines, in sizes
	middle   = 0.38 // height of the middle of an ideograph above its baseline, in sizes
	mmPerPt  = 25.4 / 72
)

// line is one line of text ready to be drawn: x and y are the start of its baseline.
type line struct {
	x, y, size float64
	ink        ink
	bold       bool
	text       string
}

// compose sets every text of the certificate. The error is a RefusedError.
func (p *Printer) compose(r *record) ([]line, error) {
	var lines []line
	var refused []FieldError
	for _, b := range allBlocks(p.seal == nil) {
		set, err := p.set(b, b.text(r))
		if err != nil {
			refused = append(refused, FieldError{b.field, err})
		}
		lines = append(lines, set...)
	}
	if refused != nil {
		return nil, &RefusedError{r.number, refused}
	}
	return lines, nil
}

// set breaks and places one text.
func (p *Printer) set(b block, text string) ([]line, error) {
	if missing := p.font.Missing(text); missing != nil {
		return nil, &font.MissingError{Rune: missing[0]}
	}
	size, parts, ok := p.fit(b, text)
	if !ok {
		return nil, ErrTooLong
	}
	if len(parts) > 1 {
		parts = p.balance(b.box, text, size, parts)
	}
	height := size * leading * mmPerPt
	top := b.box.y + (b.box.h-height*float64(len(parts)))/2
	lines := make([]line, len(parts))
	for i, part := range parts {
		x := b.box.x
		if b.align == centre {
			x += (b.box.w - p.width(strings.TrimRight(part, " "), size)) / 2
		}
		y := top + height*(float64(i)+0.5) + middle*size*mmPerPt
		lines[i] = line{x, y, size, b.ink, b.bold, part}
	}
	return lines, nil
}

// fit returns the largest size in which the text, broken into lines, fits the box. A text that should stay whole is
// not broken as long as it is readable. Words are torn only where nothing else helps.
func (p *Printer) fit(b block, text string) (size float64, parts []string, ok bool) {
	if b.whole && p.width(text, readable) <= b.box.w {
		size := min(b.size, math.Floor(readable*b.box.w/p.width(text, readable)/step)*step)
		return size, []string{text}, true
	}
	for size := b.size; size >= smallest; size -= step {
		if parts, ok := p.fits(b.box, text, size, false); ok {
			return size, parts, true
		}
	}
	parts, ok = p.fits(b.box, text, smallest, true)
	return smallest, parts, ok
}

func (p *Printer) fits(in box, text string, size float64, tear bool) ([]string, bool) {
	width := int(in.w / (size * mmPerPt) * 1000)
	parts, ok := breakLines(text, width, p.font.Advance, tear)
	if !ok || len(parts) > 1 && float64(len(parts))*size*leading*mmPerPt > in.h {
		return nil, false
	}
	return parts, true
}

// balance breaks a text again into as many lines of about the same length.
func (p *Printer) balance(in box, text string, size float64, parts []string) []string {
	for narrower := in; narrower.w > 0; narrower.w-- {
		again, ok := p.fits(narrower, text, size, false)
		if !ok || len(again) > len(parts) {
			return parts
		}
		parts = again
	}
	return parts
}

// width returns the width of the text in millimetres.
func (p *Printer) width(text string, size float64) float64 {
	return float64(p.font.Width(text)) / 1000 * size * mmPerPt
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
