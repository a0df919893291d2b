package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// alikes finds records of other persons that are like a case.
type alikes interface {
	Alike(by review.Actor, reference string) ([]store.Alike, error)
}

// alikeRead is the answer of reading them.
type alikeRead struct {
	request int
	list    []store.Alike
	err     error
}

// alikeScreen shows a case beside one that it is like, and records that somebody has found them not to be the same.
type alikeScreen struct {
	desk          *desk
	a             review.Application
	list          []store.Alike
	at            int
	revealed      bool
	awaited       int
	err           error
	first         int
	width, height int
}

// toldApart and shownAlike say what has been recorded.
type (
	toldApart  struct{}
	shownAlike struct{}
)

// hasAlike says that the checks have found a record that is like the case.
func (d *desk) hasAlike() bool {
	return d.file != nil && slices.ContainsFunc(d.file.checks, func(p review.Problem) bool {
		return slices.Contains([]string{"management_shared", "birth_shared", "file_shared", "shared_checked"}, p.Code)
	})
}

// alike opens what is like the case on the screen.
func (d *desk) alike() (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	switch a := d.file.application; {
	case a == nil:
		return refuse(d.s.words.Say("certificate.no_decision")), nil
	case a.State == review.InReview && !d.hasAlike(): // of others nobody has checked it just now
		return tell(d.s.words.Say("alike.none")), nil
	}
	return step{open: &alikeScreen{desk: d, a: d.file.application.Clone()}}, nil
}

func (c *alikeScreen) Init() tea.Cmd {
	s := c.desk.s
	c.awaited = s.next()
	from, by, reference, request := alikes(s.store), s.by, c.a.Reference, c.awaited
	return func() tea.Msg {
		list, err := from.Alike(by, reference)
		return alikeRead{request, list, err}
	}
}

func (c *alikeScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case alikeRead:
		return step{}, c.read(msg)
	case doneMsg:
		return step{}, c.done(msg)
	case tea.KeyMsg:
		return c.pressed(msg)
	case tea.MouseMsg:
		c.first = wheel(msg, c.first, c.last()+1)
	}
	return step{}, nil
}

func (c *alikeScreen) read(msg alikeRead) tea.Cmd {
	if msg.request != c.awaited {
		return nil
	}
	shown := c.name()
	c.awaited, c.list, c.err = 0, msg.list, msg.err
	c.at = max(slices.IndexFunc(c.list, func(one store.Alike) bool { return one.Name == shown }), 0)
	return c.desk.s.logged(msg.err)
}

func (c *alikeScreen) done(msg doneMsg) tea.Cmd {
	if msg.id != c.a.Reference || msg.err != nil {
		return nil
	}
	switch msg.made.(type) {
	case toldApart:
		return c.Init()
	case shownAlike:
		c.revealed = true
	}
	return nil
}

// other is the record on the screen, nil for none.
func (c *alikeScreen) other() *store.Alike {
	if c.at >= len(c.list) {
		return nil
	}
	return &c.list[c.at]
}

func (c *alikeScreen) name() string {
	if one := c.other(); one != nil {
		return one.Name
	}
	return ""
}

func (c *alikeScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := c.desk.s.keys, c.desk.s.words
	switch {
	case key.Matches(msg, k.next, k.alike, k.tab):
		c.turn(1)
		return step{}, nil
	case key.Matches(msg, k.previous, k.tabBack):
		c.turn(-1)
		return step{}, nil
	case key.Matches(msg, k.apart):
		return c.tellApart()
	case key.Matches(msg, k.reveal):
		return c.reveal()
	case key.Matches(msg, k.attachment):
		return c.pictures()
	}
	to, ok := k.cursor(msg, c.first, c.last()+1, c.height)
	if !ok {
		return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
	}
	c.first = to
	return step{}, nil
}

func (c *alikeScreen) turn(by int) {
	if n := len(c.list); n > 0 {
		c.at, c.first, c.revealed = (c.at+by+n)%n, 0, false
	}
}

// comparable says why nothing can be done with what is on the screen.
func (c *alikeScreen) comparable() (string, bool) {
	w, one := c.desk.s.words, c.other()
	switch {
	case c.desk.writing != "":
		return w.Say("busy.writing"), false
	case c.awaited != 0:
		return w.Say("busy.reading"), false
	case one == nil:
		return w.Say("alike.none"), false
	case one.Application == nil && one.Certificate == nil:
		return w.Say("alike.hidden"), false
	}
	return "", true
}

