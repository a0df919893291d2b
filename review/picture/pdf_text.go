package picture

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds the text of one page, in bytes.
const maxText = 256 << 10

func (c *content) textOperator(op pdfWord) {
	switch op {
	case "BT":
		c.text, c.line = unmoved, unmoved
	case "Tf":
		c.state.font, c.state.size = c.font(c.name(0)), c.number(1)
	case "TL":
		c.state.leading = c.number(0)
	case "Td":
		c.move(c.number(0), c.number(1))
	case "TD":
		c.state.leading = -c.number(1)
		c.move(c.number(0), c.number(1))
	case "T*":
		c.move(0, -c.state.leading)
	case "Tm":
		c.line = c.matrix()
		c.text = c.line
	case "Tj", "TJ":
		c.show(0)
	case "'":
		c.move(0, -c.state.leading)
		c.show(0)
	case "\"":
		c.move(0, -c.state.leading)
		c.show(2)
	}
}

func (c *content) move(x, y float64) {
	c.line = matrix{1, 0, 0, 1, x, y}.times(c.line)
	c.text = c.line
}

// gap is how far apart, in parts of the size, two pieces of text stand between
// which there is a space.
const gap = 0.2

// show takes a string, or an array of strings and of the distances between
// them, in thousandths of the size to the left.
func (c *content) show(i int) {
	if i >= len(c.operands) || c.state.font == nil || len(c.found.runs) >= maxRuns {
		return
	}
	pieces, ok := c.operands[i].(pdfArray)
	if !ok {
		pieces = pdfArray{c.operands[i]}
	}
	var (
		text    strings.Builder
		advance float64 // in parts of the size
	)
	for _, p := range pieces {
		switch p := p.(type) {
		case float64:
			if p < -1000*gap && spaced(text.String()) {
				text.WriteByte(' ')
			}
			advance -= p / 1000
		case pdfString:
			part, width := c.state.font.read([]byte(p))
			text.WriteString(part)
			advance += width
		}
	}
	c.place(c.read(text.String()), advance)
}

// spaced reports whether a space may follow: Chinese has none.
func spaced(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return text != "" && last < 0x2e80 && last != ' '
}

// place puts text where the pen stands, and moves the pen.
func (c *content) place(text string, advance float64) {
	at := c.text.times(c.state.ctm)
	size := c.state.size * math.Hypot(at[2], at[3])
	c.text = matrix{1, 0, 0, 1, advance * c.state.size, 0}.times(c.text)
	end := c.text.times(c.state.ctm)
	if n := len(c.found.runs); n > 0 && text == "" && c.replaced() {
		c.found.runs[n-1].end = end[4] // what was read stands for this too
	}
	if text = clean(text); strings.TrimSpace(text) != "" && finite(at[4], at[5], end[4], size) {
		c.found.runs = append(c.found.runs, textRun{at[4], at[5], end[4], math.Abs(size), text})
	}
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return false
		}
	}
	return true
}

// clean takes out what is no text: control characters, marks that turn the
// direction of reading, private and unassigned characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
}

// lines joins the pieces of text of a page as they stand: from top to bottom,
// in each line from left to right.
func (p *pageFound) lines() string {
	slices.SortStableFunc(p.runs, func(a, b textRun) int { return cmp.Compare(b.y, a.y) })
	var out strings.Builder
	for rest := p.runs; len(rest) > 0 && out.Len() < maxText; {
		n := 1
		for n < len(rest) && rest[0].y-rest[n].y < 0.4*max(rest[0].size, rest[n].size) {
			n++
		}
		line(&out, rest[:n])
		rest = rest[n:]
	}
	return out.String()
}

func line(out *strings.Builder, runs []textRun) {
	slices.SortStableFunc(runs, func(a, b textRun) int { return cmp.Compare(a.x, b.x) })
	var text strings.Builder
	for i, r := range runs {
		if i > 0 && r.x-runs[i-1].end > gap*r.size && !strings.HasSuffix(text.String()[max(0, text.Len()-1):], " ") {
			text.WriteByte(' ')
		}
		text.WriteString(r.text)
	}
	if t := strings.TrimSpace(text.String()); t != "" {
		out.WriteString(t)
		out.WriteByte('\n')
	}
}
