package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

// TestDeskWithoutKeys is one on a work pack: it has a store and no keys, and must not ask for them.
func TestDeskWithoutKeys(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Policy: review.DefaultPolicy(), Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if o := new(program).checking(ui.Options{Store: s}); o.Verify != nil || o.Signing != nil {
		t.Error("a desk without keys is told how to check codes")
	}
}

// TestVerifyJoined tells of each certificate of a joined file what it would tell of it alone; the status is that of a batch.
func TestVerifyJoined(t *testing.T) {
	until := review.DateOf(time.Now()).AddDays(300).String()
	dir, work := legacyRecords(t,
		"CD-2021-000017,王芳,11010519491231002X,社会工作师,20180651010000000017,2021-06-01,"+until,
		"CD-2021-000018,张三,110101199003070038,社会工作师,20180651010000000018,2021-06-01,"+until,
		"CD-2015-000019,李四,440308199901101512,社会工作师,20120651010000000019,2015-06-01,2018-05-31")
	at := func(name string) string { return filepath.Join(work, name) }
	verified := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		status, stdout, stderr := runCommand(t, dir, append(append([]string{"verify"}, args...), "--as", "zhou")...)
		if status != want {
			t.Errorf("verify %v: status %d, want %d\n%s%s", args, status, want, stdout, stderr)
		}
		return stdout, stderr
	}
	for query, file := range map[string]string{"CD-2021": "good.pdf", "CD": "some.pdf", "CD-2015": "one.pdf"} {
		args := []string{"certificate", "print", "--query", query, "-o", at(file), "--as", "guanli"}
		if status, _, stderr := runCommand(t, dir, args...); status != exitDone {
			t.Fatalf("print %s: %d, %s", query, status, stderr)
		}
	}
	good, _ := verified(exitDone, at("good.pdf"))
	for _, want := range []string{
		"page 1  ✓ valid  CD-2021-0000", "page 2  ✓ valid  CD-2021-0000", "  ✓ its holder",
		"2 certificates, 2 of them valid", "a joined file carries no signature",
	} {
		if !strings.Contains(good, want) {
			t.Errorf("%q is not said:\n%s", want, good)
		}
	}
	some, _ := verified(exitPartial, at("some.pdf"))
	if !strings.Contains(some, "✗ expired: valid until 2018-05-31  CD-2015-000019") || !strings.Contains(some, "3 certificates, 2 of them valid") {
		t.Errorf("it says\n%s", some)
	}
	lines, _ := verified(exitPartial, "--json", at("some.pdf"))
	if strings.Count(lines, "\n") != 3 || !strings.Contains(lines, `"page":3,`) || strings.Count(lines, `"holder":"matches"`) != 3 {
		t.Errorf("as JSON:\n%s", lines)
	}
	one, _ := verified(exitFailed, at("one.pdf"))
	if strings.Contains(one, "page 1") || strings.Contains(one, "certificates") {
		t.Errorf("of one alone it says\n%s", one)
	}
	both, _ := verified(exitPartial, at("one.pdf"), at("good.pdf"))
	if !strings.Contains(both, at("good.pdf")+" page 2  ✓ valid") || !strings.Contains(both, at("one.pdf")+"\n✗ expired") {
		t.Errorf("of two files it says\n%s", both)
	}
	if err := os.Truncate(at("good.pdf"), maxPaper+1); err != nil {
		t.Fatal(err)
	}
	if _, stderr := verified(exitFailed, at("good.pdf")); !strings.Contains(stderr, "larger than 64 MB") {
		t.Errorf("of a file that is too large: %s", stderr)
	}
}
