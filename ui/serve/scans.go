package serve

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/ui"
)

// Scans are what a clerk who works over SSH sends to their desk: the disk of this machine is not shown to anybody, so the
// choice of files at such a desk begins in this folder and knows no other. They lie in the data folder under
// uploads/ACCOUNT, outside of the register and of every backup, until they are attached or a day has passed. What a scan is
// called may name a person, and no file name does: the bytes lie under the hash of the name, the name in a file beside
// them.
const (
	uploadsFolder = "uploads"
	nameEnding    = ".name"
	// mostName is how many bytes the name of a scan may have.
	mostName = 255
)

// scans is the folder of one account.
type scans struct {
	dir    string
	limits Limits
	clock  func() time.Time
	mu     *sync.Mutex // of the server: what is counted stays true until it is used
}

// scansOf is the folder of the account; it is made by the first upload.
func (v *Server) scansOf(account string) scans {
	return scans{filepath.Join(v.o.Store.Dir(), uploadsFolder, account), v.limits, v.clock, &v.uploads}
}

// Scans are the files that the account has sent, for its desk.
func (v *Server) Scans(account string) ui.Uploads { return v.scansOf(account) }

// scans is the folder of a clerk. Nobody else has one.
func (t *tree) scans(by review.Actor) (scans, error) {
	if by.Role != review.Clerk {
		return scans{}, os.ErrNotExist
	}
	return t.v.scansOf(by.Name), by.May(review.Submit)
}

func (t *tree) listScans(by review.Actor) (sftp.ListerAt, error) {
	own, err := t.scans(by)
	if err != nil {
		return nil, err
	}
	found, err := own.List()
	list := entries{}
	for _, u := range found {
		list = append(list, entry{name: u.Name, size: u.Size, at: u.At, writes: true})
	}
	return list, err
}

func (t *tree) uploadScan(by review.Actor, name string) (*upload, error) {
	own, err := t.scans(by)
	if err != nil {
		return nil, err
	}
	if !validScan(name) {
		return nil, os.ErrPermission
	}
	f, err := own.begin(name)
	return &upload{t: t, file: f, folder: scansFolder, most: review.MaxAttachmentBytes, keep: func() error {
		return own.keep(f.Name(), name)
	}}, err
}

// commandScans renames and removes scans. Times and permissions that clients set after an upload are passed over.
func (t *tree) commandScans(by review.Actor, name string, r *sftp.Request) error {
	own, err := t.scans(by)
	if err != nil {
		return err
	}
	switch r.Method {
	case "Setstat":
		return nil
	case "Rename", "PosixRename":
		to, err := t.place(r.Target)
		if err != nil || to.folder != scansFolder || !validScan(to.name) {
			return os.ErrPermission
		}
		return own.rename(name, to.name)
	case "Remove":
		return own.Remove(name)
	}
	return os.ErrPermission
}

// validScan takes every name that a line can show.
func validScan(name string) bool {
	return name != "" && len(name) <= mostName && name[0] != '.' && !strings.ContainsAny(name, "/\\") &&
		review.CheckText(name) == nil
}

// at is where the bytes of the scan with the name lie.
func (s scans) at(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:]))
}

// begin makes the file that a scan comes into, as long as the account has room.
func (s scans) begin(name string) (*os.File, error) {
	s.sweep()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	count, bytes, err := s.lying()
	if err != nil || count >= s.limits.Scans || bytes >= s.limits.ScanBytes {
		return nil, cmp.Or(err, os.ErrPermission)
	}
	return createPart(s.at(name) + partEnding)
}

// lying counts what is there and what is coming in.
func (s scans) lying() (count int, bytes int64, err error) {
	err = s.each(func(info fs.FileInfo) error {
		if !strings.HasSuffix(info.Name(), nameEnding) {
			count, bytes = count+1, bytes+info.Size()
		}
		return nil
	})
	return count, bytes, err
}

// each visits the files of the folder; one that is not there has none.
func (s scans) each(visit func(info fs.FileInfo) error) error {
	found, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range found {
		info, infoErr := f.Info()
		if infoErr != nil || !info.Mode().IsRegular() {
			continue // gone meanwhile
		}
		err = errors.Join(err, visit(info))
	}
	return err
}

// keep gives a scan that has come in whole its place, over one of the same name.
func (s scans) keep(part, name string) error {
	path, now := s.at(name), s.clock()
	if err := writePrivate(path+nameEnding, []byte(name)); err != nil {
		return err
	}
	return errors.Join(os.Chtimes(part, now, now), os.Rename(part, path))
}

func (s scans) rename(from, to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := os.Stat(s.at(from)); err != nil {
		return os.ErrNotExist
	}
	if from == to {
		return nil
	}
	if err := writePrivate(s.at(to)+nameEnding, []byte(to)); err != nil {
		return err
	}
	return errors.Join(os.Rename(s.at(from), s.at(to)), os.Remove(s.at(from)+nameEnding))
}

// List returns what has come in whole and is not too old.
func (s scans) List() ([]ui.Upload, error) {
	s.sweep()
	var list []ui.Upload
	err := s.each(func(info fs.FileInfo) error {
		if strings.Contains(info.Name(), ".") {
			return nil
		}
		name, err := os.ReadFile(filepath.Join(s.dir, info.Name()+nameEnding))
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed meanwhile
			return nil
		case err == nil:
			list = append(list, ui.Upload{Name: string(name), Size: info.Size(), At: info.ModTime()})
		}
		return err
	})
	return list, err
}

// Read returns the bytes of a scan.
func (s scans) Read(name string) ([]byte, error) {
	data, err := os.ReadFile(s.at(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	return data, err
}

// Remove removes a scan.
func (s scans) Remove(name string) error {
	err := os.Remove(s.at(name))
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ErrNotExist
	}
	return errors.Join(err, os.Remove(s.at(name)+nameEnding))
}

// sweep removes what has lain too long. What cannot be removed now is tried again later.
func (s scans) sweep() {
	oldest := s.clock().Add(-s.limits.ScanAge)
	_ = s.each(func(info fs.FileInfo) error {
		if strings.Contains(info.Name(), ".") || !info.ModTime().Before(oldest) {
			return nil // a name goes with its scan, what is coming in with its visit
		}
		path := filepath.Join(s.dir, info.Name())
		return errors.Join(os.Remove(path), os.Remove(path+nameEnding))
	})
}

// clearScans removes what a server that was killed has left half sent.
func clearScans(dir string) error {
	var failed error
	for _, half := range []string{"*" + partEnding, ".*"} {
		found, err := filepath.Glob(filepath.Join(dir, uploadsFolder, "*", half))
		failed = errors.Join(failed, err)
		for _, name := range found {
			failed = errors.Join(failed, os.Remove(name))
		}
	}
	return failed
}

// sweepEvery is how often scans that lie too long are looked for, whether or not anybody comes.
const sweepEvery = time.Hour

// sweepScans removes the scans of all accounts that have lain too long, now and then until ctx ends.
func (v *Server) sweepScans(ctx context.Context) {
	again := time.NewTicker(sweepEvery)
	defer again.Stop()
	for {
		folders, err := filepath.Glob(filepath.Join(v.o.Store.Dir(), uploadsFolder, "*"))
		if err != nil {
			v.log.Error("sweep", "error", err)
		}
		for _, dir := range folders {
			v.scansOf(filepath.Base(dir)).sweep()
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}
