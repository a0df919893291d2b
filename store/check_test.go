package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// wantFinding checks the store and wants exactly one finding: of the kind, about what.
func wantFinding(t *testing.T, s *Store, kind Kind, what string) {
	t.Helper()
	findings, err := s.Check(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != 1 || findings[0].Kind != kind || findings[0].What != what {
		t.Errorf("got findings %v, want one of kind %s about %s", findings, kind, what)
	}
}

// kindsOf checks the store and returns the kinds of what it finds, each once.
func kindsOf(t *testing.T, s *Store) []Kind {
	t.Helper()
	findings, err := s.Check(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []Kind
	for _, f := range findings {
		kinds = append(kinds, f.Kind)
		if strings.Contains(f.String(), identity(1)) || strings.Contains(f.String(), nameOf(1)) {
			t.Errorf("a finding names the person: %s", f)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func TestDamageIsFoundAndRepaired(t *testing.T) {
	drop := func(tr tree) func(x *txn) error { // the first key of the tree
		return func(x *txn) error {
			key, _ := x.in(tr).Cursor().First()
			return x.in(tr).Delete(key)
		}
	}
	add := func(tr tree) func(x *txn) error { // one key too many
		return func(x *txn) error {
			key, value := x.in(tr).Cursor().First()
			key = append([]byte(nil), key...)
			key[0]++
			return x.in(tr).Put(key, append([]byte(nil), value...))
		}
	}
	tests := map[string]struct {
		damage func(x *txn) error
		want   []Kind
	}{
		"count wrong":       {func(x *txn) error { k, _ := x.in(counts).Cursor().First(); return x.in(counts).Put(k, idKey(77)) }, []Kind{Counted}},
		"count missing":     {drop(counts), []Kind{Counted}},
		"reference missing": {drop(references), []Kind{Index}},
		"reference extra":   {add(references), []Kind{Index}},
		"number missing":    {drop(numbers), []Kind{Index, Damage}},
		"person missing":    {drop(people), []Kind{Index}},
		"person extra":      {add(people), []Kind{Index}},
		"list missing":      {drop(lists), []Kind{Index}},
		"list extra":        {add(lists), []Kind{Index}},
		"term missing":      {drop(terms), []Kind{Index}},
		"term extra":        {add(terms), []Kind{Index}},
		"file missing":      {drop(files), []Kind{Index}},
		"log missing":       {drop(log), []Kind{Index}},
		"log extra":         {add(log), []Kind{Index}},
		"sequence behind":   {func(x *txn) error { return x.in(sequences).Put([]byte("CD-2026"), idKey(0)) }, []Kind{Sequence}},
		"head of another":   {swapHead, []Kind{Index}},
		"small orphan":      {func(x *txn) error { return x.putBlob(hashOf([]byte("left")), []byte("left")) }, []Kind{Orphan}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			a := approved(t, s, 1)
			b := submit(t, s, 2)
			if err := s.update(test.damage); err != nil {
				t.Fatal(err)
			}
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, kindsOf(t, s)); diff != "" {
				t.Fatalf("kinds of findings (-want +got):\n%s", diff)
			}
			if err := s.Repair("li.admin", clock, nil); err != nil {
				t.Fatal(err)
			}
			wantClean(t, s)
			wantWhole(t, s, a, b)
		})
	}
}

// swapHead gives an application the head that it would have elsewhere.
func swapHead(x *txn) error {
	key, value := x.in(applications).Cursor().First()
	var a review.Application
	if err := decode(value, &a); err != nil {
		return err
	}
	a.Area = "510104"
	h := applicationHead(&a)
	_, body, err := split(value)
	if err != nil {
		return err
	}
	return x.in(applications).Put(clone(key), joinHead(&h, clone(body)))
}

// wantWhole checks that everything works on after a repair.
func wantWhole(t *testing.T, s *Store, approved, waiting review.Application) {
	t.Helper()
	by := actor(t, s, "li.admin")
	for _, want := range []review.Application{approved, waiting} {
		got, err := s.Application(by, want.Reference)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameDates); diff != "" {
			t.Errorf("after repair (-want +got):\n%s", diff)
		}
	}
	for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
		waiting = change(t, s, reviewer, waiting.Reference, approval(s, clock))
	}
	if waiting.Certificate != "CD-2026-000002" {
		t.Errorf("got certificate %s after repair, want CD-2026-000002", waiting.Certificate)
	}
	events, err := s.Events(by, 1, -1)
	if err != nil || !slices.ContainsFunc(events, func(e review.Event) bool { return e.Action == review.Repaired }) {
		t.Errorf("the repair is not in the log, %v", err)
	}
}

func TestOrphanFileIsRemoved(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	data := []byte(strings.Repeat("left behind ", 1000))
	if err := s.writeBlob(hashOf(data), data); err != nil {
		t.Fatal(err)
	}
	wantFinding(t, s, Orphan, hashOf(data))
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	wantClean(t, s)
}

func TestRepairNeedsAnAdministrator(t *testing.T) {
	s := newStore(t)
	for _, by := range []string{"wu.city", "xu.audit", "portal", "ma.clerk"} {
		if err := s.Repair(by, clock, nil); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s: got %v, want ErrDenied", by, err)
		}
	}
}

