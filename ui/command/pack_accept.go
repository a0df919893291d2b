package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/store/pack"
	"rongzheng/ui"
)

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
		return nil, 0, nil, errors.Join(err, file.Close())
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

// rowOf is the row of an act with the sentence of its code.
func rowOf(h *review.Handed, text string) handedRow {
	a := &h.Act
	return handedRow{h.ID, a.Pack, a.Account, a.Reference, string(a.Action), a.At, string(h.Outcome), h.Before, h.Code, text}
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
			if err := encoder.Encode(rowOf(&h, text)); err != nil {
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
