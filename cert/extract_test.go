package cert

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"golang.org/x/image/font/sfnt"
)

// opened is a drawn file as a reader sees it: through its own objects only.
type opened struct {
	*file
	names  map[uint16]rune // from ToUnicode
	glyphs *sfnt.Font      // the embedded font
}

func open(t testing.TB, data []byte) *opened {
	t.Helper()
	o := &opened{file: reparse(t, data), names: map[uint16]rune{}}
	for i := range o.objects {
		switch body := o.objects[i]; {
		case bytes.Contains(body, []byte("/Subtype /Type0")):
			o.readNames(t, inflate(t, o.reference(t, body, "/ToUnicode")))
		case bytes.Contains(body, []byte("/Type /FontDescriptor")):
			glyphs, err := sfnt.Parse(inflate(t, o.reference(t, body, "/FontFile2")))
			if err != nil {
				t.Fatal(err)
			}
			o.glyphs = glyphs
		}
	}
	return o
}

var objectPattern = regexp.MustCompile(`(?s)^(\d+) 0 obj\n(.*)\nendobj\n$`)

// reparse reads the file by its cross-reference table, independently of the code that wrote it.
func reparse(t testing.TB, data []byte) *file {
	t.Helper()
	tail := regexp.MustCompile(`/Root (\d+) 0 R /Info (\d+) 0 R .*\nstartxref\n(\d+)\n%%EOF\n$`).FindSubmatch(data)
	if tail == nil {
		t.Fatal("no trailer")
	}
	table := number(t, tail[3])
	entries := strings.Split(string(data[table:]), "\n")[3:]
	f := &file{root: number(t, tail[1]), info: number(t, tail[2])}
	var bounds []int
	for i := 0; strings.HasSuffix(entries[i], " n "); i++ {
		bounds = append(bounds, number(t, []byte(entries[i][:10])))
	}
	sorted := append(slices.Sorted(slices.Values(bounds)), table)
	for i, start := range bounds {
		next, _ := slices.BinarySearch(sorted, start+1)
		end := sorted[next]
		m := objectPattern.FindSubmatch(data[start:end])
		if m == nil || number(t, m[1]) != i+1 {
			t.Fatalf("object %d is not where the table says", i+1)
		}
		f.objects = append(f.objects, m[2])
	}
	return f
}

func number(t testing.TB, digits []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (o *opened) reference(t testing.TB, body []byte, entry string) []byte {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(entry) + ` (\d+) 0 R`).FindSubmatch(body)
	if m == nil {
		t.Fatalf("no %s in %q", entry, body)
	}
	return o.objects[number(t, m[1])-1]
}

