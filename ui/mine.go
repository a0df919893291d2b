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

// ownScreen lists the account's decisions of today, each with whether it can still be taken back, and why not. Those
// that can are marked here for the one key that takes them back; marks of the queues are others.
type ownScreen struct {
	listScreen[store.OwnDecision]
	desk   *desk
	marked map[string]bool // by reference
}

func newOwn(d *desk) *ownScreen {
	return &ownScreen{listScreen[store.OwnDecision]{s: d.s}, d, map[string]bool{}}
}

func (o *ownScreen) Init() tea.Cmd { return o.read() }

func (o *ownScreen) read() tea.Cmd {
	from, by := ownDecisions(o.s.store), o.s.by
	return o.fetch(func(now time.Time) ([]store.OwnDecision, error) { return from.Decisions(by, review.DateOf(now)) })
}

func (o *ownScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case listRead[store.OwnDecision]:
		return step{}, o.listed(msg)
	case doneMsg:
		if o.desk.many == nil { // after the last of several
			return step{}, o.read()
		}
	case tea.KeyMsg:
		return o.pressed(msg)
	case tea.MouseMsg:
		o.cursor = wheel(msg, o.cursor, len(o.list))
	}
	return step{}, nil
}

// listed takes the list that was read. What can be taken back no more is marked no more.
func (o *ownScreen) listed(msg listRead[store.OwnDecision]) tea.Cmd {
	cmd, awaited := o.taken(msg)
	if !awaited || o.err != nil {
		return cmd
	}
	still := map[string]bool{}
	for i := range o.list {
		if one := &o.list[i]; o.marks(one) && o.s.stays(one) == "" {
			still[one.Application.Reference] = true
		}
	}
	o.marked = still
	return cmd
}

// marks reports whether the decision is marked: of several on one case the one that stands.
func (o *ownScreen) marks(one *store.OwnDecision) bool {
	return one.Stands && o.marked[one.Application.Reference]
}

func (o *ownScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := o.s.keys
	switch {
	case key.Matches(msg, k.takeBack):
		return o.takeBack()
	case key.Matches(msg, k.markRow):
		return o.markRow(), nil
	case key.Matches(msg, k.markAll):
		return o.markAll(), nil
	case key.Matches(msg, k.unmark):
		return o.unmark(), nil
	case key.Matches(msg, k.refresh):
		return step{}, o.read()
	}
	to, ok := k.cursor(msg, o.cursor, len(o.list), o.rows())
	if !ok {
		return refuse(o.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	o.cursor = to
	return step{}, nil
}

// markRow marks the decision under the cursor, or takes its mark away, and goes on to the next.
func (o *ownScreen) markRow() step {
	if why := o.unready(); why != "" {
		return refuse(why)
	}
	one := &o.list[o.cursor]
	if why := o.s.stays(one); why != "" {
		return refuse(why)
	}
	if o.marks(one) {
		delete(o.marked, one.Application.Reference)
	} else {
		o.marked[one.Application.Reference] = true
	}
	o.cursor = min(o.cursor+1, len(o.list)-1)
	return tell(o.s.words.Say("many.marked", len(o.marked)))
}

// markAll marks all that can be taken back.
func (o *ownScreen) markAll() step {
	if why := o.unready(); why != "" {
		return refuse(why)
	}
	for i := range o.list {
		if one := &o.list[i]; o.s.stays(one) == "" {
			o.marked[one.Application.Reference] = true
		}
	}
	return tell(o.s.words.Say("many.marked", len(o.marked)))
}

func (o *ownScreen) unmark() step {
	n := len(o.marked)
	clear(o.marked)
	return tell(o.s.words.Say("many.unmarked", n))
}

// unready says why nothing can be done with the list at this moment.
func (o *ownScreen) unready() string {
	w := o.s.words
	switch {
	case o.desk.writing != "":
		return w.Say("busy.writing")
	case o.awaited != 0:
		return w.Say("busy.reading")
	case len(o.list) == 0:
		return w.Say("nothing.selected")
	}
	return ""
}

// takeBack takes back the marked decisions, or the one under the cursor, on the versions that were read.
func (o *ownScreen) takeBack() (step, tea.Cmd) {
	if why := o.unready(); why != "" {
		return refuse(why), nil
	}
	if len(o.marked) > 0 {
		return o.takeBackMarked(), nil
	}
	one := &o.list[o.cursor]
	if why := o.s.stays(one); why != "" {
		return refuse(why), nil
	}
	a := one.Application
	return o.desk.confirmTakeBack(a.Reference, a.Version, a.State == review.Approved)
}

func (o *ownScreen) takeBackMarked() step {
	var cases []acted
	for i := range o.list {
		if one := &o.list[i]; o.marks(one) {
			a := &one.Application
			cases = append(cases, acted{reference: a.Reference, version: a.Version, final: a.State == review.Approved})
		}
	}
	return o.desk.askTakeBackMany(cases, []string{o.s.words.Say("take_back.many.marked", len(cases))})
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
	marked := ""
	if n := len(o.marked); n > 0 {
		marked = "* " + w.Say("many.standing", n) + " "
	}
	lines := []string{both(" "+st.strong.Render(w.Say("own.title", len(o.list))), marked, o.width), rule(st, o.width)}
	lines = append(lines, o.instead(w.Say("own.none"))...)
	lines = append(lines, o.flagged(o.rows(), o.flag, o.line)...)
	return strings.Join(lines, "\n")
}

func (o *ownScreen) flag(one *store.OwnDecision) string {
	if o.marks(one) {
		return "*"
	}
	return " "
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
	return []key.Binding{k.takeBack, k.markRow, k.markAll, k.unmark, k.refresh, k.down, k.up, k.back}
}

func (o *ownScreen) FullHelp() [][]key.Binding { return [][]key.Binding{o.ShortHelp()} }
