package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// helpScreen lists the keys of the screen that it was opened from, those that work everywhere, and what the signs mean.
type helpScreen struct {
	s             *session
	of            help.KeyMap
	search        textinput.Model // what the shown lines must hold; nothing shows all
	typing        bool
	first         int
	width, height int
}

func newHelp(s *session, of help.KeyMap) *helpScreen {
	return &helpScreen{s: s, of: of, search: newInput(s)}
}

func (h *helpScreen) Init() tea.Cmd { return nil }

func (h *helpScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		if h.typing {
			return h.typed(msg)
		}
		if key.Matches(msg, h.s.keys.filter) {
			h.typing, h.first = true, 0
			return step{}, nil
		}
		if key.Matches(msg, h.s.keys.accept, h.s.keys.toggle) {
			return step{close: true}, nil
		}
		to, ok := h.s.keys.cursor(msg, h.first, h.last()+1, h.height)
		if !ok {
			return refuse(h.s.words.Say("key.unknown", Plain(msg.String()))), nil
		}
		h.first = to
	case tea.MouseMsg:
		h.first = wheel(msg, h.first, h.last()+1)
	}
	return step{}, nil
}

// typed takes a key while what to look for is typed. enter keeps it, esc shows everything again.
func (h *helpScreen) typed(msg tea.KeyMsg) (step, tea.Cmd) {
	switch {
	case key.Matches(msg, h.s.keys.cancel):
		h.typing = false
		h.search.SetValue("")
		return step{}, nil
	case key.Matches(msg, h.s.keys.accept):
		h.typing = false
		return step{}, nil
	}
	return step{}, typeInto(&h.search, msg)
}

// found lists the keys, commands and signs that hold what is looked for, one to a line.
func (h *helpScreen) found(groups [][]key.Binding, wanted string) []string {
	holds := func(text string) bool { return strings.Contains(strings.ToLower(text), wanted) }
	var lines []string
	seen := map[string]bool{}
	for _, group := range groups {
		for _, b := range group {
			text := b.Help().Key + " " + b.Help().Desc
			if holds(text) && !seen[text] {
				seen[text] = true
				lines = append(lines, "  "+h.s.styles.key.Render(padded(b.Help().Key, 14))+b.Help().Desc)
			}
		}
	}
	lines = append(append(lines, h.signs(wanted)...), h.commands(wanted)...)
	if len(lines) == 0 {
		lines = append(lines, "  "+h.s.styles.muted.Render(h.s.words.Say("help.not_found")))
	}
	return lines
}

// last is the highest line that can stand at the top.
func (h *helpScreen) last() int { return max(len(h.lines())-h.height, 0) }

func (h *helpScreen) SetSize(width, height int) {
	h.width, h.height = width, height
	h.first = min(h.first, h.last())
}

func (h *helpScreen) Capturing() bool { return h.typing }

func (h *helpScreen) View() string {
	lines := h.lines()
	lines = lines[min(h.first, len(lines)):]
	if below := len(lines) - h.height; below > 0 && h.height > 2 {
		lines = append(lines[:h.height-1:h.height-1], h.s.styles.muted.Render("  ↓ "+h.s.words.Say("pane.more", below+1)))
	}
	return strings.Join(lines, "\n")
}

// lines sets the groups of bindings in as many columns as the window has room for.
func (h *helpScreen) lines() []string {
	w, st := h.s.words, h.s.styles
	groups := append(h.of.FullHelp(), h.everywhere())
	lines := []string{" " + st.strong.Render(w.Say("help.title")), ""}
	if wanted := strings.ToLower(strings.TrimSpace(h.search.Value())); wanted != "" || h.typing {
		lines[1] = " / " + cut(Plain(h.search.Value()), max(h.width-5, 1)) + st.selected.Render(" ")
		if wanted != "" {
			return append(lines, h.found(groups, wanted)...)
		}
	}
	const columnWidth = 36
	columns := max(min(h.width/columnWidth, len(groups)), 1)
	for len(groups) > 0 {
		n := min(columns, len(groups))
		lines = append(lines, h.beside(groups[:n], max(h.width/columns, 1))...)
		lines = append(lines, "")
		groups = groups[n:]
	}
	return append(append(lines, h.signs("")...), append([]string{""}, h.commands("")...)...)
}

// signs are the lines about signs, days and the mouse that hold what is looked for.
func (h *helpScreen) signs(wanted string) []string {
	var lines []string
	for _, line := range strings.Split(h.s.words.Say("help.signs"), "\n") {
		if !strings.Contains(strings.ToLower(line), wanted) {
			continue
		}
		for _, part := range wrap(line, max(h.width-3, 8)) {
			lines = append(lines, "  "+part)
		}
	}
	return lines
}

// commands lists those that hold what is looked for, each with what it does beside it, or below it where that has no room.
func (h *helpScreen) commands(wanted string) []string {
	const beside = 28
	var lines []string
	for _, line := range strings.Split(h.s.words.Say("help.commands"), "\n") {
		command, does, _ := strings.Cut(line, "\t")
		if !strings.Contains(strings.ToLower(command+" "+does), wanted) {
			continue
		}
		first := "  " + h.s.styles.key.Render(command)
		for i, part := range wrap(does, max(h.width-beside-1, 8)) {
			switch room := beside - 2 - ansi.StringWidth(command); {
			case i == 0 && room > 0:
				lines = append(lines, first+strings.Repeat(" ", room)+part)
				continue
			case i == 0:
				lines = append(lines, first)
			}
			lines = append(lines, strings.Repeat(" ", beside)+part)
		}
	}
	return lines
}

// everywhere are the keys of every screen, but for those that the screen has listed itself.
func (h *helpScreen) everywhere() []key.Binding {
	k := h.s.keys
	keys := []key.Binding{k.help, k.command, k.leave, k.back, k.repaint, k.quit}
	own := slices.Concat(h.of.FullHelp()...)
	takesBack := func(b key.Binding) bool { return b.Help().Key == k.takeBack.Help().Key }
	if h.s.by.Role == review.Reviewer && !slices.ContainsFunc(own, takesBack) {
		keys = slices.Insert(keys, 2, k.takeBack)
	}
	return keys
}

func (h *helpScreen) beside(groups [][]key.Binding, width int) []string {
	height := 0
	for _, group := range groups {
		height = max(height, len(group))
	}
	lines := make([]string, height)
	for _, group := range groups {
		for i := range lines {
			text := ""
			if i < len(group) {
				text = "  " + h.s.styles.key.Render(padded(group[i].Help().Key, 14)) + group[i].Help().Desc
			}
			lines[i] += fit(text, width)
		}
	}
	return lines
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(width-ansi.StringWidth(text), 1))
}

func (h *helpScreen) ShortHelp() []key.Binding {
	return []key.Binding{withHelp(h.s.keys.filter, h.s.words.Say("help.search")), h.s.keys.down, h.s.keys.up, h.s.keys.back}
}

func (h *helpScreen) FullHelp() [][]key.Binding { return [][]key.Binding{h.ShortHelp()} }
