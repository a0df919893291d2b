package review

import "slices"

// Plan is what indexes can answer of a query: every application that Match lets through lies within it. A nil list is
// no limit; an empty range of days is none either.
type Plan struct {
	States []State
	Kinds  []Kind
	// Levels are those of Application.Level, in whatever state; Areas the codes of Application.Area.
	Levels []int
	Areas  []string
	Held   Answer
	// Unchanged is that of Application.Unchanged.
	Unchanged Answer
	// Due, Submitted and Decided are days of DueOn, of SubmittedAt and of the last decision in force.
	Due, Submitted, Decided DayRange
	// Words must all be found by the search index, each by itself: those of Query.Words, and names and numbers that keys
	// ask for, which it finds by the same text.
	Words []string
	// Nothing says that no application can match.
	Nothing bool
	// Exact says that Match lets through everything that Admits does, so that only Words and Query.Without remain to be
	// answered.
	Exact bool
}

// Answer is yes, no, or not asked.
type Answer int8

// The answers.
const (
	Unasked Answer = iota
	Yes
	No
)

// DayRange is a range of calendar days, both ends included; a zero end is open.
type DayRange struct {
	From, Until Date
}

// IsZero reports whether the range has no end: it holds what has no day as well.
func (r DayRange) IsZero() bool { return r == DayRange{} }

// Contains reports whether the day lies in the range. The zero Date lies in none that has an end.
func (r DayRange) Contains(day Date) bool {
	if day.IsZero() {
		return r.IsZero()
	}
	return !day.Before(r.From) && (r.Until.IsZero() || !day.After(r.Until))
}

// Plan returns what indexes can answer of the query on the day.
func (q Query) Plan(today Date) Plan {
	p := Plan{Words: q.Words(), Exact: true}
	for i := range q.Terms {
		t := &q.Terms[i]
		switch {
		case t.key == nil:
			continue
		case t.key.plan == nil || !t.key.plan(&p, t, today):
			p.Exact = false
		}
		if word, ok := t.hint(); ok && !slices.Contains(p.Words, word) {
			p.Words = append(p.Words, word)
		}
	}
	for _, r := range []DayRange{p.Due, p.Submitted, p.Decided} {
		p.Nothing = p.Nothing || !r.Until.IsZero() && r.From.After(r.Until)
	}
	return p
}

// hint returns the word by which the search index finds at least what the term lets through.
func (t *Term) hint() (string, bool) {
	if t.Not || !t.key.hint || len(t.Values) != 1 {
		return "", false
	}
	return t.Values[0].code, true
}

// Admits reports whether the application lies within the plan, its words left aside.
func (p *Plan) Admits(a *Application) bool {
	return !p.Nothing && within(p.States, a.State) && within(p.Kinds, a.Kind) && within(p.Levels, a.Level) &&
		within(p.Areas, a.Area) && p.Held.Admits(a.Held) && p.Unchanged.Admits(a.Unchanged) && p.Due.Contains(a.DueOn) &&
		p.Submitted.Contains(DateOf(a.SubmittedAt)) && p.Decided.Contains(decidedOn(&matching{a: a}))
}

func within[T comparable](list []T, value T) bool { return list == nil || slices.Contains(list, value) }

// Admits reports whether the answer lets through what is so, or is not.
func (a Answer) Admits(yes bool) bool { return a == Unasked || (a == Yes) == yes }

// narrow keeps of a list, or of all there can be, what the term lets through.
func narrow[T any](p *Plan, list *[]T, all []T, keep func(T) bool) bool {
	if *list == nil {
		*list = all
	}
	kept := slices.DeleteFunc(slices.Clone(*list), func(value T) bool { return !keep(value) })
	if len(kept) == 0 {
		kept, p.Nothing = []T{}, true
	}
	*list = kept
	return true
}

func (t *Term) names(code string) bool {
	return t.any(func(v *Value) bool { return v.code == code })
}

func planKinds(p *Plan, t *Term, _ Date) bool {
	return narrow(p, &p.Kinds, Kinds(), func(k Kind) bool { return t.names(string(k)) != t.Not })
}

func planStates(p *Plan, t *Term, _ Date) bool {
	return narrow(p, &p.States, States(), func(s State) bool { return t.names(string(s)) != t.Not })
}

func planLevels(p *Plan, t *Term, _ Date) bool {
	all := make([]int, maxLevels+1)
	for level := range all {
		all[level] = level
	}
	return narrow(p, &p.Levels, all, func(level int) bool {
		return t.any(func(v *Value) bool { return compareCount(t.Op, level, v.number) }) != t.Not
	})
}

// planAreas leaves out exclusions: applications may lie in areas that the policy does not list any more.
func planAreas(p *Plan, t *Term, _ Date) bool {
	if t.Not {
		return false
	}
	codes := make([]string, len(t.Values))
	for i, v := range t.Values {
		codes[i] = v.code
	}
	return narrow(p, &p.Areas, codes, t.names)
}

// planHeld asks the state as well: only what is in review is set aside.
func planHeld(p *Plan, t *Term, _ Date) bool {
	return p.answer(&p.Held, t) && (t.Not || p.inReview())
}

// planDue asks the state as well: only what is in review has a day on which it is due.
func planDue(p *Plan, t *Term, today Date) bool {
	exact := planDays(func(p *Plan) *DayRange { return &p.Due })(p, t, today)
	return (p.Due.IsZero() || p.inReview()) && exact
}

func (p *Plan) inReview() bool {
	return narrow(p, &p.States, States(), func(s State) bool { return s == InReview })
}

func planUnchanged(p *Plan, t *Term, _ Date) bool { return p.answer(&p.Unchanged, t) }

// answer asks for yes, or with a minus for no.
func (p *Plan) answer(asked *Answer, t *Term) bool {
	wanted := Yes
	if t.Not {
		wanted = No
	}
	p.Nothing = p.Nothing || *asked != Unasked && *asked != wanted
	*asked = wanted
	return true
}

func planOverdue(p *Plan, t *Term, today Date) bool {
	if t.Not {
		return false
	}
	p.Due.meet(DayRange{Until: today.AddDays(-1)})
	return p.inReview()
}

// planDays narrows a range of days. Several values are taken as all days from the first to the last; what a minus
// excludes leaves out nothing, since it lets through what has no day.
func planDays(of func(*Plan) *DayRange) func(*Plan, *Term, Date) bool {
	return func(p *Plan, t *Term, today Date) bool {
		if t.Not {
			return false
		}
		span := t.Values[0].days.on(today)
		for _, v := range t.Values[1:] {
			days := v.days.on(today)
			span.from, span.until = earlier(span.from, days.from), later(span.until, days.until)
		}
		of(p).meet(span.reach(t.Op))
		return len(t.Values) == 1
	}
}

// reach returns the days that a comparison with the days lets through.
func (d queryDays) reach(op Op) DayRange {
	switch op {
	case OpLess:
		return DayRange{Until: d.from.AddDays(-1)}
	case OpAtMost:
		return DayRange{Until: d.until}
	case OpMore:
		return DayRange{From: d.until.AddDays(1)}
	case OpAtLeast:
		return DayRange{From: d.from}
	}
	return DayRange{From: d.from, Until: d.until}
}

// meet keeps the days that lie in both ranges.
func (r *DayRange) meet(other DayRange) {
	r.From = later(r.From, other.From)
	if r.Until.IsZero() || !other.Until.IsZero() && other.Until.Before(r.Until) {
		r.Until = other.Until
	}
}

func earlier(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}
