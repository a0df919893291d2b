package cert

import (
	"strings"
	"time"

	"rongzheng/cert/sign"
)

// format is the shape of a sheet of paper: how gofpdf calls it, and its measures in millimetres.
type format struct {
	name, orientation string
	width, height     float64
}

var (
	a4      = format{"A4", "P", 210, 297}
	a4Lying = format{"A4", "L", 297, 210}
	a5      = format{"A5", "P", 148, 210}
)

// box is a rectangle on a sheet, in millimetres from the upper left corner.
type box struct{ x, y, w, h float64 }

// inset returns the box without a margin on each side.
func (b box) inset(x, y float64) box { return box{b.x + x, b.y + y, b.w - 2*x, b.h - 2*y} }

// ink is a colour as red, green, blue.
type ink [3]int

type alignment int

const (
	left alignment = iota
	centre
	right
)

// document is a paper of any number of sheets of one format, composed and ready to be painted.
type document struct {
	format
	title, author string
	at            time.Time // the file's only date; the zero time leaves it without one
	sheets        []*sheet
	pictures      []picture
	code          string         // verification code, told to readers of the file; "" for none
	signer        *sign.Identity // nil for none
}

// picture is an object of the file that sheets show by its name. gofpdf's own pictures have names that depend on what
// else the program did before (they are hashes of gob encodings), and an order that depends on a map.
type picture struct {
	name string
	body []byte
}

// sheet is one side of paper: its marks in the order in which they are painted, which is the order of reading.
type sheet struct{ marks []mark }

// mark is something to paint.
type mark interface{ paint(p page) }

// text is a text that has got its place. Its lines stand within the box.
type text struct {
	box   box
	lines []line
}

// rule is a straight line.
type rule struct {
	x1, y1, x2, y2 float64
	width          float64
	ink            ink
}

// outline is the edge of a rectangle.
type outline struct {
	box    box
	width  float64
	ink    ink
	dashed bool
}

// area is a filled rectangle.
type area struct {
	box box
	ink ink
}

// show paints a picture of the document by its name.
type show struct {
	name string
	box  box
}

// painting is a mark that only one paper has.
type painting func(p page)

// add begins a new sheet.
func (d *document) add() *sheet {
	s := &sheet{}
	d.sheets = append(d.sheets, s)
	return s
}

// picture gives the document an object that its sheets show.
func (d *document) picture(name string, body []byte) {
	d.pictures = append(d.pictures, picture{name, body})
}

func (s *sheet) add(marks ...mark) { s.marks = append(s.marks, marks...) }

// runes returns every character of the document's texts.
func (d *document) runes() []rune {
	var all strings.Builder
	for _, s := range d.sheets {
		for _, m := range s.marks {
			t, ok := m.(text)
			if !ok {
				continue
			}
			for _, l := range t.lines {
				all.WriteString(l.text)
				if l.ticked {
					all.WriteString(tickMark)
				}
			}
		}
	}
	return []rune(all.String())
}
