package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// counter keeps what is filed at the window.
type counter interface {
	Known(account string, person review.PersonKey) (review.Known, error)
	Filings(account string, now time.Time) ([]review.Filing, error)
	Filing(account string, id review.FilingID) (review.Filing, error)
	SaveFiling(account string, f review.Filing, data map[string][]byte, now time.Time) error
	DropFiling(account string, id review.FilingID) error
	File(account string, id review.FilingID, now time.Time) (review.Application, error)
}

// counterScreen is where a clerk begins (办事窗口): with the number of the person, typed, pasted or scanned, or with what was
// left half-way.
type counterScreen struct {
	s       *session
	number  string // as it is typed
	judged  int    // length of what was refused of it: a whole number behind that takes its place
	filings []review.Filing
	read    bool
	cursor  int       // 0 is the number, what follows the filings
	awaited int       // number of the request for the list
	now     time.Time // when the list was read
	looking int       // number of the request for a person or a draft, 0 for none

	width, height int
}

// filingsRead is the answer of listing the filings of the account.
type filingsRead struct {
	request int
	filings []review.Filing
	now     time.Time
	err     error
}

// knownRead is the answer of looking a person up.
type knownRead struct {
	request int
	known   review.Known
	drafts  []review.Filing // that the account has begun for the person, the latest first
	now     time.Time
	err     error
}

func newCounter(s *session) screen { return &counterScreen{s: s} }

func (c *counterScreen) Init() tea.Cmd { return c.list() }

// Shown reads the drafts again: another screen may have finished one.
func (c *counterScreen) Shown() tea.Cmd { return c.list() }

func (c *counterScreen) list() tea.Cmd {
	from, account, clock, request := counter(c.s.store), c.s.by.Name, c.s.clock, c.s.next()
	c.awaited = request
	return func() tea.Msg {
		now := clock()
		list, err := from.Filings(account, now)
		return filingsRead{request, list, now, err}
	}
}

// look makes the command that looks a person up.
func (s *session) look(person review.PersonKey, request int) tea.Cmd {
	from, account, clock := counter(s.store), s.by.Name, s.clock
	return func() tea.Msg {
		msg := knownRead{request: request, now: clock()}
		if msg.known, msg.err = from.Known(account, person); msg.err == nil {
			msg.drafts, msg.err = from.Filings(account, msg.now)
		}
		msg.drafts = slices.DeleteFunc(msg.drafts, func(f review.Filing) bool { return f.Person != person })
		return msg
	}
}

func (c *counterScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return c.pressed(msg)
	case tea.MouseMsg:
		c.cursor = wheel(msg, c.cursor, len(c.filings)+1)
	case filingsRead:
		return c.listed(msg)
	case knownRead:
		return c.found(msg)
	case filingReady:
		return c.resumed(msg)
	case filingSaved:
		c.keeps(msg)
	case doneMsg:
		return step{}, c.list()
	}
	return step{}, nil
}

func (c *counterScreen) listed(msg filingsRead) (step, tea.Cmd) {
	if msg.request != c.awaited {
		return step{}, nil
	}
	c.awaited, c.read = 0, true
	if msg.err != nil {
		return refuse(c.s.words.Explain(msg.err)), c.s.logged(msg.err)
	}
	c.filings, c.now = msg.filings, msg.now
	c.cursor = min(c.cursor, len(c.filings))
	return step{}, nil
}

// keeps puts a draft that has just been written to the top of the list: reading all of them for every key of a form would
// be a waste.
func (c *counterScreen) keeps(msg filingSaved) {
	if msg.err != nil || !c.read {
		return
	}
	c.filings = msg.into(c.filings)
}

// into returns the list with the draft as it was written at its top.
func (msg filingSaved) into(list []review.Filing) []review.Filing {
	id := msg.filing.ID()
	rest := slices.DeleteFunc(slices.Clone(list), func(f review.Filing) bool { return f.ID() == id })
	msg.filing.ChangedAt = msg.at
	return append([]review.Filing{msg.filing}, rest...)
}

