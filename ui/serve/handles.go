package serve

import (
	"bytes"
	"errors"
	"sync"

	"github.com/pkg/sftp"
)

// errManyOpen says that an sftp visit has enough files and folders open.
var errManyOpen = errors.New("too many files open")

// handles are the files and folders that one sftp visit has open to read. A file lies in memory until its client closes it,
// and a client need not close anything.
type handles struct {
	limits *Limits

	mu    sync.Mutex
	open  int
	bytes int64
}

// handle is one of them.
type handle struct {
	of    *handles
	bytes int64
}

// take makes room for another one, or refuses it with errManyOpen.
func (h *handles) take() (*handle, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open >= h.limits.Open || h.bytes >= h.limits.OpenBytes {
		return nil, errManyOpen
	}
	h.open++
	return &handle{of: h}, nil
}

// hold counts the bytes of a file until it is closed.
func (h *handle) hold(data []byte) {
	h.of.mu.Lock()
	defer h.of.mu.Unlock()
	h.bytes = int64(len(data))
	h.of.bytes += h.bytes
}

// Close gives the room back. The library calls it once.
func (h *handle) Close() error {
	h.of.mu.Lock()
	defer h.of.mu.Unlock()
	h.of.open--
	h.of.bytes -= h.bytes
	return nil
}

// openFile is a file that is being read.
type openFile struct {
	*bytes.Reader
	*handle
}

// openFolder is a folder that is being listed.
type openFolder struct {
	sftp.ListerAt
	*handle
}
