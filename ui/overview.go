package ui

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
)

// figures reads what is kept for the overview.
type figures interface {
	Figures(by review.Actor, from review.Date) (review.Figures, error)
}

// overviewRead is the answer of reading figures.
type overviewRead struct {
	request int
	figures review.Figures
	of      OverviewOf
	err     error
}

// overview (统计) shows what came in, was decided and waits, by week, level, area, reviewer, age and reason.
type overview struct {
	board
	unit    review.Unit
	moved   int             // periods from the present one
	have    OverviewOf      // what the figures are of: the unit that was asked for follows when they come
	figures *review.Figures // nil before the first answer
}

func newOverview(s *session) screen {
	o := &overview{board: newBoard(s, "overview", overviewPages()), unit: review.Month}
	if s.by.Role == review.Reviewer {
		o.have.Part.Level = s.by.Level
	}
	return o
}

// Shown reads the figures as they are now.
func (o *overview) Shown() tea.Cmd {
	o.fresh.visible = true
	return o.read()
}

func (o *overview) read() tea.Cmd {
	o.awaited, o.fresh.stale = o.s.next(), false
	from, by, clock, request := figures(o.s.store), o.s.by, o.s.clock, o.awaited
	unit, moved := o.unit, o.moved
	return func() tea.Msg {
		today := review.DateOf(clock())
		span := OverviewOf{Unit: unit, Period: review.PeriodOf(unit, today, moved), Today: today}
		f, err := from.Figures(by, span.From())
		return overviewRead{request, f, span, err}
	}
}

func (o *overview) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case overviewRead:
		return step{}, o.taken(msg)
	case newsMsg:
		return step{}, o.fresh.heard()
	case freshDue:
		if o.fresh.due(msg) && o.awaited == 0 {
			return step{}, o.read()
		}
	case doneMsg:
		o.writing = false
	case tea.KeyMsg:
		return o.pressed(msg)
	case tea.MouseMsg:
		o.cursor = wheel(msg, o.cursor, len(o.shown.rows))
	}
	return step{}, nil
}

func (o *overview) taken(msg overviewRead) tea.Cmd {
	if msg.request != o.awaited {
		return nil
	}
	o.awaited, o.err = 0, msg.err
	if msg.err == nil {
		part := o.have.Part
		o.figures, o.have = &msg.figures, msg.of
		o.have.Part = part
	}
	o.lay()
	return o.s.logged(msg.err)
}

// lay makes the page that is shown.
func (o *overview) lay() {
	if o.figures == nil {
		return
	}
	o.shown = newReport(o.s.words, o.s.by, o.s.policy, o.figures, o.have).page(o.name())
	o.settle()
}

// Owns: the arrows move the period here.
func (o *overview) Owns(msg tea.KeyMsg) bool {
	return key.Matches(msg, o.s.keys.earlier, o.s.keys.later)
}

