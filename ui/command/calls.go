package command

import (
	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// callFlags say whose certificates a call list holds.
type callFlags struct {
	area, from, to string
	overdue, csv   bool
}

func (p *program) exportCalls() *cobra.Command {
	var f callFlags
	cmd := &cobra.Command{
		Use: "calls OUT.xlsx|OUT.csv", Args: p.arguments(1, 1),
		Example: "  rongzheng export calls calls.xlsx --area 510107 --as zhou\n  rongzheng export calls december.csv --from 2026-12-01 --to 2026-12-31 --as guanli\n  rongzheng export calls overdue.xlsx --overdue --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.exportCalls(args[0], &f) })
		},
	}
	cmd.Flags().StringVar(&f.area, "area", "", p.words.Say("flag.calls_area"))
	cmd.Flags().StringVar(&f.from, "from", "", p.words.Say("flag.calls_from"))
	cmd.Flags().StringVar(&f.to, "to", "", p.words.Say("flag.calls_to"))
	cmd.Flags().BoolVar(&f.overdue, "overdue", false, p.words.Say("flag.overdue"))
	cmd.Flags().BoolVar(&f.csv, "csv", false, p.words.Say("flag.csv"))
	return cmd
}

// exportCalls writes whom to remind of a renewal: those whose window is open, those of a period, or those who are late. It
// holds names and mobiles in clear, so the log has its line before anybody can read it.
func (d *desk) exportCalls(path string, f *callFlags) error {
	now := d.now()
	today := review.DateOf(now)
	q, err := d.callQuery(f, today)
	if err != nil {
		return err
	}
	return d.writeRecorded(path, f.csv, func() (exchange.Table, review.Event, error) {
		return ui.CallList(d.words, d.store.Policy(), d.store, q, today)
	})
}

func (d *desk) callQuery(f *callFlags, today review.Date) (store.EndingQuery, error) {
	q := store.EndingQuery{By: d.by, In: d.store.Policy().Renewable(today)}
	if f.overdue {
		q.In = review.Overdue(today)
	}
	for _, given := range []struct {
		text string
		into *review.Date
	}{{f.from, &q.In.From}, {f.to, &q.In.To}} {
		if given.text == "" {
			continue
		}
		day, err := review.ParseDate(given.text)
		if err != nil {
			return q, d.misused("usage.on")
		}
		*given.into = day
	}
	if q.In.From.After(q.In.To) {
		return q, d.misused("usage.from_to")
	}
	var err error
	q.Area, err = d.overseen(f.area)
	return q, err
}
