package cert

import "rongzheng/review"

// The page is A4, lying. All measures are millimetres from the upper left corner, sizes of type are points.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
)

var (
	black = ink{0x22, 0x22, 0x26}
	grey  = ink{0x7A, 0x6C, 0x55}
	gold  = ink{0xB0, 0x8A, 0x3E}
	red   = ink{0xA8, 0x1C, 0x1C}
	pale  = ink{0xF3, 0xEA, 0xD6}
)

// block is one text on the certificate: its place and what it says. A text stands in the middle of the height of its
// box, in the largest size up to size in which it fits.
type block struct {
	field review.Key // whose text it is, for errors; "" for words of the office
	text  string     // the office's text that the words are, for errors; "" for none
	box   box
	size  float64
	ink   ink
	align alignment
	bold  bool
	whole bool // on one line while that is readable: readers search line by line
	says  func(r *record) string
}

func (b block) style() style {
	return style{size: b.size, ink: b.ink, align: b.align, bold: b.bold, whole: b.whole}
}

// key is what errors call the text.
func (b block) key() review.Key {
	if b.text != "" {
		return review.Key(b.text)
	}
	return b.field
}

// front is everything on the front of a certificate: its texts in reading order, and the places of what is no text.
type front struct {
	blocks   []block
	rules    []rule // below the fields
	portrait box
	ornament rule // below the title
	seal     box
	code     box // of the QR code, with its quiet zone
}

// fieldRow is one or two fields side by side, the first on the left.
type fieldRow []fieldCell

// fieldCell is a field with its label before it and a line below.
type fieldCell struct {
	field review.Key
	label string
	size  float64
	says  func(r *record) string // nil prints the field itself
}

// fieldRows are the fields beside the portrait, in reading order.
var fieldRows = []fieldRow{
	{{field: nameKey, label: "姓名", size: 20}, {field: sexKey, label: "性别", size: 14}},
	{{field: idNumberKey, label: "证件号码", size: 14}, {field: levelKey, label: "资格级别", size: 14}},
	{{field: managementKey, label: "水平证书管理号", size: 14}, {field: firstKey, label: "首次登记日期", size: 14}},
	{{field: numberKey, label: "登记证书编号", size: 14}, {field: areaKey, label: "资料审核区域", size: 14}},
	{{field: fromKey, label: "登记有效期", size: 14, says: func(r *record) string {
		return r.fields[fromKey] + " 至 " + r.fields[untilKey]
	}}},
}

const (
	// labelSize is the size of the labels.
	labelSize = 11.0
	// Shares of the width of the fields.
	leftShare   = 0.56 // of the left column
	leftIndent  = 31.0 // from a label's start to its value's
	rightIndent = 27.0
	columnGap   = 7.0
	codeGap     = 5.0 // between the QR code and the characters beside it
)

// layFront places everything on the front. A certificate without a code has neither code nor characters; placeholder asks
// for the words in the place of a missing seal.
func layFront(at review.CertificatePlaces, placeholder, coded bool) front {
	f := front{portrait: boxOf(at.Portrait), seal: boxOf(at.Seal)}
	title, english := boxOf(at.Title), boxOf(at.English)
	f.blocks = []block{
		{text: "title", box: title, size: 40, ink: red, align: centre, bold: true, says: func(r *record) string { return r.texts.Title }},
		{text: "english", box: english, size: 11.5, ink: gold, align: centre, says: func(r *record) string { return r.texts.English }},
	}
	f.ornament = rule{x1: english.x + english.w/2 - 44, x2: english.x + english.w/2 + 44, y1: english.y + english.h + 2.6}
	f.layFields(boxOf(at.Fields))
	f.blocks = append(f.blocks, block{
		text: "statement", box: boxOf(at.Statement), size: 14, ink: black, align: centre, says: func(r *record) string { return r.texts.Statement },
	})
	f.layIssuer(boxOf(at.Issuer))
	if coded {
		f.layCode(boxOf(at.Code))
	}
	if placeholder {
		b := f.seal
		words := box{b.x, b.y + b.h/2 - 4.5, b.w, 9}.inset(b.w*0.08, 0)
		f.blocks = append(f.blocks, block{text: "specimen", box: words, size: 20, ink: red, align: centre, says: func(r *record) string { return r.texts.Specimen }})
	}
	return f
}

