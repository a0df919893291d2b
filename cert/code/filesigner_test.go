package code

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rongzheng/cert/sign"
	"rongzheng/cert/sign/signtest"
)

// filesSignedBy fails unless the ring's files are signed by this one, nobody for nil.
func filesSignedBy(t *testing.T, r *Ring, want *sign.Identity) {
	t.Helper()
	got, err := r.FileSigner()
	if err != nil {
		t.Fatal(err)
	}
	if (got == nil) != (want == nil) || got != nil && got.Fingerprint() != want.Fingerprint() {
		t.Fatalf("files are signed by %v, want %v", got, want)
	}
}

func TestFileSignerLivesAsLongAsTheKeys(t *testing.T) {
	withLightWork(t)
	dir := filepath.Join(t.TempDir(), Folder)
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	office, err := sign.Read(signtest.New(t, nil, nil).PEM(t), "")
	if err != nil {
		t.Fatal(err)
	}
	r := openRing(t, dir)
	filesSignedBy(t, r, nil)
	if err := r.SetFileSigner(office); !errors.Is(err, ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	rotate(t, r, "", now)
	if err := r.SetFileSigner(office); err != nil {
		t.Fatal(err)
	}
	filesSignedBy(t, r, office)
	filesSignedBy(t, openRing(t, dir), office)
	if err := r.Protect("geheim"); err != nil {
		t.Fatal(err)
	}
	filesSignedBy(t, r, office)
	locked := openRing(t, dir)
	if _, err := locked.FileSigner(); !errors.Is(err, ErrFileSignerLocked) {
		t.Errorf("locked: %v", err)
	}
	if err := locked.SetFileSigner(nil); !errors.Is(err, ErrLocked) {
		t.Errorf("set while it is locked: %v", err)
	}
	if err := locked.Unlock("geheim"); err != nil {
		t.Fatal(err)
	}
	filesSignedBy(t, locked, office)
	rotate(t, locked, "other", now.Add(time.Hour))
	filesSignedBy(t, locked, office)
	again := openRing(t, dir)
	if err := again.Unlock("other"); err != nil {
		t.Fatal(err)
	}
	filesSignedBy(t, again, office)
	if files, _ := filepath.Glob(filepath.Join(dir, "*"+fileSignerSuffix)); len(files) != 1 {
		t.Errorf("%v: what the key before had sealed is left", files)
	}
	if err := again.SetFileSigner(nil); err != nil {
		t.Fatal(err)
	}
	filesSignedBy(t, again, nil)
	filesSignedBy(t, openRing(t, dir), nil)
}

// TestLostPassphrase: a new key is made all the same, and nobody signs files until somebody is set.
func TestLostPassphrase(t *testing.T) {
	withLightWork(t)
	dir := filepath.Join(t.TempDir(), Folder)
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	office, err := sign.Read(signtest.New(t, nil, nil).PEM(t), "")
	if err != nil {
		t.Fatal(err)
	}
	r := openRing(t, dir)
	rotate(t, r, "lost", now)
	if err := r.SetFileSigner(office); err != nil {
		t.Fatal(err)
	}
	locked := openRing(t, dir)
	rotate(t, locked, "", now.Add(time.Hour))
	filesSignedBy(t, locked, nil)
	filesSignedBy(t, openRing(t, dir), nil)
}

func TestDamagedFileSigner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), Folder)
	office, err := sign.Read(signtest.New(t, nil, nil).PEM(t), "")
	if err != nil {
		t.Fatal(err)
	}
	r := openRing(t, dir)
	rotate(t, r, "", time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	if err := r.SetFileSigner(office); err != nil {
		t.Fatal(err)
	}
	path := r.path(r.signer, fileSignerSuffix)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("PRIVATE")) {
		t.Error("the key lies in the clear")
	}
	data[len(data)/2] ^= 4
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(dir); !errors.Is(err, ErrKeyFile) {
		t.Errorf("%v", err)
	}
}
