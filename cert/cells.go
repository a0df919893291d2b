package cert

import (
	"math"
	"strings"

	"rongzheng/review"
)

// prose is a text that takes as many lines as it needs.
type prose struct {
	paper *paper
	field review.Key // whose text it is, for errors
	words string
	style style
}

// say makes a text ready to be set, and refuses characters that cannot be drawn.
func (p *paper) say(field review.Key, words string, st style) prose {
	p.refuse(p.missing(field, words)...)
	return prose{p, field, words, st}
}

func (t prose) lines(width float64) []string {
	if t.words == "" {
		return nil
	}
	parts, ok := t.paper.wrap(t.words, width, t.style.size)
	if !ok {
		t.paper.refuse(FieldError{t.field, ErrTooLong})
	}
	if t.style.align == centre && len(parts) > 1 {
		return t.paper.balance(box{w: width, h: math.MaxFloat64}, t.style, t.words, t.style.size, parts)
	}
	return parts
}

func (t prose) height(width float64) float64 {
	height := float64(len(t.lines(width))) * t.style.distance(t.style.size)
	t.paper.refuseHigher(t.field, height)
	return height
}

// refuseHigher refuses a text that no sheet holds.
func (p *paper) refuseHigher(field review.Key, height float64) {
	if height > p.in.h {
		p.refuse(FieldError{field, ErrTooLong})
	}
}

func (t prose) put(s *sheet, in box) {
	parts := t.lines(in.w)
	if len(parts) == 0 {
		return
	}
	height := float64(len(parts)) * t.style.distance(t.style.size)
	at := box{in.x, in.y + (in.h-height)/2, in.w, height}
	s.add(text{at, t.paper.place(at, t.style, t.style.size, parts)})
}

// natural returns the width of the text on one line.
func (t prose) natural() float64 { return t.paper.width(t.words, t.style.size) + 0.2 }

// space is room to write or to stamp. It takes what a stack has left.
type space float64

func (h space) height(float64) float64 { return float64(h) }
func (space) put(*sheet, box)          {}

// comb is room to write with a small box for each character.
type comb int

const combHeight = 6.4

func (comb) height(float64) float64 { return combHeight }

func (n comb) put(s *sheet, in box) {
	w := min(in.w/float64(n), 5.6)
	for i := range int(n) {
		b := box{in.x + float64(i)*w, in.y + (in.h-combHeight)/2, w, combHeight}
		s.add(outline{box: b, width: 0.12, ink: hair})
	}
}

// stack sets contents one below the other. Room that is left goes to the spaces among them, or to both ends.
type stack []content

func (k stack) height(width float64) float64 {
	height := 0.0
	for _, c := range k {
		height += c.height(width)
	}
	return height
}

func (k stack) put(s *sheet, in box) {
	room := in.h - k.height(in.w)
	spaces := 0
	for _, c := range k {
		if _, ok := c.(space); ok {
			spaces++
		}
	}
	y := in.y
	if spaces == 0 {
		y += room / 2
	}
	for _, c := range k {
		height := c.height(in.w)
		if _, ok := c.(space); ok {
			height += room / float64(spaces)
		}
		c.put(s, box{in.x, y, in.w, height})
		y += height
	}
}

// side is a content of a row within a cell, with its width; 0 stands for an equal share of what is left.
type side struct {
	w       float64
	content content
}

// abreast sets contents side by side.
type abreast []side

func (a abreast) share(width float64) float64 {
	shares := 0.0
	for _, s := range a {
		if width -= s.w; s.w == 0 {
			shares++
		}
	}
	return width / max(shares, 1)
}

func (a abreast) height(width float64) float64 {
	height, share := 0.0, a.share(width)
	for _, part := range a {
		w := part.w
		if w == 0 {
			w = share
		}
		height = max(height, part.content.height(w))
	}
	return height
}

func (a abreast) put(s *sheet, in box) {
	x, share := in.x, a.share(in.w)
	for _, part := range a {
		w := part.w
		if w == 0 {
			w = share
		}
		part.content.put(s, box{x, in.y, w, in.h})
		x += w
	}
}

// blank is a label followed by a line to write on.
type blank struct {
	label prose
	room  float64 // height above the line, at least
}

func (b blank) height(float64) float64 {
	return max(b.label.style.distance(b.label.style.size), b.room)
}

