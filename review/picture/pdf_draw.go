package picture

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Bounds of drawing one page.
const (
	drawDPI    = 150
	drawSide   = 2000      // pixels of the longer side at most
	drawPixels = 120 << 20 // gone over; a certificate takes 29
	drawPoints = 2 << 20   // of outlines; a certificate takes half
	drawLeast  = 1 << 12   // pixels that anything drawn is taken to cost
	farthest   = 20_000    // pixels from the page's corner that anything may lie
)

// ErrUndrawn means that a page holds something that is not drawn here. Such a
// page is not shown with a part missing; its text and pictures can be read.
var ErrUndrawn = errors.New("page holds what is not drawn here")

// DrawPage draws a page of a PDF at 150 dots per inch, or fewer where it is
// large. It knows what the papers of package cert are made of: paths, text in
// TrueType fonts that the file carries, pictures, and blending by
// multiplication. A page with anything else in it is ErrUndrawn: what is
// looked at as a proof must be whole. Its work is bounded whatever the file
// holds.
//
// Errors: those of [ReadPage] and of [Decode], and [ErrUndrawn].
func DrawPage(data []byte, number int) (*Sheet, error) {
	f, p, err := pageOf(data, number)
	if err != nil {
		return nil, err
	}
	return f.draw(p)
}

func (f *pdfFile) draw(p pdfPage) (*Sheet, error) {
	box, ok := f.mediaBox(p.dict)
	if !ok || f.value(p.dict["Annots"]) != nil || f.value(p.dict["UserUnit"]) != nil {
		return nil, ErrUndrawn
	}
	page := newCanvas(box, p.rotate)
	d := drawing{file: f, page: page, resources: p.resources, state: page.first()}
	d.run(f.contents(p.dict["Contents"]))
	switch {
	case f.work <= 0:
		return nil, DamagedError{PDF, errTooCostly}
	case page.err != nil:
		return nil, page.err
	}
	size := page.pixels.Rect.Size()
	facts := Facts{Type: PDF, Width: size.X, Height: size.Y, Orientation: 1}
	return &Sheet{facts: facts, by: 1, pixels: page.pixels, bytes: int64(len(page.pixels.Pix))}, nil
}

// mediaBox returns what is seen of a page: left, bottom, right, top.
func (f *pdfFile) mediaBox(d pdfDict) (box [4]float64, ok bool) {
	for range maxDepth {
		v := f.value(d["CropBox"])
		if v == nil {
			v = f.value(d["MediaBox"])
		}
		if list, isList := v.(pdfArray); isList && len(list) == 4 {
			for i := range box {
				box[i], _ = f.number(list[i])
			}
			return box, box[2]-box[0] >= 1 && box[3]-box[1] >= 1 && finite(box[:]...)
		}
		if d = f.dict(d["Parent"]); d == nil {
			break
		}
	}
	return box, false
}

// canvas is a page that is being drawn. The first error ends the drawing.
type canvas struct {
	pixels *image.RGBA
	base   matrix // from the page's units to pixels

	rasterizer vector.Rasterizer // keeps its room from outline to outline
	mask       []byte

	left   int // pixels that may still be gone over
	points int // and points of outlines
	err    error
}

func newCanvas(box [4]float64, quarters int) *canvas {
	w, h := box[2]-box[0], box[3]-box[1]
	scale := min(drawDPI/72.0, drawSide/max(w, h))
	base := matrix{scale, 0, 0, -scale, -box[0] * scale, box[3] * scale}
	pw, ph := w*scale, h*scale
	for range quarters & 3 { // to the right: what was left is at the top
		base = base.times(matrix{0, 1, -1, 0, ph, 0})
		pw, ph = ph, pw
	}
	c := &canvas{base: base, left: drawPixels, points: drawPoints}
	c.pixels = image.NewRGBA(image.Rect(0, 0, max(int(math.Round(pw)), 1), max(int(math.Round(ph)), 1)))
	draw.Draw(c.pixels, c.pixels.Rect, image.White, image.Point{}, draw.Src)
	return c
}

func (c *canvas) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// pen is how things are drawn at a moment (8.4): the graphics state.
type pen struct {
	ctm          matrix
	fill, stroke color.Color
	fillAlpha    float64
	strokeAlpha  float64
	multiply     bool
	width        float64
	round        bool // ends of lines
	square       bool
	roundJoin    bool
	dash         []float64
	phase        float64
	clip         image.Rectangle

	font    *outlineFont // nil: none that can be drawn
	size    float64
	spacing float64 // after each character, in units of text
	words   float64
	stretch float64
	leading float64
	rise    float64
	mode    int
}

