package command

import (
	"bytes"
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
	program string // path of lp
	printer string // name of the destination, "" for the system's default
	ui.Folder
}

// spoolTime is how long lp may take to accept a file; it does not wait for the paper.
const spoolTime = 30 * time.Second

// Print hands the bytes to lp once the copy has been counted: a sheet that nobody recorded never comes out.
func (s *spooler) Print(name string, pdf []byte, settle func() error) (string, error) {
	if err := settle(); err != nil {
		return "", err
	}
	ctx, end := context.WithTimeout(s.ctx, spoolTime)
	defer end()
	arguments := []string{"-t", name}
	if s.printer != "" {
		arguments = append(arguments, "-d", s.printer)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, s.program, append(arguments, "-")...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(pdf), &said, &said
	if err := cmd.Run(); err != nil {
		return "", &ui.PrinterError{Said: strings.TrimSpace(firstLine(said.String()) + " (" + err.Error() + ")")}
	}
	return firstLine(said.String()), nil
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
	return &spooler{p.ctx, lp, p.printer, ui.Folder(".")}, nil
}

// hasDefault asks lpstat whether the system has a default destination.
func (p *program) hasDefault() bool {
	ctx, end := context.WithTimeout(p.ctx, time.Second)
	defer end()
	out, err := exec.CommandContext(ctx, "lpstat", "-d").Output()
	return err == nil && strings.Contains(string(out), ":")
}
