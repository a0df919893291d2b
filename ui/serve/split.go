package serve

import (
	"errors"
	"strings"
)

// errQuote says that a quotation mark or a backslash has nothing after it.
var errQuote = errors.New("unfinished quotation")

// split takes a command line apart as a shell does: words between spaces, '…' as it is, "…" with \" and \\, \ before any
// character. Nothing else means anything: no variables, no patterns, no redirections.
func split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	in, begun := rune(0), false
	escaped := false
	for _, r := range line {
		switch {
		case escaped:
			if in == '"' && r != '"' && r != '\\' {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && in != '\'':
			escaped, begun = true, true
		case in != 0:
			if r == in {
				in = 0
			} else {
				word.WriteRune(r)
			}
		case r == '\'' || r == '"':
			in, begun = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if in != 0 || escaped {
		return nil, errQuote
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}
