package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/cert/code"
	"rongzheng/review"
)

var (
	// errSince says that a key cannot have been stolen on that day.
	errSince = errors.New("the day is before the key was made, or lies ahead")
	// errNoReason says that a key is withdrawn without a word why.
	errNoReason = errors.New("no reason was given")
)

func (p *program) keyWithdraw() *cobra.Command {
	var since, reason string
	cmd := &cobra.Command{
		Use: "withdraw ID", Args: p.arguments(1, 1),
		Example: "  rongzheng key rotate --as guanli\n" +
			"  rongzheng key withdraw bf4d5aebc5561034 --since 2026-11-20 --reason 服务器被入侵 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			day, err := review.ParseDate(since)
			if err != nil {
				return p.misused("usage.day")
			}
			return p.with(func(d *desk) error { return d.withdrawKey(args[0], day, reason) })
		},
	}
	cmd.Flags().StringVar(&since, "since", "", p.words.Say("flag.stolen_since"))
	cmd.Flags().StringVar(&reason, "reason", "", p.words.Say("flag.withdraw"))
	require(cmd, "since")
	require(cmd, "reason")
	return cmd
}

// withdrawKey records that the key is not trusted, and then marks it: a mark that nobody can account for must not be.
func (d *desk) withdrawKey(id string, since review.Date, reason string) error {
	if err := d.mayWithdraw(id, since, reason); err != nil {
		return err
	}
	note := fmt.Sprintf("key withdraw %s since %s: %s", id, since, strings.TrimSpace(reason))
	if err := d.store.Record(d.by.Name, review.Event{Action: review.Administer, Note: note}, d.now()); err != nil {
		return err
	}
	if err := d.ring.Withdraw(id, since); err != nil {
		return err
	}
	vouched, after, err := d.signedWith(id, since)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("signing.withdrew", id, since, vouched))
	if err != nil || len(after) == 0 {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("signing.renew", len(after))+"\n"+strings.Join(after, "\n"))
	return err
}

func (d *desk) mayWithdraw(id string, since review.Date, reason string) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return errNoReason
	}
	if err := review.CheckNote(reason); err != nil {
		return err
	}
	list := d.ring.List()
	for i, k := range list {
		switch {
		case k.ID != id:
		case i == len(list)-1:
			return code.ErrStillSigns
		case since.Before(review.DateOf(k.Created)) || since.After(review.DateOf(d.now())):
			return errSince
		default:
			return nil
		}
	}
	return code.ErrUnknownID
}

// signedWith counts the certificates that stand and were signed with the key before the day, and names those that are to
// be issued anew because they were signed with it since.
func (d *desk) signedWith(id string, since review.Date) (before int, after []string, err error) {
	err = d.store.Codes(d.by, review.DateOf(d.now()), func(_ string, v *review.CertificateVersion) {
		if v.Code.Key == id && review.DateOf(v.IssuedAt).Before(since) {
			before++
		}
	})
	if err != nil {
		return before, nil, err
	}
	anew, err := d.store.Distrusted(d.by, id, nil)
	for _, r := range anew {
		after = append(after, r.Number)
	}
	return before, after, err
}

// withdrawals are the ring's withdrawn keys with the codes that the register vouches for.
func (d *desk) withdrawals(today review.Date) ([]code.Withdrawal, error) {
	found := map[string]*code.Withdrawal{}
	for _, k := range d.ring.List() {
		if !k.Withdrawn.IsZero() {
			found[k.ID] = &code.Withdrawal{Key: k.ID, Since: k.Withdrawn}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	err := d.store.Codes(d.by, today, func(_ string, v *review.CertificateVersion) {
		if w := found[v.Code.Key]; w != nil && review.DateOf(v.IssuedAt).Before(w.Since) {
			w.Vouched = append(w.Vouched, code.FingerprintOf(v.Code.Text))
		}
	})
	list := make([]code.Withdrawal, 0, len(found))
	for _, w := range found {
		list = append(list, *w)
	}
	return list, err
}
