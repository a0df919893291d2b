package picture

import (
	"bytes"
	"encoding/binary"
)

const (
	markSOF1 = 0xc1
	markDQT  = 0xdb
	markDRI  = 0xdd
	markAPP0 = 0xe0
	markAPPE = 0xee
	markAPPF = 0xef
	markCOM  = 0xfe
)

// reducer decodes a JPEG at a half, a quarter or an eighth of its size. It
// knows what cameras, scanners and phones write: sequential and progressive
// Huffman coding of 8 bits, gray or YCbCr, in the order that the standard
// means. Whatever else there is, it gives up; what a stream means that is
// unusual or damaged is for the decoder of the standard library to say.
type reducer struct {
	data          []byte
	by            int
	brief         bool // pass over scans that change nothing in the result
	width, height int
	baseline      bool
	progressive   bool
	interval      int // MCUs between restarts, 0 = none
	components    []*component
	quant         [4]*[blockSize]uint16
	huffman       [2][4]*huffman // DC, AC
	jfif, rgb     bool
	scanned       bool
}

// component is one colour of a frame.
type component struct {
	id, tq     byte
	h, v       int // sampling factors
	cols, rows int // blocks that have pixels
	across     int // blocks with those that fill up the last MCU
	fold       *fold
	pix        []byte // reduced samples, row by row
	stride     int
	passes     *passes // progressive only
	seen       bool    // has had a scan
	predicted  int32
}

// reduceJPEG returns the components of a JPEG at 1/by of its size, by being 2,
// 4 or 8; false where the decoder of the standard library has to read it. If
// it may be brief, damage in what has nothing to say on the result is not
// noticed: at an eighth that is most of a progressive JPEG.
func reduceJPEG(data []byte, by int, brief bool) (*reducer, bool) {
	r := &reducer{data: data, by: by, brief: brief}
	if !bytes.HasPrefix(data, []byte{0xff, markSOI}) {
		return nil, false
	}
	for at := 2; ; {
		if at+2 > len(data) {
			return nil, false
		}
		mark, next := nextMarker(data, at)
		switch {
		case next < 0:
			return nil, false
		case mark == markEOI:
			return r, r.finish()
		case markRST0 <= mark && mark <= markRST7:
			at = next
			continue
		}
		segment, ok := segmentAt(data, next)
		if !ok {
			return nil, false
		}
		at = next + 2 + len(segment)
		if mark == markSOS {
			at, ok = r.scan(segment, at)
		} else {
			ok = r.take(mark, segment)
		}
		if !ok {
			return nil, false
		}
	}
}

// take reads every segment but a scan.
func (r *reducer) take(mark byte, segment []byte) bool {
	switch mark {
	case markSOF0, markSOF1, markSOF2:
		return r.frame(mark, segment)
	case markDHT:
		return r.huffmanTables(segment)
	case markDQT:
		return !r.scanned && r.quantTables(segment)
	case markDRI:
		if len(segment) != 2 {
			return false
		}
		r.interval = int(binary.BigEndian.Uint16(segment))
		return true
	case markAPP0:
		if len(segment) >= 5 {
			r.jfif = string(segment[:5]) == "JFIF\x00"
		}
		return true
	case markAPPE:
		if len(segment) >= 12 && string(segment[:5]) == "Adobe" {
			r.rgb = segment[11] == 0
		}
		return true
	}
	return markAPP0 < mark && mark <= markAPPF || mark == markCOM
}

func (r *reducer) frame(mark byte, segment []byte) bool {
	if r.components != nil || len(segment) < 6 || segment[0] != 8 {
		return false
	}
	n := int(segment[5])
	if n != 1 && n != 3 || len(segment) != 6+3*n {
		return false
	}
	r.baseline, r.progressive = mark == markSOF0, mark == markSOF2
	r.height, r.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
	for i := range n {
		c := segment[6+3*i:]
		r.components = append(r.components, &component{id: c[0], tq: c[2], h: int(c[1] >> 4), v: int(c[1] & 0xf)})
	}
	if n == 1 {
		r.components[0].h, r.components[0].v = 1, 1
	}
	return r.width > 0 && r.height > 0 && r.sampled()
}

