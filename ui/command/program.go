package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

// The exit statuses of the program.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3
)

var (
	// errUsage marks errors of the command line itself; cobra's own are wrapped with it too.
	errUsage = errors.New("wrong usage")
	// errPartial ends a batch of which some were refused; each has been named already.
	errPartial = errors.New("some of the batch was refused")
	// errSaid ends a command whose failure has been explained already.
	errSaid = errors.New("failed, as was said")
)

// program is one run of the command line: its surroundings and the flags that every command knows.
type program struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	words          ui.Words

	args []string // of the command line

	data, as, lang, policyFile string

	printer string // where a desk of this terminal prints: a destination of lp, or toFile
	images  string // how a desk of this terminal shows pictures
	scans   string // folder of the scanner

	passphraseFile string     // of the signing key
	ring           *code.Ring // the keys of the data folder that is open
	anyKeys        bool       // a folder whose keys are gone is opened too
	unsealed       bool       // the data folder that is open has no seal, so that certificates would carry a specimen

	patience []time.Duration // between two tries on a line that was cut

	bound *Bound // the store and the account of a run that came from elsewhere; nil for one of this machine
}

// Run carries out the arguments and returns the exit status. It reads the environment (RONGZHENG_DATA, RONGZHENG_AS,
// RONGZHENG_LANG, XDG folders) and the clock, and nothing else of the process.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{ctx: ctx, stdin: stdin, stdout: &output{to: stdout}, stderr: stderr, now: time.Now, patience: patience()}
	return p.run(args)
}

func (p *program) run(args []string) int {
	p.args, p.lang = args, language(args)
	p.words = ui.NewWords(p.lang)
	ui.Widths()
	if p.lang != string(review.Chinese) && p.lang != string(review.English) {
		return p.status(p.misused("usage.lang"))
	}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return p.status(root.ExecuteContext(p.ctx))
}

// status says what went wrong, once, and turns it into the exit status.
func (p *program) status(err error) int {
	var own *said
	unheard := p.unheard()
	switch {
	case err == nil && unheard != nil:
		p.complain(p.words.Say("output.unheard", p.explain(unheard)))
		return exitFailed
	case unheard != nil && errors.Is(err, unheard):
		p.complain(p.words.Say("output.lost", p.explain(err)))
		return exitFailed
	case err == nil:
		return exitDone
	case errors.As(err, &own):
		return own.status
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, errSaid):
		return exitFailed
	case errors.Is(err, errUsage):
		p.complain(strings.TrimPrefix(err.Error(), errUsage.Error()+": "))
		p.complain(p.words.Say(p.usageHint()))
		return exitUsage
	}
	p.complain(p.explain(err))
	if met, ok := errors.AsType[*ui.PanicError](err); ok { // nobody else keeps it here, and whoever mends it needs it
		fmt.Fprintf(p.stderr, "\n%s\n%s", met, met.Stack)
	}
	return exitFailed
}

// usageHint is the key of the sentence that says where the usage stands.
func (p *program) usageHint() string {
	if p.bound != nil && p.bound.Pack == "" {
		return "usage.hint_served"
	}
	return "usage.hint"
}

// complain writes to standard error under the program's name; what has several lines begins on a line of its own, so
// that a mark under a text stands where it belongs.
func (p *program) complain(text string) {
	if strings.Contains(text, "\n") {
		text = "\n" + indent(text)
	}
	io.WriteString(p.stderr, strings.Replace("rongzheng: "+text, ": \n", ":\n", 1)+"\n")
}

// language finds the language before the flags are parsed, because the help texts depend on it.
func language(args []string) string {
	for i, arg := range args {
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return value
		}
	}
	return cmp.Or(os.Getenv("RONGZHENG_LANG"), "zh")
}

// policy is the policy file given with --policy, else the one that the program carries. From then on levels, reasons and
// options are called what the policy calls them.
func (p *program) policy() (*review.Policy, error) {
	if p.bound != nil {
		return p.bound.Store.Policy(), nil
	}
	if p.policyFile == "" {
		return review.DefaultPolicy(), nil
	}
	data, err := os.ReadFile(p.policyFile)
	if err != nil {
		return nil, err
	}
	policy, err := review.ReadPolicy(data)
	if err == nil {
		err = cert.CheckPolicy(policy)
	}
	if err != nil {
		return nil, err
	}
	p.words = p.words.For(policy)
	return policy, nil
}

