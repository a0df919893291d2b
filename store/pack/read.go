package pack

import (
	"encoding/json"
	"io"
	"strings"

	"golang.org/x/crypto/ssh"

	"rongzheng/review"
)

// Pack is a work pack that was opened. Its methods may be called from several goroutines as far as the reader that it was
// opened on allows it; each reads from the sealed file.
type Pack struct {
	Manifest Manifest
	// Desk is the key that signed it. Whoever opens a pack must know it for the desk's.
	Desk  ssh.PublicKey
	in    *opened
	files map[string]File
}

// Open opens a pack with one of the keys that it was sealed to. The errors are of exchange.Error: pack_none (no such file at
// all), pack_other_key, pack_damaged (cut off, changed), pack_signature, pack_format (of a newer program), pack_large.
func Open(r io.ReaderAt, size int64, keys ...*Key) (*Pack, error) {
	in, err := open(r, size, keys...)
	if err != nil {
		return nil, err
	}
	data, err := in.read("manifest.json", maxDocument)
	if err != nil {
		return nil, err
	}
	signature, err := in.read("manifest.json.sig", 1<<16)
	if err != nil {
		return nil, err
	}
	p := &Pack{in: in, files: map[string]File{}}
	if p.Desk, err = signer(data, signature, packNamespace); err != nil {
		return nil, err
	}
	if err := document(data, packFormat, &p.Manifest); err != nil {
		return nil, err
	}
	return p, p.list()
}

// list holds the files that are there to those that the manifest names.
func (p *Pack) list() error {
	for _, f := range p.Manifest.Files {
		there := p.in.files[f.Name]
		if there == nil || there.UncompressedSize64 != uint64(f.Size) {
			return refuse("pack_damaged")
		}
		p.files[f.Name] = f
	}
	if len(p.files) != len(p.in.files)-2 {
		return refuse("pack_damaged")
	}
	return nil
}

// file returns the bytes of a file that the manifest names.
func (p *Pack) file(name string) ([]byte, error) {
	f, ok := p.files[name]
	if !ok {
		return nil, review.ErrNotFound
	}
	data, err := p.in.read(name, maxFile)
	if err != nil {
		return nil, err
	}
	if hashOf(data) != f.SHA256 {
		return nil, refuse("pack_damaged")
	}
	return data, nil
}

// Policy returns policy.yaml.
func (p *Pack) Policy() ([]byte, error) { return p.file("policy.yaml") }

// Revocations returns the list of revoked certificates, review.ErrNotFound when none came along.
func (p *Pack) Revocations() ([]byte, error) { return p.file("revocations") }

// Keys returns the public keys that certificates are checked with, review.ErrNotFound when none came along.
func (p *Pack) Keys() ([]byte, error) { return p.file("keys") }

// Case reads a case.
func (p *Pack) Case(e Entry) (Case, error) {
	var c Case
	err := p.document(e, &c)
	if err == nil && c.Application.Reference != e.Name {
		err = refuse("pack_damaged")
	}
	return c, err
}

// Certificate reads a certificate to reprint.
func (p *Pack) Certificate(e Entry) (Issued, error) {
	var c Issued
	err := p.document(e, &c)
	if err == nil && c.Certificate.Number != e.Name {
		err = refuse("pack_damaged")
	}
	return c, err
}

func (p *Pack) document(e Entry, into any) error {
	data, err := p.file(e.File)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return damaged(err)
	}
	return nil
}

// Blob reads an attachment or a prepared portrait, review.ErrNotFound when none with the hash came along.
func (p *Pack) Blob(sha256 string) ([]byte, error) {
	if strings.Contains(sha256, "/") {
		return nil, review.ErrNotFound
	}
	data, err := p.file("attachments/" + sha256)
	if err == nil && hashOf(data) != sha256 {
		err = refuse("pack_damaged")
	}
	return data, err
}

// Has reports whether an attachment or a prepared portrait with the hash came along.
func (p *Pack) Has(sha256 string) bool {
	_, ok := p.files["attachments/"+sha256]
	return ok
}

// Check reads everything once and reports the first file that is not what the manifest says. tell is called with how many
// files have been read; nil is allowed.
func (p *Pack) Check(tell func(done, total int)) error {
	for i, f := range p.Manifest.Files {
		if _, err := p.file(f.Name); err != nil {
			return err
		}
		if tell != nil {
			tell(i+1, len(p.Manifest.Files))
		}
	}
	return nil
}
