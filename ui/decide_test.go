package ui

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// TestClearCaseTakesTwoKeys: look, approve; the next case opens by itself.
func TestClearCaseTakesTwoKeys(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("enter")
	d.sees("SQ202600000001", "王*")
	d.press("a")
	d.says("✓", "SQ202600000001 已通过区（市）县初审，转市级复审", "u 撤销")
	d.sees("SQ202600000002", "李*")
	d.misses("王*")
	if got := stateOf(t, s, "SQ202600000001"); got.Level != 2 {
		t.Errorf("level = %d, want 2", got.Level)
	}
	d.press("a", "esc")
	d.selects("SQ202600000003")
	d.sees("[待审核 3]", "审核中 2")
}

func stateOf(t testing.TB, s *store.Store, reference string) review.Application {
	t.Helper()
	by, err := s.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Application(by, reference)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func lastDecision(t testing.TB, s *store.Store, reference string) review.Decision {
	t.Helper()
	a := stateOf(t, s, reference)
	last, ok := a.LastDecision()
	if !ok {
		t.Fatalf("%s: nobody has decided", reference)
	}
	return last
}

func TestLastCaseOfTheQueue(t *testing.T) {
	d := open(t, withPeople(t), jinniu)
	d.press("enter", "a")
	if d.top() != "queueScreen" {
		t.Errorf("on top is %s, want the queue: there is no next case", d.top())
	}
	d.sees("没有待您审核的申请")
	d.press("a")
	d.says("✗", "没有选中的申请")
}

func TestRefusedKeysSayWhy(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, "SQ202600000001", approves(s))
	for _, c := range []struct {
		name, account, queue string
		keys                 []string
		want                 string
	}{
		{"level before", third, "8", []string{"G", "a"}, "市级复审尚未通过；可由市级复审人员（郑老师）办理"},
		{"another level", second, "8", []string{"g", "a"}, "区（市）县初审尚未通过；可由金牛区的区（市）县初审人员（吴老师）办理"},
		{"clerk prints nothing yet", clerk, "tab", []string{"N"}, "窗口人员不能进行此操作；可由审核员办理"},
		{"decided by nobody", second, "2", []string{"u"}, "没有可撤销的决定"},
		{"auditor", audit, "1", []string{"a"}, "审计员只能查看，且个人信息遮盖显示；可由"},
		{"auditor reveals", audit, "1", []string{"x"}, "审计员只能查看，且个人信息遮盖显示；可由审核员、窗口人员、管理员办理"},
		{"clerk", clerk, "tab", []string{"r"}, "窗口人员不能进行此操作；可由"},
		{"only level 1 re-routes, and not any more", second, "1", []string{"m"}, "只有第一级可以改派"},
		{"no certificate", wuhou, "1", []string{"p"}, "本申请尚未发证"},
		{"unknown key", wuhou, "1", []string{"z"}, "“z”在此处无效，按 ? 查看可用按键"},
		{"later level", wuhou, "2", []string{"a"}, "已到市级复审，本级不能再操作；可由市级复审人员（郑老师）办理"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, s, c.account)
			d.press(c.queue)
			d.press(c.keys...)
			d.says(c.want)
		})
	}
}

// TestStaleDecision: somebody else was faster; the desk says who and when, and shows the case as it is now.
func TestStaleDecision(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("8", "G", "G") // all applications: the row stays in the list whatever becomes of it
	d.selects("SQ202600000001")
	decideAs(t, s, wuhou, "SQ202600000001", approves(s))
	d.press("a")
	d.says("✗", "SQ202600000001 已由 wuhou 于 2026-11-16 12:00 处理（通过）")
	d.sees("待市级复审")
	d.selects("SQ202600000001")
}

// TestTypeAhead: letters of one read are keys one after the other, each after the step of the one before.
func TestTypeAhead(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("jj")
	d.selects("SQ202600000003")
	d.hold = true
	d.send(tea.KeyMsg{Type: tea.KeyEnter})
	d.press("a")
	d.flush()
	d.says("SQ202600000003 已通过区（市）县初审")
	d.sees("SQ202600000004")
	if d.top() != "detailScreen" {
		t.Errorf("on top is %s, want the detail", d.top())
	}
}

