package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// queueScreen shows the queues: the list, and beside or below it the case under the cursor where there is room. It has the
// tab line, and in the place of a queue the section that is open.
type queueScreen struct {
	s             *session
	desk          *desk
	pane          pane
	hall          hall
	width, height int
}

func newQueue(s *session) *queueScreen {
	return &queueScreen{s: s, desk: newDesk(s), pane: pane{s: s}, hall: newHall(s)}
}

// Init opens what the account can decide; for one that decides nothing, what is in review.
func (q *queueScreen) Init() tea.Cmd {
	first := store.Pending
	if q.s.by.Role != review.Reviewer {
		first = store.Waiting
	}
	start := q.recount()
	if q.hall.shown != "" {
		start = q.enter(q.hall.shown)
	}
	return tea.Batch(q.s.readPreferences(), q.desk.restore(first), start)
}

func (q *queueScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	var next step
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyMsg:
		if top := q.hall.top(); top != nil {
			return q.sectionPressed(top, msg)
		}
		next, cmd = q.pressed(msg)
	case tea.MouseMsg:
		if top := q.hall.top(); top != nil {
			return q.sectionPointed(top, msg)
		}
		next, cmd = q.pointed(msg)
	default:
		next, cmd = q.result(msg)
	}
	q.pane.show(q.desk.file)
	return next, cmd
}

// result gives what comes from commands to the queue and to every section.
func (q *queueScreen) result(msg tea.Msg) (step, tea.Cmd) {
	var own step
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if q.desk.list.short() {
			cmd = q.desk.list.reload()
		}
	case preferencesRead:
		own.say, cmd = q.s.preferred(msg)
		q.desk.afresh()
	case sectionsCounted:
		return step{}, q.counted(msg)
	default:
		cmd = q.desk.result(msg)
		if was, ok := msg.(deskRead); ok && was.err == nil {
			cmd = tea.Batch(cmd, q.comeBack(&was.state))
		}
		if again := q.desk.reopened(); len(again) > 0 {
			own.open, own.over = again[0], again[1:]
		}
		own.say = q.desk.told()
		if _, section := own.open.(counterPlace); own.open != nil && !section {
			q.hall.show("") // a case is open that belongs to the queue
		}
		if changesNumbers(msg) {
			cmd = tea.Batch(cmd, q.recount())
		}
	}
	next, more := q.sectionResult(msg)
	if next.say.text == "" {
		next.say = own.say
	}
	if own.open != nil {
		next.open, next.over = own.open, own.over
	}
	return next, tea.Batch(cmd, more)
}

func (q *queueScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	d, k := q.desk, q.s.keys
	if next, cmd, taken := d.manyPressed(msg); taken {
		return next, cmd
	}
	switch {
	case key.Matches(msg, k.down):
		return step{}, d.move(1)
	case key.Matches(msg, k.up):
		return step{}, d.move(-1)
	case key.Matches(msg, k.pageDown):
		return step{}, d.move(max(d.list.height/2, 1))
	case key.Matches(msg, k.pageUp):
		return step{}, d.move(-max(d.list.height/2, 1))
	case key.Matches(msg, k.top):
		return step{}, d.list.around("", 0)
	case key.Matches(msg, k.bottom):
		return step{}, d.list.end()
	case key.Matches(msg, k.scrollDown):
		return q.scroll(1)
	case key.Matches(msg, k.scrollUp):
		return q.scroll(-1)
	case key.Matches(msg, k.open):
		return q.openDetail()
	case key.Matches(msg, k.tab):
		return step{}, q.turn(1)
	case key.Matches(msg, k.tabBack):
		return step{}, q.turn(-1)
	case key.Matches(msg, k.tabNumber):
		return q.turnTo(msg.String())
	case key.Matches(msg, k.filter):
		return q.filter()
	case key.Matches(msg, k.back):
		return q.unfilter()
	}
	return q.desk.pressed(msg, item{})
}

// scroll moves the case beside the list by half its height.
func (q *queueScreen) scroll(direction int) (step, tea.Cmd) {
	if q.pane.height < 1 {
		return tell(q.s.words.Say("pane.absent")), nil
	}
	q.pane.scroll(direction * max(q.pane.height/2, 1))
	return step{}, nil
}

func (q *queueScreen) openDetail() (step, tea.Cmd) {
	if q.desk.file == nil {
		return refuse(q.s.words.Say("nothing.selected")), nil
	}
	return step{open: newDetail(q.desk)}, nil
}

// show opens a queue; the filter stays.
func (q *queueScreen) show(name store.QueueName) tea.Cmd {
	return q.desk.list.open(name, q.desk.list.text)
}

func (q *queueScreen) filter() (step, tea.Cmd) {
	return step{open: newFilter(q.s, &q.desk.list)}, nil
}

func (q *queueScreen) unfilter() (step, tea.Cmd) {
	if q.desk.list.text == "" {
		return tell(q.s.words.Say("filter.none")), nil
	}
	return step{}, q.desk.list.open(q.desk.list.queue, "")
}

