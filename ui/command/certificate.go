package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
)

func (p *program) certificateCommand() *cobra.Command {
	return p.group("certificate", p.certificateList(), p.certificateShow(), p.certificatePrint(), p.certificateLedger(), p.certificateSpoil(),
		p.certificateRevoke(), p.certificateRestore(), p.certificateCorrect(), p.certificateReissue(), p.certificateConfirm(), p.certificateDismiss(), p.certificateProposals())
}

func (p *program) certificateList() *cobra.Command {
	var l listing
	cmd := &cobra.Command{
		Use: "list [QUERY]", Args: p.arguments(0, 0),
		Example: "  rongzheng certificate list --as guanli\n  rongzheng certificate list CD-2026 --json --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.list(store.Certificates, joined(args), l) })
		},
	}
	p.listFlags(cmd, &l)
	return cmd
}

func (p *program) certificateShow() *cobra.Command {
	var asJSON, reveal bool
	cmd := &cobra.Command{
		Use: "show NUMBER|IDNUMBER|NAME", Args: p.arguments(1, 1),
		Example: "  rongzheng certificate show CD-2026-000001 --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.showCertificate(args[0], asJSON, reveal) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	cmd.Flags().BoolVar(&reveal, "reveal", false, p.words.Say("flag.reveal"))
	return cmd
}

func (d *desk) showCertificate(text string, asJSON, reveal bool) error {
	if err := d.mayReveal(reveal); err != nil {
		return err
	}
	c, err := d.findCertificate(text)
	if err != nil {
		return err
	}
	if reveal {
		if err := d.recordReveal(nil, &c); err != nil {
			return err
		}
	}
	detail, err := exchange.EncodeCertificateDetail(&c, review.DateOf(d.now()), d.store.Policy(), reveal)
	if err != nil {
		return err
	}
	if asJSON {
		return exchange.WriteLine(d.stdout, detail)
	}
	return d.printCertificate(&c, detail, reveal)
}

func (d *desk) printCertificate(c *review.Certificate, detail exchange.CertificateDetail, reveal bool) error {
	var t table
	t.add(d.certificateCells(c, reveal)...)
	if err := t.write(d.stdout); err != nil {
		return err
	}
	if ahead := d.words.Ahead(c, review.DateOf(d.now())); ahead != "" {
		fmt.Fprintln(d.stdout, "  "+ahead)
	}
	if len(c.Missing) > 0 {
		labels := make([]string, len(c.Missing))
		for i, key := range c.Missing {
			labels[i] = d.words.Label(key)
		}
		fmt.Fprintln(d.stdout, d.words.Say("certificate.missing")+d.words.Say("colon")+strings.Join(labels, d.words.Say("join")))
	}
	for _, v := range detail.Versions {
		standing := ""
		if v.Void {
			standing = d.words.Say("certificate_state.void")
		}
		t.add("  "+d.words.Say("certificate.version", v.Version), v.ValidFrom.String(), v.ValidUntil.String(), v.Reference,
			d.words.Say("certificate.printed", v.Printed), standing)
	}
	if err := t.write(d.stdout); err != nil {
		return err
	}
	for _, line := range d.words.Record(c, d.store.Policy()) {
		if _, err := fmt.Fprintln(d.stdout, "  "+line); err != nil {
			return err
		}
	}
	return nil
}

// findCertificate finds the one certificate that the text names: by its number, else by the only match of identity
// number or name. Several matches are listed, so that the number can be given.
func (d *desk) findCertificate(text string) (review.Certificate, error) {
	if _, _, _, err := review.ParseNumber(text); err == nil {
		return d.store.Certificate(d.by, text)
	}
	const most = 20
	queue := store.Queue{Name: store.Certificates, By: d.by, Text: text}
	page, err := d.store.Page(queue, "", true, most)
	if err != nil {
		return review.Certificate{}, err
	}
	rows := slices.DeleteFunc(page.Rows, func(r store.Row) bool { return r.Certificate.Void })
	switch len(rows) {
	case 0:
		return review.Certificate{}, errNoMatch
	case 1:
		return *rows[0].Certificate, nil
	}
	return review.Certificate{}, &ambiguousError{rows}
}
