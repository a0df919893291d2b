package command

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"rongzheng/ui"
)

// toFile is what --printer says for no printer at all.
const toFile = "file"

// spooler prints through lp, the command of CUPS and of every System V printing system.
type spooler struct {
	ctx     context.Context
	words   ui.Words
	program string // path of lp
	printer string // name of the destination, "" for the system's default
	ui.Folder
}

const (
	// spoolTime is how long lp may take to accept a file; it does not wait for the paper.
	spoolTime = 30 * time.Second
	// askTime is how long lpstat may take to tell how a queue stands.
	askTime = time.Second
)

// Print hands the bytes to lp once the copy has been counted: a sheet that nobody recorded never comes out. A printer
// that is known not to take it is told of before, so that nothing is counted in vain.
func (s *spooler) Print(name string, pdf []byte, settle func() error) (string, error) {
	if err := s.takes(); err != nil {
		return "", err
	}
	if err := settle(); err != nil {
		return "", err
	}
	ctx, end := context.WithTimeout(s.ctx, spoolTime)
	defer end()
	var said bytes.Buffer
	cmd := plain(ctx, s.program, s.arguments(name)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(pdf), &said, &said
	if err := cmd.Run(); err != nil {
		return "", &ui.PrinterError{Said: cmp.Or(firstLine(said.String()), err.Error())}
	}
	return s.accepted(firstLine(said.String())), nil
}

// arguments ask for the paper that certificates are drawn for. A back belongs on the back of the same sheet, whose top
// stays at the top when a sheet that lies on its side is turned over like a leaf.
func (s *spooler) arguments(name string) []string {
	list := []string{"-t", name, "-o", "media=A4", "-o", "sides=two-sided-short-edge"}
	if s.printer != "" {
		list = append(list, "-d", s.printer)
	}
	return append(list, "-")
}

// takes asks whether the queue that was named is there and takes files. Only a plain no is an error: who prints without
// CUPS may have no lpstat, or another one.
func (s *spooler) takes() error {
	if s.printer == "" {
		return nil
	}
	said, err := s.lpstat("-a", s.printer)
	switch {
	case err != nil && strings.Contains(said, "nvalid destination"):
		if running, _ := s.lpstat("-r"); running == "scheduler is not running" { // then no queue has a name
			return &ui.PrinterError{Printer: s.printer, Fault: ui.PrinterService}
		}
		return &ui.PrinterError{Printer: s.printer, Fault: ui.PrinterUnknown}
	case strings.HasPrefix(said, s.printer+" not accepting"):
		return &ui.PrinterError{Printer: s.printer, Fault: ui.PrinterCloses}
	}
	return nil
}

// accepted says in the user's words what lp answers to a file it has taken, and whether the queue stands still: then
// the file waits, and nobody should wait for paper.
func (s *spooler) accepted(answer string) string {
	words := strings.Fields(strings.TrimPrefix(answer, "request id is "))
	if !strings.HasPrefix(answer, "request id is ") || len(words) == 0 {
		return answer
	}
	job := words[0]
	queue := job[:max(strings.LastIndexByte(job, '-'), 0)]
	if said, err := s.lpstat("-p", queue); err == nil && strings.HasPrefix(said, "printer "+queue+" disabled") {
		return s.words.Say("printing.job_waits", job, queue)
	}
	return s.words.Say("printing.job", job)
}

// lpstat returns the first line of what it says, on either stream.
func (s *spooler) lpstat(arguments ...string) (string, error) {
	ctx, end := context.WithTimeout(s.ctx, askTime)
	defer end()
	out, err := plain(ctx, "lpstat", arguments...).CombinedOutput()
	return firstLine(string(out)), err
}

// plain is a command that answers in English whatever the locale, so that its answer can be read.
func plain(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Env = append(cmd.Environ(), "LC_ALL=C")
	return cmd
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return ui.Plain(line)
}

// outlet is where a desk of this machine prints: the printer that --printer names; without one the system's default printer
// where there is one, and files in the present folder where there is none. What was made up is not put on paper unasked.
func (p *program) outlet(made bool) (ui.Outlet, error) {
	if p.printer == toFile || p.printer == "" && made {
		return ui.Folder("."), nil
	}
	lp, err := exec.LookPath("lp")
	switch {
	case err != nil && p.printer != "":
		return nil, fmt.Errorf("printer %s: %w", p.printer, ui.ErrNoPrinter)
	case err != nil || p.printer == "" && !p.hasDefault():
		return ui.Folder("."), nil
	}
	return &spooler{p.ctx, p.words, lp, p.printer, ui.Folder(".")}, nil
}

// hasDefault asks lpstat whether the system has a default destination.
func (p *program) hasDefault() bool {
	ctx, end := context.WithTimeout(p.ctx, askTime)
	defer end()
	out, err := plain(ctx, "lpstat", "-d").Output()
	return err == nil && strings.Contains(string(out), ":")
}
