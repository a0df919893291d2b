package store

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// format1 unpacks a data folder that a program of format 1 wrote: 18 applications of made-up people in all states, eight
// certificates, a draft, a saved view, a look at a file.
func format1(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	z, err := zip.OpenReader("testdata/format1.zip")
	if err == nil {
		err = errors.Join(os.CopyFS(dir, z), z.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFormat1IsBroughtUpToDate: every record is there as it was, the new trees are filled, and the check finds nothing.
func TestFormat1IsBroughtUpToDate(t *testing.T) {
	dir := format1(t)
	if _, err := Open(dir, Options{ReadOnly: true}); !errors.Is(err, errFormat) {
		t.Errorf("for reading only: got %v, want errFormat", err)
	}
	before := recordsOf(t, dir)
	calls := 0
	s := openStore(t, dir, Options{Progress: func(done, total int) { calls++ }})
	if calls == 0 {
		t.Error("no progress was told")
	}
	wantFormat(t, s.db, format)
	counts, err := s.Counts(actor(t, s, "li.admin"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[QueueName]int{All: 18, Approved: 7, Certificates: 8, Held: 2, Rejected: 4, Waiting: 3, Withdrawn: 2, Pending: 0}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	reference := "SQ202611160090"
	if seen, err := s.Seen(actor(t, s, "zhou.wuhou"), reference); err != nil || len(seen) != 1 {
		t.Errorf("seen %v, %v, want one file", seen, err)
	}
	if d, err := s.Draft("zhou.wuhou", reference); err != nil || d.Note != "问单位" {
		t.Errorf("draft %+v, %v", d, err)
	}
	if p, err := s.Preferences("zhou.wuhou"); err != nil || len(p.Views) != 1 {
		t.Errorf("preferences %+v, %v", p, err)
	}
	change(t, s, "zhou.wuhou", reference, approval(s, clock.AddDate(0, 1, 0)))
	wantClean(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	after := recordsOf(t, dir)
	for bucket, records := range before {
		for key, value := range records {
			if bucket != applications.String() && bucket != events.String() && after[bucket][key] != value {
				t.Errorf("%s %x is not what it was", bucket, key)
			}
			if _, there := after[bucket][key]; !there && bucket != draftsName {
				t.Errorf("%s %x is gone", bucket, key)
			}
		}
	}
	if len(after[events.String()]) != len(before[events.String()])+1 {
		t.Errorf("%d events after %d and one more", len(after[events.String()]), len(before[events.String()]))
	}
}

// recordsOf reads every bucket that is not derived, and sequences with them.
func recordsOf(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	db, err := bolt.Open(filepath.Join(dir, fileName), fileMode, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			at := slices.Index(treeNames[:], string(name))
			if at >= 0 && tree(at).derived() || tree(at) == meta || string(name) == draftsName {
				return nil
			}
			all[string(name)] = map[string]string{}
			return b.ForEach(func(key, value []byte) error {
				if at == int(applications) || at == int(certificates) {
					_, body, err := split(value)
					all[string(name)][string(key)] = string(body)
					return err
				}
				all[string(name)][string(key)] = string(value)
				return nil
			})
		})
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return all
}

func wantFormat(t *testing.T, db *bolt.DB, want int) {
	t.Helper()
	err := db.View(func(tx *bolt.Tx) error {
		got, err := formatOf(tx)
		if got != want {
			t.Errorf("format %d, want %d", got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestKilledUpgradeLeavesTheOldFile: the process ends with the new file half made; the next start does it again.
func TestKilledUpgradeLeavesTheOldFile(t *testing.T) {
	dir := format1(t)
	cmd, lines := child(t, dir, "upgrade")
	for lines.Scan() {
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, buildName)); err != nil {
		t.Fatalf("the new file was not under way: %v", err)
	}
	db, err := bolt.Open(filepath.Join(dir, fileName), fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantFormat(t, db, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{})
	wantFormat(t, s.db, format)
	if _, err := os.Stat(filepath.Join(dir, buildName)); err == nil {
		t.Error("the half-made file is still there")
	}
}

// TestStepsOfAnUpgrade: each runs once and in order; one that fails or is missing leaves the file as it was.
func TestStepsOfAnUpgrade(t *testing.T) {
	dir := format1(t)
	db, err := openFile(filepath.Join(dir, fileName), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{dir: dir, policy: review.DefaultPolicy(), db: db, create: createFile, settle: durable.SyncFolder}
	var did []int
	step := func(n int, err error) migration {
		return migration{finish: func(t *txn) error { did = append(did, n); return err }}
	}
	full := errors.New("disk full")
	if err := s.upgrade(map[int]migration{1: step(1, full), 2: {}}); !errors.Is(err, full) {
		t.Errorf("got %v, want the step's error", err)
	}
	if err := s.upgrade(map[int]migration{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a step that is missing: got %v, want ErrDamaged", err)
	}
	wantFormat(t, s.db, 1)
	if list, err := steps(map[int]migration{1: step(1, nil), 2: step(2, nil)}, 1, 3); err != nil || len(list) != 2 {
		t.Errorf("%d steps, %v, want 2", len(list), err)
	}
	if err := s.upgrade(map[int]migration{1: step(2, nil), 2: {}}); err != nil {
		t.Fatal(err)
	}
	wantFormat(t, s.db, format)
	if fmt.Sprint(did) != "[1 2]" {
		t.Errorf("ran %v, want 1 and 2", did)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRebuildKeepsEveryBucket: what other parts keep beside the trees comes along by itself.
func TestRebuildKeepsEveryBucket(t *testing.T) {
	s := newStore(t)
	err := s.update(func(t *txn) error {
		b, err := t.CreateBucket([]byte("beside"))
		if err != nil {
			return err
		}
		return errors.Join(b.Put([]byte("key"), []byte("value")), b.SetSequence(41))
	})
	if err == nil {
		err = s.Repair("li.admin", clock, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	err = s.view(func(tx *txn) error {
		b := tx.Bucket([]byte("beside"))
		if b == nil || string(b.Get([]byte("key"))) != "value" || b.Sequence() != 41 {
			t.Error("the bucket did not come along")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
