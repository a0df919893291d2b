package command

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

// Bound ties a command line to a store that is open already and to the account that it acts as.
type Bound struct {
	Store   *store.Store
	Account string
	Lang    review.Lang
	Clock   func() time.Time
	// Ring are the keys of the register, nil on a work pack, which has none: what signs there is refused.
	Ring *code.Ring
	// Unsealed says that certificates carry a specimen in the place of the office's seal, which whoever issues one is told.
	Unsealed bool
	// Pack is the number of the work pack that the store is, "" for a desk. Of the commands it takes packCommands.
	Pack string
}

// remoteCommands are what may be asked of a server: what reads, what decides, and what administrators do while it runs.
// Nothing among them names a file of the server.
var remoteCommands = []string{
	"list", "show", "certificate", "approve", "reject", "hold", "release", "reroute", "take-back", "withdraw",
	"form", "receipt", "notice",
	"mail",
	"export",
	"pack",
	"audit",
	"account",
	"backup",
	"key", "verify",
	"whoami",
	"help",
}

// packCommands are those of remoteCommands that a work pack takes: what reads, and what decides.
var packCommands = []string{
	"list", "show", "certificate", "approve", "reject", "hold", "release", "reroute", "take-back", "whoami", "help",
}

// remoteNames are those of remoteCommands that the run has: what needs the register's keys is not there without them.
func (p *program) remoteNames() []string {
	switch {
	case p.bound.Pack != "":
		return packCommands
	case p.ring != nil:
		return remoteCommands
	}
	return slices.DeleteFunc(slices.Clone(remoteCommands), func(name string) bool { return name == "key" || name == "verify" })
}

// RunOn carries out a command line that came from another machine and returns the exit status. The account and the store
// are those of b and cannot be chosen; only remoteCommands are known; nothing is read from the environment, and no file
// is read or written.
func RunOn(ctx context.Context, b Bound, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{ctx: ctx, stdin: stdin, stdout: &output{to: stdout}, stderr: stderr, now: b.Clock, ring: b.Ring, bound: &b}
	p.unsealed = b.Unsealed
	if p.lang = string(b.Lang); chosen(args) {
		p.lang = language(args)
	}
	p.args = args
	p.words = ui.NewWords(p.lang).For(b.Store.Policy())
	if p.lang != string(review.Chinese) && p.lang != string(review.English) {
		return p.status(p.misused("usage.lang"))
	}
	if name := firstWord(args); name != "" && !slices.Contains(p.remoteNames(), name) {
		known := strings.Join(p.remoteNames(), " ")
		if b.Pack != "" {
			return p.status(p.misused("outside.command", ui.Plain(name), b.Pack, known))
		}
		if name == "scp" {
			return p.status(p.misused("usage.scp"))
		}
		return p.status(p.misused("usage.served", ui.Plain(name), known))
	}
	root := p.remoteRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(p.stdout)
	root.SetErr(stderr)
	return p.status(root.ExecuteContext(ctx))
}

// chosen tells whether the language is among the arguments.
func chosen(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "--lang" || strings.HasPrefix(a, "--lang=") })
}

// firstWord is the command that is asked for, "" when there are only flags.
func firstWord(args []string) string {
	for i, arg := range args {
		if !strings.HasPrefix(arg, "-") && (i == 0 || args[i-1] != "--lang") {
			return arg
		}
	}
	return ""
}

// remoteRoot is the tree of commands for a run that is bound.
func (p *program) remoteRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "rongzheng", Version: version(), Args: p.noArguments, SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: p.required,
	}
	root.PersistentFlags().StringVar(&p.lang, "lang", p.lang, p.words.Say("flag.lang"))
	root.AddCommand(slices.Concat([]*cobra.Command{p.listCommand(), p.showCommand()}, p.decisionCommands(),
		[]*cobra.Command{
			p.remoteCertificate(),
			p.formCommand(),
			p.receiptCommand(),
			p.noticeCommand(),
			p.mailCommand(),
			p.exportCommand(),
			p.remotePack(),
			p.auditCommand(),
			p.accountCommand(),
			p.backupCommand(),
			p.whoami(),
		})...)
	if p.ring != nil {
		root.AddCommand(p.group("key", p.keyExport()), p.remoteVerify())
	}
	root.SetFlagErrorFunc(p.misflagged)
	root.InitDefaultHelpCmd()
	p.translate(root)
	lead := "  ssh HOST "
	if p.bound.Pack != "" {
		lead = "  rongzheng pack run -- "
		for _, cmd := range root.Commands() {
			if !slices.Contains(packCommands, cmd.Name()) {
				root.RemoveCommand(cmd)
			}
		}
	}
	examplesFrom(lead, root)
	return root
}

