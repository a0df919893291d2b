package review

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the largest number of characters of any line of text, notes of reviewers included; most fields allow
// fewer (Field.Length).
const MaxText = 1000

// CheckText refuses, as a RuleError, what is not one line of plain text: bytes that are not UTF-8 or were replaced
// because they were not (text_encoding), control characters and so every escape sequence (text_control), characters
// that reorder the text around them (text_bidi), other invisible characters (text_hidden), more than MaxText characters
// (text_long).
func CheckText(text string) error {
	if n := utf8.RuneCountInString(text); n > MaxText {
		return &RuleError{"text_long", Args{"max": number(MaxText)}}
	}
	for i, r := range []rune(text) {
		if code := unfit(r); code != "" {
			return &RuleError{code, Args{"character": codePoint(r), "at": number(i + 1)}}
		}
	}
	return nil
}

// unfit returns the code of the reason for which a line of text cannot hold r, "" when it can.
func unfit(r rune) string {
	switch {
	case r == utf8.RuneError || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF:
		return "text_encoding" // a replaced byte or half a surrogate pair, or a noncharacter
	case unicode.Is(unicode.Bidi_Control, r):
		return "text_bidi"
	case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
		return "text_control"
	case unicode.Is(unicode.Cf, r):
		return "text_hidden"
	}
	return ""
}

// codePoint writes a character as U+1B, and shows it where it can be shown.
func codePoint(r rune) string {
	if IsHan(r) || unicode.IsOneOf([]*unicode.RangeTable{unicode.L, unicode.N, unicode.P, unicode.S}, r) && r != utf8.RuneError {
		return fmt.Sprintf("%c (U+%04X)", r, r)
	}
	return fmt.Sprintf("U+%04X", r)
}

// weightless are the invisible characters that come along when text is copied from web pages and chats. They carry no
// meaning in any field of the form, and nobody could find them when told to take them out.
const weightless = "\u00AD\u200B\u200C\u200D\u2060\uFEFF"

// CleanText takes away what comes along unseen when text is pasted: weightless characters anywhere, spaces of any width
// at the ends. It changes nothing else.
func CleanText(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(weightless, r) {
			return -1
		}
		return r
	}, text))
}

// HalfWidth turns the full-width letters, digits, signs and spaces of Chinese input methods into ASCII, and leaves
// everything else, ideographs above all, alone.
func HalfWidth(text string) string {
	return strings.Map(halfWidth, text)
}

func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00A0':
		return ' '
	}
	return r
}

// isDash tells the dashes and minus signs that input methods offer for the one on the keyboard.
func isDash(r rune) bool {
	return r == '-' || r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\uFF0D'
}

// compact makes a number that people group with spaces and dashes one word of half-width characters.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if r = halfWidth(r); isSpace(r) || isDash(r) {
			return -1
		}
		return r
	}, CleanText(text))
}

// isSpace tells spaces of any width. Tabs and line breaks are not among them: inside a line they are refused.
func isSpace(r rune) bool { return unicode.Is(unicode.Zs, r) }

// isDigits reports whether text is one or more ASCII digits.
func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
