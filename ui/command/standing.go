package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

func (p *program) certificateRevoke() *cobra.Command {
	var on string
	what := review.Proposal{Action: review.Revoke}
	cmd := &cobra.Command{
		Use: "revoke NUMBER|IDNUMBER|NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng certificate revoke CD-2026-000001 --reason request --as guanli\n" +
			"  rongzheng certificate revoke CD-2026-000001 --reason improper --on 2026-11-16 --note 伪造材料 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			day, err := review.ParseDate(on)
			if on != "" && err != nil {
				return p.misused("usage.day")
			}
			if on != "" {
				what.On = day
			}
			return p.with(func(d *desk) error { return d.propose(args[0], what) })
		},
	}
	cmd.Flags().StringVar(&what.Reason, "reason", "", p.words.Say("flag.revoke_reason", p.codes(review.DefaultPolicy().Revocation)))
	cmd.Flags().StringVar(&on, "on", "", p.words.Say("flag.revoke_on"))
	cmd.Flags().StringVar(&what.Note, "note", "", p.words.Say("flag.standing_note"))
	require(cmd, "reason")
	p.completeCodes(cmd, "reason", review.DefaultPolicy().Revocation)
	return cmd
}

func (p *program) certificateRestore() *cobra.Command {
	what := review.Proposal{Action: review.Reinstate}
	cmd := &cobra.Command{
		Use: "restore NUMBER|IDNUMBER|NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng certificate restore CD-2026-000001 --note 误注销 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.propose(args[0], what) })
		},
	}
	cmd.Flags().StringVar(&what.Note, "note", "", p.words.Say("flag.standing_note"))
	require(cmd, "note")
	return cmd
}

func (p *program) certificateCorrect() *cobra.Command {
	var set []string
	what := review.Proposal{Action: review.Correct}
	cmd := &cobra.Command{
		Use: "correct NUMBER|IDNUMBER|NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng certificate correct CD-2026-000001 --set name=王芳 --note 录入错误 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			what.Form = review.Form{}
			for _, pair := range set {
				key, value, ok := strings.Cut(pair, "=")
				if !ok || strings.TrimSpace(value) == "" { // every datum that a certificate shows is one that it must show
					return p.misused("usage.set")
				}
				what.Form.Set(review.Key(strings.TrimSpace(key)), value)
			}
			return p.with(func(d *desk) error { return d.propose(args[0], what) })
		},
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, p.words.Say("flag.set", p.correctable()))
	cmd.Flags().StringVar(&what.Note, "note", "", p.words.Say("flag.standing_note"))
	require(cmd, "set")
	require(cmd, "note")
	return cmd
}

func (p *program) certificateReissue() *cobra.Command {
	var a anew
	what := review.Proposal{Action: review.Correct, Anew: true}
	cmd := &cobra.Command{
		Use: "reissue NUMBER|IDNUMBER|NAME|--withdrawn", Args: p.arguments(0, 1),
		Example: "  rongzheng certificate reissue CD-2026-000001 --note 签发密钥作废 --as guanli\n" +
			"  rongzheng certificate reissue --withdrawn --note 签发密钥作废 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := p.aboutOne(args, a)
			if err != nil {
				return err
			}
			return p.with(func(d *desk) error {
				if a.asked() {
					return d.proposeReissues(a, what.Note)
				}
				return d.propose(text, what)
			})
		},
	}
	p.anewFlags(cmd, &a, "withdrawn", p.words.Say("flag.withdrawn"))
	cmd.Flags().StringVar(&what.Note, "note", "", p.words.Say("flag.standing_note"))
	require(cmd, "note")
	return cmd
}

// correctable lists the keys of what can be corrected, with their labels.
func (p *program) correctable() string {
	var keys []string
	for _, field := range review.Correctable() {
		keys = append(keys, string(field.Key)+" "+p.words.Label(field.Key))
	}
	return strings.Join(keys, p.words.Say("join"))
}

