package durable

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
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