// sampled checks that the colours are thinned out in one of the usual ways, by
// two at most, so that their reduced samples are fine enough; it lays out the
// blocks.
func (r *reducer) sampled() bool {
	first := r.components[0]
	if first.h != 1 && first.h != 2 || first.v != 1 && first.v != 2 {
		return false
	}
	for i, c := range r.components {
		fits := (c.h == 1 || c.h == first.h) && (c.v == 1 || c.v == first.v)
		if !fits || c.tq > 3 || i == 2 && (c.h != r.components[1].h || c.v != r.components[1].v) {
			return false
		}
		for _, other := range r.components[:i] {
			if other.id == c.id {
				return false
			}
		}
		c.cols = above(above(r.width*c.h, first.h), 8)
		c.rows = above(above(r.height*c.v, first.v), 8)
		c.across = c.h * r.mcusAcross()
	}
	return true
}

// above divides and rounds up.
func above(a, b int) int { return (a + b - 1) / b }

func (r *reducer) mcusAcross() int { return above(r.width, 8*r.components[0].h) }
func (r *reducer) mcusDown() int   { return above(r.height, 8*r.components[0].v) }

func (r *reducer) huffmanTables(segment []byte) bool {
	for len(segment) > 0 {
		class, id := segment[0]>>4, segment[0]&0xf
		if class > 1 || id > 3 || r.baseline && id > 1 {
			return false
		}
		h, used, ok := newHuffman(segment[1:])
		if !ok {
			return false
		}
		r.huffman[class][id] = h
		segment = segment[1+used:]
	}
	return true
}

func (r *reducer) quantTables(segment []byte) bool {
	for len(segment) > 0 {
		wide, id := int(segment[0]>>4), segment[0]&0xf
		if size := 1 + blockSize<<wide; wide > 1 || id > 3 || len(segment) < size {
			return false
		}
		r.quant[id] = new([blockSize]uint16)
		for i := range r.quant[id] {
			if wide == 1 {
				r.quant[id][i] = binary.BigEndian.Uint16(segment[1+2*i:])
			} else {
				r.quant[id][i] = uint16(segment[1+i])
			}
		}
		segment = segment[1+blockSize<<wide:]
	}
	return true
}

// prepare gives a component what it needs for its first scan.
func (r *reducer) prepare(c *component) bool {
	if c.fold != nil {
		return true
	}
	if r.quant[c.tq] == nil {
		return false
	}
	c.fold = newFold(r.by, r.quant[c.tq])
	c.stride = c.across * c.fold.side
	blocks := c.across * c.v * r.mcusDown()
	c.pix = make([]byte, blocks*c.fold.side*c.fold.side)
	if r.progressive {
		c.passes = newPasses(blocks, c.fold.side*c.fold.side)
	}
	return true
}

// finish checks that every component is there, and draws what is drawn last.
func (r *reducer) finish() bool {
	ids := ""
	for _, c := range r.components {
		ids += string(rune(c.id))
		if c.fold == nil || c.passes != nil && !c.passes.begun() {
			return false
		}
	}
	if len(r.components) == 3 && !r.jfif && (r.rgb || ids == "RGB") {
		return false
	}
	for _, c := range r.components {
		if c.passes != nil {
			c.passes.draw(c)
		}
	}
	return len(r.components) > 0
}

// plane hands out the samples of a component.
func (r *reducer) plane(i int) plane {
	c, first := r.components[i], r.components[0]
	row := func(y int) []byte { return c.pix[y*c.stride:] }
	return plane{channels: 1, sx: r.by * first.h / c.h, sy: r.by * first.v / c.v, row: row}
}
