package picture

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf16"
)

// Bounds of what is taken from one page.
const (
	maxRuns   = 20_000
	maxPlaced = 256
	maxForms  = 8 // drawings inside drawings
	maxStates = 64
)

// matrix is a transformation (8.3.4): x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var unmoved = matrix{1, 0, 0, 1, 0, 0}

// times is m followed by n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// turnedPage is the transformation of a page that is turned to the right.
func turnedPage(quarters int) matrix {
	return [4]matrix{unmoved, {0, -1, 1, 0, 0, 0}, {-1, 0, 0, -1, 0, 0}, {0, 1, -1, 0, 0, 0}}[quarters&3]
}

// textRun is text that stands at a place, in the page's own units.
type textRun struct {
	x, y, end, size float64
	text            string
}

// placedPicture is a picture on a page.
type placedPicture struct {
	stream pdfStream
	at     matrix
}

func (p placedPicture) area() float64 { return math.Abs(p.at[0]*p.at[3] - p.at[1]*p.at[2]) }

// orientation is the EXIF orientation that the stored picture has, so that it
// stands as the page shows it.
func (p placedPicture) orientation() int {
	right, down := towards(p.at[0], -p.at[1]), towards(-p.at[2], p.at[3])
	for i, o := range [8][2]byte{{'r', 'd'}, {'l', 'd'}, {'l', 'u'}, {'r', 'u'}, {'d', 'r'}, {'d', 'l'}, {'u', 'l'}, {'u', 'r'}} {
		if o == [2]byte{right, down} {
			return i + 1
		}
	}
	return 1
}

// towards names the direction in which a vector points most, y going down.
func towards(x, y float64) byte {
	switch {
	case math.Abs(x) >= math.Abs(y) && x >= 0:
		return 'r'
	case math.Abs(x) >= math.Abs(y):
		return 'l'
	case y >= 0:
		return 'd'
	}
	return 'u'
}

// content goes through what draws a page.
type content struct {
	file      *pdfFile
	resources pdfDict
	state     drawState
	stack     []drawState
	text      matrix
	line      matrix
	operands  []any
	fonts     map[pdfName]*pdfFont
	marks     []marked
	forms     int
	found     *pageFound
}

type pageFound struct {
	runs     []textRun
	pictures []placedPicture
}

type drawState struct {
	ctm     matrix
	font    *pdfFont
	size    float64
	leading float64
}

// marked is a part of the text that may say what it is to be read as.
type marked struct {
	actual string
	said   bool
	known  bool
}

// look reads a page. What is damaged ends it early; what stood before counts.
func (f *pdfFile) look(p pdfPage) *pageFound {
	c := content{file: f, resources: p.resources, found: new(pageFound)}
	c.state.ctm = turnedPage(p.rotate)
	c.run(f.contents(p.dict["Contents"]))
	return c.found
}

// contents joins the streams of a page.
func (f *pdfFile) contents(v any) []byte {
	const most = 1024
	list, ok := f.value(v).(pdfArray)
	if !ok {
		list = pdfArray{v}
	}
	var all []byte
	for _, v := range list[:min(len(list), most)] {
		if s, ok := f.value(v).(pdfStream); ok {
			body, _ := f.unpack(s) // a page is shown as far as it can be read
			all = append(append(all, body...), '\n')
		}
	}
	return all
}

func (c *content) run(body []byte) {
	const most = 64 // operands; paths and colours have six at most
	c.text, c.line = unmoved, unmoved
	l := &pdfLexer{data: body, work: &c.file.work}
	for {
		v, ok := l.next()
		if !ok {
			return
		}
		op, isOperator := v.(pdfWord)
		if !isOperator {
			if len(c.operands) < most {
				c.operands = append(c.operands, v)
			}
			continue
		}
		if op == "ID" {
			passInline(l)
		}
		c.operator(op)
		c.operands = c.operands[:0]
	}
}

// passInline goes over the data of a picture inside the content.
func passInline(l *pdfLexer) {
	begin := l.at
	for {
		i := bytes.Index(l.data[l.at:], []byte("EI"))
		if i < 0 {
			l.at = len(l.data)
			break
		}
		l.at += i + 2
		if before := l.data[l.at-3]; (before == '\n' || before == ' ' || before == '\r') && ends(l.data[l.at:]) {
			break
		}
	}
	*l.work -= l.at - begin
}

