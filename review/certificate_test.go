package review

import "testing"

// TestAhead: a renewal in time goes on where the validity before it ends, and is valid before it begins.
func TestAhead(t *testing.T) {
	today := NewDate(2026, 11, 26)
	c := Certificate{Versions: []CertificateVersion{
		{Version: 1, ValidFrom: NewDate(2023, 12, 31), ValidUntil: NewDate(2026, 12, 30)},
		{Version: 2, ValidFrom: NewDate(2026, 12, 31), ValidUntil: NewDate(2029, 12, 30)},
	}}
	if !c.Ahead(today) || c.State(today) != Valid {
		t.Errorf("ahead %t, %s", c.Ahead(today), c.State(today))
	}
	if c.Ahead(NewDate(2026, 12, 31)) {
		t.Error("still ahead on its first day")
	}
	c.Versions[1].Void = true
	if c.Ahead(today) {
		t.Error("ahead with the renewal taken back")
	}
	c.Versions[1].Void, c.RevokedOn = false, today
	if c.Ahead(today) {
		t.Error("ahead and revoked")
	}
}
