package font

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"unicode/utf16"
)

// file assembles the font file of the collected glyphs.
func (c *cutting) file() []byte {
	head := bytes.Clone(c.font.raw["head"])
	put16(head, 8, 0, 0) // checksum adjustment, filled in by assemble
	put16(head, 50, 1)   // offsets in loca have 32 bits
	hhea := bytes.Clone(c.font.raw["hhea"])
	put16(hhea, 34, uint16(len(c.glyphs)))
	maxp := bytes.Clone(c.font.raw["maxp"])
	put16(maxp, 4, uint16(len(c.glyphs)))
	os2 := bytes.Clone(c.font.raw["OS/2"])
	if n := len(c.runes); n > 0 {
		put16(os2, 64, basic(c.runes[0]), basic(c.runes[n-1]))
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
		b = add32(b, offset)
	}
	return b
}

// basic returns r, or the last code of the basic plane for what lies above, as OS/2 wants its range.
func basic(r rune) uint16 { return uint16(min(r, 0xFFFF)) }

// cmap writes the character map: one subtable of format 12 for Windows and full Unicode. Places count from 1 in the
// order of the characters, so each run of neighbouring characters is one group.
func (c *cutting) cmap() []byte {
	var groups []byte
	count := uint32(0)
	for i := 0; i < len(c.runes); {
		n := 1
		for i+n < len(c.runes) && c.runes[i+n] == c.runes[i]+rune(n) {
			n++
		}
		groups = add32(groups, uint32(c.runes[i]), uint32(c.runes[i+n-1]), uint32(i+1))
		count++
		i += n
	}
	b := add16(nil, 0, 1, 3, 10, 0, 12)
	b = add16(b, 12, 0)
	b = add32(b, 16+12*count, 0, count)
	return append(b, groups...)
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
		file = add32(file, checksum(content[tag]), offset, uint32(len(content[tag])))
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

func add32(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}
