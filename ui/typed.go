package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// numberPanel asks before what reaches many: whoever means it types how many there are. Neither enter alone nor any single
// key is yes, so that no finger does it by going on as before.
type numberPanel struct {
	s     *session
	text  string
	n     int
	then  func() tea.Cmd
	input textinput.Model
	width int
}

func newNumber(s *session, text string, n int, then func() tea.Cmd) *numberPanel {
	p := &numberPanel{s: s, text: text, n: n, then: then, input: newInput(s)}
	p.input.CharLimit = len(strconv.Itoa(n)) + 1 // room to see that one digit is too many
	return p
}

func (p *numberPanel) Init() tea.Cmd { return nil }

func (p *numberPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok {
		switch {
		case key.Matches(msg, p.s.keys.cancel):
			return step{close: true, say: notice{informs, p.s.words.Say("ask.cancelled")}}, nil
		case key.Matches(msg, p.s.keys.accept):
			return p.answered()
		}
	}
	return step{}, typeInto(&p.input, msg)
}

// answered takes the number as it was typed, full-width digits of an input method too.
func (p *numberPanel) answered() (step, tea.Cmd) {
	typed := strings.TrimSpace(review.HalfWidth(p.input.Value()))
	switch typed {
	case strconv.Itoa(p.n):
		return step{close: true}, p.then()
	case "":
		return refuse(p.s.words.Say("number.none", p.n)), nil
	}
	p.input.SetValue("")
	return refuse(p.s.words.Say("number.other", typed, p.n)), nil
}

func (p *numberPanel) SetSize(width, _ int) {
	p.width = width
	p.input.Width = max(width-6, 1)
}

func (p *numberPanel) Capturing() bool     { return true }
func (p *numberPanel) Lines(width int) int { return 3 + len(wrapLines(p.text, max(width-2, 1))) }

func (p *numberPanel) View() string {
	st := p.s.styles
	lines := []string{rule(st, p.width)}
	for _, line := range wrapLines(p.text, max(p.width-2, 1)) {
		lines = append(lines, " "+st.warn.Render(line))
	}
	lines = append(lines, " "+st.muted.Render(cut(p.s.words.Say("number.label", p.n), max(p.width-2, 1))), " > "+p.input.View())
	return strings.Join(lines, "\n")
}

func (p *numberPanel) ShortHelp() []key.Binding {
	return []key.Binding{p.s.keys.accept, p.s.keys.cancel}
}
func (p *numberPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
