package picture

// scan is one pass over some components.
type scan struct {
	*reducer
	bits     bitReader
	parts    []part
	first    int // spectral selection
	last     int
	high     int // successive approximation
	low      int
	run      int // blocks that end at once, in progressive scans
	restarts int
}

// part is a component in a scan.
type part struct {
	*component
	dc, ac *huffman
}

// scan decodes the scan whose header is given and whose data begin at at. It
// returns where they end.
func (r *reducer) scan(header []byte, at int) (int, bool) {
	s := scan{reducer: r, last: blockSize - 1, bits: bitReader{data: r.data, at: at}}
	if !s.begin(header) {
		return 0, false
	}
	r.scanned = true
	if r.brief && r.by == 8 && s.first > 0 {
		return at, true // the next marker ends it
	}
	block := s.coefficients
	switch {
	case r.progressive:
		block = s.pass()
	case r.by == 8:
		block = s.mean
	}
	if block == nil || !s.blocks(block) || s.bits.short() || s.run != 0 {
		return 0, false
	}
	return s.bits.at, true
}

func (s *scan) begin(header []byte) bool {
	if len(header) < 6 || len(header) != 4+2*int(header[0]) || s.components == nil {
		return false
	}
	n := int(header[0])
	for i := range n {
		if !s.addPart(header[1+2*i], header[2+2*i]>>4, header[2+2*i]&0xf) {
			return false
		}
	}
	if s.progressive {
		tail := header[1+2*n:]
		s.first, s.last, s.high, s.low = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&0xf)
	}
	area := 0
	for _, p := range s.parts {
		area += p.h * p.v
	}
	// Restarts inside a component of its own are counted in blocks by the
	// standard and in larger units by some decoders.
	alone := n == 1 && s.interval > 0 && area > 1
	return !alone && (n == 1 || area <= 10)
}

func (s *scan) addPart(id, dc, ac byte) bool {
	if dc > 3 || ac > 3 || s.baseline && (dc > 1 || ac > 1) {
		return false
	}
	for _, p := range s.parts {
		if p.id == id {
			return false
		}
	}
	for _, c := range s.components {
		if c.id == id {
			s.parts = append(s.parts, part{c, s.huffman[0][dc], s.huffman[1][ac]})
			c.predicted = 0
			return s.admitted(c)
		}
	}
	return false
}

// admitted prepares a component; sequential ones come once.
func (s *scan) admitted(c *component) bool {
	again := c.seen
	c.seen = true
	return s.prepare(c) && (s.progressive || !again)
}

// blocks calls do for every block of the scan, in the order of its data.
func (s *scan) blocks(do func(p *part, index int) bool) bool {
	if len(s.parts) == 1 {
		p := &s.parts[0]
		for y := range p.rows {
			for x := range p.cols {
				if !do(p, y*p.across+x) || !s.passed(y*p.cols+x+1, p.cols*p.rows) {
					return false
				}
			}
			if s.bits.short() {
				return false
			}
		}
		return true
	}
	return s.interleaved(do)
}

func (s *scan) interleaved(do func(p *part, index int) bool) bool {
	across, down := s.mcusAcross(), s.mcusDown()
	for y := range down {
		for x := range across {
			for i := range s.parts {
				p := &s.parts[i]
				at := y*p.v*p.across + x*p.h
				for j := range p.h * p.v {
					if !do(p, at+j/p.h*p.across+j%p.h) {
						return false
					}
				}
			}
			if !s.passed(y*across+x+1, across*down) {
				return false
			}
		}
		if s.bits.short() {
			return false
		}
	}
	return true
}

// passed begins anew behind a restart marker, where one is due after so many
// of all units.
func (s *scan) passed(count, all int) bool {
	if s.interval == 0 || count%s.interval != 0 || count == all {
		return true
	}
	for _, p := range s.parts {
		p.predicted = 0
	}
	if s.run != 0 {
		return false
	}
	s.restarts++
	return s.bits.restart(markRST0 + byte(s.restarts-1)&7)
}

// difference reads a DC coefficient and adds it to the one before.
func (s *scan) difference(p *part) bool {
	const most = 11 // bits, for samples of eight
	if p.dc == nil {
		return false
	}
	size, ok := p.dc.symbol(&s.bits)
	if !ok || size > most {
		return false
	}
	p.predicted += s.bits.value(int(size))
	return true
}

// mean draws a block from its first coefficient and passes over the others.
func (s *scan) mean(p *part, index int) bool {
	if !s.difference(p) || p.ac == nil {
		return false
	}
	p.pix[index] = sample(int64(p.predicted) * int64(p.fold.weight[0]))
	table, b := p.ac.skipSteps(), &s.bits
	for k := 1; k < blockSize; {
		if b.n < 32 {
			b.fill()
		}
		l := table[b.acc>>(64-skipBits)]
		if next := k + int(l.advance); l.bits != 0 && (next < blockSize || next == blockSize && !l.end) {
			b.skip(int(l.bits))
			if l.end {
				return true
			}
			k = next
			continue
		}
		st, ok := s.step(p.ac)
		if !ok || k+int(st.advance) > blockSize {
			return false
		}
		if st.advance == 0 {
			return true
		}
		k += int(st.advance)
	}
	return true
}

// coefficients folds all coefficients of a block and draws it.
func (s *scan) coefficients(p *part, index int) bool {
	if !s.difference(p) || p.ac == nil {
		return false
	}
	var sum [16]int32
	f := p.fold
	sum[0] = p.predicted * f.weight[0]
	table, b := p.ac.valueSteps(), &s.bits
	for k := 1; k < blockSize; {
		if b.n < 32 {
			b.fill()
		}
		st := table[b.acc>>(64-lookBits)]
		if st.bits != 0 {
			b.skip(int(st.bits))
		} else {
			var ok bool
			if st, ok = s.step(p.ac); !ok {
				return false
			}
		}
		if st.advance == 0 {
			break
		}
		k += int(st.advance)
		if k > blockSize {
			return false
		}
		sum[f.slot[k-1]&15] += int32(st.value) * f.weight[k-1]
	}
	f.draw(p.at(index), p.stride, sum[:f.side*f.side])
	return true
}

// at is the place of a block in the reduced samples.
func (c *component) at(index int) []byte {
	side := c.fold.side
	return c.pix[index/c.across*side*c.stride+index%c.across*side:]
}

// step reads one coefficient of a sequential scan the long way.
func (s *scan) step(ac *huffman) (step, bool) {
	symbol, ok := ac.symbol(&s.bits)
	if !ok {
		return step{}, false
	}
	run, size := symbol>>4, symbol&0xf
	switch {
	case size > 0:
		return step{value: int16(s.bits.value(int(size))), advance: run + 1}, true
	case run == 15:
		return step{advance: 16}, true
	}
	return step{}, run == 0
}
