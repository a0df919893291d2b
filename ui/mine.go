package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// ownDecisions lists what an account has decided.
type ownDecisions interface {
	Decisions(by review.Actor, day review.Date) ([]store.OwnDecision, error)
}

// ownScreen lists the account's decisions of today, each with whether it can still be taken back, and why not.
type ownScreen struct {
	listScreen[store.OwnDecision]
	desk *desk
}

func newOwn(d *desk) *ownScreen { return &ownScreen{listScreen[store.OwnDecision]{s: d.s}, d} }

func (o *ownScreen) Init() tea.Cmd { return o.read() }

func (o *ownScreen) read() tea.Cmd {
	from, by := ownDecisions(o.s.store), o.s.by
	return o.fetch(func(now time.Time) ([]store.OwnDecision, error) { return from.Decisions(by, review.DateOf(now)) })
}

func (o *ownScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case listRead[store.OwnDecision]:
		cmd, _ := o.taken(msg)
		return step{}, cmd
	case doneMsg:
		return step{}, o.read()
	case tea.KeyMsg:
		return o.pressed(msg)
	case tea.MouseMsg:
		o.cursor = wheel(msg, o.cursor, len(o.list))
	}
	return step{}, nil
}

func (o *ownScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := o.s.keys
	if key.Matches(msg, k.takeBack) {
		return o.takeBack()
	}
	if key.Matches(msg, k.refresh) {
		return step{}, o.read()
	}
	to, ok := k.cursor(msg, o.cursor, len(o.list), o.rows())
	if !ok {
		return refuse(o.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	o.cursor = to
	return step{}, nil
}

// takeBack takes back the decision under the cursor, on the version that was read.
func (o *ownScreen) takeBack() (step, tea.Cmd) {
	w := o.s.words
	switch {
	case o.desk.writing != "":
		return refuse(w.Say("busy.writing")), nil
	case o.awaited != 0:
		return refuse(w.Say("busy.reading")), nil
	case len(o.list) == 0:
		return refuse(w.Say("nothing.selected")), nil
	}
	one := &o.list[o.cursor]
	if why := o.s.stays(one); why != "" {
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

func (o *ownScreen) View() string {
	st, w := o.s.styles, o.s.words
	lines := []string{" " + st.strong.Render(w.Say("own.title", len(o.list))), rule(st, o.width)}
	lines = append(lines, o.instead(w.Say("own.none"))...)
	lines = append(lines, o.lines(o.rows(), o.line)...)
	return strings.Join(lines, "\n")
}

// line is one decision: when, what, whose, and whether it can be taken back.
func (o *ownScreen) line(one *store.OwnDecision) string {
	w, a := o.s.words, &one.Application
	text := one.Event.At.In(review.Zone).Format("15:04") + " " + fit(w.Say("action."+string(one.Event.Action)), 8) + " " +
		Plain(a.Reference) + " " + fit(Plain(review.MaskName(a.Form.Get("name"))), 8) + " "
	if why := o.s.stays(one); why != "" {
		return text + signBad + " " + strings.ReplaceAll(why, "\n", " ")
	}
	return text + signGood + " " + w.Say("own.open")
}

func (o *ownScreen) ShortHelp() []key.Binding {
	k := o.s.keys
	return []key.Binding{k.takeBack, k.refresh, k.down, k.up, k.back}
}

func (o *ownScreen) FullHelp() [][]key.Binding { return [][]key.Binding{o.ShortHelp()} }
