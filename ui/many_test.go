package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

func TestApproveMany(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("space", "space", "j", "space")
	d.says("已标记 3 件")
	d.sees("*SQ202600000001", "*SQ202600000002", "*SQ202600000004")
	d.press("a")
	d.sees("通过已标记的 3 件", "请输入件数 3")
	d.press("enter")
	d.says("✗", "请输入件数 3")
	d.press("y", "enter")
	d.says("✗", "输入的是 y，应为 3")
	d.press("3", "3", "enter")
	d.says("✗", "输入的是 33，应为 3")
	d.press("esc")
	d.says("已取消")
	if got := stateOf(t, s, reference(1)).Level; got != 1 {
		t.Fatalf("level = %d before the number was typed", got)
	}
	d.press("a", "3", "enter")
	d.says("✓", "通过：3 件全部完成")
	d.sees("[待审核 2]")
	for n, want := range map[int]int{1: 2, 2: 2, 3: 1, 4: 2, 5: 1} {
		if got := stateOf(t, s, reference(n)); got.Level != want {
			t.Errorf("%s: level = %d, want %d", reference(n), got.Level, want)
		}
	}
}

// TestAnOpenRangeIsNotDecidedOn: who moves over rows and presses a key means all of them, and no case alone; the range is
// ended first.
func TestAnOpenRangeIsNotDecidedOn(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	for _, pressed := range []string{"a", "r", "h", "m", "p"} {
		d.press("g", "v", "j", pressed)
		d.says("✗", "从 SQ202600000001 起的一段还没有标记", "按 v 标记", "esc")
		d.press("esc")
	}
	if got := stateOf(t, s, reference(2)).Level; got != 1 {
		t.Fatalf("level = %d: a case of the range was decided on alone", got)
	}
	d.press("g", "v", "j", "v", "a")
	d.sees("通过已标记的 2 件")
}

// TestARangeEndsInItsList: one that was begun in another list does not reach into this one.
func TestARangeEndsInItsList(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, reference(2), rejects(s))
	d := open(t, s, wuhou)
	d.press("v", "4", "v")
	d.says("从 SQ202600000002 起标记一段")
	d.press("v")
	d.says("已标记 1 件")
}

// TestManyOneIsStale: each case is decided on the version that was seen; what could not be done stays marked and says why.
func TestManyOneIsStale(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("*")
	d.says("已标记 5 件")
	decideAs(t, s, wuhou, reference(3), holds(s))
	d.press("a", "5", "enter")
	d.sees("✗ 通过：完成 4 件，未能完成 1 件", "SQ202600000003 已由 wuhou")
	d.press("M")
	d.sees("已标记 1 件", "SQ202600000003", "已由 wuhou 于 2026-11-16 12:00 处理")
	d.golden("marked_zh_80x24")
	d.press("space")
	if d.top() != "queueScreen" {
		t.Errorf("on top is %s, want the queue", d.top())
	}
}

// TestMarkingAnewMeansWhatIsSeenNow: a mark is of the version that was on the screen, so marking once more renews it.
func TestMarkingAnewMeansWhatIsSeenNow(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("*")
	decideAs(t, s, wuhou, reference(3), holds(s))
	decideAs(t, s, wuhou, reference(3), func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Release(by, s.Policy(), now)
	})
	d.press("a", "5", "enter")
	d.sees("✗ 通过：完成 4 件，未能完成 1 件", "SQ202600000003 已由 wuhou")
	d.press("*")
	d.says("已标记 1 件")
	d.press("a", "1", "enter")
	d.says("✓", "通过：1 件全部完成")
}

// TestUnmarkedWhileRowsAreRead: rows that come after the marks were taken away are not marked.
func TestUnmarkedWhileRowsAreRead(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.hold = true
	d.press("*", "-")
	d.flush()
	d.press("M")
	d.says("没有标记的申请")
	d.press("a")
	if got := stateOf(t, s, reference(1)).Level; got != 2 {
		t.Errorf("level = %d: the case under the cursor is meant, and alone", got)
	}
	if got := stateOf(t, s, reference(2)).Level; got != 1 {
		t.Errorf("level of the second = %d, want 1", got)
	}
}

