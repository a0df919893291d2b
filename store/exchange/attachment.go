package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"rongzheng/review"
	"rongzheng/review/picture"
)

// portraitSlot is the slot whose picture the certificate carries.
const portraitSlot = "portrait"

// inspect finds the facts of one file that its bytes and its header tell. What is wrong with it is an Error.
func inspect(n named, data []byte) (review.Attachment, picture.Facts, error) {
	at := review.Attachment{Slot: n.slot, File: n.file}
	facts, err := picture.Inspect(data)
	if err != nil {
		return at, facts, unfit(n.file, err)
	}
	switch {
	case !facts.Type.Named(n.file):
		return at, facts, refuse(n.file, "file_content", "found", string(facts.Type))
	case n.sha256 != "" && (!isHash(n.sha256) || n.sha256 != facts.SHA256):
		return at, facts, refuse(n.file, "file_hash")
	}
	at.SHA256, at.Size, at.Type = facts.SHA256, facts.Size, mediaType(facts.Type)
	at.Width, at.Height, at.Orientation, at.Pages = facts.Width, facts.Height, facts.Orientation, facts.Pages
	// The camera's clock names no zone; its owner lives in ours.
	at.Captured, _ = time.ParseInLocation(time.DateTime, facts.Captured, review.Zone)
	return at, facts, nil
}

// look adds what only the decoded picture tells and returns the portrait made ready for the certificate, nil for another
// slot. A picture that cannot be decoded to its end is an Error.
func look(at *review.Attachment, facts picture.Facts, data []byte) (portrait []byte, err error) {
	if !facts.Type.Picture() {
		return nil, nil
	}
	cost, err := picture.Cost(data)
	if err != nil {
		return nil, unfit(at.File, err)
	}
	defer picture.GiveBack(cost)
	sample, err := picture.Decode(data, picture.SampleSide, picture.SampleSide)
	if err != nil {
		return nil, unfit(at.File, err)
	}
	measures := picture.Judge(facts, sample)
	at.Dark, at.Blank = measures.Dark, measures.Blank
	if at.Slot != portraitSlot {
		return nil, nil
	}
	if portrait, err = picture.Portrait(data); err != nil {
		return nil, unfit(at.File, err)
	}
	at.Prepared = hashOf(portrait)
	return portrait, nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func mediaType(t picture.Type) string {
	switch t {
	case picture.JPEG:
		return review.TypeJPEG
	case picture.PNG:
		return review.TypePNG
	}
	return review.TypePDF
}

// unfit turns what package picture says of a file into an Error.
func unfit(file string, err error) *Error {
	if errors.Is(err, picture.ErrEmpty) {
		return refuse(file, "file_empty_content")
	}
	if e, ok := errors.AsType[picture.SizeError](err); ok {
		return tooLarge(file, e.Limit)
	}
	if e, ok := errors.AsType[picture.PixelsError](err); ok {
		return refuse(file, "file_megapixels", "width", strconv.Itoa(e.Width), "height", strconv.Itoa(e.Height),
			"max", strconv.FormatInt(e.Limit/1_000_000, 10))
	}
	if e, ok := errors.AsType[picture.UnsupportedError](err); ok && e.Found == picture.Unknown {
		return refuse(file, "file_strange")
	} else if ok {
		return refuse(file, "file_kind", "found", e.Found)
	}
	if _, ok := errors.AsType[picture.CostError](err); ok {
		return refuse(file, "file_costly")
	}
	return refuse(file, "file_damaged")
}
