// Package font holds the typeface of the program: LXGW WenKai Regular, which covers the standard name table
// (通用规范汉字表) whole, its 196 characters outside the basic plane included. It tells which characters can be drawn and
// how wide they are, cuts small font files for documents, and gives faces for drawing text into pictures.
//
// A certificate may never show a box where a character belongs, so nothing in this package falls back to .notdef: a
// character without a glyph is reported by Missing and refused by Subset.
//
// The font and everything cut from it are under the SIL Open Font License 1.1 (OFL.txt). A cut font is a modified
// version and therefore does not carry the reserved names of the original.
package font

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

//go:embed LXGWWenKai-Regular.ttf
var wenkai []byte

// Font is the parsed typeface. It may be used by many goroutines at once.
type Font struct {
	tables
	sfnt *sfnt.Font
}

// Load returns the typeface, which is parsed once in the life of the program.
func Load() (*Font, error) { return load() }

var load = sync.OnceValues(func() (*Font, error) { return parse(wenkai) })

func parse(data []byte) (*Font, error) {
	t, err := readTables(data)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	s, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	return &Font{tables: t, sfnt: s}, nil
}

// Has reports whether the font draws r: there is a glyph that is not .notdef, and it has an outline unless r is a
// space. Private-use characters are never drawn, whatever the font holds in their place: they mean something else in
// every system (domain §5).
func (f *Font) Has(r rune) bool {
	_, ok := f.glyph(r)
	return ok
}

func (f *Font) glyph(r rune) (uint16, bool) {
	if unicode.Is(unicode.Co, r) {
		return 0, false
	}
	index, err := f.sfnt.GlyphIndex(nil, r)
	if err != nil || index == 0 {
		return 0, false
	}
	if outline, err := f.outline(uint16(index)); err != nil || len(outline) == 0 && !unicode.Is(unicode.Zs, r) {
		return 0, false
	}
	return uint16(index), true
}

// Missing returns the characters of s that the font does not draw, each once, in order of their appearance; nil when
// all can be drawn.
func (f *Font) Missing(s string) []rune {
	var missing []rune
	for _, r := range s {
		if !f.Has(r) && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	return missing
}

// Advance returns the width of r in thousandths of the font size, 0 for a character that the font does not draw.
func (f *Font) Advance(r rune) int {
	index, ok := f.glyph(r)
	if !ok {
		return 0
	}
	return f.advance(index) * 1000 / f.unitsPerEm
}

// Width returns the sum of the advances of s in thousandths of the font size.
func (f *Font) Width(s string) int {
	width := 0
	for _, r := range s {
		width += f.Advance(r)
	}
	return width
}

// Ascent and Descent return the height above and the depth below the baseline in thousandths of the font size, both
// positive.
func (f *Font) Ascent() int { return f.ascent * 1000 / f.unitsPerEm }

// Descent is described at Ascent.
func (f *Font) Descent() int { return -f.descent * 1000 / f.unitsPerEm }

// Bounds returns the rectangle that holds every glyph, in thousandths of the font size: left, lowest, right, highest.
func (f *Font) Bounds() [4]int {
	var b [4]int
	for i := range b {
		b[i] = int(int16(u16(f.raw["head"], 36+2*i))) * 1000 / f.unitsPerEm
	}
	return b
}

// Face returns a face that draws text into pictures, size in pixels per em. One face is for one goroutine only.
func (f *Font) Face(size float64) (font.Face, error) {
	face, err := opentype.NewFace(f.sfnt, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("font: face of size %g: %w", size, err)
	}
	return face, nil
}

// A MissingError names a character that the font does not draw.
type MissingError struct{ Rune rune }

func (e *MissingError) Error() string { return "no glyph for " + Name(e.Rune) }

// Name returns how a character is named to people: itself, where it is a visible one, with its code point.
func Name(r rune) string {
	if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) {
		return fmt.Sprintf("%c (%U)", r, r)
	}
	return fmt.Sprintf("%U", r)
}
