package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

func (p *program) exportCommand() *cobra.Command {
	return p.group("export", p.exportResults(), p.exportOverview(), p.exportCalls())
}

func (p *program) exportResults() *cobra.Command {
	var since string
	cmd := &cobra.Command{
		Use: "results OUT.zip", Args: p.arguments(1, 1),
		Example: "  rongzheng export results results.zip --since 2026-11-01 --as menhu\n  rongzheng export results - --as menhu > results.zip",
		RunE: func(_ *cobra.Command, args []string) error {
			from, err := parseSince(since)
			if err != nil {
				return p.misused("usage.since")
			}
			if p.bound != nil && args[0] != toStandardOutput {
				return p.misused("usage.no_file")
			}
			return p.with(func(d *desk) error { return d.exportResults(args[0], from) })
		},
	}
	cmd.Flags().StringVar(&since, "since", "", p.words.Say("flag.since"))
	return cmd
}

// parseSince reads a day, meant from its first instant in Asia/Shanghai, or an RFC 3339 time; nothing is the beginning.
func parseSince(text string) (time.Time, error) {
	if day, err := review.ParseDate(text); err == nil {
		return day.Time(), nil
	}
	return time.Parse(time.RFC3339, text)
}

func (d *desk) exportResults(path string, since time.Time) error {
	if path == toStandardOutput {
		return d.exportOut(since)
	}
	results, err := exchange.ExportResults(d.ctx, path, d.store, d.by, since, d.now)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("export.done", results.Applications, len(results.Certificates), path))
	return err
}

// exportOut writes the results to standard output. They lie in a file of their own first, since certificates are marked as
// delivered when the whole is safe and before anybody has it.
func (d *desk) exportOut(since time.Time) (err error) {
	dir, err := os.MkdirTemp("", "rongzheng-export-") // the owner's alone
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "results.zip")
	results, err := exchange.ExportResults(d.ctx, path, d.store, d.by, since, d.now)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(d.stdout, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stderr, d.words.Say("export.done", results.Applications, len(results.Certificates), d.words.Say("export.stdout")))
	return err
}
