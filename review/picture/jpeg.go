package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// maxScans bounds the passes of one JPEG. Encoders write about ten; a file
// made of thousands of tiny ones would keep the decoder busy for minutes
// without breaking any other limit.
const maxScans = 64

// Markers of ITU-T T.81, table B.1.
const (
	markTEM  = 0x01
	markSOF0 = 0xc0
	markSOF2 = 0xc2
	markDHT  = 0xc4
	markJPG  = 0xc8
	markDAC  = 0xcc
	markRST0 = 0xd0
	markRST7 = 0xd7
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP1 = 0xe1
)

var (
	errNoFrame  = errors.New("no frame header")
	errSegment  = errors.New("segment reaches beyond the file")
	errScans    = errors.New("too many scans")
	errNoScan   = errors.New("no picture data")
	exifMarking = []byte("Exif\x00\x00")
)

// header is what a walk over the segments of a JPEG gives.
type header struct {
	components  int
	full        bool // chroma is not subsampled
	progressive bool
	exif        []byte // the TIFF structure of the first EXIF segment
}

// walkJPEG goes over all segments, entropy-coded data included, in one pass.
func walkJPEG(data []byte) (header, error) {
	var (
		h     header
		scans int
	)
	for at := 2; ; {
		mark, next := nextMarker(data, at)
		switch {
		case next < 0 || mark == markEOI:
			return h, h.complete(scans)
		case mark == markTEM || mark == markSOI || markRST0 <= mark && mark <= markRST7:
			at = next
			continue
		}
		segment, ok := segmentAt(data, next)
		if !ok {
			// What follows complete scans may be cut off or be another
			// program's trailer; the decoder has the last word on it.
			if scans > 0 {
				return h, h.complete(scans)
			}
			return header{}, DamagedError{JPEG, errSegment}
		}
		if mark == markSOS {
			if scans++; scans > maxScans {
				return header{}, DamagedError{JPEG, errScans}
			}
		}
		if err := h.take(mark, segment); err != nil {
			return header{}, err
		}
		at = next + 2 + len(segment)
	}
}

// nextMarker finds the first marker at or after at; next is where its segment
// begins, -1 at the end of the file. Stuffed zeros are data, not markers.
func nextMarker(data []byte, at int) (mark byte, next int) {
	for at < len(data) {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 {
			break
		}
		at += i + 1
		for at < len(data) && data[at] == 0xff {
			at++
		}
		if at < len(data) && data[at] != 0 {
			return data[at], at + 1
		}
	}
	return 0, -1
}

// segmentAt returns the body of the segment whose length stands at at.
func segmentAt(data []byte, at int) ([]byte, bool) {
	if at+2 > len(data) {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(data[at:]))
	if n < 2 || at+n > len(data) {
		return nil, false
	}
	return data[at+2 : at+n], true
}

func (h *header) take(mark byte, segment []byte) error {
	switch {
	case mark == markAPP1 && h.exif == nil && bytes.HasPrefix(segment, exifMarking):
		h.exif = segment[len(exifMarking):]
	case mark >= markSOF0 && mark <= markSOF2:
		return h.frame(mark, segment)
	case mark > markSOF2 && mark <= 0xcf && mark != markDHT && mark != markJPG && mark != markDAC:
		// Lossless, hierarchical and arithmetic coding, which cameras and
		// scanners do not write and no decoder at hand reads.
		return UnsupportedError{Found: "lossless jpeg"}
	}
	return nil
}

func (h *header) frame(mark byte, segment []byte) error {
	if len(segment) < 6 || len(segment) < 6+3*int(segment[5]) {
		return DamagedError{JPEG, errNoFrame}
	}
	if h.components > 0 {
		return nil
	}
	h.components = int(segment[5])
	h.progressive = mark == markSOF2
	h.full = true
	for i := range h.components {
		h.full = h.full && segment[7+3*i] == segment[7]
	}
	return nil
}

func (h *header) complete(scans int) error {
	switch {
	case h.components == 0:
		return DamagedError{JPEG, errNoFrame}
	case scans == 0:
		return DamagedError{JPEG, errNoScan}
	}
	return nil
}
