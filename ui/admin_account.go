package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// accountScreen shows one account with its keys, and changes it.
type accountScreen struct {
	s             *session
	account       review.Account
	uses          map[string]time.Time
	cursor        int // over the keys
	awaited       int
	writing       bool
	width, height int
}

// accountRead is the answer of reading the account again.
type accountRead struct {
	request int
	account review.Account
	uses    map[string]time.Time
	err     error
}

func newAccountScreen(s *session, account review.Account, uses map[string]time.Time) *accountScreen {
	return &accountScreen{s: s, account: account, uses: uses}
}

func (a *accountScreen) Init() tea.Cmd { return nil }

func (a *accountScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case doneMsg:
		a.writing = false
		return step{}, a.reload()
	case accountRead:
		if msg.request == a.awaited && msg.err == nil {
			a.account, a.uses = msg.account, msg.uses
			a.cursor = max(min(a.cursor, len(a.account.Keys)-1), 0)
		}
	case tea.KeyMsg:
		return a.pressed(msg)
	}
	return step{}, nil
}

func (a *accountScreen) reload() tea.Cmd {
	a.awaited = a.s.next()
	from, uses, request, name := accounts(a.s.store), administration(a.s.store), a.awaited, a.account.Name
	return func() tea.Msg {
		msg := accountRead{request: request}
		if msg.account, msg.err = from.Account(name); msg.err == nil {
			msg.uses, msg.err = uses.KeyUses()
		}
		return msg
	}
}

