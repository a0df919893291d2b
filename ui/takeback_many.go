package ui

import (
	"strings"

	"rongzheng/review"
)

// namedMany names a decision on many cases.
func (d *desk) namedMany(which *act) string {
	return d.s.words.Say("take_back.many."+string(which.action), len(which.cases), timeOf(which.at))
}

// askTakeBackMany asks for the number of the cases whose decisions are to be taken back, after the sentences that name
// them. They are then taken back as marked rows are decided on: one write after the other, each with its own check,
// until esc; and those that were not stay marked, with their reasons.
func (d *desk) askTakeBackMany(cases []acted, parts []string) step {
	list := make([]mark, len(cases))
	final := 0
	for i, one := range cases {
		list[i] = mark{id: one.reference, version: one.version}
		final += oneIf(one.final)
	}
	if !d.marks.room(list) {
		return refuse(d.s.words.Say("take_back.no_room", mostMarked, len(list)))
	}
	if final > 0 {
		parts = append(parts, d.s.words.Say("take_back.numbers_void", final))
	}
	return d.askMany(review.TakeBack, list, strings.Join(parts, d.s.words.gap()), func(one mark) func() doneMsg {
		return d.undoing(one.id, one.version)
	})
}

// doneMany is what is kept of the last act for the account's next desk: nil where it was no decision on many.
func (d *desk) doneMany() *review.DoneMany {
	last := d.lastAct()
	if last == nil || !last.decides() || !last.many() {
		return nil
	}
	done := review.DoneMany{Action: last.action, At: last.at}
	for _, one := range last.cases {
		kept := review.DoneCase{Reference: one.reference, Version: one.version, Final: one.final}
		done.Cases = append(done.Cases, kept)
	}
	return &done
}

// recall makes a decision on many that was the last act at the account's earlier desk the first one of this desk.
func (d *desk) recall(done *review.DoneMany) {
	if done == nil {
		return
	}
	last := act{action: done.Action, at: done.At, typed: atEarlierDesk}
	for _, one := range done.Cases {
		last.cases = append(last.cases, acted{reference: one.Reference, version: one.Version, final: one.Final})
	}
	if last.decides() && last.many() {
		d.acts = append([]act{last}, d.acts...)
	}
}

// atEarlierDesk is the number of keys that no desk has come to when a key is pressed: the next one does not follow the
// act.
const atEarlierDesk = -2
