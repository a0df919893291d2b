package command

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store/durable"
)

func (p *program) formCommand() *cobra.Command {
	var path, reference string
	cmd := &cobra.Command{
		Use: "form first|renewal|completion", Args: p.arguments(1, 1), ValidArgs: []string{"first", "renewal", "completion"},
		Example: "  rongzheng form first -o form.pdf\n  rongzheng form renewal --ref SQ202611160002 -o form.pdf --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			kind := review.Kind(args[0])
			if !slices.Contains(review.Kinds(), kind) {
				return p.misused("usage.kind", args[0])
			}
			return p.form(kind, reference, path)
		},
	}
	cmd.Flags().StringVarP(&path, "output", "o", "", p.words.Say("flag.output"))
	cmd.Flags().StringVar(&reference, "ref", "", p.words.Say("flag.ref"))
	cmd.MarkFlagRequired("output")
	cmd.MarkFlagFilename("output", "pdf")
	return cmd
}

// form writes the paper form. A blank one needs no data folder; one filled in from an application shows personal data
// in clear, so the account needs the right to and it is recorded.
func (p *program) form(kind review.Kind, reference, path string) error {
	policy, err := p.policy()
	if err != nil {
		return err
	}
	if reference == "" {
		return p.writeForm(cert.FormSheet{Kind: kind, Policy: policy}, path)
	}
	return p.with(func(d *desk) error {
		a, err := d.store.Application(d.by, reference)
		if err != nil {
			return err
		}
		if err := d.by.May(review.Reveal); err != nil {
			return err
		}
		if err := d.recordReveal(&a, nil); err != nil {
			return err
		}
		return p.writeForm(filledIn(&a, kind, policy), path)
	})
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
	if path == "-" {
		return cert.WriteForm(p.stdout, sheet)
	}
	if err := durable.WriteFile(path, func(w io.Writer) error { return cert.WriteForm(w, sheet) }); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, p.words.Say("form.done", path))
	return err
}
