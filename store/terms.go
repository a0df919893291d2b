package store

import (
	"slices"
	"strings"
	"unicode"

	"rongzheng/review"
)

const (
	maxTerm  = 64 // bytes of a term in the index, and characters of a word that is looked for
	maxWords = 8  // of one text that is looked for; more narrow nothing down
	lastFour = 4
)

// termsOf lists what the record is found by, each with the letter of its kind before it.
func termsOf(h *head) []string {
	found := make([]string, 0, 24)
	add := func(kind byte, term string) {
		if term != "" {
			found = append(found, string(kind)+term[:min(len(term), maxTerm)])
		}
	}
	characters := ideographs(h.name)
	for i, r := range characters {
		add('n', string(r))
		if i > 0 {
			add('n', string(characters[i-1:i+1]))
		}
	}
	for sound := range strings.FieldsSeq(h.sounds) {
		add('p', sound)
	}
	for _, code := range h.codes() {
		add('k', code)
	}
	for _, number := range h.personal() {
		add('x', number)
	}
	add('4', h.lastFour())
	add('b', h.born())
	for _, mark := range h.marks() {
		add('m', mark)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// codes are found by their beginning.
func (h *head) codes() [3]string {
	return [...]string{plainCode(h.reference), plainCode(h.certificate), plainCode(h.management)}
}

// personal numbers are found only whole, so that nobody uncovers a masked one digit by digit.
func (h *head) personal() [2]string { return [...]string{plainCode(h.idNumber), plainCode(h.mobile)} }

func (h *head) lastFour() string {
	code := plainCode(h.idNumber)
	if len(code) <= lastFour {
		return ""
	}
	return code[len(code)-lastFour:]
}

// ideographs returns the characters of a name that are neither Latin letters nor separators.
func ideographs(name string) []rune {
	return slices.DeleteFunc([]rune(name), func(r rune) bool {
		return r < unicode.MaxLatin1 || unicode.IsPunct(r) || unicode.IsSpace(r)
	})
}

// plainCode writes a number or reference as it is compared: capital letters and digits only.
func plainCode(text string) string {
	plain := true
	for i := range len(text) {
		c := text[i]
		plain = plain && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z')
	}
	if plain {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, text)
}

// word is one part of a text that is looked for, in the forms in which it can match.
type word struct {
	name  []rune // part of a name
	sound string // a blank and the beginning of a spelling or of initials
	code  string // beginning of a code, or a whole personal number
}

// words takes a text apart. A text of digits with spaces or dashes between them is one number.
func words(text string) []word {
	text = review.HalfWidth(text)
	if joined := plainCode(text); len(joined) >= 8 && !strings.ContainsFunc(text, unicode.IsLetter) {
		return []word{{code: joined}}
	}
	var found []word
	for _, part := range strings.Fields(text) {
		if w := newWord(part); !w.empty() {
			found = append(found, w)
		}
	}
	return found[:min(len(found), maxWords)]
}

func newWord(text string) word {
	if runes := []rune(text); len(runes) > maxTerm {
		text = string(runes[:maxTerm])
	}
	if name := ideographs(text); len(name) > 0 {
		return word{name: name}
	}
	w := word{code: plainCode(text)}
	letters := strings.NewReplacer("'", "", "’", "", "ü", "v", "Ü", "v").Replace(strings.ToLower(text))
	if letters != "" && strings.Trim(letters, "abcdefghijklmnopqrstuvwxyz") == "" {
		w.sound = " " + letters
	}
	return w
}

func (w *word) empty() bool { return len(w.name) == 0 && w.sound == "" && w.code == "" }

// matches reports whether the record is what the word looks for. The index only narrows down what is asked.
func (w *word) matches(h *head) bool {
	if len(w.name) > 0 {
		return strings.Contains(string(ideographs(h.name)), string(w.name))
	}
	if w.code != "" && w.matchesCode(h) {
		return true
	}
	return w.sound != "" && strings.Contains(h.sounds, w.sound)
}

func (w *word) matchesCode(h *head) bool {
	for _, code := range h.codes() {
		if strings.HasPrefix(code, w.code) {
			return true
		}
	}
	for _, number := range h.personal() {
		if number == w.code {
			return true
		}
	}
	return h.lastFour() == w.code
}

func matchesAll(list []word, h *head) bool {
	for i := range list {
		if !list[i].matches(h) {
			return false
		}
	}
	return true
}

// prefixes returns what the keys of matching records in terms can begin with: every inner list alone covers all matches,
// by the union of its prefixes.
func (w *word) prefixes() [][]string {
	if len(w.name) == 1 {
		return [][]string{{"n" + string(w.name) + "\x00"}}
	}
	var alternatives [][]string
	for i := 1; i < len(w.name); i++ {
		alternatives = append(alternatives, []string{"n" + string(w.name[i-1:i+1]) + "\x00"})
	}
	if len(w.name) > 0 {
		return alternatives
	}
	var union []string
	if w.code != "" {
		union = append(union, "k"+w.code, "x"+w.code+"\x00", "4"+w.code+"\x00")
	}
	if w.sound != "" {
		union = append(union, "p"+w.sound[1:])
	}
	return [][]string{union}
}
