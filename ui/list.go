package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// list is the part of one queue that the window shows, and where the cursor stands in it. It holds no more rows than
// are shown: what lies beyond comes from the store when the cursor gets there.
type list struct {
	s      *session
	queue  store.QueueName
	text   string // the filter, in the language of review.ParseQuery
	lines  int    // of the window that the list has
	height int    // rows that there is room for

	rows          []store.Row
	cursor        int
	before, after bool // there are rows beyond the window
	total         int  // rows in the queue, of a filtered one up to store.CountLimit
	exact         bool
	today, soon   review.Date // today, and the last day that is soon due
	groups        dueCounts
	elsewhere     []hits // of the filter in other queues, where this one has none
	farther       farther
	err           error
	seek          seek
	marks         *marks

	asof  uint64 // number of the news that the rows show
	gone  string // the case under the cursor, where another has taken it out of this list; "" otherwise
	quiet int    // number of a request that nobody at the desk asked for, 0 for none

	awaited int // number of the request under way, 0 for none
	room    int // height for which it was made
	owed    int // rows that the cursor still has to move when it comes
}

// fetched is the answer of a reading command. Whole answers replace the window, others add to one end of it.
type fetched struct {
	request int
	asof    uint64 // number of the latest news before it was read, of whole answers
	part    part
	window  window
	counts  map[store.QueueName]int // of whole answers
	total   int
	exact   bool
	groups  dueCounts
	today   review.Date
	err     error
}

type part int

const (
	whole part = iota
	following
	preceding
)

// window is a stretch of a queue.
type window struct {
	rows          []store.Row
	cursor        int
	before, after bool
	on            stop // where a search broke off
}

func (l *list) selected() *store.Row {
	if l.cursor < 0 || l.cursor >= len(l.rows) {
		return nil
	}
	return &l.rows[l.cursor]
}

// fetching says that the cursor is not yet where it is going.
func (l *list) fetching() bool { return l.awaited != 0 }

func (l *list) listed() listed { return listed{l.queue, l.text} }

func (l *list) asks() asked {
	return asked{queue: store.Queue{Name: l.queue, By: l.s.by}, text: l.text, policy: l.s.policy, clock: l.s.clock}
}

// open shows another queue or filter from its beginning.
func (l *list) open(queue store.QueueName, text string) tea.Cmd {
	l.queue, l.text = queue, text
	l.fit()
	l.rows, l.cursor, l.before, l.after, l.seek, l.gone = nil, 0, false, false, seek{}, ""
	l.elsewhere, l.farther = nil, farther{}
	return l.around("", 0)
}

// reload reads the window again; the cursor stays at its place in the window, on whatever lies there now.
func (l *list) reload() tea.Cmd {
	if row := l.selected(); row != nil {
		return l.around(row.At, l.cursor)
	}
	return l.around("", 0)
}

// around reads the window in which what lies at the place, or moved up to it, is the index-th row.
func (l *list) around(place store.Cursor, index int) tea.Cmd {
	height := max(l.height, 1)
	index = min(index, height-1)
	return l.whole(func(from pages, q store.Queue) (window, error) {
		return readAround(from, q, place, index, height)
	})
}

// end reads the last window of the queue.
func (l *list) end() tea.Cmd {
	height := max(l.height, 1)
	return l.whole(func(from pages, q store.Queue) (window, error) {
		rows, more, on, err := read(from, q, "", false, height)
		return window{rows: rows, cursor: max(len(rows)-1, 0), before: more, on: stop{preceding, on}}, err
	})
}

// whole makes the command that reads a window together with the counts of all queues.
func (l *list) whole(read func(pages, store.Queue) (window, error)) tea.Cmd {
	l.awaited, l.owed, l.room, l.seek, l.quiet = l.s.next(), 0, l.height, seek{}, 0
	return l.reading(l.awaited, read)
}

// reading makes the command of whole for a request.
func (l *list) reading(request int, read func(pages, store.Queue) (window, error)) tea.Cmd {
	from, asks := pages(l.s.store), l.asks()
	return func() tea.Msg {
		msg := fetched{request: request, part: whole, asof: from.Latest()}
		if msg.counts, msg.err = from.Counts(asks.queue.By); msg.err != nil {
			return msg
		}
		var q store.Queue
		if q, msg.err = asks.put(); msg.err != nil {
			return msg
		}
		msg.today = q.Today
		if msg.window, msg.err = read(from, q); msg.err != nil {
			return msg
		}
		msg.total, msg.exact = msg.counts[q.Name], true
		if len(q.Query.Terms) > 0 {
			msg.total, msg.exact, msg.err = from.Count(q)
		}
		if msg.err == nil {
			msg.groups, msg.err = countDue(from, q, asks.policy, msg.total)
		}
		return msg
	}
}

