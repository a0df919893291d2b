package cert

import (
	"fmt"
	"strings"

	"github.com/jung-kurt/gofpdf"
)

// sheetOf puts a certificate on its sheets: frame, portrait and lines below, the seal over the texts; the record of
// registrations on the back, where there is one.
func (p *Printer) sheetOf(f front, r *record, texts []text) *document {
	d := &document{format: a4Lying, title: r.texts.Title + " " + r.number, author: r.fields[issuerKey], at: r.issuedAt, code: r.code.Text}
	d.picture("Frame", formObject(p.frame))
	d.picture("Portrait", r.portrait.object())
	if p.seal != nil {
		d.picture("Seal", p.seal.object())
	}
	s := d.add()
	s.add(painting(func(p page) { p.RawWriteStr("/Frame Do") }), show{"Portrait", r.portrait.within(f.portrait)})
	s.add(painting(func(p page) { p.portraitFrame(f.portrait) }), painting(func(p page) { p.ornament(f.ornament) }))
	for _, line := range f.rules {
		s.add(line)
	}
	if r.modules != nil {
		s.add(painting(func(p page) { p.modules(f.code, r.modules) }), outline{box: f.code, width: 0.2, ink: gold})
	}
	for _, t := range texts {
		s.add(t)
	}
	if p.seal != nil {
		s.add(painting(func(p page) { p.SetAlpha(1, "Multiply") }), show{"Seal", f.seal})
	} else {
		s.add(painting(func(p page) { p.sealPlace(f.seal) }))
	}
	return d
}

// quiet is the width, in modules, of the margin that a QR code needs (ISO/IEC 18004).
const quiet = 4

// modules draws a QR code with its margin: each run of dark modules in a row is a rectangle.
func (p page) modules(in box, rows [][]bool) {
	size := in.w / float64(len(rows)+2*quiet)
	var b strings.Builder
	fmt.Fprintf(&b, "q 1 g %.2f %.2f %.2f %.2f re f 0 g ", in.x/mmPerPt, (p.height-in.y-in.h)/mmPerPt, in.w/mmPerPt, in.h/mmPerPt)
	fmt.Fprintf(&b, "%.5f 0 0 %.5f %.3f %.3f cm\n", size/mmPerPt, -size/mmPerPt, (in.x+quiet*size)/mmPerPt, (p.height-in.y-quiet*size)/mmPerPt)
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "%d %d %d 1 re\n", from, y, x-from)
			}
		}
	}
	p.RawWriteStr(b.String() + "f Q")
}

// portraitFrame draws a fine frame around the portrait.
func (p page) portraitFrame(b box) {
	p.stroke(gold, 0.45)
	p.Rect(b.x-1.2, b.y-1.2, b.w+2.4, b.h+2.4, "D")
	p.stroke(gold, 0.12)
	p.Rect(b.x-2.2, b.y-2.2, b.w+4.4, b.h+4.4, "D")
}

// ornament draws the line below the title.
func (p page) ornament(r rule) {
	mid := (r.x1 + r.x2) / 2
	p.stroke(gold, 0.2)
	p.Line(r.x1, r.y1, mid-4.4, r.y1)
	p.Line(mid+4.4, r.y1, r.x2, r.y1)
	p.SetFillColor(gold[0], gold[1], gold[2])
	for _, d := range []struct{ x, r float64 }{{mid, 1.3}, {mid - 3, 0.6}, {mid + 3, 0.6}} {
		p.Polygon([]gofpdf.PointType{{X: d.x - d.r, Y: r.y1}, {X: d.x, Y: r.y1 - d.r}, {X: d.x + d.r, Y: r.y1}, {X: d.x, Y: r.y1 + d.r}}, "F")
	}
}

// sealPlace draws the ring of a placeholder.
func (p page) sealPlace(b box) {
	radius := min(b.w, b.h) / 2
	p.stroke(red, 0.7)
	p.SetDashPattern([]float64{2.4, 1.2}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, radius, "D")
	p.stroke(red, 0.2)
	p.SetDashPattern([]float64{}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, radius-2, "D")
}
