package picture

// writes takes the operators of text (9.4).
func (d *drawing) writes(op pdfWord) bool {
	s, n := &d.state, d.number
	switch op {
	case "BT":
		d.text, d.line = unmoved, unmoved
	case "ET":
	case "Tf":
		s.font, s.size = d.outlineFont(d.name(0)), n(1)
	case "Tc":
		s.spacing = n(0)
	case "Tw":
		s.words = n(0)
	case "Tz":
		s.stretch = n(0) / 100
	case "TL":
		s.leading = n(0)
	case "Ts":
		s.rise = n(0)
	case "Tr":
		s.mode = int(n(0))
		return s.mode >= 0 && s.mode <= 3 // the others also clip
	case "Td":
		d.move(n(0), n(1))
	case "TD":
		s.leading = -n(1)
		d.move(n(0), n(1))
	case "T*":
		d.move(0, -s.leading)
	case "Tm":
		d.line = d.matrix()
		d.text = d.line
	case "Tj", "TJ":
		return d.show(0)
	case "'":
		d.move(0, -s.leading)
		return d.show(0)
	default:
		return false
	}
	return true
}

func (d *drawing) move(x, y float64) {
	d.line = matrix{1, 0, 0, 1, x, y}.times(d.line)
	d.text = d.line
}

// show draws a string, or an array of strings and distances. Invisible text, which scanners lay over a picture to be
// searched, may be in any font.
func (d *drawing) show(i int) bool {
	s := &d.state
	if i >= len(d.operands) {
		return false
	}
	if s.mode == 3 {
		return true
	}
	if s.font == nil {
		return false
	}
	pieces, ok := d.operands[i].(pdfArray)
	if !ok {
		pieces = pdfArray{d.operands[i]}
	}
	for _, p := range pieces {
		switch p := p.(type) {
		case float64:
			d.advance(-p / 1000 * s.size)
		case pdfString:
			for b := []byte(p); len(b) > 1; b = b[2:] {
				if !d.glyph(int(b[0])<<8 | int(b[1])) {
					return false
				}
			}
		}
	}
	return true
}

func (d *drawing) advance(by float64) {
	d.text = matrix{1, 0, 0, 1, by * d.state.stretch, 0}.times(d.text)
}

// glyph draws one glyph where the pen stands, and moves the pen.
func (d *drawing) glyph(number int) bool {
	s := &d.state
	shape, ok := s.font.shape(number)
	if !ok {
		return false
	}
	at := matrix{s.size * s.stretch, 0, 0, s.size, 0, s.rise}.times(d.text).times(s.ctm)
	if o := shape.through(at); len(o.lines) > 0 {
		if s.mode != 1 {
			d.fillOutline(o)
		}
		if s.mode != 0 {
			d.strokeOutline(o)
		}
	}
	d.advance(s.font.width(number)*s.size + s.spacing)
	return d.page.err == nil
}
