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
	if cols < 1 || rows < 1 {
		return ""
	}
	colours, ok := paletteOf(profile)
	if !ok {
		return shade(img, cols, rows)
	}
	var (
		out    strings.Builder
		sheet  = place(img, cols, rows, colours)
		writer = lineWriter{out: &out, colours: colours}
	)
	for r := range rows {
		if r > 0 {
			out.WriteByte('\n')
		}
		writer.line(sheet[2*r*cols:][:cols], sheet[(2*r+1)*cols:][:cols])
	}
	return out.String()
}

// place scales img into the middle of a sheet of cols × 2·rows pixels. It
// begins at the edge of a cell, so that no row is spent on half cells.
func place(img image.Image, cols, rows int, colours palette) []colour {
	sheet := make([]colour, 2*cols*rows)
	for i := range sheet {
		sheet[i] = none
	}
	if img == nil {
		return sheet
	}
	size := img.Bounds().Size()
	w, h := fitPixels(size.X, size.Y, cols, rows)
	left, top := (cols-w)/2, (2*rows-h)/2&^1
	small := picture.Scale(img, img.Bounds(), w, h)
	named := colours.name(small)
	for y := range h {
		copy(sheet[(top+y)*cols+left:], named[y*w:][:w])
	}
	return sheet
}
