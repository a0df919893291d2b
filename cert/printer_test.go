package cert

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jung-kurt/gofpdf"

	"rongzheng/cert/font"
	"rongzheng/review"
)

// names are the made-up people of the domain, and the longest names that must be taken: 25 ideographs, 60 columns.
var names = []string{
	"王𬭎", "李𫖯", "司马𬱖", "张䶮", "徐㼆", "其美", "王芳", "买买提·吐尔逊", "阿卜杜热合曼·阿卜杜克里木·买买提依明",
	strings.Repeat("𬭎", 25), "阿卜杜热合曼阿卜杜克里木买买提依明江吐尔逊江艾买提",
	strings.Repeat("司马𬱖", 10), strings.Repeat("Wolfeschlegel", 4) + "steinhau", "Anna-Maria O'Neil 王𬭎 买买提·吐尔逊",
	strings.Repeat("W", 60), "Ѐ Łukasz Ñandú",
}

func TestEveryFieldIsDrawnWhole(t *testing.T) {
	p := newPrinter(t, Options{})
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, name)
			mustHold(t, open(t, f.draw(t, p)).text(t), append(f.fieldsOf(), "样章")...)
		})
	}
}

func TestLongTextsWrapAndShrink(t *testing.T) {
	f := newFixture(t, "王芳")
	f.version.AreaLabel = "四川天府新区成都直属区（成都科学城、天府总部商务区、鹿溪智谷科学中心）"
	f.version.Issuer = "中共成都市委社会工作部、成都市民政局、成都市人力资源和社会保障局"
	f.version.LevelLabel = "高级社会工作师（儿童福利与保护方向）"
	f.version.Form.Set("management_number", strings.Repeat("2024065101", 3)+"AB")
	mustHold(t, open(t, f.draw(t, newPrinter(t, Options{}))).text(t), f.fieldsOf()...)
}

func TestNothingLeavesItsBox(t *testing.T) {
	p := newPrinter(t, Options{})
	for _, name := range names {
		f := newFixture(t, name)
		r, err := p.record(&f.certificate, &f.version)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range p.front(r).blocks {
			lines, err := p.set(b.box, b.style(), b.says(r))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				right := l.x + p.width(strings.TrimRight(l.text, " "), l.size)
				if l.x < b.box.x-0.01 || right > b.box.x+b.box.w+0.01 || l.y > b.box.y+b.box.h || l.size < smallest {
					t.Errorf("%q leaves its box: from %.2f to %.2f, box %+v, size %g", l.text, l.x, right, b.box, l.size)
				}
			}
		}
	}
}

func TestSameRecordSameBytes(t *testing.T) {
	for name, o := range map[string]Options{"specimen": {}, "seal": {Seal: testSeal(t, 300)}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "王𬭎")
			p := newPrinter(t, o)
			first := f.draw(t, p)
			for range 20 { // map orders of gofpdf get their chance to differ
				if !bytes.Equal(f.draw(t, p), first) {
					t.Fatal("the same record was drawn differently")
				}
			}
			newFixture(t, "李𫖯").draw(t, p)
			if !bytes.Equal(f.draw(t, newPrinter(t, o)), first) {
				t.Error("another printer draws the same record differently")
			}
		})
	}
}

// TestNoClock looks for any time in the file that is not the record's: bytes that follow the clock would differ at the
// next reprint.
func TestNoClock(t *testing.T) {
	o := open(t, newFixture(t, "王芳").draw(t, newPrinter(t, Options{})))
	info := string(o.objects[o.info-1])
	for _, want := range []string{"/CreationDate (D:20250220103005+08'00')", "/ModDate (D:20250220103005+08'00')"} {
		if strings.Count(info, want) != 1 {
			t.Errorf("information %q lacks %q", info, want)
		}
	}
	if got := strings.Count(info, "(D:"); got != 2 {
		t.Errorf("%d dates in the information, want 2", got)
	}
	for i, body := range o.objects {
		if i+1 != o.info && bytes.Contains(body, []byte("(D:")) {
			t.Errorf("object %d holds a date", i+1)
		}
	}
}

