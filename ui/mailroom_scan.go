package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// scanPanel takes tracking numbers one after the other, for envelopes that lie in the order of the list. A scanner types a
// number and enter; the next envelope is up as soon as the one before is on disk.
type scanPanel struct {
	s     *session
	room  *mailroom
	list  []review.Application // as they were on the screen when scanning began
	at    int
	done  int
	last  string   // tracking number before this one
	tried string   // tracking number of the write under way
	wrote int      // number of the write under way, 0 for none
	ahead []string // scanned while one was being written: they are for the envelopes that follow
	input textinput.Model
	width int
}

// askTracking begins to scan for the marked envelopes, else for the one under the cursor and those after it.
func (m *mailroom) askTracking() (step, tea.Cmd) {
	list, why := m.chosen(review.MailSend)
	if why != "" {
		return refuse(why), nil
	}
	if len(m.marks) == 0 && m.state == review.LetterPrinted {
		list = slices.Clone(m.rows[m.cursor:])
	}
	return step{open: &scanPanel{s: m.s, room: m, list: list, input: newInput(m.s)}}, nil
}

func (p *scanPanel) Init() tea.Cmd { return nil }

func (p *scanPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case doneMsg:
		return p.written(msg)
	}
	return step{}, typeInto(&p.input, msg)
}

func (p *scanPanel) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	switch {
	case key.Matches(msg, k.cancel):
		return step{close: true, say: notice{informs, p.s.words.Say("mail.scan_ended", p.done, len(p.list))}}, nil
	case key.Matches(msg, k.accept):
		return p.scanned()
	case key.Matches(msg, k.carrierNext):
		p.turn(1)
		return step{}, nil
	case key.Matches(msg, k.carrierBefore):
		p.turn(-1)
		return step{}, nil
	case key.Matches(msg, k.skipLetter):
		p.skip(1)
		return step{}, nil
	case key.Matches(msg, k.skipBack):
		p.skip(-1)
		return step{}, nil
	}
	return step{}, typeInto(&p.input, msg)
}

// skip goes to another envelope, unless a number is on its way to the one that is up.
func (p *scanPanel) skip(by int) {
	if p.wrote == 0 {
		p.at = min(max(p.at+by, 0), len(p.list)-1)
	}
}

// turn chooses another carrier, which stays chosen.
func (p *scanPanel) turn(by int) {
	list := slices.DeleteFunc(slices.Clone(p.s.policy.Mail.Carriers), func(o review.Option) bool { return o.Disabled })
	if len(list) == 0 {
		return
	}
	at := slices.IndexFunc(list, func(o review.Option) bool { return o.Code == p.room.carrier })
	p.room.carrier = list[(at+by+len(list))%len(list)].Code
}

// scanned sends the envelope that is up under the number that was typed, or keeps the number for the one that follows.
func (p *scanPanel) scanned() (step, tea.Cmd) {
	tracking := review.CleanTracking(p.input.Value())
	p.input.SetValue("")
	if p.wrote != 0 {
		p.ahead = append(p.ahead, tracking)
		return step{}, nil
	}
	return p.send(tracking)
}

func (p *scanPanel) send(tracking string) (step, tea.Cmd) {
	w := p.s.words
	switch {
	case !review.IsTracking(tracking):
		return refuse(w.Code("tracking_form", nil)), nil
	case tracking == p.last:
		return refuse(w.Say("mail.scan_same")), nil
	}
	a, carrier, policy := &p.list[p.at], p.room.carrier, p.s.policy
	p.wrote, p.tried = p.s.next(), tracking
	say := w.Say("mail.sent", a.Reference, tracking)
	return step{}, written(p.wrote, p.room.changing(a, say, func(a *review.Application, by review.Actor, now time.Time) (review.Event, error) {
		return a.MailSend(by, policy, carrier, tracking, now)
	}))
}

// written goes on to the next envelope, and to the number that was scanned for it meanwhile; one that was refused stays up,
// and what was scanned after it is scanned again.
func (p *scanPanel) written(msg doneMsg) (step, tea.Cmd) {
	what, ok := msg.made.(mailWritten)
	if !ok || what.by != p.wrote {
		return step{}, nil
	}
	p.wrote = 0
	if msg.err != nil {
		return p.dropped(p.s.words.Explain(msg.err)), nil
	}
	p.last = p.tried
	p.done++
	p.list = slices.Delete(p.list, p.at, p.at+1)
	if len(p.list) == 0 {
		return step{close: true, say: notice{succeeded, p.room.s.words.Say("mail.scan_all", p.done)}}, nil
	}
	p.at = min(p.at, len(p.list)-1)
	if len(p.ahead) == 0 {
		return step{}, nil
	}
	tracking := p.ahead[0]
	p.ahead = p.ahead[1:]
	next, cmd := p.send(tracking)
	if next.say.kind == refused {
		next = p.dropped(next.say.text)
	}
	return next, cmd
}

// dropped refuses, and says that what has been scanned since is to be scanned again.
func (p *scanPanel) dropped(why string) step {
	if n := len(p.ahead); n > 0 {
		why += "\n" + p.s.words.Say("mail.scan_again", n)
	}
	p.ahead = nil
	return refuse(why)
}

func (p *scanPanel) SetSize(width, _ int) {
	p.width = width
	p.input.Width = max(width-6, 1)
}

func (p *scanPanel) Busy() bool      { return p.wrote != 0 }
func (p *scanPanel) Capturing() bool { return true }
func (p *scanPanel) Lines(int) int   { return 5 }

func (p *scanPanel) View() string {
	st, w, a := p.s.styles, p.s.words, &p.list[p.at]
	title := w.Say("mail.scan_title", p.at+1, len(p.list), a.Reference, a.Certificate)
	whom := p.room.masked(a, "recipient") + "  " + p.room.masked(a, "region")
	return strings.Join([]string{
		rule(st, p.width), fit(" "+st.strong.Render(title), p.width), fit(" "+whom, p.width),
		fit(" "+st.muted.Render(w.Say("mail.scan_carrier"))+" "+p.room.carrierName(p.room.carrier), p.width), " > " + p.input.View(),
	}, "\n")
}

func (p *scanPanel) ShortHelp() []key.Binding {
	k := p.s.keys
	return []key.Binding{k.accept, k.carrierNext, k.skipLetter, k.skipBack, k.cancel}
}

func (p *scanPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
