package cert

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rongzheng/cert/font"
	"rongzheng/review"
)

// Inks of the papers.
var (
	body   = ink{0x1C, 0x1C, 0x20}
	faint  = ink{0x6C, 0x6C, 0x74} // hints and what is not for the reader in a hurry
	hair   = ink{0x8C, 0x8C, 0x94} // lines
	pencil = ink{0xB8, 0xB8, 0xC0} // lines below texts
	tint   = ink{0xEE, 0xF0, 0xF3} // ground of headings
	light  = ink{0xF8, 0xF9, 0xFA} // ground of labels
)

// paper is a document that is set from rows, one below the other and on from sheet to sheet.
type paper struct {
	composer
	name, number string // what it is, in English, and its reference, for errors
	doc          document
	in           box    // where the rows of every sheet stand
	edged        bool   // a strong line goes around framed rows that touch each other
	foot         string // at the foot of every sheet
	rows         []row
	refused      []FieldError
}

// row is a strip across a paper. It is never divided between sheets.
type row struct {
	cells []cell
	least float64 // its height, unless its cells need more
	grows float64 // by so much at most, where its sheet has room left
	after float64 // white space below
	keep  bool    // it stands on the same sheet as the next row
}

// cell is a part of a row.
type cell struct {
	x, w    float64 // from the left edge of the rows
	rows    int     // how many rows it reaches over; 0 stands for one
	framed  bool
	ruled   bool // a line stands below it
	ground  *ink
	content content
}

// content is what a cell holds.
type content interface {
	// height returns the height that it takes at the width.
	height(width float64) float64
	// put adds its marks to the sheet, within a box that is as high as height said, or higher.
	put(s *sheet, in box)
}

// Space between the frame of a cell and its content.
const (
	padX = 1.6
	padY = 0.9
)

// newPaper begins a paper. The rows stand within the margin, in millimetres, on each side.
func newPaper(name, number string, f format, margin float64) (*paper, error) {
	full, err := font.Load()
	if err != nil {
		return nil, fmt.Errorf("cert: %w", err)
	}
	p := &paper{composer: composer{full}, name: name, number: number, doc: document{format: f}}
	p.in = box{margin, margin, f.width - 2*margin, f.height - 2*margin}
	return p, nil
}

// row adds a row below the others.
func (p *paper) row(r row) { p.rows = append(p.rows, r) }

// refuse notes what keeps the paper from being printed, each thing once.
func (p *paper) refuse(errors ...FieldError) {
	for _, e := range errors {
		if !slices.ContainsFunc(p.refused, func(other FieldError) bool { return other.Error() == e.Error() }) {
			p.refused = append(p.refused, e)
		}
	}
}

// need refuses an empty text.
func (p *paper) need(field review.Key, words string) {
	if strings.TrimSpace(words) == "" {
		p.refuse(FieldError{field, ErrEmpty})
	}
}

// refusal returns what keeps the paper from being printed as an error, nil for nothing.
func (p *paper) refusal() error {
	if p.refused == nil {
		return nil
	}
	return &RefusedError{Paper: p.name, Number: p.number, Fields: p.refused}
}

// write paints the sheets and hands out the whole file, or nothing.
func (p *paper) write(w io.Writer) error {
	file, err := p.doc.bytes(p.font, &deflater{})
	if err != nil {
		return fmt.Errorf("%s %s: %w", p.name, p.number, err)
	}
	if _, err := w.Write(file); err != nil {
		return fmt.Errorf("%s %s: %w", p.name, p.number, err)
	}
	return nil
}

// lay sets the rows on as many sheets as they need. It sets none when anything is refused.
func (p *paper) lay() {
	p.doc.sheets = nil
	heights := make([]float64, len(p.rows))
	for i, r := range p.rows {
		heights[i] = r.height()
		if heights[i] > p.in.h && p.refused == nil {
			p.refuse(FieldError{"", ErrTooLong})
		}
	}
	if p.refused != nil {
		return
	}
	for start := 0; start < len(p.rows); {
		end := p.sheetful(heights, start)
		p.grow(heights, start, end)
		p.put(p.doc.add(), heights, start, end)
		start = end
	}
	p.feet()
}

