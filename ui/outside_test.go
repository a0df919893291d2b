package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

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
		Revision: a.Revision, Version: a.Version,
		Reasons: []review.Reason{{Code: "Q03", Target: "application_form", Note: "第二页的公章只盖了一半，看不出单位的名称，请单位重新盖章后再交"}},
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

// TestTabsOutOfSightAreMarked: however narrow the window, the open tab is whole, the tabs in sight are, and a mark says
// that there are others and how much waits there. Tabs are reached through the mark with the mouse too.
func TestTabsOutOfSightAreMarked(t *testing.T) {
	for _, in := range []struct {
		change []func(*Options)
		width  int
	}{{nil, 80}, {nil, 60}, {nil, 24}, {[]func(*Options){english}, 80}, {[]func(*Options){english}, 60}} {
		s := withPeople(t)
		for n := 1; n <= 3; n++ {
			cameBack(t, s, takenOut(t, s, n), n)
		}
		d := open(t, s, admin, in.change...)
		d.resize(in.width, 24)
		q := d.root.stack[0].(*queueScreen)
		for i, all := 0, q.tabs(); i < len(all); i++ {
			line, w := strings.TrimRight(d.lines()[1], " "), q.tabsInSight()
			name := q.s.tabName(all[q.openTab()])
			if !strings.Contains(line, "["+name) || strings.Contains(line, "…") {
				t.Errorf("%d columns, %s open: got %q", in.width, name, line)
			}
			if w.end < len(all) && !strings.HasSuffix(line, "3›") || w.first > 0 && !strings.HasPrefix(line, "‹ ") {
				t.Errorf("%d columns, %s open: got %q, want the marks of what is hidden", in.width, name, line)
			}
			d.press("tab")
		}
		if w := q.tabsInSight(); w.first != 0 || w.end == len(q.tabs()) {
			t.Fatalf("%d columns: tabs %d to %d are in sight", in.width, w.first, w.end)
		}
		behind := q.tabsInSight().end
		d.mouse(in.width-1, 1, tea.MouseButtonLeft)
		if got := q.openTab(); got != behind {
			t.Errorf("%d columns: the mark opened tab %d, want %d", in.width, got, behind)
		}
		before := q.tabsInSight().first
		d.mouse(0, 1, tea.MouseButtonLeft)
		if got := q.openTab(); got != before-1 {
			t.Errorf("%d columns: the mark before opened tab %d, want %d", in.width, got, before-1)
		}
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

// TestConflictDecidedMeanwhile: where a colleague has decided, the pack's decision is refused before it is asked about, and
// sending the case back says that only a draft is kept, and who has to take what back.
func TestConflictDecidedMeanwhile(t *testing.T) {
	s := withPeople(t)
	p := takenOut(t, s, 1)
	if err := s.CallBack(admin, p.Number, "急件", noon); err != nil {
		t.Fatal(err)
	}
	decideAs(t, s, wuhou, reference(1), approves(s))
	cameBack(t, s, p, 1)
	before := stateOf(t, s, reference(1))
	d := open(t, s, admin)
	d.press(":")
	d.typeText("tab 冲突")
	d.press("enter")
	d.misses("p 按工作包")
	d.press("p")
	d.says("✗", "不能按工作包的决定办理")
	d.press("b")
	d.sees("只留作草稿：该件已由 周老师 通过，须先由其撤销")
	d.press("y")
	d.says("✓", "只留作草稿：该件已由 周老师 通过，须先由其撤销")
	d.misses("已退回队列")
	if got := stateOf(t, s, reference(1)); got.Version != before.Version || got.Level != before.Level {
		t.Errorf("the case has changed: %+v", got)
	}
	if half, err := s.Draft(wuhou, reference(1)); err != nil || len(half.Reasons) != 1 {
		t.Errorf("draft %+v, %v", half, err)
	}
}

func TestConflictsThatCannotBeRead(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.conflicts, errBroken)
	d := open(t, s, admin)
	d.press(":")
	d.typeText("tab 冲突")
	d.press("enter")
	d.sees("出现未预料的错误")
}

// onAPack is a store that is a work pack until the time.
func onAPack(s *store.Store, until time.Time) *double {
	d := doubled(s)
	d.term = func() (store.Term, error) {
		return store.Term{Pack: "WP-2026-000007", From: noon.AddDate(0, 0, -1), Until: until}, nil
	}
	return d
}

// TestCountdown: the header of a desk on a work pack says how much time is left, each minute anew.
func TestCountdown(t *testing.T) {
	now := noon
	d := open(t, onAPack(withPeople(t), noon.Add(26*time.Hour)), wuhou, func(o *Options) { o.Clock = func() time.Time { return now } })
	d.sees("外出 WP-2026-000007 剩 1 天 2 小时")
	now = noon.Add(25*time.Hour + 30*time.Minute)
	d.elapse()
	d.sees("剩 30 分钟")
	now = noon.Add(27 * time.Hour)
	d.elapse()
	d.sees("已到期，请交回")
	d.press("a")
	d.says("✗", "已于", "到期：不能再作决定，请交回")
	d.press("r")
	d.says("✗", "不能再作决定")
}

// TestOfflineSaysSo: what a desk on a work pack cannot find or do is at the desk, and it says so.
func TestOfflineSaysSo(t *testing.T) {
	only := "本机只有工作包 WP-2026-000007 里的内容"
	d := open(t, onAPack(withPeople(t), noon.Add(26*time.Hour)), wuhou)
	command := func(text string) {
		d.press(":")
		d.typeText(text)
		d.press("enter")
	}
	command("certificate CD-2019-000999")
	d.sees(only, "请在审核台查询")
	d.misses("请核对编号或账号")
	d.press("esc")
	command("certificate 王无此人")
	d.sees(only)
	d.misses("没有符合的登记证书")
	d.press("esc")
	for _, text := range []string{"packs", "pack"} {
		command(text)
		d.says("✗", "请在审核台办理", only)
		d.press("esc")
	}
	d.press("P")
	d.typeText("wuciren")
	d.elapse()
	d.sees(only)
	d.misses("没有找到证书")
	d.press("esc")
	d.press("/")
	d.typeText("wuciren")
	d.press("enter")
	d.sees(only)
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

// TestPacksScreen: which packs are out, with whom and how much of them is to come; an administrator calls one back with a
// reason, and sees what became of each case.
func TestPacksScreen(t *testing.T) {
	s := withPeople(t)
	cameBack(t, s, takenOut(t, s, 1), 1)
	takenOut(t, s, 2)
	d := open(t, s, admin)
	d.press(":")
	d.typeText("packs")
	d.press("enter")
	d.sees("工作包 1 个外出，共 2 个", "WP-2026-000002  外出         wuhou", "未交回 1/1 件", "WP-2026-000001  已交回")
	d.golden("packs_zh_80x24")
	d.press("u")
	d.sees("召回工作包 WP-2026-000002")
	d.typeText("急件")
	d.press("enter")
	d.says("✓", "已召回工作包 WP-2026-000002")
	d.sees("WP-2026-000002  已召回")
	d.press("u")
	d.says("✗", "不用召回")
	d.press("enter")
	d.sees("召回：急件", reference(2), "未交回")
	d.press("esc", "j", "enter")
	d.sees(reference(1), "冲突", "时钟不对：办理时显示为 1970-01-02 08:00")
	d.golden("pack_zh_80x24")
}

// TestCallBackFromTheCase: the key that takes a decision back calls the pack back for who decides nothing.
func TestCallBackFromTheCase(t *testing.T) {
	s := withPeople(t)
	takenOut(t, s, 1)
	d := open(t, s, admin)
	d.selects(reference(1))
	d.sees("外出：已随工作包 WP-2026-000001", "u 召回")
	d.press("u")
	d.sees("召回工作包 WP-2026-000001", wuhou)
	d.press("enter")
	d.says("✗")
	d.typeText("电脑丢失")
	d.press("enter")
	d.says("✓", "已召回工作包 WP-2026-000001")
	d.misses("外出：已随工作包")
	if l, err := s.Lease(accountOf(t, s, admin), reference(1), noon); err != nil || l != nil {
		t.Errorf("lease %+v, %v", l, err)
	}
	d.press("u")
	d.says("✗")
}

// TestOwnConflicts: an officer whose decision does not fit is told so, sees why, and sees what became of it.
func TestOwnConflicts(t *testing.T) {
	s := withPeople(t)
	cameBack(t, s, takenOut(t, s, 1), 1)
	d := open(t, s, wuhou)
	d.sees("! 您交回的决定有 1 件冲突 :packs")
	d.press(":")
	d.typeText("packs")
	d.press("enter", "enter")
	d.sees("不通过", "冲突", "时钟不对：办理时显示为 1970-01-02 08:00", "管理员在审核台的“冲突”页处理")
	d.press("u")
	d.says("✗", "不是您领取的")
	conflicts, err := s.Conflicts(accountOf(t, s, admin))
	if err != nil || len(conflicts) != 1 {
		t.Fatal(conflicts, err)
	}
	if err := s.Settle(admin, conflicts[0].ID, review.TakeDesk, noon); err != nil {
		t.Fatal(err)
	}
	d.hear()
	d.press("R")
	d.sees("冲突已处理：以审核台为准")
	d.misses("您交回的决定有")
}

func TestPacksThatCannotBeRead(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.latestPacks, errBroken)
	d := open(t, s, admin)
	d.press(":")
	d.typeText("packs")
	d.press("enter")
	d.sees("出现未预料的错误")
}

func accountOf(t *testing.T, s *store.Store, name string) review.Account {
	t.Helper()
	a, err := s.Account(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestWarning: what whoever opens the desk must know stands there first, also when a new account is welcomed.
func TestWarning(t *testing.T) {
	warned := func(o *Options) { o.Warning = "磁盘没有加密" }
	d := open(t, withPeople(t), wuhou, warned)
	d.says("磁盘没有加密")
	d.press("j")
	d.misses("磁盘没有加密")
}

// TestConflictsComeByThemselves: a decision that does not fit, and what becomes of it, reaches the officer's header and the
// administrators' tab and pages without a key.
func TestConflictsComeByThemselves(t *testing.T) {
	s := withPeople(t)
	first, second := takenOut(t, s, 1), takenOut(t, s, 2)
	officer, elsewhere, at := open(t, s, wuhou), open(t, s, admin), open(t, s, admin)
	page := open(t, s, admin)
	at.press(":")
	at.typeText("tab 冲突")
	at.press("enter")
	at.sees("冲突 0")
	page.press(":")
	page.typeText("packs")
	page.press("enter", "j", "enter")
	page.sees(reference(1), "未交回")
	all := []*desktop{officer, elsewhere, at, page}
	hear := func() {
		for _, d := range all {
			d.hear()
		}
	}
	cameBack(t, s, first, 1)
	hear()
	officer.sees("! 您交回的决定有 1 件冲突 :packs")
	elsewhere.sees("1›") // the tab is out of sight
	elsewhere.misses("外出 逾期", "带出")
	at.sees("冲突 1 件", reference(1))
	page.sees("已交回", "时钟不对")
	page.press("esc")
	page.sees("1 个外出", "WP-2026-000001  已交回")
	cameBack(t, s, second, 2)
	at.press("j")
	hear()
	page.misses("WP-2026-000002  外出")
	at.press("j", "d") // asks about the second
	at.sees("冲突 2 件", reference(2))
	at.press("esc")
	conflicts, err := s.Conflicts(accountOf(t, s, admin))
	if err != nil || len(conflicts) != 2 {
		t.Fatal(conflicts, err)
	}
	if err := s.Settle(admin, conflicts[0].ID, review.TakeDesk, noon); err != nil {
		t.Fatal(err)
	}
	hear()
	officer.sees("! 您交回的决定有 1 件冲突 :packs")
	at.sees("冲突 1 件")
	at.press("d")
	at.sees(reference(2))
	at.misses("读取中")
	at.press("y")
	at.says("✓", reference(2))
	hear()
	officer.misses("您交回的决定有")
}

// TestConflictsAreReadNoMoreThanTheyMust: not for the desk's own writes, not while the tab is out of sight, and once for much
// that comes while they are being read.
func TestConflictsAreReadNoMoreThanTheyMust(t *testing.T) {
	s, read := doubled(withPeople(t)), 0
	s.ways = func(id string, now time.Time) (store.Ways, error) {
		read++
		return s.Store.Ways(id, now)
	}
	cameBack(t, s.Store, takenOut(t, s.Store, 1), 1)
	cameBack(t, s.Store, takenOut(t, s.Store, 2), 2)
	d := open(t, s, admin)
	d.hear()
	if read != 0 {
		t.Errorf("%d reads while the tab has never been open", read)
	}
	d.tabTo("冲突")
	d.press("d", "y")
	read = 0
	d.hear()
	if read != 0 {
		t.Errorf("%d reads for the desk's own write", read)
	}
	d.hold = true
	for n := 3; n <= 5; n++ {
		cameBack(t, s.Store, takenOut(t, s.Store, n), n)
		d.hear()
	}
	d.flush()
	d.sees("冲突 4 件")
	if read > 8 {
		t.Errorf("%d conflicts read, want the list twice at most", read)
	}
}