// TestEachOfManyKeepsItsNote: what was noted about one case does not go with another.
func TestEachOfManyKeepsItsNote(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	for _, note := range []string{"已电话核实", "已到单位核实"} {
		d.press("n")
		d.typeText(note)
		d.press("enter", "j")
	}
	d.press("*", "a", "5", "enter")
	d.says("✓", "通过：5 件全部完成")
	for n, want := range []string{"已电话核实", "已到单位核实", "", "", ""} {
		if got := lastDecision(t, s, reference(n+1)).Note; got != want {
			t.Errorf("%s: note %q, want %q", reference(n+1), got, want)
		}
	}
}

func TestRejectMany(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("v")
	d.says("从 SQ202600000001 起标记一段")
	d.press("j", "j", "v")
	d.says("已标记 3 件")
	d.press("r")
	d.sees("不通过已标记的 3 件")
	d.press("j", "j", "space", "y")
	d.sees("已标记的 3 件均作不通过处理（Q03 申请表未盖章）")
	d.press("3", "enter")
	d.says("✓", "不通过：3 件全部完成")
	for n := 1; n <= 3; n++ {
		got := lastDecision(t, s, reference(n))
		if got.Action != review.Reject || len(got.Reasons) != 1 || got.Reasons[0].Code != "Q03" {
			t.Errorf("%s: %+v, want a rejection with Q03", reference(n), got)
		}
	}
}

func TestRangeUpwards(t *testing.T) {
	d := open(t, withMany(t, 60), wuhou)
	d.press("G", "v", "g", "v")
	d.says("已标记 60 件")
	d.press("-")
	d.says("已取消 60 件的标记")
	d.press("j", "v", "esc", "M")
	d.says("没有标记的申请")
}

func TestHoldAndRerouteMany(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("space", "space", "m", "enter")
	d.typeText("工作单位在锦江区")
	d.press("enter")
	d.sees("将已标记的 2 件改派至锦江区")
	d.press("2", "enter")
	d.says("✓", "改派：2 件全部完成")
	d.press("*", "h")
	d.typeText("等待")
	d.press("enter", "３", "enter") // an input method that is left on
	d.says("✓", "挂起：3 件全部完成")
	if got := stateOf(t, s, reference(2)).Area; got != "510104" {
		t.Errorf("area = %s, want 510104", got)
	}
	if got := stateOf(t, s, reference(4)); !got.Held {
		t.Error("the fourth is not held")
	}
}

// TestEscStopsBetweenCases: the write that is under way ends, the others are left and stay marked.
func TestEscStopsBetweenCases(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("*")
	d.hold = true
	d.press("a", "5", "enter", "esc")
	d.says("这一件完成后停止")
	d.flush()
	d.says("完成 1 件，未能完成 0 件，未处理 4 件")
	if got := stateOf(t, s, reference(2)).Level; got != 1 {
		t.Errorf("level = %d: the second was decided after the stop", got)
	}
	d.press("M")
	d.sees("已标记 4 件")
}

// TestQuitStopsBetweenCases: leaving waits for the write that is under way and for no other.
func TestQuitStopsBetweenCases(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("*")
	d.hold = true
	d.press("a", "5", "enter", "q")
	d.flush()
	if !d.quit {
		t.Fatal("the desk is still open")
	}
	if got := stateOf(t, s, reference(1)).Level; got != 2 {
		t.Errorf("level of the first = %d, want 2", got)
	}
	if got := stateOf(t, s, reference(2)).Level; got != 1 {
		t.Errorf("level of the second = %d, want 1", got)
	}
}

