package graphics

import (
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/muesli/termenv"
)

// Drawing is a picture ready for a screen.
type Drawing struct {
	// Send are commands that the terminal must get once, in this order, before
	// or while Lines are on the screen; each is whole, and other output may
	// stand between them. Only [Kitty] has any.
	Send []string
	// Lines are exactly as many lines as the box has rows, each exactly as
	// wide as it has columns, separated by line feeds, none at the end.
	Lines string
}

// Draw draws img into the middle of the box, as large as it allows, its ratio
// kept, and returns lines as [Drawing] has them, with what is to be sent in
// front of the first. Transparent parts are drawn over white. The profile
// counts for [HalfBlocks] alone. With [Facts], without a picture, and where one
// cannot be encoded, all is blank.
func Draw(img image.Image, box Box, way Way, profile termenv.Profile) string {
	d := Compose(img, box, way, profile)
	return strings.Join(d.Send, "") + d.Lines
}

// Compose is [Draw] for a screen that sends the picture itself: over a slow
// line a first line that carries all of it would hold up every screen on which
// something else in that line changes.
func Compose(img image.Image, box Box, way Way, profile termenv.Profile) Drawing {
	if box.empty() {
		return Drawing{}
	}
	if img == nil || way == Facts {
		return blankBox(box)
	}
	if way == HalfBlocks {
		return Drawing{Lines: halves(img, box, profile)}
	}
	drawn, err := compose(img, box, way)
	if err != nil {
		return blankBox(box)
	}
	return drawn
}

func compose(img image.Image, box Box, way Way) (Drawing, error) {
	high := box.Rows
	box.Rows = min(box.Rows, maxRows)
	a, ok := box.place(img.Bounds().Size())
	if !ok {
		return Drawing{}, errNothing
	}
	var (
		d      Drawing
		number int
		strips []string
		err    error
	)
	switch way {
	case Kitty:
		d.Send, number, err = sendKitty(img, a)
	case ITerm2:
		strips, err = inline(img, a, box.cell())
	default:
		strips = sixels(img, a, box.cell())
	}
	if err != nil {
		return Drawing{}, err
	}
	lines := make([]string, high)
	for y := range lines {
		row := y - a.top
		switch {
		case row < 0 || row >= a.rows:
			lines[y] = spaces(box.Cols)
		case strips == nil:
			lines[y] = spaces(a.left) + placeholders(number, row, a.cols) + spaces(box.Cols-a.left-a.cols)
		default:
			lines[y] = spaces(a.left) + embed(strips[row], a.cols) + spaces(box.Cols-a.left-a.cols)
		}
	}
	d.Lines = strings.Join(lines, "\n")
	return d, nil
}

var errNothing = errors.New("no pixels")

// embed makes one line of cells that hold a strip. The cells are written as
// spaces, which takes away what they showed and gives the line its width; then
// the cursor goes back and the strip is drawn over them. Terminals leave the
// cursor in different places after a strip, and at the right edge there is no
// going left from behind the last cell, so it is restored and moved on.
func embed(strip string, cols int) string {
	const save, restore = "\x1b7", "\x1b8"
	return save + spaces(cols) + restore + save + strip + restore + fmt.Sprintf("\x1b[%dC", cols)
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

func blankBox(box Box) Drawing {
	line := spaces(box.Cols)
	return Drawing{Lines: line + strings.Repeat("\n"+line, box.Rows-1)}
}

// Clear returns what makes a terminal forget the pictures that were drawn in a
// way; a screen sends it when it closes. [Kitty] keeps what was sent until
// then; with the other ways pictures live in their cells, go when other text
// is written there, and nothing is to be sent.
func Clear(way Way) string {
	if way != Kitty {
		return ""
	}
	return fmt.Sprintf("\x1b_Ga=d,d=R,x=%d,y=%d,q=2\x1b\\", kittyFirst, kittyLast)
}
