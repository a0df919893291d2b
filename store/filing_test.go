package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// typedFiling is the nth person's first registration as it is typed at the counter.
func typedFiling(n int) (review.Filing, map[string][]byte) {
	sub, data := firstSubmission(n)
	return review.Filing{
		Person: review.PersonKey{Type: review.ResidentCard, Number: identity(n)}, Kind: review.First, Form: sub.Form,
		Attachments: sub.Attachments, Consent: sub.Consent, StartedAt: clock, ChangedAt: clock,
	}, data
}

func keep(t testing.TB, s *Store, f review.Filing, data map[string][]byte, at time.Time) {
	t.Helper()
	if err := s.SaveFiling("ma.clerk", f, data, at); err != nil {
		t.Fatal(err)
	}
}

func TestFilingsAreKept(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	other, _ := typedFiling(2)
	other.Attachments = nil
	keep(t, s, other, nil, clock.Add(time.Minute))
	reopen(t, s)
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	got, err := s.Filing("ma.clerk", f.ID())
	if diff := cmp.Diff(f, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	list, err := s.Filings("ma.clerk", clock)
	if err != nil || len(list) != 2 || list[0].Person != other.Person {
		t.Errorf("%v: %d drafts, want the later one first", err, len(list))
	}
	for _, at := range f.Attachments {
		if _, err := s.Blob(at.SHA256); err != nil {
			t.Error(err)
		}
	}
}

// TestFilingsKeepTheirFiles, and give back what they do not name any more: the check at the end finds no orphan.
func TestFilingsKeepTheirFiles(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	small, large := f.Attachments[0].SHA256, f.Attachments[2].SHA256
	f.Attachments = f.Attachments[3:]
	keep(t, s, f, nil, clock)
	for _, sha := range []string{small, large} {
		if _, err := s.Blob(sha); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("%s: got %v, want it gone", sha[:8], err)
		}
	}
	wantClean(t, s)
	if err := s.DropFiling("ma.clerk", f.ID()); err != nil {
		t.Fatal(err)
	}
	if err := s.DropFiling("ma.clerk", f.ID()); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestFilesOfOthersStay: what a record or another filing names outlives a filing.
func TestFilesOfOthersStay(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	f, _ := typedFiling(1)
	keep(t, s, f, nil, clock)
	if err := s.DropFiling("ma.clerk", f.ID()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Blob(f.Attachments[2].SHA256); err != nil {
		t.Error(err)
	}
}

// TestFilesOfAFilingThatCannotBeReadStay: it may name anything, and whoever mends it needs what it names.
func TestFilesOfAFilingThatCannotBeReadStay(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	other, _ := typedFiling(2)
	other.Attachments = f.Attachments
	keep(t, s, other, nil, clock)
	var whole []byte
	write := func(change func(b *bolt.Bucket, key []byte) error) {
		t.Helper()
		if err := s.db.Update(func(tx *bolt.Tx) error {
			return change(tx.Bucket([]byte(filingsName)), filingKey("ma.clerk", other.ID()))
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(func(b *bolt.Bucket, key []byte) error {
		whole = bytes.Clone(b.Get(key))
		return b.Put(key, []byte("{"))
	})
	if err := s.DropFiling("ma.clerk", f.ID()); err != nil {
		t.Fatal(err)
	}
	for _, at := range f.Attachments {
		if _, err := s.Blob(at.SHA256); err != nil {
			t.Errorf("%s: %v", at.Slot, err)
		}
	}
	write(func(b *bolt.Bucket, key []byte) error { return b.Put(key, whole) })
}

func TestFile(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	f.Attachments = append(f.Attachments, review.Attachment{ // of a question that is not asked: it goes with the draft
		Slot: "community_proof", File: "p.jpg", SHA256: hashOf([]byte("proof")), Size: 5, Type: review.TypeJPEG, Width: 900, Height: 900,
	})
	data[hashOf([]byte("proof"))] = []byte("proof")
	keep(t, s, f, data, clock)
	a, err := s.File("ma.clerk", f.ID(), clock)
	if err != nil {
		t.Fatal(err)
	}
	if a.Reference != "CK202611160001" || a.State != review.InReview || a.EnteredBy != "ma.clerk" || len(a.Attachments) != 5 {
		t.Errorf("%+v", a)
	}
	reopen(t, s)
	stored, err := s.Application(actor(t, s, "ma.clerk"), a.Reference)
	if diff := cmp.Diff(a, stored, sameDates); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := s.Filing("ma.clerk", f.ID()); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("the draft is still there: %v", err)
	}
	if _, err := s.Change("zhou.wuhou", a.Reference, 0, clock, approval(s, clock)); err != nil {
		t.Error(err)
	}
}

// TestReferencesFollowEachOther within a day, and pass over one that is taken.
func TestReferencesFollowEachOther(t *testing.T) {
	s := newStore(t)
	taken, files := firstSubmission(9)
	taken.Reference = "CK202611160002"
	if _, err := s.Submit("ma.clerk", taken, files, clock); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"CK202611160001", "CK202611160003", "CK202611170001"} {
		f, data := typedFiling(i + 1)
		at := clock
		if i == 2 {
			at = clock.AddDate(0, 0, 1)
		}
		keep(t, s, f, data, at)
		if a, err := s.File("ma.clerk", f.ID(), at); err != nil || a.Reference != want {
			t.Errorf("%v: got %s, want %s", err, a.Reference, want)
		}
	}
}

// TestRefusedFilingStays with everything that was typed, and costs no number.
func TestRefusedFilingStays(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	f, data := typedFiling(1)
	f.Form.Set("mobile", "12")
	keep(t, s, f, data, clock)
	_, err := s.File("ma.clerk", f.ID(), clock)
	form, ok := errors.AsType[*review.FormError](err)
	if !ok || len(form.Problems) != 2 {
		t.Fatalf("got %v, want the mobile and the application in review", err)
	}
	if got, err := s.Filing("ma.clerk", f.ID()); err != nil || got.Form.Get("mobile") != "12" {
		t.Errorf("%v: %+v", err, got)
	}
	other, files := typedFiling(2)
	keep(t, s, other, files, clock)
	if a, err := s.File("ma.clerk", other.ID(), clock); err != nil || a.Reference != "CK202611160001" {
		t.Errorf("%v: %s", err, a.Reference)
	}
}

// TestWithdrawnEditedRefusedFollowed goes through a life at the counter.
func TestWithdrawnEditedRefusedFollowed(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	a, err := s.File("ma.clerk", f.ID(), clock)
	if err != nil {
		t.Fatal(err)
	}
	a = change(t, s, "ma.clerk", a.Reference, withdrawal(s, clock))
	edited := review.AgainFrom(&a, s.policy, clock)
	edited.Consent = review.Consent{Privacy: clock, Truth: clock}
	edited.Form.Set("major", "法学")
	keep(t, s, edited, nil, clock)
	b, err := s.File("ma.clerk", edited.ID(), clock)
	if err != nil || b.Reference != a.Reference || b.Revision != 2 || b.Form.Get("major") != "法学" {
		t.Fatalf("%v: %+v", err, b)
	}
	b = change(t, s, "zhou.wuhou", b.Reference, rejection(s, clock))
	again := review.AgainFrom(&b, s.policy, clock)
	again.Consent = edited.Consent
	keep(t, s, again, nil, clock)
	c, err := s.File("ma.clerk", again.ID(), clock)
	if err != nil || c.Follows != b.Reference || c.Reference != "CK202611160002" {
		t.Fatalf("%v: %+v", err, c)
	}
	k, err := s.Known("ma.clerk", f.Person)
	if err != nil || len(k.Applications) != 2 || k.Applications[0].Reference != c.Reference || k.Facts.InReview != c.Reference {
		t.Errorf("%v: %+v", err, k)
	}
}

// TestFilingsExpire with their files, whoever typed them.
func TestFilingsExpire(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	late := clock.AddDate(0, 0, s.policy.Counter.DraftDays).Add(time.Second)
	if list, err := s.Filings("ma.clerk", late); err != nil || len(list) != 0 {
		t.Errorf("%v: %d drafts", err, len(list))
	}
	if _, err := s.Blob(f.Attachments[2].SHA256); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("the file is still there: %v", err)
	}
}

// TestKnownStaysInScope: a clerk of another area learns what the rules need, and nothing of the answers.
func TestKnownStaysInScope(t *testing.T) {
	s := newStore(t)
	if err := s.AddAccount("li.admin", review.Account{Name: "bai.clerk", Role: review.Clerk, Areas: []string{"510104"}}, clock); err != nil {
		t.Fatal(err)
	}
	a := approved(t, s, 1)
	k, err := s.Known("bai.clerk", a.Applicant())
	if err != nil || k.InScope || k.Hidden != 1 || len(k.Applications) != 0 || k.Name() != "" {
		t.Fatalf("%v: %+v", err, k)
	}
	if c := k.Facts.Certificate; c.Number != a.Certificate || c.ValidUntil().IsZero() || len(c.Current().Form) != 0 || c.Current().Portrait != "" {
		t.Errorf("%+v", c)
	}
	if k, err = s.Known("ma.clerk", a.Applicant()); err != nil || !k.InScope || k.Name() != nameOf(1) {
		t.Errorf("%v: %+v", err, k)
	}
}

func TestOnlyClerksFileAtTheCounter(t *testing.T) {
	s := newStore(t)
	f, _ := typedFiling(1)
	f.Attachments = nil
	for _, account := range []string{"zhou.wuhou", "li.admin", "portal", "xu.audit"} {
		if err := s.SaveFiling(account, f, nil, clock); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s keeps a draft: %v", account, err)
		}
		if _, err := s.Known(account, f.Person); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s looks a person up: %v", account, err)
		}
	}
	if _, err := s.Filing("ma.clerk", f.ID()); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestFilingNeedsItsBytes(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	if err := s.SaveFiling("ma.clerk", f, nil, clock); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("without bytes: %v", err)
	}
	data[f.Attachments[2].SHA256] = []byte("other")
	if err := s.SaveFiling("ma.clerk", f, data, clock); !errors.Is(err, ErrDamaged) {
		t.Errorf("other bytes: %v", err)
	}
	if list, err := s.Filings("ma.clerk", clock); err != nil || len(list) != 0 {
		t.Errorf("%v: %d drafts", err, len(list))
	}
}

