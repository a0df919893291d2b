package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
)

// passphraseVariable names the passphrase of the signing key in the environment.
const passphraseVariable = "RONGZHENG_KEY_PASSPHRASE"

var (
	// errKeysLost says that the folder of keys is gone while certificates carry codes.
	errKeysLost = errors.New("the keys of the verification codes are missing")
	// errNoPassphrase says that a passphrase was asked for and none was given.
	errNoPassphrase = errors.New("no passphrase was given")
	// errTwoPassphrases says that a passphrase was not typed twice the same way.
	errTwoPassphrases = errors.New("the passphrases differ")
)

// addCodes adds what has to do with verification codes.
func (p *program) addCodes(root *cobra.Command) {
	root.AddCommand(p.keyCommand(), p.verifyCommand())
	for _, cmd := range root.Commands() {
		if cmd.Name() == "certificate" {
			cmd.AddCommand(p.certificateRevocations())
		}
	}
}

func (p *program) keyCommand() *cobra.Command {
	return p.group("key", p.keyList(), p.keyRotate(), p.keyProtect(), p.keyWithdraw(), p.keySignature(), p.keyExport())
}

func (p *program) keyList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Args: p.noArguments, Example: "  rongzheng key list --as guanli",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.listKeys(asJSON) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) listKeys(asJSON bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	var t table
	for _, k := range d.ring.List() {
		if asJSON {
			err := json.NewEncoder(d.stdout).Encode(map[string]any{
				"id": k.ID, "algorithm": k.Algorithm, "created": k.Created.In(review.Zone).Format(time.RFC3339), "signs": k.Current, "encrypted": k.Encrypted,
				"withdrawn": k.Withdrawn,
			})
			if err != nil {
				return err
			}
			continue
		}
		use := d.words.Say("signing.checks")
		if k.Current {
			use = d.words.Say("signing.signs")
		}
		if !k.Withdrawn.IsZero() {
			use = d.words.Say("signing.withdrawn", k.Withdrawn)
		}
		if k.Encrypted {
			use += d.words.Say("join") + d.words.Say("signing.encrypted")
		}
		t.add(k.ID, k.Algorithm, k.Created.In(review.Zone).Format("2006-01-02 15:04"), use)
	}
	return t.write(d.stdout)
}

func (p *program) keyRotate() *cobra.Command {
	var protect bool
	cmd := &cobra.Command{
		Use: "rotate", Args: p.noArguments, Example: "  rongzheng key rotate --as guanli\n  rongzheng key rotate --protect --as guanli",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.anyKeys = true
			return p.with(func(d *desk) error {
				return d.rotateKey(protect || d.protected() && !cmd.Flags().Changed("protect"))
			})
		},
	}
	cmd.Flags().BoolVar(&protect, "protect", false, p.words.Say("flag.protect"))
	return cmd
}

// protected reports whether the key that signs is under a passphrase: so is the one that takes its place, unless it is said
// that it is not.
func (d *desk) protected() bool {
	return slices.ContainsFunc(d.ring.List(), func(k code.Info) bool { return k.Current && k.Encrypted })
}

// rotateKey records the new key before anything is signed with it.
func (d *desk) rotateKey(protect bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	if err := d.keepSigner(); err != nil {
		return err
	}
	passphrase, err := d.newPassphrase(protect)
	if err != nil {
		return err
	}
	private, err := code.NewPrivate()
	if err != nil {
		return err
	}
	note := review.Event{Action: review.Administer, Note: "key rotate " + private.ID()}
	if err := d.store.Record(d.by.Name, note, d.now()); err != nil {
		return err
	}
	_, lost := d.ring.FileSigner()
	if err := d.ring.Take(private, passphrase, d.now()); err != nil {
		return err
	}
	said := d.words.Say("signing.rotated", private.ID())
	if lost != nil { // it was sealed with a key that nobody could open
		said += "\n" + d.words.Say("signature.lost")
	}
	_, err = fmt.Fprintln(d.stdout, said)
	return err
}

// keepSigner asks for the passphrase of the key that goes, where who signs files is sealed with it and a terminal is there to
// ask on: the new key takes it over. Who has lost the passphrase gives none.
func (d *desk) keepSigner() error {
	_, locked := d.ring.FileSigner()
	if locked == nil || !d.protected() {
		return nil
	}
	passphrase, err := d.ask("signing.ask_old")
	if err != nil || passphrase == "" {
		return err
	}
	return d.ring.Unlock(passphrase)
}

func (p *program) keyProtect() *cobra.Command {
	var off bool
	cmd := &cobra.Command{
		Use: "protect", Args: p.noArguments, Example: "  rongzheng key protect --as guanli\n  rongzheng key protect --off --as guanli",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error { return d.protectKey(!off) })
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, p.words.Say("flag.protect_off"))
	return cmd
}

