package demo

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"rongzheng/review"
)

// Beyond the first few hundred people a portrait is a mosaic: a grey JPEG of the size that certificates ask for, in which
// every block of eight by eight pixels has one shade. Nothing but the shades' differences needs to be written, a bit or
// two for each block, so that a million portraits differ, pass the checks and take less than a kibibyte each.

const (
	mosaicWidth  = (review.PortraitWidth + 7) / 8
	mosaicHeight = (review.PortraitHeight + 7) / 8
	mosaicStep   = 4 // shades of 256 from one value of a block to the next
)

type mosaic [mosaicHeight][mosaicWidth]uint8 // shades 0 to 63

// mosaicPortrait draws the person coarsely; the pattern of the clothes is a picture of the index.
func mosaicPortrait(l *look, index int) []byte {
	m := bustMosaics()[l.style]
	pattern := uint64(index)*0x9E3779B97F4A7C15 | 1 // the multiplication is one to one
	for i := range 64 {
		if pattern>>i&1 != 0 {
			m[43+i/16][10+i%16] -= 9
		}
	}
	return m.encode()
}

// bustMosaics are the styles of hair, drawn once and made coarse.
var bustMosaics = sync.OnceValue(func() (list [7]mosaic) {
	for style := range list {
		l := look{
			skin: toneColours[skinLight], hair: darkHair, cloth: toneColours[clothBlue], ground: toneColours[blueGround],
			style: style, collar: 2,
		}
		img := l.portrait()
		for y := range mosaicHeight {
			for x := range mosaicWidth {
				c := img.RGBAAt(min(8*x+3, img.Rect.Max.X-1), min(8*y+3, img.Rect.Max.Y-1))
				list[style][y][x] = uint8((299*int(c.R)+587*int(c.G)+114*int(c.B))/1000) / mosaicStep
			}
		}
	}
	return list
})

// Codes of the lengths of differences, 0 to 6 bits, as they are written: no difference is a single bit.
var mosaicCodes = [7]prefixCode{{0b0, 1}, {0b1110, 4}, {0b1111_0, 5}, {0b100, 3}, {0b101, 3}, {0b110, 3}, {0b1111_10, 6}}

// mosaicHead is everything before the data of the only scan (ITU T.81, annex B).
var mosaicHead = headOfMosaic()

func headOfMosaic() []byte {
	out := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	out = append(out, 0xff, 0xdb, 0, 67, 0)
	for range 64 {
		out = append(out, 8*mosaicStep) // a block's first coefficient is eight times its mean
	}
	out = append(out, 0xff, 0xc0, 0, 11, 8)
	out = binary.BigEndian.AppendUint16(out, review.PortraitHeight)
	out = binary.BigEndian.AppendUint16(out, review.PortraitWidth)
	out = append(out, 1, 1, 0x11, 0)
	// The table of differences: one code of 1 bit, three of 3, one each of 4, 5 and 6.
	out = append(out, 0xff, 0xc4, 0, 26, 0x00, 1, 0, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 5, 1, 2, 6)
	// The table of the other coefficients knows the end of a block alone.
	out = append(out, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	return append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
}

func (m *mosaic) encode() []byte {
	w := scanWriter{out: append(make([]byte, 0, 1024), mosaicHead...)}
	last := 128 / mosaicStep
	for y := range m {
		for x := range m[y] {
			difference := int(m[y][x]) - last
			last += difference
			w.difference(difference)
			w.bits(0, 1) // end of block
		}
	}
	return append(w.flushed(), 0xff, 0xd9)
}

// A scanWriter writes bits from the highest downwards, as JPEG has them.
type scanWriter struct {
	out  []byte
	held uint32
	n    uint
}

// difference writes the length of a number and the number.
func (w *scanWriter) difference(v int) {
	length := bits.Len(uint(max(v, -v)))
	w.bits(mosaicCodes[length].code, mosaicCodes[length].n)
	w.value(v)
}

// value writes the bits of a number, those of a negative one inverted; its length has been written before.
func (w *scanWriter) value(v int) {
	length := bits.Len(uint(max(v, -v)))
	if v < 0 {
		v += 1<<length - 1
	}
	w.bits(uint32(v), uint(length))
}

func (w *scanWriter) bits(v uint32, n uint) {
	w.held = w.held<<n | v
	for w.n += n; w.n >= 8; w.n -= 8 {
		b := byte(w.held >> (w.n - 8))
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// flushed fills the last byte up with ones.
func (w *scanWriter) flushed() []byte {
	if w.n > 0 {
		w.bits(1<<(8-w.n)-1, 8-w.n)
	}
	return w.out
}