// TestFullDiskKeepsTheEarlierFiling.
func TestFullDiskKeepsTheEarlierFiling(t *testing.T) {
	s := newStore(t)
	f, data := typedFiling(1)
	keep(t, s, f, data, clock)
	s.create = func(string) (syncedFile, error) { return nil, errors.New("no space left on device") }
	more, content := f, bytes.Repeat([]byte("scan"), 1000)
	more.Attachments = append(more.Attachments[:0:0], f.Attachments...)
	more.Attachments[2].SHA256 = hashOf(content)
	if err := s.SaveFiling("ma.clerk", more, map[string][]byte{hashOf(content): content}, clock); err == nil {
		t.Fatal("want an error")
	}
	got, err := s.Filing("ma.clerk", f.ID())
	if diff := cmp.Diff(f, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestFilingsSurviveAKill: what was acknowledged before the power went is there.
func TestFilingsSurviveAKill(t *testing.T) {
	if dir := os.Getenv("RONGZHENG_FILINGS"); dir != "" {
		typeForEver(dir)
	}
	dir := t.TempDir()
	if err := newStoreIn(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFilingsSurviveAKill$")
	cmd.Env = append(os.Environ(), "RONGZHENG_FILINGS="+dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for lines := bufio.NewScanner(out); acknowledged < 20 && lines.Scan(); {
		fmt.Sscanf(lines.Text(), "typed %d", &acknowledged)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	s := openStore(t, dir, Options{Timeout: 2 * time.Minute})
	f, _ := typedFiling(1)
	got, err := s.Filing("ma.clerk", f.ID())
	if n := len([]rune(got.Form.Get("address"))); err != nil || acknowledged < 20 || n < acknowledged {
		t.Errorf("%v: %d characters, want at least the %d that were acknowledged", err, n, acknowledged)
	}
}

func typeForEver(dir string) {
	s := must(Open(dir, Options{}))
	f, data := typedFiling(1)
	f.Form.Set("address", "")
	for n := 1; ; n++ {
		f.Form.Set("address", f.Form.Get("address")+"浆")
		if err := s.SaveFiling("ma.clerk", f, data, clock); err != nil {
			panic(err)
		}
		fmt.Println("typed", n)
	}
}
