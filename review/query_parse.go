package review

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ParseQuery reads a query. Options, levels and reasons are those of the policy; a day without a year is one of the
// year of today. It returns a QueryError for the first thing that cannot be read: also for what a saved view names and
// the policy does not list any more.
func ParseQuery(text string, p *Policy, today Date) (Query, error) {
	src, err := newQuerySource(text)
	if err != nil {
		return Query{}, err
	}
	parser := queryParser{src, p, today}
	var q Query
	for _, raw := range src.terms() {
		terms, err := parser.terms(&raw)
		if err != nil {
			return Query{}, err
		}
		if q.Terms = append(q.Terms, terms...); len(q.Terms) > MaxQueryTerms {
			return Query{}, src.fail(raw.stretch, "query_terms", Args{"max": number(MaxQueryTerms)})
		}
	}
	q.joinDigits()
	q.dropRepeated()
	if utf8.RuneCountInString(q.String()) > MaxQuery {
		return Query{}, src.fail(stretch{0, len(src.runes)}, "query_long", Args{"max": number(MaxQuery)})
	}
	return q, nil
}

type queryParser struct {
	*querySource
	policy *Policy
	today  Date
}

// terms reads one term of the text: several words where quotes held them.
func (p *queryParser) terms(raw *rawTerm) ([]Term, *QueryError) {
	if raw.fault != nil {
		return nil, raw.fault
	}
	switch typed := p.text(raw.key); {
	case raw.quoted:
		return p.words(raw, raw.values[0].text)
	case raw.op.from < raw.op.to:
		t, err := p.compared(raw)
		return []Term{t}, err
	case strings.ContainsFunc(typed, isQueryComma):
		return nil, p.fail(raw.key, "query_comma", Args{"word": typed})
	default:
		if k := flagNamed(typed); k != nil {
			return []Term{{Not: raw.not, Key: k.name, key: k}}, nil
		}
		return p.words(raw, typed)
	}
}

// words makes a term of each word of the text.
func (p *queryParser) words(raw *rawTerm, text string) ([]Term, *QueryError) {
	var terms []Term
	for _, word := range strings.Fields(HalfWidth(text)) {
		if hasContent(word) {
			terms = append(terms, wordTerm(raw.not, word))
		}
	}
	if len(terms) == 0 {
		return nil, p.fail(raw.key, "query_word", nil)
	}
	return terms, nil
}

func wordTerm(not bool, word string) Term { return Term{Not: not, Values: []Value{{Text: word}}} }

// compared reads a term with a key and an operator.
func (p *queryParser) compared(raw *rawTerm) (Term, *QueryError) {
	typed, signs := p.text(raw.key), p.text(raw.op)
	op, known := p.operator(raw.op)
	if !known {
		return Term{}, p.fail(raw.op, "query_operator_unknown", Args{"operator": signs})
	}
	k, err := p.key(raw.key)
	switch {
	case err != nil:
		return Term{}, err
	case k.flag():
		return Term{}, p.fail(stretch{raw.key.from, raw.to}, "query_flag", Args{"flag": typed})
	case op != OpIs && !k.ordered():
		return Term{}, p.fail(raw.op, "query_operator", Args{"key": typed, "operator": signs})
	case op != OpIs && len(raw.values) > 1:
		return Term{}, p.fail(stretch{raw.values[1].from, raw.to}, "query_list", Args{"operator": signs})
	}
	t := Term{Not: raw.not, Key: k.name, Op: op, key: k}
	for i := range raw.values {
		if err := p.value(&t, typed, &raw.values[i]); err != nil {
			return Term{}, err
		}
	}
	return p.settled(t, raw)
}

// settled writes in the one canonical way what could be said in two.
func (p *queryParser) settled(t Term, raw *rawTerm) (Term, *QueryError) {
	if t.key.spelled {
		for i, v := range t.Values {
			switch {
			case !isSpelling(v.code):
			case len(t.Values) > 1:
				return Term{}, p.fail(raw.values[i].stretch, "query_name_letters", nil)
			default:
				return wordTerm(t.Not, v.code), nil
			}
		}
	}
	if len(t.Values) == 1 && t.key.name == "has" {
		if k := flagNamed(t.Values[0].code); k != nil {
			return Term{Not: t.Not, Key: k.name, key: k}, nil
		}
	}
	return t, nil
}

