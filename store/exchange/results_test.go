package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
)

// approve lets the three levels approve the application.
func approve(t testing.TB, s *store.Store, reference string, levels ...string) {
	t.Helper()
	approveAt(t, s, reference, today, levels...)
}

func approveAt(t testing.TB, s *store.Store, reference string, at time.Time, levels ...string) {
	t.Helper()
	for i, name := range levels {
		now := at.Add(time.Duration(i+1) * time.Minute)
		_, err := s.Change(name, reference, 0, now, func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
			f.SeenStated = true
			return a.Approve(by, s.Policy(), f, "", now)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func reject(t testing.TB, s *store.Store, name, reference string) {
	t.Helper()
	reasons := []review.Reason{{Code: "Q03", Target: "application_form", Note: "第 2 页"}}
	_, err := s.Change(name, reference, 0, today, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return a.Reject(by, s.Policy(), reasons, "只存入案卷", today) // in no line for the applicant
	})
	if err != nil {
		t.Fatal(err)
	}
}

// plainDraw stands for the drawing of certificates, which is not this package's.
type plainDraw struct{}

func (plainDraw) Look() []byte { return []byte("plain") }

func (plainDraw) Draw(_ []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	if len(portrait) == 0 {
		return nil, errors.New("no portrait")
	}
	return bytes.Repeat([]byte("%PDF-1.4 "+c.Number+" "+v.ValidUntil.String()), 50), nil
}

// decided is a store with one approved and one rejected application of the portal.
func decided(t testing.TB) *store.Store {
	t.Helper()
	s := openStore(t)
	dir := t.TempDir()
	first(t, "SQ1").folder(t, dir, "SQ1")
	second(t, "SQ2").folder(t, dir, "SQ2")
	if got := imported(t, s, dir); len(got) != 2 || !strings.HasSuffix(got[0], "taken") || !strings.HasSuffix(got[1], "taken") {
		t.Fatalf("import: %v", got)
	}
	approve(t, s, "SQ1", "one", "two", "three")
	reject(t, s, "one", "SQ2")
	return s
}

func unzip(t testing.TB, data []byte) (names []string, content map[string]string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	content = map[string]string{}
	for _, f := range r.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		names, content[f.Name] = append(names, f.Name), string(text)
	}
	return names, content
}

func TestExportResults(t *testing.T) {
	s := decided(t)
	for _, internal := range []review.Event{ // nothing of it is in the lines below
		{Action: review.Note, Reference: "SQ2", Note: "不告诉申请人"}, {Action: review.NotSame, Reference: "SQ2", Target: "SQ1"},
	} {
		if err := s.Record("two", internal, clock()); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "out.zip")
	portal := account(t, s, "portal")
	results, err := ExportResults(context.Background(), path, s, portal, time.Time{}, clock)
	if err != nil {
		t.Fatal(err)
	}
	if results.Applications != 2 || len(results.Certificates) != 1 {
		t.Errorf("got %+v", results)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names, content := unzip(t, data)
	if diff := cmp.Diff([]string{"results.jsonl", "certificates/CD-2026-000001.pdf"}, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(content["results.jsonl"]) {
		lines[strings.TrimSpace(line)] = true
	}
	want := map[string]bool{
		`{"format":"rongzheng-result/1","reference":"SQ1","revision":1,"state":"approved","level":3,"level_name":"市级终审",` +
			`"at":"2026-11-16T16:03:00+08:00","reasons":[],"certificate":{"number":"CD-2026-000001","valid_from":"2026-11-16",` +
			`"valid_until":"2029-11-15","file":"certificates/CD-2026-000001.pdf"}}`: true,
		`{"format":"rongzheng-result/1","reference":"SQ2","revision":1,"state":"rejected","level":1,"level_name":"区（市）县初审",` +
			`"at":"2026-11-16T16:00:00+08:00","reasons":[{"code":"Q03","text":"申请表未盖章","target":"application_form","note":"第 2 页"}],` +
			`"certificate":null}`: true,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	c, err := s.Certificate(portal, "CD-2026-000001")
	if err != nil || !c.Current().Delivered {
		t.Errorf("delivered: %v, %v", err, c.Versions)
	}
	events, err := s.Events(account(t, s, "admin"), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	if last := events[len(events)-1]; last.Action != review.Export || last.By != "portal" || last.Note != "2 results, 1 certificates" {
		t.Errorf("the last line of the log: got %+v, want the export", last)
	}
	var again bytes.Buffer
	if _, err := WriteResults(context.Background(), &again, s, portal, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again.Bytes()) {
		t.Error("the same records gave other bytes")
	}
}

// TestExportSince: only what changed at or after the time, and the level that an application has reached.
func TestExportSince(t *testing.T) {
	s := decided(t)
	var out bytes.Buffer
	results, err := WriteResults(context.Background(), &out, s, account(t, s, "portal"), today.Add(time.Hour))
	if err != nil || results.Applications != 0 {
		t.Errorf("later: %+v, %v", results, err)
	}
	third := first(t, "SQ3")
	third.form()["id_number"], third.form()["management_number"] = "11010519491231002X", "20250651010000009999"
	imported(t, s, third.folder(t, t.TempDir(), "SQ3"))
	approve(t, s, "SQ3", "one")
	out.Reset()
	if _, err := WriteResults(context.Background(), &out, s, account(t, s, "portal"), today.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, content := unzip(t, out.Bytes())
	want := `{"format":"rongzheng-result/1","reference":"SQ3","revision":1,"state":"in_review","level":2,"level_name":"市级复审",` +
		`"at":"2026-11-16T16:01:00+08:00","reasons":[],"certificate":null}`
	if !strings.Contains(content["results.jsonl"], want) || strings.Contains(content["results.jsonl"], "SQ2") {
		t.Errorf("got %s\nwant %s and no SQ2", content["results.jsonl"], want)
	}
}

// TestExportRestated: the portal hears of a revocation, which takes the file away, and of a restoration, which gives it back,
// with the next export.
func TestExportRestated(t *testing.T) {
	s := decided(t)
	if err := s.AddAccount("admin", review.Account{Name: "yu", Role: review.Administrator}, today); err != nil {
		t.Fatal(err)
	}
	portal := account(t, s, "portal")
	a, err := s.Application(portal, "SQ1")
	if err != nil {
		t.Fatal(err)
	}
	since, file := today.Add(time.Hour), certificateFile(a.Certificate)
	for _, step := range []struct {
		what review.Proposal
		want []string
	}{
		{review.Proposal{Action: review.Revoke, Reason: "request"}, nil},
		{review.Proposal{Action: review.Reinstate, Note: "误注销"}, []string{a.Certificate}},
	} {
		since = since.Add(time.Hour)
		if _, err := s.Propose("admin", a.Certificate, 0, step.what, since); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Confirm("yu", a.Certificate, 0, since); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		results, err := WriteResults(context.Background(), &out, s, portal, since)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Results{Applications: 1, Certificates: step.want}, results); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what.Action, diff)
		}
		_, content := unzip(t, out.Bytes())
		if told := strings.Contains(content["results.jsonl"], file); told != (step.want != nil) {
			t.Errorf("%s: %s", step.what.Action, content["results.jsonl"])
		}
	}
}

// TestExportRenewedByAnother: the portal gets the result of its own application, without the file, when somebody else
// filed the renewal that its certificate stands on; and the file again once that renewal is taken back.
func TestExportRenewedByAnother(t *testing.T) {
	s := decided(t)
	portal, later := account(t, s, "portal"), today.AddDate(2, 11, 0)
	renewal := first(t, "SQ9")
	renewal.document["kind"], renewal.document["submitted_at"] = "renewal", later.Format(time.RFC3339)
	renewal.document["consent"] = map[string]any{"privacy": later.Format(time.RFC3339), "truth": later.Format(time.RFC3339)}
	renewal.form()["first_registered_on"], renewal.form()["certificate_valid_until"] = "2026-11-16", "2029-11-15"
	for _, slot := range []string{"previous_certificate", "education_hours_proof"} {
		renewal.files[slot+".jpg"] = jpegOf(t, 320, 240, 70)
		renewal.attach(slot, slot+".jpg")
	}
	at := func() time.Time { return later }
	report, err := Import(context.Background(), s, "admin", []string{renewal.folder(t, t.TempDir(), "SQ9")}, at, nil)
	if err != nil || report.Items[0].Outcome != Taken {
		t.Fatalf("import: %v, %v", linesOf(report), err)
	}
	approveAt(t, s, "SQ9", later, "one", "two", "three")

	own := func(file string) string {
		return `"certificate":{"number":"CD-2026-000001","valid_from":"2026-11-16","valid_until":"2029-11-15","file":"` + file + `"}}`
	}
	wantOwn := func(file string, certificates int) {
		t.Helper()
		var out bytes.Buffer
		results, err := WriteResults(context.Background(), &out, s, portal, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		_, content := unzip(t, out.Bytes())
		lines := content["results.jsonl"]
		if !strings.Contains(lines, own(file)) || !strings.Contains(lines, "SQ2") || strings.Contains(lines, "SQ9") {
			t.Errorf("got %s\nwant SQ1 with the file %q, SQ2 and no SQ9", lines, file)
		}
		if results.Applications != 2 || len(results.Certificates) != certificates {
			t.Errorf("got %+v, want 2 results and %d certificates", results, certificates)
		}
	}
	wantOwn("", 0)

	back := later.Add(10 * time.Minute)
	_, err = s.Change("three", "SQ9", 0, back, func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.TakeBack(by, s.Policy(), f, "", back)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantOwn("certificates/CD-2026-000001.pdf", 1)
}

// TestExportNamesTheRecord: a record that cannot be told ends the export with its name.
func TestExportNamesTheRecord(t *testing.T) {
	s := decided(t)
	_, err := WriteResults(context.Background(), io.Discard, untold{s}, account(t, s, "portal"), time.Time{})
	if of, ok := errors.AsType[*ResultError](err); !ok || of.Of != "SQ1" || !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want what is wrong with SQ1", err)
	}
	_, err = WriteResults(context.Background(), io.Discard, undrawn{s}, account(t, s, "portal"), time.Time{})
	if of, ok := errors.AsType[*ResultError](err); !ok || of.Of != "CD-2026-000001" {
		t.Errorf("got %v, want what is wrong with the certificate", err)
	}
}

// untold is a store that knows of no certificate.
type untold struct{ Outbox }

func (untold) Outcome(review.Actor, string) (store.Outcome, error) {
	return store.Outcome{}, review.ErrNotFound
}

// TestExportFails: whatever fails, no file is there, nothing beside it, and nothing is delivered.
func TestExportFails(t *testing.T) {
	s := decided(t)
	portal := account(t, s, "portal")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, run := range map[string]func(path string) error{
		"drawing": func(path string) error {
			_, err := ExportResults(context.Background(), path, undrawn{s}, portal, time.Time{}, clock)
			return err
		},
		"interrupted": func(path string) error {
			_, err := ExportResults(cancelled, path, s, portal, time.Time{}, clock)
			return err
		},
		"not delivered": func(path string) error {
			_, err := ExportResults(context.Background(), path, undelivered{s}, portal, time.Time{}, clock)
			return err
		},
		"no right": func(path string) error {
			_, err := ExportResults(context.Background(), path, s, account(t, s, "one"), time.Time{}, clock)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := run(filepath.Join(dir, "out.zip")); err == nil {
				t.Error("no error")
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			c, err := s.Certificate(portal, "CD-2026-000001")
			if err != nil || c.Current().Delivered {
				t.Errorf("delivered, %v", err)
			}
		})
	}
}

// undrawn is a store whose certificates cannot be drawn.
type undrawn struct{ Outbox }

func (undrawn) Paper(review.Actor, string, review.CopyWay) (store.Paper, error) {
	return store.Paper{}, errDiskFull
}

// undelivered is a store that cannot mark what was delivered.
type undelivered struct{ Outbox }

func (undelivered) Deliver(string, []string, time.Time) error { return errDiskFull }