// readAround reads the rows before the place and those from it on: at most one more than the window holds.
func readAround(from pages, q store.Queue, place store.Cursor, index, height int) (window, error) {
	var w window
	var start store.Cursor
	if place != "" {
		earlier, more, on, err := read(from, q, place, false, max(index, 1))
		if err != nil {
			return w, err
		}
		w.before, start = more, on // a search that broke off found nothing between on and the place
		if len(earlier) > 0 {
			start = earlier[len(earlier)-1].At
		}
		if index > 0 {
			w.rows, w.cursor = earlier, len(earlier)
		} else {
			w.before = len(earlier) > 0 || on != ""
		}
	}
	later, more, on, err := read(from, q, start, true, height-len(w.rows))
	if err != nil {
		return w, err
	}
	w.rows, w.after, w.on = append(w.rows, later...), more, stop{following, on}
	return w.filled(from, q, height)
}

// filled takes rows from before when the queue ends inside the window, and keeps the cursor on a row.
func (w window) filled(from pages, q store.Queue, height int) (window, error) {
	if missing := height - len(w.rows); missing > 0 && w.before && !w.after {
		var place store.Cursor
		if len(w.rows) > 0 {
			place = w.rows[0].At
		}
		earlier, more, on, err := read(from, q, place, false, missing)
		if err != nil {
			return w, err
		}
		w.on = stop{preceding, on}
		w.rows, w.cursor, w.before = append(earlier, w.rows...), w.cursor+len(earlier), more
	}
	w.cursor = max(min(w.cursor, len(w.rows)-1), 0)
	return w, nil
}

// move moves the cursor. Where it leaves the window, the rows beyond are fetched first; moves that come meanwhile are
// added to what is owed.
func (l *list) move(by int) tea.Cmd {
	if l.fetching() {
		l.owed += by
		return nil
	}
	target := l.cursor + by
	switch last := len(l.rows) - 1; {
	case last < 0:
		return nil
	case target > last && l.after && l.seek.awaited != 0, target < 0 && l.before && l.seek.awaited != 0:
	case target > last && l.after:
		l.cursor = max(last, 0)
		return l.more(following, target-last)
	case target < 0 && l.before:
		l.cursor = 0
		return l.more(preceding, target)
	}
	l.cursor = max(min(target, len(l.rows)-1), 0)
	return nil
}

// more fetches the rows that the cursor needs in order to move on, at most a window of them.
func (l *list) more(direction part, owed int) tea.Cmd {
	l.awaited, l.owed, l.quiet = l.s.next(), owed, 0
	place := l.rows[0].At
	if direction == following {
		place = l.rows[len(l.rows)-1].At
	}
	return l.beyond(l.awaited, stop{direction, place}, min(max(owed, -owed), max(l.height, 1)))
}

// take puts an answer in place and returns what is still to be fetched, and whether it was the awaited one.
func (l *list) take(msg fetched) (tea.Cmd, bool) {
	if msg.request != l.awaited {
		return l.sought(msg)
	}
	l.awaited, l.err = 0, msg.err
	owed := l.owed
	l.owed = 0
	if msg.window.on.broken() {
		owed = 0 // what is found later moves no cursor
	}
	if msg.err != nil {
		if msg.part == whole {
			l.total, l.exact = 0, true
		}
		return nil, true
	}
	switch msg.part {
	case whole:
		l.rows, l.cursor, l.before, l.after = msg.window.rows, msg.window.cursor, msg.window.before, msg.window.after
		l.total, l.exact, l.groups, l.today = msg.total, msg.exact, msg.groups, msg.today
		l.asof, l.gone = msg.asof, ""
		l.soon = soonUntil(l.s.policy, l.today)
	case following:
		l.rows, l.after = append(l.rows, msg.window.rows...), msg.window.after
	case preceding:
		l.rows, l.before = append(msg.window.rows, l.rows...), msg.window.before
		l.cursor += len(msg.window.rows)
	}
	cmd := l.move(owed)
	l.trim()
	if msg.part == whole && l.height > l.room && l.short() && !msg.window.on.broken() {
		cmd = l.reload() // the window has grown while it was being read
	}
	if !l.fetching() {
		cmd = tea.Batch(cmd, l.lookOn(msg.window.on))
	}
	return cmd, true
}

// trim drops the rows that the window has no room for, at the end that the cursor is farther from.
func (l *list) trim() {
	height := max(l.height, 1)
	if over := len(l.rows) - height; over > 0 {
		first := min(l.cursor, over)
		if l.cursor < height {
			first = 0
		}
		if first > 0 {
			l.before = true
		}
		if len(l.rows)-first > height {
			l.after = true
		}
		l.rows = l.rows[first : first+height]
		l.cursor -= first
	}
}

// resize fits the window to a new height; rows for a higher one are fetched.
func (l *list) resize(lines int) {
	l.lines = lines
	l.fit()
	l.trim()
}

// fit keeps room for the headings.
func (l *list) fit() {
	l.height = max(l.lines, 1)
	if l.sectioned() {
		l.height -= int(dueGroups)
	}
}

// short says that there is room for rows that have not been read.
func (l *list) short() bool { return len(l.rows) < l.height && (l.before || l.after) }
