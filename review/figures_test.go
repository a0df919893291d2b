package review

import (
	"testing"
	"time"
)

func TestSlots(t *testing.T) {
	for _, c := range []struct{ day, want string }{
		{"2026-11-16", "2026-11-16"}, {"2026-11-22", "2026-11-16"}, {"2026-11-30", "2026-11-30"}, {"2026-12-01", "2026-12-01"},
		{"2026-12-06", "2026-12-01"}, {"2026-12-07", "2026-12-07"}, {"2027-01-01", "2027-01-01"}, {"2027-01-04", "2027-01-04"}, {"", ""},
	} {
		if got := SlotOf(day(t, c.day)); got.String() != c.want {
			t.Errorf("slot of %s: %s, want %s", c.day, got, c.want)
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		unit     Unit
		day      string
		by       int
		from, to string
		columns  int
	}{
		{Week, "2026-11-18", 0, "2026-11-16", "2026-11-22", 12}, {Week, "2026-01-01", -1, "2025-12-22", "2025-12-28", 12},
		{Month, "2026-11-18", 0, "2026-11-01", "2026-11-30", 6}, {Month, "2026-01-31", -1, "2025-12-01", "2025-12-31", 5},
		{Month, "2026-11-30", 3, "2027-02-01", "2027-02-28", 4}, {Quarter, "2026-11-18", 0, "2026-10-01", "2026-12-31", 14},
		{Quarter, "2026-02-18", -1, "2025-10-01", "2025-12-31", 14}, {Quarter, "2026-02-18", -5, "2024-10-01", "2024-12-31", 14},
		{Year, "2026-11-18", 0, "2026-01-01", "2026-12-31", 12}, {Year, "2026-11-18", -2, "2024-01-01", "2024-12-31", 12},
	} {
		p := PeriodOf(c.unit, day(t, c.day), c.by)
		if p.From.String() != c.from || p.To.String() != c.to {
			t.Errorf("%s of %s %+d: %s to %s, want %s to %s", c.unit, c.day, c.by, p.From, p.To, c.from, c.to)
		}
		columns := p.Columns(c.unit)
		if len(columns) != c.columns || columns[len(columns)-1].To != p.To {
			t.Errorf("%s of %s: %d columns, want %d, last %v", c.unit, c.day, len(columns), c.columns, columns[len(columns)-1])
		}
		for i, one := range columns {
			if SlotOf(one.From) != one.From || i > 0 && columns[i-1].To.AddDays(1) != one.From {
				t.Errorf("%s of %s: column %d is %v", c.unit, c.day, i, one)
			}
		}
	}
}

func TestTimeBuckets(t *testing.T) {
	last := TimeBucket(0)
	for hours := 0; hours < 24*1500; hours++ {
		b := BucketOf(time.Duration(hours) * time.Hour)
		from, to := b.Span()
		if days := float64(hours) / 24; b < last || b > last+1 || days < from || days >= to && b != lastBucket {
			t.Fatalf("%d hours fall into bucket %d, from %g to %g days", hours, b, from, to)
		}
		last = b
	}
	if BucketOf(-time.Hour) != 0 || BucketOf(1<<62) != lastBucket {
		t.Error("no bucket for a time beyond the ends")
	}
	some := Times{BucketOf(3 * 24 * time.Hour): 8, BucketOf(20 * 24 * time.Hour): 2}
	for share, want := range map[float64]float64{0.5: 3.625, 0.8: 4, 0.9: 20.5, 1: 21} {
		if got, ok := some.Quantile(share); !ok || got != want {
			t.Errorf("quantile %g: %g, %v, want %g", share, got, ok, want)
		}
	}
	if _, ok := (Times{}).Quantile(0.5); ok {
		t.Error("a median of nothing")
	}
}

// TestSumGoesBackFromThePresent: what waited at the end of a past period is what waits now, less what came and with what
// left since.
func TestSumGoesBackFromThePresent(t *testing.T) {
	f := Figures{
		Cells: []FigureCell{
			{Slot: day(t, "2026-11-02"), Area: "510107", Level: 1, Came: 5, Approved: map[string]int{"zhou": 1}},
			{Slot: day(t, "2026-11-09"), Area: "510107", Level: 1, Came: 2, Rejected: map[string]int{"zhou": 3}, Reasons: map[string]int{"Q03": 3, "Q01": 1}},
			{Slot: day(t, "2026-11-09"), Area: "510106", Level: 1, Came: 9},
			{Slot: day(t, "2026-11-16"), Area: "510107", Level: 1, Came: 1, Withdrawn: 2},
		},
		Waiting: []WaitingCell{{"510107", 1, day(t, "2026-11-02"), 1}, {"510107", 1, day(t, "2026-11-16"), 1}, {"510106", 1, day(t, "2026-11-09"), 9}},
	}
	part := Part{Level: 1, Area: "510107"}
	for from, want := range map[string][4]int{"2026-11-02": {5, 1, 0, 4}, "2026-11-09": {2, 0, 3, 3}, "2026-11-16": {1, 0, 0, 2}} {
		s := f.Sum(part, PeriodOf(Week, day(t, from), 0))
		if got := [4]int{s.Came, s.Approved, s.Rejected, s.Waiting}; got != want {
			t.Errorf("week of %s: %v, want %v", from, got, want)
		}
	}
	if got := f.Ages(Part{}, day(t, "2026-11-16")); got[0] != 10 || got[1] != 1 {
		t.Errorf("ages %v", got)
	}
	if got := f.Reasons(Part{}, PeriodOf(Month, day(t, "2026-11-01"), 0)); len(got) != 2 || got[0] != (ReasonCount{"Q03", 3}) {
		t.Errorf("reasons %v", got)
	}
	if got := f.Reviewers(part, PeriodOf(Month, day(t, "2026-11-01"), 0)); len(got) != 1 || got[0] != (Reviewed{"zhou", 1, 1, 3}) {
		t.Errorf("reviewers %v", got)
	}
}
