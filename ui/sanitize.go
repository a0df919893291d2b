package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replaced stands for what must not reach the terminal, so that its presence can be seen.
const replaced = '\uFFFD'

// mostMarks is how many combining marks in a row a character keeps; more would cover the lines around it.
const mostMarks = 2

// Plain returns text that a terminal shows and does not obey: one line, valid UTF-8, without control characters and so
// without escape sequences, without bidirectional overrides and other invisible formatting. Line breaks and tabs become
// spaces, everything else that is unfit becomes U+FFFD. Fit text comes back as it is.
func Plain(text string) string {
	if !strings.ContainsFunc(text, isUnfit) && utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	marks := 0
	for _, r := range text {
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case marks > mostMarks || isEmojiSelector(r):
		case isBreak(r):
			out.WriteRune(' ')
		case isUnfit(r) && marks == 0:
			out.WriteRune(replaced)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// isUnfit finds every character that Plain looks at; marks are among them because only their number tells.
func isUnfit(r rune) bool {
	return unicode.Is(unicode.C, r) && !unicode.Is(unicode.Co, r) || unicode.Is(unicode.M, r) || isBreak(r)
}

// isEmojiSelector tells the selectors that change how wide a terminal draws the character before them.
func isEmojiSelector(r rune) bool { return r == '\uFE0E' || r == '\uFE0F' }

func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029'
}
