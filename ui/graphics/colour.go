package graphics

import (
	"image"
	"strconv"

	"github.com/muesli/termenv"
)

// colour is what a terminal is told: 0xRRGGBB in true colour, else the number
// in its palette. none is the terminal's own foreground or background.
type colour int32

const none colour = -1

// palette is one way of naming colours to a terminal.
type palette struct {
	nearest func(r, g, b uint8) colour
	// rgb is what a colour is taken to look like. Where it is set, the palette
	// is poor and pictures are diffused.
	rgb func(c colour) [3]uint8
	// alike reports whether b may stand for a without being noticed.
	alike func(a, b colour) bool
	// code appends the parameters of SGR (ECMA-48, 8.3.117) for a colour other
	// than none.
	code func(to []byte, c colour, background bool) []byte
}

// paletteOf returns false where there are no colours.
func paletteOf(profile termenv.Profile) (palette, bool) {
	switch profile {
	case termenv.TrueColor:
		return palette{exactly, nil, unseen, codeRGB}, true
	case termenv.ANSI256:
		return palette{nearest256, nil, same, code256}, true
	case termenv.ANSI:
		return palette{nearest16, rgb16, same, code16}, true
	}
	return palette{}, false
}

// name gives each pixel its colour, row by row.
func (p palette) name(img *image.RGBA) []colour {
	if p.rgb != nil {
		return diffuse(img, p)
	}
	named := make([]colour, len(img.Pix)/4)
	for i := range named {
		named[i] = p.nearest(img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2])
	}
	return named
}

func same(a, b colour) bool { return a == b }

func exactly(r, g, b uint8) colour { return colour(r)<<16 | colour(g)<<8 | colour(b) }

// unseenStep is by how much one channel may differ unnoticed between two
// pixels as large as half a character.
const unseenStep = 6

func unseen(a, b colour) bool {
	if a == none || b == none {
		return a == b
	}
	for shift := 0; shift <= 16; shift += 8 {
		d := a>>shift&0xff - b>>shift&0xff
		if max(d, -d) > unseenStep {
			return false
		}
	}
	return true
}

// levels are the six steps per channel of xterm's colour cube, colours 16–231.
// Its 24 grays, 232–255, run from 8 to 238 in steps of ten. Colours 0–15 are
// left out, since people choose those themselves.
const levels = "\x00\x5f\x87\xaf\xd7\xff"

func nearest256(r, g, b uint8) colour {
	ri, gi, bi := level(r), level(g), level(b)
	cube := colour(16 + 36*ri + 6*gi + bi)
	step := min(max((3*int(r)+4*int(g)+2*int(b)-27)/90, 0), 23) // least distance
	v := uint8(8 + 10*step)
	if distance(r, g, b, v, v, v) < distance(r, g, b, levels[ri], levels[gi], levels[bi]) {
		return colour(232 + step)
	}
	return cube
}

// level is the step of the cube nearest to v.
func level(v uint8) int {
	switch {
	case v < 48:
		return 0
	case v < 115:
		return 1
	}
	return (int(v) - 35) / 40
}

// ansi16 are the sixteen colours as most terminals begin with; the same that
// termenv takes for them.
const ansi16 = "\x00\x00\x00\x80\x00\x00\x00\x80\x00\x80\x80\x00\x00\x00\x80\x80\x00\x80\x00\x80\x80\xc0\xc0\xc0" +
	"\x80\x80\x80\xff\x00\x00\x00\xff\x00\xff\xff\x00\x00\x00\xff\xff\x00\xff\x00\xff\xff\xff\xff\xff"

// pale is the difference between the largest and the smallest channel below
// which a pixel is shown in gray: skin, paper and most clothes. What is above
// it, like the red of a seal, keeps a hue.
const pale = 96

func nearest16(r, g, b uint8) colour {
	best, least := 0, 1<<30
	gray := max(r, g, b)-min(r, g, b) < pale
	for i := range len(ansi16) / 3 {
		if gray != (i == 0 || i == 7 || i == 8 || i == 15) {
			continue
		}
		if d := distance(r, g, b, ansi16[3*i], ansi16[3*i+1], ansi16[3*i+2]); d < least {
			best, least = i, d
		}
	}
	return colour(best)
}

func rgb16(c colour) [3]uint8 { return [3]uint8{ansi16[3*c], ansi16[3*c+1], ansi16[3*c+2]} }

// distance weighs the channels by how much the eye makes of them.
func distance(r, g, b, r2, g2, b2 uint8) int {
	dr, dg, db := int(r)-int(r2), int(g)-int(g2), int(b)-int(b2)
	return 3*dr*dr + 4*dg*dg + 2*db*db
}

func codeRGB(to []byte, c colour, background bool) []byte {
	to = append(to, lead(background)...)
	to = append(to, "2;"...)
	to = strconv.AppendInt(to, int64(c>>16), 10)
	to = append(to, ';')
	to = strconv.AppendInt(to, int64(c>>8&0xff), 10)
	to = append(to, ';')
	return strconv.AppendInt(to, int64(c&0xff), 10)
}

func code256(to []byte, c colour, background bool) []byte {
	to = append(to, lead(background)...)
	to = append(to, "5;"...)
	return strconv.AppendInt(to, int64(c), 10)
}

func lead(background bool) string {
	if background {
		return "48;"
	}
	return "38;"
}

func code16(to []byte, c colour, background bool) []byte {
	base := colour(30)
	if c >= 8 {
		base = 90 - 8
	}
	if background {
		base += 10
	}
	return strconv.AppendInt(to, int64(base+c), 10)
}
