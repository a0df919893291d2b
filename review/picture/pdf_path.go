package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// point is a place, in whatever units.
type point struct{ x, y float64 }

// outline is a path (8.5): lines that follow each other, closed or not. Curves
// are lines by then.
type outline struct {
	lines  [][]point
	closed []bool
}

func (o *outline) move(x, y float64) {
	o.lines, o.closed = append(o.lines, []point{{x, y}}), append(o.closed, false)
}

// at is where the pen stands; a path that does not begin by moving begins at the origin.
func (o *outline) at() point {
	if len(o.lines) == 0 {
		o.move(0, 0)
	}
	last := o.lines[len(o.lines)-1]
	if o.closed[len(o.closed)-1] {
		o.move(last[0].x, last[0].y)
		return last[0]
	}
	return last[len(last)-1]
}

func (o *outline) to(x, y float64) {
	o.at()
	i := len(o.lines) - 1
	o.lines[i] = append(o.lines[i], point{x, y})
}

// curveSteps are the lines that stand for a curve: on a page of 150 dpi the
// longest ones are a few hundred pixels.
const curveSteps = 16

func (o *outline) cubic(b, c, e point) {
	a := o.at()
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		o.to(k0*a.x+k1*b.x+k2*c.x+k3*e.x, k0*a.y+k1*b.y+k2*c.y+k3*e.y)
	}
}

func (o *outline) close() {
	if n := len(o.closed); n > 0 {
		o.closed[n-1] = true
	}
}

func (o *outline) rectangle(x, y, w, h float64) {
	o.move(x, y)
	o.to(x+w, y)
	o.to(x+w, y+h)
	o.to(x, y+h)
	o.close()
}

// through returns the outline as the matrix shows it.
func (o *outline) through(m matrix) outline {
	out := outline{lines: make([][]point, len(o.lines)), closed: o.closed}
	for i, line := range o.lines {
		moved := make([]point, len(line))
		for j, p := range line {
			moved[j] = m.apply(p)
		}
		out.lines[i] = moved
	}
	return out
}

func (m matrix) apply(p point) point {
	return point{m[0]*p.x + m[2]*p.y + m[4], m[1]*p.x + m[3]*p.y + m[5]}
}

// outlines takes the operators that build a path.
func (d *drawing) outlines(op pdfWord) bool {
	o, n, cost := &d.path, d.number, curveSteps
	switch op {
	case "c":
		o.cubic(point{n(0), n(1)}, point{n(2), n(3)}, point{n(4), n(5)})
	case "v":
		o.cubic(o.at(), point{n(0), n(1)}, point{n(2), n(3)})
	case "y":
		o.cubic(point{n(0), n(1)}, point{n(2), n(3)}, point{n(2), n(3)})
	default:
		cost = 1
	}
	switch op {
	case "c", "v", "y":
	case "m":
		o.move(n(0), n(1))
	case "l":
		o.to(n(0), n(1))
	case "h":
		o.close()
	case "re":
		o.rectangle(n(0), n(1), n(2), n(3))
	default:
		return false
	}
	if d.page.points -= cost; d.page.points < 0 {
		d.page.fail(DamagedError{PDF, errTooCostly})
	}
	return true
}

// paints takes the operators that end a path.
func (d *drawing) paints(op pdfWord) bool {
	switch op {
	case "W", "W*": // of a rectangle both rules make the same
		d.clips = true
		return true
	case "s", "b":
		d.path.close()
	}
	o := d.path.through(d.state.ctm)
	switch op {
	case "n":
	case "S", "s":
		d.strokeOutline(o)
	case "f", "F":
		d.fillOutline(o)
	case "B", "b":
		d.fillOutline(o)
		d.strokeOutline(o)
	default:
		return false // those of the even-odd rule among them
	}
	if d.clips && !d.clipTo(&d.path) {
		return false
	}
	d.path, d.clips = outline{}, false
	return true
}

