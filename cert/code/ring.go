package code

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"rongzheng/review"
	"rongzheng/store/durable"
)

const (
	// Folder is the name of the folder of keys within a data folder.
	Folder = "keys"

	publicSuffix  = ".pub.pem"
	privateSuffix = ".key.pem"
	pemPrivate    = "PRIVATE KEY"
	createdHeader = "Created"
	folderMode    = 0o700
	privateMode   = 0o600
	publicMode    = 0o644
	maxFile       = 512 << 10 // the chain of who signs files, sealed
)

// What may stand in the way of signing.
var (
	// ErrNoKey says that the folder holds no key to sign with.
	ErrNoKey = errors.New("no signing key")
	// ErrLocked says that the signing key is encrypted and its passphrase was not given.
	ErrLocked = errors.New("the signing key is locked")
	// ErrPassphrase says that the passphrase is not the key's.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrKeyFile says that a file in the folder of keys is not what its name says.
	ErrKeyFile = errors.New("damaged key file")
	// ErrUnknownID says that the ring has no key with the id.
	ErrUnknownID = errors.New("no key has this id")
	// ErrStillSigns says that the key cannot be withdrawn while it is the one that signs.
	ErrStillSigns = errors.New("the key still signs")
)

// Info is what is known of a key of a ring.
type Info struct {
	ID        string
	Algorithm string
	Created   time.Time
	// Current says that the key signs; the others only check what they once signed.
	Current bool
	// Encrypted says that the private part is kept under a passphrase.
	Encrypted bool
	// Withdrawn is the day from which the key is not trusted, zero for one that is.
	Withdrawn review.Date
}

// Ring is the keys of a register: one that signs codes, those that signed before it, and who signs files, where somebody
// does. It may be used by many goroutines at once.
type Ring struct {
	dir string

	mu     sync.RWMutex
	keys   []held // the newest last
	signer *Private
	secret bool // the newest key's private part is encrypted
	files  fileSigner
}

type held struct {
	*Public
	created time.Time
}

// OpenRing reads the folder of keys; one that does not exist holds none. Private files that others may read are closed to
// them. The error is ErrKeyFile for a file that is not whole.
func OpenRing(dir string) (*Ring, error) {
	r := &Ring{dir: dir}
	return r, r.read()
}

func (r *Ring) read() error {
	entries, err := os.ReadDir(r.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.keys, r.signer, r.secret = nil, nil, false
	for _, entry := range entries {
		id, ok := strings.CutSuffix(entry.Name(), publicSuffix)
		if !ok {
			continue
		}
		key, err := readPublic(filepath.Join(r.dir, entry.Name()))
		if err != nil || key.ID() != id {
			return fmt.Errorf("%s: %w", filepath.Join(r.dir, entry.Name()), cmp.Or(err, ErrKeyFile))
		}
		r.keys = append(r.keys, key)
	}
	slices.SortFunc(r.keys, func(a, b held) int { return cmp.Or(a.created.Compare(b.created), strings.Compare(a.ID(), b.ID())) })
	return r.readSecret("")
}

// readSecret reads what is secret: the private part of the newest key, and who signs files, whom that has sealed.
func (r *Ring) readSecret(passphrase string) error {
	if err := r.readSigner(passphrase); err != nil {
		return err
	}
	return r.readFileSigner()
}

// readFile reads a small file.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

func readPublic(path string) (held, error) {
	data, err := readFile(path)
	if err != nil {
		return held{}, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemPublic {
		return held{}, ErrKeyFile
	}
	created, err := time.Parse(time.RFC3339, block.Headers[createdHeader])
	if err != nil {
		return held{}, ErrKeyFile
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return held{}, ErrKeyFile
	}
	public, err := newPublic(parsed)
	if err != nil || public.readHeaders(block.Headers) != nil {
		return held{}, ErrKeyFile
	}
	return held{public, created}, nil
}

// readSigner reads the private part of the newest key. Without a passphrase an encrypted one stays locked, which is no
// error; nor is one that is gone, since the others still check.
func (r *Ring) readSigner(passphrase string) error {
	if len(r.keys) == 0 {
		return nil
	}
	newest := r.keys[len(r.keys)-1]
	path := filepath.Join(r.dir, newest.ID()+privateSuffix)
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := closeToOthers(path); err != nil {
		return err
	}
	if r.secret = bytes.HasPrefix(data, []byte(armor.Header)); r.secret {
		if passphrase == "" {
			return nil
		}
		if data, err = decrypt(data, passphrase); err != nil {
			return err
		}
	}
	signer, err := parsePrivate(data)
	if err != nil || !bytes.Equal(signer.id, newest.id) {
		return fmt.Errorf("%s: %w", path, ErrKeyFile)
	}
	r.signer = signer
	return nil
}

func closeToOthers(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, privateMode)
}

func parsePrivate(data []byte) (*Private, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemPrivate {
		return nil, ErrKeyFile
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, ErrKeyFile
	}
	return FromSeed(private.Seed())
}

// Keys returns all keys, to check codes with.
func (r *Ring) Keys() Keys {
	r.mu.RLock()
	defer r.mu.RUnlock()
	keys := make(Keys, len(r.keys))
	for i, k := range r.keys {
		keys[i] = k.Public
	}
	return keys
}

// List tells of every key, the one that signs last.
func (r *Ring) List() []Info {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]Info, len(r.keys))
	for i, k := range r.keys {
		list[i] = Info{ID: k.ID(), Algorithm: k.Algorithm(), Created: k.created, Withdrawn: k.withdrawn}
		if i == len(r.keys)-1 {
			list[i].Current, list[i].Encrypted = r.signer != nil || r.secret, r.secret
		}
	}
	return list
}

