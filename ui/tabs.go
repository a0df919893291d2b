package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
	"rongzheng/store"
)

// queueTabs are all queues in the order of the tab line; what waits for a decision is the first.
func queueTabs() []store.QueueName {
	return []store.QueueName{
		store.Pending, store.Waiting, store.Approved, store.Rejected, store.Held, store.Certificates, store.Withdrawn, store.All,
	}
}

// queueTabs are the queues that the account has: nothing ever waits for the decision of one that makes none.
func (s *session) queueTabs() []store.QueueName {
	if s.by.Role == review.Reviewer {
		return queueTabs()
	}
	return queueTabs()[1:]
}

// tab is one place of the tab line: a queue, a section or a saved view.
type tab struct {
	queue   store.QueueName
	section string
	view    *store.SavedView
}

// name is what the program calls the tab.
func (t tab) name() string {
	switch {
	case t.view != nil:
		return t.view.Name
	case t.section != "":
		return t.section
	}
	return string(t.queue)
}

// tabName is what stands on the tab.
func (s *session) tabName(t tab) string {
	switch {
	case t.view != nil:
		return "/" + Plain(t.view.Name)
	case t.section != "":
		return s.words.Say("section." + t.section)
	}
	return s.words.Say("queue." + string(t.queue))
}

// tabs are the queues, then the sections that the account may have, then its views. What the account begins at comes
// before the queues.
func (q *queueScreen) tabs() []tab {
	var first, rest []tab
	for _, one := range q.hall.sections {
		if one.begins != nil && one.begins(q.s.by) {
			first = append(first, tab{section: one.name})
		} else {
			rest = append(rest, tab{section: one.name})
		}
	}
	for _, name := range q.s.queueTabs() {
		first = append(first, tab{queue: name})
	}
	all := append(first, rest...)
	for i := range q.s.saved {
		all = append(all, tab{view: &q.s.saved[i]})
	}
	return all
}

// openTab is the tab that is open: a section, a saved view where queue and filter are its own, otherwise the queue.
func (q *queueScreen) openTab() int {
	l, queue := &q.desk.list, 0
	for i, t := range q.tabs() {
		switch {
		case q.hall.shown != "":
			if t.section == q.hall.shown {
				return i
			}
		case t.view != nil && l.text != "" && l.queue == t.view.Queue && l.text == t.view.Query:
			return i
		case t.queue == l.queue && t.queue != "":
			queue = i
		}
	}
	return queue
}

// showTab opens a section, a queue, to which the filter goes along, or a saved view, whose filter stays behind when it is
// left.
func (q *queueScreen) showTab(at int) tea.Cmd {
	all := q.tabs()
	from, to := all[q.openTab()], all[at]
	if to.section != "" {
		return q.enter(to.section)
	}
	q.hall.show("")
	switch {
	case to.view != nil:
		return q.desk.list.open(to.view.Queue, to.view.Query)
	case from.view != nil:
		return q.desk.list.open(to.queue, "")
	case from.section != "" && to.queue == q.desk.list.queue && !q.desk.list.fetching():
		return q.desk.list.reload()
	}
	return q.show(to.queue)
}

func (q *queueScreen) turn(by int) tea.Cmd {
	n := len(q.tabs())
	return q.showTab((q.openTab() + by + n) % n)
}

// turnTo opens a tab by its digit; 0 stands for the tenth.
func (q *queueScreen) turnTo(digit string) (step, tea.Cmd) {
	n, err := strconv.Atoi(digit)
	if n == 0 {
		n = 10
	}
	if all := q.tabs(); err == nil && n <= len(all) {
		return step{}, q.showTab(n - 1)
	}
	return refuse(q.s.words.Say("tab.unknown", len(q.tabs()))), nil
}

// tabLabels are the tabs as they are shown: with their numbers and apart where there is room, close together where not.
func (q *queueScreen) tabLabels() []string {
	var labels []string
	for _, style := range []tabStyle{{numbered: true, apart: true}, {apart: true}, {}} {
		labels = q.labelled(style)
		if ansi.StringWidth(strings.Join(labels, "")) <= q.tabRoom() {
			break
		}
	}
	return labels
}

type tabStyle struct{ numbered, apart bool }

// tabRoom is what the marks at the end leave for the tabs.
func (q *queueScreen) tabRoom() int {
	if mark := ansi.StringWidth(q.tabMark()); mark > 0 {
		return max(q.width-mark-1, 1)
	}
	return q.width
}

func (q *queueScreen) labelled(style tabStyle) []string {
	var labels []string
	open := q.openTab()
	add := func(label string, here bool) {
		switch {
		case here:
			label = "[" + label + "]"
		case style.apart:
			label = " " + label + " "
		}
		if !style.apart {
			label += " "
		}
		labels = append(labels, label)
	}
	for i, t := range q.tabs() {
		label := q.s.tabName(t)
		if style.numbered && i < 10 && t.view == nil {
			label = strconv.Itoa((i+1)%10) + " " + label
		}
		if n, ok := q.countOn(t); ok {
			label += " " + strconv.Itoa(n)
		}
		add(label, i == open)
	}
	return labels
}

