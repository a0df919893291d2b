package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
)

var samplings = map[string][][2]int{
	"gray":        {{1, 1}},
	"gray 2x2":    {{2, 2}},
	"4:4:4":       {{1, 1}, {1, 1}, {1, 1}},
	"4:2:2":       {{2, 1}, {1, 1}, {1, 1}},
	"4:2:2 high":  {{2, 2}, {1, 2}, {1, 2}},
	"4:2:0":       {{2, 2}, {1, 1}, {1, 1}},
	"4:4:0":       {{1, 2}, {1, 1}, {1, 1}},
	"4:1:1":       {{4, 1}, {1, 1}, {1, 1}},
	"4:1:0":       {{4, 2}, {1, 1}, {1, 1}},
	"4:4:4 wide":  {{2, 1}, {2, 1}, {2, 1}},
	"not in use":  {{4, 1}, {2, 1}, {2, 1}},
	"bad mixture": {{2, 2}, {1, 1}, {2, 1}},
}

var orders = map[string]encoder{
	"sequential":           {},
	"restarts":             {restart: 3},
	"apart":                {apart: true},
	"apart, restarts":      {apart: true, restart: 2},
	"progressive":          {progressive: true},
	"progressive, fine":    {progressive: true, fine: true},
	"progressive, restart": {progressive: true, fine: true, restart: 5},
}

// What the reduced decoder gives is what averaging all pixels gives.
func TestReduceAgreesWithTheStandardDecoder(t *testing.T) {
	for colours, sampling := range samplings {
		for order, e := range orders {
			e.sampling, e.quant = sampling, 3
			for _, size := range []image.Point{{96, 64}, {75, 53}, {17, 31}, {8, 8}, {1, 1}} {
				data := e.encode(t, photograph(size.X, size.Y))
				want, err := jpeg.Decode(bytes.NewReader(data))
				if err != nil {
					if _, ok := reduceJPEG(data, 8, false); ok {
						t.Errorf("%s %s: read, the standard decoder says %v", colours, order, err)
					}
					continue
				}
				for _, by := range []int{2, 4, 8} {
					name := fmt.Sprintf("%s, %s, %v, 1/%d", colours, order, size, by)
					wantReduced(t, name, data, by, want)
				}
			}
		}
	}
}

// unread are orders that are left to the standard decoder.
var unread = []string{"4:1:1", "4:1:0", "not in use", "bad mixture", "apart, restarts", "progressive, restart"}

// wantReduced compares what is drawn from the reduced picture with what is
// drawn from all pixels, as large as [Reduction] allows.
func wantReduced(t *testing.T, name string, data []byte, by int, want image.Image) {
	t.Helper()
	r, ok := reduceJPEG(data, by, false)
	if !ok {
		if !slices.ContainsFunc(unread, func(s string) bool { return strings.Contains(name, s) }) {
			t.Errorf("%s: not read", name)
		}
		return
	}
	size := want.Bounds().Size()
	if r.width != size.X || r.height != size.Y {
		t.Fatalf("%s: got %d × %d", name, r.width, r.height)
	}
	sheet, err := Open(data, by)
	if err != nil {
		t.Fatal(err)
	}
	w, h := size.X/(2*by), size.Y/(2*by)
	whole := image.Rect(0, 0, 2*by*w, 2*by*h)
	if worst, mean := differ(sheet.Draw(whole, w, h), Scale(want, whole, w, h)); worst > 3 || mean > 0.8 {
		t.Errorf("%s: off by %d at most, %.2f in the mean", name, worst, mean)
	}
}

// differ returns the largest and the mean difference of two pictures of a size.
func differ(a, b *image.RGBA) (worst int, mean float64) {
	sum := 0
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		d = max(d, -d)
		worst, sum = max(worst, d), sum+d
	}
	return worst, float64(sum) / max(float64(len(a.Pix)), 1)
}

// Sizes that the reduced samples do not divide: sharp edges may stand by a part
// of a pixel elsewhere.
func TestDecodeLooksTheSameReduced(t *testing.T) {
	data := encodeJPEG(t, photograph(1203, 907))
	all, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{7, 30, 75, 80, 120, 150, 200, 301, 450, 600} {
		got, err := Decode(data, size, size)
		if err != nil {
			t.Fatal(err)
		}
		want := Scale(all, all.Bounds(), got.Rect.Dx(), got.Rect.Dy())
		if worst, mean := differ(got, want); worst > 40 || mean > 1.5 {
			t.Errorf("%d: off by %d at most, %.2f in the mean", size, worst, mean)
		}
	}
}

