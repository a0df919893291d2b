package command

import (
	"testing"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

// TestDeskWithoutKeys is one on a work pack: it has a store and no keys, and must not ask for them.
func TestDeskWithoutKeys(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Policy: review.DefaultPolicy(), Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if o := new(program).checking(ui.Options{Store: s}); o.Verify != nil || o.Signing != nil {
		t.Error("a desk without keys is told how to check codes")
	}
}
