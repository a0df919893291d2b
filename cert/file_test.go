package cert

import (
	"bytes"
	"errors"
	"testing"

	"github.com/jung-kurt/gofpdf"
)

func plainFile(t testing.TB) []byte {
	t.Helper()
	pdf := gofpdf.New("L", "mm", "A4", "")
	pdf.SetCompression(false)
	pdf.AddPage()
	pdf.SetFont(placeholder, "", 12)
	pdf.Text(20, 20, "text")
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParseFile(t *testing.T) {
	f, err := parseFile(plainFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for text, number := range map[string]int{"/Type /Catalog": f.root, "/CreationDate": f.info, "/Type /Pages": 1, "/ProcSet": 2} {
		if got, err := f.find(text); err != nil || got != number {
			t.Errorf("%s is in object %d, error %v, want %d", text, got, err, number)
		}
	}
	if _, err := f.find("endobj"); !errors.Is(err, errForm) {
		t.Error("an object holds the word that ends it")
	}
	again := reparse(t, f.bytes())
	for i := range f.objects {
		if want := bytes.TrimSuffix(f.objects[i], []byte("\n")); !bytes.Equal(again.objects[i], want) {
			t.Errorf("object %d changed from %q to %q", i+1, want, again.objects[i])
		}
	}
}

func TestReplaceWantsOnePlace(t *testing.T) {
	f := &file{objects: [][]byte{[]byte("a b a")}}
	for _, old := range []string{"a", "c"} {
		if err := f.replace(1, old, "x"); !errors.Is(err, errForm) {
			t.Errorf("replace %q = %v, want errForm", old, err)
		}
	}
	if err := f.replace(1, "b", "x"); err != nil || string(f.objects[0]) != "a x a" {
		t.Errorf("replace = %v, %q", err, f.objects[0])
	}
}

func TestParseFileRefusesDamage(t *testing.T) {
	data := plainFile(t)
	table := bytes.LastIndex(data, []byte("xref\n0 "))
	for i := 0; i < bytes.LastIndex(data, []byte("startxref")); i += 7 {
		if _, err := parseFile(data[:i]); err == nil {
			t.Errorf("the first %d bytes were taken for a file", i)
		}
		// A byte less anywhere before the table moves every object behind it from its place.
		if _, err := parseFile(append(bytes.Clone(data[:i]), data[i+1:]...)); err == nil && i < table {
			t.Errorf("a file without byte %d was taken", i)
		}
	}
}
