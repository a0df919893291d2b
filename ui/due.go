package ui

import (
	"strconv"
	"strings"

	"rongzheng/review"
	"rongzheng/store"
)

// What waits is shown in three groups, in the order in which it is due: overdue, due soon, the rest. A list with room for
// it sets a heading above each; one without says the numbers on the line beneath it. Every row has the sign of its group.

// dueGroup is one of the groups.
type dueGroup int

const (
	overdue dueGroup = iota
	dueSoon
	dueLater
	dueGroups
)

const (
	// soonDays is how many working days are soon.
	soonDays = 3
	// headingsFrom is the height of a list from which there is room for headings.
	headingsFrom = 12
)

// dueCounts are how many rows of a queue each group has.
type dueCounts struct {
	known bool
	n     [dueGroups]int
	exact bool
}

// byDue reports whether the queue sorts by what is due.
func byDue(queue store.QueueName) bool {
	return queue == store.Pending || queue == store.Waiting || queue == store.Held
}

// soonUntil is the last day that is soon.
func soonUntil(p *review.Policy, today review.Date) review.Date {
	day, _ := p.Calendar.AddWorkdays(today, soonDays)
	return day
}

// countDue counts the groups of a queue with so many rows; a filtered one is not counted.
func countDue(from pages, q store.Queue, p *review.Policy, total int) (dueCounts, error) {
	if !byDue(q.Name) || len(q.Query.Terms) > 0 {
		return dueCounts{}, nil
	}
	n, exact, err := from.CountDue(q, q.Today, soonUntil(p, q.Today).AddDays(1))
	if err != nil {
		return dueCounts{}, err
	}
	return dueCounts{known: true, n: [...]int{n[0], n[1] - n[0], max(total-n[1], 0)}, exact: exact}, nil
}

func (l *list) groupOf(a *review.Application) dueGroup {
	switch {
	case a.DueOn.IsZero():
		return dueLater
	case a.DueOn.Before(l.today):
		return overdue
	case !a.DueOn.After(l.soon):
		return dueSoon
	}
	return dueLater
}

// sectioned reports whether headings stand in the list.
func (l *list) sectioned() bool { return byDue(l.queue) && l.lines >= headingsFrom }

// groupText names a group with its sign and, where it is known, its number.
func (l *list) groupText(g dueGroup) string {
	sign := [...]string{signWarn + " ", signSoon + " ", ""}[g]
	text := sign + l.s.words.Say([...]string{"group.overdue", "group.soon", "group.later"}[g])
	if !l.groups.known {
		return text
	}
	text += " " + strconv.Itoa(l.groups.n[g])
	if !l.groups.exact {
		if g == dueLater { // what the others left is not known
			return sign + l.s.words.Say("group.later")
		}
		text += "+"
	}
	return text
}

// section is the heading above the rows of a group.
func (l *list) section(g dueGroup, width int) string {
	st := l.s.styles
	style := [...]func(...string) string{st.bad.Render, st.warn.Render, st.muted.Render}[g]
	text := l.groupText(g)
	return cut(st.muted.Render(signRule+signRule)+" "+style(text)+" ", width)
}

// groupLine is the line beneath a list that has no headings: how many each group has. It is "" where nothing is known.
func (l *list) groupLine() string {
	if !byDue(l.queue) || l.sectioned() || !l.groups.known || l.total == 0 {
		return ""
	}
	var parts []string
	for g := range dueGroups {
		if l.groups.n[g] > 0 {
			parts = append(parts, l.groupText(g))
		}
	}
	return strings.Join(parts, " · ")
}

// rowAt returns the row on a line of the list as it is drawn; false for a heading and below the last row.
func (l *list) rowAt(line int) (int, bool) {
	last := dueGroup(-1)
	for i := range l.rows {
		if l.sectioned() {
			if g := l.groupOf(l.rows[i].Application); g != last {
				last = g
				line--
			}
		}
		if line == 0 {
			return i, true
		}
		if line--; line < -1 {
			break
		}
	}
	return 0, false
}