func (o *overview) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := o.s.keys
	switch {
	case key.Matches(msg, k.units):
		return o.measure(map[string]review.Unit{"w": review.Week, "m": review.Month, "s": review.Quarter, "y": review.Year}[msg.String()])
	case key.Matches(msg, k.earlier):
		return o.move(-1)
	case key.Matches(msg, k.later):
		return o.move(1)
	case key.Matches(msg, k.next):
		return o.turnPage(1)
	case key.Matches(msg, k.previous):
		return o.turnPage(-1)
	case key.Matches(msg, k.level):
		o.have.Part.Level = (o.have.Part.Level + 1) % (len(o.s.policy.Levels) + 1)
		o.lay()
		return step{}, nil
	case key.Matches(msg, k.filter):
		return o.pickArea(o.narrow), nil
	case key.Matches(msg, k.back):
		return o.everything()
	case key.Matches(msg, k.open):
		return o.behind()
	case key.Matches(msg, k.asSheet):
		return o.export(".xlsx")
	case key.Matches(msg, k.asText):
		return o.export(".csv")
	case key.Matches(msg, k.refresh):
		return tell(o.s.words.Say("list.refreshed")), o.read()
	}
	if to, ok := k.cursor(msg, o.cursor, len(o.shown.rows), o.rows()); ok {
		o.cursor = to
		return step{}, nil
	}
	return refuse(o.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (o *overview) measure(u review.Unit) (step, tea.Cmd) {
	o.unit, o.moved = u, 0
	return step{}, o.read()
}

func (o *overview) move(by int) (step, tea.Cmd) {
	if o.moved+by > 0 {
		return refuse(o.s.words.Say("overview.latest")), nil
	}
	o.moved += by
	return step{}, o.read()
}

func (o *overview) turnPage(by int) (step, tea.Cmd) {
	o.turn(by)
	o.lay()
	return step{}, nil
}

// everything takes the filter away.
func (o *overview) everything() (step, tea.Cmd) {
	if o.have.Part == (review.Part{}) {
		return tell(o.s.words.Say("filter.none")), nil
	}
	o.have.Part = review.Part{}
	o.lay()
	return step{}, nil
}

func (o *overview) narrow(area string) (step, tea.Cmd) {
	o.have.Part.Area = area
	o.lay()
	return step{}, nil
}

// behind opens the list behind the row under the cursor.
func (o *overview) behind() (step, tea.Cmd) {
	if o.cursor >= len(o.shown.rows) {
		return refuse(o.s.words.Say("nothing.selected")), nil
	}
	to := o.shown.rows[o.cursor].leads
	return step{visit: &to}, nil
}

// export writes all pages, as they are shown, into the folder for what is printed.
func (o *overview) export(ending string) (step, tea.Cmd) {
	w := o.s.words
	switch {
	case o.s.sheets == "":
		return tell(w.Say("overview.fetch")), nil
	case o.writing:
		return refuse(w.Say("busy.writing")), nil
	case o.figures == nil || o.awaited != 0:
		return refuse(w.Say("busy.reading")), nil
	}
	o.writing = true
	of := o.have
	tables := OverviewTables(w, o.s.by, o.s.policy, o.figures, of)
	name := filepath.Join(o.s.sheets, of.file(w, o.s.by)+ending)
	return step{}, func() tea.Msg { return writeTables(w, name, tables) }
}

// writeTables writes a file of tables and says where it is.
func writeTables(w Words, name string, tables []exchange.Table) tea.Msg {
	path, err := filepath.Abs(name)
	if err == nil {
		var write func(io.Writer, []exchange.Table) error
		if write, err = exchange.TableWriter(path); err == nil {
			path, err = durable.WriteFresh(path, func(to io.Writer) error { return write(to, tables) }, func() error { return nil })
		}
	}
	if err != nil {
		return doneMsg{err: fmt.Errorf("export figures: %w", err)}
	}
	return doneMsg{text: w.Say("overview.exported", Plain(path))}
}

func (o *overview) SetSize(width, height int) {
	o.width, o.height = width, height
	o.lay()
}

func (o *overview) View() string {
	return o.draw(o.title(), o.figures != nil, o.charts, !o.charted())
}

// title says the period and what the figures are narrowed to.
func (o *overview) title() string {
	w, st := o.s.words, o.s.styles
	when := ""
	if o.figures != nil {
		when = w.period(o.have.Unit, o.have.Period)
	}
	return both(" "+st.strong.Render(when)+"  "+o.have.narrowed(w, o.s.by), st.muted.Render(w.Say("overview.days"))+" ", o.width)
}

// head is the title of the screen as a file has it.
func (o *OverviewOf) head(w Words, by review.Actor) string {
	return w.period(o.Unit, o.Period) + "  " + o.narrowed(w, by) + "  " + w.Say("overview.days")
}

func (o *OverviewOf) narrowed(w Words, by review.Actor) string {
	return o.level(w) + "  " + w.within(by, o.Part.Area)
}

func (o *OverviewOf) level(w Words) string {
	if o.Part.Level == 0 {
		return w.Say("overview.all_levels")
	}
	return w.Level(o.Part.Level)
}

// within names the area that figures are of; where they are narrowed to none, those that the account sees of all.
func (w Words) within(by review.Actor, area string) string {
	areas := by.Overseen()
	switch n := len(areas); {
	case area != "":
		return w.Area(area)
	case n == 0:
		return w.Say("overview.all_areas")
	case n == 1:
		return w.Area(areas[0])
	default:
		return w.Say("admin.areas_more", w.Area(areas[0]), n)
	}
}

// file is the name of a file with the figures, without its ending: other figures have another one.
func (o *OverviewOf) file(w Words, by review.Actor) string {
	return fileName(strings.Join([]string{
		w.Say("overview.file"), o.Period.From.String(), o.Period.To.String(), o.level(w), w.within(by, o.Part.Area),
	}, "-"))
}

// fileName leaves out of a name what no file system takes.
func fileName(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, text)
}

// period names a period.
func (w Words) period(u review.Unit, p review.Period) string {
	switch u {
	case review.Month:
		return w.Say("overview.month", p.From.Year(), int(p.From.Month()))
	case review.Quarter:
		return w.Say("overview.quarter", p.From.Year(), (int(p.From.Month())+2)/3)
	case review.Year:
		return w.Say("overview.year", p.From.Year())
	}
	return p.From.String() + " ~ " + p.To.String()
}

// charts draws what came in, what was decided and what waited, beside each other.
func (o *overview) charts(height int) []string {
	columns := o.have.Period.Columns(o.have.Unit)
	label := func(i int) string { return columns[i].From.String()[5:] }
	if o.have.Unit == review.Year {
		label = func(i int) string { return columns[i].From.String()[2:7] }
	}
	var came, decided, waiting []int
	for _, row := range o.shown.rows {
		came = append(came, int(row.cells[1].Number))
		decided = append(decided, int(row.cells[2].Number+row.cells[3].Number))
		waiting = append(waiting, int(row.cells[5].Number))
	}
	w := o.s.words
	return chartsBeside(o.s, o.width, height, label, chartOf{w.Say("overview.column.came"), came},
		chartOf{w.Say("overview.column.decided"), decided}, chartOf{w.Say("overview.column.waiting"), waiting})
}

func (o *overview) ShortHelp() []key.Binding {
	k := o.s.keys
	return []key.Binding{withHelp(k.next, o.s.words.Say("overview.key_page")), k.units, k.earlier, k.level, withHelp(k.filter, o.s.words.Say("overview.key_area")), k.open, k.asSheet, k.asText}
}

func (o *overview) FullHelp() [][]key.Binding {
	k := o.s.keys
	return [][]key.Binding{
		{withHelp(k.next, o.s.words.Say("overview.key_page")), withHelp(k.previous, o.s.words.Say("overview.key_page_back")), k.units, k.earlier, k.later, k.level, withHelp(k.filter, o.s.words.Say("overview.key_area")), k.back},
		{k.down, k.up, k.top, k.bottom, k.open, k.asSheet, k.asText, k.refresh},
	}
}
