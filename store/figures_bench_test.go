package store

import (
	"testing"

	"rongzheng/review"
)

// BenchmarkFigures reads what the overview shows of a quarter and of a year: all areas, levels, reviewers and reasons.
func BenchmarkFigures(b *testing.B) {
	for name, from := range map[string]review.Date{
		"quarter": review.PeriodOf(review.Quarter, review.DateOf(clock), 0).From, "year": review.PeriodOf(review.Year, review.DateOf(clock), 0).From,
	} {
		b.Run(name, func(b *testing.B) {
			atSizes(b, func(b *testing.B, s *Store, n int) {
				by, err := s.Account("li.admin")
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					f, err := s.Figures(by, from)
					if err != nil || len(f.Cells) == 0 {
						b.Fatalf("%d cells, %v", len(f.Cells), err)
					}
				}
			})
		})
	}
}

// BenchmarkEndings reads what the expiry screen shows, and a page of the list behind it from the middle of its year.
func BenchmarkEndings(b *testing.B) {
	today := review.DateOf(clock)
	for name, read := range map[string]func(s *Store, by review.Actor) (int, error){
		"numbers": func(s *Store, by review.Actor) (int, error) {
			e, err := s.Endings(by, review.Period{To: today.AddYears(4)})
			return len(e), err
		},
		"page": func(s *Store, by review.Actor) (int, error) {
			in := review.Period{From: today.AddYears(3).AddDays(-100), To: today.AddYears(4)}
			rows, _, err := s.Ending(EndingQuery{By: by, In: in}, "", 20)
			return len(rows), err
		},
	} {
		b.Run(name, func(b *testing.B) {
			atSizes(b, func(b *testing.B, s *Store, n int) {
				by, err := s.Account("li.admin")
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if n, err := read(s, by); err != nil || n == 0 {
						b.Fatalf("%d, %v", n, err)
					}
				}
			})
		})
	}
}
