package picture

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxMapped bounds the characters of one font.
const maxMapped = 1 << 16

// pdfFont turns the codes of a string into characters.
type pdfFont struct {
	wide      bool // codes of two bytes
	toUnicode map[int]string
	decode    func([]byte) string // of all codes; nil where only toUnicode knows
	names     map[int]string      // a simple font's own choice of characters
	widths    []float64
	first     int // the code of the first width
}

// font finds a font of the page; nil where there is none.
func (c *content) font(name pdfName) *pdfFont {
	if f, known := c.fonts[name]; known {
		return f
	}
	if c.fonts == nil {
		c.fonts = map[pdfName]*pdfFont{}
	}
	var font *pdfFont
	if d := c.file.dict(c.file.dict(c.resources["Font"])[name]); d != nil {
		font = c.file.font(d)
	}
	c.fonts[name] = font
	return font
}

func (f *pdfFile) font(d pdfDict) *pdfFont {
	font := &pdfFont{decode: latin}
	if s, ok := f.value(d["ToUnicode"]).(pdfStream); ok {
		font.toUnicode = f.characterMap(s)
	}
	encoding, _ := f.value(d["Encoding"]).(pdfName)
	if f.value(d["Subtype"]) == pdfName("Type0") {
		font.wide = true
		font.decode = wideDecoder(encoding)
		return font
	}
	font.first, _ = wholeNumber(f.value(d["FirstChar"]))
	widths, _ := f.value(d["Widths"]).(pdfArray)
	for _, w := range widths[:min(len(widths), 256)] {
		n, _ := f.number(w)
		font.widths = append(font.widths, n/1000)
	}
	if e := f.dict(d["Encoding"]); e != nil {
		encoding, _ = f.value(e["BaseEncoding"]).(pdfName)
		font.names = f.differences(e["Differences"])
	}
	if encoding == "MacRomanEncoding" {
		font.decode = func(b []byte) string { return decoded(charmap.Macintosh.NewDecoder().Bytes, b) }
	}
	return font
}

// wideDecoder reads the predefined encodings of Chinese that are in use (9.7.5.2).
func wideDecoder(encoding pdfName) func([]byte) string {
	switch name := string(encoding); {
	case strings.HasPrefix(name, "UniGB-"), strings.HasPrefix(name, "UniCNS-"):
		return utf16BE
	case strings.HasPrefix(name, "GBK"), strings.HasPrefix(name, "GB-"):
		return func(b []byte) string { return decoded(simplifiedchinese.GB18030.NewDecoder().Bytes, b) }
	}
	return nil
}

func latin(b []byte) string { return decoded(charmap.Windows1252.NewDecoder().Bytes, b) }

// decoded passes over what cannot be read.
func decoded(decode func([]byte) ([]byte, error), b []byte) string {
	text, err := decode(b)
	if err != nil {
		return ""
	}
	return string(text)
}

// read returns the text of a string and its width in parts of the size.
func (f *pdfFont) read(s []byte) (string, float64) {
	if f.wide && f.toUnicode == nil {
		if f.decode == nil {
			return "", float64(len(s)) / 2
		}
		text := f.decode(s)
		return text, guess(text)
	}
	var (
		text  strings.Builder
		width float64
		size  = 1
	)
	if f.wide {
		size = 2
	}
	for ; len(s) >= size; s = s[size:] {
		code := int(s[0])
		if f.wide {
			code = code<<8 | int(s[1])
		}
		part := f.character(code)
		text.WriteString(part)
		width += f.width(code, part)
	}
	return text.String(), width
}

func (f *pdfFont) character(code int) string {
	if text, ok := f.toUnicode[code]; ok {
		return text
	}
	if f.wide {
		return ""
	}
	if text, ok := f.names[code]; ok {
		return text
	}
	return f.decode([]byte{byte(code)})
}

func (f *pdfFont) width(code int, text string) float64 {
	if i := code - f.first; i >= 0 && i < len(f.widths) {
		return f.widths[i]
	}
	return guess(text)
}

