package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// fullDisk is a file on a disk without room: it takes the first bytes and then no more.
type fullDisk struct {
	syncedFile
	room int
}

func (f *fullDisk) Write(data []byte) (int, error) {
	if len(data) <= f.room {
		return f.syncedFile.Write(data)
	}
	n, err := f.syncedFile.Write(data[:f.room])
	return n, errors.Join(err, syscall.ENOSPC)
}

// badSync is a file whose bytes do not reach the disk.
type badSync struct{ syncedFile }

func (badSync) Sync() error { return syscall.EIO }

// filesIn lists all files below the folder.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	spoiled := map[string]func(f syncedFile) syncedFile{
		"disk full": func(f syncedFile) syncedFile { return &fullDisk{f, 100} },
		"sync":      func(f syncedFile) syncedFile { return badSync{f} },
	}
	for name, spoil := range spoiled {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			s.create = func(path string) (syncedFile, error) {
				f, err := createFile(path)
				return spoil(f), err
			}
			sub, data := firstSubmission(1)
			if _, err := s.Submit("portal", sub, data, clock); err == nil {
				t.Fatal("the submission was taken")
			}
			if left := append(filesIn(t, filepath.Join(s.dir, blobFolder)), filesIn(t, filepath.Join(s.dir, partFolder))...); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if _, err := s.Application(actor(t, s, "portal"), sub.Reference); !errors.Is(err, review.ErrNotFound) {
				t.Errorf("got %v, want ErrNotFound", err)
			}
			s.create = createFile
			submit(t, s, 1)
		})
	}
}

// TestFolderThatDoesNotLast: the name of an attachment is on the disk before a record says it, as its bytes are, and so is
// that of each folder on the way to it.
func TestFolderThatDoesNotLast(t *testing.T) {
	s := newStore(t)
	_, data := firstSubmission(1)
	sub, _ := firstSubmission(1)
	folder := filepath.Dir(s.blobPath(sub.Attachments[2].SHA256))
	for _, bad := range []string{folder, filepath.Dir(folder), s.dir} {
		s.settle = func(path string) error {
			if path == bad {
				return syscall.EIO
			}
			return nil
		}
		if _, err := s.Submit("portal", sub, data, clock); !errors.Is(err, syscall.EIO) {
			t.Errorf("%s is not on the disk: got %v", bad, err)
		}
		if left := append(filesIn(t, filepath.Join(s.dir, blobFolder)), filesIn(t, filepath.Join(s.dir, partFolder))...); len(left) > 0 {
			t.Errorf("%s is not on the disk: left behind %v", bad, left)
		}
		if err := os.RemoveAll(filepath.Join(s.dir, blobFolder)); err != nil {
			t.Fatal(err)
		}
	}
	s.settle = durable.SyncFolder
	submit(t, s, 1)
}

func TestRefusedSubmissionLeavesNoFile(t *testing.T) {
	s := newStore(t)
	sub, data := firstSubmission(1)
	sub.Form.Set("name")
	if _, err := s.Submit("portal", sub, data, clock); err == nil {
		t.Fatal("the submission was taken")
	}
	// Refused only inside the transaction: the rules are asked there again.
	errLate := errors.New("refused at last")
	err := s.withFiles(hashesOf(sub.Attachments), data, func(*txn) error { return errLate })
	if !errors.Is(err, errLate) {
		t.Fatal(err)
	}
	if left := filesIn(t, filepath.Join(s.dir, blobFolder)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSharedFileOutlivesARefusal(t *testing.T) {
	s := newStore(t)
	sub, data := firstSubmission(1)
	if _, err := s.Submit("portal", sub, data, clock); err != nil {
		t.Fatal(err)
	}
	errLate := errors.New("refused at last")
	if err := s.withFiles(hashesOf(sub.Attachments), data, func(*txn) error { return errLate }); !errors.Is(err, errLate) {
		t.Fatal(err)
	}
	for sha := range data {
		if _, err := s.Blob(sha); err != nil {
			t.Errorf("got %v", err)
		}
	}
}

func TestBytesWithoutTheirHashAreRefused(t *testing.T) {
	s := newStore(t)
	sub, data := firstSubmission(1)
	data[sub.Attachments[0].SHA256] = []byte("something else")
	if _, err := s.Submit("portal", sub, data, clock); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	delete(data, sub.Attachments[0].SHA256)
	if _, err := s.Submit("portal", sub, data, clock); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestDamagedAttachmentIsNoticed(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	a := submit(t, s, 1)
	sha := a.Attached("credential_scan")[0].SHA256
	path := s.blobPath(sha)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole[:len(whole)-1:len(whole)-1], '?'), fileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Blob(sha); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	wantFinding(t, s, Attachment, sha)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Blob(sha); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	wantFinding(t, s, Attachment, sha)
	if err := os.WriteFile(path, whole, fileMode); err != nil {
		t.Fatal(err)
	}
}

// A process that was killed between writing attachments and naming them leaves a file that checks clean once it is opened
// again; what a record names stays.
func TestKilledBeforeNaming(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	a := submit(t, s, 1)
	_, data := firstSubmission(2)
	named := a.Attachments[2].SHA256
	if data[named], _ = s.Blob(named); len(data[named]) <= smallBlob {
		t.Fatal("the scan is no file of its own")
	}
	if _, err := s.intend(data); err != nil {
		t.Fatal(err)
	}
	for sha, bytes := range data {
		if len(bytes) > smallBlob {
			if err := s.writeBlob(sha, bytes); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openStore(t, dir, Options{})
	wantClean(t, again)
	if _, err := again.Blob(named); err != nil {
		t.Errorf("what a record names: %v", err)
	}
	for sha := range data {
		if _, err := again.Blob(sha); sha != named && !errors.Is(err, review.ErrNotFound) {
			t.Errorf("what nothing names: got %v, want it gone", err)
		}
	}
}

// TestNameWhereAnotherCameFirst: a refused rename is no failure where the bytes are there already (Windows refuses to replace
// a file that is in use; here the part is missing), and one where something else is.
func TestNameWhereAnotherCameFirst(t *testing.T) {
	dir := t.TempDir()
	part, path := filepath.Join(dir, "part"), filepath.Join(dir, "path")
	if err := os.WriteFile(path, []byte("the same"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := giveName(part, path); err != nil {
		t.Errorf("the bytes are there, and yet %v", err)
	}
	if err := os.WriteFile(part, []byte("other"), fileMode); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(folder, "full"), folderMode); err != nil {
		t.Fatal(err)
	}
	if err := giveName(part, folder); err == nil {
		t.Error("a folder in its place was taken for the attachment")
	}
	if _, err := os.Stat(part); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the part was left behind: %v", err)
	}
}
