package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
)

var clock = time.Date(2026, time.November, 16, 12, 0, 0, 0, review.Zone)

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// filled makes a folder with n rejected applications, each with an attachment that is a file, and keys beside them.
func filled(t *testing.T, n int) *store.Store {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := store.Open(dir, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.AddAccount("", review.Account{Name: "li.admin", Role: review.Administrator}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.AddAccount("li.admin", review.Account{Name: "ma.clerk", Role: review.Clerk}, clock); err != nil {
		t.Fatal(err)
	}
	records := func(yield func(store.Record, error) bool) {
		for i := range n {
			data := bytes.Repeat(fmt.Appendf(nil, "scan %d ", i), 300)
			a := review.Application{
				Reference: fmt.Sprintf("SQ%04d", i), Version: 1, Revision: 1, Kind: review.First, State: review.Rejected, Level: 1, Levels: 3,
				Area: "510107", SubmittedAt: clock, EnteredBy: "li.admin", Form: review.Form{"name": {"王芳"}}, ChangedAt: clock,
				Attachments: []review.Attachment{{Slot: "credential_scan", File: "a.jpg", SHA256: hash(data), Size: int64(len(data)), Type: review.TypeJPEG}},
			}
			if !yield(store.Record{Application: a, Files: map[string][]byte{hash(data): data}}, nil) {
				return
			}
		}
	}
	if err := s.Load("li.admin", records, clock, nil); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"host_ed25519": "key", "keys/seal.png": "seal", "serve.json": "{}", ".left": "x", "inbox/p/x.zip": "x", "outgoing/WP.pack": "x"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func write(t *testing.T, s *store.Store, o Options) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := Write(t.Context(), s, "li.admin", &file, clock, o, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func restore(t *testing.T, file []byte, dir string, o RestoreOptions) (Restored, error) {
	t.Helper()
	o.Account, o.Now = "li.admin", clock
	return Restore(t.Context(), bytes.NewReader(file), dir, o)
}

// tree lists the files below a folder with what they hold.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func TestRestoreGivesBackWhatWasBackedUp(t *testing.T) {
	s := filled(t, 5)
	file := write(t, s, Options{})
	dir := filepath.Join(t.TempDir(), "back")
	done, err := restore(t, file, dir, RestoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if done.Attachments != 5 || done.By != "li.admin" || !done.At.Equal(clock) || done.Kept != "" {
		t.Errorf("got %+v", done)
	}
	want, got := tree(t, s.Dir()), tree(t, dir)
	for _, name := range []string{"serve.json", ".left", "inbox/p/x.zip", "outgoing/WP.pack", "rongzheng.db"} {
		delete(want, name)
	}
	delete(got, "rongzheng.db")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	info, err := os.Stat(filepath.Join(dir, "host_ed25519"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("host key: %v, %v", info.Mode(), err)
	}
	back, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	by, err := back.Account("li.admin")
	if err != nil {
		t.Fatal(err)
	}
	a, err := back.Application(by, "SQ0003")
	if err != nil || a.Form.Get("name") != "王芳" {
		t.Errorf("got %v, %v", a.Form, err)
	}
	events, err := back.Events(by, 0, -1)
	if err != nil || events[len(events)-1].Action != review.Restored {
		t.Errorf("the restore is not in the log: %v, %v", events[len(events)-1], err)
	}
}

func TestBackupIsRecorded(t *testing.T) {
	s := filled(t, 1)
	if last, err := s.LastBackup(); err != nil || !last.At.IsZero() {
		t.Fatalf("before: %v, %v", last, err)
	}
	write(t, s, Options{})
	if err := s.Repair("li.admin", clock, nil); err != nil { // a rebuilt file still knows
		t.Fatal(err)
	}
	if last, err := s.LastBackup(); err != nil || !last.At.Equal(clock) || last.By != "li.admin" {
		t.Errorf("got %v, %v", last, err)
	}
	unsettled := errors.New("not settled")
	_, err := Write(t.Context(), s, "li.admin", io.Discard, clock.Add(time.Hour), Options{}, func() error { return unsettled })
	if last, _ := s.LastBackup(); !errors.Is(err, unsettled) || !last.At.Equal(clock) {
		t.Errorf("one that failed is recorded: %v, %v", err, last)
	}
	if _, err := Write(t.Context(), s, "ma.clerk", io.Discard, clock, Options{}, func() error { return nil }); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a clerk backs up: got %v, want ErrDenied", err)
	}
}

// TestChangesGoOnMeanwhile: what is written while a backup is under way does not get into it, and does not wait for it.
func TestChangesGoOnMeanwhile(t *testing.T) {
	s := filled(t, 3)
	var file bytes.Buffer
	changed := false
	meanwhile := writerFunc(func(p []byte) (int, error) {
		if !changed && file.Len() > 4096 {
			changed = true
			if err := s.AddAccount("li.admin", review.Account{Name: "late", Role: review.Auditor}, clock); err != nil {
				t.Error(err)
			}
		}
		return file.Write(p)
	})
	if _, err := Write(t.Context(), s, "li.admin", meanwhile, clock, Options{}, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "back")
	if _, err := restore(t, file.Bytes(), dir, RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	back, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if _, err := back.Account("late"); !changed || !errors.Is(err, review.ErrNotFound) {
		t.Errorf("changed %v; the later account: %v, want ErrNotFound", changed, err)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestIncrementalNeedsItsBase(t *testing.T) {
	s := filled(t, 4)
	full := write(t, s, Options{})
	for name := range s.BlobNames() { // all but one came long ago
		path := filepath.Join(s.Dir(), "blobs", name[:2], name)
		if err := os.Chtimes(path, clock, clock); err != nil {
			t.Fatal(err)
		}
	}
	var since bytes.Buffer
	summary, err := Write(t.Context(), s, "li.admin", &since, clock, Options{Since: clock}, func() error { return nil })
	if err != nil || summary.Attachments != 4 {
		t.Errorf("since the very moment: %d attachments, %v", summary.Attachments, err)
	}
	part := write(t, s, Options{Since: clock.Add(time.Hour)})
	if len(part) >= len(full) {
		t.Errorf("the part has %d bytes, the whole %d", len(part), len(full))
	}
	dir := filepath.Join(t.TempDir(), "back")
	_, err = restore(t, part, dir, RestoreOptions{})
	if unsound, ok := errors.AsType[*UnsoundError](err); !ok || unsound.Findings[0].Kind != store.Attachment {
		t.Errorf("without its base: got %v, want UnsoundError", err)
	}
	if left := tree(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := restore(t, part, dir, RestoreOptions{Bases: []io.Reader{bytes.NewReader(full)}}); err != nil {
		t.Errorf("with its base: %v", err)
	}
	cut := bytes.NewReader(full[:len(full)-2048])
	if _, err := restore(t, part, filepath.Join(t.TempDir(), "x"), RestoreOptions{Bases: []io.Reader{cut}}); !errors.Is(err, ErrIncomplete) {
		t.Errorf("with half of its base: got %v, want ErrIncomplete", err)
	}
}

// TestHostileBackups: whatever the file is, a restore refuses it with its reason and leaves nothing.
func TestHostileBackups(t *testing.T) {
	s := filled(t, 3)
	file := write(t, s, Options{})
	flip := func(at int) []byte {
		b := bytes.Clone(file)
		b[at] ^= 1
		return b
	}
	blob := bytes.Index(file, []byte("scan 1 scan 1"))
	tests := map[string]struct {
		file []byte
		want error
	}{
		"nothing":            {nil, ErrNotBackup},
		"a text":             {[]byte(strings.Repeat("hello ", 500)), ErrNotBackup},
		"another tar":        {tarOf("readme", "hello"), ErrNotBackup},
		"another document":   {tarOf(headerName, `{"format":"other/1"}`), ErrNotBackup},
		"newer":              {tarOf(headerName, `{"format":"rongzheng-backup/2"}`), ErrNewer},
		"header alone":       {tarOf(headerName, `{"format":"rongzheng-backup/1"}`), ErrIncomplete},
		"no database":        {tarOf(headerName, `{"format":"rongzheng-backup/1"}`, completeName, `{}`), ErrAltered},
		"cut in database":    {file[:10_000], ErrIncomplete},
		"cut between":        {file[:blob-512-blob%512], ErrIncomplete},
		"without its end":    {file[:bytes.Index(file, []byte(`{"files"`))], ErrIncomplete},
		"a bit of database":  {flip(20_000), ErrAltered},
		"a bit of a blob":    {flip(blob), ErrAltered},
		"a bit of a key":     {flip(bytes.Index(file, []byte("files/host_ed25519\x00")) + 512), ErrAltered},
		"leaving the folder": {tarOf(headerName, `{"format":"rongzheng-backup/1"}`, "files/../../x", "x"), ErrAltered},
		"into the database":  {tarOf(headerName, `{"format":"rongzheng-backup/1"}`, "files/rongzheng.db", "x"), ErrAltered},
		"twice":              {tarOf(headerName, `{"format":"rongzheng-backup/1"}`, "files/a", "x", "files/a", "y"), ErrAltered},
		"an attachment less": {retarred(t, file, func(name string) int { return oneUnless(strings.HasPrefix(name, blobsFolder)) }), ErrAltered},
		"an attachment more": {retarred(t, file, func(name string) int { return 2 - oneUnless(strings.HasPrefix(name, blobsFolder)) }), ErrAltered},
		"two ends":           {tarOf(headerName, `{"format":"rongzheng-backup/1"}`, completeName, `{}`, completeName, `{}`), ErrAltered},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			_, err := restore(t, tt.file, filepath.Join(parent, "back"), RestoreOptions{})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if left, _ := os.ReadDir(parent); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// retarred writes each entry of the tar file as often as times says.
func retarred(t *testing.T, file []byte, times func(name string) int) []byte {
	t.Helper()
	var pairs []string
	for in := tar.NewReader(bytes.NewReader(file)); ; {
		entry, err := in.Next()
		if errors.Is(err, io.EOF) {
			return tarOf(pairs...)
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		for range times(entry.Name) {
			pairs = append(pairs, entry.Name, string(data))
		}
	}
}

func oneUnless(is bool) int {
	if is {
		return 0
	}
	return 1
}

func tarOf(pairs ...string) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for pair := range slices.Chunk(pairs, 2) {
		w.WriteHeader(&tar.Header{Name: pair[0], Size: int64(len(pair[1])), Mode: 0o600, Typeflag: tar.TypeReg})
		io.WriteString(w, pair[1])
	}
	w.Close()
	return out.Bytes()
}

func TestRestoreSparesAFolderInUse(t *testing.T) {
	file := write(t, filled(t, 2), Options{})
	other := filled(t, 1)
	before := tree(t, other.Dir())
	if _, err := restore(t, file, other.Dir(), RestoreOptions{}); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if _, err := restore(t, file, other.Dir(), RestoreOptions{Replace: true}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("open: got %v, want ErrLocked", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, file[:20_000], other.Dir(), RestoreOptions{Replace: true}); !errors.Is(err, ErrIncomplete) {
		t.Errorf("got %v, want ErrIncomplete", err)
	}
	if diff := cmp.Diff(before, tree(t, other.Dir())); diff != "" {
		t.Errorf("refused, and yet changed (-want +got):\n%s", diff)
	}
	done, err := restore(t, file, other.Dir(), RestoreOptions{Replace: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, tree(t, done.Kept)); diff != "" {
		t.Errorf("what was replaced is not kept (-want +got):\n%s", diff)
	}
	if _, err := store.Open(other.Dir(), store.Options{ReadOnly: true}); err != nil {
		t.Error(err)
	}
}

// TestRestoreNeedsAnAdministrator: of the data in the backup.
func TestRestoreNeedsAnAdministrator(t *testing.T) {
	file := write(t, filled(t, 1), Options{})
	for account, want := range map[string]error{"ma.clerk": review.ErrDenied, "nobody": review.ErrNotFound, "": review.ErrNotFound} {
		dir := filepath.Join(t.TempDir(), "back")
		_, err := Restore(t.Context(), bytes.NewReader(file), dir, RestoreOptions{Account: account, Now: clock})
		if !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", account, err, want)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: the folder was made", account)
		}
	}
}

// fullDisk is a file on a disk without room.
type fullDisk struct {
	store.SyncedFile
	room *int
}

func (f fullDisk) Write(p []byte) (int, error) {
	if *f.room -= len(p); *f.room < 0 {
		return 0, syscall.ENOSPC
	}
	return f.SyncedFile.Write(p)
}

type badSync struct{ store.SyncedFile }

func (badSync) Sync() error { return syscall.EIO }

func TestRestoreOnABadDiskLeavesNothing(t *testing.T) {
	file := write(t, filled(t, 3), Options{})
	spoiled := map[string]struct {
		spoil func(f store.SyncedFile, path string) store.SyncedFile
		want  error
	}{
		"full at once": {func(f store.SyncedFile, _ string) store.SyncedFile { return fullDisk{f, new(int)} }, syscall.ENOSPC},
		"full for attachments": {func(f store.SyncedFile, path string) store.SyncedFile {
			if strings.Contains(path, "part") {
				return fullDisk{f, new(int)}
			}
			return f
		}, syscall.ENOSPC},
		"sync": {func(f store.SyncedFile, _ string) store.SyncedFile { return badSync{f} }, syscall.EIO},
		"sync of the database": {func(f store.SyncedFile, path string) store.SyncedFile {
			if filepath.Base(path) == databaseName {
				return badSync{f}
			}
			return f
		}, syscall.EIO},
	}
	for name, tt := range spoiled {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			_, err := restore(t, file, filepath.Join(parent, "back"), RestoreOptions{create: func(path string) (store.SyncedFile, error) {
				f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
				return tt.spoil(f, path), err
			}})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if left, _ := os.ReadDir(parent); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestDamagedAttachmentsAreNamedAndMissing(t *testing.T) {
	s := filled(t, 3)
	var spoiled string
	for name := range s.BlobNames() {
		spoiled = name
	}
	if err := os.WriteFile(filepath.Join(s.Dir(), "blobs", spoiled[:2], spoiled), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	summary, err := Write(t.Context(), s, "li.admin", &file, clock, Options{}, func() error { return nil })
	if err != nil || !slices.Equal(summary.Damaged, []string{spoiled}) || summary.Attachments != 2 {
		t.Fatalf("got %+v, %v", summary, err)
	}
	done, err := restore(t, file.Bytes(), filepath.Join(t.TempDir(), "back"), RestoreOptions{})
	if err != nil || !slices.Equal(done.Damaged, []string{spoiled}) {
		t.Errorf("got %+v, %v", done, err)
	}
}

// TestMovesAreUndone: a rename that fails leaves the folder as it was.
func TestMovesAreUndone(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(at(name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := moves{{at("a"), at("x")}, {at("b"), at("a")}, {at("missing"), at("y")}}
	if err := m.do(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if diff := cmp.Diff(map[string]string{"a": "a", "b": "b"}, tree(t, dir)); diff != "" {
		t.Errorf("not undone (-want +got):\n%s", diff)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(tarOf(headerName, `{"format":"rongzheng-backup/1"}`, "rongzheng.db", "x", "blobs/ab/"+strings.Repeat("ab", 32), "y", completeName, `{"files":{}}`))
	f.Add(tarOf(headerName, `{"format":"rongzheng-backup/1"}`, "files/keys/a", "x", completeName, `{"files":null,"attachments":-1}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		stage := filepath.Join(t.TempDir(), "a", "stage")
		if err := os.MkdirAll(stage, 0o700); err != nil {
			t.Fatal(err)
		}
		unpack(t.Context(), bytes.NewReader(file), stage, RestoreOptions{})
		for _, above := range []string{filepath.Dir(stage), filepath.Dir(filepath.Dir(stage))} {
			if list, _ := os.ReadDir(above); len(list) != 1 {
				t.Errorf("something left the folder: %v", list)
			}
		}
	})
}
