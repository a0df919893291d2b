package ui

import (
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// preferences are how accounts have arranged their desks.
type preferences interface {
	Preferences(account string) (store.Preferences, error)
	SaveView(account string, v store.SavedView) error
	ForgetView(account, name string) error
	Welcome(account string) error
	PreferImages(account, way string) error
	PreferScans(account, folder string) error
}

// preferencesRead is the answer of reading an account's preferences, after a change where said says what it did.
type preferencesRead struct {
	account    string
	read       store.Preferences
	colleagues []review.Account // of the first reading, nil later
	said       notice
	err        error
}

func (s *session) readPreferences() tea.Cmd {
	from, all, account := preferences(s.store), accounts(s.store), s.by.Name
	return func() tea.Msg {
		msg := preferencesRead{account: account}
		if msg.read, msg.err = from.Preferences(account); msg.err == nil {
			msg.colleagues, msg.err = all.Accounts()
		}
		return msg
	}
}

// preferred takes the preferences of the account; one that is new here is shown what matters first, once.
func (s *session) preferred(msg preferencesRead) (notice, tea.Cmd) {
	if msg.account != s.by.Name {
		return notice{}, nil
	}
	if msg.err != nil {
		return notice{refused, s.words.Explain(msg.err)}, s.logged(msg.err)
	}
	s.saved = msg.read.Views
	s.pictures.prefer(msg.read.Images)
	s.kept = msg.read.Scans
	if msg.colleagues != nil {
		s.colleagues = msg.colleagues
	}
	if msg.said.text != "" {
		return msg.said, nil
	}
	if msg.read.Welcomed || !s.welcome {
		return notice{}, nil
	}
	s.welcome = false
	to := preferences(s.store)
	return notice{welcomes, s.words.Say("welcome." + string(s.by.Role))}, func() tea.Msg {
		if err := to.Welcome(msg.account); err != nil {
			return preferencesRead{account: msg.account, read: msg.read, err: err}
		}
		return nil
	}
}

// keepFolder remembers where files were picked, so that the next desk of the account begins there.
func (s *session) keepFolder(dir string) tea.Cmd {
	if dir == "" || dir == s.kept || !s.scans.Local {
		return nil
	}
	s.kept = dir
	to, account := preferences(s.store), s.by.Name
	return func() tea.Msg {
		if err := to.PreferScans(account, dir); err != nil {
			return doneMsg{err: err}
		}
		return nil
	}
}

// deskOf finds the desk that a screen is a view of, nil for none.
func deskOf(under screen) *desk {
	switch under := under.(type) {
	case *queueScreen:
		if under.hall.top() != nil {
			return nil
		}
		return under.desk
	case *detailScreen:
		return under.desk
	}
	return nil
}

// keepView keeps the filter of the list under a name, or forgets one that was kept.
func (c *commandLine) keepView(words []string) (step, tea.Cmd) {
	d, w := deskOf(c.under), c.s.words
	name := strings.Join(words[1:], " ") // what follows is the name: one with blanks is refused as such
	switch {
	case name == "":
		return refuse(w.Say("view.name")), nil
	case words[0] == "forget":
		return c.forgetView(name)
	case d == nil || d.list.text == "":
		return refuse(w.Say("view.no_filter")), nil
	}
	to, account := preferences(c.s.store), c.s.by.Name
	if err := store.CheckViewName(name); err != nil {
		return refuse(w.Explain(err)), nil
	}
	view := store.SavedView{Name: name, Queue: d.list.queue, Query: d.list.text}
	done := w.Say("view.saved", Plain(name), Plain(name))
	return step{close: true}, arrange(to, account, done, "", func() error { return to.SaveView(account, view) })
}

// forgetView drops a view, from every tab. A name that is none stays in the line.
func (c *commandLine) forgetView(name string) (step, tea.Cmd) {
	w := c.s.words
	done, unknown := w.Say("view.forgotten", Plain(name)), w.Say("view.unknown", Plain(name))
	if !slices.ContainsFunc(c.s.saved, func(v store.SavedView) bool { return v.Name == name }) {
		return refuse(unknown), nil
	}
	to, account := preferences(c.s.store), c.s.by.Name
	return step{close: true}, arrange(to, account, done, unknown, func() error { return to.ForgetView(account, name) })
}

// arrange changes the preferences and reads them again.
func arrange(to preferences, account, done, unknown string, change func() error) tea.Cmd {
	return func() tea.Msg {
		err := change()
		read, readErr := to.Preferences(account)
		if errors.Is(err, review.ErrNotFound) && unknown != "" {
			return preferencesRead{account: account, read: read, said: notice{refused, unknown}, err: readErr}
		}
		return preferencesRead{account: account, read: read, said: notice{succeeded, done}, err: errors.Join(err, readErr)}
	}
}

// commandNames are the commands in the order in which they are completed.
func commandNames() []string {
	return []string{"as", "certificate", "forget", "guide", "help", "images", "lang", "pack", "packs", "q", "reissue", "save", "tab", "verify"}
}

// takesWords reports whether something can follow the command.
func takesWords(name string) bool {
	return !slices.Contains([]string{"help", "packs", "q", "verify"}, name)
}

// complete fills in the command, or its argument, as far as only one can be meant; of several the first.
func (c *commandLine) complete() step {
	ways, lead, typed := c.ways()
	if lead == "" && slices.Contains(ways, typed) { // a whole name: on to what the command takes
		if !takesWords(typed) {
			return refuse(c.s.words.Say("command.no_completion"))
		}
		if c.input.Value() == typed {
			c.input.SetValue(typed + " ")
			c.input.CursorEnd()
			return step{}
		}
	}
	for i, way := range ways {
		if way == typed && len(ways) > 1 { // complete already: the next one
			typed = ""
			ways = append(ways[i+1:len(ways):len(ways)], ways[:i+1]...)
			break
		}
	}
	for _, way := range ways {
		if strings.HasPrefix(way, typed) {
			c.input.SetValue(lead + way)
			c.input.CursorEnd()
			return step{}
		}
	}
	return refuse(c.s.words.Say("command.no_completion"))
}

// ways are what can be typed: names of commands, or what the command takes; lead stands before it, typed is its beginning.
func (c *commandLine) ways() (ways []string, lead, typed string) {
	ways, typed = commandNames(), strings.TrimLeft(c.input.Value(), " ")
	if name, rest, found := strings.Cut(typed, " "); found && name != "" {
		ways, lead, typed = c.argumentsOf(name), name+" ", strings.TrimSpace(rest)
	}
	return ways, lead, typed
}

// hint shows what can be typed, and of a command that is named what it does.
func (c *commandLine) hint() string {
	ways, lead, typed := c.ways()
	name, _, _ := strings.Cut(lead+typed, " ")
	for _, line := range strings.Split(c.s.words.Say("help.commands"), "\n") {
		if command, does, _ := strings.Cut(line, "\t"); name != "" && strings.HasPrefix(command+" ", ":"+name+" ") {
			return command + " " + does
		}
	}
	return strings.Join(slices.DeleteFunc(ways, func(way string) bool { return !strings.HasPrefix(way, typed) }), "  ")
}

func (c *commandLine) argumentsOf(name string) []string {
	var ways []string
	switch name {
	case "lang":
		ways = []string{string(review.Chinese), string(review.English)}
	case "images":
		ways = []string{"auto", "kitty", "iterm2", "sixel", "blocks", "none"}
	case "forget", "save":
		for _, v := range c.s.saved {
			ways = append(ways, v.Name)
		}
	case "tab":
		ways = c.tabNames()
	}
	return ways
}