// TestTypeAheadNeverDecidesUnseen: a key that arrives before the case is on the screen meets no case.
func TestTypeAheadNeverDecidesUnseen(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.hold = true
	d.press("ja")
	d.says("正在打开这一件")
	d.flush()
	d.press("a")
	d.says("SQ202600000002 已通过")
	d.hold = true
	d.press("aa")
	d.says("正在保存，请稍候")
	d.flush()
	if got := stateOf(t, s, "SQ202600000003"); got.Level != 2 {
		t.Errorf("level = %d, want 2", got.Level)
	}
	if got := stateOf(t, s, "SQ202600000004"); got.Level != 1 {
		t.Errorf("the second key of aa approved a case that nobody saw")
	}
}

func TestPasteIsNoKey(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.paste("a")
	d.says("粘贴的内容不作为按键")
	d.sees("[待审核 5]")
}

// TestFullWidthLettersAreKeys: an input method that was left on.
func TestFullWidthLettersAreKeys(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("ｊ")
	d.selects("SQ202600000002")
	d.press("？")
	d.sees("此处可用的按键")
}

func TestTakeBack(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("j", "a")
	d.selects("SQ202600000003")
	d.press("j", "a")
	d.selects("SQ202600000005")
	d.press("u")
	d.says("✓", "SQ202600000004 的决定已撤销，回到区（市）县初审")
	d.selects("SQ202600000004")
	d.press("u")
	d.says("✓", "SQ202600000002 的决定已撤销")
	d.selects("SQ202600000002")
	d.press("u")
	d.says("✗", "没有可撤销的决定")
	if got := stateOf(t, s, "SQ202600000002"); got.Level != 1 || len(got.Decisions) != 0 {
		t.Errorf("level %d with %d decisions, want 1 with none", got.Level, len(got.Decisions))
	}
}

// TestTakeBackElsewhere: in another queue the key is meant for the case under the cursor and for no other.
func TestTakeBackElsewhere(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, "SQ202600000005", approves(s))
	d := open(t, s, second)
	d.press("a", "2", "u")
	d.sees("撤销您最近的决定", "按 y 确认")
	d.press("a")
	d.says("已取消")
	if got := stateOf(t, s, "SQ202600000005"); got.Level != 3 {
		t.Errorf("level = %d: a decision was taken back from another queue", got.Level)
	}
}

func TestTakeBackAfterALaterLevelSaysWhy(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("a")
	decideAs(t, s, second, "SQ202600000001", approves(s))
	d.press("u")
	d.says("✗", "second", "SQ202600000001")
}

// TestLastLevel: approval issues the certificate; taking it back voids a number for good, so it asks.
func TestLastLevel(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, "SQ202600000001", approves(s))
	decideAs(t, s, second, "SQ202600000001", approves(s))
	d := open(t, s, third)
	d.press("a")
	d.says("✓", "SQ202600000001 已通过，证书 CD-2026-000001 已生成", "u 撤销")
	d.press("u")
	d.sees("证书编号将作废", "按 y 确认")
	d.press("enter")
	d.says("已取消")
	d.press("uy")
	d.says("✓", "SQ202600000001 的决定已撤销，回到市级终审")
	if got := stateOf(t, s, "SQ202600000001"); got.State != review.InReview {
		t.Errorf("state = %s, want in review", got.State)
	}
}

func TestReject(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r")
	d.sees("不通过 SQ202600000001 王*", "[ ] Q01", "选择不通过的原因")
	d.press("y")
	d.says("✗", "请至少选择一项不通过原因")
	d.press("space") // Q01 names an attachment
	d.sees("Q01", "涉及哪些项目", "证件照")
	d.misses("手机号")
	d.press("j", "space", "enter")
	d.sees("[x] Q01", "→ ", "已选 1 项")
	d.press("j", "j", "space", "n")
	d.typeText("请加盖单位公章")
	d.press("enter")
	d.sees("[x] Q03 申请表未盖章：请加盖单位公章", "已选 2 项")
	d.press("y")
	d.says("✓", "SQ202600000001 已作不通过处理", "u 撤销")
	d.selects("SQ202600000002")
	got := lastDecision(t, s, "SQ202600000001")
	want := []review.Reason{{Code: "Q01", Target: "id_card_back"}, {Code: "Q03", Note: "请加盖单位公章"}}
	if len(got.Reasons) != 2 || got.Reasons[0] != want[0] || got.Reasons[1] != want[1] {
		t.Errorf("reasons = %+v, want %+v", got.Reasons, want)
	}
}

