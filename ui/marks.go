package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// mostMarked is how many rows can be marked at once: few enough that one person can answer for them.
const mostMarked = 500

// mark is a marked row, with the version that was on the screen when it was marked: that is what is decided on.
type mark struct {
	id      string // reference of the application, else number of the certificate
	version int    // of the application, 0 for a certificate
	number  string // of the certificate, "" for none
	held    bool   // as it was on the screen
	list    listed // in which it was marked, zero for one of an earlier desk
	why     string // why it could not be done, "" before it was tried
}

// listed is a queue under a filter.
type listed struct {
	queue store.QueueName
	text  string
}

func markOf(row *store.Row, in listed) mark {
	m := mark{id: rowID(row), list: in}
	if a := row.Application; a != nil {
		m.version, m.number, m.held = a.Version, a.Certificate, a.Held
	} else {
		m.number = row.Certificate.Number
	}
	return m
}

// marks are the marked rows of a desk, in the order in which they were marked.
type marks struct {
	list    []mark
	from    *store.Row // where a range begins, nil when none is being drawn
	in      listed     // the list of that row
	awaited int        // number of the request for rows to mark, 0 for none
}

func (m *marks) at(id string) int {
	return slices.IndexFunc(m.list, func(one mark) bool { return one.id == id })
}

// sign is what stands before a row in the list.
func (m *marks) sign(id string) string {
	if m == nil || len(m.list) == 0 && m.from == nil {
		return " "
	}
	at := m.at(id)
	switch {
	case at >= 0 && m.list[at].why != "":
		return "!"
	case at >= 0:
		return "*"
	case m.from != nil && rowID(m.from) == id:
		return "+"
	}
	return " "
}

// add marks a row, or renews its mark; false when there is no room.
func (m *marks) add(one mark) bool {
	if at := m.at(one.id); at >= 0 {
		m.list[at] = one
		return true
	}
	if len(m.list) >= mostMarked {
		return false
	}
	m.list = append(m.list, one)
	return true
}

// room reports whether all of them can be marked beside those that are.
func (m *marks) room(list []mark) bool {
	n := len(m.list)
	for _, one := range list {
		n += oneIf(m.at(one.id) < 0)
	}
	return n <= mostMarked
}

func (m *marks) remove(id string) {
	m.list = slices.DeleteFunc(m.list, func(one mark) bool { return one.id == id })
}

// failed notes why a marked row could not be done.
func (m *marks) failed(id, why string) {
	if at := m.at(id); at >= 0 {
		m.list[at].why = why
	}
}

// toMark is the answer of reading the rows to mark.
type toMark struct {
	request int
	marks   []mark
	more    bool // there were more than can be marked
	err     error
}

// markRow marks the row under the cursor, or takes its mark away, and goes on to the next.
func (d *desk) markRow() (step, tea.Cmd) {
	row := d.list.selected()
	switch {
	case d.many != nil:
		return refuse(d.s.words.Say("busy.writing")), nil
	case row == nil:
		return refuse(d.s.words.Say("nothing.selected")), nil
	case d.list.fetching(): // the cursor is not yet where it is going
		return refuse(d.s.words.Say("busy.reading")), nil
	}
	if id := rowID(row); d.marks.at(id) >= 0 {
		d.marks.remove(id)
	} else if !d.marks.add(markOf(row, d.list.listed())) {
		return refuse(d.s.words.Say("many.full", mostMarked)), nil
	}
	return tell(d.s.words.Say("many.marked", len(d.marks.list))), d.move(1)
}

// markRange begins a range at the cursor, or marks from there to the cursor.
func (d *desk) markRange() (step, tea.Cmd) {
	row, w := d.list.selected(), d.s.words
	switch {
	case d.many != nil:
		return refuse(w.Say("busy.writing")), nil
	case row == nil:
		return refuse(w.Say("nothing.selected")), nil
	case d.list.fetching():
		return refuse(w.Say("busy.reading")), nil
	case !d.ranging():
		begin := *row
		d.marks.from, d.marks.in = &begin, d.list.listed()
		return tell(w.Say("many.range", rowID(row))), nil
	}
	first, last := d.marks.from, row
	d.marks.from = nil
	if first.At > last.At {
		first, last = last, first
	}
	return step{}, d.gather([]mark{markOf(first, d.list.listed())}, first.At, last)
}

