package ui

import (
	"net/url"
	"strings"
)

// droppedPaths reads what a terminal pastes when files are dropped on it: paths in quotes, with blanks escaped by
// backslashes, as file:// addresses, or plainly, one or several, apart by blanks or lines. It returns nil for a text that
// holds anything else.
func droppedPaths(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxDropped {
		return nil
	}
	if !strings.ContainsAny(text, "\n'\"\\") && isPath(text) && !strings.Contains(text, " /") && !strings.Contains(text, " file:") {
		return pathsOf([]string{text}) // a plain path may hold blanks
	}
	var paths []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		paths = append(paths, shellWords(line)...)
	}
	return pathsOf(paths)
}

// maxDropped is the longest text that is taken for paths.
const maxDropped = 64 << 10

// pathsOf decodes file addresses, and gives up where one of the words is no absolute path.
func pathsOf(words []string) []string {
	var paths []string
	for _, word := range words {
		if address, ok := strings.CutPrefix(word, "file://"); ok {
			address = strings.TrimPrefix(address, "localhost")
			decoded, err := url.PathUnescape(address)
			if err != nil {
				return nil
			}
			word = decoded
			if len(word) > 3 && word[0] == '/' && word[2] == ':' { // file:///C:/scans
				word = word[1:]
			}
		}
		if !isPath(word) || strings.ContainsRune(word, 0) {
			return nil
		}
		paths = append(paths, word)
	}
	return paths
}

func isPath(word string) bool {
	return strings.HasPrefix(word, "/") || strings.HasPrefix(word, "~/") || strings.HasPrefix(word, "file://") ||
		len(word) > 2 && word[1] == ':' && (word[2] == '\\' || word[2] == '/') && isLetter(word[0])
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// shellWords takes a line apart as a shell does: quotes hold blanks together, a backslash takes the next character as it
// is. In a Windows path a backslash is a backslash.
func shellWords(line string) []string {
	var words []string
	var word strings.Builder
	quote, started := rune(0), false
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		windows := word.Len() > 1 && word.String()[1] == ':'
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0 && !(quote == '"' && r == '\\' && !windows):
			word.WriteRune(r)
		case r == '\\' && i+1 < len(runes) && !windows:
			i++
			word.WriteRune(runes[i])
			started = true
		case r == '\'' || r == '"':
			quote, started = r, true
		case r == ' ' || r == '\t':
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}
