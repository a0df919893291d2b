package cert

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/jung-kurt/gofpdf"

	"rongzheng/cert/font"
)

// placeholder is the core font in whose name gofpdf writes text; its object is replaced by the cut font.
const placeholder = "Helvetica"

// A ticked box is ☑, which the typeface lacks: it is an empty box with a tick over it, and readers are told what both
// together mean.
const (
	emptyBox  = "□"
	tickMark  = "✓"
	tickedBox = '☑'
)

// bytes paints the document and puts the file together.
func (d *document) bytes(full *font.Font, deflater *deflater) ([]byte, error) {
	cut, err := full.Subset(d.runes())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := d.paint(cut).Output(&out); err != nil {
		return nil, err
	}
	f, err := parseFile(out.Bytes())
	if err != nil {
		return nil, err
	}
	if err := f.compressPages(deflater); err != nil {
		return nil, err
	}
	if err := f.embedFont(full, cut, deflater); err != nil {
		return nil, err
	}
	if err := d.complete(f); err != nil {
		return nil, err
	}
	if d.signer == nil {
		return f.bytes(), nil
	}
	fill, err := f.addSignature(d.signer, d.date())
	if err != nil {
		return nil, err
	}
	finished := f.bytes()
	return finished, fill(finished)
}

// paint has gofpdf draw every sheet.
func (d *document) paint(cut *font.Subset) page {
	p := d.newPage(cut)
	for _, s := range d.sheets {
		p.AddPage()
		for _, m := range s.marks {
			m.paint(p)
		}
	}
	return p
}

// complete puts into the file what gofpdf cannot write.
func (d *document) complete(f *file) error {
	resources := "/XObject <<\n"
	for _, picture := range d.pictures {
		resources += fmt.Sprintf("/%s %d 0 R\n", picture.name, f.add(picture.body))
	}
	stamp := "(D:" + d.date().Format("20060102150405")
	created, changed := "/CreationDate "+stamp+"+08'00')\n", "/ModDate "+stamp+"+08'00')\n"
	if d.at.IsZero() {
		created, changed = "", ""
	}
	if d.code != "" { // no character of a code means anything within parentheses
		changed += "/" + CodeEntry + " (" + d.code + ")\n"
	}
	for _, change := range []struct {
		object   int
		old, new string
	}{
		{2, "/XObject <<\n", resources},
		{f.root, "/Type /Catalog\n", "/Type /Catalog\n/Lang (zh-CN)\n/ViewerPreferences <</DisplayDocTitle true>>\n"},
		{f.info, "/CreationDate " + stamp + ")\n", created},
		{f.info, "/ModDate " + stamp + ")\n", changed},
	} {
		if err := f.replace(change.object, change.old, change.new); err != nil {
			return err
		}
	}
	return nil
}

// date is the date that gofpdf writes. It would take the clock's for a zero time.
func (d *document) date() time.Time {
	if d.at.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return d.at
}

// page is the sheet that gofpdf draws on.
type page struct {
	*gofpdf.Fpdf
	cut    *font.Subset
	height float64
}

func (d *document) newPage(cut *font.Subset) page {
	pdf := gofpdf.New(d.orientation, "mm", d.name, "")
	pdf.SetCatalogSort(true)
	pdf.SetCompression(false) // compressPages does it
	pdf.SetCreationDate(d.date())
	pdf.SetModificationDate(d.date())
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle(metadata(d.title), false)
	pdf.SetAuthor(metadata(d.author), false)
	pdf.SetCreator("rongzheng", false)
	pdf.SetProducer("rongzheng (gofpdf)", false)
	if len(d.sheets) == 1 {
		pdf.SetDisplayMode("fullpage", "SinglePage")
	} else {
		pdf.SetDisplayMode("fullpage", "OneColumn")
	}
	return page{pdf, cut, d.height}
}

// metadata encodes a text for the document information. gofpdf's own encoder garbles characters outside the basic
// plane.
func metadata(text string) string {
	if text == "" {
		return ""
	}
	b := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return string(b)
}

func (t text) paint(p page) {
	for _, l := range t.lines {
		p.line(l)
	}
}

// line draws one line of text.
func (p page) line(l line) {
	if l.ticked {
		p.RawWriteStr(fmt.Sprintf("/Span <</ActualText <FEFF%04X>>> BDC", tickedBox))
		defer p.RawWriteStr("EMC")
	}
	p.SetFont(placeholder, "", l.size)
	p.SetTextColor(l.ink[0], l.ink[1], l.ink[2])
	if l.ticked {
		p.Text(l.x, l.y, p.codes(tickMark))
	}
	if !l.bold {
		p.Text(l.x, l.y, p.codes(l.text))
		return
	}
	p.SetDrawColor(l.ink[0], l.ink[1], l.ink[2])
	p.SetLineWidth(l.size * mmPerPt * 0.018)
	p.SetTextRenderingMode(2)
	p.Text(l.x, l.y, p.codes(l.text))
	p.SetTextRenderingMode(0)
}

// codes writes a text as numbers of glyphs, two bytes each.
func (p page) codes(text string) string {
	var codes strings.Builder
	for _, r := range text {
		glyph, ok := p.cut.Glyph(r)
		if !ok {
			p.SetError(&font.MissingError{Rune: r})
			return ""
		}
		codes.WriteByte(byte(glyph >> 8))
		codes.WriteByte(byte(glyph))
	}
	return codes.String()
}

func (r rule) paint(p page) {
	p.stroke(r.ink, r.width)
	p.Line(r.x1, r.y1, r.x2, r.y2)
}

func (o outline) paint(p page) {
	p.stroke(o.ink, o.width)
	if o.dashed {
		p.SetDashPattern([]float64{1.2, 0.9}, 0)
		defer p.SetDashPattern([]float64{}, 0)
	}
	p.Rect(o.box.x, o.box.y, o.box.w, o.box.h, "D")
}

func (a area) paint(p page) {
	p.SetFillColor(a.ink[0], a.ink[1], a.ink[2])
	p.Rect(a.box.x, a.box.y, a.box.w, a.box.h, "F")
}

func (s show) paint(p page) {
	b := s.box
	p.RawWriteStr(fmt.Sprintf("q %.2f 0 0 %.2f %.2f %.2f cm /%s Do Q",
		b.w/mmPerPt, b.h/mmPerPt, b.x/mmPerPt, (p.height-b.y-b.h)/mmPerPt, s.name))
}

func (f painting) paint(p page) { f(p) }

func (p page) stroke(c ink, width float64) {
	p.SetDrawColor(c[0], c[1], c[2])
	p.SetLineWidth(width)
}
