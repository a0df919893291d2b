package font

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// fixtures are the made-up names of the domain, with the characters that names carry beside ideographs.
var fixtures = []string{
	"王𬭎", "李𫖯", "司马𬱖", "张䶮", "徐㼆", "其美", "买买提·吐尔逊", "阿卜杜热合曼·阿卜杜克里木·买买提依明", "O'Neil-Smith 王",
}

func loadFont(t testing.TB) *Font {
	t.Helper()
	f, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestHas(t *testing.T) {
	f := loadFont(t)
	for r, want := range map[rune]bool{
		'王': true, '𬭎': true, '𫖯': true, '𬱖': true, '䶮': true, '㼆': true, '·': true, ' ': true, '　': true, 'A': true, '〔': true,
		0xE000: false, 0xF8FF: false, 0xF0000: false, 0x10FFFD: false, 0: false, '\n': false, 0x200B: false, 0x202E: false,
		'😀': false, 0x323AF: false, 0xFFFF: false, -1: false, unicode.MaxRune + 1: false,
	} {
		if got := f.Has(r); got != want {
			t.Errorf("Has(%U) = %t, want %t", r, got, want)
		}
	}
}

func TestPrivateUseIsNeverDrawn(t *testing.T) {
	f := loadFont(t)
	for r := rune(0xE000); r <= 0xF8FF; r++ {
		if f.Has(r) {
			t.Fatalf("Has(%U) = true", r)
		}
	}
}

func TestMissing(t *testing.T) {
	f := loadFont(t)
	for _, name := range fixtures {
		if got := f.Missing(name); got != nil {
			t.Errorf("Missing(%q) = %q, want none", name, got)
		}
	}
	got := f.Missing("王😀\ue123李😀")
	if diff := cmp.Diff([]rune{'😀', 0xE123}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWidth(t *testing.T) {
	f := loadFont(t)
	for text, want := range map[string]int{"": 0, "王𬭎": 2000, "买买提·吐尔逊": 6350, "0": 600, "😀": 0} {
		if got := f.Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestSubsetDrawsTheSame(t *testing.T) {
	f := loadFont(t)
	text := []rune(strings.Join(fixtures, "") + "社会工作者登记证书0123456789 CD-")
	checkSubset(t, f, text)
}

// checkSubset cuts a font and compares every outline and advance with the full font.
func checkSubset(t *testing.T, f *Font, text []rune) {
	t.Helper()
	subset, err := f.Subset(text)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := sfnt.Parse(subset.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range text {
		if got, want := draw(t, cut, r), draw(t, f.sfnt, r); !cmp.Equal(got, want) {
			t.Errorf("%U is drawn differently in the subset", r)
		}
		if got, err := cut.GlyphIndex(nil, r); err != nil || uint16(got) != glyphOf(t, subset, r) {
			t.Errorf("%U has glyph %d in the file, %d in the list, error %v", r, got, glyphOf(t, subset, r), err)
		}
	}
	if got := checksum(subset.File); got != 0xB1B0AFBA {
		t.Errorf("checksum of the file = %#x", got)
	}
	if _, err := readTables(subset.File); err != nil {
		t.Error(err)
	}
}

type drawing struct {
	Segments []sfnt.Segment
	Advance  fixed.Int26_6
}

func draw(t *testing.T, f *sfnt.Font, r rune) drawing {
	t.Helper()
	index, err := f.GlyphIndex(nil, r)
	if err != nil || index == 0 {
		t.Fatalf("%U has glyph %d, error %v", r, index, err)
	}
	segments, err := f.LoadGlyph(nil, index, fixed.I(1000), nil)
	if err != nil {
		t.Fatal(err)
	}
	advance, err := f.GlyphAdvance(nil, index, fixed.I(1000), 0)
	if err != nil {
		t.Fatal(err)
	}
	return drawing{slices.Clone([]sfnt.Segment(segments)), advance}
}

// composites returns the characters of the font whose glyphs are made of others.
func composites(t *testing.T, f *Font) []rune {
	t.Helper()
	var found []rune
	for r := rune(0x20); r < 0xFFFF; r++ {
		if glyph, ok := f.glyph(r); ok {
			outline, err := f.outline(glyph)
			if err != nil {
				t.Fatal(err)
			}
			if len(outline) > 10 && int16(u16(outline, 0)) < 0 {
				found = append(found, r)
			}
		}
	}
	return found
}

func TestSubsetFollowsComposites(t *testing.T) {
	f := loadFont(t)
	found := composites(t, f)
	if len(found) == 0 {
		t.Fatal("no composite glyph is reachable by a character")
	}
	for _, r := range found {
		checkSubset(t, f, []rune{r})
	}
	checkSubset(t, f, found)
}

func TestSubsetGivesEachCharacterItsGlyph(t *testing.T) {
	subset, err := loadFont(t).Subset([]rune("𬭎王·𫖯王"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Subset{Runes: []rune("·王𫖯𬭎"), Advances: []int{350, 1000, 1000, 1000}}
	if diff := cmp.Diff(want, subset, cmpopts.IgnoreFields(Subset{}, "File")); diff != "" {
		t.Error(diff)
	}
	if got, ok := subset.Glyph('𫖯'); got != 3 || !ok {
		t.Errorf("Glyph(𫖯) = %d, %t, want 3", got, ok)
	}
	if _, ok := subset.Glyph('李'); ok {
		t.Error("a character that was not asked for has a glyph")
	}
}

func TestSubsetTellsApartWhatLooksTheSame(t *testing.T) {
	f := loadFont(t)
	hyphen, _ := f.glyph('-')
	unbroken, _ := f.glyph('\u2011')
	if hyphen != unbroken {
		t.Fatal("the font draws U+002D and U+2011 with two glyphs: choose other examples")
	}
	checkSubset(t, f, []rune{'-', '\u2011'})
	subset, err := f.Subset([]rune{'-', '\u2011'})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := glyphOf(t, subset, '-'), glyphOf(t, subset, '\u2011'); a == b {
		t.Errorf("both have the glyph %d", a)
	}
}

func glyphOf(t *testing.T, s *Subset, r rune) uint16 {
	t.Helper()
	glyph, ok := s.Glyph(r)
	if !ok {
		t.Fatalf("%U has no glyph", r)
	}
	return glyph
}

func TestSubsetDependsOnTheSetOnly(t *testing.T) {
	f := loadFont(t)
	a, err := f.Subset([]rune("王芳王𬭎AB"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Subset([]rune("BA𬭎芳王"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.File, b.File) {
		t.Error("the same characters in another order give other bytes")
	}
}

func TestSubsetNamesTheMissing(t *testing.T) {
	f := loadFont(t)
	_, err := f.Subset([]rune("王😀"))
	var missing *MissingError
	if !errors.As(err, &missing) || missing.Rune != '😀' {
		t.Fatalf("error = %v, want a MissingError for U+1F600", err)
	}
	if got, want := err.Error(), "no glyph for 😀 (U+1F600)"; got != want {
		t.Errorf("error = %q, want %q", got, want)
	}
}

func TestSubsetKeepsReservedNamesOut(t *testing.T) {
	subset, err := loadFont(t).Subset([]rune("王"))
	if err != nil {
		t.Fatal(err)
	}
	cut, err := sfnt.Parse(subset.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []sfnt.NameID{sfnt.NameIDFamily, sfnt.NameIDFull, sfnt.NameIDPostScript, sfnt.NameIDUniqueIdentifier} {
		name, err := cut.Name(nil, id)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(name, "LXGW") || strings.Contains(name, "霞鹜") {
			t.Errorf("name %d = %q", id, name)
		}
	}
}

func TestName(t *testing.T) {
	for r, want := range map[rune]string{'𬭎': "𬭎 (U+2CB4E)", 0xE123: "U+E123", 0x202E: "U+202E", '\n': "U+000A", 0x301: "U+0301"} {
		if got := Name(r); got != want {
			t.Errorf("Name(%U) = %q, want %q", r, got, want)
		}
	}
}

func TestFace(t *testing.T) {
	face, err := loadFont(t).Face(24)
	if err != nil {
		t.Fatal(err)
	}
	advance, ok := face.GlyphAdvance('𬭎')
	if !ok || advance != fixed.I(24) {
		t.Errorf("advance = %v, %t, want 24", advance, ok)
	}
}

func TestParseRefusesDamage(t *testing.T) {
	for _, size := range []int{0, 11, 12, 100, 267, 5000, 200000, 15600000} {
		if _, err := parse(wenkai[:size:size]); err == nil {
			t.Errorf("%d bytes of the font were taken", size)
		}
	}
}

func FuzzSubset(f *testing.F) {
	for _, name := range fixtures {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		full := loadFont(t)
		runes := []rune(text)
		if missing := full.Missing(text); missing != nil {
			if _, err := full.Subset(runes); err == nil {
				t.Errorf("%q is missing and was cut", missing)
			}
			return
		}
		checkSubset(t, full, runes)
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := parse(wenkai); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSubset(b *testing.B) {
	f := loadFont(b)
	text := []rune(strings.Join(fixtures, "") + "社会工作者登记证书姓名性别身份证号资格证书级别水平证书管理号编号首次时间有效期自至资料审核区域发机关0123456789")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Subset(text); err != nil {
			b.Fatal(err)
		}
	}
}
