package picture

import (
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"testing"
)

func TestScaleWeighsToOne(t *testing.T) {
	for _, size := range []int{1, 2, 4} {
		for _, c := range []struct{ lo, hi, n int }{
			{0, 1, 1}, {0, 1, 7}, {0, 7, 1}, {0, 4000, 100}, {3, 4000, 99}, {5, 9, 9}, {0, 100, 100}, {1, 2, 1}, {7, 8, 3}, {0, 100_000, 3},
		} {
			for i, s := range spans(c.lo, c.hi, size, c.n) {
				sum := uint32(0)
				for _, w := range s.weights {
					sum += w
				}
				if sum != one || s.first < c.lo/size || s.first+len(s.weights)-1 > (c.hi-1)/size {
					t.Fatalf("%+v, size %d, pixel %d: got %+v", c, size, i, s)
				}
			}
		}
	}
}

// What scaling takes besides the result does not grow with the rows: a PNG may
// be one pixel wide and fifty million high.
func TestScaleTakesNoMemoryForRows(t *testing.T) {
	tall := image.NewGray(image.Rect(0, 0, 1, 2_000_000))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	Scale(tall, tall.Rect, 1, 3)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("took %d bytes", took)
	}
}

// A stroke one pixel wide on a page forty times as wide as the result is still
// seen, by as much as it covers.
func TestScaleKeepsThinStrokes(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 4000, 400))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	for x := 20; x < 4000; x += 40 {
		draw.Draw(page, image.Rect(x, 0, x+4, 400), image.Black, image.Point{}, draw.Src)
	}
	got := Scale(page, page.Rect, 100, 10)
	for x := range 100 {
		if c := got.RGBAAt(x, 5); !near(c, color.Gray{230}, 1) {
			t.Fatalf("column %d: got %v, want gray 230", x, c)
		}
	}
}

func TestScaleRegion(t *testing.T) {
	img := quarters(100, 60)
	ycbcr := image.NewYCbCr(img.Rect, image.YCbCrSubsampleRatio420)
	for y := range 60 {
		for x := range 100 {
			c := img.RGBAAt(x, y)
			ycbcr.Y[ycbcr.YOffset(x, y)], ycbcr.Cb[ycbcr.COffset(x, y)], ycbcr.Cr[ycbcr.COffset(x, y)] = color.RGBToYCbCr(c.R, c.G, c.B)
		}
	}
	for _, src := range []image.Image{img, ycbcr, img.SubImage(image.Rect(40, 20, 100, 60)), ycbcr.SubImage(image.Rect(41, 21, 100, 60))} {
		for _, w := range []int{1, 5, 200} {
			got := Scale(src, image.Rect(51, 31, 300, 300), w, w)
			if got.Bounds() != image.Rect(0, 0, w, w) {
				t.Fatalf("got %v, want a square of %d", got.Bounds(), w)
			}
			for _, p := range []image.Point{{0, 0}, {w - 1, w - 1}} {
				if c := got.RGBAAt(p.X, p.Y); !near(c, corners[3], 3) {
					t.Errorf("%T to %d at %v: got %v, want %v", src, w, p, c, corners[3])
				}
			}
		}
	}
}

// Every way in which a JPEG thins out its colours.
func TestScaleSubsampledColours(t *testing.T) {
	want := corners[2]
	y, cb, cr := color.RGBToYCbCr(want.R, want.G, want.B)
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		img := image.NewYCbCr(image.Rect(0, 0, 37, 23), ratio)
		for py := range 23 {
			for px := range 37 {
				if px >= 20 && py >= 12 {
					img.Y[img.YOffset(px, py)], img.Cb[img.COffset(px, py)], img.Cr[img.COffset(px, py)] = y, cb, cr
				}
			}
		}
		for _, size := range []int{1, 3, 17, 60} {
			got := Scale(img, image.Rect(20, 12, 37, 23), size, size)
			for _, p := range []image.Point{{0, 0}, {size - 1, 0}, {0, size - 1}, {size - 1, size - 1}} {
				if c := got.RGBAAt(p.X, p.Y); !near(c, want, 2) {
					t.Errorf("%v at %v of %d: got %v, want %v", ratio, p, size, c, want)
				}
			}
		}
	}
}

func TestScaleEnlargesSmoothly(t *testing.T) {
	img := image.NewGray(image.Rect(-1, -1, 1, 1))
	copy(img.Pix, []byte{0, 200, 0, 200})
	got := Scale(img, img.Rect, 8, 2)
	want := []uint8{0, 0, 25, 75, 125, 175, 200, 200}
	for x, v := range want {
		if c := got.RGBAAt(x, 1); c.R != v {
			t.Errorf("column %d: got %d, want %d", x, c.R, v)
		}
	}
}

func TestScaleNothing(t *testing.T) {
	img := quarters(4, 4)
	if got := Scale(img, img.Rect, 0, -3); !got.Bounds().Empty() {
		t.Errorf("got %v, want nothing", got.Bounds())
	}
	if got := Scale(img, image.Rect(9, 9, 12, 12), 2, 2); got.RGBAAt(1, 1) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("outside: got %v, want white", got.RGBAAt(1, 1))
	}
}
