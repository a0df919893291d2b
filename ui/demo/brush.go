package demo

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// A step of a path: a curve with two control points; a straight line has them on its ends.
type pathStep struct {
	begin          bool
	x1, y1, x2, y2 float64
	x, y           float64
}

// A path is an outline, closed by itself.
type path []pathStep

func move(x, y float64) pathStep   { return pathStep{true, x, y, x, y, x, y} }
func lineTo(x, y float64) pathStep { return pathStep{false, x, y, x, y, x, y} }
func curve(x1, y1, x2, y2, x, y float64) pathStep {
	return pathStep{false, x1, y1, x2, y2, x, y}
}

func box(x0, y0, x1, y1 float64) path {
	return path{move(x0, y0), lineTo(x1, y0), lineTo(x1, y1), lineTo(x0, y1)}
}

func oval(x, y, rx, ry float64) path {
	const k = 0.5523 // of a circle's radius: where the control points of its quarters lie
	return path{
		move(x-rx, y), curve(x-rx, y-k*ry, x-k*rx, y-ry, x, y-ry), curve(x+k*rx, y-ry, x+rx, y-k*ry, x+rx, y),
		curve(x+rx, y+k*ry, x+k*rx, y+ry, x, y+ry), curve(x-k*rx, y+ry, x-rx, y+k*ry, x-rx, y),
	}
}

// bounds returns the whole pixels that the path may touch.
func (p path) bounds() image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range p {
		x0, y0 = min(x0, s.x1, s.x2, s.x), min(y0, s.y1, s.y2, s.y)
		x1, y1 = max(x1, s.x1, s.x2, s.x), max(y1, s.y1, s.y2, s.y)
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}

// A brush fills paths of one picture.
type brush struct {
	img    *image.RGBA
	raster vector.Rasterizer
	cover  []uint8
	zoom   float64 // around the middle of the lower edge
}

func newBrush(width, height int, ground color.RGBA) *brush {
	b := &brush{img: image.NewRGBA(image.Rect(0, 0, width, height)), zoom: 1}
	draw.Draw(b.img, b.img.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	return b
}

// fill paints each path; the alpha of the colour is not multiplied into it.
func (b *brush) fill(c color.RGBA, paths ...path) {
	for _, p := range paths {
		p = b.zoomed(p)
		r := p.bounds()
		b.raster.Reset(r.Dx(), r.Dy())
		b.trace(p, r.Min)
		b.paint(c, r)
	}
}

// ring paints the line along an oval.
func (b *brush) ring(c color.RGBA, x, y, rx, ry, width float64) {
	outer, inner := b.zoomed(oval(x, y, rx, ry)), b.zoomed(oval(x, y, -(rx-width), ry-width))
	r := outer.bounds()
	b.raster.Reset(r.Dx(), r.Dy())
	b.trace(outer, r.Min)
	b.trace(inner, r.Min) // runs the other way round and so cuts the hole
	b.paint(c, r)
}

// zoomed enlarges the path and keeps it inside the picture: the rasterizer does not clip.
func (b *brush) zoomed(p path) path {
	width, height := float64(b.img.Rect.Dx()), float64(b.img.Rect.Dy())
	x := func(v float64) float64 { return min(max(width/2+(v-width/2)*b.zoom, 0), width) }
	y := func(v float64) float64 { return min(max(height+(v-height)*b.zoom, 0), height) }
	q := make(path, len(p))
	for i, s := range p {
		q[i] = pathStep{s.begin, x(s.x1), y(s.y1), x(s.x2), y(s.y2), x(s.x), y(s.y)}
	}
	return q
}

func (b *brush) trace(p path, origin image.Point) {
	x := func(v float64) float32 { return float32(v - float64(origin.X)) }
	y := func(v float64) float32 { return float32(v - float64(origin.Y)) }
	for _, s := range p {
		if s.begin {
			b.raster.MoveTo(x(s.x), y(s.y))
		} else {
			b.raster.CubeTo(x(s.x1), y(s.y1), x(s.x2), y(s.y2), x(s.x), y(s.y))
		}
	}
	b.raster.ClosePath()
}

// paint lays the colour over the pixels that the traced outline covers.
func (b *brush) paint(c color.RGBA, r image.Rectangle) {
	if n := r.Dx() * r.Dy(); cap(b.cover) < n {
		b.cover = make([]uint8, n)
	}
	mask := &image.Alpha{Pix: b.cover[:r.Dx()*r.Dy()], Stride: r.Dx(), Rect: image.Rect(0, 0, r.Dx(), r.Dy())}
	b.raster.DrawOp = draw.Src
	b.raster.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	solid := binary.LittleEndian.Uint32([]byte{c.R, c.G, c.B, 255})
	for y := range r.Dy() {
		row := b.img.Pix[b.img.PixOffset(r.Min.X, r.Min.Y+y):][:4*r.Dx()]
		for x, cover := range mask.Pix[y*mask.Stride : (y+1)*mask.Stride] {
			switch part := uint32(cover) * uint32(c.A); part {
			case 0:
			case 255 * 255:
				binary.LittleEndian.PutUint32(row[4*x:], solid)
			default:
				blend(row[4*x:4*x+3:4*x+3], c, part)
			}
		}
	}
}

// blend mixes the colour in; part is of 255 × 255.
func blend(pixel []uint8, c color.RGBA, part uint32) {
	const whole = 255 * 255
	rest := whole - part
	pixel[0] = uint8((uint32(pixel[0])*rest + uint32(c.R)*part + whole/2) / whole)
	pixel[1] = uint8((uint32(pixel[1])*rest + uint32(c.G)*part + whole/2) / whole)
	pixel[2] = uint8((uint32(pixel[2])*rest + uint32(c.B)*part + whole/2) / whole)
}
