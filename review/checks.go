package review

import (
	"slices"
	"strings"
)

// Inspection is one look at an application that is well-formed and may still be wrong (domain §7).
type Inspection struct {
	Application *Application
	Policy      *Policy
	Facts       Facts
	// Filed is the day of submission in Asia/Shanghai, today for a draft: windows and ages are meant on that day.
	Filed Date
	// Held is the register's record of the person before this application, nil for none.
	Held     *CertificateVersion
	field    *Field
	problems []Problem
}

// Find adds a finding about the field or slot that is being looked at.
func (i *Inspection) Find(severity Severity, code string, args Args) {
	i.problems = append(i.problems, Problem{severity, i.field.Key, code, args})
}

// answer returns the only or first answer of the field that is being looked at.
func (i *Inspection) answer() string { return i.Application.Form.Get(i.field.Key) }

// Checks returns the automatic checks of the application in the order of the registry: hints for the reviewer beside
// the field or attachment that they concern, never verdicts. Block keeps the last level from approving. What only the
// person behind the desk can judge, such as hours of continuing education, is not among them.
func Checks(a *Application, p *Policy, f Facts, today Date) []Problem {
	i := &Inspection{Application: a, Policy: p, Facts: f, Filed: DateOf(a.SubmittedAt)}
	if i.Filed.IsZero() {
		i.Filed = today
	}
	i.Held = heldBefore(f.Certificate, a.Reference)
	for n := range registry {
		i.field = &registry[n]
		i.drawable()
		if asked, _ := i.field.Asked(a.Kind, a.Form, p); !asked {
			continue
		}
		if i.field.Type == File {
			i.files()
		}
		if i.field.Inspect != nil {
			i.field.Inspect(i)
		}
	}
	return append(i.problems, i.drawableElsewhere()...)
}

// heldBefore returns the record that the application is compared with: the current version, once the application's own
// approval is left out.
func heldBefore(c *Certificate, reference string) *CertificateVersion {
	if c == nil {
		return nil
	}
	for i := len(c.Versions) - 1; i >= 0; i-- {
		if v := &c.Versions[i]; !v.Void && (v.Reference == "" || v.Reference != reference) {
			return v
		}
	}
	return nil
}

// drawable blocks what the certificate's font cannot draw: no certificate is issued with a missing glyph (domain §5).
// A private-use character has no glyph that anybody could vouch for.
func (i *Inspection) drawable() {
	missing := slices.Clone(i.Facts.Undrawable[i.field.Key])
	if i.field.Print {
		missing = append(missing, runesOf(i.answer(), IsPrivate)...)
	}
	if len(missing) > 0 {
		i.Find(Block, "undrawable", Args{"characters": listRunes(missing)})
	}
}

// drawableElsewhere does the same for printed words that are no answers of the form.
func (i *Inspection) drawableElsewhere() []Problem {
	keys := map[string]bool{}
	for key, runes := range i.Facts.Undrawable {
		if _, ok := FieldOf(key); !ok && len(runes) > 0 {
			keys[string(key)] = true
		}
	}
	var problems []Problem
	for _, key := range sortedKeys(keys) {
		characters := listRunes(i.Facts.Undrawable[Key(key)])
		problems = append(problems, Problem{Block, Key(key), "undrawable", Args{"characters": characters}})
	}
	return problems
}

func runesOf(text string, is func(rune) bool) []rune {
	return slices.DeleteFunc([]rune(text), func(r rune) bool { return !is(r) })
}

// listRunes names each character once, in the order of code points.
func listRunes(runes []rune) string {
	runes = slices.Compact(slices.Sorted(slices.Values(runes)))
	names := make([]string, len(runes))
	for i, r := range runes {
		names[i] = codePoint(r)
	}
	return strings.Join(names, ", ")
}

// MostOthers is how many other persons' records a fact names: more tell a reviewer nothing new.
const MostOthers = 8

// listReferences names references and certificate numbers, each once; how many of them a line shows is the words'
// business.
func listReferences(references []string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(references))), ", ")
}

// AlikeIn returns the fields and slots about which the problems name the record of another person.
func AlikeIn(problems []Problem, name string) []Key {
	var keys []Key
	for _, p := range problems {
		if slices.Contains(strings.Split(p.Args["references"], ", "), name) {
			keys = append(keys, p.Target)
		}
	}
	return keys
}
