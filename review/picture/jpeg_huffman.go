package picture

// Sizes of the look-up tables, in bits. Codes are seldom longer than lookBits;
// with skipBits several coefficients are passed over at once.
const (
	lookBits = 10
	skipBits = 12
	codeBits = 16 // the longest code
)

// huffman is one table of codes (T.81, annex C).
type huffman struct {
	// look has length<<8 | symbol for the codes of at most lookBits, else 0.
	look [1 << lookBits]uint16
	// limit is the first code, filled up to sixteen bits, that is longer than
	// the index; base leads from a code of that length to its symbol.
	limit [codeBits + 1]uint32
	base  [codeBits + 1]int32
	vals  [256]byte

	steps []step  // see valueSteps
	skips []leaps // see skipSteps
}

// newHuffman takes the body of a table definition: sixteen counts and the
// symbols. It returns how many bytes it used, false for what is no table.
func newHuffman(body []byte) (h *huffman, used int, ok bool) {
	if len(body) < codeBits {
		return nil, 0, false
	}
	h = new(huffman)
	code, index := uint32(0), 0
	for n := 1; n <= codeBits; n++ {
		code <<= 1
		count := int(body[n-1])
		h.base[n] = int32(index) - int32(code)
		if index+count > len(h.vals) || code+uint32(count) > 1<<n || codeBits+index+count > len(body) {
			return nil, 0, false
		}
		for range count {
			h.vals[index] = body[codeBits+index]
			h.enter(code, n, h.vals[index])
			code++
			index++
		}
		h.limit[n] = code << (codeBits - n)
	}
	return h, codeBits + index, index > 0
}

func (h *huffman) enter(code uint32, n int, symbol byte) {
	if n > lookBits {
		return
	}
	first := code << (lookBits - n)
	for i := range uint32(1) << (lookBits - n) {
		h.look[first+i] = uint16(n)<<8 | uint16(symbol)
	}
}

// symbol reads the next symbol; false is no code of the table.
func (h *huffman) symbol(b *bitReader) (byte, bool) {
	if b.n < codeBits {
		b.fill()
	}
	if e := h.look[b.acc>>(64-lookBits)]; e != 0 {
		b.skip(int(e >> 8))
		return byte(e), true
	}
	next := uint32(b.acc >> (64 - codeBits))
	for n := lookBits + 1; n <= codeBits; n++ {
		if next < h.limit[n] {
			b.skip(n)
			return h.vals[(int32(next>>(codeBits-n))+h.base[n])&0xff], true
		}
	}
	return 0, false
}

// step is a code together with the bits behind it, where both fit into
// lookBits.
type step struct {
	value   int16
	bits    uint8 // 0: look it up the long way
	advance uint8 // coefficients, the coded one included; 0 is the end of the block
}

// valueSteps makes the table for coefficients of sequential scans.
func (h *huffman) valueSteps() []step {
	if h.steps == nil {
		h.steps = make([]step, 1<<lookBits)
		for i := range h.steps {
			h.steps[i] = h.stepAt(uint32(i), lookBits)
		}
	}
	return h.steps
}

// stepAt reads the first symbol of width bits.
func (h *huffman) stepAt(bits uint32, width int) step {
	e := h.look[bits>>(width-lookBits)]
	length, run, size := int(e>>8), int(e>>4&0xf), int(e&0xf)
	regular := size > 0 || run == 0 || run == 15
	if e == 0 || length+size > width || !regular {
		return step{}
	}
	s := step{bits: uint8(length + size), advance: uint8(run + 1)}
	if size == 0 && run == 0 {
		s.advance = 0
	}
	if size > 0 {
		v := int32(bits >> (width - length - size) & (1<<size - 1))
		if v < 1<<(size-1) {
			v += -1<<size + 1
		}
		s.value = int16(v)
	}
	return s
}

// leaps are as many codes as fit into skipBits, with the bits behind them.
type leaps struct {
	bits    uint8 // 0: look it up the long way
	advance uint8 // coefficients passed
	end     bool  // the end of the block is among them
}

// skipSteps makes the table for passing over coefficients.
func (h *huffman) skipSteps() []leaps {
	if h.skips == nil {
		h.skips = make([]leaps, 1<<skipBits)
		for i := range h.skips {
			h.skips[i] = h.leapsAt(uint32(i))
		}
	}
	return h.skips
}

func (h *huffman) leapsAt(bits uint32) leaps {
	var l leaps
	for !l.end && l.bits < skipBits {
		left := skipBits - int(l.bits)
		s := h.stepAt(bits<<l.bits&(1<<skipBits-1), skipBits)
		if s.bits == 0 || int(s.bits) > left || l.advance+s.advance > blockSize {
			break
		}
		l.bits += s.bits
		l.advance += s.advance
		l.end = s.advance == 0
	}
	return l
}
