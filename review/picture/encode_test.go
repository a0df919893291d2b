package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// encoder writes the kinds of JPEG that the standard library does not: every
// thinning of colours, restarts, colours in scans of their own, progressive.
type encoder struct {
	sampling    [][2]int // per component; one component is gray
	quant       int      // step of all coefficients
	restart     int      // MCUs
	progressive bool
	apart       bool // sequential: a scan for each component
	fine        bool // progressive: successive approximation
}

// coded are the coefficients of one component.
type coded struct {
	h, v, cols, rows, across int
	blocks                   [][blockSize]int32
}

type pass struct {
	components  []int
	first, last int
	high, low   int
}

func (e encoder) encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	size := img.Bounds().Size()
	parts := e.transform(img)
	out := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	out = append(out, slices.Repeat([]byte{byte(e.quant)}, blockSize)...)
	frame := []byte{0xff, 0xc0, 0, byte(8 + 3*len(parts)), 8}
	if e.progressive {
		frame[1] = 0xc2
	}
	frame = binary.BigEndian.AppendUint16(frame, uint16(size.Y))
	frame = binary.BigEndian.AppendUint16(frame, uint16(size.X))
	frame = append(frame, byte(len(parts)))
	for i, p := range parts {
		frame = append(frame, byte(i+1), byte(p.h<<4|p.v), 0)
	}
	out = append(out, frame...)
	for class := range byte(2) {
		out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xc4), uint16(3+codeBits+len(testSymbols)))
		out = append(out, class<<4)
		out = append(append(out, testCounts[:]...), testSymbols...)
	}
	if e.restart > 0 {
		out = append(out, 0xff, 0xdd, 0, 4, byte(e.restart>>8), byte(e.restart))
	}
	for _, p := range e.passes(len(parts)) {
		out = append(out, 0xff, 0xda, 0, byte(6+2*len(p.components)), byte(len(p.components)))
		for _, c := range p.components {
			out = append(out, byte(c+1), 0)
		}
		out = append(out, byte(p.first), byte(p.last), byte(p.high<<4|p.low))
		out = e.scan(out, size, parts, p)
	}
	return append(out, 0xff, 0xd9)
}

// The codes of both tables: short ones for the symbols that are common in
// photographs, nine to sixteen bits for the many that are not.
var (
	testCounts  = [codeBits]byte{0, 1, 1, 2, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 20, 137}
	testSymbols = func() []byte {
		common := []byte{0x01, 0x00, 0x02, 0x03, 0x11, 0x04, 0x12, 0x21, 0x05, 0x31, 0x41, 0x13, 0xf0, 0x06, 0x22}
		for v := range 256 {
			if !slices.Contains(common, byte(v)) {
				common = append(common, byte(v))
			}
		}
		return common
	}()
)

func (e encoder) passes(components int) []pass {
	all := []int{0, 1, 2}[:components]
	switch {
	case !e.progressive && !e.apart:
		return []pass{{components: all, last: 63}}
	case !e.progressive:
		var list []pass
		for _, c := range all {
			list = append(list, pass{components: []int{c}, last: 63})
		}
		return list
	}
	low := 0
	if e.fine {
		low = 1
	}
	list := []pass{{components: all, low: low}}
	for _, c := range all {
		one := []int{c}
		list = append(list, pass{components: one, first: 1, last: 5, low: 2 * low}, pass{components: one, first: 6, last: 63, low: 2 * low})
		for l := 2*low - 1; l >= 0; l-- {
			list = append(list, pass{components: one, first: 1, last: 63, high: l + 1, low: l})
		}
	}
	if e.fine {
		list = append(list, pass{components: all, high: 1})
	}
	return list
}

