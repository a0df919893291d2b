package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

// errNotKey says that a text is no public key, errBarredKey that an option before it is not kept here.
var (
	errNotKey    = errors.New("not a public key")
	errBarredKey = errors.New("key with an option that is not kept")
)

// mostKeyFile bounds what is read of a key file, in bytes.
const mostKeyFile = 16 << 10

func (p *program) accountKey() *cobra.Command {
	cmd := p.group("key", p.accountKeyList(), p.accountKeyAdd(), p.accountKeyRemove())
	cmd.Example = "  rongzheng account key list zhou --as guanli\n  rongzheng account key add zhou zhou.pub --as guanli"
	if p.bound != nil {
		cmd.Example = "  rongzheng account key list zhou\n  rongzheng account key add zhou - < zhou.pub"
	}
	return cmd
}

func (p *program) accountKeyAdd() *cobra.Command {
	example := "  rongzheng account key add zhou - --as guanli < zhou.pub"
	if p.bound == nil { // a run that came from elsewhere reads no file of this machine
		example = "  rongzheng account key add zhou zhou.pub --as guanli\n" + example
	}
	return &cobra.Command{
		Use: "add NAME FILE", Args: p.arguments(2, 2), Example: example,
		RunE: func(_ *cobra.Command, args []string) error {
			if p.bound != nil && args[1] != toStandardOutput {
				return p.misused("usage.key_input")
			}
			line, err := p.readKey(args[1])
			if err != nil {
				return err
			}
			return p.with(func(d *desk) error { return d.addKey(args[0], line) })
		},
	}
}

// readKey reads one line of authorized_keys from a file, or from standard input.
func (p *program) readKey(path string) (string, error) {
	in, err := p.openInput(path)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(in, mostKeyFile))
	return strings.TrimSpace(string(text)), errors.Join(err, in.Close())
}

// checkKey refuses what is no key, or one that could not be used.
func checkKey(line string) (ui.KeyFacts, error) {
	facts, err := serve.ParseKey(line)
	switch {
	case err != nil:
		return facts, fmt.Errorf("%w: %w", errNotKey, err)
	case facts.Barred:
		return facts, errBarredKey
	}
	return facts, nil
}

func (d *desk) addKey(name, line string) error {
	facts, err := checkKey(line)
	if err != nil {
		return err
	}
	err = d.store.ChangeAccount(d.by.Name, name, "key added "+facts.Fingerprint, d.now(), func(a *review.Account) error {
		if slices.ContainsFunc(a.Keys, sameKey(facts.Fingerprint)) {
			return review.ErrAlready
		}
		a.Keys = append(slices.Clone(a.Keys), line)
		return nil
	})
	if err != nil {
		return err
	}
	d.warnRanOut(facts)
	_, err = fmt.Fprintln(d.stdout, d.words.Say("admin.key_added", facts.Fingerprint))
	return err
}

// warnRanOut says beside the result that the key is of no use any more.
func (p *program) warnRanOut(facts ui.KeyFacts) {
	if p.ranOut(facts) {
		fmt.Fprintln(p.stderr, p.words.Say("account.key_expired", facts.Expires.In(review.Zone).Format("2006-01-02 15:04")))
	}
}

// ranOut tells whether the time of the key is over.
func (p *program) ranOut(facts ui.KeyFacts) bool {
	return !facts.Expires.IsZero() && !p.now().Before(facts.Expires)
}

func sameKey(fingerprint string) func(line string) bool {
	return func(line string) bool {
		facts, err := serve.ParseKey(line)
		return err == nil && facts.Fingerprint == fingerprint
	}
}

func (p *program) accountKeyRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME FINGERPRINT", Args: p.arguments(2, 2),
		Example: "  rongzheng account key remove zhou SHA256:… --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.removeKey(args[0], args[1]) })
		},
	}
}

func (d *desk) removeKey(name, fingerprint string) error {
	err := d.store.ChangeAccount(d.by.Name, name, "key removed "+fingerprint, d.now(), func(a *review.Account) error {
		left := slices.DeleteFunc(slices.Clone(a.Keys), sameKey(fingerprint))
		if len(left) == len(a.Keys) {
			return review.ErrNotFound
		}
		a.Keys = left
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("admin.key_removed", ui.Plain(fingerprint)))
	return err
}

// keyRow is a key as JSON.
type keyRow struct {
	Fingerprint string `json:"fingerprint"`
	Kind        string `json:"kind"`
	Comment     string `json:"comment"`
	Expires     string `json:"expires"`
	LastUsed    string `json:"last_used"`
	Usable      bool   `json:"usable"`
}

func (p *program) accountKeyList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list NAME", Args: p.arguments(1, 1), Example: "  rongzheng account key list zhou --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.listAccountKeys(args[0], asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) listAccountKeys(name string, asJSON bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	account, err := d.store.Account(name)
	if err != nil {
		return err
	}
	uses, err := d.store.KeyUses()
	if err != nil {
		return err
	}
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, line := range account.Keys {
		row := d.keyRow(line, uses)
		if asJSON {
			if err := encoder.Encode(row); err != nil {
				return err
			}
			continue
		}
		usable := ""
		if !row.Usable {
			usable = d.words.Say("admin.key_unusable")
		}
		t.add(row.Fingerprint, row.Kind, row.Comment, row.Expires, row.LastUsed, usable)
	}
	return t.write(d.stdout)
}

func (d *desk) keyRow(line string, uses map[string]time.Time) keyRow {
	facts, err := serve.ParseKey(line)
	if err != nil {
		return keyRow{Fingerprint: "?"}
	}
	return keyRow{
		facts.Fingerprint, facts.Kind, ui.Plain(facts.Comment), moment(facts.Expires), moment(uses[facts.Fingerprint]),
		!facts.Barred && !d.ranOut(facts),
	}
}

// moment writes a time, "" for none.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(review.Zone).Format(time.RFC3339)
}

func (p *program) accountEnable() *cobra.Command {
	return &cobra.Command{
		Use: "enable NAME", Args: p.arguments(1, 1), Example: "  rongzheng account enable zhou --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				err := d.store.ChangeAccount(d.by.Name, args[0], "enabled", d.now(), func(a *review.Account) error {
					a.Disabled = false
					return nil
				})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(d.stdout, d.words.Say("admin.enabled", args[0]))
				return err
			})
		},
	}
}

// explainKeys is the sentence of an error of keys.
func (p *program) explainKeys(err error) (string, bool) {
	for _, known := range []struct {
		err error
		key string
	}{
		{errNotKey, "admin.key_bad"}, {errBarredKey, "admin.key_barred"},
	} {
		if errors.Is(err, known.err) {
			return p.words.Say(known.key), true
		}
	}
	return "", false
}
