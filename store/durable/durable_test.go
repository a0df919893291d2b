package durable

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var errDiskFull = errors.New("no space left on device")

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	put := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	if err := WriteFile(path, put("one")); err != nil {
		t.Fatal(err)
	}
	failing := func(w io.Writer) error { return errors.Join(put("half")(w), errDiskFull) }
	if err := WriteFile(path, failing); !errors.Is(err, errDiskFull) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "one" {
		t.Errorf("got %q, %v, want what was there before", data, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	missing := filepath.Join(dir, "none")
	err := WriteFile(filepath.Join(missing, "out.txt"), put("one"))
	if refused, ok := errors.AsType[*fs.PathError](err); !ok || refused.Path != missing {
		t.Errorf("got %v, want the folder that is missing", err)
	}
}

// watched is a disk that notes its steps, and fails at one.
type watched struct {
	steps []string
	bad   string
}

func (w *watched) step(name string, do func() error) error {
	w.steps = append(w.steps, name)
	if name == w.bad {
		return errDiskFull
	}
	return do()
}

func (w *watched) disk() disk {
	return disk{
		create: func(folder string) (file, error) {
			f, err := system.create(folder)
			return &watchedFile{f, w}, err
		},
		syncFolder: func(path string) error { return w.step("sync folder", func() error { return SyncFolder(path) }) },
	}
}

type watchedFile struct {
	file
	w *watched
}

func (f *watchedFile) Write(p []byte) (n int, err error) {
	err = f.w.step("write", func() (err error) { n, err = f.file.Write(p); return err })
	return n, err
}

func (f *watchedFile) Sync() error { return f.w.step("sync", f.file.Sync) }

func (f *watchedFile) Close() error {
	return errors.Join(f.w.step("close", func() error { return nil }), f.file.Close())
}

// TestStepsOfWriting: what has a name is on the disk, and a step that fails is an error and ends it.
func TestStepsOfWriting(t *testing.T) {
	all := []string{"write", "sync", "close", "settle", "name", "sync folder"}
	for i, bad := range append([]string{""}, all...) {
		path, w := filepath.Join(t.TempDir(), "out.txt"), &watched{bad: bad}
		if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := w.disk().put(path, func(to io.Writer) error { _, err := io.WriteString(to, "after"); return err },
			func() error { return w.step("settle", func() error { return nil }) },
			func(temporary string) error {
				return w.step("name", func() error { return os.Rename(temporary, path) })
			})
		want, text := all, "after"
		if bad != "" {
			want = append(slices.Clone(all[:i]), "close") // it may be open yet
		}
		if bad != "" && bad != "sync folder" {
			text = "before"
		}
		if diff := cmp.Diff(want, w.steps); diff != "" || (err == nil) != (bad == "") || err != nil && !errors.Is(err, errDiskFull) {
			t.Errorf("%q fails: %v, steps (-want +got):\n%s", bad, err, diff)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != text {
			t.Errorf("%q fails: got %q, %v, want %q", bad, data, err, text)
		}
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
			t.Errorf("%q fails: left behind %v, %v", bad, left, err)
		}
	}
}

// TestWriteFresh: another file keeps its name and its bytes, and the same bytes are not written twice.
func TestWriteFresh(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.v1.txt")
	settled := 0
	write := func(text string) string {
		t.Helper()
		at, err := WriteFresh(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err },
			func() error { settled++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(at); err != nil || string(data) != text {
			t.Errorf("%s: got %q, %v, want %q", at, data, err, text)
		}
		return filepath.Base(at)
	}
	var got []string
	for _, text := range []string{"one", "two", "one", "six", "two"} {
		got = append(got, write(text))
	}
	want := []string{"out.v1.txt", "out.v1 (2).txt", "out.v1.txt", "out.v1 (3).txt", "out.v1 (2).txt"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	_, err := WriteFresh(path, func(io.Writer) error { return nil }, func() error { return errDiskFull })
	if !errors.Is(err, errDiskFull) || settled != 5 {
		t.Errorf("got %v after %d, want what settling said", err, settled)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 3 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Whoever names /dev/stdout as the administrator of a machine must not find a file in its place.
func TestNoFileTakesThePlaceOfADevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	socket, err := net.Listen("unix", path)
	if err != nil {
		t.Skip("no sockets in files here")
	}
	t.Cleanup(func() { socket.Close() })
	settled := false
	err = WriteSettled(path, func(io.Writer) error { return nil }, func() error { settled = true; return nil })
	if at, ok := errors.AsType[*fs.PathError](err); !ok || !errors.Is(err, ErrDevice) || at.Path != path || settled {
		t.Errorf("got %v, settled %v", err, settled)
	}
	if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeSocket == 0 {
		t.Errorf("%v, %v", info, err)
	}
}
