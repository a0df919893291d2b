package cert

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"

	"rongzheng/review"
)

// Renderer draws certificates for a vault, each with the options of the day on which it was issued. Making one costs
// nothing: typeface and seal are read when the first certificate is drawn. It may be used by many goroutines at once.
type Renderer struct {
	options Options
	look    []byte
	mutex   sync.Mutex
	printer map[[sha256.Size]byte]*Printer // by the hash of the look
}

// NewRenderer returns a renderer for certificates that are issued with the options.
func NewRenderer(o Options) (*Renderer, error) {
	if o.Seal != nil {
		if err := CheckSeal(o.Seal); err != nil {
			return nil, fmt.Errorf("cert: %w", err)
		}
	}
	o = o.orDefault()
	look, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("cert: options: %w", err)
	}
	return &Renderer{options: o, look: look, printer: map[[sha256.Size]byte]*Printer{}}, nil
}

// Look returns the options as bytes: what a certificate is drawn with beside its record. What has no place in JSON, such
// as a key that signs, is no part of it.
func (r *Renderer) Look() []byte { return bytes.Clone(r.look) }

// Draw returns the PDF of the version, drawn with the options that the look says. Errors are those of Printer.Write and of
// NewPrinter.
func (r *Renderer) Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	printer, err := r.printerFor(look)
	if err != nil {
		return nil, err
	}
	var pdf bytes.Buffer
	if err := printer.Write(&pdf, &c, &v, portrait); err != nil {
		return nil, err
	}
	return pdf.Bytes(), nil
}

// mostLooks is how many printers are kept; offices change their seal once in years.
const mostLooks = 4

func (r *Renderer) printerFor(look []byte) (*Printer, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key := sha256.Sum256(look)
	if p := r.printer[key]; p != nil {
		return p, nil
	}
	o := r.options
	if err := json.Unmarshal(look, &o); err != nil {
		return nil, fmt.Errorf("cert: look: %w", err)
	}
	p, err := NewPrinter(o)
	if err != nil {
		return nil, err
	}
	if len(r.printer) >= mostLooks {
		clear(r.printer)
	}
	r.printer[key] = p
	return p, nil
}
