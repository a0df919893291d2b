package graphics

import (
	"image"
	"strings"

	"github.com/muesli/termenv"

	"rongzheng/review/picture"
)

// Blocks draws img as rows lines of exactly cols columns, separated by line
// feeds, none at the end. The picture is as large as [Fit] says and stands in
// the middle; around it are spaces in the terminal's own colours. Transparent
// parts are drawn over white.
//
// With colours every line begins in the terminal's own colours and ends with a
// reset. With [termenv.Ascii] there are no escape sequences: a denser character
// is a brighter spot, as light letters on a dark screen show it. No room gives
// the empty string, an empty picture gives spaces.
func Blocks(img image.Image, cols, rows int, profile termenv.Profile) string {
	return halves(img, Box{Cols: cols, Rows: rows}, profile)
}

// halves is Blocks where the ratio of a cell may be known.
func halves(img image.Image, box Box, profile termenv.Profile) string {
	if box.empty() {
		return ""
	}
	colours, ok := paletteOf(profile)
	if !ok {
		return shade(img, box)
	}
	var (
		cols, rows = box.Cols, box.Rows
		out        strings.Builder
		sheet      = lay(img, box, colours)
		writer     = lineWriter{out: &out, colours: colours}
	)
	for r := range rows {
		if r > 0 {
			out.WriteByte('\n')
		}
		writer.line(sheet[2*r*cols:][:cols], sheet[(2*r+1)*cols:][:cols])
	}
	return out.String()
}

// lay scales img into the middle of a sheet of one pixel to a column and two to
// a row. It begins at the edge of a cell, so that no row is spent on half cells.
func lay(img image.Image, box Box, colours palette) []colour {
	cols, rows := box.Cols, box.Rows
	sheet := make([]colour, 2*cols*rows)
	for i := range sheet {
		sheet[i] = none
	}
	w, h := box.halves(img)
	if w == 0 {
		return sheet
	}
	left, top := (cols-w)/2, (2*rows-h)/2&^1
	small := picture.Scale(img, img.Bounds(), w, h)
	named := colours.name(small)
	for y := range h {
		copy(sheet[(top+y)*cols+left:], named[y*w:][:w])
	}
	return sheet
}

// halves is the size of img in half cells; 0, 0 where there is nothing.
func (b Box) halves(img image.Image) (w, h int) {
	if img == nil {
		return 0, 0
	}
	size, cell := img.Bounds().Size(), b.cell()
	return fitPixels(size.X*cell.H, size.Y*2*cell.W, b.Cols, b.Rows)
}