// Photographs as the standard library encodes them, upright in every way.
func TestReduceKeepsOrientation(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		stored := lain(quarters(640, 480), orientation)
		data := withEXIF(encodeJPEG(t, stored), tiff(binary.BigEndian, orientation, ""))
		for _, by := range []int{1, 2, 4, 8} {
			sheet, err := Open(data, by)
			if err != nil || sheet.Reduced() != by || sheet.Size() != image.Pt(640, 480) {
				t.Fatalf("orientation %d, 1/%d: got %+v, %v", orientation, by, sheet, err)
			}
			wantCorners(t, sheet.Draw(image.Rect(0, 0, 640, 480), 80, 60), 6)
			// A part of one quarter has its colour alone.
			got := sheet.Draw(image.Rect(340, 10, 630, 220), 5, 5)
			for _, p := range []image.Point{{0, 0}, {4, 4}} {
				if c := got.RGBAAt(p.X, p.Y); !near(c, corners[1], 6) {
					t.Errorf("orientation %d, 1/%d: got %v, want %v", orientation, by, c, corners[1])
				}
			}
		}
	}
}

// A PNG is reduced after it was decoded, so that what is kept of it is as small
// as that of a JPEG; transparent parts are paper, and the last blocks are
// smaller where the size does not divide.
func TestReducePNG(t *testing.T) {
	photo := photograph(203, 107)
	clear := image.NewNRGBA(photo.Rect)
	draw.Draw(clear, clear.Rect, photo, image.Point{}, draw.Src)
	for i := 3; i < len(clear.Pix)/2; i += 4 {
		clear.Pix[i] = 0x40
	}
	deep := image.NewRGBA64(photo.Rect)
	draw.Draw(deep, deep.Rect, photo, image.Point{}, draw.Src)
	for name, img := range map[string]image.Image{"opaque": photo, "transparent": clear, "deep": deep} {
		data := encodePNG(t, img)
		for _, by := range []int{2, 4, 8} {
			sheet, err := Open(data, by)
			if err != nil || sheet.Reduced() != by || sheet.Size() != image.Pt(203, 107) {
				t.Fatalf("%s, 1/%d: got %+v, %v", name, by, sheet, err)
			}
			if most := int64(4 * (203/by + 1) * (107/by + 1)); sheet.Bytes() > most {
				t.Errorf("%s, 1/%d: holds %d bytes, want %d at most", name, by, sheet.Bytes(), most)
			}
			for _, part := range []image.Rectangle{{Max: sheet.Size()}, image.Rect(96, 64, 203, 107)} {
				w, h := max(part.Dx()/(2*by), 1), max(part.Dy()/(2*by), 1)
				worst, mean := differ(sheet.Draw(part, w, h), Scale(img, part, w, h))
				if worst > 40 || mean > 2 { // edges stand by a part of a pixel elsewhere
					t.Errorf("%s, 1/%d, %v: off by %d at most, %.2f in the mean", name, by, part, worst, mean)
				}
			}
		}
	}
}

func TestMeasure(t *testing.T) {
	data := withEXIF(encodeJPEG(t, quarters(60, 40)), tiff(binary.BigEndian, 6, ""))
	if got, err := Measure(data); err != nil || got != image.Pt(40, 60) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := Measure(pdf()); !errors.Is(err, UnsupportedError{"pdf"}) {
		t.Errorf("pdf: got %v", err)
	}
}