// transform turns a picture into quantized coefficients.
func (e encoder) transform(img image.Image) []*coded {
	b := img.Bounds()
	hMost, vMost := e.sampling[0][0], e.sampling[0][1]
	if len(e.sampling) == 1 {
		hMost, vMost = 1, 1
	}
	var parts []*coded
	for i, s := range e.sampling {
		c := &coded{h: s[0], v: s[1]}
		if len(e.sampling) == 1 {
			c.h, c.v = 1, 1
		}
		c.cols, c.rows = above(above(b.Dx()*c.h, hMost), 8), above(above(b.Dy()*c.v, vMost), 8)
		c.across = c.h * above(b.Dx(), 8*hMost)
		down := c.v * above(b.Dy(), 8*vMost)
		thin := image.Pt(hMost/c.h, vMost/c.v)
		for k := range c.across * down {
			c.blocks = append(c.blocks, e.block(img, i, thin, image.Pt(k%c.across*8, k/c.across*8)))
		}
		parts = append(parts, c)
	}
	return parts
}

func (e encoder) block(img image.Image, component int, thin, at image.Point) (out [blockSize]int32) {
	var samples [8][8]float64
	b := img.Bounds()
	for y := range 8 {
		for x := range 8 {
			px := b.Min.X + min((at.X+x)*thin.X, b.Dx()-1)
			py := b.Min.Y + min((at.Y+y)*thin.Y, b.Dy()-1)
			r, g, bl, _ := img.At(px, py).RGBA()
			yy, cb, cr := color.RGBToYCbCr(uint8(r>>8), uint8(g>>8), uint8(bl>>8))
			samples[y][x] = float64([3]uint8{yy, cb, cr}[component]) - 128
		}
	}
	for k := range blockSize {
		u, v := int(zigzag[k]&7), int(zigzag[k]>>3)
		sum := 0.0
		for y := range 8 {
			for x := range 8 {
				sum += samples[y][x] * cosines[u][x] * cosines[v][y]
			}
		}
		out[k] = int32(math.Round(sum / 4 / float64(e.quant)))
	}
	return out
}

// cosines are the base functions of the transform.
var cosines = func() (c [8][8]float64) {
	for u := range 8 {
		for x := range 8 {
			c[u][x] = math.Cos(float64(2*x+1) * float64(u) * math.Pi / 16)
			if u == 0 {
				c[u][x] = math.Sqrt(0.5)
			}
		}
	}
	return c
}()

// bitWriter writes the entropy-coded data of one scan.
type bitWriter struct {
	out  []byte
	acc  uint64
	n    int
	code map[byte][2]int // code, length

	pass
	dc   [3]int32
	run  int
	held []byte // correction bits that follow the run
}

func newBitWriter(out []byte, p pass) *bitWriter {
	w := &bitWriter{out: out, pass: p, code: map[byte][2]int{}}
	code, at := 0, 0
	for i, n := range testCounts {
		code <<= 1
		for range n {
			w.code[testSymbols[at]] = [2]int{code, i + 1}
			code, at = code+1, at+1
		}
	}
	return w
}

