package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// endingList lists the certificates of a stretch in the order of their last days, a window at a time, personal data masked.
type endingList struct {
	s             *session
	of            stretch
	rows          []store.EndingRow
	starts        []store.Cursor // where this page and those before it begin
	more          bool
	cursor        int
	today         review.Date
	awaited       int
	bottom        bool // the cursor goes to the end of the page that is read
	writing       bool
	err           error
	width, height int
}

// endingPage is the answer of reading one page.
type endingPage struct {
	request int
	rows    []store.EndingRow
	more    bool
	today   review.Date
	err     error
}

func newEndingList(s *session, of stretch) *endingList {
	return &endingList{s: s, of: of, starts: []store.Cursor{""}}
}

func (l *endingList) Init() tea.Cmd { return l.read() }

func (l *endingList) read() tea.Cmd {
	l.awaited = l.s.next()
	from, clock, request, n := endings(l.s.store), l.s.clock, l.awaited, l.page()
	q, at := store.EndingQuery{By: l.s.by, Area: l.of.area, In: l.of.in}, l.starts[len(l.starts)-1]
	return func() tea.Msg {
		rows, more, err := from.Ending(q, at, n)
		return endingPage{request, rows, more, review.DateOf(clock()), err}
	}
}

func (l *endingList) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case endingPage:
		return step{}, l.taken(msg)
	case doneMsg:
		l.writing = false
	case tea.WindowSizeMsg:
		l.starts, l.cursor = l.starts[:1], 0
		return step{}, l.read()
	case tea.KeyMsg:
		return l.pressed(msg)
	case tea.MouseMsg:
		if msg.Action == tea.MouseActionPress {
			return l.move(wheel(msg, l.cursor, len(l.rows)+1) - l.cursor)
		}
	}
	return step{}, nil
}

func (l *endingList) taken(msg endingPage) tea.Cmd {
	if msg.request != l.awaited {
		return nil
	}
	l.awaited, l.rows, l.more, l.err, l.today = 0, msg.rows, msg.more, msg.err, msg.today
	l.cursor = max(min(l.cursor, len(l.rows)-1), 0)
	if l.bottom {
		l.cursor, l.bottom = max(len(l.rows)-1, 0), false
	}
	return l.s.logged(msg.err)
}

func (l *endingList) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := l.s.keys, l.s.words
	switch {
	case l.awaited != 0:
		return refuse(w.Say("busy.reading")), nil
	case key.Matches(msg, k.down):
		return l.move(1)
	case key.Matches(msg, k.up):
		return l.move(-1)
	case key.Matches(msg, k.pageDown, k.scrollDown):
		return l.following(0)
	case key.Matches(msg, k.pageUp, k.scrollUp):
		return l.preceding(false)
	case key.Matches(msg, k.top):
		l.starts, l.cursor = l.starts[:1], 0
		return step{}, l.read()
	case key.Matches(msg, k.refresh):
		return tell(w.Say("list.refreshed")), l.read()
	case key.Matches(msg, k.open) && l.cursor < len(l.rows):
		return step{visit: &visit{queue: store.Certificates, filter: l.rows[l.cursor].Certificate.Number}}, nil
	case key.Matches(msg, k.asSheet, k.asText):
		if l.writing {
			return refuse(w.Say("busy.writing")), nil
		}
		next, cmd := l.s.callList(l.of, key.Matches(msg, k.asText))
		l.writing = cmd != nil
		return next, cmd
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

// move moves the cursor; beyond an end of the page it reads the next or the one before.
func (l *endingList) move(by int) (step, tea.Cmd) {
	switch to := l.cursor + by; {
	case l.awaited != 0:
	case to >= len(l.rows):
		return l.following(0)
	case to < 0:
		return l.preceding(true)
	default:
		l.cursor = to
	}
	return step{}, nil
}

func (l *endingList) following(cursor int) (step, tea.Cmd) {
	if !l.more || len(l.rows) == 0 {
		l.cursor = max(len(l.rows)-1, 0)
		return step{}, nil
	}
	l.starts, l.cursor = append(l.starts, l.rows[len(l.rows)-1].At), cursor
	return step{}, l.read()
}

func (l *endingList) preceding(bottom bool) (step, tea.Cmd) {
	if len(l.starts) == 1 {
		l.cursor = 0
		return step{}, nil
	}
	l.starts, l.bottom = l.starts[:len(l.starts)-1], bottom
	return step{}, l.read()
}

func (l *endingList) page() int { return max(l.height-3, 1) }

func (l *endingList) SetSize(width, height int) { l.width, l.height = width, height }
func (l *endingList) Capturing() bool           { return false }
func (l *endingList) Busy() bool                { return l.writing }

func (l *endingList) View() string {
	st, w := l.s.styles, l.s.words
	title := w.Say("expiry.list", l.of.name)
	if l.of.area != "" && l.of.name != w.Area(l.of.area) {
		title += "  " + w.Area(l.of.area)
	}
	lines := []string{" " + st.strong.Render(title), rule(st, l.width)}
	switch {
	case l.err != nil:
		return strings.Join(append(lines, " "+st.bad.Render(cut(signBad+" "+w.Explain(l.err), max(l.width-2, 1)))), "\n")
	case len(l.rows) == 0 && l.awaited != 0:
		return strings.Join(append(lines, "  "+st.muted.Render(w.Say("list.reading"))), "\n")
	case len(l.rows) == 0:
		return strings.Join(append(lines, "  "+st.muted.Render(w.Say("expiry.none"))), "\n")
	}
	page := figurePage{columns: callColumns(w)}
	for i := range l.rows {
		page.rows = append(page.rows, figureRow{cells: callRow(w, l.s.policy, &l.rows[i], l.today, true)})
	}
	return strings.Join(append(lines, page.draw(l.s, l.cursor, l.width, l.page(), false)...), "\n")
}

func (l *endingList) ShortHelp() []key.Binding {
	k, w := l.s.keys, l.s.words
	return []key.Binding{k.open, withHelp(k.asSheet, w.Say("expiry.key_sheet")), withHelp(k.asText, w.Say("expiry.key_text")), k.down, k.up, k.pageDown, k.pageUp, k.back}
}

func (l *endingList) FullHelp() [][]key.Binding { return [][]key.Binding{l.ShortHelp()} }
