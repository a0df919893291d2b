package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

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
}

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
	case quitMsg:
		cmd = r.quit()
	default:
		cmd = r.deliver(msg)
	}
	if r.quitting && !r.busy() {
		return r, tea.Quit
	}
	return r, cmd
}

func (r *root) resized(msg tea.WindowSizeMsg) tea.Cmd {
	r.width, r.height = max(msg.Width, 1), max(msg.Height, 1)
	if len(r.stack) == 0 {
		return r.carry(step{open: r.first()})
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
	if msg.Type != tea.KeyRunes || r.top().Capturing() {
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

// early: before the first screen only leaving works.
func (r *root) early(msg tea.KeyMsg) tea.Cmd {
	if key.Matches(msg, r.s.keys.quit, r.s.keys.leave) {
		return tea.Quit
	}
	return nil
}

// press gives one key to whom it belongs.
func (r *root) press(msg tea.KeyMsg) tea.Cmd {
	top := r.top()
	if key.Matches(msg, r.s.keys.quit) {
		return tea.Quit
	}
	if !top.Capturing() {
		switch {
		case key.Matches(msg, r.s.keys.help):
			return r.carry(step{open: newHelp(r.s, top)})
		case key.Matches(msg, r.s.keys.command):
			return r.carry(step{open: newCommandLine(r.s, top)})
		case key.Matches(msg, r.s.keys.repaint):
			return tea.ClearScreen
		case key.Matches(msg, r.s.keys.leave):
			return r.back()
		case key.Matches(msg, r.s.keys.back) && len(r.stack) > 1:
			return r.back()
		}
	}
	next, cmd := top.Update(msg)
	return tea.Batch(cmd, r.carry(next))
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
	if r.busy() {
		r.notice = notice{informs, r.s.words.Say("quit.saving")}
	}
	return nil
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
	if next.open == nil {
		return nil
	}
	r.stack = append(r.stack, next.open)
	r.size(next.open)
	return next.open.Init()
}

func (r *root) top() screen { return r.stack[len(r.stack)-1] }

// The window: a header line, the body, a status line, a line of keys. A very low window gives them up one by one.

func (r *root) headerHeight() int { return oneIf(r.height >= 6) }
func (r *root) hintHeight() int   { return oneIf(r.height >= 4) }
func (r *root) statusHeight() int { return oneIf(r.height >= 3) }

func (r *root) bodyHeight() int {
	return max(r.height-r.headerHeight()-r.statusHeight()-r.hintHeight(), 1)
}

func oneIf(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

// View draws the frame: never a line wider than the window, never a line more than it has.
func (r *root) View() string {
	if len(r.stack) == 0 {
		return ""
	}
	var lines []string
	if r.headerHeight() > 0 {
		lines = append(lines, r.header())
	}
	lines = append(lines, r.body()...)
	if r.statusHeight() > 0 {
		lines = append(lines, r.status()...)
	}
	if r.hintHeight() > 0 {
		lines = append(lines, r.hints())
	}
	lines = block(r.overlap(lines), r.width, r.height)
	for i := range lines { // blanks at the end of a line need not cross a slow one
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// overlap lets a notice of several lines cover the end of the body.
func (r *root) overlap(lines []string) []string {
	over := len(lines) - r.height
	if over <= 0 {
		return lines
	}
	end := r.headerHeight() + r.bodyHeight()
	return slices.Delete(lines, max(end-over, 0), end)
}

func (r *root) header() string {
	s := r.s
	left := " " + s.styles.product.Render(s.words.Say("product"))
	if s.by.Name != "" {
		left += "  " + s.styles.strong.Render(s.called(s.by)) + "  " + s.styles.header.Render(s.standing(s.by))
	}
	right := ""
	if s.demo {
		mark := "demo.mark"
		if r.width < besideFrom {
			mark = "demo.mark_short"
		}
		right = s.styles.warn.Render(s.words.Say(mark)) + " "
	}
	return both(left, right, r.width)
}

// called is how the screen calls an account.
func (s *session) called(a review.Account) string {
	if a.Title != "" {
		return Plain(a.Title)
	}
	return Plain(a.Name)
}

// standing is the office of an account and what it does there.
func (s *session) standing(a review.Account) string {
	duty := s.words.Say("role." + string(a.Role))
	if a.Role == review.Reviewer {
		duty = s.words.Level(a.Level)
	}
	if a.Office == "" {
		return duty
	}
	return Plain(a.Office) + " · " + duty
}

func (r *root) body() []string {
	height := r.bodyHeight()
	p, ok := r.top().(panel)
	if !ok {
		return block(strings.Split(r.top().View(), "\n"), r.width, height)
	}
	low := min(p.Lines(r.width), height)
	lines := block(strings.Split(r.beneath(), "\n"), r.width, height-low)
	return append(lines, block(strings.Split(p.View(), "\n"), r.width, low)...)
}

// beneath draws the screen under the panels.
func (r *root) beneath() string {
	for _, s := range slices.Backward(r.stack) {
		if _, ok := s.(panel); !ok {
			return s.View()
		}
	}
	return ""
}

// status draws the notice. Each of several problems has a line of its own, up to a third of the window.
func (r *root) status() []string {
	if r.notice.text == "" {
		return []string{""}
	}
	style, sign := r.s.styles.info, signInfo
	switch r.notice.kind {
	case succeeded:
		style, sign = r.s.styles.good, signGood
	case refused:
		style, sign = r.s.styles.bad, signBad
	}
	var lines []string
	for _, text := range strings.Split(r.notice.text, "\n") {
		for i, part := range wrap(Plain(text), max(r.width-4, 1)) {
			lead := " " + sign + " "
			if i > 0 {
				lead = "   "
			}
			lines = append(lines, style.Render(lead+part))
		}
	}
	if most := max(r.height/3, 1); len(lines) > most {
		lines = lines[:most]
		lines[most-1] = cut(lines[most-1], r.width-1) + "…"
	}
	return lines
}

// hints draws the keys that work here; help and the way back never give way to others.
func (r *root) hints() string {
	top := r.top()
	right := ""
	if !top.Capturing() {
		right = r.hint(r.s.keys.help) + "  " + r.hint(r.s.keys.leave) + " "
	}
	return " " + r.hintList(top, r.width-ansi.StringWidth(right)-2) + right
}

// hintList draws as many bindings as fit, filled to the width.
func (r *root) hintList(m help.KeyMap, width int) string {
	line := ""
	for _, b := range m.ShortHelp() {
		if !b.Enabled() {
			continue
		}
		more := r.hint(b)
		if line != "" {
			more = "  " + more
		}
		if ansi.StringWidth(line+more) > width {
			break
		}
		line += more
	}
	return fit(line, width+1)
}

func (r *root) hint(b key.Binding) string {
	return r.s.styles.key.Render(b.Help().Key) + " " + r.s.styles.muted.Render(b.Help().Desc)
}
