package command

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/ui"
)

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
	d.sayNone(len(list) == 0)
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, h := range list {
		text := d.words.Code(h.Code, h.Args)
		if asJSON {
			if err := encoder.Encode(rowOf(&h, text)); err != nil {
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
