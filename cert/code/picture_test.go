package code

import (
	"errors"
	"image"
	"image/color"
	"testing"
)

// drawn draws the modules of a code, so many pixels each, with its quiet zone.
func drawn(t testing.TB, text string, size int) *image.Gray {
	t.Helper()
	rows, err := Modules(text)
	if err != nil {
		t.Fatal(err)
	}
	const quiet = 4
	side := (len(rows) + 2*quiet) * size
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			mx, my := x/size-quiet, y/size-quiet
			dark := mx >= 0 && my >= 0 && my < len(rows) && mx < len(rows) && rows[my][mx]
			if !dark {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return img
}

func TestPictureGivesTheTextBack(t *testing.T) {
	k := vectorKey(t)
	made, _ := signed(t, k)
	for _, size := range []int{2, 3, 5} {
		if got, err := ReadPicture(drawn(t, made.Text, size)); err != nil || got != made.Text {
			t.Errorf("%d pixels a module: %q, %v", size, got, err)
		}
	}
	dirty := drawn(t, made.Text, 4)
	for y := 120; y < 150; y++ { // a stain over some modules in the middle
		for x := 120; x < 160; x++ {
			dirty.SetGray(x, y, color.Gray{0})
		}
	}
	if got, err := ReadPicture(dirty); err != nil || got != made.Text {
		t.Errorf("with a stain: %q, %v", got, err)
	}
	half := drawn(t, made.Text, 4).SubImage(image.Rect(0, 0, 300, 140))
	if got, err := ReadPicture(half); !errors.Is(err, ErrNoPicture) {
		t.Errorf("half a code: %q, %v", got, err)
	}
	for _, side := range []int{0, 1, 40} {
		if got, err := ReadPicture(image.NewGray(image.Rect(0, 0, side, side))); !errors.Is(err, ErrNoPicture) {
			t.Errorf("nothing on %d pixels: %q, %v", side, got, err)
		}
	}
}

func TestModulesRefuseWhatIsTooLong(t *testing.T) {
	if _, err := Modules(string(make([]byte, 10_000))); err == nil {
		t.Error("ten thousand bytes became a code")
	}
}

// FuzzReadPicture changes a code as a bad print does: nothing ends the program.
func FuzzReadPicture(f *testing.F) {
	k := vectorKey(f)
	made, _ := signed(f, k)
	f.Add(uint16(100), uint16(100), uint8(20), uint8(0))
	f.Add(uint16(0), uint16(0), uint8(60), uint8(255))
	f.Fuzz(func(t *testing.T, x, y uint16, side, shade uint8) {
		img := drawn(t, made.Text, 3)
		for dy := range int(side) {
			for dx := range int(side) {
				img.SetGray(int(x)+dx, int(y)+dy, color.Gray{shade ^ uint8(dx*dy)})
			}
		}
		if text, err := ReadPicture(img); err == nil && text != made.Text {
			if _, _, err := (Keys{&k.Public}).Verify(text); err == nil {
				t.Errorf("%q is taken for %q", text, made.Text)
			}
		}
	})
}
