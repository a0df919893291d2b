package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// marked takes the keys of marks, and reports whether the key was one.
func (m *mailroom) marked(msg tea.KeyMsg) (step, tea.Cmd, bool) {
	k := m.s.keys
	switch {
	case key.Matches(msg, k.markRow):
		next, cmd := m.markRow()
		return next, cmd, true
	case key.Matches(msg, k.markRange):
		return m.markRange(), nil, true
	case key.Matches(msg, k.markAll):
		next, cmd := m.markEvery()
		return next, cmd, true
	case key.Matches(msg, k.unmark):
		n := len(m.marks)
		m.marks, m.from = map[string]bool{}, ""
		return tell(m.s.words.Say("many.unmarked", n)), nil, true
	}
	return step{}, nil, false
}

func (m *mailroom) markRow() (step, tea.Cmd) {
	row := m.selected()
	if row == nil {
		return refuse(m.s.words.Say("nothing.selected")), nil
	}
	if m.marks[row.Reference] {
		delete(m.marks, row.Reference)
	} else {
		m.marks[row.Reference] = true
	}
	return tell(m.s.words.Say("many.marked", len(m.marks))), m.move(min(m.cursor+1, len(m.rows)-1))
}

// markRange begins a range at the cursor, or marks from there to the cursor.
func (m *mailroom) markRange() step {
	row := m.selected()
	if row == nil {
		return refuse(m.s.words.Say("nothing.selected"))
	}
	at := m.indexOf(m.from)
	if at < 0 {
		m.from = row.Reference
		return tell(m.s.words.Say("many.range", row.Reference))
	}
	for i := min(at, m.cursor); i <= max(at, m.cursor); i++ {
		m.marks[m.rows[i].Reference] = true
	}
	m.from = ""
	return tell(m.s.words.Say("many.marked", len(m.marks)))
}

// markEvery marks all of the list, as many as a batch may have.
func (m *mailroom) markEvery() (step, tea.Cmd) {
	if m.selected() == nil {
		return refuse(m.s.words.Say("nothing.selected")), nil
	}
	if !m.more || len(m.rows) >= mostMailed {
		return m.markLoaded()
	}
	m.markAll = true
	return tell(m.s.words.Say("many.looking")), m.read("", mostMailed)
}

func (m *mailroom) markLoaded() (step, tea.Cmd) {
	m.markAll = false
	for i := range m.rows {
		m.marks[m.rows[i].Reference] = true
	}
	if m.more {
		return tell(m.s.words.Say("many.marked_first", len(m.marks), mostMailed)), nil
	}
	return tell(m.s.words.Say("many.marked", len(m.marks))), nil
}

// chosen returns the rows that a key is for, in the order of the list: the marked ones, else the one under the cursor. It
// gives the reason where it is for none.
func (m *mailroom) chosen(do review.Action) ([]review.Application, string) {
	w := m.s.words
	switch {
	case m.writing != 0:
		return nil, w.Say("busy.writing")
	case m.awaited != 0:
		return nil, w.Say("mail.reading")
	case m.selected() == nil:
		return nil, w.Say("nothing.selected")
	case m.indexOf(m.from) >= 0: // its rows are meant, and are not marked
		return nil, w.Say("many.range_open", m.from)
	}
	var list []review.Application
	for _, a := range m.rows {
		if m.marks[a.Reference] {
			list = append(list, a)
		}
	}
	if len(list) == 0 {
		list = []review.Application{*m.selected()}
	}
	if do == "" {
		return list, ""
	}
	for i := range list {
		if err := list[i].CanMail(m.s.by, do); err != nil {
			return nil, list[i].Reference + w.Say("colon") + w.Explain(err)
		}
	}
	return list, ""
}