func (c *content) number(i int) float64 {
	if i < len(c.operands) {
		if n, ok := c.operands[i].(float64); ok {
			return n
		}
	}
	return 0
}

func (c *content) matrix() matrix {
	var m matrix
	for i := range m {
		m[i] = c.number(i)
	}
	return m
}

func (c *content) name(i int) pdfName {
	if i < len(c.operands) {
		n, _ := c.operands[i].(pdfName)
		return n
	}
	return ""
}

func (c *content) operator(op pdfWord) {
	switch op {
	case "q":
		if len(c.stack) < maxStates {
			c.stack = append(c.stack, c.state)
		}
	case "Q":
		if n := len(c.stack); n > 0 {
			c.state, c.stack = c.stack[n-1], c.stack[:n-1]
		}
	case "cm":
		c.state.ctm = c.matrix().times(c.state.ctm)
	case "Do":
		c.draw(c.name(0))
	case "BDC", "BMC":
		c.beginMarked()
	case "EMC":
		if n := len(c.marks); n > 0 {
			c.marks = c.marks[:n-1]
		}
	default:
		c.textOperator(op)
	}
}

// draw draws a picture, or what a form holds.
func (c *content) draw(name pdfName) {
	f := c.file
	s, ok := f.value(f.dict(c.resources["XObject"])[name]).(pdfStream)
	switch {
	case !ok:
	case f.value(s.dict["Subtype"]) == pdfName("Image"):
		if len(c.found.pictures) < maxPlaced {
			c.found.pictures = append(c.found.pictures, placedPicture{s, c.state.ctm})
		}
	case f.value(s.dict["Subtype"]) == pdfName("Form") && c.forms < maxForms:
		c.form(s)
	}
}

func (c *content) form(s pdfStream) {
	inner := content{file: c.file, resources: c.resources, state: c.state, forms: c.forms + 1, found: c.found}
	if r := c.file.dict(s.dict["Resources"]); r != nil {
		inner.resources = r
	}
	if m, ok := c.file.value(s.dict["Matrix"]).(pdfArray); ok && len(m) == 6 {
		inner.operands = m
		inner.state.ctm = inner.matrix().times(c.state.ctm)
		inner.operands = nil
	}
	body, _ := c.file.unpack(s) // as far as it can be read
	inner.run(body)
}

// beginMarked begins a part of the text; where it has an ActualText (14.9.4),
// that is what it is read as.
func (c *content) beginMarked() {
	if len(c.marks) >= maxStates {
		return
	}
	var m marked
	if len(c.operands) == 2 {
		properties, ok := c.operands[1].(pdfDict)
		if !ok {
			properties = c.file.dict(c.file.dict(c.resources["Properties"])[c.name(1)])
		}
		actual, known := c.file.value(properties["ActualText"]).(pdfString)
		m = marked{actual: textString(actual), known: known}
	}
	c.marks = append(c.marks, m)
}

// read is what text is to be read as inside its spans.
func (c *content) read(text string) string {
	for i := range c.marks {
		if s := &c.marks[i]; s.known {
			if s.said {
				return ""
			}
			s.said = true
			return s.actual
		}
	}
	return text
}

// replaced reports whether something else has been read for the text at hand.
func (c *content) replaced() bool {
	return slices.ContainsFunc(c.marks, func(m marked) bool { return m.known && m.said })
}

// textString reads a string that stands for text (7.9.2.2).
func textString(s pdfString) string {
	if b, ok := bytes.CutPrefix([]byte(s), []byte("\xfe\xff")); ok {
		return utf16BE(b)
	}
	if b, ok := bytes.CutPrefix([]byte(s), []byte("\xef\xbb\xbf")); ok {
		return string(b)
	}
	return latin([]byte(s))
}

func utf16BE(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) > 1; b = b[2:] {
		units = append(units, uint16(b[0])<<8|uint16(b[1]))
	}
	return string(utf16.Decode(units))
}
