package cert

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rongzheng/cert/font"
	"rongzheng/review"
)

// drawn is one paper of the counter as each test wants it: how it is composed and written, and what must be on it.
type drawn struct {
	compose func() (*paper, error)
	write   func(io.Writer) error
	holds   []string
}

// submitted is the made-up moment of submission.
var submitted = time.Date(2025, 1, 17, 1, 30, 0, 0, time.UTC)

// longName has 100 characters, longAddress 200.
var (
	longName    = strings.Repeat("阿卜杜热合曼·𬭎买", 11) + "依"
	longAddress = strings.Repeat("浆洗街道𬭎某某路1号附2-3、", 12) + "武侯区晋阳街道（四栋五单元二十层六号房）"
)

func answers() review.Form {
	return review.Form{
		"name": {"买买提·吐尔逊"}, "mobile": {"13800001234"}, "id_type": {"1"}, "id_number": {"11010519491231002X"},
		"sex": {"2"}, "ethnicity": {"05"}, "political_status": {"13"}, "education": {"21"}, "major": {"社会工作"},
		"address": {"四川省成都市武侯区浆洗街 1 号"}, "employer_type": {"01"}, "post_category": {"04"}, "community_post": {"41"},
		"years_in_social_work": {"6"}, "fields": {"05", "21"}, "delegate_roles": {"0"}, "honours": {"3", "4"},
		"level": {"2"}, "exam_year": {"2024"}, "management_number": {"20240651010000001234"},
		"first_registered_on": {"2022-03-01"}, "certificate_valid_until": {"2025-02-28"}, "review_area": {"510107"},
		"mail_paper": {"true"}, "recipient": {"王𬭎"}, "recipient_phone": {"028-85551234"},
		"region": {"四川省成都市武侯区"}, "street_address": {"浆洗街道某某路 7 号"},
	}
}

// withLevels returns the policy of the program with so many levels.
func withLevels(n int) *review.Policy {
	p := *review.DefaultPolicy()
	levels := p.Levels
	for len(levels) < n {
		levels = append(levels, review.Level{Name: "省级备案核查", Office: "四川省委社会工作部人才处", WorkingDays: 5})
	}
	p.Levels = levels[:n]
	return &p
}

// papers returns every paper in every shape that the tests look at. Each is written once; the tests share its file.
func papers(t testing.TB) map[string]drawn {
	t.Helper()
	all := freshPapers(t)
	for name, d := range all {
		write := d.write
		d.write = func(w io.Writer) error {
			file, written := paperFiles.Load(name)
			if !written {
				var b bytes.Buffer
				if err := write(&b); err != nil {
					return err
				}
				file, _ = paperFiles.LoadOrStore(name, b.Bytes())
			}
			_, err := w.Write(file.([]byte))
			return err
		}
		all[name] = d
	}
	return all
}

// paperFiles are the files of papers, by name.
var paperFiles sync.Map

// freshPapers returns every paper so that it is written anew each time.
func freshPapers(t testing.TB) map[string]drawn {
	t.Helper()
	all := map[string]drawn{}
	for name, add := range map[string]func(testing.TB) map[string]drawn{
		"form": formsDrawn, "receipt": receiptsDrawn, "notice": noticesDrawn, "labels": labelsDrawn,
	} {
		for shape, d := range add(t) {
			all[name+" "+shape] = d
		}
	}
	return all
}

func (d drawn) bytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (d drawn) save(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, d.bytes(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPapersSayEverything(t *testing.T) {
	for name, d := range papers(t) {
		t.Run(name, func(t *testing.T) { mustHold(t, withoutFeet(open(t, d.bytes(t)).text(t)), d.holds...) })
	}
}

var feet = regexp.MustCompile(`第\d+页，共\d+页`)

// withoutFeet lets texts be compared that go on from sheet to sheet.
func withoutFeet(text string) string { return feet.ReplaceAllString(withoutSpace(text), "") }

func TestReadersFindEverythingOnPapers(t *testing.T) {
	program := tool(t, "pdftotext")
	for name, d := range papers(t) {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command(program, "-raw", "-enc", "UTF-8", d.save(t), "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			mustHold(t, withoutFeet(string(out)), d.holds...)
		})
	}
}

func TestPapersAreSound(t *testing.T) {
	program := tool(t, "qpdf")
	for name, d := range papers(t) {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command(program, "--check", d.save(t)).CombinedOutput()
			if err != nil || bytes.Contains(out, []byte("WARNING")) {
				t.Errorf("qpdf --check: %v\n%s", err, out)
			}
		})
	}
}

