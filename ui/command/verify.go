package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// verifying is what verify is asked for.
type verifying struct {
	keys, revocations string // files; "" asks the register
	name, idNumber    string // of whoever shows the paper; "" leaves the holder unchecked
	check             string
	asJSON            bool
}

func (p *program) verifyCommand() *cobra.Command {
	var v verifying
	cmd := &cobra.Command{
		Use: "verify FILE.pdf|IMAGE|TEXT...", Args: p.arguments(1, 0),
		Example: "  rongzheng verify certificate.pdf --as chuangkou\n  rongzheng verify photo.jpg --keys rongzheng-keys.cbor --revocations revocations.rz\n" +
			"  rongzheng verify - --keys rongzheng-keys.pem < scanned.txt\n" +
			"  rongzheng verify photo.jpg --keys rongzheng-keys.pem --name 王芳 --id 11010519491231002X --check 1A2B-3C4D-5E6F",
		RunE: func(_ *cobra.Command, args []string) error { return p.verify(args, v) },
	}
	flags := cmd.Flags()
	flags.StringVar(&v.keys, "keys", "", p.words.Say("flag.keys"))
	flags.StringVar(&v.revocations, "revocations", "", p.words.Say("flag.revocations"))
	p.verifyFlags(cmd, &v)
	return cmd
}

// verifyFlags are what both a file and standard input are checked with: who shows the paper.
func (p *program) verifyFlags(cmd *cobra.Command, v *verifying) {
	flags := cmd.Flags()
	flags.StringVar(&v.name, "name", "", p.words.Say("flag.holder_name"))
	flags.StringVar(&v.idNumber, "id", "", p.words.Say("flag.holder_id"))
	flags.StringVar(&v.check, "check", "", p.words.Say("flag.check"))
	p.jsonFlag(cmd, &v.asJSON)
}

// errNotValid ends a verification whose certificate does not stand; what is the matter has been said.
var errNotValid = errors.New("not a certificate that stands")

// verify judges each paper by itself. With keys it needs no data folder.
func (p *program) verify(args []string, v verifying) error {
	if v.keys == "" && v.revocations != "" {
		return p.misused("usage.revocations")
	}
	if v.keys == "" {
		return p.with(func(d *desk) error {
			return d.verifyAll(args, v, ui.Verifier{Keys: d.ring.Keys(), Standing: d.standing, On: review.DateOf(d.now())})
		})
	}
	checker, err := p.offline(v)
	if err != nil {
		return err
	}
	return p.verifyAll(args, v, checker)
}

// checking lets a desk check codes with the register, and tells it whether certificates can be issued.
func (p *program) checking(o ui.Options) ui.Options {
	register, ok := o.Store.(*store.Store)
	if !ok || p.ring == nil { // a work pack has no keys
		return o
	}
	o.Signing, o.Unsealed, o.FilesUntil = p.signing(), p.unsealed && !o.Demo, p.ring.FilesUntil
	o.Verify = func(by review.Actor) ui.Verifier {
		standing := func(number string) (store.Standing, error) { return register.Standing(by, number) }
		return ui.Verifier{Keys: p.ring.Keys(), Standing: standing, On: review.DateOf(p.now())}
	}
	return o
}

func (d *desk) standing(number string) (store.Standing, error) { return d.store.Standing(d.by, number) }

// offline checks with files alone.
func (p *program) offline(v verifying) (ui.Verifier, error) {
	data, err := os.ReadFile(v.keys)
	if err != nil {
		return ui.Verifier{}, err
	}
	keys, err := code.ReadKeys(data)
	if err != nil {
		return ui.Verifier{}, err
	}
	checker := ui.Verifier{Keys: keys, On: review.DateOf(p.now())}
	if v.revocations != "" {
		if data, err = os.ReadFile(v.revocations); err != nil {
			return ui.Verifier{}, err
		}
		if checker.List, err = keys.OpenList(data); err != nil {
			return ui.Verifier{}, err
		}
	}
	return checker, nil
}

