package command

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"rongzheng/ui"
)

// fakeLP stands for lp in a folder that alone is searched for programs.
func fakeLP(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("lp is a command of Unix systems")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lp"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestPrinterOfTheSystem(t *testing.T) {
	said := filepath.Join(t.TempDir(), "said")
	fakeLP(t, "IFS= read -r line\necho \"$@\" \"$line\" > '"+said+"'\necho 'request id is office-1 (1 file)'\n")
	p := &program{ctx: context.Background(), printer: "office", words: ui.NewWords("en")}
	to, err := p.outlet(false)
	if err != nil {
		t.Fatal(err)
	}
	settled := false
	where, err := to.Print("CD-2026-000001", []byte("%PDF\n"), func() error { settled = true; return nil })
	if err != nil || !settled || where != "handed to the printer (job office-1)" {
		t.Errorf("got %q, %v, settled %v", where, err, settled)
	}
	if got, err := os.ReadFile(said); err != nil || string(got) != "-t CD-2026-000001 -o media=A4 -o sides=two-sided-short-edge -d office - %PDF\n" {
		t.Errorf("lp got %q, %v", got, err)
	}
	errLedger := errors.New("ledger")
	if _, err := to.Print("CD-2026-000001", nil, func() error { return errLedger }); !errors.Is(err, errLedger) {
		t.Errorf("got %v: what is not in the ledger must not reach the printer", err)
	}
}

func TestPrinterThatIsNotThere(t *testing.T) {
	fakeLP(t, "echo 'lp: The printer or class does not exist.' >&2\nexit 1\n")
	p := &program{ctx: context.Background(), printer: "nowhere"}
	to, err := p.outlet(false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = to.Print("CD-2026-000001", []byte("%PDF"), func() error { return nil })
	refused, ok := errors.AsType[*ui.PrinterError](err)
	if !ok || !bytes.Contains([]byte(ui.NewWords("en").Explain(refused)), []byte("does not exist")) {
		t.Errorf("got %v, want the printer's own words", err)
	}
}

// TestQueueThatTakesNothing has an lpstat that knows before: what cannot be printed is not counted.
func TestQueueThatTakesNothing(t *testing.T) {
	for script, want := range map[string]ui.PrinterFault{
		"echo 'lpstat: Invalid destination name in list \"office\".' >&2\nexit 1\n":                                           ui.PrinterUnknown,
		"[ $1 = -r ] && echo 'scheduler is not running' && exit 0\necho 'lpstat: Invalid destination name in list'\nexit 1\n": ui.PrinterService,
		"echo 'office not accepting requests since Thu Nov 26 00:20:25 2026 -'\nexit 0\n":                                     ui.PrinterCloses,
	} {
		fakeLPStat(t, fakeLP(t, "echo never >&2\nexit 1\n"), script)
		p := &program{ctx: context.Background(), printer: "office", words: ui.NewWords("en")}
		to, err := p.outlet(false)
		if err != nil {
			t.Fatal(err)
		}
		settled := false
		_, err = to.Print("CD-2026-000001", []byte("%PDF"), func() error { settled = true; return nil })
		refused, ok := errors.AsType[*ui.PrinterError](err)
		if !ok || refused.Fault != want || settled {
			t.Errorf("got %v, settled %v, want %s before anything is counted", err, settled, want)
		}
		if said := p.words.Explain(err); !strings.Contains(said, "office") || strings.Contains(said, "%!") {
			t.Errorf("explained as %q", said)
		}
	}
}

// TestQueueThatStandsStill takes the file and gives no paper: who prints is told.
func TestQueueThatStandsStill(t *testing.T) {
	fakeLPStat(t, fakeLP(t, "while read -r line; do :; done\necho 'request id is front-desk-12 (0 file(s))'\n"),
		"case $1 in -a) echo 'front-desk accepting requests since x';; *) echo 'printer front-desk disabled since x -';; esac\n")
	p := &program{ctx: context.Background(), printer: "front-desk", words: ui.NewWords("en")}
	to, err := p.outlet(false)
	if err != nil {
		t.Fatal(err)
	}
	where, err := to.Print("CD-2026-000001", []byte("%PDF\n"), func() error { return nil })
	if want := p.words.Say("printing.job_waits", "front-desk-12", "front-desk"); err != nil || where != want {
		t.Errorf("got %q, %v, want %q", where, err, want)
	}
}

// fakeLPStat puts an lpstat beside a fake lp.
func fakeLPStat(t *testing.T, dir, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "lpstat"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestNoPrinterAtAll(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := (&program{ctx: context.Background(), printer: "office"}).outlet(false); !errors.Is(err, ui.ErrNoPrinter) {
		t.Errorf("got %v, want ui.ErrNoPrinter", err)
	}
	for name, p := range map[string]*program{
		"no lp": {ctx: context.Background()}, "asked for files": {ctx: context.Background(), printer: toFile},
	} {
		if to, err := p.outlet(false); err != nil || to != ui.Folder(".") {
			t.Errorf("%s: got %v, %v, want files", name, to, err)
		}
	}
	fakeLP(t, "exit 0\n")
	if to, err := (&program{ctx: context.Background()}).outlet(true); err != nil || to != ui.Folder(".") {
		t.Errorf("made-up people: got %v, %v, want files", to, err)
	}
}
