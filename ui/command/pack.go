package command

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/pack"
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
	d.sayNone(len(packs) == 0)
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
	require(cmd, "reason")
	return cmd
}

// officers are the accounts of the names.
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