func TestRejectNamesTheFieldUnderTheCursor(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("enter", "j", "j", "r") // 证件类型
	for range 4 {
		d.press("j")
	}
	d.press("space", "enter", "y") // Q05 names a field: the one that the cursor stood on
	got := lastDecision(t, s, "SQ202600000001")
	if len(got.Reasons) != 1 || got.Reasons[0] != (review.Reason{Code: "Q05", Target: "id_type"}) {
		t.Errorf("reasons = %+v, want Q05 on id_type", got.Reasons)
	}
}

func TestQ99AsksForANote(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r", "G", "space")
	d.sees("Q99 其他", "说明（申请人会看到）")
	d.press("esc", "y")
	d.says("✗", "原因 Q99 须填写说明")
	d.press("n")
	d.typeText("单位已注销")
	d.press("enter", "y")
	d.says("✓", "已作不通过处理")
}

// TestWordsAtTheReasonsAreANote: no key of the list is a word, and none of the words is lost.
func TestWordsAtTheReasonsAreANote(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r", "G")
	d.typeText("单位已注销，请换单位")
	d.sees("说明（申请人会看到）", "> 单位已注销，请换单位")
	d.press("enter", "y")
	d.says("✓", "已作不通过处理")
	want := []review.Reason{{Code: "Q99", Note: "单位已注销，请换单位"}}
	if got := lastDecision(t, s, "SQ202600000001").Reasons; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHoldAndRelease(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("h")
	d.sees("挂起 SQ202600000001 王*", "挂起理由")
	d.press("enter")
	d.says("✗", "请填写理由")
	d.typeText("等待单位来函")
	d.press("enter")
	d.says("✓", "SQ202600000001 已挂起")
	d.selects("SQ202600000002")
	d.press("5")
	d.selects("SQ202600000001")
	d.sees("[挂起 1]", "已挂起：等待单位来函")
	d.press("a")
	d.says("✗", "申请已挂起，请先恢复（h）")
	d.press("h")
	d.says("✓", "SQ202600000001 已恢复审核")
	d.press("1")
	d.selects("SQ202600000001")
}

func TestReroute(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("m")
	d.sees("改派 SQ202600000001 王*（现属武侯区）", "锦江区")
	d.misses("▸ 武侯区")
	d.press("j", "j", "enter")
	d.sees("改派 SQ202600000001 至金牛区")
	d.typeText("工作单位在金牛区")
	d.press("enter")
	d.says("✓", "SQ202600000001 已改派至金牛区")
	d.selects("SQ202600000002")
	if got := stateOf(t, s, "SQ202600000001").Area; got != "510106" {
		t.Errorf("area = %s, want 510106", got)
	}
}

// TestNoteGoesWithTheDecision: what was noted is kept with the approval.
func TestNoteGoesWithTheDecision(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("n")
	d.sees("申请人看不到") // TestTheFourWays and the exchange's results hold the desk to it
	d.typeText("已电话核实")
	d.press("enter")
	d.sees("随决定附上的说明：已电话核实")
	d.press("a")
	if got := lastDecision(t, s, "SQ202600000001"); got.Note != "已电话核实" {
		t.Errorf("note = %q", got.Note)
	}
}

func TestRevealIsRecorded(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("enter")
	d.sees("138****1234", "510***********")
	d.misses("王芳")
	d.press("x")
	d.says("✓", "查看已记录")
	d.sees("王芳", "13800001234")
	if got := countEvents(t, s, review.Reveal); got != 1 {
		t.Errorf("%d reveals recorded, want 1", got)
	}
	d.press("]")
	d.sees("李*")
	d.press("[")
	d.sees("王*")
	d.misses("王芳")
	d.press("x", "x")
	d.says("已恢复遮盖")
	d.misses("王芳")
}

func countEvents(t *testing.T, s *store.Store, do review.Action) int {
	t.Helper()
	by, err := s.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(by, 1, 10000)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		n += oneIf(e.Action == do)
	}
	return n
}

// TestLongPasteIsNotCutOff: what is too long for a note is refused and stays, so that it can be shortened.
func TestLongPasteIsNotCutOff(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("n")
	d.paste(strings.Repeat("长", review.MaxText) + "末尾")
	d.sees("长末尾")
	d.press("enter")
	d.says("最多 1000 个字")
	d.press("backspace", "backspace", "enter")
	d.misses("末尾")
}

