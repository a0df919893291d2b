package picture

import (
	"bytes"
	"encoding/binary"
	"image/png"
)

// Turn returns the picture turned by so many quarters clockwise, as a file of
// the same type. The pixels of a JPEG are left as they are: the turn is written
// into its EXIF orientation, so that nothing is lost however often it is turned.
// A PNG is written anew.
//
// Errors are those of [Decode]; a PDF is an [UnsupportedError] here.
func Turn(data []byte, quarters int) ([]byte, error) {
	f, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	orientation := max(f.Orientation, 1)
	for range (quarters%4 + 4) % 4 {
		orientation = clockwise[orientation]
	}
	if f.Type == JPEG {
		return withOrientation(data, orientation)
	}
	cost, err := Cost(data)
	if err != nil {
		return nil, err
	}
	defer GiveBack(cost)
	img, err := f.pixels(data)
	if err != nil {
		return nil, err
	}
	paper := onPaper(img)
	GiveBack(cost) // before as much again is taken to turn it
	var out bytes.Buffer
	err = png.Encode(&out, orient(paper, orientation))
	return out.Bytes(), err
}

// clockwise is what each orientation becomes by a quarter turn.
var clockwise = [9]int{1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}

// withOrientation writes the orientation over the one that the file states, or
// states one in front of everything else.
func withOrientation(data []byte, orientation int) ([]byte, error) {
	turned := bytes.Clone(data)
	h, err := walkJPEG(turned)
	if err != nil {
		return nil, err
	}
	if order, ok := byteOrder(h.exif); ok {
		main := directory{h.exif, order, order.Uint32(h.exif[4:])}
		if _, ok := main.number(tagOrientation); ok {
			entry, _ := main.entry(tagOrientation)
			if order.Uint16(entry[2:]) == typeShort {
				order.PutUint16(entry[8:], uint16(orientation))
			} else {
				order.PutUint32(entry[8:], uint32(orientation))
			}
			return turned, nil
		}
	}
	return append(statedOrientation(orientation), turned[2:]...), nil
}

// statedOrientation is the start of a JPEG with an EXIF segment that holds the
// orientation and nothing else.
func statedOrientation(orientation int) []byte {
	order := binary.BigEndian
	tiff := append([]byte("MM\x00*"), 0, 0, 0, 8, 0, 1)
	tiff = order.AppendUint16(tiff, tagOrientation)
	tiff = order.AppendUint16(tiff, typeShort)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, uint16(orientation))
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append(bytes.Clone(exifMarking), tiff...)
	out := []byte{0xff, markSOI, 0xff, markAPP1}
	return append(order.AppendUint16(out, uint16(len(segment)+2)), segment...)
}
