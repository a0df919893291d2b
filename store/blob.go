package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rongzheng/review"
)

const (
	// smallBlob is the size up to which an attachment lies in the file itself, since a folder of millions of files of a
	// few hundred bytes helps nobody.
	smallBlob  = 1 << 10
	blobFolder = "blobs"
	partFolder = "part" // files that are being written
)

// hashOf returns the SHA-256 of the bytes in lower-case hexadecimal digits.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// rawHash returns the 32 bytes of a hash, false for what is none.
func rawHash(sha string) ([]byte, bool) {
	raw, err := hex.DecodeString(sha)
	return raw, err == nil && len(raw) == sha256.Size
}

func createFile(path string) (syncedFile, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
}

// blobPath returns where the attachment with the hash lies when it is a file: blobs/ab/abcd….
func (s *Store) blobPath(sha string) string {
	return filepath.Join(s.dir, blobFolder, sha[:2], sha)
}

// Blob returns the bytes of an attachment or prepared portrait. It is ErrFileMissing when there is none with the hash, and
// ErrDamaged when the bytes are not those that were written.
func (s *Store) Blob(sha string) ([]byte, error) {
	data, err := s.blob(sha)
	if err != nil {
		return nil, fmt.Errorf("attachment %s: %w", sha, err)
	}
	if hashOf(data) != sha {
		return nil, fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
	}
	return data, nil
}

func (s *Store) blob(sha string) ([]byte, error) {
	raw, ok := rawHash(sha)
	if !ok {
		return nil, review.ErrNotFound
	}
	var data []byte
	err := s.view(func(t *txn) error {
		data = append(data, t.in(blobs).Get(raw)...)
		return nil
	})
	if err != nil || data != nil {
		return data, err
	}
	if s.journal != nil {
		return s.journal.seal.Files.Blob(sha)
	}
	data, err = os.ReadFile(s.blobPath(sha))
	switch {
	case errors.Is(err, fs.ErrNotExist) && sha == hashOf(nil):
		return []byte{}, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %w", ErrFileMissing, review.ErrNotFound)
	}
	return data, err
}

// hasBlob reports whether the attachment is there, without reading it.
func (t *txn) hasBlob(sha string) bool {
	raw, ok := rawHash(sha)
	if !ok {
		return false
	}
	if t.in(blobs).Get(raw) != nil {
		return true
	}
	if t.s.journal != nil {
		return t.s.journal.seal.Files.Has(sha)
	}
	_, err := os.Stat(t.s.blobPath(sha))
	return err == nil
}

func (t *txn) putBlob(sha string, data []byte) error {
	raw, ok := rawHash(sha)
	if !ok {
		return fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
	}
	return t.in(blobs).Put(raw, data)
}

// writeBlob writes an attachment file so that it is whole or not there: temporary file, sync, rename, sync folder.
func (s *Store) writeBlob(sha string, data []byte) error {
	path := s.blobPath(sha)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := s.makeBlobFolders(filepath.Dir(path)); err != nil {
		return err
	}
	if err := s.writePart(path, data); err != nil {
		return err
	}
	return s.settle(filepath.Dir(path))
}

// writePart writes a file whose folder is there so that it is whole or not there; the folder is still to be synced.
func (s *Store) writePart(path string, data []byte) error {
	part := filepath.Join(s.dir, partFolder, strconv.FormatUint(s.parts.Add(1), 10))
	if err := s.writeSynced(part, data); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	return giveName(part, path)
}

// giveName gives a part the name of its hash. Where another writer of the same bytes came first, Windows does not let it be
// replaced while it is in use; there is no need to.
func giveName(part, path string) error {
	err := os.Rename(part, path)
	if err == nil {
		return nil
	}
	if info, there := os.Stat(path); there == nil && info.Mode().IsRegular() {
		err = nil
	}
	return errors.Join(err, removeIfThere(part))
}

func (s *Store) makeBlobFolders(folder string) error {
	if err := os.MkdirAll(filepath.Join(s.dir, partFolder), folderMode); err != nil {
		return err
	}
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return err
	}
	return errors.Join(s.settle(filepath.Dir(folder)), s.settle(s.dir))
}

