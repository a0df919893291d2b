package graphics

import (
	"fmt"
	"image"
	"image/color"
	"testing"
)

// map16 is a picture of 4 × 4 fields of 20 × 10 pixels, each of a colour that
// says where it is.
func map16() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 80, 40))
	for y := range 40 {
		for x := range 80 {
			img.SetRGBA(x, y, field(x/20, y/10))
		}
	}
	return img
}

func field(x, y int) color.RGBA { return color.RGBA{uint8(40 + 60*x), uint8(40 + 60*y), 128, 255} }

// corner names what stands at the corners of a picture: top left, top right,
// bottom left, bottom right.
func wantFields(t *testing.T, name string, img *image.RGBA, want ...color.RGBA) {
	t.Helper()
	b := img.Rect
	for i, p := range []image.Point{b.Min, {b.Max.X - 1, b.Min.Y}, {b.Min.X, b.Max.Y - 1}, b.Max.Sub(image.Pt(1, 1))} {
		if got := img.RGBAAt(p.X, p.Y); got != want[i] {
			t.Errorf("%s: corner %d is %v, want %v", name, i, got, want[i])
		}
	}
}

func TestViewportTurns(t *testing.T) {
	img := map16()
	a, b, c, d := field(0, 0), field(3, 0), field(0, 3), field(3, 3)
	wantFields(t, "upright", Viewport{}.Apply(img, 80, 80), a, b, c, d)
	wantFields(t, "right", Viewport{}.Turn(1).Apply(img, 80, 80), c, a, d, b)
	wantFields(t, "half", Viewport{}.Turn(2).Apply(img, 80, 80), d, c, b, a)
	wantFields(t, "left", Viewport{}.Turn(-1).Apply(img, 80, 80), b, d, a, c)
	if got := (Viewport{}.Turn(5).Turn(-5)); got != (Viewport{}) {
		t.Errorf("there and back: got %+v", got)
	}
	if got := (Viewport{}.Turn(1).Apply(img, 80, 80)).Rect.Size(); got != image.Pt(40, 80) {
		t.Errorf("lying: got %v, want 40 × 80", got)
	}
}

// Zoomed in by four, one field fills the room, whichever way it is turned.
func TestViewportShowsOneField(t *testing.T) {
	img := map16()
	size := img.Rect.Size()
	for quarter := range 4 {
		v := Viewport{}.Double().Double().Turn(quarter)
		room := v.turned(image.Pt(160, 80))
		for range 9 {
			v = v.Pan(-60, -60, size, room.X, room.Y)
		}
		part := v.Apply(img, room.X, room.Y)
		first := map[int]color.RGBA{0: field(0, 0), 1: field(0, 3), 2: field(3, 3), 3: field(3, 0)}[quarter]
		wantFields(t, fmt.Sprint("turned ", quarter), part, first, first, first, first)
		if part.Rect.Size() != room {
			t.Errorf("turned %d: got %v, want %v", quarter, part.Rect.Size(), room)
		}
		for range 9 {
			v = v.Pan(60, 60, size, room.X, room.Y)
		}
		last := map[int]color.RGBA{0: field(3, 3), 1: field(3, 0), 2: field(0, 0), 3: field(0, 3)}[quarter]
		part = v.Apply(img, room.X, room.Y)
		wantFields(t, fmt.Sprint("turned, other end ", quarter), part, last, last, last, last)
	}
}

func TestViewportSteps(t *testing.T) {
	v := Viewport{}
	for _, want := range append(zooms[1:], zooms[len(zooms)-1]) {
		if v = v.In(); v.Zoom != want {
			t.Errorf("in: got %d, want %d", v.Zoom, want)
		}
	}
	if !v.Most() || v.Double() != (Viewport{}) {
		t.Errorf("at the end: got %+v", v.Double())
	}
	for i := len(zooms) - 2; i >= 0; i-- {
		if v = v.Out(); v.zoom() != zooms[i] {
			t.Errorf("out: got %d, want %d", v.zoom(), zooms[i])
		}
	}
	if v = v.Out(); !v.Fits() || v != (Viewport{}) {
		t.Errorf("out of all: got %+v", v)
	}
	if got := (Viewport{Zoom: 150, X: 9, Y: -9, Quarter: 3}).Fit(); got != (Viewport{Quarter: 3}) {
		t.Errorf("fit: got %+v", got)
	}
}

// Panning stops at the edges and comes back with the next step.
func TestViewportPanIsBounded(t *testing.T) {
	size := image.Pt(1000, 500)
	v := Viewport{}
	if got := v.Pan(50, 50, size, 100, 100); got != v {
		t.Errorf("all is seen: got %+v", got)
	}
	v = v.Double()
	// The room is square: at twice the size all of the height is seen.
	for range 20 {
		v = v.Pan(30, 30, size, 100, 100)
	}
	if v.Y != 0 || v.Region(size, 100, 100) != image.Rect(500, 0, 1000, 500) {
		t.Errorf("got %+v, %v", v, v.Region(size, 100, 100))
	}
	if back := v.Pan(-10, 0, size, 100, 100); back.X >= v.X {
		t.Errorf("one step back: got %+v", back)
	}
	if got := v.Pan(9, 9, image.Point{}, 10, 10); got != v {
		t.Errorf("no picture: got %+v", got)
	}
}

// Whatever is asked for, what is seen lies in the picture.
func TestViewportStaysInside(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {4000, 3000}, {7, 10_000}, {50_000, 2}} {
		for _, room := range []image.Point{{1, 1}, {80, 48}, {3, 1000}, {0, 5}} {
			for _, v := range []Viewport{{}, {Zoom: 1600, X: 99_999, Y: -99_999, Quarter: 1}, {Zoom: -5, Quarter: 3}, {Zoom: 1 << 30, X: -4999, Y: 4999, Quarter: 2}} {
				r := v.Region(size, room.X, room.Y)
				if room.X == 0 {
					if !r.Empty() {
						t.Errorf("no room: got %v", r)
					}
					continue
				}
				if r.Empty() || !r.In(image.Rectangle{Max: size}) {
					t.Errorf("%+v of %v in %v: got %v", v, size, room, r)
				}
			}
		}
	}
}

func TestViewportReduction(t *testing.T) {
	size := image.Pt(4000, 3000)
	v := Viewport{}
	for _, want := range []int{8, 4, 2, 1, 1} {
		if got := v.Reduction(size, 200, 150); got != want {
			t.Errorf("%+v: got %d, want %d", v, got, want)
		}
		if got := v.Turn(1).Reduction(size, 150, 200); got != want {
			t.Errorf("%+v, turned: got %d, want %d", v, got, want)
		}
		v = v.Double()
	}
}
