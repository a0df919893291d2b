package command

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"rongzheng/cert"
	"rongzheng/review"
)

// sealFile is the issuing body's seal, beside the policy file or else in the data folder.
const sealFile = "seal.png"

// renderer is what certificates are drawn with: the office's seal and signature, where there are.
func (p *program) renderer(policy *review.Policy, dir string) (*cert.Renderer, error) {
	var seal []byte
	var err error
	if p.policyFile != "" {
		seal, err = readSeal(filepath.Join(filepath.Dir(p.policyFile), sealFile))
	}
	if seal == nil && err == nil {
		seal, err = readSeal(filepath.Join(dir, sealFile))
	}
	if err != nil {
		return nil, err
	}
	p.unsealed = seal == nil
	options := cert.For(policy, seal)
	if p.ring != nil {
		options.Signer = p.ring.FileSigner
	}
	return cert.NewRenderer(options)
}

// readSeal returns nil where there is no seal. It reads no more of a file than a seal may have.
func readSeal(path string) ([]byte, error) {
	data, err := readUpTo(path, cert.MaxSealBytes+1)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
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
