package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInspectReadsEveryOrientation(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			stored := lain(quarters(60, 40), orientation)
			exif := tiff(order, orientation, "2025:01:17 09:30:05")
			for kind, data := range map[Type][]byte{
				JPEG: withEXIF(encodeJPEG(t, stored), exif),
				PNG:  withChunk(encodePNG(t, stored), "eXIf", exif),
			} {
				got, err := Inspect(data)
				if err != nil {
					t.Fatalf("%s %d: %v", kind, orientation, err)
				}
				sum := sha256.Sum256(data)
				want := Facts{Type: kind, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), Width: 60, Height: 40,
					Orientation: orientation, Captured: "2025-01-17 09:30:05"}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %d (-want +got):\n%s", kind, orientation, diff)
				}
			}
		}
	}
}

func TestInspectIgnoresSenselessEXIF(t *testing.T) {
	good := tiff(binary.LittleEndian, 6, "2025:01:17 09:30:05")
	spoil := func(at int, b ...byte) []byte {
		return slices.Concat(good[:at], b, good[at+len(b):])
	}
	for name, exif := range map[string][]byte{
		"empty":             {},
		"header only":       good[:8],
		"other magic":       spoil(0, 'X', 'X'),
		"directory beyond":  spoil(4, 0xff, 0xff, 0xff, 0xff),
		"orientation 0":     spoil(18, 0),
		"orientation 9":     spoil(18, 9),
		"orientation text":  spoil(12, typeASCII),
		"orientation array": spoil(14, 0xff, 0xff, 0xff, 0xff),
	} {
		got, err := Inspect(withEXIF(encodeJPEG(t, quarters(16, 8)), exif))
		if err != nil || got.Orientation != 1 || got.Width != 16 || got.Height != 8 {
			t.Errorf("%s: got %+v, %v, want an upright picture", name, got, err)
		}
	}
	for name, exif := range map[string][]byte{
		"unset clock":   tiff(binary.BigEndian, 1, "0000:00:00 00:00:00"),
		"blank":         tiff(binary.BigEndian, 1, "    :  :     :  :  "),
		"no such day":   tiff(binary.BigEndian, 1, "2025:02:30 00:00:00"),
		"escape":        tiff(binary.BigEndian, 1, "\x1b[31m:17 09:30:05"),
		"cut off":       good[:len(good)-8],
		"sub beyond":    spoil(30, 0xff, 0xff, 0xff, 0xff),
		"length beyond": spoil(44, 0xff, 0xff, 0xff, 0xff),
	} {
		got, err := Inspect(withEXIF(encodeJPEG(t, quarters(16, 8)), exif))
		if err != nil || got.Captured != "" {
			t.Errorf("%s: got %q, %v, want no time", name, got.Captured, err)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	small := encodeJPEG(t, quarters(8, 8))
	frame := bytes.Index(small, []byte{0xff, 0xc0})
	scan := bytes.Index(small, []byte{0xff, 0xda})
	huge := slices.Concat(small[:frame+5], []byte{0x40, 0x00, 0x40, 0x00}, small[frame+9:])
	lossless := slices.Clone(small)
	lossless[frame+1] = 0xc3
	var scans []byte
	for range maxScans + 1 {
		scans = append(scans, small[scan:len(small)-2]...)
	}

	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":            {nil, ErrEmpty},
		"too many bytes":   {make([]byte, MaxBytes+1), SizeError{MaxBytes + 1, MaxBytes}},
		"gif":              {[]byte("GIF89a......"), UnsupportedError{"gif"}},
		"webp":             {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), UnsupportedError{"webp"}},
		"heic":             {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), UnsupportedError{"heic"}},
		"avif":             {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), UnsupportedError{"avif"}},
		"video":            {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), UnsupportedError{"unknown"}},
		"word":             {[]byte("PK\x03\x04............"), UnsupportedError{"zip"}},
		"text":             {[]byte("hello, world"), UnsupportedError{"unknown"}},
		"page of html":     {[]byte("<html>%PDF-1.4 %%EOF"), UnsupportedError{"unknown"}},
		"huge jpeg":        {huge, PixelsError{0x4000, 0x4000, MaxPixels}},
		"huge png":         {claimPNG(t, 10_000, 10_000), PixelsError{10_000, 10_000, MaxPixels}},
		"lossless":         {lossless, UnsupportedError{"lossless jpeg"}},
		"jpeg of 3 bytes":  {small[:3], DamagedError{JPEG, errNoFrame}},
		"jpeg, cut header": {small[:frame+6], DamagedError{JPEG, errSegment}},
		"jpeg, no scan":    {small[:scan], DamagedError{JPEG, errNoScan}},
		"jpeg, many scans": {slices.Concat(small[:scan], scans), DamagedError{JPEG, errScans}},
		"pdf, cut off":     {[]byte("%PDF-1.4\n1 0 obj"), DamagedError{PDF, errNoEnd}},
	} {
		if _, err := Inspect(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	png := encodePNG(t, quarters(8, 8))
	if _, err := Inspect(png[:20]); !isDamaged(err, PNG) {
		t.Errorf("cut png: got %v, want a DamagedError", err)
	}
}

func isDamaged(err error, t Type) bool {
	d, ok := errors.AsType[DamagedError](err)
	return ok && d.Type == t
}

func TestInspectAtTheLimits(t *testing.T) {
	data := claimPNG(t, 10_000, 5_000)
	data = append(data, make([]byte, MaxBytes-len(data))...)
	got, err := Inspect(data)
	if err != nil || got.Width*got.Height != MaxPixels || got.Size != MaxBytes {
		t.Errorf("got %+v, %v, want a picture at both limits", got, err)
	}
}

func TestTypeNamed(t *testing.T) {
	for name, want := range map[string]Type{"a.jpg": JPEG, "A.JPEG": JPEG, "a.b.png": PNG, "a.pdf": PDF, "a.gif": "", "jpg": "", "": ""} {
		for _, kind := range []Type{JPEG, PNG, PDF} {
			if got := kind.Named(name); got != (kind == want) {
				t.Errorf("%s named %q: got %v", kind, name, got)
			}
		}
	}
}

func pdf(objects ...string) []byte {
	out := []byte("%PDF-1.7\n")
	for i, o := range objects {
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return append(out, "trailer\n<< /Root 1 0 R >>\n%%EOF\n"...)
}