func (a *accountScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := a.s.keys, a.s.words
	if to, ok := k.cursor(msg, a.cursor, len(a.account.Keys), a.height); ok {
		a.cursor = to
		return step{}, nil
	}
	switch {
	case a.writing:
		return refuse(w.Say("busy.writing")), nil
	case key.Matches(msg, k.newKey):
		return step{open: newAsk(a.s, ask{
			title: w.Say("admin.key_title", Plain(a.account.Name)), label: w.Say("admin.key_label"), required: true, then: a.addKey,
		})}, nil
	case key.Matches(msg, k.removeKey):
		return a.confirmRemove()
	case key.Matches(msg, k.areas):
		return a.chooseAreas()
	case key.Matches(msg, k.disable):
		return step{open: a.s.confirmDisable(a.account, &a.writing)}, nil
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

// addKey takes a line of authorized_keys that was pasted.
func (a *accountScreen) addKey(line string) (step, tea.Cmd) {
	w := a.s.words
	if a.s.parseKey == nil {
		return refuse(w.Say("admin.key_bad")), nil
	}
	facts, err := a.s.parseKey(line)
	switch {
	case err != nil:
		return refuse(w.Say("admin.key_bad")), nil
	case facts.Barred:
		return refuse(w.Say("admin.key_barred")), nil
	}
	a.writing = true
	known := a.s.factsOf(a.account.Keys)
	done := w.Say("admin.key_added", facts.Fingerprint)
	return step{}, a.s.changeAccount(a.account.Name, "key added "+facts.Fingerprint, done, func(to *review.Account) error {
		if slices.ContainsFunc(known, func(k KeyFacts) bool { return k.Fingerprint == facts.Fingerprint }) {
			return review.ErrAlready
		}
		to.Keys = append(slices.Clone(to.Keys), line)
		return nil
	})
}

func (a *accountScreen) confirmRemove() (step, tea.Cmd) {
	if len(a.account.Keys) == 0 {
		return refuse(a.s.words.Say("admin.no_key")), nil
	}
	line, name := a.account.Keys[a.cursor], a.s.keyName(a.account.Keys[a.cursor])
	return step{open: newConfirm(a.s, a.s.words.Say("admin.key_remove", name), func() tea.Cmd {
		a.writing = true
		return a.s.changeAccount(a.account.Name, "key removed "+name, a.s.words.Say("admin.key_removed", name), func(to *review.Account) error {
			to.Keys = slices.DeleteFunc(slices.Clone(to.Keys), func(k string) bool { return k == line })
			return nil
		})
	})}, nil
}

// keyName is the fingerprint of a key, its beginning where it cannot be read.
func (s *session) keyName(line string) string {
	if all := s.factsOf([]string{line}); len(all) == 1 {
		return all[0].Fingerprint
	}
	return Plain(cut(line, 40))
}

// chooseAreas asks for the areas of a reviewer or clerk.
func (a *accountScreen) chooseAreas() (step, tea.Cmd) {
	if a.account.Role != review.Reviewer && a.account.Role != review.Clerk {
		return refuse(a.s.words.Say("admin.no_areas")), nil
	}
	return step{open: newAreaPicker(a.s, a.account.Areas, func(codes []string) (step, tea.Cmd) {
		a.writing = true
		done := a.s.words.Say("admin.areas_set", Plain(a.account.Name))
		return step{}, a.s.changeAccount(a.account.Name, "areas "+strings.Join(codes, ","), done, func(to *review.Account) error {
			to.Areas = codes
			return nil
		})
	})}, nil
}

func (a *accountScreen) Busy() bool                { return a.writing }
func (a *accountScreen) Capturing() bool           { return false }
func (a *accountScreen) SetSize(width, height int) { a.width, a.height = width, height }

func (a *accountScreen) View() string {
	w, st := a.s.words, a.s.styles
	state := ""
	if a.account.Disabled {
		state = "  " + st.bad.Render(signBad+" "+w.Say("account.disabled_mark"))
	}
	lines := []string{" " + st.strong.Render(Plain(a.account.Name)) + "  " + a.s.standing(a.account) + state, rule(st, a.width)}
	add := func(label, value string) {
		for i, line := range wrap(value, max(a.width-16, 8)) {
			if i > 0 {
				label = ""
			}
			lines = append(lines, "  "+padded(label, 12)+line)
		}
	}
	if a.account.Title != "" {
		add(w.Say("admin.title"), Plain(a.account.Title))
	}
	if a.account.Role == review.Reviewer || a.account.Role == review.Clerk {
		add(w.Say("admin.areas"), a.areaNames())
	}
	lines = append(lines, "  "+st.strong.Render(w.Say("admin.keys", len(a.account.Keys))))
	for i, line := range a.account.Keys {
		lines = append(lines, pointer(st, i == a.cursor, a.keyLine(line), a.width))
	}
	if len(a.account.Keys) == 0 {
		lines = append(lines, "    "+st.muted.Render(w.Say("admin.keys_none")))
	}
	return strings.Join(lines, "\n")
}

func (a *accountScreen) areaNames() string {
	if len(a.account.Areas) == 0 {
		return a.s.words.Say("account.city")
	}
	names := make([]string, len(a.account.Areas))
	for i, code := range a.account.Areas {
		names[i] = a.s.words.Area(code)
	}
	return strings.Join(names, a.s.words.Say("join"))
}

// keyLine says of a key what an administrator tells it by, until when it holds, and when it was last used.
func (a *accountScreen) keyLine(line string) string {
	w := a.s.words
	all := a.s.factsOf([]string{line})
	if len(all) == 0 {
		return w.Say("admin.key_unreadable") + " " + Plain(cut(line, 40))
	}
	facts := all[0]
	parts := []string{facts.Fingerprint}
	switch {
	case facts.Barred:
		parts = append(parts, signBad+" "+w.Say("admin.key_barred_mark"))
	case !facts.Expires.IsZero() && !a.s.clock().Before(facts.Expires):
		parts = append(parts, signBad+" "+w.Say("admin.key_expired", facts.Expires.In(review.Zone).Format("2006-01-02")))
	case !facts.Expires.IsZero():
		parts = append(parts, w.Say("admin.key_until", facts.Expires.In(review.Zone).Format("2006-01-02")))
	}
	if at, used := a.uses[facts.Fingerprint]; used {
		parts = append(parts, w.Say("admin.key_used", at.In(review.Zone).Format("01-02 15:04")))
	}
	if facts.Comment != "" { // last: of all this it may be cut off
		parts = append(parts, Plain(facts.Comment))
	}
	return strings.Join(parts, " · ")
}

func (a *accountScreen) ShortHelp() []key.Binding {
	k := a.s.keys
	return []key.Binding{k.newKey, k.removeKey, k.areas, k.disable, k.back}
}

func (a *accountScreen) FullHelp() [][]key.Binding { return [][]key.Binding{a.ShortHelp()} }
