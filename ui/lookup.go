package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// lookupScreen answers whether somebody holds a certificate and what can be done with it (电子证书查询): by identity number,
// certificate number or name.
type lookupScreen struct {
	s        *session
	ofPerson bool // it was opened from a person's page
	input    textinput.Model
	typing   bool // the line owns the keys
	asked    string
	answer   *lookupAnswer
	cursor   int // among several certificates
	awaited  int
	writing  int
	pane     pane
	width    int
	height   int
}

// newLookup opens the look-up; a text that is given is looked up at once.
func newLookup(s *session, text string) *lookupScreen {
	l := &lookupScreen{s: s, input: newInput(s), typing: text == "", pane: pane{s: s}}
	l.input.SetValue(text)
	l.input.CursorEnd()
	return l
}

type lookedUp struct {
	request int
	answer  *lookupAnswer
}

func (l *lookupScreen) Init() tea.Cmd {
	if l.typing {
		return nil
	}
	return l.look(l.input.Value())
}

// look makes the command that asks the register.
func (l *lookupScreen) look(text string) tea.Cmd {
	l.asked, l.awaited, l.typing, l.cursor = text, l.s.next(), false, 0
	q := lookup{l.s.store, l.s.by, l.s.policy, review.DateOf(l.s.clock())}
	request := l.awaited
	return func() tea.Msg { return lookedUp{request, q.find(text)} }
}

func (l *lookupScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case lookedUp:
		if msg.request == l.awaited {
			l.awaited, l.answer = 0, msg.answer
			l.show()
			return step{}, l.s.logged(msg.answer.err)
		}
	case doneMsg:
		return l.done(msg)
	case tea.KeyMsg:
		if l.typing {
			return l.typed(msg)
		}
		return l.pressed(msg)
	case tea.MouseMsg:
		if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonWheelDown {
			l.pane.scroll(3)
		} else if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonWheelUp {
			l.pane.scroll(-3)
		}
	}
	return step{}, nil
}

func (l *lookupScreen) typed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := l.s.keys
	switch {
	case key.Matches(msg, k.cancel) && l.answer == nil:
		return step{close: true}, nil
	case key.Matches(msg, k.cancel):
		l.typing = false
		return step{}, nil
	case key.Matches(msg, k.accept):
		text := strings.TrimSpace(l.input.Value())
		if text == "" {
			return refuse(l.s.words.Say("lookup.nothing")), nil
		}
		if len(codesWithin(text)) > 0 { // a code also says what the paper is worth that it was scanned from
			l.input.SetValue("")
			return step{open: newReprint(l.s, text)}, nil
		}
		return step{}, l.look(text)
	}
	return step{}, typeInto(&l.input, msg)
}

func (l *lookupScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := l.s.keys, l.s.words
	switch {
	case l.awaited != 0:
		return refuse(w.Say("mail.reading")), nil
	case l.writing != 0:
		return refuse(w.Say("busy.writing")), nil
	case key.Matches(msg, k.filter):
		l.typing = true
		l.input.SetValue("")
		return step{}, nil
	case l.choosing():
		return l.choose(msg)
	case key.Matches(msg, k.print):
		return l.print()
	case key.Matches(msg, k.download):
		return l.download()
	case key.Matches(msg, k.paper, k.attachment) && l.answer != nil && l.answer.certificate != nil:
		return l.s.openPaper(l.answer.certificate), nil
	case key.Matches(msg, k.reveal):
		return l.reveal()
	case key.Matches(msg, k.completeRecord):
		return l.complete()
	case l.answer != nil && len(l.answer.ways) > 0 && digit(msg, len(filedWays)) > 0:
		return l.s.fileFor(l.answer.person, review.Kind(filedWays[digit(msg, len(filedWays))-1]))
	}
	if l.scrolled(msg) {
		return step{}, nil
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

func (l *lookupScreen) scrolled(msg tea.KeyMsg) bool {
	k := l.s.keys
	switch {
	case key.Matches(msg, k.down):
		l.pane.scroll(1)
	case key.Matches(msg, k.up):
		l.pane.scroll(-1)
	case key.Matches(msg, k.pageDown, k.scrollDown):
		l.pane.scroll(max(l.pane.height/2, 1))
	case key.Matches(msg, k.pageUp, k.scrollUp):
		l.pane.scroll(-max(l.pane.height/2, 1))
	case key.Matches(msg, k.top):
		l.pane.scroll(-len(l.pane.lines))
	case key.Matches(msg, k.bottom):
		l.pane.scroll(len(l.pane.lines))
	default:
		return false
	}
	return true
}

// choosing says that several certificates fit, and one is to be chosen.
func (l *lookupScreen) choosing() bool {
	return l.answer != nil && l.answer.certificate == nil && len(l.answer.several) > 0
}

func (l *lookupScreen) choose(msg tea.KeyMsg) (step, tea.Cmd) {
	if key.Matches(msg, l.s.keys.open) {
		return step{}, l.look(l.answer.several[l.cursor].Number)
	}
	to, ok := l.s.keys.cursor(msg, l.cursor, len(l.answer.several), l.bodyHeight())
	if !ok {
		return refuse(l.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	l.cursor = to
	return step{}, nil
}

func (l *lookupScreen) SetSize(width, height int) {
	l.width, l.height = width, height
	l.input.Width = max(width-24, 1)
	l.pane.setSize(width, l.bodyHeight())
}

func (l *lookupScreen) Capturing() bool { return l.typing }

func (l *lookupScreen) ShortHelp() []key.Binding {
	k := l.s.keys
	ask := withHelp(k.filter, l.s.words.Say("lookup.key_ask"))
	switch {
	case l.typing:
		return []key.Binding{k.accept, k.cancel}
	case l.choosing():
		return []key.Binding{k.open, k.down, k.up, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil && len(l.answer.certificate.Missing) > 0 && l.answer.shut != nil:
		return []key.Binding{k.reveal, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil && len(l.answer.certificate.Missing) > 0:
		return []key.Binding{k.completeRecord, k.reveal, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil:
		return []key.Binding{k.print, k.download, withHelp(k.attachment, l.s.words.Say("key.paper")), k.reveal, ask, k.back}
	}
	return []key.Binding{ask, k.back}
}

func (l *lookupScreen) FullHelp() [][]key.Binding {
	k := l.s.keys
	ask := withHelp(k.filter, l.s.words.Say("lookup.key_ask"))
	return [][]key.Binding{{k.print, k.download, k.paper, k.completeRecord, k.reveal, ask, k.back}, {k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom}}
}
