package picture

import (
	"bytes"
	"encoding/binary"
	"time"
)

// Tags of Exif 2.32 that are read; everything else in the structure is left
// alone, makers' notes included. For thumbnails see [Thumbnail].
const (
	tagOrientation = 0x0112
	tagExifIFD     = 0x8769
	tagTaken       = 0x9003

	typeASCII = 2
	typeShort = 3
	typeLong  = 4
)

// maxEntries bounds one directory; cameras write a few dozen.
const maxEntries = 512

type exif struct {
	orientation int // 1–8
	captured    string
}

// readEXIF reads the TIFF structure of an EXIF segment. What is missing or
// makes no sense is as if it were not there: a picture is never refused for
// its metadata. At most two directories are read and no chain is followed.
func readEXIF(tiff []byte) exif {
	found := exif{orientation: 1}
	order, ok := byteOrder(tiff)
	if !ok {
		return found
	}
	main := directory{tiff, order, order.Uint32(tiff[4:])}
	if v, ok := main.number(tagOrientation); ok && v >= 1 && v <= 8 {
		found.orientation = int(v)
	}
	if at, ok := main.number(tagExifIFD); ok {
		found.captured = cameraTime(directory{tiff, order, at}.text(tagTaken))
	}
	return found
}

func byteOrder(tiff []byte) (binary.ByteOrder, bool) {
	switch {
	case len(tiff) < 8:
		return nil, false
	case string(tiff[:4]) == "II*\x00":
		return binary.LittleEndian, true
	case string(tiff[:4]) == "MM\x00*":
		return binary.BigEndian, true
	}
	return nil, false
}

// directory is an image file directory at an offset that nobody vouches for.
type directory struct {
	tiff  []byte
	order binary.ByteOrder
	at    uint32
}

// entry returns the twelve bytes of a tag.
func (d directory) entry(tag uint16) ([]byte, bool) {
	at := int64(d.at)
	if at+2 > int64(len(d.tiff)) {
		return nil, false
	}
	count := int(d.order.Uint16(d.tiff[at:]))
	rest := d.tiff[at+2:]
	for range min(count, maxEntries, len(rest)/12) {
		if d.order.Uint16(rest) == tag {
			return rest[:12], true
		}
		rest = rest[12:]
	}
	return nil, false
}

func (d directory) number(tag uint16) (uint32, bool) {
	e, ok := d.entry(tag)
	if !ok || d.order.Uint32(e[4:]) != 1 {
		return 0, false
	}
	switch d.order.Uint16(e[2:]) {
	case typeShort:
		return uint32(d.order.Uint16(e[8:])), true
	case typeLong:
		return d.order.Uint32(e[8:]), true
	}
	return 0, false
}

func (d directory) text(tag uint16) []byte {
	e, ok := d.entry(tag)
	if !ok || d.order.Uint16(e[2:]) != typeASCII {
		return nil
	}
	n, at := int64(d.order.Uint32(e[4:])), int64(d.order.Uint32(e[8:]))
	if n <= 4 || at+n > int64(len(d.tiff)) {
		return nil
	}
	return d.tiff[at : at+n]
}

// cameraTime turns "2025:01:17 09:30:05" and a NUL into the form of
// [Facts.Captured]. Cameras without a set clock write zeros or blanks.
func cameraTime(text []byte) string {
	text = bytes.TrimRight(text, "\x00 ")
	t, err := time.Parse("2006:01:02 15:04:05", string(text))
	if err != nil {
		return ""
	}
	return t.Format(time.DateTime)
}

// exifPNG returns the content of an eXIf chunk before the picture data, nil
// where there is none.
func exifPNG(data []byte) []byte {
	const begin, frame = 8, 12 // signature; length, name and checksum
	for at := begin; at+frame <= len(data); {
		n := int64(binary.BigEndian.Uint32(data[at:]))
		name := string(data[at+4 : at+8])
		if name == "IDAT" || n > int64(len(data)-at-frame) {
			return nil
		}
		if name == "eXIf" {
			return data[at+8 : at+8+int(n)]
		}
		at += frame + int(n)
	}
	return nil
}
