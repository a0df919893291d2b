package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// remark asks for an internal note on the case and records it at once: a line of the timeline that no applicant reads and
// no export holds. The note that goes with a decision is another one (note), kept until the decision is made.
func (d *desk) remark() (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	if d.file.application == nil {
		return refuse(d.s.words.Say("certificate.no_decision")), nil
	}
	if err := d.s.by.May(review.Note); err != nil {
		return refuse(d.s.words.Explain(err)), nil
	}
	a, w := d.file.application, d.s.words
	return step{open: newAsk(d.s, ask{
		kind: kindRemark, title: w.Say("remark.title", a.Reference, d.file.masked()), label: w.Say("remark.label"), required: true,
		value: d.begun(a, kindRemark),
		then: func(text string) (step, tea.Cmd) {
			d.setAside(a, kindRemark, text)
			return step{}, d.recordRemark(a, text)
		},
	})}, nil
}

// remarked says that an internal note on the case has been recorded.
type remarked struct{ about *review.Application }

func (d *desk) recordRemark(about *review.Application, text string) tea.Cmd {
	id := about.Reference
	to, account, clock, done := changes(d.s.store), d.s.by.Name, d.s.clock, d.s.words.Say("remark.done", id)
	event := review.Event{Action: review.Note, Reference: id, Note: text}
	return d.write(id, true, func() doneMsg {
		if err := to.Record(account, event, clock()); err != nil {
			return doneMsg{err: fmt.Errorf("note on %s: %w", id, err)}
		}
		return doneMsg{text: done, made: remarked{about}}
	})
}
