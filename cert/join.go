package cert

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrJoin says that a file is none that this package can read the pages of.
var ErrJoin = errors.New("not a PDF file whose pages can be joined to others")

// Join writes the pages of several PDF files of this program into one file, in the order given, so that a batch is printed
// at once. Pages look as they do in their own files; document information, signatures and forms, which speak for one file
// alone, stay behind, but for the text of the verification code: the first page of its file has it as CodeEntry. The same
// files give the same bytes. Nothing is written to w unless all could be read.
func Join(w io.Writer, files [][]byte) error {
	var out bytes.Buffer
	j := NewJoiner(&out)
	for i, data := range files {
		if err := j.Add(data); err != nil {
			return fmt.Errorf("file %d: %w", i+1, err)
		}
	}
	if err := j.Close(); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Joiner joins files as Join does, one after the other, and keeps none of them: a few hundred bytes for each.
type Joiner struct {
	out     *bufio.Writer
	sum     summing // of everything written
	written int64
	offsets []int64        // offsets[n-1] is where object n begins
	objects map[int][]byte // that are complete or under way, and not written yet
	// shared holds the objects that name no others, by the hash of their content: frame and seal stand on every certificate
	// and in the file once.
	shared map[[sha256.Size]byte]int
	kids   []int // the tree of pages of each file
	pages  int
	err    error
}

// summing is a hash under way.
type summing interface {
	io.Writer
	Sum(b []byte) []byte
}

// The first objects of a joined file are written last, when it is known what they hold.
const (
	joinedRoot  = 1
	joinedPages = 2
	joinedInfo  = 3
)

// NewJoiner begins a file. What it writes is no file before Close.
func NewJoiner(w io.Writer) *Joiner {
	j := &Joiner{out: bufio.NewWriter(w), sum: sha256.New(), objects: map[int][]byte{}, shared: map[[sha256.Size]byte]int{}}
	j.offsets = make([]int64, joinedInfo)
	j.write([]byte("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n"))
	return j
}

func (j *Joiner) write(data []byte) {
	if j.err != nil {
		return
	}
	_, _ = j.sum.Write(data) // a sum takes everything
	j.written += int64(len(data))
	_, j.err = j.out.Write(data)
}

func (j *Joiner) object(number int, body []byte) {
	j.offsets[number-1] = j.written
	j.write(fmt.Appendf(nil, "%d 0 obj\n", number))
	j.write(bytes.TrimSuffix(body, []byte("\n")))
	j.write([]byte("\nendobj\n"))
}

// add takes the next number for an object.
func (j *Joiner) add(body []byte) int {
	j.offsets = append(j.offsets, 0)
	j.objects[len(j.offsets)] = body
	return len(j.offsets)
}

// Add writes the pages of a file. After an error nothing of use can be written any more.
func (j *Joiner) Add(data []byte) (err error) {
	defer caught("a batch", &err)
	number, pages, err := j.take(data)
	if err != nil {
		j.err = errors.Join(j.err, err)
		return err
	}
	j.kids = append(j.kids, number)
	j.pages += pages
	for _, number := range slices.Sorted(maps.Keys(j.objects)) {
		j.object(number, j.objects[number])
	}
	clear(j.objects)
	return j.err
}

// Close ends the file. ErrJoin says that it has no page.
func (j *Joiner) Close() error {
	if j.err != nil {
		return j.err
	}
	if j.pages == 0 {
		return ErrJoin
	}
	kids := make([]string, len(j.kids))
	for i, number := range j.kids {
		kids[i] = fmt.Sprintf("%d 0 R", number)
	}
	j.object(joinedRoot, fmt.Appendf(nil, "<</Type /Catalog /Pages %d 0 R>>", joinedPages))
	j.object(joinedPages, fmt.Appendf(nil, "<</Type /Pages /Count %d /Kids [%s]>>", j.pages, strings.Join(kids, " ")))
	j.object(joinedInfo, []byte("<</Producer (rongzheng)>>"))
	table, id := j.written, j.sum.Sum(nil)
	j.write(fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(j.offsets)+1))
	for _, offset := range j.offsets {
		j.write(fmt.Appendf(nil, "%010d 00000 n \n", offset))
	}
	j.write(fmt.Appendf(nil, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(j.offsets)+1, joinedRoot, joinedInfo, id[:16], id[:16], table))
	return errors.Join(j.err, j.out.Flush())
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
func (j *Joiner) take(data []byte) (number, pages int, err error) {
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
		t.keepCode(top)
		j.objects[number] = pagesType.ReplaceAll(j.objects[number], fmt.Appendf(nil, "/Type /Pages /Parent %d 0 R", joinedPages))
	}
	return number, pages, err
}

// CodeEntry is the name under which the text of a verification code stands beside its picture: in the document information
// of a certificate, and in the dictionary of its first page where certificates are joined.
const CodeEntry = "Verification"

var (
	codeEntry = regexp.MustCompile(`/` + CodeEntry + ` \([^()\\]*\)`)
	kidsEntry = regexp.MustCompile(`/Kids\s*\[\s*(\d+)\s+0\s+R`)
)

// keepCode takes the code of the file along in its first page, which is written from the tree of pages on.
func (t *transfer) keepCode(top int) {
	code := codeEntry.Find(t.from.bodies[t.from.info])
	for range mostTables {
		kid := kidsEntry.FindSubmatch(t.from.bodies[top])
		if kid == nil {
			break
		}
		top, _ = strconv.Atoi(string(kid[1]))
	}
	here := t.done[top]
	dictionary, data := cutStream(t.to.objects[here])
	if begin := bytes.Index(dictionary, []byte("<<")); code != nil && begin >= 0 {
		t.to.objects[here] = slices.Concat(dictionary[:begin+2], code, []byte("\n"), dictionary[begin+2:], data)
	}
}

// transfer copies objects of one file into another, each once.
type transfer struct {
	to   *Joiner
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
	t.to.objects[here] = slices.Concat(dictionary, data)
	return here, nil
}

// leaf copies an object that names no others, unless one like it is here already.
func (t *transfer) leaf(number int, body []byte) int {
	sum := sha256.Sum256(body)
	here, ok := t.to.shared[sum]
	if !ok {
		here = t.to.add(bytes.Clone(body))
		t.to.shared[sum] = here
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
	bodies     map[int][]byte
	root, info int // 0: none
}

var (
	startForm = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	rootForm  = regexp.MustCompile(`/Root\s+(\d+)\s+0\s+R`)
	infoForm  = regexp.MustCompile(`/Info\s+(\d+)\s+0\s+R`)
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
	if info := infoForm.FindSubmatch(trailer); info != nil && o.info == 0 {
		o.info, _ = strconv.Atoi(string(info[1]))
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
