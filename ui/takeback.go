package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// act is what the account did in this session by one command, to one case or to several: a decision, or what is none,
// such as a hold. Decisions that were taken back are in it no more.
type act struct {
	action review.Action
	at     time.Time // when the last of it was stored
	typed  int       // keys of the session until then
	queue  store.QueueName
	text   string
	cases  []acted // at least one
}

// acted is a case that an act changed.
type acted struct {
	reference string
	version   int  // that the act left
	final     bool // the approval issued a certificate

	place store.Cursor // where its row lay, "" where that is not known
	index int
}

func (a *act) decides() bool { return decides(a.action) }
func (a *act) many() bool    { return len(a.cases) > 1 }

// decides reports whether the action is a decision, which can be taken back.
func decides(do review.Action) bool { return do == review.Approve || do == review.Reject }

func (a *act) holds(reference string) bool {
	return slices.ContainsFunc(a.cases, func(one acted) bool { return one.reference == reference })
}

// same reports whether both are the same act, or one is as the case tells it and the other as it is remembered.
func (a *act) same(other *act) bool {
	return a.action == other.action && len(a.cases) == len(other.cases) && other.holds(a.cases[0].reference)
}

// mostActs is how many acts of the session are remembered.
const mostActs = 200

// remember notes an act, so that a key can take it back, or say that it is none that can be. What the work on the
// marked rows does is one act.
func (d *desk) remember(what made) {
	one := acted{
		reference: what.application.Reference, version: what.application.Version,
		final: what.application.State == review.Approved, index: d.list.cursor,
	}
	if row := d.list.selected(); row != nil && rowID(row) == one.reference {
		one.place = row.At
	}
	last := act{action: what.action, queue: d.list.queue, text: d.list.text}
	if d.many != nil && d.many.done() > 1 {
		last = d.acts[len(d.acts)-1]
		d.acts = d.acts[:len(d.acts)-1]
	}
	last.at, last.typed, last.cases = what.application.ChangedAt, d.s.typed, append(last.cases, one)
	if d.acts = append(d.acts, last); len(d.acts) > mostActs {
		d.acts = d.acts[1:]
	}
}

// unremember drops the decision on a case, and returns what it was part of, and the case as it was.
func (d *desk) unremember(reference string) (of act, one acted) {
	for i := len(d.acts) - 1; i >= 0; i-- {
		a := &d.acts[i]
		if !a.decides() || !a.holds(reference) {
			continue
		}
		of = *a
		at := slices.IndexFunc(a.cases, func(c acted) bool { return c.reference == reference })
		one = a.cases[at]
		if a.cases = slices.Delete(slices.Clone(a.cases), at, at+1); len(a.cases) == 0 {
			d.acts = slices.Delete(d.acts, i, i+1)
		}
		return of, one
	}
	return of, one
}

// reopen brings the cursor back to a case whose decision was taken back, where the list is still the one it lay in.
func (d *desk) reopen(reference string) tea.Cmd {
	of, one := d.unremember(reference)
	if one.place != "" && of.queue == d.list.queue && of.text == d.list.text {
		return d.list.around(one.place, one.index)
	}
	return d.list.reload()
}

// lastAct is what the account did last, nil for nothing in this session.
func (d *desk) lastAct() *act {
	if len(d.acts) == 0 {
		return nil
	}
	return &d.acts[len(d.acts)-1]
}

// lastDecision is the latest decision of this session that was not taken back, nil for none.
func (d *desk) lastDecision() *act {
	for i := len(d.acts) - 1; i >= 0; i-- {
		if d.acts[i].decides() {
			return &d.acts[i]
		}
	}
	return nil
}

// takeBack undoes a decision of the account. The one that was the very last thing done, in the queue that is open,
// takes one key; every other is named first, with when it was: the one about the case under the cursor, or else the
// latest. One on many cases always is, and goes back once their number has been typed.
func (d *desk) takeBack() (step, tea.Cmd) {
	if d.writing != "" {
		return refuse(d.s.words.Say("busy.writing")), nil
	}
	if d.mayCallBack() {
		return d.callBack()
	}
	here, last := d.decidedHere(), d.lastAct()
	switch {
	case d.means(last, here) && last.many():
		return d.askTakeBack(last), nil
	case d.means(last, here):
		one := last.cases[0]
		return d.confirmTakeBack(one.reference, one.version, one.final)
	case here != nil:
		return d.askTakeBack(here), nil
	}
	return d.takeBackLast(), nil
}

// means reports whether the key can only mean the last act: a decision made in the queue that is open, where the cursor
// stands on no other that could be taken back, or no key was pressed since.
func (d *desk) means(last, here *act) bool {
	if last == nil || !last.decides() || last.queue != d.list.queue {
		return false
	}
	return here == nil || here.same(last) || d.s.typed == last.typed+1
}

// takeBackLast asks whether to take back the latest decision of the session, wherever it was made, or says that there
// is none.
func (d *desk) takeBackLast() step {
	if d.writing != "" {
		return refuse(d.s.words.Say("busy.writing"))
	}
	if last := d.lastDecision(); last != nil {
		return d.askTakeBack(last)
	}
	return refuse(d.noneToTakeBack())
}

