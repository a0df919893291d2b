package picture

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strconv"
)

// Bounds of what opening one document may cost, whatever it holds.
const (
	pdfWork     = 48 << 20 // bytes gone over, repetitions counted
	pdfInflated = 40 << 20 // bytes unpacked; a page of A4 scanned at 300 dpi has 26
	maxObjects  = 200_000
	maxSections = 512 // of cross-reference tables
	maxHops     = 16  // references that lead to references
)

// ErrEncrypted means that a PDF cannot be read without a password or a key.
var ErrEncrypted = errors.New("pdf is encrypted")

var (
	errNoRoot    = errors.New("no document catalogue")
	errTooCostly = errors.New("costs too much to read")
)

// pdfFile finds the objects of a PDF.
type pdfFile struct {
	data     []byte
	where    map[int]pdfPlace
	trailer  pdfDict
	work     int
	inflated int
	packed   map[int]*pdfPacked
	open     []int // objects that are being read, so that none needs itself
}

// pdfPlace is where an object stands: at an offset, or at an index in an
// object stream.
type pdfPlace struct {
	at     int
	stream int // 0: in the file itself
}

// pdfPacked is an object stream.
type pdfPacked struct {
	body    []byte
	offsets map[int]int
}

func newPDF(data []byte) (*pdfFile, error) {
	f := &pdfFile{data: data, work: pdfWork, inflated: pdfInflated, packed: map[int]*pdfPacked{}}
	f.sections()
	if f.root() == nil {
		// The table is damaged or missing, as in files that were edited by
		// hand: the objects themselves are looked for.
		f.search()
	}
	switch {
	case f.root() == nil && f.work <= 0:
		return nil, errTooCostly
	case f.trailer["Encrypt"] != nil:
		return nil, ErrEncrypted
	case f.root() == nil:
		return nil, errNoRoot
	}
	return f, nil
}

// root returns the catalogue, nil where there is none.
func (f *pdfFile) root() pdfDict {
	root := f.dict(f.trailer["Root"])
	if root == nil || f.dict(root["Pages"]) == nil {
		return nil
	}
	return root
}

// sections reads the cross-reference tables, the latest first.
func (f *pdfFile) sections() {
	f.where, f.trailer = map[int]pdfPlace{}, pdfDict{}
	i := bytes.LastIndex(f.data, []byte("startxref"))
	if i < 0 {
		return
	}
	l := f.lexer(f.data, i+len("startxref"))
	at, _ := l.next()
	var seen []int
	for queue := []any{at}; len(queue) > 0 && len(seen) < maxSections; queue = queue[1:] {
		at, ok := wholeNumber(queue[0])
		if !ok || at >= len(f.data) || slices.Contains(seen, at) {
			continue
		}
		seen = append(seen, at)
		t := f.section(at)
		for k, v := range t {
			if _, known := f.trailer[k]; !known {
				f.trailer[k] = v
			}
		}
		queue = append(queue, t["XRefStm"], t["Prev"])
	}
}

// section reads one table, or the stream that stands for one, and returns its
// trailer.
func (f *pdfFile) section(at int) pdfDict {
	l := f.lexer(f.data, at)
	first, ok := l.next()
	if !ok {
		return nil
	}
	if first != pdfWord("xref") {
		return f.streamSection(at)
	}
	for {
		from, ok := l.next()
		if !ok {
			return nil
		}
		if from == pdfWord("trailer") {
			t, _ := l.next()
			d, _ := t.(pdfDict)
			return d
		}
		count, _ := l.next()
		first, isNumber := wholeNumber(from)
		n, isCount := wholeNumber(count)
		if !isNumber || !isCount || !f.table(l, first, n) {
			return nil
		}
	}
}

// table reads the lines of one part of a table.
func (f *pdfFile) table(l *pdfLexer, first, n int) bool {
	for i := range n {
		offset, _ := l.next()
		if _, ok := l.next(); !ok {
			return false
		}
		kind, _ := l.next()
		at, ok := wholeNumber(offset)
		if !ok {
			return false
		}
		if kind == pdfWord("n") && at > 0 {
			f.enter(first+i, pdfPlace{at: at})
		}
	}
	return true
}

// enter keeps the first place of an object that it hears of, the latest.
func (f *pdfFile) enter(number int, place pdfPlace) {
	if _, known := f.where[number]; !known && number > 0 && len(f.where) < maxObjects {
		f.where[number] = place
	}
}

