package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// newsEvery is the shortest time between two pieces of news at a desk: what happens in between comes together.
const newsEvery = 250 * time.Millisecond

// calmAfter is how long a case must have been on the screen as it is now, when it changed without a key of the reviewer,
// before it can be decided on.
const calmAfter = time.Second

// newsMsg is what the store has to tell. Every screen of the stack gets it and takes what concerns it; nobody polls.
type newsMsg struct{ store.News }

// listen brings the news of a subscription to a desk until it is left.
func listen(news *store.Subscription, send func(tea.Msg), left <-chan struct{}) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		for _, wait := range []func() bool{
			func() bool { return came(pause.C, left) }, func() bool { return came(news.Ready(), left) },
		} {
			if !wait() {
				return
			}
		}
		send(newsMsg{news.Take()})
		pause.Reset(newsEvery)
	}
}

// came waits for one thing or for the end, and reports which it was.
func came[T any](it <-chan T, left <-chan struct{}) bool {
	select {
	case <-it:
		return true
	case <-left:
		return false
	}
}

// live is what a desk knows of the news that concern it. What is shown carries the number of the news that it was read
// after, so that nothing is read twice for the same news, the desk's own writes among them.
type live struct {
	list, counts, file uint64 // number of the latest news that concern the list, only the counts, the open case
	counted            uint64 // number of the news that the counts show
	counting           int    // number of the request for counts, 0 for none
	reread             int    // number of the request for the open case in the background, 0 for none
	fresh              int    // number of the wait for a case that has just changed by itself, 0 for none
}

// counted is the answer of reading only the counts.
type counted struct {
	request int
	asof    uint64
	counts  map[store.QueueName]int
	err     error
}

// calmed says that the reviewer has had time to see what changed.
type calmed struct {
	desk    *desk
	request int
}

// heard notes what of the news concerns the desk, and reads that again.
func (d *desk) heard(msg newsMsg) tea.Cmd {
	l := &d.live
	if msg.Again {
		l.list, l.counts, l.file = msg.Number, msg.Number, msg.Number
	}
	if len(msg.Packs) > 0 { // a case goes out and comes back without a change of its record
		l.list, l.file = msg.Number, msg.Number
	}
	shown := store.Queue{Name: d.list.queue, By: d.s.by}
	for i := range msg.Records {
		c := &msg.Records[i]
		switch {
		case c.Touches(shown):
			l.list = max(l.list, c.Number)
		case c.Moved() && c.SeenBy(d.s.by):
			l.counts = max(l.counts, c.Number)
		}
		if d.isOpen(c.Reference, c.Certificate) {
			l.file = max(l.file, c.Number)
		}
	}
	if slices.ContainsFunc(msg.Events, func(e review.Event) bool {
		return e.By != d.s.by.Name && d.isOpen(e.Reference, e.Certificate)
	}) {
		l.file = max(l.file, msg.Number)
	}
	if len(msg.Claims) > 0 || msg.Again {
		d.claimsHeard(msg.Claims)
	}
	return d.catchUp()
}

// isOpen reports whether the open case is of the application, or is the certificate.
func (d *desk) isOpen(reference, certificate string) bool {
	return d.file != nil && (reference != "" && d.file.id() == reference || certificate != "" && d.file.number() == certificate)
}

// catchUp makes the commands that read what the news have made old. While the desk writes, or reads what somebody asked
// for, it waits: what is read then may be new enough, and catchUp is called again.
func (d *desk) catchUp() tea.Cmd {
	l := &d.live
	if d.writing != "" || d.list.fetching() || d.list.looking() {
		return nil
	}
	var cmds []tea.Cmd
	switch {
	case d.list.quiet != 0:
	case l.list > d.list.asof:
		cmds = append(cmds, d.list.refresh())
	case l.counts > l.counted && l.counting == 0:
		cmds = append(cmds, d.recount())
	}
	if row := d.list.selected(); row != nil && d.file != nil && d.reads == 0 && l.reread == 0 && l.file > d.file.asof {
		l.reread = d.s.next()
		cmds = append(cmds, d.s.readCase(row, l.reread))
	}
	return tea.Batch(cmds...)
}

func (d *desk) recount() tea.Cmd {
	d.live.counting = d.s.next()
	from, by, request := pages(d.s.store), d.s.by, d.live.counting
	return func() tea.Msg {
		msg := counted{request: request, asof: from.Latest()}
		msg.counts, msg.err = from.Counts(by)
		return msg
	}
}

func (d *desk) recounted(msg counted) tea.Cmd {
	if msg.request != d.live.counting {
		return nil
	}
	d.live.counting = 0
	if msg.err != nil {
		return d.s.logged(msg.err)
	}
	if msg.asof >= d.live.counted {
		d.counts, d.live.counted = msg.counts, msg.asof
	}
	return d.catchUp()
}

// renewed puts the rows in place that were read in the background. The cursor stays on its case, whatever became of it;
// where there was none, the first one opens.
func (d *desk) renewed(msg fetched) tea.Cmd {
	d.list.quiet = 0
	if msg.err != nil {
		return d.s.logged(msg.err)
	}
	had := d.list.selected() != nil
	d.counts, d.live.counted = msg.counts, msg.asof
	d.list.renew(msg)
	cmd := d.list.lookOn(msg.window.on)
	if !had && d.list.selected() != nil {
		cmd = tea.Batch(cmd, d.openSelected(), d.startle())
	}
	return tea.Batch(cmd, d.catchUp())
}

