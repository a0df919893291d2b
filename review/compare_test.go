package review

import (
	"testing"

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
