package review

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the largest number of characters of a name. 民委发〔2016〕33号 binds public services to at least 25 Han
// characters; the longest names on record, transcribed in full, stay well below this.
const MaxName = 100

// separator is U+00B7, the only one between the parts of a name (民委发〔2016〕33号).
const separator = '·'

// lookAlikes are the signs that input methods give for the separator.
const lookAlikes = "\u2022\u2027\u30FB\uFF65\u22C5\u2219\u0387"

// hanSince holds the ideographs that Unicode added after the edition of package unicode (15.0): the end of extension C,
// the end of extension E, extension I and extension J. Without them people whose character came late have no name.
var hanSince = &unicode.RangeTable{R32: []unicode.Range32{
	{Lo: 0x2B73A, Hi: 0x2B73F, Stride: 1},
	{Lo: 0x2CEA2, Hi: 0x2CEAD, Stride: 1},
	{Lo: 0x2EBF0, Hi: 0x2EE5D, Stride: 1},
	{Lo: 0x323B0, Hi: 0x33479, Stride: 1},
}}

// IsHan reports whether r is a Han ideograph of any plane, 〇 and 々 included, or one of the radicals and compatibility
// forms that look like one.
func IsHan(r rune) bool {
	return unicode.In(r, unicode.Han, hanSince) && !unicode.In(r, unicode.M, unicode.Lm, unicode.P) || r == '々'
}

// IsPrivate reports whether r is a private-use character, which older systems used for ideographs that they lacked.
// Nobody can know which one is meant without looking at the identity card.
func IsPrivate(r rune) bool { return unicode.Is(unicode.Co, r) }

// isLookAlike tells radicals, numerals and compatibility forms, which a search for the ideograph does not find. The
// twelve of the compatibility block that are unified ideographs are ideographs like any other.
func isLookAlike(r rune) bool {
	return IsHan(r) && r != '々' && r != '〇' && !unicode.In(r, unicode.Unified_Ideograph, hanSince)
}

// CleanName brings a name into the form in which it is stored and printed: the separator U+00B7 for everything that
// looks like it, half-width letters, no spaces around it all and around separators, one space where there were several.
// Ideographs are never folded: no NFKC, and no NFC either, which replaces the compatibility ideographs. A Latin letter
// with a combining accent becomes the one character that it is.
func CleanName(text string) string {
	runes := []rune(CleanText(text))
	for i, r := range runes {
		runes[i] = cleanNameRune(r)
	}
	for i := 1; i+1 < len(runes); i++ {
		if runes[i] == '.' && isIdeographic(runes[i-1]) && isIdeographic(runes[i+1]) {
			runes[i] = separator
		}
	}
	words := strings.Join(strings.FieldsFunc(string(runes), isSpace), " ")
	words = strings.ReplaceAll(words, " ·", "·")
	words = strings.ReplaceAll(words, "· ", "·")
	return composeLatin(words)
}

func cleanNameRune(r rune) rune {
	switch {
	case strings.ContainsRune(lookAlikes, r):
		return separator
	case isDash(r):
		return '-'
	case r == '’' || r == 'ʼ':
		return '\''
	}
	return halfWidth(r)
}

func isIdeographic(r rune) bool { return IsHan(r) || IsPrivate(r) }

func isNameLetter(r rune) bool {
	return isIdeographic(r) || unicode.Is(unicode.Latin, r) && unicode.IsLetter(r)
}

// composeLatin puts each Latin letter and the accents after it together (NFC), run by run, so that no ideograph is
// touched.
func composeLatin(text string) string {
	if !strings.ContainsFunc(text, isAccent) {
		return text
	}
	runes, out := []rune(text), strings.Builder{}
	for i := 0; i < len(runes); {
		end := i + 1
		for unicode.Is(unicode.Latin, runes[i]) && end < len(runes) && isAccent(runes[end]) {
			end++
		}
		if part := string(runes[i:end]); end > i+1 {
			out.WriteString(norm.NFC.String(part))
		} else {
			out.WriteString(part)
		}
		i = end
	}
	return out.String()
}

func isAccent(r rune) bool { return r >= 0x0300 && r <= 0x036F }

// CheckName refuses, as a RuleError, what is not a name that CleanName made: a character that names do not have
// (name_character, args: character, at), a separator at an end or two in a row (name_separator), no letter or ideograph
// at all (name_letters), more than MaxName characters (text_long), or what CheckText refuses. Private-use characters
// pass: Checks warns of them.
func CheckName(name string) error {
	if err := CheckText(name); err != nil {
		return err
	}
	runes := []rune(name)
	if len(runes) > MaxName {
		return &RuleError{"text_long", Args{"max": number(MaxName)}}
	}
	for i, r := range runes {
		if !isNameLetter(r) && !strings.ContainsRune("· -'", r) {
			return &RuleError{"name_character", Args{"character": codePoint(r), "at": number(i + 1)}}
		}
	}
	if strings.HasPrefix(name, "·") || strings.HasSuffix(name, "·") || strings.Contains(name, "··") {
		return &RuleError{"name_separator", nil}
	}
	if !strings.ContainsFunc(name, isNameLetter) {
		return &RuleError{"name_letters", nil}
	}
	return nil
}
