package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert/sign"
	"rongzheng/review"
)

// signatureVariable names the passphrase of a PKCS #12 file in the environment.
const signatureVariable = "RONGZHENG_SIGNATURE_PASSPHRASE"

// errSignerOver says that the certificate of who is to sign files is not valid today.
var errSignerOver = errors.New("the certificate is not valid today")

func (p *program) keySignature() *cobra.Command {
	var off, asJSON bool
	cmd := &cobra.Command{
		Use: "signature [FILE]", Args: p.atMostOne(),
		Example: "  rongzheng key signature office.p12 --as guanli\n  rongzheng key signature --as guanli\n  rongzheng key signature --off --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			if off && len(args) > 0 {
				return p.misused("usage.signature")
			}
			return p.with(func(d *desk) error {
				if err := d.by.May(review.Administer); err != nil {
					return err
				}
				if err := d.unlock(); err != nil {
					return err
				}
				switch {
				case off:
					return d.signFiles(nil)
				case len(args) > 0:
					return d.signFilesWith(args[0])
				}
				return d.showSignature(asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, p.words.Say("flag.signature_off"))
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

// signFilesWith lets the key in the file sign certificates from now on.
func (d *desk) signFilesWith(path string) error {
	data, err := readUpTo(path, sign.MaxFile)
	if err != nil {
		return err
	}
	passphrase := os.Getenv(signatureVariable)
	id, err := sign.Read(data, passphrase)
	if errors.Is(err, sign.ErrPassphrase) && passphrase == "" {
		if passphrase, err = d.ask("signature.ask"); err == nil {
			id, err = sign.Read(data, passphrase)
		}
	}
	if err != nil {
		return err
	}
	if !id.Covers(d.now()) {
		return errSignerOver
	}
	return d.signFiles(id)
}

// signFiles records who signs files before anything is signed; nobody for nil.
func (d *desk) signFiles(id *sign.Identity) error {
	if _, err := d.ring.Signer(); err != nil { // what seals it is locked: nothing is recorded that does not happen
		return err
	}
	note, said := "key signature off", d.words.Say("signature.off")
	if id != nil {
		note = "key signature " + id.Fingerprint()
		said = d.words.Say("signature.on", id.Holder(), id.Issuer(), review.DateOf(id.Until()))
	}
	if err := d.store.Record(d.by.Name, review.Event{Action: review.Administer, Note: note}, d.now()); err != nil {
		return err
	}
	if err := d.ring.SetFileSigner(id); err != nil {
		return err
	}
	if id != nil && id.Alone() {
		said += "\n" + d.words.Say("signature.alone")
	}
	if trouble := d.signerTrouble(); trouble != "" {
		said += "\n" + trouble
	}
	_, err := fmt.Fprintln(d.stdout, said)
	return err
}

// showSignature tells who signs files.
func (d *desk) showSignature(asJSON bool) error {
	id, err := d.ring.FileSigner()
	if err != nil {
		return err
	}
	if asJSON {
		told := map[string]any{"signs": id != nil}
		if id != nil {
			told["holder"], told["issuer"], told["until"] = id.Holder(), id.Issuer(), id.Until().In(review.Zone).Format(time.RFC3339)
			told["fingerprint"], told["valid"] = id.Fingerprint(), id.Covers(d.now())
		}
		return json.NewEncoder(d.stdout).Encode(told)
	}
	said := d.words.Say("signature.none")
	if id != nil {
		said = d.words.Say("signature.is", id.Holder(), id.Issuer(), review.DateOf(id.Until()), id.Fingerprint())
		if trouble := d.signerTrouble(); trouble != "" {
			said += "\n" + trouble
		}
	}
	_, err = fmt.Fprintln(d.stdout, said)
	return err
}

// signerTrouble is what should be known of the certificate that signs files before one is issued; "" for nothing.
func (p *program) signerTrouble() string {
	if p.ring == nil { // the store is a pack's, which issues nothing
		return ""
	}
	return p.words.SignerTrouble(p.ring.FilesUntil(), p.now())
}
