package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// bag holds attachments as a pack does.
type bag map[string][]byte

func (b bag) Blob(sha string) ([]byte, error) {
	if data, ok := b[sha]; ok {
		return data, nil
	}
	return nil, review.ErrNotFound
}

func (b bag) Has(sha string) bool { return b[sha] != nil }

func testSeal(files bag) Seal { return Seal{Key: sha256.Sum256([]byte("key")), Files: files} }

func openSealed(t testing.TB, dir string, files bag) *Store {
	t.Helper()
	s, err := OpenSealed(dir, Options{}, testSeal(files))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// carriedCases are cases of a desk as they are carried outside, with their attachments.
func carriedCases(t testing.TB, desk *Store, n int) ([]Carried, bag) {
	t.Helper()
	files := bag{}
	var all []Carried
	for i := range n {
		a := submit(t, desk, i)
		one, err := desk.carried(a.Reference)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range a.Attachments {
			for _, sha := range []string{at.SHA256, at.Prepared} {
				if sha != "" {
					if files[sha], err = desk.Blob(sha); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		all = append(all, one)
	}
	return all, files
}

// takeOut carries cases to a laptop.
func takeOut(t testing.TB, n int) (s *Store, dir string, files bag, cases []Carried) {
	t.Helper()
	desk := newStore(t)
	cases, files = carriedCases(t, desk, n)
	officer, err := desk.Account("zhou.wuhou")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	s = openSealed(t, dir, files)
	term := Term{Pack: "WP-2026-000001", From: clock, Until: clock.AddDate(0, 0, 14)}
	if err := s.TakeIn(term, []review.Account{officer}, each(cases), each[CarriedCertificate](nil)); err != nil {
		t.Fatal(err)
	}
	return s, dir, files, cases
}

func each[T any](all []T) func(func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func approveOutside(t testing.TB, s *Store, reference string, now time.Time) error {
	t.Helper()
	_, err := s.Change("zhou.wuhou", reference, 0, now, approval(s, now))
	return err
}

func TestSealedStoreRemembers(t *testing.T) {
	s, dir, files, cases := takeOut(t, 3)
	first := cases[0].Application.Reference
	if err := approveOutside(t, s, first, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSealed(t, dir, files)
	defer s.Close()
	wantClean(t, s)
	officer, err := s.Account("zhou.wuhou")
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Application(officer, first)
	if err != nil || a.Level != 2 {
		t.Errorf("at level %d after the approval, %v", a.Level, err)
	}
	if b, err := s.Application(officer, cases[1].Application.Reference); err != nil || cmp.Diff(cases[1].Application, b, sameDates) != "" {
		t.Errorf("the second case came back changed: %v %s", err, cmp.Diff(cases[1].Application, b, sameDates))
	}
	sha := a.Attachments[0].SHA256
	if data, err := s.Blob(sha); err != nil || !bytes.Equal(data, files[sha]) {
		t.Errorf("attachment: %v", err)
	}
}

// TestSealedStoreHasNoPlainText looks for what nobody may find on a lost laptop.
func TestSealedStoreHasNoPlainText(t *testing.T) {
	s, dir, _, cases := takeOut(t, 2)
	defer s.Close()
	wantNoPlainText(t, dir, &cases[0].Application)
}

func wantNoPlainText(t testing.TB, dir string, a *review.Application) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{a.Form.Get("name"), a.Form.Get("id_number"), a.Reference} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s shows %q", e.Name(), secret)
			}
		}
	}
}

// TestSealedStoreOfAnOlderFormat: a laptop whose program is replaced while a pack is open goes on with what was decided, and
// nothing of it lies in clear meanwhile or afterwards.
func TestSealedStoreOfAnOlderFormat(t *testing.T) {
	s, dir, files, cases := takeOut(t, 2)
	if err := approveOutside(t, s, cases[0].Application.Reference, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	err := s.db.Update(func(tx *bolt.Tx) error {
		in := (&txn{Tx: tx, s: s}).in(terms)
		for key := range keys(in, []byte{'m'}) { // what format 2 did not have
			if err := in.Delete(slices.Clone(key)); err != nil {
				return err
			}
		}
		return putFormat(tx, 2)
	})
	if err := errors.Join(err, s.journal.commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	looked := false
	s, err = OpenSealed(dir, Options{Progress: func(int, int) {
		looked = true
		wantNoPlainText(t, dir, &cases[0].Application)
	}}, testSeal(files))
	if err != nil {
		t.Fatal(err)
	}
	if !looked {
		t.Error("no progress was told")
	}
	wantFormat(t, s.db, format)
	if err := approveOutside(t, s, cases[1].Application.Reference, clock.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantNoPlainText(t, dir, &cases[0].Application)
	s = openSealed(t, dir, files)
	defer s.Close()
	wantClean(t, s)
	officer, err := s.Account("zhou.wuhou")
	if err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		if a, err := s.Application(officer, cases[i].Application.Reference); err != nil || a.Level != 2 {
			t.Errorf("case %d is at level %d, %v", i, a.Level, err)
		}
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) != 2 {
		t.Errorf("in the folder: %v, %v, want the journal and the lock", names, err)
	}
}

// TestSealedStoreCutAnywhere cuts the journal as a power failure does: what was acknowledged before the cut is there.
func TestSealedStoreCutAnywhere(t *testing.T) {
	s, dir, files, cases := takeOut(t, 2)
	before := s.journal.size
	if err := approveOutside(t, s, cases[0].Application.Reference, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	after := s.journal.size
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, journalName))
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int64{before, before + 3, before + 4, before + 40, after - 1, after} {
		for _, spoil := range []bool{false, true} {
			journal := bytes.Clone(whole[:cut])
			if spoil && cut < after { // the length is there and the bytes are not
				journal = append(journal, make([]byte, after-cut)...)
			}
			again := t.TempDir()
			if err := os.WriteFile(filepath.Join(again, journalName), journal, 0o600); err != nil {
				t.Fatal(err)
			}
			level := 1
			if cut == after {
				level = 2
			}
			wantLevel(t, again, files, cases[0].Application.Reference, level)
		}
	}
}

func wantLevel(t *testing.T, dir string, files bag, reference string, level int) {
	t.Helper()
	s := openSealed(t, dir, files)
	defer s.Close()
	wantClean(t, s)
	officer, err := s.Account("zhou.wuhou")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.Application(officer, reference); err != nil || a.Level != level {
		t.Errorf("level %d, want %d, %v", a.Level, level, err)
	}
}

func TestSealedStoreChangedOnDisk(t *testing.T) {
	s, dir, files, cases := takeOut(t, 1)
	if err := approveOutside(t, s, cases[0].Application.Reference, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, journalName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/3] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSealed(dir, Options{}, testSeal(files)); !errors.Is(err, ErrDamaged) {
		t.Errorf("one bit changed: %v", err)
	}
}

func TestSealedStoreOfAnotherKey(t *testing.T) {
	s, dir, files, _ := takeOut(t, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSealed(dir, Options{}, Seal{Files: files}); !errors.Is(err, ErrDamaged) {
		t.Errorf("another key: %v", err)
	}
}

func TestSealedStoreIsOpenOnce(t *testing.T) {
	s, dir, files, _ := takeOut(t, 1)
	defer s.Close()
	if _, err := OpenSealed(dir, Options{Timeout: time.Millisecond}, testSeal(files)); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
}

// TestSealedStoreOnAFullDisk takes nothing more once a change could not be written, and shows afterwards what it acknowledged.
func TestSealedStoreOnAFullDisk(t *testing.T) {
	s, dir, files, cases := takeOut(t, 2)
	file := s.journal.file
	spoiled, err := os.Open(filepath.Join(dir, journalName)) // cannot be written
	if err != nil {
		t.Fatal(err)
	}
	s.journal.file = spoiled
	for _, c := range cases {
		if err := approveOutside(t, s, c.Application.Reference, clock.Add(time.Hour)); !errors.Is(err, ErrSealed) {
			t.Errorf("approved without a journal: %v", err)
		}
	}
	if err := errors.Join(s.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	wantLevel(t, dir, files, cases[0].Application.Reference, 1)
}

// TestSealedStoreThatIsNotSynced: what did not reach the disk is not acknowledged, and nothing is done after it.
func TestSealedStoreThatIsNotSynced(t *testing.T) {
	s, dir, files, cases := takeOut(t, 2)
	nowhere, err := os.OpenFile(os.DevNull, os.O_RDWR, 0) // takes everything, and syncs nothing
	if err != nil {
		t.Fatal(err)
	}
	if nowhere.Sync() == nil {
		t.Skip("this system says that it syncs what it throws away")
	}
	file := s.journal.file
	s.journal.file = nowhere
	for _, c := range cases {
		if err := approveOutside(t, s, c.Application.Reference, clock.Add(time.Hour)); !errors.Is(err, ErrSealed) {
			t.Errorf("approved without a journal: %v", err)
		}
	}
	officer, err := s.Account("zhou.wuhou")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.Application(officer, cases[1].Application.Reference); err != nil || a.Level != 1 {
		t.Errorf("changed after the journal had failed: level %d, %v", a.Level, err)
	}
	if err := errors.Join(s.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	wantLevel(t, dir, files, cases[0].Application.Reference, 1)
}

func TestSealedStoreCompacts(t *testing.T) {
	s, dir, files, cases := takeOut(t, 1)
	for i := range 60 {
		long := strings.Repeat(string(rune('a'+i%26)), 60_000)
		if err := s.SaveDesk("zhou.wuhou", review.DeskState{Reference: long}, nil); err != nil {
			t.Fatal(err)
		}
	}
	large := s.journal.size
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSealed(t, dir, files)
	if s.journal.size >= large/2 {
		t.Errorf("the journal has %d bytes of %d", s.journal.size, large)
	}
	if err := approveOutside(t, s, cases[0].Application.Reference, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantLevel(t, dir, files, cases[0].Application.Reference, 2)
}

func TestOutsideTerm(t *testing.T) {
	s, _, _, cases := takeOut(t, 1)
	defer s.Close()
	reference := cases[0].Application.Reference
	for code, now := range map[string]time.Time{
		"pack_clock": time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), "pack_expired": time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		var rule *review.RuleError
		if err := approveOutside(t, s, reference, now); !errors.As(err, &rule) || rule.Code != code {
			t.Errorf("at %s: %v, want %s", now, err, code)
		}
	}
	if err := approveOutside(t, s, reference, clock.AddDate(0, 0, 14)); err != nil {
		t.Errorf("at the last moment: %v", err)
	}
}

func TestWipe(t *testing.T) {
	s, dir, _, _ := takeOut(t, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(t.TempDir(), "kept") // as somebody sees it who searches the disk
	linked := os.Link(filepath.Join(dir, journalName), kept) == nil
	if err := Wipe(dir); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(kept); linked && (err != nil || len(data) == 0 || len(bytes.Trim(data, "\x00")) > 0) {
		t.Errorf("the journal was removed and not overwritten: %d bytes, %v", len(data), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
