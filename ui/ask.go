package ui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// ask is a question that is answered with one line of text.
type ask struct {
	// kind names the question for who left it half answered (again.go); "" for one that is not asked again.
	kind         string
	title, label string
	value        string
	required     bool
	// then is called with the answer when the panel closes; its step comes after the closing.
	then func(answer string) (step, tea.Cmd)
}

// askPanel is the panel of an ask.
type askPanel struct {
	s *session
	ask
	input textinput.Model
	width int
}

func newAsk(s *session, question ask) *askPanel {
	p := &askPanel{s: s, ask: question, input: newInput(s)}
	p.input.SetValue(question.value)
	p.input.CursorEnd()
	return p
}

// newInput makes a text field in the session's styles. It takes more than a line of text may hold, so that a paste that
// is too long is refused with a sentence, and not cut off where nobody sees it.
func newInput(s *session) textinput.Model {
	input := textinput.New()
	input.Prompt = ""
	input.CharLimit = 2 * review.MaxText
	input.Cursor.SetMode(cursor.CursorStatic) // no blinking: it is calm, and every blink would cross the line to a far desk
	input.Cursor.Style = s.styles.selected
	input.Cursor.TextStyle = s.styles.header
	input.TextStyle, input.PlaceholderStyle = s.styles.header, s.styles.muted
	input.PromptStyle, input.CompletionStyle = s.styles.header, s.styles.muted
	input.Focus()
	return input
}

func (p *askPanel) Init() tea.Cmd { return nil }

