package review

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// policyReader walks the nodes of a policy file and collects everything that is wrong with it. Its methods return the
// zero value for a node that is nil (its absence has been reported) or wrong (it reports that), so that reading goes on.
type policyReader struct {
	problems []PolicyProblem
}

func (r *policyReader) refuse(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, NewPolicyProblem(n.Line, format, args...))
}

// is reports whether the node is there and of the kind. Aliases are of no kind: a policy is read as it stands.
func (r *policyReader) is(n *yaml.Node, kind yaml.Kind, what, form string) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == yaml.AliasNode:
		r.refuse(n, "%s: the alias *%s is not allowed, write it out", what, quoted(n.Value))
		return false
	case n.Kind != kind:
		r.refuse(n, "%s must be %s", what, form)
		return false
	}
	return true
}

// A policyEntry is one key of a mapping with its value.
type policyEntry struct {
	key, value *yaml.Node
}

// entries returns the keys of a mapping in the order of the file, each once.
func (r *policyReader) entries(n *yaml.Node, what string) []policyEntry {
	if !r.is(n, yaml.MappingNode, what, "a list of keys with values") {
		return nil
	}
	var found []policyEntry
	lines := map[string]int{}
	for pair := range slices.Chunk(n.Content, 2) {
		key, value := pair[0], pair[1]
		if !r.is(key, yaml.ScalarNode, what+": a key", "a plain word") {
			continue
		}
		if line, double := lines[key.Value]; double {
			r.refuse(key, "%s: key %s stands in line %d already", what, quoted(key.Value), line)
			continue
		}
		lines[key.Value] = key.Line
		found = append(found, policyEntry{key, value})
	}
	return found
}

// fields returns the values of a mapping by key and refuses keys that are neither required nor optional, and required
// ones that are missing.
func (r *policyReader) fields(n *yaml.Node, what string, required []string, optional ...string) map[string]*yaml.Node {
	values := map[string]*yaml.Node{}
	for _, e := range r.entries(n, what) {
		if !slices.Contains(required, e.key.Value) && !slices.Contains(optional, e.key.Value) {
			r.refuse(e.key, "%s: unknown key %s", what, quoted(e.key.Value))
			continue
		}
		values[e.key.Value] = e.value
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return values
	}
	for _, key := range required {
		if values[key] == nil {
			r.refuse(n, "%s: %s is missing", what, key)
		}
	}
	return values
}

// items returns the elements of a sequence.
func (r *policyReader) items(n *yaml.Node, what string) []*yaml.Node {
	if !r.is(n, yaml.SequenceNode, what, "a list") {
		return nil
	}
	return n.Content
}

// text returns a text of one line that people may see: not empty, no control or formatting characters, no spaces around.
func (r *policyReader) text(n *yaml.Node, what string) string {
	if !r.is(n, yaml.ScalarNode, what, "a text") {
		return ""
	}
	switch {
	case n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "":
		r.refuse(n, "%s must not be empty", what)
	case strings.TrimSpace(n.Value) != n.Value:
		r.refuse(n, "%s must not begin or end with a space", what)
	case strings.ContainsFunc(n.Value, hidden):
		r.refuse(n, "%s must be one line without control characters", what)
	default:
		return n.Value
	}
	return ""
}

// hidden tells characters that a terminal obeys instead of showing: control characters, line breaks, bidirectional
// overrides and other format characters.
func hidden(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || c == unicode.ReplacementChar
}

// whole returns a whole number from low to high, written in decimal digits.
func (r *policyReader) whole(n *yaml.Node, what string, low, high int) int {
	if !r.is(n, yaml.ScalarNode, what, "a number") {
		return 0
	}
	number, err := strconv.Atoi(n.Value)
	if err != nil || number < low || number > high || n.Value != strconv.Itoa(number) {
		r.refuse(n, "%s must be a whole number from %d to %d, not %s", what, low, high, quoted(n.Value))
		return 0
	}
	return number
}

// flag returns a yes or no, written as true or false.
func (r *policyReader) flag(n *yaml.Node, what string) bool {
	return r.oneOf(n, what, "true", "false") == "true"
}

// oneOf returns one of the words, "" for none of them.
func (r *policyReader) oneOf(n *yaml.Node, what string, words ...string) string {
	if !r.is(n, yaml.ScalarNode, what, strings.Join(words, " or ")) {
		return ""
	}
	if !slices.Contains(words, n.Value) {
		r.refuse(n, "%s must be %s, not %s", what, strings.Join(words, " or "), quoted(n.Value))
		return ""
	}
	return n.Value
}

// day returns the calendar day that a part of a scalar names; n is where it stands.
func (r *policyReader) day(n *yaml.Node, what, value string) Date {
	d, err := ParseDate(value)
	if err != nil || d.IsZero() {
		r.refuse(n, "%s: %s is not a day written as 2026-01-31", what, quoted(value))
		return Date{}
	}
	return d
}

// quoted shows a word of the file in a message, shortened and without anything that a terminal would obey.
func quoted(word string) string {
	if runes := []rune(word); len(runes) > 40 {
		word = string(runes[:40]) + "…"
	}
	return strconv.Quote(word)
}