// clipTo keeps what is drawn from now on within a rectangle that lies straight.
func (d *drawing) clipTo(o *outline) bool {
	if len(o.lines) != 1 || len(o.lines[0]) < 4 || len(o.lines[0]) > 5 {
		return false
	}
	p := o.through(d.state.ctm).lines[0]
	for i := range 4 {
		q := p[(i+1)%4]
		if !reachable(q.x, q.y) || math.Abs(p[i].x-q.x) > 0.01 && math.Abs(p[i].y-q.y) > 0.01 {
			return false
		}
	}
	left, right := min(p[0].x, p[2].x), max(p[0].x, p[2].x)
	top, bottom := min(p[0].y, p[2].y), max(p[0].y, p[2].y)
	box := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom)))
	d.state.clip = d.state.clip.Intersect(box)
	return true
}

func (d *drawing) fillOutline(o outline) { d.cover(o, d.state.fill, d.state.fillAlpha) }

func (d *drawing) strokeOutline(o outline) {
	m := d.state.ctm
	scale := math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2]))
	half := max(d.state.width*scale, 0.6) / 2 // a line is never thinner than can be seen
	if len(d.state.dash) > 0 {
		o = dashed(o, d.state.dash, d.state.phase, scale, &d.page.points)
		if d.page.points <= 0 {
			d.page.fail(DamagedError{PDF, errTooCostly})
			return
		}
	}
	var body outline
	for i, line := range o.lines {
		body.thicken(line, o.closed[i], half, d.state)
	}
	d.cover(body, d.state.stroke, d.state.strokeAlpha)
}

// thicken adds what a line of the width covers: a piece for each part of it, all turning the same way, so that where
// they lie over each other nothing cancels out.
func (o *outline) thicken(line []point, closed bool, half float64, s pen) {
	if closed && len(line) > 1 {
		line = append(line[:len(line):len(line)], line[0])
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		ux, uy := (b.x-a.x)/length*half, (b.y-a.y)/length*half
		before, after := 0.0, 0.0
		if s.square && !closed {
			before, after = float(i == 1), float(i == len(line)-1)
		}
		a, b = point{a.x - before*ux, a.y - before*uy}, point{b.x + after*ux, b.y + after*uy}
		o.piece(
			point{a.x - uy, a.y + ux}, point{b.x - uy, b.y + ux}, point{b.x + uy, b.y - ux}, point{a.x + uy, a.y - ux})
		inner := i < len(line)-1 || closed
		if half > 0.75 && (inner || s.round) { // thinner ones show no corners
			o.corner(line, i, closed, half, s)
		}
		if s.round && !closed && i == 1 && half > 0.75 {
			o.disc(line[0], half)
		}
	}
}

// corner fills the gap between two parts of a line that meet: round, or with a mitre.
func (o *outline) corner(line []point, i int, closed bool, half float64, s pen) {
	at := line[i]
	next := i + 1
	if next == len(line) {
		next = 1
	}
	last := i == len(line)-1
	if s.roundJoin || last && s.round && !closed || last && !closed {
		o.disc(at, half)
		return
	}
	a, c := line[i-1], line[next]
	la, lc := math.Hypot(at.x-a.x, at.y-a.y), math.Hypot(c.x-at.x, c.y-at.y)
	if la == 0 || lc == 0 {
		return
	}
	ux, uy, vx, vy := (at.x-a.x)/la, (at.y-a.y)/la, (c.x-at.x)/lc, (c.y-at.y)/lc
	turn, cos := ux*vy-uy*vx, ux*vx+uy*vy
	if math.Abs(turn) < 1e-6 {
		return
	}
	side := half
	if turn > 0 {
		side = -half
	}
	p, q := point{at.x - uy*side, at.y + ux*side}, point{at.x - vy*side, at.y + vx*side}
	tip := q
	if k := 1 + cos; k > 0.02 { // up to the usual limit of a mitre, 10
		tip = point{at.x + side*(-uy-vy)/k, at.y + side*(ux+vx)/k}
	}
	o.piece(at, p, tip, q)
}