func TestContentIsGolden(t *testing.T) {
	const golden = "testdata/content.golden"
	o := open(t, newFixture(t, "王𬭎").draw(t, newPrinter(t, Options{})))
	var got bytes.Buffer
	got.Write(o.content(t))
	got.WriteString(o.text(t))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.Bytes()) {
		t.Errorf("the page has changed; look at a certificate, then run with UPDATE_GOLDEN=1:\n%s", cmp.Diff(string(want), got.String()))
	}
}

func TestMetadata(t *testing.T) {
	f := newFixture(t, "王芳")
	f.version.Issuer = "𬭎市社会工作部"
	o := open(t, f.draw(t, newPrinter(t, Options{})))
	info := o.objects[o.info-1]
	for _, want := range []string{"社会工作者登记证书 CD-2025-000123", "𬭎市社会工作部"} {
		if !bytes.Contains(info, []byte(escaped(metadata(want)))) {
			t.Errorf("information lacks %q", want)
		}
	}
	for _, private := range []string{"王芳", "11010519491231002X"} {
		if bytes.Contains(info, []byte(escaped(metadata(private))[2:])) || bytes.Contains(info, []byte(private)) {
			t.Errorf("information holds %q", private)
		}
	}
}

func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", `\r`).Replace(s)
}

func TestMissingGlyphIsNamed(t *testing.T) {
	p := newPrinter(t, Options{})
	for name, want := range map[string]rune{"王😀": '😀', "李\ue863": 0xE863, "王\u202e芳": 0x202E, "王\n芳": '\n', "张\U000323AF": 0x323AF} {
		f := newFixture(t, name)
		for what, err := range map[string]error{
			"Check": p.Check(&f.certificate, &f.version),
			"Write": p.Write(failing{t}, &f.certificate, &f.version, f.portrait),
		} {
			var refused *RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("%s(%q) = %v, want a RefusedError", what, name, err)
			}
			if diff := cmp.Diff([]FieldError{{"name", &font.MissingError{Rune: want}}}, refused.Fields); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(err.Error(), font.Name(want)) {
				t.Errorf("error %q does not name %s", err, font.Name(want))
			}
			if strings.ContainsAny(err.Error(), "王李张芳") {
				t.Errorf("error %q holds the name", err)
			}
		}
	}
}

// failing fails the test when anything is written.
type failing struct{ t *testing.T }

func (f failing) Write(b []byte) (int, error) {
	f.t.Errorf("%d bytes were written", len(b))
	return len(b), nil
}

func TestMissing(t *testing.T) {
	p := newPrinter(t, Options{})
	if got := p.Missing("王𬭎·A"); got != nil {
		t.Errorf("Missing = %q, want none", got)
	}
	if diff := cmp.Diff([]rune{0xE863}, p.Missing("李\ue863")); diff != "" {
		t.Error(diff)
	}
}

