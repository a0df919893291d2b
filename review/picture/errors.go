package picture

import (
	"errors"
	"fmt"
)

// ErrEmpty means that the file has no bytes.
var ErrEmpty = errors.New("file is empty")

// UnsupportedError means that a file is something else than the attachment
// that is asked for: neither JPEG, PNG nor PDF for [Inspect], no picture for
// [Decode] and the functions that need one.
type UnsupportedError struct {
	// Found is what the content looks like: "gif", "webp", "heic", "avif",
	// "tiff", "bmp", "zip", "office", "pdf", "lossless jpeg" or, for anything
	// else, [Unknown]. It never holds text out of the file.
	Found string
}

// Unknown is what a content looks like that is none of the known kinds.
const Unknown = "unknown"

func (e UnsupportedError) Error() string {
	return "unsupported kind of file: " + e.Found
}

// SizeError means that a file has more bytes than [MaxBytes].
type SizeError struct {
	Bytes, Limit int64
}

func (e SizeError) Error() string {
	return fmt.Sprintf("file of %d bytes exceeds the limit of %d", e.Bytes, e.Limit)
}

// PixelsError means that a picture has more pixels than [MaxPixels].
type PixelsError struct {
	Width, Height int
	Limit         int64
}

func (e PixelsError) Error() string {
	return fmt.Sprintf("picture of %d × %d pixels exceeds the limit of %d", e.Width, e.Height, e.Limit)
}

// CostError means that a picture within the other limits is stored in a way
// that takes more than [MaxCost] bytes of memory to decode. Saved again as an
// ordinary JPEG it can be taken.
type CostError struct {
	Bytes, Limit int64
}

func (e CostError) Error() string {
	return fmt.Sprintf("decoding takes %d bytes, the limit is %d", e.Bytes, e.Limit)
}

// DamagedError means that a file begins like one of its type and cannot be
// read as such: cut off, inconsistent or made to exhaust the reader.
type DamagedError struct {
	Type Type
	Err  error
}

func (e DamagedError) Error() string {
	return fmt.Sprintf("damaged %s: %v", e.Type, e.Err)
}

func (e DamagedError) Unwrap() error { return e.Err }
