package graphics

import "strings"

// pen is what the terminal has been told last.
type pen struct{ fg, bg colour }

const reset = "\x1b[m"

// glyphs of a cell and which pixel the foreground paints.
const (
	upper = "▀"
	lower = "▄"
	full  = "█"
	empty = " "
)

// lineWriter writes one line after another.
type lineWriter struct {
	out     *strings.Builder
	colours palette
}

// line writes the cells whose upper and lower pixels are given, each the
// cheapest way that there is from where the pen stands.
func (w lineWriter) line(top, bottom []colour) {
	p := pen{none, none}
	var sequence, cheapest []byte
	for i := range top {
		var (
			glyph string
			next  pen
			cost  = -1
		)
		w.ways(p, top[i], bottom[i], func(to pen, g string) {
			sequence = w.change(sequence[:0], p, to)
			if n := len(sequence) + len(g); cost < 0 || n < cost {
				cost, next, glyph = n, to, g
				cheapest = append(cheapest[:0], sequence...)
			}
		})
		w.out.Write(cheapest)
		w.out.WriteString(glyph)
		p = next
	}
	w.out.WriteString(reset)
}

// ways offers every pen and glyph that show top above bottom. A colour that
// the pen holds already stands for those it cannot be told from.
func (w lineWriter) ways(p pen, top, bottom colour, offer func(pen, string)) {
	if w.colours.alike(top, bottom) {
		offer(pen{p.fg, w.kept(p.bg, top, bottom)}, empty)
		if top != none {
			offer(pen{w.kept(p.fg, top, bottom), p.bg}, full)
		}
	}
	if top != none {
		offer(pen{w.kept(p.fg, top, top), w.kept(p.bg, bottom, bottom)}, upper)
	}
	if bottom != none {
		offer(pen{w.kept(p.fg, bottom, bottom), w.kept(p.bg, top, top)}, lower)
	}
}

// kept returns held where it can stand for both a and b, else a.
func (w lineWriter) kept(held, a, b colour) colour {
	if w.colours.alike(held, a) && w.colours.alike(held, b) {
		return held
	}
	return a
}

// change appends the sequence that takes the pen from one state to another.
func (w lineWriter) change(to []byte, from, next pen) []byte {
	switch {
	case from == next:
		return to
	case next == pen{none, none}:
		return append(to, reset...)
	}
	to = append(to, "\x1b["...)
	begin := len(to)
	if from.fg != next.fg {
		to = w.parameter(to, next.fg, false, "39")
	}
	if from.bg != next.bg {
		if len(to) > begin {
			to = append(to, ';')
		}
		to = w.parameter(to, next.bg, true, "49")
	}
	return append(to, 'm')
}

func (w lineWriter) parameter(to []byte, c colour, background bool, own string) []byte {
	if c == none {
		return append(to, own...)
	}
	return w.colours.code(to, c, background)
}
