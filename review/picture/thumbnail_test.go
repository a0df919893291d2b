package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
)

// tiffWith builds an EXIF structure with an orientation and a thumbnail.
func tiffWith(orientation int, small []byte) []byte {
	order := binary.LittleEndian
	out := order.AppendUint32([]byte("II*\x00"), 8)
	entry := func(tag, kind uint16, v uint32) {
		out = order.AppendUint16(out, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(order.AppendUint32(out, 1), v)
	}
	out = order.AppendUint16(out, 1)
	entry(tagOrientation, typeShort, uint32(orientation))
	out = order.AppendUint32(out, 26)
	out = order.AppendUint16(out, 2)
	entry(tagThumbnail, typeLong, 56)
	entry(tagThumbnailLength, typeLong, uint32(len(small)))
	out = order.AppendUint32(out, 0)
	return append(out, small...)
}

func TestThumbnail(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		stored := lain(quarters(600, 400), orientation)
		// A thumbnail of 160 × 120 with bars, as the camera held it.
		small := filled(160, 120, color.Black)
		b := stored.Bounds()
		place := image.Rect(0, 7, 160, 113)
		if b.Dx() < b.Dy() {
			place = image.Rect(40, 0, 120, 120)
		}
		draw.Draw(small, place, Scale(stored, b, place.Dx(), place.Dy()), image.Point{}, draw.Src)
		data := withEXIF(encodeJPEG(t, stored), tiffWith(orientation, encodeJPEG(t, small)))
		got, ok := Thumbnail(data)
		if !ok {
			t.Fatalf("orientation %d: none", orientation)
		}
		if d := got.Rect.Dx()*400 - got.Rect.Dy()*600; max(d, -d) > 600 {
			t.Errorf("orientation %d: got %v, want 3 : 2", orientation, got.Rect)
		}
		wantCorners(t, got.SubImage(got.Rect.Inset(3)), 25)
	}
}

func TestThumbnailMissing(t *testing.T) {
	photo := encodeJPEG(t, quarters(60, 40))
	small := encodeJPEG(t, quarters(16, 12))
	good := tiffWith(1, small)
	spoil := func(at int, b ...byte) []byte {
		return slices.Concat(good[:at], b, good[at+len(b):])
	}
	for name, data := range map[string][]byte{
		"no exif":            photo,
		"png":                encodePNG(t, quarters(60, 40)),
		"pdf":                pdf(),
		"nothing":            nil,
		"no second":          withEXIF(photo, spoil(22, 0, 0, 0, 0)),
		"second beyond":      withEXIF(photo, spoil(22, 0xff, 0xff, 0xff, 0xff)),
		"begins beyond":      withEXIF(photo, spoil(36, 0xff, 0xff, 0xff, 0xff)),
		"too long":           withEXIF(photo, spoil(48, 0xff, 0xff, 0xff, 0xff)),
		"empty":              withEXIF(photo, tiffWith(1, nil)),
		"not a picture":      withEXIF(photo, tiffWith(1, []byte("hello, world"))),
		"itself no jpeg":     withEXIF(photo, tiffWith(1, encodePNG(t, quarters(8, 8)))),
		"cut off":            withEXIF(photo, tiffWith(1, small[:len(small)/2])),
		"larger than it may": withEXIF(photo, tiffWith(1, encodeJPEG(t, image.NewGray(image.Rect(0, 0, 1300, 1000))))),
	} {
		if got, ok := Thumbnail(data); ok {
			t.Errorf("%s: got %v", name, got.Rect)
		}
	}
}

func FuzzThumbnail(f *testing.F) {
	f.Add(tiffWith(6, encodeJPEG(f, quarters(16, 12))))
	photo := encodeJPEG(f, quarters(60, 40))
	f.Fuzz(func(t *testing.T, exif []byte) {
		if len(exif) > 60_000 {
			return
		}
		if got, ok := Thumbnail(withEXIF(photo, exif)); ok && (got.Rect.Empty() || got.Rect.Dx()*got.Rect.Dy() > maxThumbnail) {
			t.Fatalf("got %v", got.Rect)
		}
	})
}