// tellApart records that the two are not the same.
func (c *alikeScreen) tellApart() (step, tea.Cmd) {
	d, w := c.desk, c.desk.s.words
	if why, ok := c.comparable(); !ok {
		return refuse(why), nil
	}
	if err := d.s.by.May(review.NotSame); err != nil {
		return refuse(d.s.refusal(&c.a, err)), nil
	}
	one := c.other()
	if one.Checked != (review.Checked{}) {
		return tell(w.Say("alike.already")), nil
	}
	to, account, clock, id, done := changes(d.s.store), d.s.by.Name, d.s.clock, c.a.Reference, w.Say("alike.done", c.a.Reference, one.Name)
	event := review.Event{Action: review.NotSame, Reference: id, Target: one.Name}
	return step{}, d.write(id, true, func() doneMsg {
		if err := to.Record(account, event, clock()); err != nil {
			return doneMsg{err: fmt.Errorf("tell %s from %s: %w", id, event.Target, err)}
		}
		return doneMsg{text: done, made: toldApart{}}
	})
}

// reveal shows both in clear, once that has been recorded of both.
func (c *alikeScreen) reveal() (step, tea.Cmd) {
	d, w := c.desk, c.desk.s.words
	if c.revealed {
		c.revealed = false
		return tell(w.Say("reveal.hidden")), nil
	}
	if why, ok := c.comparable(); !ok {
		return refuse(why), nil
	}
	if err := d.s.by.May(review.Reveal); err != nil {
		return refuse(d.s.words.Explain(err)), nil
	}
	events := []review.Event{{Action: review.Reveal, Reference: c.a.Reference}, {Action: review.Reveal}}
	if one := c.other(); one.Application != nil {
		events[1].Reference = one.Name
	} else {
		events[1].Certificate = one.Name
	}
	to, account, clock, id, done := changes(d.s.store), d.s.by.Name, d.s.clock, c.a.Reference, w.Say("alike.revealed")
	return step{}, d.write(id, true, func() doneMsg {
		for _, e := range events {
			if err := to.Record(account, e, clock()); err != nil {
				return doneMsg{err: fmt.Errorf("reveal %s beside another: %w", id, err)}
			}
		}
		return doneMsg{text: done, made: shownAlike{}}
	})
}

func (c *alikeScreen) last() int { return max(len(c.lines())-c.height, 0) }

func (c *alikeScreen) SetSize(width, height int) { c.width, c.height = width, height }
func (c *alikeScreen) Capturing() bool           { return false }

func (c *alikeScreen) View() string {
	lines := c.lines()
	return strings.Join(lines[min(c.first, c.last()):], "\n")
}

func (c *alikeScreen) lines() []string {
	st, w := c.desk.s.styles, c.desk.s.words
	one := c.other()
	switch {
	case c.err != nil:
		return []string{" " + st.bad.Render(cut(signBad+" "+w.Explain(c.err), max(c.width-2, 1)))}
	case one == nil && c.awaited != 0:
		return []string{"  " + st.muted.Render(w.Say("list.reading"))}
	case one == nil:
		return []string{"  " + st.muted.Render(w.Say("alike.none"))}
	}
	p := &pair{s: c.desk.s, width: c.width, revealed: c.revealed}
	p.text(st.strong.Render, w.Say("alike.title", c.at+1, len(c.list), Plain(c.a.Reference), Plain(one.Name)))
	var codes []string
	for _, code := range one.Codes {
		codes = append(codes, w.Say("alike."+code))
	}
	p.text(st.warn.Render, signWarn+" "+strings.Join(codes, w.Say("join")))
	switch {
	case one.Checked != (review.Checked{}):
		p.text(st.good.Render, signGood+" "+w.Say("alike.checked", Plain(one.Checked.By), one.Checked.On.String()))
	case one.Application == nil && one.Certificate == nil:
		p.text(st.muted.Render, w.Say("alike.hidden"))
		return p.lines
	default:
		p.text(st.info.Render, w.Say("alike.open"))
	}
	p.compare(&c.a, one, c.found(one))
	return p.lines
}

// found are the fields and slots in which the checks of the open case have found it like the other.
func (c *alikeScreen) found(one *store.Alike) []review.Key {
	if file := c.desk.file; file != nil && file.id() == c.a.Reference {
		return review.AlikeIn(file.checks, one.Name)
	}
	return nil
}

func (c *alikeScreen) ShortHelp() []key.Binding {
	k := c.desk.s.keys
	return []key.Binding{k.apart, k.attachment, k.reveal, withHelp(k.next, c.desk.s.words.Say("key.other")), k.down, k.up, k.back}
}

func (c *alikeScreen) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }
