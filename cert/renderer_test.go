package cert

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rongzheng/review"
)

// TestLookHoldsTheOptions: a certificate is drawn years later with what was in force when it was issued, so everything of
// the options that has a place in JSON must come back from the look.
func TestLookHoldsTheOptions(t *testing.T) {
	o := For(review.DefaultPolicy(), testSeal(t, 300))
	r, err := NewRenderer(o)
	if err != nil {
		t.Fatal(err)
	}
	var back Options
	if err := json.Unmarshal(r.Look(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(o, back, cmpopts.IgnoreUnexported(review.PaperPolicy{})); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	defaults, err := NewRenderer(Options{})
	if err != nil {
		t.Fatal(err)
	}
	named, err := NewRenderer(For(review.DefaultPolicy(), nil))
	if err != nil || !bytes.Equal(defaults.Look(), named.Look()) {
		t.Errorf("%v: the look does not name the default texts", err)
	}
}

// TestRendererDrawsWithAnOldLook: another renderer draws with the look that it is given, not with its own options.
func TestRendererDrawsWithAnOldLook(t *testing.T) {
	f := newFixture(t, "王芳")
	o := For(review.DefaultPolicy(), testSeal(t, 300))
	o.Paper.Title = "社会工作者登记证"
	old, err := NewRenderer(o)
	if err != nil {
		t.Fatal(err)
	}
	now, err := NewRenderer(Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := old.Draw(old.Look(), f.certificate, f.version, f.portrait)
	if err != nil {
		t.Fatal(err)
	}
	got, err := now.Draw(old.Look(), f.certificate, f.version, f.portrait)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: the old look gives other bytes", err)
	}
	if other, err := now.Draw(now.Look(), f.certificate, f.version, f.portrait); err != nil || bytes.Equal(other, want) {
		t.Errorf("%v: the look makes no difference", err)
	}
	if _, err := now.Draw([]byte("{"), f.certificate, f.version, f.portrait); err == nil {
		t.Error("a broken look was taken")
	}
}
