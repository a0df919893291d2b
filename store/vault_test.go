package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rongzheng/review"
)

// inked draws certificates as text, with the look that is its name.
type inked string

func (p inked) Look() []byte { return []byte(p) }

func (p inked) Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	text := fmt.Sprintf("%s %d %s with %s and %s\n", c.Number, v.Version, v.Form.Get("name"), look, portrait)
	return bytes.Repeat([]byte(text), smallBlob/len(text)+1), nil
}

// failing draws nothing for one certificate.
type failing struct {
	inked
	number string
}

var errInk = errors.New("no ink")

func (f failing) Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	if c.Number == f.number {
		return nil, errInk
	}
	return f.inked.Draw(look, c, v, portrait)
}

// counting counts what is drawn.
type counting struct {
	inked
	drawn atomic.Int32
}

func (c *counting) Draw(look []byte, cert review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	c.drawn.Add(1)
	return c.inked.Draw(look, cert, v, portrait)
}

var onPaper = review.CopyAsk{Way: review.OnPaper}

func paper(t *testing.T, s *Store, number string) Paper {
	t.Helper()
	p, err := s.Paper(actor(t, s, "li.admin"), number, review.OnPaper)
	if err != nil {
		t.Fatal(err)
	}
	if hashOf(p.PDF) != p.Version.File || int64(len(p.PDF)) != p.Version.Size {
		t.Errorf("%d bytes are not those that the version names", len(p.PDF))
	}
	return p
}

func drawOwed(t *testing.T, s *Store, want int) {
	t.Helper()
	if n, err := s.DrawOwed(context.Background(), func(number string, err error) { t.Error(number, err) }); err != nil || n != want {
		t.Errorf("drew %d, %v, want %d", n, err, want)
	}
}

// The bytes of a certificate are those that were drawn once: after a restart, with another policy, seal and layout, and
// whoever draws first.
func TestReprintHasTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	early, late := approved(t, s, 1), approved(t, s, 2)
	first := paper(t, s, early.Certificate)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := *review.DefaultPolicy()
	other.Version, other.Issue.Issuer = "2027-01-01", "另一个机关"
	renderer := &counting{inked: "second look"}
	again := openStore(t, dir, Options{Policy: &other, Renderer: renderer})
	if got := paper(t, again, early.Certificate); !bytes.Equal(got.PDF, first.PDF) || renderer.drawn.Load() != 0 {
		t.Errorf("the reprint has other bytes, or was drawn %d times", renderer.drawn.Load())
	}
	// What was decided before the change and not drawn until after it has the look of its day.
	if got := paper(t, again, late.Certificate); !bytes.Contains(got.PDF, []byte("first look")) || renderer.drawn.Load() != 1 {
		t.Errorf("drawn %d times: %.80s", renderer.drawn.Load(), got.PDF)
	}
	drawOwed(t, again, 0)
	if got := paper(t, again, approved(t, again, 3).Certificate); !bytes.Contains(got.PDF, []byte("second look")) {
		t.Errorf("a new certificate has an old look: %.80s", got.PDF)
	}
	if err := again.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	if got := paper(t, again, early.Certificate); !bytes.Equal(got.PDF, first.PDF) {
		t.Error("the bytes did not outlive a repair")
	}
}

// decideAndHang decides, says so, and hangs where the certificate would be drawn.
func decideAndHang(dir string) {
	s := must(Open(dir, Options{Renderer: inked("first look")}))
	for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
		sub, _ := firstSubmission(1)
		must(s.Change(reviewer, sub.Reference, 0, clock, approval(s, clock)))
	}
	fmt.Println("approved")
	forever := make(chan os.Signal, 1)
	signal.Notify(forever, os.Interrupt)
	<-forever
}

