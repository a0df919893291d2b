package pack

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"filippo.io/age"
)

// The limits of what is read before a signature says that it can be trusted, and of single documents.
const (
	maxDocument = 64 << 20 // manifest.json, return.json, a case
	maxFile     = 64 << 20 // an attachment, the bytes of a certificate
	maxFiles    = 1_000_000
)

// sealed writes a zip file that is encrypted as it is written.
type sealed struct {
	age  io.WriteCloser
	zip  *zip.Writer
	name map[string]bool
}

func newSealed(w io.Writer, to []age.Recipient) (*sealed, error) {
	encrypted, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &sealed{age: encrypted, zip: zip.NewWriter(encrypted), name: map[string]bool{}}, nil
}

// add writes one file. Documents are deflated; pictures and PDFs would gain nothing. No file carries a time of its own, so
// that what is inside depends on nothing but its content.
func (s *sealed) add(name string, data []byte) error {
	if s.name[name] {
		return fmt.Errorf("seal: %s comes twice", name)
	}
	s.name[name] = true
	method := zip.Store
	if ext := path.Ext(name); ext == ".json" || ext == ".yaml" || ext == ".proof" {
		method = zip.Deflate
	}
	f, err := s.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err == nil {
		_, err = f.Write(data)
	}
	return err
}

func (s *sealed) close() error { return errors.Join(s.zip.Close(), s.age.Close()) }

// opened reads a zip file out of an encrypted one without unpacking it anywhere.
type opened struct {
	files map[string]*zip.File
}

// magic is what every file of age begins with.
const magic = "age-encryption.org/v1\n"

// open decrypts with any of the keys. The error is pack_none when it is no such file, pack_other_key when it is sealed to none
// of them, pack_damaged when it is not whole.
func open(r io.ReaderAt, size int64, keys ...*Key) (*opened, error) {
	begin := make([]byte, len(magic))
	switch n, err := r.ReadAt(begin, 0); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case string(begin[:n]) != magic:
		return nil, refuse("pack_none")
	}
	identities := make([]age.Identity, len(keys))
	for i, k := range keys {
		identities[i] = k.identity
	}
	plain, length, err := age.DecryptReaderAt(r, size, identities...)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other):
		return nil, refuse("pack_other_key")
	case err != nil:
		return nil, damaged(err)
	}
	z, err := zip.NewReader(plain, length)
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > maxFiles {
		return nil, refuse("pack_large")
	}
	o := &opened{files: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if o.files[f.Name] != nil {
			return nil, refuse("pack_damaged")
		}
		o.files[f.Name] = f
	}
	return o, nil
}

// damaged says that a file is not whole, unless it is the disk that could not be read.
func damaged(err error) error {
	if errors.As(err, new(*fs.PathError)) {
		return err
	}
	return fmt.Errorf("%w: %w", refuse("pack_damaged"), err)
}

// read returns the bytes of one file, at most so many.
func (o *opened) read(name string, most int64) ([]byte, error) {
	f := o.files[name]
	if f == nil || f.UncompressedSize64 > uint64(most) {
		return nil, refuse("pack_damaged")
	}
	in, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, damaged(err)
	}
	if int64(len(data)) > most {
		return nil, refuse("pack_damaged")
	}
	return data, nil
}

// document reads one signed or hashed JSON document. Its format, where it names one, must be the known one.
func document(data []byte, format string, into any) error {
	var named struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &named); err != nil {
		return damaged(err)
	}
	if named.Format != format {
		return refuse("pack_format", "format", clean(named.Format), "known", format)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return damaged(err)
	}
	return nil
}

// clean makes text of a file fit for a message.
func clean(text string) string {
	kept := make([]rune, 0, 40)
	for _, r := range text {
		if r > ' ' && r < 0x7f && len(kept) < 40 {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