func TestRefusals(t *testing.T) {
	p := newPrinter(t, Options{})
	other := testPortrait(t, 100, 140)
	for name, c := range map[string]struct {
		spoil func(*fixture)
		want  error
		field review.Key
	}{
		"revoked":           {func(f *fixture) { f.certificate.RevokedOn = review.NewDate(2026, 1, 1) }, ErrState, ""},
		"void number":       {func(f *fixture) { f.certificate.Void = true }, ErrState, ""},
		"void version":      {func(f *fixture) { f.version.Void = true }, ErrState, ""},
		"incomplete":        {func(f *fixture) { f.certificate.Missing = []review.Key{"honours"} }, ErrState, ""},
		"no name":           {func(f *fixture) { f.version.Form.Set("name", " ") }, ErrEmpty, "name"},
		"no form":           {func(f *fixture) { f.version.Form = nil }, ErrEmpty, "id_number"},
		"no sex":            {func(f *fixture) { f.version.SexLabel = "" }, ErrEmpty, "sex"},
		"no level":          {func(f *fixture) { f.version.LevelLabel = "" }, ErrEmpty, "level"},
		"no area":           {func(f *fixture) { f.version.AreaLabel = "" }, ErrEmpty, "review_area"},
		"no number":         {func(f *fixture) { f.certificate.Number = "" }, ErrEmpty, "number"},
		"no first day":      {func(f *fixture) { f.certificate.FirstRegistered = review.Date{} }, ErrEmpty, "first_registered_on"},
		"no start":          {func(f *fixture) { f.version.ValidFrom = review.Date{} }, ErrEmpty, "valid_from"},
		"no end":            {func(f *fixture) { f.version.ValidUntil = review.Date{} }, ErrEmpty, "certificate_valid_until"},
		"not issued":        {func(f *fixture) { f.version.IssuedAt = time.Time{} }, ErrEmpty, "issued_at"},
		"no portrait":       {func(f *fixture) { f.version.Portrait = "" }, ErrEmpty, "portrait"},
		"another portrait":  {func(f *fixture) { f.portrait = other }, ErrPortrait, "portrait"},
		"portrait too big":  {func(f *fixture) { f.setPortrait(testPortrait(t, 1200, 1680)) }, ErrPortrait, "portrait"},
		"portrait no image": {func(f *fixture) { f.setPortrait([]byte("GIF89a")) }, ErrPortrait, "portrait"},
		"portrait no JPEG":  {func(f *fixture) { f.setPortrait(testSeal(t, 50)) }, ErrPortrait, "portrait"},
		"name too long":     {func(f *fixture) { f.version.Form.Set("name", strings.Repeat("王", 1000)) }, ErrTooLong, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "王芳")
			c.spoil(f)
			err := p.Write(failing{t}, &f.certificate, &f.version, f.portrait)
			if !errors.Is(err, c.want) {
				t.Fatalf("error = %v, want %v", err, c.want)
			}
			var refused *RefusedError
			if c.field != "" && (!errors.As(err, &refused) || !hasField(refused, c.field)) {
				t.Errorf("error = %v, want one about %s", err, c.field)
			}
		})
	}
}

func hasField(e *RefusedError, key review.Key) bool {
	for _, f := range e.Fields {
		if f.Field == key {
			return true
		}
	}
	return false
}

func (f *fixture) setPortrait(data []byte) { f.portrait, f.version.Portrait = data, hash(data) }

func TestEveryRefusalAtOnce(t *testing.T) {
	f := newFixture(t, "")
	f.version.SexLabel = ""
	f.version.ValidUntil = review.Date{}
	err := newPrinter(t, Options{}).Check(&f.certificate, &f.version)
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("error = %v, want a RefusedError", err)
	}
	want := []FieldError{{"name", ErrEmpty}, {"sex", ErrEmpty}, {"certificate_valid_until", ErrEmpty}}
	if diff := cmp.Diff(want, refused.Fields, cmpopts.EquateErrors()); diff != "" {
		t.Error(diff)
	}
}

func TestPanicBecomesAnError(t *testing.T) {
	p := newPrinter(t, Options{})
	if err := p.Write(io.Discard, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "drawing a certificate") {
		t.Errorf("Write = %v, want the panic as an error", err)
	}
	if err := p.Check(nil, nil); err == nil {
		t.Error("Check took nothing")
	}
}

func TestOtherTexts(t *testing.T) {
	texts := review.PaperPolicy{Title: "社会工作者登记证"}
	p := newPrinter(t, Options{Paper: texts, Issuer: "𬭎县社会工作部"})
	f := newFixture(t, "王芳")
	f.version.Issuer = ""
	mustHold(t, open(t, f.draw(t, p)).text(t), texts.Title, "𬭎县社会工作部", review.DefaultPolicy().Issue.Paper.Statement)
	if _, err := NewPrinter(Options{Paper: review.PaperPolicy{Title: "登记证书😀"}}); err == nil || !strings.Contains(err.Error(), "U+1F600") {
		t.Errorf("NewPrinter = %v, want an error that names U+1F600", err)
	}
}

func TestSeal(t *testing.T) {
	f := newFixture(t, "王芳")
	o := open(t, f.draw(t, newPrinter(t, Options{Seal: testSeal(t, 800)})))
	if text := o.text(t); strings.Contains(text, "样章") {
		t.Error("a sealed certificate is marked as a specimen")
	}
	number, err := o.find("/ColorSpace [/Indexed")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(inflate(t, o.objects[number-1])); got != sealPixels*sealPixels {
		t.Errorf("the seal has %d pixels, want %d", got, sealPixels*sealPixels)
	}
	for _, bad := range [][]byte{{}, []byte("\x89PNG\r\n\x1a\n"), f.portrait, testSeal(t, 200)[:300]} {
		if _, err := NewPrinter(Options{Seal: bad}); !errors.Is(err, ErrSeal) {
			t.Errorf("NewPrinter with %d bytes as seal = %v, want ErrSeal", len(bad), err)
		}
	}
}

