package demo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// TestFieldsThatNobodyKnowsAreAnswered: a field that is new in the registry, of whichever type, does not keep the demo from
// filing; what people do know stays.
func TestFieldsThatNobodyKnowsAreAnswered(t *testing.T) {
	b := makeBuilder(t, noon)
	f := &filing{kind: review.Renewal, steps: []step{{at: noon}}}
	form := review.Form{"name": {"王芳"}}
	b.answerRest(form, f)
	if got := form.Get("name"); got != "王芳" {
		t.Errorf("name: got %q", got)
	}
	for key, want := range map[review.Key]string{
		"major": "无", "exam_year": "1", "certificate_valid_until": "2026-11-16", "honours": b.policy.Options["honour"][0].Code,
	} {
		if diff := cmp.Diff(want, form.Get(key)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	for _, field := range review.Fields() {
		if _, required := field.Asked(f.kind, form, b.policy); !required && form.Get(field.Key) != "" {
			t.Errorf("%s is answered and not asked for", field.Key)
		}
	}
}
