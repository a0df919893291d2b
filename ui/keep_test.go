package ui

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

// TestDeskComesBack: queue, filter, cursor, open case and marks are where they were left.
func TestDeskComesBack(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("space", "j", "enter", "q", "q")
	if !d.quit {
		t.Fatal("the desk is still open")
	}
	again := open(t, s, wuhou)
	again.selects("SQ202600000003")
	again.says("已回到上次离开的地方，1 件仍有标记")
	again.sees("*SQ202600000001")
	again.press("a")
	again.sees("通过已标记的 1 件")
	again.press("1", "enter")
	again.says("通过：1 件全部完成")
}

func TestOpenCaseComesBackAfterADroppedLine(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("8", "j", "enter")
	d.elapse() // and then the line drops: nothing more is heard of this desk
	again := open(t, s, wuhou)
	if again.top() != "detailScreen" {
		t.Fatalf("on top is %s, want the case\n%s", again.top(), again.view())
	}
	again.sees("SQ202600000004")
	again.press("esc")
	again.sees("[全部 5]")
}

func TestDeskIsWrittenOnceASecond(t *testing.T) {
	s, n := doubled(withPeople(t)), 0
	s.saveDesk = func(account string, state review.DeskState, drafts []review.HalfDone) error {
		n++
		return s.Store.SaveDesk(account, state, drafts)
	}
	d := open(t, s, wuhou)
	d.press("j", "j", "k", "j")
	if n != 0 || len(d.timers) != 1 {
		t.Fatalf("%d writes and %d timers, want none and one", n, len(d.timers))
	}
	d.elapse()
	d.elapse()
	if n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
	d.press("q")
	if n != 1 || !d.quit {
		t.Errorf("%d writes after leaving, want 1: nothing had changed", n)
	}
}

func TestFullDiskKeepsNobodyFromLeaving(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.saveDesk, errBroken)
	d := open(t, s, wuhou)
	d.press("n")
	d.typeText("已电话核实")
	d.press("enter")
	d.elapse()
	d.says("✗", "未完成的工作没有保存")
	s.saveDesk = s.Store.SaveDesk
	d.press("j")
	d.elapse()
	again := open(t, s, wuhou)
	again.press("k")
	again.sees("随决定附上的说明：已电话核实", "上次留下的")
	fail(&s.saveDesk, errBroken)
	again.press("j", "q")
	if !again.quit {
		t.Error("the desk is still open")
	}
}

// TestHalfARejectionComesBack: reasons, what they name and notes are offered when the case opens again, and dropped by D.
func TestHalfARejectionComesBack(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r", "space", "j", "space", "enter", "j", "j", "space", "n")
	d.typeText("请加盖单位公章")
	d.press("enter", "esc")
	d.elapse()
	again := open(t, s, wuhou)
	again.sees("未完成的不通过：已选 2 项原因 · r 继续，D 丢弃")
	again.golden("draft_zh_80x24")
	again.press("r")
	again.says("继续上次未完成的：已选 2 项原因")
	again.sees("[x] Q01", "→ 身份证", "[x] Q03 申请表未盖章：请加盖单位公章")
	again.press("y")
	again.says("✓", "已作不通过处理")
	if draft, err := s.Draft(wuhou, reference(1)); err != nil || !draft.Empty() {
		t.Errorf("%+v, %v: the draft outlived the decision", draft, err)
	}
	again.press("u")
	again.says("✓")
	again.sees("未完成的不通过：已选 2 项原因 · r 继续，D 丢弃") // it was taken back to be said better
	again.press("r")
	again.sees("[x] Q01", "→ 身份证", "[x] Q03 申请表未盖章：请加盖单位公章")
}