// TestKeysWhileManyAreWritten: nothing else is decided, and no mark is changed.
func TestKeysWhileManyAreWritten(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("*")
	d.hold = true
	d.press("a", "5", "enter")
	for _, key := range []string{"a", "space", "v", "*", "-", "u"} {
		d.press(key)
		d.says("正在保存，请稍候")
	}
	d.flush()
	d.says("通过：5 件全部完成")
}

func TestManyStopAtAFault(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.change, errBroken)
	d := open(t, s, wuhou)
	d.press("space", "space", "a", "2", "enter")
	d.sees("✗ 通过：完成 0 件，未能完成 2 件", "出现未预料的错误")
	s.change = s.Store.Change
	d.press("a", "2", "enter")
	d.says("✓", "通过：2 件全部完成")
}

func TestMarkingIsBounded(t *testing.T) {
	d := open(t, endless(withPeople(t)), wuhou)
	d.press("*")
	d.says(fmt.Sprintf("已标记 %d 件", mostMarked), "其余未标记")
}

// endless is a queue without an end.
func endless(s *store.Store) *double {
	d := doubled(s)
	d.page = func(q store.Queue, at store.Cursor, _ bool, n int) (store.Page, error) {
		page, err := s.Page(q, "", true, 1)
		if err != nil {
			return page, err
		}
		from := 0
		if at != "" {
			fmt.Sscanf(string(at), "%d", &from)
		}
		var rows []store.Row
		for i := range n {
			row := page.Rows[0]
			a := *row.Application
			a.Reference = fmt.Sprintf("SQ2026%08d", from+i+1)
			row.Application, row.At = &a, store.Cursor(fmt.Sprintf("%09d", from+i+1))
			rows = append(rows, row)
		}
		return store.Page{Rows: rows, More: true, Next: rows[n-1].At}, nil
	}
	return d
}

