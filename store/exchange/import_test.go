package exchange

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
)

// openStore opens a fresh data folder with an administrator, the portal, a clerk and a reviewer for each level. When the
// test ends, everything in it must check clean.
func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Create: true, Renderer: plainDraw{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		findings, err := s.Check(context.Background(), nil)
		if err != nil || len(findings) > 0 {
			t.Errorf("check: %v %v", findings, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	accounts := []review.Account{
		{Name: "admin", Role: review.Administrator}, {Name: "portal", Role: review.Portal},
		{Name: "auditor", Role: review.Auditor}, {Name: "clerk", Role: review.Clerk},
		{Name: "one", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}},
		{Name: "two", Role: review.Reviewer, Level: 2}, {Name: "three", Role: review.Reviewer, Level: 3},
	}
	by := ""
	for _, a := range accounts {
		if err := s.AddAccount(by, a, today.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		by = "admin"
	}
	return s
}

func account(t testing.TB, s *store.Store, name string) review.Account {
	t.Helper()
	a, err := s.Account(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// imported imports the paths as the portal and returns one line per package: reference/revision outcome codes.
func imported(t testing.TB, s *store.Store, paths ...string) []string {
	t.Helper()
	report, err := Import(context.Background(), s, "portal", paths, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	return linesOf(report)
}

func linesOf(report Report) []string {
	var lines []string
	for _, item := range report.Items {
		line := item.Reference + "/" + string(rune('0'+item.Revision)) + " " + string(item.Outcome)
		lines = append(lines, strings.TrimSpace(line+" "+strings.Join(reasons(item.Err), " ")))
	}
	return lines
}

// reasons are the codes of an error, those of refusals by the domain included.
func reasons(err error) []string {
	if denied, ok := errors.AsType[*review.DeniedError](err); ok {
		return []string{denied.Code}
	}
	if rule, ok := errors.AsType[*review.RuleError](err); ok {
		return []string{rule.Code}
	}
	if errors.Is(err, review.ErrNotFound) {
		return []string{"not found"}
	}
	return codesOf(err)
}

// filesOf lists every file of the data folder but the database itself.
func filesOf(t testing.TB, s *store.Store) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(s.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Dir(path) != s.Dir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestHostileLeavesNothing: of everything that is refused, nothing stays behind: no application, no file.
func TestHostileLeavesNothing(t *testing.T) {
	s := openStore(t)
	portal := account(t, s, "portal")
	before := filesOf(t, s)
	for kind, cases := range allHostile() {
		for _, h := range cases {
			if h.beside {
				continue
			}
			t.Run(kind+"/"+h.name, func(t *testing.T) {
				report, err := Import(context.Background(), s, "portal", []string{h.build(t, t.TempDir())}, clock, nil)
				if err != nil {
					t.Fatal(err)
				}
				var codes []string
				for _, item := range report.Items {
					if item.Outcome != Refused {
						t.Errorf("%s: %s", item.Source, item.Outcome)
					}
					codes = append(codes, codesOf(item.Err)...)
				}
				if !slices.Contains(codes, h.code) {
					t.Errorf("got %v, want %s", codes, h.code)
				}
				if _, err := s.Application(portal, "SQ1"); !errors.Is(err, review.ErrNotFound) {
					t.Errorf("application: %v, want ErrNotFound", err)
				}
				if diff := cmp.Diff(before, filesOf(t, s)); diff != "" {
					t.Errorf("files (-before +after):\n%s", diff)
				}
			})
		}
	}
}

// TestHostileBeside: what lies beside an application refuses only itself.
func TestHostileBeside(t *testing.T) {
	for _, h := range zipCases() {
		if !h.beside {
			continue
		}
		t.Run(h.name, func(t *testing.T) {
			s := openStore(t)
			report, err := Import(context.Background(), s, "portal", []string{h.build(t, t.TempDir())}, clock, nil)
			if err != nil || report.Count(Taken) != 1 || report.Count(Refused) != 1 {
				t.Errorf("got %v, %v", linesOf(report), err)
			}
		})
	}
}

// TestImportBatch: one bad application does not stop the others, and importing again finds everything there.
func TestImportBatch(t *testing.T) {
	s := openStore(t)
	bad := first(t, "SQ2")
	bad.form()["mobile"] = "1"
	third := second(t, "SQ3")
	dir := t.TempDir()
	path := zipFile(t, dir, "batch.zip", slices.Concat(
		first(t, "SQ1").entries(t, "SQ1"), bad.entries(t, "SQ2"), third.entries(t, "SQ3"),
		[]zipEntry{{name: "SQ3/../x", data: nil}, {name: "SQ4/only.png", data: nil}}))
	got := imported(t, s, path)
	want := []string{"/0 refused document_missing", "SQ1/1 taken", "SQ2/1 refused mobile_form in_review", "SQ3/1 refused zip_path"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first time (-want +got):\n%s", diff)
	}
	files := filesOf(t, s)
	if got := imported(t, s, path); got[1] != "SQ1/1 already" {
		t.Errorf("second time: %v", got)
	}
	if diff := cmp.Diff(files, filesOf(t, s)); diff != "" {
		t.Errorf("files (-first +second):\n%s", diff)
	}
	stored, err := s.Application(account(t, s, "portal"), "SQ1")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range stored.Attachments {
		for _, sha := range []string{at.SHA256, at.Prepared} {
			if _, err := s.Blob(sha); sha != "" && err != nil {
				t.Errorf("%s: %v", at.Slot, err)
			}
		}
	}
}

// TestImportOtherContent: the same reference and revision with other content is refused.
func TestImportOtherContent(t *testing.T) {
	s := openStore(t)
	imported(t, s, first(t, "SQ1").folder(t, t.TempDir(), "a"))
	other := first(t, "SQ1")
	other.form()["major"] = "法学"
	if got := imported(t, s, other.folder(t, t.TempDir(), "b")); !strings.Contains(got[0], "refused revision_taken") {
		t.Errorf("got %v", got)
	}
}

func revised(t testing.TB, reference string, revision int, at string) parcel {
	p := first(t, reference)
	p.document["revision"], p.document["submitted_at"] = revision, at
	return p
}

// TestImportOrder: a submission, its withdrawal and the resubmission are taken in their order, wherever they lie; all of
// it again changes nothing.
func TestImportOrder(t *testing.T) {
	s := openStore(t)
	dir := t.TempDir()
	revised(t, "SQ1", 2, "2026-11-16T11:00:00+08:00").folder(t, dir, "a")
	withdrawal("SQ1", "2026-11-16T10:00:00+08:00").folder(t, dir, "b")
	first(t, "SQ1").folder(t, dir, "c")
	want := []string{"SQ1/1 taken", "SQ1/0 withdrawn", "SQ1/2 taken"}
	if diff := cmp.Diff(want, imported(t, s, dir)); diff != "" {
		t.Errorf("first time (-want +got):\n%s", diff)
	}
	want = []string{"SQ1/1 already", "SQ1/0 already", "SQ1/2 already"}
	if diff := cmp.Diff(want, imported(t, s, dir)); diff != "" {
		t.Errorf("second time (-want +got):\n%s", diff)
	}
	a, err := s.Application(account(t, s, "portal"), "SQ1")
	if err != nil || a.Revision != 2 || a.State != review.InReview {
		t.Errorf("got revision %d %s, %v", a.Revision, a.State, err)
	}
}

// TestChain: revisions stay in their order and withdrawals in theirs, also when the sender's clock ran back.
func TestChain(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 11, 16, hour, 0, 0, 0, review.Zone) }
	packages := []queued{
		{at: at(9)}, {at: at(12)}, {at: at(20)}, {revision: 1, at: at(10)}, {revision: 2, at: at(8)}, {revision: 3, at: at(14)},
	}
	chain(packages)
	var got []int
	for i, q := range packages {
		got = append(got, q.revision)
		if i > 0 && q.at.Before(packages[i-1].at) {
			t.Errorf("%d runs back", i)
		}
	}
	if want := []int{1, 0, 2, 0, 3, 0}; !slices.Equal(got, want) && !slices.Equal(got, []int{1, 2, 0, 0, 3, 0}) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestImportWithdrawal(t *testing.T) {
	s := openStore(t)
	dir := t.TempDir()
	early := withdrawal("SQ1", "2026-11-16T09:00:00+08:00").folder(t, dir, "early")
	late := withdrawal("SQ1", "2026-11-16T15:00:00+08:00").folder(t, dir, "late")
	ahead := withdrawal("SQ1", "2026-11-17T15:00:00+08:00").folder(t, dir, "ahead")
	if got := imported(t, s, late); got[0] != "SQ1/0 refused not found" {
		t.Errorf("before the submission: %v", got)
	}
	imported(t, s, first(t, "SQ1").folder(t, dir, "SQ1"))
	for path, want := range map[string]string{early: "withdrawal_early", ahead: "withdrawal_ahead"} {
		if got := imported(t, s, path); got[0] != "SQ1/0 refused "+want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	_, err := s.Change("one", "SQ1", 0, today, func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		f.SeenStated = true
		return a.Approve(by, s.Policy(), f, "", today)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := imported(t, s, late); got[0] != "SQ1/0 refused decided_already" {
		t.Errorf("after a decision: %v", got)
	}
}

// TestImportInterrupted: what was done stays, and the report says how much is left; the next import goes on.
func TestImportInterrupted(t *testing.T) {
	s := openStore(t)
	dir := t.TempDir()
	first(t, "SQ1").folder(t, dir, "SQ1")
	second(t, "SQ2").folder(t, dir, "SQ2")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	report, err := Import(ctx, s, "portal", []string{dir}, clock, func(done, total int) {
		if done == 1 && total == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || report.Left != 1 || report.Count(Taken) != 1 {
		t.Errorf("got %v, left %d, %v", linesOf(report), report.Left, err)
	}
	if got := imported(t, s, dir); !slices.Equal(got, []string{"SQ1/1 already", "SQ2/1 taken"}) {
		t.Errorf("again: %v", got)
	}
}

func TestImportRights(t *testing.T) {
	s := openStore(t)
	path := first(t, "SQ1").folder(t, t.TempDir(), "SQ1")
	for _, name := range []string{"one", "clerk", "auditor"} {
		if _, err := Import(context.Background(), s, name, []string{path}, clock, nil); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s: got %v, want ErrDenied", name, err)
		}
	}
}

// diskFull is a store whose disk is full.
type diskFull struct{ Register }

var errDiskFull = errors.New("no space left on device")

func (diskFull) Submit(string, review.Submission, map[string][]byte, time.Time) (review.Application, error) {
	return review.Application{}, errDiskFull
}

// TestImportDiskFull: a machine that fails stops the import; it is no fault of the application.
func TestImportDiskFull(t *testing.T) {
	s := openStore(t)
	path := first(t, "SQ1").folder(t, t.TempDir(), "SQ1")
	report, err := Import(context.Background(), diskFull{s}, "portal", []string{path}, clock, nil)
	if !errors.Is(err, errDiskFull) || len(report.Items) != 0 || report.Left != 1 {
		t.Errorf("got %v, left %d, %v", linesOf(report), report.Left, err)
	}
}

// TestImportUnreadable: a folder that the system does not let us read refuses that package only.
func TestImportUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	s := openStore(t)
	dir := t.TempDir()
	at := first(t, "SQ1").folder(t, dir, "SQ1")
	second(t, "SQ2").folder(t, dir, "SQ2")
	if err := os.Chmod(filepath.Join(at, "portrait.jpg"), 0); err != nil {
		t.Fatal(err)
	}
	if got := imported(t, s, dir); !slices.Equal(got, []string{"SQ1/1 refused file_unreadable", "SQ2/1 taken"}) {
		t.Errorf("got %v", got)
	}
}
