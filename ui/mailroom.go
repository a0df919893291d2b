package ui

import (
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// mailRoom is what the mail room needs of the store.
type mailRoom interface {
	LetterCounts(by review.Actor) (map[review.LetterState]int, error)
	LetterPage(q store.Letters, at store.Cursor, n int) (store.LetterPage, error)
	PrintLetters(account string, batch []store.Envelope, now time.Time) error
	PrintLabels(account string, references []string, now time.Time) error
	ReplaceSheet(account, reference string, seen int, how, why string, now time.Time) error
}

// mailSection is the tab 待邮寄: what is to be printed, sent or looked after.
func mailSection() section {
	return section{
		name: "mail", waits: true,
		may:  func(by review.Actor) bool { return by.May(review.Mail) == nil },
		open: func(s *session) screen { return newMailroom(s) },
		count: func(from Register, by review.Actor, _ time.Time) (int, error) {
			counts, err := from.LetterCounts(by)
			return counts[review.LetterToPrint] + counts[review.LetterPrinted] + counts[review.LetterReturned], err
		},
	}
}

// mailroom lists the mailings of one state after the other, and does what is done with them: to the marked ones, else to
// the one under the cursor. A batch always follows the order of the list, whatever the order of the marks, so that sheets,
// labels and envelopes lie alike.
type mailroom struct {
	s             *session
	state         review.LetterState
	text          string // the filter
	width, height int

	rows   []review.Application
	cursor int
	more   bool // there are rows behind the last one
	next   store.Cursor
	counts map[review.LetterState]int
	err    error

	awaited int    // number of the request under way, 0 for none
	adding  bool   // it brings more rows instead of all
	markAll bool   // mark what it brings
	stayOn  string // reference that the cursor stays on, wherever that is by then; "" for its line

	marks    map[string]bool
	from     string // reference at which a range begins, "" for none
	revealed string // reference of the one whose address is shown
	writing  int    // number of the write under way, 0 for none

	carrier string // of the last sending
	start   int    // label of the sheet at which the next batch begins, from 0
}

// mailPage is how many rows are read at once, mostMailed how many a list holds: more is found by the filter.
const (
	mailPage   = 100
	mostMailed = 500
)

func newMailroom(s *session) *mailroom {
	return &mailroom{s: s, state: review.LetterToPrint, marks: map[string]bool{}, carrier: s.policy.Mail.Carriers[0].Code}
}

// mailRead is the answer of reading a list.
type mailRead struct {
	request int
	page    store.LetterPage
	counts  map[review.LetterState]int
	err     error
}

func (m *mailroom) Init() tea.Cmd { return nil }

// Shown reads again whenever the tab is opened: others work on the same envelopes.
func (m *mailroom) Shown() tea.Cmd { return m.reload() }

// reload reads the list from its beginning, as far as it had been read.
func (m *mailroom) reload() tea.Cmd {
	return m.read("", min(max(len(m.rows), mailPage), mostMailed))
}

func (m *mailroom) read(at store.Cursor, n int) tea.Cmd {
	m.awaited, m.adding = m.s.next(), at != ""
	from, request := mailRoom(m.s.store), m.awaited
	q := store.Letters{State: m.state, By: m.s.by, Text: m.text}
	return func() tea.Msg {
		msg := mailRead{request: request}
		if msg.counts, msg.err = from.LetterCounts(q.By); msg.err == nil {
			msg.page, msg.err = from.LetterPage(q, at, n)
		}
		return msg
	}
}

func (m *mailroom) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return m.pressed(msg)
	case tea.MouseMsg:
		return step{}, m.pointed(msg)
	case mailRead:
		return m.took(msg)
	case newsMsg:
		return step{}, m.heard(msg)
	case doneMsg:
		return m.done(msg)
	}
	return step{}, nil
}

