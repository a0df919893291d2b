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
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeStandsUpright(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for _, size := range []image.Point{{64, 48}, {48, 64}, {640, 480}} {
			stored := lain(quarters(size.X, size.Y), orientation)
			data := withEXIF(encodeJPEG(t, stored), tiff(binary.BigEndian, orientation, ""))
			got, err := Decode(data, 64, 64)
			if err != nil {
				t.Fatal(err)
			}
			want := image.Pt(64, 48)
			if size.X < size.Y {
				want = image.Pt(48, 64)
			}
			if got.Bounds().Size() != want {
				t.Errorf("orientation %d: got %v, want %v", orientation, got.Bounds().Size(), want)
			}
			wantCorners(t, got, 6)
		}
	}
}

func TestDecodeTurnsEveryPixel(t *testing.T) {
	upright := photograph(13, 7)
	for orientation := 1; orientation <= 8; orientation++ {
		data := withChunk(encodePNG(t, lain(upright, orientation)), "eXIf", tiff(binary.LittleEndian, orientation, ""))
		got, err := Decode(data, 100, 100)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(upright.Pix, got.Pix); diff != "" {
			t.Errorf("orientation %d (-want +got):\n%s", orientation, diff)
		}
	}
}

func TestDecodeSizes(t *testing.T) {
	data := encodePNG(t, quarters(300, 200))
	for _, c := range []struct{ maxW, maxH, w, h int }{
		{300, 200, 300, 200}, {1000, 1000, 300, 200}, {150, 1000, 150, 100}, {1000, 100, 150, 100},
		{100, 70, 100, 67}, {30, 20, 30, 20}, {1, 1, 1, 1}, {1, 500, 1, 1}, {0, -5, 1, 1}, {299, 200, 299, 199},
	} {
		got, err := Decode(data, c.maxW, c.maxH)
		if err != nil || got.Bounds() != image.Rect(0, 0, c.w, c.h) {
			t.Errorf("within %d × %d: got %v, %v, want %d × %d", c.maxW, c.maxH, got.Bounds(), err, c.w, c.h)
		}
	}
}

// Every form in which a decoder hands over its pixels gives the same picture.
func TestDecodeKindsOfPixels(t *testing.T) {
	from := quarters(40, 40)
	paletted := image.NewPaletted(from.Rect, color.Palette{corners[0], corners[1], corners[2], corners[3]})
	for _, to := range []draw.Image{image.NewRGBA(from.Rect), image.NewNRGBA(from.Rect), image.NewRGBA64(from.Rect), image.NewNRGBA64(from.Rect), paletted} {
		draw.Draw(to, from.Rect, from, image.Point{}, draw.Src)
		for _, size := range []int{40, 10} {
			got, err := Decode(encodePNG(t, to), size, size)
			if err != nil {
				t.Fatal(err)
			}
			wantCorners(t, got, 1)
		}
	}
	for _, to := range []draw.Image{image.NewGray(from.Rect), image.NewGray16(from.Rect)} {
		draw.Draw(to, from.Rect, image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
		for _, data := range [][]byte{encodePNG(t, to), encodeJPEG(t, to)} {
			got, err := Decode(data, 10, 10)
			if err != nil || got.RGBAAt(5, 5) != (color.RGBA{90, 90, 90, 255}) {
				t.Errorf("%T: got %v, %v, want gray 90", to, got.RGBAAt(5, 5), err)
			}
		}
	}
}

func TestDecodeDrawsTransparencyOverWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	draw.Draw(img, image.Rect(0, 0, 10, 20), image.NewUniform(color.NRGBA{0, 0, 0, 128}), image.Point{}, draw.Src)
	got, err := Decode(encodePNG(t, img), 4, 4)
	if err != nil {
		t.Fatal(err)
	}
	if c := got.RGBAAt(0, 0); !near(c, color.Gray{127}, 1) {
		t.Errorf("half black: got %v, want gray 127", c)
	}
	if c := got.RGBAAt(3, 3); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("nothing: got %v, want white", c)
	}
}

// A CMYK JPEG as image editors write it: four components, inverted, with an
// Adobe segment. The standard encoder has no such output, so a gray picture's
// single scan is repeated for each component.
func TestDecodeConvertsCMYK(t *testing.T) {
	for _, c := range []struct {
		ink  [4]uint8 // as stored: 255 = no ink
		want color.RGBA
	}{
		{[4]uint8{255, 255, 255, 255}, color.RGBA{255, 255, 255, 255}},
		{[4]uint8{255, 0, 0, 255}, color.RGBA{255, 0, 0, 255}},
		{[4]uint8{255, 255, 255, 0}, color.RGBA{0, 0, 0, 255}},
	} {
		data := cmykJPEG(t, 16, 16, c.ink)
		got, err := Decode(data, 4, 4)
		if err != nil {
			t.Fatal(err)
		}
		if !near(got.RGBAAt(2, 2), c.want, 3) {
			t.Errorf("ink %v: got %v, want %v", c.ink, got.RGBAAt(2, 2), c.want)
		}
		if _, err := Portrait(data); err != nil {
			t.Errorf("portrait of CMYK: %v", err)
		}
	}
}

func cmykJPEG(t *testing.T, w, h int, ink [4]uint8) []byte {
	t.Helper()
	var tables []byte
	var scans []byte
	for i, v := range ink {
		gray := image.NewGray(image.Rect(0, 0, w, h))
		draw.Draw(gray, gray.Rect, image.NewUniform(color.Gray{v}), image.Point{}, draw.Src)
		one := encodeJPEG(t, gray)
		frame, scan := bytes.Index(one, []byte{0xff, 0xc0}), bytes.Index(one, []byte{0xff, 0xda})
		huffman := bytes.Index(one, []byte{0xff, 0xc4})
		if i == 0 {
			sof := []byte{0xff, 0xc0, 0, 8 + 12, 8, 0, byte(h), 0, byte(w), 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0}
			adobe := append([]byte{0xff, 0xee, 0, 14}, "Adobe\x00\x64\x00\x00\x00\x00\x00"...)
			tables = slices.Concat(one[:2], adobe, one[2:frame], sof, one[huffman:scan])
		}
		part := slices.Clone(one[scan : len(one)-2])
		part[5] = byte(i + 1)
		scans = append(scans, part...)
	}
	return slices.Concat(tables, scans, []byte{0xff, 0xd9})
}

func TestDecodeRefuses(t *testing.T) {
	whole := encodeJPEG(t, photograph(64, 64))
	for name, data := range map[string][]byte{
		"half a jpeg": whole[:len(whole)/2],
		"half a png":  encodePNG(t, photograph(64, 64))[:400],
	} {
		if _, err := Decode(data, 10, 10); !isDamaged(err, JPEG) && !isDamaged(err, PNG) {
			t.Errorf("%s: got %v, want a DamagedError", name, err)
		}
	}
	if _, err := Decode(pdf(), 10, 10); !errors.Is(err, UnsupportedError{"pdf"}) {
		t.Errorf("pdf: got %v, want it unsupported", err)
	}
	if _, err := Decode(nil, 10, 10); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty: got %v, want ErrEmpty", err)
	}
}

func BenchmarkDecode12MP(b *testing.B) {
	data := encodeJPEG(b, photograph(4000, 3000))
	for _, size := range []image.Point{{100, 70}, {400, 300}, {1000, 750}, {1600, 1200}} {
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(data, size.X, size.Y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("standard decoder alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("inspect", func(b *testing.B) {
		for b.Loop() {
			if _, err := Inspect(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
