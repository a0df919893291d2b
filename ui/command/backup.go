package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rongzheng/review"
	"rongzheng/store/backup"
	"rongzheng/store/durable"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

func (p *program) backupCommand() *cobra.Command {
	var since string
	cmd := &cobra.Command{
		Use: "backup [OUT]", Args: p.atMostOne(),
		Example: "  rongzheng backup rongzheng.tar --as guanli\n  rongzheng backup part.tar --since 2026-11-01 --as guanli\n  rongzheng backup - > rongzheng.tar",
		RunE: func(_ *cobra.Command, args []string) error {
			from, err := parseSince(since)
			if err != nil {
				return p.misused("usage.since")
			}
			return p.backup(first(args), from)
		},
	}
	if p.bound != nil {
		cmd.Example = "  rongzheng backup > rongzheng.tar\n  rongzheng backup --since 2026-11-01 > part.tar"
	}
	cmd.Flags().StringVar(&since, "since", "", p.words.Say("flag.backup_since"))
	return cmd
}

// atMostOne takes an argument or none.
func (p *program) atMostOne() cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return p.misused("usage.arguments", cmd.UseLine())
		}
		return nil
	}
}

// first is the only argument, "" for none.
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// toStandardOutput is the name that stands for standard output.
const toStandardOutput = "-"

// backup writes the backup to a file of this machine, or, over SSH and where it is asked for, to standard output. While a
// server has the folder open the server writes it.
func (p *program) backup(out string, since time.Time) error {
	if p.bound != nil {
		if cmp.Or(out, toStandardOutput) != toStandardOutput {
			return p.misused("usage.no_file")
		}
		return p.with(func(d *desk) error { return d.backupTo(d.stdout, since, func() error { return nil }, d.stderr) })
	}
	out = cmp.Or(out, "rongzheng-"+p.now().In(review.Zone).Format("20060102-150405")+".tar")
	if out == toStandardOutput {
		if p.isTerminal(direct(p.stdout)) {
			return p.misused("usage.backup_terminal")
		}
		return p.backupFrom(p.stdout, since, func() error { return nil }, p.stderr)
	}
	if err := p.outside(out); err != nil {
		return err
	}
	return durable.WriteFile(out, func(w io.Writer) error {
		settle := func() error { return nil }
		if f, ok := w.(interface{ Sync() error }); ok { // recorded only once it is on the disk
			settle = f.Sync
		}
		return p.backupFrom(w, since, settle, p.stdout)
	})
}

func (p *program) isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// outside refuses to write a backup into the folder that it is of: the next one would hold it.
func (p *program) outside(out string) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	whole, err := filepath.Abs(filepath.Dir(out))
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return err
	}
	if rel, err := filepath.Rel(dir, whole); err == nil && filepath.IsLocal(rel) {
		return backup.ErrInside
	}
	return nil
}

// backupFrom has the backup written by the server where one runs, else from the folder itself.
func (p *program) backupFrom(w io.Writer, since time.Time, settle func() error, say io.Writer) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	if _, err := serve.Ask(dir); err == nil {
		return p.backupOfServer(dir, w, since, settle, say)
	}
	return p.with(func(d *desk) error { return d.backupTo(w, since, settle, say) })
}

// backupOfServer asks the server that has the folder open. It writes and records; what it says of the result is for say.
func (p *program) backupOfServer(dir string, w io.Writer, since time.Time, settle func() error, say io.Writer) error {
	args := []string{"backup", "--lang", p.lang}
	if !since.IsZero() {
		args = append(args, "--since", since.Format(time.RFC3339))
	}
	account := cmp.Or(p.as, os.Getenv("RONGZHENG_AS"), ui.DeskAccount(dir))
	if account == "" {
		return ui.ErrNoAccount
	}
	bar := newProgress(p.stderr, p.words.Say("backup.writing"))
	buffer := bufio.NewWriterSize(&metered{w, bar, 0}, 1<<20)
	var said strings.Builder
	status, err := serve.Tell(p.ctx, dir, account, p.words.Lang(), args, buffer, &said)
	err = errors.Join(err, buffer.Flush())
	bar.end()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return backup.ErrIncomplete
	case err != nil:
		return err
	case status != exitDone && status != exitPartial:
		io.WriteString(p.stderr, said.String())
		return errSaid
	}
	if err := settle(); err != nil {
		return err
	}
	io.WriteString(say, said.String())
	if status == exitPartial {
		return errPartial
	}
	return nil
}

// metered shows on a progress how much passes.
type metered struct {
	to  io.Writer
	bar *progress
	n   int64
}

