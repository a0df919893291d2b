package ui

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
)

// endings knows which certificates end when.
type endings interface {
	Endings(by review.Actor, in review.Period) (review.Endings, error)
	Ending(q store.EndingQuery, at store.Cursor, n int) (rows []store.EndingRow, more bool, err error)
}

// How far the expiry screen looks ahead.
const (
	expiryWeeks  = 26
	expiryMonths = 13
)

// expiryRead is the answer of reading how many certificates end when.
type expiryRead struct {
	request int
	endings review.Endings
	today   review.Date
	err     error
}

// expiry (到期) shows which certificates are overdue, may be renewed, or end later, by week, month and area, and how many
// renewals are to be expected.
type expiry struct {
	board
	within    string // the area that is shown, "" for all
	today     review.Date
	endings   review.Endings
	read      bool      // the first answer has come
	stretches []stretch // what each row leads to
	weeks     []int     // of the charts: certificates that end
	renewals  []int     // and renewals to be expected
}

// stretch is a period of last days in an area.
type stretch struct {
	area string
	in   review.Period
	name string
}

func expiryPages() []string { return []string{"weeks", "months", "areas"} }

func newExpiry(s *session) screen { return &expiry{board: newBoard(s, "expiry", expiryPages())} }

// renewable is the number on the tab: certificates that may be renewed now.
func renewable(from Register, by review.Actor, now review.Date) (int, error) {
	in := from.Policy().Renewable(now)
	e, err := from.Endings(by, in)
	return e.Sum("", in), err
}

// Shown reads the numbers as they are now.
func (x *expiry) Shown() tea.Cmd {
	x.fresh.visible = true
	return x.readAgain()
}

func (x *expiry) readAgain() tea.Cmd {
	x.awaited, x.fresh.stale = x.s.next(), false
	from, by, clock, request := endings(x.s.store), x.s.by, x.s.clock, x.awaited
	return func() tea.Msg {
		today := review.DateOf(clock())
		e, err := from.Endings(by, review.Period{To: review.PeriodOf(review.Month, today, expiryMonths).To})
		return expiryRead{request, e, today, err}
	}
}

func (x *expiry) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case expiryRead:
		return step{}, x.taken(msg)
	case newsMsg:
		if msg.moves() {
			return step{}, x.fresh.heard()
		}
	case freshDue:
		if x.fresh.due(msg) && x.awaited == 0 {
			return step{}, x.readAgain()
		}
	case doneMsg:
		x.writing = false
	case tea.KeyMsg:
		return x.pressed(msg)
	case tea.MouseMsg:
		x.cursor = wheel(msg, x.cursor, len(x.shown.rows))
	}
	return step{}, nil
}

func (x *expiry) taken(msg expiryRead) tea.Cmd {
	if msg.request != x.awaited {
		return nil
	}
	x.awaited, x.err = 0, msg.err
	if msg.err == nil {
		x.endings, x.today, x.read = msg.endings, msg.today, true
	}
	x.lay()
	return x.s.logged(msg.err)
}

// lay makes the rows of the page.
func (x *expiry) lay() {
	if !x.read {
		return
	}
	x.shown, x.stretches = figurePage{}, nil
	switch x.name() {
	case "weeks":
		x.layWeeks()
	case "months":
		x.layMonths()
	case "areas":
		x.layAreas()
	}
	x.settle()
}

func (x *expiry) heads(names ...string) []string {
	for i, name := range names {
		names[i] = x.s.words.Say("expiry.column." + name)
	}
	return names
}

func (x *expiry) add(to stretch, cells ...exchange.Cell) {
	row := figureRow{cells: append([]exchange.Cell{exchange.Text(to.name)}, cells...)}
	row.bar = int(cells[0].Number)
	x.shown.rows, x.stretches = append(x.shown.rows, row), append(x.stretches, to)
}

func (x *expiry) layWeeks() {
	x.shown.columns = x.heads("week", "ends", "renewals")
	x.weeks, x.renewals = nil, nil
	expected := x.endings.Renewals(x.s.policy, x.within, x.today, expiryWeeks)
	for i, n := range expected {
		in := review.PeriodOf(review.Week, x.today, i)
		ends := x.endings.Sum(x.within, in)
		x.weeks, x.renewals = append(x.weeks, ends), append(x.renewals, int(math.Round(n)))
		x.add(stretch{x.within, in, in.From.String() + "~" + in.To.String()[5:]}, exchange.Count(ends), exchange.Count(x.renewals[i]))
	}
}

// layMonths shows the overdue ones in one row, what may be renewed now in another, then month by month.
func (x *expiry) layMonths() {
	w := x.s.words
	x.shown.columns = x.heads("month", "ends")
	row := func(name string, in review.Period) {
		x.add(stretch{x.within, in, name}, exchange.Count(x.endings.Sum(x.within, in)))
	}
	row(w.Say("expiry.overdue"), review.Overdue(x.today))
	row(w.Say("expiry.renewable", x.s.policy.Renewal.OpensDays), x.s.policy.Renewable(x.today))
	for i := range expiryMonths {
		in := review.PeriodOf(review.Month, x.today, i)
		row(in.From.String()[:7], in)
	}
}

