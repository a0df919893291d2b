package demo

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"image/color"
	"math/bits"
)

// Papers are mostly runs of one colour, and there are two thousand of them to write in two seconds. The encoder of the
// standard library looks for every kind of repetition and takes ten times as long as all of the drawing; this one writes
// runs and single pixels under the fixed codes of RFC 1951, section 3.2.6, and files a quarter larger.

const pngSignature = "\x89PNG\r\n\x1a\n"

// Kinds of colour of the header of a PNG.
const (
	pngGrey     = 0
	pngPaletted = 3
)

// encode returns the canvas as a PNG.
func (c canvas) encode() []byte {
	size := c.Rect.Size()
	out := pngHead(make([]byte, 0, 32<<10), size.X, size.Y, 8, pngPaletted)
	out = append(out, pngPalette...)
	out = chunk(out, "IDAT", func(out []byte) []byte {
		w := bitWriter{out: append(out, 0x78, 0x01)}
		w.bits(0b011, 3) // the last block, fixed codes
		sum := adler32.New()
		for y := range size.Y {
			row := c.Pix[y*c.Stride : y*c.Stride+size.X]
			_, _ = sum.Write(noFilter) // a hash never fails
			_, _ = sum.Write(row)
			w.literal(noFilter[0])
			w.runs(row)
		}
		w.bits(0, 7) // end of block
		return binary.BigEndian.AppendUint32(w.flushed(), sum.Sum32())
	})
	return chunk(out, "IEND", nil)
}

var noFilter = []byte{0}

func pngHead(out []byte, width, height, depth, kind int) []byte {
	return chunk(append(out, pngSignature...), "IHDR", func(out []byte) []byte {
		out = binary.BigEndian.AppendUint32(out, uint32(width))
		out = binary.BigEndian.AppendUint32(out, uint32(height))
		return append(out, byte(depth), byte(kind), 0, 0, 0)
	})
}

// chunk appends a chunk with the content that fill appends.
func chunk(out []byte, name string, fill func([]byte) []byte) []byte {
	begin := len(out)
	out = append(append(out, 0, 0, 0, 0), name...)
	if fill != nil {
		out = fill(out)
	}
	binary.BigEndian.PutUint32(out[begin:], uint32(len(out)-begin-8))
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[begin+4:]))
}

var pngPalette = chunk(nil, "PLTE", func(out []byte) []byte {
	for _, entry := range palette {
		c := entry.(color.RGBA)
		out = append(out, c.R, c.G, c.B)
	}
	return out
})

// A bitWriter writes bits from the lowest upwards, as deflate has them.
type bitWriter struct {
	out  []byte
	held uint64
	n    uint
}

func (w *bitWriter) bits(v uint32, n uint) {
	w.held |= uint64(v) << w.n
	if w.n += n; w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.held))
		w.held >>= 32
		w.n -= 32
	}
}

func (w *bitWriter) flushed() []byte {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.out = append(w.out, byte(w.held))
		w.held >>= 8
	}
	return w.out
}

func (w *bitWriter) literal(v byte) { w.bits(literals[v].code, literals[v].n) }

// runs writes each run as its first byte and repetitions of it.
func (w *bitWriter) runs(row []byte) {
	for len(row) > 0 {
		n := run(row)
		w.literal(row[0])
		for rest := n - 1; rest > 0; {
			if rest < shortestMatch {
				w.literal(row[0])
				rest--
				continue
			}
			length := min(rest, longestMatch)
			w.bits(repeats[length].code, repeats[length].n)
			rest -= length
		}
		row = row[n:]
	}
}

// run returns how many bytes at the beginning are the same.
func run(row []byte) int {
	same, n := uint64(row[0])*0x0101010101010101, 1
	for len(row)-n >= 8 {
		if differ := binary.LittleEndian.Uint64(row[n:]) ^ same; differ != 0 {
			return n + bits.TrailingZeros64(differ)/8
		}
		n += 8
	}
	for n < len(row) && row[n] == row[0] {
		n++
	}
	return n
}

const (
	shortestMatch = 3
	longestMatch  = 258
)

type prefixCode struct {
	code uint32
	n    uint
}

// literals holds the codes of single bytes, repeats those of so many repetitions of the byte before.
var literals, repeats = fixedCodes()

func fixedCodes() (single [256]prefixCode, repeat [longestMatch + 1]prefixCode) {
	for v := range single {
		single[v] = fixedCode(v)
	}
	symbol, extra, length := 257, uint(0), shortestMatch
	for length < longestMatch {
		for offset := range 1 << extra {
			c := fixedCode(symbol)
			repeat[length] = prefixCode{c.code | uint32(offset)<<c.n, c.n + extra + distanceBits}
			length++
		}
		if symbol++; symbol > 264 && symbol%4 == 1 {
			extra++
		}
	}
	c := fixedCode(285)
	repeat[longestMatch] = prefixCode{c.code, c.n + distanceBits}
	return single, repeat
}

// distanceBits is the length of the code of distance 1, which is all zeros.
const distanceBits = 5

// fixedCode returns the code of RFC 1951, 3.2.6 with its first bit lowest.
func fixedCode(symbol int) prefixCode {
	v, n := 0xC0+symbol-280, uint(8)
	switch {
	case symbol < 144:
		v = 0x30 + symbol
	case symbol < 256:
		v, n = 0x190+symbol-144, 9
	case symbol < 280:
		v, n = symbol-256, 7
	}
	return prefixCode{bits.Reverse32(uint32(v)) >> (32 - n), n}
}
