package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
	"rongzheng/store/pack"
	"rongzheng/ui"
)

// Work packs on the laptop of an officer: in the folder packs of the data folder, one folder each, and the desks that are
// known, one fingerprint a line, in packs/desks.

// laptop is what the commands of a laptop are asked for.
type laptop struct {
	identity string // private SSH key file
	desk     string // fingerprint of the desk, where nobody can be asked
	number   string // of the pack, where there are several
}

func (p *program) laptopFlags(cmd *cobra.Command, l *laptop) {
	cmd.Flags().StringVarP(&l.identity, "identity", "i", "", p.words.Say("flag.identity"))
	cmd.Flags().StringVar(&l.number, "number", "", p.words.Say("flag.pack_number"))
}

func (p *program) deskFlag(cmd *cobra.Command, l *laptop) {
	cmd.Flags().StringVar(&l.desk, "desk", "", p.words.Say("flag.pack_desk"))
}

// packFolder is the name of the folder with packs in a data folder.
const packFolder = "packs"

// packFolder is where packs lie on this machine.
func (p *program) packFolder() (string, error) {
	dir, err := p.folder()
	return filepath.Join(dir, packFolder), err
}

// key reads the officer's private key: the named one, else the first of ssh's own names.
func (p *program) key(l *laptop) (*pack.Key, error) {
	paths := []string{l.identity}
	if l.identity == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		paths = []string{filepath.Join(home, ".ssh", "id_ed25519"), filepath.Join(home, ".ssh", "id_rsa")}
	}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && l.identity == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		return pack.ParseKey(file, p.passphrase)
	}
	return nil, &exchange.Error{Code: "pack_key_missing"}
}

// passphrase asks on the terminal, without showing what is typed.
func (p *program) passphrase() ([]byte, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, &exchange.Error{Code: "pack_key_protected"}
	}
	fmt.Fprint(p.stderr, p.words.Say("pack.passphrase"))
	phrase, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(p.stderr)
	return phrase, err
}

// trust knows a desk by its fingerprint: from before, from the flag, or because the person at the terminal says so.
func (p *program) trust(l *laptop, name string, desk pack.PublicKey) error {
	root, err := p.packFolder()
	if err != nil {
		return err
	}
	file, mark := filepath.Join(root, "desks"), pack.Fingerprint(desk)
	known, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if slices.Contains(strings.Fields(string(known)), mark) {
		return nil
	}
	if l.desk != "" && l.desk != mark {
		return &exchange.Error{Code: "pack_desk_other", Args: review.Args{"key": mark, "given": ui.Plain(l.desk)}}
	}
	if l.desk == "" && !p.agreed(name, mark) {
		return &exchange.Error{Code: "pack_desk_unknown", Args: review.Args{"key": mark}}
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	return durable.WriteFile(file, func(w io.Writer) error {
		_, err := io.WriteString(w, string(known)+mark+"\n")
		return err
	})
}

// agreed asks the person at the terminal.
func (p *program) agreed(name, mark string) bool {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return false
	}
	fmt.Fprint(p.stderr, p.words.Say("pack.trust", name, mark))
	answer, _ := bufio.NewReader(file).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), "y")
}

// begun lists the folders of the packs on this machine, or the one with the number.
func (p *program) begun(l *laptop) ([]string, error) {
	root, err := p.packFolder()
	if err != nil {
		return nil, err
	}
	dirs, err := pack.Begun(root, l.number)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, &exchange.Error{Code: "pack_none_here"}
	}
	return dirs, nil
}

// packName is the number of the pack in the folder, and whose it is: both are in its name.
func (p *program) packName(dir string) string {
	number, account, _ := strings.Cut(filepath.Base(dir), ".")
	return p.words.Say("pack.named", ui.Plain(number), ui.Plain(account))
}

// one is the only pack on this machine, or the one with the number.
func (p *program) one(l *laptop) (string, error) {
	dirs, err := p.begun(l)
	if err == nil && len(dirs) > 1 {
		var here []string
		for _, dir := range dirs {
			here = append(here, p.packName(dir))
		}
		err = &exchange.Error{Code: "pack_several", Args: review.Args{"packs": strings.Join(here, p.words.Say("join"))}}
	}
	if err != nil {
		return "", err
	}
	return dirs[0], nil
}

