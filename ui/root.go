package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// root is the stack of screens and the only tea.Model. It handles size, quit, back, the status line, the command line
// and help, and knows no screen's keys, messages or concrete type beyond that.
type root struct {
	s             *session
	first         func() screen
	stack         []screen
	width, height int
	notice        notice
	quitting      bool
	wedge         wedge
	ahead         []tea.KeyMsg // typed before the size of the window was known
}

// maxAhead is how many keys are kept for the first screen.
const maxAhead = 64

func newRoot(s *session, first func() screen) *root { return &root{s: s, first: first} }

// Init waits for the size of the window: the first page is as long as the window is high.
func (r *root) Init() tea.Cmd { return nil }

// Update gives keys and mouse to the top screen and everything else to all.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		cmd = r.resized(msg)
	case tea.KeyMsg:
		cmd = r.typed(msg)
	case tea.MouseMsg:
		cmd = r.pointed(msg)
	case doneMsg:
		cmd = tea.Batch(r.done(msg), r.deliver(msg))
	case newsMsg:
		r.s.hear(&msg.News)
		cmd = r.deliver(msg)
		if ofPacks(&msg.News) {
			cmd = tea.Batch(cmd, r.s.countConflicts())
		}
	case ownConflicts:
		r.s.conflicts = msg
	case toldMsg:
		r.notice = notice{informs, msg.text}
	case quitMsg:
		cmd = r.quit()
	case wedgeRested:
		cmd = r.rested(msg)
	case countdown:
		cmd = r.counted(msg)
	case countdownTick:
		cmd = r.s.count()
	default:
		cmd = r.deliver(msg)
	}
	cmd = tea.Batch(cmd, r.keep())
	if r.quitting && !r.busy() {
		if last := r.leave(); last != nil {
			return r, tea.Batch(cmd, last)
		}
		return r, tea.Quit
	}
	return r, cmd
}

func (r *root) resized(msg tea.WindowSizeMsg) tea.Cmd {
	r.width, r.height = max(msg.Width, 1), max(msg.Height, 1)
	if len(r.stack) == 0 {
		cmds := []tea.Cmd{r.carry(step{open: r.first()}), r.s.count(), r.s.countConflicts()}
		for _, msg := range r.ahead {
			cmds = append(cmds, r.typed(msg))
		}
		r.ahead = nil
		return tea.Batch(cmds...)
	}
	for _, s := range r.stack {
		r.size(s)
	}
	return r.deliver(msg)
}

func (r *root) size(s screen) {
	height := r.bodyHeight()
	if p, ok := s.(panel); ok {
		height = min(p.Lines(r.width), height)
	}
	s.SetSize(r.width, height)
}

// typed takes a key message apart: letters that arrived in one read are keys one after the other unless a text field
// owns them, and a paste is never a shortcut. Each key's step is carried out before the next.
func (r *root) typed(msg tea.KeyMsg) tea.Cmd {
	if len(r.stack) == 0 {
		return r.early(msg)
	}
	r.notice = notice{}
	// esc and a key that arrived in one read: the desk has no keys with alt, text fields have none with esc
	if msg.Alt && !msg.Paste && (!r.top().Capturing() || msg.Type == tea.KeyEsc) {
		left := r.press(tea.KeyMsg{Type: tea.KeyEsc})
		msg.Alt = false
		return tea.Batch(left, r.typed(msg))
	}
	if msg.Type != tea.KeyRunes || r.top().Capturing() && !looksLikeKey(msg) {
		return r.press(msg)
	}
	if p, ok := r.top().(interface{ Pastes() bool }); msg.Paste && ok && p.Pastes() {
		return r.press(msg)
	}
	if msg.Paste {
		r.notice = notice{informs, r.s.words.Say("paste.ignored")}
		return nil
	}
	var cmds []tea.Cmd
	for _, letter := range msg.Runes {
		cmds = append(cmds, r.press(single(letter, msg.Alt, r.top().Capturing())))
	}
	return tea.Batch(cmds...)
}

