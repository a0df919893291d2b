package picture

import (
	"bytes"
	"errors"
	"slices"
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
