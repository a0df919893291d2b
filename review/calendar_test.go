package review

import "testing"

// day reads a day that a test writes down.
func day(t testing.TB, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return d
}

func TestAddWorkdays(t *testing.T) {
	tests := []struct {
		name      string
		from      string
		n         int
		want      string
		estimated bool
	}{
		{"before the spring festival of 2025", "2025-01-17", 5, "2025-01-24", false},
		{"a make-up Sunday", "2025-01-24", 1, "2025-01-26", false},
		{"across the national holiday of 2025", "2025-09-26", 5, "2025-10-10", false},
		{"a whole review across the spring festival of 2026", "2026-02-13", 30, "2026-04-02", false},
		{"across the labour day of 2026", "2026-04-30", 3, "2026-05-08", false},
		{"across the turn of two known years", "2025-12-31", 1, "2026-01-04", false},
		{"none", "2026-02-13", 0, "2026-02-13", false},
		{"fewer than none", "2026-02-13", -3, "2026-02-13", false},
		{"a year without a list", "2027-01-01", 1, "2027-01-04", true},
		{"a national holiday of a year without a list", "2027-09-30", 1, "2027-10-01", true},
		{"into a year without a list", "2026-12-31", 1, "2027-01-01", true},
		{"up to the last day of a known year", "2026-12-30", 1, "2026-12-31", false},
		{"out of a year without a list", "2024-12-31", 1, "2025-01-02", false},
		{"within a year without a list before", "2024-12-27", 2, "2024-12-31", true},
	}
	calendar := DefaultPolicy().Calendar
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, estimated := calendar.AddWorkdays(day(t, tt.from), tt.n)
			if got.String() != tt.want || estimated != tt.estimated {
				t.Errorf("AddWorkdays(%s, %d) = %s, %v, want %s, %v", tt.from, tt.n, got, estimated, tt.want, tt.estimated)
			}
		})
	}
}

func TestIsWorkday(t *testing.T) {
	tests := []struct {
		day            string
		working, known bool
	}{
		{"2025-01-27", true, true},  // the Monday before the holiday
		{"2025-01-28", false, true}, // its first day, a Tuesday
		{"2025-02-04", false, true}, // its last day
		{"2025-02-05", true, true},
		{"2025-02-08", true, true},  // a Saturday that makes up
		{"2025-02-09", false, true}, // a Sunday
		{"2026-02-28", true, true},
		{"2024-10-01", true, false}, // a Tuesday of a year without a list
		{"2024-10-05", false, false},
	}
	calendar := DefaultPolicy().Calendar
	for _, tt := range tests {
		working, known := calendar.IsWorkday(day(t, tt.day))
		if working != tt.working || known != tt.known {
			t.Errorf("IsWorkday(%s) = %v, %v, want %v, %v", tt.day, working, known, tt.working, tt.known)
		}
	}
}

func TestWorkdaysBetween(t *testing.T) {
	tests := []struct {
		name      string
		from, to  string
		want      int
		estimated bool
	}{
		{"the same day", "2026-04-30", "2026-04-30", 0, false},
		{"a term of three across a holiday", "2026-04-30", "2026-05-08", 3, false},
		{"the last day was the working day before", "2026-05-08", "2026-05-07", -1, false},
		{"overdue across a holiday", "2026-05-08", "2026-04-30", -3, false},
		{"only days off between", "2026-10-01", "2026-10-07", 0, false},
		{"a holiday after the last day is not overdue yet", "2026-10-07", "2026-09-30", 0, false},
		{"into a year without a list", "2026-12-31", "2027-01-04", 2, true},
		{"overdue out of a year without a list", "2027-01-04", "2026-12-31", -2, true},
		{"no due day", "2026-04-30", "", 0, false},
		{"no day to count from", "", "2026-04-30", 0, false},
	}
	calendar := DefaultPolicy().Calendar
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, estimated := calendar.WorkdaysBetween(day(t, tt.from), day(t, tt.to))
			if got != tt.want || estimated != tt.estimated {
				t.Errorf("got %d, %v, want %d, %v", got, estimated, tt.want, tt.estimated)
			}
		})
	}
}

func TestWorkdaysBetweenUndoesAddWorkdays(t *testing.T) {
	calendar := DefaultPolicy().Calendar
	for d, end := day(t, "2024-12-01"), day(t, "2027-02-01"); d.Before(end); d = d.AddDays(1) {
		for _, want := range []int{1, 10, 30} {
			due, _ := calendar.AddWorkdays(d, want)
			if got, _ := calendar.WorkdaysBetween(d, due); got != want {
				t.Fatalf("%s and %d working days give %s, which is %d away", d, want, due, got)
			}
		}
	}
}

func TestDue(t *testing.T) {
	tests := []struct {
		name      string
		submitted string
		level     int
		want      string
		estimated bool
	}{
		{"first level", "2026-02-13", 1, "2026-03-05", false},
		{"second level", "2026-02-13", 2, "2026-03-19", false},
		{"last level: 30 working days in all", "2026-02-13", 3, "2026-04-02", false},
		{"a level that the policy has no more", "2026-02-13", 5, "2026-04-02", false},
		{"no level", "2026-02-13", 0, "", false},
		{"not submitted", "", 1, "", false},
		{"submitted on a day off", "2026-05-01", 1, "2026-05-18", false},
		{"only the last level reaches a year without a list", "2026-11-30", 2, "2026-12-28", false},
		{"a year without a list", "2026-11-30", 3, "2027-01-11", true},
	}
	p := DefaultPolicy()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, estimated := p.Due(day(t, tt.submitted), tt.level)
			if got.String() != tt.want || estimated != tt.estimated {
				t.Errorf("got %s, %v, want %s, %v", got, estimated, tt.want, tt.estimated)
			}
		})
	}
}

func BenchmarkWorkdaysLeft(b *testing.B) {
	calendar := DefaultPolicy().Calendar
	today, due := day(b, "2026-02-13"), day(b, "2026-04-02")
	for b.Loop() {
		calendar.WorkdaysBetween(today, due)
	}
}

// TestDaysAway: the days between which WorkdaysBetween gives the number, around holidays and make-up days, from any day.
func TestDaysAway(t *testing.T) {
	c := DefaultPolicy().Calendar
	for today := day(t, "2026-09-20"); today.Before(day(t, "2026-10-20")); today = today.AddDays(1) {
		for _, n := range []int{-9, -3, -1, 1, 2, 3, 10} {
			first, last := c.DaysAway(today, n)
			for d := today.AddDays(-40); d.Before(today.AddDays(40)); d = d.AddDays(1) {
				away, _ := c.WorkdaysBetween(today, d)
				if got, want := !d.Before(first) && !d.After(last), away == n; got != want {
					t.Errorf("%d working days from %s are %s to %s, but %s is %d away", n, today, first, last, d, away)
				}
			}
		}
		if first, last := c.DaysAway(today, 0); first != today || last != today {
			t.Errorf("0 days from %s are %s to %s", today, first, last)
		}
	}
}
