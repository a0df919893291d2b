package pack

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"

	"filippo.io/age"

	"rongzheng/review"
)

// Contents are what a pack is made of. The manifest comes without format, cases, certificates and files. Cases and
// certificates are asked for twice: first for what the manifest says of them, then for what is written, so that a pack of
// any size takes little memory; both times they must be the same.
type Contents struct {
	Manifest     Manifest
	Policy       []byte // policy.yaml
	Cases        iter.Seq2[Case, error]
	Certificates iter.Seq2[Issued, error]
	Revocations  []byte // nil for none
	Keys         []byte // COSE_KeySet; nil for none
	// Blob returns the bytes of an attachment, a portrait or a drawn certificate.
	Blob func(sha256 string) ([]byte, error)
	// Progress is called with the number of cases and certificates written; nil is allowed.
	Progress func(done int)
}

// Write seals a pack to the keys of its accounts and signs it with the desk's. An account without a key that age can seal
// to is refused as pack_no_key.
func Write(w io.Writer, c Contents, desk *Key) error {
	to, err := sealedTo(c.Manifest.Accounts)
	if err != nil {
		return err
	}
	m, err := describe(&c)
	if err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	signature, err := desk.sign(manifest, packNamespace)
	if err != nil {
		return err
	}
	s, err := newSealed(w, to)
	if err != nil {
		return err
	}
	if err := s.add("manifest.json", manifest); err != nil {
		return err
	}
	if err := s.add("manifest.json.sig", signature); err != nil {
		return err
	}
	if err := fill(&c, m, s.add); err != nil {
		return err
	}
	return s.close()
}

// Sealable refuses accounts as Write would: pack_no_key, pack_nobody.
func Sealable(accounts []review.Account) error {
	_, err := sealedTo(accounts)
	return err
}

func sealedTo(accounts []review.Account) ([]age.Recipient, error) {
	var to []age.Recipient
	for _, a := range accounts {
		keys := recipients(a.Keys)
		if len(keys) == 0 {
			return nil, refuse("pack_no_key", "account", a.Name)
		}
		to = append(to, keys...)
	}
	if len(to) == 0 {
		return nil, refuse("pack_nobody")
	}
	return to, nil
}

// describe goes through everything once and makes the manifest.
func describe(c *Contents) (*Manifest, error) {
	m := c.Manifest
	m.Format = packFormat
	m.Cases, m.Certificates, m.Files = []Entry{}, nil, nil
	d := *c
	d.Progress = nil
	err := fill(&d, &m, func(name string, data []byte) error {
		m.Files = append(m.Files, File{Name: name, Size: int64(len(data)), SHA256: hashOf(data)})
		return nil
	})
	return &m, err
}

// fill hands every file but the manifest to put. Where the manifest has no entries yet, they are made.
func fill(c *Contents, m *Manifest, put func(name string, data []byte) error) error {
	f := filling{c: c, m: m, put: put, had: map[string]bool{}}
	if err := put("policy.yaml", c.Policy); err != nil {
		return err
	}
	if err := f.checking(); err != nil {
		return err
	}
	if err := f.cases(); err != nil {
		return err
	}
	return f.certificates()
}

type filling struct {
	c    *Contents
	m    *Manifest
	put  func(name string, data []byte) error
	had  map[string]bool // attachments by hash
	done int
}

// checking puts what certificates are checked with.
func (f *filling) checking() error {
	for _, one := range []struct {
		name string
		data []byte
	}{{"revocations", f.c.Revocations}, {"keys", f.c.Keys}} {
		if one.data == nil {
			continue
		}
		if err := f.put(one.name, one.data); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) cases() error {
	if f.c.Cases == nil {
		return nil
	}
	n := 0
	for one, err := range f.c.Cases {
		if err != nil {
			return err
		}
		n++
		e := Entry{Name: one.Application.Reference, File: fmt.Sprintf("cases/%06d.json", n)}
		if f.m.Cases, err = entered(f.m.Cases, n, e); err != nil {
			return err
		}
		if err := f.document(e.File, one); err != nil {
			return err
		}
		for _, a := range append(slices.Clone(one.Earlier), one.Application) {
			if err := f.attachments(a.Attachments); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filling) certificates() error {
	if f.c.Certificates == nil {
		return nil
	}
	n := 0
	for one, err := range f.c.Certificates {
		if err != nil {
			return err
		}
		n++
		e := Entry{Name: one.Certificate.Number, File: fmt.Sprintf("certificates/%06d.json", n)}
		if f.m.Certificates, err = entered(f.m.Certificates, n, e); err != nil {
			return err
		}
		if err := f.document(e.File, one); err != nil {
			return err
		}
		for _, v := range one.Certificate.Versions {
			if err := f.blobs(v.Portrait, v.File); err != nil {
				return err
			}
		}
	}
	return nil
}

// entered adds the n-th entry to a manifest that is being made, and holds it to one that is made.
func entered(entries []Entry, n int, e Entry) ([]Entry, error) {
	switch {
	case n > len(entries):
		return append(entries, e), nil
	case entries[n-1] != e:
		return nil, refuse("pack_moved", "reference", e.Name)
	}
	return entries, nil
}

func (f *filling) document(name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := f.put(name, data); err != nil {
		return err
	}
	if f.done++; f.c.Progress != nil {
		f.c.Progress(f.done)
	}
	return nil
}

func (f *filling) attachments(all []review.Attachment) error {
	for _, at := range all {
		if err := f.blobs(at.SHA256, at.Prepared); err != nil {
			return err
		}
	}
	return nil
}

// blobs puts the bytes with the hashes, each once.
func (f *filling) blobs(hashes ...string) error {
	for _, sha := range hashes {
		if sha == "" || f.had[sha] {
			continue
		}
		f.had[sha] = true
		data, err := f.c.Blob(sha)
		if err != nil {
			return err
		}
		if err := f.put("attachments/"+sha, data); err != nil {
			return err
		}
	}
	return nil
}
