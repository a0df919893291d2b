package graphics

import (
	"fmt"
	"image"
	"strings"
)

// Way is how a terminal is made to show a picture.
type Way int

// The ways, the best first.
const (
	Kitty      Way = iota // graphics protocol of kitty, with Unicode placeholders
	ITerm2                // inline images of iTerm2
	Sixel                 // DEC sixel graphics
	HalfBlocks            // what [Blocks] draws, in the colours of the terminal
	Facts                 // no picture: a card of facts, see [Card]
)

var wayNames = [...]string{"kitty", "iterm2", "sixel", "blocks", "none"}

// String returns what [ParseWay] reads.
func (w Way) String() string {
	if w < 0 || int(w) >= len(wayNames) {
		return fmt.Sprintf("Way(%d)", int(w))
	}
	return wayNames[w]
}

// ParseWay reads the value of --images: auto, kitty, iterm2, sixel, blocks or
// none. For auto, and for nothing, auto is true and [Detect] decides.
func ParseWay(text string) (way Way, auto bool, err error) {
	switch text = strings.ToLower(text); text {
	case "", "auto":
		return HalfBlocks, true, nil
	}
	for i, name := range wayNames {
		if text == name {
			return Way(i), false, nil
		}
	}
	return Facts, false, WayError{Text: text}
}

// WayError means that --images got a value that it does not have.
type WayError struct{ Text string }

func (e WayError) Error() string {
	return fmt.Sprintf("images %q: want auto, %s", e.Text, strings.Join(wayNames[:], ", "))
}

// CellSize is the size of a character cell in pixels; zero is unknown.
type CellSize struct{ W, H int }

// Known reports whether both sides are there and can be true.
func (c CellSize) Known() bool {
	const most = 256
	return c.W >= 1 && c.H >= 2 && c.W <= most && c.H <= most
}

// usual is the cell of the VT340, which many terminals pretend to have.
var usual = CellSize{10, 20}

// Box is the room for a picture in character cells, and their size in pixels.
// Where that is not known, zero stands for 10 × 20.
type Box struct {
	Cols, Rows   int
	CellW, CellH int
}

func (b Box) empty() bool { return b.Cols < 1 || b.Rows < 1 }

func (b Box) cell() CellSize {
	if c := (CellSize{b.CellW, b.CellH}); c.Known() {
		return c
	}
	return usual
}

// Pixels returns how many pixels a picture drawn into the box in that way has
// at most: the size to decode it for.
func (b Box) Pixels(way Way) (w, h int) {
	switch {
	case b.empty() || way == Facts:
		return 0, 0
	case way == HalfBlocks:
		return b.Cols, 2 * b.Rows
	}
	cell := b.cell()
	return b.Cols * cell.W, b.Rows * cell.H
}

// area is where a picture stands in a box: cells, and pixels of its own.
type area struct {
	left, top, cols, rows int
	w, h                  int
}

// place puts a picture of that size into the middle of the box, as large as it
// allows, its ratio kept, on whole cells from its left and upper edge.
func (b Box) place(size image.Point) (area, bool) {
	if b.empty() || size.X < 1 || size.Y < 1 {
		return area{}, false
	}
	cell := b.cell()
	a := area{}
	a.w, a.h = fitInto(size.X, size.Y, b.Cols*cell.W, b.Rows*cell.H)
	a.cols, a.rows = (a.w+cell.W-1)/cell.W, (a.h+cell.H-1)/cell.H
	a.left, a.top = (b.Cols-a.cols)/2, (b.Rows-a.rows)/2
	return a, true
}
