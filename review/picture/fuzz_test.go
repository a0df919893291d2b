package picture

import (
	"encoding/binary"
	"image"
	"testing"
)

func seeds(f *testing.F) {
	small := encodeJPEG(f, quarters(16, 8))
	exif := tiff(binary.BigEndian, 6, "2025:01:17 09:30:05")
	f.Add([]byte{})
	f.Add(small)
	f.Add(withEXIF(small, exif))
	f.Add(withEXIF(small, tiff(binary.LittleEndian, 8, "2025:01:17 09:30:05")))
	f.Add(encodeJPEG(f, image.NewGray(image.Rect(0, 0, 9, 9))))
	f.Add(encodePNG(f, quarters(8, 8)))
	f.Add(withChunk(encodePNG(f, image.NewNRGBA(image.Rect(0, 0, 3, 3))), "eXIf", exif))
	f.Add(pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"))
	f.Add(pdf(objectStream(f, "2 0 <</Type/Pages/Count 12/Kids[]>>")))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"))
}

func FuzzInspect(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Inspect(data)
		if err != nil {
			if got != (Facts{}) {
				t.Fatalf("facts %+v beside error %v", got, err)
			}
			return
		}
		if got.Type.Picture() && (got.Width < 1 || got.Height < 1 || got.Width*got.Height > MaxPixels || got.Orientation < 1 || got.Orientation > 8) {
			t.Fatalf("impossible picture %+v", got)
		}
		if got.Pages < 0 || got.Pages > maxPages || got.Captured != "" && len(got.Captured) != 19 || len(got.SHA256) != 64 {
			t.Fatalf("impossible facts %+v", got)
		}
	})
}

// What Inspect lets through either decodes to the size it names or is damaged.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := Inspect(data)
		if err != nil || !facts.Type.Picture() || facts.Width*facts.Height > 1<<16 {
			return
		}
		got, err := Decode(data, facts.Width, facts.Height)
		if err != nil {
			if !isDamaged(err, facts.Type) {
				t.Fatalf("got %v, want a DamagedError", err)
			}
			return
		}
		if got.Bounds() != image.Rect(0, 0, facts.Width, facts.Height) {
			t.Fatalf("got %v of %+v", got.Bounds(), facts)
		}
		Judge(facts, got)
	})
}

// The reader of EXIF by itself, where every mutation reaches it.
func FuzzEXIF(f *testing.F) {
	f.Add(tiff(binary.BigEndian, 6, "2025:01:17 09:30:05"))
	f.Add(tiff(binary.LittleEndian, 3, ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := readEXIF(data); got.orientation < 1 || got.orientation > 8 || got.captured != "" && len(got.captured) != 19 {
			t.Fatalf("got %+v", got)
		}
	})
}
