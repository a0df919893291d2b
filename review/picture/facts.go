package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
)

// Limits of one attachment (domain, section 2).
const (
	MaxBytes  = 10 << 20
	MaxPixels = 50_000_000
)

// Type is the kind of an attachment as its content shows it.
type Type string

// The kinds of attachment that are taken.
const (
	JPEG Type = "jpeg"
	PNG  Type = "png"
	PDF  Type = "pdf"
)

// Picture reports whether files of type t can be decoded here.
func (t Type) Picture() bool { return t == JPEG || t == PNG }

// Named reports whether the ending of a file name says the same as t, so that
// a file whose content is not what its name says can be refused.
func (t Type) Named(file string) bool {
	dot := strings.LastIndexByte(file, '.')
	if dot < 0 {
		return false
	}
	switch strings.ToLower(file[dot+1:]) {
	case "jpg", "jpeg", "jpe", "jfif":
		return t == JPEG
	case "png":
		return t == PNG
	case "pdf":
		return t == PDF
	}
	return false
}

// Facts are what the headers of an attachment say. They are found once and
// kept with it.
type Facts struct {
	Type   Type   `json:"type"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // lower-case hexadecimal

	// Width and Height are pixels of the upright picture; 0 for PDF.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`

	// Orientation is the EXIF orientation 1–8 that the stored pixels have; 1
	// where the file says nothing. Width and Height have it applied already.
	// 0 for PDF.
	Orientation int `json:"orientation,omitempty"`

	// Captured is when the camera took the picture, "2006-01-02 15:04:05" by
	// the camera's own clock; EXIF names no time zone. Empty where unknown.
	Captured string `json:"captured,omitempty"`

	// Pages is the page count of a PDF; 0 where it is not plainly said.
	Pages int `json:"pages,omitempty"`
}

// Inspect says what an attachment is, from its headers only. It never panics,
// whatever the bytes are, and its work is bounded by their number.
//
// Errors: [ErrEmpty], [SizeError], [UnsupportedError], [PixelsError],
// [CostError], [DamagedError]. No error does not mean that all pixels are there: that only
// [Decode] finds out.
func Inspect(data []byte) (Facts, error) {
	if err := admit(data); err != nil {
		return Facts{}, err
	}
	f, _, err := read(data)
	if err != nil {
		return Facts{}, err
	}
	sum := sha256.Sum256(data)
	f.Size, f.SHA256 = int64(len(data)), hex.EncodeToString(sum[:])
	return f, nil
}

// admit refuses by the number of bytes alone.
func admit(data []byte) error {
	switch {
	case len(data) == 0:
		return ErrEmpty
	case len(data) > MaxBytes:
		return SizeError{Bytes: int64(len(data)), Limit: MaxBytes}
	}
	return nil
}

// read returns the facts that stand in the headers, and what decoding costs.
func read(data []byte) (Facts, int64, error) {
	switch found := sniff(data); found {
	case string(JPEG):
		return readJPEG(data)
	case string(PNG):
		return readPNG(data)
	case string(PDF):
		f, err := readPDF(data)
		return f, 0, err
	default:
		return Facts{}, 0, UnsupportedError{Found: found}
	}
}

func readJPEG(data []byte) (Facts, int64, error) {
	head, err := walkJPEG(data)
	if err != nil {
		return Facts{}, 0, err
	}
	// The decoder's own reading of the header counts: what is measured here is
	// what will be decoded.
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Facts{}, 0, DamagedError{JPEG, err}
	}
	pixels, err := count(JPEG, config)
	if err != nil {
		return Facts{}, 0, err
	}
	cost := costJPEG(head, pixels)
	if err := affordable(JPEG, len(data), pixels, cost); err != nil {
		return Facts{}, 0, err
	}
	return upright(JPEG, config, head.exif), cost, nil
}

func readPNG(data []byte) (Facts, int64, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Facts{}, 0, DamagedError{PNG, err}
	}
	pixels, err := count(PNG, config)
	if err != nil {
		return Facts{}, 0, err
	}
	cost := costPNG(data, config, pixels)
	if err := affordable(PNG, len(data), pixels, cost); err != nil {
		return Facts{}, 0, err
	}
	return upright(PNG, config, exifPNG(data)), cost, nil
}

var errNoPixels = errors.New("no pixels")

// count checks the number of pixels.
func count(t Type, config image.Config) (int64, error) {
	w, h := config.Width, config.Height
	switch pixels := int64(w) * int64(h); {
	case w <= 0 || h <= 0:
		return 0, DamagedError{t, errNoPixels}
	case int64(w) > MaxPixels || int64(h) > MaxPixels || pixels > MaxPixels:
		return 0, PixelsError{Width: w, Height: h, Limit: MaxPixels}
	default:
		return pixels, nil
	}
}

// upright turns the size as the camera was held.
func upright(t Type, config image.Config, tiff []byte) Facts {
	w, h := config.Width, config.Height
	exif := readEXIF(tiff)
	if exif.orientation >= 5 {
		w, h = h, w
	}
	return Facts{Type: t, Width: w, Height: h, Orientation: exif.orientation, Captured: exif.captured}
}
