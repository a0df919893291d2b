package ui

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// halfDone keeps what accounts have not finished.
type halfDone interface {
	Desk(account string) (review.DeskState, error)
	Draft(account, reference string) (review.HalfDone, error)
	SaveDesk(account string, state review.DeskState, drafts []review.HalfDone) error
}

// keptFor is how long a change of the desk waits to be written, so that a desk writes at most once in this time.
const keptFor = time.Second

// keeper writes what is half done at a desk shortly after it changes, and when the desk is left.
type keeper struct {
	on      bool // the state before has been restored
	saved   review.DeskState
	now     review.DeskState
	changed []string                   // references with drafts that have changed since
	owed    []string                   // those of a write that failed
	half    map[string]review.HalfDone // by reference: the reasons and the revision; the notes are the desk's
	offered map[string]bool            // references whose draft came from an earlier time
	ticking bool
	saving  bool
	flying  []string // references with drafts in the write that is under way
	order   *saveOrder
	reopen  *review.DeskState // what was open over the queue, until it has been opened again
	typed   int               // keys of the session when the desk was opened
}

// saveOrder keeps a write that comes late from putting an older state in the place of a newer one.
type saveOrder struct {
	mu      sync.Mutex
	number  int
	written int // number of the latest write that went well
}

// next numbers a write.
func (o *saveOrder) next() int {
	o.number++
	return o.number
}

// do runs the write with the number, after the one that is under way, unless a later one has been made.
func (o *saveOrder) do(number int, write func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if number < o.written {
		return nil
	}
	err := write()
	if err == nil {
		o.written = number
	}
	return err
}

// keepTick says that it is time to write.
type keepTick struct{ desk *desk }

// deskSaved ends a write of what is half done.
type deskSaved struct {
	desk    *desk
	written []string
	err     error
}

// deskRead is the answer of reading where the account left its desk.
type deskRead struct {
	request int
	first   store.QueueName // to open when it left none
	state   review.DeskState
	err     error
}

// restore makes the command that reads where the account left its desk. Until it is answered the list counts as being
// read, so that no key meets a case that is about to go; a key that opens another queue makes the answer void.
func (d *desk) restore(first store.QueueName) tea.Cmd {
	d.list.queue, d.list.awaited = first, d.s.next()
	d.list.fit()
	d.keep.typed = d.s.typed
	from, account, request := halfDone(d.s.store), d.s.by.Name, d.list.awaited
	return func() tea.Msg {
		state, err := from.Desk(account)
		return deskRead{request, first, state, err}
	}
}

func (d *desk) restored(msg deskRead) tea.Cmd {
	d.keep.on = true
	d.recall(msg.state.Done)
	if msg.request != d.list.awaited {
		return nil
	}
	d.list.awaited = 0
	if msg.err != nil {
		d.say = notice{refused, d.s.words.Explain(msg.err)}
		return tea.Batch(d.list.open(msg.first, ""), d.s.logged(msg.err))
	}
	state := msg.state
	if !slices.Contains(d.s.queueTabs(), store.QueueName(state.Queue)) {
		return d.list.open(msg.first, "")
	}
	d.keep.saved = state
	for _, m := range state.Marks {
		d.marks.add(mark{id: m.ID, version: m.Version, number: m.Certificate, held: m.Held})
	}
	if state.Open || state.File != "" || state.Asking != "" || state.Counter != nil {
		d.keep.reopen = &state
	}
	d.list.open(store.QueueName(state.Queue), state.Filter)
	if state.Reference != "" && atQueue(&state) {
		d.say = notice{informs, d.s.words.Say("keep.restored", state.Reference)}
	}
	if len(state.Marks) > 0 {
		d.say = notice{informs, d.s.words.Say("keep.restored_marks", len(state.Marks))}
	}
	return d.list.around(store.Cursor(state.Place), state.Index)
}

// atQueue reports whether the desk was left at a queue, as far as that has been noted.
func atQueue(state *review.DeskState) bool {
	return state.Section == "" || state.Section == review.AtQueue
}

// comeBack opens the tab that was open when the desk was left, unless a key has opened another one meanwhile, or the account
// does not have it any more.
func (q *queueScreen) comeBack(was *review.DeskState) tea.Cmd {
	h := &q.hall
	if h.shown != h.first || was.Section == "" || was.Section == h.shown {
		return nil
	}
	if was.Section == review.AtQueue {
		h.show("")
		return nil
	}
	return q.enter(was.Section)
}