// value reads one value of the term and adds it, unless it is there.
func (p *queryParser) value(t *Term, typed string, raw *rawValue) *QueryError {
	v, facts, err := p.read(t.key, typed, raw)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(t.Values, func(other Value) bool { return other.Text == v.Text }) {
		t.Values = append(t.Values, v)
	}
	t.facts = t.facts || facts
	return nil
}

func (p *queryParser) read(k *queryKey, typed string, raw *rawValue) (v Value, facts bool, err *QueryError) {
	wrong := func(code string) (Value, bool, *QueryError) {
		return Value{}, false, p.fail(raw.stretch, code, Args{"key": typed})
	}
	switch {
	case k.options != nil:
		return p.choose(k, typed, raw)
	case k.number != nil:
		count, ok := readCount(raw.text)
		if !ok {
			return wrong("query_number")
		}
		return count, false, nil
	case k.day != nil:
		days, ok := readDays(raw.text, p.today)
		if k.working {
			days = days.inWorkdays(raw.text, p.policy.Calendar, p.today)
		}
		switch {
		case !ok:
			return wrong("query_day")
		case k.past && days.days.offset > 0:
			return wrong("query_day_ahead")
		}
		return days, false, nil
	}
	read, code := k.read(raw.text)
	if code != "" {
		return wrong(code)
	}
	return read, false, nil
}

// choose reads a value that is one of several options.
func (p *queryParser) choose(k *queryKey, typed string, raw *rawValue) (Value, bool, *QueryError) {
	options := k.options(p.policy)
	if o := chooseOption(options, raw.text); o != nil {
		v := Value{Text: o.text, code: o.code}
		if k.number != nil {
			count, _ := readCount(o.code)
			v.number = count.number
		}
		return v, o.facts, nil
	}
	args := Args{"key": typed, "value": raw.text}
	if _, isNumber := readCount(raw.text); isNumber && k.number != nil {
		args = Args{"key": typed, "min": "1", "max": number(len(options))}
		return Value{}, false, p.fail(raw.stretch, "query_number_range", args)
	}
	if near := nearOption(options, raw.text); near != "" {
		args["near"] = near
		return Value{}, false, p.fail(raw.stretch, "query_value_near", args)
	}
	return Value{}, false, p.fail(raw.stretch, "query_value_unknown", args)
}

// key finds the key that is meant: by its name, or by a part of a label that no other field's has.
func (p *queryParser) key(at stretch) (*queryKey, *QueryError) {
	typed := p.text(at)
	if k := keyByName[foldQuery(typed)]; k != nil {
		return k, nil
	}
	parts := keysWithin(typed)
	switch len(parts) {
	case 0:
		if near := nearKey(typed); near != "" {
			return nil, p.fail(at, "query_key_near", Args{"key": typed, "near": near})
		}
		return nil, p.fail(at, "query_key_unknown", Args{"key": typed})
	case 1:
		return parts[0], nil
	}
	names := make([]string, len(parts))
	for i, k := range parts {
		names[i] = k.name
	}
	return nil, p.fail(at, "query_key_ambiguous", Args{"key": typed, "keys": strings.Join(names, ", ")})
}

// leastPart is the least length of a part of a label that stands for the whole.
const leastPart = 2

// keysWithin returns the keys of the form whose Chinese label holds the text.
func keysWithin(text string) []*queryKey {
	part := foldQuery(text)
	if utf8.RuneCountInString(part) < leastPart || !strings.ContainsFunc(part, IsHan) {
		return nil
	}
	var found []*queryKey
	for i := range queryKeys {
		field, ok := FieldOf(queryKeys[i].answers)
		if ok && strings.Contains(foldQuery(field.Label), part) {
			found = append(found, &queryKeys[i])
		}
	}
	return found
}

// joinDigits makes one word of a number that was typed in groups, where nothing but its digits is asked for: 138 0000
// 1234.
func (q *Query) joinDigits() {
	var joined strings.Builder
	for _, t := range q.Terms {
		if t.Key != "" || t.Not || !isDigits(t.Values[0].Text) {
			return
		}
		joined.WriteString(t.Values[0].Text)
	}
	if len(q.Terms) > 1 && joined.Len() >= leastGrouped {
		q.Terms = []Term{wordTerm(false, joined.String())}
	}
}

// dropRepeated keeps the first of terms that say the same.
func (q *Query) dropRepeated() {
	seen := map[string]bool{}
	q.Terms = slices.DeleteFunc(q.Terms, func(t Term) bool {
		written := t.String()
		repeated := seen[written]
		seen[written] = true
		return repeated
	})
}

// leastGrouped is the length from which digits in groups are one number.
const leastGrouped = 8
