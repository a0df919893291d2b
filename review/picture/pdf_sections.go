package picture

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
)

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
