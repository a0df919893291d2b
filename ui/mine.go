package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// ownDecisions lists what an account has decided.
type ownDecisions interface {
	Decisions(by review.Actor, day review.Date) ([]store.OwnDecision, error)
}

// ownRead is the answer of reading the account's decisions of the day.
type ownRead struct {
	request int
	list    []store.OwnDecision
	err     error
}

// ownScreen lists the account's decisions of today, each with whether it can still be taken back, and why not.
type ownScreen struct {
	desk          *desk
	list          []store.OwnDecision
	cursor        int
	awaited       int
	err           error
	width, height int
}

func newOwn(d *desk) *ownScreen { return &ownScreen{desk: d} }

func (o *ownScreen) Init() tea.Cmd { return o.read() }

func (o *ownScreen) read() tea.Cmd {
	s := o.desk.s
	o.awaited = s.next()
	from, by, clock, request := ownDecisions(s.store), s.by, s.clock, o.awaited
	return func() tea.Msg {
		list, err := from.Decisions(by, review.DateOf(clock()))
		return ownRead{request, list, err}
	}
}

func (o *ownScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case ownRead:
		return step{}, o.taken(msg)
	case doneMsg:
		return step{}, o.read()
	case tea.KeyMsg:
		return o.pressed(msg)
	case tea.MouseMsg:
		o.cursor = wheel(msg, o.cursor, len(o.list))
	}
	return step{}, nil
}

func (o *ownScreen) taken(msg ownRead) tea.Cmd {
	if msg.request != o.awaited {
		return nil
	}
	o.awaited, o.list, o.err = 0, msg.list, msg.err
	o.cursor = max(min(o.cursor, len(o.list)-1), 0)
	return o.desk.s.logged(msg.err)
}

func (o *ownScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := o.desk.s.keys
	if key.Matches(msg, k.takeBack) {
		return o.takeBack()
	}
	if key.Matches(msg, k.refresh) {
		return step{}, o.read()
	}
	to, ok := k.cursor(msg, o.cursor, len(o.list), o.rows())
	if !ok {
		return refuse(o.desk.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	o.cursor = to
	return step{}, nil
}

// takeBack takes back the decision under the cursor, on the version that was read.
func (o *ownScreen) takeBack() (step, tea.Cmd) {
	w := o.desk.s.words
	switch {
	case o.desk.writing != "":
		return refuse(w.Say("busy.writing")), nil
	case o.awaited != 0:
		return refuse(w.Say("busy.reading")), nil
	case len(o.list) == 0:
		return refuse(w.Say("nothing.selected")), nil
	}
	one := &o.list[o.cursor]
	if why := o.desk.s.stays(one); why != "" {
		return refuse(why), nil
	}
	a := one.Application
	return o.desk.confirmTakeBack(a.Reference, a.Version, a.State == review.Approved)
}

// stays says why a decision can no longer be taken back, "" when it can.
func (s *session) stays(one *store.OwnDecision) string {
	if err := one.Application.Can(s.by, review.TakeBack); err != nil && one.Stands {
		return s.words.Explain(err)
	}
	if !one.Stands {
		return s.words.Say("own.gone")
	}
	return ""
}

func (o *ownScreen) rows() int { return max(o.height-3, 1) }

func (o *ownScreen) SetSize(width, height int) { o.width, o.height = width, height }
func (o *ownScreen) Capturing() bool           { return false }

func (o *ownScreen) View() string {
	st, w := o.desk.s.styles, o.desk.s.words
	lines := []string{" " + st.strong.Render(w.Say("own.title", len(o.list))), rule(st, o.width)}
	switch {
	case o.err != nil:
		lines = append(lines, " "+st.bad.Render(cut(signBad+" "+w.Explain(o.err), max(o.width-2, 1))))
	case len(o.list) == 0 && o.awaited != 0:
		lines = append(lines, "  "+st.muted.Render(w.Say("list.reading")))
	case len(o.list) == 0:
		lines = append(lines, "  "+st.muted.Render(w.Say("own.none")))
	}
	first := scrolled(o.cursor, len(o.list), o.rows())
	for i := range o.list[first:min(first+o.rows(), len(o.list))] {
		lines = append(lines, pointer(st, first+i == o.cursor, o.line(&o.list[first+i]), o.width))
	}
	return strings.Join(lines, "\n")
}

// line is one decision: when, what, whose, and whether it can be taken back.
func (o *ownScreen) line(one *store.OwnDecision) string {
	w, a := o.desk.s.words, &one.Application
	text := one.Event.At.In(review.Zone).Format("15:04") + " " + fit(w.Say("action."+string(one.Event.Action)), 8) + " " +
		Plain(a.Reference) + " " + fit(Plain(review.MaskName(a.Form.Get("name"))), 8) + " "
	if why := o.desk.s.stays(one); why != "" {
		return text + signBad + " " + strings.ReplaceAll(why, "\n", " ")
	}
	return text + signGood + " " + w.Say("own.open")
}

func (o *ownScreen) ShortHelp() []key.Binding {
	k := o.desk.s.keys
	return []key.Binding{k.takeBack, k.refresh, k.down, k.up, k.back}
}

func (o *ownScreen) FullHelp() [][]key.Binding { return [][]key.Binding{o.ShortHelp()} }
