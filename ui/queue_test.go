package ui

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

func TestQueueGolden(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"80x24", 80, 24}, {"60x20", 60, 20}, {"200x50", 200, 50}} {
		t.Run(size.name, func(t *testing.T) {
			d := open(t, withPeople(t), wuhou)
			d.resize(size.width, size.height)
			d.golden("queue_zh_" + size.name)
			d.press("j", "enter")
			d.golden("detail_zh_" + size.name)
		})
	}
}

func TestEnglishGolden(t *testing.T) {
	d := open(t, withPeople(t), wuhou, english)
	d.golden("queue_en_80x24")
	d.press("j", "enter")
	d.golden("detail_en_80x24")
	d.resize(200, 50)
	d.golden("detail_en_200x50")
}

// TestGoldenInEveryLocale: the frames are the same whatever the process finds in LANG.
func TestGoldenInEveryLocale(t *testing.T) {
	for _, locale := range []string{"zh_CN.UTF-8", "C.UTF-8"} {
		test := exec.Command(os.Args[0], "-test.run", "^Test(Queue|English)Golden$")
		test.Env = append(os.Environ(), "LANG="+locale, "LC_ALL="+locale)
		if out, err := test.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", locale, err, out)
		}
	}
}

// TestPagesHoldNoMoreThanIsShown walks through a queue longer than the window, down, up and by jumps.
func TestPagesHoldNoMoreThanIsShown(t *testing.T) {
	s, most := doubled(withMany(t, 30)), 0
	s.page = func(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error) {
		most = max(most, n)
		return s.Store.Page(q, at, forward, n)
	}
	d := open(t, s, wuhou)
	d.resize(60, 12) // six rows
	d.checkPages(&most)
	for i := 1; i <= 30; i++ {
		d.selects(reference(i))
		d.press("j")
		d.checkPages(&most)
	}
	d.selects(reference(30))
	for i := 30; i >= 1; i-- {
		d.selects(reference(i))
		d.press("k")
		d.checkPages(&most)
	}
	d.press("G")
	d.selects(reference(30))
	d.press("ctrl+u")
	d.selects(reference(27))
	d.press("g", "ctrl+d", "ctrl+d", "ctrl+d")
	d.selects(reference(10))
	d.checkPages(&most)
	d.press("jjjjjjjjjj")
	d.selects(reference(20))
	d.press("kkkkkkkkkkkkkkkkkkkkkkkkk")
	d.selects(reference(1))
}

// checkPages fails where more rows are held, or were asked for in one page since the last check, than are shown.
func (d *desktop) checkPages(most *int) {
	d.t.Helper()
	q, _ := d.root.stack[0].(*queueScreen)
	if l := q.desk.list; len(l.rows) > l.height || *most > l.height {
		d.t.Fatalf("%d rows held, %d asked for, %d shown", len(l.rows), *most, l.height)
	}
	*most = 0
}

func reference(n int) string { return applicant{n: n}.reference() }

// withMany fills 武侯区 with n applications, one a day, the earliest first.
func withMany(t testing.TB, n int) *store.Store {
	t.Helper()
	return openFolder(t, prepared(t, fmt.Sprintf("many-%d", n), register, func(s *store.Store) {
		for i := 1; i <= n; i++ {
			submit(t, s, applicant{n: i, name: "王芳", area: "510107", days: 60 - i})
		}
	}), false)
}

// TestCursorStaysWhereTheNextCaseHasMoved: in the middle of a page, at its end, at the end of the queue.
func TestCursorStaysWhereTheNextCaseHasMoved(t *testing.T) {
	d := open(t, withMany(t, 14), wuhou)
	d.resize(60, 12)
	d.press("jjjjjjj", "a")
	d.selects(reference(9))
	d.press("k")
	d.selects(reference(7))
	d.press("a")
	d.selects(reference(9))
	d.press("G", "a")
	d.selects(reference(13))
	d.press("g", "a", "a", "a")
	d.selects(reference(4))
	d.sees("[待审核 8]")
}

func TestDecidedRowThatStaysOpensTheNext(t *testing.T) {
	d := open(t, withMany(t, 8), wuhou)
	d.press("8", "j", "a") // in the list of all, the latest first
	d.selects(reference(6))
	d.press("G", "a")
	d.selects(reference(1))
}

func TestFilter(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.sees("筛选：待审核", "拼音")
	d.typeText("司马")
	d.press("enter")
	d.selects("SQ202600000003")
	d.sees("筛选“司马” 1 件")
	d.misses("SQ202600000001")
	d.press("a")
	d.says("SQ202600000003 已通过")
	d.sees("没有符合筛选条件的", "筛选“司马” 0 件")
	d.press("2")
	d.selects("SQ202600000003")
	d.press("esc", "1")
	d.selects("SQ202600000001")
	d.press("esc")
	d.says("已在最外层，q 离开")
	d.press("/")
	d.typeText("lisi不存在")
	d.press("esc")
	d.selects("SQ202600000001")
}

