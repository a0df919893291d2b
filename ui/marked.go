package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// markedScreen lists the marked rows, each with why it could not be done.
type markedScreen struct {
	desk          *desk
	cursor        int
	width, height int
}

func (d *desk) openMarked() step {
	if len(d.marks.list) == 0 {
		return tell(d.s.words.Say("many.none"))
	}
	return step{open: &markedScreen{desk: d}}
}

func (m *markedScreen) Init() tea.Cmd { return nil }

func (m *markedScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return m.pressed(msg), nil
	case tea.MouseMsg:
		m.cursor = wheel(msg, m.cursor, len(m.desk.marks.list))
	}
	m.cursor = max(min(m.cursor, len(m.desk.marks.list)-1), 0)
	return step{close: len(m.desk.marks.list) == 0}, nil
}

func (m *markedScreen) pressed(msg tea.KeyMsg) step {
	k, list := m.desk.s.keys, m.desk.marks
	if key.Matches(msg, k.toggle) {
		if m.desk.many != nil {
			return refuse(m.desk.s.words.Say("busy.writing"))
		}
		list.remove(list.list[m.cursor].id)
		m.cursor = max(min(m.cursor, len(list.list)-1), 0)
		return step{close: len(list.list) == 0, say: notice{informs, m.desk.s.words.Say("many.marked", len(list.list))}}
	}
	to, ok := k.cursor(msg, m.cursor, len(list.list), m.rows())
	if !ok {
		return refuse(m.desk.s.words.Say("key.unknown", Plain(msg.String())))
	}
	m.cursor = to
	return step{}
}

func (m *markedScreen) rows() int { return max(m.height-4, 1) }

func (m *markedScreen) SetSize(width, height int) { m.width, m.height = width, height }
func (m *markedScreen) Capturing() bool           { return false }

// View draws the list; the reason of the row under the cursor stands below it in full.
func (m *markedScreen) View() string {
	st, w, all := m.desk.s.styles, m.desk.s.words, m.desk.marks.list
	lines := []string{" " + st.strong.Render(w.Say("many.list", len(all))), rule(st, m.width)}
	first := scrolled(m.cursor, len(all), m.rows())
	for i, one := range all[first:min(first+m.rows(), len(all))] {
		text := one.id
		if one.why != "" {
			text = signBad + " " + text + "  " + strings.ReplaceAll(one.why, "\n", " ")
		} else {
			text = "  " + text
		}
		lines = append(lines, pointer(st, first+i == m.cursor, text, m.width))
	}
	lines = block(lines, m.width, max(m.height-2, 1))
	if m.cursor < len(all) && all[m.cursor].why != "" {
		for _, part := range wrap(strings.ReplaceAll(all[m.cursor].why, "\n", " "), max(m.width-4, 8)) {
			lines = append(lines, "  "+st.bad.Render(part))
		}
	}
	return strings.Join(lines, "\n")
}

func (m *markedScreen) ShortHelp() []key.Binding {
	k := m.desk.s.keys
	return []key.Binding{withHelp(k.toggle, m.desk.s.words.Say("key.unmark_one")), k.down, k.up, k.back}
}

func (m *markedScreen) FullHelp() [][]key.Binding { return [][]key.Binding{m.ShortHelp()} }