func TestSameDataSameBytes(t *testing.T) {
	first := map[string][]byte{}
	for name, d := range papers(t) {
		first[name] = d.bytes(t)
	}
	for range 3 {
		for name, d := range freshPapers(t) {
			if !bytes.Equal(d.bytes(t), first[name]) {
				t.Errorf("%s was drawn differently from the same data", name)
			}
		}
	}
}

// TestPapersHaveNoClock looks for dates that are not the data's. A form and labels tell of no moment, so their files
// have no date at all.
func TestPapersHaveNoClock(t *testing.T) {
	for name, d := range papers(t) {
		o := open(t, d.bytes(t))
		info := string(o.objects[o.info-1])
		want := 0
		if strings.HasPrefix(name, "receipt") || strings.HasPrefix(name, "notice") {
			want = 2
		}
		if got := strings.Count(info, "(D:"); got != want || want > 0 && strings.Count(info, "(D:202501") != 2 {
			t.Errorf("%s: %d dates in the information %q, want %d", name, got, info, want)
		}
	}
}

// TestNothingOnPapersCollides checks each text against the place that it got, against the other texts and against every
// line on its sheet.
func TestNothingOnPapersCollides(t *testing.T) {
	for name, d := range papers(t) {
		t.Run(name, func(t *testing.T) {
			p, err := d.compose()
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range p.doc.sheets {
				p.checkSheet(t, i+1, s)
			}
		})
	}
}

func (p *paper) checkSheet(t *testing.T, number int, s *sheet) {
	t.Helper()
	const edge = 4.0 // millimetres that printers leave white
	whole := box{edge, edge, p.doc.width - 2*edge, p.doc.height - 2*edge}
	var texts []text
	var edges []rule
	for _, m := range s.marks {
		switch m := m.(type) {
		case text:
			texts = append(texts, m)
			p.checkLines(t, number, m)
			if !whole.holds(m.box) {
				t.Errorf("sheet %d: %q stands at %+v, outside the sheet", number, said(m), m.box)
			}
		case rule:
			edges = append(edges, m)
		case outline:
			if !whole.holds(m.box) {
				t.Errorf("sheet %d: a frame at %+v leaves the sheet", number, m.box)
			}
			b := m.box
			edges = append(edges, rule{x1: b.x, y1: b.y, x2: b.x + b.w, y2: b.y}, rule{x1: b.x, y1: b.y + b.h, x2: b.x + b.w, y2: b.y + b.h},
				rule{x1: b.x, y1: b.y, x2: b.x, y2: b.y + b.h}, rule{x1: b.x + b.w, y1: b.y, x2: b.x + b.w, y2: b.y + b.h})
		case show:
			edges = append(edges, rule{x1: m.box.x, y1: m.box.y, x2: m.box.x + m.box.w, y2: m.box.y + m.box.h})
		}
	}
	for i, a := range texts {
		for _, b := range texts[:i] {
			if a.box.meets(b.box) {
				t.Errorf("sheet %d: %q at %+v and %q at %+v overlap", number, said(a), a.box, said(b), b.box)
			}
		}
		for _, e := range edges {
			if a.box.meets(box{e.x1, e.y1, e.x2 - e.x1, e.y2 - e.y1}) {
				t.Errorf("sheet %d: the line %+v goes through %q at %+v", number, e, said(a), a.box)
			}
		}
	}
}

func (p *paper) checkLines(t *testing.T, number int, m text) {
	t.Helper()
	const slack = 0.05
	for _, l := range m.lines {
		end := l.x + p.width(strings.TrimRight(l.text, " "), l.size)
		high, low := l.y-0.86*l.size*mmPerPt, l.y+0.14*l.size*mmPerPt
		if l.x < m.box.x-slack || end > m.box.x+m.box.w+slack || high < m.box.y-slack || low > m.box.y+m.box.h+slack || l.size < smallest {
			t.Errorf("sheet %d: %q leaves its box %+v: from %.2f to %.2f, from %.2f to %.2f, size %g",
				number, l.text, m.box, l.x, end, high, low, l.size)
		}
	}
}

