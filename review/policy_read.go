package review

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

//go:embed policy.yaml
var policyFile string

// PolicyFile returns the text of the policy that comes with the program: what a replacement starts from.
func PolicyFile() []byte { return []byte(policyFile) }

// DefaultPolicy returns the policy that comes with the program. It is shared by all callers, who must not change it.
func DefaultPolicy() *Policy { return defaultPolicy() }

var defaultPolicy = sync.OnceValue(func() *Policy {
	p, err := ReadPolicy(PolicyFile())
	if err != nil {
		panic(err) // a fault of the build, which the tests of this package find
	}
	return p
})

// A PolicyError holds everything that is wrong with a policy file, by line.
type PolicyError struct {
	Problems []PolicyProblem
}

// A PolicyProblem is one thing that is wrong with a policy file. Line counts from 1; where something is missing it is
// the line of what should hold it. Form and Args are what Reason is made of, for who says it in another language; Form is ""
// for a message that is not the program's own.
type PolicyProblem struct {
	Line   int
	Reason string
	Form   string
	Args   []any
}

// NewPolicyProblem returns what the form says of the arguments.
func NewPolicyProblem(line int, form string, args ...any) PolicyProblem {
	return PolicyProblem{Line: line, Reason: fmt.Sprintf(form, args...), Form: form, Args: args}
}

func (e *PolicyError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return "policy: " + strings.Join(lines, "; ")
}

// String returns the line and the reason.
func (p PolicyProblem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Reason) }

// The limits of a policy file; they keep counts and dates computable, and are far from what an office would set.
const (
	maxPolicyFile  = 256 << 10 // bytes
	maxLevels      = 5         // domain §6
	maxWorkingDays = 250       // of one level: about a year
	maxOpensDays   = 3 * 366   // a whole validity
	maxYears       = 30
	maxHours       = 1000

	maxClaimMinutes = 24 * 60
)

// ReadPolicy reads a policy file, which replaces the one that comes with the program as a whole. A file that is not
// well-formed, incomplete or contradicts itself is refused with a PolicyError that names all its problems at once.
func ReadPolicy(data []byte) (*Policy, error) {
	root, problem := parsePolicy(data)
	if problem != nil {
		return nil, &PolicyError{[]PolicyProblem{*problem}}
	}
	r := &policyReader{}
	p := r.policy(root)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b PolicyProblem) int { return a.Line - b.Line })
		return nil, &PolicyError{r.problems}
	}
	p.source = bytes.Clone(data)
	return p, nil
}

func parsePolicy(data []byte) (*yaml.Node, *PolicyProblem) {
	if len(data) > maxPolicyFile {
		return nil, new(NewPolicyProblem(1, "the file is larger than %d bytes", maxPolicyFile))
	}
	if problem := unreadable(data); problem != nil {
		return nil, problem
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0:
		return nil, new(NewPolicyProblem(1, "the file is empty"))
	case err != nil:
		return nil, syntaxProblem(data, err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, new(NewPolicyProblem(max(second.Line, 1), "the file must hold one document, here begins a second"))
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(data, err)
	}
	return document.Content[0], nil
}

// unreadable finds what is no text, of which the YAML package names neither line nor character: what an editor saved in
// another encoding, and control characters.
func unreadable(data []byte) *PolicyProblem {
	line := 1
	for rest := data; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			return new(NewPolicyProblem(line, "the text is not UTF-8"))
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r', r == 0x7f:
			return new(NewPolicyProblem(line, "the control character %U stands here", r))
		}
		rest = rest[size:]
	}
	return nil
}

var (
	syntaxForm = regexp.MustCompile(`(?s)^yaml: (?:line ([0-9]+): )?(.*)$`)
	anchorForm = regexp.MustCompile(`^unknown anchor '(.+)' referenced$`)
)

// syntaxProblem takes the line out of the message of the YAML package, which has no other place for it. The message
// names no line for the first one, nor for an alias of nothing, which is looked up.
func syntaxProblem(data []byte, err error) *PolicyProblem {
	parts := syntaxForm.FindStringSubmatch(err.Error())
	if parts == nil {
		return &PolicyProblem{Line: 1, Reason: err.Error()}
	}
	if line, err := strconv.Atoi(parts[1]); err == nil {
		return &PolicyProblem{Line: line, Reason: parts[2]}
	}
	if anchor := anchorForm.FindStringSubmatch(parts[2]); anchor != nil {
		before, _, _ := bytes.Cut(data, []byte("*"+anchor[1]))
		return &PolicyProblem{Line: 1 + bytes.Count(before, []byte("\n")), Reason: parts[2]}
	}
	return &PolicyProblem{Line: 1, Reason: parts[2]}
}

