package review

import (
	"math"
	"testing"
)

// TestPeriodsOfLastDays: a certificate is good on its last day, may be renewed on it, and has ended the day after.
func TestPeriodsOfLastDays(t *testing.T) {
	p, on := DefaultPolicy(), NewDate(2026, 11, 16)
	opened := on.AddDays(p.Renewal.OpensDays)
	for _, tt := range []struct {
		last               Date
		renewable, overdue bool
	}{
		{on.AddDays(-1), false, true},
		{on, true, false},
		{opened, true, false},
		{opened.AddDays(1), false, false},
	} {
		if got := p.Renewable(on).Holds(tt.last); got != tt.renewable {
			t.Errorf("ends on %s: renewable %v, want %v", tt.last, got, tt.renewable)
		}
		if got := Overdue(on).Holds(tt.last); got != tt.overdue {
			t.Errorf("ends on %s: overdue %v, want %v", tt.last, got, tt.overdue)
		}
		if got := !on.Before(p.RenewalOpens(tt.last)) && !tt.overdue; got != tt.renewable {
			t.Errorf("ends on %s: the window says %v, want %v", tt.last, got, tt.renewable)
		}
	}
}

// TestRenewalsSumToThoseThatEnd: who is expected comes once, in the time that is left.
func TestRenewalsSumToThoseThatEnd(t *testing.T) {
	p, on := DefaultPolicy(), NewDate(2026, 11, 16) // a Monday
	e := Endings{
		{"510104", on, 3},                // today alone
		{"510104", on.AddDays(13), 28},   // two whole weeks
		{"510107", on.AddDays(100), 91},  // the window opens on a Thursday
		{"510107", on.AddDays(-1), 1000}, // has ended
	}
	for area, want := range map[string]float64{"510104": 31, "510107": 91, "": 122} {
		sum := 0.0
		for _, n := range e.Renewals(p, area, on, 20) {
			sum += n
		}
		if math.Abs(sum-want) > 1e-9 {
			t.Errorf("of %q: %v in all, want %v", area, sum, want)
		}
	}
	weeks := e.Renewals(p, "510104", on, 3)
	for i, want := range []float64{17, 14, 0} {
		if math.Abs(weeks[i]-want) > 1e-9 {
			t.Errorf("week %d: got %v, want %v", i, weeks[i], want)
		}
	}
}
