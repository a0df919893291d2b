package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"rongzheng/review"
)

// TestPostingReadsAsFarAsAsked: in whatever order ids are asked for, the answer is that of the whole list.
func TestPostingReadsAsFarAsAsked(t *testing.T) {
	s := newStore(t)
	for n := range 40 {
		submit(t, s, n)
	}
	r := rand.New(rand.NewPCG(1, 2))
	err := s.view(func(t2 *txn) error {
		for _, term := range []string{"n王\x00", "n芳\x00", "n司马\x00", "n龘\x00", "n\x00", "zz\x00"} {
			whole := slices.Collect(t2.posting(term))
			for range 20 {
				p := t2.postings([]string{term})[0]
				for range 30 {
					id := uint64(r.IntN(200))
					if got, want := p.has(id), slices.Contains(whole, id); got != want {
						return fmt.Errorf("%q has %d: %v, want %v", term, id, got, want)
					}
				}
				if p.read > len(whole) {
					return fmt.Errorf("%q: %d keys read of %d", term, p.read, len(whole))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCommonWords: words that are too common to be gathered find the same as when every record is looked at.
func TestCommonWords(t *testing.T) {
	s := newStore(t)
	const n = 2300
	all := make([]review.Application, n)
	for i := range n {
		all[i] = loadable(i)
	}
	if err := s.Load("li.admin", records(all), clock, nil); err != nil {
		t.Fatal(err)
	}
	by := actor(t, s, "zhou.wuhou")
	for _, text := range []string{"王", "王 强", "王强", "强", "王 li", "强 王 wang"} {
		list := words(text)
		var want []string
		for i := range all {
			h := applicationHead(&all[i])
			if matchesAll(list, &h) {
				want = append(want, all[i].Reference)
			}
		}
		got := readAll(t, s, Queue{Name: Pending, By: by, Text: text}, 50, true)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %d rows, want %d", text, len(got), len(want))
		}
		rows, err := s.Find(by, text, n)
		if err != nil || len(rows) != len(want) {
			t.Errorf("find %q: %d, want %d, %v", text, len(rows), len(want), err)
		}
	}
}

func loadable(i int) review.Application {
	sub, _ := smallSubmission(i)
	sub.Form.Set("name", []string{"王强", "王芳", "李强", "王小强"}[i%4])
	return review.Application{
		Reference: fmt.Sprintf("SQ%012d", i), Version: 1, Revision: 1, Kind: review.First, State: review.InReview, Level: 1, Levels: 3,
		Area: "510107", SubmittedAt: clock, DueOn: review.DateOf(clock).AddDays(i * 7919 % 30), EnteredBy: "portal", EnteredRole: review.Portal,
		Form: sub.Form, Consent: sub.Consent, Policy: "2026-01-01", ChangedAt: clock, ChangedBy: "portal", ChangedTo: review.Submit,
	}
}

func records(all []review.Application) func(yield func(Record, error) bool) {
	return func(yield func(Record, error) bool) {
		for i := range all {
			if !yield(Record{Application: all[i]}, nil) {
				return
			}
		}
	}
}
