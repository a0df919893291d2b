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
	box   box
	size  float64
	ink   ink
	align alignment
	bold  bool
	whole bool // on one line while that is readable: readers search line by line
	text  func(r *record) string
}

func (b block) style() style {
	return style{size: b.size, ink: b.ink, align: b.align, bold: b.bold, whole: b.whole}
}

// compose sets every text of the certificate. The error is a RefusedError.
func (p *Printer) compose(r *record) ([]text, error) {
	var texts []text
	var refused []FieldError
	for _, b := range allBlocks(p.seal == nil) {
		words := b.text(r)
		if missing := p.missing(b.field, words); missing != nil {
			refused = append(refused, missing...)
			continue
		}
		lines, err := p.set(b.box, b.style(), words)
		if err != nil {
			refused = append(refused, FieldError{b.field, err})
		}
		texts = append(texts, text{b.box, lines})
	}
	if refused != nil {
		return nil, &RefusedError{Number: r.number, Fields: refused}
	}
	return texts, nil
}

// fieldRow is a field with its label before it and a line below.
type fieldRow struct {
	field  review.Key
	label  string
	x, y   float64
	indent float64 // from the label's start to the value's
	w      float64 // of label and value
	size   float64
	text   func(r *record) string // nil prints the field itself
}

// rowHeight is the height of the box of a field's value.
const rowHeight = 10.0

// fieldRows are the fields beside the portrait, in reading order.
var fieldRows = []fieldRow{
	{field: nameKey, label: "姓名", x: 80, y: 63, indent: 32, w: 113, size: 19},
	{field: sexKey, label: "性别", x: 201, y: 63, indent: 14, w: 64, size: 14},
	{field: idNumberKey, label: "证件号码", x: 80, y: 75, indent: 32, w: 100, size: 14},
	{field: levelKey, label: "资格级别", x: 187, y: 75, indent: 28, w: 78, size: 14},
	{field: managementKey, label: "水平证书管理号", x: 80, y: 87, indent: 32, w: 100, size: 14},
	{field: firstKey, label: "首次登记日期", x: 187, y: 87, indent: 28, w: 78, size: 14},
	{field: numberKey, label: "登记证书编号", x: 80, y: 99, indent: 32, w: 100, size: 14},
	{field: areaKey, label: "资料审核区域", x: 187, y: 99, indent: 28, w: 78, size: 14},
	{field: fromKey, label: "登记有效期", x: 80, y: 111, indent: 32, w: 185, size: 14, text: func(r *record) string {
		return r.fields[fromKey] + " 至 " + r.fields[untilKey]
	}},
}

// blocks are the other texts.
var blocks = []block{
	{box: box{40, 24, 217, 18}, size: 38, ink: red, align: centre, bold: true, text: func(r *record) string { return r.texts.Title }},
	{box: box{40, 43, 217, 7}, size: 11.5, ink: gold, align: centre, text: func(r *record) string { return r.texts.English }},
	{box: box{34, 127, 231, 13}, size: 14, ink: black, align: centre, text: func(r *record) string { return r.texts.Statement }},
	{box: box{160, 151, 20, 11}, size: labelSize, ink: grey, text: func(*record) string { return "发证机关" }},
	{field: issuerKey, box: box{181, 151, 84, 11}, size: 16, ink: black, text: func(r *record) string { return r.fields[issuerKey] }},
	{box: box{160, 164, 20, 7}, size: labelSize, ink: grey, text: func(*record) string { return "发证日期" }},
	{field: issuedKey, box: box{181, 164, 84, 7}, size: 14, ink: black, text: func(r *record) string { return r.fields[issuedKey] }},
	{box: box{34, 164, 16, 7}, size: labelSize, ink: grey, text: func(*record) string { return "验证码" }},
	{box: box{50, 164, 60, 7}, size: 14, ink: black, text: func(r *record) string { return r.code }},
}

// Places of what is not text.
var (
	portraitBox = box{34, 67.5, 35, 49}
	ornament    = box{106, 54, 85, 0}
	sealBox     = box{194, 138, 42, 42}
	specimenBox = box{194, 141, 42, 9}
)

// labelSize and labelInk are those of the labels of rows.
const labelSize = 11.0

// allBlocks returns every text of a certificate in reading order, labels included. A placeholder for the seal has a
// text too.
func allBlocks(placeholder bool) []block {
	all := append([]block(nil), blocks[:2]...)
	for _, r := range fieldRows {
		text := r.text
		if text == nil {
			text = func(rec *record) string { return rec.fields[r.field] }
		}
		all = append(all,
			block{box: box{r.x, r.y, r.indent - 2, rowHeight - 0.8}, size: labelSize, ink: grey, text: func(*record) string { return r.label }},
			block{field: r.field, box: box{r.x + r.indent, r.y, r.w - r.indent, rowHeight - 0.8}, size: r.size, ink: black, whole: true, text: text})
	}
	all = append(all, blocks[2:]...)
	if placeholder {
		all = append(all, block{box: specimenBox, size: 20, ink: red, align: centre, text: func(r *record) string { return r.texts.Specimen }})
	}
	return all
}
