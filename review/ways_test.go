package review

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWays has a row for each state of a person in which an entry opens or closes.
func TestWays(t *testing.T) {
	today := NewDate(2026, time.November, 16)
	p := DefaultPolicy()
	blocked := *p
	blocked.Renewal.AfterExpiry = BlockExpired
	tests := []struct {
		name   string
		known  Known
		policy *Policy
		want   []string // open or closed, and the code, of the four ways
	}{
		{"nobody knows them", Known{}, p, []string{"+", "+ renewal_unregistered", "- records_none", "+ certificate_none"}},
		{"in review", Known{Facts: Facts{InReview: "SQ1"}, Applications: make([]Application, 1)}, p,
			[]string{"- in_review", "- in_review", "+ records_count", "+ certificate_none"}},
		{"in review where the clerk does not see it", Known{Facts: Facts{InReview: "SQ1"}, Hidden: 1}, p,
			[]string{"- in_review", "- in_review", "- records_hidden", "+ certificate_none"}},
		{"valid for long", Known{Facts: Facts{Certificate: stands("2027-12-31")}, InScope: true}, p,
			[]string{"- first_has_certificate", "- renewal_opens", "- records_none", "+ certificate_valid"}},
		{"a day before the window", Known{Facts: Facts{Certificate: stands("2027-02-15")}, InScope: true}, p,
			[]string{"- first_has_certificate", "- renewal_opens", "- records_none", "+ certificate_valid"}},
		{"on the first day of the window", Known{Facts: Facts{Certificate: stands("2027-02-14")}, InScope: true}, p,
			[]string{"- first_has_certificate", "+ renewal_until", "- records_none", "+ certificate_valid"}},
		{"expired", Known{Facts: Facts{Certificate: stands("2026-11-15")}, InScope: true}, p,
			[]string{"- first_has_certificate", "+ renewal_expired", "- records_none", "+ certificate_expired"}},
		{"expired where that closes renewal", Known{Facts: Facts{Certificate: stands("2026-11-15")}, InScope: true}, &blocked,
			[]string{"+", "- renewal_expired", "- records_none", "+ certificate_expired"}},
		{"incomplete and undated", Known{Facts: Facts{Certificate: &Certificate{Number: "CD-2023-000001", Missing: []Key{"fields"},
			Versions: []CertificateVersion{{Version: 1, Form: Form{}}}}}, InScope: true}, p,
			[]string{"- first_has_certificate", "+ renewal_undated", "- records_none", "+ certificate_incomplete"}},
		{"of another area", Known{Facts: Facts{Certificate: stands("2027-12-31")}}, p,
			[]string{"- first_has_certificate", "- renewal_opens", "- records_none", "- certificate_hidden"}},
		{"revoked", Known{Facts: Facts{Revoked: "CD-2023-000001", RevokedOn: today}, Applications: make([]Application, 2), Hidden: 1}, p,
			[]string{"+", "- certificate_revoked_held", "+ records_some", "+ certificate_struck"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, way := range Ways(&tt.known, tt.policy, today) {
				sign := map[bool]string{true: "+", false: "-"}[way.Open]
				if way.Code != "" {
					sign += " " + way.Code
				}
				got = append(got, sign)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ways (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWayOpensOnTheFirstDay: a closed renewal says from when.
func TestWayOpensOnTheFirstDay(t *testing.T) {
	k := Known{Facts: Facts{Certificate: stands("2025-06-30")}}
	way := Ways(&k, DefaultPolicy(), NewDate(2025, time.March, 31))[1]
	if want := NewDate(2025, time.April, 1); way.Open || way.From != want || way.Args["from"] != "2025-04-01" {
		t.Errorf("got %+v, want closed until %v", way, want)
	}
}

// TestWayCodesAreListed: every code of the table above has its place in the list that the catalogue is held against.
func TestWayCodesAreListed(t *testing.T) {
	listed := WayCodes()
	for _, code := range []string{"unconfirmed", "reference_counter", "renewal_undated", "records_some", "certificate_struck"} {
		if !slices.Contains(listed, code) {
			t.Errorf("%s is not listed", code)
		}
	}
}
