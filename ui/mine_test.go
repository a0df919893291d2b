package ui

import (
	"testing"
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
	s := doubled(withPeople(t))
	fail(&s.decisions, errBroken)
	d := open(t, s, wuhou)
	d.press("U")
	d.sees("出现未预料的错误")
	d.press("u", "esc")
	d.selects("SQ202600000001")
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

// TestTakeBackAfterAHold: a hold is no decision, so the key says what was done last and how to undo that, and names the
// decision that it would take back before it does.
func TestTakeBackAfterAHold(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("a", "*", "h")
	d.typeText("等待")
	d.press("enter", "4", "enter")
	d.says("挂起：4 件全部完成")
	d.press("u")
	d.sees("最近一步是挂起 SQ202600000002 等 4 件；在“挂起”中标记后按 h 恢复。", "撤销较早的决定 SQ202600000001（通过，2026-11-16 12:00）？", "按 y 确认")
	d.press("u")
	d.says("已取消")
	if got := stateOf(t, s, reference(1)).Level; got != 2 {
		t.Fatalf("level = %d: a decision was taken back unasked", got)
	}
	d.press("u", "y")
	d.says("✓", "SQ202600000001 的决定已撤销")
	d.press("u")
	d.says("✗", "最近一步是挂起 SQ202600000002 等 4 件", "没有可撤销的决定")
}

// TestTakeBackOfAnOldDecisionAsks: what was decided at an earlier desk is named with when it was.
func TestTakeBackOfAnOldDecisionAsks(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, reference(1), approves(s))
	d := open(t, s, wuhou)
	d.press("a", "8", "G", "G") // all applications; the cursor on the one of before
	d.selects(reference(1))
	d.press("u")
	d.sees("最近一步是通过 SQ202600000002。", "撤销较早的决定 SQ202600000001（通过，2026-11-16 12:00）？")
	d.press("y")
	d.says("✓", "SQ202600000001 的决定已撤销")
	if got := stateOf(t, s, reference(2)).Level; got != 2 {
		t.Errorf("level = %d: the wrong decision was taken back", got)
	}
}

// TestTakeBackMeansTheLastActBeforeTheCase: in a list in which a decided case stays, the next one may be an older
// decision; the key right after a decision takes back that one all the same.
func TestTakeBackMeansTheLastActBeforeTheCase(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, reference(2), approves(s))
	d := open(t, s, wuhou)
	d.press("8", "G")
	for d.selected() != reference(3) {
		d.press("k")
	}
	d.press("a", "u")
	d.says("✓", "SQ202600000003 的决定已撤销")
	if got := stateOf(t, s, reference(2)).Level; got != 2 {
		t.Errorf("level = %d: an older decision was taken back", got)
	}
}
