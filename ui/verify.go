package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// verified answers a check of a code.
type verified struct {
	request int
	found   Found
	// consulted says which list of revocations was asked, "" for the register.
	consulted string
	err       error
}

// verifyField is one line of the screen to type into.
type verifyField int

const (
	verifyCode verifyField = iota
	verifyName
	verifyID
	verifyCheck
	verifyFields
)

// verifyLabels are the keys of the labels, in the order of the fields.
var verifyLabels = [verifyFields]string{"verify.scan", "verify.name", "verify.id", "verify.check"}

// verifyScreen checks codes that a scanner types: each scan ends in enter and leaves the line empty for the next. Name and
// number of a paper are compared where they are typed.
type verifyScreen struct {
	s             *session
	inputs        [verifyFields]textinput.Model
	at            verifyField
	text          string // code that was checked last
	found         *Found
	consulted     string // which list of revocations was asked, "" for the register
	awaited       int
	width, height int
}

func newVerify(s *session) *verifyScreen {
	v := &verifyScreen{s: s}
	for i := range v.inputs {
		v.inputs[i] = newInput(s)
		v.inputs[i].Blur()
	}
	v.inputs[verifyCode].CharLimit = 2 * review.MaxText
	v.inputs[verifyCode].Focus()
	return v
}

func (v *verifyScreen) Init() tea.Cmd { return nil }

func (v *verifyScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case verified:
		return v.answered(msg)
	case tea.KeyMsg:
		return v.pressed(msg)
	}
	return step{}, nil
}

func (v *verifyScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := v.s.keys
	switch {
	case key.Matches(msg, k.cancel):
		return step{close: true}, nil
	case key.Matches(msg, k.accept):
		return v.check()
	case key.Matches(msg, k.field):
		return step{}, v.to((v.at + 1) % verifyFields)
	case key.Matches(msg, k.fieldBack):
		return step{}, v.to((v.at + verifyFields - 1) % verifyFields)
	}
	return step{}, typeInto(&v.inputs[v.at], msg)
}

func (v *verifyScreen) to(field verifyField) tea.Cmd {
	v.inputs[v.at].Blur()
	v.at = field
	return v.inputs[v.at].Focus()
}

// check asks about the code that was scanned, or again about the last one with the holder that was typed.
func (v *verifyScreen) check() (step, tea.Cmd) {
	if scanned := strings.TrimSpace(v.inputs[verifyCode].Value()); scanned != "" {
		v.text = scanned
		v.inputs[verifyCode].SetValue("")
		if v.at == verifyCode { // another paper, another holder
			for i := verifyName; i < verifyFields; i++ {
				v.inputs[i].SetValue("")
			}
		}
	}
	if v.text == "" {
		return refuse(v.s.words.Say("verify.nothing")), nil
	}
	v.awaited = v.s.next()
	if v.s.verify == nil {
		return refuse(v.s.words.Say("verify.not_here")), nil
	}
	request, text, checker, words := v.awaited, v.text, v.s.verify(v.s.by), v.s.words
	name, id, check := v.inputs[verifyName].Value(), v.inputs[verifyID].Value(), v.inputs[verifyCheck].Value()
	return step{}, func() tea.Msg {
		found, err := checker.Text(text, name, id, check)
		return verified{request, found, words.Consulted(checker, found), err}
	}
}

func (v *verifyScreen) answered(msg verified) (step, tea.Cmd) {
	if msg.request != v.awaited {
		return step{}, nil
	}
	v.awaited = 0
	if msg.err != nil {
		return refuse(v.s.words.Explain(msg.err)), v.s.logged(msg.err)
	}
	v.found, v.consulted = &msg.found, msg.consulted
	return step{}, nil
}

func (v *verifyScreen) SetSize(width, height int) {
	v.width, v.height = width, height
	for i := range v.inputs {
		v.inputs[i].Width = max(width-verifyIndent-2, 1)
	}
}

// verifyIndent is where the lines to type into begin.
const verifyIndent = 19

func (v *verifyScreen) Capturing() bool { return true }

func (v *verifyScreen) View() string {
	w, st := v.s.words, v.s.styles
	lines := []string{"", " " + st.strong.Render(w.Say("verify.title")), ""}
	for i := range v.inputs {
		lead := "   "
		if verifyField(i) == v.at {
			lead = " " + signCursor + " "
		}
		lines = append(lines, lead+st.label.Render(fit(w.Say(verifyLabels[i]), verifyIndent-4))+" "+v.inputs[i].View())
	}
	lines = append(lines, "", " "+st.muted.Render(strings.Repeat("─", max(v.width-2, 0))))
	if v.found == nil {
		return strings.Join(append(lines, v.explained()...), "\n")
	}
	said := w.Found(*v.found)
	if v.consulted != "" {
		said = append(said, v.consulted)
	}
	for i, line := range said {
		for _, part := range wrap(line, max(v.width-4, 8)) {
			if i == 0 {
				part = st.strong.Render(part)
			}
			lines = append(lines, "   "+part)
		}
	}
	return strings.Join(lines, "\n")
}

func (v *verifyScreen) explained() []string {
	var lines []string
	for _, line := range wrap(v.s.words.Say("verify.explain"), max(v.width-4, 8)) {
		lines = append(lines, "   "+v.s.styles.muted.Render(line))
	}
	return lines
}

func (v *verifyScreen) ShortHelp() []key.Binding {
	k := v.s.keys
	return []key.Binding{k.accept, k.field, k.fieldBack, k.cancel}
}

func (v *verifyScreen) FullHelp() [][]key.Binding { return [][]key.Binding{v.ShortHelp()} }
