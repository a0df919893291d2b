package ui

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
)

// spoilt gives the attachments of every case other bytes than were submitted, as files of another type.
func spoilt(s *store.Store, data []byte, kind string, pages int) *double {
	d := doubled(s)
	d.blob = func(string) ([]byte, error) { return data, nil }
	d.application = func(by review.Actor, reference string) (review.Application, error) {
		a, err := s.Application(by, reference)
		if err == nil {
			for i := range a.Attachments {
				a.Attachments[i].Type, a.Attachments[i].Pages = kind, pages
			}
		}
		return a, err
	}
	return d
}

// hugePNG claims more pixels than anybody decodes.
func hugePNG(width, height uint32) []byte {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, body []byte) {
		binary.Write(&out, binary.BigEndian, uint32(len(body)))
		out.WriteString(name)
		out.Write(body)
		binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(name), body...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	chunk("IEND", nil)
	return out.Bytes()
}

// longPDF has so many pages, each of one word.
func longPDF(pages int) []byte {
	var out bytes.Buffer
	var offsets []int
	object := func(text string) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	out.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", i+5)
	}
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", pages, kids.String()))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	content := "BT /F 20 Tf 60 700 Td (page of many) Tj ET"
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	for range pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 3 0 R >> >> >>")
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes()
}

// barPDF is a page without picture or text: a black bar over its upper half.
var barPDF = []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" +
	"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 72 36] >>\nendobj\n" +
	"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>\nendobj\n" +
	"4 0 obj\n<< /Length 19 >>\nstream\n0 g 0 18 72 18 re f\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")

// TestHostileAttachments: a clear sentence each, no crash, no garbage, in every window and in colour.
func TestHostileAttachments(t *testing.T) {
	s := withPeople(t)
	good := photo(320, 240, 1)
	for _, c := range []struct {
		name  string
		data  []byte
		kind  string
		pages int
		want  string
	}{
		{"corrupt", good[:len(good)/3], review.TypeJPEG, 0, "图片损坏"},
		{"empty", nil, review.TypeJPEG, 0, "图片损坏"},
		{"no picture", []byte("<html>\x1b[2J\x1b]0;title\x07</html>"), review.TypeJPEG, 0, ""},
		{"fifty megapixels", hugePNG(10_000, 10_000), review.TypePNG, 0, "10000 × 10000"},
		{"four thousand megapixels", hugePNG(1<<31-1, 2), review.TypePNG, 0, ""},
		{"ten thousand pages", longPDF(10_000), review.TypePDF, 10_000, "page of many"},
		{"pages nobody counted", longPDF(10_000), review.TypePDF, 0, "page of many"},
		{"page of lines", barPDF, review.TypePDF, 1, "▀▀▀"},
		{"broken PDF", []byte("%PDF-1.7\n1 0 obj << /Type /Catalog"), review.TypePDF, 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, spoilt(s, c.data, c.kind, c.pages), wuhou, func(o *Options) { o.Renderer = renderer(termenv.TrueColor) })
			d.press("enter", "o")
			if c.want != "" {
				d.sees(c.want)
			}
			if d.top() != "pictureScreen" {
				t.Fatalf("on top is %s\n%s", d.top(), d.view())
			}
			for _, size := range [][2]int{{10, 3}, {200, 50}, {60, 20}} {
				d.resize(size[0], size[1])
				d.press("+", "o", "[", "r", "0", "-", "s")
			}
			d.press("esc", "esc")
			if d.top() != "queueScreen" {
				t.Errorf("on top is %s, want the queue", d.top())
			}
		})
	}
}
