package store

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// memoryFile returns a file that the system keeps in memory as far as it can, lets nobody else open, and removes when it
// is closed, also when the program is killed. Should it come to the disk, it is encrypted to the account of Windows, where the
// edition and the file system can do that (EFS); the others refuse the attribute or leave it out.
func memoryFile() (*os.File, error) {
	f, err := temporaryFile(windows.FILE_ATTRIBUTE_ENCRYPTED)
	if err != nil {
		f, err = temporaryFile(0)
	}
	return f, err
}

func temporaryFile(also uint32) (*os.File, error) {
	path := filepath.Join(os.TempDir(), ".rongzheng-"+randomText())
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.CREATE_NEW,
		windows.FILE_ATTRIBUTE_TEMPORARY|windows.FILE_FLAG_DELETE_ON_CLOSE|also, 0)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

func randomText() string { return hashOf(randomBytes(32))[:16] }
