package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// Decode returns the upright picture scaled down to fit into maxW × maxH (at
// least 1 × 1 is taken for granted), its ratio kept; it is never enlarged. The
// result is plain opaque RGB, whatever the file holds: CMYK is converted,
// transparent parts are drawn over white, colour profiles are ignored.
//
// Errors are those of [Inspect]; a PDF is an [UnsupportedError] here.
func Decode(data []byte, maxW, maxH int) (*image.RGBA, error) {
	f, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	w, h := within(f.Width, f.Height, max(maxW, 1), max(maxH, 1))
	sheet, err := f.open(data, Reduction(f.Width, f.Height, w, h), false)
	if err != nil {
		return nil, err
	}
	return sheet.Draw(image.Rect(0, 0, f.Width, f.Height), w, h), nil
}

// sideways reports whether the stored picture lies on its side.
func (f Facts) sideways() bool { return f.Orientation >= 5 }

// within returns the largest size of the ratio w : h inside maxW × maxH, at
// most w × h and at least one pixel either way.
func within(w, h, maxW, maxH int) (int, int) {
	switch {
	case w <= maxW && h <= maxH:
		return w, h
	case int64(w)*int64(maxH) >= int64(h)*int64(maxW):
		return maxW, max(1, divide(int64(h)*int64(maxW), int64(w)))
	}
	return max(1, divide(int64(w)*int64(maxH), int64(h))), maxH
}

// divide rounds to the nearest whole number.
func divide(a, b int64) int { return int((a + b/2) / b) }

// readPicture reads the headers of what has to be a picture.
func readPicture(data []byte) (Facts, error) {
	if err := admit(data); err != nil {
		return Facts{}, err
	}
	f, _, err := read(data)
	if err != nil {
		return Facts{}, err
	}
	if !f.Type.Picture() {
		return Facts{}, UnsupportedError{Found: string(f.Type)}
	}
	return f, nil
}

// pixels decodes all pixels as they lie in the file.
func (f Facts) pixels(data []byte) (img image.Image, err error) {
	// One attachment that upsets a decoder must not end the session of the
	// reviewer who opens it.
	defer func() {
		if r := recover(); r != nil {
			img, err = nil, DamagedError{f.Type, fmt.Errorf("decoder: %v", r)}
		}
	}()
	if f.Type == PNG {
		img, err = png.Decode(bytes.NewReader(data))
	} else {
		img, err = jpeg.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return nil, DamagedError{f.Type, err}
	}
	return img, f.matches(img)
}

var errOtherSize = errors.New("pixels and header differ in size")

func (f Facts) matches(img image.Image) error {
	w, h := f.Width, f.Height
	if f.sideways() {
		w, h = h, w
	}
	if img.Bounds().Size() != image.Pt(w, h) {
		return DamagedError{f.Type, errOtherSize}
	}
	return nil
}
