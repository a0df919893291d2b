package store

import (
	"context"
	"errors"
	"sync"
	"testing"

	"rongzheng/review"
)

// Many desks at once, while the file is repaired and checked: every decision that was acknowledged is there, nothing else
// is, and all is clean.
func TestManyDesksTogether(t *testing.T) {
	s := newStore(t)
	const each, desks = 12, 4
	var work sync.WaitGroup
	for desk := range desks {
		work.Go(func() {
			for n := range each {
				sub, data := firstSubmission(desk*each + n)
				if _, err := s.Submit("portal", sub, data, clock); err != nil {
					t.Error(err)
				}
			}
		})
		work.Go(func() { decideAll(t, s, each*desks) })
		work.Go(func() { readAround(t, s) })
	}
	work.Go(func() {
		for range 3 {
			if err := s.Repair("li.admin", clock, nil); err != nil {
				t.Error(err)
			}
			if _, err := s.Check(context.Background(), nil); err != nil {
				t.Error(err)
			}
		}
	})
	work.Wait()
	decideAll(t, s, each*desks)
	counts, err := s.Counts(actor(t, s, "li.admin"))
	if err != nil || counts[Approved] != each*desks || counts[Certificates] != each*desks {
		t.Errorf("got %v, %v, want %d approved with a certificate each", counts, err, each*desks)
	}
}

// decideAll approves whatever it may of the first n, at every level.
func decideAll(t *testing.T, s *Store, n int) {
	for i := range n {
		for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
			_, err := s.Change(reviewer, reference(i), 0, clock, approval(s, clock))
			if err != nil && !errors.Is(err, review.ErrDenied) && !errors.Is(err, review.ErrNotFound) {
				t.Error(err)
			}
		}
	}
}

func readAround(t *testing.T, s *Store) {
	by, err := s.Account("wu.city")
	if err != nil {
		t.Error(err)
	}
	for range 20 {
		_, errCounts := s.Counts(by)
		page, errPage := s.Page(Queue{Name: Waiting, By: by}, "", true, 10)
		rows, errFind := s.Find(by, "王", 10)
		if err := errors.Join(errCounts, errPage, errFind); err != nil {
			t.Error(err)
		}
		for _, row := range append(page.Rows, rows...) {
			if row.Application != nil && row.Application.Reference == "" {
				t.Error("an empty row")
			}
		}
	}
}