// guess is the width of text in a font of which nothing is known: Chinese
// characters are as wide as high, others half of it.
func guess(text string) float64 {
	width := 0.0
	for _, r := range text {
		width += 0.5
		if r >= 0x2e80 {
			width += 0.5
		}
	}
	return width
}

// characterMap reads the ToUnicode of a font (9.10.3).
func (f *pdfFile) characterMap(s pdfStream) map[int]string {
	body, _ := f.unpack(s) // as far as it can be read
	l := &pdfLexer{data: body, work: &f.work}
	found := map[int]string{}
	var operands []any
	for len(found) < maxMapped {
		v, ok := l.next()
		if !ok {
			break
		}
		word, isWord := v.(pdfWord)
		switch {
		case !isWord:
			if len(operands) < maxMapped {
				operands = append(operands, v)
			}
			continue
		case word == "endbfchar":
			for i := 0; i+1 < len(operands); i += 2 {
				mapTo(found, codeOf(operands[i]), operands[i+1], 0)
			}
		case word == "endbfrange":
			for i := 0; i+2 < len(operands); i += 3 {
				mapRange(found, codeOf(operands[i]), codeOf(operands[i+1]), operands[i+2])
			}
		}
		operands = operands[:0]
	}
	return found
}

// codeOf is a code of one to four bytes, -1 for anything else.
func codeOf(v any) int {
	s, ok := v.(pdfString)
	if !ok || len(s) == 0 || len(s) > 4 {
		return -1
	}
	code := 0
	for i := range len(s) {
		code = code<<8 | int(s[i])
	}
	return code
}

func mapRange(found map[int]string, low, high int, to any) {
	if low < 0 || high < low || high-low > maxMapped {
		return
	}
	list, isList := to.(pdfArray)
	for i := range high - low + 1 {
		if len(found) >= maxMapped {
			return
		}
		switch {
		case !isList:
			mapTo(found, low+i, to, rune(i))
		case i < len(list):
			mapTo(found, low+i, list[i], 0)
		}
	}
}

// mapTo gives a code its characters, the last one moved on.
func mapTo(found map[int]string, code int, to any, on rune) {
	s, ok := to.(pdfString)
	if !ok || code < 0 || len(s) > 64 {
		return
	}
	text := []rune(utf16BE([]byte(s)))
	if len(text) > 0 {
		text[len(text)-1] += on
	}
	found[code] = string(text)
}

// differences reads the characters that a simple font names itself.
func (f *pdfFile) differences(v any) map[int]string {
	list, _ := f.value(v).(pdfArray)
	names := map[int]string{}
	code := 0
	for _, v := range list {
		switch v := f.value(v).(type) {
		case float64:
			code = int(v)
		case pdfName:
			if text, ok := glyphText(string(v)); ok && code >= 0 && code < 256 {
				names[code] = text
			}
			code++
		}
	}
	return names
}

// glyphNames are those of printable ASCII that do not speak for themselves, and
// of ligatures (Adobe Glyph List).
const glyphNames = "space   exclam ! quotedbl \" numbersign # dollar $ percent % ampersand & quotesingle ' quoteright ’ quoteleft ‘ " +
	"parenleft ( parenright ) asterisk * plus + comma , hyphen - minus − period . slash / zero 0 one 1 two 2 three 3 four 4 " +
	"five 5 six 6 seven 7 eight 8 nine 9 colon : semicolon ; less < equal = greater > question ? at @ bracketleft [ " +
	"backslash \\ bracketright ] asciicircum ^ underscore _ grave ` braceleft { bar | braceright } asciitilde ~ " +
	"quotedblleft “ quotedblright ” endash – emdash — bullet • fi fi fl fl ff ff ffi ffi ffl ffl "

func glyphText(name string) (string, bool) {
	if len(name) == 1 {
		return name, true
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) == 4 {
		if v, err := strconv.ParseUint(hex, 16, 16); err == nil {
			return string(rune(v)), true
		}
	}
	if i := strings.Index(glyphNames, name+" "); i >= 0 && (i == 0 || glyphNames[i-1] == ' ') {
		text, _, _ := strings.Cut(glyphNames[i+len(name)+1:], " ")
		if text == "" {
			text = " "
		}
		return text, true
	}
	return "", false
}
