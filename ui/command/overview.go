package command

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// overviewFlags narrow the figures of export overview.
type overviewFlags struct {
	unit, on, area string
	level          uint8
	csv            bool
}

func (p *program) exportOverview() *cobra.Command {
	var f overviewFlags
	cmd := &cobra.Command{
		Use: "overview OUT.xlsx|OUT.csv", Args: p.arguments(1, 1),
		Example: "  rongzheng export overview figures.xlsx --as guanli\n  rongzheng export overview q3.csv --period quarter --on 2026-09-30 --area 510107 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.exportOverview(args[0], &f) })
		},
	}
	cmd.Flags().StringVar(&f.unit, "period", string(review.Month), p.words.Say("flag.period"))
	cmd.Flags().StringVar(&f.on, "on", "", p.words.Say("flag.on"))
	cmd.Flags().StringVar(&f.area, "area", "", p.words.Say("flag.overview_area"))
	cmd.Flags().Uint8Var(&f.level, "level", 0, p.words.Say("flag.overview_level"))
	cmd.Flags().BoolVar(&f.csv, "csv", false, p.words.Say("flag.csv"))
	p.complete(cmd, "period", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, u := range review.Units() {
			names = append(names, string(u))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// exportOverview writes what the overview shows of a period: all its pages. It holds numbers and no personal data.
func (d *desk) exportOverview(path string, f *overviewFlags) error {
	of, err := d.overviewOf(f)
	if err != nil {
		return err
	}
	return d.writeTables(path, f.csv, func() ([]exchange.Table, error) {
		figures, err := d.store.Figures(d.by, of.From())
		if err != nil {
			return nil, err
		}
		return ui.OverviewTables(d.words, d.by, d.store.Policy(), &figures, of), nil
	})
}

// tablesTo finds out how to write tables to a file, or to standard output for -, which is the only place for a run over SSH.
func (d *desk) tablesTo(path string, asCSV bool) (func(w io.Writer, tables []exchange.Table) error, error) {
	switch {
	case path == "-" && asCSV:
		path = "-.csv"
	case path == "-":
		path = "-.xlsx"
	case d.bound != nil:
		return nil, d.misused("usage.no_file")
	}
	return exchange.TableWriter(path)
}

// writeTables writes tables that hold no personal data.
func (d *desk) writeTables(path string, asCSV bool, make func() ([]exchange.Table, error)) error {
	write, err := d.tablesTo(path, asCSV)
	if err != nil {
		return err
	}
	tables, err := make()
	if err != nil {
		return err
	}
	if path == "-" {
		return write(d.stdout, tables)
	}
	if err := durable.WriteFile(path, func(w io.Writer) error { return write(w, tables) }); err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("overview.exported", path))
	return err
}

// writeRecorded writes a table with personal data once the log has its line.
func (d *desk) writeRecorded(path string, asCSV bool, make func() (exchange.Table, review.Event, error)) error {
	write, err := d.tablesTo(path, asCSV)
	if err != nil {
		return err
	}
	table, event, err := make()
	if err != nil {
		return err
	}
	record := func() error { return d.store.Record(d.by.Name, event, d.now()) }
	if path == "-" {
		if err := record(); err != nil {
			return err
		}
		return write(d.stdout, []exchange.Table{table})
	}
	err = durable.WriteSettled(path, func(w io.Writer) error { return write(w, []exchange.Table{table}) }, record)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("expiry.exported", len(table.Rows), path))
	return err
}

// overseen reads the area that figures are narrowed to, by its code or its label: one that the account sees, or "" for
// all.
func (d *desk) overseen(text string) (string, error) {
	code := areaCode(d.store.Policy(), text)
	if _, ok := d.store.Policy().Option("area", code); code != "" && !ok {
		return "", &review.RuleError{Code: "area_unknown", Args: review.Args{"area": ui.Plain(text)}}
	}
	if code != "" && !d.by.Oversees(code) {
		return "", &review.RuleError{Code: "area_outside", Args: review.Args{"area": d.words.Area(code)}}
	}
	return code, nil
}

// overviewOf reads the flags: the day of --on lies in the period, today does without one.
func (d *desk) overviewOf(f *overviewFlags) (ui.OverviewOf, error) {
	today := review.DateOf(d.now())
	on, err := review.ParseDate(f.on)
	if err != nil {
		return ui.OverviewOf{}, d.misused("usage.on")
	}
	if on.IsZero() {
		on = today
	}
	unit := review.Unit(f.unit)
	if !slices.Contains(review.Units(), unit) {
		return ui.OverviewOf{}, d.misused("usage.period")
	}
	if most := len(d.store.Policy().Levels); int(f.level) > most {
		return ui.OverviewOf{}, d.misused("usage.level", most)
	}
	area, err := d.overseen(f.area)
	if err != nil {
		return ui.OverviewOf{}, err
	}
	part := review.Part{Level: int(f.level), Area: area}
	return ui.OverviewOf{Unit: unit, Period: review.PeriodOf(unit, on, 0), Part: part, Today: today}, nil
}