func (b box) holds(inner box) bool {
	return inner.x >= b.x && inner.y >= b.y && inner.x+inner.w <= b.x+b.w && inner.y+inner.h <= b.y+b.h
}

// meets reports whether the boxes have more in common than an edge.
func (b box) meets(other box) bool {
	const slack = 0.1
	return b.x+slack < other.x+other.w && other.x+slack < b.x+b.w && b.y+slack < other.y+other.h && other.y+slack < b.y+b.h ||
		b.x+slack < other.x+other.w && other.x+slack < b.x+b.w && other.h == 0 && b.y+slack < other.y && other.y < b.y+b.h-slack ||
		b.y+slack < other.y+other.h && other.y+slack < b.y+b.h && other.w == 0 && b.x+slack < other.x && other.x < b.x+b.w-slack
}

func said(m text) string {
	var b strings.Builder
	for _, l := range m.lines {
		b.WriteString(l.text)
	}
	return b.String()
}

// refusedFields returns the fields of the RefusedError, and fails the test when err is none.
func refusedFields(t *testing.T, err error) []FieldError {
	t.Helper()
	refused, ok := errors.AsType[*RefusedError](err)
	if !ok {
		t.Fatalf("error = %v, want a RefusedError", err)
	}
	return refused.Fields
}

// mustRefuse checks that the paper is refused for the reason, whole, without the name of anybody.
func mustRefuse(t *testing.T, err error, field review.Key, want error) {
	t.Helper()
	if strings.ContainsAny(err.Error(), "王芳买提") {
		t.Errorf("error %q holds the name", err)
	}
	for _, f := range refusedFields(t, err) {
		missing, ok := errors.AsType[*font.MissingError](f.Err)
		wanted, named := errors.AsType[*font.MissingError](want)
		if f.Field == field && (errors.Is(f.Err, want) || ok && named && missing.Rune == wanted.Rune) {
			return
		}
	}
	t.Errorf("error = %v, want one of %s: %v", err, field, want)
}

func sheets(t *testing.T, d drawn) int {
	t.Helper()
	p, err := d.compose()
	if err != nil {
		t.Fatal(err)
	}
	return len(p.doc.sheets)
}

func TestGrowNeverLeavesTheSheet(t *testing.T) {
	for name, d := range papers(t) {
		p, err := d.compose()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.doc.sheets {
			lowest := 0.0
			for _, m := range s.marks {
				if o, ok := m.(outline); ok {
					lowest = math.Max(lowest, o.box.y+o.box.h)
				}
			}
			if lowest > p.in.y+p.in.h+0.01 {
				t.Errorf("%s: rows end at %.2f, below %.2f", name, lowest, p.in.y+p.in.h)
			}
		}
	}
}

func TestLongValuesAreLong(t *testing.T) {
	if got := []int{len([]rune(longName)), len([]rune(longAddress))}; got[0] != 100 || got[1] != 200 {
		t.Errorf("name and address have %d characters, want 100 and 200", got)
	}
}

// TestFontsAreEmbedded: every font of every paper and of a certificate comes along, as the characters that it draws, and tells
// which ones these are.
func TestFontsAreEmbedded(t *testing.T) {
	program := tool(t, "pdffonts")
	files := map[string]string{"certificate": newFixture(t, "王𬭎").save(t, newPrinter(t, Options{}))}
	for name, d := range papers(t) {
		files[name] = d.save(t)
	}
	for name, path := range files {
		out, err := exec.Command(program, path).Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(lines) < 3 {
			t.Errorf("%s names no font:\n%s", name, out)
			continue
		}
		for _, line := range lines[2:] {
			if len(embedded.FindString(line)) == 0 {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// embedded is what pdffonts says of a font that is embedded, a subset, and maps to Unicode.
var embedded = regexp.MustCompile(` yes +yes +yes +\d+ +\d+$`)
