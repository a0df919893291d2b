package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/ui"
)

// decision is one command that decides on applications; run is what it does to one of them, inside the store's
// transaction.
type decision struct {
	use, example string
	flags        func(cmd *cobra.Command)
	prepare      func() error // looks at the flags before anything is done
	run          func(d *desk, a *review.Application, by review.Actor, f review.Facts) (review.Event, error)
}

func (p *program) decisionCommands() []*cobra.Command {
	var commands []*cobra.Command
	for _, make := range []func() decision{p.approve, p.reject, p.hold, p.release, p.reroute, p.takeBack, p.withdraw} {
		commands = append(commands, p.decisionCommand(make()))
	}
	return commands
}

func (p *program) decisionCommand(dec decision) *cobra.Command {
	var revision int
	cmd := &cobra.Command{
		Use: dec.use + " REF...", Example: dec.example, Args: p.arguments(1, 0),
		RunE: func(_ *cobra.Command, args []string) error {
			if dec.prepare != nil {
				if err := dec.prepare(); err != nil {
					return err
				}
			}
			return p.with(func(d *desk) error { return d.decideAll(args, revision, dec) })
		},
	}
	cmd.Flags().IntVar(&revision, "revision", 0, p.words.Say("flag.revision"))
	if dec.flags != nil {
		dec.flags(cmd)
	}
	return cmd
}

// decideAll decides on each application by itself: what is refused is named and does not keep the others back.
func (d *desk) decideAll(references []string, revision int, dec decision) error {
	if err := d.unlock(); err != nil {
		return err
	}
	var refused []refusal
	issued := false
	for _, reference := range references {
		a, err := d.decide(reference, revision, dec)
		if err != nil {
			refused = append(refused, refusal{reference, err})
			continue
		}
		fmt.Fprintln(d.stdout, d.words.Standing(&a, d.store.Policy()))
		issued = issued || a.State == review.Approved
	}
	d.warnOfIssued(issued)
	return d.batch(len(references), refused)
}

// warnOfIssued says once what is wrong with certificates that were issued without a seal or a signature: whoever takes the
// approval back at once and has it put there issues them right.
func (d *desk) warnOfIssued(issued bool) {
	if !issued {
		return
	}
	if d.unsealed {
		d.complain(d.words.Say("seal.none"))
	}
	if trouble := d.signerTrouble(); trouble != "" {
		d.complain(trouble)
	}
}

// decide reads the application, so that its scope is checked and its version named, and changes just that version.
func (d *desk) decide(reference string, revision int, dec decision) (review.Application, error) {
	seen, err := d.store.Application(d.by, reference)
	if err != nil {
		return review.Application{}, err
	}
	if revision != 0 && revision != seen.Revision {
		return review.Application{}, &review.StaleError{
			Reference: reference, By: seen.ChangedBy, At: seen.ChangedAt, Action: seen.ChangedTo,
		}
	}
	return d.store.Change(d.by.Name, reference, seen.Version, d.now(),
		func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
			return dec.run(d, a, by, f)
		})
}

func (p *program) approve() decision {
	var note string
	var seen bool
	return decision{
		use:     "approve",
		example: "  rongzheng approve SQ202611160001 --as zhou\n  rongzheng approve SQ202611160001 --as zhou --seen",
		flags: func(cmd *cobra.Command) {
			p.noteFlag(cmd, &note)
			cmd.Flags().BoolVar(&seen, "seen", false, p.words.Say("flag.seen"))
		},
		run: func(d *desk, a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
			f.SeenStated = seen
			return a.Approve(by, d.store.Policy(), f, note, d.now())
		},
	}
}

func (p *program) reject() decision {
	var note string
	var texts []string
	var reasons []review.Reason
	return decision{
		use:     "reject",
		example: "  rongzheng reject SQ202611160001 --as zhou --reason Q03:application_form --reason 'Q99::来电核实'",
		flags: func(cmd *cobra.Command) {
			p.noteFlag(cmd, &note)
			cmd.Flags().StringArrayVar(&texts, "reason", nil, p.words.Say("flag.reason"))
			require(cmd, "reason")
			p.complete(cmd, "reason", p.completeReason)
		},
		prepare: func() error {
			for _, text := range texts {
				reasons = append(reasons, parseReason(text))
			}
			return nil
		},
		run: func(d *desk, a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Reject(by, d.store.Policy(), reasons, note, d.now())
		},
	}
}

