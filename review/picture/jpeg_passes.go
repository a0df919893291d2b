package picture

import "math/bits"

// passes is what has to be kept of the blocks of one component until the last
// scan of a progressive JPEG. The coefficients themselves are not: a scan adds
// to the folded sums what it makes a coefficient larger by. Later scans ask
// only which coefficients are not zero, and their signs.
type passes struct {
	sums    []int32 // folded coefficients, per of them to a block
	per     int
	nonzero []uint64 // a bit for each coefficient, in zig-zag order
	minus   []uint64
	// low says of each coefficient how many bits are still to come; -1 before
	// its first scan.
	low [blockSize]int8
}

func newPasses(blocks, per int) *passes {
	p := &passes{sums: make([]int32, blocks*per), per: per, nonzero: make([]uint64, blocks), minus: make([]uint64, blocks)}
	for i := range p.low {
		p.low[i] = -1
	}
	return p
}

// begun reports whether there is a mean for each block.
func (p *passes) begun() bool { return p.low[0] >= 0 }

// admit takes a scan into account; false where it does not continue what came
// before it.
func (p *passes) admit(first, last, high, low int) bool {
	before := int8(high)
	if high == 0 {
		before = -1
	}
	for k := first; k <= last; k++ {
		if p.low[k] != before {
			return false
		}
		p.low[k] = int8(low)
	}
	return true
}

func (p *passes) draw(c *component) {
	for i := range len(p.nonzero) {
		c.fold.draw(c.at(i), c.stride, p.sums[i*p.per:][:p.per])
	}
}

// add makes a coefficient of a block larger.
func (p *part) add(index, k int, by int32) {
	f := p.fold
	p.passes.sums[index*p.passes.per+int(f.slot[k])] += by * f.weight[k]
}

// pass checks the header of a progressive scan and says how its blocks are
// read; nil where they cannot be.
func (s *scan) pass() func(*part, int) bool {
	switch {
	case s.first > s.last || s.last >= blockSize || s.first == 0 && s.last != 0,
		s.first > 0 && len(s.parts) != 1,
		s.high != 0 && s.high != s.low+1,
		s.low > 13:
		return nil
	}
	for _, p := range s.parts {
		if !p.passes.admit(s.first, s.last, s.high, s.low) {
			return nil
		}
	}
	switch {
	case s.first == 0 && s.high == 0:
		return s.firstMean
	case s.first == 0:
		return s.nextMean
	case s.parts[0].ac == nil:
		return nil
	case s.high == 0:
		return s.firstBand
	}
	return s.nextBand
}

func (s *scan) firstMean(p *part, index int) bool {
	if !s.difference(p) {
		return false
	}
	p.add(index, 0, p.predicted<<s.low)
	return true
}

func (s *scan) nextMean(p *part, index int) bool {
	p.add(index, 0, s.bits.bits(1)<<s.low)
	return true
}

// firstBand reads coefficients for the first time (T.81, G.1.2.2).
func (s *scan) firstBand(p *part, index int) bool {
	if s.run > 0 {
		s.run--
		return true
	}
	for k := s.first; k <= s.last; k++ {
		symbol, ok := p.ac.symbol(&s.bits)
		if !ok {
			return false
		}
		run, size := int(symbol>>4), int(symbol&0xf)
		if size == 0 && run < 15 {
			s.run = s.length(run) - 1
			return true
		}
		if k += run; size == 0 {
			continue
		}
		if k > s.last {
			return false
		}
		v := s.bits.value(size)
		p.passes.mark(index, k, v < 0)
		p.add(index, k, v<<s.low)
	}
	return true
}

// length reads how many blocks end at once.
func (s *scan) length(size int) int { return 1<<size | int(s.bits.bits(size)) }

func (p *passes) mark(index, k int, minus bool) {
	p.nonzero[index] |= 1 << k
	if minus {
		p.minus[index] |= 1 << k
	}
}

// nextBand reads one more bit of coefficients (T.81, G.1.2.3).
func (s *scan) nextBand(p *part, index int) bool {
	k := s.first
	for s.run == 0 && k <= s.last {
		symbol, ok := p.ac.symbol(&s.bits)
		if !ok {
			return false
		}
		run, size := int(symbol>>4), symbol&0xf
		if size > 1 {
			return false
		}
		if size == 0 && run < 15 {
			s.run = s.length(run)
			break
		}
		plus := size == 1 && s.bits.bits(1) == 1
		if k = s.correct(p, index, k, run); k > s.last {
			return false
		}
		if size == 1 {
			s.appear(p, index, k, plus)
		}
		k++
	}
	if s.run > 0 {
		s.run--
		s.correct(p, index, k, blockSize)
	}
	return true
}

// appear makes a coefficient that was zero one of the smallest.
func (s *scan) appear(p *part, index, k int, plus bool) {
	v := int32(1) << s.low
	if !plus {
		v = -v
	}
	p.passes.mark(index, k, !plus)
	p.add(index, k, v)
}

// correct reads a bit for every coefficient from k on that is not zero, and
// returns where the next zero stands when so many zeros are left out.
func (s *scan) correct(p *part, index, k, zeros int) int {
	nonzero, minus := p.passes.nonzero[index], p.passes.minus[index]
	for ; k <= s.last; k++ {
		if nonzero>>k&1 == 0 {
			gap := min(bits.TrailingZeros64(nonzero>>k), s.last+1-k)
			if zeros < gap {
				return k + zeros
			}
			zeros -= gap
			k += gap - 1
			continue
		}
		if s.bits.bits(1) == 0 {
			continue
		}
		v := int32(1) << s.low
		if minus>>k&1 == 1 {
			v = -v
		}
		p.add(index, k, v)
	}
	return k
}
