package command

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// pageRows is how many rows are read at a time: the cost of a long list is its length, the memory one page.
const pageRows = 200

// listing is what list and certificate list are asked for.
type listing struct {
	asJSON, reveal bool
	limit          uint32 // 0 for all
	queue          string
}

func (p *program) listCommand() *cobra.Command {
	var l listing
	cmd := &cobra.Command{
		Use: "list [QUERY]", Args: p.arguments(0, 0),
		Example: "  rongzheng list --queue pending --as chushen\n  rongzheng list 王芳 --json --as guanli\n  rongzheng list --as guanli -- kind:renewal 'due<3d' -hold",
		RunE: func(_ *cobra.Command, args []string) error {
			queue := store.QueueName(l.queue)
			if queue == store.Certificates || !slices.Contains(store.Queues(), queue) {
				return p.misused("usage.queue", l.queue)
			}
			return p.with(func(d *desk) error { return d.list(queue, joined(args), l) })
		},
	}
	p.listFlags(cmd, &l)
	cmd.Flags().StringVar(&l.queue, "queue", string(store.All), p.words.Say("flag.queue"))
	p.complete(cmd, "queue", completeQueue)
	return cmd
}

func (p *program) listFlags(cmd *cobra.Command, l *listing) {
	p.jsonFlag(cmd, &l.asJSON)
	cmd.Flags().BoolVar(&l.reveal, "reveal", false, p.words.Say("flag.reveal"))
	cmd.Flags().Uint32Var(&l.limit, "limit", 0, p.words.Say("flag.limit"))
}

func completeQueue(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, q := range store.Queues() {
		if q != store.Certificates {
			names = append(names, string(q))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// list prints a queue page by page, so that its length costs neither memory nor a wait for the first row.
func (d *desk) list(name store.QueueName, text string, l listing) error {
	if err := d.mayReveal(l.reveal); err != nil {
		return err
	}
	today := review.DateOf(d.now())
	query, err := d.query(name, text, today)
	if err != nil {
		return err
	}
	queue := store.Queue{Name: name, By: d.by, Query: query, Today: today}
	at, left, none := store.Cursor(""), int(l.limit), true
	for {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		page, err := d.store.Page(queue, at, true, pageRows)
		if err != nil {
			return err
		}
		rows := page.Rows
		if l.limit > 0 {
			rows = rows[:min(left, len(rows))]
			left -= len(rows)
		}
		if err := d.printRows(rows, l); err != nil {
			return err
		}
		none = none && len(rows) == 0
		if !page.More || l.limit > 0 && left == 0 {
			d.sayNone(none)
			return nil
		}
		at = page.Next
	}
}

// sayNone tells whoever waits for rows that there are none; standard output stays empty for what reads it.
func (d *desk) sayNone(none bool) {
	if none {
		fmt.Fprintln(d.stderr, d.words.Say("list.none"))
	}
}

// query reads what is asked for, in the language of the desk's filter line.
func (d *desk) query(name store.QueueName, text string, today review.Date) (review.Query, error) {
	query, err := review.ParseQuery(text, d.store.Policy(), today)
	if wrong, ok := errors.AsType[*review.QueryError](err); ok {
		return query, &unreadableError{text, wrong}
	}
	asksMore := func(t review.Term) bool { return t.Key != "" }
	if err == nil && name == store.Certificates && slices.ContainsFunc(query.Terms, asksMore) {
		return query, errWordsOnly
	}
	return query, err
}

// mayReveal refuses before anything is printed what the account may not see in clear.
func (d *desk) mayReveal(reveal bool) error {
	if !reveal {
		return nil
	}
	return d.by.May(review.Reveal)
}

func (d *desk) printRows(rows []store.Row, l listing) error {
	var t table
	for _, row := range rows {
		if l.reveal {
			if err := d.recordReveal(row.Application, row.Certificate); err != nil {
				return err
			}
		}
		switch {
		case row.Application != nil && l.asJSON:
			if err := exchange.WriteLine(d.stdout, exchange.EncodeRow(row.Application, l.reveal)); err != nil {
				return err
			}
		case row.Application != nil:
			t.add(d.applicationCells(row.Application, l.reveal)...)
		case l.asJSON:
			line := exchange.EncodeCertificateRow(row.Certificate, review.DateOf(d.now()), l.reveal)
			if err := exchange.WriteLine(d.stdout, line); err != nil {
				return err
			}
		default:
			t.add(d.certificateCells(row.Certificate, l.reveal)...)
		}
	}
	return t.write(d.stdout)
}

// recordReveal writes down that personal data were shown in clear, record by record (domain §10).
func (d *desk) recordReveal(a *review.Application, c *review.Certificate) error {
	event := review.Event{Action: review.Reveal}
	if a != nil {
		event.Reference, event.Revision = a.Reference, a.Revision
	} else {
		event.Certificate = c.Number
	}
	return d.store.Record(d.by.Name, event, d.now())
}

func (d *desk) applicationCells(a *review.Application, reveal bool) []string {
	due := a.DueOn.String()
	if a.DueEstimated {
		due = d.words.Say("list.due_estimated", due)
	}
	return []string{
		a.Reference, d.words.Say("kind." + string(a.Kind)), d.name(a.Form, reveal), d.words.Area(a.Area),
		d.words.State(a), due,
	}
}

func (p *program) certificateCells(c *review.Certificate, reveal bool) []string {
	row := exchange.EncodeCertificateRow(c, review.DateOf(p.now()), reveal)
	return []string{
		row.Number, p.words.CertificateState(c, review.DateOf(p.now())), ui.Plain(row.Name), p.credential(c),
		row.ValidFrom.String(), row.ValidUntil.String(), p.words.Area(row.ReviewArea),
	}
}

// credential is the level of the credential in the language of the words.
func (p *program) credential(c *review.Certificate) string {
	v := c.Told()
	if v == nil {
		return ""
	}
	return p.words.Option("level", v.Form.Get("level"))
}

func (d *desk) name(form review.Form, reveal bool) string {
	name := form.Get("name")
	if !reveal {
		name = review.MaskName(name)
	}
	return ui.Plain(name)
}
