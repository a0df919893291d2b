package review

import "testing"

func TestRenewalOpens(t *testing.T) {
	tests := []struct {
		until string
		days  int
		want  string
	}{
		{"2025-06-30", 90, "2025-04-01"},
		{"2026-03-01", 1, "2026-02-28"},
		{"2024-03-01", 1, "2024-02-29"},
		{"2026-02-28", 0, "2026-02-28"},
		{"2026-03-31", 90, "2025-12-31"},
		{"", 90, ""},
	}
	for _, tt := range tests {
		p := &Policy{Renewal: RenewalPolicy{OpensDays: tt.days}}
		if got := p.RenewalOpens(day(t, tt.until)).String(); got != tt.want {
			t.Errorf("valid until %s, opens %d days before: got %s, want %s", tt.until, tt.days, got, tt.want)
		}
	}
}

func TestFirstDeadline(t *testing.T) {
	for within, want := range []string{"2024-12-31", "2025-12-31", "2026-12-31"} {
		p := &Policy{First: FirstPolicy{WithinYears: within}}
		if got := p.FirstDeadline(2024).String(); got != want {
			t.Errorf("passed in 2024, within %d years: got %s, want %s", within, got, want)
		}
	}
}

func TestValidityFirst(t *testing.T) {
	tests := []struct{ approved, until string }{
		{"2026-11-16", "2029-11-15"},
		{"2026-01-01", "2028-12-31"},
		{"2025-03-01", "2028-02-29"},
		{"2024-02-28", "2027-02-27"},
		{"2024-02-29", "2027-02-27"}, // three years later is 28 February
		{"2024-03-01", "2027-02-28"},
	}
	for _, tt := range tests {
		from, until := ValidityFirst(day(t, tt.approved), 3)
		if from.String() != tt.approved || until.String() != tt.until {
			t.Errorf("approved %s: got %s to %s, want until %s", tt.approved, from, until, tt.until)
		}
	}
}

func TestValidityRenewed(t *testing.T) {
	tests := []struct {
		name                     string
		old, submitted, approved string
		wantFrom, wantUntil      string
	}{
		{"early in the window", "2025-06-30", "2025-04-01", "2025-05-06", "2025-07-01", "2028-06-30"},
		{"on the last day", "2025-06-30", "2025-06-30", "2025-06-30", "2025-07-01", "2028-06-30"},
		{"on time, approved after expiry", "2025-06-30", "2025-06-30", "2025-08-11", "2025-07-01", "2028-06-30"},
		{"a day late", "2025-06-30", "2025-07-01", "2025-08-11", "2025-08-11", "2028-08-10"},
		{"old validity ends on 29 February", "2028-02-29", "2028-02-01", "2028-02-10", "2028-03-01", "2031-02-28"},
		{"new validity does not gain 29 February", "2025-02-28", "2025-02-01", "2025-02-10", "2025-03-01", "2028-02-28"},
		{"late, approved on 29 February", "2023-06-30", "2024-02-01", "2024-02-29", "2024-02-29", "2027-02-27"},
		{"last day not known", "", "2025-04-01", "2025-05-06", "2025-05-06", "2028-05-05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from, until := ValidityRenewed(day(t, tt.old), day(t, tt.submitted), day(t, tt.approved), 3)
			if from.String() != tt.wantFrom || until.String() != tt.wantUntil {
				t.Errorf("got %s to %s, want %s to %s", from, until, tt.wantFrom, tt.wantUntil)
			}
		})
	}
}