// TestFilterTypedAhead: slash, text and enter in one read.
func TestFilterTypedAhead(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/wangfang", "enter")
	d.selects("SQ202600000001")
	d.misses("SQ202600000002")
}

func TestTabs(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("tab")
	d.sees("[审核中 0]", "没有审核中的申请")
	d.press("shift+tab", "shift+tab")
	d.sees("[统计]")
	d.press("8")
	d.sees("[全部 5]")
	d.press("tab", "3")
	d.sees("[已通过 0]")
	d.press("6")
	d.sees("[证书 0]", "没有登记证书")
	d = open(t, s, clerk) // nothing waits for the decision of one who makes none
	d.sees("[办事窗口 0]")
	d.misses("待审核")
	d.press("tab")
	d.sees("[审核中 5]")
}

func TestResizeAtAnyMoment(t *testing.T) {
	sizes := [][2]int{{10, 3}, {200, 50}, {1, 1}, {60, 20}, {80, 24}, {30, 8}, {110, 10}, {80, 24}}
	walk := []func(d *desktop){
		func(d *desktop) {}, func(d *desktop) { d.press("enter") }, func(d *desktop) { d.press("o") },
		func(d *desktop) { d.press("r") }, func(d *desktop) { d.press("r", "space") }, func(d *desktop) { d.press("h") },
		func(d *desktop) { d.press("m") }, func(d *desktop) { d.press("?") }, func(d *desktop) { d.press(":") },
		func(d *desktop) { d.press("/") }, func(d *desktop) { d.press("G") }, func(d *desktop) { d.press("enter", "x", "G") },
	}
	s := withMany(t, 12)
	for _, goThere := range walk {
		d := open(t, s, wuhou)
		goThere(d)
		for _, size := range sizes {
			d.resize(size[0], size[1])
		}
	}
}

// TestResizeKeepsTheCase: the cursor stays on its case, and a higher window is filled.
func TestResizeKeepsTheCase(t *testing.T) {
	d := open(t, withMany(t, 30), wuhou)
	d.press("jjjjjjjjjjjj")
	d.selects(reference(13))
	d.resize(60, 8)
	d.selects(reference(13))
	d.resize(200, 50)
	d.selects(reference(13))
	d.sees(reference(1), reference(30))
}

func TestResizeWhileTheFirstPageIsRead(t *testing.T) {
	s := withMany(t, 30)
	d := open(t, s, wuhou, func(*Options) {})
	d = &desktop{t: t, root: newRoot(d.root.s, d.root.first), hold: true}
	d.resize(60, 8)
	d.resize(200, 50)
	d.flush()
	d.sees(reference(1), reference(30))
}

func TestMouse(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.mouse(10, 5, tea.MouseButtonLeft) // third row: header, tabs and headings are above
	d.selects("SQ202600000003")
	d.mouse(10, 5, tea.MouseButtonWheelDown)
	d.selects("SQ202600000004")
	d.mouse(10, 5, tea.MouseButtonWheelUp)
	d.mouse(10, 5, tea.MouseButtonLeft)
	if d.top() != "detailScreen" {
		t.Errorf("a click on the selected row opened %s", d.top())
	}
	d.press("esc")
	d.mouse(12, 1, tea.MouseButtonLeft)
	d.sees("[审核中 0]")
	d.mouse(2, 1, tea.MouseButtonLeft)
	d.mouse(10, 18, tea.MouseButtonWheelDown) // over the case
	d.sees("SQ202600000001")
	d.misses("首次登记")
}

func TestHostileTextIsShownAsText(t *testing.T) {
	s := register(t)
	submit(t, s, applicant{n: 1, name: "王芳", area: "510107"})
	decideAs(t, s, wuhou, reference(1), func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
		e, err := a.Hold(by, s.Policy(), "x", now)
		e.Note = "\x1b]0;taken over\a\u202e"
		a.HeldNote = "\x1b[2J\x1b[31m\u202eevil\n\n\n"
		return e, err
	})
	d := open(t, s, wuhou)
	d.press("5", "enter") // the driver checks every frame
	d.sees("evil")
	d.press("G")
	d.sees("taken over")
}

func TestPasteIntoATextField(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("h")
	d.paste("\x1b[31m好\u202e的\n")
	d.press("enter", "5")
	d.sees("已挂起：", "好的")
}
