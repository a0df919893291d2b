package picture

import "encoding/binary"

// maxParts bounds a glyph that is put together from others.
const maxParts = 64

// outlineFont draws text: a TrueType font that the file carries, whose codes
// are numbers of its glyphs (9.7.4.2).
type outlineFont struct {
	glyf, loca []byte
	long       bool
	unit       float64 // of the font's design, in parts of the size
	glyphs     int
	advance    map[int]float64
	missing    float64 // advance of a glyph that has none of its own
	shapes     map[int]outline
}

// outlineFont finds a font of the page that can be drawn; nil where there is none.
func (d *drawing) outlineFont(name pdfName) *outlineFont {
	if f, known := d.fonts[name]; known {
		return f
	}
	if d.fonts == nil {
		d.fonts = map[pdfName]*outlineFont{}
	}
	font := d.file.outlines(d.file.dict(d.file.dict(d.resources["Font"])[name]))
	d.fonts[name] = font
	return font
}

func (f *pdfFile) outlines(d pdfDict) *outlineFont {
	list, _ := f.value(d["DescendantFonts"]).(pdfArray)
	if len(list) != 1 || f.value(d["Encoding"]) != pdfName("Identity-H") {
		return nil
	}
	below := f.dict(list[0])
	mapping := f.value(below["CIDToGIDMap"])
	if f.value(below["Subtype"]) != pdfName("CIDFontType2") || mapping != nil && mapping != pdfName("Identity") {
		return nil
	}
	file, ok := f.value(f.dict(below["FontDescriptor"])["FontFile2"]).(pdfStream)
	if !ok {
		return nil
	}
	data, err := f.unpack(file)
	if err != nil {
		return nil
	}
	font := readOutlines(data)
	if font != nil {
		font.widths(f, below)
	}
	return font
}

// readOutlines finds what drawing needs in a TrueType file, nil where it is not all there.
func readOutlines(data []byte) *outlineFont {
	table := func(tag string, least int) []byte {
		if len(data) < 12 {
			return nil
		}
		for i := range int(binary.BigEndian.Uint16(data[4:])) {
			if len(data) < 12+16*(i+1) {
				return nil
			}
			entry := data[12+16*i:]
			at, size := uint64(binary.BigEndian.Uint32(entry[8:])), uint64(binary.BigEndian.Uint32(entry[12:]))
			if string(entry[:4]) == tag && at+size <= uint64(len(data)) && size >= uint64(least) {
				return data[at : at+size]
			}
		}
		return nil
	}
	head, most := table("head", 54), table("maxp", 6)
	f := &outlineFont{glyf: table("glyf", 1), loca: table("loca", 4), missing: 1, shapes: map[int]outline{}}
	if head == nil || most == nil || f.glyf == nil || f.loca == nil {
		return nil
	}
	units := binary.BigEndian.Uint16(head[18:])
	if units == 0 {
		return nil
	}
	f.unit, f.long = 1/float64(units), binary.BigEndian.Uint16(head[50:]) == 1
	f.glyphs = int(binary.BigEndian.Uint16(most[4:]))
	return f
}

