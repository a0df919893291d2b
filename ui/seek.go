package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// A filter that no index answers is looked for step by step: each command reads so many pages and says where it broke
// off, and the list asks on from there until its window is full. Meanwhile what has been found can be worked with.

// asked is a queue with a filter as it was typed. The filter is read anew each time, since its days count from today.
type asked struct {
	queue  store.Queue
	text   string
	policy *review.Policy
	clock  clock
}

// put returns what to ask the store; a review.QueryError for a filter that cannot be read.
func (a asked) put() (store.Queue, error) {
	q := a.queue
	q.Now = a.clock()
	q.Today = review.DateOf(q.Now)
	var err error
	q.Query, err = review.ParseQuery(a.text, a.policy, q.Today)
	return q, err
}

// stop is where a search broke off, and in which direction. The zero place says that it did not.
type stop struct {
	direction part
	place     store.Cursor
}

func (s stop) broken() bool { return s.place != "" }

// seek is the search for more rows that goes on by itself.
type seek struct {
	awaited int // number of the request under way, 0 for none
}

// read reads up to n rows. A filtered page may end before it has found them all, since the store bounds the work of one:
// then the place is returned at which it broke off. A step of a search is one page and no more, so that an answer takes no
// longer than a frame stands.
func read(from pages, q store.Queue, at store.Cursor, forward bool, n int) (rows []store.Row, more bool, on store.Cursor, err error) {
	if n <= 0 {
		return nil, true, "", nil
	}
	page, err := from.Page(q, at, forward, n)
	switch {
	case err != nil:
		return nil, false, "", err
	case len(page.Rows) >= n || !page.More || page.Next == at:
		return page.Rows, page.More, "", nil
	}
	return page.Rows, true, page.Next, nil
}

// beyond makes the command that reads up to n rows from a place on.
func (l *list) beyond(request int, at stop, n int) tea.Cmd {
	from, asks := pages(l.s.store), l.asks()
	return func() tea.Msg {
		q, err := asks.put()
		if err != nil {
			return fetched{request: request, part: at.direction, err: err}
		}
		rows, more, on, err := read(from, q, at.place, at.direction == following, n)
		return fetched{
			request: request, part: at.direction, err: err,
			window: window{rows: rows, before: more, after: more, on: stop{at.direction, on}},
		}
	}
}

// looking says that the search for more rows goes on.
func (l *list) looking() bool { return l.seek.awaited != 0 }

// lookOn goes on with a search that broke off, until the window is full; of a full one, until there is one more row. One
// that has ended with nothing is followed by a look at the other queues.
func (l *list) lookOn(at stop) tea.Cmd {
	if !at.broken() {
		l.settle()
		return l.lookFarther()
	}
	l.seek.awaited = l.s.next()
	return l.beyond(l.seek.awaited, at, max(l.height-len(l.rows), 1))
}

// sought takes what a further step has found. The cursor stays on its case: what is found never moves it.
func (l *list) sought(msg fetched) (tea.Cmd, bool) {
	if msg.request != l.seek.awaited || !l.looking() {
		return nil, false
	}
	l.seek.awaited, l.err = 0, msg.err
	if msg.err != nil {
		return nil, true
	}
	found := len(msg.window.rows)
	if msg.part == following {
		l.rows, l.after = append(l.rows, msg.window.rows...), msg.window.after
		if over := min(len(l.rows)-max(l.height, 1), l.cursor); over > 0 {
			l.rows, l.cursor, l.before = l.rows[over:], l.cursor-over, true
		}
	} else {
		l.rows, l.before, l.cursor = append(msg.window.rows, l.rows...), msg.window.before, l.cursor+found
		l.cursor = max(min(l.cursor, len(l.rows)-1), 0)
	}
	l.trim()
	if found > 0 && !l.short() {
		l.settle()
		return nil, true
	}
	return l.lookOn(msg.window.on), true
}

// settle counts a queue that lies within the window as a whole.
func (l *list) settle() {
	if !l.before && !l.after {
		l.total, l.exact = len(l.rows), true
	}
	l.total = max(l.total, len(l.rows))
}

// hits is how many rows of a queue a filter finds, as far as they were counted.
type hits struct {
	queue store.QueueName
	n     int
	exact bool
}

// farther is the look at the other queues for what a filter has not found in this one.
type farther struct {
	awaited int // number of the look under way, 0 for none
	found   []hits
}

// farHits is the answer of counting one other queue.
type farHits struct {
	request int
	hits
	left []store.QueueName // that are still to be counted
}

// lookFarther counts what the filter finds in the other queues where it finds nothing here: one queue at a time, since the
// store bounds the work of each count, and not of all of them.
func (l *list) lookFarther() tea.Cmd {
	l.farther = farther{}
	if l.text == "" || len(l.rows) > 0 || l.total > 0 || !l.exact {
		l.elsewhere = nil
		return nil
	}
	l.farther.awaited = l.s.next()
	return l.countFarther(l.s.queueTabs())
}

// countFarther makes the command that counts the next queue, nil when all have been counted. All applications are counted
// where no other queue has any.
func (l *list) countFarther(left []store.QueueName) tea.Cmd {
	left = slices.DeleteFunc(slices.Clone(left), func(name store.QueueName) bool {
		return name == l.queue || name == store.All && len(l.farther.found) > 0
	})
	if len(left) == 0 {
		l.elsewhere, l.farther = l.farther.found, farther{}
		return nil
	}
	from, asks, msg := pages(l.s.store), l.asks(), farHits{request: l.farther.awaited, hits: hits{queue: left[0]}, left: left[1:]}
	return func() tea.Msg {
		q, err := asks.put()
		if err != nil {
			return msg
		}
		q.Name = msg.queue
		if n, exact, err := from.Count(q); err == nil { // a queue that does not understand the filter has none
			msg.n, msg.exact = n, exact
		}
		return msg
	}
}

// foundFarther takes what one of the other queues holds and goes on to the next.
func (l *list) foundFarther(msg farHits) tea.Cmd {
	if msg.request != l.farther.awaited {
		return nil
	}
	if msg.n > 0 {
		l.farther.found = append(l.farther.found, msg.hits)
	}
	return l.countFarther(msg.left)
}

// tellElsewhere says in which other queues the filter finds something, "" for none.
func (l *list) tellElsewhere() string {
	w := l.s.words
	var parts []string
	for _, h := range l.elsewhere {
		key := "list.elsewhere.one"
		if !h.exact {
			key = "list.elsewhere.more"
		}
		parts = append(parts, w.Say(key, w.Say("queue."+string(h.queue)), h.n))
	}
	if len(parts) == 0 {
		return ""
	}
	return w.Say("list.elsewhere", strings.Join(parts, w.Say("join")))
}
