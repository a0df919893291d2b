package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rongzheng/review"
)

func TestBackupIsAWholeStore(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Backup("li.admin", f), f.Close()); err != nil {
		t.Fatal(err)
	}
	for name, err := range s.BlobNames() {
		if err != nil {
			t.Fatal(err)
		}
		data, err := s.Blob(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, blobFolder, name[:2], name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), folderMode), os.WriteFile(path, data, fileMode)); err != nil {
			t.Fatal(err)
		}
	}
	copied := openStore(t, dir, Options{})
	if got, err := copied.Application(actor(t, copied, "li.admin"), a.Reference); err != nil || got.Certificate != a.Certificate {
		t.Errorf("got certificate %q, %v, want %s", got.Certificate, err, a.Certificate)
	}
	if err := s.Backup("ma.clerk", f); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a clerk backs up: got %v, want ErrDenied", err)
	}
}
