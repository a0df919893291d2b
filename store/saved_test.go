package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func TestViewsSurviveReopeningAndRepair(t *testing.T) {
	s := newStore(t)
	for _, v := range []SavedView{{"快到期", Pending, "due<3d"}, {"挂起的", Pending, "hold"}, {"再次", Pending, "kind:renewal"}, {"快到期", Pending, "due<2d"}} {
		if err := s.SaveView("zhou.wuhou", v); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.ForgetView("zhou.wuhou", "挂起的"), s.Welcome("zhou.wuhou")); err != nil {
		t.Fatal(err)
	}
	want := Preferences{Views: []SavedView{{"快到期", Pending, "due<2d"}, {"再次", Pending, "kind:renewal"}}, Welcomed: true}
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	got, err := s.Preferences("zhou.wuhou")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if other, err := s.Preferences("wu.city"); err != nil || len(other.Views) > 0 || other.Welcomed {
		t.Errorf("another account has %v, %v", other, err)
	}
}

func TestViewsAreRefused(t *testing.T) {
	s := newStore(t)
	for _, v := range []SavedView{{"", Pending, "hold"}, {"两 词", Pending, "hold"}, {strings.Repeat("长", MaxViewName+1), Pending, "hold"}, {"坏\x1b", Pending, "hold"}, {"长", Pending, strings.Repeat("王", review.MaxQuery+1)}} {
		if rule, ok := errors.AsType[*review.RuleError](s.SaveView("zhou.wuhou", v)); !ok {
			t.Errorf("%q: got %v, want a RuleError", v.Name, rule)
		}
	}
	if err := s.ForgetView("zhou.wuhou", "没有"); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if err := s.SaveView("nobody", SavedView{"挂起的", Pending, "hold"}); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// An internal note is an event and nothing else: the application stays as it is, and the portal never sees the note.
func TestInternalNote(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	portal := actor(t, s, "portal")
	before, err := s.Application(portal, reference(1))
	if err != nil {
		t.Fatal(err)
	}
	note := review.Event{Action: review.Note, Reference: reference(1), Note: "电话核实"}
	if err := s.Record("zhou.wuhou", note, clock); err != nil {
		t.Fatal(err)
	}
	after, err := s.Application(portal, reference(1))
	if err != nil || before.Version != after.Version {
		t.Errorf("version %d became %d, %v", before.Version, after.Version, err)
	}
	for account, want := range map[string]int{"zhou.wuhou": 1, "wu.city": 1, "li.admin": 1, "portal": 0, "ma.clerk": 0} {
		list, err := s.Timeline(actor(t, s, account), reference(1))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, e := range list {
			if e.Note == note.Note {
				found++
			}
		}
		if found != want {
			t.Errorf("%s sees %d notes, want %d", account, found, want)
		}
	}
	empty := note
	empty.Note = " "
	if err := s.Record("zhou.wuhou", empty, clock); err == nil {
		t.Error("an empty note was recorded")
	}
	if err := s.Record("portal", note, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the portal: got %v, want ErrDenied", err)
	}
}

// TestFolderOfScansIsKept beside what else the account has arranged.
func TestFolderOfScansIsKept(t *testing.T) {
	s := newStore(t)
	if err := errors.Join(s.Welcome("zhou.wuhou"), s.PreferScans("zhou.wuhou", "/srv/scans")); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	want := Preferences{Scans: "/srv/scans", Welcomed: true}
	if got, err := s.Preferences("zhou.wuhou"); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v: %+v", err, got)
	}
	for _, folder := range []string{"/srv/\x1b[2J", "/" + strings.Repeat("x", maxPath)} {
		if _, ok := errors.AsType[*review.RuleError](s.PreferScans("zhou.wuhou", folder)); !ok {
			t.Errorf("%.20q is kept", folder)
		}
	}
}