// streamSection reads a cross-reference stream (7.5.8).
func (f *pdfFile) streamSection(at int) pdfDict {
	v, _ := f.objectAt(at)
	s, ok := v.(pdfStream)
	if !ok || s.dict["Type"] != pdfName("XRef") {
		return nil
	}
	var widths [3]int
	w, _ := f.value(s.dict["W"]).(pdfArray)
	for i := range min(len(w), 3) {
		n, ok := wholeNumber(w[i])
		if !ok || n > 8 {
			return nil
		}
		widths[i] = n
	}
	size := widths[0] + widths[1] + widths[2]
	body, err := f.unpack(s)
	if err != nil && len(body) == 0 || size == 0 {
		return nil
	}
	index, _ := f.value(s.dict["Index"]).(pdfArray)
	if len(index) == 0 {
		index = pdfArray{float64(0), s.dict["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok := wholeNumber(index[i])
		n, ok2 := wholeNumber(index[i+1])
		if !ok || !ok2 {
			break
		}
		for k := range min(n, len(body)/size) {
			f.entry(first+k, body[k*size:], widths)
		}
		body = body[min(n*size, len(body)):]
	}
	return s.dict
}

func (f *pdfFile) entry(number int, row []byte, widths [3]int) {
	field := func(n, absent int) int {
		if n == 0 {
			return absent
		}
		v := 0
		for _, b := range row[:n] {
			v = v<<8 | int(b)
		}
		row = row[n:]
		return v
	}
	kind, second := field(widths[0], 1), field(widths[1], 0)
	third := field(widths[2], 0)
	switch {
	case kind == 1 && second > 0:
		f.enter(number, pdfPlace{at: second})
	case kind == 2 && second > 0:
		f.enter(number, pdfPlace{at: third, stream: second})
	}
}

// search finds objects by their beginnings; the last of a number counts.
func (f *pdfFile) search() {
	f.where, f.packed = map[int]pdfPlace{}, map[int]*pdfPacked{}
	for at := 0; len(f.where) < maxObjects; {
		i := bytes.Index(f.data[at:], []byte("obj"))
		if i < 0 {
			break
		}
		at += i + 3
		if number, begin, ok := heading(f.data[:at-3]); ok && ends(f.data[at:]) {
			f.where[number] = pdfPlace{at: begin}
		}
	}
	f.work -= len(f.data)
	f.trailer = f.searchTrailer()
	found := slices.Sorted(maps.Keys(f.where))
	for _, number := range found {
		f.unpackAll(number)
	}
	if f.root() != nil {
		return
	}
	for _, number := range slices.Sorted(maps.Keys(f.where)) {
		if d := f.dict(pdfRef(number)); d["Type"] == pdfName("Catalog") {
			f.trailer["Root"] = pdfRef(number)
		}
	}
}

// heading reads "12 0 " backwards from the end of before.
func heading(before []byte) (number, begin int, ok bool) {
	at := len(before)
	back := func(is func(byte) bool) int {
		end := at
		for at > 0 && end-at < 12 && is(before[at-1]) {
			at--
		}
		return end - at
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	blank := func(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
	back(blank)
	if back(digit) == 0 || back(blank) == 0 {
		return 0, 0, false
	}
	end := at
	if back(digit) == 0 {
		return 0, 0, false
	}
	number, err := strconv.Atoi(string(before[at:end]))
	return number, at, err == nil && number > 0
}

// searchTrailer joins all trailers, the last first.
func (f *pdfFile) searchTrailer() pdfDict {
	t := pdfDict{}
	rest := f.data
	for range maxSections {
		i := bytes.LastIndex(rest, []byte("trailer"))
		if i < 0 {
			break
		}
		v, _ := f.lexer(f.data, i+len("trailer")).next()
		d, _ := v.(pdfDict)
		for k, v := range d {
			if _, known := t[k]; !known {
				t[k] = v
			}
		}
		rest = rest[:i]
	}
	return t
}

// unpackAll enters the objects of an object stream.
func (f *pdfFile) unpackAll(number int) {
	s, ok := f.value(pdfRef(number)).(pdfStream)
	if !ok || s.dict["Type"] != pdfName("ObjStm") && s.dict["Type"] != pdfName("XRef") {
		return
	}
	if s.dict["Type"] == pdfName("XRef") {
		for k, v := range s.dict {
			if _, known := f.trailer[k]; !known {
				f.trailer[k] = v
			}
		}
		return
	}
	if p := f.objectStream(number); p != nil {
		for n := range p.offsets {
			f.enter(n, pdfPlace{stream: number})
		}
	}
}

func (f *pdfFile) lexer(data []byte, at int) *pdfLexer {
	return &pdfLexer{data: data, at: min(at, len(data)), work: &f.work, refs: true}
}

// wholeNumber is v as a number from 0 up.
func wholeNumber(v any) (int, bool) {
	n, ok := v.(float64)
	return int(n), ok && n >= 0 && n == float64(int(n))
}

// value follows references to what they mean; nil where there is nothing.
func (f *pdfFile) value(v any) any {
	for range maxHops {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = f.object(int(ref))
	}
	return nil
}

// dict is the dictionary that v means, also that of a stream; nil for all else.
func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.value(v).(type) {
	case pdfDict:
		return v
	case pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) number(v any) (float64, bool) {
	n, ok := f.value(v).(float64)
	return n, ok
}

// object reads an object by its number.
func (f *pdfFile) object(number int) any {
	place, known := f.where[number]
	if !known || slices.Contains(f.open, number) || len(f.open) > maxHops {
		return nil
	}
	f.open = append(f.open, number)
	defer func() { f.open = f.open[:len(f.open)-1] }()
	if place.stream == 0 {
		v, _ := f.objectAt(place.at)
		return v
	}
	p := f.objectStream(place.stream)
	if p == nil {
		return nil
	}
	at, ok := p.offsets[number]
	if !ok {
		return nil
	}
	v, _ := f.lexer(p.body, at).next()
	return v
}

// objectAt reads "12 0 obj" and what follows.
func (f *pdfFile) objectAt(at int) (any, bool) {
	l := f.lexer(f.data, at)
	for _, want := range []string{"number", "number", "obj"} {
		v, ok := l.next()
		if _, isNumber := v.(float64); !ok || isNumber != (want == "number") || !isNumber && v != pdfWord(want) {
			return nil, false
		}
	}
	v, ok := l.next()
	d, isDict := v.(pdfDict)
	if !ok || !isDict {
		return v, ok
	}
	l.space()
	rest, isStream := bytes.CutPrefix(l.data[l.at:], []byte("stream"))
	if !isStream {
		return d, true
	}
	rest = bytes.TrimPrefix(rest, []byte("\r"))
	rest = bytes.TrimPrefix(rest, []byte("\n"))
	return pdfStream{d, f.streamBody(d, rest)}, true
}

// streamBody cuts the bytes of a stream off at its stated length where its end
// stands there, else at the next end.
func (f *pdfFile) streamBody(d pdfDict, rest []byte) []byte {
	const end = "endstream"
	if n, ok := wholeNumber(f.value(d["Length"])); ok && n <= len(rest) {
		if bytes.HasPrefix(bytes.TrimLeft(rest[n:min(n+16, len(rest))], "\r\n \t"), []byte(end)) {
			return rest[:n]
		}
	}
	i := bytes.Index(rest, []byte(end))
	if i < 0 {
		i = len(rest)
	}
	f.work -= i
	return bytes.TrimSuffix(bytes.TrimSuffix(rest[:i], []byte("\n")), []byte("\r"))
}

// objectStream unpacks an object stream (7.5.7); nil where it is none.
func (f *pdfFile) objectStream(number int) *pdfPacked {
	if p, known := f.packed[number]; known {
		return p
	}
	f.packed[number] = nil
	if f.where[number].stream != 0 {
		return nil
	}
	s, ok := f.object(number).(pdfStream)
	if !ok {
		return nil
	}
	body, _ := f.unpack(s) // what could be unpacked may hold what is needed
	n, _ := wholeNumber(f.value(s.dict["N"]))
	first, ok := wholeNumber(f.value(s.dict["First"]))
	if !ok || first > len(body) {
		return nil
	}
	p := &pdfPacked{body: body, offsets: map[int]int{}}
	l := f.lexer(body[:first], 0)
	for range min(n, maxObjects) {
		number, ok := l.next()
		at, ok2 := l.next()
		k, isNumber := wholeNumber(number)
		offset, isOffset := wholeNumber(at)
		if !ok || !ok2 || !isNumber || !isOffset {
			break
		}
		p.offsets[k] = first + offset
	}
	f.packed[number] = p
	return p
}
