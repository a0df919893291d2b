package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// administration is what administrators do to the folder.
type administration interface {
	ChangeAccount(by, name, note string, now time.Time, change func(a *review.Account) error) error
	KeyUses() (map[string]time.Time, error)
	LastBackup() (store.LastBackup, error)
}

// Service is the server that a desk is served by. Its methods may be called from any goroutine.
type Service interface {
	Standing() Standing
	// End ends a session for an administrator; false when there is none with the number any more.
	End(session uint64) bool
}

// Standing is how a server stands at a moment.
type Standing struct {
	Address  string
	Since    time.Time
	Memory   uint64 // bytes of heap and stacks
	Sessions []ServedSession
}

// ServedSession is one session of a server. Kind is desk, command or files.
type ServedSession struct {
	ID            uint64
	Account       string
	Address, Kind string
	Since         time.Time
	Idle          time.Duration
}

// KeyFacts are what a line of authorized_keys says.
type KeyFacts struct {
	Fingerprint string
	Kind        string // ssh-ed25519 and the like
	Comment     string
	Expires     time.Time // zero for never
	Barred      bool      // an option that is not kept here keeps it from being used
}

// ParseKey reads a line of authorized_keys; its error says that it is none.
type ParseKey func(line string) (KeyFacts, error)

// adminSection is the administrators' tab.
func adminSection() section {
	administers := func(by review.Actor) bool { return by.May(review.Administer) == nil }
	return section{name: "admin", may: administers, open: func(s *session) screen { return &adminScreen{s: s} }}
}

// adminScreen lists accounts, and the sessions of the server that the desk is served by.
type adminScreen struct {
	s             *session
	read          adminRead
	cursor        int // over the accounts and, after them, the sessions
	awaited       int
	writing       bool
	width, height int
}

// adminRead is the answer of reading what the screen shows.
type adminRead struct {
	request  int
	accounts []review.Account
	uses     map[string]time.Time
	backup   store.LastBackup
	standing *Standing // nil for a desk that is not served
	at       time.Time
	err      error
}

func (a *adminScreen) Init() tea.Cmd { return nil }

// Shown reads again: sessions come and go without the store knowing.
func (a *adminScreen) Shown() tea.Cmd { return a.reload() }

func (a *adminScreen) reload() tea.Cmd {
	a.awaited = a.s.next()
	from, all, service, clock, request := administration(a.s.store), accounts(a.s.store), a.s.service, a.s.clock, a.awaited
	return func() tea.Msg {
		msg := adminRead{request: request, at: clock()}
		if msg.accounts, msg.err = all.Accounts(); msg.err == nil {
			msg.uses, msg.err = from.KeyUses()
		}
		if msg.err == nil {
			msg.backup, msg.err = from.LastBackup()
		}
		if service != nil {
			standing := service.Standing()
			msg.standing = &standing
		}
		return msg
	}
}

func (a *adminScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case adminRead:
		return a.took(msg), nil
	case doneMsg:
		a.writing = false
		return step{}, a.reload()
	case newsMsg:
		if msg.Again || slices.ContainsFunc(msg.Events, concernsAdministrators) {
			return step{}, a.reload()
		}
	case tea.KeyMsg:
		return a.pressed(msg)
	case tea.MouseMsg:
		a.cursor = wheel(msg, a.cursor, a.rows())
	}
	return step{}, nil
}

// concernsAdministrators tells of events that change what the screen shows.
func concernsAdministrators(e review.Event) bool {
	return slices.Contains([]review.Action{review.AddAccount, review.EndAccount, review.ChangedAccount, review.BackedUp}, e.Action)
}

func (a *adminScreen) took(msg adminRead) step {
	if msg.request != a.awaited {
		return step{}
	}
	if msg.err != nil {
		return refuse(a.s.words.Explain(msg.err))
	}
	a.read = msg
	a.cursor = max(min(a.cursor, a.rows()-1), 0)
	return step{}
}

func (a *adminScreen) sessions() []ServedSession {
	if a.read.standing == nil {
		return nil
	}
	return a.read.standing.Sessions
}

func (a *adminScreen) rows() int { return len(a.read.accounts) + len(a.sessions()) }

// account is the one under the cursor, session likewise; nil for none.
func (a *adminScreen) account() *review.Account {
	if a.cursor < len(a.read.accounts) {
		return &a.read.accounts[a.cursor]
	}
	return nil
}

