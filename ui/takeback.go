package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// act is what the account did to a case in this session: a decision, or what is none, such as a hold. Decisions that
// were taken back are among them no more.
type act struct {
	action    review.Action
	reference string
	version   int       // that it left
	final     bool      // the approval issued a certificate
	at        time.Time // when it was stored
	typed     int       // keys of the session until then
	cases     int       // how many cases the same command changed in the same way

	place store.Cursor // where its row lay, "" where that is not known
	index int
	queue store.QueueName
	text  string
}

func (a *act) decides() bool { return a.action == review.Approve || a.action == review.Reject }

// mostActs is how many acts of the session are remembered.
const mostActs = 200

// remember notes an act, so that a key can take it back, or say that it is none that can be.
func (d *desk) remember(what made) {
	last := act{
		action: what.action, reference: what.application.Reference, version: what.application.Version,
		final: what.application.State == review.Approved, at: what.application.ChangedAt, typed: d.s.typed, cases: 1,
		queue: d.list.queue, text: d.list.text, index: d.list.cursor,
	}
	if row := d.list.selected(); row != nil && rowID(row) == last.reference {
		last.place = row.At
	}
	if d.many != nil {
		last.cases = d.many.total - len(d.many.left) - d.many.failed
	}
	if d.acts = append(d.acts, last); len(d.acts) > mostActs {
		d.acts = d.acts[1:]
	}
}

// reopen brings the cursor back to a case whose decision was taken back, where the list is still the one it lay in.
func (d *desk) reopen(reference string) tea.Cmd {
	for i := len(d.acts) - 1; i >= 0; i-- {
		if last := d.acts[i]; last.reference == reference && last.decides() {
			d.acts = append(d.acts[:i:i], d.acts[i+1:]...)
			if last.queue == d.list.queue && last.text == d.list.text && last.place != "" {
				return d.list.around(last.place, last.index)
			}
			break
		}
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
// latest.
func (d *desk) takeBack() (step, tea.Cmd) {
	if d.writing != "" {
		return refuse(d.s.words.Say("busy.writing")), nil
	}
	if d.mayCallBack() {
		return d.callBack()
	}
	here := d.decidedHere()
	if last := d.lastAct(); d.means(last, here) {
		return d.confirmTakeBack(last.reference, last.version, last.final)
	}
	if here != nil {
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
	return here == nil || here.reference == last.reference || d.s.typed == last.typed+1
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
	return &act{
		action: last.Action, reference: a.Reference, version: a.Version, final: a.State == review.Approved, at: last.At,
	}
}

// askTakeBack names the decision and what was done since, and waits for y.
func (d *desk) askTakeBack(which *act) step {
	w, last := d.s.words, d.lastAct()
	at := which.at.In(review.Zone).Format("2006-01-02 15:04")
	key := "take_back.ask"
	if last != nil && last.decides() && last.reference == which.reference {
		key = "take_back.ask_last"
	}
	parts := []string{w.Say(key, which.reference, w.Say("action."+string(which.action)), at)}
	if last != nil && last.reference+string(last.action) != which.reference+string(which.action) {
		parts = append([]string{d.lastStep(last)}, parts...)
	}
	if which.final {
		parts = append(parts, w.Say("take_back.number_void"))
	}
	parts = append(parts, w.Say("take_back.y"))
	return step{open: newConfirm(d.s, strings.Join(parts, w.gap()), func() tea.Cmd {
		return d.takingBack(which.reference, which.version)
	})}
}

// lastStep says what was done last, and how to undo it where that is another key's business.
func (d *desk) lastStep(last *act) string {
	w := d.s.words
	which := last.reference
	if last.cases > 1 {
		which = w.Say("take_back.and_others", last.reference, last.cases)
	}
	if last.action == review.Hold {
		return w.Say("take_back.after_hold", which)
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

// latest reports whether the key takes back a decision of the queue that is open.
func (d *desk) latest() bool {
	last := d.lastDecision()
	return last != nil && last.queue == d.list.queue
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
	policy := d.s.policy
	var was review.Decision
	run := d.changing(reference, seen, review.TakeBack,
		func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
			was, _ = a.LastDecision()
			return a.TakeBack(by, policy, f, "", now)
		})
	return d.write(reference, true, func() doneMsg {
		msg := run()
		if what, ok := msg.made.(made); ok {
			what.undone = was
			msg.made = what
		}
		return msg
	})
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
