package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/store"
)

// freshEvery is the shortest time between two readings of a section because of news.
const freshEvery = 2 * time.Second

// fresh tells a section of figures when to read again: some time after news, so that a busy day does not keep it busy, and
// only while it is in sight.
type fresh struct {
	s              *session
	visible        bool
	stale, waiting bool
}

// freshDue says that the time has come.
type freshDue struct{ of *fresh }

// heard notes that there was news.
func (f *fresh) heard() tea.Cmd {
	f.stale = true
	if !f.visible || f.waiting {
		return nil
	}
	f.waiting = true
	return f.s.later(freshEvery, freshDue{f})
}

// due reports whether the section should read now.
func (f *fresh) due(msg freshDue) bool {
	if msg.of != f {
		return false
	}
	f.waiting = false
	return f.visible && f.stale
}

// moves reports whether the numbers of lists may have changed.
func (m newsMsg) moves() bool {
	return m.Again || slices.ContainsFunc(m.Records, func(c store.RecordChange) bool { return c.Moved() })
}

// changesNumbers reports whether the numbers on the tabs may be others after the message.
func changesNumbers(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case doneMsg:
		return true
	case newsMsg:
		return msg.moves() || ofPacks(&msg.News)
	case filingSaved:
		return msg.first
	}
	return false
}