func (c *canvas) first() pen {
	return pen{
		ctm: c.base, clip: c.pixels.Rect, fill: color.Black, stroke: color.Black, fillAlpha: 1, strokeAlpha: 1,
		width: 1, stretch: 1,
	}
}

// drawing goes through the content of a page and draws it.
type drawing struct {
	file      *pdfFile
	page      *canvas
	resources pdfDict
	state     pen
	stack     []pen
	operands  []any
	path      outline
	clips     bool // the path at hand also clips
	text      matrix
	line      matrix
	fonts     map[pdfName]*outlineFont
	forms     int
}

func (d *drawing) run(body []byte) {
	const most = 64
	d.text, d.line = unmoved, unmoved
	l := &pdfLexer{data: body, work: &d.file.work}
	for d.page.err == nil {
		v, ok := l.next()
		if !ok {
			return
		}
		op, isOperator := v.(pdfWord)
		if !isOperator {
			if len(d.operands) < most {
				d.operands = append(d.operands, v)
			}
			continue
		}
		if !d.structure(op) && !d.outlines(op) && !d.paints(op) && !d.colours(op) && !d.writes(op) {
			d.page.fail(ErrUndrawn)
		}
		d.operands = d.operands[:0]
	}
}

// number is an operand, zero for one that is none.
func (d *drawing) number(i int) float64 {
	if i < len(d.operands) {
		if n, ok := d.operands[i].(float64); ok && finite(n) {
			return n
		}
	}
	return 0
}

func (d *drawing) matrix() (m matrix) {
	for i := range m {
		m[i] = d.number(i)
	}
	return m
}

func (d *drawing) name(i int) pdfName {
	if i < len(d.operands) {
		n, _ := d.operands[i].(pdfName)
		return n
	}
	return ""
}

// structure takes the operators of state and structure.
func (d *drawing) structure(op pdfWord) bool {
	s := &d.state
	switch op {
	case "q":
		if len(d.stack) >= maxStates {
			return false
		}
		d.stack = append(d.stack, *s)
	case "Q":
		if n := len(d.stack); n > 0 {
			*s, d.stack = d.stack[n-1], d.stack[:n-1]
		}
	case "cm":
		s.ctm = d.matrix().times(s.ctm)
	case "w":
		s.width = d.number(0)
	case "J":
		s.round, s.square = d.number(0) == 1, d.number(0) == 2
	case "j":
		s.roundJoin = d.number(0) == 1
	case "d":
		return d.dashes()
	case "M", "ri", "i", "BMC", "EMC", "MP", "DP":
	case "BDC":
		return d.name(0) != "OC" // may be hidden
	case "gs":
		return d.graphicsState()
	case "Do":
		return d.object(d.name(0))
	default:
		return false
	}
	return true
}

func (d *drawing) dashes() bool {
	d.state.dash, d.state.phase = nil, d.number(1)
	if len(d.operands) == 0 {
		return false
	}
	list, ok := d.operands[0].(pdfArray)
	if !ok || len(list) > 16 {
		return false
	}
	sum := 0.0
	for _, v := range list {
		n, ok := v.(float64)
		if !ok || n < 0 || !finite(n) {
			return false
		}
		sum += n
		d.state.dash = append(d.state.dash, n)
	}
	if sum == 0 {
		d.state.dash = nil
	}
	return true
}

// graphicsState takes a state that the resources name, as far as every entry of it is known here.
func (d *drawing) graphicsState() bool {
	f, s := d.file, &d.state
	g := f.dict(f.dict(d.resources["ExtGState"])[d.name(0)])
	if g == nil {
		return false
	}
	for key, v := range g {
		n, isNumber := f.number(v)
		switch key {
		case "Type", "SA", "AIS", "OP", "op", "OPM", "ML", "FL", "SM", "TK":
		case "LW":
			s.width = n
		case "ca":
			s.fillAlpha = min(max(n, 0), 1)
		case "CA":
			s.strokeAlpha = min(max(n, 0), 1)
		case "BM":
			mode := f.value(v)
			s.multiply = mode == pdfName("Multiply")
			if !s.multiply && mode != pdfName("Normal") && mode != pdfName("Compatible") {
				return false
			}
		case "SMask":
			if f.value(v) != pdfName("None") {
				return false
			}
		default:
			return false
		}
		if !isNumber && (key == "LW" || key == "ca" || key == "CA") {
			return false
		}
	}
	return true
}