// TestNumbersInNotesAreMasked: what people wrote into a note is no way round the mask.
func TestNumbersInNotesAreMasked(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.resize(80, 100)
	d.press("N")
	d.typeText("来电13800001234")
	d.press("enter")
	d.sees("来电138****1234")
	d.press("x")
	d.sees("来电13800001234")
}

// TestAnswerOutlivesARefusedWrite: what was typed for a question is not typed twice because the disk was full.
func TestAnswerOutlivesARefusedWrite(t *testing.T) {
	for _, tt := range []struct {
		key, sees string
	}{{"h", "未完成的挂起：等单位回函"}, {"N", "未完成的内部记录：等单位回函"}} {
		t.Run(tt.key, func(t *testing.T) {
			f := doubled(withPeople(t))
			fail(&f.change, errBroken)
			fail(&f.record, errBroken)
			d := open(t, f, wuhou)
			d.press(tt.key)
			d.typeText("等单位回函")
			d.press("enter")
			d.says("✗")
			d.sees(tt.sees)
			f.change, f.record = f.Store.Change, f.Store.Record
			d.press(tt.key)
			d.sees("> 等单位回函")
			d.press("enter")
			d.says("✓")
			d.misses("未完成的")
			d.elapse()
			if draft, err := f.Draft(wuhou, reference(1)); err != nil || !draft.Empty() {
				t.Errorf("%+v, %v: the words outlived what they were for", draft, err)
			}
		})
	}
}

// TestEveryActionSurvivesAFault: nothing is guessed, the case stays, the desk works on.
func TestEveryActionSurvivesAFault(t *testing.T) {
	for _, c := range []struct {
		name string
		keys func(d *desktop)
	}{
		{"approve", func(d *desktop) { d.press("a") }},
		{"reject", func(d *desktop) { d.press("r", "j", "j", "space", "y") }},
		{"hold", func(d *desktop) { d.press("h"); d.typeText("x"); d.press("enter") }},
		{"re-route", func(d *desktop) { d.press("m", "enter"); d.typeText("x"); d.press("enter") }},
		{"reveal", func(d *desktop) { d.press("x") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := doubled(withPeople(t))
			fail(&s.change, errBroken)
			fail(&s.record, errBroken)
			d := open(t, s, wuhou)
			c.keys(d)
			d.says("✗", "出现未预料的错误（编号 ")
			d.selects("SQ202600000001")
			s.change, s.record = s.Store.Change, s.Store.Record
			d.press("a")
			d.says("✓", "SQ202600000001 已通过")
		})
	}
}

func TestReadingFails(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.page, store.ErrDamaged)
	d := open(t, s, wuhou)
	d.sees("数据损坏")
	d.press("a")
	d.says("✗", "数据损坏")
	s.page = s.Store.Page
	d.press("R")
	d.selects("SQ202600000001")
	fail(&s.facts, store.ErrDamaged)
	d.press("j")
	d.sees("✗ 数据损坏")
	d.press("a")
	d.says("✗", "数据损坏")
	if !strings.Contains(d.view(), "SQ202600000002") {
		t.Error("the row is gone")
	}
}

func TestUnforeseenErrorsAreLogged(t *testing.T) {
	var log strings.Builder
	s := doubled(withPeople(t))
	fail(&s.change, errBroken)
	d := open(t, s, wuhou, func(o *Options) { o.Log = logTo(&log) })
	d.press("a")
	number := strings.Split(strings.Split(tight(d.status()), "编号")[1], "）")[0]
	if !strings.Contains(log.String(), number) || !strings.Contains(log.String(), errBroken.Error()) {
		t.Errorf("log %q lacks the number %s or the error", log.String(), number)
	}
}

// TestDigitsApartAreTwoNumbers: what is ticked, named or said between two digits ends the first number, so that 1 and later
// 3 never mean Q13.
func TestDigitsApartAreTwoNumbers(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("r", "1", "space", "1", "space", "3", "space", "enter") // Q01, of the first and the third paper
	d.press("3", "space", "4", "space")
	d.sees("[x] Q01", "[x] Q03", "[x] Q04", "[ ] Q13")
	d.press("1", "3")
	d.sees("▸ [ ] Q13")
}