func (b blank) put(s *sheet, in box) {
	height := b.label.style.distance(b.label.style.size)
	at := box{in.x, in.y + in.h - height, b.label.natural(), height}
	b.label.put(s, at)
	y := at.y + height - 0.4
	s.add(rule{at.x + at.w + 0.6, y, in.x + in.w - 1, y, 0.15, hair})
}

// tick is one option: its box and its label.
type tick struct {
	field review.Key
	label string
	on    bool
}

// ticks are options to choose from, as many on a line as there is room for.
type ticks struct {
	paper *paper
	items []tick
	size  float64
	stop  float64 // distance of the places at which an item may begin; 0 is any place
}

// spot is where a tick stands, from the corner of all, and the lines of its label.
type spot struct {
	x, y, w float64
	parts   []string
}

const (
	tickLeading = 1.5
	tickGap     = 0.25 // between box and label, in sizes
	tickApart   = 0.8  // between one item and the next, in sizes
)

func (p *paper) ticks(size, stop float64, items ...tick) ticks {
	for _, item := range items {
		p.refuse(p.missing(item.field, item.label)...)
	}
	return ticks{p, items, size, stop}
}

func (t ticks) em() float64 { return t.size * mmPerPt }

// lay finds the place of every item.
func (t ticks) lay(width float64) (spots []spot, height float64) {
	indent, line := (1+tickGap)*t.em(), tickLeading*t.em()
	x, y := 0.0, 0.0
	for _, item := range t.items {
		w := indent + t.paper.width(item.label, t.size) + 0.2
		if x > 0 && x+w > width {
			x, y = 0, y+line
		}
		parts, ok := t.paper.wrap(item.label, min(w, width)-indent, t.size)
		if !ok {
			t.paper.refuse(FieldError{item.field, ErrTooLong})
		}
		spots = append(spots, spot{x, y, min(w, width), parts})
		y += line * float64(len(parts)-1)
		x = t.next(x + w + tickApart*t.em())
	}
	return spots, y + line
}

// next returns the first place from x on at which an item may begin.
func (t ticks) next(x float64) float64 {
	if t.stop == 0 {
		return x
	}
	for n := 1.0; ; n++ {
		if at := n * t.stop; at >= x {
			return at
		}
	}
}

// natural returns the width of all items on one line.
func (t ticks) natural() float64 {
	spots, _ := t.lay(1e6)
	last := spots[len(spots)-1]
	return last.x + last.w
}

func (t ticks) height(width float64) float64 {
	_, height := t.lay(width)
	t.paper.refuseHigher(t.items[0].field, height)
	return height
}

func (t ticks) put(s *sheet, in box) {
	spots, height := t.lay(in.w)
	top := in.y + (in.h-height)/2
	st := style{size: t.size, ink: body, leading: tickLeading}
	indent := (1 + tickGap) * t.em()
	for i, at := range spots {
		line := tickLeading * t.em()
		b := box{in.x + at.x, top + at.y, t.em(), line}
		mark := t.paper.place(b, st, t.size, []string{emptyBox})
		mark[0].ticked = t.items[i].on
		s.add(text{b, mark})
		label := box{b.x + indent, b.y, at.w - indent, line * float64(len(at.parts))}
		s.add(text{label, t.paper.place(label, st, t.size, at.parts)})
	}
}

// paragraph adds a text as rows of one line each, so that it goes on from sheet to sheet. The first row stays with the
// second, so that no sheet ends with a lonely line.
func (p *paper) paragraph(field review.Key, words string, x, w, after float64, st style) {
	parts := p.say(field, words, st).lines(w)
	for i, part := range parts {
		r := row{cells: []cell{{x: x, w: w, content: p.say(field, strings.TrimRight(part, " "), st)}}}
		r.keep = i == 0 && len(parts) > 1
		if i == len(parts)-1 {
			r.after = after
		}
		p.row(r)
	}
}

// indented keeps a distance to the left and to the right of its cell.
type indented struct {
	by      float64
	content content
}

func (i indented) height(width float64) float64 { return i.content.height(width - 2*i.by) }

func (i indented) put(s *sheet, in box) { i.content.put(s, in.inset(i.by, 0)) }

// top stands at the upper edge of its cell.
type top struct{ content }

func (t top) put(s *sheet, in box) {
	t.content.put(s, box{in.x, in.y, in.w, t.height(in.w)})
}
