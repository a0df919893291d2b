package pack

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
)

// The files of a pack on a laptop, beside those of the sealed store.
const (
	packName = "taken.pack" // as it was handed over; attachments are read from it
	keyName  = "key.age"    // the sealed store's key, sealed to the officer's
)

// Work is a pack on the laptop of an officer, with the store in which it is worked on.
type Work struct {
	*Pack
	Store   *store.Store
	Officer review.Account
	key     *Key
	file    *os.File
}

// Begin brings a pack to the laptop: it is read to its end and held to its signature, then copied below root into a folder
// of its own, which is returned; a file that lies in root itself is moved. trust says whether the key is the desk's. A pack that is there already is left as it is,
// with what was done on it. tell is told how many of its files have been read. The errors are those of Open, of trust,
// pack_other_key, and those of the disk; after an error nothing is there that was not there before.
func Begin(
	root, path string, key *Key, trust func(m *Manifest, desk ssh.PublicKey) error, tell func(done, total int),
) (dir string, err error) {
	file, p, err := openFile(path, key)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if err := trust(&p.Manifest, p.Desk); err != nil {
		return "", err
	}
	officer, err := p.officer(key)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(root, p.Manifest.Number+"."+officer.Name)
	if _, err := os.Stat(filepath.Join(dir, packName)); err == nil {
		return dir, sameFile(filepath.Join(dir, packName), file)
	}
	if err := p.Check(tell); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	err = makeKey(filepath.Join(dir, keyName), key)
	if err == nil {
		err = settle(file, filepath.Join(dir, packName), filepath.Dir(path) == filepath.Clean(root))
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// settle brings the file of a pack to where it is worked on: a copy, or the file itself where it lies beside that already and
// would only take up the room twice.
func settle(file *os.File, to string, move bool) error {
	if move {
		if err := file.Close(); err != nil { // Windows renames no open file
			return err
		}
		return os.Rename(file.Name(), to)
	}
	return durable.WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, io.NewSectionReader(file, 0, 1<<62))
		return err
	})
}

