package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
	"rongzheng/store"
)

// tabs are the queues in the order of the tab line.
func tabs() []store.QueueName {
	return []store.QueueName{
		store.Pending, store.Waiting, store.Approved, store.Rejected, store.Held, store.Certificates, store.Withdrawn, store.All,
	}
}

// queueScreen shows the queues: the list, and beside or below it the case under the cursor where there is room.
type queueScreen struct {
	s             *session
	desk          *desk
	pane          pane
	width, height int
}

func newQueue(s *session) *queueScreen {
	return &queueScreen{s: s, desk: newDesk(s), pane: pane{s: s}}
}

// Init opens what the account can decide; for one that decides nothing, what is in review.
func (q *queueScreen) Init() tea.Cmd {
	if q.s.by.Role != review.Reviewer {
		return q.desk.list.open(store.Waiting, "")
	}
	return q.desk.list.open(store.Pending, "")
}

func (q *queueScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	var next step
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyMsg:
		next, cmd = q.pressed(msg)
	case tea.MouseMsg:
		next, cmd = q.pointed(msg)
	case tea.WindowSizeMsg:
		if q.desk.list.short() {
			cmd = q.desk.list.reload()
		}
	default:
		cmd = q.desk.result(msg)
	}
	q.pane.show(q.desk.file)
	return next, cmd
}

func (q *queueScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	d, k := q.desk, q.s.keys
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

// show opens a queue; the filter stays.
func (q *queueScreen) show(name store.QueueName) tea.Cmd {
	return q.desk.list.open(name, q.desk.list.text)
}

func (q *queueScreen) filter() (step, tea.Cmd) {
	w, l := q.s.words, &q.desk.list
	return step{open: newAsk(q.s, ask{
		title: w.Say("filter.title", w.Say("queue."+string(l.queue))), label: w.Say("filter.label"), value: l.text,
		then: func(text string) (step, tea.Cmd) { return step{}, l.open(l.queue, text) },
	})}, nil
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
	row := msg.Y - g.listTop
	switch {
	case msg.Y == 0:
		if name, ok := q.tabAt(msg.X); ok {
			return step{}, q.show(name)
		}
	case overList && row >= 0 && row < len(q.desk.list.rows) && row == q.desk.list.cursor:
		return q.openDetail()
	case overList && row >= 0 && row < len(q.desk.list.rows):
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
}

func (q *queueScreen) Capturing() bool { return false }

// Busy says that a write is under way.
func (q *queueScreen) Busy() bool { return q.desk.writing != "" }

func (q *queueScreen) View() string {
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
			lines = append(append(lines, rule(q.s.styles, q.width)), q.pane.view()...)
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
	return q.s.styles.warn.Render(q.s.words.Say("filter.mark", cut(Plain(l.text), 16), found)) + " "
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

func (q *queueScreen) ShortHelp() []key.Binding {
	k := q.s.keys
	return append(q.desk.actions(), k.open, k.filter, k.tab, k.down, k.scrollDown)
}

func (q *queueScreen) FullHelp() [][]key.Binding {
	k := q.s.keys
	return [][]key.Binding{
		{k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom, k.open, k.scrollDown, k.scrollUp},
		{k.tab, k.tabBack, k.tabNumber, k.filter, k.back, k.refresh},
		q.desk.allActions(),
	}
}

// pressed takes the keys that both views of the desk have: decisions and what belongs to the case.
func (d *desk) pressed(msg tea.KeyMsg, on item) (step, tea.Cmd) {
	k := d.s.keys
	switch {
	case key.Matches(msg, k.approve):
		return d.approve()
	case key.Matches(msg, k.reject):
		return d.reject(on.key)
	case key.Matches(msg, k.hold):
		return d.hold()
	case key.Matches(msg, k.reroute):
		return d.reroute()
	case key.Matches(msg, k.takeBack):
		return d.takeBack()
	case key.Matches(msg, k.note):
		return d.note()
	case key.Matches(msg, k.reveal):
		return d.reveal()
	case key.Matches(msg, k.attachment):
		return d.openAttachment(on)
	case key.Matches(msg, k.print):
		return d.print()
	case key.Matches(msg, k.refresh):
		return tell(d.s.words.Say("list.refreshed")), d.list.reload()
	}
	return refuse(d.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// actions are the bindings of what can be done with the case now.
func (d *desk) actions() []key.Binding {
	k := d.s.keys
	var usable []key.Binding
	for _, a := range []struct {
		do review.Action
		by key.Binding
	}{
		{review.Approve, k.approve}, {review.Reject, k.reject}, {review.Hold, k.hold},
		{review.Release, withHelp(k.hold, d.s.words.Say("key.release"))}, {review.Reroute, k.reroute}, {review.TakeBack, k.takeBack},
	} {
		if d.usable(a.do) {
			usable = append(usable, a.by)
		}
	}
	if len(d.undo) > 0 && !d.usable(review.TakeBack) {
		usable = append(usable, k.takeBack)
	}
	if d.file != nil && d.file.number() != "" {
		usable = append(usable, k.print)
	}
	if d.file != nil && d.file.application != nil {
		usable = append(usable, k.attachment)
	}
	return usable
}

func (d *desk) allActions() []key.Binding {
	k := d.s.keys
	return []key.Binding{k.approve, k.reject, k.hold, k.reroute, k.takeBack, k.note, k.reveal, k.attachment, k.print}
}

func withHelp(b key.Binding, desc string) key.Binding {
	b.SetHelp(b.Help().Key, desc)
	return b
}