func (p *askPanel) Update(msg tea.Msg) (step, tea.Cmd) {
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

// typeInto gives a message to a text field. What a paste brings in must not reach the terminal as it is either.
func typeInto(input *textinput.Model, msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	*input, cmd = input.Update(msg)
	if value := input.Value(); Plain(value) != value {
		input.SetValue(Plain(value))
	}
	return cmd
}

func (p *askPanel) answered() (step, tea.Cmd) {
	answer := strings.TrimSpace(p.input.Value())
	if answer == "" && p.required {
		return refuse(p.s.words.Say("ask.required")), nil
	}
	if err := review.CheckText(answer); err != nil {
		return refuse(p.s.words.Explain(err)), nil
	}
	next, cmd := p.then(answer)
	next.close = true
	return next, cmd
}

func (p *askPanel) SetSize(width, _ int) {
	p.width = width
	p.input.Width = max(width-6, 1)
}

func (p *askPanel) Capturing() bool { return true }
func (p *askPanel) Lines(int) int   { return 4 }

func (p *askPanel) View() string {
	st := p.s.styles
	return strings.Join([]string{
		rule(st, p.width), " " + st.strong.Render(p.title), " " + st.muted.Render(p.label), " > " + p.input.View(),
	}, "\n")
}

func (p *askPanel) ShortHelp() []key.Binding  { return []key.Binding{p.s.keys.accept, p.s.keys.cancel} }
func (p *askPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

func rule(st styles, width int) string {
	return st.muted.Render(strings.Repeat(signRule, max(width, 0)))
}

// titled is a rule with a text in it.
func titled(st styles, text string, width int) string {
	if text == "" || width < 8 {
		return rule(st, width)
	}
	text = cut(" "+text+" ", width-4)
	fill := strings.Repeat(signRule, max(width-2-ansi.StringWidth(text), 0))
	return st.muted.Render(signRule+signRule) + text + st.muted.Render(fill)
}

// confirmPanel asks before what cannot be taken back. Only y is yes.
type confirmPanel struct {
	s     *session
	text  string
	then  func() tea.Cmd
	width int
}

func newConfirm(s *session, text string, then func() tea.Cmd) *confirmPanel {
	return &confirmPanel{s: s, text: text, then: then}
}

func (p *confirmPanel) Init() tea.Cmd { return nil }

func (p *confirmPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
		return step{}, nil
	case key.Matches(press, p.s.keys.yes):
		return step{close: true}, p.then()
	}
	return step{close: true, say: notice{informs, p.s.words.Say("ask.cancelled")}}, nil
}

func (p *confirmPanel) SetSize(width, _ int) { p.width = width }
func (p *confirmPanel) Capturing() bool      { return true }
func (p *confirmPanel) Lines(width int) int  { return 1 + len(wrap(p.text, max(width-2, 1))) }

func (p *confirmPanel) View() string {
	lines := []string{rule(p.s.styles, p.width)}
	for _, line := range wrap(p.text, max(p.width-2, 1)) {
		lines = append(lines, " "+p.s.styles.warn.Render(line))
	}
	return strings.Join(lines, "\n")
}

func (p *confirmPanel) ShortHelp() []key.Binding  { return []key.Binding{p.s.keys.yes, p.s.keys.cancel} }
func (p *confirmPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

// option is one line of a picker.
type option struct{ code, label string }

// picker asks for one of several options, or for any number of them where chosen is given.
type picker struct {
	title   string
	options []option
	then    func(code string) (step, tea.Cmd)
	chosen  map[string]bool
	thenAll func(codes []string) step
}

// pickerScreen is the screen of a picker.
type pickerScreen struct {
	s *session
	picker
	cursor, width, height int
	jump                  jump
}

func newPicker(s *session, p picker) *pickerScreen { return &pickerScreen{s: s, picker: p} }

func (p *pickerScreen) Init() tea.Cmd { return nil }

func (p *pickerScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.MouseMsg:
		p.cursor = wheel(msg, p.cursor, len(p.options))
	}
	return step{}, nil
}

func (p *pickerScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	if to, ok := p.jump.to(msg, p.cursor, p.numbers()); ok {
		p.cursor = to
		return step{}, nil
	}
	switch {
	case key.Matches(msg, p.s.keys.accept) && len(p.options) > 0:
		return p.picked()
	case key.Matches(msg, p.s.keys.toggle) && p.chosen != nil && len(p.options) > 0:
		code := p.options[p.cursor].code
		p.chosen[code] = !p.chosen[code]
		return step{}, nil
	}
	if to, ok := p.s.keys.cursor(msg, p.cursor, len(p.options), p.rows()); ok {
		p.cursor = to
		return step{}, nil
	}
	return refuse(p.s.words.Say("key.unknown", msg.String())), nil
}

// picked ends the question. Where several may be chosen and none is marked, the one under the cursor is meant; where one
// was marked before and the mark taken away, none is.
func (p *pickerScreen) picked() (step, tea.Cmd) {
	if p.chosen == nil {
		next, cmd := p.then(p.options[p.cursor].code)
		next.close = true
		return next, cmd
	}
	if len(p.chosen) == 0 {
		p.chosen[p.options[p.cursor].code] = true
	}
	var codes []string
	for _, o := range p.options {
		if p.chosen[o.code] {
			codes = append(codes, o.code)
		}
	}
	next := p.thenAll(codes)
	next.close = true
	return next, nil
}

// numbers are those of the options, from 1.
func (p *pickerScreen) numbers() []string {
	numbers := make([]string, len(p.options))
	for i := range numbers {
		numbers[i] = strconv.Itoa(i + 1)
	}
	return numbers
}

func (p *pickerScreen) rows() int { return max(p.height-2, 1) }

func (p *pickerScreen) SetSize(width, height int) { p.width, p.height = width, height }
func (p *pickerScreen) Capturing() bool           { return false }

func (p *pickerScreen) View() string {
	st := p.s.styles
	where := st.muted.Render(strconv.Itoa(min(p.cursor+1, len(p.options))) + " / " + strconv.Itoa(len(p.options)) + " ")
	lines := []string{both(" "+st.strong.Render(p.title), where, p.width), rule(st, p.width)}
	first, digits := scrolled(p.cursor, len(p.options), p.rows()), len(strconv.Itoa(len(p.options)))
	for i, o := range p.options[first:min(first+p.rows(), len(p.options))] {
		number := fmt.Sprintf("%*d ", digits, first+i+1)
		lines = append(lines, pointer(st, first+i == p.cursor, number+p.box(o.code)+o.label, p.width))
	}
	return strings.Join(lines, "\n")
}

// box shows whether an option is among the chosen ones.
func (p *pickerScreen) box(code string) string {
	switch {
	case p.chosen == nil:
		return ""
	case p.chosen[code]:
		return "[x] "
	}
	return "[ ] "
}

func (p *pickerScreen) ShortHelp() []key.Binding {
	if p.chosen != nil {
		return []key.Binding{p.s.keys.toggle, p.s.keys.accept, p.s.keys.number, p.s.keys.down, p.s.keys.up, p.s.keys.back}
	}
	return []key.Binding{p.s.keys.number, p.s.keys.down, p.s.keys.up, p.s.keys.accept, p.s.keys.back}
}

func (p *pickerScreen) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

// pointer draws one line of a list with the cursor's sign.
func pointer(st styles, here bool, text string, width int) string {
	return flagged(st, here, " ", text, width)
}

// flagged is pointer with a sign of one column beside the cursor's.
func flagged(st styles, here bool, flag, text string, width int) string {
	if here {
		return st.selected.Render(fit(signCursor+flag+text, width))
	}
	return " " + flag + text
}

// scrolled returns the first of n lines to show so that the cursor is among height of them.
func scrolled(cursor, n, height int) int {
	return max(min(cursor-height/2, n-height), 0)
}

// cursor moves a cursor over n lines with the keys of every list.
func (k keys) cursor(msg tea.KeyMsg, at, n, page int) (int, bool) {
	last := max(n-1, 0)
	switch {
	case key.Matches(msg, k.down):
		at++
	case key.Matches(msg, k.up):
		at--
	case key.Matches(msg, k.top):
		at = 0
	case key.Matches(msg, k.bottom):
		at = last
	case key.Matches(msg, k.pageDown, k.scrollDown):
		at += max(page/2, 1)
	case key.Matches(msg, k.pageUp, k.scrollUp):
		at -= max(page/2, 1)
	default:
		return at, false
	}
	return max(min(at, last), 0), true
}

// wheel moves a cursor over n lines with the mouse wheel.
func wheel(msg tea.MouseMsg, at, n int) int {
	switch {
	case msg.Action != tea.MouseActionPress:
	case msg.Button == tea.MouseButtonWheelUp:
		at--
	case msg.Button == tea.MouseButtonWheelDown:
		at++
	}
	return max(min(at, n-1), 0)
}
