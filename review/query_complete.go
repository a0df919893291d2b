package review

import (
	"slices"
	"strings"
)

// Suggestion is one way to go on typing a query: Text replaces the characters from From up to To.
type Suggestion struct {
	Text           string
	Label, English string // what it means, in Chinese and English
	// From and To count characters of the text from 0.
	From, To int
}

// MaxSuggestions is the largest number of suggestions at one place.
const MaxSuggestions = 100

// CompleteQuery returns what can stand at the cursor, which counts characters from 0: keys and flags, the operators of a
// key that is complete, the values of a key with an operator. What begins like the typed text comes first, what holds
// the typed characters elsewhere follows. Options that are not offered any more are left out. There is none for free words and names.
func CompleteQuery(text string, cursor int, p *Policy) []Suggestion {
	src, err := newQuerySource(text)
	if err != nil {
		return nil
	}
	c := completer{src: src, at: src.index(cursor), policy: p}
	raw := rawTerm{stretch: stretch{c.at, c.at}, key: stretch{c.at, c.at}, op: stretch{c.at, c.at}}
	for _, t := range src.terms() {
		if t.from <= c.at && c.at <= t.to {
			raw = t
			break
		}
	}
	switch {
	case raw.quoted || c.at < raw.key.from:
	case c.at <= raw.key.to:
		c.keys(&raw)
	case c.at >= raw.op.to:
		c.values(&raw)
	}
	return c.found()
}

type completer struct {
	src         *querySource
	at          int // the cursor, in src.runes
	policy      *Policy
	first, rest []Suggestion // what begins like the typed text, what holds it elsewhere
}

func (c *completer) found() []Suggestion {
	all := append(c.first, c.rest...)
	return all[:min(len(all), MaxSuggestions)]
}

// offer adds a suggestion when one of its names begins with, or holds, the typed text.
func (c *completer) offer(typed string, one Suggestion, over stretch, names ...string) {
	one.From, one.To = c.src.at[over.from], c.src.at[over.to]
	han := strings.ContainsFunc(typed, IsHan)
	holds := func(name string) bool { return han && strings.Contains(foldQuery(name), typed) }
	begins := func(name string) bool { return name != "" && strings.HasPrefix(foldQuery(name), typed) }
	switch {
	case slices.ContainsFunc(names, begins):
		c.first = append(c.first, one)
	case slices.ContainsFunc(names, holds):
		c.rest = append(c.rest, one)
	}
}

// keys offers keys and flags, and the operators of the key that is typed already.
func (c *completer) keys(raw *rawTerm) {
	typed := foldQuery(c.src.text(stretch{raw.key.from, c.at}))
	open := raw.op.from == raw.op.to // no operator follows
	if k := keyByName[typed]; k != nil && open && !k.flag() && c.at == raw.key.to {
		c.operators(k, raw.key)
	}
	for i := range queryKeys {
		k := &queryKeys[i]
		if k.flag() && !open || foldQuery(k.name) == typed && open {
			continue
		}
		one := Suggestion{Text: k.spelling(typed), Label: k.chinese, English: k.english}
		if open && !k.flag() && (k.options != nil || !k.ordered()) {
			one.Text += string(OpIs)
		}
		names := append([]string{k.name, k.chinese}, k.names...)
		if field, ok := FieldOf(k.answers); ok {
			names = append(names, field.Label, string(field.Key))
		}
		c.offer(typed, one, raw.key, names...)
	}
}

// spelling returns the name of the key in the script that is typed.
func (k *queryKey) spelling(typed string) string {
	if typed == "" || strings.HasPrefix(foldQuery(k.name), typed) {
		return k.name
	}
	for _, name := range append([]string{k.chinese}, k.names...) {
		if folded := foldQuery(name); strings.HasPrefix(folded, typed) && keyByName[folded] == k {
			return name
		}
	}
	return k.name
}

func (c *completer) operators(k *queryKey, over stretch) {
	ops := []Op{OpIs}
	if k.ordered() {
		ops = append(ops, OpLess, OpAtMost, OpMore, OpAtLeast)
	}
	typed := c.src.text(over)
	for _, op := range ops {
		c.offer("", Suggestion{Text: typed + string(op), Label: k.chinese + " " + string(op), English: k.english + " " + string(op)}, over, typed)
	}
}

// values offers the values of the key at the place of the cursor.
func (c *completer) values(raw *rawTerm) {
	k := keyByName[foldQuery(c.src.text(raw.key))]
	if parts := keysWithin(c.src.text(raw.key)); k == nil && len(parts) == 1 {
		k = parts[0]
	}
	if k == nil || k.flag() {
		return
	}
	over := stretch{c.at, c.at}
	for _, v := range raw.values {
		if v.from <= c.at && c.at <= v.to {
			over = v.stretch
		}
	}
	typed := c.src.runes[over.from:c.at]
	if len(typed) > 0 && closingQuotes(typed[0]) != "" {
		typed = typed[1:]
	}
	for _, o := range k.offered(c.policy) {
		if !o.disabled {
			one := Suggestion{Text: quoteQuery(o.text, false), Label: o.chinese, English: o.english}
			c.offer(foldQuery(string(typed)), one, over, append([]string{o.text, o.code, o.chinese, o.english}, o.names...)...)
		}
	}
}

// offered returns the values that are worth offering.
func (k *queryKey) offered(p *Policy) []queryOption {
	switch {
	case k.options != nil:
		return k.options(p)
	case k.day != nil && k.past:
		return pastDays
	case k.working:
		return dueDays
	case k.day != nil:
		return comingDays
	}
	return k.typical
}

var (
	myself     = []queryOption{{text: queryMyself, chinese: "我", english: "Me", names: []string{"me"}}}
	comingDays = []queryOption{
		{text: "today", chinese: "今天", english: "Today"},
		{text: "3d", chinese: "3 天后", english: "In 3 days"},
		{text: "7d", chinese: "7 天后", english: "In 7 days"},
		{text: "30d", chinese: "30 天后", english: "In 30 days"},
	}
	dueDays = []queryOption{
		{text: "today", chinese: "今天", english: "Today"},
		{text: "3d", chinese: "3 个工作日后", english: "In 3 working days"},
		{text: "7d", chinese: "7 个工作日后", english: "In 7 working days"},
		{text: "30d", chinese: "30 个工作日后", english: "In 30 working days"},
	}
	pastDays = []queryOption{
		{text: "today", chinese: "今天", english: "Today"},
		{text: "-1d", chinese: "昨天", english: "Yesterday"},
		{text: "-7d", chinese: "7 天前", english: "7 days ago"},
		{text: "-30d", chinese: "30 天前", english: "30 days ago"},
	}
)
