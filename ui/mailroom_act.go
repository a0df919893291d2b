package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// letterDecision is one step of a mailing.
type letterDecision func(a *review.Application, by review.Actor, now time.Time) (review.Event, error)

// changing returns the write that takes a step on the version that was on the screen.
func (m *mailroom) changing(a *review.Application, say string, run letterDecision) func() doneMsg {
	to, by, clock, reference, seen := changes(m.s.store), m.s.by, m.s.clock, a.Reference, a.Version
	return func() doneMsg {
		now := clock()
		_, err := to.Change(by.Name, reference, seen, now, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return run(a, by, now)
		})
		if err != nil {
			return doneMsg{id: reference, err: err}
		}
		return doneMsg{id: reference, text: say}
	}
}

// one returns the row under the cursor for an action that is for a single mailing.
func (m *mailroom) one(do review.Action) (*review.Application, string) {
	list, why := m.chosen(do)
	switch {
	case why != "":
		return nil, why
	case len(list) > 1:
		return nil, m.s.words.Say("mail.one_only")
	}
	return &list[0], ""
}

// askReturn asks why the letter came back.
func (m *mailroom) askReturn() (step, tea.Cmd) {
	a, why := m.one(review.MailReturn)
	if why != "" {
		return refuse(why), nil
	}
	w, policy := m.s.words, m.s.policy
	return step{open: newAsk(m.s, ask{
		title: w.Say("mail.title.return", a.Reference), label: w.Say("mail.return_label"), required: true,
		then: func(note string) (step, tea.Cmd) {
			return step{}, m.write(m.changing(a, w.Say("mail.returned", a.Reference), func(a *review.Application, by review.Actor, now time.Time) (review.Event, error) {
				return a.MailReturn(by, policy, note, now)
			}))
		},
	})}, nil
}

// collect notes that the person has come for it. It can be undone, so it does not ask.
func (m *mailroom) collect() (step, tea.Cmd) {
	a, why := m.one(review.MailCollect)
	if why != "" {
		return refuse(why), nil
	}
	policy := m.s.policy
	return step{}, m.write(m.changing(a, m.s.words.Say("mail.collected", a.Reference), func(a *review.Application, by review.Actor, now time.Time) (review.Event, error) {
		return a.MailCollect(by, policy, now)
	}))
}

func (m *mailroom) undo() (step, tea.Cmd) {
	a, why := m.one(review.MailUndo)
	if why != "" {
		return refuse(why), nil
	}
	policy := m.s.policy
	return step{}, m.write(m.changing(a, m.s.words.Say("mail.undone", a.Reference), func(a *review.Application, by review.Actor, now time.Time) (review.Event, error) {
		return a.MailUndo(by, policy, now)
	}))
}

// askReplace asks whether the sheet is spoiled or lost, and for a remark.
func (m *mailroom) askReplace() (step, tea.Cmd) {
	a, why := m.one(review.MailReplace)
	if why != "" {
		return refuse(why), nil
	}
	w := m.s.words
	title := w.Say("mail.title.replace", a.Reference)
	return step{open: newPicker(m.s, picker{
		title: title,
		options: []option{
			{review.SheetSpoiled, w.Say("mail.replaces_spoiled")}, {review.SheetLost, w.Say("mail.replaces_lost")},
		},
		then: func(how string) (step, tea.Cmd) {
			return step{open: newAsk(m.s, ask{
				title: title + " · " + w.Say("mail.replaces_"+how), label: w.Say("mail.replace_label"), required: true,
				then: func(note string) (step, tea.Cmd) { return step{}, m.write(m.replacing(a, how, note)) },
			})}, nil
		},
	})}, nil
}

func (m *mailroom) replacing(a *review.Application, how, note string) func() doneMsg {
	to, by, clock, w, reference, seen := mailRoom(m.s.store), m.s.by, m.s.clock, m.s.words, a.Reference, a.Version
	return func() doneMsg {
		if err := to.ReplaceSheet(by.Name, reference, seen, how, note, clock()); err != nil {
			return doneMsg{id: reference, err: err}
		}
		return doneMsg{id: reference, text: w.Say("mail.replaced", reference)}
	}
}

// reveal shows one address in clear, which is recorded; a second time hides it.
func (m *mailroom) reveal() (step, tea.Cmd) {
	a := m.selected()
	switch {
	case a == nil:
		return refuse(m.s.words.Say("nothing.selected")), nil
	case m.writing != 0:
		return refuse(m.s.words.Say("busy.writing")), nil
	case m.revealed == a.Reference:
		m.revealed = ""
		return step{}, nil
	}
	to, by, clock, w, reference := changes(m.s.store), m.s.by, m.s.clock, m.s.words, a.Reference
	return step{}, m.write(func() doneMsg {
		if err := to.Record(by.Name, review.Event{Action: review.Reveal, Reference: reference, Target: "recipient"}, clock()); err != nil {
			return doneMsg{id: reference, err: err}
		}
		return doneMsg{id: reference, text: w.Say("mail.revealed", reference), made: addressRevealed{reference}}
	})
}

// addressRevealed says that the reveal is recorded, so that the address may be shown.
type addressRevealed struct{ reference string }

// readdress corrects the address of a letter, field by field. It shows the address, so it must have been revealed.
func (m *mailroom) readdress() (step, tea.Cmd) {
	a, why := m.one(review.MailAddress)
	switch {
	case why != "":
		return refuse(why), nil
	case m.revealed != a.Reference:
		return refuse(m.s.words.Say("mail.reveal_first")), nil
	}
	var fields []review.Field
	for _, field := range review.FieldsOf(review.Mailing) {
		if field.Type != review.YesNo {
			fields = append(fields, field)
		}
	}
	return m.askAddress(a, fields, review.Form{}), nil
}

// askAddress asks for the next field, and writes after the last.
func (m *mailroom) askAddress(a *review.Application, left []review.Field, to review.Form) step {
	w, field := m.s.words, left[0]
	return step{open: newAsk(m.s, ask{
		title: w.Say("mail.title.address", a.Reference, w.Label(field.Key)), label: field.Hint(w.Lang()),
		value: a.PostalForm().Get(field.Key), required: true,
		then: func(answer string) (step, tea.Cmd) {
			to.Set(field.Key, answer)
			if len(left) > 1 {
				return m.askAddress(a, left[1:], to), nil
			}
			policy := m.s.policy
			return step{}, m.write(m.changing(a, w.Say("mail.readdressed", a.Reference), func(a *review.Application, by review.Actor, now time.Time) (review.Event, error) {
				return a.MailAddress(by, policy, to, now)
			}))
		},
	})}
}
