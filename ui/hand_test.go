package ui

import (
	"testing"

	"rongzheng/review"
)

// inHandOf is who has the case in hand, "" for nobody.
func inHandOf(d *desktop, reference string) string {
	d.t.Helper()
	for _, c := range d.root.s.store.Claims() {
		if c.Reference == reference {
			return c.By
		}
	}
	return ""
}

// TestOpeningToReviewTakesInHand: the case in the whole window, a proof, the beginning of a decision; not the cursor.
func TestOpeningToReviewTakesInHand(t *testing.T) {
	for _, keys := range [][]string{{"enter"}, {"o"}, {"r"}, {"h"}, {"m"}, {"n"}} {
		t.Run(keys[0], func(t *testing.T) {
			s := withColleague(t)
			d := open(t, s, wuhou)
			d.press("j", "j", "k", "k")
			if got := inHandOf(d, "SQ202600000001"); got != "" {
				t.Fatalf("in the hand of %s by moving the cursor", got)
			}
			d.press(keys...)
			if got := inHandOf(d, "SQ202600000001"); got != wuhou {
				t.Fatalf("in hand of %q", got)
			}
			d.press("esc")
			if got := inHandOf(d, "SQ202600000001"); got != wuhou {
				t.Errorf("in hand of %q after closing: what was looked at must still be decided", got)
			}
			d.press("j")
			if got := inHandOf(d, "SQ202600000001"); got != "" {
				t.Errorf("in hand of %q after leaving", got)
			}
		})
	}
}

// TestOthersSeeWhoHasIt: in the list, in the case, and when they try; what looks only takes nothing.
func TestOthersSeeWhoHasIt(t *testing.T) {
	s := withColleague(t)
	d, other, auditor := open(t, s, wuhou), open(t, s, colleague), open(t, s, audit)
	auditor.press("enter")
	other.resize(110, 30)
	d.press("enter")
	other.hear()
	other.sees("办理中", "周老师 自 12:00 起办理中；按 t 接手")
	for _, key := range []string{"a", "r", "h", "m"} {
		other.press(key)
		other.says("周老师正在办理此件；按 t 可以接手")
	}
	other.press("enter")
	if got := inHandOf(d, "SQ202600000001"); got != wuhou {
		t.Errorf("in hand of %q", got)
	}
	auditor.hear()
	auditor.press("t")
	auditor.says("审计员")
	d.press("]")
	d.press("a")
	d.says("SQ202600000002")
	other.hear()
	other.misses("起办理中")
	if got := inHandOf(d, "SQ202600000001"); got != colleague {
		t.Errorf("in hand of %q, want the one who has it open", got)
	}
	other.press("a")
	other.says("SQ202600000001")
}

// TestHandIsNamedOnceTheNamesAreRead: a case that is open before the accounts have been read says who has it by the name of the
// account, and then by what people call them.
func TestHandIsNamedOnceTheNamesAreRead(t *testing.T) {
	s := withColleague(t)
	d, other := open(t, s, wuhou), open(t, s, colleague)
	d.press("enter")
	other.press("enter")
	other.root.s.colleagues = nil
	other.hear()
	other.sees("wuhou 自 12:00 起办理中")
	other.run(other.root.s.readPreferences())
	other.sees("周老师 自 12:00 起办理中")
}

// TestTwoDesksApproveAtOnce: one decision and one clear sentence, also before either has heard of the other.
func TestTwoDesksApproveAtOnce(t *testing.T) {
	s := withColleague(t)
	d, other := open(t, s, wuhou), open(t, s, colleague)
	d.press("a")
	other.press("a")
	other.says("SQ202600000001", wuhou, "通过")
	other.sees("[待审核 4]")
	d.press("enter")
	other.press("a")
	other.says("wuhou正在办理此件（至12:10）")
	if a := stateOf(t, s, "SQ202600000002"); a.Level != 1 {
		t.Errorf("level %d", a.Level)
	}
}

func TestTakeOverAtTheDesk(t *testing.T) {
	s := withColleague(t)
	d, other := open(t, s, wuhou), open(t, s, colleague)
	d.press("t")
	d.says("没有别人在办理")
	d.press("r", "j", "j", "space")
	other.hear()
	other.press("t")
	other.sees("由周老师正在办理")
	other.press("enter")
	if got := inHandOf(d, "SQ202600000001"); got != wuhou {
		t.Fatalf("enter took it over: %q", got)
	}
	other.press("t", "y")
	other.says("已接手SQ202600000001")
	other.misses("起办理中")
	d.hear()
	d.says("SQ202600000001已由wuhou2接手；您填写的内容仍保留")
	d.press("y")
	d.says("wuhou2正在办理此件")
	d.sees("[x] Q03")
	d.press("esc")
	d.sees("wuhou2 自 12:00 起办理中", "已选 1 项原因")
	if got := countEvents(t, s, review.TakeOver); got != 1 {
		t.Errorf("%d events", got)
	}
	other.press("a")
	other.says("SQ202600000001")
}

// TestHandIsProlongedByKeysAndLetGoWithout: ten minutes of nothing free the case, a key takes it again.
func TestHandIsProlongedByKeysAndLetGoWithout(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("enter")
	for range 2 * s.Policy().ClaimMinutes {
		d.press("j")
		d.elapse()
	}
	if got := inHandOf(d, "SQ202600000001"); got != wuhou {
		t.Fatalf("in hand of %q while keys come", got)
	}
	for range s.Policy().ClaimMinutes + 1 {
		d.elapse()
	}
	d.says("SQ202600000001已10分钟没有操作")
	if got := inHandOf(d, "SQ202600000001"); got != "" {
		t.Fatalf("in hand of %q without keys", got)
	}
	d.press("j")
	if got := inHandOf(d, "SQ202600000001"); got != wuhou {
		t.Errorf("in hand of %q after a key", got)
	}
}

// TestHandEndsWithTheDecisionAndTheDesk: the next case opens and is in hand; the one before is free.
func TestHandEndsWithTheDecisionAndTheDesk(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("enter", "a")
	first, next := inHandOf(d, "SQ202600000001"), inHandOf(d, "SQ202600000002")
	if first != "" || next != wuhou {
		t.Errorf("in hand of %q and %q", first, next)
	}
	d.root.s.news.Close()
	if got := inHandOf(d, "SQ202600000002"); got != "" {
		t.Errorf("in hand of %q after the desk has gone", got)
	}
}

// TestTakeOverAtTheProofs: the sentence that offers t stands at the proofs too, so the key works there.
func TestTakeOverAtTheProofs(t *testing.T) {
	s := withColleague(t)
	d, other := open(t, s, wuhou), open(t, s, colleague)
	d.press("enter")
	other.hear()
	other.press("o")
	other.sees("t 接手")
	other.press("a")
	other.says("按 t 可以接手")
	other.press("t")
	other.sees("由周老师正在办理")
	other.press("y")
	other.says("已接手SQ202600000001")
	if other.top() != "pictureScreen" {
		t.Errorf("on top is %s, want the proofs", other.top())
	}
	other.press("a")
	other.says("SQ202600000001 已通过")
}
