package cert

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
)

// file is a PDF file taken apart: the bodies of its objects, and which of them are catalog and document information.
type file struct {
	objects    [][]byte // objects[n-1] is what stands between "n 0 obj" and "endobj"
	root, info int
	version    string // of PDF
}

var errForm = errors.New("gofpdf wrote a file of another form than expected")

// parseFile takes apart what gofpdf wrote: one cross-reference table that lists every object, one trailer.
func parseFile(data []byte) (*file, error) {
	at := bytes.LastIndex(data, []byte("\nstartxref\n"))
	if at < 0 {
		return nil, errForm
	}
	var table, count int
	if _, err := fmt.Sscanf(string(data[at:]), "\nstartxref\n%d\n", &table); err != nil || table < 0 || table > at {
		return nil, errForm
	}
	xref := data[table:at]
	f := &file{version: "1.4"}
	if _, err := fmt.Sscanf(string(xref), "xref\n0 %d\n", &count); err != nil || count < 2 {
		return nil, errForm
	}
	trailer := xref[max(bytes.Index(xref, []byte("trailer\n")), 0):]
	if _, err := fmt.Sscanf(string(trailer), "trailer\n<<\n/Size "+strconv.Itoa(count)+"\n/Root %d 0 R\n/Info %d 0 R\n>>", &f.root, &f.info); err != nil {
		return nil, errForm
	}
	if f.root < 1 || f.root >= count || f.info < 1 || f.info >= count {
		return nil, errForm
	}
	return f, f.cut(data[:table], bytes.Split(xref, []byte("\n"))[3:], count-1)
}

// cut fills in the objects: each ends where the next one in the file begins.
func (f *file) cut(data []byte, entries [][]byte, count int) error {
	if len(entries) < count {
		return errForm
	}
	type place struct{ number, offset int }
	places := make([]place, count)
	for i := range places {
		offset, err := strconv.Atoi(string(entries[i][:min(10, len(entries[i]))]))
		if err != nil || offset < 0 || offset > len(data) {
			return errForm
		}
		places[i] = place{i + 1, offset}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.offset, b.offset) })
	f.objects = make([][]byte, count)
	for i, p := range places {
		end := len(data)
		if i+1 < count {
			end = places[i+1].offset
		}
		body, begins := bytes.CutPrefix(data[p.offset:end], fmt.Appendf(nil, "%d 0 obj\n", p.number))
		body, ends := bytes.CutSuffix(body, []byte("endobj\n"))
		if !begins || !ends {
			return errForm
		}
		f.objects[p.number-1] = body
	}
	return nil
}

// add appends an object and returns its number.
func (f *file) add(body []byte) int {
	f.objects = append(f.objects, body)
	return len(f.objects)
}

// find returns the number of the only object that holds text.
func (f *file) find(text string) (int, error) {
	found := 0
	for i, body := range f.objects {
		if bytes.Contains(body, []byte(text)) {
			if found != 0 {
				return 0, errForm
			}
			found = i + 1
		}
	}
	if found == 0 {
		return 0, errForm
	}
	return found, nil
}

// replace changes the one place in an object where old stands.
func (f *file) replace(number int, old, new string) error {
	if bytes.Count(f.objects[number-1], []byte(old)) != 1 {
		return errForm
	}
	f.objects[number-1] = bytes.Replace(f.objects[number-1], []byte(old), []byte(new), 1)
	return nil
}

// compressPages compresses the operators of every page.
func (f *file) compressPages(d *deflater) error {
	found := false
	for _, body := range f.objects {
		if !bytes.Contains(body, []byte("/Type /Page\n")) {
			continue
		}
		found = true
		var content int
		_, after, _ := bytes.Cut(body, []byte("/Contents "))
		if _, err := fmt.Sscanf(string(after), "%d 0 R>>", &content); err != nil || content < 1 || content > len(f.objects) {
			return errForm
		}
		if err := f.compress(content, d); err != nil {
			return err
		}
	}
	if !found {
		return errForm
	}
	return nil
}

// compress compresses the stream that is the object.
func (f *file) compress(number int, d *deflater) error {
	_, plain, begins := bytes.Cut(f.objects[number-1], []byte("\nstream\n"))
	plain, ends := bytes.CutSuffix(plain, []byte("\nendstream\n"))
	if !begins || !ends {
		return errForm
	}
	s, err := d.deflate(plain)
	if err != nil {
		return err
	}
	f.objects[number-1] = s.object("")
	return nil
}

// bytes writes the file. Its identifier is a hash of the content.
func (f *file) bytes() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-" + f.version + "\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(f.objects))
	for i, body := range f.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(bytes.TrimSuffix(body, []byte("\n")))
		b.WriteString("\nendobj\n")
	}
	id := sha256.Sum256(b.Bytes())
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.objects)+1, f.root, f.info, id[:16], id[:16], table)
	return b.Bytes()
}

// stream is compressed data with its length before compression.
type stream struct {
	data []byte
	size int
}

// deflater compresses streams. Its writers are large and kept for the next document.
type deflater struct{ idle sync.Pool }

func (d *deflater) deflate(data []byte) (stream, error) {
	w, ok := d.idle.Get().(*zlib.Writer)
	if !ok {
		w = zlib.NewWriter(nil)
	}
	defer d.idle.Put(w)
	var b bytes.Buffer
	b.Grow(len(data) / 2)
	w.Reset(&b)
	if _, err := w.Write(data); err != nil {
		return stream{}, err
	}
	if err := w.Close(); err != nil {
		return stream{}, err
	}
	return stream{b.Bytes(), len(data)}, nil
}

// object writes the stream as a PDF object with further entries of its dictionary.
func (s stream) object(entries string) []byte {
	b := fmt.Appendf(nil, "<<%s /Filter /FlateDecode /Length %d>>\nstream\n", entries, len(s.data))
	return append(append(b, s.data...), "\nendstream\n"...)
}

// formObject wraps drawing operators that cover the page.
func formObject(s stream) []byte {
	return s.object(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f]", pageWidth/mmPerPt, pageHeight/mmPerPt))
}
