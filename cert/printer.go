package cert

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"rongzheng/cert/font"
	"rongzheng/cert/sign"
	"rongzheng/review"
)

// Options are what all certificates of a run have in common. The zero Options print with the words and the layout of the
// default policy and without a seal. As JSON they are what a vault keeps to draw with later.
type Options struct {
	// Paper is what the certificate says beside the record, and its layout; the zero value stands for the default policy's.
	Paper review.PaperPolicy `json:"paper"`
	// Issuer is the issuing body where the record names none.
	Issuer string `json:"issuer"`
	// Seal is the issuing body's seal as a PNG; nil draws a placeholder marked as a specimen.
	Seal []byte `json:"seal"`
	// Signer returns who signs the files, nil for nobody; it is asked for each certificate. A nil Signer signs nothing. It is
	// no part of what a vault keeps: a secret has no place there, and bytes that were signed once stay as they are.
	Signer func() (*sign.Identity, error) `json:"-"`
}

// For returns the options of a policy, with the seal.
func For(p *review.Policy, seal []byte) Options {
	return Options{Paper: p.Issue.Paper, Issuer: p.Issue.Issuer, Seal: seal}
}

func (o Options) orDefault() Options {
	d := review.DefaultPolicy()
	if o.Paper.Places == (review.CertificatePlaces{}) {
		o.Paper.Places = d.Issue.Paper.Places
	}
	for _, text := range []struct {
		text    *string
		standby string
	}{
		{&o.Paper.Title, d.Issue.Paper.Title}, {&o.Paper.English, d.Issue.Paper.English}, {&o.Paper.Statement, d.Issue.Paper.Statement},
		{&o.Paper.Specimen, d.Issue.Paper.Specimen}, {&o.Issuer, d.Issue.Issuer},
	} {
		*text.text = cmp.Or(*text.text, text.standby)
	}
	return o
}

// Printer draws certificates. Making one parses the typeface and prepares frame and seal; a run of many uses one. It
// may be used by many goroutines at once.
type Printer struct {
	composer
	options  Options
	frame    stream
	seal     *sealImage // nil where a placeholder is drawn
	deflater deflater
}

// NewPrinter returns a printer. The error tells of a seal that cannot be read or of texts that cannot be drawn.
func NewPrinter(o Options) (*Printer, error) {
	f, err := font.Load()
	if err != nil {
		return nil, fmt.Errorf("cert: %w", err)
	}
	o = o.orDefault()
	p := &Printer{composer: composer{f}, options: o}
	if o.Seal != nil {
		if p.seal, err = prepareSeal(o.Seal, &p.deflater); err != nil {
			return nil, fmt.Errorf("cert: %w", err)
		}
	}
	if p.frame, err = p.deflater.deflate(drawFrame()); err != nil {
		return nil, fmt.Errorf("cert: %w", err)
	}
	if err := p.trial(); err != nil {
		return nil, fmt.Errorf("cert: %w", err)
	}
	return p, nil
}

// trial composes a certificate that says nothing yet but the words of the office, sealed or not.
func (p *Printer) trial() error {
	_, err := p.compose(layFront(p.options.Paper.Places, true, true), p.blank())
	return err
}

// blank is the record of such a certificate.
func (p *Printer) blank() *record {
	return &record{texts: p.options.Paper, fields: map[review.Key]string{issuerKey: p.options.Issuer}}
}

// legible refuses words of the office that would be drawn whole and still be no joy to read. What was issued under a
// policy of earlier days is drawn all the same.
func (p *Printer) legible() error {
	var refused []FieldError
	r := p.blank()
	for _, b := range layFront(p.options.Paper.Places, true, true).blocks {
		if size, _, _ := p.fit(b.box, b.style(), b.says(r)); size < legible {
			refused = append(refused, FieldError{b.key(), ErrTooLong})
		}
	}
	if refused != nil {
		return &RefusedError{Fields: refused}
	}
	return nil
}