var (
	versionForm = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})(\.[1-9][0-9]?)?$`)
	codeForm    = regexp.MustCompile(`^[0-9A-Za-z]{1,8}$`)
	areaForm    = regexp.MustCompile(`^[0-9]{6}$`)
	reasonForm  = regexp.MustCompile(`^Q[0-9]{2}$`)
)

func (r *policyReader) policy(root *yaml.Node) *Policy {
	top := r.fields(root, "the policy", []string{
		"version", "levels", "renewal", "first", "foreigners_card", "hours", "seen", "claim_minutes", "issue", "mail", "copies", "revocation", "options", "reasons", "calendar", "counter",
	})
	p := &Policy{
		Version:        r.version(top["version"]),
		Levels:         r.levels(top["levels"]),
		Renewal:        r.renewal(top["renewal"]),
		First:          r.first(top["first"]),
		ForeignersCard: r.flag(top["foreigners_card"], "foreigners_card"),
		Seen:           r.seen(top["seen"]),
		ClaimMinutes:   r.whole(top["claim_minutes"], "claim_minutes", 1, maxClaimMinutes),
		Issue:          r.issue(top["issue"]),
		Mail:           r.mail(top["mail"]),
		Copies:         r.copies(top["copies"]),
		Revocation:     r.codedTexts(top["revocation"], "revocation"),
		Options:        r.options(top["options"]),
		Reasons:        r.reasons(top["reasons"]),
		Calendar:       r.calendar(top["calendar"]),
		Counter:        r.counter(top["counter"]),
	}
	p.Hours = r.hours(top["hours"], p.Options["level"])
	return p
}

func (r *policyReader) version(n *yaml.Node) string {
	text := r.text(n, "version")
	if text == "" {
		return ""
	}
	parts := versionForm.FindStringSubmatch(text)
	if parts == nil {
		r.refuse(n, "version must be a day like 2026-01-01, or 2026-01-01.2 for a second one of that day")
		return ""
	}
	r.day(n, "version", parts[1])
	return text
}

func (r *policyReader) levels(n *yaml.Node) []Level {
	items := r.items(n, "levels")
	if n != nil && n.Kind == yaml.SequenceNode && (len(items) < 1 || len(items) > maxLevels) {
		r.refuse(n, "levels: one to %d are possible, not %d", maxLevels, len(items))
	}
	var levels []Level
	for i, item := range items {
		what := fmt.Sprintf("level %d", i+1)
		f := r.fields(item, what, []string{"name", "english", "office", "scope", "working_days"})
		levels = append(levels, Level{
			Name:        r.text(f["name"], what+": name"),
			English:     r.text(f["english"], what+": english"),
			Office:      r.text(f["office"], what+": office"),
			City:        r.oneOf(f["scope"], what+": scope", "areas", "city") == "city",
			WorkingDays: r.whole(f["working_days"], what+": working_days", 1, maxWorkingDays),
		})
	}
	return levels
}

func (r *policyReader) renewal(n *yaml.Node) RenewalPolicy {
	f := r.fields(n, "renewal", []string{"opens_days", "after_expiry"})
	return RenewalPolicy{
		OpensDays:   r.whole(f["opens_days"], "renewal: opens_days", 0, maxOpensDays),
		AfterExpiry: r.afterExpiry(f["after_expiry"], "renewal: after_expiry"),
	}
}

func (r *policyReader) first(n *yaml.Node) FirstPolicy {
	f := r.fields(n, "first", []string{"within_years", "late"})
	return FirstPolicy{
		WithinYears: r.whole(f["within_years"], "first: within_years", 0, maxYears),
		Late:        r.afterExpiry(f["late"], "first: late"),
	}
}

func (r *policyReader) afterExpiry(n *yaml.Node, what string) AfterExpiry {
	return AfterExpiry(r.oneOf(n, what, string(AllowExpired), string(WarnExpired), string(BlockExpired)))
}

func (r *policyReader) issue(n *yaml.Node) IssuePolicy {
	f := r.fields(n, "issue", []string{"prefix", "years", "issuer", "paper"})
	prefix := r.text(f["prefix"], "issue: prefix")
	if prefix != "" && !prefixForm.MatchString(prefix) {
		r.refuse(f["prefix"], "issue: prefix must be one to four capital letters, not %s", quoted(prefix))
	}
	return IssuePolicy{
		Prefix: prefix,
		Years:  r.whole(f["years"], "issue: years", 1, maxYears),
		Issuer: r.text(f["issuer"], "issue: issuer"),
		Paper:  r.paper(f),
	}
}

func (r *policyReader) counter(n *yaml.Node) CounterPolicy {
	f := r.fields(n, "counter", []string{"prefix", "draft_days"})
	prefix := r.text(f["prefix"], "counter: prefix")
	if prefix != "" && !prefixForm.MatchString(prefix) {
		r.refuse(f["prefix"], "counter: prefix must be one to four capital letters, not %s", quoted(prefix))
	}
	return CounterPolicy{Prefix: prefix, DraftDays: r.whole(f["draft_days"], "counter: draft_days", 1, maxOpensDays)}
}

// hours needs a number for every level of the credential and for nothing else.
func (r *policyReader) hours(n *yaml.Node, levels []Option) map[string]int {
	hours := map[string]int{}
	for _, e := range r.entries(n, "hours") {
		code := e.key.Value
		if len(levels) > 0 && !hasCode(levels, code) {
			r.refuse(e.key, "hours: %s is not a code of the options level", quoted(code))
		}
		hours[code] = r.whole(e.value, "hours: "+quoted(code), 0, maxHours)
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return hours
	}
	for _, level := range levels {
		if _, ok := hours[level.Code]; !ok {
			r.refuse(n, "hours: the level %s is missing", quoted(level.Code))
		}
	}
	return hours
}

// seen takes slots of attachments, each once; an empty list requires nothing.
func (r *policyReader) seen(n *yaml.Node) []Key {
	var slots []Key
	for _, item := range r.items(n, "seen") {
		slot := Key(r.text(item, "seen: a slot"))
		field, ok := FieldOf(slot)
		switch {
		case slot == "":
		case !ok || field.Type != File:
			r.refuse(item, "seen: %s is no slot of attachments", quoted(string(slot)))
		case slices.Contains(slots, slot):
			r.refuse(item, "seen: %s is listed twice", quoted(string(slot)))
		default:
			slots = append(slots, slot)
		}
	}
	return slots
}

func hasCode(list []Option, code string) bool {
	return slices.ContainsFunc(list, func(o Option) bool { return o.Code == code })
}
