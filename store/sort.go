package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
)

const (
	sortName  = "rongzheng.sort" // the temporary files of sorted runs
	lateName  = "rongzheng.late"
	sortBytes = 24 << 20 // of keys and values in memory
	runBuffer = 64 << 10 // read ahead of each run
)

// sorter puts any number of entries into the order of trees and keys, with bounded memory: sorted runs go to a temporary
// file and are merged. Of entries with the same key the one that was added last comes last.
type sorter struct {
	file  *os.File
	path  string // that file is removed from, "" for nothing
	out   *bufio.Writer
	ends  []int64 // where each run ends in the file
	at    int64
	data  []byte
	items []item
	n     int // entries that were added

	written    chan error // of the run that is being written, nil for none
	spareData  []byte     // of that run; used again afterwards
	spareItems []item
}

// item is one entry in data. front holds its first bytes, which decide most comparisons.
type item struct {
	front           uint64
	start, key, end uint32
}

// newSorter makes the temporary file; close removes it.
func newSorter(path string) (*sorter, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, err
	}
	return sorterIn(f, path), nil
}

func sorterIn(f *os.File, path string) *sorter {
	return &sorter{file: f, path: path, out: bufio.NewWriterSize(f, 1<<20)}
}

// newSorter makes a sorter in a file of the folder; of a sealed store in one in memory, since nothing may lie there in clear.
func (s *Store) newSorter(name string) (*sorter, error) {
	if s.journal == nil {
		return newSorter(filepath.Join(s.dir, name))
	}
	f, err := memoryFile()
	if err != nil {
		return nil, err
	}
	return sorterIn(f, ""), nil
}

// reset forgets everything that was added.
func (s *sorter) reset() error {
	if err := s.wait(); err != nil {
		return err
	}
	s.ends, s.at, s.data, s.items, s.n = nil, 0, s.data[:0], s.items[:0], 0
	s.out.Reset(s.file)
	_, err := s.file.Seek(0, io.SeekStart)
	return errors.Join(err, s.file.Truncate(0))
}

// join adds what was added to another sorter that has not been flushed.
func (s *sorter) join(other *sorter) error {
	for _, it := range other.items {
		key := other.data[it.start:it.key]
		if err := s.add(tree(key[0]), key[1:], other.data[it.key:it.end]); err != nil {
			return err
		}
	}
	return nil
}

func (s *sorter) close() error {
	return errors.Join(s.wait(), s.file.Close(), removeIfThere(s.path))
}

func (s *sorter) add(tr tree, key, value []byte) error {
	if len(s.data)+len(key)+len(value) > sortBytes && len(s.items) > 0 {
		if err := s.flush(); err != nil {
			return err
		}
	}
	it := item{start: uint32(len(s.data))}
	s.data = append(append(s.data, byte(tr)), key...)
	it.key = uint32(len(s.data))
	s.data = append(s.data, value...)
	it.end = uint32(len(s.data))
	var front [8]byte
	copy(front[:], s.data[it.start:it.key])
	it.front = binary.BigEndian.Uint64(front[:])
	s.items = append(s.items, it)
	s.n++
	return nil
}

// flush has what is in memory written as one sorted run, by a goroutine of its own, while more is added.
func (s *sorter) flush() error {
	if err := s.wait(); err != nil {
		return err
	}
	data, items := s.data, s.items
	s.data, s.items = s.spareData[:0], s.spareItems[:0]
	s.written = make(chan error, 1)
	go func() { s.written <- s.write(data, items) }()
	s.spareData, s.spareItems = data, items
	return nil
}

// wait returns when the last run has been written.
func (s *sorter) wait() error {
	if s.written == nil {
		return nil
	}
	err := <-s.written
	s.written = nil
	return err
}

// write sorts the entries and writes them as a run.
func (s *sorter) write(data []byte, items []item) error {
	slices.SortFunc(items, func(a, b item) int {
		if a.front != b.front {
			return cmp.Compare(a.front, b.front)
		}
		return cmp.Or(bytes.Compare(data[a.start:a.key], data[b.start:b.key]), cmp.Compare(a.start, b.start))
	})
	var lengths [2 * binary.MaxVarintLen32]byte
	for _, it := range items {
		n := binary.PutUvarint(lengths[:], uint64(it.key-it.start))
		n += binary.PutUvarint(lengths[n:], uint64(it.end-it.key))
		s.out.Write(lengths[:n]) // the writer keeps its error for Flush
		s.out.Write(data[it.start:it.end])
		s.at += int64(n) + int64(it.end-it.start)
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.ends = append(s.ends, s.at)
	return nil
}

// run reads one sorted run.
type run struct {
	in    *bufio.Reader
	entry entry
	order int   // of the run among all
	err   error // io.EOF at the end
}

func (r *run) next() {
	keySize, err := binary.ReadUvarint(r.in)
	if err != nil {
		r.err = err // io.EOF between two entries is the end
		return
	}
	valueSize, err := binary.ReadUvarint(r.in)
	data := make([]byte, keySize+valueSize)
	if err == nil {
		_, err = io.ReadFull(r.in, data)
	}
	if err != nil {
		r.err = errors.Join(io.ErrUnexpectedEOF, err)
		return
	}
	r.entry = entry{tree: tree(data[0]), key: data[1:keySize:keySize], value: data[keySize:]}
}

// sorted yields all entries in order. Nothing may be added afterwards.
func (s *sorter) sorted() iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		runs, err := s.runs()
		if err != nil {
			yield(entry{}, err)
			return
		}
		for len(runs) > 0 {
			first := runs[0]
			if !yield(first.entry, nil) {
				return
			}
			first.next()
			switch {
			case errors.Is(first.err, io.EOF):
				runs[0] = runs[len(runs)-1]
				runs = runs[:len(runs)-1]
			case first.err != nil:
				yield(entry{}, first.err)
				return
			}
			down(runs, 0)
		}
	}
}

// runs opens all runs, in the order of a heap by their first entries.
func (s *sorter) runs() ([]*run, error) {
	if err := errors.Join(s.flush(), s.wait()); err != nil {
		return nil, err
	}
	s.data, s.items, s.spareData, s.spareItems = nil, nil, nil, nil
	var runs []*run
	from := int64(0)
	for _, end := range s.ends {
		r := &run{in: bufio.NewReaderSize(io.NewSectionReader(s.file, from, end-from), runBuffer)}
		from = end
		if r.next(); r.err == nil {
			runs = append(runs, r)
		} else if !errors.Is(r.err, io.EOF) {
			return nil, r.err
		}
	}
	// runs are in the order in which they were written, which the merge keeps among equal keys
	for i := range runs {
		runs[i].order = i
	}
	for i := len(runs)/2 - 1; i >= 0; i-- {
		down(runs, i)
	}
	return runs, nil
}

func (r *run) before(other *run) bool {
	return cmp.Or(compareEntries(r.entry, other.entry), cmp.Compare(r.order, other.order)) < 0
}

// down restores the heap below i.
func down(runs []*run, i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(runs); child++ {
			if runs[child].before(runs[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		runs[i], runs[least] = runs[least], runs[i]
		i = least
	}
}
