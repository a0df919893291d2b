package demo

import (
	"image"
	"image/color"
	"math"
	"sync"
)

// A tone is a colour of the papers. A pixel of a canvas is a tone under one of eight depths of ink, so that writing over
// anything is one operation on a byte, and what was written stays readable under a stamp.
type tone uint8

// The tones.
const (
	white tone = iota
	cream
	sky1 // sky1 to sky6: the ground of an identity card
	sky2
	sky3
	sky4
	sky5
	sky6
	pale // ground of table heads
	line
	red1 // red1 to red4: stamp ink on white, by coverage
	red2
	red3
	red4
	mark1 // mark1 to mark3: watermarks on white, by coverage
	mark2
	mark3
	gold
	goldPale
	skinLight
	skinMiddle
	skinDark
	hairBrown
	hairGrey
	clothBlue
	clothRed
	clothGreen
	clothGrey
	clothOchre
	clothViolet
	blueGround
	warmGround
	tones
)

var toneColours = [tones]color.RGBA{
	white: {255, 255, 255, 255}, cream: {253, 249, 239, 255},
	sky1: {219, 233, 244, 255}, sky2: {226, 236, 244, 255}, sky3: {232, 239, 243, 255},
	sky4: {238, 240, 240, 255}, sky5: {244, 238, 236, 255}, sky6: {248, 234, 231, 255},
	pale: {235, 241, 246, 255}, line: {176, 184, 194, 255},
	red1: {242, 200, 200, 255}, red2: {230, 146, 146, 255}, red3: {217, 90, 92, 255}, red4: {204, 36, 40, 255},
	mark1: {244, 246, 249, 255}, mark2: {233, 238, 243, 255}, mark3: {222, 229, 237, 255},
	gold: {196, 160, 92, 255}, goldPale: {232, 214, 174, 255},
	skinLight: {251, 226, 206, 255}, skinMiddle: {240, 204, 174, 255}, skinDark: {216, 172, 138, 255},
	hairBrown: {88, 62, 46, 255}, hairGrey: {158, 156, 160, 255},
	clothBlue: {62, 92, 142, 255}, clothRed: {160, 62, 70, 255}, clothGreen: {64, 118, 100, 255},
	clothGrey: {98, 102, 112, 255}, clothOchre: {206, 160, 86, 255}, clothViolet: {138, 110, 158, 255},
	blueGround: {168, 206, 236, 255}, warmGround: {238, 214, 206, 255},
}

const (
	inks   = 8
	black  = inks - 1 // full ink
	softly = 5        // printed labels
)

var inkColour = color.RGBA{26, 29, 40, 255}

// palette holds tone*inks + ink.
var palette = mixPalette()

func mixPalette() color.Palette {
	p := make(color.Palette, 0, int(tones)*inks)
	for _, c := range toneColours {
		for ink := range inks {
			p = append(p, color.RGBA{mix(c.R, inkColour.R, ink), mix(c.G, inkColour.G, ink), mix(c.B, inkColour.B, ink), 255})
		}
	}
	return p
}

func mix(ground, ink uint8, depth int) uint8 {
	return uint8((int(ground)*(inks-1-depth) + int(ink)*depth) / (inks - 1))
}

// A canvas is a picture in the palette.
type canvas struct{ *image.Paletted }

func newCanvas(width, height int, ground tone) canvas {
	c := canvas{image.NewPaletted(image.Rect(0, 0, width, height), palette)}
	c.fill(c.Rect, ground)
	return c
}

// copied returns a canvas to write on that begins as c.
func (c canvas) copied() canvas {
	d := canvas{image.NewPaletted(c.Rect, palette)}
	copy(d.Pix, c.Pix)
	return d
}

func (c canvas) fill(r image.Rectangle, t tone) {
	r = r.Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.Pix[c.PixOffset(r.Min.X, y):c.PixOffset(r.Max.X, y)]
		for x := range row {
			row[x] = uint8(t) * inks
		}
	}
}

// frame draws the outline of a rectangle.
func (c canvas) frame(r image.Rectangle, width int, t tone) {
	c.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+width), t)
	c.fill(image.Rect(r.Min.X, r.Max.Y-width, r.Max.X, r.Max.Y), t)
	c.fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+width, r.Max.Y), t)
	c.fill(image.Rect(r.Max.X-width, r.Min.Y, r.Max.X, r.Max.Y), t)
}

