package cert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// ErrJoin says that a file is none that this package can read the pages of.
var ErrJoin = errors.New("not a PDF file whose pages can be joined to others")

// Join writes the pages of several PDF files of this program into one file, in the order given, so that a batch is printed
// at once. Pages look as they do in their own files; document information, signatures and forms, which speak for one file
// alone, stay behind. The same files give the same bytes. Nothing is written to w unless all could be read.
func Join(w io.Writer, files [][]byte) (err error) {
	defer caught("a batch", &err)
	j := &joined{file: &file{}, shared: map[string]int{}}
	j.root, j.pages, j.info = j.add(nil), j.add(nil), j.add([]byte("<</Producer (rongzheng)>>\n"))
	var kids bytes.Buffer
	count := 0
	for i, data := range files {
		number, pages, err := j.take(data)
		if err != nil {
			return fmt.Errorf("file %d: %w", i+1, err)
		}
		fmt.Fprintf(&kids, "%d 0 R ", number)
		count += pages
	}
	if count == 0 {
		return ErrJoin
	}
	j.objects[j.root-1] = fmt.Appendf(nil, "<</Type /Catalog /Pages %d 0 R>>\n", j.pages)
	j.objects[j.pages-1] = fmt.Appendf(nil, "<</Type /Pages /Count %d /Kids [%s]>>\n", count, bytes.TrimSpace(kids.Bytes()))
	_, err = w.Write(j.bytes())
	return err
}

// joined is the file that is being put together. shared holds the objects that name no others, by their content: frame and
// seal stand on every certificate and in the file once.
type joined struct {
	*file
	pages  int
	shared map[string]int
}

var (
	pagesEntry  = regexp.MustCompile(`/Pages\s+(\d+)\s+0\s+R`)
	countEntry  = regexp.MustCompile(`/Count\s+(\d+)`)
	parentEntry = regexp.MustCompile(`/Parent\s+\d+\s+0\s+R`)
	annotsEntry = regexp.MustCompile(`/Annots\s*(\[[^\]]*\]|\d+\s+0\s+R)`)
	pagesType   = regexp.MustCompile(`/Type\s*/Pages\b`)
	reference   = regexp.MustCompile(`\b(\d+)\s+0\s+R\b`)
)

// take copies what the pages of a file need, and returns the number of its tree of pages here and how many there are.
func (j *joined) take(data []byte) (number, pages int, err error) {
	from, err := readObjects(data)
	if err != nil {
		return 0, 0, err
	}
	entry := pagesEntry.FindSubmatch(from.bodies[from.root])
	if entry == nil {
		return 0, 0, ErrJoin
	}
	top, _ := strconv.Atoi(string(entry[1]))
	count := countEntry.FindSubmatch(from.bodies[top])
	if count == nil || !pagesType.Match(from.bodies[top]) {
		return 0, 0, ErrJoin
	}
	pages, _ = strconv.Atoi(string(count[1]))
	t := transfer{j, from, map[int]int{}}
	number, err = t.copy(top)
	if err == nil {
		j.objects[number-1] = pagesType.ReplaceAll(j.objects[number-1], fmt.Appendf(nil, "/Type /Pages /Parent %d 0 R", j.pages))
	}
	return number, pages, err
}

// transfer copies objects of one file into another, each once.
type transfer struct {
	to   *joined
	from *objects
	done map[int]int // number there → number here
}

func (t *transfer) copy(number int) (int, error) {
	if here, ok := t.done[number]; ok {
		return here, nil
	}
	body, ok := t.from.bodies[number]
	if !ok {
		return 0, ErrJoin
	}
	dictionary, data := cutStream(body)
	inTree := bytes.Contains(dictionary, []byte("/Kids")) || parentEntry.Match(dictionary)
	if inTree {
		dictionary = annotsEntry.ReplaceAll(dictionary, nil)
	} else if !reference.Match(dictionary) {
		return t.leaf(number, body), nil
	}
	here := t.to.add(nil)
	t.done[number] = here
	dictionary, err := t.renumber(dictionary)
	if err != nil {
		return 0, err
	}
	t.to.objects[here-1] = slices.Concat(dictionary, data)
	return here, nil
}

// leaf copies an object that names no others, unless one like it is here already.
func (t *transfer) leaf(number int, body []byte) int {
	here, ok := t.to.shared[string(body)]
	if !ok {
		here = t.to.add(bytes.Clone(body))
		t.to.shared[string(body)] = here
	}
	t.done[number] = here
	return here
}