// countOn is the number on a tab, false for none.
func (q *queueScreen) countOn(t tab) (n int, ok bool) {
	switch {
	case t.view != nil:
		return 0, false
	case t.section != "":
		n, ok = q.hall.counts[t.section]
	default:
		n, ok = q.desk.counts[t.queue]
	}
	return n, ok
}

// tabWindow are the labels in sight, from first up to end, and the marks of those before and behind it.
type tabWindow struct {
	labels        []string
	first, end    int
	before, after string
}

// tabsInSight are as many tabs as there is room for, with the open one among them however narrow the window.
func (q *queueScreen) tabsInSight() tabWindow {
	labels := q.tabLabels()
	for first := 0; ; first++ {
		w := tabWindow{labels: labels, first: first, end: len(labels), before: q.hiddenTabs("‹", 0, first)}
		for w.end > first+1 && w.width() > q.tabRoom() {
			w.end--
			w.after = q.hiddenTabs("›", w.end, len(labels))
		}
		if q.openTab() < w.end {
			return w
		}
	}
}

// width is what the labels in sight and the marks take. The space after the last label is no part of it.
func (w tabWindow) width() int {
	shown := strings.TrimRight(strings.Join(w.labels[w.first:w.end], ""), " ")
	if w.after != "" {
		shown += " "
	}
	return ansi.StringWidth(w.before + shown + w.after)
}

// hiddenTabs is the mark of tabs that are out of sight, with how much waits there for the account; "" for no tabs.
func (q *queueScreen) hiddenTabs(mark string, from, to int) string {
	waiting := 0
	for _, t := range q.tabs()[from:to] {
		if n, ok := q.countOn(t); ok && q.waitsOn(t) {
			waiting += n
		}
	}
	switch {
	case from == to:
		return ""
	case waiting > 0 && from == 0:
		return q.s.styles.warn.Render(mark+strconv.Itoa(waiting)) + " "
	case waiting > 0:
		return q.s.styles.warn.Render(strconv.Itoa(waiting) + mark)
	case from == 0:
		return q.s.styles.tab.Render(mark) + " "
	}
	return q.s.styles.tab.Render(mark)
}

// waitsOn reports whether the number on a tab is work that waits for the account.
func (q *queueScreen) waitsOn(t tab) bool {
	if t.section == "" {
		return t.view == nil && t.queue == store.Pending
	}
	return slices.ContainsFunc(q.hall.sections, func(s section) bool { return s.name == t.section && s.waits })
}

func (q *queueScreen) tabLine() string {
	w := q.tabsInSight()
	var line strings.Builder
	line.WriteString(w.before)
	for i := w.first; i < w.end; i++ {
		if i != q.openTab() {
			line.WriteString(q.s.styles.tab.Render(w.labels[i]))
			continue
		}
		label := strings.TrimRight(w.labels[i], " ")
		line.WriteString(q.s.styles.tabActive.Render(label) + w.labels[i][len(label):])
	}
	shown := cut(strings.TrimRight(line.String(), " "), q.tabRoom())
	if w.after != "" {
		shown = fit(line.String(), q.tabRoom()-ansi.StringWidth(w.after)) + w.after
	}
	return both(shown, q.tabMark(), q.width)
}

// tabMark is the end of the tab line: what the keys reach beyond the row under the cursor, and what the list leaves
// out.
func (q *queueScreen) tabMark() string {
	if n := len(q.desk.marks.list); n > 0 && q.hall.shown == "" {
		return q.s.styles.warn.Render("* "+q.s.words.Say("many.standing", n)) + " " + q.filterMark()
	}
	return q.filterMark()
}

// filterMark says that the list is filtered, by what, and how many it found.
func (q *queueScreen) filterMark() string {
	l := &q.desk.list
	if l.text == "" || q.hall.shown != "" {
		return ""
	}
	found := strconv.Itoa(l.total)
	if !l.exact {
		found += "+"
	}
	key := "filter.mark"
	if l.looking() {
		key = "filter.mark_looking"
	}
	return q.s.styles.warn.Render(q.s.words.Say(key, cut(Plain(l.text), 16), found)) + " "
}

// tabAt is the tab under a column of the tab line; a mark stands for the nearest tab that is out of sight.
func (q *queueScreen) tabAt(x int) (int, bool) {
	w := q.tabsInSight()
	if x -= ansi.StringWidth(w.before); x < 0 {
		return w.first - 1, true
	}
	if at := q.tabRoom() - ansi.StringWidth(w.before+w.after); w.after != "" && x >= at {
		return w.end, x < at+ansi.StringWidth(w.after)
	}
	for i := w.first; i < w.end; i++ {
		width := ansi.StringWidth(w.labels[i])
		if x < width {
			return i, true
		}
		x -= width
	}
	return 0, false
}