func (m *metered) Write(p []byte) (int, error) {
	n, err := m.to.Write(p)
	m.n += int64(n)
	m.bar.step(int(m.n>>20), 0)
	return n, err
}

func (d *desk) backupTo(w io.Writer, since time.Time, settle func() error, say io.Writer) error {
	bar := newProgress(d.stderr, d.words.Say("backup.writing"))
	done, err := backup.Write(d.ctx, d.store, d.by.Name, w, d.now(), backup.Options{
		Since: since, Progress: func(n int64) { bar.step(int(n>>20), 0) },
	}, settle)
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintln(say, d.words.Say("backup.done", done.Attachments, float64(done.Bytes)/(1<<20)))
	for _, sha := range done.Damaged {
		fmt.Fprintln(d.stderr, d.words.Say("backup.damaged", sha))
	}
	if len(done.Damaged) > 0 {
		return errPartial
	}
	return nil
}

func (p *program) restoreCommand() *cobra.Command {
	var bases []string
	var replace bool
	cmd := &cobra.Command{
		Use: "restore FILE", Args: p.arguments(1, 1),
		Example: "  rongzheng restore rongzheng.tar --data ./new --as guanli\n  rongzheng restore part.tar --base rongzheng.tar --replace --as guanli",
		RunE:    func(_ *cobra.Command, args []string) error { return p.restore(args[0], bases, replace) },
	}
	cmd.Flags().StringArrayVar(&bases, "base", nil, p.words.Say("flag.base"))
	cmd.Flags().BoolVar(&replace, "replace", false, p.words.Say("flag.replace"))
	return cmd
}

func (p *program) restore(path string, bases []string, replace bool) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	policy, err := p.policy()
	if err != nil {
		return err
	}
	if err := free(dir); err != nil {
		return err
	}
	account := cmp.Or(p.as, os.Getenv("RONGZHENG_AS"))
	if account == "" {
		return ui.ErrNoAccount
	}
	unpacked, checked := newProgress(p.stderr, p.words.Say("restore.unpacking")), newProgress(p.stderr, p.words.Say("check.checking"))
	o := backup.RestoreOptions{
		Account: account, Now: p.now(), Replace: replace, Unpacked: func(n int64) { unpacked.step(int(n>>20), 0) }, Checked: checked.step,
	}
	o.Store.Policy, o.Store.Drawable = policy, drawable()
	done, err := p.restoreFiles(dir, path, bases, o)
	unpacked.end()
	checked.end()
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.words.Say("restore.done", done.At.In(review.Zone).Format("2006-01-02 15:04:05"), ui.Plain(done.By), dir))
	if done.Kept != "" {
		fmt.Fprintln(p.stdout, p.words.Say("restore.kept", done.Kept))
	}
	for _, sha := range done.Damaged {
		fmt.Fprintln(p.stderr, p.words.Say("backup.damaged", sha))
	}
	if len(done.Damaged) > 0 {
		return errPartial
	}
	return nil
}

func (p *program) restoreFiles(dir, path string, bases []string, o backup.RestoreOptions) (backup.Restored, error) {
	opened := make([]io.Reader, 0, 1+len(bases))
	for _, name := range append([]string{path}, bases...) {
		f, err := p.openInput(name)
		if err != nil {
			return backup.Restored{}, err
		}
		defer f.Close()
		opened = append(opened, bufio.NewReaderSize(f, 1<<20))
	}
	o.Bases = opened[1:]
	return backup.Restore(p.ctx, opened[0], dir, o)
}

// openInput opens a file; - is standard input.
func (p *program) openInput(name string) (io.ReadCloser, error) {
	if name == toStandardOutput {
		return io.NopCloser(p.stdin), nil
	}
	return os.Open(name)
}

// explainBackup is the sentence of an error of backup and restore.
func (p *program) explainBackup(err error) (string, bool) {
	if unsound, ok := errors.AsType[*backup.UnsoundError](err); ok {
		lines := []string{p.words.Say("restore.unsound", len(unsound.Findings))}
		for _, f := range unsound.Findings[:min(len(unsound.Findings), 8)] {
			lines = append(lines, p.words.Say("check.finding", f.Kind, f.Where, f.What, f.Text))
		}
		return strings.Join(lines, "\n"), true
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{backup.ErrNotBackup, "restore.not_backup"}, {backup.ErrNewer, "restore.newer"}, {backup.ErrIncomplete, "restore.incomplete"},
		{backup.ErrAltered, "restore.altered"}, {backup.ErrInUse, "restore.in_use"}, {backup.ErrInside, "backup.inside"},
		{context.Canceled, "backup.stopped"},
	} {
		if errors.Is(err, known.err) {
			return p.words.Say(known.key), true
		}
	}
	return "", false
}
