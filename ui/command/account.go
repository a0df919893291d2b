package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
)

func (p *program) accountCommand() *cobra.Command {
	return p.group("account", p.accountAdd(), p.accountList(), p.accountDisable(), p.accountEnable(), p.accountKey())
}

func (p *program) accountAdd() *cobra.Command {
	var a review.Account
	var role, person string
	var keys, areas []string
	cmd := &cobra.Command{
		Use: "add NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng account add guanli --role administrator\n" +
			"  rongzheng account add zhou --role reviewer --level 1 --area 武侯区 --office 武侯区委社会工作部 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			a.Name, a.Role = args[0], review.Role(role)
			return p.addAccount(a, person, areas, keys)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&role, "role", "", p.words.Say("flag.role"))
	flags.IntVar(&a.Level, "level", 0, p.words.Say("flag.level"))
	flags.StringArrayVar(&areas, "area", nil, p.words.Say("flag.area"))
	flags.StringVar(&a.Office, "office", "", p.words.Say("flag.office"))
	flags.StringVar(&a.Title, "title", "", p.words.Say("flag.title"))
	flags.StringVar(&person, "person", "", p.words.Say("flag.person"))
	flags.StringArrayVar(&keys, "key", nil, p.words.Say("flag.key"))
	require(cmd, "role")
	p.complete(cmd, "area", p.completeArea)
	p.complete(cmd, "role", completeRole)
	return cmd
}

func completeRole(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var roles []string
	for _, r := range review.Roles() {
		roles = append(roles, string(r))
	}
	return roles, cobra.ShellCompDirectiveNoFileComp
}

// addAccount adds the account with these areas and keys, on a server as the account that asked.
func (p *program) addAccount(a review.Account, person string, areas, keys []string) error {
	policy, err := p.policy()
	if err != nil {
		return err
	}
	for _, area := range areas {
		a.Areas = append(a.Areas, areaCode(policy, area))
	}
	if a.Person, err = personKey(policy, person, review.DateOf(p.now())); err != nil {
		return err
	}
	if a.Keys, err = p.readKeys(keys); err != nil {
		return err
	}
	if err := review.CheckAccount(a, policy); err != nil {
		return err
	}
	if p.bound != nil {
		return p.with(func(d *desk) error { return d.addAccount(a) })
	}
	return p.addAccountHere(a)
}

// readKeys reads the public keys of an account, each from a file of its own; over SSH there is standard input alone.
func (p *program) readKeys(paths []string) ([]string, error) {
	var keys []string
	for _, path := range paths {
		if p.bound != nil && path != toStandardOutput {
			return nil, p.misused("usage.key_input")
		}
		line, err := p.readKey(path)
		if err != nil {
			return nil, err
		}
		facts, err := checkKey(line)
		if err != nil {
			return nil, err
		}
		p.warnRanOut(facts)
		keys = append(keys, line)
	}
	return keys, nil
}

// addAccountHere makes the data folder where there is none. The account that adds is the one of --as; the first account of
// a folder has nobody to add it, and the store insists that it is an administrator.
func (p *program) addAccountHere(a review.Account) (err error) {
	s, err := p.open(false)
	if errors.Is(err, store.ErrNoData) { // a folder is only made for an account that may be its first
		if a.Role != review.Administrator {
			return &review.RuleError{Code: "first_account"}
		}
		s, err = p.open(true)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	by, err := p.adder(s)
	if err != nil {
		return err
	}
	return (&desk{program: p, store: s, by: by}).addAccount(a)
}

// addAccount adds the account as that of the desk.
func (d *desk) addAccount(a review.Account) error {
	if err := d.store.AddAccount(d.by.Name, a, d.now()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(d.stdout, d.words.Say("account.added", a.Name))
	return err
}

// personKey reads the identity number that lets the four-eyes rule know the person behind the account.
func personKey(policy *review.Policy, text string, today review.Date) (review.PersonKey, error) {
	if text == "" {
		return review.PersonKey{}, nil
	}
	id, err := review.ParseIdentity(review.CleanIdentity(text), policy.ForeignersCard, today)
	if err != nil {
		return review.PersonKey{}, err
	}
	return review.PersonKey{Type: id.DocumentType, Number: id.Number}, nil
}

// accountReader is what adder needs of the store.
type accountReader interface {
	Accounts() ([]review.Account, error)
	Dir() string
	Account(name string) (review.Account, error)
}

// adder is the account that adds; it has no name where the first one of a folder is added.
func (p *program) adder(s accountReader) (review.Actor, error) {
	present, err := s.Accounts()
	if err != nil || len(present) == 0 {
		return review.Actor{}, err
	}
	return p.actor(s)
}

// accountRow is an account as JSON; identity numbers of accounts are never given out.
type accountRow struct {
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Level    int      `json:"level,omitempty"`
	Areas    []string `json:"areas,omitempty"`
	Office   string   `json:"office,omitempty"`
	Title    string   `json:"title,omitempty"`
	Keys     int      `json:"keys"`
	Disabled bool     `json:"disabled"`
}

func (p *program) accountList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Args: p.noArguments, Example: "  rongzheng account list --as guanli",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.listAccounts(asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) listAccounts(asJSON bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	accounts, err := d.store.Accounts()
	if err != nil {
		return err
	}
	var t table
	encoder := json.NewEncoder(d.stdout)
	for _, a := range accounts {
		if !asJSON {
			t.add(d.accountCells(a)...)
			continue
		}
		row := accountRow{a.Name, string(a.Role), a.Level, a.Areas, a.Office, a.Title, len(a.Keys), a.Disabled}
		if err := encoder.Encode(row); err != nil {
			return err
		}
	}
	return t.write(d.stdout)
}

// mostAreas is how many areas of an account a line names.
const mostAreas = 4

func (d *desk) accountCells(a review.Account) []string {
	level, areas, standing := "", d.words.Say("account.city"), ""
	if a.Level > 0 {
		level = d.words.Level(a.Level)
	}
	switch n := len(a.Areas); {
	case n > mostAreas:
		areas = d.words.Say("admin.areas_more", d.words.Area(a.Areas[0]), n)
	case n > 0:
		labels := make([]string, n)
		for i, code := range a.Areas {
			labels[i] = d.words.Area(code)
		}
		areas = strings.Join(labels, d.words.Say("join"))
	}
	if a.Disabled {
		standing = d.words.Say("account.disabled_mark")
	}
	cells := []string{a.Name, d.words.Say("role." + string(a.Role)), level, areas, a.Office, strconv.Itoa(len(a.Keys)), standing}
	return cells
}

func (p *program) accountDisable() *cobra.Command {
	return &cobra.Command{
		Use: "disable NAME", Args: p.arguments(1, 1), Example: "  rongzheng account disable zhou --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				if err := d.store.DisableAccount(d.by.Name, args[0], d.now()); err != nil {
					return err
				}
				_, err := fmt.Fprintln(d.stdout, d.words.Say("account.disabled", args[0]))
				return err
			})
		},
	}
}

func (p *program) jsonFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, p.words.Say("flag.json"))
}