// working opens the pack of the folder, runs something on it and closes it.
func (p *program) working(dir string, key *pack.Key, run func(w *pack.Work) error) error {
	w, err := pack.Resume(dir, key, store.Options{Drawable: drawable()})
	if err != nil {
		return err
	}
	p.words = p.words.For(w.Store.Policy())
	return errors.Join(run(w), w.Close())
}

// onPack runs something on the only pack of this machine, or the one with the number.
func (p *program) onPack(l *laptop, run func(w *pack.Work) error) error {
	dir, err := p.one(l)
	if err != nil {
		return err
	}
	key, err := p.key(l)
	if err != nil {
		return err
	}
	return p.working(dir, key, run)
}

func (p *program) packOpen() *cobra.Command {
	var l laptop
	cmd := &cobra.Command{
		Use: "open [FILE]", Args: p.arguments(0, 1),
		Example: "  rongzheng pack open /media/stick/zhou.pack\n  rongzheng pack open -i ~/.ssh/id_rsa",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := p.onTerminal(); err != nil {
				return err
			}
			key, dir, err := p.openedPack(&l, args)
			if err != nil {
				return err
			}
			return p.working(dir, key, p.packDesk)
		},
	}
	p.laptopFlags(cmd, &l)
	p.deskFlag(cmd, &l)
	p.imagesFlag(cmd)
	return cmd
}

// packDesk shows the desk on a pack of this machine.
func (p *program) packDesk(w *pack.Work) error {
	verify, err := p.packVerifier(w)
	if err != nil {
		return err
	}
	return p.onOwnTerminal(ui.Options{
		Warning: p.warning(), Store: w.Store, Account: w.Officer.Name, Lang: p.words.Lang(), Clock: p.now, Environ: os.Environ(),
		Outlet: ui.Folder("."), Verify: verify,
	})
}

// warning is what somebody has to know who opens a pack on this machine, "" for nothing.
func (p *program) warning() string {
	if word := exposed(); word != "" {
		return p.words.Say(word)
	}
	return ""
}

// openedPack brings the file to this machine where one is named, and returns the folder to work in.
func (p *program) openedPack(l *laptop, args []string) (*pack.Key, string, error) {
	key, err := p.key(l)
	if err != nil {
		return nil, "", err
	}
	if len(args) == 0 {
		dir, err := p.one(l)
		return key, dir, err
	}
	dir, err := p.begin(l, args[0], key)
	return key, dir, err
}

func (p *program) begin(l *laptop, path string, key *pack.Key) (string, error) {
	root, err := p.packFolder()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", err
	}
	bar := newProgress(p.stderr, p.words.Say("pack.checking"))
	trust := func(m *pack.Manifest, desk pack.PublicKey) error { return p.trust(l, m.Number, desk) }
	dir, err := pack.Begin(root, path, key, trust, bar.step)
	bar.end()
	if err != nil {
		return "", err
	}
	return dir, p.keepChecking(root, dir, key)
}