// folder is the data folder: --data, RONGZHENG_DATA, else the XDG data folder.
func (p *program) folder() (string, error) {
	if dir := cmp.Or(p.data, os.Getenv("RONGZHENG_DATA")); dir != "" {
		return dir, nil
	}
	if xdg := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "rongzheng"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share", "rongzheng"), nil
}

// open opens the data folder for reading and writing; create makes an empty one where there is none.
func (p *program) open(create bool) (*store.Store, error) {
	dir, err := p.folder()
	if err != nil {
		return nil, err
	}
	policy, err := p.policy()
	if err != nil {
		return nil, err
	}
	if err := free(dir); err != nil {
		return nil, err
	}
	if p.ring, err = code.OpenRing(filepath.Join(dir, code.Folder)); err != nil {
		return nil, err
	}
	renderer, err := p.renderer(policy, dir)
	if err != nil {
		return nil, err
	}
	bar := newProgress(p.stderr, p.words.Say("upgrade.working"))
	defer bar.end()
	s, err := store.Open(dir, store.Options{
		Policy: policy, Drawable: drawable(), Renderer: renderer, Code: p.ring.Code, CheckCode: p.checkCode,
		Distrusts: p.ring.Distrusts, Create: create, Progress: bar.step,
	})
	if err != nil {
		return nil, unreadable(dir, err)
	}
	if err := p.readyKey(s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// desk is an open store and the account that the command acts as.
type desk struct {
	*program
	store *store.Store
	by    review.Actor
}

// with opens the data folder, finds the account, runs the command and closes the store.
func (p *program) with(run func(d *desk) error) error {
	if p.bound != nil {
		return p.withBound(run)
	}
	s, err := p.open(false)
	if err != nil {
		return err
	}
	by, err := p.actor(s)
	if err == nil {
		err = run(&desk{program: p, store: s, by: by})
		p.drawIssued(s)
	}
	return errors.Join(err, s.Close())
}

// actor is the account of --as, of RONGZHENG_AS, or the one that the first start set up for this folder. The error is an
// accountError when there is none, or not that one.
func (p *program) actor(s accountReader) (review.Actor, error) {
	name := p.named()
	if name == "" {
		name = ui.DeskAccount(s.Dir())
	}
	if name == "" {
		return review.Actor{}, unnamed(s, "")
	}
	by, err := s.Account(name)
	if errors.Is(err, review.ErrNotFound) {
		err = unnamed(s, name)
	}
	return by, err
}

// root builds the tree of commands with its texts in the language of the run.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "rongzheng",
		Version:       version(),
		Args:          p.noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(*cobra.Command, []string) error { return p.runDesk() },

		PersistentPreRunE: p.required,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&p.data, "data", "", p.words.Say("flag.data"))
	flags.StringVar(&p.as, "as", "", p.words.Say("flag.as"))
	flags.StringVar(&p.lang, "lang", p.lang, p.words.Say("flag.lang"))
	flags.StringVar(&p.policyFile, "policy", "", p.words.Say("flag.policy"))
	flags.StringVar(&p.passphraseFile, "key-passphrase", "", p.words.Say("flag.key_passphrase"))
	root.AddCommand(slices.Concat([]*cobra.Command{
		p.demoCommand(), p.importCommand(), p.listCommand(), p.showCommand(),
	}, p.decisionCommands(), []*cobra.Command{
		p.certificateCommand(),
		p.formCommand(),
		p.receiptCommand(),
		p.noticeCommand(),
		p.guideCommand(),
		p.mailCommand(),
		p.exportCommand(),
		p.packCommand(),
		p.accountCommand(),
		p.checkCommand(),
		p.serveCommand(),
	})...)
	root.AddCommand(p.backupCommand(), p.restoreCommand(), p.auditCommand())
	p.imagesFlag(root)
	p.printerFlag(root)
	root.SetFlagErrorFunc(p.misflagged)
	p.addCodes(root)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	p.refuseOtherShells(root)
	p.translate(root)
	return root
}