// looksLikeKey reports whether letters that arrived in one read spell what could be the name of a key: bindings cannot tell
// the letters t, a, b from the key tab.
func looksLikeKey(msg tea.KeyMsg) bool {
	return !msg.Paste && len(msg.Runes) > 1 && !slices.ContainsFunc(msg.Runes, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+')
	})
}

// single makes a key message of one letter. A Chinese input method that is left on gives full-width letters for keys.
func single(letter rune, alt, typing bool) tea.KeyMsg {
	if half := []rune(review.HalfWidth(string(letter))); !typing && len(half) == 1 {
		letter = half[0]
	}
	if letter == ' ' {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}, Alt: alt}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{letter}, Alt: alt}
}

// early takes a key that came before the first screen, which may be the first thing that the program hears: the size of the
// window is told by another way. The desk can be left at once; what else was typed is for the first screen.
func (r *root) early(msg tea.KeyMsg) tea.Cmd {
	if key.Matches(msg, r.s.keys.quit, r.s.keys.leave) {
		return tea.Quit
	}
	if len(r.ahead) < maxAhead {
		r.ahead = append(r.ahead, msg)
	}
	return nil
}

// press gives one key to what is being scanned, else to whom it belongs.
func (r *root) press(msg tea.KeyMsg) tea.Cmd {
	if cmd, taken := r.wedged(msg); taken {
		return cmd
	}
	return r.act(msg)
}

// act gives one key to whom it belongs.
func (r *root) act(msg tea.KeyMsg) tea.Cmd {
	r.s.typed++
	top := r.top()
	if key.Matches(unescaped(msg), r.s.keys.quit) {
		return tea.Quit
	}
	if waiting, ok := top.(interface{ Yields() step }); ok {
		gone := r.carry(waiting.Yields())
		return tea.Batch(gone, r.act(msg))
	}
	if !top.Capturing() {
		switch {
		case key.Matches(msg, r.s.keys.help):
			return r.carry(step{open: newHelp(r.s, top)})
		case key.Matches(msg, r.s.keys.command):
			return r.carry(step{open: newCommandLine(r.s, top)})
		case key.Matches(msg, r.s.keys.repaint):
			return tea.ClearScreen
		case key.Matches(msg, r.s.keys.reprint) && !r.claims(msg, r.s.keys.reprint) && r.s.by.Name != "":
			return r.carry(step{open: newReprint(r.s, "")})
		case key.Matches(msg, r.s.keys.takeBack) && !r.claims(msg, key.Binding{}) && r.s.by.Role == review.Reviewer:
			if below, ok := r.stack[0].(takesBack); ok {
				return r.carry(below.TakeBack())
			}
		case key.Matches(msg, r.s.keys.leave):
			return r.back()
		case key.Matches(msg, r.s.keys.back) && r.stop():
			return nil
		case key.Matches(msg, r.s.keys.back) && len(r.stack) > 1:
			return r.back()
		}
	}
	next, cmd := top.Update(msg)
	return tea.Batch(cmd, r.carry(next))
}

// claims reports whether the top screen has a use of its own for a key that otherwise works everywhere, with the same
// help as everywhere.
func (r *root) claims(msg tea.KeyMsg, everywhere key.Binding) bool {
	for _, column := range r.top().FullHelp() {
		for _, b := range column {
			if key.Matches(msg, b) && b.Help().Desc != everywhere.Help().Desc {
				return true
			}
		}
	}
	return false
}

// unescaped is the key without an esc that arrived in the same read.
func unescaped(msg tea.KeyMsg) tea.KeyMsg {
	msg.Alt = false
	return msg
}

func (r *root) back() tea.Cmd {
	if len(r.stack) > 1 {
		return r.carry(step{close: true})
	}
	return r.quit()
}

// quit ends the desk, after the write that is under way.
func (r *root) quit() tea.Cmd {
	r.quitting = true
	r.stop()
	if r.busy() {
		r.notice = notice{informs, r.s.words.Say("quit.saving")}
	}
	return nil
}