// Keep takes the case in hand that is being worked on, notes where the desk stands, and asks for a write when that has changed. above are the screens over this one.
func (q *queueScreen) Keep(above []screen) tea.Cmd {
	var cmds []tea.Cmd
	q.hall.each(func(name string, s screen) {
		k, ok := s.(interface{ Keep(above []screen) tea.Cmd })
		switch {
		case ok && name == q.hall.shown:
			cmds = append(cmds, k.Keep(above))
		case ok:
			cmds = append(cmds, k.Keep(nil))
		}
	})
	if q.hall.top() != nil {
		above = atCounter(above) // what else is open belongs to the section
	}
	return tea.Batch(append(cmds, q.keepQueue(above))...)
}

func (q *queueScreen) keepQueue(above []screen) tea.Cmd {
	return tea.Batch(q.desk.work(above), q.keepPlace(above))
}

func (q *queueScreen) keepPlace(above []screen) tea.Cmd {
	d, k := q.desk, &q.desk.keep
	if !k.on || k.reopen != nil || d.list.fetching() || d.list.err != nil {
		return nil
	}
	k.now = d.stands(above)
	k.now.Section = cmp.Or(q.hall.shown, review.AtQueue)
	if k.ticking || !k.unsaved() {
		return nil
	}
	k.ticking = true
	return d.s.later(keptFor, keepTick{d})
}

// stands describes the desk as it is.
func (d *desk) stands(above []screen) review.DeskState {
	state := review.DeskState{Queue: string(d.list.queue), Filter: d.list.text, Done: d.doneMany()}
	if row := d.list.selected(); row != nil {
		state.Place, state.Index, state.Reference = string(row.At), d.list.cursor, rowID(row)
	}
	for _, s := range above {
		stands(&state, s)
	}
	for _, m := range d.marks.list {
		state.Marks = append(state.Marks, review.Mark{ID: m.id, Version: m.version, Certificate: m.number, Held: m.held})
	}
	return state
}

func (k *keeper) unsaved() bool { return k.on && (len(k.changed) > 0 || !k.now.Same(&k.saved)) }

// save makes the command that writes what has changed, nil when nothing has. An account that was ended meanwhile, or a
// full disk, must not keep anybody from leaving: a write that failed is tried again with the next change.
func (d *desk) save() tea.Cmd {
	k := &d.keep
	if k.saving || !k.unsaved() || d.many != nil {
		return nil
	}
	written := slices.Compact(slices.Sorted(slices.Values(append(k.owed, k.changed...))))
	var drafts []review.HalfDone
	for _, reference := range written {
		drafts = append(drafts, d.draftOf(reference))
	}
	k.saving, k.saved, k.changed, k.owed, k.flying = true, k.now, nil, nil, written
	to, account, state, order, number := halfDone(d.s.store), d.s.by.Name, k.now, k.order, k.order.next()
	return func() tea.Msg {
		err := order.do(number, func() error { return to.SaveDesk(account, state, drafts) })
		if err != nil {
			err = fmt.Errorf("keep the desk of %s: %w", account, err)
		}
		return deskSaved{d, written, err}
	}
}

func (d *desk) kept(msg deskSaved) tea.Cmd {
	if msg.desk != d {
		return nil
	}
	d.keep.saving, d.keep.flying = false, nil
	if msg.err == nil {
		return nil
	}
	d.keep.owed = append(d.keep.owed, msg.written...)
	d.say = notice{refused, d.s.words.Say("keep.failed") + " " + d.s.words.Explain(msg.err)}
	return d.s.logged(msg.err)
}

// tick writes when the time has come.
func (d *desk) tick(msg keepTick) tea.Cmd {
	if msg.desk != d {
		return nil
	}
	d.keep.ticking = false
	if d.writing != "" { // a decision that goes well drops the draft, which must not be written after it
		return nil
	}
	return d.save()
}

// Leave makes the command that writes what has not been written yet, nil when there is nothing.
func (q *queueScreen) Leave() tea.Cmd {
	cmds := []tea.Cmd{q.desk.save()}
	q.hall.each(func(_ string, s screen) {
		if l, ok := s.(interface{ Leave() tea.Cmd }); ok {
			cmds = append(cmds, l.Leave())
		}
	})
	return tea.Batch(cmds...)
}

// Dropped makes the command that writes all of it when the desk has ended without being left: nobody knows what became of a
// write that was under way.
func (q *queueScreen) Dropped() tea.Cmd {
	k := &q.desk.keep
	if k.saving {
		k.saving, k.saved = false, review.DeskState{}
		k.owed = append(k.owed, k.flying...)
	}
	q.desk.many = nil
	return q.Leave()
}

// draftOf puts together what is half done about a case.
func (d *desk) draftOf(reference string) review.HalfDone {
	h := d.keep.half[reference]
	h.Reference, h.Note = reference, d.notes[reference]
	return h
}

