package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/store/exchange"
)

func (p *program) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "import PATH...", Args: p.arguments(1, 0),
		Example: "  rongzheng import ./packages --as menhu\n  rongzheng import batch.zip --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.importPackages(args) })
		},
	}
	cmd.AddCommand(p.importCertificates())
	return cmd
}

func (d *desk) importPackages(paths []string) error {
	bar := newProgress(d.stderr, d.words.Say("import.importing"))
	report, err := exchange.Import(d.ctx, d.store, d.by.Name, paths, d.now, bar.step)
	bar.end()
	for _, item := range report.Items {
		d.imported(item)
	}
	switch {
	case errors.Is(err, context.Canceled):
		d.complain(d.words.Say("import.interrupted"))
		return errPartial
	case err != nil:
		return err
	case len(report.Items) == 0:
		return errNothing
	}
	fmt.Fprintln(d.stdout, d.words.Say("import.summary", report.Count(exchange.Taken), report.Count(exchange.Already),
		report.Count(exchange.Withdrawn), report.Count(exchange.Refused)))
	if report.Count(exchange.Refused) > 0 {
		return errPartial
	}
	return nil
}

// imported says what became of one package; a refused one is named with every reason.
func (d *desk) imported(item exchange.Item) {
	name := item.Reference
	if name == "" {
		name = item.Source
	}
	line := d.words.Say("import."+string(item.Outcome), name)
	if item.Outcome != exchange.Refused {
		fmt.Fprintln(d.stdout, line)
		return
	}
	fmt.Fprintln(d.stderr, line+"\n"+indent(d.words.Explain(item.Err)))
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

func (p *program) importCertificates() *cobra.Command {
	var portraits string
	cmd := &cobra.Command{
		Use: "certificates FILE", Args: p.arguments(1, 1),
		Example: "  rongzheng import certificates old.xlsx --portraits ./photos --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.importLegacy(args[0], portraits) })
		},
	}
	cmd.Flags().StringVar(&portraits, "portraits", "", p.words.Say("flag.portraits"))
	return cmd
}

func (d *desk) importLegacy(path, portraits string) error {
	bar := newProgress(d.stderr, d.words.Say("import.importing"))
	report, err := exchange.ImportLegacy(d.ctx, d.store, d.by.Name, path, portraits, d.now, bar.step)
	bar.end()
	for _, bad := range report.Bad {
		fmt.Fprintln(d.stderr, d.words.Say("import.row_refused", bad.Row)+"\n"+indent(d.words.Explain(bad.Err)))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(d.stdout, d.words.Say("import.legacy_summary", report.Taken, report.Already, len(report.Bad)))
	if report.Unused > 0 {
		fmt.Fprintln(d.stdout, d.words.Say("import.portraits_unused", report.Unused))
	}
	if len(report.Bad) > 0 {
		return errPartial
	}
	return nil
}