// parseReason reads CODE[:TARGET[:NOTE]]; whether code and target exist is for the domain to say.
func parseReason(text string) review.Reason {
	code, rest, _ := strings.Cut(text, ":")
	target, note, _ := strings.Cut(rest, ":")
	return review.Reason{Code: strings.TrimSpace(code), Target: review.Key(strings.TrimSpace(target)), Note: note}
}

func (p *program) completeReason(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	policy, err := p.policy()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var codes []string
	for _, r := range policy.Reasons {
		codes = append(codes, r.Code+"\t"+r.Label)
	}
	return codes, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

func (p *program) hold() decision {
	var note string
	return decision{
		use:     "hold",
		example: "  rongzheng hold SQ202611160001 --as zhou --note 等待单位回函",
		flags:   func(cmd *cobra.Command) { p.noteFlag(cmd, &note); require(cmd, "note") },
		run: func(d *desk, a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Hold(by, d.store.Policy(), note, d.now())
		},
	}
}

func (p *program) release() decision {
	return decision{
		use:     "release",
		example: "  rongzheng release SQ202611160001 --as zhou",
		run: func(d *desk, a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Release(by, d.store.Policy(), d.now())
		},
	}
}

func (p *program) reroute() decision {
	var note, area string
	return decision{
		use:     "reroute",
		example: "  rongzheng reroute SQ202611160001 --as zhou --area 成都高新区 --note 工作单位在高新区",
		flags: func(cmd *cobra.Command) {
			p.noteFlag(cmd, &note)
			require(cmd, "note")
			cmd.Flags().StringVar(&area, "area", "", p.words.Say("flag.reroute_area"))
			require(cmd, "area")
			p.complete(cmd, "area", p.completeArea)
		},
		prepare: func() error {
			policy, err := p.policy()
			if err == nil {
				area = areaCode(policy, area)
			}
			return err
		},
		run: func(d *desk, a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Reroute(by, d.store.Policy(), area, note, d.now())
		},
	}
}

// areaCode takes an area by code or by label; what is neither is left for the domain to refuse by name.
func areaCode(policy *review.Policy, text string) string {
	for _, o := range policy.Options["area"] {
		if o.Label == text || o.Code == text {
			return o.Code
		}
	}
	return text
}

func (p *program) completeArea(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	policy, err := p.policy()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var areas []string
	for _, o := range policy.Options["area"] {
		areas = append(areas, o.Code+"\t"+o.Label)
	}
	return areas, cobra.ShellCompDirectiveNoFileComp
}

func (p *program) takeBack() decision {
	var note string
	return decision{
		use:     "take-back",
		example: "  rongzheng take-back SQ202611160001 --as zhou",
		flags:   func(cmd *cobra.Command) { p.noteFlag(cmd, &note) },
		run: func(d *desk, a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
			return a.TakeBack(by, d.store.Policy(), f, note, d.now())
		},
	}
}

func (p *program) withdraw() decision {
	return decision{
		use:     "withdraw",
		example: "  rongzheng withdraw SQ202611160001 --as chuangkou",
		run: func(d *desk, a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.Withdraw(by, d.store.Policy(), d.now())
		},
	}
}

func (p *program) noteFlag(cmd *cobra.Command, note *string) {
	cmd.Flags().StringVar(note, "note", "", p.words.Say("flag.note"))
}

// refusal is one application of a batch that was not decided on.
type refusal struct {
	reference string
	err       error
}

// batch says how a batch ended: nil, errPartial after naming each refusal, or the error of a batch of one.
func (d *desk) batch(total int, refused []refusal) error {
	if len(refused) == 0 {
		return nil
	}
	if total == 1 {
		return refused[0].err
	}
	for _, r := range refused {
		d.complain(ui.Plain(r.reference) + d.words.Say("colon") + d.explain(r.err))
	}
	return errPartial
}
