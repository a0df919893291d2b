//go:build unix

package exchange

import (
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// TestHostilePipe: a pipe in the folder is refused and never opened, which would wait for ever.
func TestHostilePipe(t *testing.T) {
	dir := first(t, "SQ1").folder(t, t.TempDir(), "SQ1")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.jpg"), 0o600); err != nil {
		t.Skip("no pipes here")
	}
	_, err := Read(only(t, dir), policy())
	if !slices.Contains(codesOf(err), "file_special") {
		t.Errorf("got %v, want file_special", err)
	}
}
