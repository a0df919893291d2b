package store

import (
	"os"
	"path/filepath"
	"sync"
	"unsafe"
)

const (
	// scoutPiece is how much of the file is read at once, scoutAhead how many pieces beyond the present one.
	scoutPiece = 4 << 20
	scoutAhead = 3
)

// scout brings the parts of the file that a walk through whole trees comes to into the system's cache, in large pieces and
// before the walk is there. bbolt tells the system to expect single pages at random: that is right for a desk, but a check
// or a rebuild of a file that is not in the cache would wait for the disk millions of times. Every piece is read once at
// most, whatever the order of the walks. A nil scout does nothing.
type scout struct {
	base   uintptr // of the file in memory
	file   *os.File
	wanted chan int
	done   sync.WaitGroup

	mu    sync.Mutex
	asked []bool // by piece
}

// newScout returns a scout for walks of this transaction, which is to be ended before it; nil for a file that is in memory
// only, or that cannot be opened a second time: nothing depends on it.
func (t *txn) newScout() *scout {
	if t.s.journal != nil {
		return nil
	}
	file, err := os.Open(filepath.Join(t.s.dir, fileName))
	if err != nil {
		return nil
	}
	pieces := int(t.Size()/scoutPiece) + 1
	s := &scout{base: t.DB().Info().Data, file: file, wanted: make(chan int, pieces), asked: make([]bool, pieces)}
	s.done.Go(s.read)
	return s
}

// read reads what is wanted, and drops it: the system keeps it.
func (s *scout) read() {
	buffer := make([]byte, scoutPiece)
	for piece := range s.wanted {
		_, _ = s.file.ReadAt(buffer, int64(piece)*scoutPiece) // what cannot be read is found by the walk itself
	}
}

// at says where a walk is: key is what it has come to, as it lies in the transaction's memory.
func (s *scout) at(key []byte) {
	if s == nil || len(key) == 0 {
		return
	}
	piece := int((uintptr(unsafe.Pointer(unsafe.SliceData(key))) - s.base) / scoutPiece)
	s.mu.Lock()
	defer s.mu.Unlock()
	for next := piece; next <= piece+scoutAhead && next >= 0 && next < len(s.asked); next++ {
		if !s.asked[next] {
			s.asked[next] = true
			s.wanted <- next // there is room for every piece
		}
	}
}

// end ends the reading.
func (s *scout) end() {
	if s == nil {
		return
	}
	s.mu.Lock()
	for i := range s.asked {
		s.asked[i] = true
	}
	s.mu.Unlock()
	for len(s.wanted) > 0 {
		select {
		case <-s.wanted:
		default:
		}
	}
	close(s.wanted)
	s.done.Wait()
	_ = s.file.Close() // it was only read
}