func TestDraftIsDropped(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("r", "j", "j", "space", "esc")
	d.sees("已选 1 项原因")
	d.press("D")
	d.sees("丢弃 SQ202600000001 的草稿？", "不能恢复")
	d.press("enter")
	d.says("已取消")
	d.sees("已选 1 项原因")
	d.press("D", "y")
	d.says("SQ202600000001 的草稿已丢弃")
	d.misses("未完成的不通过")
	d.press("D")
	d.says("✗", "没有草稿可丢弃")
	d.press("r", "D")
	d.says("✗", "没有草稿可丢弃")
	d.press("j", "j", "space", "D", "j")
	d.says("已取消")
	d.sees("[x] Q03")
	d.press("D", "y", "y")
	d.says("✗", "请至少选择一项不通过原因")
	d.press("esc", "q")
	if draft, err := s.Draft(wuhou, reference(1)); err != nil || !draft.Empty() {
		t.Errorf("%+v, %v: the draft is still there", draft, err)
	}
}

// TestFilterOfAVanishedAreaOpens: the desk says what is wrong with the filter that was left, and works on.
func TestFilterOfAVanishedAreaOpens(t *testing.T) {
	s := withPeople(t)
	if err := s.SaveDesk(wuhou, review.DeskState{Queue: "pending", Filter: "area:没有这个区", Place: "zz"}, nil); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.press("esc")
	d.selects("SQ202600000001")
	if err := s.SaveDesk(jinniu, review.DeskState{Queue: "no such queue", Place: "zz"}, nil); err != nil {
		t.Fatal(err)
	}
	open(t, s, jinniu).selects("SQ202600000006")
}

// TestKeysBeforeTheDeskIsBack: no key meets a case that is about to go, and one that opens a queue is obeyed.
func TestKeysBeforeTheDeskIsBack(t *testing.T) {
	s := withPeople(t)
	if err := s.SaveDesk(wuhou, review.DeskState{Queue: "all"}, nil); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.sees("[全部 5]")
	d = &desktop{t: t, root: newRoot(d.root.s, d.root.first), hold: true}
	d.resize(80, 24)
	d.press("a")
	d.says("正在打开这一件")
	d.press("3")
	d.flush()
	d.sees("[已通过 0]")
}

// TestDeskSurvivesAKill: the real store, a process that is killed, and what the desk had been told was kept.
func TestDeskSurvivesAKill(t *testing.T) {
	dir := killedAt(t, withPeople, func(dir string) {
		d := open(t, openFolder(t, dir, false), wuhou)
		d.press("r", "j", "j", "space", "esc", "space")
		d.elapse()
	})
	d := open(t, openFolder(t, dir, false), wuhou)
	d.says("1 件仍有标记")
	d.press("k")
	d.sees("*SQ202600000001", "已选 1 项原因")
}

// killedAt makes a register, does the work on its folder in a process of its own, which is killed when that is done, and
// returns the folder. In that process, which runs the same test, it does not return.
func killedAt(t *testing.T, register func(testing.TB) *store.Store, work func(dir string)) string {
	t.Helper()
	const variable = "RONGZHENG_KILLED"
	if dir := os.Getenv(variable); dir != "" {
		work(dir)
		if err := os.WriteFile(filepath.Join(dir, "ready"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		process, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = process.Kill()
		}
		t.Fatal(err)
	}
	s := register(t)
	dir := s.Dir()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"="+dir, "TMPDIR="+t.TempDir()) // it cannot tidy up after itself
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Fatalf("the child was not killed: %s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "ready")); err != nil {
		t.Fatal("the child did not come to its end:", err)
	}
	return dir
}

// TestDeskComesBackToItsSection, and to the queue where an account that begins at a section was at a queue.
func TestDeskComesBackToItsSection(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.tabTo("统计")
	d.elapse() // and then the line drops
	d = open(t, s, wuhou)
	d.sees("[统计]")
	d.tabTo("待审核")
	d.press("q")
	open(t, s, wuhou).sees("[待审核")

	d = open(t, s, clerk)
	d.sees("[办事窗口")
	d.tabTo("证书")
	d.press("q")
	d = open(t, s, clerk)
	d.sees("[证书")
	d.tabTo("办事窗口")
	d.press("q")
	open(t, s, clerk).sees("[办事窗口")
}