func (x *expiry) layAreas() {
	x.shown.columns = x.heads("area", "renewable", "soon", "overdue")
	known := map[string]bool{}
	row := func(area string) {
		if known[area] || x.within != "" && x.within != area {
			return
		}
		known[area] = true
		in := x.s.policy.Renewable(x.today)
		x.add(stretch{area, in, x.s.words.Area(area)}, exchange.Count(x.endings.Sum(area, in)),
			exchange.Count(x.endings.Sum(area, review.Period{From: x.today, To: x.today.AddDays(30)})),
			exchange.Count(x.endings.Sum(area, review.Overdue(x.today))))
	}
	for _, a := range x.s.policy.Options["area"] {
		if x.s.by.Oversees(a.Code) && !a.Disabled {
			row(a.Code)
		}
	}
	for _, area := range x.endings.Areas() {
		row(area)
	}
}

func (x *expiry) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := x.s.keys
	switch {
	case key.Matches(msg, k.next):
		return x.turnPage(1)
	case key.Matches(msg, k.previous):
		return x.turnPage(-1)
	case key.Matches(msg, k.filter):
		return x.pickArea(x.narrow), nil
	case key.Matches(msg, k.back):
		return x.narrow("")
	case key.Matches(msg, k.refresh):
		return tell(x.s.words.Say("list.refreshed")), x.readAgain()
	}
	if to, ok := k.cursor(msg, x.cursor, len(x.shown.rows), x.rows()); ok {
		x.cursor = to
		return step{}, nil
	}
	if !key.Matches(msg, k.open, k.asSheet, k.asText) {
		return refuse(x.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	if x.cursor >= len(x.stretches) {
		return refuse(x.s.words.Say("nothing.selected")), nil
	}
	if key.Matches(msg, k.open) {
		return step{open: newEndingList(x.s, x.stretches[x.cursor])}, nil
	}
	if x.writing {
		return refuse(x.s.words.Say("busy.writing")), nil
	}
	next, cmd := x.s.callList(x.stretches[x.cursor], key.Matches(msg, k.asText))
	x.writing = cmd != nil
	return next, cmd
}

func (x *expiry) turnPage(by int) (step, tea.Cmd) {
	x.turn(by)
	x.lay()
	return step{}, nil
}

func (x *expiry) narrow(area string) (step, tea.Cmd) {
	x.within = area
	x.lay()
	return step{}, nil
}

func (x *expiry) SetSize(width, height int) {
	x.width, x.height = width, height
	x.lay()
}

func (x *expiry) View() string {
	title := " " + x.s.styles.strong.Render(x.s.words.Say("expiry.title")) + "  " + x.s.words.within(x.s.by, x.within)
	return x.draw(title, x.read, x.charts, x.chartHeight() == 0)
}

func (x *expiry) charts(height int) []string {
	w := x.s.words
	label := func(i int) string { return review.PeriodOf(review.Week, x.today, i).From.String()[5:] }
	return chartsBeside(x.s, x.width, height, label,
		chartOf{w.Say("expiry.column.ends"), x.weeks}, chartOf{w.Say("expiry.column.renewals"), x.renewals})
}

func (x *expiry) ShortHelp() []key.Binding {
	k, w := x.s.keys, x.s.words
	return []key.Binding{withHelp(k.next, w.Say("overview.key_page")), withHelp(k.filter, w.Say("overview.key_area")), k.open,
		withHelp(k.asSheet, w.Say("expiry.key_sheet")), withHelp(k.asText, w.Say("expiry.key_text"))}
}

func (x *expiry) FullHelp() [][]key.Binding {
	k := x.s.keys
	return [][]key.Binding{x.ShortHelp(), {k.down, k.up, k.top, k.bottom, k.refresh, k.back}}
}

// callColumns are the columns of a call list.
func callColumns(w Words) []string {
	names := []string{"until", "standing", "name", "mobile", "applied", "certificate", "level", "area", "opens"}
	for i, name := range names {
		names[i] = w.Say("expiry.column." + name)
	}
	return names
}

// callRow is one line of a call list or, with personal data masked, of the list on the screen.
func callRow(w Words, p *review.Policy, row *store.EndingRow, today review.Date, masked bool) []exchange.Cell {
	v := row.Certificate.Current()
	name, mobile := v.Form.Get("name"), cmp.Or(row.Mobile, w.Say("expiry.no_mobile"))
	if masked && row.Mobile != "" {
		mobile = review.MaskMobile(mobile)
	}
	if masked {
		name = review.MaskName(name)
	}
	return []exchange.Cell{
		exchange.Text(v.ValidUntil.String()), exchange.Text(endingText(w, p, v.ValidUntil, today)), exchange.Text(Plain(name)),
		exchange.Text(Plain(mobile)), exchange.Text(row.InReview), exchange.Text(row.Certificate.Number), exchange.Text(w.Option("level", v.Form.Get("level"))),
		exchange.Text(w.Area(v.Area)), exchange.Text(p.RenewalOpens(v.ValidUntil).String()),
	}
}

// endingText says where a certificate stands on the day: overdue, to be renewed, or when that begins.
func endingText(w Words, p *review.Policy, until, today review.Date) string {
	switch days := today.DaysUntil(until); {
	case days < 0:
		return w.Say("expiry.overdue_days", -days)
	case days == 0:
		return w.Say("due.today")
	case p.Renewable(today).Holds(until):
		return w.Say("expiry.days_left", days)
	}
	return w.Say("expiry.later")
}

// callHead says which last days and which areas a call list is of: the file goes on by itself.
func callHead(w Words, q store.EndingQuery) string {
	days := w.Say("expiry.head", q.In.From, q.In.To)
	switch {
	case q.In.From.IsZero():
		days = w.Say("expiry.head_until", q.In.To)
	case q.In.To.IsZero():
		days = w.Say("expiry.head_from", q.In.From)
	}
	areas := q.By.Areas
	if q.Area != "" {
		areas = []string{q.Area}
	}
	if len(areas) == 0 {
		return days + "  " + w.Say("overview.all_areas")
	}
	names := make([]string, len(areas))
	for i, code := range areas {
		names[i] = w.Area(code)
	}
	return days + "  " + strings.Join(names, w.Say("join"))
}

// maxCalls bounds a call list: it is held in memory while it is made, and nobody calls more people from one list.
const maxCalls = 50_000

// ErrCalls says that a call list would be longer than maxCalls.
var ErrCalls = &review.RuleError{Code: "calls_too_many", Args: review.Args{"most": strconv.Itoa(maxCalls)}}

// CallList returns the table of whom to remind, with names and mobiles in clear, and what the log says of it. Whoever gets it
// must be allowed to (review.CallList), and it must be recorded before anybody can read it.
func CallList(w Words, p *review.Policy, from endings, q store.EndingQuery, today review.Date) (exchange.Table, review.Event, error) {
	t := exchange.Table{Title: w.Say("expiry.calls"), Head: callHead(w, q), Columns: callColumns(w)}
	if err := q.By.May(review.CallList); err != nil {
		return t, review.Event{}, err
	}
	at := store.Cursor("")
	for more := true; more; {
		var rows []store.EndingRow
		var err error
		if rows, more, err = from.Ending(q, at, 500); err != nil {
			return t, review.Event{}, err
		}
		for i := range rows {
			t.Rows = append(t.Rows, callRow(w, p, &rows[i], today, false))
			at = rows[i].At
		}
		if len(t.Rows) > maxCalls {
			return t, review.Event{}, ErrCalls
		}
	}
	note := fmt.Sprintf("%d certificates that end %s to %s", len(t.Rows), q.In.From, q.In.To)
	return t, review.Event{Action: review.CallList, Target: q.Area, Note: note}, nil
}

// callList makes the write of a call list. It appears under its name once the log has its line.
func (s *session) callList(of stretch, asText bool) (step, tea.Cmd) {
	w := s.words
	if err := s.by.May(review.CallList); err != nil {
		return refuse(w.Explain(err)), nil
	}
	if s.sheets == "" {
		return tell(w.Say("expiry.fetch")), nil
	}
	ending := ".xlsx"
	if asText {
		ending = ".csv"
	}
	name := w.Say("expiry.calls")
	if of.area != "" {
		name += "-" + w.Area(of.area)
	}
	if !of.in.From.IsZero() {
		name += "-" + of.in.From.String()
	}
	name = filepath.Join(s.sheets, fileName(name+"-"+of.in.To.String())+ending)
	from, record, by, policy, clock := endings(s.store), changes(s.store), s.by, s.policy, s.clock
	return step{}, func() tea.Msg {
		now := clock()
		q := store.EndingQuery{By: by, Area: of.area, In: of.in}
		table, event, err := CallList(w, policy, from, q, review.DateOf(now))
		if err != nil {
			return doneMsg{err: fmt.Errorf("call list: %w", err)}
		}
		path, err := filepath.Abs(name)
		if err != nil {
			return doneMsg{err: fmt.Errorf("call list: %w", err)}
		}
		write, err := exchange.TableWriter(path)
		if err != nil {
			return doneMsg{err: fmt.Errorf("call list: %w", err)}
		}
		path, err = durable.WriteFresh(path, func(to io.Writer) error { return write(to, []exchange.Table{table}) },
			func() error { return record.Record(by.Name, event, now) })
		if err != nil {
			return doneMsg{err: fmt.Errorf("call list: %w", err)}
		}
		return doneMsg{text: w.Say("expiry.exported", len(table.Rows), Plain(path))}
	}
}
