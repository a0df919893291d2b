package ui

import (
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// section is a tab that is a screen of its own (统计, 到期, 办事窗口). It lives in the queue screen, which draws the tab line
// over it and gives it the window beneath, the keys that it does not need itself, and every result. It is made when it is
// first opened and keeps its state while another tab is open. Its step is carried out as that of any screen; close leaves
// it for the queue. tab and its like switch tabs unless the section is Capturing or, if it has the method, Owns the key.
type section struct {
	name string // what ":tab" calls it; "section." and this is the word on the tab
	may  func(by review.Actor) bool
	// begins says who starts at this section; it stands before the queues for them. nil is nobody.
	begins func(by review.Actor) bool
	open   func(s *session) screen
	// count is the number on the tab, read when the desk opens, after every write and after news; nil is none.
	count func(from Register, by review.Actor, now time.Time) (int, error)
	waits bool // the number is work that waits for the account
}

// sections are all sections in the order of the tab line: one entry each.
func sections() []section {
	return []section{
		adminSection(),
		mailSection(),
		counterSection(),
		{name: "expiry", may: func(by review.Actor) bool { return by.SeesFigures() == nil }, open: newExpiry,
			count: func(from Register, by review.Actor, now time.Time) (int, error) {
				return renewable(from, by, review.DateOf(now))
			}},
		{name: "overview", may: func(by review.Actor) bool { return by.SeesFigures() == nil }, open: newOverview},
		conflictSection(),
	}
}

// owner is a section that needs keys which would switch tabs.
type owner interface{ Owns(msg tea.KeyMsg) bool }

// shower is a section that does something each time it is opened, say reads again.
type shower interface{ Shown() tea.Cmd }

// hider is a section that is told when another tab opens, say to read no news for nobody.
type hider interface{ Hidden() }

// visit says which tab to open: a section by its name, or a queue with a filter.
type visit struct {
	section string
	queue   store.QueueName
	filter  string
}

// visitor is the screen at the bottom of the stack: it has the tabs.
type visitor interface{ Visit(to visit) tea.Cmd }

// hall are the sections that the account of a desk has.
type hall struct {
	sections []section
	first    string // name of the section that the account begins at, "" for the queue
	shown    string // name of the section that is open, "" for the queue
	screens  map[string]screen
	counts   map[string]int
}

// sectionsCounted is the answer of reading the numbers of the sections.
type sectionsCounted struct {
	account string
	counts  map[string]int
	err     error
}

func newHall(s *session) hall {
	h := hall{screens: map[string]screen{}}
	for _, one := range s.sections {
		if one.may(s.by) {
			h.sections = append(h.sections, one)
			if one.begins != nil && one.begins(s.by) && h.shown == "" {
				h.first, h.shown = one.name, one.name
			}
		}
	}
	return h
}

// top is the section that is open, nil for the queue.
func (h *hall) top() screen { return h.screens[h.shown] }

// show puts a section in sight, "" the queue.
func (h *hall) show(name string) {
	if hidden, ok := h.top().(hider); ok && name != h.shown {
		hidden.Hidden()
	}
	h.shown = name
}

// each calls do for every section that has been opened, in the order of the tab line.
func (h *hall) each(do func(name string, s screen)) {
	for _, one := range h.sections {
		if s := h.screens[one.name]; s != nil {
			do(one.name, s)
		}
	}
}

// enter opens a section over the queue.
func (q *queueScreen) enter(name string) tea.Cmd {
	h := &q.hall
	at := slices.IndexFunc(h.sections, func(s section) bool { return s.name == name })
	if at < 0 {
		return nil
	}
	h.show(name)
	var first tea.Cmd
	if h.screens[name] == nil {
		h.screens[name] = h.sections[at].open(q.s)
		q.sizeSections()
		first = h.screens[name].Init()
	}
	if s, ok := h.screens[name].(shower); ok {
		first = tea.Batch(first, s.Shown())
	}
	return tea.Batch(first, q.recount())
}

// recount makes the command that reads the numbers of the sections, nil where none has one.
func (q *queueScreen) recount() tea.Cmd {
	counted := slices.DeleteFunc(slices.Clone(q.hall.sections), func(s section) bool { return s.count == nil })
	if len(counted) == 0 {
		return nil
	}
	from, by, clock := q.s.store, q.s.by, q.s.clock
	return func() tea.Msg {
		msg := sectionsCounted{account: by.Name, counts: map[string]int{}}
		now := clock()
		for _, s := range counted {
			if msg.counts[s.name], msg.err = s.count(from, by, now); msg.err != nil {
				return msg
			}
		}
		return msg
	}
}

// counted takes the numbers of the sections; those that could not be read are not shown.
func (q *queueScreen) counted(msg sectionsCounted) tea.Cmd {
	if msg.account != q.s.by.Name {
		return nil
	}
	if q.hall.counts = msg.counts; msg.err != nil {
		q.hall.counts = nil
	}
	return q.s.logged(msg.err)
}

// Visit opens the tab that another screen leads to.
func (q *queueScreen) Visit(to visit) tea.Cmd {
	if to.section != "" {
		return q.enter(to.section)
	}
	q.hall.show("")
	return q.desk.list.open(to.queue, to.filter)
}

// sectionResult gives a result to every section that has been opened. Only the one in sight can change the stack.
func (q *queueScreen) sectionResult(msg tea.Msg) (step, tea.Cmd) {
	var next step
	var cmds []tea.Cmd
	q.hall.each(func(name string, s screen) {
		one, cmd := s.Update(msg)
		cmds = append(cmds, cmd)
		if name == q.hall.shown {
			next = one
			return
		}
		if one.say.text != "" {
			next.say = one.say
		}
	})
	return q.ofSection(next), tea.Batch(cmds...)
}

// ofSection makes a step of a section one of the desk: a section that closes leaves the queue.
func (q *queueScreen) ofSection(next step) step {
	if next.close {
		q.hall.show("")
		next.close = false
	}
	return next
}

// sectionPressed gives a key to the section in sight, or switches tabs.
func (q *queueScreen) sectionPressed(top screen, msg tea.KeyMsg) (step, tea.Cmd) {
	k := q.s.keys
	if o, ok := top.(owner); !top.Capturing() && (!ok || !o.Owns(msg)) {
		switch {
		case key.Matches(msg, k.tab):
			return step{}, q.turn(1)
		case key.Matches(msg, k.tabBack):
			return step{}, q.turn(-1)
		case key.Matches(msg, k.tabNumber):
			return q.turnTo(msg.String())
		}
	}
	next, cmd := top.Update(msg)
	return q.ofSection(next), cmd
}

// sectionPointed: a click on the tab line opens a tab, everything beneath is the section's.
func (q *queueScreen) sectionPointed(top screen, msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Y -= q.tabLines(); msg.Y < 0 {
		if at, ok := q.tabAt(msg.X); ok && msg.Button == tea.MouseButtonLeft && msg.Action == tea.MouseActionPress {
			return step{}, q.showTab(at)
		}
		return step{}, nil
	}
	next, cmd := top.Update(msg)
	return q.ofSection(next), cmd
}

// tabLines is the height of the tab line over a section: a very low window has none.
func (q *queueScreen) tabLines() int { return oneIf(q.height >= 3) }

func (q *queueScreen) sizeSections() {
	q.hall.each(func(_ string, s screen) { s.SetSize(q.width, max(q.height-q.tabLines(), 1)) })
}

func (q *queueScreen) sectionView(top screen) string {
	if q.tabLines() == 0 {
		return top.View()
	}
	return q.tabLine() + "\n" + top.View()
}

// sectionHelp adds the keys of the tabs to those of the section.
func (q *queueScreen) sectionHelp(of help.KeyMap) [][]key.Binding {
	k := q.s.keys
	return append(of.FullHelp(), []key.Binding{k.tab, k.tabBack, k.tabNumber})
}

// goTo opens a tab by the name on it, or by what the program calls it.
func (c *commandLine) goTo(words []string) (step, tea.Cmd) {
	q, ok := c.under.(*queueScreen)
	if !ok || len(words) != 1 {
		return refuse(c.s.words.Say("command.tab")), nil
	}
	for i, one := range q.tabs() {
		if words[0] == one.name() || words[0] == q.s.tabName(one) {
			return step{close: true}, q.showTab(i)
		}
	}
	return refuse(c.s.words.Say("command.tab")), nil
}

// tabNames are the names of the tabs, for completion.
func (c *commandLine) tabNames() []string {
	q, ok := c.under.(*queueScreen)
	if !ok {
		return nil
	}
	var names []string
	for _, one := range q.tabs() {
		names = append(names, q.s.tabName(one))
	}
	return names
}
