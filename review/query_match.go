package review

import (
	"slices"
	"strings"
)

// Match reports whether every term but the words holds for the application, as the account sees it on the day. Words and
// Without are the search index's to answer: only it knows spellings. checks returns the automatic checks (Checks) of the
// application; it is called at most once, after every other term holds, and only when NeedsFacts. It may be nil where
// not; without it nothing is found.
func (q Query) Match(a *Application, by Actor, checks func() []Problem, today Date) bool {
	if len(q.Terms) == 0 {
		return true
	}
	m := matching{a: a, by: by, checks: checks, today: today}
	costly := false
	for i := range q.Terms {
		if t := &q.Terms[i]; t.facts {
			costly = true
		} else if !t.holds(&m) {
			return false
		}
	}
	for i := range q.Terms {
		if t := &q.Terms[i]; costly && t.facts && !t.holds(&m) {
			return false
		}
	}
	return true
}

// matching is one application that is held against a query.
type matching struct {
	a        *Application
	by       Actor
	today    Date
	checks   func() []Problem
	problems []Problem
}

// found reports whether the automatic checks have a finding of the severity.
func (m *matching) found(severity Severity) bool {
	if m.checks != nil {
		m.problems, m.checks = m.checks(), nil
	}
	return slices.ContainsFunc(m.problems, func(p Problem) bool { return p.Severity == severity })
}

func (t *Term) holds(m *matching) bool { return t.key == nil || t.compare(m) != t.Not }

// compare tells whether the term holds, its minus left aside.
func (t *Term) compare(m *matching) bool {
	switch k := t.key; {
	case k.day != nil:
		day := k.day(m)
		return !day.IsZero() && t.any(func(v *Value) bool { return v.days.on(m.today).compare(t.Op, day) })
	case k.number != nil:
		n, ok := k.number(m)
		return ok && t.any(func(v *Value) bool { return compareCount(t.Op, n, v.number) })
	case len(t.Values) == 0:
		return k.holds(m, "")
	default:
		return t.any(func(v *Value) bool { return k.holds(m, v.code) })
	}
}

func (t *Term) any(holds func(*Value) bool) bool {
	for i := range t.Values {
		if holds(&t.Values[i]) {
			return true
		}
	}
	return false
}

func compareCount(op Op, n, with int) bool {
	switch op {
	case OpLess:
		return n < with
	case OpAtMost:
		return n <= with
	case OpMore:
		return n > with
	case OpAtLeast:
		return n >= with
	}
	return n == with
}

// account returns the name of the account that a value stands for.
func (m *matching) account(name string) string {
	if name == queryMyself {
		return m.by.Name
	}
	return name
}

func decidedOn(m *matching) Date {
	last, _ := m.a.LastDecision()
	return DateOf(last.At)
}

func decidedBy(m *matching, name string) bool {
	name = m.account(name)
	return slices.ContainsFunc(m.a.Decisions, func(d Decision) bool { return d.By == name })
}

// isMine: decisions on earlier revisions count, since they bar the account as well.
func isMine(m *matching, _ string) bool {
	mine := func(d Decision) bool { return d.By == m.by.Name }
	return m.a.EnteredBy == m.by.Name || slices.ContainsFunc(m.a.Decisions, mine) || slices.ContainsFunc(m.a.Earlier, mine)
}

func hasReason(m *matching, code string) bool {
	for _, d := range m.a.Decisions {
		if slices.ContainsFunc(d.Reasons, func(r Reason) bool { return r.Code == code }) {
			return true
		}
	}
	return false
}

// lastFourDigits is how much of an identity number may be looked for besides the whole: what masks show (domain §10).
const lastFourDigits = 4

func sameIdentity(m *matching, code string) bool {
	id := m.a.Form.Get("id_number")
	return id == code || len(code) == lastFourDigits && len(id) > lastFourDigits && strings.HasSuffix(id, code)
}

func beginsWith(of func(a *Application) string) func(*matching, string) bool {
	return func(m *matching, code string) bool { return strings.HasPrefix(plainQueryNumber(of(m.a)), code) }
}