// decidedHere is the decision on the case under the cursor, nil where there is none that the account may take back.
func (d *desk) decidedHere() *act {
	if _, ok := d.can(review.TakeBack); !ok {
		return nil
	}
	a := d.file.application
	last, ok := a.LastDecision()
	if !ok {
		return nil
	}
	one := acted{reference: a.Reference, version: a.Version, final: a.State == review.Approved}
	return &act{action: last.Action, at: last.At, cases: []acted{one}}
}

// askTakeBack names the decision and what was done since, and waits for y, or for the number of a decision on many.
func (d *desk) askTakeBack(which *act) step {
	w, last := d.s.words, d.lastAct()
	var parts []string
	if last != nil && !last.same(which) {
		parts = append(parts, d.lastStep(last))
	}
	if which.many() {
		return d.askTakeBackMany(which.cases, append(parts, d.namedMany(which)))
	}
	one := which.cases[0]
	did := w.Say("action." + string(which.action))
	parts = append(parts, w.Say(asksFor(which, last), one.reference, did, timeOf(which.at)))
	if one.final {
		parts = append(parts, w.Say("take_back.number_void"))
	}
	parts = append(parts, w.Say("take_back.y"))
	return step{open: newConfirm(d.s, strings.Join(parts, w.gap()), func() tea.Cmd {
		return d.takingBack(one.reference, one.version)
	})}
}

// asksFor is the word of the question about a decision on one case, given what was done last.
func asksFor(which, last *act) string {
	switch {
	case last == nil || !last.decides() || !last.holds(which.cases[0].reference):
		return "take_back.ask"
	case last.many():
		return "take_back.ask_one"
	}
	return "take_back.ask_last"
}

// lastStep says what was done last, and how to undo it where that is another key's business.
func (d *desk) lastStep(last *act) string {
	w := d.s.words
	which, hold := last.cases[0].reference, "take_back.after_hold"
	if last.many() {
		which, hold = w.Say("take_back.and_others", which, len(last.cases)), "take_back.after_hold_many"
	}
	if last.action == review.Hold {
		return w.Say(hold, which)
	}
	return w.Say("take_back.after", w.Say("action."+string(last.action)), which)
}

// noneToTakeBack says why there is nothing to take back.
func (d *desk) noneToTakeBack() string {
	w, last := d.s.words, d.lastAct()
	switch {
	case d.s.by.Role != review.Reviewer:
		return w.Say("take_back.never", w.Say("role."+string(d.s.by.Role)))
	case last != nil:
		return d.lastStep(last) + w.gap() + w.Say("take_back.none")
	case d.file != nil && d.file.application != nil && len(d.file.application.Decisions) > 0:
		if why, ok := d.can(review.TakeBack); !ok {
			return why
		}
	}
	return w.Say("take_back.none")
}

// latest reports whether the key takes back a decision of the queue that is open, or one on many, wherever it was made.
func (d *desk) latest() bool {
	last := d.lastDecision()
	return last != nil && (last.many() || last.queue == d.list.queue)
}

func (d *desk) confirmTakeBack(reference string, seen int, final bool) (step, tea.Cmd) {
	if !final {
		return step{}, d.takingBack(reference, seen)
	}
	return step{open: newConfirm(d.s, d.s.words.Say("take_back.confirm", reference), func() tea.Cmd {
		return d.takingBack(reference, seen)
	})}, nil
}

func (d *desk) takingBack(reference string, seen int) tea.Cmd {
	return d.write(reference, true, d.undoing(reference, seen))
}

// undoing returns the write that takes a decision back.
func (d *desk) undoing(reference string, seen int) func() doneMsg {
	policy := d.s.policy
	var was review.Decision
	run := d.changing(reference, seen, review.TakeBack,
		func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
			was, _ = a.LastDecision()
			return a.TakeBack(by, policy, f, "", now)
		})
	return func() doneMsg {
		msg := run()
		if what, ok := msg.made.(made); ok {
			what.undone = was
			msg.made = what
		}
		return msg
	}
}

// resume makes the reasons and the note of a rejection that was taken back a draft again: most often it is taken back
// in order to be said better.
func (d *desk) resume(what *made) {
	if what.undone.Action != review.Reject {
		return
	}
	reference := what.application.Reference
	d.keep.half[reference] = review.HalfDone{
		Reference: reference, Revision: what.application.Revision, Reasons: halfOf(what.undone.Reasons),
	}
	d.keep.changed = append(d.keep.changed, reference)
	if what.undone.Note != "" {
		d.notes[reference] = what.undone.Note
	}
	d.adorn()
}

// halfOf are the reasons of a decision as they were ticked: one entry for each code, with all that it names.
func halfOf(reasons []review.Reason) []review.HalfReason {
	var half []review.HalfReason
	for _, r := range reasons {
		if n := len(half); n == 0 || half[n-1].Code != r.Code {
			half = append(half, review.HalfReason{Code: r.Code, Ticked: true, Note: r.Note})
		}
		if r.Target != "" {
			one := &half[len(half)-1]
			one.Targets = append(one.Targets, r.Target)
		}
	}
	return half
}
