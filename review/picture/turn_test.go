package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"testing"
)

// TestTurn: whatever orientation the file states, a quarter turn is a quarter turn to the eye, and four are none.
func TestTurn(t *testing.T) {
	upright := quarters(64, 32)
	files := map[string][]byte{
		"png": encodePNG(t, upright), "jpeg without EXIF": encodeJPEG(t, upright),
	}
	for orientation, name := range []string{1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", 7: "7", 8: "8"} {
		if orientation > 0 {
			stored := encodeJPEG(t, lain(upright, orientation))
			files["little-endian "+name] = withEXIF(stored, tiff(binary.LittleEndian, orientation, "2025:01:17 09:30:05"))
			files["big-endian "+name] = withEXIF(stored, tiff(binary.BigEndian, orientation, "2025:01:17 09:30:05"))
		}
	}
	for name, data := range files {
		before, err := Inspect(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		once, err := Turn(data, 1)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		img, err := Decode(once, 64, 64)
		if err != nil || img.Bounds() != image.Rect(0, 0, 32, 64) {
			t.Fatalf("%s: %v, %v", name, err, img)
		}
		// top left, top right, bottom left, bottom right of the turned picture
		for i, corner := range []int{2, 0, 3, 1} {
			at := image.Pt(4+24*(i%2), 4+56*(i/2))
			if !near(img.At(at.X, at.Y), corners[corner], 40) {
				t.Errorf("%s: %v is %v, want %v", name, at, img.At(at.X, at.Y), corners[corner])
			}
		}
		back, err := Turn(once, -1)
		after, inspectErr := Inspect(back)
		if err = errors.Join(err, inspectErr); err != nil || after.Width != before.Width || after.Captured != before.Captured {
			t.Errorf("%s: %v: %+v turned back is %+v", name, err, before, after)
		}
		if whole, err := Turn(data, 4); err != nil || before.Type == JPEG && len(whole) < len(data) {
			t.Errorf("%s: four turns: %v", name, err)
		}
	}
}

func TestTurnRefusesWhatIsNoPicture(t *testing.T) {
	if _, err := Turn([]byte("%PDF-1.4\n%%EOF"), 1); err == nil {
		t.Error("a PDF was turned")
	}
	if _, err := Turn(nil, 1); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v", err)
	}
}

func FuzzTurn(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x08Exif\x00\x00"), 1)
	f.Fuzz(func(t *testing.T, data []byte, quarters int) {
		before := bytes.Clone(data)
		turned, err := Turn(data, quarters)
		if !bytes.Equal(before, data) {
			t.Fatal("the file that was given has changed")
		}
		if err != nil {
			return
		}
		if _, err := Inspect(turned); err != nil {
			t.Fatalf("what was turned cannot be read: %v", err)
		}
	})
}
