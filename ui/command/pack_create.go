package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/pack"
	"rongzheng/ui"
)

// packing is what pack create is asked for.
type packing struct {
	accounts []string
	printing string // certificates to take along, by words; "" for none
	output   string
	days     int
	most     int
}

// A pack lasts so long and holds at most so many cases unless something else is asked for.
const (
	defaultDays  = 14
	defaultCases = 1000
)

func (p *program) packCreate() *cobra.Command {
	var o packing
	cmd := &cobra.Command{
		Use: "create [QUERY]", Args: p.arguments(0, 0),
		Example: "  rongzheng pack create --for zhou -o zhou.pack --as guanli\n  rongzheng pack create --for zhou -o zhou.pack --days 3 --as zhou -- kind:renewal",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := p.leasable(o.days, o.most); err != nil {
				return err
			}
			if p.bound != nil && o.output != "-" {
				return p.misused("usage.no_file")
			}
			return p.with(func(d *desk) error { return d.createPack(joined(args), o) })
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&o.accounts, "for", nil, p.words.Say("flag.pack_for"))
	flags.StringVar(&o.printing, "certificates", "", p.words.Say("flag.pack_certificates"))
	flags.StringVarP(&o.output, "output", "o", "-", p.words.Say("flag.output"))
	flags.IntVar(&o.days, "days", defaultDays, p.words.Say("flag.pack_days"))
	flags.IntVar(&o.most, "limit", defaultCases, p.words.Say("flag.pack_limit"))
	require(cmd, "for")
	return cmd
}

// leasable refuses a lease of no day or too many, and a limit below none.
func (p *program) leasable(days, most int) error {
	switch {
	case days < 1 || days > 90:
		return p.misused("usage.pack_days")
	case most < 0:
		return p.misused("usage.flag_value", "--limit", strconv.Itoa(most))
	}
	return nil
}

// createPack makes a pack of what the officers can decide on and the query finds.
func (d *desk) createPack(text string, o packing) error {
	key, err := d.deskKey()
	if err != nil {
		return err
	}
	references, err := d.packable(text, o)
	if err != nil {
		return err
	}
	numbers, more, err := d.printable(o)
	if err != nil {
		return err
	}
	p, left, err := d.takeOut(review.Pack{
		Accounts: o.accounts, Query: text, Certificates: numbers, Printing: o.printing, Most: &o.most, MoreCertificates: more,
	}, references, key, o)
	d.complainLeft(left)
	if err != nil {
		return err
	}
	if more {
		d.complain(d.words.Say("pack.more_certificates", len(p.Certificates)))
	}
	if o.output == "-" {
		return nil
	}
	said := d.words.Say("pack.created", p.Number, len(p.Cases), strings.Join(p.Accounts, " "), minute(p.Until), o.output)
	if o.printing != "" {
		said += d.words.Say("pack.with_certificates", len(p.Certificates))
	}
	_, err = fmt.Fprintln(d.stdout, said)
	return err
}

// mostLeft is how many of the cases that could not be taken along are named, and why.
const mostLeft = 10

func (d *desk) complainLeft(left []store.NotTaken) {
	for _, n := range left[:min(len(left), mostLeft)] {
		d.complain(n.Reference + ": " + d.explain(n.Err))
	}
	if n := len(left) - mostLeft; n > 0 {
		d.complain(d.words.Say("pack.more_left", n))
	}
}

// takeOut leases the cases and writes the pack. Where it is not written to its last byte, whatever the cause, the lease ends
// again: nobody has the pack.
func (d *desk) takeOut(
	asked review.Pack, references []string, key *pack.Key, o packing,
) (p review.Pack, left []store.NotTaken, err error) {
	now := d.now()
	asked.Until = now.AddDate(0, 0, o.days)
	if err := d.sealable(asked.Accounts); err != nil {
		return review.Pack{}, nil, err
	}
	if p, left, err = d.store.TakeOut(d.by.Name, asked, references, now); err != nil {
		return p, left, err
	}
	written := false
	defer func() {
		if !written {
			err = d.unlease(&p, err)
		}
	}()
	err = d.writePack(&p, o.output, key)
	written = err == nil
	return p, left, err
}

// unlease ends the lease of a pack that could not be written for the reason, which it returns with what went wrong meanwhile.
func (d *desk) unlease(p *review.Pack, reason error) error {
	if undo := d.store.CallBack(d.by.Name, p.Number, d.words.Say("pack.not_written"), d.now()); undo != nil {
		return errors.Join(reason, undo)
	}
	return reason
}

// sealable refuses accounts that may not take anything out, or that nothing can be sealed to, before anything is leased to them.
func (d *desk) sealable(names []string) error {
	officers, err := d.officers(names)
	if err == nil {
		err = d.by.MayTakeOut(officers, d.store.Policy())
	}
	if err != nil {
		return err
	}
	return pack.Sealable(officers)
}

// takeOutOn lets a desk of this machine make packs of marked rows, in the folder that it was started in.
func (p *program) takeOutOn(s *store.Store) ui.TakeOut {
	return func(by review.Actor, accounts, references []string) (ui.TakenOut, error) {
		quiet := *p
		quiet.stderr = io.Discard // the desk owns the terminal
		d := &desk{program: &quiet, store: s, by: by}
		key, err := d.deskKey()
		if err != nil {
			return ui.TakenOut{}, err
		}
		path, err := filepath.Abs(accounts[0] + p.now().In(review.Zone).Format("-20060102-150405") + ".pack")
		if err != nil {
			return ui.TakenOut{}, err
		}
		made, left, err := d.takeOut(review.Pack{Accounts: accounts}, references, key, packing{output: path, days: defaultDays})
		return ui.TakenOut{Pack: made, Path: path, Left: left}, err
	}
}

