package picture

import (
	"errors"
	"image"
	"image/color"
	"runtime/debug"
)

// MaxCost is how many bytes the pixels of a picture may need while they are
// decoded. Every picture within [MaxPixels] that a camera or a scanner writes
// lies below; progressive JPEGs in full colour reach it at about 28 megapixels.
const MaxCost = 512 << 20

// Cost returns how many bytes [Decode] needs at most for the pixels of a
// picture, besides data and result; 0 for a PDF. Errors are those of
// [Inspect].
func Cost(data []byte) (int64, error) {
	if err := admit(data); err != nil {
		return 0, err
	}
	_, cost, err := read(data)
	return cost, err
}

// costJPEG is the cost of a JPEG with that many pixels.
func costJPEG(h header, pixels int64) int64 {
	samples := 2 * pixels // 4:2:2; the usual 4:2:0 has less
	if h.full {
		samples = pixels * int64(h.components)
	}
	cost := samples
	if h.progressive {
		cost += 4 * samples // coefficients of all blocks until the last scan
	}
	if h.full && h.components > 1 {
		cost += 4 * pixels // RGB and CMYK are converted into a second picture
	}
	return cost
}

// costPNG is the cost of a PNG with that many pixels.
func costPNG(data []byte, config image.Config, pixels int64) int64 {
	const interlacing = 28 // offset in the file of IHDR's last byte
	cost := 4 * pixels
	switch config.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		cost = 8 * pixels
	case color.Gray16Model:
		cost = 2 * pixels
	case color.GrayModel:
		cost = pixels
	}
	if data[interlacing] != 0 {
		cost += cost / 2 // the largest pass of seven, beside the whole
	}
	return cost + 8*int64(config.Width) // a row over white paper, and how much of each pixel is drawn where
}

// GiveBack is called when a picture that costs so much is needed no more. The
// collector would wait until as much again has been taken, or for minutes,
// before it gives back hundreds of megabytes; after a photograph of the usual
// size it does nothing.
func GiveBack(cost int64) {
	const much = 128 << 20
	if cost >= much {
		debug.FreeOSMemory()
	}
}

var errTooFew = errors.New("too few bytes for its pixels")

// The least that pixels can be packed to: a JPEG spends a bit or more on each
// block of 8 × 8, deflate packs at most 1032 to one and a PNG has a bit or more
// for each pixel. Files below that are cut off, or made to have a lot of memory
// taken for nothing.
const (
	leastJPEG = 8 * 8 * 8
	leastPNG  = 8 * 1032
)

// affordable refuses what costs too much or cannot be what it says.
func affordable(t Type, size int, pixels, cost int64) error {
	least := int64(leastJPEG)
	if t == PNG {
		least = leastPNG
	}
	switch {
	case int64(size) < pixels/least:
		return DamagedError{t, errTooFew}
	case cost > MaxCost:
		return CostError{Bytes: cost, Limit: MaxCost}
	}
	return nil
}
