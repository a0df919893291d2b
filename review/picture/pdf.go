package picture

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strconv"
)

// Pages are counted by going through them. Where that is not possible, as in
// an encrypted file, the count that the file states is taken; what does not
// stand there plainly is unknown.
const (
	maxPages    = 10_000
	scanBudget  = 16 << 20 // bytes looked at around page tree nodes
	maxStreams  = 256      // object streams that are unpacked
	maxUnpacked = 8 << 20  // bytes unpacked in all
)

var errNoEnd = errors.New("no end of file mark")

func readPDF(data []byte) (Facts, error) {
	// Without a single end mark the upload was cut off: readers would have to
	// guess. Trailing bytes after it are common and harmless.
	if !bytes.Contains(data, []byte("%%EOF")) {
		return Facts{}, DamagedError{PDF, errNoEnd}
	}
	n := countPages(data)
	if n == 0 {
		n = statedPages(data)
	}
	return Facts{Type: PDF, Pages: n}, nil
}

// statedPages finds the count that the root of the page tree states: first in plain
// objects, then in object streams. The last root in the file wins, since
// changed PDFs grow at the end. 0 = unknown.
func statedPages(data []byte) int {
	budget := scanBudget
	if n := rootCount(data, &budget); n > 0 {
		return n
	}
	count, left := 0, int64(maxUnpacked)
	for range maxStreams {
		var body []byte
		if body, data = nextObjectStream(data); body == nil || left <= 0 {
			break
		}
		text := unpack(body, left)
		left -= int64(len(text))
		if n := rootCount(text, &budget); n > 0 {
			count = n
		}
	}
	return count
}

// rootCount returns the /Count of the last page tree node without a /Parent.
func rootCount(data []byte, budget *int) int {
	count := 0
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("/Pages"))
		if i < 0 || *budget <= 0 {
			return count
		}
		at += i + len("/Pages")
		if !typeOf(data[:at-len("/Pages")]) || !ends(data[at:]) {
			continue
		}
		node := dictionaryAround(data, at, budget)
		if bytes.Contains(node, []byte("/Parent")) {
			continue
		}
		if n := numberAfter(node, "/Count"); n > 0 && n <= maxPages {
			count = n
		}
	}
}

// typeOf reports whether before ends in the key /Type.
func typeOf(before []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(before[max(0, len(before)-16):], " \t\r\n"), []byte("/Type"))
}

// ends reports whether a name stops before rest.
func ends(rest []byte) bool {
	return len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n\x00\f/<>[]()%"), rest[0]) >= 0
}

// dictionaryAround returns the inside of the innermost << >> around at; nil
// where it is not closed or the budget is spent.
func dictionaryAround(data []byte, at int, budget *int) []byte {
	begin, end := -1, -1
	for i, depth := at-2, 0; i >= 0 && *budget > 0; i-- {
		*budget--
		switch string(data[i : i+2]) {
		case ">>":
			depth++
			i--
		case "<<":
			if depth--; depth < 0 {
				begin = i + 2
			}
			i--
		}
		if begin >= 0 {
			break
		}
	}
	for i, depth := at, 0; begin >= 0 && i+2 <= len(data) && *budget > 0; i++ {
		*budget--
		switch string(data[i : i+2]) {
		case "<<":
			depth++
			i++
		case ">>":
			if depth--; depth < 0 {
				end = i
			}
			i++
		}
		if end >= 0 {
			return data[begin:end]
		}
	}
	return nil
}

// numberAfter returns the whole number behind a key; 0 where there is none or
// where it is a reference to another object.
func numberAfter(node []byte, key string) int {
	i := bytes.Index(node, []byte(key))
	if i < 0 || !ends(node[i+len(key):]) {
		return 0
	}
	rest := bytes.TrimLeft(node[i+len(key):], " \t\r\n")
	digits := 0
	for digits < len(rest) && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	words := bytes.Fields(rest[digits:min(len(rest), digits+16)])
	if len(words) >= 2 && string(words[0]) == "0" && words[1][0] == 'R' {
		return 0
	}
	n, err := strconv.Atoi(string(rest[:digits]))
	if err != nil {
		return 0
	}
	return n
}

// nextObjectStream returns the packed body of the first object stream and what
// follows its beginning; a nil body means that there is none.
func nextObjectStream(data []byte) (body, rest []byte) {
	i := bytes.Index(data, []byte("/ObjStm"))
	if i < 0 {
		return nil, nil
	}
	rest = data[i+len("/ObjStm"):]
	s := bytes.Index(rest[:min(len(rest), 1024)], []byte("stream"))
	if s < 0 {
		return []byte{}, rest
	}
	body = rest[s+len("stream"):]
	body = bytes.TrimPrefix(body, []byte("\r"))
	return bytes.TrimPrefix(body, []byte("\n")), rest
}

// unpack inflates at most limit bytes; what is not deflated gives nothing.
func unpack(body []byte, limit int64) []byte {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	// A stream that breaks off still shows what stood before; Close only
	// repeats the error of the read.
	text, _ := io.ReadAll(io.LimitReader(z, limit))
	return text
}
