package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"testing"
)

func TestPortraitIsUprightAndCut(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for _, size := range []image.Point{{295, 413}, {450, 350}, {250, 600}, {120, 160}} {
			stored := lain(quarters(size.X, size.Y), orientation)
			got, err := Portrait(withEXIF(encodeJPEG(t, stored), tiff(binary.BigEndian, orientation, "2025:01:17 09:30:05")))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(got, []byte("Exif")) {
				t.Error("the portrait carries metadata")
			}
			img, err := jpeg.Decode(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds() != image.Rect(0, 0, PortraitWidth, PortraitHeight) {
				t.Errorf("got %v, want %d × %d", img.Bounds(), PortraitWidth, PortraitHeight)
			}
			wantCorners(t, img, 8)
			// The centre of the source is the centre of the portrait.
			for i, p := range [4]image.Point{{140, 200}, {154, 200}, {140, 213}, {154, 213}} {
				if !near(img.At(p.X, p.Y), corners[i], 40) {
					t.Errorf("orientation %d, %v: quarter %d begins off the centre", orientation, size, i)
				}
			}
		}
	}
}

func TestPortraitIsDeterministic(t *testing.T) {
	data := encodePNG(t, photograph(700, 900))
	first, err := Portrait(data)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Portrait(data)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same picture gave two portraits")
	}
	if _, err := Portrait(pdf()); !errors.Is(err, UnsupportedError{"pdf"}) {
		t.Errorf("pdf: got %v, want it unsupported", err)
	}
}

func TestPortraitFacts(t *testing.T) {
	for _, c := range []struct {
		w, h         int
		large, ratio bool
	}{
		{295, 413, true, true}, {294, 413, false, true}, {295, 412, false, true}, {413, 579, true, true},
		{480, 640, true, true}, {481, 640, true, false}, {679, 1000, true, true}, {678, 1000, true, false},
		{413, 531, true, false}, {358, 441, true, false}, {1000, 1000, true, false}, {0, 0, false, false},
	} {
		f := Facts{Width: c.w, Height: c.h}
		if f.LargeEnough() != c.large || f.PortraitRatio() != c.ratio {
			t.Errorf("%d × %d: got large %v, ratio %v", c.w, c.h, f.LargeEnough(), f.PortraitRatio())
		}
	}
}

func BenchmarkPortrait(b *testing.B) {
	data := encodeJPEG(b, photograph(1200, 1680))
	for b.Loop() {
		out, err := Portrait(data)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(out)), "bytes")
	}
}