func inflate(t testing.TB, body []byte) []byte {
	t.Helper()
	_, data, ok := bytes.Cut(body, []byte("stream\n"))
	if !ok {
		t.Fatalf("no stream in %q", body)
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func (o *opened) readNames(t testing.TB, cmap []byte) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?m)^<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>$`).FindAllSubmatch(cmap, -1) {
		glyph, err := strconv.ParseUint(string(m[1]), 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		var units []uint16
		for hex := string(m[2]); hex != ""; hex = hex[4:] {
			unit, err := strconv.ParseUint(hex[:4], 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			units = append(units, uint16(unit))
		}
		o.names[uint16(glyph)] = utf16.Decode(units)[0]
	}
}

// content returns the operators of the pages, one after the other.
func (o *opened) content(t testing.TB) []byte {
	t.Helper()
	return bytes.Join(o.contents(t), nil)
}

// pages returns what a reader copies from each page.
func (o *opened) pages(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, content := range o.contents(t) {
		all = append(all, o.copied(t, content))
	}
	return all
}

// contents returns the operators of each page.
func (o *opened) contents(t testing.TB) [][]byte {
	t.Helper()
	pages, err := o.find("/Type /Pages\n")
	if err != nil {
		t.Fatal(err)
	}
	kids := regexp.MustCompile(`/Kids \[(.*)\]`).FindSubmatch(o.objects[pages-1])
	if kids == nil {
		t.Fatal("no pages")
	}
	var all [][]byte
	for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllSubmatch(kids[1], -1) {
		all = append(all, inflate(t, o.reference(t, o.objects[number(t, m[1])-1], "/Contents")))
	}
	return all
}

// shown returns the glyph numbers of every text that the page shows, in the order in which it is drawn.
func shown(t testing.TB, content []byte) [][]uint16 {
	t.Helper()
	var all [][]uint16
	for {
		_, after, ok := bytes.Cut(content, []byte(" Td ("))
		if !ok {
			return all
		}
		var codes []byte
		i := 0
		for ; after[i] != ')'; i++ {
			if after[i] == '\\' {
				i++
				if after[i] == 'r' {
					codes = append(codes, '\r')
					continue
				}
			}
			codes = append(codes, after[i])
		}
		if !bytes.HasPrefix(after[i:], []byte(") Tj ET")) || len(codes)%2 != 0 {
			t.Fatalf("text is not whole: %q", after[:i])
		}
		var glyphs []uint16
		for ; len(codes) > 0; codes = codes[2:] {
			glyphs = append(glyphs, uint16(codes[0])<<8|uint16(codes[1]))
		}
		all = append(all, glyphs)
		content = after[i:]
	}
}

// spans are the places whose text the file states itself.
var spans = regexp.MustCompile(`(?s)/Span <</ActualText <FEFF([0-9A-F]{4})>>> BDC\n(.*?)\nEMC\n`)

// text returns what a reader copies from the pages, one line for each line drawn. It fails the test where a glyph has no
// outline or no character, or is not the glyph of its character.
func (o *opened) text(t testing.TB) string {
	t.Helper()
	content := o.content(t)
	var b strings.Builder
	at := 0
	for _, m := range spans.FindAllSubmatchIndex(content, -1) {
		b.WriteString(o.copied(t, content[at:m[0]]))
		if got := o.copied(t, content[m[4]:m[5]]); got != tickMark+"\n"+emptyBox+"\n" {
			t.Errorf("a ticked box is drawn as %q", got)
		}
		r, err := strconv.ParseUint(string(content[m[2]:m[3]]), 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(string(rune(r)) + "\n")
		at = m[1]
	}
	return b.String() + o.copied(t, content[at:])
}

func (o *opened) copied(t testing.TB, content []byte) string {
	t.Helper()
	var b strings.Builder
	for _, glyphs := range shown(t, content) {
		for _, glyph := range glyphs {
			r, ok := o.names[glyph]
			if !ok {
				t.Fatalf("glyph %d has no character", glyph)
			}
			index, err := o.glyphs.GlyphIndex(nil, r)
			if err != nil || uint16(index) != glyph {
				t.Fatalf("%c is glyph %d of the font, drawn as %d, error %v", r, index, glyph, err)
			}
			segments, err := o.glyphs.LoadGlyph(nil, index, 64000, nil)
			if err != nil || len(segments) == 0 && !unicode.Is(unicode.Zs, r) {
				t.Fatalf("%c is drawn as nothing, error %v", r, err)
			}
			b.WriteRune(r)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// withoutSpace lets texts be compared that are broken into lines at different places.
func withoutSpace(text string) string { return strings.Join(strings.Fields(text), "") }

func mustHold(t testing.TB, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(withoutSpace(text), withoutSpace(want)) {
			t.Errorf("%.200q is not on the page", want)
		}
	}
}

// fieldsOf lists everything that the fixture's certificate must show.
func (f *fixture) fieldsOf() []string {
	c, v := &f.certificate, &f.version
	day := func(y, m, d int) string { return fmt.Sprintf("%d年%d月%d日", y, m, d) }
	return []string{
		"社会工作者登记证书",
		"姓名" + v.Form.Get("name"), "性别" + v.SexLabel, "证件号码" + v.Form.Get("id_number"), "资格级别" + v.LevelLabel,
		"水平证书管理号" + v.Form.Get("management_number"), "登记证书编号" + c.Number, "资料审核区域" + v.AreaLabel,
		"首次登记日期" + day(2025, 2, 20), "登记有效期" + day(2025, 2, 20) + " 至 " + day(2028, 2, 19),
		"发证机关" + v.Issuer, "发证日期" + day(2025, 2, 20), "验证码" + v.Code.Check, "民发〔2009〕44号",
	}
}
