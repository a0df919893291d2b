package exchange

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxDirectory is the number of bytes that the directory of a zip file may take: far more than MaxEntries need, and few
// enough to hold them.
const maxDirectory = 8 << 20

// archive is a zip file as a tree. Its directory is read and judged once; nothing is ever unpacked to a disk. What is
// wrong with an entry falls on the folder that it would lie in, so that the other applications of the file go on.
type archive struct {
	name    string
	open    func() (*os.File, error)
	folders map[string]*listing
	entries map[string]*zip.File
	file    lazyFile
	users   int // that have it open
}

// newArchive reads the directory of the zip file. The file is closed again until reopen.
func newArchive(name string, open func() (*os.File, error)) (*archive, error) {
	a := &archive{name: name, open: open, folders: map[string]*listing{}, entries: map[string]*zip.File{}}
	if err := a.reopen(); err != nil {
		return nil, err
	}
	defer a.close()
	info, err := a.file.Stat()
	if err != nil {
		return nil, err
	}
	a.file.budget = maxDirectory
	r, err := zip.NewReader(&a.file, info.Size())
	a.file.budget = -1
	switch {
	case errors.Is(err, errDirectory) || err == nil && len(r.File) > MaxEntries:
		return nil, refuse(name, "entries_many", "max", strconv.Itoa(MaxEntries))
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, refuse(name, "zip_damaged")
	}
	a.index(r.File)
	return a, nil
}

// lazyFile is read through by all entries; the file behind it is opened anew for each application.
type lazyFile struct {
	*os.File
	budget int // bytes that may still be read, -1 for any number
}

var errDirectory = errors.New("zip directory too large")

// ReadAt implements io.ReaderAt within the budget.
func (f *lazyFile) ReadAt(p []byte, at int64) (int, error) {
	if f.budget >= 0 {
		if len(p) > f.budget {
			return 0, errDirectory
		}
		f.budget -= len(p)
	}
	return f.File.ReadAt(p, at)
}

// reopen opens the file for one more user; close ends the use of one.
func (a *archive) reopen() error {
	if a.users == 0 {
		opened, err := a.open()
		if err != nil {
			return err
		}
		a.file.File, a.file.budget = opened, -1
	}
	a.users++
	return nil
}

func (a *archive) close() error {
	if a.users--; a.users > 0 {
		return nil
	}
	return a.file.File.Close()
}

// index sorts the entries into folders.
func (a *archive) index(entries []*zip.File) {
	seen := map[string]string{}
	for _, entry := range entries {
		name, dir, fault := a.place(entry)
		if strings.HasPrefix(name+"/", litterFolder+"/") {
			continue
		}
		if fault != nil {
			a.fault(dir, fault)
			continue
		}
		if entry.Mode().IsDir() {
			a.folder(name)
			continue
		}
		if first, twice := seen[foldName(name)]; twice {
			a.fault(dir, refuse(name, "name_twice"))
			if other := path.Dir(first); other != dir {
				a.fault(other, refuse(first, "name_twice"))
			}
			continue
		}
		seen[foldName(name)] = name
		l := a.folder(dir)
		l.files = append(l.files, file{path.Base(name), int64(min(entry.UncompressedSize64, MaxApplication+1))})
		a.entries[name] = entry
	}
	for _, l := range a.folders {
		l.sort()
	}
}

func (a *archive) fault(dir string, err error) {
	l := a.folder(dir)
	l.faults = append(l.faults, err)
}

// folder returns the listing of the folder, making it and those above where they are not known yet.
func (a *archive) folder(dir string) *listing {
	if l, ok := a.folders[dir]; ok {
		return l
	}
	l := &listing{}
	a.folders[dir] = l
	if dir != "." {
		up := a.folder(path.Dir(dir))
		up.dirs = append(up.dirs, path.Base(dir))
	}
	return l
}

// place says where an entry lies, and what is wrong with it; then dir is the folder that the fault falls on.
func (a *archive) place(entry *zip.File) (name, dir string, fault error) {
	raw := entryName(entry)
	name, dir, ok := inside(raw)
	switch mode := entry.Mode(); {
	case !ok:
		return name, dir, refuse(raw, "zip_path")
	case mode&fs.ModeSymlink != 0:
		return name, dir, refuse(raw, "file_link")
	case mode.IsDir() && entry.UncompressedSize64 == 0:
		return name, dir, nil
	case !mode.IsRegular():
		return name, dir, refuse(raw, "file_special")
	case entry.Flags&1 != 0:
		return name, dir, refuse(raw, "zip_encrypted")
	case entry.UncompressedSize64 > MaxFile && !nested(name):
		return name, dir, tooLarge(raw, MaxFile)
	case entry.CompressedSize64 <= MaxFile && entry.UncompressedSize64 > entry.CompressedSize64*MaxRatio:
		return name, dir, refuse(raw, "zip_ratio", "max", strconv.Itoa(MaxRatio))
	}
	return name, dir, nil
}

func nested(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

// entryName returns the name of an entry. Windows in China writes names in the system's own encoding without saying so.
func entryName(entry *zip.File) string {
	if utf8.ValidString(entry.Name) {
		return entry.Name
	}
	name, err := simplifiedchinese.GB18030.NewDecoder().String(entry.Name)
	if err != nil {
		return strings.ToValidUTF8(entry.Name, "\uFFFD")
	}
	return name
}

// inside tells whether an entry's name stays in the folder: relative, forward slashes, no "..", plain names only. dir
// is the folder that it lies in, or the last one on the way before it goes wrong.
func inside(raw string) (name, dir string, ok bool) {
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(raw, "./"), "/"), "/")
	for i, part := range parts {
		if !plainName(part) || i >= maxFolders {
			return path.Join(parts[:i]...), path.Join(append([]string{"."}, parts[:i]...)...), false
		}
	}
	name = path.Join(parts...)
	return name, path.Dir(name), true
}

func (a *archive) list(dir string) (listing, error) {
	l, ok := a.folders[dir]
	if !ok {
		return listing{}, nil
	}
	return listing{slices.Clone(l.files), slices.Clone(l.dirs), slices.Clone(l.faults)}, nil
}

func (a *archive) read(name string, max int64) ([]byte, error) {
	entry, ok := a.entries[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	opened, err := entry.Open()
	if err != nil {
		return nil, refuse(name, "zip_damaged")
	}
	defer opened.Close()
	data, err := readLimited(opened, name, max)
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, refuse(name, "zip_damaged")
	}
	return data, err
}