func (p *program) verifyAll(args []string, v verifying, checker ui.Verifier) error {
	failed := 0
	for _, arg := range args {
		found, err := p.verifyOne(arg, v, checker)
		if err != nil {
			return err
		}
		if !found.Stands() {
			failed++
		}
		if err := p.sayFound(arg, len(args) > 1, found, v, checker); err != nil {
			return err
		}
	}
	switch {
	case failed == 0:
		return nil
	case failed < len(args):
		return errPartial
	}
	return errNotValid
}

// maxPaper is the largest file that is looked at.
const maxPaper = 32 << 20

// verifyOne reads a text, or a file that holds a paper or a text.
func (p *program) verifyOne(arg string, v verifying, checker ui.Verifier) (ui.Found, error) {
	if code.Is(arg) {
		return checker.Text(arg, v.name, v.idNumber, v.check)
	}
	var data []byte
	var err error
	if arg == "-" {
		data, err = io.ReadAll(io.LimitReader(p.stdin, maxPaper))
	} else {
		data, err = readUpTo(arg, maxPaper)
	}
	if err != nil {
		return ui.Found{}, err
	}
	return checker.Paper(data, v.name, v.idNumber, v.check)
}

// readUpTo reads a file, and no more of it than so many bytes.
func readUpTo(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

func (p *program) sayFound(arg string, several bool, f ui.Found, v verifying, checker ui.Verifier) error {
	if v.asJSON {
		return exchange.WriteLine(p.stdout, foundLine(arg, f, checker))
	}
	lines := p.words.Found(f)
	if consulted := p.words.Consulted(checker, f); consulted != "" {
		lines = append(lines, consulted)
	}
	lead := ""
	if several {
		lead = ui.Plain(arg) + "\n"
	}
	_, err := fmt.Fprintln(p.stdout, lead+strings.Join(lines, "\n"))
	return err
}

// found is a verification as JSON.
type found struct {
	Source     string       `json:"source"`
	Verdict    code.Verdict `json:"verdict"`
	Number     string       `json:"number,omitempty"`
	Version    int          `json:"version,omitempty"`
	Standing   int          `json:"standing_version,omitempty"`
	Level      string       `json:"level,omitempty"`
	Issuer     string       `json:"issuer,omitempty"`
	ValidFrom  review.Date  `json:"valid_from,omitzero"`
	ValidUntil review.Date  `json:"valid_until,omitzero"`
	IssuedAt   time.Time    `json:"issued_at,omitzero"`
	RevokedOn  review.Date  `json:"revoked_on,omitzero"`
	Key        string       `json:"key,omitempty"`
	// WithdrawnOn is the day from which the key is not trusted.
	WithdrawnOn review.Date `json:"key_withdrawn_on,omitzero"`
	// Holder is "matches", "differs", or absent where nothing was compared.
	Holder   string    `json:"holder,omitempty"`
	ListMade time.Time `json:"revocations_made_at,omitzero"`
	// Signature is "intact" or "broken" for a PDF with a signature in it, SignedBy whom its certificate names.
	Signature string `json:"signature,omitempty"`
	SignedBy  string `json:"signed_by,omitempty"`
}

var signatureStates = map[cert.SignatureState]string{cert.Intact: "intact", cert.Broken: "broken"}

func foundLine(arg string, f ui.Found, checker ui.Verifier) found {
	s := f.Statement
	if code.Is(arg) {
		arg = "text"
	}
	line := found{
		Source: arg, Verdict: f.Verdict, Number: s.Number, Version: s.Version, Standing: f.Standing.Version, Level: s.Level, Issuer: s.Issuer,
		ValidFrom: s.ValidFrom, ValidUntil: s.ValidUntil, IssuedAt: s.IssuedAt, RevokedOn: f.Standing.RevokedOn, Key: f.Key, Holder: string(f.Holder),
		WithdrawnOn: f.WithdrawnOn, Signature: signatureStates[f.Signature], SignedBy: f.SignedBy,
	}
	if checker.List != nil {
		line.ListMade = checker.List.Made
	}
	return line
}
