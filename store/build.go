package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// buildBatch is how many bytes of keys and values a transaction of a build holds.
const buildBatch = 8 << 20

// rebuildPercent is how long inserting what was sorted takes, compared with going through the records.
const rebuildPercent = 100

// builder makes a new file beside the present one: records in their order, then the derived trees, sorted outside of
// memory and inserted in sequence. The new file takes the place of the old one when it is complete and synced; until then
// a process that is killed leaves everything as it was. Of a sealed store all of it lies in memory, like the store.
type builder struct {
	s         *Store
	db        *bolt.DB
	memory    *os.File // that db is in, of a sealed store
	t         *txn
	size      int     // bytes in the open transaction
	sort      *sorter // entries of derived trees, and small blobs
	late      *sorter // certificates of a load
	counts    map[string]uint64
	tallies   map[string]uint64
	reviewers []review.Account
	last      map[string]int // largest certificate number by prefix and year
	progress  *progressOf    // of a rebuild, nil for a load
	ahead     *scout         // of the walk through the old file
}

func (s *Store) newBuilder() (*builder, error) {
	b := &builder{s: s, counts: map[string]uint64{}, tallies: map[string]uint64{}, last: map[string]int{}}
	err := b.open()
	if err != nil {
		return nil, err
	}
	if b.sort, err = s.newSorter(sortName); err == nil {
		b.late, err = s.newSorter(lateName)
	}
	if err == nil {
		err = b.db.Update(makeTrees)
	}
	if err != nil {
		return nil, errors.Join(err, b.abandon())
	}
	return b, nil
}

// open makes the new file; it is synced as a whole before it is used.
func (b *builder) open() (err error) {
	if b.s.journal != nil {
		if b.memory, err = memoryFile(); err == nil {
			b.db, err = openMemory(b.memory, b.s.options)
		}
		return err
	}
	path := filepath.Join(b.s.dir, buildName)
	if err := removeIfThere(path); err != nil {
		return err
	}
	options := boltOptions(path, Options{Timeout: b.s.options.Timeout})
	options.NoSync, options.NoGrowSync = true, true
	b.db, err = bolt.Open(path, fileMode, options)
	return err
}

// abandon removes everything that the build made and that has not taken its place.
func (b *builder) abandon() error {
	var err error
	if b.t != nil {
		err = b.t.Rollback()
	}
	if b.db != nil {
		err = errors.Join(err, b.db.Close())
	}
	return errors.Join(err, b.closeSorters(), removeIfThere(filepath.Join(b.s.dir, buildName)))
}

func (b *builder) closeSorters() error {
	var err error
	for _, s := range []*sorter{b.sort, b.late} {
		if s != nil {
			err = errors.Join(err, s.close())
		}
	}
	b.sort, b.late = nil, nil
	return err
}

// writing returns the open transaction, a new one when the last is full.
func (b *builder) writing() (*txn, error) {
	if b.size > buildBatch {
		if err := b.commit(); err != nil {
			return nil, err
		}
	}
	if b.t == nil {
		tx, err := b.db.Begin(true)
		if err != nil {
			return nil, err
		}
		b.t = &txn{Tx: tx, s: b.s}
	}
	return b.t, nil
}

func (b *builder) commit() error {
	if b.t == nil {
		return nil
	}
	t := b.t
	b.t, b.size = nil, 0
	return t.Commit()
}

// put appends a key to a tree. Keys of one tree should come in their order.
func (b *builder) put(tr tree, key, value []byte) error {
	t, err := b.writing()
	if err != nil {
		return err
	}
	bucket := t.in(tr)
	bucket.FillPercent = appendFill
	b.size += len(key) + len(value)
	return bucket.Put(key, value)
}

// numbering sets where the sequences of ids, events and accounts go on.
func (b *builder) numbering(ids, lastEvent, accountChanges uint64) error {
	t, err := b.writing()
	if err != nil {
		return err
	}
	return errors.Join(t.in(applications).SetSequence(ids), t.in(events).SetSequence(lastEvent),
		t.in(accounts).SetSequence(accountChanges))
}

// complete inserts what was sorted, and brings the new file to disk.
func (b *builder) complete() error {
	if err := b.insertSorted(); err != nil {
		return err
	}
	if err := errors.Join(b.putCounts(counts, b.counts), b.putCounts(tallies, b.tallies)); err != nil {
		return err
	}
	for key, n := range b.last {
		if err := b.raise([]byte(key), uint64(n)); err != nil {
			return err
		}
	}
	if err := b.commit(); err != nil {
		return err
	}
	if b.memory == nil { // that of a sealed store lasts by its journal
		if err := b.db.Sync(); err != nil {
			return err
		}
	}
	b.progress.after(1, 1)
	return nil
}

// raise moves a sequence up to n.
func (b *builder) raise(key []byte, n uint64) error {
	t, err := b.writing()
	if err != nil {
		return err
	}
	if countOf(t.in(sequences).Get(key)) >= n {
		return nil
	}
	return b.put(sequences, key, idKey(n))
}

// toldEach is after how many keys progress is told.
const toldEach = 20_000

// insertSorted writes the derived trees, and refuses what only the whole shows: two records under one name, two
// applications of a person in review.
func (b *builder) insertSorted() error {
	var last entry
	all, done := b.sort.n, 0
	for e, err := range ahead(b.sort.sorted()) {
		if err != nil {
			return err
		}
		if done++; done%toldEach == 0 {
			b.progress.after(done, all)
		}
		if e.tree == last.tree {
			if err := conflict(&last, &e); err != nil {
				return err
			}
			if bytes.Equal(e.key, last.key) {
				continue
			}
		}
		if err := b.put(e.tree, e.key, e.value); err != nil {
			return err
		}
		last = e
	}
	return nil
}

func conflict(last, e *entry) error {
	same := bytes.Equal(last.key, e.key)
	switch e.tree {
	case references, numbers:
		if same && !bytes.Equal(last.value, e.value) {
			return fmt.Errorf("%s: %w", e.key, review.ErrExists)
		}
	case people:
		person := len(e.key) - idSize
		if !same && e.key[person-1] == personInReview && bytes.HasPrefix(last.key, e.key[:person]) {
			return fmt.Errorf("records %d and %d: %w", lastID(last.key), lastID(e.key), &review.RuleError{Code: "in_review"})
		}
	}
	return nil
}

// takePlace swaps the files. Where the system can rename a file that is open, the new one stays locked all the while, so
// that no other process gets between.
func (b *builder) takePlace() error {
	b.s.swap.Lock()
	defer b.s.swap.Unlock()
	if b.memory != nil {
		old := b.s.db
		b.s.db, b.s.journal.memory, b.db = b.db, b.memory, nil
		return errors.Join(old.Close(), b.closeSorters())
	}
	old, path, built := b.s.db, filepath.Join(b.s.dir, fileName), filepath.Join(b.s.dir, buildName)
	if runtime.GOOS == "windows" {
		return errors.Join(b.closeSorters(), b.reopen(old, built, path))
	}
	if err := os.Rename(built, path); err != nil {
		return err
	}
	b.db.NoSync, b.db.NoGrowSync = false, false
	b.s.db, b.db = b.db, nil
	return errors.Join(durable.SyncFolder(b.s.dir), old.Close(), b.closeSorters())
}

func (b *builder) reopen(old *bolt.DB, built, path string) error {
	err := errors.Join(old.Close(), b.db.Close())
	if b.db = nil; err == nil {
		err = os.Rename(built, path)
	}
	db, openErr := openFile(path, b.s.options)
	if openErr == nil {
		b.s.db = db
	}
	return errors.Join(err, openErr)
}
