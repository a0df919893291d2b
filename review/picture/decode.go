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
	f, img, err := stored(data)
	if err != nil {
		return nil, err
	}
	w, h := within(f.Width, f.Height, max(maxW, 1), max(maxH, 1))
	return f.draw(img, img.Bounds(), w, h), nil
}

// draw scales a region of the stored pixels to an upright picture of w × h.
func (f Facts) draw(img image.Image, region image.Rectangle, w, h int) *image.RGBA {
	if f.sideways() {
		w, h = h, w
	}
	return orient(Scale(img, region, w, h), f.Orientation)
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

// stored decodes the pixels as they lie in the file.
func stored(data []byte) (f Facts, img image.Image, err error) {
	if err := admit(data); err != nil {
		return Facts{}, nil, err
	}
	if f, _, err = read(data); err != nil {
		return Facts{}, nil, err
	}
	if !f.Type.Picture() {
		return Facts{}, nil, UnsupportedError{Found: string(f.Type)}
	}
	// One attachment that upsets a decoder must not end the session of the
	// reviewer who opens it.
	defer func() {
		if r := recover(); r != nil {
			f, img, err = Facts{}, nil, DamagedError{f.Type, fmt.Errorf("decoder: %v", r)}
		}
	}()
	if f.Type == PNG {
		img, err = png.Decode(bytes.NewReader(data))
	} else {
		img, err = jpeg.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return Facts{}, nil, DamagedError{f.Type, err}
	}
	return f, img, f.matches(img)
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
