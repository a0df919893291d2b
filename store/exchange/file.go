package exchange

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile writes a file so that it is there whole or not at all: into a temporary file beside it, synced, closed,
// renamed over what was there, the folder synced. On an error, of write or of the disk, the temporary is removed and
// what was there before stays.
func WriteFile(path string, write func(io.Writer) error) error {
	return WriteSettled(path, write, func() error { return nil })
}

// WriteSettled does what WriteFile does; settle runs when the bytes are safe on the disk and before they appear under the
// name. Its error keeps the file from appearing.
func WriteSettled(path string, write func(io.Writer) error, settle func() error) (err error) {
	folder := filepath.Dir(path)
	temporary, err := os.CreateTemp(folder, ".rongzheng-*.tmp")
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
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}

func discard(f *os.File) error {
	if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Remove(f.Name()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder makes the new name last. Windows keeps names in its journal and has no such call.
func syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
