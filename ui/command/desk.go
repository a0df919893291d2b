package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rongzheng/store"
	"rongzheng/ui"
	"rongzheng/ui/demo"
)

// runDesk opens the desk on this machine's data. An empty folder is set up by the desk's own first questions. Who names an
// account means a folder that has it, and a laptop with work packs has its register elsewhere, so that then none is made.
func (p *program) runDesk() error {
	if err := p.onTerminal(); err != nil {
		return err
	}
	return p.openDesk()
}

func (p *program) openDesk() error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	s, err := p.open(p.named() == "" && len(packsIn(dir)) == 0)
	if err != nil {
		return err
	}
	account, err := p.deskAccount(s)
	if err == nil {
		err = p.unlock()
	}
	if err == nil {
		err = p.desk(s, account, false)
	}
	return errors.Join(err, s.Close())
}

// deskAccount is the account to open the desk as, "" when the desk has to ask.
func (p *program) deskAccount(s accountReader) (string, error) {
	by, err := p.actor(s)
	if errors.Is(err, ui.ErrNoAccount) {
		return "", nil
	}
	return by.Name, err
}

// onTerminal refuses to draw screens where nobody could see them or press a key.
func (p *program) onTerminal() error {
	for _, stream := range []any{p.stdin, direct(p.stdout)} {
		if file, ok := stream.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
			return errNoTerminal
		}
	}
	return nil
}

func (p *program) desk(s *store.Store, account string, made bool) error {
	defer p.keepDrawn(s, nil)()
	return p.onOwnTerminal(ui.Options{
		Store: s, Account: account, Lang: p.words.Lang(), Clock: p.now, Environ: os.Environ(), Outlet: ui.Folder("."), Guides: p.guides(), Sheets: ".",
		TakeOut: p.takeOutOn(s), Demo: made,
	})
}

// printerFlag lets a command that opens a desk say where certificates are printed.
func (p *program) printerFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.printer, "printer", "", p.words.Say("flag.printer"))
}

// imagesFlag lets a command that opens a desk say how pictures are shown, and where those of the scanner lie.
func (p *program) imagesFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.images, "images", "auto", p.words.Say("flag.images"))
	cmd.Flags().StringVar(&p.scans, "scans", os.Getenv("RONGZHENG_SCANS"), p.words.Say("flag.scans"))
	sure(cmd.MarkFlagDirname("scans"))
	p.complete(cmd, "images", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"auto", "kitty", "iterm2", "sixel", "blocks", "none"}, cobra.ShellCompDirectiveNoFileComp
	})
}

func (p *program) demoCommand() *cobra.Command {
	var applications int
	var keep string
	cmd := &cobra.Command{
		Use: "demo", Args: p.noArguments,
		Example: "  rongzheng demo\n  rongzheng demo --as " + demo.Reviewer2 + "\n  rongzheng demo --applications 100000 --keep ./big",
		RunE: func(*cobra.Command, []string) error {
			if applications < 1 || applications > demo.Most {
				return p.misused("usage.applications", demo.Most)
			}
			return p.runDemo(applications, keep)
		},
	}
	cmd.Flags().IntVar(&applications, "applications", 300, p.words.Say("flag.applications"))
	p.imagesFlag(cmd)
	p.printerFlag(cmd)
	cmd.Flags().StringVar(&keep, "keep", "", p.words.Say("flag.keep"))
	return cmd
}

// runDemo makes the folder of made-up people and opens the desk on it. A throw-away folder goes with the desk; one
// that is kept is only built when it is not there yet.
func (p *program) runDemo(applications int, keep string) error {
	if err := p.onTerminal(); err != nil {
		return err
	}
	dir := keep
	if keep == "" {
		made, err := os.MkdirTemp("", "rongzheng-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		dir = filepath.Join(made, "data")
	}
	if err := p.buildDemo(dir, applications); err != nil {
		return err
	}
	p.data = dir
	if p.scans == "" {
		p.scans = filepath.Join(dir, demo.ScanFolder)
	}
	if p.as == "" {
		p.as = demo.Reviewer
	}
	s, err := p.open(false)
	if err != nil {
		return err
	}
	by, err := p.actor(s)
	if err == nil {
		err = p.desk(s, by.Name, true)
	}
	err = errors.Join(err, s.Close())
	if keep != "" && err == nil {
		_, err = fmt.Fprintln(p.stdout, p.words.Say("demo.kept", keep))
	}
	return err
}

func (p *program) buildDemo(dir string, applications int) error {
	policy, err := p.policy()
	if err != nil {
		return err
	}
	if s, err := store.Open(dir, store.Options{Policy: policy, ReadOnly: true}); err == nil {
		return s.Close()
	} else if !errors.Is(err, store.ErrNoData) {
		return err
	}
	bar := newProgress(p.stderr, p.words.Say("demo.building"))
	defer bar.end()
	return demo.Build(p.ctx, dir, demo.Options{
		Applications: applications, Seed: demo.Seed, Now: p.now(), Policy: policy, Progress: bar.step,
	})
}
