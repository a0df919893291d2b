package picture

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// objectStream packs text the way PDF 1.5 packs small objects.
func objectStream(t testing.TB, text string) string {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\r\n%s\nendstream", packed.Len(), packed.Bytes())
}

func TestInspectCountsPages(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"plain":            {pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>"), 2},
		"count first":      {pdf("<</Count 3/Kids[3 0 R]/Type/Pages>>"), 3},
		"inherited":        {pdf("<< /Type /Pages /Resources << /Font << /F1 5 0 R >> >> /Count 4 /Kids [] >>"), 4},
		"tree":             {pdf("<< /Type /Pages /Count 9 /Kids [] >>", "<< /Type /Pages /Parent 1 0 R /Count 5 >>"), 9},
		"changed later":    {append(pdf("<< /Type /Pages /Count 1 >>"), pdf("<< /Type /Pages /Count 2 >>")...), 2},
		"packed":           {pdf("<< /Type /XRef >>", objectStream(t, "2 0 <</Type/Pages/Count 12/Kids[]>>")), 12},
		"number elsewhere": {pdf("<< /Type /Pages /Count 7 0 R >>"), 0},
		"absurd":           {pdf("<< /Type /Pages /Count 123456 >>"), 0},
		"negative":         {pdf("<< /Type /Pages /Count -1 >>"), 0},
		"not closed":       {pdf("<< /Type /Pages /Count 1"), 0},
		"none":             {pdf("<< /Type /Catalog >>"), 0},
		"not a stream":     {pdf("<< /Type /ObjStm >>", "<< /Type /ObjStm >>\nstream\nrubbish\nendstream"), 0},
		"byte order mark":  {append([]byte("\xef\xbb\xbf\r\n"), pdf("<< /Type /Pages /Count 1 >>")...), 1},
	} {
		got, err := Inspect(c.data)
		if err != nil || got.Pages != c.want || got.Type != PDF {
			t.Errorf("%s: got %d pages of %q, %v, want %d", name, got.Pages, got.Type, err, c.want)
		}
	}
}

// The file consists of what costs most to read.
func TestInspectBoundsItsWorkOnPDF(t *testing.T) {
	for _, text := range []string{"/Type/Pages ", "<< /Type /Pages ", "/ObjStm stream\n", ">>/Type/Pages", "stream"} {
		data := []byte("%PDF-1.4 %%EOF" + strings.Repeat(text, (MaxBytes/8)/len(text)))
		if got, err := Inspect(data); err != nil || got.Pages != 0 {
			t.Errorf("%q: got %d pages, %v", text, got.Pages, err)
		}
	}
	bomb := objectStream(t, strings.Repeat(" ", 2*maxUnpacked))
	if got, err := Inspect(pdf(bomb, bomb, bomb)); err != nil || got.Pages != 0 {
		t.Errorf("bomb: got %d pages, %v", got.Pages, err)
	}
}