// pointed: the wheel moves what it is over, a click opens a tab or selects a row, a click on the selected row opens it.
func (q *queueScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action != tea.MouseActionPress {
		return step{}, nil
	}
	g := q.geometry()
	overList := msg.Y < g.listTop+g.listHeight && (!g.beside || msg.X < g.listWidth)
	switch msg.Button {
	case tea.MouseButtonWheelDown, tea.MouseButtonWheelUp:
		by := 1
		if msg.Button == tea.MouseButtonWheelUp {
			by = -1
		}
		if overList {
			return step{}, q.desk.move(by)
		}
		q.pane.scroll(3 * by)
	case tea.MouseButtonLeft:
		return q.clicked(msg, g, overList)
	}
	return step{}, nil
}

func (q *queueScreen) clicked(msg tea.MouseMsg, g geometry, overList bool) (step, tea.Cmd) {
	row, on := q.desk.list.rowAt(msg.Y - g.listTop)
	switch {
	case msg.Y == 0:
		if at, ok := q.tabAt(msg.X); ok {
			return step{}, q.showTab(at)
		}
	case overList && on && row == q.desk.list.cursor:
		return q.openDetail()
	case overList && on:
		return step{}, q.desk.move(row - q.desk.list.cursor)
	}
	return step{}, nil
}

// geometry says where list and case lie in the window.
type geometry struct {
	beside                        bool // case beside the list, otherwise below it or not at all
	listTop, listWidth            int
	listHeight                    int
	paneTop, paneWidth, paneLines int
}

const (
	besideFrom = 110 // columns from which list and case stand side by side
	belowFrom  = 72  // columns and lines from which the case stands below the list
	belowLines = 18
)

func (q *queueScreen) geometry() geometry {
	g := geometry{listTop: 2, listWidth: q.width, listHeight: max(q.height-2, 1)}
	switch {
	case q.height < 3:
		g.listTop, g.listHeight = 0, max(q.height, 1)
	case q.width >= besideFrom:
		g.beside = true
		g.listWidth = min(max(q.width*2/5, 54), 84)
		g.paneTop, g.paneWidth, g.paneLines = 1, q.width-g.listWidth-3, q.height-1
	case q.width >= belowFrom && q.height >= belowLines:
		g.listHeight = max((q.height-3)*2/5, 5)
		g.paneTop, g.paneWidth, g.paneLines = g.listTop+g.listHeight+1, q.width, q.height-3-g.listHeight
	}
	return g
}

func (q *queueScreen) SetSize(width, height int) {
	q.width, q.height = width, height
	g := q.geometry()
	q.desk.list.resize(g.listHeight)
	q.pane.setSize(g.paneWidth, g.paneLines)
	q.pane.show(q.desk.file)
	q.sizeSections()
}

// Capturing says that a text field of the section in sight owns the keys.
func (q *queueScreen) Capturing() bool {
	top := q.hall.top()
	return top != nil && top.Capturing()
}

// Pastes says that the section in sight takes what is pasted.
func (q *queueScreen) Pastes() bool {
	p, ok := q.hall.top().(interface{ Pastes() bool })
	return ok && p.Pastes()
}

// Numbered returns the screen itself, except where the section in sight takes digits.
func (q *queueScreen) Numbered() numbered {
	if o, ok := q.hall.top().(owner); ok && o.Owns(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'1'}}) {
		return nil
	}
	return q
}

// TakeBack asks about the account's latest decision from whatever screen lies over the tabs.
func (q *queueScreen) TakeBack() step { return q.desk.takeBackLast() }

// Stop ends the work on the marked rows after the write that is under way.
func (q *queueScreen) Stop() step { return q.desk.stopMany() }

// Busy says that a write is under way.
func (q *queueScreen) Busy() bool {
	writes := q.desk.writing != "" || q.desk.keep.saving
	q.hall.each(func(_ string, s screen) {
		b, ok := s.(busy)
		writes = writes || ok && b.Busy()
	})
	return writes
}

func (q *queueScreen) View() string {
	if top := q.hall.top(); top != nil {
		return q.sectionView(top)
	}
	g := q.geometry()
	rows := block(q.desk.list.view(g.listWidth), g.listWidth, g.listHeight)
	if g.listTop == 0 {
		return strings.Join(rows, "\n")
	}
	head := q.desk.list.headings(g.listWidth)
	lines := []string{q.tabLine()}
	if !g.beside {
		lines = append(append(lines, head), rows...)
		if g.paneLines > 0 {
			lines = append(append(lines, titled(q.s.styles, q.desk.list.groupLine(), q.width)), q.pane.view()...)
		}
		return strings.Join(lines, "\n")
	}
	left, right := append([]string{head}, rows...), block(q.pane.view(), g.paneWidth, g.paneLines)
	side := q.s.styles.muted.Render(" " + signSide + " ")
	for i := range left {
		lines = append(lines, left[i]+side+right[i])
	}
	return strings.Join(lines, "\n")
}

func (q *queueScreen) ShortHelp() []key.Binding {
	k := q.s.keys
	if top := q.hall.top(); top != nil {
		return append(top.ShortHelp(), k.tab)
	}
	return append(q.desk.actions(), k.open, k.filter, k.tab, k.down, k.scrollDown)
}

func (q *queueScreen) FullHelp() [][]key.Binding {
	k := q.s.keys
	if top := q.hall.top(); top != nil {
		return q.sectionHelp(top)
	}
	return [][]key.Binding{
		{k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom, k.open, k.scrollDown, k.scrollUp},
		{k.tab, k.tabBack, k.tabNumber, k.filter, k.back, k.refresh},
		q.desk.allActions(),
		{k.markRow, k.markRange, k.markAll, k.unmark, k.marked},
	}
}