// CheckPolicy measures the words and the layout of the policy. What cannot be drawn whole, or only in type that is hard to
// read, is a review.PolicyError that names the line of the policy file and the reason.
func CheckPolicy(policy *review.Policy) error {
	p, err := NewPrinter(For(policy, nil))
	if err == nil {
		err = p.legible()
	}
	refused, ok := errors.AsType[*RefusedError](err)
	if !ok {
		return err
	}
	found := &review.PolicyError{}
	for _, f := range refused.Fields {
		line := policy.Issue.Paper.Line(string(f.Field))
		problem := review.NewPolicyProblem(line, "issue: paper: %s: %v", string(f.Field), f.Err)
		if errors.Is(f.Err, ErrTooLong) {
			problem = review.NewPolicyProblem(line, "issue: paper: %s: too long", string(f.Field))
		}
		if missing, ok := errors.AsType[*font.MissingError](f.Err); ok {
			problem = review.NewPolicyProblem(line, "issue: paper: %s: no glyph for %s", string(f.Field), font.Name(missing.Rune))
		}
		found.Problems = append(found.Problems, problem)
	}
	return found
}

// Missing returns the characters of text that a certificate cannot show, each once, in order of appearance; nil when it
// can show all. It answers before there is a certificate: while an application is checked.
func (p *Printer) Missing(text string) []rune { return p.font.Missing(text) }

// Check reports whether the version of the certificate can be printed: its state allows it, no field is empty, every
// character can be drawn, every text fits its place. The error is a RefusedError with every field that stands in the
// way, or wraps ErrState.
func (p *Printer) Check(c *review.Certificate, v *review.CertificateVersion) (err error) {
	defer caught("a certificate", &err)
	r, err := p.record(c, v)
	if err != nil {
		return err
	}
	_, err = p.compose(p.front(r), r)
	return err
}

// front is the front of this record.
func (p *Printer) front(r *record) front {
	return layFront(p.options.Paper.Places, p.seal == nil, r.modules != nil)
}

// Write draws the version of the certificate as a PDF of one A4 page, and a back where it has been renewed. portrait is the prepared portrait that the
// version names by its hash. Nothing is written to w unless the whole file could be drawn. Errors are those of Check, of
// the portrait (a RefusedError too) and of w.
func (p *Printer) Write(w io.Writer, c *review.Certificate, v *review.CertificateVersion, portrait []byte) error {
	file, err := p.draw(c, v, portrait)
	if err != nil {
		return err
	}
	if _, err := w.Write(file); err != nil {
		return fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	return nil
}

func (p *Printer) draw(c *review.Certificate, v *review.CertificateVersion, portrait []byte) (file []byte, err error) {
	defer caught("a certificate", &err)
	r, err := p.record(c, v)
	if err != nil {
		return nil, err
	}
	if r.portrait, err = checkPortrait(v, portrait); err != nil {
		return nil, &RefusedError{Number: c.Number, Fields: []FieldError{{portraitKey, err}}}
	}
	f := p.front(r)
	texts, err := p.compose(f, r)
	if err != nil {
		return nil, err
	}
	d := p.sheetOf(f, r, texts)
	if err := p.back(d, r); err != nil {
		return nil, err
	}
	if d.signer, err = p.signer(r); err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	if file, err = d.bytes(p.font, &p.deflater); err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	return file, nil
}

// signer is who signs the certificate: nobody where the signer's own certificate was not valid when it was issued, since
// readers would show such a signature as a fault.
func (p *Printer) signer(r *record) (*sign.Identity, error) {
	if p.options.Signer == nil {
		return nil, nil
	}
	id, err := p.options.Signer()
	if err != nil || id == nil || !id.Covers(r.issuedAt) {
		return nil, err
	}
	return id, nil
}

// caught turns a panic into an error: one bad record must not end a desk that others work at.
func caught(paper string, err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("drawing %s: %v", paper, cause)
	}
}
