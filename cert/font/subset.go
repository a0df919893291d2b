package font

import (
	"errors"
	"fmt"
	"slices"
)

// The private-use area of the basic plane, whose codes stand in a cut font for characters of the other planes.
const (
	firstSlot = 0xE000
	lastSlot  = 0xF8FF
)

// Subset cuts a font file that draws just the given characters, for embedding in a document. Order and repetition of
// runes do not matter: the same set gives the same bytes.
//
// codes gives for every character the code under which the file holds it: itself in the basic plane, a private-use
// code for the characters of the other planes, because writers of documents know 16 bits only. A document must map
// these codes back (in PDF: its ToUnicode map) or its text cannot be copied.
//
// The error is a MissingError for the first character, in order of code points, that cannot be drawn.
func (f *Font) Subset(runes []rune) (file []byte, codes map[rune]rune, err error) {
	cut := cutting{font: f, place: map[uint16]uint16{0: 0}, glyphs: []uint16{0}}
	codes = make(map[rune]rune, len(runes))
	slot := rune(firstSlot)
	for _, r := range slices.Compact(slices.Sorted(slices.Values(runes))) {
		glyph, ok := f.glyph(r)
		if !ok {
			return nil, nil, &MissingError{r}
		}
		codes[r] = r
		if r > 0xFFFF {
			codes[r], slot = slot, slot+1
		}
		cut.codes = append(cut.codes, coded{codes[r], cut.take(glyph)})
	}
	if slot > lastSlot+1 {
		return nil, nil, errors.New("font: too many characters outside the basic plane for one subset")
	}
	if err := cut.outlines(); err != nil {
		return nil, nil, fmt.Errorf("font: %w", err)
	}
	return cut.file(), codes, nil
}

// coded is one entry of the character map: a code and the glyph's place in the cut font.
type coded struct {
	code  rune
	place uint16
}

// cutting collects the glyphs of a cut font.
type cutting struct {
	font   *Font
	glyphs []uint16          // glyphs of the full font, in the order of the cut one
	place  map[uint16]uint16 // from the full font's glyph to its place here
	codes  []coded
	glyf   []byte
	loca   []uint32
}

// take gives the glyph a place, once.
func (c *cutting) take(glyph uint16) uint16 {
	if place, ok := c.place[glyph]; ok {
		return place
	}
	place := uint16(len(c.glyphs))
	c.place[glyph] = place
	c.glyphs = append(c.glyphs, glyph)
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

// components takes the glyphs that a composite outline is made of and writes their new numbers into it.
func (c *cutting) components(outline []byte) error {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+componentHead > len(outline) {
			return errTruncated
		}
		flags := u16(outline, at)
		place := c.take(u16(outline, at+2))
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
