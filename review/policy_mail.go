package review

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// MailPolicy is how paper certificates are mailed.
type MailPolicy struct {
	Carriers []Option // the usual one first
	Labels   LabelSheet
}

// LabelSheet is how address labels lie on an A4 sheet, standing. All measures are millimetres.
type LabelSheet struct {
	Columns, Rows int
	Left, Top     float64 // margins before the first label
	Width, Height float64 // of a label
	GapX, GapY    float64 // between labels
}

// The measures of A4, and of the least label that an address is legible on, in millimetres.
const (
	a4Width, a4Height       = 210.0, 297.0
	leastLabelW, leastLabel = 30.0, 21.0
	labelRounding           = 0.5 // what makers of sheets round by
)

// Fits reports whether labels of these measures lie on an A4 sheet and are large enough to be written on.
func (s LabelSheet) Fits() bool {
	for _, v := range []float64{s.Left, s.Top, s.Width, s.Height, s.GapX, s.GapY} {
		if !(v >= 0 && v <= a4Height) { // so that what is no number fails too
			return false
		}
	}
	across := s.Left + float64(s.Columns)*s.Width + float64(s.Columns-1)*s.GapX
	down := s.Top + float64(s.Rows)*s.Height + float64(s.Rows-1)*s.GapY
	return s.Columns >= 1 && s.Rows >= 1 && s.Width >= leastLabelW && s.Height >= leastLabel &&
		across <= a4Width+labelRounding && down <= a4Height+labelRounding
}

// Count is how many labels a sheet has.
func (s LabelSheet) Count() int { return s.Columns * s.Rows }

// Carrier returns the carrier with the code.
func (p *Policy) Carrier(code string) (Option, bool) {
	for _, o := range p.Mail.Carriers {
		if o.Code == code {
			return o, true
		}
	}
	return Option{}, false
}

var carrierForm = regexp.MustCompile(`^[0-9A-Z]{1,8}$`)

func (r *policyReader) mail(n *yaml.Node) MailPolicy {
	f := r.fields(n, "mail", []string{"carriers", "labels"})
	m := MailPolicy{Labels: r.labels(f["labels"])}
	codes, labels := r.once("mail carriers", "code"), r.once("mail carriers", "label")
	for _, item := range r.items(f["carriers"], "mail: carriers") {
		m.Carriers = append(m.Carriers, r.option(item, "carriers", carrierForm, codes, labels))
	}
	if list := f["carriers"]; list != nil && list.Kind == yaml.SequenceNode && len(list.Content) == 0 {
		r.refuse(list, "mail: carriers: at least one is needed")
	}
	return m
}

func (r *policyReader) labels(n *yaml.Node) LabelSheet {
	if n == nil {
		return LabelSheet{}
	}
	f := r.fields(n, "mail: labels", []string{"columns", "rows", "left", "top", "width", "height", "gap_x", "gap_y"})
	before := len(r.problems)
	s := LabelSheet{
		Columns: r.whole(f["columns"], "mail: labels: columns", 1, 20), Rows: r.whole(f["rows"], "mail: labels: rows", 1, 20),
		Left: r.millimetres(f["left"], "mail: labels: left"), Top: r.millimetres(f["top"], "mail: labels: top"),
		Width: r.millimetres(f["width"], "mail: labels: width"), Height: r.millimetres(f["height"], "mail: labels: height"),
		GapX: r.millimetres(f["gap_x"], "mail: labels: gap_x"), GapY: r.millimetres(f["gap_y"], "mail: labels: gap_y"),
	}
	if len(r.problems) == before && n.Kind == yaml.MappingNode && !s.Fits() {
		r.refuse(n, "mail: labels: these labels do not lie on an A4 sheet (210 × 297 mm), or are smaller than 30 × 21 mm")
	}
	return s
}

var millimetresForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})(\.[0-9]{1,3})?$`)

// millimetres returns a measure from 0 to 297, written in decimal digits.
func (r *policyReader) millimetres(n *yaml.Node, what string) float64 {
	if !r.is(n, yaml.ScalarNode, what, "a number") {
		return 0
	}
	value, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || !millimetresForm.MatchString(n.Value) || value > a4Height {
		r.refuse(n, "%s must be a number of millimetres from 0 to 297, not %s", what, quoted(n.Value))
		return 0
	}
	return value
}