func (s *Store) writeSynced(path string, data []byte) error {
	f, err := s.create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// removeIfThere removes the file; "" is none.
func removeIfThere(path string) error {
	if path == "" {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// claims counts the submissions under way by the attachment files that they name, so that one that is refused does not
// remove a file that another relies on.
type claims struct {
	sync.Mutex
	count map[string]int
}

func (c *claims) take(hashes []string) {
	c.Lock()
	defer c.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	for _, sha := range hashes {
		c.count[sha]++
	}
}

// release ends the claims. Of a refused submission the files go that nobody else claims and no record names.
func (s *Store) release(hashes []string, refused bool) error {
	s.claims.Lock()
	defer s.claims.Unlock()
	var unclaimed []string
	for _, sha := range hashes {
		if s.claims.count[sha]--; s.claims.count[sha] == 0 {
			delete(s.claims.count, sha)
			unclaimed = append(unclaimed, sha)
		}
	}
	if !refused || len(unclaimed) == 0 {
		return nil
	}
	return s.view(func(t *txn) error {
		for _, sha := range unclaimed {
			if t.fileInUse(sha) {
				continue
			}
			if err := removeIfThere(s.blobPath(sha)); err != nil {
				return err
			}
		}
		return nil
	})
}

// fileInUse reports whether any record or filing names the hash.
func (t *txn) fileInUse(sha string) bool {
	prefix, ok := fileKey(sha)
	if !ok {
		return false
	}
	key, _ := t.in(files).Cursor().Seek(prefix)
	return hasPrefix(key, prefix) || t.filedHash(sha)
}

// withFiles writes the attachments that are files, then runs the transaction that names them, and takes the files away
// again when it is refused. hashes are all that the transaction names, data the bytes that came with it.
func (s *Store) withFiles(hashes []string, data map[string][]byte, write func(t *txn) error) (err error) {
	s.claims.take(hashes)
	defer func() { err = errors.Join(err, s.release(hashes, err != nil)) }()
	intent, err := s.intend(data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfThere(intent)) }()
	for sha, bytes := range data {
		if len(bytes) <= smallBlob {
			continue
		}
		if err := s.writeBlob(sha, bytes); err != nil {
			return fmt.Errorf("write attachment %s: %w", sha, err)
		}
	}
	return s.update(func(t *txn) error {
		if err := t.haveFiles(hashes, data); err != nil {
			return err
		}
		if err := write(t); err != nil {
			return err
		}
		return t.putSmall(data)
	})
}

// intentPrefix begins the names of files in the folder of parts that list, one hash a line, the attachments that a change
// under way writes before it names them.
const intentPrefix = "intent-"

// intend notes which attachment files are about to be written, so that those of a process that is killed before it names
// them are found without going through the register. It returns the path of the note, "" where there is nothing to note.
func (s *Store) intend(data map[string][]byte) (string, error) {
	var note []byte
	for sha, bytes := range data {
		if len(bytes) > smallBlob {
			note = append(append(note, sha...), '\n')
		}
	}
	if note == nil {
		return "", nil
	}
	folder := filepath.Join(s.dir, partFolder)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return "", err
	}
	path := filepath.Join(folder, intentPrefix+strconv.FormatUint(s.parts.Add(1), 10))
	if err := os.WriteFile(path, note, fileMode); err != nil {
		return "", errors.Join(err, removeIfThere(path))
	}
	return path, nil
}

// forget removes what a killed process wrote and did not come to name.
func (s *Store) forget() error {
	folder := filepath.Join(s.dir, partFolder)
	parts, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, part := range parts {
		if !strings.HasPrefix(part.Name(), intentPrefix) {
			continue
		}
		note, e := os.ReadFile(filepath.Join(folder, part.Name()))
		hashes := slices.DeleteFunc(strings.Fields(string(note)), func(sha string) bool {
			_, ok := rawHash(sha)
			return !ok
		})
		s.claims.take(hashes)
		err = errors.Join(err, e, s.release(hashes, true))
	}
	return err
}

// haveFiles refuses to name bytes which neither came along nor are there.
func (t *txn) haveFiles(hashes []string, came map[string][]byte) error {
	for _, sha := range hashes {
		if _, ok := came[sha]; !ok && !t.hasBlob(sha) {
			return fmt.Errorf("attachment %s: %w", sha, review.ErrNotFound)
		}
	}
	return nil
}

func (t *txn) putSmall(data map[string][]byte) error {
	for sha, bytes := range data {
		if len(bytes) > smallBlob {
			continue
		}
		if err := t.putBlob(sha, bytes); err != nil {
			return err
		}
	}
	return nil
}
