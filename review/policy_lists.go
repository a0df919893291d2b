package review

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// optionLists returns the names of the lists of options that the fields of the form ask for, sorted.
func optionLists() []string {
	var names []string
	for _, field := range Fields() {
		if field.Options != "" {
			names = append(names, field.Options)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ruleCodes returns the codes of a list that rules name: a policy may add to these and rename them, but not drop them.
func ruleCodes(list string) []string {
	switch list {
	case "sex":
		return []string{Male, Female}
	case "id_type":
		return []string{ResidentCard, HongKongPermit, TaiwanPermit, ForeignersCard}
	case "education":
		return []string{lowestEducation}
	case "employer_type":
		return []string{CommunityEmployer}
	case "delegate":
		return []string{NoDelegate}
	case "honour":
		return []string{NoHonour}
	case "level":
		return []string{SeniorLevel}
	}
	return nil
}

func (r *policyReader) options(n *yaml.Node) map[string][]Option {
	names := optionLists()
	found := r.fields(n, "options", names)
	lists := map[string][]Option{}
	for _, name := range names {
		if list := found[name]; list != nil {
			lists[name] = r.optionList(list, name)
		}
	}
	return lists
}

func (r *policyReader) optionList(n *yaml.Node, name string) []Option {
	form := codeForm
	if name == "area" {
		form = areaForm
	}
	var list []Option
	codes, labels := r.once("options "+name, "code"), r.once("options "+name, "label")
	for _, item := range r.items(n, "options "+name) {
		list = append(list, r.option(item, name, form, codes, labels))
	}
	if n.Kind != yaml.SequenceNode {
		return nil
	}
	if !slices.ContainsFunc(list, func(o Option) bool { return !o.Disabled }) {
		r.refuse(n, "options %s: at least one must be on offer", name)
	}
	for _, code := range ruleCodes(name) {
		if !hasCode(list, code) {
			r.refuse(n, "options %s: the code %s is missing, a rule of the program names it", name, quoted(code))
		}
	}
	return list
}

func (r *policyReader) option(n *yaml.Node, list string, form *regexp.Regexp, codes, labels func(*yaml.Node)) Option {
	what := "options " + list
	f := r.fields(n, what, []string{"code", "label", "english"}, "proof", "disabled")
	if proof := f["proof"]; proof != nil && list != "community_post" {
		r.refuse(proof, "%s: proof belongs to community_post only", what)
	}
	codes(f["code"])
	labels(f["label"])
	return Option{
		Code:     r.code(f["code"], what, form),
		Label:    r.text(f["label"], what+": label"),
		English:  r.text(f["english"], what+": english"),
		Proof:    f["proof"] != nil && r.flag(f["proof"], what+": proof"),
		Disabled: f["disabled"] != nil && r.flag(f["disabled"], what+": disabled"),
	}
}

func (r *policyReader) code(n *yaml.Node, what string, form *regexp.Regexp) string {
	code := r.text(n, what+": code")
	if code != "" && !form.MatchString(code) {
		r.refuse(n, "%s: %s does not have the form of a code (%s)", what, quoted(code), form)
		return ""
	}
	return code
}

// once returns a check that a value stands only once in a list, which names the line of the first.
func (r *policyReader) once(what, key string) func(*yaml.Node) {
	lines := map[string]int{}
	return func(n *yaml.Node) {
		if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" {
			return
		}
		if line, double := lines[n.Value]; double {
			r.refuse(n, "%s: the %s %s stands in line %d already", what, key, quoted(n.Value), line)
			return
		}
		lines[n.Value] = n.Line
	}
}

func (r *policyReader) reasons(n *yaml.Node) []ReasonText {
	var reasons []ReasonText
	items, codes := r.items(n, "reasons"), r.once("reasons", "code")
	for _, item := range items {
		f := r.fields(item, "reasons", []string{"code", "label", "english", "needs"}, "note")
		codes(f["code"])
		needs := r.oneOf(f["needs"], "reasons: needs", "none", "field", "attachment")
		if needs == "none" {
			needs = ""
		}
		reasons = append(reasons, ReasonText{
			Code:    r.code(f["code"], "reasons", reasonForm),
			Label:   r.text(f["label"], "reasons: label"),
			English: r.text(f["english"], "reasons: english"),
			Needs:   needs,
			Note:    f["note"] != nil && r.flag(f["note"], "reasons: note"),
		})
	}
	if n != nil && n.Kind == yaml.SequenceNode && len(items) == 0 {
		r.refuse(n, "reasons: at least one is needed, a refusal always carries one")
	}
	return reasons
}

func (r *policyReader) calendar(n *yaml.Node) Calendar {
	calendar := Calendar{}
	for _, e := range r.entries(n, "calendar") {
		year, err := strconv.Atoi(e.key.Value)
		if err != nil || year < 1949 || year > 2999 || e.key.Value != strconv.Itoa(year) {
			r.refuse(e.key, "calendar: %s is not a year", quoted(e.key.Value))
			continue
		}
		calendar[year] = r.calendarYear(e.value, year)
	}
	return calendar
}

func (r *policyReader) calendarYear(n *yaml.Node, year int) CalendarYear {
	what := "calendar " + strconv.Itoa(year)
	f := r.fields(n, what, []string{"off", "work"})
	days := dayList{r, what, year, map[Date]int{}}
	y := CalendarYear{
		Off:  days.read(f["off"], "off", func(Date) bool { return true }),
		Work: days.read(f["work"], "work", weekend),
	}
	if off := f["off"]; off != nil && off.Kind == yaml.SequenceNode && len(off.Content) == 0 {
		r.refuse(off, "%s: off is empty; leave the year out where its list is not published yet", what)
	}
	return y
}

// dayList reads the lists of days of one year and knows in which line each day stands.
type dayList struct {
	*policyReader
	what  string
	year  int
	lines map[Date]int
}

func (l *dayList) read(n *yaml.Node, key string, fits func(Date) bool) map[Date]bool {
	days := map[Date]bool{}
	for _, item := range l.items(n, l.what+": "+key) {
		first, last := l.span(item, key)
		for d := first; !d.IsZero() && !d.After(last); d = d.AddDays(1) {
			if !l.add(item, d, fits) {
				break // one word about a span is enough
			}
			days[d] = true
		}
	}
	return days
}

// span returns the first and the last day of an element, "A" or "A..B", both in the year; zero days for a wrong one.
func (l *dayList) span(n *yaml.Node, key string) (first, last Date) {
	what := l.what + ": " + key
	if !l.is(n, yaml.ScalarNode, what, "a list of days") {
		return Date{}, Date{}
	}
	from, to, isSpan := strings.Cut(n.Value, "..")
	first = l.day(n, what, from)
	last = first
	if isSpan {
		last = l.day(n, what, to)
	}
	switch {
	case first.IsZero() || last.IsZero():
		return Date{}, Date{}
	case first.Year() != l.year || last.Year() != l.year:
		l.refuse(n, "%s: %s is not in the year", what, quoted(n.Value))
	case last.Before(first):
		l.refuse(n, "%s: %s ends before it begins", what, quoted(n.Value))
	default:
		return first, last
	}
	return Date{}, Date{}
}

func (l *dayList) add(n *yaml.Node, d Date, fits func(Date) bool) bool {
	if line, double := l.lines[d]; double {
		l.refuse(n, "%s: %s stands in line %d already", l.what, d, line)
		return false
	}
	l.lines[d] = n.Line
	if !fits(d) {
		l.refuse(n, "%s: %s is no weekend day, so working on it makes up for nothing", l.what, d)
		return false
	}
	return true
}