func (w *bitWriter) bits(v, n int) {
	w.acc = w.acc<<n | uint64(v)&(1<<n-1)
	for w.n += n; w.n >= 8; w.n -= 8 {
		b := byte(w.acc >> (w.n - 8))
		if w.out = append(w.out, b); b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

func (w *bitWriter) symbol(s byte) { w.bits(w.code[s][0], w.code[s][1]) }

// value writes a number behind the symbol that has its length.
func (w *bitWriter) value(high byte, v int32) {
	n := 0
	for a := max(v, -v); a > 0; a >>= 1 {
		n++
	}
	w.symbol(high<<4 | byte(n))
	if v < 0 {
		v--
	}
	w.bits(int(v), n)
}

func (w *bitWriter) flush() {
	w.end()
	if w.n > 0 {
		w.bits(0x7f, 8-w.n)
	}
	w.n = 0
}

func (e encoder) scan(out []byte, size image.Point, parts []*coded, p pass) []byte {
	w := newBitWriter(out, p)
	count := 0
	unit := func(last bool, blocks ...func()) {
		for _, b := range blocks {
			b()
		}
		if count++; e.restart > 0 && count%e.restart == 0 && !last {
			w.flush()
			w.out = append(w.out, 0xff, 0xd0+byte(count/e.restart-1)&7)
			w.dc = [3]int32{}
		}
	}
	if len(p.components) == 1 {
		i := p.components[0]
		c := parts[i]
		for k := range c.cols * c.rows {
			unit(k == c.cols*c.rows-1, func() { w.block(i, &c.blocks[k/c.cols*c.across+k%c.cols]) })
		}
	} else {
		across := parts[0].across / parts[0].h
		all := across * (len(parts[0].blocks) / parts[0].across / parts[0].v)
		for m := range all {
			var blocks []func()
			for _, i := range p.components {
				c := parts[i]
				for j := range c.h * c.v {
					at := (m/across*c.v+j/c.h)*c.across + m%across*c.h + j%c.h
					blocks = append(blocks, func() { w.block(i, &c.blocks[at]) })
				}
			}
			unit(m == all-1, blocks...)
		}
	}
	w.flush()
	return w.out
}

func (w *bitWriter) block(component int, b *[blockSize]int32) {
	if w.first == 0 {
		if w.high > 0 {
			w.bits(int(b[0]>>w.low), 1)
			return
		}
		v := b[0] >> w.low
		w.value(0, v-w.dc[component])
		w.dc[component] = v
	}
	switch {
	case w.last == 0:
	case w.high > 0:
		w.refine(b)
	default:
		w.band(b)
	}
}

// shrunk is a coefficient without the bits of later scans.
func (w *bitWriter) shrunk(v int32) int32 {
	if v < 0 {
		return -(-v >> w.low)
	}
	return v >> w.low
}

func (w *bitWriter) band(b *[blockSize]int32) {
	zeros := 0
	for k := max(w.first, 1); k <= w.last; k++ {
		v := w.shrunk(b[k])
		if v == 0 {
			zeros++
			continue
		}
		w.end()
		for ; zeros > 15; zeros -= 16 {
			w.symbol(0xf0)
		}
		w.value(byte(zeros), v)
		zeros = 0
	}
	switch {
	case zeros == 0:
	case w.first == 0:
		w.symbol(0)
	default:
		w.ended()
	}
}

func (w *bitWriter) refine(b *[blockSize]int32) {
	newest := 0 // the last coefficient that appears in this scan
	for k := w.first; k <= w.last; k++ {
		if v := w.shrunk(b[k]); v == 1 || v == -1 {
			newest = k
		}
	}
	zeros := 0
	var held []byte
	for k := w.first; k <= w.last; k++ {
		v := w.shrunk(b[k])
		if v == 0 {
			zeros++
			continue
		}
		for ; zeros > 15 && k <= newest; zeros -= 16 {
			w.end()
			w.symbol(0xf0)
			held = w.correct(held)
		}
		if v > 1 || v < -1 {
			held = append(held, byte(max(v, -v)&1))
			continue
		}
		w.end()
		w.symbol(byte(zeros)<<4 | 1)
		w.bits(int(v+1)/2, 1)
		held = w.correct(held)
		zeros = 0
	}
	if zeros > 0 || len(held) > 0 {
		w.held = append(w.held, held...)
		w.ended()
	}
}

func (w *bitWriter) correct(held []byte) []byte {
	for _, b := range held {
		w.bits(int(b), 1)
	}
	return nil
}

// ended counts a block that has nothing more in this scan.
func (w *bitWriter) ended() {
	if w.run++; w.run == 1<<14 || len(w.held) > 900 {
		w.end()
	}
}

// end writes the run of such blocks.
func (w *bitWriter) end() {
	if w.run == 0 {
		return
	}
	n := 0
	for w.run>>n > 1 {
		n++
	}
	w.symbol(byte(n) << 4)
	w.bits(w.run, n)
	w.run = 0
	w.held = w.correct(w.held)
}
