package font

import (
	"fmt"
	"slices"
)

// Subset is a font file that draws a set of characters, for embedding in a document.
type Subset struct {
	// File is a TrueType file.
	File []byte
	// Runes are its characters in order of code points; the character at i has the glyph i+1 of the file, of its own
	// even where the full font draws two characters with one glyph. So a document that writes glyph numbers can tell
	// a reader which character each of them is.
	Runes []rune
	// Advances are their widths in thousandths of the font size.
	Advances []int
}

// Glyph returns the number of the glyph that draws r, and false when the subset was cut without r.
func (s *Subset) Glyph(r rune) (uint16, bool) {
	i, ok := slices.BinarySearch(s.Runes, r)
	return uint16(i + 1), ok
}

// Subset cuts a font file that draws just the given characters. Order and repetition do not matter: the same set gives
// the same bytes. The error is a MissingError for the first character, in order of code points, that cannot be drawn.
func (f *Font) Subset(runes []rune) (*Subset, error) {
	s := &Subset{Runes: slices.Compact(slices.Sorted(slices.Values(runes)))}
	cut := cutting{font: f, runes: s.Runes, glyphs: []uint16{0}, parts: map[uint16]uint16{}}
	for _, r := range s.Runes {
		glyph, ok := f.glyph(r)
		if !ok {
			return nil, &MissingError{r}
		}
		cut.glyphs = append(cut.glyphs, glyph)
		s.Advances = append(s.Advances, f.advance(glyph)*1000/f.unitsPerEm)
	}
	if err := cut.outlines(); err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	s.File = cut.file()
	return s, nil
}

// cutting collects the glyphs of a cut font: .notdef, one for each character, then the parts of composite ones.
type cutting struct {
	font   *Font
	runes  []rune
	glyphs []uint16          // glyphs of the full font, in the order of the cut one
	parts  map[uint16]uint16 // places of parts, by their glyph in the full font
	glyf   []byte
	loca   []uint32
}

// part gives a part of a composite glyph its place, once.
func (c *cutting) part(glyph uint16) uint16 {
	place, ok := c.parts[glyph]
	if !ok {
		place = uint16(len(c.glyphs))
		c.parts[glyph] = place
		c.glyphs = append(c.glyphs, glyph)
	}
	return place
}

// outlines copies the outlines. The list grows while it is walked: composite glyphs bring their components.
func (c *cutting) outlines() error {
	for i := 0; i < len(c.glyphs); i++ {
		outline, err := c.font.outline(c.glyphs[i])
		if err != nil {
			return err
		}
		c.loca = append(c.loca, uint32(len(c.glyf)))
		start := len(c.glyf)
		c.glyf = append(c.glyf, outline...)
		if err := c.components(c.glyf[start:]); err != nil {
			return fmt.Errorf("glyph %d: %w", c.glyphs[i], err)
		}
		for len(c.glyf)%4 != 0 {
			c.glyf = append(c.glyf, 0)
		}
	}
	c.loca = append(c.loca, uint32(len(c.glyf)))
	return nil
}

// Flags of a component, OpenType specification, table glyf, composite glyph description.
const (
	argsAreWords  = 0x0001
	haveScale     = 0x0008
	moreFollow    = 0x0020
	haveXYScale   = 0x0040
	haveTwoByTwo  = 0x0080
	componentHead = 4
)

// components collects the glyphs that a composite outline is made of and writes their new numbers into it.
func (c *cutting) components(outline []byte) error {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+componentHead > len(outline) {
			return errTruncated
		}
		flags := u16(outline, at)
		place := c.part(u16(outline, at+2))
		outline[at+2], outline[at+3] = byte(place>>8), byte(place)
		if flags&moreFollow == 0 {
			return nil
		}
		at += componentHead + argumentSize(flags)
	}
}

func argumentSize(flags uint16) int {
	size := 2
	if flags&argsAreWords != 0 {
		size = 4
	}
	switch {
	case flags&haveScale != 0:
		return size + 2
	case flags&haveXYScale != 0:
		return size + 4
	case flags&haveTwoByTwo != 0:
		return size + 8
	}
	return size
}