// ranging reports whether a range has been begun in the list that is shown, and not ended.
func (d *desk) ranging() bool { return d.marks.from != nil && d.marks.in == d.list.listed() }

// markAll marks all that the queue and the filter hold.
func (d *desk) markAll() (step, tea.Cmd) {
	if d.many != nil {
		return refuse(d.s.words.Say("busy.writing")), nil
	}
	if d.list.selected() == nil {
		return refuse(d.s.words.Say("nothing.selected")), nil
	}
	d.marks.from = nil
	return tell(d.s.words.Say("many.looking")), d.gather(nil, "", nil)
}

// gather makes the command that reads the rows after a place, up to the last one or the end of the queue.
func (d *desk) gather(found []mark, after store.Cursor, last *store.Row) tea.Cmd {
	d.marks.awaited = d.s.next()
	from, asks, request, in := pages(d.s.store), d.list.asks(), d.marks.awaited, d.list.listed()
	end := store.Cursor("")
	if last != nil {
		end = last.At
	}
	return func() tea.Msg {
		msg := toMark{request: request, marks: found}
		q, err := asks.put()
		if err != nil {
			msg.err = err
			return msg
		}
		msg.err = msg.read(from, q, in, after, end)
		return msg
	}
}

// gatherPages bounds the work of marking under a filter that finds little.
const gatherPages = 800

func (msg *toMark) read(from pages, q store.Queue, in listed, after, end store.Cursor) error {
	for range gatherPages {
		if end != "" && after >= end {
			return nil
		}
		page, err := from.Page(q, after, true, 100)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if end != "" && page.Rows[i].At > end {
				return nil
			}
			if len(msg.marks) == mostMarked {
				msg.more = true
				return nil
			}
			msg.marks = append(msg.marks, markOf(&page.Rows[i], in))
		}
		if !page.More || page.Next == after {
			return nil
		}
		after = page.Next
	}
	msg.more = true
	return nil
}

// gathered marks what was read.
func (d *desk) gathered(msg toMark) step {
	if msg.request != d.marks.awaited {
		return step{}
	}
	d.marks.awaited = 0
	w := d.s.words
	if msg.err != nil {
		return refuse(w.Explain(msg.err))
	}
	full := msg.more
	for _, one := range msg.marks {
		full = !d.marks.add(one) || full
	}
	if full {
		return tell(w.Say("many.marked_first", len(d.marks.list), mostMarked))
	}
	return tell(w.Say("many.marked", len(d.marks.list)))
}

// unmark takes all marks away.
func (d *desk) unmark() (step, tea.Cmd) {
	if d.many != nil {
		return refuse(d.s.words.Say("busy.writing")), nil
	}
	n := len(d.marks.list)
	d.marks.list, d.marks.from, d.marks.awaited = nil, nil, 0
	return tell(d.s.words.Say("many.unmarked", n)), nil
}

// strays counts the marked rows that are not to be seen now and were marked in another list, or at an earlier desk:
// those that an action would reach without anybody thinking of them.
func (d *desk) strays() int {
	n := 0
	for _, one := range d.marks.list {
		n += oneIf(one.list != d.list.listed() && rowAt(d.list.rows, one.id) < 0)
	}
	return n
}

// heldMarks counts the marked rows that were on hold when they were marked.
func (m *marks) heldMarks() int {
	n := 0
	for _, one := range m.list {
		n += oneIf(one.held)
	}
	return n
}

// markedFor says how an action does not fit the marked rows, "" when it does.
func (d *desk) markedFor(do review.Action) string {
	w := d.s.words
	switch {
	case d.writing != "":
		return w.Say("busy.writing")
	case d.ranging(): // its rows are meant, and are not marked
		return w.Say("many.range_open", rowID(d.marks.from))
	case d.marks.awaited != 0:
		return w.Say("many.being_marked")
	}
	for _, one := range d.marks.list {
		switch {
		case do == review.Print && one.number == "":
			return w.Say("many.no_certificate", one.id)
		case do != review.Print && one.version == 0:
			return w.Say("certificate.no_decision")
		}
	}
	return ""
}
