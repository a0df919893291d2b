package command

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store/durable"
	"rongzheng/ui"
)

func (p *program) formCommand() *cobra.Command {
	var want formWanted
	cmd := &cobra.Command{
		Use: "form first|renewal|completion", Args: p.arguments(1, 1), ValidArgs: []string{"first", "renewal", "completion"},
		Example: "  rongzheng form first -o form.pdf\n  rongzheng form renewal --ref SQ202611160002 -o form.pdf --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			if want.kind = review.Kind(args[0]); !slices.Contains(review.Kinds(), want.kind) {
				return p.misused("usage.kind", args[0])
			}
			return p.form(want)
		},
	}
	p.outputFlag(cmd, &want.path)
	cmd.Flags().StringVar(&want.reference, "ref", "", p.words.Say("flag.ref"))
	cmd.Flags().StringVar(&want.person, "person", "", p.words.Say("flag.form_person"))
	cmd.MarkFlagsMutuallyExclusive("ref", "person")
	return cmd
}

// formWanted is which paper form, filled in with what, and where it goes.
type formWanted struct {
	kind              review.Kind
	reference, person string // of an application, or identity number; "" for neither
	path              string
}

// form writes the paper form. A blank one needs no data folder; one filled in shows personal data in clear, so the account
// needs the right to and it is recorded.
func (p *program) form(want formWanted) error {
	policy, err := p.policy()
	if err == nil {
		err = p.localFiles(want.path, "")
	}
	if err != nil {
		return err
	}
	if want.reference == "" && want.person == "" {
		return p.writeForm(cert.FormSheet{Kind: want.kind, Policy: policy}, want.path)
	}
	return p.with(func(d *desk) error {
		if err := d.by.May(review.Reveal); err != nil {
			return err
		}
		if want.person != "" {
			return d.formOfPerson(want, policy)
		}
		a, err := d.store.Application(d.by, want.reference)
		if err != nil {
			return err
		}
		if err := d.recordReveal(&a, nil); err != nil {
			return err
		}
		return p.writeForm(filledIn(&a, want.kind, policy), want.path)
	})
}

// formOfPerson fills the form in as the desk does on a person's page: with the clerk's draft, else with the record.
func (d *desk) formOfPerson(want formWanted, policy *review.Policy) error {
	now := d.now()
	id, err := review.ParseIdentity(review.CleanIdentity(want.person), policy.ForeignersCard, review.DateOf(now))
	if err != nil {
		return err
	}
	known, err := d.store.Known(d.by.Name, review.PersonKey{Type: id.DocumentType, Number: id.Number})
	if err != nil {
		return err
	}
	sheet, of, err := ui.FormFor(d.store, d.by.Name, &known, want.kind, policy, now)
	if err != nil {
		return err
	}
	if of != "" {
		if err := d.store.Record(d.by.Name, ui.FormShown(of), now); err != nil {
			return err
		}
	}
	return d.writeForm(sheet, want.path)
}

func filledIn(a *review.Application, kind review.Kind, policy *review.Policy) cert.FormSheet {
	sheet := cert.FormSheet{
		Kind: kind, Policy: policy, Form: a.Form, Day: review.DateOf(a.SubmittedAt), Attached: map[review.Key]int{},
	}
	if kind == a.Kind {
		sheet.Reference, sheet.Consent = a.Reference, a.Consent
		for _, at := range a.Attachments {
			sheet.Attached[at.Slot]++
		}
	}
	return sheet
}

func (p *program) writeForm(sheet cert.FormSheet, path string) error {
	return p.writePaper(path, "form.done", func(w io.Writer) error { return cert.WriteForm(w, sheet) })
}

// writePaper writes a PDF to standard output or into a file, and then says so.
func (p *program) writePaper(path, done string, write func(w io.Writer) error) error {
	if path == "-" {
		return write(p.stdout)
	}
	if err := durable.WriteFile(path, write); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, p.words.Say(done, path))
	return err
}