func TestPrintMany(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 2; n++ {
		for _, account := range []string{wuhou, second, third} {
			decideAs(t, s, account, reference(n), approves(s))
		}
	}
	folder := t.TempDir()
	d := open(t, s, wuhou, func(o *Options) { o.Outlet = Folder(folder) })
	d.press("*", "p")
	d.says("✗", "尚未发证，请先取消其标记")
	d.press("-", "3", "*", "p")
	d.sees("为什么发出这 2 份证书")
	d.press("1")
	d.sees("打印已标记的 2 份证书")
	d.press("2", "enter")
	d.sees("✓ 打印证书：2 件全部完成", "✓ PDF 文件在 "+folder)
	for _, name := range []string{"CD-2026-000001.pdf", "CD-2026-000002.pdf"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestPrintManyPartly: what could not be printed is told beside where the rest is.
func TestPrintManyPartly(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 2; n++ {
		for _, account := range []string{wuhou, second, third} {
			decideAs(t, s, account, reference(n), approves(s))
		}
	}
	folder := t.TempDir()
	d := open(t, s, wuhou, func(o *Options) { o.Outlet = jamming{Folder(folder), "CD-2026-000002"} })
	d.press("3", "*", "p", "1", "2", "enter")
	d.sees("✗ 打印证书：完成 1 件，未能完成 1 件", "✗ PDF 文件在 "+folder, "jam")
	if n := printedIn(t, folder); n != 1 {
		t.Errorf("%d files, want 1", n)
	}
}

// jamming is a folder that does not take one of the papers.
type jamming struct {
	Folder
	not string
}

func (j jamming) Print(name string, pdf []byte, settle func() error) (string, error) {
	if name == j.not {
		return "", &PrinterError{Said: "jam"}
	}
	return j.Folder.Print(name, pdf, settle)
}

// TestRejectionTakesAtMostEightKeys: with any one reason of the policy, from the queue, with whatever it must name; only the
// text of a note is not counted.
func TestRejectionTakesAtMostEightKeys(t *testing.T) {
	s := withMany(t, 20)
	d := open(t, s, wuhou)
	for _, reason := range s.Policy().Reasons {
		reference := d.selected()
		before := d.keys
		d.press("r")
		for _, digit := range strings.TrimPrefix(strings.TrimPrefix(reason.Code, "Q"), "0") {
			d.press(string(digit))
		}
		d.press("space")
		var target review.Key
		switch reason.Needs {
		case "field":
			target = "level" // the last but a few of the list
			d.press("1", "8", "enter")
		case "attachment":
			target = "portrait"
			d.press("5", "enter")
		}
		if reason.Note {
			d.typeText("请加盖单位公章")
			d.press("enter")
		}
		d.press("y")
		if n := d.keys - before; n > 8 {
			t.Errorf("%s takes %d keys", reason.Code, n)
		}
		d.says("✓", reference+" 已作不通过处理")
		got := lastDecision(t, s, reference).Reasons
		if len(got) != 1 || got[0].Code != reason.Code || got[0].Target != target || (got[0].Note != "") != reason.Note {
			t.Errorf("%s: reasons = %+v", reason.Code, got)
		}
	}
}

func TestReasonWithANote(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r", "3", "n")
	d.typeText("请加盖单位公章")
	d.press("enter", "y")
	d.says("✓", "SQ202600000001 已作不通过处理")
	got := lastDecision(t, s, "SQ202600000001").Reasons
	if len(got) != 1 || got[0] != (review.Reason{Code: "Q03", Note: "请加盖单位公章"}) {
		t.Errorf("reasons = %+v", got)
	}
}

// TestMarksAreNeverOutOfSight: marks outlive tabs, filters and restarts, so the tab line tells of them, and the
// question before an action says how many lie elsewhere.
func TestMarksAreNeverOutOfSight(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("space", "space")
	d.press("j", "4") // 不通过: an empty queue
	d.sees("* 已标记 2")
	d.press("1", "/")
	d.typeText("SQ202600000005")
	d.press("enter", "space", "a")
	d.sees("通过已标记的 3 件", "其中 2 件不在屏幕上，是在别的列表或上次打开时标记的")
	d.press("esc", "-")
	d.misses("* 已标记")
	d.press("esc", "space", "a")
	d.sees("通过已标记的 1 件")
	d.misses("不在屏幕上")
	d.press("esc")
	d.elapse()
	again := open(t, s, wuhou)
	again.sees("* 已标记 1")
	again.press("/")
	again.typeText("SQ202600000004")
	again.press("enter", "a")
	again.sees("其中 1 件不在屏幕上")
}

// TestReleaseMany: h on held cases takes all of them up again; where some are not held, nothing happens and it says
// why.
func TestReleaseMany(t *testing.T) {
	s := withPeople(t)
	for n := 1; n <= 3; n++ {
		decideAs(t, s, wuhou, reference(n), holds(s))
	}
	d := open(t, s, wuhou)
	d.press("5", "*")
	d.says("已标记 3 件")
	d.press("1", "G", "space")
	d.press("h")
	d.says("✗", "标记的有 3 件已挂起、1 件未挂起", "按 M 取消一部分的标记")
	d.press("G", "space", "5", "h")
	d.sees("恢复审核已标记的 3 件？", "请输入件数 3")
	d.press("3", "enter")
	d.says("✓", "恢复：3 件全部完成")
	for n := 1; n <= 3; n++ {
		if stateOf(t, s, reference(n)).Held {
			t.Errorf("%s is still held", reference(n))
		}
	}
}

// TestManySayASharedReasonOnce: cases that nobody has looked at are refused for the same reason, which is said once, in
// the words of the desk.
func TestManySayASharedReasonOnce(t *testing.T) {
	d := open(t, toSee(t), wuhou)
	d.press("*", "a", "5", "enter")
	d.sees("未能完成 5 件", "5 件（M 列出）：尚未查看：")
	d.misses("--seen")
	if n := strings.Count(tight(d.view()), "尚未查看"); n != 1 {
		t.Errorf("the reason is said %d times\n%s", n, d.view())
	}
}

func holds(s *store.Store) decision {
	return func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Hold(by, s.Policy(), "等待", now)
	}
}