func (a *adminScreen) session() *ServedSession {
	if at := a.cursor - len(a.read.accounts); at >= 0 && at < len(a.sessions()) {
		return &a.sessions()[at]
	}
	return nil
}

func (a *adminScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := a.s.keys, a.s.words
	if to, ok := k.cursor(msg, a.cursor, a.rows(), a.height-3); ok {
		a.cursor = to
		return step{}, nil
	}
	switch account, session := a.account(), a.session(); {
	case key.Matches(msg, k.refresh):
		return step{}, a.reload()
	case a.writing:
		return refuse(w.Say("busy.writing")), nil
	case key.Matches(msg, k.newAccount):
		return step{open: newAccountForm(a.s)}, nil
	case account != nil && key.Matches(msg, k.open):
		return step{open: newAccountScreen(a.s, *account, a.read.uses)}, nil
	case account != nil && key.Matches(msg, k.disable):
		return step{open: a.s.confirmDisable(*account, &a.writing)}, nil
	case session != nil && key.Matches(msg, k.endSession):
		return step{open: a.confirmEnd(*session)}, nil
	case session == nil && key.Matches(msg, k.endSession):
		return refuse(w.Say("admin.no_session")), nil
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

// confirmDisable asks before an account is disabled, or enabled again.
func (s *session) confirmDisable(account review.Account, writing *bool) screen {
	ask, done, note := "admin.disable", "account.disabled", "disabled"
	if account.Disabled {
		ask, done, note = "admin.enable", "admin.enabled", "enabled"
	}
	return newConfirm(s, s.words.Say(ask, Plain(account.Name), s.standing(account)), func() tea.Cmd {
		*writing = true
		return s.changeAccount(account.Name, note, s.words.Say(done, Plain(account.Name)), func(a *review.Account) error {
			a.Disabled = !account.Disabled
			return nil
		})
	})
}

// changeAccount makes the command that changes an account.
func (s *session) changeAccount(name, note, done string, change func(*review.Account) error) tea.Cmd {
	to, by, clock := administration(s.store), s.by.Name, s.clock
	return func() tea.Msg {
		if err := to.ChangeAccount(by, name, note, clock(), change); err != nil {
			return doneMsg{id: name, err: err}
		}
		return doneMsg{id: name, text: done}
	}
}

// confirmEnd asks before somebody loses their session.
func (a *adminScreen) confirmEnd(one ServedSession) screen {
	s := a.s
	return newConfirm(s, s.words.Say("admin.end", Plain(one.Account), s.words.Say("serve.kind."+one.Kind), one.Address), func() tea.Cmd {
		a.writing = true
		to, service, by, clock := changes(s.store), s.service, s.by.Name, s.clock
		done, gone := s.words.Say("admin.ended", Plain(one.Account)), s.words.Say("admin.gone")
		return func() tea.Msg {
			event := review.Event{Action: review.Administer, Target: one.Account, Note: "session ended"}
			if err := to.Record(by, event, clock()); err != nil {
				return doneMsg{id: one.Account, err: err}
			}
			if !service.End(one.ID) {
				done = gone
			}
			return doneMsg{id: one.Account, text: done}
		}
	})
}

func (a *adminScreen) Busy() bool                { return a.writing }
func (a *adminScreen) Capturing() bool           { return false }
func (a *adminScreen) SetSize(width, height int) { a.width, a.height = width, height }

// View draws the state of the folder, the accounts and the sessions; the list scrolls, the heading stays.
func (a *adminScreen) View() string {
	st := a.s.styles
	lines := []string{a.heading()}
	for _, said := range a.s.issueTrouble() {
		for _, part := range wrap(signWarn+" "+said, max(a.width-2, 1)) {
			lines = append(lines, " "+st.warn.Render(part))
		}
	}
	lines = append(lines, rule(st, a.width))
	body, at := a.body()
	room := max(a.height-len(lines), 1)
	first := scrolled(at, len(body), room)
	return strings.Join(append(lines, body[first:min(first+room, len(body))]...), "\n")
}

func (a *adminScreen) heading() string {
	w, st := a.s.words, a.s.styles
	if a.read.at.IsZero() {
		return " " + st.muted.Render(w.Say("admin.reading"))
	}
	text := w.LastBackup(&a.read.backup, a.read.at)
	style := st.info
	if a.read.backup.At.IsZero() || a.read.at.Sub(a.read.backup.At) >= backupDue {
		style, text = st.warn, signWarn+" "+text
	}
	return cut(" "+style.Render(text), a.width)
}

// body are the lines of the list, and which of them the cursor is on.
func (a *adminScreen) body() (lines []string, at int) {
	w, st := a.s.words, a.s.styles
	for i := range a.read.accounts {
		if i == a.cursor {
			at = len(lines)
		}
		lines = append(lines, pointer(st, i == a.cursor, a.accountLine(&a.read.accounts[i]), a.width))
	}
	if a.read.standing == nil {
		return lines, at
	}
	on := a.read.standing
	lines = append(lines, "  "+st.strong.Render(w.Say("admin.sessions", len(on.Sessions)))+
		st.muted.Render("  "+w.Say("admin.served", on.Address, float64(on.Memory)/(1<<20))))
	for i, one := range a.sessions() {
		here := len(a.read.accounts)+i == a.cursor
		if here {
			at = len(lines)
		}
		line := "  " + padded(Plain(one.Account), 13) + padded(w.Say("serve.kind."+one.Kind), 7) + padded(one.Address, 15) +
			padded(one.Since.In(review.Zone).Format("01-02 15:04"), 13) + w.Say("admin.idle", short(one.Idle, w))
		lines = append(lines, pointer(st, here, line, a.width))
	}
	return lines, at
}

// accountLine says who an account is, and how it comes in.
func (a *adminScreen) accountLine(account *review.Account) string {
	w := a.s.words
	duty := w.Say("role." + string(account.Role))
	if account.Role == review.Reviewer {
		duty = w.Level(account.Level)
	}
	mark := "  "
	if account.Disabled {
		mark = signBad + " "
	}
	line := mark + padded(Plain(account.Name), 13) + padded(duty, 15) + padded(a.s.areasOf(account), 20) +
		padded(w.Say("admin.keys", len(account.Keys)), 8)
	if account.Disabled {
		return line + w.Say("account.disabled_mark")
	}
	return line + a.lastUse(account)
}

func (a *adminScreen) lastUse(account *review.Account) string {
	var last time.Time
	for _, facts := range a.s.factsOf(account.Keys) {
		if at := a.read.uses[facts.Fingerprint]; at.After(last) {
			last = at
		}
	}
	if last.IsZero() {
		return ""
	}
	return last.In(review.Zone).Format("01-02 15:04")
}

// factsOf reads the keys of an account; what cannot be read is left out.
func (s *session) factsOf(lines []string) []KeyFacts {
	var all []KeyFacts
	for _, line := range lines {
		if s.parseKey == nil {
			break
		}
		if facts, err := s.parseKey(line); err == nil {
			all = append(all, facts)
		}
	}
	return all
}

// areasOf names the areas of an account as far as a column has room: the first, and how many more.
func (s *session) areasOf(account *review.Account) string {
	switch n := len(account.Areas); {
	case account.Role != review.Reviewer && account.Role != review.Clerk:
		return ""
	case n == 0:
		return s.words.Say("account.city")
	case n == 1:
		return s.words.Area(account.Areas[0])
	default:
		return s.words.Say("admin.areas_more", s.words.Area(account.Areas[0]), n)
	}
}

// short writes a time that has passed in its largest unit.
func short(d time.Duration, w Words) string {
	switch {
	case d < time.Minute:
		return w.Say("admin.seconds", int(d/time.Second))
	case d < time.Hour:
		return w.Say("admin.minutes", int(d/time.Minute))
	}
	return w.Say("admin.hours", int(d/time.Hour))
}

func (a *adminScreen) ShortHelp() []key.Binding {
	k := a.s.keys
	if a.session() != nil {
		return []key.Binding{k.endSession, k.newAccount, k.refresh}
	}
	return []key.Binding{k.open, k.newAccount, k.disable, k.refresh}
}

func (a *adminScreen) FullHelp() [][]key.Binding {
	k := a.s.keys
	return [][]key.Binding{{k.open, k.newAccount, k.disable, k.endSession, k.refresh}, {k.down, k.up, k.top, k.bottom, k.pageDown, k.pageUp}}
}
