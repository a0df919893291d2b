// Package durable writes files that are there whole or not at all, whatever happens to the process, and that last once it
// has said so. It knows nothing of what is in them.
package durable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// WriteFile writes a file of the owner's alone so that it is there whole or not at all: into a temporary file beside it,
// synced, closed, renamed over what was there, the folder synced. It takes the place of no device, which is an
// fs.PathError with ErrDevice. On an error, of write or of the disk, the temporary is removed and what was there before
// stays.
func WriteFile(path string, write func(io.Writer) error) error {
	return WriteSettled(path, write, func() error { return nil })
}

// ErrDevice says that a device, a pipe or a socket has the name, which no file must take the place of.
var ErrDevice = errors.New("is a device")

// WriteSettled does what WriteFile does; settle runs when the bytes are safe on the disk and before they appear under the
// name. Its error keeps the file from appearing.
func WriteSettled(path string, write func(io.Writer) error, settle func() error) error {
	const devices = fs.ModeDevice | fs.ModeNamedPipe | fs.ModeSocket
	if there, err := os.Stat(path); err == nil && there.Mode()&devices != 0 {
		return &fs.PathError{Op: "write", Path: path, Err: ErrDevice}
	}
	return system.put(path, write, settle, func(temporary string) error { return os.Rename(temporary, path) })
}

// WriteFresh does what WriteSettled does, and never writes over another file: where one with other bytes has the name, the
// new one is called "NAME (2)", "NAME (3)" and so on. It returns the path that holds the bytes.
func WriteFresh(path string, write func(io.Writer) error, settle func() error) (string, error) {
	at := path
	err := system.put(path, write, settle, func(temporary string) (err error) {
		at, err = place(temporary, path)
		return err
	})
	return at, err
}

// mostNamed bounds the search for a name that is free.
const mostNamed = 10_000

// place gives the temporary file the first name that is free, or that a file with the same bytes has.
func place(temporary, path string) (string, error) {
	ending := filepath.Ext(path)
	at := path
	for n := 2; n < mostNamed; n++ {
		err := move(temporary, at)
		if !errors.Is(err, fs.ErrExist) {
			return at, err
		}
		same, err := sameBytes(temporary, at)
		if err != nil {
			return at, err
		}
		if same {
			return at, os.Remove(temporary)
		}
		at = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(path, ending), n, ending)
	}
	return path, &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
}

// move gives the file a name that nothing has, else it is fs.ErrExist. A file system without links takes what is free at a look.
func move(temporary, to string) error {
	err := os.Link(temporary, to)
	if err == nil {
		return os.Remove(temporary)
	}
	if _, there := os.Lstat(to); there == nil || errors.Is(err, fs.ErrExist) {
		return &fs.PathError{Op: "write", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(temporary, to)
}

// sameBytes tells whether what lies at the path is a file with the bytes of the other.
func sameBytes(one, at string) (bool, error) {
	info, err := os.Stat(at)
	if err != nil || !info.Mode().IsRegular() {
		return false, nil // a folder, a link that leads nowhere: no file of ours
	}
	mine, err := os.Stat(one)
	if err != nil || mine.Size() != info.Size() {
		return false, err
	}
	a, err := os.ReadFile(one)
	if err != nil {
		return false, err
	}
	b, err := os.ReadFile(at)
	return err == nil && bytes.Equal(a, b), nil
}

// file is what is needed of a temporary file.
type file interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// disk is where files come to last; tests watch its steps and spoil them.
type disk struct {
	create     func(folder string) (file, error)
	syncFolder func(path string) error
}

var system = disk{
	create:     func(folder string) (file, error) { return os.CreateTemp(folder, ".rongzheng-*.tmp") },
	syncFolder: SyncFolder,
}

// put writes the temporary file, and lets finish give it its name when it is safe and settled.
func (d disk) put(path string, write func(io.Writer) error, settle func() error, finish func(temporary string) error) (err error) {
	folder := filepath.Dir(path)
	temporary, err := d.create(folder)
	if refused, ok := errors.AsType[*fs.PathError](err); ok {
		refused.Path = folder // nobody has heard of the temporary file
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, discard(temporary))
		}
	}()
	if err := write(temporary); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := settle(); err != nil {
		return err
	}
	if err := finish(temporary.Name()); err != nil {
		return err
	}
	return d.syncFolder(folder)
}

func discard(f file) error {
	if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Remove(f.Name()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// SyncFolder makes the names in a folder last. Windows keeps names in its journal and has no such call.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