// A process that is killed between the decision and the drawing leaves a certificate that the next one draws.
func TestKilledBeforeDrawing(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	a := submit(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd, lines := child(t, dir, "draw")
	if !lines.Scan() || lines.Text() != "approved" {
		t.Fatalf("the child said %q", lines.Text())
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
	again := openStore(t, dir, Options{Renderer: inked("second look"), Timeout: 2 * time.Minute})
	by := actor(t, again, "li.admin")
	got, err := again.Application(by, a.Reference)
	if err != nil || got.State != review.Approved {
		t.Fatalf("got %s, %v, want approved", got.State, err)
	}
	c, err := again.Certificate(by, got.Certificate)
	if err != nil || !c.Current().Owed() {
		t.Fatalf("%v: the version is not owed", err)
	}
	ctx, end := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { again.KeepDrawn(ctx, func(number string, err error) { t.Error(number, err) }) })
	for c.Current().File == "" { // healing goes on beside whoever works
		if c, err = again.Certificate(by, got.Certificate); err != nil {
			t.Fatal(err)
		}
	}
	end()
	work.Wait()
	if old, err := again.Drawing(by, c.Number, 1); err != nil || !bytes.Contains(old.PDF, []byte("first look")) {
		t.Errorf("%v: %.80s", err, old.PDF)
	}
}

func TestDrawOwed(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Create: true, Renderer: failing{"first look", "CD-2026-000002"}})
	by := ""
	for _, a := range deskAccounts {
		if err := s.AddAccount(by, a, clock); err != nil {
			t.Fatal(err)
		}
		by = deskAccounts[0].Name
	}
	for n := range 4 {
		approved(t, s, n)
	}
	change(t, s, "deng.city", reference(3), takingBack(s, clock))
	var failed []string
	n, err := s.DrawOwed(context.Background(), func(number string, err error) {
		if !errors.Is(err, errInk) {
			t.Error(err)
		}
		failed = append(failed, number)
	})
	if err != nil || n != 2 || len(failed) != 1 || failed[0] != "CD-2026-000002" {
		t.Errorf("drew %d, %v, failed %v, want 2 and the second failed", n, err, failed)
	}
	if _, err := s.Paper(actor(t, s, "li.admin"), "CD-2026-000002", review.OnPaper); !errors.Is(err, errInk) {
		t.Errorf("got %v, want what kept it from being drawn", err)
	}
	if c, err := s.Certificate(actor(t, s, "li.admin"), "CD-2026-000002"); err != nil || c.Current().Printed != 0 {
		t.Errorf("%v: a copy was counted", err)
	}
	if _, err := s.Paper(actor(t, s, "li.admin"), "CD-2026-000004", review.OnPaper); err == nil {
		t.Error("a void certificate was handed out")
	}
}

// A version is void by the time its drawing is to be kept: the bytes go, the record stays as it is.
func TestVoidWhileBeingDrawn(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	id := uint64(0)
	if err := s.view(func(t *txn) (err error) { id, _, err = t.certificate(a.Certificate); return err }); err != nil {
		t.Fatal(err)
	}
	sh, err := s.prepare(id, 1)
	if err == nil {
		err = s.draw(sh)
	}
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, "deng.city", a.Reference, takingBack(s, clock))
	if err := s.keep([]*sheet{sh}); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Certificate(actor(t, s, "li.admin"), a.Certificate); err != nil || c.Versions[0].File != "" {
		t.Errorf("%v: a void version was given bytes", err)
	}
	if _, err := s.Blob(hashOf(sh.pdf)); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want that the bytes are gone", err)
	}
}

func TestFullDiskWhileDrawing(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	s.create = func(path string) (syncedFile, error) {
		f, err := createFile(path)
		return &fullDisk{f, 100}, err
	}
	if _, err := s.DrawOwed(context.Background(), nil); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want that the disk is full", err)
	}
	if _, err := s.Paper(actor(t, s, "li.admin"), a.Certificate, review.OnPaper); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want that the disk is full", err)
	}
	if left := filesIn(t, filepath.Join(s.dir, partFolder)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	s.create = createFile
	drawOwed(t, s, 1)
	paper(t, s, a.Certificate)
}

// Bytes that rot are found by check, and never leave.
func TestRottenBytesNeverLeave(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	p := paper(t, s, a.Certificate)
	path := s.blobPath(p.Version.File)
	rotten := bytes.Replace(p.PDF, []byte("CD"), []byte("cd"), 1)
	if err := os.WriteFile(path, rotten, fileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Paper(actor(t, s, "li.admin"), a.Certificate, review.OnPaper); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	findings, err := s.Check(context.Background(), nil)
	if err != nil || len(findings) != 1 || findings[0].Kind != Attachment || findings[0].What != p.Version.File {
		t.Errorf("got %v, %v, want that the bytes are not what was written", findings, err)
	}
	if err := os.WriteFile(path, p.PDF, fileMode); err != nil {
		t.Fatal(err)
	}
}

// Versions that came by a load are drawn when somebody asks, not all at once.
func TestLoadedVersionsAreDrawnWhenAskedFor(t *testing.T) {
	s := newStore(t)
	if err := s.Load("li.admin", crowd(100), clock, nil); err != nil {
		t.Fatal(err)
	}
	drawOwed(t, s, 0)
	page, err := s.Page(Queue{Name: Certificates, By: actor(t, s, "li.admin")}, "", true, 1)
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("%v: no certificate", err)
	}
	number := page.Rows[0].Certificate.Number
	if p := paper(t, s, number); p.Version.Look == "" || !strings.Contains(string(p.PDF), "first look") {
		t.Errorf("drawn with the look %q", p.Version.Look)
	}
}

func TestNoRenderer(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := approved(t, s, 1)
	if _, err := s.Paper(actor(t, s, "li.admin"), a.Certificate, review.OnPaper); !errors.Is(err, ErrNoRenderer) {
		t.Errorf("got %v, want ErrNoRenderer", err)
	}
	if n, err := s.DrawOwed(context.Background(), nil); n != 0 || err != nil {
		t.Errorf("drew %d, %v", n, err)
	}
	wantClean(t, s)
}