// took puts what was read in place. The cursor stays at its line.
func (m *mailroom) took(msg mailRead) (step, tea.Cmd) {
	if msg.request != m.awaited {
		return step{}, nil
	}
	m.awaited, m.err = 0, msg.err
	if msg.err != nil {
		return step{}, m.s.logged(msg.err)
	}
	m.counts, m.more, m.next = msg.counts, msg.page.More, msg.page.Next
	if m.adding {
		m.rows = append(m.rows, msg.page.Rows...)
	} else {
		m.rows = msg.page.Rows
	}
	if at := m.indexOf(m.stayOn); at >= 0 {
		m.cursor = at
	}
	m.stayOn = ""
	m.cursor = max(min(m.cursor, len(m.rows)-1), 0)
	m.forget()
	if m.markAll {
		return m.markLoaded()
	}
	return step{}, nil
}

func (m *mailroom) indexOf(reference string) int {
	return slices.IndexFunc(m.rows, func(a review.Application) bool { return reference != "" && a.Reference == reference })
}

// postal are what others do that changes these lists.
var postal = []review.Action{
	review.MailPrint, review.MailSend, review.MailReturn, review.MailCollect, review.MailReplace, review.MailUndo, review.MailAddress, review.Issued, review.Voided,
}

// heard reads again when others have done something to mailings. The cursor stays on its mailing, marks stay.
func (m *mailroom) heard(msg newsMsg) tea.Cmd {
	concerns := func(e review.Event) bool { return e.By != m.s.by.Name && slices.Contains(postal, e.Action) }
	if m.awaited != 0 || m.writing != 0 || !msg.Again && !slices.ContainsFunc(msg.Events, concerns) {
		return nil
	}
	cmd := m.reload()
	if row := m.selected(); row != nil {
		m.stayOn = row.Reference
	}
	return cmd
}

// forget drops marks of rows that are not there any more.
func (m *mailroom) forget() {
	there := map[string]bool{}
	for i := range m.rows {
		there[m.rows[i].Reference] = true
	}
	for ref := range m.marks {
		if !there[ref] {
			delete(m.marks, ref)
		}
	}
	if !there[m.from] {
		m.from = ""
	}
}

// mailWritten marks the end of a write of the mail room: all of them change its lists. by is the request that made it, made
// what the write itself tells.
type mailWritten struct {
	by   int
	made any
}

func (m *mailroom) done(msg doneMsg) (step, tea.Cmd) {
	what, ok := msg.made.(mailWritten)
	if !ok {
		return step{}, nil
	}
	if what.by == m.writing {
		m.writing = 0
	}
	switch made := what.made.(type) {
	case addressRevealed:
		m.revealed = made.reference
	case batchPrinted:
		m.start = made.next
	}
	return step{}, m.reload()
}

// write begins a write; until it has ended nothing else is done.
func (m *mailroom) write(run func() doneMsg) tea.Cmd {
	m.writing = m.s.next()
	return written(m.writing, run)
}

func written(by int, run func() doneMsg) tea.Cmd {
	return func() tea.Msg {
		msg := run()
		if msg.err != nil {
			msg.made = nil
		}
		msg.made = mailWritten{by, msg.made}
		return msg
	}
}

// Busy says that a write is under way.
func (m *mailroom) Busy() bool { return m.writing != 0 }

func (m *mailroom) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := m.s.keys
	if to, ok := k.cursor(msg, m.cursor, len(m.rows), m.listHeight()); ok {
		return step{}, m.move(to)
	}
	switch {
	case key.Matches(msg, k.viewNext):
		return step{}, m.turn(1)
	case key.Matches(msg, k.viewPrevious):
		return step{}, m.turn(-1)
	case key.Matches(msg, k.filter):
		return m.askFilter(), nil
	case key.Matches(msg, k.back):
		return m.unfilter()
	case key.Matches(msg, k.refresh):
		return step{}, m.reload()
	}
	if next, cmd, taken := m.marked(msg); taken {
		return next, cmd
	}
	return m.acted(msg)
}

