package cert

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/jung-kurt/gofpdf"

	"rongzheng/cert/font"
)

// placeholder is the core font in whose name gofpdf writes text; its object is replaced by the cut font.
const placeholder = "Helvetica"

// assemble draws the page and puts the file together.
func (p *Printer) assemble(r *record, lines []line) ([]byte, error) {
	var runes []rune
	for _, l := range lines {
		runes = append(runes, []rune(l.text)...)
	}
	cut, err := p.font.Subset(runes)
	if err != nil {
		return nil, err
	}
	page := newPage(r)
	page.RawWriteStr("/Frame Do")
	page.portrait(r.portrait)
	page.rules()
	for _, l := range lines {
		page.text(l, cut)
	}
	page.seal(p.seal != nil)
	var out bytes.Buffer
	if err := page.Output(&out); err != nil {
		return nil, err
	}
	f, err := parseFile(out.Bytes())
	if err != nil {
		return nil, err
	}
	if err := p.complete(f, r, cut); err != nil {
		return nil, err
	}
	return f.bytes(), nil
}

// complete puts into the file what gofpdf cannot write.
func (p *Printer) complete(f *file, r *record, cut *font.Subset) error {
	if err := f.compressPage(&p.deflater); err != nil {
		return err
	}
	if err := f.embedFont(p.font, cut, &p.deflater); err != nil {
		return err
	}
	resources := fmt.Sprintf("/XObject <<\n/Frame %d 0 R\n/Portrait %d 0 R\n", f.add(formObject(p.frame)), f.add(r.portrait.object()))
	if p.seal != nil {
		resources += fmt.Sprintf("/Seal %d 0 R\n", f.add(p.seal.object()))
	}
	stamp := "(D:" + r.issuedAt.Format("20060102150405")
	for _, change := range []struct {
		object   int
		old, new string
	}{
		{2, "/XObject <<\n", resources},
		{f.root, "/Type /Catalog\n", "/Type /Catalog\n/Lang (zh-CN)\n/ViewerPreferences <</DisplayDocTitle true>>\n"},
		{f.info, "/CreationDate " + stamp, "/CreationDate " + stamp + "+08'00'"},
		{f.info, "/ModDate " + stamp, "/ModDate " + stamp + "+08'00'"},
	} {
		if err := f.replace(change.object, change.old, change.new); err != nil {
			return err
		}
	}
	return nil
}

// page is the sheet that gofpdf draws on.
type page struct{ *gofpdf.Fpdf }

func newPage(r *record) page {
	pdf := gofpdf.New("L", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCompression(false) // compressPage does it
	pdf.SetCreationDate(r.issuedAt)
	pdf.SetModificationDate(r.issuedAt)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle(metadata(r.texts.Title+" "+r.number), false)
	pdf.SetAuthor(metadata(r.fields[issuerKey]), false)
	pdf.SetCreator("rongzheng", false)
	pdf.SetProducer("rongzheng (gofpdf)", false)
	pdf.SetDisplayMode("fullpage", "SinglePage")
	pdf.AddPage()
	return page{pdf}
}

// metadata encodes a text for the document information. gofpdf's own encoder garbles characters outside the basic
// plane.
func metadata(text string) string {
	b := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return string(b)
}

// text draws one line as numbers of glyphs, two bytes each.
func (p page) text(l line, cut *font.Subset) {
	var codes strings.Builder
	for _, r := range l.text {
		glyph, ok := cut.Glyph(r)
		if !ok {
			p.SetError(&font.MissingError{Rune: r})
			return
		}
		codes.WriteByte(byte(glyph >> 8))
		codes.WriteByte(byte(glyph))
	}
	p.SetFont(placeholder, "", l.size)
	p.SetTextColor(l.ink[0], l.ink[1], l.ink[2])
	if !l.bold {
		p.Text(l.x, l.y, codes.String())
		return
	}
	p.SetDrawColor(l.ink[0], l.ink[1], l.ink[2])
	p.SetLineWidth(l.size * mmPerPt * 0.018)
	p.SetTextRenderingMode(2)
	p.Text(l.x, l.y, codes.String())
	p.SetTextRenderingMode(0)
}

// portrait draws the picture whole into its place, never stretched, within a fine frame.
func (p page) portrait(picture portrait) {
	b := portraitBox
	scale := min(b.w/float64(picture.width), b.h/float64(picture.height))
	w, h := float64(picture.width)*scale, float64(picture.height)*scale
	p.object("Portrait", box{b.x + (b.w-w)/2, b.y + (b.h-h)/2, w, h})
	p.stroke(gold, 0.25)
	p.Rect(b.x-1, b.y-1, b.w+2, b.h+2, "D")
	p.stroke(gold, 0.1)
	p.Rect(b.x-1.7, b.y-1.7, b.w+3.4, b.h+3.4, "D")
}

// rules draws the lines below the fields and the ornament below the title.
func (p page) rules() {
	p.stroke(gold, 0.12)
	for _, r := range rows {
		y := r.y + rowHeight
		p.Line(r.x+r.indent-2, y, r.x+r.w, y)
	}
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

// seal stamps the seal over what is there, or draws the ring of a placeholder.
func (p page) seal(given bool) {
	b := sealBox
	if given {
		p.SetAlpha(1, "Multiply")
		p.object("Seal", b)
		return
	}
	p.stroke(red, 0.7)
	p.SetDashPattern([]float64{2.4, 1.2}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, b.w/2, "D")
	p.stroke(red, 0.2)
	p.SetDashPattern([]float64{}, 0)
	p.Circle(b.x+b.w/2, b.y+b.h/2, b.w/2-2, "D")
}

// object draws a picture that complete adds to the file. gofpdf's own pictures have names that depend on what else the
// program did before (they are hashes of gob encodings), and an order that depends on a map.
func (p page) object(name string, b box) {
	p.RawWriteStr(fmt.Sprintf("q %.2f 0 0 %.2f %.2f %.2f cm /%s Do Q",
		b.w/mmPerPt, b.h/mmPerPt, b.x/mmPerPt, (pageHeight-b.y-b.h)/mmPerPt, name))
}

func (p page) stroke(c ink, width float64) {
	p.SetDrawColor(c[0], c[1], c[2])
	p.SetLineWidth(width)
}
