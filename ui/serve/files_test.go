package serve_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/store/exchange"
	"rongzheng/ui/serve"
)

func (r *running) sftp(account string) *sftp.Client {
	r.t.Helper()
	c, err := sftp.NewClient(r.dial(account))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	return c
}

func names(t *testing.T, c *sftp.Client, dir string) []string {
	t.Helper()
	infos, err := c.ReadDir(dir)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	var list []string
	for _, info := range infos {
		list = append(list, info.Name())
	}
	slices.Sort(list)
	return list
}

func fetch(c *sftp.Client, name string) ([]byte, error) {
	f, err := c.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var data bytes.Buffer
	_, err = f.WriteTo(&data)
	return data.Bytes(), err
}

func TestFilesOverSFTP(t *testing.T) {
	r := start(t, newRegister(t, 3), nil)
	number := r.issue(0)
	c := r.sftp(first)
	if diff := cmp.Diff([]string{"applications", "certificates"}, names(t, c, "/")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{reference(0), reference(1), reference(2)}, names(t, c, "/applications")); diff != "" {
		t.Error(diff)
	}
	want := []string{"application.json", "application_form.jpg", "credential_scan.jpg", "id_card_back.jpg", "id_card_front.jpg", "portrait.jpg"}
	if diff := cmp.Diff(want, names(t, c, "/applications/"+reference(1))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{number + ".pdf"}, names(t, c, "certificates")); diff != "" {
		t.Error(diff)
	}

	told, statErr := c.Stat("/applications/" + reference(1) + "/application.json")
	document, err := fetch(c, "/applications/"+reference(1)+"/application.json")
	if statErr != nil || told.Size() != int64(len(document)) {
		t.Errorf("size told: %d, %v; %d bytes came", told.Size(), statErr, len(document))
	}
	if err != nil || !json.Valid(document) || bytes.Contains(document, []byte("王芳")) || bytes.Contains(document, []byte(identity(1))) {
		t.Errorf("got %v, %s: want masked JSON", err, document)
	}
	if got := r.events(review.View); got != 1 {
		t.Errorf("recorded views: got %d, want 1", got)
	}
	_, files := submission(1)
	picture, err := fetch(c, "/applications/"+reference(1)+"/portrait.jpg")
	if err != nil || files[hash(picture)] == nil {
		t.Errorf("got %v, %d bytes that nobody sent", err, len(picture))
	}
	if got := r.events(review.ViewFile); got != 1 {
		t.Errorf("recorded views of files: got %d, want 1", got)
	}
	pdf, err := fetch(c, "/certificates/"+number+".pdf")
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("got %v, %d bytes", err, len(pdf))
	}
	if got := r.events(review.Print); got != 1 {
		t.Errorf("recorded copies: got %d, want 1", got)
	}
	if _, err := c.Stat("/certificates/" + number + ".pdf"); err != nil {
		t.Error(err)
	}
	if got := r.events(review.Print); got != 1 {
		t.Errorf("looking at a file's entry counted as a copy")
	}
}

func TestFilesAreReadOnly(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	for _, account := range []string{first, admin, portal} {
		c := r.sftp(account)
		document := "/applications/" + reference(0) + "/application.json"
		for name, try := range map[string]func() error{
			"create":     func() error { _, err := c.Create("/applications/x"); return err },
			"overwrite":  func() error { _, err := c.Create(document); return err },
			"append":     func() error { _, err := c.OpenFile(document, os.O_RDWR|os.O_APPEND); return err },
			"remove":     func() error { return c.Remove(document) },
			"rename":     func() error { return c.Rename(document, "/applications/y") },
			"rename out": func() error { return c.PosixRename(document, "/inbox/y.zip") },
			"folder":     func() error { return c.Mkdir("/certificates/x") },
			"no folder":  func() error { return c.RemoveDirectory("/applications/" + reference(0)) },
			"link":       func() error { return c.Symlink("/etc/passwd", "/inbox/z.zip") },
			"hard link":  func() error { return c.Link("/etc/passwd", "/inbox/z.zip") },
			"mode":       func() error { return c.Chmod(document, 0o777) },
			"truncate":   func() error { return c.Truncate(document, 0) },
			"top":        func() error { _, err := c.Create("/x.zip"); return err },
		} {
			if err := try(); err == nil {
				t.Errorf("%s: %s is allowed", account, name)
			}
		}
		for _, name := range []string{
			"/etc/passwd", "../../etc/passwd", "/applications/../rongzheng.db", "/applications/" + reference(0) + "/../../rongzheng.db",
			"/certificates/CD-2026-999999.pdf", "/applications/nobody/application.json", "/inbox/../host_ed25519", "/applications/" + reference(0),
			"/applications/" + reference(0) + "/nothing.jpg", "/" + strings.Repeat("a/", 500), "/\x00", "/blobs",
		} {
			if data, err := fetch(c, name); err == nil {
				t.Errorf("%s: %q gives %d bytes", account, name, len(data))
			}
		}
	}
}

