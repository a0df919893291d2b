package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// look records that the account looks at the attachment in the slot.
func look(t *testing.T, s *Store, account string, a *review.Application, slot review.Key) {
	t.Helper()
	for _, at := range a.Attached(slot) {
		e := review.Event{Action: review.ViewFile, Reference: a.Reference, Target: at.SHA256}
		if err := s.Record(account, e, clock); err != nil {
			t.Fatal(err)
		}
	}
}

// unstated approves without a statement.
func unstated(s *Store) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.Approve(by, s.policy, f, "", clock)
	}
}

func wantUnseen(t *testing.T, s *Store, account, reference, fields string) {
	t.Helper()
	_, err := s.Change(account, reference, 0, clock, unstated(s))
	rule, ok := errors.AsType[*review.RuleError](err)
	if !ok || rule.Code != "unseen" || rule.Args["fields"] != fields {
		t.Errorf("got %v, want %s as unseen", err, fields)
	}
}

func rowOf(t *testing.T, s *Store, account string) Row {
	t.Helper()
	page, err := s.Page(Queue{Name: Pending, By: actor(t, s, account)}, "", true, 1)
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("got %v, %v; want one row", page.Rows, err)
	}
	return page.Rows[0]
}

// TestApprovalAfterALook: each account looks for itself, in the revision that it decides on; row, list of what was seen
// and the decision agree, also after a repair.
func TestApprovalAfterALook(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	must := len(s.policy.MustSee(&a))
	if got := rowOf(t, s, "zhou.wuhou").Unseen; got != must || must < 4 {
		t.Errorf("%d unseen in the row, want %d", got, must)
	}
	wantUnseen(t, s, "zhou.wuhou", a.Reference, "id_card_front,id_card_back,credential_scan,application_form")
	for _, slot := range []review.Key{"credential_scan", "id_card_front", "portrait"} {
		look(t, s, "zhou.wuhou", &a, slot)
		look(t, s, "zhou.wuhou", &a, slot)
	}
	wantUnseen(t, s, "zhou.wuhou", a.Reference, "id_card_back,application_form")
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	if got := rowOf(t, s, "zhou.wuhou").Unseen; got != must-2 {
		t.Errorf("%d unseen in the row after a repair, want %d", got, must-2)
	}
	look(t, s, "zhou.wuhou", &a, "id_card_back")
	look(t, s, "zhou.wuhou", &a, "application_form")
	hashes, err := s.Seen(actor(t, s, "zhou.wuhou"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, at := range a.Attachments {
		want = append(want, at.SHA256)
	}
	if diff := cmp.Diff(want, hashes); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	change(t, s, "zhou.wuhou", a.Reference, unstated(s))
	if got := rowOf(t, s, "wu.city").Unseen; got != must {
		t.Errorf("%d unseen for the next level, want %d", got, must)
	}
	wantUnseen(t, s, "wu.city", a.Reference, "id_card_front,id_card_back,credential_scan,application_form")
}

// TestStatedApproval: what was stated without having been seen stands in the log.
func TestStatedApproval(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	look(t, s, "zhou.wuhou", &a, "id_card_front")
	change(t, s, "zhou.wuhou", a.Reference, approval(s, clock))
	timeline, err := s.Timeline(actor(t, s, "zhou.wuhou"), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	want := []review.Key{"id_card_back", "credential_scan", "application_form"}
	if diff := cmp.Diff(want, timeline[len(timeline)-1].Stated); diff != "" {
		t.Errorf("stated (-want +got):\n%s", diff)
	}
}

func TestSeenOutsideTheScope(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	other := review.Account{Name: "other", Role: review.Reviewer, Level: 1, Areas: []string{"510106"}}
	if _, err := s.Seen(other, a.Reference); !errors.Is(err, review.ErrDenied) {
		t.Errorf("got %v, want a DeniedError", err)
	}
}