// colours takes the operators of the plain colour spaces.
func (d *drawing) colours(op pdfWord) bool {
	channel := func(i int) uint8 { return uint8(math.Round(255 * min(max(d.number(i), 0), 1))) }
	var c color.Color
	switch op {
	case "g", "G":
		c = color.Gray{channel(0)}
	case "rg", "RG":
		c = color.RGBA{channel(0), channel(1), channel(2), 255}
	case "k", "K":
		c = color.CMYK{channel(0), channel(1), channel(2), channel(3)}
	default:
		return false
	}
	if op[0] >= 'a' {
		d.state.fill = c
	} else {
		d.state.stroke = c
	}
	return true
}

// object draws a picture or what a form holds.
func (d *drawing) object(name pdfName) bool {
	f := d.file
	s, ok := f.value(f.dict(d.resources["XObject"])[name]).(pdfStream)
	switch {
	case !ok:
		return false
	case f.value(s.dict["Subtype"]) == pdfName("Image"):
		return d.picture(s)
	case f.value(s.dict["Subtype"]) != pdfName("Form") || d.forms >= maxForms:
		return false
	}
	if group := f.dict(s.dict["Group"]); group != nil && (d.state.multiply || d.state.fillAlpha < 1) {
		return false // what is drawn together is blended together
	}
	body, err := f.unpack(s)
	if err != nil {
		return false
	}
	inner := drawing{file: f, page: d.page, resources: d.resources, state: d.state, forms: d.forms + 1}
	if r := f.dict(s.dict["Resources"]); r != nil {
		inner.resources = r
	}
	if m, ok := f.value(s.dict["Matrix"]).(pdfArray); ok && len(m) == 6 {
		inner.operands = m
		inner.state.ctm = inner.matrix().times(d.state.ctm)
		inner.operands = nil
	}
	if box, ok := f.value(s.dict["BBox"]).(pdfArray); ok && len(box) == 4 {
		inner.operands = box
		x, y := inner.number(0), inner.number(1)
		var o outline
		o.rectangle(x, y, inner.number(2)-x, inner.number(3)-y)
		inner.operands = nil
		if !inner.clipTo(&o) {
			return false
		}
	}
	inner.run(body)
	return true
}

// picture draws a picture that stands upright, mirrored or turned by quarters.
func (d *drawing) picture(s pdfStream) bool {
	f, m := d.file, d.state.ctm
	if s.dict["SMask"] != nil || s.dict["Mask"] != nil {
		return false
	}
	straight := math.Abs(m[1])+math.Abs(m[2]) < 1e-3 || math.Abs(m[0])+math.Abs(m[3]) < 1e-3
	if !straight {
		return false
	}
	// Pixels go down, the page's units up.
	e, err := f.embedded(placedPicture{s, matrix{m[0], -m[1], m[2], -m[3], 0, 0}})
	if err != nil {
		return false
	}
	x0, y0, x1, y1 := m[4], m[5], m[4]+m[0]+m[2], m[5]+m[1]+m[3]
	if !reachable(x0, y0) || !reachable(x1, y1) {
		return false
	}
	at := image.Rect(int(math.Round(x0)), int(math.Round(y0)), int(math.Round(x1)), int(math.Round(y1)))
	if at.Empty() || at.Dx() > 2*drawSide || at.Dy() > 2*drawSide {
		return at.Empty()
	}
	sheet, err := e.open(1)
	if err != nil {
		return false
	}
	d.page.left -= at.Dx()*at.Dy() + sheet.Size().X*sheet.Size().Y
	if d.page.left < 0 {
		d.page.fail(DamagedError{PDF, errTooCostly})
		return true
	}
	img := sheet.Draw(image.Rectangle{Max: sheet.Size()}, at.Dx(), at.Dy())
	d.blend(img, at)
	return true
}

// blend puts the pixels onto the page as the state says.
func (d *drawing) blend(img *image.RGBA, at image.Rectangle) {
	seen := at.Intersect(d.state.clip)
	page, alpha := d.page.pixels, uint32(math.Round(d.state.fillAlpha*255))
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		from := img.Pix[img.PixOffset(img.Rect.Min.X+seen.Min.X-at.Min.X, img.Rect.Min.Y+y-at.Min.Y):]
		to := page.Pix[page.PixOffset(seen.Min.X, y):]
		for i := range 4 * seen.Dx() {
			if i%4 == 3 {
				continue
			}
			v, under := uint32(from[i]), uint32(to[i])
			if d.state.multiply {
				v = (v*under + 127) / 255
			}
			to[i] = uint8((v*alpha + under*(255-alpha) + 127) / 255)
		}
	}
}

func reachable(values ...float64) bool {
	for _, v := range values {
		if !(math.Abs(v) <= farthest) {
			return false
		}
	}
	return true
}
