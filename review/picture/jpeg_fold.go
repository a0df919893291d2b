package picture

import "math"

// A picture at a half, a quarter or an eighth is made from the coefficients of
// each block without going through its 64 pixels: the mean of neighbouring
// pixels is a sum of coefficients, each with a fixed weight. For means of two
// the cosine transform of eight points folds into one of four, where the
// frequencies 8−u stand for u with the opposite sign and frequency 4 is
// nothing; for means of four it folds once more; the mean of all is
// coefficient 0 alone. What comes out is what averaging the pixels would give,
// but for rounding, and that pixels beyond black and white count as they are.
const (
	blockSize = 64
	foldBits  = 12 // fraction bits of a weight
)

// fold says where a coefficient goes, in zig-zag order, and by what weight.
// Weights have the quantization step in them.
type fold struct {
	side   int // of the reduced block: 1, 2 or 4
	slot   [blockSize]uint8
	weight [blockSize]int32
}

// zigzag has column | row<<3 of each coefficient (T.81, figure A.6).
const zigzag = "\x00\x01\x08\x10\x09\x02\x03\x0a\x11\x18\x20\x19\x12\x0b\x04\x05" +
	"\x0c\x13\x1a\x21\x28\x30\x29\x22\x1b\x14\x0d\x06\x07\x0e\x15\x1c" +
	"\x23\x2a\x31\x38\x39\x32\x2b\x24\x1d\x16\x0f\x17\x1e\x25\x2c\x33" +
	"\x3a\x3b\x34\x2d\x26\x1f\x27\x2e\x35\x3c\x3d\x36\x2f\x37\x3e\x3f"

// newFold prepares blocks of 8/by × 8/by for a quantization table in zig-zag
// order.
func newFold(by int, quant *[blockSize]uint16) *fold {
	f := &fold{side: 8 / by}
	slots, weights := foldLine(by)
	for i := range blockSize {
		u, v := zigzag[i]&7, zigzag[i]>>3
		w := weights[u] * weights[v] * float64(quant[i]) * (1 << foldBits)
		f.slot[i] = uint8(slots[v]*f.side + slots[u])
		f.weight[i] = int32(math.Round(w))
	}
	return f
}

// foldLine says for one dimension where the eight frequencies go.
func foldLine(by int) (slots [8]int, weights [8]float64) {
	cos := func(u int) float64 { return math.Cos(float64(u) * math.Pi / 16) }
	weights[0] = 1
	if by == 8 {
		return slots, weights
	}
	for u := 1; u < 8; u++ {
		slot, weight := u, cos(u)
		if u > 4 {
			slot, weight = 8-u, -weight
		}
		if by == 4 {
			// Of four frequencies, 3 stands for 1 with the opposite sign.
			weight *= cos(2 * slot)
			if slot == 3 {
				slot, weight = 1, -weight
			}
		}
		if u == 4 || by == 4 && slot == 2 {
			slot, weight = 0, 0
		}
		slots[u], weights[u] = slot, weight
	}
	return slots, weights
}

// √2·cos(π/8) and √2·cos(3π/8), the factors of a transform of four points.
const (
	wide   = 5352 // · 2^-foldBits
	narrow = 2217
)

// draw writes the reduced block whose folded coefficients are sum.
func (f *fold) draw(to []byte, stride int, sum []int32) {
	switch f.side {
	case 1:
		to[0] = sample(int64(sum[0]))
	case 2:
		a, b, c, d := int64(sum[0]), int64(sum[1]), int64(sum[2]), int64(sum[3])
		to[0], to[1] = sample(a+b+c+d), sample(a-b+c-d)
		to[stride], to[stride+1] = sample(a+b-c-d), sample(a-b-c+d)
	case 4:
		draw4(to, stride, (*[16]int32)(sum))
	}
}

func draw4(to []byte, stride int, sum *[16]int32) {
	var rows [16]int64
	for x := range 4 {
		a, b, c, d := four(int64(sum[x]), int64(sum[4+x]), int64(sum[8+x]), int64(sum[12+x]))
		rows[x], rows[4+x], rows[8+x], rows[12+x] = a, b, c, d
	}
	for y := range 4 {
		a, b, c, d := four(rows[4*y], rows[4*y+1], rows[4*y+2], rows[4*y+3])
		line := to[y*stride:][:4]
		line[0], line[1], line[2], line[3] = sample(a), sample(b), sample(c), sample(d)
	}
}

// four is the inverse transform of four points, √8 times as large.
func four(f0, f1, f2, f3 int64) (a, b, c, d int64) {
	even, odd := f0+f2, f0-f2
	outer := (f1*wide + f3*narrow) >> foldBits
	inner := (f1*narrow - f3*wide) >> foldBits
	return even + outer, odd + inner, odd - inner, even - outer
}

// sample turns an eighth of a folded sum into a sample of eight bits.
func sample(v int64) byte {
	const bits = foldBits + 3
	return byte(min(max((v+128<<bits+1<<(bits-1))>>bits, 0), 255))
}
