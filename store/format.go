package store

import (
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// format is the number of the layout that this program reads and writes.
const format = 3

var formatKey = []byte("format")

// migration brings a file from one format to the next. All that are needed are one rebuild, as Repair makes it: the records
// go into a new file that has every tree of the present format, whatever is derived is made anew from them, and the new file
// takes the place of the old one when it is complete and synced. So memory is bounded however large the file is, and a
// process that is killed leaves the old file, which is brought up to date at the next start.
//
// Trees that are new, and entries and tallies that records yield differently, need nothing here: the rebuild makes them.
type migration struct {
	// finish writes into the new file what no record yields; its derived trees are not filled yet. nil for nothing.
	finish func(t *txn) error
}

// migrations are the steps by the format that they start from: a file of format n needs those of n, n+1, … format-1.
var migrations = map[int]migration{
	1: {}, // tallies of what came in and was decided, of certificates by their end
	2: {}, // marks of kinds and of what is unchanged
}

// errFormat says that a file must be opened for writing before it can be read.
var errFormat = errors.New("a new file, or one of an older format: open it for writing")

// checkFormat refuses a file that is not of this format, or that lacks a tree: with errFormat where startFormat helps.
func checkFormat(tx *bolt.Tx) error {
	if key, _ := tx.Cursor().First(); key == nil {
		return errFormat
	}
	found, err := formatOf(tx)
	switch {
	case err != nil:
		return err
	case found > format:
		return fmt.Errorf("%w: %d, this program knows %d", ErrNewer, found, format)
	case found < format:
		return errFormat
	}
	for _, name := range treeNames {
		if tx.Bucket([]byte(name)) == nil {
			return errFormat
		}
	}
	return nil
}

// startFormat makes the trees of an empty file, and those derived ones that a file of this format lacks. It reports whether
// the file is of an older format, which upgrade brings up to date.
func startFormat(tx *bolt.Tx) (older bool, err error) {
	if key, _ := tx.Cursor().First(); key == nil {
		return false, makeTrees(tx)
	}
	found, err := formatOf(tx)
	if err != nil || found < format {
		return err == nil, err
	}
	return false, haveTrees(tx)
}

// steps are the migrations that lead from one format to another.
func steps(all map[int]migration, from, to int) ([]migration, error) {
	var list []migration
	for ; from < to; from++ {
		step, ok := all[from]
		if !ok {
			return nil, fmt.Errorf("%w: no way from format %d", ErrDamaged, from)
		}
		list = append(list, step)
	}
	return list, nil
}

// upgrade brings a file of an older format up to date. It needs as much room again as the file has.
func (s *Store) upgrade(all map[int]migration) error {
	return s.replace("bring an older format up to date", func(t *txn, b *builder) error {
		found, err := formatOf(t.Tx)
		if err != nil {
			return err
		}
		list, err := steps(all, found, format)
		if err != nil {
			return err
		}
		b.progress = newProgress(t, rebuildPercent, s.options.Progress)
		if err := b.copyRecords(t, b.progress.step); err != nil {
			return err
		}
		for _, step := range list {
			if step.finish == nil {
				continue
			}
			in, err := b.writing()
			if err == nil {
				err = step.finish(in)
			}
			if err != nil {
				return err
			}
		}
		return b.numbering(lastNumbered(t), max(t.in(events).Sequence(), lastKey(t.in(events))), t.in(accounts).Sequence())
	})
}

func makeTrees(tx *bolt.Tx) error {
	for _, name := range treeNames {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	return putFormat(tx, format)
}

// haveTrees refuses a file without a tree of records, and makes a derived one that is missing: check then finds what it
// lacks.
func haveTrees(tx *bolt.Tx) error {
	for i, name := range treeNames {
		if tx.Bucket([]byte(name)) != nil {
			continue
		}
		if !tree(i).derived() {
			return fmt.Errorf("%w: %s is missing", ErrDamaged, name)
		}
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

func formatOf(tx *bolt.Tx) (int, error) {
	b := tx.Bucket([]byte(meta.String()))
	if b == nil {
		return 0, fmt.Errorf("%w: not a file of this program", ErrDamaged)
	}
	found, err := strconv.Atoi(string(b.Get(formatKey)))
	if err != nil || found < 1 {
		return 0, fmt.Errorf("%w: the format number is missing", ErrDamaged)
	}
	return found, nil
}

func putFormat(tx *bolt.Tx, n int) error {
	return tx.Bucket([]byte(meta.String())).Put(formatKey, []byte(strconv.Itoa(n)))
}
