package ui

import (
	"testing"

	"rongzheng/review"
)

// TestWhatWasOpenOpensAgain: after a line is cut at once, with whatever was on the screen and half typed.
func TestWhatWasOpenOpensAgain(t *testing.T) {
	for _, tt := range []struct {
		name  string
		leave func(d *desktop)
		top   string
		sees  []string
	}{
		{"a note", func(d *desktop) { d.press("j", "n"); d.typeText("已电话核") }, "askPanel", []string{"> 已电话核", "SQ202600000002"}},
		{"a note over the case", func(d *desktop) { d.press("j", "enter", "n"); d.typeText("半") }, "askPanel", []string{"> 半"}},
		{"an internal note", func(d *desktop) { d.press("N"); d.typeText("半句") }, "askPanel", []string{"> 半句", "内部"}},
		{"a hold", func(d *desktop) { d.press("h"); d.typeText("等回") }, "askPanel", []string{"> 等回", "挂起"}},
		{"a re-routing", func(d *desktop) { d.press("m", "j", "enter"); d.typeText("单位在") }, "askPanel", []string{"> 单位在", "改派"}},
		{"a filter", func(d *desktop) { d.press("/"); d.typeText("kind:ren") }, "filterPanel", []string{"> kind:ren"}},
		{"a rejection", func(d *desktop) { d.press("r", "j", "j", "space") }, "rejectScreen", []string{"[x] Q03"}},
		{"a reason's note", func(d *desktop) { d.press("r", "j", "j", "space", "n"); d.typeText("请加") }, "askPanel", []string{"> 请加", "Q03"}},
		{"an attachment", func(d *desktop) { d.press("o", "o") }, "pictureScreen", []string{"社工证书"}},
		{"an attachment over the case", func(d *desktop) { d.press("enter", "o", "o") }, "pictureScreen", []string{"社工证书"}},
		{"the case", func(d *desktop) { d.press("j", "j", "enter") }, "detailScreen", []string{"SQ202600000003"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := withPeople(t)
			d := open(t, s, wuhou)
			tt.leave(d)
			want := d.view()
			d.drop()
			again := open(t, s, wuhou)
			if got := again.top(); got != tt.top {
				t.Fatalf("on top is %s, want %s\n%s", got, tt.top, again.view())
			}
			again.sees(tt.sees...)
			if len(again.root.stack) != len(d.root.stack) {
				t.Errorf("%d screens, want %d as before:\n%s\n%s", len(again.root.stack), len(d.root.stack), want, again.view())
			}
			for len(again.root.stack) > 1 {
				again.press("esc")
			}
			if got := inHandOf(again, again.selected()); tt.top != "filterPanel" && got != wuhou {
				t.Errorf("in hand of %q, want what is worked on", got)
			}
		})
	}
}

// TestQuestionThatHasNoAnswerAnyMore: what had been typed is said.
func TestQuestionThatHasNoAnswerAnyMore(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("h")
	d.typeText("等单位回函")
	d.drop()
	decideAs(t, s, colleague, "SQ202600000001", approves(s))
	again := open(t, s, wuhou)
	again.selects("SQ202600000002")
	again.says("上次未写完：等单位回函")
}

// TestWordsOutliveWhoTookTheCase: what had been typed when the line dropped is there again once the case is, although
// another had it in hand when the desk came back.
func TestWordsOutliveWhoTookTheCase(t *testing.T) {
	for _, tt := range []struct {
		name  string
		begin []string
		later []string // keys that ask again
		sees  string
	}{
		{"a hold", []string{"h"}, []string{"h"}, "未完成的挂起：等单位回函"},
		{"a re-routing", []string{"m", "j", "enter"}, []string{"m", "j", "enter"}, "未完成的改派：等单位回函"},
		{"a reason's note", []string{"r", "j", "j", "space", "n"}, []string{"r", "j", "j", "n"}, "已选 1 项原因"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := withColleague(t)
			d := open(t, s, wuhou)
			d.press(tt.begin...)
			d.typeText("等单位回函")
			d.drop()
			other := open(t, s, colleague)
			other.press("enter")
			open(t, s, wuhou).drop()
			again := open(t, s, wuhou)
			again.press("t", "y")
			again.sees(tt.sees)
			again.press(tt.later...)
			again.sees("> 等单位回函")
		})
	}
}

// TestWriteThatComesLate: a write of an older state that is under way when the line drops does not undo the last one.
func TestWriteThatComesLate(t *testing.T) {
	s := doubled(withPeople(t))
	var saved []review.DeskState
	s.saveDesk = func(account string, state review.DeskState, drafts []review.HalfDone) error {
		saved = append(saved, state)
		return s.Store.SaveDesk(account, state, drafts)
	}
	d := open(t, s, wuhou)
	d.press("r", "j", "j", "space")
	d.hold = true
	d.elapse() // the write is made, and hangs
	d.press("esc", "n")
	d.typeText("半句")
	d.drop()
	d.flush()
	if len(saved) != 1 || saved[0].Text != "半句" {
		t.Errorf("written: %+v, want the last state alone", saved)
	}
	again := open(t, s, wuhou)
	again.sees("> 半句", "已选 1 项原因")
}

// TestDeskIsToldToEnd: the notice is shown, a write that is under way is finished, and then the desk leaves.
func TestDeskIsToldToEnd(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.send(toldMsg{"服务将在 3 秒后停止"})
	d.says("服务将在3秒后停止")
	d.hold = true
	d.press("a")
	d.send(quitMsg{})
	if d.quit {
		t.Fatal("left before the write was done")
	}
	d.flush()
	if !d.quit {
		t.Fatal("the desk is still open")
	}
	if a := stateOf(t, s, "SQ202600000001"); a.Level != 2 {
		t.Errorf("level %d", a.Level)
	}
	open(t, s, wuhou).selects("SQ202600000002")
}