func TestReduction(t *testing.T) {
	for _, c := range []struct{ wide, high, w, h, want int }{
		{4000, 3000, 200, 150, 8}, {4000, 3000, 250, 187, 8}, {4000, 3000, 251, 188, 4}, {4000, 3000, 1000, 750, 2},
		{4000, 3000, 1001, 751, 1}, {100, 100, 100, 100, 1}, {16, 16, 1, 1, 8}, {0, 0, 1, 1, 1},
	} {
		if got := Reduction(c.wide, c.high, c.w, c.h); got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}

// What is damaged is refused as it is without reduction, wherever it breaks.
func TestReduceRefusesWhatIsDamaged(t *testing.T) {
	for order, e := range orders {
		e.sampling, e.quant = samplings["4:2:0"], 6
		data := e.encode(t, photograph(64, 48))
		for cut := 2; cut < len(data); cut += 7 {
			wantNotMore(t, fmt.Sprintf("%s, cut at %d", order, cut), data[:cut])
		}
		seed := uint32(7)
		for range 300 {
			seed = seed*1664525 + 1013904223
			spoiled := slices.Clone(data)
			spoiled[int(seed>>8)%len(data)] = byte(seed)
			wantNotMore(t, order+", spoiled", spoiled)
		}
	}
}

// wantNotMore sees that nothing is read that the standard decoder refuses.
func wantNotMore(t *testing.T, name string, data []byte) {
	t.Helper()
	for _, by := range []int{2, 8} {
		if _, ok := reduceJPEG(data, by, false); !ok {
			continue
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("%s, 1/%d: read, the standard decoder says %v", name, by, err)
		}
	}
}

// At an eighth, what a brief look gives is what all scans give, and what it
// passes over may be damaged.
func TestReduceBriefly(t *testing.T) {
	for _, e := range []encoder{{progressive: true}, {progressive: true, fine: true}, {progressive: true, fine: true, restart: 5}} {
		e.sampling, e.quant = samplings["4:4:4"], 4
		data := e.encode(t, photograph(75, 53))
		all, ok := reduceJPEG(data, 8, false)
		brief, ok2 := reduceJPEG(data, 8, true)
		if !ok || !ok2 {
			t.Fatalf("%+v: not read", e)
		}
		for i, c := range all.components {
			if !bytes.Equal(c.pix, brief.components[i].pix) {
				t.Errorf("%+v: component %d differs", e, i)
			}
		}
	}
	data := encoder{sampling: samplings["gray"], quant: 4, progressive: true}.encode(t, photograph(75, 53))
	band := bytes.LastIndex(data, []byte{0xff, 0xda})
	for i := band + 12; i < band+40; i++ {
		data[i] = 0x7f
	}
	if _, err := Open(data, 8); err != nil {
		t.Errorf("open: %v", err)
	}
	if _, err := Decode(data, 4, 4); err == nil {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("decode takes what is damaged: %v", err)
		}
	}
}

// Red, green and blue without the usual transform, as Adobe's programs mark it.
func TestReduceLeavesRGBAlone(t *testing.T) {
	e := encoder{sampling: samplings["4:4:4"], quant: 2}
	adobe := append([]byte{0xff, 0xee, 0, 14}, "Adobe\x00\x64\x00\x00\x00\x00\x00"...)
	data := slices.Insert(e.encode(t, photograph(64, 64)), 2, adobe...)
	if _, ok := reduceJPEG(data, 8, false); ok {
		t.Error("read as YCbCr")
	}
	want, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data, 4, 4)
	if err != nil {
		t.Fatal(err)
	}
	if c := Scale(want, want.Bounds(), 4, 4).RGBAAt(1, 2); got.RGBAAt(1, 2) != c {
		t.Errorf("got %v, want %v", got.RGBAAt(1, 2), c)
	}
}

// Restarts and codes of all lengths at once, on flat colour: the mean is exact.
func TestReduceIsExactOnFlatColour(t *testing.T) {
	for colours, sampling := range samplings {
		for _, v := range []uint8{0, 1, 127, 128, 254, 255} {
			e := encoder{sampling: sampling, quant: 1}
			data := e.encode(t, filled(40, 24, color.Gray{v}))
			for _, by := range []int{2, 4, 8} {
				if _, ok := reduceJPEG(data, by, false); !ok {
					continue
				}
				sheet, err := Open(data, by)
				if err != nil {
					t.Fatal(err)
				}
				if got := sheet.Draw(image.Rect(0, 0, 40, 24), 5, 3).RGBAAt(2, 1); !near(got, color.Gray{v}, 0) {
					t.Errorf("%s, 1/%d: got %v, want gray %d", colours, by, got, v)
				}
			}
		}
	}
}

func FuzzReduce(f *testing.F) {
	for _, sampling := range []string{"gray", "4:2:0", "4:4:4"} {
		for _, e := range orders {
			e.sampling, e.quant = samplings[sampling], 20
			f.Add(e.encode(f, photograph(19, 17)))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		head, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || head.Width*head.Height > 1<<16 {
			return
		}
		for _, by := range []int{2, 4, 8} {
			r, ok := reduceJPEG(data, by, false)
			if !ok {
				continue
			}
			img, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("1/%d: read, the standard decoder says %v", by, err)
			}
			if img.Bounds().Size() != image.Pt(r.width, r.height) {
				t.Fatalf("got %d × %d, want %v", r.width, r.height, img.Bounds())
			}
		}
	})
}
