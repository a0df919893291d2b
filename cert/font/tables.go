package font

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var errTruncated = errors.New("truncated")

// tables is the raw side of a TrueType file: what cutting a font needs and sfnt does not give.
type tables struct {
	raw        map[string][]byte
	unitsPerEm int
	ascent     int
	descent    int // negative below the baseline
	glyphs     int
	metrics    int // glyphs with an advance of their own in hmtx; the others have the last one
	longLoca   bool
}

// minSizes are the tables that must be there, with the length below which their fixed part is incomplete.
var minSizes = map[string]int{
	"OS/2": 78, "cmap": 4, "glyf": 1, "head": 54, "hhea": 36, "hmtx": 4, "loca": 4, "maxp": 6, "post": 32,
}

func readTables(data []byte) (tables, error) {
	raw, err := readDirectory(data)
	if err != nil {
		return tables{}, err
	}
	for tag, size := range minSizes {
		if len(raw[tag]) < size {
			return tables{}, fmt.Errorf("table %s: %w", tag, errTruncated)
		}
	}
	t := tables{
		raw:        raw,
		unitsPerEm: int(u16(raw["head"], 18)),
		ascent:     int(int16(u16(raw["hhea"], 4))),
		descent:    int(int16(u16(raw["hhea"], 6))),
		glyphs:     int(u16(raw["maxp"], 4)),
		metrics:    int(u16(raw["hhea"], 34)),
		longLoca:   u16(raw["head"], 50) == 1,
	}
	return t, t.checkSizes()
}

func readDirectory(data []byte) (map[string][]byte, error) {
	if len(data) < 12 {
		return nil, errTruncated
	}
	count := int(u16(data, 4))
	if len(data) < 12+16*count {
		return nil, errTruncated
	}
	raw := make(map[string][]byte, count)
	for i := range count {
		entry := data[12+16*i:]
		tag, offset, size := string(entry[:4]), uint64(u32(entry, 8)), uint64(u32(entry, 12))
		if offset+size > uint64(len(data)) {
			return nil, fmt.Errorf("table %s: %w", tag, errTruncated)
		}
		raw[tag] = data[offset : offset+size]
	}
	return raw, nil
}

func (t *tables) checkSizes() error {
	entry := 2
	if t.longLoca {
		entry = 4
	}
	switch {
	case t.unitsPerEm == 0 || t.metrics == 0 || t.metrics > t.glyphs:
		return errors.New("metrics make no sense")
	case len(t.raw["loca"]) < (t.glyphs+1)*entry:
		return fmt.Errorf("table loca: %w", errTruncated)
	case len(t.raw["hmtx"]) < t.metrics*4+(t.glyphs-t.metrics)*2:
		return fmt.Errorf("table hmtx: %w", errTruncated)
	}
	return nil
}

// outline returns the bytes of one glyph, empty for a glyph without an outline.
func (t *tables) outline(glyph uint16) ([]byte, error) {
	from, to := t.location(int(glyph)), t.location(int(glyph)+1)
	if int(glyph) >= t.glyphs || from > to || to > len(t.raw["glyf"]) {
		return nil, fmt.Errorf("glyph %d lies outside the font", glyph)
	}
	return t.raw["glyf"][from:to], nil
}

func (t *tables) location(glyph int) int {
	if glyph > t.glyphs {
		return 0
	}
	if t.longLoca {
		return int(u32(t.raw["loca"], 4*glyph))
	}
	return 2 * int(u16(t.raw["loca"], 2*glyph))
}

// advance returns the width of a glyph in font units.
func (t *tables) advance(glyph uint16) int {
	return int(u16(t.raw["hmtx"], 4*min(int(glyph), t.metrics-1)))
}

// bearing returns the left side bearing of a glyph as it is stored.
func (t *tables) bearing(glyph uint16) uint16 {
	if n := int(glyph); n >= t.metrics {
		return u16(t.raw["hmtx"], 4*t.metrics+2*(n-t.metrics))
	}
	return u16(t.raw["hmtx"], 4*int(glyph)+2)
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
