package ui

import (
	"fmt"
	"path/filepath"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// print hands out the certificate of the case. The first copy makes the decision stand for good, so it asks; a further one
// asks why there is another.
func (d *desk) print() (step, tea.Cmd) {
	w := d.s.words
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	c, number := d.file.certificate, d.file.number()
	if number == "" || c == nil {
		return refuse(w.Say("printing.none")), nil
	}
	if err := d.s.by.MayPrintShown(c); err != nil {
		return refuse(w.Explain(err)), nil
	}
	if d.s.outlet == nil {
		return tell(w.Say("printing.fetch", number)), nil
	}
	return handOut(d.s, c, func(ask review.CopyAsk) tea.Cmd { return d.printNow(number, ask) })
}

func (d *desk) printNow(number string, ask review.CopyAsk) tea.Cmd {
	return d.write(d.file.id(), true, d.s.printing(number, ask))
}

// untouched reports whether nothing of the certificate has left the desk, so that its approval can still be taken back.
func untouched(c *review.Certificate) bool {
	v := c.Current()
	return v.Printed == 0 && !v.Delivered && !v.Legacy()
}

// handOut asks what the ledger wants to know of a copy on paper, and gives it to then.
func handOut(s *session, c *review.Certificate, then func(ask review.CopyAsk) tea.Cmd) (step, tea.Cmd) {
	want := review.CopyAsk{Way: review.OnPaper}
	if untouched(c) {
		return askSheet(s, s.words.Say("printing.sheet_label"), c.Number, want, func(want review.CopyAsk) (step, tea.Cmd) {
			text := s.words.Say("printing.confirm", c.Number)
			return step{open: newConfirm(s, text, func() tea.Cmd { return then(want) })}, nil
		})
	}
	return askReason(s, s.words.Say("printing.why", c.Number), func(code, note string) (step, tea.Cmd) {
		want.Reason, want.Note = code, note
		return askSheet(s, s.words.Say("printing.sheet_label"), c.Number, want, func(want review.CopyAsk) (step, tea.Cmd) {
			return step{}, then(want)
		})
	}), nil
}

// askReason asks why a copy is handed out; a lost certificate is the commonest reason for a further one.
func askReason(s *session, title string, then func(code, note string) (step, tea.Cmd)) step {
	return step{open: newReasons(s, title, s.policy.Copies.Reasons, then).on("lost")}
}

// askSheet asks for the number of the sheet, where sheets are numbered.
func askSheet(s *session, label, title string, want review.CopyAsk, then func(want review.CopyAsk) (step, tea.Cmd)) (step, tea.Cmd) {
	if !s.policy.Copies.Numbered {
		return then(want)
	}
	return step{open: newAsk(s, ask{
		title: s.words.Say("printing.sheet", title), label: label, required: true,
		then: func(serial string) (step, tea.Cmd) {
			want.Serial = serial
			return then(want)
		},
	})}, nil
}

// press is what printing needs of the store.
type press interface {
	Paper(by review.Actor, number string, way review.CopyWay) (store.Paper, error)
	Copy(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error)
	Spoil(account, number string, copyNumber int, note string, now time.Time) error
}

// printing returns the write that brings the bytes of the certificate to the outlet and enters the copy into the ledger. A
// folder that is missing, a full disk or a printer that is not there counts none; a sheet that did not come after it was
// counted is marked as spoiled.
func (s *session) printing(number string, want review.CopyAsk) func() doneMsg {
	p := &printRun{s.outlet, press(s.store), s.by, s.clock, s.words, want}
	return func() doneMsg { return p.print(number) }
}

// printRun prints certificates one after the other. It runs beside the screen and holds copies only.
type printRun struct {
	outlet Outlet
	from   press
	by     review.Actor
	clock  clock
	words  Words
	want   review.CopyAsk // of the next copy: a sheet that was used is followed by the one with the next number
}

func (p *printRun) print(number string) doneMsg {
	line, where, err := p.copy(number)
	if err != nil {
		return doneMsg{err: fmt.Errorf("print %s: %w", number, err)}
	}
	return doneMsg{text: p.words.Say("printing.done", number, line.Number, Plain(where)), made: wentTo(where)}
}

// wentTo says where a copy went.
type wentTo string

// folder is the folder of a copy that is a file, "" for one that went to a printer.
func (to wentTo) folder() string {
	if !filepath.IsAbs(string(to)) {
		return ""
	}
	return filepath.Dir(string(to))
}

func (p *printRun) copy(number string) (line review.Copy, where string, err error) {
	paper, err := p.from.Paper(p.by, number, review.OnPaper)
	if err != nil {
		return line, "", err
	}
	p.want.Version = paper.Version.Version
	where, err = p.outlet.Print(number, paper.PDF, func() (err error) {
		line, err = p.from.Copy(p.by.Name, number, p.want, p.clock())
		return err
	})
	if line.Number > 0 {
		p.want.Serial = review.NextSerial(p.want.Serial)
	}
	if err != nil && line.Number > 0 {
		err = &notPrintedError{err, p.from.Spoil(p.by.Name, number, line.Number, p.words.Say("printing.no_sheet"), p.clock())}
	}
	return line, where, err
}

// notPrintedError says that a copy was counted and no sheet came; spoiled is what became of marking it so.
type notPrintedError struct{ err, spoiled error }

func (e *notPrintedError) Error() string { return "no sheet came: " + e.err.Error() }

func (e *notPrintedError) Unwrap() []error { return []error{e.err, e.spoiled} }
