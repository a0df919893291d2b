package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// memoryFile returns a file that lies in memory and has no name.
func memoryFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("rongzheng", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "rongzheng"), nil
}
