package cert

import (
	"fmt"
	"io"

	"rongzheng/cert/font"
	"rongzheng/review"
)

// Texts are the words on a certificate that come from the office and not from the record. An empty one stands for the
// default.
type Texts struct {
	Title     string // 社会工作者登记证书
	English   string // line below the title
	Statement string // legal basis
	Issuer    string // issuing body where the record names none
	Specimen  string // stands in the place of a missing seal
}

// DefaultTexts returns the words of Chengdu's certificate. Basis of the statement: 民发〔2009〕44号.
func DefaultTexts() Texts {
	return Texts{
		Title:     "社会工作者登记证书",
		English:   "Certificate of Registration for Social Workers",
		Statement: "根据《社会工作者职业水平证书登记办法》（民发〔2009〕44号），经审核，准予登记，特发此证。",
		Issuer:    "中共成都市委社会工作部",
		Specimen:  "样章",
	}
}

// Options are what all certificates of a run have in common. The zero Options print with the default texts and without
// a seal.
type Options struct {
	Texts Texts
	// Seal is the issuing body's seal as a PNG; nil draws a placeholder marked as a specimen.
	Seal []byte
}

// Printer draws certificates. Making one parses the typeface and prepares frame and seal; a run of many uses one. It
// may be used by many goroutines at once.
type Printer struct {
	composer
	texts    Texts
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
	p := &Printer{composer: composer{f}, texts: o.Texts.orDefault()}
	if o.Seal != nil {
		if p.seal, err = prepareSeal(o.Seal, &p.deflater); err != nil {
			return nil, fmt.Errorf("cert: %w", err)
		}
	}
	if p.frame, err = p.deflater.deflate(drawFrame()); err != nil {
		return nil, fmt.Errorf("cert: %w", err)
	}
	if _, err := p.compose(&record{texts: p.texts}); err != nil {
		return nil, fmt.Errorf("cert: texts: %w", err)
	}
	return p, nil
}

func (t Texts) orDefault() Texts {
	d := DefaultTexts()
	for _, field := range []struct {
		text    *string
		standby string
	}{
		{&t.Title, d.Title}, {&t.English, d.English}, {&t.Statement, d.Statement}, {&t.Issuer, d.Issuer}, {&t.Specimen, d.Specimen},
	} {
		if *field.text == "" {
			*field.text = field.standby
		}
	}
	return t
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
	_, err = p.compose(r)
	return err
}

// Write draws the version of the certificate as a PDF of one A4 page. portrait is the prepared portrait that the
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
	texts, err := p.compose(r)
	if err != nil {
		return nil, err
	}
	if file, err = p.sheetOf(r, texts).bytes(p.font, &p.deflater); err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	return file, nil
}

// caught turns a panic into an error: one bad record must not end a desk that others work at.
func caught(paper string, err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("drawing %s: %v", paper, cause)
	}
}
