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
	last  string // tracking number before this one
	tried string // tracking number of the write under way
	wrote int    // number of the write under way, 0 for none
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
		return p.written(msg), nil
	}
	return step{}, typeInto(&p.input, msg)
}

func (p *scanPanel) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	switch {
	case key.Matches(msg, k.cancel):
		return step{close: true, say: notice{informs, p.s.words.Say("mail.scan_ended", p.done, len(p.list)-p.done)}}, nil
	case key.Matches(msg, k.accept):
		return p.scanned()
	case key.Matches(msg, k.carrierNext):
		p.turn(1)
		return step{}, nil
	case key.Matches(msg, k.carrierBefore):
		p.turn(-1)
		return step{}, nil
	case key.Matches(msg, k.skipLetter):
		p.at = min(p.at+1, len(p.list)-1)
		return step{}, nil
	case key.Matches(msg, k.skipBack):
		p.at = max(p.at-1, 0)
		return step{}, nil
	}
	return step{}, typeInto(&p.input, msg)
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

// scanned sends the envelope that is up under the number that was typed.
func (p *scanPanel) scanned() (step, tea.Cmd) {
	w := p.s.words
	tracking := review.CleanTracking(p.input.Value())
	p.input.SetValue("")
	switch {
	case p.wrote != 0:
		return refuse(w.Say("busy.writing")), nil
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

// written goes on to the next envelope; one that was refused stays up.
func (p *scanPanel) written(msg doneMsg) step {
	what, ok := msg.made.(mailWritten)
	if !ok || what.by != p.wrote {
		return step{}
	}
	p.wrote = 0
	if msg.err != nil {
		return step{}
	}
	p.last = p.tried
	p.done++
	p.list = slices.Delete(p.list, p.at, p.at+1)
	if len(p.list) == 0 {
		return step{close: true, say: notice{succeeded, p.room.s.words.Say("mail.scan_all", p.done)}}
	}
	p.at = min(p.at, len(p.list)-1)
	return step{}
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
