package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
	"rongzheng/store/pack"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

// packCommand is what concerns work packs, on the desk and on the laptop.
func (p *program) packCommand() *cobra.Command {
	return p.group("pack", p.packCreate(), p.packList(), p.packCallBack(), p.packAccept(), p.packConflicts(), p.packSettle(),
		p.packOpen(), p.packTake(), p.packRun(), p.packStatus(), p.packReturn(), p.packClose(), p.packSync())
}

// remotePack is what of it a server takes.
func (p *program) remotePack() *cobra.Command {
	return p.group("pack", p.packCreate(), p.packFetch(), p.packReceived(), p.packList(), p.packCallBack(), p.packAccept(), p.packConflicts(), p.packSettle())
}

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
			if o.days < 1 || o.days > 90 {
				return p.misused("usage.pack_days")
			}
			if p.bound != nil && o.output != "-" {
				return p.misused("usage.no_file")
			}
			return p.with(func(d *desk) error { return d.createPack(joined(args), o) })
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&o.accounts, "for", nil, p.words.Say("flag.pack_for"))
	flags.StringVar(&o.printing, "certificates", "", p.words.Say("flag.pack_certificates"))
	flags.StringVarP(&o.output, "output", "o", "-", p.words.Say("flag.output"))
	flags.IntVar(&o.days, "days", defaultDays, p.words.Say("flag.pack_days"))
	flags.IntVar(&o.most, "limit", defaultCases, p.words.Say("flag.pack_limit"))
	cmd.MarkFlagRequired("for")
	return cmd
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

