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

// judging is one run of verify.
type judging struct {
	p           *program
	v           verifying
	checker     ui.Verifier
	several     bool // papers were named: each answer says which one it is about
	done, stand int  // certificates that were judged, and those of them that stand
}

func (p *program) verifyAll(args []string, v verifying, checker ui.Verifier) error {
	j := judging{p: p, v: v, checker: checker, several: len(args) > 1}
	for _, arg := range args {
		if err := j.judge(arg); err != nil {
			return err
		}
	}
	switch {
	case j.stand == j.done:
		return nil
	case j.stand > 0:
		return errPartial
	}
	return errNotValid
}

// The largest file that is looked at is held in memory as long as that takes. On one's own machine it may hold some 1500
// certificates; a server, where many may ask at once, takes half of that, and reads few codes from pictures.
const (
	maxPaper          = 64 << 20
	maxPaperServed    = 32 << 20
	maxPicturesServed = 100
)

// paperSizeError says that a file is larger than so many bytes.
type paperSizeError int64

func (e paperSizeError) Error() string {
	return fmt.Sprintf("the file is larger than %d bytes", int64(e))
}

// judge judges a text, or a file that holds a paper or a text.
func (j *judging) judge(arg string) error {
	if code.Is(arg) {
		f, err := j.checker.Text(arg, j.v.name, j.v.idNumber, j.v.check)
		if err != nil {
			return err
		}
		return j.say(arg, f)
	}
	data, err := j.read(arg)
	if err != nil {
		return err
	}
	pictures := ui.MostPages
	if j.p.bound != nil {
		pictures = maxPicturesServed
	}
	if many := j.checker.Many(data, pictures); many != nil {
		return j.judgeMany(arg, many)
	}
	f, err := j.checker.Paper(data, j.v.name, j.v.idNumber, j.v.check)
	if err != nil {
		return err
	}
	return j.say(arg, f)
}

func (j *judging) read(arg string) (data []byte, err error) {
	most := int64(maxPaper)
	if j.p.bound != nil {
		most = maxPaperServed
	}
	if arg == "-" {
		data, err = io.ReadAll(io.LimitReader(j.p.stdin, most+1))
	} else {
		data, err = readUpTo(arg, most+1)
	}
	if err == nil && int64(len(data)) > most {
		err = paperSizeError(most)
	}
	return data, err
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

// judgeMany judges every certificate of a file of several pages. The first answer waits for the second: one that stays
// alone is told as that of its file.
func (j *judging) judgeMany(arg string, many *ui.Many) error {
	var first *ui.Found
	n, blind, before := 0, 0, j.stand
	bar := newProgress(j.p.stderr, j.p.words.Say("verify.looking"))
	defer bar.end()
	looked := func(page int) error {
		bar.step(page, many.Pages())
		return j.p.ctx.Err()
	}
	err := many.Each(j.v.name, j.v.idNumber, j.v.check, looked, func(f ui.Found) error {
		bar.end()
		if f.Verdict == code.NoCode {
			blind++
		}
		switch n++; n {
		case 1:
			first = &f
			return nil
		case 2:
			if err := j.say(arg, *first); err != nil {
				return err
			}
		}
		return j.say(arg, f)
	})
	if err != nil {
		return err
	}
	bar.end()
	if n == 1 && !many.More() {
		f := *first
		f.Page, f.Cut = 0, many.Cut()
		f.Signature, f.SignedBy = many.Signature()
		return j.say(arg, f)
	}
	if n == 1 {
		if err := j.say(arg, *first); err != nil {
			return err
		}
	}
	return j.sum(arg, many, n-blind, j.stand-before, blind)
}

// sum says of a file with several certificates how many of them stand, and what holds for the whole of it.
func (j *judging) sum(arg string, many *ui.Many, certificates, stand, blind int) error {
	w := j.p.words
	if many.More() { // what nobody has looked at does not stand
		j.done++
		j.p.complain(j.lead(arg, w.Say("colon")) + w.Say("verify.more", many.Looked()))
	}
	if j.v.asJSON {
		return nil
	}
	lines := []string{w.Say("verify.sum", certificates, stand)}
	if blind > 0 {
		lines = append(lines, w.Say("verify.blind", blind))
	}
	lines = append(lines, w.Whole(many)...)
	if consulted := w.Consulted(j.checker, ui.Found{}); consulted != "" {
		lines = append(lines, consulted)
	}
	_, err := fmt.Fprintln(j.p.stdout, j.lead(arg, "\n")+strings.Join(lines, "\n"))
	return err
}

// say tells what was found, in one line of a file of several certificates and in several of one alone.
func (j *judging) say(arg string, f ui.Found) error {
	j.done++
	if f.Stands() {
		j.stand++
	}
	w := j.p.words
	if j.v.asJSON {
		return exchange.WriteLine(j.p.stdout, foundLine(arg, f, j.checker))
	}
	if f.Page > 0 {
		_, err := fmt.Fprintln(j.p.stdout, j.lead(arg, " ")+w.FoundOnPage(f))
		return err
	}
	lines := w.Found(f)
	if consulted := w.Consulted(j.checker, f); consulted != "" {
		lines = append(lines, consulted)
	}
	_, err := fmt.Fprintln(j.p.stdout, j.lead(arg, "\n")+strings.Join(lines, "\n"))
	return err
}

// lead names the paper where several were given.
func (j *judging) lead(arg, end string) string {
	if !j.several {
		return ""
	}
	return ui.Plain(arg) + end
}

// found is a verification as JSON.
type found struct {
	Source     string       `json:"source"`
	Page       int          `json:"page,omitempty"` // of a file with several certificates
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
		Source: arg, Page: f.Page, Verdict: f.Verdict, Number: s.Number, Version: s.Version, Standing: f.Standing.Version, Level: s.Level, Issuer: s.Issuer,
		ValidFrom: s.ValidFrom, ValidUntil: s.ValidUntil, IssuedAt: s.IssuedAt, RevokedOn: f.Standing.RevokedOn, Key: f.Key, Holder: string(f.Holder),
		WithdrawnOn: f.WithdrawnOn, Signature: signatureStates[f.Signature], SignedBy: f.SignedBy,
	}
	if checker.List != nil {
		line.ListMade = checker.List.Made
	}
	return line
}
