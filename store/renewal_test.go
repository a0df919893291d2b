package store

import (
	"slices"
	"testing"

	"rongzheng/review"
)

// renew files the renewal of the nth person three years after the first registration, its answers changed.
func renew(t testing.TB, s *Store, n int, change func(f review.Form)) review.Application {
	t.Helper()
	now := clock.AddDate(2, 11, 0)
	sub, data := firstSubmission(n)
	sub.Reference, sub.Kind, sub.SubmittedAt = reference(n)+"-R", review.Renewal, now
	sub.Consent = review.Consent{Privacy: now, Truth: now}
	sub.Form.Set("first_registered_on", "2026-11-16")
	sub.Form.Set("certificate_valid_until", "2029-11-15")
	sub.Form.Set("years_in_social_work", "9")
	change(sub.Form)
	for _, slot := range []review.Key{"previous_certificate", "education_hours_proof"} {
		attach(&sub, data, slot, []byte(string(slot)+sub.Reference))
	}
	a, err := s.Submit("portal", sub, data, now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestUnchangedRenewals: whether anything is new is found out once, when it is submitted, and asked of the head.
func TestUnchangedRenewals(t *testing.T) {
	s := newStore(t)
	for n := range 3 {
		approved(t, s, n)
	}
	same := renew(t, s, 0, func(review.Form) {})
	moved := renew(t, s, 1, func(f review.Form) { f.Set("mobile", "13912345678") })
	submit(t, s, 5)
	if !same.Unchanged || moved.Unchanged {
		t.Errorf("unchanged = %v and %v, want true and false", same.Unchanged, moved.Unchanged)
	}
	reopen(t, s)
	today := review.DateOf(clock)
	for text, want := range map[string][]string{
		"unchanged": {same.Reference}, "无变化 kind:renewal": {same.Reference}, "-unchanged kind:renewal": {moved.Reference}, "unchanged kind:first": nil,
	} {
		query, err := review.ParseQuery(text, s.policy, today)
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(t, s, Queue{Name: Pending, By: actor(t, s, "zhou.wuhou"), Query: query, Today: today}, 10, true)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
