//go:build unix && !linux

package store

import (
	"errors"
	"os"
)

// memoryFile returns a file that has no name any more, so that nobody can open it and it vanishes when it is closed. The
// system may write it to the disk, where FileVault or its like has to protect it.
func memoryFile() (*os.File, error) {
	f, err := os.CreateTemp("", ".rongzheng-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
