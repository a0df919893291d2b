package ui

import (
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// batch is the work on the marked rows: one write after the other, each a decision of its own with its own check and
// version. What could not be done stays marked with its reason.
type batch struct {
	do     review.Action
	left   []mark
	total  int
	failed []mishap
	stop   bool   // after the write that is under way
	folder string // of the copies that were written as files, "" for none
	run    func(one mark) func() doneMsg
}

// done counts the cases that were done so far.
func (b *batch) done() int { return b.total - len(b.left) - len(b.failed) }

// manyPressed takes the keys that mark rows, and those of actions while rows are marked.
func (d *desk) manyPressed(msg tea.KeyMsg) (next step, cmd tea.Cmd, taken bool) {
	k := d.s.keys
	switch {
	case key.Matches(msg, k.toggle):
		next, cmd = d.markRow()
	case key.Matches(msg, k.markRange):
		next, cmd = d.markRange()
	case key.Matches(msg, k.markAll):
		next, cmd = d.markAll()
	case key.Matches(msg, k.unmark):
		next, cmd = d.unmark()
	case key.Matches(msg, k.marked):
		next = d.openMarked()
	case key.Matches(msg, k.back) && d.ranging():
		d.marks.from = nil
		next = tell(d.s.words.Say("ask.cancelled"))
	case len(d.marks.list) > 0 || d.ranging():
		return d.manyDecided(msg)
	default:
		return step{}, nil, false
	}
	return next, cmd, true
}

func (d *desk) manyDecided(msg tea.KeyMsg) (next step, cmd tea.Cmd, taken bool) {
	for _, a := range []struct {
		by    key.Binding
		do    review.Action
		start func() step
	}{
		{d.s.keys.approve, review.Approve, d.approveMany}, {d.s.keys.reject, review.Reject, d.rejectMany},
		{d.s.keys.hold, review.Hold, d.holdMany}, {d.s.keys.reroute, review.Reroute, d.rerouteMany},
		{d.s.keys.print, review.Print, d.printMany},
	} {
		if !key.Matches(msg, a.by) {
			continue
		}
		if why := d.markedFor(a.do); why != "" {
			return refuse(why), nil, true
		}
		return a.start(), nil, true
	}
	return step{}, nil, false
}

// confirmMany asks about the marked rows, once.
func (d *desk) confirmMany(do review.Action, detail string, run func(one mark) func() doneMsg) step {
	text := d.s.words.Say("many.confirm."+string(do), len(d.marks.list), detail)
	if n := d.strays(); n > 0 {
		text += d.s.words.gap() + d.s.words.Say("many.strays", n)
	}
	return d.askMany(do, slices.Clone(d.marks.list), text, run)
}

// askMany asks in a sentence that names the number; the number typed is yes, and begins the work. What is worked on is
// marked, so that what was not done stays so.
func (d *desk) askMany(do review.Action, list []mark, text string, run func(one mark) func() doneMsg) step {
	return step{open: newNumber(d.s, text, len(list), func() tea.Cmd {
		if d.writing != "" {
			return nil
		}
		for _, one := range list {
			d.marks.add(one)
		}
		d.many = &batch{do: do, left: list, total: len(list), run: run}
		return d.nextOfMany()
	})}
}

func (d *desk) nextOfMany() tea.Cmd {
	one := d.many.left[0]
	d.many.left = d.many.left[1:]
	return d.write(one.id, true, d.many.run(one))
}

// manyDone takes the result of one write and goes on to the next, or reads the list again after the last.
func (d *desk) manyDone(msg doneMsg) tea.Cmd {
	b := d.many
	if msg.err != nil {
		d.refusedOfMany(msg)
	} else {
		d.marks.remove(msg.id)
	}
	if to, ok := msg.made.(wentTo); ok {
		b.folder = to.folder()
	}
	if what, ok := msg.made.(made); ok {
		d.settled(what)
		if what.action == review.TakeBack {
			d.resume(&what)
			d.unremember(msg.id)
		} else {
			d.remember(what)
		}
	}
	if len(b.left) > 0 && !b.stop {
		d.say = notice{informs, d.s.words.Say("many.progress", d.doing(b.do), b.total-len(b.left), b.total)}
		return d.nextOfMany()
	}
	d.say, d.many = d.summary(b), nil
	d.written = d.writing
	return d.list.reload()
}

// refusedOfMany notes why a case could not be done. A decision that the rules do not let be taken back is none to be
// named by the key again.
func (d *desk) refusedOfMany(msg doneMsg) {
	why := d.s.words.Explain(msg.err)
	d.marks.failed(msg.id, why)
	d.many.failed = append(d.many.failed, mishap{msg.id, why})
	if d.many.do == review.TakeBack && d.s.words.isForeseen(msg.err) {
		d.unremember(msg.id)
	}
}

// summary says what became of the rows, how to take it back, and where their files are, with the reasons of those that could
// not be done.
func (d *desk) summary(b *batch) notice {
	w := d.s.words
	more := ""
	if decides(b.do) && b.done() > 0 {
		more = w.Say("many.back")
	}
	if b.folder != "" {
		more += "\n" + w.Say("many.files", Plain(b.folder))
	}
	if len(b.failed) == 0 && len(b.left) == 0 {
		return notice{succeeded, w.Say("many.done", d.doing(b.do), b.done()) + more}
	}
	text := w.Say("many.done_some", d.doing(b.do), b.done(), len(b.failed), len(b.left)) + more
	return notice{refused, text + mishaps(w, b.failed, "many.which")}
}

// mishap is one of many that could not be done, and why.
type mishap struct{ id, why string }

// mishaps are the reasons, a line each: one that several share is said once, with how many these are in the words of which.
func mishaps(w Words, list []mishap, which string) string {
	var whys []string
	of := map[string][]string{}
	for _, one := range list {
		if of[one.why] == nil {
			whys = append(whys, one.why)
		}
		of[one.why] = append(of[one.why], one.id)
	}
	text := ""
	for _, why := range whys {
		ids := of[why][0]
		if n := len(of[why]); n > 1 {
			ids = w.Say(which, n)
		}
		text += "\n" + ids + w.Say("colon") + why
	}
	return text
}

func (d *desk) doing(do review.Action) string { return d.s.words.Say("action." + string(do)) }

// stopMany ends the work on the marked rows after the write that is under way.
func (d *desk) stopMany() step {
	if d.many == nil {
		return step{}
	}
	d.many.stop = true
	return tell(d.s.words.Say("many.stopping"))
}

func (d *desk) approveMany() step {
	policy := d.s.policy
	notes := map[string]string{}
	for _, one := range d.marks.list {
		notes[one.id] = d.notes[one.id]
	}
	return d.confirmMany(review.Approve, "", func(one mark) func() doneMsg {
		note := notes[one.id]
		return d.changing(one.id, one.version, review.Approve,
			func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
				return a.Approve(by, policy, f, note, now)
			})
	})
}

