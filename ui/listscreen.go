package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/store"
)

// listScreen is what the screens have in common that read a list of their own and go through it with a cursor.
type listScreen[T any] struct {
	s             *session
	list          []T
	at            time.Time // when it was read
	cursor        int
	awaited       int
	quiet         bool   // what is being read nobody has asked for: keys go on working
	asof, news    uint64 // number of the news that it was read after, and of the latest that concern it
	writing       bool
	err           error
	width, height int
}

// listRead is the answer of reading a list.
type listRead[T any] struct {
	request int
	list    []T
	at      time.Time
	asof    uint64
	err     error
}

// fetch makes the command that reads the list. Only the answer to the latest one counts.
func (l *listScreen[T]) fetch(read func(now time.Time) ([]T, error)) tea.Cmd {
	l.awaited, l.quiet = l.s.next(), false
	from, clock, request := pages(l.s.store), l.s.clock, l.awaited
	return func() tea.Msg {
		now, asof := clock(), from.Latest()
		list, err := read(now)
		return listRead[T]{request, list, now, asof, err}
	}
}

// taken takes the list that was read, and reports whether it is the one that is waited for.
func (l *listScreen[T]) taken(msg listRead[T]) (tea.Cmd, bool) {
	if msg.request != l.awaited {
		return nil, false
	}
	l.awaited, l.list, l.at, l.asof, l.err = 0, msg.list, msg.at, msg.asof, msg.err
	l.cursor = max(min(l.cursor, len(l.list)-1), 0)
	return l.s.logged(msg.err), true
}

// heard makes the command that reads the list again because of news that concern it. While it is being read that waits for
// catchUp: much news must not keep it from ever being shown.
func (l *listScreen[T]) heard(n *store.News, read func() tea.Cmd) tea.Cmd {
	l.news = n.Number
	return l.catchUp(read)
}

func (l *listScreen[T]) catchUp(read func() tea.Cmd) tea.Cmd {
	if l.awaited != 0 || l.news <= l.asof {
		return nil
	}
	cmd := read()
	l.quiet = true
	return cmd
}

// reading says that somebody waits for the list.
func (l *listScreen[T]) reading() bool { return l.awaited != 0 && !l.quiet }

// stay puts the cursor on the row that it stood on before, if that is still there.
func (l *listScreen[T]) stay(is func(*T) bool) {
	for i := range l.list {
		if is(&l.list[i]) {
			l.cursor = i
			return
		}
	}
}

// under is the row under the cursor, the zero one where there is none.
func (l *listScreen[T]) under() (row T) {
	if l.cursor < len(l.list) {
		row = l.list[l.cursor]
	}
	return row
}

func (l *listScreen[T]) SetSize(width, height int) { l.width, l.height = width, height }
func (l *listScreen[T]) Capturing() bool           { return false }
func (l *listScreen[T]) Busy() bool                { return l.writing }

// lines draws the rows around the cursor, at most so many.
func (l *listScreen[T]) lines(most int, line func(*T) string) []string {
	return l.flagged(most, func(*T) string { return " " }, line)
}

// flagged is lines with a sign of one column before each.
func (l *listScreen[T]) flagged(most int, flag, line func(*T) string) []string {
	var lines []string
	first := scrolled(l.cursor, len(l.list), most)
	for i := first; i < min(first+most, len(l.list)); i++ {
		lines = append(lines, flagged(l.s.styles, i == l.cursor, flag(&l.list[i]), line(&l.list[i]), l.width))
	}
	return lines
}

// instead is what stands in the place of the rows: what went wrong, that they are being read, or that there are none.
func (l *listScreen[T]) instead(none string) []string {
	st, w := l.s.styles, l.s.words
	switch {
	case l.err != nil:
		return []string{" " + st.bad.Render(cut(signBad+" "+w.Explain(l.err), max(l.width-2, 1)))}
	case len(l.list) == 0 && l.awaited != 0:
		return []string{"  " + st.muted.Render(w.Say("list.reading"))}
	case len(l.list) == 0:
		return []string{"  " + st.muted.Render(none)}
	}
	return nil
}
