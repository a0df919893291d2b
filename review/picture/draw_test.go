package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"
)

// The four corners of a test picture, upright: top left, top right, bottom
// left, bottom right.
var corners = [4]color.RGBA{{220, 30, 30, 255}, {30, 190, 40, 255}, {40, 60, 220, 255}, {230, 210, 40, 255}}

// quarters draws a w × h picture whose quarters have the colours of corners.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := 0
			if x >= w/2 {
				i++
			}
			if y >= h/2 {
				i += 2
			}
			img.SetRGBA(x, y, corners[i])
		}
	}
	return img
}

// lain returns how a camera that writes the given orientation stores img. The
// turns are spelled out one by one, as the standard's table has them.
func lain(img *image.RGBA, orientation int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	// Where the first row and the first column of the file stand to the eye.
	place := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },                 // top, left
		2: func(x, y int) (int, int) { return w - 1 - x, y },         // top, right
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, // bottom, right
		4: func(x, y int) (int, int) { return x, h - 1 - y },         // bottom, left
		5: func(x, y int) (int, int) { return y, x },                 // left, top
		6: func(x, y int) (int, int) { return y, w - 1 - x },         // right, top
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x }, // right, bottom
		8: func(x, y int) (int, int) { return h - 1 - y, x },         // left, bottom
	}[orientation]
	for y := range h {
		for x := range w {
			px, py := place(x, y)
			out.SetRGBA(px, py, img.RGBAAt(x, y))
		}
	}
	return out
}

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tiff builds an EXIF structure with an orientation and, unless empty, a time.
func tiff(order binary.AppendByteOrder, orientation int, taken string) []byte {
	out := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		out = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count uint32) {
		out = order.AppendUint16(out, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(out, count)
	}
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 2)
	entry(tagOrientation, typeShort, 1)
	out = order.AppendUint16(out, uint16(orientation))
	out = order.AppendUint16(out, 0)
	entry(tagExifIFD, typeLong, 1)
	out = order.AppendUint32(out, 38)
	out = order.AppendUint32(out, 0)
	out = order.AppendUint16(out, 1)
	entry(tagTaken, typeASCII, uint32(len(taken)+1))
	out = order.AppendUint32(out, 56)
	out = order.AppendUint32(out, 0)
	return append(append(out, taken...), 0)
}

// withEXIF puts an EXIF segment behind the start of a JPEG.
func withEXIF(data, tiff []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), data[2:]...)
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(data []byte, name string, body []byte) []byte {
	const behindHeader = 33
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := append([]byte{}, data[:behindHeader]...)
	return append(append(out, chunk...), data[behindHeader:]...)
}

// claimPNG is a gray PNG whose header claims another size than its pixels have.
func claimPNG(t testing.TB, w, h uint32) []byte {
	t.Helper()
	data := encodePNG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// photograph draws something with the colours and noise of a real picture.
func photograph(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			n := int(seed>>28) - 8
			img.SetRGBA(x, y, color.RGBA{uint8(60 + 150*x/w + n), uint8(80 + 120*y/h + n), uint8(120 + n + 60*((x/40+y/40)%2)), 255})
		}
	}
	draw.Draw(img, image.Rect(w/3, h/3, w/2, h/2), image.Black, image.Point{}, draw.Src)
	return img
}

// near reports whether two colours differ by at most tolerance per channel.
func near(a, b color.Color, tolerance int) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range [3]int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		if max(d, -d) > tolerance {
			return false
		}
	}
	return true
}

// wantCorners checks the outermost pixels of an upright quarters picture.
func wantCorners(t *testing.T, img image.Image, tolerance int) {
	t.Helper()
	b := img.Bounds()
	for i, p := range [4]image.Point{b.Min, {b.Max.X - 1, b.Min.Y}, {b.Min.X, b.Max.Y - 1}, {b.Max.X - 1, b.Max.Y - 1}} {
		if got := img.At(p.X, p.Y); !near(got, corners[i], tolerance) {
			t.Errorf("corner %d is %v, want %v", i, got, corners[i])
		}
	}
}
