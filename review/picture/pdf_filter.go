package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"io"
)

// errFilter means that a stream is packed in a way that is not read here.
var errFilter = errors.New("stream is packed in another way")

// filters returns how a stream is packed, the outermost first, and the
// parameters of each.
func (f *pdfFile) filters(d pdfDict) (names []pdfName, parameters []pdfDict) {
	const most = 8
	list, ok := f.value(d["Filter"]).(pdfArray)
	if !ok {
		list = pdfArray{d["Filter"]}
	}
	parms, ok := f.value(d["DecodeParms"]).(pdfArray)
	if !ok {
		parms = pdfArray{d["DecodeParms"]}
	}
	for i, v := range list[:min(len(list), most)] {
		name, ok := f.value(v).(pdfName)
		if !ok {
			continue
		}
		names = append(names, name)
		var p pdfDict
		if i < len(parms) {
			p = f.dict(parms[i])
		}
		parameters = append(parameters, p)
	}
	return names, parameters
}

// unpack returns the bytes of a stream. What is unpacked before an error comes
// with it.
func (f *pdfFile) unpack(s pdfStream) ([]byte, error) {
	body, rest, _, err := f.unpackTo(s)
	if err == nil && rest != "" {
		err = errFilter
	}
	return body, err
}

// unpackTo unpacks a stream down to the filter of a picture, if one is there.
func (f *pdfFile) unpackTo(s pdfStream) (body []byte, picture pdfName, parameters pdfDict, err error) {
	body = s.raw
	names, parms := f.filters(s.dict)
	for i, name := range names {
		switch name {
		case "FlateDecode", "Fl":
			if body, err = f.inflate(body); err == nil {
				body, err = f.unpredict(body, parms[i])
			}
		case "ASCIIHexDecode", "AHx":
			l := f.lexer(body, 0)
			body = []byte(l.hex())
		case "ASCII85Decode", "A85":
			body, err = f.ascii85(body)
		case "DCTDecode", "DCT", "CCITTFaxDecode", "CCF", "JPXDecode", "JBIG2Decode":
			if i < len(names)-1 {
				return nil, "", nil, errFilter
			}
			return body, name, parms[i], nil
		default:
			return nil, "", nil, errFilter
		}
		if err != nil {
			return body, "", nil, err
		}
	}
	return body, "", nil, nil
}

// inflate unpacks what is left to be unpacked of a document at most.
func (f *pdfFile) inflate(body []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(f.inflated)+1))
	if len(out) > f.inflated {
		f.inflated = 0
		return nil, errTooCostly
	}
	f.inflated -= len(out)
	if len(out) > 0 {
		err = nil // a stream that breaks off shows what stood before
	}
	return out, err
}

func (f *pdfFile) ascii85(body []byte) ([]byte, error) {
	body, _, _ = bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("<~")), []byte("~>"))
	return io.ReadAll(io.LimitReader(ascii85.NewDecoder(bytes.NewReader(body)), int64(f.inflated)))
}

// unpredict undoes the predictors of PNG (7.4.4.4).
func (f *pdfFile) unpredict(body []byte, parameters pdfDict) ([]byte, error) {
	predictor, _ := wholeNumber(f.value(parameters["Predictor"]))
	if predictor <= 1 {
		return body, nil
	}
	if predictor < 10 {
		return nil, errFilter
	}
	size := func(key pdfName, absent, most int) int {
		if n, ok := wholeNumber(f.value(parameters[key])); ok && n > 0 {
			return min(n, most)
		}
		return absent
	}
	samples := size("Colors", 1, 32) * size("BitsPerComponent", 8, 16)
	step := max(samples/8, 1)
	row := (samples*size("Columns", 1, MaxPixels) + 7) / 8
	if row > len(body) {
		return nil, errFilter
	}
	out := make([]byte, 0, len(body))
	above := make([]byte, row)
	for len(body) > 1 {
		line := append([]byte(nil), body[1:min(1+row, len(body))]...)
		line = append(line, make([]byte, row-len(line))...)
		unfilter(body[0], line, above, step)
		out, above = append(out, line...), line
		body = body[min(1+row, len(body)):]
	}
	return out, nil
}

// unfilter undoes one line (PNG specification, 9.2).
func unfilter(kind byte, line, above []byte, step int) {
	for i := range line {
		var left, corner byte
		if i >= step {
			left, corner = line[i-step], above[i-step]
		}
		switch kind {
		case 1:
			line[i] += left
		case 2:
			line[i] += above[i]
		case 3:
			line[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			line[i] += paeth(left, above[i], corner)
		}
	}
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	da, db, dc := p-int(a), p-int(b), p-int(c)
	da, db, dc = max(da, -da), max(db, -db), max(dc, -dc)
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}