// Signer returns the key that signs: ErrNoKey where there is none, ErrLocked before Unlock.
func (r *Ring) Signer() (*Private, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	switch {
	case r.signer != nil:
		return r.signer, nil
	case r.secret:
		return nil, ErrLocked
	}
	return nil, ErrNoKey
}

// Unlock opens the signing key with its passphrase, and who signs files; ErrPassphrase when it is another. A key that is not
// encrypted needs none.
func (r *Ring) Unlock(passphrase string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signer != nil || !r.secret {
		return nil
	}
	return r.readSecret(passphrase)
}

// Code makes the code of a version that is being issued: for store.Options.
func (r *Ring) Code(c *review.Certificate, v *review.CertificateVersion) (review.Code, error) {
	signer, err := r.Signer()
	if err != nil {
		return review.Code{}, err
	}
	return signer.Code(c, v)
}

// Code makes the code of a version: the same one each time.
func (k *Private) Code(c *review.Certificate, v *review.CertificateVersion) (review.Code, error) {
	check := checkOf(k.secret, c.Number, v.Version)
	text, err := k.Sign(About(c, v, check))
	return review.Code{Text: text, Key: k.ID(), Check: check}, err
}

// Rotate makes a new key that signs from now on, under a passphrase unless that is "". It also makes the first one. The
// key before it goes on checking; its private part is removed. A new key is on disk whole before it counts.
func (r *Ring) Rotate(passphrase string, now time.Time) error {
	private, err := NewPrivate()
	if err != nil {
		return err
	}
	return r.Take(private, passphrase, now)
}

// Take makes the key the one that signs, as Rotate does. Who signs files goes on, unless that was locked: then nobody does.
func (r *Ring) Take(private *Private, passphrase string, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now = now.Truncate(time.Second) // as it is kept
	if n := len(r.keys); n > 0 && !now.After(r.keys[n-1].created) {
		now = r.keys[n-1].created.Add(time.Second) // the newest one signs, whatever the clock says
	}
	if err := os.MkdirAll(r.dir, folderMode); err != nil {
		return err
	}
	if err := r.writePrivate(private, passphrase); err != nil {
		return err
	}
	before, files := r.keys, r.files
	if files.id != nil {
		if err := r.writeFileSigner(private, files.id); err != nil {
			return err
		}
	}
	if err := r.writePublic(held{&private.Public, now}); err != nil {
		return err
	}
	if err := r.read(); err != nil {
		return err
	}
	if len(before) > 0 {
		last := before[len(before)-1]
		if err := errors.Join(removeIfThere(r.path(last, privateSuffix)), removeIfThere(r.path(last, fileSignerSuffix))); err != nil {
			return err
		}
	}
	r.signer, r.files = private, fileSigner{id: files.id}
	return nil
}

// Protect keeps the signing key under another passphrase, or in the clear where that is "".
func (r *Ring) Protect(passphrase string) error {
	signer, err := r.Signer()
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.writePrivate(signer, passphrase); err != nil {
		return err
	}
	r.secret = passphrase != ""
	return nil
}

func (r *Ring) path(k interface{ ID() string }, suffix string) string {
	return filepath.Join(r.dir, k.ID()+suffix)
}

func (r *Ring) writePrivate(private *Private, passphrase string) error {
	der, err := x509.MarshalPKCS8PrivateKey(private.private)
	if err != nil {
		return err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der})
	if passphrase != "" {
		if data, err = encrypt(data, passphrase, workFactor); err != nil {
			return err
		}
	}
	return writeFile(r.path(private, privateSuffix), data, privateMode)
}

func (r *Ring) writePublic(k held) error {
	der, err := x509.MarshalPKIXPublicKey(k.public)
	if err != nil {
		return err
	}
	headers := map[string]string{createdHeader: k.created.UTC().Format(time.RFC3339)}
	maps.Copy(headers, k.headers())
	data := pem.EncodeToMemory(&pem.Block{Type: pemPublic, Headers: headers, Bytes: der})
	return writeFile(r.path(k, publicSuffix), data, publicMode)
}

// workFactor is the logarithm of scrypt's cost: about a second. Tests lower it.
var workFactor = 18

func encrypt(data []byte, passphrase string, work int) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(work)
	var b bytes.Buffer
	armored := armor.NewWriter(&b)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := errors.Join(w.Close(), armored.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func decrypt(data []byte, passphrase string) ([]byte, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(data)), identity)
	if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return plain, nil
}

// writeFile lets a file appear whole or not at all.
func writeFile(path string, data []byte, mode fs.FileMode) error {
	put := func(w io.Writer) error { _, err := w.Write(data); return err }
	if err := durable.WriteFile(path, put); err != nil || mode == privateMode {
		return err
	}
	return os.Chmod(path, mode)
}