// renumber copies what the dictionary names and gives it the numbers here.
func (t *transfer) renumber(dictionary []byte) ([]byte, error) {
	var err error
	out := reference.ReplaceAllFunc(dictionary, func(ref []byte) []byte {
		number, _ := strconv.Atoi(string(reference.FindSubmatch(ref)[1]))
		here, copyErr := t.copy(number)
		err = errors.Join(err, copyErr)
		return fmt.Appendf(nil, "%d 0 R", here)
	})
	return out, err
}

// cutStream parts an object into its dictionary and its data, which may hold any bytes.
func cutStream(body []byte) (dictionary, data []byte) {
	if at := bytes.Index(body, []byte(">>\nstream")); at >= 0 {
		return body[:at+2], body[at+2:]
	}
	return body, nil
}

// objects are those of a file that a reader sees: of one that was added to, the latest of each number.
type objects struct {
	bodies map[int][]byte
	root   int
}

var (
	startForm = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	rootForm  = regexp.MustCompile(`/Root\s+(\d+)\s+0\s+R`)
	prevForm  = regexp.MustCompile(`/Prev\s+(\d+)`)
	beginForm = regexp.MustCompile(`^(\d+)\s+0\s+obj\s*`)
)

// mostTables bounds how often a file may have been added to.
const mostTables = 64

func readObjects(data []byte) (*objects, error) {
	last := startForm.FindSubmatch(data[max(0, len(data)-64):])
	if last == nil {
		return nil, ErrJoin
	}
	o := &objects{bodies: map[int][]byte{}}
	at := map[int]int{} // number → offset
	var bounds []int
	table, _ := strconv.Atoi(string(last[1]))
	for n := 0; table > 0; n++ {
		if n == mostTables || table >= len(data) {
			return nil, ErrJoin
		}
		bounds = append(bounds, table)
		previous, err := o.table(data[table:], at)
		if err != nil {
			return nil, err
		}
		table = previous
	}
	for _, offset := range at {
		bounds = append(bounds, offset)
	}
	slices.Sort(bounds)
	for number, offset := range at {
		next, _ := slices.BinarySearch(bounds, offset+1)
		if next == len(bounds) || !o.cut(number, data[offset:bounds[next]]) {
			return nil, ErrJoin
		}
	}
	return o, nil
}

// table reads one cross-reference table and its trailer; what a later one says stands.
func (o *objects) table(text []byte, at map[int]int) (previous int, err error) {
	head, rest, ok := bytes.Cut(text, []byte("trailer"))
	if !ok || !bytes.HasPrefix(head, []byte("xref")) {
		return 0, ErrJoin
	}
	lines := bytes.Split(bytes.TrimSpace(head[len("xref"):]), []byte("\n"))
	number, left := 0, 0
	for _, line := range lines {
		fields := bytes.Fields(line)
		switch {
		case len(fields) == 2 && left == 0:
			first, err1 := strconv.Atoi(string(fields[0]))
			count, err2 := strconv.Atoi(string(fields[1]))
			if err1 != nil || err2 != nil || first < 0 || count < 0 {
				return 0, ErrJoin
			}
			number, left = first, count
		case len(fields) == 3 && left > 0:
			offset, err := strconv.Atoi(string(fields[0]))
			if err != nil || offset < 0 {
				return 0, ErrJoin
			}
			if _, known := at[number]; !known && string(fields[2]) == "n" {
				at[number] = offset
			}
			number, left = number+1, left-1
		default:
			return 0, ErrJoin
		}
	}
	trailer, _, _ := bytes.Cut(rest, []byte("startxref"))
	if root := rootForm.FindSubmatch(trailer); root != nil && o.root == 0 {
		o.root, _ = strconv.Atoi(string(root[1]))
	}
	if prev := prevForm.FindSubmatch(trailer); prev != nil {
		previous, _ = strconv.Atoi(string(prev[1]))
	}
	return previous, nil
}

// cut takes one object out of the bytes from its beginning to the next one's.
func (o *objects) cut(number int, data []byte) bool {
	begin := beginForm.FindSubmatch(data)
	end := bytes.LastIndex(data, []byte("endobj"))
	if begin == nil || end < len(begin[0]) || string(begin[1]) != strconv.Itoa(number) {
		return false
	}
	o.bodies[number] = data[len(begin[0]):end]
	return true
}
