package command

import (
	"fmt"
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
		Example: "  rongzheng export results results.zip --since 2026-11-01 --as menhu",
		RunE: func(_ *cobra.Command, args []string) error {
			from, err := parseSince(since)
			if err != nil {
				return p.misused("usage.since")
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
	results, err := exchange.ExportResults(d.ctx, path, d.store, d.by, since, d.now)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("export.done", results.Applications, len(results.Certificates), path))
	return err
}
