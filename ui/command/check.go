package command

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

// errUnsound ends a check that found something; the findings have been named.
var errUnsound = errors.New("the data folder is not sound")

func (p *program) checkCommand() *cobra.Command {
	var repair, asJSON bool
	cmd := &cobra.Command{
		Use: "check", Args: p.noArguments, Example: "  rongzheng check --as guanli\n  rongzheng check --repair --as guanli",
		RunE: func(*cobra.Command, []string) error {
			p.anyKeys = true // missing keys are among what it finds
			return p.with(func(d *desk) error { return d.check(repair, asJSON) })
		},
	}
	cmd.Flags().BoolVar(&repair, "repair", false, p.words.Say("flag.repair"))
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) check(repair, asJSON bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	findings, err := d.findings(asJSON)
	if err != nil {
		return err
	}
	if len(findings) > 0 && repair {
		bar := newProgress(d.stderr, d.words.Say("check.repairing"))
		err := d.store.Repair(d.by.Name, d.now(), bar.step)
		bar.end()
		if err != nil {
			return err
		}
		if findings, err = d.findings(asJSON); err != nil {
			return err
		}
	}
	if len(findings) > 0 {
		return errUnsound
	}
	if !asJSON {
		_, err = fmt.Fprintln(d.stdout, d.words.Say("check.sound"))
	}
	return err
}

// checkCode holds the code of a version against the published keys and its record.
func (p *program) checkCode(c *review.Certificate, v *review.CertificateVersion) error {
	err := p.ring.Keys().Check(c, v)
	if _, unknown := errors.AsType[code.UnknownKeyError](err); unknown {
		return fmt.Errorf("%w: %w", store.ErrCodeKey, err)
	}
	return err
}

// findings runs the check and prints what it found, a line each.
func (d *desk) findings(asJSON bool) ([]store.Finding, error) {
	bar := newProgress(d.stderr, d.words.Say("check.checking"))
	found, err := d.store.Check(d.ctx, bar.step)
	bar.end()
	if err != nil {
		return nil, unreadable(d.store.Dir(), err)
	}
	encoder := json.NewEncoder(d.stdout)
	for _, f := range found {
		if asJSON {
			err = encoder.Encode(map[string]any{
				"kind": f.Kind, "where": f.Where, "what": f.What, "text": f.Text, "repairable": f.Repairable,
			})
		} else {
			_, err = fmt.Fprintln(d.stdout, d.words.Say("check.finding", f.Kind, f.Where, f.What, f.Text))
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