func (o *outline) disc(at point, radius float64) {
	const corners = 12
	ring := make([]point, corners)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		ring[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	o.piece(ring...)
}

// piece adds a closed line that turns to the left.
func (o *outline) piece(ring ...point) {
	area := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		area += p.x*q.y - q.x*p.y
	}
	if area < 0 {
		for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
			ring[i], ring[j] = ring[j], ring[i]
		}
	}
	o.lines, o.closed = append(o.lines, ring), append(o.closed, true)
}

func float(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// dashed cuts lines into dashes, whose lengths are in units of scale pixels.
func dashed(o outline, dash []float64, phase, scale float64, points *int) outline {
	var out outline
	for i, line := range o.lines {
		if o.closed[i] {
			line = append(line[:len(line):len(line)], line[0])
		}
		at, left, on := 0, dash[0]*scale, true
		for rest := phase * scale; rest > 0 && *points > 0; *points-- {
			if rest < left {
				left -= rest
				break
			}
			rest -= left
			at, on = (at+1)%len(dash), !on
			left = dash[at] * scale
		}
		if on {
			out.move(line[0].x, line[0].y)
		}
		for j := 1; j < len(line); j++ {
			p, q := line[j-1], line[j]
			length := math.Hypot(q.x-p.x, q.y-p.y)
			for done := 0.0; done < length && *points > 0; *points-- {
				step := min(left, length-done)
				done, left = done+step, left-step
				x, y := p.x+(q.x-p.x)*done/length, p.y+(q.y-p.y)*done/length
				if on {
					out.to(x, y)
				}
				if left > 0 {
					continue
				}
				at, on = (at+1)%len(dash), !on
				if left = dash[at] * scale; on {
					out.move(x, y)
				}
			}
		}
	}
	return out
}

// cover fills an outline, in pixels, with a colour.
func (d *drawing) cover(o outline, c color.Color, alpha float64) {
	box, ok := o.box()
	if !ok {
		if len(o.lines) > 0 {
			d.page.fail(ErrUndrawn)
		}
		return
	}
	box = box.Intersect(d.state.clip)
	if box.Empty() {
		return
	}
	d.page.left -= max(box.Dx()*box.Dy(), drawLeast)
	for _, line := range o.lines {
		d.page.points -= len(line)
	}
	if d.page.left < 0 || d.page.points < 0 {
		d.page.fail(DamagedError{PDF, errTooCostly})
		return
	}
	z := &d.page.rasterizer
	z.Reset(box.Dx(), box.Dy())
	for _, line := range o.lines {
		for i, p := range line {
			x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y))
			if i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
	}
	d.tint(d.page.coverage(box.Dx(), box.Dy()), box, c, alpha)
}

// coverage is how much of each pixel the outline that was just given to the rasteriser covers.
func (c *canvas) coverage(w, h int) *image.Alpha {
	if len(c.mask) < w*h {
		c.mask = make([]byte, w*h)
	}
	mask := &image.Alpha{Pix: c.mask[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	c.rasterizer.DrawOp = draw.Src
	c.rasterizer.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	return mask
}

// tint gives what the mask covers the colour. Most of what a mask spans it does not cover.
func (d *drawing) tint(mask *image.Alpha, at image.Rectangle, c color.Color, alpha float64) {
	r, g, b, _ := c.RGBA()
	shade, strength := [3]uint32{r >> 8, g >> 8, b >> 8}, uint32(math.Round(alpha*256))
	for y := range at.Dy() {
		row := d.page.pixels.Pix[d.page.pixels.PixOffset(at.Min.X, at.Min.Y+y):]
		for x, cover := range mask.Pix[y*mask.Stride:][:at.Dx()] {
			if cover == 0 {
				continue
			}
			part := uint32(cover) * strength >> 8
			for i, v := range shade {
				under := uint32(row[4*x+i])
				if d.state.multiply {
					v = (v*under + 127) / 255
				}
				row[4*x+i] = uint8((v*part + under*(255-part) + 127) / 255)
			}
		}
	}
}

// box is the pixels that an outline may touch; false for none, and for places out of reach.
func (o *outline) box() (image.Rectangle, bool) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, line := range o.lines {
		for _, p := range line {
			x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
		}
	}
	if !reachable(x0, y0, x1, y1) {
		return image.Rectangle{}, false
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1))), true
}