// keepChecking puts the list of what was revoked and the public keys, where they came along, into the files packs/revocations
// and packs/keys, for verify --keys --revocations. They name nobody.
func (p *program) keepChecking(root, dir string, key *pack.Key) error {
	return p.working(dir, key, func(w *pack.Work) error {
		for _, one := range []struct {
			name string
			read func() ([]byte, error)
		}{{"revocations", w.Revocations}, {"keys", w.Keys}} {
			data, err := one.read()
			if errors.Is(err, review.ErrNotFound) {
				continue
			}
			if err == nil {
				err = p.writeOut(filepath.Join(root, one.name), data)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// packVerifier checks codes with what came along with the pack; nil where nothing did.
func (p *program) packVerifier(w *pack.Work) (func(review.Actor) ui.Verifier, error) {
	data, err := w.Keys()
	if errors.Is(err, review.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	keys, err := code.ReadKeys(data)
	if err != nil {
		return nil, err
	}
	list, err := w.Revocations()
	if err != nil {
		return nil, err
	}
	revoked, err := keys.OpenList(list)
	if err != nil && !errors.Is(err, code.ErrKeyWithdrawn) { // without the list the codes are still checked, and it says so
		return nil, err
	}
	return func(review.Actor) ui.Verifier {
		return ui.Verifier{Keys: keys, List: revoked, On: review.DateOf(p.now())}
	}, nil
}

// packTake brings a pack to this machine without opening the desk.
func (p *program) packTake() *cobra.Command {
	var l laptop
	cmd := &cobra.Command{
		Use: "take FILE", Args: p.arguments(1, 1), Example: "  rongzheng pack take /media/stick/zhou.pack --desk SHA256:…",
		RunE: func(_ *cobra.Command, args []string) error {
			key, dir, err := p.openedPack(&l, args)
			if err != nil {
				return err
			}
			if text := p.warning(); text != "" {
				p.complain(text)
			}
			return p.working(dir, key, p.printWork)
		},
	}
	p.laptopFlags(cmd, &l)
	p.deskFlag(cmd, &l)
	return cmd
}

// packRun carries out one of the commands that a desk takes over SSH on a pack of this machine.
func (p *program) packRun() *cobra.Command {
	var l laptop
	cmd := &cobra.Command{
		Use: "run -- COMMAND...", Args: p.arguments(1, 0),
		Example: "  rongzheng pack run -- list\n  rongzheng pack run -- approve SQ202611160001 --seen",
		RunE: func(_ *cobra.Command, args []string) error {
			status := exitFailed
			err := p.onPack(&l, func(w *pack.Work) error {
				b := Bound{Store: w.Store, Account: w.Officer.Name, Lang: review.Lang(p.lang), Clock: p.now, Pack: w.Manifest.Number}
				status = RunOn(p.ctx, b, args, p.stdin, p.stdout, p.stderr)
				return nil
			})
			if err == nil && status != exitDone {
				err = &said{status}
			}
			return err
		},
	}
	p.laptopFlags(cmd, &l)
	cmd.Flags().SetInterspersed(false) // what follows the command's name is its own, with or without --
	return cmd
}

// said ends a command whose own complaint has been printed, with its exit status.
type said struct{ status int }

func (e *said) Error() string { return fmt.Sprintf("status %d", e.status) }

func (p *program) packStatus() *cobra.Command {
	var l laptop
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Args: p.noArguments, Example: "  rongzheng pack status\n  rongzheng pack status --json",
		RunE: func(*cobra.Command, []string) error {
			dirs, err := p.begun(&l)
			if err != nil {
				return err
			}
			key, err := p.key(&l)
			if err != nil {
				return err
			}
			return p.printPacks(dirs, key, asJSON)
		},
	}
	p.laptopFlags(cmd, &l)
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

// workRow is a pack of this machine, as JSON.
type workRow struct {
	Number    string     `json:"number"`
	Account   string     `json:"account"`
	Sealed    bool       `json:"sealed,omitempty"` // to another officer of the same laptop, so that nothing more is known
	Cases     int        `json:"cases"`
	Decisions int        `json:"decisions"`
	Until     *time.Time `json:"until,omitempty"`
	Barred    string     `json:"barred,omitempty"` // why nothing can be decided now, as a code
}

// printPacks tells of every pack how it stands. Of one that is sealed to another officer of the same laptop it tells whose
// it is; where all are, that is the error.
func (p *program) printPacks(dirs []string, key *pack.Key, asJSON bool) error {
	var others []string
	var refused error
	show, encoder := p.printWork, json.NewEncoder(p.stdout)
	if asJSON {
		show = func(w *pack.Work) error { return p.encodeWork(encoder, w) }
	}
	for _, dir := range dirs {
		err := p.working(dir, key, show)
		if isOtherKey(err) {
			others, refused = append(others, dir), err
		} else if err != nil {
			return err
		}
	}
	if len(others) == len(dirs) {
		return refused
	}
	for _, dir := range others {
		if err := p.printSealed(dir, encoder, asJSON); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) printSealed(dir string, encoder *json.Encoder, asJSON bool) error {
	if asJSON {
		number, account, _ := strings.Cut(filepath.Base(dir), ".")
		return encoder.Encode(workRow{Number: number, Account: account, Sealed: true})
	}
	_, err := fmt.Fprintln(p.stdout, p.words.Say("pack.others", p.packName(dir)))
	return err
}

func (p *program) encodeWork(encoder *json.Encoder, w *pack.Work) error {
	decisions, over, err := p.standing(w)
	if err != nil {
		return err
	}
	m := &w.Manifest
	row := workRow{Number: m.Number, Account: w.Officer.Name, Cases: len(m.Cases), Decisions: decisions, Until: &m.Until}
	if rule, ok := errors.AsType[*review.RuleError](over); ok {
		row.Barred = rule.Code
	}
	return encoder.Encode(row)
}

func (p *program) printWork(w *pack.Work) error {
	decisions, over, err := p.standing(w)
	if err != nil {
		return err
	}
	m := &w.Manifest
	text := p.words.Say("pack.here", m.Number, w.Officer.Name, len(m.Cases), decisions, minute(m.Until))
	if over != nil {
		text += "\n  " + p.explain(over)
	}
	_, err = fmt.Fprintln(p.stdout, text)
	return err
}

// standing counts the decisions on a pack; over is why none can be added now, nil where one can.
func (p *program) standing(w *pack.Work) (decisions int, over, err error) {
	acts, err := w.Acts()
	if err != nil {
		return 0, nil, err
	}
	for _, a := range acts {
		if a.Decides() {
			decisions++
		}
	}
	term, err := w.Store.Term()
	if err != nil {
		return 0, nil, err
	}
	return decisions, term.Check(p.now()), nil
}

func (p *program) packReturn() *cobra.Command {
	var l laptop
	var output string
	var partly bool
	cmd := &cobra.Command{
		Use: "return", Args: p.noArguments, Example: "  rongzheng pack return -o /media/stick/zhou.return",
		RunE: func(*cobra.Command, []string) error {
			return p.onPack(&l, func(w *pack.Work) error { return p.returnPack(w, output, !partly) })
		},
	}
	p.laptopFlags(cmd, &l)
	cmd.Flags().StringVarP(&output, "output", "o", "", p.words.Say("flag.output"))
	cmd.Flags().BoolVar(&partly, "partly", false, p.words.Say("flag.partly"))
	require(cmd, "output")
	return cmd
}

func (p *program) returnPack(w *pack.Work, output string, finished bool) error {
	n := 0
	err := durable.WriteFile(output, func(out io.Writer) (err error) {
		n, err = w.Return(out, finished, p.now())
		return err
	})
	if err == nil {
		err = w.Store.HandedOver(n)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, p.words.Say("pack.returned", w.Manifest.Number, n, output))
	return err
}

func (p *program) packClose() *cobra.Command {
	var l laptop
	var really, discard bool
	cmd := &cobra.Command{
		Use: "close", Args: p.noArguments,
		Example: "  rongzheng pack close --handed-over\n  rongzheng pack close --number WP-2026-000012 --handed-over -i ~/.ssh/id_rsa\n  rongzheng pack close --number WP-2026-000012 --discard",
		RunE: func(*cobra.Command, []string) error {
			if really == discard {
				return p.misused("usage.handed_over")
			}
			return p.closePack(&l, discard)
		},
	}
	p.laptopFlags(cmd, &l)
	cmd.Flags().BoolVar(&really, "handed-over", false, p.words.Say("flag.handed_over"))
	cmd.Flags().BoolVar(&discard, "discard", false, p.words.Say("flag.discard"))
	return cmd
}

// closePack wipes a pack of which everything stands in a return. Who gives up what was done, or has lost the key, says so.
func (p *program) closePack(l *laptop, discard bool) error {
	if !discard {
		if err := p.onPack(l, p.allReturned); err != nil {
			return err
		}
	}
	dir, err := p.one(l)
	if err != nil {
		return err
	}
	if err := pack.Wipe(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, p.words.Say("pack.wiped", filepath.Base(dir)))
	return err
}

func (p *program) allReturned(w *pack.Work) error {
	acts, err := w.Acts()
	if err != nil {
		return err
	}
	returned, err := w.Store.LastHandedOver()
	if n := len(acts) - returned; err == nil && n > 0 {
		err = &exchange.Error{Code: "pack_not_returned", Args: review.Args{"pack": w.Manifest.Number, "n": fmt.Sprint(n)}}
	}
	return err
}
