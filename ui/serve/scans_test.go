package serve_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/serve"
)

// Clerks of the tests.
const clerk, otherClerk = "chuangkou", "chuangkou2"

// withClerks is a register in which two clerks work.
func withClerks(t *testing.T) *store.Store {
	t.Helper()
	s := newRegister(t, 0)
	for _, name := range []string{clerk, otherClerk} {
		addAccount(t, s, admin, review.Account{Name: name, Role: review.Clerk, Areas: []string{"510107"}})
	}
	return s
}

// put sends a file.
func put(c *sftp.Client, name string, data []byte) error {
	f, err := c.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// onDisk lists the files of the folder of uploads.
func (r *running) onDisk() []string {
	r.t.Helper()
	var list []string
	err := filepath.WalkDir(filepath.Join(r.dir, "uploads"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.t.Fatal(err)
	}
	return list
}

// TestScansOfAClerk: a clerk sends, lists, renames and removes their own, reads nothing back, and no file name on the disk
// says what a scan was called.
func TestScansOfAClerk(t *testing.T) {
	r := start(t, withClerks(t), nil)
	c := r.sftp(clerk)
	if got := names(t, c, "/"); !cmp.Equal(got, []string{"applications", "certificates", "scans"}) {
		t.Errorf("the clerk sees %v", got)
	}
	if got := names(t, c, "/scans"); len(got) != 0 {
		t.Errorf("an empty folder lists %v", got)
	}
	if err := errors.Join(put(c, "/scans/王芳 身份证.jpg", []byte("first")), put(c, "/scans/b.pdf", []byte("second")),
		put(c, "/scans/b.pdf", []byte("again")), c.Chtimes("/scans/b.pdf", noon, noon)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, c, "/scans"); !cmp.Equal(got, []string{"b.pdf", "王芳 身份证.jpg"}) {
		t.Errorf("got %v", got)
	}
	if info, err := c.Stat("/scans/b.pdf"); err != nil || info.Size() != int64(len("again")) {
		t.Errorf("%v, %+v", err, info)
	}
	if _, err := fetch(c, "/scans/b.pdf"); err == nil {
		t.Error("a scan is read back")
	}
	for _, path := range r.onDisk() {
		if strings.Contains(path, "王芳") || strings.Contains(path, "b.pdf") {
			t.Errorf("a file on the disk is called %s", path)
		}
	}
	if data, err := r.server.Scans(clerk).Read("王芳 身份证.jpg"); err != nil || string(data) != "first" {
		t.Errorf("the desk reads %q, %v", data, err)
	}
	if err := c.Rename("/scans/王芳 身份证.jpg", "/scans/a.jpg"); err != nil {
		t.Fatal(err)
	}
	if got := names(t, c, "/scans"); !cmp.Equal(got, []string{"a.jpg", "b.pdf"}) {
		t.Errorf("renamed: %v", got)
	}
	if got := names(t, r.sftp(otherClerk), "/scans"); len(got) != 0 {
		t.Errorf("another clerk sees %v", got)
	}
	if err := errors.Join(c.Remove("/scans/a.jpg"), c.Remove("/scans/b.pdf")); err != nil {
		t.Fatal(err)
	}
	if left := r.onDisk(); len(left) != 0 {
		t.Errorf("left on the disk: %v", left)
	}
	if strings.Contains(r.log.String(), "王芳") {
		t.Error("the log names a scan")
	}
}

// TestScansAreForClerks: nobody else has the folder, and a clerk has nothing outside of it to write to.
func TestScansAreForClerks(t *testing.T) {
	r := start(t, withClerks(t), nil)
	for _, account := range []string{first, portal, admin, auditor} {
		c := r.sftp(account)
		if _, err := c.ReadDir("/scans"); err == nil {
			t.Errorf("%s lists scans", account)
		}
		if err := put(c, "/scans/a.jpg", []byte("x")); err == nil {
			t.Errorf("%s sends a scan", account)
		}
	}
	c := r.sftp(clerk)
	for _, name := range []string{"/a.jpg", "/inbox/a.zip", "/certificates/a.pdf", "/scans/.hidden.jpg", "/scans/a/b.jpg",
		"/scans/..", "/scans/\x1b[2J.jpg", "/scans/" + strings.Repeat("x", 256)} {
		if err := put(c, name, []byte("x")); err == nil {
			t.Errorf("%q is written", name)
		}
	}
	if err := c.Mkdir("/scans/folder"); err == nil {
		t.Error("a folder is made")
	}
	if err := c.Symlink("/etc/passwd", "/scans/link.jpg"); err == nil {
		t.Error("a link is made")
	}
	if left := r.onDisk(); len(left) != 0 {
		t.Errorf("left on the disk: %v", left)
	}
}

// TestScansAreBounded in number, in bytes of each, and in bytes of all.
func TestScansAreBounded(t *testing.T) {
	r := start(t, withClerks(t), func(o *serve.Options) { o.Limits.Scans, o.Limits.ScanBytes = 2, 100 })
	c := r.sftp(clerk)
	if err := put(c, "/scans/large.jpg", make([]byte, review.MaxAttachmentBytes+1)); err == nil {
		t.Error("a file that is too large for an attachment is taken")
	}
	if left := r.onDisk(); len(left) != 0 {
		t.Errorf("of what was refused is left: %v", left)
	}
	if err := errors.Join(put(c, "/scans/a.jpg", []byte("1")), put(c, "/scans/b.jpg", []byte("2"))); err != nil {
		t.Fatal(err)
	}
	if err := put(c, "/scans/c.jpg", []byte("3")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("a third: got %v", err)
	}
	if err := errors.Join(c.Remove("/scans/b.jpg"), put(c, "/scans/c.jpg", make([]byte, 200)),
		c.Remove("/scans/a.jpg")); err != nil {
		t.Fatal(err)
	}
	if err := put(c, "/scans/d.jpg", []byte("4")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("beyond the bytes: got %v", err)
	}
	if err := put(r.sftp(otherClerk), "/scans/d.jpg", []byte("4")); err != nil {
		t.Errorf("another clerk: %v", err)
	}
}

// TestScansGoAfterADay, and a restart keeps those that are younger.
func TestScansGoAfterADay(t *testing.T) {
	var hours atomic.Int64
	later := func(o *serve.Options) {
		o.Clock = func() time.Time { return noon.Add(time.Duration(hours.Load()) * time.Hour) }
		o.Limits.Stop = time.Millisecond // lines on which nothing happens any more stay open
	}
	s := withClerks(t)
	r := start(t, s, later)
	if err := put(r.sftp(clerk), "/scans/a.jpg", []byte("1")); err != nil {
		t.Fatal(err)
	}
	hours.Store(23)
	if err := errors.Join(put(r.sftp(clerk), "/scans/b.jpg", []byte("2")), r.stop()); err != nil {
		t.Fatal(err)
	}
	half := r.onDisk()[0] + ".part"
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	r = start(t, s, later)
	if got := names(t, r.sftp(clerk), "/scans"); !cmp.Equal(got, []string{"a.jpg", "b.jpg"}) {
		t.Errorf("after a restart: %v", got)
	}
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half of an upload: %v", err)
	}
	hours.Store(25)
	if got := names(t, r.sftp(clerk), "/scans"); !cmp.Equal(got, []string{"b.jpg"}) {
		t.Errorf("after a day: %v", got)
	}
	if left := r.onDisk(); len(left) != 2 {
		t.Errorf("on the disk: %v, want one scan and its name", left)
	}
}

// TestPickerOverSSHShowsTheScans that the clerk has sent, and nothing of the server's disk.
func TestPickerOverSSHShowsTheScans(t *testing.T) {
	r := start(t, withClerks(t), nil)
	d := r.desk(clerk, "dumb", 100, 30)
	d.wait(0, "0 drafts")
	d.press("510107199104050020\r", "no certificate in the register")
	d.press("1", "Resident")
	d.press("\x0e\x0e\x0e", "All four corners") // ctrl+n: to the third section after this one
	d.press("\r", "sftp")
	if err := put(r.sftp(clerk), "/scans/front.jpg", []byte("1")); err != nil {
		t.Fatal(err)
	}
	d.press("R", "front.jpg")
}
