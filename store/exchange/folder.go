package exchange

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// folder is a tree of the file system. It never leaves its top, and it follows no link inside it.
type folder struct {
	root *os.Root
}

// openFolder opens the folder with the path, which may itself be reached through a link: the user named it.
func openFolder(name string) (*folder, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

func (f *folder) close() error { return f.root.Close() }

func (f *folder) list(dir string) (listing, error) {
	if err := f.plainPath(dir); err != nil {
		return listing{}, err
	}
	opened, err := f.root.Open(filepath.FromSlash(dir))
	if err != nil {
		return listing{}, err
	}
	defer opened.Close()
	entries, err := opened.ReadDir(MaxEntries + 1)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return listing{}, err
	case len(entries) > MaxEntries:
		return listing{}, refuse(dir, "entries_many", "max", strconv.Itoa(MaxEntries))
	}
	return sorted(dir, entries)
}

func sorted(dir string, entries []fs.DirEntry) (listing, error) {
	var l listing
	names := map[string]bool{}
	for _, entry := range entries {
		name := entry.Name()
		where := path.Join(dir, name)
		if fold := foldName(name); names[fold] {
			l.faults = append(l.faults, refuse(where, "name_twice"))
		} else {
			names[fold] = true
		}
		switch {
		case litter(name) || name == litterFolder:
		case entry.Type()&fs.ModeSymlink != 0:
			l.faults = append(l.faults, refuse(where, "file_link"))
		case entry.IsDir():
			l.dirs = append(l.dirs, name)
		case !entry.Type().IsRegular():
			l.faults = append(l.faults, refuse(where, "file_special"))
		case !plainName(name):
			l.faults = append(l.faults, refuse(where, "name_text"))
		default:
			info, err := entry.Info()
			if err != nil {
				return listing{}, err
			}
			l.files = append(l.files, file{name, info.Size()})
		}
	}
	l.sort()
	return l, nil
}

// plainPath refuses a path that has a link on it. os.Root keeps a link from leading out of the top; one that stays
// inside could still lend an application the documents of another.
func (f *folder) plainPath(name string) error {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := f.root.Lstat(filepath.FromSlash(at))
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return refuse(at, "file_link")
		}
	}
	return nil
}

func (f *folder) read(name string, max int64) ([]byte, error) {
	opened, err := f.open(name)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return readLimited(opened, name, max)
}

// open opens a regular file and nothing else.
func (f *folder) open(name string) (*os.File, error) {
	if err := f.plainPath(name); err != nil {
		return nil, err
	}
	seen, err := f.root.Lstat(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	if !seen.Mode().IsRegular() {
		return nil, refuse(name, "file_special")
	}
	opened, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	if now, err := opened.Stat(); err != nil || !os.SameFile(seen, now) {
		return nil, errors.Join(refuse(name, "file_link"), opened.Close())
	}
	return opened, nil
}

// readLimited reads a file of at most max bytes.
func readLimited(r io.Reader, name string, max int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > max:
		return nil, tooLarge(name, max)
	}
	return data, nil
}

func tooLarge(name string, max int64) *Error {
	if max == MaxJSON {
		return refuse(name, "json_large", "max", strconv.Itoa(MaxJSON))
	}
	return refuse(name, "file_large", "max", megabytes(max))
}