// rejectMany picks the reasons once; they are the same for all marked ones.
func (d *desk) rejectMany() step {
	if d.file == nil || d.file.application == nil {
		return refuse(d.s.words.Say("nothing.selected"))
	}
	picker := newReject(d, d.file, "")
	picker.many = len(d.marks.list)
	picker.then = func(reasons []review.Reason) step {
		policy := d.s.policy
		return d.confirmMany(review.Reject, d.s.words.reasons(reasons), func(one mark) func() doneMsg {
			return d.changing(one.id, one.version, review.Reject,
				func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
					return a.Reject(by, policy, reasons, "", now)
				})
		})
	}
	return step{open: picker}
}

// reasons are the codes of several reasons, each once.
func (w Words) reasons(reasons []review.Reason) string {
	var text string
	last := ""
	for _, r := range reasons {
		if r.Code == last {
			continue
		}
		if last = r.Code; text != "" {
			text += w.Say("join")
		}
		text += r.Code + " " + w.Reason(r.Code)
	}
	return text
}

// holdMany puts the marked ones on hold, or releases them where all of them are held.
func (d *desk) holdMany() step {
	w, policy := d.s.words, d.s.policy
	switch held := d.marks.heldMarks(); held {
	case 0:
	case len(d.marks.list):
		return d.releaseMany()
	default:
		return refuse(w.Say("many.held_mixed", held, len(d.marks.list)-held))
	}
	return step{open: newAsk(d.s, ask{
		title: w.Say("many.title.hold", len(d.marks.list)), label: w.Say("hold.label"), required: true,
		then: func(note string) (step, tea.Cmd) {
			return d.confirmMany(review.Hold, note, func(one mark) func() doneMsg {
				return d.changing(one.id, one.version, review.Hold,
					func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
						return a.Hold(by, policy, note, now)
					})
			}), nil
		},
	})}
}

func (d *desk) releaseMany() step {
	policy := d.s.policy
	return d.confirmMany(review.Release, "", func(one mark) func() doneMsg {
		return d.changing(one.id, one.version, review.Release,
			func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
				return a.Release(by, policy, now)
			})
	})
}

func (d *desk) rerouteMany() step {
	w := d.s.words
	title := w.Say("many.title.reroute", len(d.marks.list))
	var areas []option
	for _, o := range d.s.policy.Options["area"] {
		if !o.Disabled {
			areas = append(areas, option{o.Code, o.Name(w.Lang())})
		}
	}
	return step{open: newPicker(d.s, picker{title: title, options: areas, then: func(area string) (step, tea.Cmd) {
		return step{open: newAsk(d.s, ask{
			title: title + " → " + w.Area(area), label: w.Say("reroute.label"), required: true,
			then: func(note string) (step, tea.Cmd) { return d.rerouteManyTo(area, note), nil },
		})}, nil
	}})}
}

func (d *desk) rerouteManyTo(area, note string) step {
	policy := d.s.policy
	return d.confirmMany(review.Reroute, d.s.words.Area(area), func(one mark) func() doneMsg {
		return d.changing(one.id, one.version, review.Reroute,
			func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
				return a.Reroute(by, policy, area, note, now)
			})
	})
}

// printMany hands out the certificates of the marked rows for one reason, one after the other; numbered sheets follow each
// other in the order of the marks.
func (d *desk) printMany() step {
	if d.s.outlet == nil {
		return refuse(d.s.words.Say("printing.fetch", d.marks.list[0].number))
	}
	want := review.CopyAsk{Way: review.OnPaper}
	n := len(d.marks.list)
	return askReason(d.s, d.s.words.Say("printing.why_many", n), func(code, note string) (step, tea.Cmd) {
		want.Reason, want.Note = code, note
		return askSheet(d.s, d.s.words.Say("printing.sheet_many"), d.marks.list[0].number, want, func(want review.CopyAsk) (step, tea.Cmd) {
			p := &printRun{d.s.outlet, press(d.s.store), d.s.by, d.s.clock, d.s.words, want}
			return d.confirmMany(review.Print, "", func(one mark) func() doneMsg {
				return func() doneMsg { return p.print(one.number) }
			}), nil
		})
	})
}