// propose keeps the change for a second person, and says who that may be.
func (d *desk) propose(text string, what review.Proposal) error {
	found, err := d.findCertificate(text)
	if err != nil {
		return err
	}
	number := found.Number
	if _, err := d.store.Propose(d.by.Name, number, 0, what, d.now()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("standing.proposed", d.words.Say("standing."+string(what.Action)), number))
	return err
}

func (p *program) certificateConfirm() *cobra.Command {
	var a anew
	cmd := &cobra.Command{
		Use: "confirm NUMBER|IDNUMBER|NAME|--reissues", Args: p.arguments(0, 1),
		Example: "  rongzheng certificate proposals --as zhongshen\n  rongzheng certificate confirm CD-2026-000001 --as zhongshen\n" +
			"  rongzheng certificate confirm --reissues --count 214 --as zhongshen",
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := p.aboutOne(args, a)
			if err != nil {
				return err
			}
			return p.with(func(d *desk) error {
				if a.asked() {
					return d.confirmReissues(a)
				}
				return d.confirm(text)
			})
		},
	}
	p.answerFlags(cmd, &a)
	return cmd
}

func (d *desk) confirm(text string) error {
	c, err := d.findCertificate(text)
	if err == nil && c.Proposed != nil && c.Proposed.Action == review.Correct {
		err = d.unlock()
	}
	if err == nil {
		c, err = d.store.Confirm(d.by.Name, c.Number, c.Change, d.now())
	}
	if err != nil {
		return err
	}
	done := c.History[len(c.History)-1]
	d.warnOfIssued(done.Action == review.Correct)
	_, err = fmt.Fprintln(d.stdout, d.words.Say("standing.done", d.words.Say("standing."+string(done.Action)), c.Number))
	return err
}

func (p *program) certificateDismiss() *cobra.Command {
	var a anew
	var note string
	cmd := &cobra.Command{
		Use: "dismiss NUMBER|IDNUMBER|NAME|--reissues", Args: p.arguments(0, 1),
		Example: "  rongzheng certificate dismiss CD-2026-000001 --note 证据不足 --as zhongshen",
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := p.aboutOne(args, a)
			if err != nil {
				return err
			}
			return p.with(func(d *desk) error {
				if a.asked() {
					return d.dismissReissues(a, note)
				}
				return d.dismiss(text, note)
			})
		},
	}
	p.answerFlags(cmd, &a)
	cmd.Flags().StringVar(&note, "note", "", p.words.Say("flag.standing_note"))
	return cmd
}

func (d *desk) dismiss(text, note string) error {
	c, err := d.findCertificate(text)
	if err == nil {
		_, err = d.store.Dismiss(d.by.Name, c.Number, c.Change, note, d.now())
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("standing.dismissed", c.Number))
	return err
}

func (p *program) certificateProposals() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "proposals", Args: p.noArguments,
		Example: "  rongzheng certificate proposals --as zhongshen",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.proposals(asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) proposals(asJSON bool) (err error) {
	var t table
	read := d.store.Proposed(d.by, func(c *review.Certificate) bool {
		if asJSON {
			err = exchange.WriteLine(d.stdout, exchange.EncodeProposal(c))
			return err == nil
		}
		t.add(c.Number, d.words.Say("standing."+string(c.Proposed.Action)), d.words.Proposal(c.Proposed, d.store.Policy()), c.Proposed.By,
			c.Proposed.At.In(review.Zone).Format("2006-01-02 15:04"))
		return true
	})
	if err = errors.Join(read, err); err != nil {
		return err
	}
	return t.write(d.stdout)
}

// codes lists coded reasons for the help.
func (p *program) codes(list []review.CodedText) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = r.Code + " " + r.Name(p.words.Lang())
	}
	return strings.Join(texts, p.words.Say("join"))
}

func (p *program) completeCodes(cmd *cobra.Command, flag string, list []review.CodedText) {
	p.complete(cmd, flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var codes []string
		for _, r := range list {
			codes = append(codes, r.Code)
		}
		return codes, cobra.ShellCompDirectiveNoFileComp
	})
}