// widths reads the advances (9.7.4.3).
func (font *outlineFont) widths(f *pdfFile, d pdfDict) {
	font.advance = map[int]float64{}
	if n, ok := f.number(d["DW"]); ok {
		font.missing = n / 1000
	}
	list, _ := f.value(d["W"]).(pdfArray)
	for i := 0; i+1 < len(list); {
		first, _ := wholeNumber(f.value(list[i]))
		if each, ok := f.value(list[i+1]).(pdfArray); ok {
			for j, v := range each {
				n, _ := f.number(v)
				font.advance[first+j] = n / 1000
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			return
		}
		last, _ := wholeNumber(f.value(list[i+1]))
		n, _ := f.number(list[i+2])
		for cid := first; cid <= min(last, first+maxMapped) && f.work > 0; cid++ {
			f.work--
			font.advance[cid] = n / 1000
		}
		i += 3
	}
}

func (font *outlineFont) width(glyph int) float64 {
	if w, ok := font.advance[glyph]; ok {
		return w
	}
	return font.missing
}

// shape is the outline of a glyph, in parts of the size; false for one that the font does not have whole.
func (font *outlineFont) shape(glyph int) (outline, bool) {
	if o, ok := font.shapes[glyph]; ok {
		return o, true
	}
	var o outline
	parts := maxParts
	if !font.add(&o, glyph, matrix{font.unit, 0, 0, font.unit, 0, 0}, &parts) {
		return o, false
	}
	font.shapes[glyph] = o
	return o, true
}

// bytes are those of one glyph, empty for one without an outline.
func (font *outlineFont) bytes(glyph int) ([]byte, bool) {
	place := func(i int) int {
		switch {
		case font.long && 4*i+4 <= len(font.loca):
			return int(binary.BigEndian.Uint32(font.loca[4*i:]))
		case !font.long && 2*i+2 <= len(font.loca):
			return 2 * int(binary.BigEndian.Uint16(font.loca[2*i:]))
		}
		return -1
	}
	from, to := place(glyph), place(glyph+1)
	if glyph < 0 || glyph >= font.glyphs || from < 0 || from > to || to > len(font.glyf) {
		return nil, false
	}
	return font.glyf[from:to], true
}

// add adds the outline of a glyph as the matrix shows it.
func (font *outlineFont) add(o *outline, glyph int, m matrix, parts *int) bool {
	if *parts--; *parts < 0 {
		return false
	}
	data, ok := font.bytes(glyph)
	if !ok || len(data) == 0 {
		return ok
	}
	r := glyphReader{data: data}
	contours := int(r.int16())
	r.skip(8)
	if contours >= 0 {
		return r.simple(o, contours, m)
	}
	return font.composite(o, &r, m, parts)
}

// glyphReader reads a glyph; past its end it gives zeros and is bad.
type glyphReader struct {
	data []byte
	bad  bool
}

func (r *glyphReader) skip(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.bad, r.data = true, nil
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *glyphReader) byte() byte {
	if b := r.skip(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *glyphReader) int16() int16 {
	if b := r.skip(2); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

// Flags of a point of a simple glyph, and of a part of a composite one.
const (
	onCurve, shortX, shortY, repeats, sameX, sameY = 1, 2, 4, 8, 16, 32

	wideOffsets, areOffsets, oneScale, morePieces, twoScales, fullMatrix = 1, 2, 8, 32, 64, 128
)

type glyphPoint struct {
	point
	on bool
}

func (r *glyphReader) simple(o *outline, contours int, m matrix) bool {
	ends := make([]int, contours)
	for i := range ends {
		ends[i] = int(uint16(r.int16()))
		if r.bad || i > 0 && ends[i] <= ends[i-1] {
			return false
		}
	}
	if contours == 0 {
		return true
	}
	r.skip(int(uint16(r.int16()))) // instructions
	flags := make([]byte, 0, ends[contours-1]+1)
	for len(flags) <= ends[contours-1] && !r.bad {
		flag := r.byte()
		flags = append(flags, flag)
		if flag&repeats != 0 {
			for n := r.byte(); n > 0; n-- {
				flags = append(flags, flag)
			}
		}
	}
	if len(flags) != ends[contours-1]+1 {
		return false
	}
	points := make([]glyphPoint, len(flags))
	x, y := 0, 0
	for i, flag := range flags {
		x += r.step(flag, shortX, sameX)
		points[i].x, points[i].on = float64(x), flag&onCurve != 0
	}
	for i, flag := range flags {
		y += r.step(flag, shortY, sameY)
		points[i].point = m.apply(point{points[i].x, float64(y)})
	}
	from := 0
	for _, end := range ends {
		o.contour(points[from : end+1])
		from = end + 1
	}
	return !r.bad
}

// step is how far a coordinate is from the one before.
func (r *glyphReader) step(flag, short, same byte) int {
	switch {
	case flag&short != 0 && flag&same != 0:
		return int(r.byte())
	case flag&short != 0:
		return -int(r.byte())
	case flag&same != 0:
		return 0
	}
	return int(r.int16())
}

// contour adds a closed curve of TrueType: between two points beside the curve lies one on it.
func (o *outline) contour(points []glyphPoint) {
	if len(points) < 2 {
		return
	}
	middle := func(a, b point) point { return point{(a.x + b.x) / 2, (a.y + b.y) / 2} }
	first := 0
	for first < len(points) && !points[first].on {
		first++
	}
	var start point
	if first == len(points) {
		first = 0
		start = middle(points[len(points)-1].point, points[0].point)
	} else {
		start = points[first].point
		first++
	}
	o.move(start.x, start.y)
	at, beside := start, (*point)(nil)
	for i := range len(points) {
		p := points[(first+i)%len(points)]
		switch {
		case p.on && beside == nil:
			o.to(p.x, p.y)
			at = p.point
		case p.on:
			o.quadratic(at, *beside, p.point)
			at, beside = p.point, nil
		default:
			if beside != nil {
				on := middle(*beside, p.point)
				o.quadratic(at, *beside, on)
				at = on
			}
			beside = &p.point
		}
	}
	if beside != nil {
		o.quadratic(at, *beside, start)
	}
	o.close()
}

func (o *outline) quadratic(a, b, e point) {
	const steps = 6
	for i := 1; i <= steps; i++ {
		t := float64(i) / steps
		u := 1 - t
		o.to(u*u*a.x+2*u*t*b.x+t*t*e.x, u*u*a.y+2*u*t*b.y+t*t*e.y)
	}
}

func (font *outlineFont) composite(o *outline, r *glyphReader, m matrix, parts *int) bool {
	for more := true; more; {
		flags, glyph := int(r.int16()), int(uint16(r.int16()))
		var dx, dy float64
		if flags&wideOffsets != 0 {
			dx, dy = float64(r.int16()), float64(r.int16())
		} else {
			dx, dy = float64(int8(r.byte())), float64(int8(r.byte()))
		}
		part := matrix{1, 0, 0, 1, dx, dy}
		scale := func() float64 { return float64(r.int16()) / (1 << 14) }
		switch {
		case flags&oneScale != 0:
			part[0] = scale()
			part[3] = part[0]
		case flags&twoScales != 0:
			part[0], part[3] = scale(), scale()
		case flags&fullMatrix != 0:
			part[0], part[1], part[2], part[3] = scale(), scale(), scale(), scale()
		}
		if r.bad || flags&areOffsets == 0 || !font.add(o, glyph, part.times(m), parts) {
			return false
		}
		more = flags&morePieces != 0
	}
	return true
}