// packable lists what the officers can decide on now and the query finds, each once, the most urgent first.
func (d *desk) packable(text string, o packing) ([]string, error) {
	today := review.DateOf(d.now())
	query, err := d.query(store.Pending, text, today)
	if err != nil {
		return nil, err
	}
	var references []string
	had, out := map[string]bool{}, 0
	for _, name := range o.accounts {
		officer, err := d.store.Account(name)
		if errors.Is(err, review.ErrNotFound) {
			return nil, d.misused("usage.officer", ui.Plain(name))
		}
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		for row, err := range d.rows(store.Queue{Name: store.Pending, By: officer, Query: query, Today: today, Now: d.now()}) {
			if err != nil {
				return nil, err
			}
			reference := row.Application.Reference
			if had[reference] {
				continue
			}
			had[reference] = true
			if row.Lease != nil {
				out++
				continue
			}
			if references = append(references, reference); len(references) == o.most {
				return references, nil
			}
		}
	}
	if len(references) == 0 && out > 0 && o.printing == "" {
		return nil, &review.RuleError{Code: "pack_all_out", Args: review.Args{"n": strconv.Itoa(out)}}
	}
	return references, nil
}

// printable lists the certificates to take along that the first officer may reprint, each drawn and kept; more says that
// further ones fit and were left because of the limit.
func (d *desk) printable(o packing) (numbers []string, more bool, err error) {
	if o.printing == "" {
		return nil, false, nil
	}
	officer, err := d.store.Account(o.accounts[0])
	if err != nil {
		return nil, false, fmt.Errorf("account %s: %w", o.accounts[0], err)
	}
	today := review.DateOf(d.now())
	query, err := d.query(store.Certificates, strings.TrimSpace(strings.Trim(o.printing, "*")), today)
	if err != nil {
		return nil, false, err
	}
	for row, err := range d.rows(store.Queue{Name: store.Certificates, By: officer, Query: query, Today: today}) {
		if err != nil {
			return nil, false, err
		}
		number := row.Certificate.Number
		if officer.MayPrintShown(row.Certificate) != nil {
			continue
		}
		if o.most > 0 && len(numbers) == o.most {
			return numbers, true, nil
		}
		_, err = d.store.Paper(officer, number, review.OnPaper)
		if rule, ok := errors.AsType[*review.RuleError](err); ok && rule.Code == "certificate_distrusted" {
			continue // it is to be issued anew first
		}
		if err != nil {
			return nil, false, err
		}
		numbers = append(numbers, number)
	}
	return numbers, false, nil
}

// rows yields a whole queue page by page.
func (d *desk) rows(q store.Queue) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		at := store.Cursor("")
		for {
			page, err := d.store.Page(q, at, true, pageRows)
			if err != nil {
				yield(store.Row{}, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if !page.More {
				return
			}
			at = page.Next
		}
	}
}

func (d *desk) writePack(p *review.Pack, path string, key *pack.Key) error {
	bar := newProgress(d.stderr, d.words.Say("pack.writing"))
	defer bar.end()
	contents, err := d.contents(p, func(done int) { bar.step(done, len(p.Cases)) })
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return pack.Write(w, contents, key) }
	if path == "-" {
		if err := write(d.stdout); err != nil {
			return err
		}
		return context.Cause(d.ctx) // who read it may have gone with its end still on the way
	}
	return durable.WriteFile(path, write)
}

// contents are what is written of a pack; tell is called with the number of cases and certificates that are.
func (d *desk) contents(p *review.Pack, tell func(done int)) (pack.Contents, error) {
	m := pack.Manifest{
		Number: p.Number, MadeAt: p.MadeAt.UTC(), MadeBy: p.MadeBy, Until: p.Until.UTC(), Query: p.Query, Printing: p.Printing, Most: p.Most,
		MoreCertificates: p.MoreCertificates, Policy: d.store.Policy().Version,
	}
	officers, err := d.officers(p.Accounts)
	if err != nil {
		return pack.Contents{}, err
	}
	m.Accounts = officers
	revoked, keys, err := d.checkingFor(p)
	if err != nil {
		return pack.Contents{}, err
	}
	cases := func(yield func(pack.Case, error) bool) {
		for _, c := range p.Cases {
			if one, err := d.store.Carry(officers[0], c.Reference); !yield(one, err) || err != nil {
				return
			}
		}
	}
	return pack.Contents{
		Manifest: m, Policy: d.store.Policy().Source(), Cases: cases, Blob: d.store.Blob, Revocations: revoked, Keys: keys,
		Certificates: func(yield func(pack.Issued, error) bool) {
			for _, number := range p.Certificates {
				if one, err := d.store.CarryCertificate(officers[0], number); !yield(one, err) || err != nil {
					return
				}
			}
		},
		Progress: tell,
	}, nil
}

// checkingFor is what certificates of a pack are checked with: the signed list of what was revoked, and the public keys; nil
// for a pack without certificates. Whoever may take certificates along gets both, since neither names anybody and a reprint
// asks for them.
func (d *desk) checkingFor(p *review.Pack) (revoked, keys []byte, err error) {
	if len(p.Certificates) == 0 {
		return nil, nil, nil
	}
	if revoked, _, err = d.signedRevocations(d.now()); err == nil {
		keys, err = d.ring.Keys().COSE()
	}
	return revoked, keys, err
}
