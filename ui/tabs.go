package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/store"
)

// tabs are the queues in the order of the tab line.
func tabs() []store.QueueName {
	return []store.QueueName{
		store.Pending, store.Waiting, store.Approved, store.Rejected, store.Held, store.Certificates, store.Withdrawn, store.All,
	}
}

// openTab is the tab that is open: a saved view where queue and filter are its own, otherwise the queue. The views come
// after the queues.
func (q *queueScreen) openTab() int {
	l := &q.desk.list
	for i, v := range q.s.saved {
		if l.text != "" && l.queue == v.Queue && l.text == v.Query {
			return len(tabs()) + i
		}
	}
	return slices.Index(tabs(), l.queue)
}

// showTab opens a queue, to which the filter goes along, or a saved view, whose filter stays behind when it is left.
func (q *queueScreen) showTab(at int) tea.Cmd {
	if at >= len(tabs()) {
		v := q.s.saved[at-len(tabs())]
		return q.desk.list.open(v.Queue, v.Query)
	}
	if q.openTab() >= len(tabs()) {
		return q.desk.list.open(tabs()[at], "")
	}
	return q.show(tabs()[at])
}

func (q *queueScreen) turn(by int) tea.Cmd {
	n := len(tabs()) + len(q.s.saved)
	return q.showTab((q.openTab() + by + n) % n)
}

func (q *queueScreen) turnTo(digit string) (step, tea.Cmd) {
	n, err := strconv.Atoi(digit)
	if shown := tabs(); err == nil && n <= len(shown) {
		return step{}, q.showTab(n - 1)
	}
	return refuse(q.s.words.Say("tab.unknown", len(tabs()))), nil
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

// tabRoom is what the mark of the filter leaves for the tabs.
func (q *queueScreen) tabRoom() int {
	if mark := ansi.StringWidth(q.filterMark()); mark > 0 {
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
	for i, name := range tabs() {
		label := q.s.words.Say("queue." + string(name))
		if style.numbered {
			label = strconv.Itoa(i+1) + " " + label
		}
		if n, ok := q.desk.counts[name]; ok {
			label += " " + strconv.Itoa(n)
		}
		add(label, i == open)
	}
	for i, v := range q.s.saved {
		add("/"+Plain(v.Name), len(tabs())+i == open)
	}
	return labels
}

// firstTab is the first tab to show, so that the open one is in sight however narrow the window.
func (q *queueScreen) firstTab(labels []string) int {
	at, first := q.openTab(), 0
	for first < at && ansi.StringWidth(strings.Join(labels[first:at+1], "")) > q.tabRoom() {
		first++
	}
	return first
}

func (q *queueScreen) tabLine() string {
	labels := q.tabLabels()
	first := q.firstTab(labels)
	var line strings.Builder
	for i := range labels {
		switch {
		case i < first:
		case i == q.openTab():
			label := strings.TrimRight(labels[i], " ")
			line.WriteString(q.s.styles.tabActive.Render(label) + labels[i][len(label):])
		default:
			line.WriteString(q.s.styles.tab.Render(labels[i]))
		}
	}
	return both(cut(line.String(), q.tabRoom()), q.filterMark(), q.width)
}

// filterMark says that the list is filtered, by what, and how many it found.
func (q *queueScreen) filterMark() string {
	l := &q.desk.list
	if l.text == "" {
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

func (q *queueScreen) tabAt(x int) (int, bool) {
	labels := q.tabLabels()
	for i := q.firstTab(labels); i < len(labels); i++ {
		if w := ansi.StringWidth(labels[i]); x < w {
			return i, true
		} else {
			x -= w
		}
	}
	return 0, false
}
