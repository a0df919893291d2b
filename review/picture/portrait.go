package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// The portrait on a certificate: 25 × 35 mm at 300 dots per inch.
const (
	PortraitWidth  = 295
	PortraitHeight = 413

	// PortraitTolerance is by how many percent the ratio of width to height
	// may differ from 5 : 7 either way. Within it (3 : 4 is just inside) the
	// cut takes at most a twentieth of one side and no face is harmed.
	PortraitTolerance = 5
)

const (
	ratioW, ratioH  = 5, 7
	portraitQuality = 90
)

// LargeEnough reports whether a picture has the pixels that a portrait needs
// (domain, section 2: at least 295 × 413).
func (f Facts) LargeEnough() bool {
	return f.Width >= PortraitWidth && f.Height >= PortraitHeight
}

// PortraitRatio reports whether width to height is 5 : 7 within
// [PortraitTolerance].
func (f Facts) PortraitRatio() bool {
	off := int64(ratioH*f.Width - ratioW*f.Height)
	return f.Height > 0 && max(off, -off)*100 <= int64(ratioW*f.Height)*PortraitTolerance
}

// Portrait prepares a picture once for the certificate: a JPEG of
// [PortraitWidth] × [PortraitHeight] pixels, upright, cut around the centre to
// 5 : 7, in RGB, without any metadata. The same data give the same bytes with
// the same build of the program; what is printed again uses the stored result.
// A picture that is too small is enlarged; whether it may be is a rule of the
// checks, see [Facts.LargeEnough].
//
// Errors are those of [Decode].
func Portrait(data []byte) ([]byte, error) {
	f, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	sheet, err := f.open(data, 1, false)
	if err != nil {
		return nil, err
	}
	upright := sheet.Draw(f.portraitRegion(), PortraitWidth, PortraitHeight)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright, &jpeg.Options{Quality: portraitQuality}); err != nil {
		return nil, fmt.Errorf("encode portrait: %w", err)
	}
	return out.Bytes(), nil
}

// portraitRegion is the largest part of the upright picture around its centre
// that is 5 : 7.
func (f Facts) portraitRegion() image.Rectangle {
	w, h := int64(f.Width), int64(f.Height)
	if w*ratioH > h*ratioW {
		w = int64(max(1, divide(h*ratioW, ratioH)))
	} else {
		h = int64(max(1, divide(w*ratioH, ratioW)))
	}
	at := image.Pt((f.Width-int(w))/2, (f.Height-int(h))/2)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(int(w), int(h)))}
}
