package ui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// made is what the desk needs to know of a change that was stored.
type made struct {
	action      review.Action
	application review.Application
	undone      review.Decision // that was taken back
}

// write starts the one write of the desk: from here to its doneMsg, and until the list has been read again, further
// actions are refused.
func (d *desk) write(id string, stay bool, run func() doneMsg) tea.Cmd {
	d.writing, d.stay = id, stay
	return func() tea.Msg {
		msg := run()
		msg.id = id
		return msg
	}
}

// decision changes an application by its own methods, at the time of the transaction.
type decision func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error)

// change stores a decision about the version of the application that was on the screen.
func (d *desk) change(reference string, seen int, do review.Action, stay bool, decide decision) tea.Cmd {
	return d.write(reference, stay, d.changing(reference, seen, do, decide))
}

// changing returns the write of a decision.
func (d *desk) changing(reference string, seen int, do review.Action, decide decision) func() doneMsg {
	to, account, clock, words := changes(d.s.store), d.s.by.Name, d.s.clock, d.s.words
	return func() doneMsg {
		now := clock()
		a, err := to.Change(account, reference, seen, now,
			func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
				return decide(a, by, f, now)
			})
		if err != nil {
			return doneMsg{err: fmt.Errorf("%s %s: %w", do, reference, err)}
		}
		return doneMsg{text: words.happened(do, &a), made: made{action: do, application: a}}
	}
}

// happened says what a decision did, and how to take it back.
func (w Words) happened(do review.Action, a *review.Application) string {
	switch {
	case do == review.Approve && a.State == review.Approved && a.Certificate != "":
		return w.Say("done.approved_certificate", a.Reference, a.Certificate)
	case do == review.Approve && a.State == review.InReview:
		return w.Say("done.approved_level", a.Reference, w.Level(a.Level-1), w.Level(a.Level))
	case do == review.Reroute:
		return w.Say("done.reroute", a.Reference, w.Area(a.Area))
	case do == review.TakeBack:
		return w.Say("done.take_back", a.Reference, w.Level(a.Level))
	}
	return w.Say("done."+string(do), a.Reference)
}

// done remembers what can be taken back and reads the list again, whatever became of the write.
func (d *desk) done(msg doneMsg) tea.Cmd {
	if d.writing == "" || msg.id != d.writing {
		return nil
	}
	if d.many != nil {
		return d.manyDone(msg)
	}
	d.written = d.writing
	if _, ok := msg.made.(revealed); ok && d.file != nil && d.file.id() == msg.id {
		shown := *d.file
		shown.revealed = true
		d.file = &shown
	}
	if taken, ok := msg.made.(tookOver); ok {
		return tea.Batch(d.tookOver(taken), d.list.reload())
	}
	if what, ok := msg.made.(remarked); ok {
		d.setAside(what.about, kindRemark, "")
	}
	what, ok := msg.made.(made)
	if !ok {
		d.stay = d.stay || msg.err != nil
		return d.list.reload()
	}
	d.settled(what)
	if what.action == review.TakeBack {
		d.resume(&what)
		return d.reopen(what.application.Reference)
	}
	d.remember(what)
	return d.list.reload()
}

// settled forgets what was half done about a case, now that it is decided.
func (d *desk) settled(what made) {
	d.forget(what.application.Reference)
	d.marks.remove(what.application.Reference)
	if d.hand.reference == what.application.Reference {
		d.hand.reference = "" // the store has let go of it with the decision
	}
}

// approve is one key: what happened and how to take it back is said afterwards.
func (d *desk) approve() (step, tea.Cmd) {
	if why, ok := d.can(review.Approve); !ok {
		return refuse(why), nil
	}
	if why := d.unseen(); why != "" {
		return refuse(why), nil
	}
	policy, note, a := d.s.policy, d.file.note, d.file.application
	return step{}, d.change(a.Reference, a.Version, review.Approve, false,
		func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
			return a.Approve(by, policy, f, note, now)
		})
}

// reject opens the picker of coded reasons for the case on the screen.
func (d *desk) reject(about review.Key) (step, tea.Cmd) {
	if why, ok := d.can(review.Reject); !ok {
		return refuse(why), nil
	}
	picker := newReject(d, d.file, about)
	if n := picker.takeUp(); n > 0 {
		return step{open: picker, say: notice{informs, d.s.words.Say("keep.taken_up", n)}}, nil
	}
	return step{open: picker}, nil
}

// rejectWith stores the refusal of the version that the picker was opened on.
func (d *desk) rejectWith(shown *review.Application, reasons []review.Reason) tea.Cmd {
	policy, note := d.s.policy, d.notes[shown.Reference]
	return d.change(shown.Reference, shown.Version, review.Reject, false,
		func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
			return a.Reject(by, policy, reasons, note, now)
		})
}