// protectKey puts the signing key under a passphrase, or takes it off.
func (d *desk) protectKey(on bool) error {
	if err := d.by.May(review.Administer); err != nil {
		return err
	}
	if err := d.unlock(); err != nil {
		return err
	}
	passphrase, err := d.newPassphrase(on)
	if err != nil {
		return err
	}
	note := "key protect"
	if !on {
		note += " off"
	}
	if err := d.store.Record(d.by.Name, review.Event{Action: review.Administer, Note: note}, d.now()); err != nil {
		return err
	}
	if err := d.ring.Protect(passphrase); err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say(map[bool]string{true: "signing.protected", false: "signing.open"}[on]))
	return err
}

func (p *program) keyExport() *cobra.Command {
	var path string
	var asPEM bool
	cmd := &cobra.Command{
		Use: "export", Args: p.noArguments,
		Example: "  rongzheng key export -o rongzheng-keys.cbor --as guanli\n  rongzheng key export --pem -o rongzheng-keys.pem --as guanli",
		RunE: func(*cobra.Command, []string) error {
			if err := p.localFiles(path, ""); err != nil {
				return err
			}
			return p.with(func(d *desk) error { return d.exportKeys(path, asPEM) })
		},
	}
	if p.bound != nil {
		cmd.Example = "  rongzheng key export > rongzheng-keys.cbor\n  rongzheng key export --pem > rongzheng-keys.pem"
	}
	p.outputFlag(cmd, &path)
	cmd.Flags().BoolVar(&asPEM, "pem", false, p.words.Say("flag.pem"))
	return cmd
}

// exportKeys writes the public keys: nothing secret, so everybody who may look at a certificate may have them.
func (d *desk) exportKeys(path string, asPEM bool) error {
	if err := d.by.May(review.View); err != nil {
		return err
	}
	keys := d.ring.Keys()
	write := keys.COSE
	if asPEM {
		write = keys.PEM
	}
	data, err := write()
	if err != nil {
		return err
	}
	if err := d.writeOut(path, data); err != nil || path == "-" {
		return err
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("signing.exported", len(keys), path))
	return err
}

// writeOut writes a whole file, or to standard output for "-".
func (p *program) writeOut(path string, data []byte) error {
	if path == "-" {
		_, err := p.stdout.Write(data)
		return err
	}
	return durable.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// readyKey sees to it that the open register can sign: the first key is made, an encrypted one unlocked where the
// passphrase is at hand. A key that stays locked is no error yet: only what issues a certificate needs it.
func (p *program) readyKey(s *store.Store) error {
	_, err := p.ring.Signer()
	switch {
	case errors.Is(err, code.ErrLocked):
		passphrase, err := p.givenPassphrase()
		if err != nil || passphrase == "" {
			return err
		}
		return p.ring.Unlock(passphrase)
	case !errors.Is(err, code.ErrNoKey) || p.anyKeys:
		return nil
	}
	if lost, err := s.Coded(); err != nil || lost != "" {
		return errors.Join(err, errKeysLost)
	}
	return p.ring.Rotate("", p.now())
}

// signing is what keeps certificates from being issued with the keys of the open folder: code.ErrLocked,
// code.ErrNoKey, nil for nothing.
func (p *program) signing() error {
	if p.ring == nil { // the store is a pack's, which issues nothing
		return nil
	}
	_, err := p.ring.Signer()
	return err
}

// signingWords are what the status of a server calls that.
func signingWords(err error) string {
	switch {
	case errors.Is(err, code.ErrLocked):
		return "locked"
	case err != nil:
		return "missing"
	}
	return ""
}

// givenPassphrase is the passphrase of the environment or of the file, "" where there is none.
func (p *program) givenPassphrase() (string, error) {
	if p.passphraseFile == "" {
		return os.Getenv(passphraseVariable), nil
	}
	data, err := os.ReadFile(p.passphraseFile)
	return strings.TrimRight(string(data), "\r\n"), err
}

// unlock asks for the passphrase of a locked key, where there is a terminal to ask on.
func (p *program) unlock() error {
	if p.ring == nil { // the store is a pack's, which issues nothing
		return nil
	}
	if _, err := p.ring.Signer(); !errors.Is(err, code.ErrLocked) {
		return nil
	}
	passphrase, err := p.ask("signing.ask")
	if err != nil || passphrase == "" {
		return err
	}
	return p.ring.Unlock(passphrase)
}

// newPassphrase is the one that a key is put under: typed twice, or given as one is given that unlocks; "" for none.
func (p *program) newPassphrase(wanted bool) (string, error) {
	if !wanted {
		return "", nil
	}
	given, err := p.givenPassphrase()
	if err != nil || given != "" {
		return given, err
	}
	first, err := p.ask("signing.ask_new")
	if err != nil {
		return "", err
	}
	if first == "" {
		return "", errNoPassphrase
	}
	if again, err := p.ask("signing.ask_again"); err != nil || again != first {
		return "", errors.Join(err, errTwoPassphrases)
	}
	return first, nil
}

// ask reads a passphrase without showing it, "" where there is no terminal.
func (p *program) ask(question string) (string, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return "", nil
	}
	fmt.Fprint(p.stderr, p.words.Say(question))
	typed, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(p.stderr)
	return string(typed), err
}