// acted takes the keys that do something with mailings.
func (m *mailroom) acted(msg tea.KeyMsg) (step, tea.Cmd) {
	k := m.s.keys
	switch {
	case key.Matches(msg, k.open):
		return m.visitCase()
	case key.Matches(msg, k.print):
		return m.askPrint()
	case key.Matches(msg, k.labels):
		return m.askLabels()
	case key.Matches(msg, k.carrierList):
		return m.writeList()
	case key.Matches(msg, k.sendLetter):
		return m.askTracking()
	case key.Matches(msg, k.returned):
		return m.askReturn()
	case key.Matches(msg, k.collected):
		return m.collect()
	case key.Matches(msg, k.readdress):
		return m.readdress()
	case key.Matches(msg, k.replaceSheet):
		return m.askReplace()
	case key.Matches(msg, k.takeBack):
		return m.undo()
	case key.Matches(msg, k.reveal):
		return m.reveal()
	}
	return refuse(m.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// move moves the cursor; at the end of what has been read it reads more.
func (m *mailroom) move(to int) tea.Cmd {
	m.cursor = to
	if to == len(m.rows)-1 && m.more && m.awaited == 0 && len(m.rows) < mostMailed {
		return m.read(m.next, mailPage)
	}
	return nil
}

// turn shows another state; marks and ranges belong to a state and go.
func (m *mailroom) turn(by int) tea.Cmd {
	states := review.LetterStates()
	at := slices.Index(states, m.state)
	return m.show(states[(at+by+len(states))%len(states)])
}

func (m *mailroom) show(state review.LetterState) tea.Cmd {
	m.state, m.rows, m.cursor, m.more = state, nil, 0, false
	m.marks, m.from, m.revealed, m.markAll = map[string]bool{}, "", "", false
	return m.reload()
}

func (m *mailroom) askFilter() step {
	w := m.s.words
	return step{open: newAsk(m.s, ask{title: w.Say("mail.filter"), label: w.Say("mail.filter_label"), value: m.text, then: func(text string) (step, tea.Cmd) {
		m.text = text
		return step{}, m.show(m.state)
	}})}
}

// unfilter takes a range, then the marks, then the filter away.
func (m *mailroom) unfilter() (step, tea.Cmd) {
	switch {
	case m.from != "":
		m.from = ""
		return tell(m.s.words.Say("ask.cancelled")), nil
	case m.text == "":
		return tell(m.s.words.Say("filter.none")), nil
	}
	m.text = ""
	return step{}, m.show(m.state)
}

// visitCase leads to the application in its queue.
func (m *mailroom) visitCase() (step, tea.Cmd) {
	row := m.selected()
	if row == nil {
		return refuse(m.s.words.Say("nothing.selected")), nil
	}
	return step{visit: &visit{queue: store.Approved, filter: row.Reference}}, nil
}

func (m *mailroom) selected() *review.Application {
	if m.cursor < 0 || m.cursor >= len(m.rows) {
		return nil
	}
	return &m.rows[m.cursor]
}

func (m *mailroom) pointed(msg tea.MouseMsg) tea.Cmd {
	if to := wheel(msg, m.cursor, len(m.rows)); to != m.cursor {
		return m.move(to)
	}
	if msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft {
		return nil
	}
	if at := m.first() + msg.Y - mailHead; msg.Y >= mailHead && at < len(m.rows) && msg.Y < mailHead+m.listHeight() {
		return m.move(at)
	}
	return nil
}

func (m *mailroom) SetSize(width, height int) { m.width, m.height = width, height }
func (m *mailroom) Capturing() bool           { return false }

func (m *mailroom) ShortHelp() []key.Binding {
	k := m.s.keys
	var own []key.Binding
	switch m.state {
	case review.LetterToPrint:
		own = []key.Binding{k.print, k.markRow, k.markAll}
	case review.LetterPrinted:
		own = []key.Binding{k.sendLetter, k.collected, k.replaceSheet, k.labels}
	case review.LetterSent:
		own = []key.Binding{k.returned, k.sendLetter, k.replaceSheet, k.takeBack}
	case review.LetterReturned:
		own = []key.Binding{k.sendLetter, k.collected, k.labels, k.replaceSheet}
	default:
		own = []key.Binding{k.takeBack}
	}
	return append(own, k.viewNext, k.filter, k.open, k.reveal)
}

func (m *mailroom) FullHelp() [][]key.Binding {
	k := m.s.keys
	return [][]key.Binding{
		{k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom, k.open, k.viewNext, k.viewPrevious, k.filter, k.back, k.refresh},
		{k.markRow, k.markRange, k.markAll, k.unmark},
		{k.print, k.labels, k.sendLetter, k.returned, k.collected, k.replaceSheet, k.readdress, k.takeBack, k.reveal, k.carrierList},
	}
}
