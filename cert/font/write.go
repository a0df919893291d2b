package font

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"unicode/utf16"
)

// file assembles the font file of the collected glyphs.
func (c *cutting) file() []byte {
	slices.SortFunc(c.codes, func(a, b coded) int { return cmp.Compare(a.code, b.code) })
	head := bytes.Clone(c.font.raw["head"])
	put16(head, 8, 0, 0) // checksum adjustment, filled in by assemble
	put16(head, 50, 1)   // offsets in loca have 32 bits
	hhea := bytes.Clone(c.font.raw["hhea"])
	put16(hhea, 34, uint16(len(c.glyphs)))
	maxp := bytes.Clone(c.font.raw["maxp"])
	put16(maxp, 4, uint16(len(c.glyphs)))
	os2 := bytes.Clone(c.font.raw["OS/2"])
	if len(c.codes) > 0 {
		put16(os2, 64, uint16(c.codes[0].code), uint16(c.codes[len(c.codes)-1].code))
	}
	post := bytes.Clone(c.font.raw["post"][:32])
	put16(post, 0, 3, 0) // version 3: no glyph names
	return assemble(map[string][]byte{
		"OS/2": os2, "cmap": c.cmap(), "glyf": c.glyf, "head": head, "hhea": hhea, "hmtx": c.hmtx(),
		"loca": c.locaTable(), "maxp": maxp, "name": nameTable(), "post": post,
	})
}

func (c *cutting) hmtx() []byte {
	var b []byte
	for _, glyph := range c.glyphs {
		b = add16(b, uint16(c.font.advance(glyph)), c.font.bearing(glyph))
	}
	return b
}

func (c *cutting) locaTable() []byte {
	var b []byte
	for _, offset := range c.loca {
		b = binary.BigEndian.AppendUint32(b, offset)
	}
	return b
}

// segment is a run of codes whose glyphs follow each other in the same order.
type segment struct{ first, last, place uint16 }

func (c *cutting) segments() []segment {
	var all []segment
	for _, e := range c.codes {
		code := uint16(e.code)
		if n := len(all) - 1; n >= 0 && code == all[n].last+1 && e.place == all[n].place+code-all[n].first {
			all[n].last = code
			continue
		}
		all = append(all, segment{code, code, e.place})
	}
	return append(all, segment{0xFFFF, 0xFFFF, 0}) // the format demands it
}

// cmap writes the character map, one subtable of format 4 for Windows and Unicode.
func (c *cutting) cmap() []byte {
	segments := c.segments()
	count := uint16(len(segments))
	log := uint16(bits.Len16(count) - 1)
	half := uint16(2) << log
	b := add16(nil, 0, 1, 3, 1, 0, 12)
	b = add16(b, 4, 16+8*count, 0, 2*count, half, log, 2*count-half)
	for _, s := range segments {
		b = add16(b, s.last)
	}
	b = add16(b, 0)
	for _, s := range segments {
		b = add16(b, s.first)
	}
	for _, s := range segments {
		b = add16(b, s.place-s.first)
	}
	for range segments {
		b = add16(b, 0)
	}
	return b
}

// names are the texts of a cut font. The licence asks for its notice in every copy and keeps the names of the original
// for the original.
var names = []struct {
	id   uint16
	text string
}{
	{0, "Copyright 2021-2023 LXGW (https://github.com/lxgw/LxgwWenKai)\nCopyright 2020 The Klee Project Authors (https://github.com/fontworks-fonts/Klee)"},
	{1, "Rongzheng Kai"},
	{2, "Regular"},
	{3, "Rongzheng Kai subset"},
	{4, "Rongzheng Kai"},
	{6, "RongzhengKai"},
	{13, "SIL Open Font License, Version 1.1"},
	{14, "https://scripts.sil.org/OFL"},
}

func nameTable() []byte {
	var texts []byte
	b := add16(nil, 0, uint16(len(names)), uint16(6+12*len(names)))
	for _, n := range names {
		text := add16(nil, utf16.Encode([]rune(n.text))...)
		b = add16(b, 3, 1, 0x409, n.id, uint16(len(text)), uint16(len(texts)))
		texts = append(texts, text...)
	}
	return append(b, texts...)
}

// assemble writes directory and tables, and sets the checksum that makes the whole file sum up to the magic number of
// the specification.
func assemble(content map[string][]byte) []byte {
	count := uint16(len(content))
	log := uint16(bits.Len16(count) - 1)
	file := add16(nil, 1, 0, count, 16<<log, log, 16*count-16<<log)
	offset := uint32(12 + 16*len(content))
	headAt := uint32(0)
	tags := slices.Sorted(maps.Keys(content))
	for _, tag := range tags {
		if tag == "head" {
			headAt = offset
		}
		file = append(file, tag...)
		file = binary.BigEndian.AppendUint32(file, checksum(content[tag]))
		file = binary.BigEndian.AppendUint32(file, offset)
		file = binary.BigEndian.AppendUint32(file, uint32(len(content[tag])))
		offset += (uint32(len(content[tag])) + 3) &^ 3
	}
	for _, tag := range tags {
		file = append(file, content[tag]...)
		for len(file)%4 != 0 {
			file = append(file, 0)
		}
	}
	binary.BigEndian.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(b []byte) uint32 {
	sum := uint32(0)
	for ; len(b) >= 4; b = b[4:] {
		sum += u32(b, 0)
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + u32(rest[:], 0)
}

func put16(b []byte, at int, values ...uint16) {
	for i, v := range values {
		binary.BigEndian.PutUint16(b[at+2*i:], v)
	}
}

func add16(b []byte, values ...uint16) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}
