package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// takenOut leases the first of the people to the first reviewer, and returns the pack.
func takenOut(t *testing.T, s *store.Store, n int) review.Pack {
	t.Helper()
	p, left, err := s.TakeOut(admin, review.Pack{Accounts: []string{wuhou}, Until: noon.AddDate(0, 0, 3)}, []string{reference(n)}, noon)
	if err != nil || len(left) > 0 {
		t.Fatalf("%v, %v", left, err)
	}
	return p
}

// cameBack hands an act in that does not fit: the laptop's clock is impossible.
func cameBack(t *testing.T, s *store.Store, p review.Pack, n int) {
	t.Helper()
	a := stateOf(t, s, reference(n))
	act := review.Act{
		Pack: p.Number, Number: 1, Account: wuhou, Action: review.Reject, At: time.Unix(86400, 0), Reference: a.Reference,
		Revision: a.Revision, Version: a.Version, Reasons: []review.Reason{{Code: "Q03"}},
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%+v", act))
	list := []review.Handed{{ID: hex.EncodeToString(id[:]), Act: act, Proof: "{}"}}
	if _, err := s.HandBack(admin, store.Return{Pack: p.Number, Officer: p.Accounts[0], Acts: list, Finished: true}, false, noon); err != nil {
		t.Fatal(err)
	}
}

// TestOutsideCase: a case that is outside says with whom and until when, and is not decided on at the desk.
func TestOutsideCase(t *testing.T) {
	s := withPeople(t)
	takenOut(t, s, 1)
	d := open(t, s, wuhou)
	d.selects(reference(1))
	d.sees("外出：已随工作包 WP-2026-000001 由 " + wuhou)
	d.press("a")
	d.says("✗", "外出")
	if got := stateOf(t, s, reference(1)).Level; got != 1 {
		t.Errorf("level %d, want 1", got)
	}
}

// TestConflictScreen: what the pack says beside what the desk says; each of the three ways asks first.
func TestConflictScreen(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 3; n++ {
		cameBack(t, s, takenOut(t, s, n), n)
	}
	d := open(t, s, admin)
	d.press(":")
	d.typeText("tab 冲突")
	d.press("enter")
	d.sees("冲突 3 件", reference(1), "1970-01-02")
	d.golden("conflicts_zh_80x24")
	d.press("p", "enter")
	d.says("已取消")
	d.press("p", "y")
	d.says("✓", "按工作包的决定")
	if got := stateOf(t, s, reference(1)); got.State != review.Rejected {
		t.Errorf("take the pack: %s", got.State)
	}
	d.press("d", "y")
	d.says("✓", "以审核台为准")
	d.press("b", "y")
	d.says("✓", "退回队列")
	d.sees("没有冲突")
	if half, err := s.Draft(wuhou, reference(3)); err != nil || len(half.Reasons) != 1 {
		t.Errorf("draft %+v, %v", half, err)
	}
	d.press("d")
	d.says("✗")
}

type noConflicts struct{ *store.Store }

func (noConflicts) Conflicts(review.Actor) ([]review.Handed, error) {
	return nil, errors.New("disk full")
}

func TestConflictsThatCannotBeRead(t *testing.T) {
	d := open(t, noConflicts{withPeople(t)}, admin)
	d.press(":")
	d.typeText("tab 冲突")
	d.press("enter")
	d.sees("出现未预料的错误")
}

// onAPack is a store that is a work pack until the time.
type onAPack struct {
	*store.Store
	until time.Time
}

func (o onAPack) Term() (store.Term, error) {
	return store.Term{Pack: "WP-2026-000007", From: noon.AddDate(0, 0, -1), Until: o.until}, nil
}

// TestCountdown: the header of a desk on a work pack says how much time is left, each minute anew.
func TestCountdown(t *testing.T) {
	now := noon
	d := open(t, onAPack{withPeople(t), noon.Add(26 * time.Hour)}, wuhou, func(o *Options) { o.Clock = func() time.Time { return now } })
	d.sees("外出 WP-2026-000007 剩 1 天 2 小时")
	now = noon.Add(25*time.Hour + 30*time.Minute)
	d.elapse()
	d.sees("剩 30 分钟")
	now = noon.Add(27 * time.Hour)
	d.elapse()
	d.sees("已到期，请交回")
}

// TestTimelineOfAnAct: both times stand in the timeline.
func TestTimelineOfAnAct(t *testing.T) {
	s := withPeople(t)
	p := takenOut(t, s, 1)
	a := stateOf(t, s, reference(1))
	act := review.Act{
		Pack: p.Number, Number: 1, Account: wuhou, Action: review.Hold, At: noon.Add(-time.Hour), Reference: a.Reference, Revision: a.Revision,
		Version: a.Version, Note: "等材料",
	}
	id := sha256.Sum256([]byte("act"))
	if _, err := s.HandBack(admin, store.Return{
		Pack: p.Number, Officer: act.Account, Acts: []review.Handed{{ID: hex.EncodeToString(id[:]), Act: act, Proof: "{}"}}, Finished: true,
	}, false, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.press("5", "enter", "G")
	d.sees("随工作包 WP-2026-000001 办理，本机时间 2026-11-16 11:00")
}

// TestPackOfMarkedRows: what is marked is taken out after y; where no file can be written the desk says what to type.
func TestPackOfMarkedRows(t *testing.T) {
	s := withPeople(t)
	var got []string
	d := open(t, s, wuhou, func(o *Options) {
		o.TakeOut = func(by review.Actor, accounts, references []string) (TakenOut, error) {
			got = references
			p, left, err := s.TakeOut(by.Name, review.Pack{Accounts: accounts, Until: noon.AddDate(0, 0, 14)}, references, noon)
			return TakenOut{Pack: p, Path: "zhou.pack", Left: left}, err
		}
	})
	pack := func() {
		d.press(":")
		d.typeText("pack")
		d.press("enter")
	}
	pack()
	d.says("✗", "没有标记的申请")
	d.press("esc", " ", "j", " ")
	pack()
	d.sees("把标记的 2 件打成工作包给 " + wuhou)
	d.press("y")
	d.says("✓", "WP-2026-000001", "zhou.pack")
	if len(got) != 2 {
		t.Errorf("took %v", got)
	}
	d.press("R")
	d.sees("外出 ")
	e := open(t, s, wuhou)
	e.press(":")
	e.typeText("pack")
	e.press("enter")
	e.says("✗", "pack create --for")
}