func TestUnreadableRecordCannotBeRepaired(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	var whole []byte
	spoilRecord := func(x *txn) error {
		key, value := x.in(applications).Cursor().First()
		whole = append(whole, value...)
		return x.in(applications).Put(clone(key), clone(value[:len(value)-1]))
	}
	if err := s.update(spoilRecord); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Application(actor(t, s, "portal"), a.Reference); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if !slices.Contains(kindsOf(t, s), Damage) {
		t.Error("check does not find the record")
	}
	if err := s.Repair("li.admin", clock, nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if left, err := filepath.Glob(filepath.Join(s.dir, "rongzheng.*")); len(left) != 1 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
	restore := func(x *txn) error {
		key, _ := x.in(applications).Cursor().First()
		return x.in(applications).Put(clone(key), whole)
	}
	if err := s.update(restore); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFindsADamagedPage(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	for n := range 20 {
		submit(t, s, n)
	}
	var page int64
	if err := s.view(func(x *txn) error { page = int64(x.in(applications).Root()); return nil }); err != nil {
		t.Fatal(err)
	}
	size := int64(s.db.Info().PageSize)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if page == 0 {
		t.Fatal("the applications lie within another page")
	}
	f, err := os.OpenFile(filepath.Join(dir, fileName), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("?", 64)), page*size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := kindsOf(t, s); !slices.Contains(got, Structure) {
		t.Errorf("got findings of kinds %v, want %s", got, Structure)
	}
}

// Whatever is written over the file, opening it and checking it end with an answer, and so does reading.
func TestAnyDamageGetsAnAnswer(t *testing.T) {
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	for n := range 20 {
		submit(t, s, n)
	}
	approved(t, s, 20)
	var used int
	if err := s.view(func(x *txn) error { used = int(x.Size()); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	for range 60 {
		data := slices.Clone(whole)
		at := 2*os.Getpagesize() + r.IntN(used-3*os.Getpagesize()) // not the two pages of which one is spare
		for i := range 8 {
			data[at+i] ^= byte(1 + r.IntN(255))
		}
		if err := os.WriteFile(path, data, fileMode); err != nil {
			t.Fatal(err)
		}
		if answers(t, dir) {
			noticed++
		}
	}
	if noticed == 0 {
		t.Error("no damage was noticed")
	}
	if err := os.WriteFile(path, whole, fileMode); err != nil {
		t.Fatal(err)
	}
}

// answers reads everything there is to read and reports whether anything was found wrong.
func answers(t *testing.T, dir string) bool {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		return true
	}
	findings, err := s.Check(context.Background(), nil)
	by := deskAccounts[0]
	_, errPage := s.Page(Queue{Name: All, By: by}, "", true, 100)
	_, errFind := s.Find(by, "王", 10)
	_, errEvents := s.Events(by, 0, -1)
	return errors.Join(err, errPage, errFind, errEvents, s.Close()) != nil || len(findings) > 0
}

// TestProgressGoesToTheEnd: whoever waits sees the bar move through all of the work, never back.
func TestProgressGoesToTheEnd(t *testing.T) {
	s := newStore(t)
	if err := s.Load("li.admin", crowd(2000), clock, nil); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(tell func(done, total int)) error{
		"check": func(tell func(done, total int)) error {
			_, err := s.Check(t.Context(), tell)
			return err
		},
		"repair": func(tell func(done, total int)) error { return s.Repair("li.admin", clock, tell) },
	} {
		t.Run(name, func(t *testing.T) {
			last, whole, records := 0, 0, int(s.counted(t))
			after := 0
			err := run(func(done, total int) {
				if done < last || done > total || whole != 0 && total != whole {
					t.Errorf("%d of %d after %d of %d", done, total, last, whole)
				}
				if last, whole = done, total; done > records && done < total {
					after++
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if last == 0 || last != whole {
				t.Errorf("ended at %d of %d", last, whole)
			}
			if after == 0 {
				t.Error("nothing is told of what comes after the records")
			}
		})
	}
}

// counted is how many records there are by the sequences.
func (s *Store) counted(t *testing.T) (n uint64) {
	t.Helper()
	err := s.view(func(t *txn) error {
		n = t.in(applications).Sequence() + t.in(events).Sequence()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCheckStopsWhenAsked(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Check(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// TestCheckHoldsWholeHashes: the index of files knows only half of each hash; a record whose other half is wrong is found
// all the same.
func TestCheckHoldsWholeHashes(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	sha := a.Attachments[0].SHA256
	name := func(sha string) error {
		return s.update(func(x *txn) error {
			id, a, err := x.application(a.Reference)
			if err != nil {
				return err
			}
			a.Attachments[0].SHA256 = sha
			h := applicationHead(&a)
			value, err := encode(&h, &a)
			if err != nil {
				return err
			}
			return x.in(applications).Put(idKey(id), value)
		})
	}
	if err := name(sha[:32] + strings.Repeat("0", 32)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Kind{Attachment, Orphan}, kindsOf(t, s)); diff != "" {
		t.Errorf("kinds of findings (-want +got):\n%s", diff)
	}
	if err := name(sha); err != nil { // the helper's own check at the end wants it clean
		t.Fatal(err)
	}
}

// TestCheckTellsRepeatedLooks: many events may yield one and the same key.
func TestCheckTellsRepeatedLooks(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	for range 3 {
		e := review.Event{Action: review.ViewFile, Reference: a.Reference, Target: a.Attachments[0].SHA256}
		if err := s.Record("zhou.wuhou", e, clock); err != nil {
			t.Fatal(err)
		}
	}
	wantClean(t, s)
	err := s.update(func(x *txn) error {
		key, _ := x.in(seen).Cursor().First()
		return x.in(seen).Delete(key)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantFinding(t, s, Index, a.Reference)
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
}
