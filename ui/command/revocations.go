package command

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert/code"
	"rongzheng/review"
)

func (p *program) certificateRevocations() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use: "revocations", Args: p.noArguments, Example: "  rongzheng certificate revocations -o revocations.rz --as guanli",
		RunE: func(*cobra.Command, []string) error {
			if err := p.localFiles(path, ""); err != nil {
				return err
			}
			return p.with(func(d *desk) error { return d.revocations(path) })
		},
	}
	if p.bound != nil {
		cmd.Example = "  rongzheng certificate revocations > revocations.rz"
	}
	p.outputFlag(cmd, &path)
	return cmd
}

// revocations writes the list, which names numbers and days and nobody. It is for those who hand out or export
// certificates, since it goes out under the register's signature.
func (d *desk) revocations(path string) error {
	if err := d.by.May(review.Export); err != nil {
		return err
	}
	now := d.now()
	data, n, err := d.signedRevocations(now)
	if err != nil {
		return err
	}
	if err := d.store.Record(d.by.Name, review.Event{Action: review.Export, Note: "revocations"}, now); err != nil {
		return err
	}
	if err := d.writeOut(path, data); err != nil || path == "-" {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("revocations.done", n, path))
	return err
}

// signedRevocations makes the list as of now, under the register's signature, and counts its entries.
func (d *desk) signedRevocations(now time.Time) ([]byte, int, error) {
	if d.ring == nil {
		return nil, 0, code.ErrNoKey
	}
	if err := d.unlock(); err != nil {
		return nil, 0, err
	}
	signer, err := d.ring.Signer()
	if err != nil {
		return nil, 0, err
	}
	bar := newProgress(d.stderr, d.words.Say("revocations.reading"))
	fallen, err := d.store.Fallen(d.by, review.DateOf(now), func(done int) { bar.step(done, 0) })
	bar.end()
	if err != nil {
		return nil, 0, err
	}
	entries := make([]code.Standing, len(fallen))
	for i, f := range fallen {
		entries[i] = code.Standing{Number: f.Number, Version: f.Version, RevokedOn: f.RevokedOn}
	}
	withdrawn, err := d.withdrawals(review.DateOf(now))
	if err != nil {
		return nil, 0, err
	}
	list := code.NewRevocations(d.store.Policy().Issue.Issuer, now, entries, withdrawn...)
	data, err := signer.SignList(list)
	return data, list.Len(), err
}
