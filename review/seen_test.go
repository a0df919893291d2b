package review

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApproveAsksForWhatHasNotBeenSeen(t *testing.T) {
	p := DefaultPolicy()
	a := inReview(1)
	before := a.Clone()
	unseen := Facts{Unseen: []Key{"id_card_back", "credential_scan"}}
	_, err := a.Approve(at(1), p, unseen, "", noon)
	var rule *RuleError
	if !errors.As(err, &rule) || rule.Code != "unseen" || rule.Args["fields"] != "id_card_back,credential_scan" {
		t.Errorf("got %v, want what has not been seen", err)
	}
	if !reflect.DeepEqual(before, a) {
		t.Errorf("changed by a refusal: got %+v, want %+v", a, before)
	}
	unseen.SeenStated = true
	event, err := a.Approve(at(1), p, unseen, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unseen.Unseen, event.Stated); diff != "" {
		t.Errorf("stated (-want +got):\n%s", diff)
	}
}

// TestStatementOfNothing: who has seen everything states nothing.
func TestStatementOfNothing(t *testing.T) {
	a := inReview(1)
	event, err := a.Approve(at(1), DefaultPolicy(), Facts{SeenStated: true}, "", noon)
	if err != nil || event.Stated != nil {
		t.Errorf("got %v, %v; want nothing stated", event.Stated, err)
	}
}

func TestNotSeen(t *testing.T) {
	p := DefaultPolicy()
	a := Application{Attachments: []Attachment{
		{Slot: "application_form", SHA256: "1"}, {Slot: "portrait", SHA256: "2"}, {Slot: "id_card_front", SHA256: "3"},
		{Slot: "application_form", SHA256: "4"}, {Slot: "credential_scan", SHA256: "5"},
	}}
	if diff := cmp.Diff([]int{2, 4, 0, 3}, p.MustSee(&a)); diff != "" {
		t.Errorf("must be seen (-want +got):\n%s", diff)
	}
	got := p.NotSeen(&a, func(sha string) bool { return sha == "3" || sha == "1" })
	if diff := cmp.Diff([]int{4, 3}, got); diff != "" {
		t.Errorf("not seen (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Key{"credential_scan", "application_form"}, a.SlotsOf([]int{4, 3, 0})); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
}
