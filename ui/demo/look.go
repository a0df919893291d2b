package demo

import (
	"image"
	"image/color"
	"math/rand/v2"

	"rongzheng/review"
)

// A look is what the portrait of a person shows.
type look struct {
	skin, hair, cloth, ground color.RGBA
	style                     int // of the hair
	collar                    int
	glasses                   bool
	face, jaw, eyes, mouth    float64 // deviations from the mean face, pixels
	brow, parting             float64
	tilt                      float64
}

var (
	skins   = []tone{skinLight, skinLight, skinMiddle, skinMiddle, skinDark}
	cloths  = []tone{clothBlue, clothRed, clothGreen, clothGrey, clothOchre, clothViolet, clothBlue, clothGrey}
	grounds = []tone{white, white, blueGround, blueGround, warmGround}
)

var darkHair = color.RGBA{44, 38, 40, 255}

func newLook(r *rand.Rand, sex string, age int) look {
	l := look{
		skin: toneColours[pick(r, skins)], cloth: toneColours[pick(r, cloths)], ground: toneColours[pick(r, grounds)],
		hair: darkHair, collar: r.IntN(3), glasses: r.IntN(10) < 3,
		face: 8*r.Float64() - 4, jaw: 10*r.Float64() - 5, eyes: 6*r.Float64() - 3, mouth: 8*r.Float64() - 3,
		brow: 4*r.Float64() - 2, parting: 60*r.Float64() - 30, tilt: 6*r.Float64() - 3,
	}
	switch n := r.IntN(100); {
	case age > 55 && n < 60:
		l.hair = toneColours[hairGrey]
	case n < 20:
		l.hair = toneColours[hairBrown]
	}
	l.style = r.IntN(3)
	if sex == review.Female {
		l.style = 3 + r.IntN(4)
	}
	return l
}

// portrait draws the person as wide and high as a certificate's portrait: a friendly bust that nobody takes for a
// photograph of somebody.
func (l *look) portrait() *image.RGBA {
	b := newBrush(review.PortraitWidth, review.PortraitHeight, l.ground)
	b.zoom = 1.15
	const middle = review.PortraitWidth / 2.0
	m := middle + l.tilt
	b.hairBehind(l, m)
	b.body(l, middle)
	neck := shade(l.skin, 26)
	b.fill(neck, box(m-25, 235, m+25, 318))
	b.fill(neck, oval(m, 316, 25, 17))
	b.fill(l.skin, oval(m-62-l.face, 196, 11, 17), oval(m+62+l.face, 196, 11, 17))
	b.fill(l.skin, head(m, 62+l.face, 82+l.jaw))
	b.hairAbove(l, m)
	b.features(l, m)
	return b.img
}

// head is the outline of a face: round above, narrower at the chin.
func head(m, rx, ry float64) path {
	const y = 188
	return path{
		move(m-rx, y), curve(m-rx, y-ry*0.62, m-rx*0.6, y-ry, m, y-ry), curve(m+rx*0.6, y-ry, m+rx, y-ry*0.62, m+rx, y),
		curve(m+rx, y+ry*0.52, m+rx*0.52, y+ry, m, y+ry), curve(m-rx*0.52, y+ry, m-rx, y+ry*0.52, m-rx, y),
	}
}

func (b *brush) body(l *look, m float64) {
	b.fill(l.cloth, path{
		move(m-140, 413), curve(m-138, 350, m-110, 332, m-62, 318), curve(m-44, 313, m-30, 308, m-20, 300), lineTo(m+20, 300),
		curve(m+30, 308, m+44, 313, m+62, 318), curve(m+110, 332, m+138, 350, m+140, 413),
	})
	dark, light := shade(l.cloth, 30), color.RGBA{248, 248, 246, 255}
	switch l.collar {
	case 0: // round neck
		b.fill(dark, oval(m, 306, 41, 27))
	case 1: // shirt under a jacket
		b.fill(light, path{move(m-38, 306), lineTo(m, 392), lineTo(m+38, 306)})
		b.fill(dark, path{move(m-44, 303), lineTo(m-64, 328), lineTo(m-10, 398), lineTo(m, 386)}, path{move(m+44, 303), lineTo(m+64, 328), lineTo(m+10, 398), lineTo(m, 386)})
	case 2: // shirt with a collar
		b.fill(light, path{move(m-40, 302), lineTo(m-50, 342), lineTo(m-6, 330)}, path{move(m+40, 302), lineTo(m+50, 342), lineTo(m+6, 330)})
		b.fill(dark, oval(m, 356, 3, 3), oval(m, 388, 3, 3))
	}
}