// height returns the height that the row needs. What reaches over several rows finds room in them: who makes them sees
// to that.
func (r row) height() float64 {
	height := r.least
	for _, c := range r.cells {
		if c.rows < 2 {
			height = max(height, c.height())
		}
	}
	return height
}

func (c cell) height() float64 {
	if c.framed {
		return c.content.height(c.w-2*padX) + 2*padY
	}
	return c.content.height(c.w)
}

// sheetful returns the end of the rows that stand on one sheet, from start on.
func (p *paper) sheetful(heights []float64, start int) int {
	used := 0.0
	for i := start; i < len(p.rows); {
		end, together := p.together(heights, i)
		if used+together > p.in.h && i > start {
			return i
		}
		if together > p.in.h {
			return p.divided(heights, i)
		}
		for ; i < end; i++ {
			used += heights[i] + p.rows[i].after
		}
	}
	return len(p.rows)
}

// together returns the end and the height of the rows from i on that must share a sheet.
func (p *paper) together(heights []float64, i int) (end int, height float64) {
	for {
		height += heights[i]
		if !p.rows[i].keep || i+1 == len(p.rows) {
			return i + 1, height
		}
		height += p.rows[i].after
		i++
	}
}

// divided returns the end of as many rows as a sheet holds, of rows that no sheet holds together.
func (p *paper) divided(heights []float64, start int) int {
	used, i := heights[start]+p.rows[start].after, start+1
	for ; used+heights[i] <= p.in.h; i++ {
		used += heights[i] + p.rows[i].after
	}
	return i
}

// grow shares out the room that rows leave on their sheet among those which can use it.
func (p *paper) grow(heights []float64, start, end int) {
	room, wanted := p.in.h, 0.0
	for i := start; i < end; i++ {
		room -= heights[i] + p.rows[i].after
		wanted += p.rows[i].grows
	}
	if room <= 0 || wanted == 0 {
		return
	}
	for i := start; i < end; i++ {
		heights[i] += p.rows[i].grows * min(1, room/wanted)
	}
}

// put adds the rows to the sheet.
func (p *paper) put(s *sheet, heights []float64, start, end int) {
	y, edge := p.in.y, -1.0
	for i := start; i < end; i++ {
		r := p.rows[i]
		if p.edged && r.framed() && edge < 0 {
			edge = y
		}
		for _, c := range r.cells {
			height := heights[i]
			for j := i + 1; j < min(i+c.rows, end); j++ {
				height += p.rows[j-1].after + heights[j]
			}
			p.cell(s, c, box{p.in.x + c.x, y, c.w, height})
		}
		y += heights[i]
		if edge >= 0 && (i+1 == end || r.after > 0 || !p.rows[i+1].framed()) {
			s.add(outline{box: box{p.in.x, edge, p.in.w, y - edge}, width: 0.45, ink: body})
			edge = -1
		}
		y += r.after
	}
}

func (r row) framed() bool {
	return slices.ContainsFunc(r.cells, func(c cell) bool { return c.framed })
}

func (p *paper) cell(s *sheet, c cell, in box) {
	if c.ground != nil {
		s.add(area{in, *c.ground})
	}
	if c.framed {
		s.add(outline{box: in, width: 0.15, ink: hair})
		in = in.inset(padX, padY)
	}
	if c.ruled {
		s.add(rule{in.x, in.y + in.h, in.x + in.w, in.y + in.h, 0.12, pencil})
	}
	c.content.put(s, in)
}

// feet writes the foot of every sheet: what all have in common, and which of how many it is.
func (p *paper) feet() {
	st := style{size: 7.5, ink: faint}
	for i, s := range p.doc.sheets {
		at := box{p.in.x, p.in.y + p.in.h + 2, p.in.w, 4}
		count := ""
		if len(p.doc.sheets) > 1 {
			count = fmt.Sprintf("第 %d 页，共 %d 页", i+1, len(p.doc.sheets))
		}
		side := p.width(count, st.size)
		p.say("", p.foot, st).put(s, box{at.x, at.y, at.w - side - 4, at.h})
		p.say("", count, st).put(s, box{at.x + at.w - side, at.y, side, at.h})
	}
}
