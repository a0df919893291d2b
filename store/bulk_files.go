package store

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
)

// bulkWriters is how many attachment files a bulk load writes at once: a disk syncs many together in the time of one.
const bulkWriters = 16

// bulkFiles writes the attachment files of a bulk load. Nothing names them before the load takes its place, so they
// need to be safe only then: the files are written side by side and their folders are synced once, by finish.
type bulkFiles struct {
	s     *Store
	slots chan struct{}
	work  sync.WaitGroup

	mu      sync.Mutex
	folders map[string]bool
	err     error
}

func newBulkFiles(s *Store) *bulkFiles {
	return &bulkFiles{s: s, slots: make(chan struct{}, bulkWriters), folders: map[string]bool{}}
}

// write begins to write a file; the caller leaves data alone afterwards. It returns the first error of an earlier one.
func (f *bulkFiles) write(sha string, data []byte) error {
	path := f.s.blobPath(sha)
	if err := f.folder(filepath.Dir(path)); err != nil {
		return err
	}
	f.slots <- struct{}{}
	f.work.Go(func() {
		defer func() { <-f.slots }()
		f.failed(f.file(path, data))
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *bulkFiles) file(path string, data []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return f.s.writePart(path, data)
}

// folder makes a folder at its first file.
func (f *bulkFiles) folder(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.folders[path] {
		return nil
	}
	f.folders[path] = true
	return f.s.makeBlobFolders(path)
}

func (f *bulkFiles) failed(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = errors.Join(f.err, err)
}

// finish waits for all files and syncs the folders that they went to.
func (f *bulkFiles) finish() error {
	f.work.Wait()
	for path := range f.folders {
		f.failed(f.s.settle(path))
	}
	return f.err
}
