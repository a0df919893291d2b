package graphics

import (
	"image"
	"slices"

	"rongzheng/review/picture"
)

// Viewport is what of a picture is seen and how it is turned. The zero value
// shows all of it as it stands. Viewports are values that can be compared;
// methods return a changed one.
type Viewport struct {
	// Zoom is how much larger than fitting the room, in percent; 0 is 100.
	Zoom int
	// X and Y are where the middle of the room is, from the middle of the
	// turned picture to the right and down, in 1/10000 of its width and height.
	X, Y int
	// Quarter is how many quarters it is turned to the right, 0–3.
	Quarter int
}

// zooms are the steps of [Viewport.In] and [Viewport.Out].
var zooms = []int{100, 150, 200, 300, 400, 600, 800, 1200, 1600}

const (
	whole = 10_000 // the unit of X and Y
	fit   = 100
)

func (v Viewport) zoom() int { return min(max(v.Zoom, fit), zooms[len(zooms)-1]) }

// In goes one step nearer; Out one back, till all is seen.
func (v Viewport) In() Viewport {
	at, found := slices.BinarySearch(zooms, v.zoom())
	if found {
		at++
	}
	v.Zoom = zooms[min(at, len(zooms)-1)]
	return v
}

// Out is the opposite of [Viewport.In].
func (v Viewport) Out() Viewport {
	at, _ := slices.BinarySearch(zooms, v.zoom())
	v.Zoom = zooms[max(at-1, 0)]
	if v.Zoom == fit {
		return v.Fit()
	}
	return v
}

// Fit shows all of the picture and keeps how it is turned.
func (v Viewport) Fit() Viewport { return Viewport{Quarter: v.Quarter} }

// Fits reports whether all of the picture is seen.
func (v Viewport) Fits() bool { return v.zoom() == fit }

// Most reports whether [Viewport.In] changes nothing any more.
func (v Viewport) Most() bool { return v.zoom() == zooms[len(zooms)-1] }

// Double goes twice as near; from the nearest back to all.
func (v Viewport) Double() Viewport {
	if v.Most() {
		return v.Fit()
	}
	v.Zoom = min(2*v.zoom(), zooms[len(zooms)-1])
	return v
}

// Turn turns the picture by quarters to the right, to the left where they are
// negative. What was in the middle stays there.
func (v Viewport) Turn(quarters int) Viewport {
	for range (quarters%4 + 4) % 4 {
		v.Quarter = (v.Quarter + 1) % 4
		v.X, v.Y = -v.Y, v.X
	}
	return v
}

// Pan moves what is seen by dx and dy in percent of the room, to the right and
// down, up to the edges of a picture of that size in a room of w × h pixels.
func (v Viewport) Pan(dx, dy int, size image.Point, w, h int) Viewport {
	turned := v.turned(size)
	if turned.X < 1 || turned.Y < 1 {
		return v
	}
	seen := v.seen(turned, w, h).Size()
	v.X += dx * seen.X * whole / 100 / turned.X
	v.Y += dy * seen.Y * whole / 100 / turned.Y
	v.X, v.Y = bounded(v.X, seen.X, turned.X), bounded(v.Y, seen.Y, turned.Y)
	return v
}

// bounded keeps the middle of what is seen so that it does not leave the
// picture.
func bounded(v, seen, all int) int {
	most := (all - seen) * whole / 2 / all
	return min(max(v, -most), most)
}

// turned is the size of a picture after its turns.
func (v Viewport) turned(size image.Point) image.Point {
	if v.Quarter%2 != 0 {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// seen is the part of the turned picture that a room of w × h pixels shows.
func (v Viewport) seen(turned image.Point, w, h int) image.Rectangle {
	fitW, fitH := fitInto(turned.X, turned.Y, w, h)
	if fitW == 0 {
		return image.Rectangle{}
	}
	zoom := v.zoom()
	sw := max(1, min(turned.X, turned.X*w*fit/(fitW*zoom)))
	sh := max(1, min(turned.Y, turned.Y*h*fit/(fitH*zoom)))
	x := turned.X/2 + bounded(v.X, sw, turned.X)*turned.X/whole - sw/2
	y := turned.Y/2 + bounded(v.Y, sh, turned.Y)*turned.Y/whole - sh/2
	at := image.Pt(min(max(x, 0), turned.X-sw), min(max(y, 0), turned.Y-sh))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(sw, sh))}
}

// Region is the part of an upright picture of that size that is seen in a room
// of w × h pixels, before it is turned.
func (v Viewport) Region(size image.Point, w, h int) image.Rectangle {
	r := v.seen(v.turned(size), w, h)
	switch v.Quarter % 4 {
	case 1:
		return image.Rect(r.Min.Y, size.Y-r.Max.X, r.Max.Y, size.Y-r.Min.X)
	case 2:
		return image.Rect(size.X-r.Max.X, size.Y-r.Max.Y, size.X-r.Min.X, size.Y-r.Min.Y)
	case 3:
		return image.Rect(size.X-r.Max.Y, r.Min.X, size.X-r.Min.Y, r.Max.X)
	}
	return r
}

// Reduction is by how much a picture of that size may be reduced while it is
// decoded so that what is seen stays sharp; see [picture.Reduction].
func (v Viewport) Reduction(size image.Point, w, h int) int {
	region := v.Region(size, w, h).Size()
	part := v.turned(region)
	pw, ph := fitInto(part.X, part.Y, w, h)
	if v.Quarter%2 != 0 {
		pw, ph = ph, pw
	}
	return picture.Reduction(region.X, region.Y, pw, ph)
}

// drawable is what a part of a picture can be drawn from.
type drawable interface {
	Size() image.Point
	Draw(region image.Rectangle, w, h int) *image.RGBA
}

// Draw draws what is seen of a decoded attachment as it fills a room of w × h
// pixels.
func (v Viewport) Draw(sheet *picture.Sheet, w, h int) *image.RGBA { return v.draw(sheet, w, h) }

// Apply is [Viewport.Draw] for a picture in memory.
func (v Viewport) Apply(img image.Image, w, h int) *image.RGBA { return v.draw(loose{img}, w, h) }

func (v Viewport) draw(from drawable, w, h int) *image.RGBA {
	region := v.Region(from.Size(), w, h)
	part := v.turned(region.Size())
	pw, ph := fitInto(part.X, part.Y, w, h)
	if v.Quarter%2 != 0 {
		pw, ph = ph, pw
	}
	return quarters(from.Draw(region, pw, ph), v.Quarter)
}

// loose is a picture that is not an attachment.
type loose struct{ image.Image }

func (l loose) Size() image.Point { return l.Bounds().Size() }

func (l loose) Draw(region image.Rectangle, w, h int) *image.RGBA {
	return picture.Scale(l.Image, region.Add(l.Bounds().Min), w, h)
}

// quarters turns a picture by quarters to the right.
func quarters(img *image.RGBA, n int) *image.RGBA {
	if n %= 4; n == 0 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, h, w))
	if n == 2 {
		out = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	for y := range h {
		for x := range w {
			tx, ty := h-1-y, x
			switch n {
			case 2:
				tx, ty = w-1-x, h-1-y
			case 3:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[y*img.Stride+4*x:][:4])
		}
	}
	return out
}
