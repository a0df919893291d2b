package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// reasonsPanel asks for one of a few coded reasons: a digit chooses it at once. A reason that needs a note asks for it.
type reasonsPanel struct {
	s       *session
	title   string
	reasons []review.CodedText
	cursor  int
	then    func(code, note string) (step, tea.Cmd)
	width   int
	height  int
}

// newReasons makes the panel; then gets the code and the note that the reason needs.
func newReasons(s *session, title string, list []review.CodedText, then func(code, note string) (step, tea.Cmd)) *reasonsPanel {
	return &reasonsPanel{s: s, title: title, reasons: list, then: then}
}

// on puts the cursor on the reason with the code, where there is one.
func (p *reasonsPanel) on(code string) *reasonsPanel {
	for i, r := range p.reasons {
		if r.Code == code {
			p.cursor = i
		}
	}
	return p
}

func (p *reasonsPanel) Init() tea.Cmd { return nil }

func (p *reasonsPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok {
		return p.pressed(msg)
	}
	return step{}, nil
}

func (p *reasonsPanel) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	if n, err := strconv.Atoi(msg.String()); err == nil && n >= 1 && n <= min(len(p.reasons), 9) {
		p.cursor = n - 1
		return p.chosen()
	}
	switch {
	case key.Matches(msg, k.cancel):
		return step{close: true, say: notice{informs, p.s.words.Say("ask.cancelled")}}, nil
	case key.Matches(msg, k.accept):
		return p.chosen()
	}
	if to, ok := k.cursor(msg, p.cursor, len(p.reasons), len(p.reasons)); ok {
		p.cursor = to
		return step{}, nil
	}
	return refuse(p.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (p *reasonsPanel) chosen() (step, tea.Cmd) {
	reason := p.reasons[p.cursor]
	if !reason.Note {
		next, cmd := p.then(reason.Code, "")
		next.close = true
		return next, cmd
	}
	return step{close: true, open: newAsk(p.s, ask{
		title: p.title + p.s.words.Say("colon") + reason.Name(p.s.words.Lang()), label: p.s.words.Say("reasons.note"), required: true,
		then: func(note string) (step, tea.Cmd) { return p.then(reason.Code, note) },
	})}, nil
}

func (p *reasonsPanel) SetSize(width, height int) { p.width, p.height = width, height }
func (p *reasonsPanel) Capturing() bool           { return true }
func (p *reasonsPanel) Lines(int) int             { return 2 + len(p.reasons) }

func (p *reasonsPanel) View() string {
	st := p.s.styles
	lines := []string{rule(st, p.width), fit(" "+st.strong.Render(p.title), p.width)}
	rows := max(p.height-2, 1)
	first := scrolled(p.cursor, len(p.reasons), rows)
	for i, r := range p.reasons[first:min(first+rows, len(p.reasons))] {
		digit := " "
		if n := first + i + 1; n <= 9 {
			digit = strconv.Itoa(n)
		}
		lines = append(lines, pointer(st, first+i == p.cursor, digit+" "+r.Name(p.s.words.Lang()), p.width))
	}
	return strings.Join(lines, "\n")
}

func (p *reasonsPanel) ShortHelp() []key.Binding {
	k := p.s.keys
	return []key.Binding{k.reasonNumber, k.down, k.up, k.accept, k.cancel}
}

func (p *reasonsPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
