package review

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCompare(t *testing.T) {
	old := Form{"name": {"王芳"}, "mobile": {"13800001234"}, "fields": {"05", "21"}, "community_post": {"31"}}
	form := Form{"name": {"王芳"}, "mobile": {"13900001234"}, "fields": {"05"}, "major": {"社会工作"}}
	oldFiles := []Attachment{
		{Slot: "id_card_front", SHA256: "a"}, {Slot: "credential_scan", SHA256: "c"}, {Slot: "credential_scan", SHA256: "b"},
		{Slot: "application_form", SHA256: "d"}, {Slot: "community_proof", SHA256: "e"},
	}
	files := []Attachment{
		{Slot: "id_card_front", SHA256: "a"}, {Slot: "credential_scan", SHA256: "b"}, {Slot: "credential_scan", SHA256: "c"},
		{Slot: "application_form", SHA256: "f"}, {Slot: "portrait", SHA256: "g"},
	}
	got := map[Key]Difference{}
	for _, c := range Compare(old, form, oldFiles, files) {
		got[c.Key] = c.Difference
	}
	want := map[Key]Difference{
		"mobile": Changed, "fields": Changed, "community_post": Removed, "major": Added, "id_card_front": Same,
		"credential_scan": Same, "application_form": Replaced, "community_proof": Removed, "portrait": Added,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Compare(old, old, nil, nil); got != nil {
		t.Errorf("a form against itself: %+v", got)
	}
}

// TestUnchanged: a renewal says nothing new when only what passes with time differs from the record.
func TestUnchanged(t *testing.T) {
	record := Form{
		"name": {"王芳"}, "mobile": {"13800001234"}, "years_in_social_work": {"6"}, "fields": {"05", "21"}, "review_area": {"510107"},
	}
	held := &CertificateVersion{Form: record, IssuedAt: time.Date(2023, 11, 16, 12, 0, 0, 0, Zone)}
	filed := NewDate(2026, 10, 1)
	for _, c := range []struct {
		name   string
		change func(f Form)
		want   bool
	}{
		{"the same", func(Form) {}, true},
		{"dates", func(f Form) {
			f.Set("first_registered_on", "2023-11-16")
			f.Set("certificate_valid_until", "2026-11-15")
		}, true},
		{"years that passed", func(f Form) { f.Set("years_in_social_work", "9") }, true},
		{"one year more than passed", func(f Form) { f.Set("years_in_social_work", "10") }, true},
		{"more years than passed", func(f Form) { f.Set("years_in_social_work", "11") }, false},
		{"fewer years", func(f Form) { f.Set("years_in_social_work", "5") }, false},
		{"no years any more", func(f Form) { f.Set("years_in_social_work") }, false},
		{"wants it by mail", func(f Form) {
			f.Set("mail_paper", "true")
			f.Set("recipient", "王芳")
		}, true},
		{"another mobile", func(f Form) { f.Set("mobile", "13900001234") }, false},
		{"another area", func(f Form) { f.Set("review_area", "510104") }, false},
		{"a field less", func(f Form) { f.Set("fields", "05") }, false},
		{"an answer more", func(f Form) { f.Set("major", "社会工作") }, false},
	} {
		form := record.Clone()
		c.change(form)
		if got := unchanged(Renewal, form, held, filed); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if unchanged(First, record, held, filed) || unchanged(Renewal, record, nil, filed) {
		t.Error("what renews no record is called unchanged")
	}
}