func boxOf(p review.Place) box { return box{p.X, p.Y, p.W, p.H} }

func (f *front) layFields(in box) {
	height := in.h / float64(len(fieldRows))
	for i, row := range fieldRows {
		y := in.y + float64(i)*height
		if len(row) == 1 {
			f.layField(row[0], box{in.x, y, in.w, height}, leftIndent)
			continue
		}
		left := in.w * leftShare
		f.layField(row[0], box{in.x, y, left - columnGap, height}, leftIndent)
		f.layField(row[1], box{in.x + left, y, in.w - left, height}, rightIndent)
	}
}

func (f *front) layField(c fieldCell, in box, indent float64) {
	says := c.says
	if says == nil {
		says = func(r *record) string { return r.fields[c.field] }
	}
	const above = 1.2 // what stands in a row stands on its line
	f.blocks = append(f.blocks,
		block{text: "fields", box: box{in.x, in.y + above, indent - 2, in.h - above - 0.8}, size: labelSize, ink: grey, says: func(*record) string { return c.label }},
		block{field: c.field, box: box{in.x + indent, in.y + above, in.w - indent, in.h - above - 0.8}, size: c.size, ink: black, whole: true, says: says})
	f.rules = append(f.rules, rule{in.x + indent - 2, in.y + in.h, in.x + in.w, in.y + in.h, 0.12, gold})
}

func (f *front) layIssuer(in box) {
	const indent = 21.0
	half := in.h / 2
	for i, c := range []fieldCell{
		{field: issuerKey, label: "发证机关", size: 16}, {field: issuedKey, label: "发证日期", size: 14},
	} {
		y := in.y + float64(i)*half
		f.blocks = append(f.blocks,
			block{text: "issuer", box: box{in.x, y, indent - 1, half}, size: labelSize, ink: grey, says: func(*record) string { return c.label }},
			block{field: c.field, box: box{in.x + indent, y, in.w - indent, half}, size: c.size, ink: black, says: func(r *record) string { return r.fields[c.field] }})
	}
}

func (f *front) layCode(in box) {
	side := min(in.h, in.w/2)
	f.code = box{in.x, in.y, side, side}
	x, w := in.x+side+codeGap, in.w-side-codeGap
	y := in.y + side - 17
	f.blocks = append(f.blocks,
		block{text: "code", box: box{x, y, 13, 8}, size: labelSize, ink: grey, says: func(*record) string { return "验证码" }},
		block{field: codeKey, box: box{x + 14, y, w - 14, 8}, size: 13, ink: black, whole: true, says: func(r *record) string { return r.code.Check }},
		block{text: "code", box: box{x, y + 9, w, 5}, size: 8.5, ink: grey, says: func(*record) string { return "扫描二维码，可脱机核验证书真伪" }})
}

// compose sets every text of the front. The error is a RefusedError.
func (p *Printer) compose(f front, r *record) ([]text, error) {
	var texts []text
	var refused []FieldError
	for _, b := range f.blocks {
		words, field := b.says(r), b.key()
		if missing := p.missing(field, words); missing != nil {
			refused = append(refused, missing...)
			continue
		}
		lines, err := p.set(b.box, b.style(), words)
		if err != nil {
			refused = append(refused, FieldError{field, err})
		}
		texts = append(texts, text{b.box, lines})
	}
	if refused != nil {
		return nil, &RefusedError{Number: r.number, Fields: refused}
	}
	return texts, nil
}