// readAgain shows the open case as it is now, with what others have done to it.
func (d *desk) readAgain(msg caseRead) tea.Cmd {
	d.live.reread = 0
	file, before := msg.file, d.file
	if before == nil || d.reads != 0 || d.writing != "" {
		return nil // it is being read in any case
	}
	if file.err != nil {
		broken := *before
		broken.err, broken.asof = file.err, file.asof
		d.file = &broken
		return d.startle()
	}
	if file.id() != before.id() {
		return d.catchUp()
	}
	file.revealed = before.revealed
	file.news = slices.Concat(before.news, newEvents(before.timeline, file.timeline, d.s.by.Name))
	d.adopt(file)
	d.file = file
	d.adorn()
	if file.version() == before.version() {
		return d.catchUp()
	}
	if n := len(file.news); n > 0 {
		d.say = notice{informs, d.s.words.Say("live.changed", file.id(), d.s.newsLine(&file.news[n-1]))}
	}
	return tea.Batch(d.startle(), d.catchUp())
}

// newEvents are those of the later timeline that are not in the earlier one and that another did.
func newEvents(before, after []review.Event, account string) []review.Event {
	last := uint64(0)
	if len(before) > 0 {
		last = before[len(before)-1].Seq
	}
	var list []review.Event
	for _, e := range after {
		if e.Seq > last && e.By != account && tellsOf(e.Action) {
			list = append(list, e)
		}
	}
	return list
}

// tellsOf leaves out what changes nothing for who has the case open: that others have looked.
func tellsOf(do review.Action) bool {
	return !slices.Contains([]review.Action{review.View, review.ViewFile, review.Reveal}, do)
}

// version counts the changes of what the case is about.
func (c *caseFile) version() int {
	if c.application != nil {
		return c.application.Version
	}
	return c.certificate.Change
}

// startle keeps decisions from a case that has come or changed without a key of the reviewer, until there was time to
// see it: a key typed ahead must not meet it.
func (d *desk) startle() tea.Cmd {
	d.live.fresh = d.s.next()
	return d.s.later(calmAfter, calmed{d, d.live.fresh})
}

func (d *desk) calm(msg calmed) {
	if msg.desk == d && msg.request == d.live.fresh {
		d.live.fresh = 0
	}
}

// leaveGone takes a case out of the list that another has taken out of the queue, once the cursor has left it.
func (d *desk) leaveGone() tea.Cmd {
	if !d.list.bury() || !d.list.short() || d.list.fetching() || d.list.quiet != 0 {
		return nil
	}
	return d.list.refresh()
}

// refresh reads the window again although nobody at the desk has asked for it: keys go on working meanwhile. A window at
// the beginning of the queue stays there, so that what comes first is in sight.
func (l *list) refresh() tea.Cmd {
	l.quiet = l.s.next()
	height, first := max(l.height, 1), !l.before
	var place store.Cursor
	var id string
	index := 0
	if row := l.selected(); row != nil {
		place, id, index = row.At, rowID(row), min(l.cursor, height-1)
	}
	return l.reading(l.quiet, func(from pages, q store.Queue) (window, error) {
		if first {
			rows, more, on, err := read(from, q, "", true, height)
			if at := rowAt(rows, id); err != nil || at >= 0 || place == "" {
				return window{rows: rows, cursor: max(at, 0), after: more, on: stop{following, on}}, err
			}
		}
		return readAround(from, q, place, index, height)
	})
}

func rowAt(rows []store.Row, id string) int {
	return slices.IndexFunc(rows, func(r store.Row) bool { return rowID(&r) == id })
}

// renew takes rows that were read in the background. A case that is not among them any more stays under the cursor, at
// its place, until the cursor leaves it.
func (l *list) renew(msg fetched) {
	w := msg.window
	l.gone = ""
	if row := l.selected(); row != nil {
		kept, id := *row, rowID(row)
		if w.cursor = rowAt(w.rows, id); w.cursor < 0 {
			w.cursor = len(w.rows)
			if after := slices.IndexFunc(w.rows, func(r store.Row) bool { return r.At > kept.At }); after >= 0 {
				w.cursor = after
			}
			w.rows, l.gone = slices.Insert(w.rows, w.cursor, kept), id
		}
	}
	l.rows, l.cursor, l.before, l.after = w.rows, w.cursor, w.before, w.after
	l.total, l.exact, l.groups, l.today, l.asof, l.err = msg.total, msg.exact, msg.groups, msg.today, msg.asof, nil
	l.soon = soonUntil(l.s.policy, l.today)
	l.trim()
}

// bury drops the case that is gone when the cursor stands elsewhere, and reports whether it did.
func (l *list) bury() bool {
	row := l.selected()
	if l.gone == "" || row == nil || rowID(row) == l.gone {
		return false
	}
	at := rowAt(l.rows, l.gone)
	l.gone = ""
	if at < 0 {
		return false
	}
	l.rows = slices.Delete(l.rows, at, at+1)
	if at < l.cursor {
		l.cursor--
	}
	return true
}

// newsLine says in one line what somebody did.
func (s *session) newsLine(e *review.Event) string {
	what := s.words.Say("action." + string(e.Action))
	if e.Level > 0 && e.Action != review.Submit {
		what += " · " + s.words.Level(e.Level)
	}
	return s.words.Say("live.event", e.At.In(review.Zone).Format("15:04"), Plain(e.By), what)
}

// latest adds what others have done since the case was opened.
func (sh *sheet) latest() {
	for i := range sh.file.news {
		sh.paragraph(signWarn, sh.s.newsLine(&sh.file.news[i]), sh.s.styles.warn, 2, -1)
	}
}