func (c *counterScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := c.s.keys
	switch {
	case msg.Paste:
		c.cursor = 0
		c.add(strings.Map(visible, string(msg.Runes)))
		return step{}, nil
	case c.Owns(msg):
		return c.typed(msg), nil
	case key.Matches(msg, k.open) && c.cursor > 0:
		return step{}, c.resume(c.filings[c.cursor-1])
	case key.Matches(msg, k.open):
		return c.lookUp()
	case key.Matches(msg, k.discard) && c.cursor > 0:
		return c.drop(c.filings[c.cursor-1])
	case key.Matches(msg, k.back, k.clearLine) && c.number != "":
		c.clear()
		return step{}, nil
	case key.Matches(msg, k.refresh):
		return tell(c.s.words.Say("list.refreshed")), c.list()
	}
	if to, ok := k.cursor(msg, c.cursor, len(c.filings)+1, c.height); ok {
		c.cursor = to
		return step{}, nil
	}
	if msg.Type == tea.KeyRunes {
		return refuse(c.s.words.Say("counter.digits", Plain(msg.String()))), nil
	}
	return refuse(c.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// Owns the keys of which a number consists.
func (c *counterScreen) Owns(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyBackspace || msg.Paste || inNumber(msg)
}

func (c *counterScreen) typed(msg tea.KeyMsg) step {
	c.cursor = 0
	switch {
	case msg.Type == tea.KeyBackspace && c.number != "":
		runes := []rune(c.number)
		c.number = string(runes[:len(runes)-1])
		c.judged = min(c.judged, len(c.number))
	case msg.Type == tea.KeyRunes && len(c.number) < maxNumber:
		c.add(string(msg.Runes))
	}
	return step{}
}

// add puts text behind what is typed. A whole number behind one that was refused takes its place: that is the next scan,
// while a digit or two mend what stands there.
func (c *counterScreen) add(text string) {
	c.number += text
	if next := c.number[c.judged:]; c.judged > 0 && len(review.CleanIdentity(next)) >= shortestNumber {
		c.number, c.judged = next, 0
	}
}

// clear empties the number.
func (c *counterScreen) clear() { c.number, c.judged = "", 0 }

// shortestNumber is how long the number of a card is at least: those of the first generation.
const shortestNumber = 15

// maxNumber is more than any number has with its blanks.
const maxNumber = 40

// visible leaves out what ends the line of a scanner.
func visible(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// lookUp refuses a number that cannot be one, and keeps it as it was typed.
func (c *counterScreen) lookUp() (step, tea.Cmd) {
	w := c.s.words
	if c.looking != 0 {
		return tell(w.Say("busy.reading")), nil
	}
	number := review.CleanIdentity(c.number)
	if number == "" {
		return refuse(w.Say("counter.number_first")), nil
	}
	id, err := review.ParseIdentity(number, c.s.policy.ForeignersCard, c.today())
	if err != nil {
		c.judged = len(c.number)
		return refuse(w.Explain(err)), nil
	}
	c.looking = c.s.next()
	return step{}, c.s.look(review.PersonKey{Type: id.DocumentType, Number: id.Number}, c.looking)
}

// today is the day of the last list; before the first one no birth date lies ahead.
func (c *counterScreen) today() review.Date {
	if c.now.IsZero() {
		return review.NewDate(9999, time.December, 31)
	}
	return review.DateOf(c.now)
}

func (c *counterScreen) found(msg knownRead) (step, tea.Cmd) {
	if msg.request != c.looking {
		return step{}, nil
	}
	c.looking = 0
	if msg.err != nil {
		return refuse(c.s.words.Explain(msg.err)), c.s.logged(msg.err)
	}
	c.clear()
	return step{open: newPerson(c.s, msg)}, nil
}

// resume opens a filing where it was left.
func (c *counterScreen) resume(f review.Filing) tea.Cmd {
	c.looking = c.s.next()
	return c.s.readyFiling(f.Person, f.Kind, f.ID().Origin, c.looking)
}

func (c *counterScreen) resumed(msg filingReady) (step, tea.Cmd) {
	if msg.request != c.looking {
		return step{}, nil
	}
	c.looking = 0
	if msg.err != nil {
		return refuse(c.s.words.Explain(msg.err)), c.s.logged(msg.err)
	}
	return step{open: newEntry(c.s, msg)}, nil
}

// drop forgets a draft after a y.
func (c *counterScreen) drop(f review.Filing) (step, tea.Cmd) {
	from, account, id := counter(c.s.store), c.s.by.Name, f.ID()
	text := c.s.words.Say("counter.drop", c.s.words.Say("kind."+string(f.Kind)), review.MaskIdentity(f.Person.Number))
	done := c.s.words.Say("counter.dropped")
	return step{open: newConfirm(c.s, text, func() tea.Cmd {
		return func() tea.Msg { return doneMsg{text: done, err: from.DropFiling(account, id)} }
	})}, nil
}

func (c *counterScreen) SetSize(width, height int) { c.width, c.height = width, height }
func (c *counterScreen) Capturing() bool           { return false }

// Pastes says that a paste is for this screen: it is a number.
func (c *counterScreen) Pastes() bool { return true }

func (c *counterScreen) View() string {
	st, w := c.s.styles, c.s.words
	lead := "  "
	if c.cursor == 0 {
		lead = st.key.Render(signCursor) + " "
	}
	number := Plain(c.number)
	if c.cursor == 0 {
		number += st.selected.Render(" ")
	}
	lines := []string{"", " " + lead + st.strong.Render(w.Label("id_number")) + "  " + number}
	lines = append(lines, "     "+st.muted.Render(cut(w.Say("counter.number_hint"), max(c.width-6, 1))), "")
	lines = append(lines, c.headline())
	if len(c.filings) == 0 {
		empty := w.Say("counter.no_drafts")
		if !c.read {
			empty = w.Say("list.reading")
		}
		return strings.Join(append(lines, "     "+st.muted.Render(empty)), "\n")
	}
	rows := max(c.height-len(lines), 1)
	first := scrolled(c.cursor-1, len(c.filings), rows)
	for i, f := range c.filings[first:min(first+rows, len(c.filings))] {
		lines = append(lines, " "+pointer(st, first+i == c.cursor-1, c.line(&f), c.width-1))
	}
	return strings.Join(lines, "\n")
}

func (c *counterScreen) headline() string {
	title := " " + c.s.words.Say("counter.drafts", len(c.filings)) + " "
	fill := strings.Repeat(signRule, max(c.width-ansi.StringWidth(title)-2, 0))
	return c.s.styles.muted.Render(signRule+signRule) + c.s.styles.heading.Render(title) + c.s.styles.muted.Render(fill)
}

// line is a draft: who, what, how far, and when it goes.
func (c *counterScreen) line(f *review.Filing) string {
	w := c.s.words
	name := Plain(review.MaskName(f.Form.Get("name")))
	if name == "" {
		name = w.Say("counter.nameless")
	}
	left := fit(name, 8) + " " + review.MaskIdentity(f.Person.Number) + "  " + w.draft(f)
	return both(left, c.s.keeps(f, c.width), max(c.width-4, 1))
}

// draft says what a draft is of.
func (w Words) draft(f *review.Filing) string {
	what := w.Say("kind." + string(f.Kind))
	if f.Reference != "" {
		what += " " + f.Reference
	}
	if f.Follows != "" {
		what += " " + w.Say("counter.follows", f.Follows)
	}
	return what
}

// keeps says when a draft was changed, and in a window that has room until when it is kept.
func (s *session) keeps(f *review.Filing, width int) string {
	changed := f.ChangedAt.In(review.Zone).Format("01-02 15:04")
	if width < belowFrom {
		return changed
	}
	goes := review.DateOf(f.ChangedAt.AddDate(0, 0, s.policy.Counter.DraftDays))
	return changed + "  " + s.words.Say("counter.kept_until", goes.String())
}

func (c *counterScreen) ShortHelp() []key.Binding {
	k := c.s.keys
	if c.cursor > 0 {
		return []key.Binding{k.open, k.discard, k.down, k.up}
	}
	return []key.Binding{k.open, k.down}
}

func (c *counterScreen) FullHelp() [][]key.Binding {
	k := c.s.keys
	return [][]key.Binding{{k.open, k.down, k.up, k.discard, k.refresh, k.back}}
}

// draftCount is the number on the tab: what the account has begun and not submitted.
func draftCount(from Register, by review.Actor, now time.Time) (int, error) {
	list, err := from.Filings(by.Name, now)
	return len(list), err
}

// counterSection is the tab at which clerks begin.
func counterSection() section {
	return section{name: "counter", may: isClerk, begins: isClerk, open: newCounter, count: draftCount}
}

// isClerk says who works at the counter.
func isClerk(by review.Actor) bool { return by.Role == review.Clerk }

// digit is the number on a key from 1 to n, 0 for any other key.
func digit(msg tea.KeyMsg, n int) int {
	d, err := strconv.Atoi(msg.String())
	if err != nil || d < 1 || d > n {
		return 0
	}
	return d
}