// write presses a mask into the paper with ink; depth is the darkest that it gets.
func (c canvas) write(m *image.Alpha, at image.Point, depth int) {
	ink := &inkOf[depth]
	c.each(m, at, func(to []uint8, from []uint8) {
		for x, a := range from {
			if pixel := to[x]; pixel%inks < ink[a] {
				to[x] = pixel - pixel%inks + ink[a]
			}
		}
	})
}

// inkOf says how much ink a coverage leaves, by the darkest that it gets.
var inkOf = listInk()

func listInk() (table [inks][256]uint8) {
	for depth := range table {
		for a := range table[depth] {
			table[depth][a] = uint8((a*depth + 127) / 255)
		}
	}
	return table
}

// tint changes the tone where the mask covers, by a ramp from little to full coverage, and leaves the ink.
func (c canvas) tint(m *image.Alpha, at image.Point, ramp []tone) {
	c.each(m, at, func(to []uint8, from []uint8) {
		for x, a := range from {
			if n := (int(a)*len(ramp) + 127) / 255; n > 0 {
				to[x] = uint8(ramp[n-1])*inks + to[x]%inks
			}
		}
	})
}

// each calls do for every row of the canvas that the mask lies on.
func (c canvas) each(m *image.Alpha, at image.Point, do func(to, from []uint8)) {
	shift := at.Sub(m.Rect.Min)
	r := m.Rect.Add(shift).Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := m.Pix[m.PixOffset(r.Min.X-shift.X, y-shift.Y):][:r.Dx()]
		do(c.Pix[c.PixOffset(r.Min.X, y):][:r.Dx()], from)
	}
}

// inlay puts another canvas into this one.
func (c canvas) inlay(d canvas, at image.Point) {
	for y := range d.Rect.Dy() {
		copy(c.Pix[c.PixOffset(at.X, at.Y+y):], d.Pix[y*d.Stride:][:d.Rect.Dx()])
	}
}

// halved returns a picture of any colours as a canvas of half its size.
func halved(img *image.RGBA) canvas {
	c := canvas{image.NewPaletted(image.Rect(0, 0, img.Rect.Dx()/2, img.Rect.Dy()/2), palette)}
	nearest := nearestColours()
	for y := range c.Rect.Dy() {
		upper := img.Pix[2*y*img.Stride:]
		lower := upper[img.Stride:]
		for x := range c.Rect.Dx() {
			half := func(k int) int {
				k += 8 * x
				return (int(upper[k]) + int(upper[k+4]) + int(lower[k]) + int(lower[k+4])) / 4
			}
			c.Pix[y*c.Stride+x] = nearest[half(0)>>4<<8|half(1)>>4<<4|half(2)>>4]
		}
	}
	return c
}

// nearestColours finds the palette's colour for one given by four bits of red, green and blue. No start of the program waits
// for it but that of the demo.
var nearestColours = sync.OnceValue(func() *[1 << 12]uint8 {
	var table [1 << 12]uint8
	for i := range table {
		r, g, b := i>>8*17, i>>4&15*17, i&15*17
		best := math.MaxInt
		for n, entry := range palette {
			c := entry.(color.RGBA)
			dr, dg, db := int(c.R)-r, int(c.G)-g, int(c.B)-b
			if d := 3*dr*dr + 6*dg*dg + db*db; d < best {
				best, table[i] = d, uint8(n)
			}
		}
	}
	return &table
})

// turned returns the mask turned around its centre by so many degrees, anticlockwise, on a mask large enough for it.
func turned(m *image.Alpha, degrees float64) *image.Alpha {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	width, height := math.Abs(w*cos)+math.Abs(h*sin), math.Abs(w*sin)+math.Abs(h*cos)
	out := image.NewAlpha(image.Rect(0, 0, int(width)+2, int(height)+2))
	cx, cy := width/2+1, height/2+1
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			out.Pix[y*out.Stride+x] = sample(m, dx*cos-dy*sin+w/2, dx*sin+dy*cos+h/2)
		}
	}
	return out
}

// sample reads a mask between its pixels.
func sample(m *image.Alpha, x, y float64) uint8 {
	x, y = x-0.5, y-0.5
	left, top := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := x-float64(left), y-float64(top)
	at := func(x, y int) float64 { return float64(m.AlphaAt(m.Rect.Min.X+x, m.Rect.Min.Y+y).A) }
	upper := at(left, top)*(1-fx) + at(left+1, top)*fx
	lower := at(left, top+1)*(1-fx) + at(left+1, top+1)*fx
	return uint8(upper*(1-fy) + lower*fy)
}
