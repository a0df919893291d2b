package review

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// stretch is part of a text, in characters from its beginning.
type stretch struct{ from, to int }

// querySource is the text of a query without weightless characters, and where each character stood in it.
type querySource struct {
	runes []rune
	at    []int // one more than runes: the last is the length of the text
}

// newQuerySource refuses what is too long and what no line of text can hold.
func newQuerySource(text string) (*querySource, *QueryError) {
	if n := utf8.RuneCountInString(text); n > MaxQuery {
		return nil, &QueryError{MaxQuery, n - MaxQuery, "query_long", Args{"max": number(MaxQuery)}}
	}
	s, n := &querySource{}, 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(weightless, r):
		case !unicode.IsSpace(r) && unfit(r) != "":
			return nil, &QueryError{n, 1, "query_character", Args{"character": codePoint(r)}}
		default:
			s.runes, s.at = append(s.runes, r), append(s.at, n)
		}
		n++
	}
	s.at = append(s.at, n)
	return s, nil
}

func (s *querySource) text(p stretch) string { return string(s.runes[p.from:p.to]) }

// fail makes an error about a part of the text.
func (s *querySource) fail(p stretch, code string, args Args) *QueryError {
	at := s.at[p.from]
	return &QueryError{at, s.at[p.to] - at, code, args}
}

// index returns where the character of the text stands in runes.
func (s *querySource) index(offset int) int {
	i := 0
	for i < len(s.runes) && s.at[i] < offset {
		i++
	}
	return i
}

// rawTerm is a term as it stands in the text.
type rawTerm struct {
	stretch
	not    bool
	quoted bool    // a word in quotes
	key    stretch // of a word or flag the whole of it
	op     stretch // empty for a word or flag
	values []rawValue
	fault  *QueryError // the first thing that is wrong with its form
}

// rawValue is one value as it stands in the text, and without its quotes.
type rawValue struct {
	stretch
	text string
}

// terms takes the text apart. It never fails: what is wrong stands in the terms.
func (s *querySource) terms() []rawTerm {
	var found []rawTerm
	for i := s.skip(0, unicode.IsSpace); i < len(s.runes); i = s.skip(i, unicode.IsSpace) {
		t := s.term(i)
		found = append(found, t)
		i = t.to
	}
	return found
}

// skip returns the place of the first character from i that is not of the kind.
func (s *querySource) skip(i int, kind func(rune) bool) int {
	for i < len(s.runes) && kind(s.runes[i]) {
		i++
	}
	return i
}

func (s *querySource) term(i int) rawTerm {
	t := rawTerm{stretch: stretch{i, i}}
	if isDash(s.runes[i]) {
		t.not = true
		i++
		if after := s.skip(i, isDash); after > i || i == len(s.runes) || unicode.IsSpace(s.runes[i]) {
			t.fail(s, stretch{t.from, after}, "query_minus", nil)
			i = after
		}
	}
	t.key = stretch{i, i}
	if i < len(s.runes) && closingQuotes(s.runes[i]) != "" {
		s.quotedWord(&t)
		return t
	}
	t.key.to = s.skip(i, func(r rune) bool { return !unicode.IsSpace(r) && !isQuerySign(r) })
	t.op = stretch{t.key.to, s.skip(t.key.to, isQuerySign)}
	t.to = t.op.to
	if t.op.to > t.op.from {
		if t.key.from == t.key.to {
			t.fail(s, t.op, "query_key_missing", Args{"operator": s.text(t.op)})
		}
		s.valuesOf(&t)
	}
	return t
}

func (t *rawTerm) fail(s *querySource, p stretch, code string, args Args) {
	if t.fault == nil {
		t.fault = s.fail(p, code, args)
	}
}

func (s *querySource) quotedWord(t *rawTerm) {
	v := s.quote(t, t.key.from)
	t.quoted, t.values = true, []rawValue{v}
	t.key.to, t.op, t.to = v.to, stretch{v.to, v.to}, s.afterQuote(t, v.to, unicode.IsSpace)
}

