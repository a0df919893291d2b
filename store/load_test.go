package store

import (
	"bytes"
	"errors"
	"iter"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func TestLoad(t *testing.T) {
	s := newStore(t)
	const n = 500
	want := slices.Collect(first2(crowd(n)))
	told := 0
	if err := s.Load("li.admin", crowd(n), clock, func(done int) { told = done }); err != nil {
		t.Fatal(err)
	}
	if told != n {
		t.Errorf("told of %d records, want %d", told, n)
	}
	wantClean(t, s)
	reopen(t, s)
	by := actor(t, s, "li.admin")
	for _, r := range want {
		got, err := s.Application(by, r.Application.Reference)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r.Application, got, sameDates); diff != "" {
			t.Fatalf("application (-want +got):\n%s", diff)
		}
		for sha := range r.Files {
			if _, err := s.Blob(sha); err != nil {
				t.Fatal(err)
			}
		}
	}
	counts, err := s.Counts(by)
	if err != nil || counts[All] != n || counts[Waiting] != n/50 {
		t.Errorf("got %v, %v, want %d in all, %d waiting", counts, err, n, n/50)
	}
	if left, err := filepath.Glob(filepath.Join(s.dir, "rongzheng.*")); len(left) != 1 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := s.Load("li.admin", crowd(1), clock, nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("load again: got %v, want ErrNotEmpty", err)
	}
	submit(t, s, 600)
}

// first2 yields the first values of pairs.
func first2[A, B any](pairs iter.Seq2[A, B]) iter.Seq[A] {
	return func(yield func(A) bool) {
		for a := range pairs {
			if !yield(a) {
				return
			}
		}
	}
}

func TestLoadRefusesWhole(t *testing.T) {
	errSource := errors.New("the source broke")
	twice := func(yield func(Record, error) bool) {
		for i := range 2 {
			r := member(1, "510107", 10)
			r.Application.Follows = []string{"", "X"}[i]
			if !yield(r, nil) {
				return
			}
		}
	}
	inReview := func(yield func(Record, error) bool) {
		for i := range 2 {
			r := member(0, "510107", 10)
			r.Application.Reference = []string{"A", "B"}[i]
			if !yield(r, nil) {
				return
			}
		}
	}
	broken := func(yield func(Record, error) bool) {
		r := member(1, "510107", 10)
		large := bytes.Repeat([]byte("large"), 1000)
		r.Files[hashOf(large)] = large
		_ = yield(r, nil) && yield(Record{}, errSource)
	}
	wrongHash := func(yield func(Record, error) bool) {
		yield(Record{Files: map[string][]byte{hashOf(nil): []byte("x")}}, nil)
	}
	var rule *review.RuleError
	for name, test := range map[string]struct {
		records iter.Seq2[Record, error]
		want    func(error) bool
	}{
		"twice":      {twice, func(err error) bool { return errors.Is(err, review.ErrExists) }},
		"in review":  {inReview, func(err error) bool { return errors.As(err, &rule) && rule.Code == "in_review" }},
		"broken":     {broken, func(err error) bool { return errors.Is(err, errSource) }},
		"wrong hash": {wrongHash, func(err error) bool { return errors.Is(err, ErrDamaged) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			if err := s.Load("li.admin", test.records, clock, nil); !test.want(err) {
				t.Errorf("got %v", err)
			}
			wantClean(t, s)
			if counts, err := s.Counts(actor(t, s, "li.admin")); err != nil || counts[All] != 0 {
				t.Errorf("got %v, %v, want nothing", counts, err)
			}
			submit(t, s, 1)
		})
	}
}

// More than fits into memory goes through sorted runs and comes out in order, of equal keys the last one last.
func TestSorterMergesRuns(t *testing.T) {
	s, err := newSorter(filepath.Join(t.TempDir(), sortName))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 1000 {
		key := idKey(uint64(i * 7919 % 500))
		if err := s.add(lists, key, idKey(uint64(i))); err != nil {
			t.Fatal(err)
		}
		want = append(want, string(key)+string(idKey(uint64(i))))
		if i%90 == 0 {
			if err := s.flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.Sort(want)
	var got []string
	for e, err := range s.sorted() {
		if err != nil || e.tree != lists {
			t.Fatal(e.tree, err)
		}
		got = append(got, string(e.key)+string(e.value))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d entries out of order, want %d in order", len(got), len(want))
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}
