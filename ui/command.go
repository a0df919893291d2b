package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// commandLine is the panel that opens at a colon.
type commandLine struct {
	s       *session
	under   screen
	input   textinput.Model
	waiting int // number of the request for an account, 0 for none
}

// accountsRead is the answer of reading accounts: the one asked for, or all.
type accountsRead struct {
	request  int
	accounts []review.Account
	err      error
}

func newCommandLine(s *session, under screen) *commandLine {
	return &commandLine{s: s, under: under, input: newInput(s)}
}

func (c *commandLine) Init() tea.Cmd { return nil }

func (c *commandLine) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case accountsRead:
		return c.read(msg)
	case tea.KeyMsg:
		switch {
		case key.Matches(msg, c.s.keys.cancel), msg.Type == tea.KeyBackspace && c.input.Value() == "":
			return step{close: true}, nil
		case c.waiting != 0:
			return step{}, nil
		case key.Matches(msg, c.s.keys.complete, c.s.keys.completeBack):
			return c.complete(), nil
		case key.Matches(msg, c.s.keys.accept):
			return c.run(strings.Fields(c.input.Value()))
		}
	}
	return step{}, typeInto(&c.input, msg)
}

func (c *commandLine) run(words []string) (step, tea.Cmd) {
	if len(words) == 0 {
		return step{close: true}, nil
	}
	switch words[0] {
	case "q", "quit", "exit":
		return step{close: true, quit: true}, nil
	case "h", "help":
		return step{close: true, open: newHelp(c.s, c.under)}, nil
	case "lang":
		return c.speak(words[1:]), nil
	case "as":
		return c.as(words[1:])
	case "images":
		return c.images(words[1:])
	case "save", "forget":
		return c.keepView(words)
	case "tab":
		return c.goTo(words[1:])
	case "pack", "打包":
		return c.pack(words[1:])
	case "packs", "工作包":
		if c.s.offline() {
			return refuse(c.s.words.Say("outside.at_the_desk", c.s.term.Pack)), nil
		}
		return step{close: true, open: newPacks(c.s)}, nil
	case "verify":
		return step{close: true, open: newVerify(c.s)}, nil
	case "reissue", "换发":
		return c.s.askReissues(strings.Join(words[1:], " "))
	case "guide", "指南":
		return c.guide(words[1:]), nil
	case "certificate", "证书":
		return step{close: true, open: newLookup(c.s, strings.Join(words[1:], " "))}, nil
	}
	return refuse(c.s.words.Say("command.unknown", Plain(words[0]))), nil
}

// speak changes the language, to the other one when none is named.
func (c *commandLine) speak(words []string) step {
	lang := string(review.English)
	if c.s.words.Lang() == review.English {
		lang = string(review.Chinese)
	}
	if len(words) > 0 {
		lang = words[0]
	}
	if !slices.Contains([]string{string(review.Chinese), string(review.English)}, lang) {
		return refuse(c.s.words.Say("command.lang"))
	}
	c.s.speak(lang)
	return step{close: true, relay: true, say: notice{informs, c.s.words.Say("command.lang_done")}}
}

// as goes on as another of the made-up accounts of the demo; without a name it offers them all.
func (c *commandLine) as(words []string) (step, tea.Cmd) {
	if !c.s.demo {
		return refuse(c.s.words.Say("command.as_refused")), nil
	}
	c.waiting = c.s.next()
	from, request := accounts(c.s.store), c.waiting
	if len(words) == 0 {
		return step{}, func() tea.Msg {
			all, err := from.Accounts()
			return accountsRead{request, all, err}
		}
	}
	name := words[0]
	return step{}, func() tea.Msg {
		account, err := from.Account(name)
		return accountsRead{request, []review.Account{account}, err}
	}
}

func (c *commandLine) read(msg accountsRead) (step, tea.Cmd) {
	if msg.request != c.waiting {
		return step{}, nil
	}
	c.waiting = 0
	switch {
	case msg.err != nil:
		return refuse(c.s.words.Explain(msg.err)), c.s.logged(msg.err)
	case len(msg.accounts) == 1:
		return c.s.enter(msg.accounts[0]), nil
	}
	return step{close: true, open: newAccountPicker(c.s, msg.accounts)}, nil
}

// enter opens the desk as the account.
func (s *session) enter(account review.Account) step {
	if err := account.May(review.View); err != nil {
		return refuse(s.words.Explain(err))
	}
	s.by = account
	return step{start: newQueue(s), say: notice{informs, s.words.Say("as.done", s.called(account))}}
}

// newAccountPicker offers the accounts that people work as at the desk.
func newAccountPicker(s *session, all []review.Account) screen {
	var options []option
	for _, a := range all {
		if a.May(review.View) == nil && a.Role != review.Portal {
			options = append(options, option{a.Name, padded(Plain(a.Name), 20) + s.called(a) + "  " + s.standing(a)})
		}
	}
	return newPicker(s, picker{title: s.words.Say("as.title"), options: options, then: func(name string) (step, tea.Cmd) {
		i := slices.IndexFunc(all, func(a review.Account) bool { return a.Name == name })
		return s.enter(all[i]), nil
	}})
}

func (c *commandLine) SetSize(width, _ int) { c.input.Width = max(width-4, 1) }
func (c *commandLine) Capturing() bool      { return true }
func (c *commandLine) Lines(int) int        { return 2 }
func (c *commandLine) View() string {
	return " " + c.s.styles.muted.Render(cut(c.hint(), max(c.input.Width, 1))) + "\n :" + c.input.View()
}

func (c *commandLine) ShortHelp() []key.Binding {
	return []key.Binding{c.s.keys.complete, c.s.keys.accept, c.s.keys.cancel}
}

func (c *commandLine) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }
