package picture

import "encoding/binary"

// bitReader reads the bits of one entropy-coded segment, stuffed zeros left
// out. At a marker or at the end of the data it goes on with zeros and counts
// them: whoever decodes asks for a verdict now and then instead of at each bit.
type bitReader struct {
	data []byte
	at   int    // the next byte
	acc  uint64 // the next bits, the first one on top
	n    int    // how many bits of acc are valid
	over int    // bytes made up
}

// fill makes at least 56 bits valid. What stands below the valid bits after
// the quick way is part of a byte that is still to be read; reading it again
// writes the same bits.
func (b *bitReader) fill() {
	if b.at+8 <= len(b.data) {
		if v := binary.BigEndian.Uint64(b.data[b.at:]); !holdsFF(v) {
			b.acc |= v >> b.n
			b.at += (63 - b.n) >> 3
			b.n |= 56
			return
		}
	}
	b.crawl()
}

// crawl is fill where a byte of ones or the end is near.
func (b *bitReader) crawl() {
	b.acc &= ^(^uint64(0) >> b.n)
	for b.n <= 56 {
		var v byte
		switch rest := b.data[b.at:]; {
		case len(rest) > 0 && rest[0] != 0xff:
			v = rest[0]
			b.at++
		case len(rest) > 1 && rest[1] == 0:
			v = 0xff
			b.at += 2
		default:
			b.over++
		}
		b.acc |= uint64(v) << (56 - b.n)
		b.n += 8
	}
}

// holdsFF reports whether one of eight bytes is 0xff.
func holdsFF(v uint64) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	return (^v-low)&v&high != 0
}

func (b *bitReader) skip(n int) {
	b.acc <<= n
	b.n -= n
}

// bits returns the next n ≤ 16 bits.
func (b *bitReader) bits(n int) int32 {
	if b.n < n {
		b.fill()
	}
	v := int32(b.acc >> 32 >> (32 - n))
	b.skip(n)
	return v
}

// value returns a number of n ≤ 16 bits with its sign (T.81, F.2.2.1, EXTEND).
func (b *bitReader) value(n int) int32 {
	v := b.bits(n)
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// short reports whether bits were taken that are not there.
func (b *bitReader) short() bool { return b.n < 8*b.over }

// restart ends a segment, which must have nothing left but padding, at the
// marker that is expected.
func (b *bitReader) restart(mark byte) bool {
	left := b.n - 8*b.over
	if left < 0 || left > 7 || b.at+2 > len(b.data) || b.data[b.at] != 0xff || b.data[b.at+1] != mark {
		return false
	}
	*b = bitReader{data: b.data, at: b.at + 2}
	return true
}
