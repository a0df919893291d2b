package review

import (
	"testing"
	"time"
)

// approvedAt returns the application that the submission became, approved on the day at noon.
func approvedAt(t *testing.T, s Submission, held *Certificate, day string) (Application, time.Time) {
	t.Helper()
	now := dayAt(t, day)
	for i := range s.Attachments {
		if s.Attachments[i].Slot == "portrait" {
			s.Attachments[i].Prepared = s.Attachments[i].SHA256
		}
	}
	a, _, err := Accept(portalAccount, s, nil, Facts{Certificate: held}, DefaultPolicy(), now)
	if err != nil {
		t.Fatalf("accept: %v", err)
	}
	return a, now
}

func dayAt(t *testing.T, day string) time.Time {
	t.Helper()
	d, err := ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return d.Time().Add(12 * time.Hour)
}

// legacyRecord is a certificate from before the register, of the person of flawless. Its sheet says more than it must: also
// where the person works.
func legacyRecord() *Certificate {
	until := NewDate(2027, 1, 31)
	v := CertificateVersion{
		Version: 1, ValidUntil: until, ValidFrom: NewDate(2024, 2, 1), Area: "510104",
		Form: Form{
			"name": {"王芳"}, "id_type": {"1"}, "id_number": {"510107199104180263"}, "sex": {Female}, "level": {"2"},
			"employer_type": {CommunityEmployer}, "management_number": {"20250651010000001234"}, "review_area": {"510104"},
			"first_registered_on": {"2021-02-01"}, "certificate_valid_until": {until.String()},
		},
	}
	c := &Certificate{Number: "CD-2021-000017", FirstRegistered: NewDate(2021, 2, 1), Versions: []CertificateVersion{v}}
	c.Missing = MissingData(&v, DefaultPolicy())
	return c
}

// TestIssue follows the validity of a certificate through each kind (domain §8).
func TestIssue(t *testing.T) {
	p := DefaultPolicy()
	late := stands("2026-06-30")
	tests := []struct {
		name        string
		kind        Kind
		held        *Certificate
		day         string
		number      string
		version     int
		from, until string
		first       string
	}{
		{"first", First, nil, "2026-11-20", "CD-2026-000001", 1, "2026-11-20", "2029-11-19", "2026-11-20"},
		{"first on 29 February", First, nil, "2028-02-29", "CD-2026-000001", 1, "2028-02-29", "2031-02-27", "2028-02-29"},
		{"renewal of a certificate of elsewhere", Renewal, nil, "2026-12-01", "CD-2026-000001", 1, "2026-12-21", "2029-12-20", "2020-12-21"},
		{"renewal on time, approved after the last day", Renewal, stands("2026-12-20"), "2027-01-05", "CD-2023-000001", 2, "2026-12-21", "2029-12-20", "2020-12-21"},
		{"late renewal", Renewal, late, "2026-12-01", "CD-2023-000001", 2, "2026-12-01", "2029-11-30", "2020-12-21"},
		{"completion", Completion, legacyRecord(), "2026-12-01", "CD-2021-000017", 2, "2024-02-01", "2027-01-31", "2021-02-01"},
	}
	for _, tt := range tests {
		a, now := approvedAt(t, submitted(tt.kind), tt.held, tt.day)
		got := Issue(&a, tt.held, "CD-2026-000001", p, at(3), now)
		v := got.Current()
		if got.Number != tt.number || v.Version != tt.version || len(got.Missing) != 0 {
			t.Errorf("%s: got %s version %d, missing %v", tt.name, got.Number, v.Version, got.Missing)
		}
		if v.ValidFrom.String() != tt.from || v.ValidUntil.String() != tt.until || got.FirstRegistered.String() != tt.first {
			t.Errorf("%s: got %s to %s, first %s", tt.name, v.ValidFrom, v.ValidUntil, got.FirstRegistered)
		}
		if !v.IssuedAt.Equal(now) || v.Reference != "SQ1" || v.LevelLabel != "社会工作师" || v.Issuer == "" {
			t.Errorf("%s: got %+v", tt.name, v)
		}
	}
}

// TestCompletionTakenBackLeavesTheRecordIncomplete: what the record lacked it lacks again, whatever else its sheet said; a
// record that lacks nothing stays complete.
func TestCompletionTakenBackLeavesTheRecordIncomplete(t *testing.T) {
	p, held := DefaultPolicy(), legacyRecord()
	a, now := approvedAt(t, submitted(Completion), held, "2026-12-01")
	completed := Issue(&a, held, held.Number, p, at(3), now)
	back := Unissue(&completed, "SQ1", p)
	if got := back.State(DateOf(now)); got != Incomplete || len(back.Missing) != len(held.Missing) || back.Void {
		t.Errorf("after the completion was taken back: got %s, missing %v, want %v", got, back.Missing, held.Missing)
	}
	s := submitted(Renewal)
	s.Reference = "SQ2"
	s.Form.Set("certificate_valid_until", "2027-01-31")
	renewal, now := approvedAt(t, s, &completed, "2026-12-02")
	renewed := Issue(&renewal, &completed, completed.Number, p, at(3), now)
	back = Unissue(&renewed, "SQ2", p)
	if got := back.State(DateOf(now)); got != Valid || back.Current().Version != 2 {
		t.Errorf("after the renewal was taken back: got %s, version %d, missing %v", got, back.Current().Version, back.Missing)
	}
}

// TestFirstTakenBackVoidsTheNumber: nothing else stood under it.
func TestFirstTakenBackVoidsTheNumber(t *testing.T) {
	p := DefaultPolicy()
	a, now := approvedAt(t, submitted(First), nil, "2026-12-01")
	issued := Issue(&a, nil, "CD-2026-000001", p, at(3), now)
	if back := Unissue(&issued, "SQ1", p); !back.Void || back.Current() != nil || back.State(DateOf(now)) != Revoked {
		t.Errorf("got %+v", back)
	}
}
