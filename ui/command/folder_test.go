package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/store"
	"rongzheng/ui"
)

// line runs the command line on the folder and returns what it complains of.
func line(t *testing.T, dir string, args ...string) (status int, complaint string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Run(context.Background(), append(args, "--data", dir), strings.NewReader(""), &stdout, &stderr)
	return status, stderr.String()
}

// peopled makes a data folder with two accounts, one of them disabled, and the desk's own not set.
func peopled(t *testing.T) string {
	t.Helper()
	t.Setenv("RONGZHENG_AS", "")
	t.Setenv("RONGZHENG_LANG", "zh")
	dir := filepath.Join(t.TempDir(), "da ta")
	for _, args := range [][]string{
		{"account", "add", "guanli", "--role", "administrator"}, {"account", "add", "zhou", "--role", "auditor", "--as", "guanli"},
		{"account", "add", "gone", "--role", "auditor", "--as", "guanli"}, {"account", "disable", "gone", "--as", "guanli"},
	} {
		if status, said := line(t, dir, args...); status != exitDone {
			t.Fatalf("%q: %s", args, said)
		}
	}
	return dir
}

// TestWhoAmI: nobody named, and somebody who does not exist, are told whom they could name.
func TestWhoAmI(t *testing.T) {
	dir := peopled(t)
	_, said := line(t, dir, "list")
	for _, want := range []string{"--as", "guanli（管理员）、zhou（审计员）"} {
		if !strings.Contains(said, want) || strings.Contains(said, "gone") {
			t.Errorf("without --as: %q, want %q and no disabled account", said, want)
		}
	}
	if _, said = line(t, dir, "list", "--as", "nobody"); !strings.Contains(said, "没有账号“nobody”；可用：guanli") {
		t.Errorf("unknown --as: %q, want the name and who there is", said)
	}
}

// TestLaptopHasNoRegisterOfItsOwn: an officer who opens the desk as at the office is told of the pack, and no register is
// begun beside it.
func TestLaptopHasNoRegisterOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "packs", "WP-2026-000001.zhou")
	if err := os.MkdirAll(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, "taken.pack"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{data: dir, words: ui.NewWords("zh"), stderr: io.Discard, now: time.Now}
	err := p.openDesk()
	if !errors.Is(err, store.ErrNoData) {
		t.Fatalf("got %v, want no register", err)
	}
	if got := p.explain(err); !strings.Contains(got, "WP-2026-000001") || !strings.Contains(got, "rongzheng pack open") {
		t.Errorf("%q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "rongzheng.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a register was begun: %v", err)
	}
	if _, got := line(t, dir, "list", "--as", "zhou"); !strings.Contains(got, "rongzheng pack open") {
		t.Errorf("a command: %q", got)
	}
}

// TestSentencesNameTheFolder: whatever is the matter with a data folder, the sentence says which one and what to do.
func TestSentencesNameTheFolder(t *testing.T) {
	dir := peopled(t)
	missing := filepath.Join(t.TempDir(), "none")
	said := func(err error) string { return (&program{data: dir, words: ui.NewWords("zh")}).explain(err) }
	if _, got := line(t, missing, "list", "--as", "guanli"); !strings.Contains(got, missing+" 中没有登记册，也没有新建") {
		t.Errorf("no data: %q", got)
	}
	if got, want := said(store.ErrDamaged), "rongzheng check --data '"+dir+"'"; !strings.Contains(got, want) {
		t.Errorf("a damaged record: %q, want %q", got, want)
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Blob(strings.Repeat("ab", 32))
	if got := said(err); !strings.Contains(got, "缺少一份材料的文件") || !strings.Contains(got, "check") || !strings.Contains(got, dir) {
		t.Errorf("a missing attachment: %q", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, got := line(t, dir, "serve", "--listen", "127.0.0.1:0", "--as", "guanli"); !strings.Contains(got, "chmod -R go= '"+dir+"'") {
		t.Errorf("an open folder: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "rongzheng.db"), bytes.Repeat([]byte("not ours"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list", "--as", "guanli"}, {"check", "--as", "guanli"}} {
		_, got := line(t, dir, args...)
		if !strings.Contains(got, dir+" 打不开") || !strings.Contains(got, "restore") || strings.Contains(got, "rongzheng check") {
			t.Errorf("%q on a damaged file: %q, want the folder and the way back, and no check", args, got)
		}
	}
}

// TestNamedAccountMakesNoFolder: a desk for an account that is named never begins a register.
func TestNamedAccountMakesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	p := &program{ctx: context.Background(), data: dir, as: "guanli", words: ui.NewWords("zh"), stderr: &bytes.Buffer{}}
	err := p.openDesk()
	if got := p.explain(err); !strings.Contains(got, "也没有新建") {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}