// valuesOf reads the values that follow the operator.
func (s *querySource) valuesOf(t *rawTerm) {
	before := t.op
	for i := t.op.to; ; i++ {
		v := rawValue{stretch: stretch{i, i}}
		switch {
		case i == len(s.runes) || endsValue(s.runes[i]):
			t.fail(s, before, "query_value_missing", Args{"key": s.text(t.key)})
		case closingQuotes(s.runes[i]) != "":
			v = s.quote(t, i)
			i = s.afterQuote(t, v.to, endsValue)
		default:
			v.to = s.skip(i, func(r rune) bool { return !endsValue(r) })
			v.text = s.text(v.stretch)
			i = v.to
		}
		t.values = append(t.values, v)
		if t.to = i; i == len(s.runes) || !isQueryComma(s.runes[i]) {
			return
		}
		before = stretch{i, i + 1}
	}
}

// afterQuote returns where a quoted text is over, i when nothing stands between it and the end that is due.
func (s *querySource) afterQuote(t *rawTerm, i int, ends func(rune) bool) int {
	to := s.skip(i, func(r rune) bool { return !ends(r) })
	if to > i {
		t.fail(s, stretch{i, to}, "query_quote_after", nil)
	}
	return to
}

// quote reads a text in quotes. Those of the keyboard are closed by the next that has no backslash before it; Chinese
// ones, which stand within labels too, by the last one before a space, a comma or the end.
func (s *querySource) quote(t *rawTerm, from int) rawValue {
	closing := closingQuotes(s.runes[from])
	plain := isPlainQuote(s.runes[from])
	var b strings.Builder
	for i := from + 1; i < len(s.runes); i++ {
		switch r := s.runes[i]; {
		case plain && r == '\\' && i+1 < len(s.runes) && (s.runes[i+1] == '\\' || isPlainQuote(s.runes[i+1])):
			i++
			b.WriteRune(s.runes[i])
		case strings.ContainsRune(closing, r) && (plain || i+1 == len(s.runes) || endsValue(s.runes[i+1])):
			return rawValue{stretch{from, i + 1}, b.String()}
		default:
			b.WriteRune(r)
		}
	}
	t.fail(s, stretch{from, from + 1}, "query_quote_open", nil)
	return rawValue{stretch{from, len(s.runes)}, b.String()}
}

func isPlainQuote(r rune) bool { return r == '"' || r == '＂' }

// closingQuotes returns the signs that close what r opens, "" when it opens nothing. Input methods give opening and
// closing marks in turn, so either of a pair may open.
func closingQuotes(r rune) string {
	switch r {
	case '"', '＂':
		return `"＂`
	case '“', '”':
		return `“”"`
	case '‘':
		return "‘’"
	case '「', '『':
		return "」』"
	}
	return ""
}

func isQueryComma(r rune) bool { return r == ',' || r == '，' || r == '、' }

func endsValue(r rune) bool { return unicode.IsSpace(r) || isQueryComma(r) }

// querySign returns what a sign of an operator is on the keyboard, "" for any other character. Chinese input methods
// give 《 and 》 for the keys of < and >.
func querySign(r rune) string {
	switch r {
	case ':', '：', '∶':
		return ":"
	case '=', '＝':
		return "="
	case '<', '＜', '《', '〈':
		return "<"
	case '>', '＞', '》', '〉':
		return ">"
	case '≤', '≦':
		return "<="
	case '≥', '≧':
		return ">="
	}
	return ""
}

func isQuerySign(r rune) bool { return querySign(r) != "" }

// operator reads the signs of an operator.
func (s *querySource) operator(p stretch) (Op, bool) {
	signs := ""
	for _, r := range s.runes[p.from:p.to] {
		signs += querySign(r)
	}
	switch rest := strings.TrimPrefix(signs, ":"); rest {
	case "":
		return OpIs, true
	case "=", "==":
		return OpIs, signs == rest
	case "<", "<=", ">", ">=":
		return Op(rest), true
	case "=<", "=>":
		return Op(rest[1:] + "="), signs == rest
	}
	return "", false
}
