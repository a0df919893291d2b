package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// issuedAt loads certificates that were issued at the times, numbered backwards, in two districts by turns.
func issuedAt(t *testing.T, s *Store, times ...time.Time) {
	t.Helper()
	records := func(yield func(Record, error) bool) {
		for i, at := range times {
			c := review.Certificate{
				Number: review.FormatNumber("CD", 2026, len(times)-i), Person: review.PersonKey{Type: review.ResidentCard, Number: identity(i)},
				Versions: []review.CertificateVersion{{
					Version: 1, ValidUntil: review.NewDate(2029, 1, 1), Form: firstForm(i), Area: []string{"510107", "510104"}[i%2], IssuedAt: at,
				}},
			}
			if !yield(Record{Certificate: &c}, nil) {
				return
			}
		}
	}
	if err := s.Load("li.admin", records, clock, nil); err != nil {
		t.Fatal(err)
	}
}

// The day is that of Asia/Shanghai, from its first moment to its last, and only what the account sees is on the list.
func TestIssuedOn(t *testing.T) {
	s := newStore(t)
	day := review.NewDate(2026, 3, 2)
	first, end := day.Time(), day.AddDays(1).Time()
	issuedAt(t, s, first.Add(-time.Microsecond), first, first.Add(time.Hour), end.Add(-time.Microsecond), end, time.Time{})
	for name, want := range map[string][]string{
		"li.admin":    {"CD-2026-000003", "CD-2026-000004", "CD-2026-000005"},
		"zhou.wuhou":  {"CD-2026-000004"},
		"he.jinjiang": {"CD-2026-000003", "CD-2026-000005"},
	} {
		got, err := s.IssuedOn(actor(t, s, name), day)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	for _, none := range []review.Date{day.AddDays(7), review.NewDate(1969, 12, 31), {}} {
		if got, err := s.IssuedOn(actor(t, s, "li.admin"), none); err != nil || len(got) > 0 {
			t.Errorf("%s: %v, %v", none, got, err)
		}
	}
	if _, err := s.IssuedOn(review.Actor{}, day); !errors.Is(err, review.ErrDenied) {
		t.Errorf("nobody: %v, want ErrDenied", err)
	}
}

// A day of more certificates than one batch is read whole, even where all have one time.
func TestIssuedOnReadsOn(t *testing.T) {
	s := newStore(t)
	times := make([]time.Time, 2*standingsBatch+1)
	for i := range times {
		times[i] = clock
	}
	issuedAt(t, s, times...)
	got, err := s.IssuedOn(actor(t, s, "li.admin"), review.DateOf(clock))
	if err != nil || len(got) != len(times) || got[0] != "CD-2026-000001" {
		t.Errorf("%d numbers, %v", len(got), err)
	}
}