func (d *desk) officers(names []string) ([]review.Account, error) {
	var officers []review.Account
	for _, name := range names {
		a, err := d.store.Account(name)
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		officers = append(officers, a)
	}
	return officers, nil
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

// minute writes a time as people read it.
func minute(t time.Time) string { return t.In(review.Zone).Format("2006-01-02 15:04") }

// deskKey is the key that packs are signed with and returns are sealed to: the one that SSH clients know the desk by.
func (d *desk) deskKey() (*pack.Key, error) {
	file, err := serve.HostKeyFile(d.store.Dir())
	if err != nil {
		return nil, err
	}
	return pack.ParseKey(file, nil)
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
		if _, err := d.store.Paper(officer, number, review.OnPaper); err != nil {
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

// packRow is a pack as JSON.
type packRow struct {
	Number   string    `json:"number"`
	State    string    `json:"state"`
	Accounts []string  `json:"accounts"`
	MadeAt   time.Time `json:"made_at"`
	Until    time.Time `json:"until"`
	Cases    int       `json:"cases"`
	Left     int       `json:"left"` // that nothing has come back on
}

func (p *program) packList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Args: p.noArguments, Example: "  rongzheng pack list --as guanli",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.listPacks(asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) listPacks(asJSON bool) error {
	packs, err := d.store.Packs(d.by)
	if err != nil {
		return err
	}
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, p := range packs {
		state := p.State(d.now())
		if asJSON {
			if err := encoder.Encode(packRow{p.Number, string(state), p.Accounts, p.MadeAt, p.Until, len(p.Cases), p.Left()}); err != nil {
				return err
			}
			continue
		}
		cases := d.words.Say("pack.cases", len(p.Cases))
		if state == review.PackOut || state == review.PackExpired {
			cases = d.words.Say("packs.left", p.Left(), len(p.Cases))
		}
		t.add(p.Number, d.words.Say("pack.state."+string(state)), strings.Join(p.Accounts, " "), cases,
			d.words.Say("pack.until", minute(p.Until)))
	}
	return t.write(d.stdout)
}

func (p *program) packCallBack() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "call-back NUMBER", Args: p.arguments(1, 1), Example: "  rongzheng pack call-back WP-2026-000012 --reason 电脑丢失 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				if err := d.store.CallBack(d.by.Name, args[0], strings.TrimSpace(reason), d.now()); err != nil {
					return err
				}
				_, err := fmt.Fprintln(d.stdout, d.words.Say("pack.called_back", args[0]))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", p.words.Say("flag.pack_reason"))
	cmd.MarkFlagRequired("reason")
	return cmd
}

func (p *program) packAccept() *cobra.Command {
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use: "accept FILE", Args: p.arguments(1, 1),
		Example: "  rongzheng pack accept zhou.return --as guanli\n  rongzheng pack accept - --dry-run --as guanli < zhou.return",
		RunE: func(_ *cobra.Command, args []string) error {
			if p.bound != nil && args[0] != "-" {
				return p.misused("usage.no_file")
			}
			return p.with(func(d *desk) error { return d.acceptPack(args[0], dry, asJSON) })
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, p.words.Say("flag.dry_run"))
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

// isOtherKey tells that a file is sealed to another key.
func isOtherKey(err error) bool {
	refused, ok := errors.AsType[*exchange.Error](err)
	return ok && refused.Code == "pack_other_key"
}

// maxReturn is the largest return that is read from standard input.
const maxReturn = 256 << 20

func (d *desk) acceptPack(path string, dry, asJSON bool) error {
	key, err := d.deskKey()
	if err != nil {
		return err
	}
	file, size, done, err := d.input(path)
	if err != nil {
		return err
	}
	defer done()
	back, err := pack.OpenReturn(file, size, key)
	if isOtherKey(err) {
		return &exchange.Error{Code: "pack_other_desk"}
	}
	if err != nil {
		return err
	}
	acts, err := d.handed(back)
	if err != nil {
		return err
	}
	s := back.Statement
	got, err := d.store.HandBack(d.by.Name, store.Return{Pack: s.Pack, Officer: s.Account, Acts: acts, Finished: s.Finished}, dry, d.now())
	if err != nil && len(got) == 0 {
		return err
	}
	if e := d.reportHanded(got, asJSON); err == nil {
		err = e
	}
	if dry && !asJSON && err == nil {
		_, err = fmt.Fprintln(d.stdout, d.words.Say("pack.dry"))
	}
	return err
}

// input opens a file, or reads standard input into memory.
func (d *desk) input(path string) (io.ReaderAt, int64, func() error, error) {
	if path == "-" {
		data, err := io.ReadAll(io.LimitReader(d.stdin, maxReturn+1))
		if err == nil && len(data) > maxReturn {
			err = &exchange.Error{Code: "pack_large"}
		}
		return bytes.NewReader(data), int64(len(data)), func() error { return nil }, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, nil, err
	}
	return file, info.Size(), file.Close, nil
}

// handed holds a return to the account's keys, and every act to the signature.
func (d *desk) handed(back *pack.Return) ([]review.Handed, error) {
	officer, err := d.store.Account(back.Statement.Account)
	if err != nil {
		return nil, err
	}
	if !pack.HasKey(officer.Keys, back.Officer) {
		return nil, &review.RuleError{Code: "pack_key_unknown", Args: review.Args{"account": officer.Name}}
	}
	if err := back.Check(); err != nil {
		return nil, err
	}
	var acts []review.Handed
	for act, proof := range back.Acts() {
		kept, err := json.Marshal(proof)
		if err != nil {
			return nil, err
		}
		acts = append(acts, review.Handed{ID: proof.ID(), Act: act, Proof: string(kept)})
	}
	return acts, nil
}

// handedRow is what became of an act, as JSON.
type handedRow struct {
	ID        string    `json:"id"`
	Pack      string    `json:"pack"`
	Account   string    `json:"account"`
	Reference string    `json:"reference,omitempty"`
	Action    string    `json:"action"`
	At        time.Time `json:"at"`
	Outcome   string    `json:"outcome"`
	Before    bool      `json:"already_there,omitempty"`
	Code      string    `json:"code,omitempty"`
	Text      string    `json:"text,omitempty"`
}

func (d *desk) reportHanded(list []review.Handed, asJSON bool) error {
	var n tallied
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, h := range list {
		n.add(&h)
		text := ""
		if h.Code != "" {
			text = d.words.Code(h.Code, h.Args)
		}
		if asJSON {
			a := h.Act
			row := handedRow{h.ID, a.Pack, a.Account, a.Reference, string(a.Action), a.At, string(h.Outcome), h.Before, h.Code, text}
			if err := encoder.Encode(row); err != nil {
				return err
			}
			continue
		}
		if h.Act.Decides() || h.Code != "" {
			outcome := d.words.Say("pack.outcome." + string(h.Outcome))
			if h.Before {
				outcome += d.words.Say("pack.outcome_before")
			}
			t.add(h.Act.Reference, d.words.Say("action."+string(h.Act.Action)), outcome, ui.Plain(text))
		}
	}
	if asJSON {
		return nil
	}
	if err := t.write(d.stdout); err != nil {
		return err
	}
	_, err := fmt.Fprintln(d.stdout, d.words.Say("pack.taken_in", n.accepted, n.before, n.undone, n.conflicts, n.recorded, n.refused))
	return err
}

// tallied counts what became of decisions, and of what was only to be recorded.
type tallied struct{ accepted, before, undone, conflicts, recorded, refused int }

func (n *tallied) add(h *review.Handed) {
	switch {
	case h.Before:
		n.before++
	case h.Outcome == review.Undone:
		n.undone++
	case h.Outcome == review.Conflict:
		n.conflicts++
	case h.Outcome == review.Refused:
		n.refused++
	case h.Act.Decides():
		n.accepted++
	default:
		n.recorded++
	}
}

func (p *program) packConflicts() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "conflicts", Args: p.noArguments, Example: "  rongzheng pack conflicts --as guanli",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.listConflicts(asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) listConflicts(asJSON bool) error {
	list, err := d.store.Conflicts(d.by)
	if err != nil {
		return err
	}
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, h := range list {
		text := d.words.Code(h.Code, h.Args)
		if asJSON {
			a := h.Act
			if err := encoder.Encode(handedRow{h.ID, a.Pack, a.Account, a.Reference, string(a.Action), a.At, string(h.Outcome), h.Before, h.Code, text}); err != nil {
				return err
			}
			continue
		}
		t.add(h.ID[:12], h.Act.Reference, d.words.Say("action."+string(h.Act.Action)), ui.Plain(h.Act.Account),
			d.words.Say("pack.waiting_since", minute(h.At)), ui.Plain(text))
	}
	if err := t.write(d.stdout); err != nil || asJSON || len(list) == 0 {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("pack.waiting_for"))
	return err
}

func (p *program) packSettle() *cobra.Command {
	return &cobra.Command{
		Use: "settle ID pack|desk|queue", Args: p.arguments(2, 2), Example: "  rongzheng pack settle 3fd1c0a99b12 queue --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			as := review.Settlement(args[1])
			if as != review.TakePack && as != review.TakeDesk && as != review.Redo {
				return p.misused("usage.settlement")
			}
			return p.with(func(d *desk) error { return d.settle(args[0], as) })
		},
	}
}

// settle finds the conflict by the beginning of its id.
func (d *desk) settle(id string, as review.Settlement) error {
	list, err := d.store.Conflicts(d.by)
	if err != nil {
		return err
	}
	var found []string
	for _, h := range list {
		if strings.HasPrefix(h.ID, id) {
			found = append(found, h.ID)
		}
	}
	if len(found) != 1 || len(id) < 6 {
		return &review.RuleError{Code: "act_which", Args: review.Args{"id": ui.Plain(id)}}
	}
	ways, err := d.store.Ways(found[0], d.now())
	if err != nil {
		return err
	}
	if err := d.store.Settle(d.by.Name, found[0], as, d.now()); err != nil {
		return err
	}
	said := d.words.Say("pack.settled", found[0][:12])
	if as == review.Redo && ways.Queue != nil {
		said += "\n" + d.words.Say("pack.draft_only", d.explain(ways.Queue))
	}
	_, err = fmt.Fprintln(d.stdout, said)
	return err
}
