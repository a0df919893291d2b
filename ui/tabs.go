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

func (q *queueScreen) turn(by int) tea.Cmd {
	shown := tabs()
	at := slices.Index(shown, q.desk.list.queue)
	return q.show(shown[(at+by+len(shown))%len(shown)])
}

func (q *queueScreen) turnTo(digit string) (step, tea.Cmd) {
	n, err := strconv.Atoi(digit)
	if shown := tabs(); err == nil && n <= len(shown) {
		return step{}, q.show(shown[n-1])
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
	for i, name := range tabs() {
		label := q.s.words.Say("queue." + string(name))
		if style.numbered {
			label = strconv.Itoa(i+1) + " " + label
		}
		if n, ok := q.desk.counts[name]; ok {
			label += " " + strconv.Itoa(n)
		}
		switch {
		case name == q.desk.list.queue:
			label = "[" + label + "]"
		case style.apart:
			label = " " + label + " "
		}
		if !style.apart {
			label += " "
		}
		labels = append(labels, label)
	}
	return labels
}

// firstTab is the first tab to show, so that the open one is in sight however narrow the window.
func (q *queueScreen) firstTab(labels []string) int {
	at, first := slices.Index(tabs(), q.desk.list.queue), 0
	for first < at && ansi.StringWidth(strings.Join(labels[first:at+1], "")) > q.tabRoom() {
		first++
	}
	return first
}

func (q *queueScreen) tabLine() string {
	labels := q.tabLabels()
	first := q.firstTab(labels)
	var line strings.Builder
	for i, name := range tabs() {
		switch {
		case i < first:
		case name == q.desk.list.queue:
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

func (q *queueScreen) tabAt(x int) (store.QueueName, bool) {
	labels := q.tabLabels()
	first, shown := q.firstTab(labels), tabs()
	for i := first; i < len(shown); i++ {
		if w := ansi.StringWidth(labels[i]); x < w {
			return shown[i], true
		} else {
			x -= w
		}
	}
	return "", false
}
