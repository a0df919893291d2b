package cert

import (
	"errors"
	"io"
	"math"

	"rongzheng/review"
)

// Label is one address label.
type Label struct {
	Recipient string
	Phone     string
	Region    string // 四川省成都市武侯区
	Street    string // 浆洗街 1 号
	Reference string // of the application, small, so that the right certificate gets into the envelope
}

// LabelOf returns the label for the certificate that the application asks to be mailed.
func LabelOf(a *review.Application) Label {
	form := a.PostalForm()
	return Label{form.Get(recipientKey), form.Get(phoneKey), form.Get(regionKey), form.Get(streetKey), a.Reference}
}

// Sheet is how labels lie on an A4 sheet, and where printing begins.
type Sheet struct {
	review.LabelSheet
	// Skip is how many labels of the first sheet are used up already.
	Skip int
}

// DefaultSheet returns the sheet of the default policy: 2 × 7 labels of 99.1 × 38.1 mm, which is sold everywhere.
func DefaultSheet() Sheet { return Sheet{LabelSheet: review.DefaultPolicy().Mail.Labels} }

// ErrSheet says that labels of these measures do not lie on an A4 sheet, or are too small to be written on.
var ErrSheet = errors.New("not a sheet of labels on A4")

// ErrNoLabels says that there is nothing to print.
var ErrNoLabels = errors.New("no labels")

// Check reports, as ErrSheet, measures that no sheet of A4 has, and a beginning behind the last label.
func (s Sheet) Check() error {
	if !s.Fits() || s.Skip < 0 || s.Skip >= s.Count() {
		return ErrSheet
	}
	return nil
}

// place returns where the nth label of a sheet lies, row by row from the upper left corner.
func (s Sheet) place(n int) box {
	return box{s.Left + float64(n%s.Columns)*(s.Width+s.GapX), s.Top + float64(n/s.Columns)*(s.Height+s.GapY), s.Width, s.Height}
}

// labelWords are the words of the labels.
var labelWords = struct{ title, to string }{title: "邮寄标签", to: "　收"}

// labelParts are the texts of a label: how much of its height they take, and how they look. They shrink until they fit.
var labelParts = []struct {
	field review.Key
	share float64
	style style
	text  func(l Label) string
}{
	{regionKey, 0.18, style{size: 12, ink: body, full: true}, func(l Label) string { return l.Region }},
	{streetKey, 0.31, style{size: 12, ink: body, full: true}, func(l Label) string { return l.Street }},
	{recipientKey, 0.24, style{size: 14, ink: body, bold: true, whole: true}, func(l Label) string { return l.Recipient + labelWords.to }},
	{phoneKey, 0.14, style{size: 11, ink: body, whole: true}, func(l Label) string { return l.Phone }},
	{referenceKey, 0.13, style{size: 7, ink: faint, align: right, whole: true}, func(l Label) string { return l.Reference }},
}

// WriteLabels draws address labels in the order given, row by row and sheet by sheet. The same labels on the same sheet
// give the same bytes. The error is ErrNoLabels, ErrSheet, or a RefusedError that names, by their references, labels
// with characters that cannot be drawn, with texts that do not fit, and without recipient, phone or address. Nothing is
// written to w unless the whole file could be drawn.
func WriteLabels(w io.Writer, labels []Label, s Sheet) (err error) {
	defer caught("labels", &err)
	p, err := composeLabels(labels, s)
	if err != nil {
		return err
	}
	return p.write(w)
}

func composeLabels(labels []Label, s Sheet) (*paper, error) {
	if len(labels) == 0 {
		return nil, ErrNoLabels
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	p, err := newPaper("labels", "", a4, 0)
	if err != nil {
		return nil, err
	}
	p.doc.title = labelWords.title
	var on *sheet
	var refused []error
	for i, label := range labels {
		n := (s.Skip + i) % (s.Columns * s.Rows)
		if on == nil || n == 0 {
			on = p.doc.add()
		}
		p.refused = nil
		if p.label(on, label, s.place(n)); p.refused != nil {
			refused = append(refused, &RefusedError{Paper: "label", Number: label.Reference, Fields: p.refused})
		}
	}
	p.refused = nil
	return p, errors.Join(refused...)
}

// What an address of the usual size is written into, in millimetres, and how much larger it is written at most.
const (
	labelWidth, labelHeight = 94.0, 40.0
	mostGrown               = 1.6
)

// written returns where in a label its lines stand, and how much larger than usual they are: an address is a block that is
// read at a glance, however large the label.
func written(in box) (box, float64) {
	grown := max(1, min(in.w/labelWidth, in.h/labelHeight, mostGrown))
	height := min(in.h, labelHeight*grown)
	return box{in.x, in.y + (in.h-height)/2, in.w, height}, grown
}

// label sets one label into its place.
func (p *paper) label(on *sheet, l Label, at box) {
	p.need(recipientKey, l.Recipient)
	p.need(phoneKey, l.Phone)
	p.need(streetKey, l.Street)
	in, grown := written(at.inset(min(4, at.w/12), min(2.5, at.h/12)))
	y := in.y
	for _, part := range labelParts {
		b := box{in.x, y, in.w, in.h * part.share}
		y += b.h
		words := part.text(l)
		if missing := p.missing(part.field, words); missing != nil {
			p.refuse(missing...)
			continue
		}
		st := part.style
		st.size = min(st.size*grown, math.Floor(b.h/(leading*mmPerPt)/step)*step)
		lines, err := p.set(b, st, words)
		if err != nil {
			p.refuse(FieldError{part.field, err})
			continue
		}
		on.add(text{b, lines})
	}
}
