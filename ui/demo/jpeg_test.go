package demo

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"rongzheng/review"
)

// TestFlatJPEGShowsThePortrait compares what the standard decoder reads with what was drawn.
func TestFlatJPEGShowsThePortrait(t *testing.T) {
	for index := range 40 {
		l := newLook(random(1, index, streamLook), []string{review.Male, review.Female}[index%2], 20+index)
		want := l.portrait()
		got, err := jpeg.Decode(bytes.NewReader(flatJPEG(want)))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds() != want.Bounds() {
			t.Fatalf("bounds %v, want %v", got.Bounds(), want.Bounds())
		}
		if off := meanDeviation(got, want); off > 2.5 {
			t.Errorf("look %d: mean deviation %.2f of 255", index, off)
		}
	}
}

func meanDeviation(got image.Image, want *image.RGBA) float64 {
	sum, n := 0, 0
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			c := want.RGBAAt(x, y)
			for _, d := range []int{int(r>>8) - int(c.R), int(g>>8) - int(c.G), int(b>>8) - int(c.B)} {
				sum += max(d, -d)
				n++
			}
		}
	}
	return float64(sum) / float64(n)
}

func TestPapersAreEncodedWhole(t *testing.T) {
	b := makeBuilder(t, noon)
	c := b.studio.front.copied()
	for i := range c.Pix { // runs of every length
		if i%7 == 0 || i%263 < 2 {
			c.Pix[i] = uint8(i * 31)
		}
	}
	for _, want := range []canvas{b.studio.front, b.studio.flat, b.studio.sheet, c} {
		got, err := png.Decode(bytes.NewReader(want.encode()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.(*image.Paletted).Pix, want.Pix) {
			t.Error("the decoded paper differs")
		}
	}
}

func BenchmarkPortrait(b *testing.B) {
	l := newLook(random(1, 1, streamLook), review.Female, 30)
	for b.Loop() {
		flatJPEG(l.portrait())
	}
}
