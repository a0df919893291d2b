package graphics

import (
	"image"
	"strconv"

	"rongzheng/review/picture"
)

// sixelColours is how many colours a picture has in sixels; the terminals of
// today have at least 256.
const sixelColours = 128

// sixels draws a picture as one strip for each row of cells. All strips share
// one palette; each names the colours that it uses.
func sixels(img image.Image, a area, cell CellSize) []string {
	small := picture.Scale(img, img.Bounds(), a.w, a.h)
	q := quantize(small, sixelColours)
	strips := make([]string, a.rows)
	for row := range strips {
		top := row * cell.H
		strips[row] = q.strip(top, min(top+cell.H, q.h))
	}
	return strips
}

const (
	// Pixels that no colour paints keep what they show (P2 = 1), so that the
	// part of the last six lines that is below the strip stays as it is.
	sixelBegin = "\x1bP0;1q"
	sixelEnd   = "\x1b\\"
	bandHeight = 6
)

// strip draws the pixels of rows top up to bottom (DEC VT330/340 Graphics
// Programming, chapter 14).
func (q quantized) strip(top, bottom int) string {
	w := sixelWriter{out: []byte(sixelBegin), width: q.w}
	w.out = append(w.out, `"1;1;`...)
	w.out = strconv.AppendInt(w.out, int64(q.w), 10)
	w.out = append(w.out, ';')
	w.out = strconv.AppendInt(w.out, int64(bottom-top), 10)
	var used [256]bool
	for _, c := range q.index[top*q.w : bottom*q.w] {
		used[c] = true
	}
	for i, c := range q.colours {
		if used[i] {
			w.define(i, c)
		}
	}
	for y := top; y < bottom; y += bandHeight {
		if y > top {
			w.out = append(w.out, '-')
		}
		w.band(q.index[y*q.w : min(y+bandHeight, bottom)*q.w])
	}
	return string(append(w.out, sixelEnd...))
}

type sixelWriter struct {
	out   []byte
	width int
	rows  [256][]byte // the sixels of a colour in the band at hand
}

func (w *sixelWriter) define(i int, c [3]uint8) {
	w.out = append(w.out, '#')
	w.out = strconv.AppendInt(w.out, int64(i), 10)
	w.out = append(w.out, ";2"...)
	for _, v := range c {
		w.out = append(w.out, ';')
		w.out = strconv.AppendInt(w.out, (int64(v)*100+127)/255, 10)
	}
}

// band draws up to six rows of pixels, one colour after another.
func (w *sixelWriter) band(index []uint8) {
	var order []uint8
	for i, c := range index {
		row := w.rows[c]
		if len(row) == 0 {
			if cap(row) < w.width {
				row = make([]byte, w.width)
			}
			row = row[:w.width]
			clear(row)
			w.rows[c] = row
			order = append(order, c)
		}
		row[i%w.width] |= 1 << (i / w.width)
	}
	for i, c := range order {
		if i > 0 {
			w.out = append(w.out, '$')
		}
		w.out = append(w.out, '#')
		w.out = strconv.AppendInt(w.out, int64(c), 10)
		w.runs(w.rows[c])
		w.rows[c] = w.rows[c][:0]
	}
}

// runs writes sixels, equal ones as a repetition where that is shorter. What
// is empty at the end is left out.
func (w *sixelWriter) runs(row []byte) {
	for end := len(row); end > 0 && row[end-1] == 0; end-- {
		row = row[:end-1]
	}
	for i := 0; i < len(row); {
		n := 1
		for i+n < len(row) && row[i+n] == row[i] {
			n++
		}
		glyph := '?' + row[i]
		if n > 3 {
			w.out = append(w.out, '!')
			w.out = strconv.AppendInt(w.out, int64(n), 10)
			w.out = append(w.out, glyph)
		} else {
			for range n {
				w.out = append(w.out, glyph)
			}
		}
		i += n
	}
}