// stop ends work on many cases between two of them, and reports whether any is under way.
func (r *root) stop() bool {
	for _, s := range r.stack {
		if works, ok := s.(several); ok {
			if next := works.Stop(); next.say.text != "" {
				r.notice = next.say
				return true
			}
		}
	}
	return false
}

// keep lets every screen note what must not be lost, given the screens above it.
func (r *root) keep() tea.Cmd {
	var cmds []tea.Cmd
	for i, s := range r.stack {
		if k, ok := s.(interface{ Keep(above []screen) tea.Cmd }); ok {
			cmds = append(cmds, k.Keep(r.stack[i+1:]))
		}
	}
	return tea.Batch(cmds...)
}

// leave makes the command of what is still to be written before the end, nil for nothing.
func (r *root) leave() tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range r.stack {
		if l, ok := s.(interface{ Leave() tea.Cmd }); ok {
			cmds = append(cmds, l.Leave())
		}
	}
	return tea.Batch(cmds...)
}

// dropped makes the command of what is still to be written when the desk has ended without being left.
func (r *root) dropped() tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range r.stack {
		if l, ok := s.(interface{ Dropped() tea.Cmd }); ok {
			cmds = append(cmds, l.Dropped())
		}
	}
	return tea.Batch(cmds...)
}

func (r *root) busy() bool {
	return slices.ContainsFunc(r.stack, func(s screen) bool {
		b, ok := s.(busy)
		return ok && b.Busy()
	})
}

func (r *root) pointed(msg tea.MouseMsg) tea.Cmd {
	if len(r.stack) == 0 {
		return nil
	}
	msg.Y -= r.headerHeight()
	if p, ok := r.top().(panel); ok {
		msg.Y -= r.bodyHeight() - min(p.Lines(r.width), r.bodyHeight())
	}
	if msg.Y < 0 {
		return nil
	}
	if msg.Action == tea.MouseActionPress {
		r.notice = notice{}
	}
	next, cmd := r.top().Update(msg)
	return tea.Batch(cmd, r.carry(next))
}

// done shows how a write ended.
func (r *root) done(msg doneMsg) tea.Cmd {
	if msg.err != nil {
		r.notice = notice{refused, r.s.words.Explain(msg.err)}
		return r.s.logged(msg.err)
	}
	r.notice = notice{succeeded, msg.text}
	return nil
}

// deliver gives a result to every screen, from the lowest to the top. Only the top one can change the stack.
func (r *root) deliver(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for i, s := range slices.Clone(r.stack) {
		next, cmd := s.Update(msg)
		cmds = append(cmds, cmd)
		if i < len(r.stack)-1 {
			next = step{say: next.say}
		}
		cmds = append(cmds, r.carry(next))
	}
	return tea.Batch(cmds...)
}

// carry does what a step says.
func (r *root) carry(next step) tea.Cmd {
	if next.say.text != "" {
		r.notice = next.say
	}
	if next.quit {
		return r.quit()
	}
	switch {
	case next.start != nil:
		r.stack, next.open = nil, next.start
	case next.close && len(r.stack) > 0:
		r.stack = r.stack[:len(r.stack)-1]
	}
	if next.close || next.relay { // what lies beneath may have changed while it was not on top
		for _, s := range r.stack {
			r.size(s)
		}
	}
	if next.visit != nil && len(r.stack) > 0 {
		r.stack = r.stack[:1]
		if tabs, ok := r.stack[0].(visitor); ok {
			return tabs.Visit(*next.visit)
		}
	}
	if next.open == nil {
		return nil
	}
	if next.afresh {
		r.stack = r.stack[:min(len(r.stack), 1)]
	}
	var cmds []tea.Cmd
	for _, s := range append([]screen{next.open}, next.over...) {
		r.stack = append(r.stack, s)
		r.size(s)
		cmds = append(cmds, s.Init())
	}
	return tea.Batch(cmds...)
}

func (r *root) top() screen { return r.stack[len(r.stack)-1] }
