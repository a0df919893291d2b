package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"rongzheng/cert"
)

// sealFile is the issuing body's seal, beside the policy file or else in the data folder.
const sealFile = "seal.png"

// renderer is what certificates are drawn with: the office's seal, where there is one.
func (p *program) renderer(dir string) (*cert.Renderer, error) {
	if p.policyFile != "" {
		dir = filepath.Dir(p.policyFile)
	}
	seal, err := os.ReadFile(filepath.Join(dir, sealFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return cert.NewRenderer(cert.Options{Seal: seal})
}

// drawable tells whether a certificate can show a character. The typeface is parsed at the first question, so that
// opening the desk does not wait for it.
func drawable() func(rune) bool {
	printer := sync.OnceValues(func() (*cert.Printer, error) { return cert.NewPrinter(cert.Options{}) })
	return func(r rune) bool {
		p, err := printer()
		return err == nil && len(p.Missing(string(r))) == 0
	}
}

func joined(words []string) string { return strings.Join(words, " ") }
