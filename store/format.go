package store

import (
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// format is the number of the layout that this program reads and writes.
const format = 1

var formatKey = []byte("format")

// migration brings a file from one format to the next. All that are needed run in one transaction.
type migration func(tx *bolt.Tx) error

// migrations are the steps by the format that they start from: a file of format n needs those of n, n+1, … format-1.
var migrations = map[int]migration{}

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

// startFormat makes the trees of an empty file, or brings an older one up to date by the given steps.
func startFormat(tx *bolt.Tx, steps map[int]migration) error {
	if key, _ := tx.Cursor().First(); key == nil {
		return makeTrees(tx)
	}
	found, err := formatOf(tx)
	if err != nil {
		return err
	}
	return migrate(tx, steps, found, format)
}

func migrate(tx *bolt.Tx, steps map[int]migration, from, to int) error {
	for ; from < to; from++ {
		step, ok := steps[from]
		if !ok {
			return fmt.Errorf("%w: no way from format %d", ErrDamaged, from)
		}
		if err := step(tx); err != nil {
			return fmt.Errorf("bring format %d up to date: %w", from, err)
		}
		if err := putFormat(tx, from+1); err != nil {
			return err
		}
	}
	return haveTrees(tx)
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
