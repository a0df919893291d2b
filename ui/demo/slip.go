package demo

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"sync"
)

// Beyond the first few hundred people a paper is a slip: lines that stand for writing under a band of bars that is a
// picture of person and slot. All but the first row of the bars is the same on every slip and compressed once.

const (
	slipRow  = 40 // bytes of a row: 320 pixels of one bit
	slipBars = 16 // rows of bars
	slipRows = 248
)

// slip returns the paper of a person in a slot as a PNG of less than a kibibyte.
func slip(index, slot int) []byte {
	row := make([]byte, 1+slipRow) // begins with the filter: none
	value := uint64(index)<<8 | uint64(slot)
	for i := range slipRow {
		const thin, thick = 0b11101110, 0b10001000
		row[1+i] = thin
		if i%8 < 6 && value>>(i%8*8+i/8)&1 != 0 {
			row[1+i] = thick
		}
	}
	binary.BigEndian.PutUint64(row[1+slipRow-8:], value*0x9E3779B97F4A7C15)
	rest := slipRest()
	out := pngHead(make([]byte, 0, 512), 8*slipRow, slipRows, 1, pngGrey)
	out = chunk(out, "IDAT", func(out []byte) []byte {
		out = append(out, 0x78, 0x01, 0, 1+slipRow, 0, ^byte(1+slipRow), 0xff) // a stored block of one row
		out = append(append(out, row...), rest...)
		return binary.BigEndian.AppendUint32(out, slipSum(row))
	})
	return chunk(out, "IEND", nil)
}

// slipRest is the compressed remainder: the bars' first row again and again, fetched from whatever was stored before it,
// then the lines.
var slipRest = sync.OnceValue(func() []byte {
	sample := make([]byte, 1+slipRow)
	for i := range slipRow {
		sample[1+i] = byte(0x81 + 3*i)
	}
	plain := slipPlain(sample)
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, flate.BestCompression, sample)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = w.Write(plain[len(sample):]) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
})

// slipPlain returns the rows of the slip that begins with a row.
func slipPlain(row []byte) []byte {
	plain := bytes.Repeat(row, slipBars)
	return append(plain, slipLines()...)
}

var slipLines = sync.OnceValue(func() []byte {
	lines := bytes.Repeat([]byte{0xff}, (slipRows-slipBars)*(1+slipRow))
	for y := range slipRows - slipBars {
		row := lines[y*(1+slipRow):][:1+slipRow]
		row[0] = 0
		if y%24 >= 14 && y%24 < 20 {
			for x := 4; x < 24+y%5; x++ {
				row[x] = 0x11
			}
		}
	}
	return lines
})

// slipSum computes the Adler-32 of all rows from those of the row and of the lines, without looking at the lines again.
func slipSum(row []byte) uint32 {
	sum := adler32.Checksum(row)
	all := sum
	for range slipBars - 1 {
		all = joinSums(all, sum, len(row))
	}
	return joinSums(all, slipLinesSum(), len(slipLines()))
}

var slipLinesSum = sync.OnceValue(func() uint32 { return adler32.Checksum(slipLines()) })

// joinSums returns the Adler-32 of two texts one after the other; n is the length of the second.
func joinSums(first, second uint32, n int) uint32 {
	const modulus = 65521
	a1, b1, a2, b2 := uint64(first&0xffff), uint64(first>>16), uint64(second&0xffff), uint64(second>>16)
	a := (a1 + a2 + modulus - 1) % modulus
	b := (b1 + b2 + uint64(n)*(a1+modulus-1)) % modulus
	return uint32(b<<16 | a)
}
