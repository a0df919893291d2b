package cert

import (
	"fmt"
	"math"
	"strings"
)

// The frame is a band of interlaced waves (guilloche) between fine lines, with rosettes at its corners and a large pale
// one behind the text. Every figure is one short path that is repeated, moved or turned, which compresses to almost
// nothing.
const (
	bandMiddle = 14.5 // from the edge of the sheet to the middle of the band
	bandHeight = 2.6  // swing of the waves
	wavelength = 6.0
	strands    = 6
	cornerSize = 7.0
)

// drawFrame returns the drawing operators of frame and background, in points from the lower left corner.
func drawFrame() []byte {
	d := &drawing{}
	d.op("q %.4f 0 0 %.4f 0 0 cm 1 J 1 j", 1/mmPerPt, 1/mmPerPt) // millimetres from here on
	d.background()
	for _, line := range []struct{ inset, width float64 }{{9.2, 0.7}, {10.6, 0.15}, {18.4, 0.15}, {19.6, 0.4}} {
		d.ink(gold, line.width)
		d.op("%.2f %.2f %.2f %.2f re S", line.inset, line.inset, pageWidth-2*line.inset, pageHeight-2*line.inset)
	}
	d.band(bandMiddle, bandMiddle, pageWidth-2*bandMiddle, 0)
	d.band(bandMiddle, pageHeight-bandMiddle, pageWidth-2*bandMiddle, 0)
	d.band(bandMiddle, bandMiddle, pageHeight-2*bandMiddle, 90)
	d.band(pageWidth-bandMiddle, bandMiddle, pageHeight-2*bandMiddle, 90)
	for _, x := range []float64{bandMiddle, pageWidth - bandMiddle} {
		for _, y := range []float64{bandMiddle, pageHeight - bandMiddle} {
			d.corner(x, y)
		}
	}
	d.op("Q")
	return []byte(d.String())
}

// drawing collects operators of a content stream.
type drawing struct{ strings.Builder }

func (d *drawing) op(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *drawing) ink(c ink, width float64) {
	d.op("%.3f %.3f %.3f RG %.3f w", float64(c[0])/255, float64(c[1])/255, float64(c[2])/255, width)
}

// turned draws the figure n times around the point, each time turned by a further part of the angle.
func (d *drawing) turned(x, y float64, n int, angle float64, figure string) {
	for i := range n {
		sin, cos := math.Sincos(angle * math.Pi / 180 * float64(i) / float64(n))
		d.op("q %.5f %.5f %.5f %.5f %.2f %.2f cm %s S Q", cos, sin, -sin, cos, x, y, figure)
	}
}

func (d *drawing) background() {
	x, y := pageWidth/2, pageHeight/2-4
	d.ink(pale, 0.14)
	d.turned(x, y, 48, 180, ellipse(74, 30))
	d.turned(x, y, 36, 180, ellipse(36, 13))
}

// band draws a band of waves from the point, turned by the angle.
func (d *drawing) band(x, y, length, angle float64) {
	n := math.Round(length / wavelength)
	period := length / n
	sin, cos := math.Sincos(angle * math.Pi / 180)
	d.op("q %.0f %.0f %.0f %.0f %.2f %.2f cm", cos, sin, -sin, cos, x, y)
	d.op("0 -3.2 %.2f 6.4 re W n", length)
	figure := wave(period, bandHeight)
	for i := range strands {
		shade := gold
		if i%2 == 1 {
			shade = ink{0xD2, 0xB4, 0x76}
		}
		d.ink(shade, 0.13)
		d.op("q 1 0 0 1 %.4f 0 cm", -period*float64(i)/strands)
		for range int(n) + 1 {
			d.op("%s S 1 0 0 1 %.4f 0 cm", figure, period)
		}
		d.op("Q")
	}
	d.op("Q")
}

// corner covers the meeting of two bands with a rosette.
func (d *drawing) corner(x, y float64) {
	d.op("1 g q 1 0 0 1 %.2f %.2f cm %s f Q", x, y, ellipse(cornerSize, cornerSize))
	d.ink(gold, 0.12)
	d.turned(x, y, 18, 180, ellipse(cornerSize-1, 2.6))
	d.turned(x, y, 12, 180, ellipse(3.2, 1.1))
	d.ink(gold, 0.4)
	d.turned(x, y, 1, 0, ellipse(cornerSize, cornerSize))
	d.ink(gold, 0.15)
	d.turned(x, y, 1, 0, ellipse(cornerSize-0.7, cornerSize-0.7))
}

// ellipse returns the path of an ellipse around the origin with the half axes a and b.
func ellipse(a, b float64) string {
	const k = 0.5523 // distance of control points that makes four cubic curves a circle
	return fmt.Sprintf("%.3f 0 m %.3f %.3f %.3f %.3f 0 %.3f c %.3f %.3f %.3f %.3f %.3f 0 c %.3f %.3f %.3f %.3f 0 %.3f c %.3f %.3f %.3f %.3f %.3f 0 c h",
		a, a, k*b, k*a, b, b, -k*a, b, -a, k*b, -a, -a, -k*b, -k*a, -b, -b, k*a, -b, a, -k*b, a)
}

// wave returns the path of one period of a sine: four cubic curves with the slopes of the sine at their ends.
func wave(period, height float64) string {
	const parts = 4
	var b strings.Builder
	b.WriteString("0 0 m")
	dx := period / parts / 3
	for i := range parts {
		from, to := 2*math.Pi*float64(i)/parts, 2*math.Pi*float64(i+1)/parts
		x0, x1 := period*float64(i)/parts, period*float64(i+1)/parts
		slope := height * 2 * math.Pi / period
		fmt.Fprintf(&b, " %.4f %.4f %.4f %.4f %.4f %.4f c",
			x0+dx, height*math.Sin(from)+slope*math.Cos(from)*dx, x1-dx, height*math.Sin(to)-slope*math.Cos(to)*dx, x1, height*math.Sin(to))
	}
	return b.String()
}