func openFile(path string, key *Key) (*os.File, *Pack, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	var p *Pack
	if err == nil {
		p, err = Open(file, info.Size(), key)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, p, nil
}

// officer is the account whose key this is.
func (p *Pack) officer(key *Key) (review.Account, error) {
	for _, a := range p.Manifest.Accounts {
		if HasKey(a.Keys, key.Public()) {
			return a, nil
		}
	}
	return review.Account{}, refuse("pack_other_key")
}

// sameFile refuses another pack under the number of one that is there.
func sameFile(path string, other io.ReaderAt) error {
	there, err := os.Open(path)
	if err != nil {
		return err
	}
	defer there.Close()
	a, b := make([]byte, 1<<16), make([]byte, 1<<16)
	for at := int64(0); ; at += int64(len(a)) {
		n, err := there.ReadAt(a, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		m, other := other.ReadAt(b, at)
		if other != nil && !errors.Is(other, io.EOF) {
			return other
		}
		if !bytes.Equal(a[:n], b[:m]) {
			return refuse("pack_other_content")
		}
		if n < len(a) {
			return nil
		}
	}
}

// makeKey writes a new key for the sealed store, sealed to the officer's.
func makeKey(path string, key *Key) error {
	to, err := recipient(key.Public())
	if err != nil {
		return err
	}
	return durable.WriteFile(path, func(w io.Writer) error {
		sealed, err := age.Encrypt(w, to)
		if err != nil {
			return err
		}
		secret := make([]byte, 32)
		rand.Read(secret) // never fails
		_, err = sealed.Write(secret)
		clear(secret)
		return errors.Join(err, sealed.Close())
	})
}

func readKey(path string, key *Key) (secret [32]byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return secret, err
	}
	defer file.Close()
	plain, err := age.Decrypt(file, key.identity)
	if err == nil {
		_, err = io.ReadFull(plain, secret[:])
	}
	if err != nil {
		return secret, fmt.Errorf("%w: %w", refuse("pack_other_key"), err)
	}
	return secret, nil
}

// Resume opens the folder that Begin made. o gives what the store is opened with beside the policy, which is the pack's. It
// is review.ErrNotFound when there is no pack in the folder, store.ErrLocked while somebody else has it open.
func Resume(dir string, key *Key, o store.Options) (w *Work, err error) {
	file, p, err := openFile(filepath.Join(dir, packName), key)
	if errors.Is(err, fs.ErrNotExist) {
		err = review.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	w = &Work{Pack: p, key: key, file: file}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	if w.Officer, err = p.officer(key); err != nil {
		return w, err
	}
	policy, err := p.Policy()
	if err != nil {
		return w, err
	}
	if o.Policy, err = review.ReadPolicy(policy); err != nil {
		return w, err
	}
	secret, err := readKey(filepath.Join(dir, keyName), key)
	if err != nil {
		return w, err
	}
	if w.Store, err = store.OpenSealed(dir, o, store.Seal{Key: secret, Files: p}); err != nil {
		return w, err
	}
	return w, w.takeIn()
}

// takeIn fills the store of a pack that is opened for the first time.
func (w *Work) takeIn() error {
	m := &w.Manifest
	term := store.Term{Pack: m.Number, From: m.MadeAt, Until: m.Until}
	err := w.Store.TakeIn(term, m.Accounts, func(yield func(store.Carried, error) bool) {
		for _, e := range m.Cases {
			c, err := w.Case(e)
			if !yield(c, err) || err != nil {
				return
			}
		}
	}, w.certificates)
	if errors.Is(err, store.ErrNotEmpty) {
		return nil
	}
	return err
}

func (w *Work) certificates(yield func(store.CarriedCertificate, error) bool) {
	for _, e := range w.Manifest.Certificates {
		c, err := w.Certificate(e)
		if !yield(c, err) || err != nil {
			return
		}
	}
}

// Close closes the store and the file; Resume opens them again.
func (w *Work) Close() error {
	var err error
	if w.Store != nil {
		err = w.Store.Close()
	}
	return errors.Join(err, w.file.Close())
}

// Acts are what the officer did so far, in its order.
func (w *Work) Acts() ([]Act, error) {
	done, err := w.Store.DoneOutside(w.Officer.Name)
	if err != nil {
		return nil, err
	}
	acts := make([]Act, len(done))
	for i, o := range done {
		e := o.Event
		acts[i] = Act{
			Pack: w.Manifest.Number, Number: i + 1, Account: e.By, Action: e.Action, At: e.At, Reference: e.Reference, Revision: e.Revision,
			Version: o.Version, Certificate: e.Certificate, Reasons: e.Reasons, Note: e.Note, Target: e.Target, Stated: e.Stated, Copy: o.Copy,
		}
	}
	return acts, nil
}

// Return writes what the officer did for the desk, and returns how much that is. finished says that no more will come.
func (w *Work) Return(out io.Writer, finished bool, now time.Time) (int, error) {
	acts, err := w.Acts()
	if err != nil {
		return 0, err
	}
	s := Statement{Pack: w.Manifest.Number, Account: w.Officer.Name, ClosedAt: now.UTC(), Finished: finished}
	return len(acts), WriteReturn(out, s, acts, w.key, w.Desk)
}

// wiping is the ending of a folder that is being wiped. What is left of one is no pack any more.
const wiping = ".wiping"

// Begun lists the folders of the packs below root that Begin has made, all of them or those with the number.
func Begun(root, number string) ([]string, error) {
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var dirs []string
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if strings.HasSuffix(e.Name(), wiping) || number != "" && !strings.HasPrefix(e.Name(), number+".") {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, packName)); err == nil {
			dirs = append(dirs, dir)
		}
	}
	return dirs, nil
}

// Wipe removes a pack from the laptop. It is gone at once, for Begun, however far the rest gets: Sweep goes on with it.
func Wipe(dir string) error {
	gone := dir + wiping
	if err := os.RemoveAll(gone); err != nil { // of a pack with the same number, before
		return err
	}
	if err := os.Rename(dir, gone); err != nil {
		return err
	}
	return wipe(gone)
}

// Sweep ends what Wipe has left because the program was killed meanwhile.
func Sweep(root string) error {
	left, err := filepath.Glob(filepath.Join(root, "*"+wiping))
	for _, dir := range left {
		err = errors.Join(err, wipe(dir))
	}
	return err
}

// wipe overwrites the journal, which then opens with no key, and removes key and pack.
func wipe(dir string) error {
	err := store.Wipe(dir)
	for _, name := range []string{keyName, packName} {
		if e := os.Remove(filepath.Join(dir, name)); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
