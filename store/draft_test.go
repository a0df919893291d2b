package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

var (
	halfDone = review.HalfDone{
		Reference: "SQ202611160001", Revision: 1, Note: "已电话核实",
		Reasons: []review.HalfReason{{Code: "Q01", Ticked: true, Targets: []review.Key{"portrait"}, Note: "反光"}},
	}
	leftAt = review.DeskState{
		Queue: "pending", Filter: "kind:first", Reference: "SQ202611160001", Open: true,
		Marks: []review.Mark{{ID: "SQ202611160001", Version: 1}},
		Done: &review.DoneMany{Action: review.Approve, At: clock, Cases: []review.DoneCase{
			{Reference: "SQ202611160001", Version: 2}, {Reference: "SQ202611160002", Version: 3, Final: true},
		}},
		Counter: &review.CounterPlace{Kind: review.First, Picking: &review.PickingPlace{
			Folder: "/scans", On: review.FileStamp{At: clock, Size: 7},
			Marked: []review.FileStamp{{At: clock, Size: 8}}, Replace: 1,
		}},
	}
)

func TestDraftsAreKept(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	if err := s.SaveDesk("zhou.wuhou", leftAt, []review.HalfDone{halfDone}); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	wantDraft(t, s, "zhou.wuhou", halfDone)
	wantDraft(t, s, "wu.city", review.HalfDone{})
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	wantDraft(t, s, "zhou.wuhou", halfDone)
	state, err := s.Desk("zhou.wuhou")
	if diff := cmp.Diff(leftAt, state); err != nil || diff != "" {
		t.Errorf("desk: %v (-want +got):\n%s", err, diff)
	}
	if err := s.SaveDesk("zhou.wuhou", leftAt, []review.HalfDone{{Reference: halfDone.Reference}}); err != nil {
		t.Fatal(err)
	}
	wantDraft(t, s, "zhou.wuhou", review.HalfDone{})
}

// TestDecisionRemovesTheDraft of the account that decided and of no other.
func TestDecisionRemovesTheDraft(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	for _, account := range []string{"zhou.wuhou", "wu.city"} {
		if err := s.SaveDesk(account, leftAt, []review.HalfDone{halfDone}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.Change("zhou.wuhou", halfDone.Reference, 0, clock, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return a.Hold(by, s.Policy(), "等待", clock)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantDraft(t, s, "zhou.wuhou", review.HalfDone{})
	wantDraft(t, s, "wu.city", halfDone)
}

func TestDraftsAreRefused(t *testing.T) {
	s := newStore(t)
	if err := s.SaveDesk("nobody", leftAt, nil); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("unknown account: got %v, want ErrNotFound", err)
	}
	if err := s.SaveDesk("zhou.wuhou", leftAt, []review.HalfDone{halfDone}); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("unknown application: got %v, want ErrNotFound", err)
	}
	if state, err := s.Desk("zhou.wuhou"); err != nil || state.Queue != "" {
		t.Errorf("%+v, %v: what was refused was kept", state, err)
	}
}

func wantDraft(t *testing.T, s *Store, account string, want review.HalfDone) {
	t.Helper()
	got, err := s.Draft(account, halfDone.Reference)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("draft of %s: %v (-want +got):\n%s", account, err, diff)
	}
}

// TestDraftsSurviveAKill: what was acknowledged before the process was killed is there.
func TestDraftsSurviveAKill(t *testing.T) {
	if dir := os.Getenv("RONGZHENG_DRAFTS"); dir != "" {
		saveDraftsForEver(dir)
	}
	dir := t.TempDir()
	s := newStoreIn(t, dir)
	submit(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestDraftsSurviveAKill$")
	cmd.Env = append(os.Environ(), "RONGZHENG_DRAFTS="+dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for lines := bufio.NewScanner(out); acknowledged < 20 && lines.Scan(); {
		fmt.Sscanf(lines.Text(), "saved %d", &acknowledged)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	again := openStore(t, dir, Options{Timeout: 2 * time.Minute})
	d, err := again.Draft("zhou.wuhou", halfDone.Reference)
	number := 0
	fmt.Sscanf(d.Note, "%d", &number)
	if err != nil || acknowledged < 20 || number < acknowledged {
		t.Errorf("%v: draft %d, want at least the %d that was acknowledged", err, number, acknowledged)
	}
}

func saveDraftsForEver(dir string) {
	s := must(Open(dir, Options{}))
	for n := 1; ; n++ {
		d := halfDone
		d.Note = fmt.Sprint(n)
		if err := s.SaveDesk("zhou.wuhou", leftAt, []review.HalfDone{d}); err != nil {
			panic(err)
		}
		fmt.Println("saved", n)
	}
}
