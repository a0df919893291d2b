package ui

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"rongzheng/review"
)

// text is one entry of the catalogue in both languages. What is said with Say has verbs of package fmt, what is said
// with Code has names in braces.
type text struct{ zh, en string }

// catalogue holds every text of the product. Keys with a dot are texts of screens and commands, keys without one are the
// codes of package review.
var catalogue = join(
	screenWords,
	helpWords,
	workflowWords,
	valueWords,
	queryWords,
	exchangeWords,
	faultWords,
	lineWords,
	serveWords,
	pictureWords,
	manyWords,
	dayWords,
	statsWords,
	mailWords,
	liveWords,
	vaultWords,
	packWords,
	counterWords,
	codeWords,
	signatureWords,
	lookupWords,
)

func join(parts ...map[string]text) map[string]text {
	all := map[string]text{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// Words says every text of the product in one language. The zero Words is Chinese under the default policy.
type Words struct {
	lang   review.Lang
	policy *review.Policy
}

// NewWords returns the texts in the language: "en" is English, everything else Chinese. Labels of areas, levels and
// options are those of the default policy; see For.
func NewWords(lang string) Words {
	if lang == string(review.English) {
		return Words{review.English, review.DefaultPolicy()}
	}
	return Words{review.Chinese, review.DefaultPolicy()}
}

// For returns the same texts with the labels of the policy.
func (w Words) For(p *review.Policy) Words { return Words{w.lang, p} }

// Lang returns the language.
func (w Words) Lang() review.Lang { return w.lang }

// gap stands between two sentences: Chinese full stops bring their own.
func (w Words) gap() string { return w.pick("", " ") }

func (w Words) pick(zh, en string) string {
	if w.lang == review.English {
		return en
	}
	return zh
}

// Say returns the text of the key, its verbs filled with args. A key that the catalogue lacks comes back as it is.
func (w Words) Say(key string, args ...any) string {
	entry, ok := catalogue[key]
	if !ok {
		return key
	}
	form := w.pick(entry.zh, entry.en)
	if len(args) == 0 {
		return form
	}
	return fmt.Sprintf(form, args...)
}

// Code returns the sentence of a code of package review. Codes of areas, levels and fields among the arguments are
// shown by their labels: area, level (which fills {level_name} too), fields.
func (w Words) Code(code string, args review.Args) string {
	entry, ok := catalogue[code]
	if !ok {
		return code
	}
	pairs := make([]string, 0, 2*len(args)+2)
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", Plain(w.argument(name, value)))
	}
	if level, err := strconv.Atoi(args["level"]); err == nil {
		pairs = append(pairs, "{level_name}", w.Level(level))
	}
	return strings.NewReplacer(pairs...).Replace(w.pick(entry.zh, entry.en))
}

func (w Words) argument(name, value string) string {
	switch name {
	case "area":
		return w.Area(value)
	case "references":
		return w.fewReferences(strings.Split(value, ", "))
	case "fields":
		labels := strings.Split(value, ",")
		for i, key := range labels {
			labels[i] = w.Label(review.Key(key))
		}
		return strings.Join(labels, w.Say("join"))
	}
	return value
}

// Problem returns the sentence of a finding, led by the label of the field or attachment that it is about.
func (w Words) Problem(p review.Problem) string {
	sentence := w.Code(p.Code, p.Args)
	if p.Target == "" {
		return sentence
	}
	return w.Label(p.Target) + w.Say("colon") + sentence
}

// Label returns the label of a field or attachment without explanations in parentheses; printed words that
// are no field of the form (issuer) have labels too. A key that nobody knows comes back as it is.
func (w Words) Label(key review.Key) string {
	field, ok := review.FieldOf(key)
	if !ok {
		if entry, ok := catalogue["printed."+string(key)]; ok {
			return w.pick(entry.zh, entry.en)
		}
		return Plain(string(key))
	}
	return w.pick(shortLabels[field.Key].zh, shortLabels[field.Key].en)
}

// shortLabels are the labels of the registry without their explanations in parentheses, which a line on the screen has
// no room for; where that would make two alike, they stay.
var shortLabels = shorten(review.Fields())

func shorten(fields []review.Field) map[review.Key]text {
	seen, labels := map[string]int{}, map[review.Key]text{}
	for _, f := range fields {
		seen[withoutExplanation(f.Label)]++
		seen[withoutExplanation(f.English)]++
	}
	pick := func(label string) string {
		if short := withoutExplanation(label); seen[short] == 1 {
			return short
		}
		return label
	}
	for _, f := range fields {
		labels[f.Key] = text{pick(f.Label), pick(f.English)}
	}
	return labels
}

func withoutExplanation(label string) string {
	return strings.TrimSpace(explanations.ReplaceAllString(label, ""))
}

var explanations = regexp.MustCompile(`（[^）]*）| ?\([^)]*\)`)

// Level returns the name of a level of review.
func (w Words) Level(number int) string {
	level := w.rules().Level(number)
	if level.Name == "" {
		return w.Say("level.number", number)
	}
	return w.pick(level.Name, level.English)
}

// Area returns the name of a review area, its code when the policy does not list it.
func (w Words) Area(code string) string { return w.Option("area", code) }

// Option returns the label of an option, its code when the policy does not list it.
func (w Words) Option(list, code string) string {
	if option, ok := w.rules().Option(list, code); ok {
		return option.Name(w.lang)
	}
	return Plain(code)
}

// Reason returns the text of a coded reason of rejection, without its code.
func (w Words) Reason(code string) string {
	reason, ok := w.rules().Reason(code)
	if !ok {
		return Plain(code)
	}
	return w.pick(reason.Label, reason.English)
}

func (w Words) rules() *review.Policy {
	if w.policy == nil {
		return review.DefaultPolicy()
	}
	return w.policy
}

// Standing says in one line where an application stands: reference, and level, state or certificate.
func (w Words) Standing(a *review.Application, p *review.Policy) string {
	return a.Reference + "  " + w.For(p).state(a)
}

// state says where an application stands, with the level that it waits for or that rejected it.
func (w Words) state(a *review.Application) string {
	switch {
	case a.State == review.InReview && a.Held:
		return w.Say("state.held", w.Level(a.Level))
	case a.State == review.InReview:
		return w.Say("state.in_review", w.Level(a.Level))
	case a.State == review.Rejected:
		return w.Say("state.rejected", w.Level(a.Level))
	case a.State == review.Approved && a.Certificate != "":
		return w.Say("state.approved_certificate", a.Certificate)
	}
	return w.Say("state." + string(a.State))
}

// fewReferences names three records at most and counts all of them.
func (w Words) fewReferences(list []string) string {
	const most = 3
	n := len(list)
	switch {
	case n >= review.MostOthers:
		return w.Say("references.or_more", strings.Join(list[:most], w.Say("join")), n)
	case n > most:
		return w.Say("references.more", strings.Join(list[:most], w.Say("join")), n)
	}
	return strings.Join(list, w.Say("join"))
}
