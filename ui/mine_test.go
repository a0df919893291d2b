package ui

import (
	"errors"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

// TestOwnDecisionsOfToday: each with whether it can still be taken back, and why not; u takes back.
func TestOwnDecisionsOfToday(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 3; n++ {
		decideAs(t, s, wuhou, reference(n), approves(s))
	}
	decideAs(t, s, second, reference(1), approves(s))
	d := open(t, s, wuhou) // a new desk: what was decided earlier today is here too
	d.press("U")
	d.sees("今日决定 3 件", "SQ202600000003", "✓ 可以撤销", "✗")
	d.golden("own_zh_80x24")
	d.press("G", "u")
	d.says("✗", "最近的决定由 second 作出")
	d.press("g", "u")
	d.says("✓", "SQ202600000003 的决定已撤销")
	d.sees("✗ 已撤销")
	d.press("u")
	d.says("✗", "已撤销")
	d.press("esc")
	d.sees("[待审核 3]")
	if got := stateOf(t, s, reference(3)).Level; got != 1 {
		t.Errorf("level = %d, want 1", got)
	}
}

func TestOwnDecisionsThatCannotBeRead(t *testing.T) {
	d := open(t, noDecisions{withPeople(t)}, wuhou)
	d.press("U")
	d.sees("出现未预料的错误")
	d.press("u", "esc")
	d.selects("SQ202600000001")
}

type noDecisions struct{ *store.Store }

func (noDecisions) Decisions(review.Actor, review.Date) ([]store.OwnDecision, error) {
	return nil, errors.New("disk full")
}

// TestTakeBackFromAnywhere: from another queue the decision is named first, and only y takes it back.
func TestTakeBackFromAnywhere(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("a", "7", "u")
	d.sees("撤销您最近的决定 SQ202600000001")
	d.press("enter")
	d.says("已取消")
	d.press("u", "y")
	d.says("✓", "SQ202600000001 的决定已撤销")
}