// whoami tells who the key belongs to, so that a laptop learns its account.
func (p *program) whoami() *cobra.Command {
	return &cobra.Command{
		Use: "whoami", Args: p.noArguments, Example: "  rongzheng whoami",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error {
				_, err := io.WriteString(d.stdout, d.by.Name+"\n")
				return err
			})
		},
	}
}

// local is what of an example a run over SSH does not take.
var local = regexp.MustCompile(` --as \S+`)

// filesElsewhere turn what of an example names a file into what the shell at the other end makes of it: a run over SSH
// reads standard input and writes standard output.
var filesElsewhere = []struct {
	named *regexp.Regexp
	with  string
}{
	{regexp.MustCompile(`(?m) --labels .*$`), ""}, // a second file, for which there is no second output
	{regexp.MustCompile(`(?m) -o (\S+)(.*)$`), "$2 > $1"},
	{regexp.MustCompile(`(?m)(export \w+) (\S+\.csv)(.*)$`), "$1 - --csv$3 > $2"},
	{regexp.MustCompile(`(?m)(export \w+) (\S+\.\w+)(.*)$`), "$1 -$3 > $2"},
	{regexp.MustCompile(`(?m)(accept) (\S+\.\w+)$`), "$1 - < $2"},
}

// examplesFrom writes the examples as they are typed where the run comes from.
func examplesFrom(lead string, cmd *cobra.Command) {
	example := local.ReplaceAllString(cmd.Example, "")
	for _, file := range filesElsewhere {
		example = file.named.ReplaceAllString(example, file.with)
	}
	cmd.Example = strings.ReplaceAll(example, "  rongzheng ", lead)
	for _, child := range cmd.Commands() {
		examplesFrom(lead, child)
	}
}

// noFile refuses to write or read a file for a run that is bound.
func (p *program) noFile() error {
	if p.bound.Pack != "" {
		return p.misused("outside.no_file")
	}
	return p.misused("usage.no_file")
}

// remoteCertificate differs from the local command in where a print goes: to standard output, and nowhere else.
func (p *program) remoteCertificate() *cobra.Command {
	var c copying
	printing := &cobra.Command{
		Use: "print NUMBER|IDNUMBER|NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng certificate print CD-2026-000001 > certificate.pdf",
		RunE: func(_ *cobra.Command, args []string) error {
			if c.path != "-" {
				return p.noFile()
			}
			return p.with(func(d *desk) error { return d.print(args[0], c) })
		},
	}
	printing.Flags().StringVarP(&c.path, "output", "o", "-", p.words.Say("flag.output"))
	p.copyFlags(printing, &c.want)
	group := p.group("certificate", p.certificateList(), p.certificateShow(), printing, p.certificateLedger(), p.certificateSpoil(),
		p.certificateRevoke(), p.certificateRestore(), p.certificateCorrect(), p.certificateReissue(), p.certificateConfirm(), p.certificateDismiss(), p.certificateProposals())
	if p.ring != nil {
		group.AddCommand(p.certificateRevocations())
	}
	return group
}

// remoteVerify checks with the register what comes in on standard input, or the text of a code: it reads no file, so that
// nobody learns which ones there are.
func (p *program) remoteVerify() *cobra.Command {
	var v verifying
	cmd := &cobra.Command{
		Use: "verify -|TEXT...", Args: p.arguments(1, 0), Example: "  rongzheng verify - < certificate.pdf",
		RunE: func(_ *cobra.Command, args []string) error {
			if slices.ContainsFunc(args, func(arg string) bool { return arg != "-" && !code.Is(arg) }) {
				return p.misused("usage.verify_input")
			}
			return p.verify(args, v)
		},
	}
	p.verifyFlags(cmd, &v)
	return cmd
}

// withBound runs the command on the store that is open already. The account is looked up for this run, so that one that
// has been disabled is refused.
func (p *program) withBound(run func(d *desk) error) error {
	by, err := p.bound.Store.Account(p.bound.Account)
	if err != nil {
		return err
	}
	if err := by.May(review.View); err != nil {
		return err
	}
	return run(&desk{program: p, store: p.bound.Store, by: by})
}

// complete lets shells complete a flag. The library keeps what it is told for as long as the process lives, so a run that
// is one of many does not tell it.
func (p *program) complete(cmd *cobra.Command, flag string, values cobra.CompletionFunc) {
	if p.bound == nil {
		sure(cmd.RegisterFlagCompletionFunc(flag, values))
	}
}
