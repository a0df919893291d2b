package picture

import (
	"errors"
	"fmt"
	"testing"
)

// long is a PDF of n pages that say their number, in its table or in object streams.
func long(n int) []string {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
	var kids []byte
	for i := range n {
		kids = fmt.Appendf(kids, "%d 0 R ", i+3)
		objects = append(objects, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Number (%d) >>", i+1))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, n)
	return objects
}

func TestDocumentGoesThroughItsPages(t *testing.T) {
	for kind, data := range map[string][]byte{"table": withTable(long(30)...), "streams": withStreams(t, long(30)...)} {
		for _, most := range []int{29, 30, 31} {
			d, err := OpenDocument(data, most)
			if err != nil {
				t.Fatal(kind, err)
			}
			if d.Pages() != min(most, 30) || d.More() != (most < 30) {
				t.Errorf("%s: %d pages of %d, more: %t", kind, d.Pages(), most, d.More())
			}
			for n := 1; n <= d.Pages(); n++ {
				if got := d.Said(n, "Number"); got != fmt.Sprint(n) {
					t.Errorf("%s: page %d says %q", kind, n, got)
				}
			}
			if got := d.Said(1, "Nothing") + d.Info("Nothing"); got != "" {
				t.Errorf("%s: %q", kind, got)
			}
		}
	}
}

// TestDocumentIsBoundedByPage: a page that costs more than it may takes nothing from those after it.
func TestDocumentIsBoundedByPage(t *testing.T) {
	d, err := OpenDocument(withTable(long(3)...), 3)
	if err != nil {
		t.Fatal(err)
	}
	d.file.work, d.file.inflated = 0, 0
	if got := d.Said(2, "Number"); got != "2" || d.file.work <= 0 || d.file.inflated <= 0 {
		t.Errorf("page 2 says %q and may cost %d and %d more", got, d.file.work, d.file.inflated)
	}
}

func TestOpenDocumentRefuses(t *testing.T) {
	if _, err := OpenDocument([]byte("hello"), 10); !errors.As(err, new(UnsupportedError)) {
		t.Errorf("a text: %v", err)
	}
	if _, err := OpenDocument([]byte("%PDF-1.4\n1 0 obj"), 10); !errors.As(err, new(DamagedError)) {
		t.Errorf("half a file: %v", err)
	}
	if _, err := OpenDocument(withTable(long(0)...), 10); !errors.Is(err, ErrNoPage) {
		t.Errorf("no page: %v", err)
	}
}