// hold sets the case aside with a reason, or takes up a held one.
func (d *desk) hold() (step, tea.Cmd) {
	if d.file != nil && d.file.application != nil && d.file.application.Held {
		return d.release()
	}
	if why, ok := d.can(review.Hold); !ok {
		return refuse(why), nil
	}
	a, policy, w := d.file.application, d.s.policy, d.s.words
	return step{open: newAsk(d.s, ask{
		kind: kindHold, title: w.Say("hold.title", a.Reference, d.file.masked()), label: w.Say("hold.label"), required: true,
		value: d.begun(a, kindHold),
		then: func(note string) (step, tea.Cmd) {
			d.setAside(a, kindHold, note)
			return step{}, d.change(a.Reference, a.Version, review.Hold, false,
				func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
					return a.Hold(by, policy, note, now)
				})
		},
	})}, nil
}

func (d *desk) release() (step, tea.Cmd) {
	if why, ok := d.can(review.Release); !ok {
		return refuse(why), nil
	}
	policy, a := d.s.policy, d.file.application
	return step{}, d.change(a.Reference, a.Version, review.Release, true,
		func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
			return a.Release(by, policy, now)
		})
}

// reroute asks for the new area and then for the reason.
func (d *desk) reroute() (step, tea.Cmd) {
	if why, ok := d.can(review.Reroute); !ok {
		return refuse(why), nil
	}
	a, w := d.file.application, d.s.words
	about := w.Say("reroute.title", a.Reference, d.file.masked(), w.Area(a.Area))
	var areas []option
	for _, o := range d.s.policy.Options["area"] {
		if !o.Disabled && o.Code != a.Area {
			areas = append(areas, option{o.Code, o.Name(w.Lang())})
		}
	}
	return step{open: newPicker(d.s, picker{title: about, options: areas, then: func(area string) (step, tea.Cmd) {
		return step{open: d.rerouteReason(a, area)}, nil
	}})}, nil
}

func (d *desk) rerouteReason(shown *review.Application, area string) screen {
	policy, w, kind := d.s.policy, d.s.words, kindReroute+area
	return newAsk(d.s, ask{
		kind: kind, value: d.begun(shown, kind), title: w.Say("reroute.to", shown.Reference, w.Area(area)),
		label: w.Say("reroute.label"), required: true,
		then: func(note string) (step, tea.Cmd) {
			d.setAside(shown, kind, note)
			return step{}, d.change(shown.Reference, shown.Version, review.Reroute, false,
				func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
					return a.Reroute(by, policy, area, note, now)
				})
		},
	})
}

// note asks for what goes with the next decision on the case.
func (d *desk) note() (step, tea.Cmd) {
	if d.file == nil || d.file.application == nil {
		return refuse(d.s.words.Say("nothing.selected")), nil
	}
	id, w := d.file.id(), d.s.words
	return step{open: newAsk(d.s, ask{
		kind: kindNote, title: w.Say("note.title", id, d.file.masked()), label: w.Say("note.label"), value: d.notes[id],
		then: func(note string) (step, tea.Cmd) {
			d.annotate(id, note)
			return step{}, nil
		},
	})}, nil
}

func (d *desk) annotate(id, note string) {
	d.notes[id] = note
	if note == "" {
		delete(d.notes, id)
	}
	if d.file != nil && d.file.id() == id {
		d.noted(d.file)
		d.adorn()
	}
}

// reveal shows the masked data of this one case in clear, once that has been recorded, or hides it again.
func (d *desk) reveal() (step, tea.Cmd) {
	if d.file != nil && d.file.revealed {
		hidden := *d.file
		hidden.revealed = false
		d.file = &hidden
		return tell(d.s.words.Say("reveal.hidden")), nil
	}
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	if err := d.s.by.May(review.Reveal); err != nil {
		return refuse(d.s.words.Explain(err)), nil
	}
	to, account, clock, id := changes(d.s.store), d.s.by.Name, d.s.clock, d.file.id()
	event := review.Event{Action: review.Reveal}
	if a := d.file.application; a != nil {
		event.Reference, event.Revision = a.Reference, a.Revision
	} else {
		event.Certificate = d.file.number()
	}
	done := d.s.words.Say("reveal.recorded", id)
	return step{}, d.write(id, true, func() doneMsg {
		if err := to.Record(account, event, clock()); err != nil {
			return doneMsg{err: fmt.Errorf("reveal %s: %w", id, err)}
		}
		return doneMsg{text: done, made: revealed{}}
	})
}

// revealed says that the reveal has been recorded.
type revealed struct{}