// TestOpenFilesAreBounded: a client that opens and never closes gets a sentence instead of the server's memory.
func TestOpenFilesAreBounded(t *testing.T) {
	name := "/applications/" + reference(0) + "/portrait.jpg"
	for limit, change := range map[string]func(*serve.Options){
		"files": func(o *serve.Options) { o.Limits.Open = 3 },
		"bytes": func(o *serve.Options) { o.Limits.OpenBytes = 1 },
	} {
		r := start(t, newRegister(t, 1), change)
		c := r.sftp(first)
		var open []*sftp.File
		for len(open) < 4 {
			f, err := c.Open(name)
			if err != nil {
				if !strings.Contains(err.Error(), "too many files") {
					t.Errorf("%s: %v", limit, err)
				}
				break
			}
			open = append(open, f)
		}
		if want := map[string]int{"files": 3, "bytes": 1}[limit]; len(open) != want {
			t.Errorf("%s: %d files open, want %d", limit, len(open), want)
		}
		if got := r.events(review.ViewFile); got != len(open) {
			t.Errorf("%s: %d views recorded of %d files", limit, got, len(open))
		}
		for _, f := range open {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
		for range 5 { // closed again each time
			if _, err := fetch(c, name); err != nil {
				t.Errorf("%s: after closing: %v", limit, err)
			}
			names(t, c, "/applications")
		}
	}
}

// TestCertificatesThatCannotBeTakenAreNotListed: who fetches the whole folder meets no refusal, and one for a number that is
// asked for is no fault of the server.
func TestCertificatesThatCannotBeTakenAreNotListed(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	number := r.issue(0)
	if got := names(t, r.sftp(auditor), "/certificates"); len(got) != 0 {
		t.Errorf("the auditor, who may print none, sees %v", got)
	}
	c := r.sftp(first)
	if got := names(t, c, "/certificates"); len(got) != 1 {
		t.Errorf("listed: %v", got)
	}
	r.revoke(number)
	if got := names(t, c, "/certificates"); len(got) != 0 {
		t.Errorf("a revoked certificate is listed: %v", got)
	}
	if _, err := fetch(c, "/certificates/"+number+".pdf"); err == nil || !strings.Contains(err.Error(), "revoked") {
		t.Errorf("got %v, want the reason", err)
	}
	if log := r.log.String(); strings.Contains(log, "ERROR") {
		t.Errorf("a refusal is logged as a fault:\n%s", log)
	}
}

// TestFilesKeepToTheScope: other areas, roles without the right, a disabled account on an open line.
func TestFilesKeepToTheScope(t *testing.T) {
	s := newRegister(t, 1)
	addAccount(t, s, admin, review.Account{Name: "jinniu", Role: review.Reviewer, Level: 1, Areas: []string{"510106"}})
	addAccount(t, s, admin, review.Account{Name: "portal2", Role: review.Portal})
	r := start(t, s, nil)
	number := r.issue(0)
	for _, account := range []string{"jinniu", "portal2"} {
		c := r.sftp(account)
		if got := append(names(t, c, "/applications"), names(t, c, "/certificates")...); len(got) != 0 {
			t.Errorf("%s sees %v", account, got)
		}
		for _, name := range []string{"/applications/" + reference(0) + "/application.json", "/applications/" + reference(0) + "/portrait.jpg", "/certificates/" + number + ".pdf"} {
			if _, err := fetch(c, name); err == nil {
				t.Errorf("%s reads %s", account, name)
			}
			if _, err := c.Stat(name); err == nil {
				t.Errorf("%s sees %s", account, name)
			}
		}
	}
	if _, err := fetch(r.sftp(auditor), "/certificates/"+number+".pdf"); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the auditor prints: %v", err)
	}
	c := r.sftp(first)
	names(t, c, "/applications")
	if err := s.DisableAccount(admin, first, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadDir("/applications"); err == nil {
		t.Error("a disabled account lists on")
	}
	if _, err := fetch(c, "/applications/"+reference(0)+"/portrait.jpg"); err == nil {
		t.Error("a disabled account reads on")
	}
	if got := r.events(review.Print) + r.events(review.ViewFile); got != 0 {
		t.Errorf("%d events of what was refused", got)
	}
}

// TestLongFolders are listed page by page.
func TestLongFolders(t *testing.T) {
	const many = 250
	r := start(t, newRegister(t, many), nil)
	if got := len(names(t, r.sftp(first), "/applications")); got != many {
		t.Errorf("got %d entries, want %d", got, many)
	}
}

// parcel makes a package of the application in a zip file; spoil may change its document.
func parcel(t *testing.T, n int, spoil func(map[string]any)) []byte {
	t.Helper()
	form := map[string]any{
		"name": "王芳", "mobile": "13800001234", "id_type": "居民身份证", "id_number": identity(n), "sex": "女", "ethnicity": "汉族",
		"political_status": "群众", "education": "大学本科", "major": "社会工作", "address": "四川省成都市武侯区浆洗街 1 号",
		"employer_type": "社会工作服务机构", "post_category": "一线社会工作服务岗", "years_in_social_work": 2, "fields": []string{"社区建设"},
		"delegate_roles": []string{"否"}, "honours": []string{"无"}, "level": "社会工作师", "exam_year": 2025,
		"management_number": fmt.Sprintf("2025065101%010d", n), "review_area": "510107", "mail_paper": false,
	}
	document := map[string]any{
		"format": "rongzheng-application/1", "reference": reference(n), "revision": 1, "kind": "first",
		"submitted_at": "2026-11-16T09:30:00+08:00", "form": form,
		"consent":     map[string]any{"privacy": "2026-11-16T09:29:50+08:00", "truth": "2026-11-16T09:29:55+08:00"},
		"attachments": []map[string]any{},
	}
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	put := func(name string, text []byte) {
		w, err := archive.Create(reference(n) + "/" + name)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, slot := range []string{"id_card_front", "id_card_back", "credential_scan", "application_form", "portrait"} {
		document["attachments"] = append(document["attachments"].([]map[string]any), map[string]any{"slot": slot, "file": slot + ".jpg"})
		put(slot+".jpg", photo(413, 578, n*10+i))
	}
	if spoil != nil {
		spoil(document)
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	put("application.json", text)
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func send(t *testing.T, c *sftp.Client, name string, data []byte) {
	t.Helper()
	f, err := c.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := f.ReadFrom(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func answerOf(t *testing.T, c *sftp.Client, name string) serve.Answer {
	t.Helper()
	text, err := fetch(c, name+".answer.json")
	if err != nil {
		t.Fatalf("answer of %s: %v", name, err)
	}
	var a serve.Answer
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestInbox(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	c := r.sftp(portal)
	if diff := cmp.Diff([]string{"applications", "certificates", "inbox"}, names(t, c, "/")); diff != "" {
		t.Error(diff)
	}

	// Complete when closed.
	send(t, c, "/inbox/one.zip", parcel(t, 1, nil))
	got := answerOf(t, c, "/inbox/one.zip")
	if len(got.Items) != 1 || got.Items[0].Outcome != exchange.Taken || got.Items[0].Reference != reference(1) || got.Error != "" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"one.zip.answer.json"}, names(t, c, "/inbox")); diff != "" {
		t.Error(diff)
	}
	if _, err := fetch(c, "/inbox/one.zip"); err == nil {
		t.Error("a package can be read back")
	}

	// Complete when it gets its name.
	send(t, c, "/inbox/two.filepart", parcel(t, 2, nil))
	if _, err := fetch(c, "/inbox/two.filepart"); err == nil {
		t.Error("what waits for its name can be read")
	}
	if got := answerOf(t, c, "/inbox/two.filepart"); len(got.Items) != 0 || !strings.Contains(got.Error, ".zip") {
		t.Errorf("got %+v, want a sentence about what is taken", got)
	}
	if err := c.PosixRename("/inbox/two.filepart", "/inbox/two.zip"); err != nil {
		t.Fatal(err)
	}
	if left := names(t, c, "/inbox"); slices.Contains(left, "two.filepart.answer.json") {
		t.Errorf("left: %q", left)
	}
	if got := answerOf(t, c, "/inbox/two.zip"); len(got.Items) != 1 || got.Items[0].Outcome != exchange.Taken {
		t.Errorf("got %+v", got)
	}

	// Again, and refused with every reason and without a path of the server.
	send(t, c, "/inbox/one.zip", parcel(t, 1, nil))
	if got := answerOf(t, c, "/inbox/one.zip"); got.Items[0].Outcome != exchange.Already {
		t.Errorf("got %+v", got)
	}
	send(t, c, "/inbox/bad.zip", parcel(t, 3, func(d map[string]any) {
		d["form"].(map[string]any)["mobile"], d["form"].(map[string]any)["sex"] = "12", "男"
	}))
	got = answerOf(t, c, "/inbox/bad.zip")
	if got.Items[0].Outcome != exchange.Refused || len(got.Items[0].Reasons) < 2 || strings.Contains(fmt.Sprint(got), r.dir) {
		t.Errorf("got %+v", got)
	}
	send(t, c, "/inbox/noise.zip", []byte("no zip file"))
	if got := answerOf(t, c, "/inbox/noise.zip"); len(got.Items) != 1 || got.Items[0].Outcome != exchange.Refused || strings.Contains(fmt.Sprint(got), r.dir) {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{reference(1), reference(2)}, names(t, c, "/applications")); diff != "" {
		t.Error(diff)
	}
	if err := c.Remove("/inbox/one.zip.answer.json"); err != nil {
		t.Error(err)
	}
	if _, stderr, status := r.run(first, "approve "+reference(1)); status != 0 {
		t.Error(stderr)
	}
}

func TestInboxRefusesWhatIsNoUpload(t *testing.T) {
	r := start(t, newRegister(t, 0), func(o *serve.Options) { o.Limits.Upload, o.Limits.Held = 1000, 2 })
	c := r.sftp(portal)
	for _, name := range []string{
		"/inbox/.hidden.zip", "/inbox/a b.zip", "/inbox/姓名.zip", "/inbox/a.part", "/inbox/a.answer.json", "/inbox/sub/a.zip", "/inbox",
		"/inbox/" + strings.Repeat("a", 200) + ".zip", "/inbox/..",
	} {
		if _, err := c.Create(name); err == nil {
			t.Errorf("%s can be created", name)
		}
	}
	large, err := c.OpenFile("/inbox/large.zip", os.O_WRONLY|os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := large.WriteAt([]byte("x"), 1<<40); err == nil {
		t.Error("a file with a hole of a terabyte")
	}
	if _, err := large.Write(make([]byte, 2000)); err == nil {
		t.Error("a file larger than the limit")
	}
	if err := large.Close(); err == nil {
		t.Error("the upload that was too large is complete")
	}
	send(t, c, "/inbox/a", []byte("1"))
	send(t, c, "/inbox/b", []byte("2"))
	if _, err := c.Create("/inbox/c"); err == nil {
		t.Error("more files wait than may")
	}
	if err := c.Remove("/inbox/a"); err != nil {
		t.Error(err)
	}
	for _, account := range []string{first, admin, auditor} {
		if _, err := r.sftp(account).Create("/inbox/x.zip"); err == nil {
			t.Errorf("%s uploads", account)
		}
	}
	if got := names(t, c, "/inbox"); !slices.Equal(got, []string{"b", "b.answer.json"}) {
		t.Errorf("left behind: %v", got)
	}
}

// TestBrokenUploadIsNoPackage: a line that drops in the middle imports nothing and leaves nothing.
func TestBrokenUploadIsNoPackage(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	line := r.dial(portal)
	c, err := sftp.NewClient(line)
	if err != nil {
		t.Fatal(err)
	}
	f, err := c.OpenFile("/inbox/one.zip", os.O_WRONLY|os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, bytes.NewReader(parcel(t, 1, nil))); err != nil { // all of it, but not closed
		t.Fatal(err)
	}
	line.Close()
	waitFor(t, func() bool { return len(r.server.Status().Visits) == 0 })
	left, err := filepath.Glob(filepath.Join(r.dir, "inbox", portal, "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("got %v, %v", left, err)
	}
	if out, _, _ := r.run(admin, "list"); out != "" {
		t.Errorf("imported: %q", out)
	}
}

// TestRestartClearsTheInbox: what a killed server left is gone, answers stay.
func TestRestartClearsTheInbox(t *testing.T) {
	s := newRegister(t, 0)
	dir := filepath.Join(s.Dir(), "inbox", portal)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.zip.part", "b.zip", "c.zip.answer.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := start(t, s, nil)
	if got := names(t, r.sftp(portal), "/inbox"); !slices.Equal(got, []string{"c.zip.answer.json"}) {
		t.Errorf("got %v", got)
	}
}
