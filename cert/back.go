package cert

import (
	"fmt"

	"rongzheng/review"
)

// history returns the versions that the back lists: every issue up to this one, where there is more than one.
func history(c *review.Certificate, v *review.CertificateVersion) []review.CertificateVersion {
	var all []review.CertificateVersion
	for _, earlier := range c.Versions {
		if !earlier.Void && earlier.Version < v.Version {
			all = append(all, earlier)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return append(all, *v)
}

// The back is a table of registrations (登记记录), in the same frame.
const (
	backLeft   = 33.0
	backWidth  = 231.0
	backTop    = 62.0
	backBottom = 176.0
	backRow    = 11.0
	backMost   = 14 // lines; of more, the first and the latest are shown
)

// backColumns are the columns of the record, with their shares of its width.
var backColumns = []struct {
	label string
	share float64
	says  func(before, v *review.CertificateVersion) string
}{
	{"版次", 0.07, func(_, v *review.CertificateVersion) string { return fmt.Sprint(v.Version) }},
	{"登记类别", 0.13, registration},
	{"登记有效期", 0.33, func(_, v *review.CertificateVersion) string {
		return longDate(v.ValidFrom) + " 至 " + longDate(v.ValidUntil)
	}},
	{"资格级别", 0.17, func(_, v *review.CertificateVersion) string { return v.LevelLabel }},
	{"资料审核区域", 0.14, func(_, v *review.CertificateVersion) string { return v.AreaLabel }},
	{"发证日期", 0.16, func(_, v *review.CertificateVersion) string { return longDate(review.DateOf(v.IssuedAt)) }},
}

// registration says why a version was issued: what is known of it is whether its validity moved on.
func registration(before, v *review.CertificateVersion) string {
	switch {
	case v.Legacy():
		return "历史登记"
	case before == nil:
		return "首次登记"
	case v.ValidUntil.After(before.ValidUntil):
		return "再次登记"
	}
	return "信息变更"
}

// back adds the sheet with the record of registrations, where the certificate has been renewed.
func (p *Printer) back(d *document, r *record) error {
	if r.history == nil {
		return nil
	}
	s := d.add()
	s.add(painting(func(p page) { p.RawWriteStr("/Frame Do") }))
	t := &table{printer: p, record: r, sheet: s}
	t.set("", box{40, 28, 217, 15}, style{size: 30, ink: red, align: centre, bold: true}, "登记记录")
	t.set(numberKey, box{40, 44, 217, 8}, style{size: 13, ink: grey, align: centre}, "登记证书编号 "+r.number)
	t.lines()
	t.set("", box{backLeft, backBottom + 2, backWidth, 8}, style{size: 10, ink: grey, align: centre}, "本页为证书背面，所列各次登记以登记册为准。")
	if t.refused != nil {
		return &RefusedError{Number: r.number, Fields: t.refused}
	}
	return nil
}

// table is the record of registrations on its way onto the sheet.
type table struct {
	printer *Printer
	record  *record
	sheet   *sheet
	refused []FieldError
}

func (t *table) set(field review.Key, in box, st style, words string) {
	if missing := t.printer.missing(field, words); missing != nil {
		t.refused = append(t.refused, missing...)
		return
	}
	lines, err := t.printer.composer.set(in, st, words)
	if err != nil {
		t.refused = append(t.refused, FieldError{field, err})
		return
	}
	t.sheet.add(text{in, lines})
}

func (t *table) lines() {
	all := t.record.history
	height := min(backRow, (backBottom-backTop)/float64(min(len(all), backMost)+1))
	y := backTop
	t.row(y, height, func(i int) (string, style) {
		return backColumns[i].label, style{size: labelSize, ink: grey, align: centre}
	})
	for i := range all {
		if left := len(all) - backMost; left > 0 && i > 0 && i <= left {
			continue // the years between are in the register
		}
		y += height
		var before *review.CertificateVersion
		if i > 0 {
			before = &all[i-1]
		}
		t.row(y, height, func(column int) (string, style) {
			return backColumns[column].says(before, &all[i]), style{size: 12, ink: black, align: centre}
		})
	}
	t.sheet.add(outline{box: box{backLeft, backTop, backWidth, y + height - backTop}, width: 0.4, ink: gold})
}

func (t *table) row(y, height float64, says func(column int) (string, style)) {
	x := backLeft
	for i, column := range backColumns {
		w := backWidth * column.share
		words, st := says(i)
		t.set("", box{x, y, w, height}.inset(1, 0.6), st, words)
		if i > 0 {
			t.sheet.add(rule{x, y, x, y + height, 0.12, gold})
		}
		x += w
	}
	t.sheet.add(rule{backLeft, y + height, backLeft + backWidth, y + height, 0.12, gold})
}
