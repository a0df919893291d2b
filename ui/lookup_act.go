package ui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// What can be done with the certificate that was looked up.

// held returns the certificate that can be handed out now, or why there is none.
func (l *lookupScreen) held() (*review.Certificate, string) {
	w := l.s.words
	if l.answer == nil || l.answer.certificate == nil {
		return nil, w.Say("printing.none")
	}
	if err := l.s.by.MayPrintShown(l.answer.certificate); err != nil {
		return nil, w.Explain(err)
	}
	return l.answer.certificate, ""
}

func (l *lookupScreen) print() (step, tea.Cmd) {
	c, why := l.held()
	switch {
	case why != "":
		return refuse(why), nil
	case l.s.outlet == nil:
		return tell(l.s.words.Say("printing.fetch", c.Number)), nil
	}
	return handOut(l.s, c, func(ask review.CopyAsk) tea.Cmd { return l.write(l.s.printing(c.Number, ask)) })
}

// download asks for the name of the file and writes the certificate into it: the same bytes as every copy.
func (l *lookupScreen) download() (step, tea.Cmd) {
	c, why := l.held()
	to, ok := l.s.outlet.(saver)
	switch {
	case why != "":
		return refuse(why), nil
	case !ok:
		return tell(l.s.words.Say("printing.fetch", c.Number)), nil
	}
	w := l.s.words
	return step{open: newAsk(l.s, ask{
		title: w.Say("lookup.download", c.Number), label: w.Say("lookup.download_label"), value: c.Number + ".pdf", required: true,
		then: func(file string) (step, tea.Cmd) { return step{}, l.write(l.downloading(to, c.Number, file)) },
	})}, nil
}

func (l *lookupScreen) downloading(to saver, number, file string) func() doneMsg {
	from, by, clock, w := press(l.s.store), l.s.by, l.s.clock, l.s.words
	if !strings.HasSuffix(strings.ToLower(file), ".pdf") {
		file += ".pdf"
	}
	return func() doneMsg {
		paper, err := from.Paper(by, number, review.AsFile)
		where := ""
		if err == nil {
			where, err = to.Save(file, paper.PDF, func() error {
				_, err := from.Copy(by.Name, number, review.CopyAsk{Way: review.AsFile, Version: paper.Version.Version}, clock())
				return err
			})
		}
		if err != nil {
			return doneMsg{err: fmt.Errorf("download %s: %w", number, err)}
		}
		return doneMsg{text: w.Say("lookup.downloaded", number, Plain(where))}
	}
}

// reveal shows the record in clear, which is recorded.
func (l *lookupScreen) reveal() (step, tea.Cmd) {
	if l.answer == nil || l.answer.certificate == nil {
		return refuse(l.s.words.Say("nothing.selected")), nil
	}
	if l.answer.revealed {
		l.answer.revealed = false
		l.show()
		return step{}, nil
	}
	to, by, clock, w, number := changes(l.s.store), l.s.by, l.s.clock, l.s.words, l.answer.certificate.Number
	return step{}, l.write(func() doneMsg {
		if err := to.Record(by.Name, review.Event{Action: review.Reveal, Certificate: number}, clock()); err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{text: w.Say("reveal.recorded", number), made: revealed{}}
	})
}

// complete opens the form that asks for what the record lacks.
func (l *lookupScreen) complete() (step, tea.Cmd) {
	w := l.s.words
	switch {
	case l.answer == nil || l.answer.certificate == nil || len(l.answer.certificate.Missing) == 0:
		return refuse(w.Say("lookup.complete_none")), nil
	case l.s.by.May(review.Submit) != nil || l.s.by.Role != review.Clerk:
		return refuse(w.Say("lookup.complete_clerk")), nil
	}
	if why := l.answer.shut; why != nil {
		return refuse(w.Code(why.Code, why.Args)), nil
	}
	return l.s.fileFor(l.answer.person, review.Completion)
}

// lookupWritten ends a write of the look-up.
type lookupWritten struct {
	by   int
	made any
}

func (l *lookupScreen) write(run func() doneMsg) tea.Cmd {
	l.writing = l.s.next()
	by := l.writing
	return func() tea.Msg {
		msg := run()
		msg.made = lookupWritten{by, msg.made}
		return msg
	}
}

func (l *lookupScreen) done(msg doneMsg) (step, tea.Cmd) {
	if _, ok := msg.made.(filed); ok && l.asked != "" && l.awaited == 0 { // the completion of this record is in review
		return step{}, l.look(l.asked)
	}
	what, ok := msg.made.(lookupWritten)
	if !ok || what.by != l.writing {
		return step{}, nil
	}
	l.writing = 0
	if _, ok := what.made.(revealed); ok && l.answer != nil {
		l.answer.revealed = true
		l.show()
		return step{}, nil
	}
	if msg.err == nil && l.asked != "" {
		return step{}, l.look(l.asked)
	}
	return step{}, nil
}

// Busy says that a write is under way.
func (l *lookupScreen) Busy() bool { return l.writing != 0 }

// fileFor leads to the counter, where an application of the kind is typed for the person.
func (s *session) fileFor(person review.PersonKey, kind review.Kind) (step, tea.Cmd) {
	if !isClerk(s.by) {
		return refuse(s.words.Say("lookup.at_the_counter")), nil
	}
	return step{open: &beginScreen{waitScreen{s: s}, person, kind}}, nil
}
