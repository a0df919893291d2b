package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// filterPanel is the line in which a filter is typed, with what can stand at the cursor beneath it, or a mark under what
// cannot be read and the reason.
type filterPanel struct {
	s     *session
	list  *list
	input textinput.Model
	width int
	wrong *review.QueryError
	hints hints
}

// hints are the ways to go on typing at one place. Completing takes one after the other.
type hints struct {
	text  string // as it was typed
	ways  []review.Suggestion
	taken int // how many times it was completed; the way taken is taken-1
}

// typedMost is how many characters the line takes: more than a query may have, so that a longer one is refused with a
// sentence and not cut in silence.
const typedMost = 16 * review.MaxQuery

func newFilter(s *session, l *list) *filterPanel {
	p := &filterPanel{s: s, list: l, input: newInput(s)}
	p.input.CharLimit = typedMost
	if p.input.SetValue(l.text); l.text != "" {
		p.input.SetValue(l.text + " ") // what is typed is another term, not the rest of the last
	}
	p.input.CursorEnd()
	p.look()
	return p
}

func (p *filterPanel) Init() tea.Cmd { return nil }

func (p *filterPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return step{}, nil
	}
	k := p.s.keys
	switch {
	case key.Matches(press, k.cancel):
		return step{close: true, say: notice{informs, p.s.words.Say("ask.cancelled")}}, nil
	case key.Matches(press, k.accept):
		return p.accept()
	case key.Matches(press, k.complete):
		return p.complete(1), nil
	case key.Matches(press, k.completeBack):
		return p.complete(-1), nil
	}
	if key.Matches(press, k.clearLine) { // wherever the cursor stands: an error has put it at what is wrong
		p.input.SetValue("")
	}
	cmd := typeInto(&p.input, press)
	p.look()
	return step{}, cmd
}

// accept opens the list with the filter, in its canonical form; what cannot be read stays in the line, and the cursor
// goes there.
func (p *filterPanel) accept() (step, tea.Cmd) {
	query, err := review.ParseQuery(p.input.Value(), p.s.policy, p.list.today)
	if wrong, ok := err.(*review.QueryError); ok {
		p.wrong = wrong
		p.input.SetCursor(wrong.At)
		return refuse(p.s.words.Explain(wrong)), nil
	}
	return step{close: true}, p.list.open(p.list.queue, query.String())
}

// look finds what can stand at the cursor.
func (p *filterPanel) look() {
	p.wrong = nil
	text := p.input.Value()
	p.hints = hints{text: text, ways: review.CompleteQuery(text, p.input.Position(), p.s.policy)}
}

// complete puts the next way to go on, or the one before it, into the line.
func (p *filterPanel) complete(by int) step {
	p.wrong = nil
	n := len(p.hints.ways)
	if n == 0 {
		return tell(p.s.words.Say("filter.no_completion"))
	}
	if p.hints.taken == 0 && by < 0 {
		by = 0
	}
	p.hints.taken = (p.hints.taken-1+by+n)%n + 1
	way := p.hints.ways[p.hints.taken-1]
	runes := []rune(p.hints.text)
	p.input.SetValue(string(runes[:way.From]) + way.Text + string(runes[way.To:]))
	p.input.SetCursor(way.From + len([]rune(way.Text)))
	if n == 1 { // nothing else can stand here: what follows may
		p.look()
	}
	return step{}
}

func (p *filterPanel) SetSize(width, _ int) { p.width = width }
func (p *filterPanel) Capturing() bool      { return true }
func (p *filterPanel) Lines(int) int        { return 5 }

func (p *filterPanel) View() string {
	st, w := p.s.styles, p.s.words
	line, under := p.line(max(p.width-6, 1))
	if p.wrong == nil {
		under = p.offered(max(p.width-4, 1))
	}
	return strings.Join([]string{
		rule(st, p.width), " " + st.strong.Render(w.Say("filter.title", w.Say("queue."+string(p.list.queue)))),
		" " + st.muted.Render(cut(w.Say("filter.label"), max(p.width-2, 1))), " > " + line, "   " + under,
	}, "\n")
}

// line draws the part of the typed text that the cursor stands in, and the mark beneath what is wrong.
func (p *filterPanel) line(width int) (line, mark string) {
	st, at := p.s.styles, p.input.Position()
	runes := append([]rune(p.input.Value()), ' ') // the cursor may stand behind the end
	first := at
	for room := width - runesWidth(runes[at:at+1]); first > 0; first-- {
		if room -= runesWidth(runes[first-1 : first]); room < 0 {
			break
		}
	}
	var shown, under strings.Builder
	used := 0
	for i := first; i < len(runes); i++ {
		w := runesWidth(runes[i : i+1])
		if used += w; used > width {
			break
		}
		text := string(runes[i])
		switch {
		case i == at:
			shown.WriteString(st.selected.Render(text))
		default:
			shown.WriteString(st.header.Render(text))
		}
		under.WriteString(p.under(i, w))
	}
	return shown.String(), st.bad.Render(strings.TrimRight(under.String(), " "))
}

// under is what stands beneath the i-th character.
func (p *filterPanel) under(i, width int) string {
	if p.wrong != nil && i >= p.wrong.At && i < p.wrong.At+max(p.wrong.Length, 1) {
		return strings.Repeat("^", width)
	}
	return strings.Repeat(" ", width)
}

func runesWidth(runes []rune) int { return ansi.StringWidth(string(runes)) }

// offered lists what can stand at the cursor; the one that has been taken is marked, and in sight.
func (p *filterPanel) offered(width int) string {
	st, first := p.s.styles, max(p.hints.taken-1, 0)
	line, used := "", 0
	for i, way := range p.hints.ways[min(first, len(p.hints.ways)):] {
		text := Plain(way.Text)
		if label := p.s.words.pick(way.Label, way.English); label != "" && label != way.Text && !strings.HasPrefix(label, text) {
			text += " " + Plain(label)
		}
		if used += ansi.StringWidth(text) + 2; used > width {
			break
		}
		style := st.muted
		if p.hints.taken > 0 && i == 0 {
			style = st.key
		}
		line += style.Render(text) + "  "
	}
	return line
}

func (p *filterPanel) ShortHelp() []key.Binding {
	return []key.Binding{p.s.keys.accept, p.s.keys.complete, p.s.keys.clearLine, p.s.keys.cancel}
}

func (p *filterPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
