package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// Scans is where a desk finds the files that an applicant hands over. The zero Scans has none: a desk that is served to
// another machine must not show the files of this one.
type Scans struct {
	// Dir is the scanner's folder, in which looking for a file begins; "" begins in the home folder.
	Dir string
	// Local says that the desk may read the files of this machine that its user may read.
	Local bool
	// Uploads are the files that the account has sent to the machine that serves its desk, nil for none. A desk that has
	// them shows these and nothing else.
	Uploads Uploads
}

// Uploads are files of an account, by the names that the account gave them. What is not there is fs.ErrNotExist. Methods
// may be called from several goroutines.
type Uploads interface {
	List() ([]Upload, error)
	Read(name string) ([]byte, error)
	Remove(name string) error
}

// Upload is a file that an account has sent.
type Upload struct {
	Name string
	Size int64
	At   time.Time
}

// UploadsFolder is what people call the folder of their uploads.
const UploadsFolder = "scans/"

// some reports whether the desk finds files at all.
func (s Scans) some() bool { return s.Local || s.Uploads != nil }

// scanEntry is a line of a folder.
type scanEntry struct {
	name   string
	path   string
	folder bool
	size   int64
	at     time.Time
}

func (e *scanEntry) stamp() review.FileStamp { return review.FileStamp{At: e.at, Size: e.size} }

// start is the folder in which looking begins.
func (s Scans) start() string {
	if s.Uploads != nil {
		return UploadsFolder
	}
	if s.Dir != "" {
		return s.Dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	return home
}

// list reads a folder: the folders in it by name, then the files that may be attachments, the latest first. A hidden file
// is none.
func (s Scans) list(dir string) ([]scanEntry, error) {
	switch {
	case s.Uploads != nil:
		return s.uploaded()
	case !s.Local:
		return nil, errNoScans
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var entries []scanEntry
	for _, e := range found {
		info, err := os.Stat(filepath.Join(dir, e.Name()))
		if err != nil || strings.HasPrefix(e.Name(), ".") {
			continue // gone meanwhile, or a link to nowhere
		}
		if info.IsDir() || info.Mode().IsRegular() && attachable(e.Name()) {
			entries = append(entries, scanEntry{e.Name(), filepath.Join(dir, e.Name()), info.IsDir(), info.Size(), info.ModTime()})
		}
	}
	sortScans(entries)
	return entries, nil
}

// uploaded lists what the account has sent.
func (s Scans) uploaded() ([]scanEntry, error) {
	sent, err := s.Uploads.List()
	var entries []scanEntry
	for _, u := range sent {
		if attachable(u.Name) {
			entries = append(entries, scanEntry{name: u.Name, path: u.Name, size: u.Size, at: u.At})
		}
	}
	sortScans(entries)
	return entries, err
}

// holding tells which of the files are among the attachments, by their bytes: a draft keeps no names of scans, which name
// people. Only what has the size of an attachment is read.
func (s Scans) holding(entries []scanEntry, filed []review.Attachment) map[string]bool {
	held := map[string]bool{}
	for _, e := range entries {
		same := func(at review.Attachment) bool { return at.Size == e.size }
		if e.folder || !slices.ContainsFunc(filed, same) {
			continue
		}
		data, err := s.read(e.path)
		if err != nil {
			continue // taking it says why
		}
		sum := sha256.Sum256(data)
		sha := hex.EncodeToString(sum[:])
		held[e.path] = slices.ContainsFunc(filed, func(at review.Attachment) bool { return at.SHA256 == sha })
	}
	return held
}

func sortScans(entries []scanEntry) {
	slices.SortStableFunc(entries, func(a, b scanEntry) int {
		switch {
		case a.folder != b.folder && a.folder:
			return -1
		case a.folder != b.folder:
			return 1
		case a.folder:
			return strings.Compare(a.name, b.name)
		}
		return b.at.Compare(a.at)
	})
}

func attachable(name string) bool {
	return slices.Contains([]string{".jpg", ".jpeg", ".png", ".pdf"}, strings.ToLower(filepath.Ext(name)))
}

// read returns a file of at most an attachment's size and one byte, so that a larger one is known for one.
func (s Scans) read(path string) ([]byte, error) {
	switch {
	case s.Uploads != nil:
		return s.Uploads.Read(path)
	case !s.Local:
		return nil, errNoScans
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(home, rest)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: path, Err: errFolder}
	} else if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("not a file")}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	data, err := io.ReadAll(io.LimitReader(f, review.MaxAttachmentBytes+1))
	return data, errors.Join(err, f.Close())
}

// errFolder says that a folder was given where a file is asked for.
var errFolder = errors.New("is a folder")

// errNoScans says that the desk reads no files: it is served to another machine.
var errNoScans = errors.New("this desk reads no files")