// TestGrainyPortrait draws with the largest JPEG that the preparation of portraits can give.
func TestGrainyPortrait(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 295, 413))
	source := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(source.Uint32())
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, noise, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, "王芳")
	f.setPortrait(picture.Bytes())
	if !bytes.Contains(f.draw(t, newPrinter(t, Options{})), picture.Bytes()) {
		t.Error("the portrait is not in the file as it is")
	}
	t.Logf("a portrait of noise has %d bytes", picture.Len())
}

// TestWithoutCode draws a version that was issued before there were keys.
func TestWithoutCode(t *testing.T) {
	f := newFixture(t, "王芳")
	f.version.Code = review.Code{}
	if text := open(t, f.draw(t, newPrinter(t, Options{}))).text(t); strings.Contains(text, "验证码") {
		t.Error("a certificate without a code shows one")
	}
}

func TestSize(t *testing.T) {
	p := newPrinter(t, Options{Seal: testSeal(t, 1000)})
	for _, name := range names {
		if got := len(newFixture(t, name).draw(t, p)); got > 100_000 {
			t.Errorf("%d bytes for a name of %d bytes, want at most 100 000", got, len(name))
		}
	}
}

func TestConcurrentRuns(t *testing.T) {
	p := newPrinter(t, Options{})
	f := newFixture(t, "王𬭎")
	want := f.draw(t, p)
	results := make(chan []byte)
	for range 4 {
		go func() {
			var b bytes.Buffer
			if err := p.Write(&b, &f.certificate, &f.version, f.portrait); err != nil {
				b.Reset()
			}
			results <- b.Bytes()
		}()
	}
	for range 4 {
		if !bytes.Equal(<-results, want) {
			t.Error("a certificate drawn beside others differs")
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	seal := testSeal(b, 800)
	f := newFixture(b, "阿卜杜热合曼·阿卜杜克里木·买买提依明")
	b.Run("run", func(b *testing.B) {
		p := newPrinter(b, Options{Seal: seal})
		b.ReportAllocs()
		for b.Loop() {
			f.draw(b, p)
		}
	})
	b.Run("each alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.draw(b, newPrinter(b, Options{Seal: seal}))
		}
	})
}

// BenchmarkLimit is what a run is measured against: gofpdf alone, one page with one name, the whole typeface parsed for
// the document. A certificate in a run must stay far below it.
func BenchmarkLimit(b *testing.B) {
	typeface, err := os.ReadFile(filepath.Join("font", "LXGWWenKai-Regular.ttf"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		pdf := gofpdf.New("L", "mm", "A4", "")
		pdf.AddUTF8FontFromBytes("kai", "", typeface)
		pdf.AddPage()
		pdf.SetFont("kai", "", 12)
		pdf.Text(20, 20, "买买提·吐尔逊")
		if err := pdf.Output(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// tool returns a program of the machine, or skips the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("RONGZHENG_NO_SKIP") != "" {
		t.Fatalf("%s is not installed", name)
	}
	if err != nil {
		t.Skipf("%s is not installed: what other readers see is checked where it is", name)
	}
	return path
}

func (f *fixture) save(t *testing.T, p *Printer) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(path, f.draw(t, p), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadersFindEveryField(t *testing.T) {
	program := tool(t, "pdftotext")
	for _, o := range []Options{{}, {Seal: testSeal(t, 300)}} {
		p := newPrinter(t, o)
		for _, name := range names {
			f := newFixture(t, name)
			out, err := exec.Command(program, "-raw", "-enc", "UTF-8", f.save(t, p), "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			mustHold(t, string(out), f.fieldsOf()...)
		}
	}
}

func TestFilesAreSound(t *testing.T) {
	program := tool(t, "qpdf")
	for _, o := range []Options{{}, {Seal: testSeal(t, 300)}} {
		out, err := exec.Command(program, "--check", newFixture(t, "王𬭎").save(t, newPrinter(t, o))).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("WARNING")) {
			t.Errorf("qpdf --check: %v\n%s", err, out)
		}
	}
}
