package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// desk is the list and the case that is open in it. The queue screen and the detail screen are two views of one desk:
// keys change it through whichever is on top, and results reach it once, through the queue screen.
type desk struct {
	s      *session
	list   list
	counts map[store.QueueName]int
	file   *caseFile // the selected case, nil when there is none
	reads  int       // number of the request for the case, 0 when it has been read

	writing string // what is being written, "" when nothing is
	stay    bool   // after this write the cursor stays on the case even if its row does
	written string // case whose write the list is being read again for
	acts    []act
	notes   map[string]string // by reference: what goes with the next decision
	marks   *marks
	many    *batch // the work on the marked rows, nil when there is none
	say     notice // for the status, once
	keep    keeper
	live    live
	hand    hand
}

func newDesk(s *session) *desk {
	marked := &marks{}
	return &desk{s: s, list: list{s: s, queue: store.Pending, marks: marked}, notes: map[string]string{}, marks: marked, keep: keeper{order: &saveOrder{}, half: map[string]review.HalfDone{}, offered: map[string]bool{}}}
}

// result takes what the desk asked for. It returns the next command.
func (d *desk) result(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fetched:
		return d.fetched(msg)
	case farHits:
		return d.list.foundFarther(msg)
	case pictureRead:
		d.looked(msg)
	case caseRead:
		return d.caseRead(msg)
	case doneMsg:
		return d.done(msg)
	case deskRead:
		return d.restored(msg)
	case keepTick:
		return d.tick(msg)
	case deskSaved:
		return d.kept(msg)
	case newsMsg:
		return d.heard(msg)
	case counted:
		return d.recounted(msg)
	case calmed:
		d.calm(msg)
	case handed:
		return d.handed(msg)
	case handTick:
		return d.handTick(msg)
	case toMark:
		d.say = d.gathered(msg).say
	}
	return nil
}

func (d *desk) fetched(msg fetched) tea.Cmd {
	if msg.request == d.list.quiet && d.list.quiet != 0 {
		return d.renewed(msg)
	}
	more, awaited := d.list.take(msg)
	if !awaited {
		return nil
	}
	if msg.counts != nil {
		d.counts, d.live.counted = msg.counts, msg.asof
	}
	if msg.part == whole && d.written != "" {
		more = tea.Batch(more, d.afterWrite(msg.err != nil))
	}
	if row := d.list.selected(); msg.part != whole && row != nil && d.file != nil && d.file.id() == rowID(row) {
		return tea.Batch(more, d.s.logged(msg.err), d.catchUp()) // it is open already
	}
	return tea.Batch(more, d.openSelected(), d.s.logged(msg.err), d.leaveGone(), d.catchUp())
}

// afterWrite frees the desk once the list shows what the write made of it. Where the row of the decided case is still
// there, the next one opens all the same.
func (d *desk) afterWrite(failed bool) tea.Cmd {
	row, id := d.list.selected(), d.written
	d.writing, d.written = "", ""
	if failed || d.stay || row == nil || rowID(row) != id {
		return nil
	}
	return d.list.move(1)
}

func rowID(row *store.Row) string {
	if row.Application != nil {
		return row.Application.Reference
	}
	return row.Certificate.Number
}

// openSelected shows the case under the cursor at once as the row tells it, and reads the rest.
func (d *desk) openSelected() tea.Cmd {
	row := d.list.selected()
	if row == nil {
		d.file, d.reads = nil, 0
		return nil
	}
	if d.file == nil || d.file.id() != rowID(row) || d.list.err == nil && d.changed(row) {
		d.file = sketch(row, d.list.today)
		d.adorn()
	}
	d.reads = d.s.next()
	return d.s.readCase(row, d.reads)
}

// changed tells whether the row is of another version than the case on the screen.
func (d *desk) changed(row *store.Row) bool {
	if row.Application != nil {
		return d.file.application == nil || row.Application.Version != d.file.application.Version
	}
	return d.file.certificate == nil || row.Certificate.Change != d.file.certificate.Change
}

func (d *desk) caseRead(msg caseRead) tea.Cmd {
	if d.live.reread != 0 && msg.request == d.live.reread {
		return d.readAgain(msg)
	}
	if msg.request != d.reads || d.file == nil {
		return nil
	}
	d.reads = 0
	file := msg.file
	if file.err != nil {
		broken := *d.file
		broken.err, broken.asof = file.err, file.asof
		d.file = &broken
		return d.catchUp()
	}
	file.revealed = d.file.revealed && d.file.id() == file.id()
	d.adopt(file)
	d.file = file
	d.adorn()
	return d.catchUp()
}

// told returns what there is to say, once.
func (d *desk) told() notice {
	said := d.say
	d.say = notice{}
	return said
}

// move moves the cursor and opens what it comes to.
func (d *desk) move(by int) tea.Cmd {
	before := d.list.cursor
	cmd := d.list.move(by)
	if d.list.cursor == before {
		return cmd
	}
	return tea.Batch(cmd, d.openSelected(), d.leaveGone())
}

// ready says why nothing can be decided at this moment: a write is under way, or the case is not on the screen in full.
// A key that was typed ahead never meets a case that nobody has seen.
func (d *desk) ready() (string, bool) {
	w := d.s.words
	switch {
	case d.writing != "":
		return w.Say("busy.writing"), false
	case d.list.err != nil && d.file == nil:
		return w.Explain(d.list.err), false
	case d.file != nil && d.file.err != nil:
		return w.Explain(d.file.err), false
	case d.list.fetching() || d.reads != 0:
		return w.Say("busy.reading"), false
	case d.file == nil:
		return w.Say("nothing.selected"), false
	case d.live.fresh != 0:
		return w.Say("live.look_first", d.file.id()), false
	}
	return "", true
}

// can says why an action does nothing on the case on the screen.
func (d *desk) can(do review.Action) (string, bool) {
	if why, ok := d.ready(); !ok {
		return why, false
	}
	if d.file.application == nil {
		return d.s.words.Say("certificate.no_decision"), false
	}
	if err := d.s.packLeft.refused; err != nil {
		return d.s.words.Explain(err), false
	}
	if why := d.claimedBy(do); why != "" {
		return why, false
	}
	if err := d.file.application.Can(d.s.by, do); err != nil {
		return d.s.refusal(d.file.application, err), false
	}
	return "", true
}

// usable tells the line of keys which actions to offer; unlike can it does not wait for what is being read.
func (d *desk) usable(do review.Action) bool {
	return d.file != nil && d.file.application != nil && d.s.packLeft.refused == nil && d.file.application.Can(d.s.by, do) == nil
}
