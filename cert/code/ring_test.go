package code

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func openRing(t *testing.T, dir string) *Ring {
	t.Helper()
	r, err := OpenRing(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rotate(t *testing.T, r *Ring, passphrase string, now time.Time) {
	t.Helper()
	if err := r.Rotate(passphrase, now); err != nil {
		t.Fatal(err)
	}
}

func TestRingKeepsOldKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), Folder)
	r := openRing(t, dir)
	if _, err := r.Signer(); !errors.Is(err, ErrNoKey) {
		t.Fatalf("an empty ring signs: %v", err)
	}
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	rotate(t, r, "", now)
	c, v := madeUp()
	first, err := r.Code(c, v)
	if err != nil {
		t.Fatal(err)
	}
	rotate(t, r, "", now) // even at the same moment
	second, err := openRing(t, dir).Code(c, v)
	if err != nil || second.Key == first.Key {
		t.Fatalf("after the rotation: %v, %v", second.Key, err)
	}
	again := openRing(t, dir)
	for _, text := range []string{first.Text, second.Text} {
		if _, _, err := again.Keys().Verify(text); err != nil {
			t.Error(err)
		}
	}
	if list := again.List(); len(list) != 2 || list[0].ID != first.Key || list[0].Current || !list[1].Current {
		t.Errorf("%+v", list)
	}
	private, err := filepath.Glob(filepath.Join(dir, "*"+privateSuffix))
	if err != nil || len(private) != 1 {
		t.Errorf("private parts: %v, %v", private, err)
	}
}

// TestTheNewestKeySigns: also where several are made within one second, and after the ring was read again.
func TestTheNewestKeySigns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), Folder)
	r := openRing(t, dir)
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for i := range 12 {
		rotate(t, r, "", now.Add(time.Duration(i)*20*time.Millisecond))
		newest, err := r.Signer()
		if err != nil {
			t.Fatal(err)
		}
		again, err := openRing(t, dir).Signer()
		if err != nil || again.ID() != newest.ID() {
			t.Fatalf("key %d does not sign once the ring is read again: %v", i, err)
		}
		if list := r.List(); len(list) != i+1 || list[i].ID != newest.ID() || !list[i].Current {
			t.Fatalf("key %d is not the last of the list", i)
		}
	}
}

func TestRingIsClosedToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	dir := filepath.Join(t.TempDir(), Folder)
	rotate(t, openRing(t, dir), "", time.Now())
	private, err := filepath.Glob(filepath.Join(dir, "*"+privateSuffix))
	if err != nil || len(private) != 1 {
		t.Fatal(private, err)
	}
	for range 2 {
		info, err := os.Stat(private[0])
		if err != nil || info.Mode().Perm() != privateMode {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if err := os.Chmod(private[0], 0o644); err != nil {
			t.Fatal(err)
		}
		openRing(t, dir)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != folderMode {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
}

// withLightWork lets passphrases of the test take no second each. The scripts of the program work as it does.
func withLightWork(t *testing.T) {
	t.Helper()
	before := workFactor
	t.Cleanup(func() { workFactor = before })
	workFactor = 10
}

func TestRingUnderAPassphrase(t *testing.T) {
	withLightWork(t)
	dir := filepath.Join(t.TempDir(), Folder)
	rotate(t, openRing(t, dir), "correct horse", time.Now())
	r := openRing(t, dir)
	c, v := madeUp()
	if _, err := r.Code(c, v); !errors.Is(err, ErrLocked) {
		t.Fatalf("signed without the passphrase: %v", err)
	}
	if err := r.Unlock("wrong"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("another passphrase: %v", err)
	}
	if err := r.Unlock("correct horse"); err != nil {
		t.Fatal(err)
	}
	made, err := r.Code(c, v)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, made.Key+privateSuffix))
	if err != nil || strings.Contains(string(data), pemPrivate) {
		t.Errorf("the file holds the key in the clear: %v", err)
	}
	for _, passphrase := range []string{"", "battery", ""} {
		if err := r.Protect(passphrase); err != nil {
			t.Fatal(err)
		}
		for _, ring := range []*Ring{r, openRing(t, dir)} {
			if list := ring.List(); list[0].Encrypted != (passphrase != "") || !list[0].Current {
				t.Errorf("under %q: %+v", passphrase, list[0])
			}
		}
	}
	if again, err := openRing(t, dir).Code(c, v); err != nil || again != made {
		t.Errorf("in the clear again: %v", err)
	}
}

func TestRingRefusesDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), Folder)
	rotate(t, openRing(t, dir), "", time.Now())
	all, err := filepath.Glob(filepath.Join(dir, "*.pem"))
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, path := range all {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{nil, whole[:len(whole)/2], []byte("x")} {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenRing(dir); !errors.Is(err, ErrKeyFile) {
				t.Errorf("%d bytes of %s: %v", len(data), filepath.Ext(path), err)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRingWithThePrivatePartOfAnother: a key file under the name of another key signs nothing.
func TestRingWithThePrivatePartOfAnother(t *testing.T) {
	own, other := filepath.Join(t.TempDir(), Folder), filepath.Join(t.TempDir(), Folder)
	var paths [2]string
	for i, dir := range []string{own, other} {
		rotate(t, openRing(t, dir), "", time.Now())
		private, err := filepath.Glob(filepath.Join(dir, "*"+privateSuffix))
		if err != nil || len(private) != 1 {
			t.Fatal(private, err)
		}
		paths[i] = private[0]
	}
	if err := os.Rename(paths[1], paths[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(own); !errors.Is(err, ErrKeyFile) {
		t.Errorf("got %v, want ErrKeyFile", err)
	}
}

// TestNothingFollowsACode: bytes behind the signed ones are no part of it, so they are not let through with it.
func TestNothingFollowsACode(t *testing.T) {
	k, err := NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	c, v := madeUp()
	made, err := k.Code(c, v)
	if err != nil {
		t.Fatal(err)
	}
	message, err := decode45(made.Text[len(Prefix):])
	if err != nil {
		t.Fatal(err)
	}
	keys := Keys{&k.Public}
	if _, _, err := keys.Verify(Prefix + encode45(message)); err != nil {
		t.Errorf("the code itself: %v", err)
	}
	for _, more := range []string{"x", "\x00", string(message)} {
		if _, _, err := keys.Verify(Prefix + encode45(append(slices.Clone(message), more...))); !errors.Is(err, ErrDamaged) {
			t.Errorf("with %d bytes behind it: got %v, want ErrDamaged", len(more), err)
		}
	}
}

// TestRingThatCannotWrite leaves the ring as it was.
func TestRingThatCannotWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), Folder)
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &Ring{dir: dir}
	if err := r.Rotate("", time.Now()); err == nil {
		t.Error("a key was made where no folder can be")
	}
	if _, err := r.Signer(); !errors.Is(err, ErrNoKey) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkCode(b *testing.B) {
	k, err := NewPrivate()
	if err != nil {
		b.Fatal(err)
	}
	c, v := madeUp()
	for b.Loop() {
		if _, err := k.Code(c, v); err != nil {
			b.Fatal(err)
		}
	}
}
