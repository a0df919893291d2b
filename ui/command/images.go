package command

import (
	"errors"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/term"

	"rongzheng/ui"
	"rongzheng/ui/graphics"
	"rongzheng/ui/serve"
)

// onOwnTerminal runs a desk on the terminal of this process, which is asked first how it can show pictures. Keys that are
// typed meanwhile are not lost, and a late answer is no key: the desk reads through the same input. A Windows console is
// read in ways of its own and asked nothing.
func (p *program) onOwnTerminal(o ui.Options) (err error) {
	o = p.checking(o)
	o.ParseKey = serve.ParseKey
	o.Input, o.Output, o.Images, o.OpenFile = p.stdin, direct(p.stdout), p.images, openWithSystem
	o.Scans = ui.Scans{Dir: p.scans, Local: true} // who sits here may read the files of this machine
	file, ok := p.stdin.(*os.File)
	if o.Outlet, err = p.outlet(o.Demo); err != nil {
		return err
	}
	if !ok || runtime.GOOS == "windows" {
		return ui.Run(p.ctx, o)
	}
	before, err := term.MakeRaw(int(file.Fd()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, term.Restore(int(file.Fd()), before)) }()
	in := graphics.NewInput(file)
	defer in.Close()
	o.Input, o.Ask, o.Cell = in, in.Asking(direct(p.stdout)), cellOf(file)
	return ui.Run(p.ctx, o)
}

// openWithSystem gives a file to the program that the system has for its type, and does not wait for that to end.
func openWithSystem(path string) error {
	name, args := "xdg-open", []string{path}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", path}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // how the viewer ends is its own affair
	return nil
}
