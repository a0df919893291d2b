package picture

import (
	"bytes"
	"strconv"
)

// Objects of a PDF (ISO 32000-1, 7.3) are kept as any: nil, bool, float64 and
// the types below.
type (
	pdfName   string
	pdfString string
	pdfWord   string // an operator or a keyword
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfRef    int // the number of an object; its generation does not matter
	pdfStream struct {
		dict pdfDict
		raw  []byte
	}
)

// maxNesting bounds arrays and dictionaries inside each other.
const maxNesting = 32

// objectWork is what an object costs beside its bytes, for the memory that it
// takes.
const objectWork = 16

// pdfLexer reads objects one after another. What it goes over is taken off the
// work that a document may cost.
type pdfLexer struct {
	data []byte
	at   int
	work *int
	refs bool // "1 0 R" is a reference; not so in content streams
}

// next returns the next object; false at the end, where the work is used up or
// where there is nothing that could be one.
func (l *pdfLexer) next() (any, bool) { return l.object(0) }

func (l *pdfLexer) object(depth int) (any, bool) {
	begin := l.at
	defer func() { *l.work -= l.at - begin + objectWork }()
	l.space()
	if l.at >= len(l.data) || *l.work <= 0 || depth > maxNesting {
		return nil, false
	}
	switch c := l.data[l.at]; {
	case c == '/':
		l.at++
		return l.name(), true
	case c == '(':
		return l.literal(), true
	case bytes.HasPrefix(l.data[l.at:], []byte("<<")):
		l.at += 2
		return l.dict(depth)
	case c == '<':
		l.at++
		return l.hex(), true
	case c == '[':
		l.at++
		return l.array(depth)
	case c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.':
		return l.number(), true
	}
	return l.word(), true
}

// space passes over white space and comments.
func (l *pdfLexer) space() {
	for l.at < len(l.data) {
		switch l.data[l.at] {
		case ' ', '\t', '\r', '\n', '\f', 0:
			l.at++
		case '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// regular reads up to the next white space or delimiter.
func (l *pdfLexer) regular() []byte {
	begin := l.at
	for l.at < len(l.data) && !ends(l.data[l.at:]) && l.data[l.at] != '{' && l.data[l.at] != '}' {
		l.at++
	}
	return l.data[begin:l.at]
}

func (l *pdfLexer) name() pdfName {
	raw := l.regular()
	if bytes.IndexByte(raw, '#') < 0 {
		return pdfName(raw)
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if v, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return pdfName(out)
}

func (l *pdfLexer) word() any {
	raw := l.regular()
	if len(raw) == 0 {
		l.at++ // a delimiter that begins nothing
		return pdfWord(l.data[l.at-1 : l.at])
	}
	switch string(raw) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return pdfWord(raw)
}

// number reads a number or, where they are meant, a reference.
func (l *pdfLexer) number() any {
	raw := l.regular()
	if len(raw) == 0 {
		l.at++
		return float64(0)
	}
	v, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || v > 1e12 || v < -1e12 || v != v {
		return float64(0)
	}
	if !l.refs || v < 0 || v != float64(int(v)) {
		return v
	}
	back := l.at
	l.space()
	generation := l.regular()
	l.space()
	if _, err := strconv.ParseUint(string(generation), 10, 16); err == nil && l.at < len(l.data) && l.data[l.at] == 'R' && ends(l.data[l.at+1:]) {
		l.at++
		return pdfRef(v)
	}
	l.at = back
	return v
}

func (l *pdfLexer) array(depth int) (any, bool) {
	var list pdfArray
	for {
		l.space()
		if l.at < len(l.data) && l.data[l.at] == ']' {
			l.at++
			return list, true
		}
		v, ok := l.object(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
}

func (l *pdfLexer) dict(depth int) (any, bool) {
	d := pdfDict{}
	for {
		l.space()
		if bytes.HasPrefix(l.data[l.at:], []byte(">>")) {
			l.at += 2
			return d, true
		}
		key, ok := l.object(depth + 1)
		if !ok {
			return nil, false
		}
		name, isName := key.(pdfName)
		if !isName {
			continue // what stands there makes no sense; the rest may
		}
		if d[name], ok = l.object(depth + 1); !ok {
			return nil, false
		}
	}
}

// literal reads a string in brackets.
func (l *pdfLexer) literal() pdfString {
	var out []byte
	depth := 0
	for ; l.at < len(l.data); l.at++ {
		switch c := l.data[l.at]; c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				l.at++
				return pdfString(out)
			}
		case '\\':
			l.at++
			out = l.escape(out)
			continue
		}
		out = append(out, l.data[l.at])
	}
	return pdfString(out)
}

// escape reads what follows a backslash and stays on its last byte.
func (l *pdfLexer) escape(out []byte) []byte {
	if l.at >= len(l.data) {
		return out
	}
	switch c := l.data[l.at]; c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b', 'f':
		return out
	case '\n':
		return out
	case '\r':
		if l.at+1 < len(l.data) && l.data[l.at+1] == '\n' {
			l.at++
		}
		return out
	default:
		if c < '0' || c > '7' {
			return append(out, c)
		}
	}
	v := 0
	for n := 0; n < 3 && l.at < len(l.data) && l.data[l.at] >= '0' && l.data[l.at] <= '7'; n++ {
		v = v*8 + int(l.data[l.at]-'0')
		l.at++
	}
	l.at--
	return append(out, byte(v))
}

// hex reads a string of hexadecimal digits.
func (l *pdfLexer) hex() pdfString {
	var out []byte
	digits, v := 0, 0
	for ; l.at < len(l.data); l.at++ {
		c := l.data[l.at]
		if c == '>' {
			l.at++
			break
		}
		d, ok := hexDigit(c)
		if !ok {
			continue
		}
		v = v<<4 | d
		if digits++; digits%2 == 0 {
			out = append(out, byte(v))
		}
	}
	if digits%2 == 1 {
		out = append(out, byte(v<<4))
	}
	return pdfString(out)
}

func hexDigit(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0'), true
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}
