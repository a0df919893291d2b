package cert

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// batchOf draws certificates of several people and a sheet of labels.
func batchOf(t testing.TB) [][]byte {
	t.Helper()
	p := newPrinter(t, Options{})
	var files [][]byte
	for _, name := range names[:4] {
		files = append(files, newFixture(t, name).draw(t, p))
	}
	return append(files, labelDrawn(testLabels(17), DefaultSheet()).bytes(t))
}

func joinAll(t testing.TB, files [][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Join(&out, files); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var contentsEntry = regexp.MustCompile(`/Contents (\d+) 0 R`)

// pagesOf returns the drawing operators of every page, in the order of the tree of pages.
func pagesOf(t testing.TB, f *file) [][]byte {
	t.Helper()
	var pages [][]byte
	var walk func(n int)
	walk = func(n int) {
		body := f.objects[n-1]
		if kids := regexp.MustCompile(`/Kids \[([^\]]*)\]`).FindSubmatch(body); kids != nil {
			for _, kid := range reference.FindAllSubmatch(kids[1], -1) {
				walk(number(t, kid[1]))
			}
			return
		}
		pages = append(pages, inflate(t, f.objects[number(t, contentsEntry.FindSubmatch(body)[1])-1]))
	}
	walk(number(t, pagesEntry.FindSubmatch(f.objects[f.root-1])[1]))
	return pages
}

func TestJoinKeepsEveryPageInItsPlace(t *testing.T) {
	files := batchOf(t)
	whole := joinAll(t, files)
	var want [][]byte
	for _, f := range files {
		want = append(want, pagesOf(t, reparse(t, f))...)
	}
	got := pagesOf(t, reparse(t, whole))
	if len(got) != len(want) || len(got) != 6 {
		t.Fatalf("%d pages, want %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			t.Errorf("page %d is another one", i+1)
		}
	}
	if !bytes.Equal(whole, joinAll(t, files)) {
		t.Error("the same files give other bytes")
	}
	if sum := len(bytes.Join(files, nil)); len(whole) >= sum {
		t.Errorf("%d bytes of %d: what the files have in common is there more than once", len(whole), sum)
	}
}

// TestJoinKeepsCodes: each certificate's first page tells its code, so that a reader need not look at pictures.
func TestJoinKeepsCodes(t *testing.T) {
	var said []string
	for _, body := range reparse(t, joinAll(t, batchOf(t))).objects {
		if code := codeEntry.Find(body); code != nil && bytes.Contains(body, []byte("/Type /Page\n")) {
			said = append(said, string(code))
		}
	}
	first := "/Verification (" + newFixture(t, names[0]).version.Code.Text + ")"
	if len(said) != 4 || said[0] != first || said[1] == first {
		t.Errorf("the pages tell %q, want the codes of four certificates", said)
	}
}

// TestJoinReadsAddedTo takes the page as somebody who signs leaves it: a later table names a later object.
func TestJoinReadsAddedTo(t *testing.T) {
	first := newFixture(t, names[0]).draw(t, newPrinter(t, Options{}))
	f := reparse(t, first)
	before := bytes.LastIndex(first, []byte("xref\n0 "))
	changed := bytes.Replace(f.objects[0], []byte("/Count 1"), []byte("/Count 1 /Rotate 90"), 1)
	if bytes.Equal(changed, f.objects[0]) {
		t.Fatal("the first object is not the tree of pages")
	}
	added := append(bytes.Clone(first), fmt.Appendf(nil, "1 0 obj\n%s\nendobj\n", changed)...)
	at := len(added)
	added = fmt.Appendf(added, "xref\n1 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		len(first), len(f.objects)+1, f.root, before, at)
	whole := joinAll(t, [][]byte{added, first})
	if got := bytes.Count(whole, []byte("/Rotate 90")); got != 1 {
		t.Errorf("the later object is there %d times, want once", got)
	}
}

func TestJoinRefusesWhatItCannotRead(t *testing.T) {
	good := newFixture(t, names[0]).draw(t, newPrinter(t, Options{}))
	for name, bad := range map[string][]byte{
		"nothing": nil, "text": []byte("not a PDF"), "cut": good[:len(good)-300], "no table": bytes.Replace(good, []byte("\nxref\n"), []byte("\nxxxx\n"), 1),
		"endless": []byte("xref\n0 0\ntrailer\n<</Root 1 0 R /Prev 1>>\nstartxref\n1\n%%EOF\n"),
	} {
		if err := Join(failing{t}, [][]byte{good, bad}); !errors.Is(err, ErrJoin) {
			t.Errorf("%s: %v, want ErrJoin", name, err)
		}
	}
	if err := Join(failing{t}, nil); !errors.Is(err, ErrJoin) {
		t.Errorf("no files: %v, want ErrJoin", err)
	}
}

// TestJoinedTextIsWhatReadersFind compares the texts that poppler reads of the files and of the whole.
func TestJoinedTextIsWhatReadersFind(t *testing.T) {
	program := tool(t, "pdftotext")
	files := batchOf(t)
	read := func(data []byte) string {
		path := filepath.Join(t.TempDir(), "batch.pdf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command(program, path, "-").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		return string(text)
	}
	var want strings.Builder
	for _, f := range files {
		want.WriteString(read(f))
	}
	if got := read(joinAll(t, files)); got != want.String() {
		t.Errorf("poppler reads other texts of the whole:\n%s", got)
	}
}

func TestJoinedFileIsSound(t *testing.T) {
	program := tool(t, "qpdf")
	path := filepath.Join(t.TempDir(), "batch.pdf")
	if err := os.WriteFile(path, joinAll(t, batchOf(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "--check", path).CombinedOutput(); err != nil || bytes.Contains(out, []byte("WARNING")) {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}

func FuzzJoin(f *testing.F) {
	good := newFixture(f, names[0]).draw(f, newPrinter(f, Options{}))
	f.Add(good)
	f.Add([]byte("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		if err := Join(&out, [][]byte{data}); err != nil && out.Len() > 0 {
			t.Fatalf("%d bytes were written, then %v", out.Len(), err)
		}
	})
}

// BenchmarkRunOfMany draws ten thousand certificates of different people, renewed ones among them, into one file; it tells
// what each costs and how much memory the run holds at its end.
func BenchmarkRunOfMany(b *testing.B) {
	const run = 10_000
	f := newFixture(b, "王芳")
	p := newPrinter(b, Options{Seal: testSeal(b, 800)})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		start, out := time.Now(), &counted{}
		j := NewJoiner(out)
		for i := range run {
			f.certificate.Number = fmt.Sprintf("CD-2025-%06d", i+1)
			f.version.Form.Set("name", "王"+string(rune(0x4E00+i)))
			f.sign(b)
			if err := j.Add(f.draw(b, p)); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Microseconds())/1000/run, "ms/certificate")
		b.ReportMetric(float64(out.n)/run/1000, "kB/certificate")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-held")
	}
}

// counted counts what is written to it.
type counted struct{ n int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
