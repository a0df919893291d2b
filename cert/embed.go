package cert

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"unicode/utf16"

	"rongzheng/cert/font"
)

// embedFont puts the cut font in the place of gofpdf's placeholder: a composite font whose codes are the glyph numbers
// of the cut font (ISO 32000-1, 9.7).
func (f *file) embedFont(full *font.Font, cut *font.Subset, d *deflater) error {
	number, err := f.find("/BaseFont /" + placeholder)
	if err != nil {
		return err
	}
	program, err := d.deflate(cut.File)
	if err != nil {
		return err
	}
	names, err := d.deflate(toUnicode(cut.Runes))
	if err != nil {
		return err
	}
	name := subsetName(cut)
	bounds := full.Bounds()
	programAt := f.add(program.object(fmt.Sprintf("/Length1 %d", program.size)))
	descriptorAt := f.add(fmt.Appendf(nil, "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] "+
		"/ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
		name, bounds[0], bounds[1], bounds[2], bounds[3], full.Ascent(), -full.Descent(), full.Ascent(), programAt))
	descendantAt := f.add(fmt.Appendf(nil, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo "+
		"<</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [1 %d] /CIDToGIDMap /Identity>>",
		name, descriptorAt, cut.Advances))
	namesAt := f.add(names.object(""))
	f.objects[number-1] = fmt.Appendf(nil, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H "+
		"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", name, descendantAt, namesAt)
	return nil
}

// subsetName returns the font's name with the tag of six letters that marks a subset (ISO 32000-1, 9.6.4).
func subsetName(cut *font.Subset) string {
	sum := sha256.Sum256([]byte(string(cut.Runes)))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag) + "+RongzhengKai"
}

// toUnicode writes the map from glyph numbers to characters by which readers copy and search (ISO 32000-1, 9.10.3).
// Characters outside the basic plane are surrogate pairs there.
func toUnicode(runes []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	glyph := 1
	for chunk := range slices.Chunk(runes, 100) { // the most that the format takes at once
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, r := range chunk {
			fmt.Fprintf(&b, "<%04X> <", glyph)
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
			glyph++
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
