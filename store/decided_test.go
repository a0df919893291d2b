package store

import (
	"testing"

	"rongzheng/review"
)

func TestDecisionsOfTheDay(t *testing.T) {
	s := newStore(t)
	for n := 1; n <= 4; n++ {
		submit(t, s, n)
	}
	yesterday, at := clock.AddDate(0, 0, -1), "SQ20261116000"
	if _, err := s.Change("zhou.wuhou", at+"4", 0, yesterday, approval(s, yesterday)); err != nil {
		t.Fatal(err)
	}
	change(t, s, "zhou.wuhou", at+"1", approval(s, clock))
	change(t, s, "zhou.wuhou", at+"2", rejection(s, clock))
	change(t, s, "zhou.wuhou", at+"3", approval(s, clock))
	change(t, s, "zhou.wuhou", at+"3", takingBack(s, clock))
	change(t, s, "wu.city", at+"1", approval(s, clock))
	got, err := s.Decisions(actor(t, s, "zhou.wuhou"), review.DateOf(clock))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		reference string
		do        review.Action
		stands    bool
	}{{at + "3", review.Approve, false}, {at + "2", review.Reject, true}, {at + "1", review.Approve, true}}
	if len(got) != len(want) {
		t.Fatalf("%d decisions, want %d", len(got), len(want))
	}
	for i, w := range want {
		if g := got[i]; g.Event.Reference != w.reference || g.Event.Action != w.do || g.Stands != w.stands {
			t.Errorf("%d: %s %s stands %v, want %+v", i, g.Event.Reference, g.Event.Action, g.Stands, w)
		}
	}
	if err := got[2].Application.Can(actor(t, s, "zhou.wuhou"), review.TakeBack); err == nil {
		t.Error("a decision on which a later level has acted can be taken back")
	}
	if _, err := s.Decisions(actor(t, s, "portal"), review.DateOf(clock)); err == nil {
		t.Error("the portal reads a log")
	}
}
