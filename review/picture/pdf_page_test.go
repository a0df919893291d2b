package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func stream(dict string, body []byte) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(body), body)
}

func deflated(t testing.TB, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withTable is a PDF with a cross-reference table; object 1 is the catalogue.
func withTable(objects ...string) []byte {
	out := []byte("%PDF-1.4\n")
	table := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table = fmt.Appendf(table, "%010d 00000 n \n", len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := len(out)
	return fmt.Appendf(out, "%strailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, at)
}

// withStreams is a PDF whose objects, but those that are streams, lie in an
// object stream, and whose table is a stream with a predictor.
func withStreams(t testing.TB, objects ...string) []byte {
	t.Helper()
	out := []byte("%PDF-1.5\n")
	rows := make([][3]int, len(objects)+3)
	var heads, packed []byte
	n := 0
	store := len(objects) + 1
	for i, o := range objects {
		if strings.Contains(o, "endstream") {
			rows[i+1] = [3]int{1, len(out), 0}
			out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
			continue
		}
		rows[i+1] = [3]int{2, store, n}
		heads = fmt.Appendf(heads, "%d %d ", i+1, len(packed))
		packed = append(append(packed, o...), ' ')
		n++
	}
	rows[store] = [3]int{1, len(out), 0}
	body := deflated(t, slices.Concat(heads, packed))
	out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", store, stream(fmt.Sprintf("/Type /ObjStm /N %d /First %d /Filter /FlateDecode", n, len(heads)), body))
	at := len(out)
	rows[store+1] = [3]int{1, at, 0}
	var table []byte
	last := make([]byte, 6)
	for _, r := range rows {
		row := []byte{byte(r[0]), byte(r[1] >> 16), byte(r[1] >> 8), byte(r[1]), byte(r[2] >> 8), byte(r[2])}
		table = append(table, 2)
		for i, b := range row {
			table = append(table, b-last[i])
		}
		last = row
	}
	dict := fmt.Sprintf("/Type /XRef /Root 1 0 R /Size %d /W [1 3 2] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 6 >>", len(rows))
	out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", store+1, stream(dict, deflated(t, table)))
	return fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", at)
}

// changed appends another version of an object, as programs do that save
// changes.
func changed(data []byte, number int, object string) []byte {
	before := bytes.LastIndex(data, []byte("xref\n0"))
	at := len(data)
	data = fmt.Appendf(data, "%d 0 obj\n%s\nendobj\n", number, object)
	table := len(data)
	return fmt.Appendf(data, "xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", number, at, before, table)
}

// onePage is the objects of a document of one page; more of them begin at 5.
func onePage(page, content string, more ...string) []string {
	return append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R " + page + " >>",
		stream("", []byte(content)),
	}, more...)
}

const imagePage = "/Resources << /XObject << /Im0 5 0 R >> >>"

func scanned(img, page, content string) []byte {
	return withTable(onePage(imagePage+page, content, img)...)
}

func dct(data []byte, w, h int) string {
	return stream(fmt.Sprintf("/Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", w, h), data)
}

// However a scan lies in the file, on the page, and the page in the reader.
func TestOpenPageStandsUpright(t *testing.T) {
	// The transformation that shows a picture stored with an orientation upright.
	placed := []string{1: "60 0 0 40", 2: "-60 0 0 40", 3: "-60 0 0 -40", 4: "60 0 0 -40", 5: "0 -40 -60 0", 6: "0 -40 60 0", 7: "0 40 60 0", 8: "0 40 -60 0"}
	for orientation := 1; orientation <= 8; orientation++ {
		stored := lain(quarters(600, 400), orientation)
		data := scanned(dct(encodeJPEG(t, stored), stored.Rect.Dx(), stored.Rect.Dy()), "", "q "+placed[orientation]+" 0 0 cm /Im0 Do Q")
		wantUpright(t, fmt.Sprint("placed ", orientation), data)
	}
	for rotate, orientation := range map[int]int{0: 1, 90: 6, 180: 3, 270: 8, -90: 8, 450: 6} {
		stored := lain(quarters(600, 400), orientation)
		data := scanned(dct(encodeJPEG(t, stored), stored.Rect.Dx(), stored.Rect.Dy()), fmt.Sprintf("/Rotate %d", rotate), "q 60 0 0 40 0 0 cm /Im0 Do Q")
		wantUpright(t, fmt.Sprint("rotated ", rotate), data)
	}
}

func wantUpright(t *testing.T, name string, data []byte) {
	t.Helper()
	p, err := ReadPage(data, 1)
	if err != nil || p.Width != 600 || p.Height != 400 || p.Pictures != 1 {
		t.Fatalf("%s: got %+v, %v", name, p, err)
	}
	for _, by := range []int{1, 4} {
		sheet, err := OpenPage(data, 1, by)
		if err != nil || sheet.Size() != image.Pt(600, 400) || sheet.Reduced() != by {
			t.Fatalf("%s: got %+v, %v", name, sheet, err)
		}
		wantCorners(t, sheet.Draw(image.Rect(0, 0, 600, 400), 60, 40), 6)
	}
}

// Every way in which samples are packed gives the same four fields.
func TestOpenPageReadsSamples(t *testing.T) {
	rgb := quarters(8, 8)
	var plain, grays, index, bits []byte
	table := ""
	for _, c := range corners {
		table += fmt.Sprintf("%02x%02x%02x", c.R, c.G, c.B)
	}
	for y := range 8 {
		b := byte(0)
		for x := range 8 {
			c := rgb.RGBAAt(x, y)
			plain = append(plain, c.R, c.G, c.B)
			grays = append(grays, byte(y/4*100+x/4*50))
			index = append(index, byte(x/4+y/4*2))
			b = b<<1 | byte((x/4+y/4)%2)
		}
		bits = append(bits, b)
	}
	var predicted []byte
	for y := range 8 { // each line by another predictor of PNG
		line := slices.Clone(plain[24*y : 24*y+24])
		kind := []byte{0, 1, 2}[y%3]
		for i := 23; i >= 0; i-- {
			switch {
			case kind == 1 && i >= 3:
				line[i] -= line[i-3]
			case kind == 2:
				line[i] -= plain[24*(y-1)+i]
			}
		}
		predicted = append(append(predicted, kind), line...)
	}
	var text bytes.Buffer
	w := ascii85.NewEncoder(&text)
	if _, err := w.Write(deflated(t, plain)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	size := "/Subtype /Image /Width 8 /Height 8 "
	grayFields := [4]color.Color{color.Gray{0}, color.Gray{50}, color.Gray{100}, color.Gray{150}}
	checks := [4]color.Color{color.Black, color.White, color.White, color.Black}
	negative := [4]color.Color{color.White, color.Black, color.Black, color.White}
	colours := [4]color.Color{corners[0], corners[1], corners[2], corners[3]}
	for name, c := range map[string]struct {
		object string
		want   [4]color.Color
	}{
		"plain":     {stream(size+"/ColorSpace /DeviceRGB /BitsPerComponent 8", plain), colours},
		"flate":     {stream(size+"/ColorSpace [/CalRGB <<>>] /BitsPerComponent 8 /Filter /FlateDecode", deflated(t, plain)), colours},
		"chain":     {stream(size+"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter [/ASCII85Decode /FlateDecode]", append(text.Bytes(), "~>"...)), colours},
		"hex":       {stream(size+"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /AHx", []byte(hex.EncodeToString(plain)+">")), colours},
		"predicted": {stream(size+"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /Columns 8 >>", deflated(t, predicted)), colours},
		"gray":      {stream(size+"/ColorSpace /DeviceGray /BitsPerComponent 8", grays), grayFields},
		"icc":       {stream(size+"/ColorSpace [/ICCBased << /N 1 >>] /BitsPerComponent 8", grays), grayFields},
		"indexed":   {stream(size+"/ColorSpace [/Indexed /DeviceRGB 3 <"+table+">] /BitsPerComponent 8", index), colours},
		"bits":      {stream(size+"/ColorSpace /DeviceGray /BitsPerComponent 1", bits), checks},
		"negative":  {stream(size+"/ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0]", bits), negative},
	} {
		data := scanned(c.object, "", "50 0 0 50 0 0 cm /Im0 Do")
		sheet, err := OpenPage(data, 1, 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := sheet.Draw(image.Rect(0, 0, 8, 8), 8, 8)
		for i, p := range []image.Point{{0, 0}, {7, 0}, {0, 7}, {7, 7}, {3, 3}, {4, 4}} {
			want := c.want[[]int{0, 1, 2, 3, 0, 3}[i]]
			if !near(got.RGBAAt(p.X, p.Y), want, 0) {
				t.Errorf("%s: %v is %v, want %v", name, p, got.RGBAAt(p.X, p.Y), want)
			}
		}
	}
}

// What a fax or a scanner for black and white writes: 24 × 16, black on the
// left of the upper half.
func TestOpenPageReadsFax(t *testing.T) {
	body, err := hex.DecodeString("26a1ffffff1ff0010010")
	if err != nil {
		t.Fatal(err)
	}
	for _, inverted := range []bool{false, true} {
		parms := "/DecodeParms << /K -1 /Columns 24 /Rows 16 >>"
		if inverted {
			parms = "/DecodeParms << /K -1 /Columns 24 /Rows 16 /BlackIs1 true >> /Decode [1 0]"
		}
		data := scanned(stream("/Subtype /Image /Width 24 /Height 16 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode "+parms, body), "", "50 0 0 50 0 0 cm /Im0 Do")
		sheet, err := OpenPage(data, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		got := sheet.Draw(image.Rect(0, 0, 24, 16), 24, 16)
		for p, want := range map[image.Point]color.Color{{0, 0}: color.Black, {11, 7}: color.Black, {12, 0}: color.White, {0, 8}: color.White, {23, 15}: color.White} {
			if !near(got.RGBAAt(p.X, p.Y), want, 0) {
				t.Errorf("inverted %v: %v is %v", inverted, p, got.RGBAAt(p.X, p.Y))
			}
		}
	}
}

// The picture that covers most of the page is taken, not the one with most
// pixels, and none that is a mask or cannot be read.
func TestOpenPageTakesTheLargest(t *testing.T) {
	photo, seal := encodeJPEG(t, filled(60, 40, color.Gray{200})), encodeJPEG(t, filled(300, 300, color.Gray{20}))
	objects := onePage("/Resources << /XObject << /A 5 0 R /B 6 0 R /M 7 0 R /J 8 0 R >> >>",
		"q 500 0 0 300 0 0 cm /A Do Q q 50 0 0 50 9 9 cm /B Do Q q 900 0 0 900 0 0 cm /M Do Q q 900 0 0 900 0 0 cm /J Do Q",
		dct(photo, 60, 40), dct(seal, 300, 300), stream("/Subtype /Image /ImageMask true /Width 8 /Height 1 /BitsPerComponent 1", []byte{0}),
		stream("/Subtype /Image /Width 8 /Height 1 /Filter /JBIG2Decode", []byte{0}))
	p, err := ReadPage(withTable(objects...), 1)
	if err != nil || p.Width != 60 || p.Height != 40 || p.Pictures != 4 {
		t.Errorf("got %+v, %v", p, err)
	}
	only := scanned(stream("/Subtype /Image /Width 8 /Height 1 /Filter /JBIG2Decode", []byte{0}), "", "9 0 0 9 0 0 cm /Im0 Do")
	if _, err := OpenPage(only, 1, 1); !errors.Is(err, ErrNoPicture) {
		t.Errorf("unreadable: got %v, want ErrNoPicture", err)
	}
}

const fontPage = "/Resources << /Font << /F1 5 0 R >> >>"

func TestReadPageText(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("成都市"))
	if err != nil {
		t.Fatal(err)
	}
	utf := func(s string) string {
		var out []byte
		for _, u := range utf16.Encode([]rune(s)) {
			out = append(out, byte(u>>8), byte(u))
		}
		return fmt.Sprintf("<%x>", out)
	}
	cmap := "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> <0002> <738b> endbfrange " +
		"2 beginbfchar <0003> <82b3> <0004> <d842dfb7> endbfchar 1 beginbfrange <0010> <0011> [<0041> <00420043>] endbfrange"
	simple := "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
	for name, c := range map[string]struct {
		content, font string
		more          []string
		want          string
	}{
		"simple":         {"BT /F1 12 Tf 10 700 Td (Social \\(work\\)) Tj ET", simple, nil, "Social (work)\n"},
		"lines":          {"BT /F1 12 Tf 14 TL 10 700 Td (one) Tj T* (two) Tj (three) ' ET", simple, nil, "one\ntwo\nthree\n"},
		"out of order":   {"BT /F1 12 Tf 1 0 0 1 10 100 Tm (below) Tj 1 0 0 1 90 500 Tm (right) Tj 1 0 0 1 10 500 Tm (left) Tj ET", simple, nil, "left right\nbelow\n"},
		"spaces":         {"BT /F1 12 Tf 10 700 Td [(So) 20 (cial) -300 (work)] TJ ET", simple, nil, "Social work\n"},
		"latin":          {"BT /F1 12 Tf 10 700 Td (\\214uvre \\351) Tj ET", simple, nil, "Œuvre é\n"},
		"differences":    {"BT /F1 12 Tf 10 700 Td (\\001\\002\\003) Tj ET", "<< /Subtype /Type1 /Encoding << /Differences [1 /A /fi /uni4E2D] >> >>", nil, "Afi中\n"},
		"to unicode":     {"BT /F1 12 Tf 10 700 Td <000100020003000400100011> Tj ET", "<< /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R >>", []string{stream("", []byte(cmap))}, "王玌芳𠮷ABC\n"},
		"gbk":            {"BT /F1 12 Tf 10 700 Td <" + hex.EncodeToString(gbk) + "> Tj ET", "<< /Subtype /Type0 /Encoding /GBK-EUC-H >>", nil, "成都市\n"},
		"ucs2":           {"BT /F1 12 Tf 10 700 Td " + utf("武侯区") + " Tj ET", "<< /Subtype /Type0 /Encoding /UniGB-UCS2-H >>", nil, "武侯区\n"},
		"unknown":        {"BT /F1 12 Tf 10 700 Td <0001> Tj ET", "<< /Subtype /Type0 /Encoding /Identity-H >>", nil, ""},
		"actual text":    {"BT /F1 12 Tf 10 700 Td /Span << /ActualText <feffd842dfb7> >> BDC (xx) Tj (yy) Tj EMC (!) Tj ET", simple, nil, "𠮷!\n"},
		"turned page":    {"BT /F1 12 Tf 0 1 -1 0 500 10 Tm (first) Tj 0 1 -1 0 520 10 Tm (second) Tj ET", simple, nil, "first\nsecond\n"},
		"hostile":        {"BT /F1 12 Tf 10 700 Td " + utf("a\x1b[31m\u202eb\u200b\u0007") + " Tj ET", "<< /Subtype /Type0 /Encoding /UniGB-UCS2-H >>", nil, "a[31mb\n"},
		"inline picture": {"BI /W 1 /H 1 ID (Tj EIx\n EI BT /F1 12 Tf 10 700 Td (after) Tj ET", simple, nil, "after\n"},
		"no font":        {"BT /F9 12 Tf (lost) Tj ET BT 0 0 (lost) \" ET ( Tj", simple, nil, ""},
	} {
		page := fontPage
		if name == "turned page" {
			page += "/Rotate 90"
		}
		objects := onePage(page, c.content, append([]string{c.font}, c.more...)...)
		for kind, data := range map[string][]byte{"table": withTable(objects...), "streams": withStreams(t, objects...), "no table": pdf(objects...)} {
			p, err := ReadPage(data, 1)
			if err != nil || p.Text != c.want {
				t.Errorf("%s, %s: got %q, %v, want %q", name, kind, p.Text, err, c.want)
			}
		}
	}
}

// A form is a drawing inside a drawing, with a place of its own.
func TestReadPageLooksIntoForms(t *testing.T) {
	objects := onePage("/Resources << /XObject << /Fm 5 0 R >> /Font << /F1 6 0 R >> >>", "BT /F1 9 Tf 0 500 Td (above) Tj ET /Fm Do",
		stream("/Subtype /Form /Matrix [1 0 0 1 0 100] /Resources << /XObject << /Fm 5 0 R >> /Font << /F2 6 0 R >> >>", []byte("BT /F2 9 Tf (inside) Tj ET /Fm Do")),
		"<< /Subtype /TrueType >>")
	p, err := ReadPage(withTable(objects...), 1)
	// The form draws itself, each time 100 higher; that ends.
	if err != nil || strings.Count(p.Text, "inside") != maxForms || !strings.Contains(p.Text, "above") {
		t.Errorf("got %q, %v", p.Text, err)
	}
}

func TestCountPagesGoesThroughThem(t *testing.T) {
	leaf := "<< /Type /Page /Parent 2 0 R >>"
	lying := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 4 0 R 3 0 R 2 0 R 99 0 R] /Count 77 >>", leaf, "<< /Type /Pages /Parent 2 0 R /Kids [5 0 R 6 0 R] >>", leaf, leaf}
	for name, data := range map[string][]byte{
		"table": withTable(lying...), "streams": withStreams(t, lying...), "no table": pdf(lying...),
		"changed later": changed(withTable(append([]string{lying[0], "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}, lying[2:]...)...), 2, lying[1]),
	} {
		if f, err := Inspect(data); err != nil || f.Pages != 3 {
			t.Errorf("%s: got %d pages, %v, want 3", name, f.Pages, err)
		}
	}
}

func TestCountPagesOfALongDocument(t *testing.T) {
	for n, want := range map[int]int{maxPages: maxPages, maxPages + 1: 0} {
		objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
		var kids []byte
		for i := range n {
			kids = fmt.Appendf(kids, "%d 0 R ", i+3)
			objects = append(objects, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d >>", i%4*90))
		}
		objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count 1234567 >>", kids)
		for kind, data := range map[string][]byte{"table": withTable(objects...), "streams": withStreams(t, objects...)} {
			if f, err := Inspect(data); err != nil || f.Pages != want {
				t.Errorf("%s: got %d, %v, want %d", kind, f.Pages, err, want)
			}
			if _, err := ReadPage(data, min(n, maxPages)); err != nil {
				t.Errorf("%s: the last page: %v", kind, err)
			}
		}
	}
}

func TestReadPageRefuses(t *testing.T) {
	good := onePage("", "")
	encrypted := bytes.Replace(withTable(good...), []byte("/Root"), []byte("/Encrypt << /V 1 >> /Root"), 1)
	for name, c := range map[string]struct {
		data   []byte
		number int
		want   error
	}{
		"no page 2":  {withTable(good...), 2, ErrNoPage},
		"no page 0":  {withTable(good...), 0, ErrNoPage},
		"no page -1": {withTable(good...), -1, ErrNoPage},
		"encrypted":  {encrypted, 1, ErrEncrypted},
		"empty":      {nil, 1, ErrEmpty},
		"a picture":  {encodePNG(t, quarters(8, 8)), 1, UnsupportedError{"png"}},
		"no objects": {[]byte("%PDF-1.4\n%%EOF"), 1, DamagedError{PDF, errNoRoot}},
	} {
		if _, err := ReadPage(c.data, c.number); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := OpenPage(withTable(good...), 1, 1); !errors.Is(err, ErrNoPicture) {
		t.Errorf("nothing on it: got %v", err)
	}
	huge := scanned(stream("/Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8", nil), "", "9 0 0 9 0 0 cm /Im0 Do")
	if _, err := OpenPage(huge, 1, 1); !errors.Is(err, PixelsError{60000, 60000, MaxPixels}) {
		t.Errorf("60 000 × 60 000: got %v", err)
	}
	short := scanned(stream("/Subtype /Image /Width 800 /Height 600 /ColorSpace /DeviceGray /BitsPerComponent 8", []byte("x")), "", "9 0 0 9 0 0 cm /Im0 Do")
	if _, err := OpenPage(short, 1, 1); !errors.Is(err, errSamples) {
		t.Errorf("too short: got %v", err)
	}
}

// Files made to keep the reader busy; each ends.
func TestReadPageIsBounded(t *testing.T) {
	fill := func(text string) string { return strings.Repeat(text, (1<<20)/len(text)) }
	zeros := deflated(t, make([]byte, pdfInflated+1))
	loop := withTable(onePage("", "")...)
	loop = bytes.Replace(loop, []byte("/Root"), fmt.Appendf(nil, "/Prev %d /Root", bytes.LastIndex(loop, []byte("xref\n0"))), 1)
	for name, data := range map[string][]byte{
		"nested arrays":     withTable(onePage(fill("["), "")...),
		"nested pages":      pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [3 0 R 2 0 R] >>", "<< /Kids [2 0 R 3 0 R] >>"),
		"object headings":   []byte("%PDF-1.4\n" + fill("1 0 obj ") + "%%EOF"),
		"trailers":          []byte("%PDF-1.4\n" + fill("trailer<</Root 1 0 R>>") + "%%EOF"),
		"content bomb":      withTable("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [3 0 R] >>", "<< /Contents [4 0 R 4 0 R 4 0 R] >>", stream("/Filter /FlateDecode", zeros)),
		"object bomb":       pdf("<< /Type /Catalog /Pages 2 0 R >>", stream("/Type /ObjStm /N 9 /First 9 /Filter /FlateDecode", zeros)),
		"in itself":         pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [3 0 R] >>", "<< /Contents 4 0 R >>", "<< /Length 4 0 R >>\nstream\nx\nendstream"),
		"table in a circle": loop,
		"text":              withTable(onePage(fontPage, "BT /F1 9 Tf "+fill("(x)Tj "), "<< /Subtype /Type1 >>")...),
		"states":            withTable(onePage("", fill("q "))...),
		"open strings":      []byte("%PDF-1.4\n1 0 obj " + fill("(") + "%%EOF"),
		"names":             withTable(onePage("", fill("/a#"))...),
		"numbers":           withTable(onePage("", fill("1 0 "))...),
		"map":               withTable(onePage(fontPage, "BT /F1 9 Tf (x) Tj", "<< /ToUnicode 6 0 R >>", stream("", []byte(fill("<0000> <ffff> <0041> endbfrange "))))...),
	} {
		if _, err := Inspect(data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if p, err := ReadPage(data, 1); err == nil && len(p.Text) > 2*maxText {
			t.Errorf("%s: %d bytes of text", name, len(p.Text))
		}
	}
}

func FuzzReadPage(f *testing.F) {
	photo := encodeJPEG(f, quarters(24, 16))
	objects := onePage("/Resources << /XObject << /Im0 5 0 R >> /Font << /F1 6 0 R >> >> /Rotate 90",
		"q 9 0 0 9 0 0 cm /Im0 Do Q BT /F1 12 Tf 10 700 Td [(So) -300 <4142>] TJ ET", dct(photo, 24, 16),
		"<< /Subtype /Type1 /FirstChar 65 /Widths [500] /Encoding << /Differences [1 /A] >> /ToUnicode 7 0 R >>",
		stream("", []byte("1 beginbfrange <41> <42> <0043> endbfrange")))
	f.Add(withTable(objects...))
	f.Add(withStreams(f, objects...))
	f.Add(pdf(objects...))
	f.Add(scanned(stream("/Subtype /Image /Width 8 /Height 8 /ColorSpace [/Indexed /DeviceRGB 1 <000000ffffff>] /BitsPerComponent 1 /Filter /AHx", []byte("00ff00ff00ff00ff>")), "", "9 0 0 9 0 0 cm /Im0 Do"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPage(data, 1)
		if err != nil {
			if p != (Page{}) {
				t.Fatalf("page %+v beside error %v", p, err)
			}
			return
		}
		if p.Width*p.Height > 1<<20 {
			return
		}
		sheet, err := OpenPage(data, 1, 2)
		if err == nil && sheet.Size() != image.Pt(p.Width, p.Height) {
			t.Fatalf("got %v of %+v", sheet.Size(), p)
		}
	})
}
