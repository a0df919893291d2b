package command

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/review"
)

// receiptCommand writes the receipt (受理回执) of an application, as the counter hands it out.
func (p *program) receiptCommand() *cobra.Command {
	return p.paperCommand("receipt", func(d *desk, a *review.Application, name string) (func(w io.Writer) error, error) {
		r := cert.ReceiptOf(a, d.store.Policy(), d.by.Office)
		r.Name = name
		return func(w io.Writer) error { return cert.WriteReceipt(w, r) }, nil
	})
}

// noticeCommand writes the notice of refusal (不予登记告知书) of an application that was refused.
func (p *program) noticeCommand() *cobra.Command {
	return p.paperCommand("notice", func(d *desk, a *review.Application, name string) (func(w io.Writer) error, error) {
		n, err := cert.NoticeOf(a, d.store.Policy())
		if errors.Is(err, cert.ErrState) {
			return nil, p.misused("usage.not_refused", a.Reference)
		}
		n.Name = name
		return func(w io.Writer) error { return cert.WriteNotice(w, n) }, err
	})
}

// paperOf makes ready what is written of an application; name is the person's.
type paperOf func(d *desk, a *review.Application, name string) (func(w io.Writer) error, error)

// paperCommand is a command that writes a paper of an application. The name stands on it in clear, so the account needs the
// right to see it, and that is recorded.
func (p *program) paperCommand(kind string, of paperOf) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use: kind + " REF", Args: p.arguments(1, 1),
		Example: "  rongzheng " + kind + " SQ202611160002 -o " + kind + ".pdf --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := p.localFiles(path, ""); err != nil {
				return err
			}
			return p.with(func(d *desk) error { return d.paper(args[0], kind, path, of) })
		},
	}
	p.outputFlag(cmd, &path)
	return cmd
}

func (d *desk) paper(reference, kind, path string, of paperOf) error {
	a, err := d.store.Application(d.by, reference)
	if err == nil {
		err = d.by.May(review.Reveal)
	}
	if err != nil {
		return err
	}
	name, err := d.nameOf(&a)
	if err != nil {
		return err
	}
	write, err := of(d, &a, name)
	if err == nil {
		err = d.recordReveal(&a, nil)
	}
	if err != nil {
		return err
	}
	return d.writePaper(path, kind+".done", write)
}

// nameOf is the person's name; a completion states none, and the record has it.
func (d *desk) nameOf(a *review.Application) (string, error) {
	if name := a.Form.Get("name"); name != "" {
		return name, nil
	}
	facts, err := d.store.Facts(a.Reference)
	if err != nil || facts.Certificate == nil || facts.Certificate.Current() == nil {
		return "", err
	}
	return facts.Certificate.Current().Form.Get("name"), nil
}
