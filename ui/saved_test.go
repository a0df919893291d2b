package ui

import (
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

// TestSavedViews: a filter is kept under a name, stands among the tabs, survives a new start, and is forgotten again.
func TestSavedViews(t *testing.T) {
	s := withMany(t, 6)
	d := open(t, s, wuhou)
	d.press(":")
	d.typeText("save 空的")
	d.press("enter")
	d.says("先按 / 输入筛选条件")
	d.press("esc", "/")
	d.typeText("编号:SQ202600000003")
	d.press("enter", ":")
	d.typeText("sa")
	d.press("tab")
	d.typeText(" 第 三件")
	d.press("enter")
	d.says("名称须为 1 至 12 个字，不含空格")
	d.press("backspace", "backspace", "backspace")
	d.typeText("三件")
	d.press("enter")
	d.says("视图“第三件”已保存")
	d.press("q")
	d = open(t, s, wuhou)
	d.press("esc", "1")
	d.resize(200, 30)
	d.sees("/第三件")
	d.press("shift+tab")
	d.sees("[/第三件]")
	d.selects(reference(3))
	d.resize(80, 24)
	d.sees("[/第三件]")
	d.press("tab")
	d.selects(reference(1))
	d.press(":")
	d.typeText("forget 没有的")
	d.press("enter")
	d.says("✗", "没有视图“没有的”")
	d.press("ctrl+u")
	d.typeText("forget ")
	d.press("tab", "enter")
	d.says("✓", "视图“第三件”已删除")
	d.misses("/第三件")
}

// TestViewOfAVanishedArea opens with a sentence.
func TestViewOfAVanishedArea(t *testing.T) {
	s := withMany(t, 2)
	if err := s.SaveView(wuhou, store.SavedView{Name: "旧区", Queue: store.Pending, Query: "area:天府老区"}); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.press("shift+tab")
	d.sees("没有“天府老区”这个值，可能已停用")
	d.press("a")
	d.press("tab")
	d.selects(reference(1))
}

func TestWelcomeOnce(t *testing.T) {
	s := withMany(t, 2)
	d := open(t, s, wuhou)
	for _, want := range []string{"记住五点", ""} {
		d.root.s.welcome = true
		d.run(d.root.s.readPreferences())
		if want != "" {
			d.sees(want)
		}
		d.press("j")
		d.misses("记住五点")
	}
}

// TestWelcomeIsWhole: also in a small window, up to the line that tells of help and leaving; each role is told its own.
func TestWelcomeIsWhole(t *testing.T) {
	for account, says := range map[string]string{
		wuhou: "a 通过，r 不通过", clerk: "先输入申请人的身份证号", admin: "管理员不参与审核", audit: "审计员只查看", portal: "门户账号只看本门户送来的申请",
	} {
		for _, lang := range []func(*Options){nil, english} {
			s := withMany(t, 2)
			d := open(t, s, account)
			if lang != nil {
				d = open(t, s, account, lang)
			}
			d.resize(60, 20)
			d.root.s.welcome = true
			d.run(d.root.s.readPreferences())
			if lang == nil {
				d.sees("欢迎", says, "? 查看全部按键", "q 离开")
			} else {
				d.sees("Welcome", "q leaves")
			}
			if account != wuhou {
				d.misses("r 不通过", "r rejects")
			}
		}
	}
}

// TestInternalNote: a note of its own in the timeline, apart from the one that goes with a decision.
func TestInternalNote(t *testing.T) {
	s := withMany(t, 2)
	d := open(t, s, wuhou)
	d.press("enter", "N")
	d.typeText("已电话核实单位")
	d.press("enter")
	d.says("内部记录已保存")
	d.press("G")
	d.sees("内部记录", "已电话核实单位")
	account, err := s.Account(wuhou)
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Timeline(account, reference(1))
	if err != nil || events[len(events)-1].Action != review.Note {
		t.Errorf("got %v, %v", events, err)
	}
	d = open(t, s, audit)
	d.press("1", "N")
	d.says("审计员只能查看")
}

// TestHelpIsSearchable by what a key does, by the key, and by commands.
func TestHelpIsSearchable(t *testing.T) {
	d := open(t, withMany(t, 1), wuhou)
	d.press("?", "/")
	d.typeText("改派")
	d.press("enter")
	d.sees("改派")
	d.misses("到开头", "没有这样的按键")
	d.press("/", "esc")
	d.sees("到开头")
	d.press("/")
	d.typeText(":save")
	d.sees("将当前筛选存为视图")
	d.typeText("不存在")
	d.sees("没有这样的按键或命令")
	d.press("esc", "q")
	d.selects(reference(1))
}