func (b *brush) hairBehind(l *look, m float64) {
	top, side := 98.0, 74+l.face
	length := [...]float64{0, 0, 0, 262, 342, 0, 236}[l.style]
	switch l.style {
	case 5: // tied up
		b.fill(l.hair, oval(m, 84, 31, 27))
	case 3, 4, 6:
		b.fill(l.hair, path{
			move(m-side, length), curve(m-side-10, 150, m-side+6, top, m, top), curve(m+side-6, top, m+side+10, 150, m+side, length),
			curve(m+side-14, length+14, m+26, length+6, m+20, length-20), lineTo(m-20, length-20), curve(m-26, length+6, m-side+14, length+14, m-side, length),
		})
	}
}

func (b *brush) hairAbove(l *look, m float64) {
	rx, top := 68+l.face, 96.0
	p := m + l.parting
	switch l.style {
	case 0: // short, parted
		b.fill(l.hair, path{
			move(m-rx, 186), curve(m-rx-6, 116, m-44, top-4, m, top-4), curve(m+44, top-4, m+rx+6, 116, m+rx, 186),
			curve(m+rx-6, 158, m+50, 146, p+20, 140), curve(p, 138, p, 134, p-6, 126), curve(p-10, 142, m-52, 140, m-rx+8, 168),
		})
	case 1: // brushed up
		b.fill(l.hair, path{
			move(m-rx+2, 172), curve(m-rx-10, 110, m-50, 82, m+4, 82), curve(m+56, 82, m+rx+8, 112, m+rx-2, 172),
			curve(m+rx-10, 150, m+40, 132, m, 134), curve(m-40, 132, m-rx+10, 150, m-rx+2, 172),
		})
	case 2: // thin
		b.fill(l.hair, path{
			move(m-rx, 190), curve(m-rx-2, 124, m-40, 104, m, 103), curve(m+40, 104, m+rx+2, 124, m+rx, 190),
			curve(m+rx-8, 150, m+46, 122, m, 119), curve(m-46, 122, m-rx+8, 150, m-rx, 190),
		})
	case 3, 6: // with a fringe
		b.fill(l.hair, path{
			move(m-rx-4, 214), curve(m-rx-14, 112, m-44, 92, m, 92), curve(m+44, 92, m+rx+14, 112, m+rx+4, 214),
			curve(m+rx-8, 176, m+rx-10, 166, m+48, 158), curve(m+20, 164, m-20, 164, m-48, 158), curve(m-rx+10, 166, m-rx+8, 176, m-rx-4, 214),
		})
	default: // parted, falling to both sides or tied
		b.fill(l.hair, path{
			move(m-rx-3, 220), curve(m-rx-14, 112, m-44, 92, m, 92), curve(m+44, 92, m+rx+14, 112, m+rx+3, 220),
			curve(m+rx-4, 176, p+34, 150, p, 116), curve(p-30, 150, m-rx+4, 176, m-rx-3, 220),
		})
	}
}

func (b *brush) features(l *look, m float64) {
	y, apart := 194+l.brow, 27+l.eyes
	dark := color.RGBA{46, 40, 44, 255}
	blush := color.RGBA{232, 128, 118, 70}
	b.fill(blush, oval(m-38, 224, 14, 9), oval(m+38, 224, 14, 9))
	for _, x := range []float64{m - apart, m + apart} {
		b.fill(dark, oval(x, y, 5.6, 6.8))
		b.fill(color.RGBA{255, 255, 255, 255}, oval(x+1.8, y-2.2, 1.8, 1.8))
		b.fill(shade(l.hair, -10), path{
			move(x-13, y-17+l.brow), curve(x-6, y-23, x+6, y-23, x+13, y-17+l.brow), curve(x+6, y-19, x-6, y-19, x-13, y-17+l.brow),
		})
	}
	b.fill(shade(l.skin, 38), path{move(m-5, 221), curve(m-3, 226, m+3, 226, m+5, 221), curve(m+2, 223, m-2, 223, m-5, 221)})
	w := 19 + l.mouth
	b.fill(color.RGBA{178, 66, 66, 255}, path{move(m-w, 240), curve(m-w/2, 253+l.mouth, m+w/2, 253+l.mouth, m+w, 240), curve(m+w/2, 246, m-w/2, 246, m-w, 240)})
	if l.glasses {
		for _, x := range []float64{m - apart, m + apart} {
			b.ring(dark, x, y, 20, 16, 2.4)
		}
		b.fill(dark, box(m-apart+20, y-2, m+apart-20, y+0.6), box(m-64, y-3, m-apart-20, y-0.6), box(m+apart+20, y-3, m+64, y-0.6))
	}
}

// shade makes a colour darker by so many steps of 256.
func shade(c color.RGBA, by int) color.RGBA {
	darker := func(v uint8) uint8 { return uint8(min(max(int(v)-by, 0), 255)) }
	return color.RGBA{darker(c.R), darker(c.G), darker(c.B), c.A}
}
