package ui

import (
	"fmt"
	"io"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

// print writes the certificate of the case to a file. The first copy makes the decision stand for good, so it asks.
func (d *desk) print() (step, tea.Cmd) {
	w := d.s.words
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	c, number := d.file.certificate, d.file.number()
	switch {
	case number == "" || c == nil:
		return refuse(w.Say("printing.none")), nil
	case d.s.draw == nil:
		return refuse(w.Say("printing.impossible")), nil
	}
	if err := d.s.by.MayPrint(c, "", d.file.today); err != nil {
		return refuse(w.Explain(err)), nil
	}
	if v := c.Current(); v.Printed > 0 || v.Delivered || v.Reference == "" {
		return step{}, d.printNow(number)
	}
	return step{open: newConfirm(d.s, w.Say("printing.confirm", number), func() tea.Cmd { return d.printNow(number) })}, nil
}

func (d *desk) printNow(number string) tea.Cmd {
	return d.write(d.file.id(), true, d.s.printing(number))
}

// printing returns the write that counts a copy of the certificate and draws it into a file.
func (s *session) printing(number string) func() doneMsg {
	words := s.words
	from, to, by, clock, draw := cases(s.store), changes(s.store), s.by, s.clock, s.draw
	name := filepath.Join(s.prints, number+".pdf")
	return func() doneMsg {
		path, err := filepath.Abs(name)
		if err != nil {
			return doneMsg{err: fmt.Errorf("print %s: %w", number, err)}
		}
		if err := trial(from, by, draw, number); err != nil {
			return doneMsg{err: fmt.Errorf("print %s: %w", number, err)}
		}
		// The copy counts once there is a file to write it into, so that a folder that is missing counts none.
		err = exchange.WriteFile(path, func(w io.Writer) error {
			printable, err := to.Print(by.Name, number, clock())
			if err != nil {
				return err
			}
			return draw.Write(w, &printable.Certificate, &printable.Version, printable.Portrait)
		})
		if err != nil {
			return doneMsg{err: fmt.Errorf("print %s: %w", number, err)}
		}
		return doneMsg{text: words.Say("printing.done", number, Plain(path))}
	}
}

// trial draws the certificate into nothing: a copy that cannot be drawn must not count as printed.
func trial(from cases, by review.Actor, draw Certificates, number string) error {
	c, err := from.Certificate(by, number)
	if err != nil {
		return err
	}
	v := c.Current()
	if v == nil {
		return &review.RuleError{Code: "certificate_void", Args: review.Args{"certificate": number}}
	}
	var portrait []byte
	if v.Portrait != "" {
		if portrait, err = from.Blob(v.Portrait); err != nil {
			return err
		}
	}
	return draw.Write(io.Discard, &c, v, portrait)
}
