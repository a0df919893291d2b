package code

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"rongzheng/cert/sign"
)

// fileSignerSuffix is that of the file which holds who signs files, key and chain, sealed with the key that signs codes: it is
// as safe as that is, and needs no passphrase of its own.
const fileSignerSuffix = ".signature.age"

// ErrFileSignerLocked says that who signs files cannot be read, since the key that signs codes is locked or gone.
var ErrFileSignerLocked = errors.New("the key that signs files is locked")

// fileSigner is who signs files, as the folder of keys holds it.
type fileSigner struct {
	id     *sign.Identity // nil for nobody, or locked
	locked bool
}

// FileSigner returns who signs files, nil for nobody, and ErrFileSignerLocked before Unlock: for cert.Options.
func (r *Ring) FileSigner() (*sign.Identity, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.files.locked {
		return nil, ErrFileSignerLocked
	}
	return r.files.id, nil
}

// FilesUntil tells when the certificate ends of who signs files, zero for nobody or where that is locked.
func (r *Ring) FilesUntil() time.Time {
	if id, err := r.FileSigner(); err == nil && id != nil {
		return id.Until()
	}
	return time.Time{}
}

// SetFileSigner lets id sign files from now on, nobody for nil. Its errors are those of Signer.
func (r *Ring) SetFileSigner(id *sign.Identity) error {
	signer, err := r.Signer()
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if id == nil {
		err = removeIfThere(r.path(signer, fileSignerSuffix))
	} else {
		err = r.writeFileSigner(signer, id)
	}
	if err == nil {
		r.files = fileSigner{id: id}
	}
	return err
}

// readFileSigner reads who signs files, which the newest key has sealed.
func (r *Ring) readFileSigner() error {
	r.files = fileSigner{}
	if len(r.keys) == 0 {
		return nil
	}
	path := r.path(r.keys[len(r.keys)-1], fileSignerSuffix)
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.signer == nil {
		r.files.locked = true
		return nil
	}
	secret, err := r.signer.fileSecret()
	if err == nil {
		data, err = decrypt(data, secret)
	}
	if err == nil {
		r.files.id, err = sign.Read(data, "")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, ErrKeyFile)
	}
	return nil
}

// writeFileSigner seals who signs files with the key, in a file that is named after the key: what one process writes for the
// key that is to come does not disturb what is read until it counts.
func (r *Ring) writeFileSigner(key *Private, id *sign.Identity) error {
	data, err := id.PEM()
	if err != nil {
		return err
	}
	secret, err := key.fileSecret()
	if err != nil {
		return err
	}
	if data, err = encrypt(data, secret, secretWork); err != nil {
		return err
	}
	return writeFile(r.path(key, fileSignerSuffix), data, privateMode)
}

// secretWork is the work factor for what nobody can guess.
const secretWork = 1

// fileSecret is what who signs files is sealed with: 256 bits that nobody can tell without the key.
func (k *Private) fileSecret() (string, error) {
	secret, err := hkdf.Key(sha256.New, k.private.Seed(), nil, "rongzheng: who signs files", sha256.Size)
	return hex.EncodeToString(secret), err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
