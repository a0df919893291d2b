package ui

import (
	"fmt"
	"slices"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

// rejectedMany opens a desk at which the first three cases have been rejected at once.
func rejectedMany(t *testing.T, s Register) *desktop {
	t.Helper()
	d := open(t, s, wuhou)
	d.press("space", "space", "space", "r", "3", "space", "y", "3", "enter")
	d.says("✓", "不通过：3 件全部完成")
	return d
}

// rejectedOf are those of the first three cases that are rejected.
func rejectedOf(t *testing.T, s *store.Store) []int {
	t.Helper()
	var list []int
	for n := 1; n <= 3; n++ {
		if stateOf(t, s, reference(n)).State == review.Rejected {
			list = append(list, n)
		}
	}
	return list
}

// TestTakeBackMany: what was decided on many at once is named, and goes back together once its number has been typed;
// each by an event of its own, with its reasons as a draft.
func TestTakeBackMany(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	d.press("u")
	d.sees("撤销 2026-11-16 12:00 对 3 件作出的不通过决定？", "原因留作草稿", "请输入件数 3")
	d.golden("take_back_many_zh_80x24")
	d.press("y", "enter")
	d.says("✗", "输入的是 y，应为 3")
	d.press("enter")
	d.says("✗", "请输入件数 3")
	d.press("esc")
	d.says("已取消")
	d.press("u", "u", "enter", "esc", "j") // no key by itself is yes
	if got := rejectedOf(t, s); len(got) != 3 {
		t.Fatalf("rejected are %v before the number was typed", got)
	}
	d.press("u", "3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
	d.sees("[待审核 5]")
	d.misses("* 已标记")
	if got := rejectedOf(t, s); len(got) != 0 {
		t.Errorf("still rejected: %v", got)
	}
	by, err := s.Account(wuhou)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 3; n++ {
		events, err := s.Timeline(by, reference(n))
		if err != nil {
			t.Fatal(err)
		}
		if last := events[len(events)-1]; last.Action != review.TakeBack || last.By != wuhou {
			t.Errorf("%s: the last event is %+v", reference(n), last)
		}
	}
	d.press("g", "r")
	d.says("继续上次未完成的：已选 1 项原因")
	d.sees("[x] Q03")
	d.press("esc", "u")
	d.says("✗", "没有可撤销的决定")
	for range 3 {
		d.elapse()
	}
	for n := 1; n <= 3; n++ {
		draft, err := s.Draft(wuhou, reference(n))
		if err != nil || len(draft.Reasons) != 1 || draft.Reasons[0].Code != "Q03" {
			t.Errorf("%s: the draft is %+v, %v", reference(n), draft, err)
		}
	}
}

// TestTakeBackManyInEnglish names them in English.
func TestTakeBackManyInEnglish(t *testing.T) {
	d := open(t, withPeople(t), wuhou, english)
	d.press("*", "a", "5", "enter", "u")
	d.sees("Take back the 5 cases that you approved at 2026-11-16 12:00?", "type the number, 5, and enter")
	d.press("4", "enter")
	d.says("✗", "4 was typed; the number is 5")
	d.press("5", "enter")
	d.says("✓", "decision taken back: all 5 done")
}

// TestTakeBackManyPartly: what the rules do not let be taken back stays as it is, marked, with its reason, and is not
// named again by the key, which goes on to what was decided before.
func TestTakeBackManyPartly(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("a", "*", "a", "4", "enter")
	d.says("✓", "通过：4 件全部完成")
	decideAs(t, s, second, reference(3), approves(s))
	d.press("u")
	d.sees("撤销 2026-11-16 12:00 对 4 件作出的通过决定？")
	d.press("4", "enter")
	d.sees("✗ 撤销决定：完成 3 件，未能完成 1 件，未处理 0 件", "SQ202600000003：", "second", "* 已标记 1")
	if got := stateOf(t, s, reference(3)).Level; got != 3 {
		t.Errorf("level of the third = %d, want 3", got)
	}
	d.press("M")
	d.sees("✗ SQ202600000003", "second")
	d.press("esc", "-", "u")
	d.says("✓", "SQ202600000001 的决定已撤销")
	for n := 1; n <= 5; n++ {
		if got := stateOf(t, s, reference(n)).Level; n != 3 && got != 1 {
			t.Errorf("%s: level = %d, want 1", reference(n), got)
		}
	}
}

// TestEscStopsTakingBack: on whatever screen, between two cases; the others stay decided and marked, and the key names
// them.
func TestEscStopsTakingBack(t *testing.T) {
	for name, above := range map[string][]string{"queue": nil, "case": {"enter"}, "attachment": {"o"}, "own": {"U"}} {
		t.Run(name, func(t *testing.T) {
			s := withPeople(t)
			d := rejectedMany(t, s)
			d.press("u")
			d.hold = true
			d.press("3", "enter")
			d.press(above...)
			screens := len(d.root.stack)
			d.press("esc")
			d.says("这一件完成后停止")
			if len(d.root.stack) != screens {
				t.Errorf("the screen has gone: %s is on top", d.top())
			}
			d.flush()
			if got := rejectedOf(t, s); !slices.Equal(got, []int{2, 3}) {
				t.Fatalf("rejected are %v, want 2 and 3", got)
			}
			for len(d.root.stack) > 1 {
				d.press("esc")
			}
			d.press("M")
			d.sees("已标记 2 件", "SQ202600000002", "SQ202600000003")
			d.press("esc", "u")
			d.sees("对 2 件作出的不通过决定？")
			d.press("2", "enter")
			d.says("✓", "撤销决定：2 件全部完成")
		})
	}
}

// TestTakeBackManyAtAFault: what failed for a reason that nobody foresaw is named again.
func TestTakeBackManyAtAFault(t *testing.T) {
	s := doubled(withPeople(t))
	d := rejectedMany(t, s)
	fail(&s.change, errBroken)
	d.press("u", "3", "enter")
	d.sees("✗ 撤销决定：完成 0 件，未能完成 3 件", "出现未预料的错误")
	s.change = s.Store.Change
	d.press("u", "3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
	d.misses("* 已标记")
}

// TestTakeBackManyAtTheNextDesk: the line drops, or the program is started again, and the key knows what was done last.
func TestTakeBackManyAtTheNextDesk(t *testing.T) {
	for name, leave := range map[string]func(d *desktop){
		"dropped": func(d *desktop) { d.drop() },
		"left":    func(d *desktop) { d.press("q") },
	} {
		t.Run(name, func(t *testing.T) {
			s := withPeople(t)
			d := rejectedMany(t, s)
			leave(d)
			again := open(t, s, wuhou)
			again.press("u")
			again.sees("撤销 2026-11-16 12:00 对 3 件作出的不通过决定？")
			again.press("3", "enter")
			again.says("✓", "撤销决定：3 件全部完成")
			leave(again)
			last := open(t, s, wuhou)
			last.press("u")
			last.says("✗", "没有可撤销的决定")
		})
	}
}

// TestOneDecisionSinceMany is what the next desk knows of: nothing that was decided before it is named as the last.
func TestOneDecisionSinceMany(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	d.press("a")
	d.drop()
	again := open(t, s, wuhou)
	again.press("u")
	again.says("✗", "没有可撤销的决定", "今日的决定按 U 查看")
}

// TestDroppedWhileTakingBack: the next desk names those that are left.
func TestDroppedWhileTakingBack(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	d.press("u")
	d.hold = true
	d.press("3", "enter")
	for len(rejectedOf(t, s)) == 3 {
		d.advance()
	}
	d.drop()
	again := open(t, s, wuhou)
	again.says("2 件仍有标记")
	again.press("u")
	again.sees("对 2 件作出的不通过决定？")
	again.press("2", "enter")
	again.says("✓", "撤销决定：2 件全部完成")
}

// TestTakeBackManyFromAnywhere: the number is asked for on every screen, after what was done since.
func TestTakeBackManyFromAnywhere(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	d.press("h")
	d.typeText("等待")
	d.press("enter", "?", "u")
	d.sees("最近一步是挂起 SQ202600000004；在“挂起”中按 h 恢复。", "撤销 2026-11-16 12:00 对 3 件作出的不通过决定？")
	d.press("3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
}

// TestTakeBackOneOfMany: with the cursor on one of them it is that one, named as one of several.
func TestTakeBackOneOfMany(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	d.press("4", "j")
	one := d.selected()
	d.press("u")
	d.sees("最近一步是不通过 SQ202600000001 等 3 件。", "只撤销其中的 "+one+"（不通过，2026-11-16 12:00）？")
	d.press("y")
	d.says("✓", one+" 的决定已撤销")
	d.press("1", "u")
	d.sees("对 2 件作出的不通过决定？")
}

// TestTakeBackManyRightAfterwards: in a list in which decided cases stay, the key right after means all of them, and no
// case alone.
func TestTakeBackManyRightAfterwards(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("8", "G", "v", "k", "v", "a", "2", "enter")
	d.says("✓", "通过：2 件全部完成")
	d.press("u")
	d.sees("对 2 件作出的通过决定？")
}

// TestTakeBackManyFinal: the numbers of certificates become void, which is said before.
func TestTakeBackManyFinal(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 3; n++ {
		for _, account := range []string{wuhou, second} {
			decideAs(t, s, account, reference(n), approves(s))
		}
	}
	d := open(t, s, third)
	d.press("*", "a", "3", "enter")
	d.says("✓", "通过：3 件全部完成")
	d.press("u")
	d.sees("对 3 件作出的通过决定？", "其中 3 件的证书编号将作废")
	d.press("3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
	if got := stateOf(t, s, reference(2)); got.State != review.InReview || got.Certificate != "" {
		t.Errorf("%s, certificate %q: want none, in review", got.State, got.Certificate)
	}
}

// TestNoRoomForMarks: what could not be taken back must find room among the marks.
func TestNoRoomForMarks(t *testing.T) {
	s := withPeople(t)
	d := rejectedMany(t, s)
	q := d.root.stack[0].(*queueScreen)
	for n := range mostMarked - 2 {
		q.desk.marks.add(mark{id: fmt.Sprintf("SQ2025%08d", n), version: 1})
	}
	d.press("u")
	d.says("✗", "一次最多标记 500 件，要撤销的 3 件标记不下：请先按 - 取消标记")
	d.press("-", "u", "3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
}

// TestTakeBackMarkedOfToday: rows of the list of today's decisions are marked for the key; those that cannot be taken
// back cannot be marked.
func TestTakeBackMarkedOfToday(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 4; n++ {
		decideAs(t, s, wuhou, reference(n), approves(s))
	}
	decideAs(t, s, second, reference(1), approves(s))
	d := open(t, s, wuhou)
	d.press("U", "G", "space")
	d.says("✗", "最近的决定由 second 作出")
	d.press("*")
	d.says("已标记 3 件")
	d.press("g", "space")
	d.says("已标记 2 件")
	d.sees("* 已标记 2")
	d.golden("own_marked_zh_80x24")
	d.press("u")
	d.sees("撤销对已标记的 2 件作出的决定？", "请输入件数 2")
	d.press("2", "enter")
	d.says("✓", "撤销决定：2 件全部完成")
	if got := d.top(); got != "ownScreen" {
		t.Fatalf("on top is %s, want the list", got)
	}
	d.misses("* 已标记")
	for n, want := range map[int]int{1: 3, 2: 1, 3: 1, 4: 2} {
		if got := stateOf(t, s, reference(n)).Level; got != want {
			t.Errorf("%s: level = %d, want %d", reference(n), got, want)
		}
	}
	d.press("-", "g", "u")
	d.says("✓", "SQ202600000004 的决定已撤销") // unmarked, the one under the cursor
}

// TestOwnDecisionsAreReadOnceForMany: not once for each of the cases.
func TestOwnDecisionsAreReadOnceForMany(t *testing.T) {
	s, n := doubled(withPeople(t)), 0
	s.decisions = func(by review.Actor, day review.Date) ([]store.OwnDecision, error) {
		n++
		return s.Store.Decisions(by, day)
	}
	d := rejectedMany(t, s)
	d.press("U", "*", "u")
	before := n
	d.press("3", "enter")
	d.says("✓", "撤销决定：3 件全部完成")
	if got := n - before; got != 1 {
		t.Errorf("read %d times, want once", got)
	}
}