// adopt takes over the draft that the store has kept about a case, unless there is a newer one at the desk.
func (d *desk) adopt(file *caseFile) {
	a := file.application
	if a == nil {
		return
	}
	if _, known := d.keep.half[a.Reference]; known || d.notes[a.Reference] != "" || file.draft.Empty() || file.draft.Revision != a.Revision {
		return
	}
	d.keep.half[a.Reference] = file.draft
	if file.draft.Note != "" {
		d.notes[a.Reference], d.keep.offered[a.Reference] = file.draft.Note, true
	}
}

// halve notes the reasons that are ticked for a case.
func (d *desk) halve(a *review.Application, reasons []review.HalfReason) {
	h := d.keep.half[a.Reference]
	if review.SameReasons(h.Reasons, reasons) {
		return
	}
	h.Revision, h.Reasons = a.Revision, reasons
	d.keep.half[a.Reference] = h
	d.keep.changed = append(d.keep.changed, a.Reference)
}

// setAside keeps the answer to a question of the kind until what was asked has been done; "" takes it away.
func (d *desk) setAside(a *review.Application, kind, words string) {
	h := d.keep.half[a.Reference]
	if h.Words[kind] == words {
		return
	}
	others := maps.Clone(h.Words) // the one before may be on its way to the store
	if others == nil {
		others = map[string]string{}
	}
	others[kind] = words
	maps.DeleteFunc(others, func(_, words string) bool { return words == "" })
	h.Revision, h.Words = a.Revision, others
	d.keep.half[a.Reference] = h
	d.keep.changed = append(d.keep.changed, a.Reference)
	d.adorn()
}

// begun is what has been answered to a question of the kind and not been carried out.
func (d *desk) begun(a *review.Application, kind string) string {
	return d.keep.half[a.Reference].Words[kind]
}

// noted says that the note on a case has changed.
func (d *desk) noted(file *caseFile) {
	if file == nil || file.application == nil {
		return
	}
	a := file.application
	h := d.keep.half[a.Reference]
	h.Revision = a.Revision
	d.keep.half[a.Reference] = h
	d.keep.changed = append(d.keep.changed, a.Reference)
}

// forget drops what is half done about a case that has been decided; the store has dropped it with the decision.
func (d *desk) forget(reference string) {
	delete(d.notes, reference)
	delete(d.keep.half, reference)
	delete(d.keep.offered, reference)
	d.keep.changed = slices.DeleteFunc(d.keep.changed, func(r string) bool { return r == reference })
	d.keep.owed = slices.DeleteFunc(d.keep.owed, func(r string) bool { return r == reference })
}

// discard asks whether to drop what is half done about the case on the screen: it cannot be brought back.
func (d *desk) discard() (step, tea.Cmd) {
	if d.file == nil || d.file.application == nil {
		return refuse(d.s.words.Say("nothing.selected")), nil
	}
	reference := d.file.id()
	if draft := d.draftOf(reference); draft.Empty() {
		return refuse(d.s.words.Say("keep.nothing")), nil
	}
	said := d.s.words.Say("keep.dropped", reference)
	return step{open: newConfirm(d.s, d.s.words.Say("keep.drop", reference), func() tea.Cmd {
		d.forget(reference)
		d.keep.changed = append(d.keep.changed, reference)
		d.adorn()
		return saying(said)
	})}, nil
}

// saying makes the command of what has been done without a write.
func saying(text string) tea.Cmd { return func() tea.Msg { return doneMsg{text: text} } }

// adorn shows the case on the screen with what is half done about it.
func (d *desk) adorn() {
	if d.file == nil {
		return
	}
	half := d.keep.half[d.file.id()]
	with := *d.file
	with.note, with.ticked, with.offered = d.notes[d.file.id()], half.Ticked(), d.keep.offered[d.file.id()]
	with.words = d.s.unfinished(half.Words)
	with.claim = d.s.other(d.file.id())
	if !slices.Equal(with.words, d.file.words) || !sameClaim(with.claim, d.file.claim) ||
		with.note != d.file.note || with.ticked != d.file.ticked || with.offered != d.file.offered {
		d.file = &with
	}
}

// unfinished says of answers that have not been carried out what they were for, and which key goes on.
func (s *session) unfinished(words map[string]string) []string {
	var lines []string
	for _, kind := range slices.Sorted(maps.Keys(words)) {
		question, _ := cutKind(kind)
		lines = append(lines, s.words.Say("keep."+strings.TrimSuffix(question, ":"), Plain(words[kind])))
	}
	return lines
}

// half adds the line that offers what was half done.
func (sh *sheet) half() {
	w, file := sh.s.words, sh.file
	for _, line := range file.words {
		sh.paragraph(signInfo, line, sh.s.styles.info, 2, -1)
	}
	switch {
	case file.ticked > 0:
		sh.paragraph(signInfo, w.Say("keep.reasons", file.ticked), sh.s.styles.info, 2, -1)
	case file.offered:
		sh.paragraph(signInfo, w.Say("keep.offered"), sh.s.styles.info, 2, -1)
	}
}
