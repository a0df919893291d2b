package cert

import "github.com/jung-kurt/gofpdf"

// sheetOf puts a certificate on its sheet: frame, portrait and lines below, the seal over the texts.
func (p *Printer) sheetOf(r *record, texts []text) *document {
	d := &document{format: a4Lying, title: r.texts.Title + " " + r.number, author: r.fields[issuerKey], at: r.issuedAt}
	d.picture("Frame", formObject(p.frame))
	d.picture("Portrait", r.portrait.object())
	if p.seal != nil {
		d.picture("Seal", p.seal.object())
	}
	s := d.add()
	s.add(painting(func(p page) { p.RawWriteStr("/Frame Do") }), show{"Portrait", r.portrait.within(portraitBox)})
	s.add(painting(page.portraitFrame), painting(page.fieldLines), painting(page.ornament))
	for _, t := range texts {
		s.add(t)
	}
	if p.seal != nil {
		s.add(painting(func(p page) { p.SetAlpha(1, "Multiply") }), show{"Seal", sealBox})
	} else {
		s.add(painting(page.sealPlace))
	}
	return d
}

// portraitFrame draws a fine frame around the portrait.
func (p page) portraitFrame() {
	b := portraitBox
	p.stroke(gold, 0.25)
	p.Rect(b.x-1, b.y-1, b.w+2, b.h+2, "D")
	p.stroke(gold, 0.1)
	p.Rect(b.x-1.7, b.y-1.7, b.w+3.4, b.h+3.4, "D")
}

// fieldLines draws the lines below the fields.
func (p page) fieldLines() {
	p.stroke(gold, 0.12)
	for _, r := range fieldRows {
		y := r.y + rowHeight
		p.Line(r.x+r.indent-2, y, r.x+r.w, y)
	}
}

// ornament draws the line below the title.
func (p page) ornament() {
	o := ornament
	mid := o.x + o.w/2
	p.stroke(gold, 0.2)
	p.Line(o.x, o.y, mid-4, o.y)
	p.Line(mid+4, o.y, o.x+o.w, o.y)
	p.SetFillColor(gold[0], gold[1], gold[2])
	for _, d := range []struct{ x, r float64 }{{mid, 1.3}, {mid - 3, 0.6}, {mid + 3, 0.6}} {
		p.Polygon([]gofpdf.PointType{{X: d.x - d.r, Y: o.y}, {X: d.x, Y: o.y - d.r}, {X: d.x + d.r, Y: o.y}, {X: d.x, Y: o.y + d.r}}, "F")
	}
}

// sealPlace draws the ring of a placeholder.
func (p page) sealPlace() {
	b := sealBox
	p.stroke(red, 0.7)
	p.SetDashPattern([]float64{2.4, 1.2}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, b.w/2, "D")
	p.stroke(red, 0.2)
	p.SetDashPattern([]float64{}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, b.w/2-2, "D")
}
