package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// blobList lists the attachment files in the order of their hashes, one folder at a time.
type blobList struct {
	root    string
	folders []string // still to read
	names   []string // of the present folder, still to come
}

func (s *Store) listBlobs() (*blobList, error) {
	l := &blobList{root: filepath.Join(s.dir, blobFolder)}
	var err error
	if l.folders, err = namesIn(l.root); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return l, err
}

// namesIn returns the sorted names in a folder.
func namesIn(folder string) ([]string, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, errors.Join(err, f.Close())
}

// peek returns the next name, "" at the end.
func (l *blobList) peek() (string, error) {
	for len(l.names) == 0 {
		if len(l.folders) == 0 {
			return "", nil
		}
		var err error
		if l.names, err = namesIn(filepath.Join(l.root, l.folders[0])); err != nil {
			return "", err
		}
		l.folders = l.folders[1:]
	}
	return l.names[0], nil
}

func (l *blobList) next() { l.names = l.names[1:] }

// fileCheck walks through the attachments that are there, beside those that records name: small ones in the bucket,
// larger ones in the folder, both in the order of their hashes.
type fileCheck struct {
	c          *checker
	cursor     *bolt.Cursor
	key, value []byte
	list       *blobList
}

func (c *checker) openFiles() (*fileCheck, error) {
	f := &fileCheck{c: c, cursor: c.t.in(blobs).Cursor()}
	f.key, f.value = f.cursor.First()
	var err error
	f.list, err = c.s.listBlobs()
	return f, err
}

// expect checks the attachment with the hash, which the record what names.
func (f *fileCheck) expect(raw []byte, what string) error {
	sha := fmt.Sprintf("%x", raw)
	if err := f.before(raw, sha); err != nil {
		return err
	}
	found := bytes.Equal(f.key, raw)
	if found {
		f.compare(sha, what, f.value)
		f.key, f.value = f.cursor.Next()
	}
	name, err := f.list.peek()
	if err != nil {
		return err
	}
	if name == sha {
		data, err := os.ReadFile(f.c.s.blobPath(sha))
		if err != nil {
			return err
		}
		f.compare(sha, what, data)
		f.list.next()
		return f.c.step()
	}
	if !found && f.carried(sha) {
		return nil
	}
	if !found {
		f.c.find(Attachment, what, sha, "is missing", false)
	}
	return nil
}

// carried reports whether the attachment came along with a sealed store, whose pack vouches for its bytes.
func (f *fileCheck) carried(sha string) bool {
	j := f.c.s.journal
	return j != nil && j.seal.Files.Has(sha)
}

func (f *fileCheck) compare(sha, what string, data []byte) {
	if hashOf(data) != sha {
		f.c.find(Attachment, what, sha, "is not what was written", false)
	}
}

// before reports what is there below the hash and named by no record; everything that is left for nil.
func (f *fileCheck) before(raw []byte, sha string) error {
	for ; f.key != nil && (raw == nil || bytes.Compare(f.key, raw) < 0); f.key, f.value = f.cursor.Next() {
		f.c.find(Orphan, blobs.String(), fmt.Sprintf("%x", f.key), "belongs to no record", true)
	}
	for {
		name, err := f.list.peek()
		if err != nil || name == "" || raw != nil && name >= sha {
			return err
		}
		if !f.c.s.claimed(name) {
			f.c.find(Orphan, blobFolder, name, "belongs to no record", true)
		}
		f.list.next()
		if err := f.c.step(); err != nil {
			return err
		}
	}
}

// claimed reports whether a submission under way names the attachment.
func (s *Store) claimed(sha string) bool {
	s.claims.Lock()
	defer s.claims.Unlock()
	return s.claims.count[sha] > 0
}

// removeOrphans removes the attachments that no record names.
func (s *Store) removeOrphans() error {
	list, err := s.listBlobs()
	if err != nil {
		return err
	}
	for {
		name, err := list.peek()
		if err != nil {
			return err
		}
		if name == "" {
			return s.removeSmallOrphans()
		}
		folder := list.names
		list.names = nil
		s.claims.take(folder)
		if err := s.release(folder, true); err != nil {
			return err
		}
	}
}

func (s *Store) removeSmallOrphans() error {
	var unnamed [][]byte
	err := s.view(func(t *txn) error {
		return t.in(blobs).ForEach(func(key, _ []byte) error {
			if !t.fileInUse(fmt.Sprintf("%x", key)) {
				unnamed = append(unnamed, clone(key))
			}
			return nil
		})
	})
	if err != nil || len(unnamed) == 0 {
		return err
	}
	return s.update(func(t *txn) error {
		for _, key := range unnamed {
			if t.fileInUse(fmt.Sprintf("%x", key)) { // named meanwhile
				continue
			}
			if err := t.in(blobs).Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
}
