package command

import (
	"errors"
	"strings"
	"testing"

	"rongzheng/review"
)

// TestUnreadableQueryIsPointedAt: the mark stands beneath what is wrong, in columns, however long the query is.
func TestUnreadableQueryIsPointedAt(t *testing.T) {
	for text, want := range map[string]string{
		"王芳 kidn:first":     "王芳 kidn:first\n     ^^^^",
		"level:":            "level:\n     ^",
		"王芳 类型:再次登 hold":    "王芳 类型:再次登 hold\n          ^^^^^^",
		"kind:first \"open": "kind:first \"open\n           ^",
	} {
		_, err := review.ParseQuery(text, review.DefaultPolicy(), review.Date{})
		wrong, ok := errors.AsType[*review.QueryError](err)
		if !ok {
			t.Fatalf("%q: got %v, want a QueryError", text, err)
		}
		if got := (&unreadableError{text, wrong}).pointed(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	long := strings.Repeat("王芳 ", 4000)
	_, err := review.ParseQuery(long, review.DefaultPolicy(), review.Date{})
	wrong, _ := errors.AsType[*review.QueryError](err)
	if got := (&unreadableError{long, wrong}).pointed(); len(got) > 600 {
		t.Errorf("a query of %d bytes gives %d", len(long), len(got))
	}
}
