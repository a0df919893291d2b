package ui

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// TestFirstStart: an empty folder asks who reviews, makes the accounts and opens the queue.
func TestFirstStart(t *testing.T) {
	s := emptyStore(t)
	d := open(t, s, "")
	d.golden("start_zh_80x24")
	d.sees("第一次使用", "区（市）县初审", "锦江区", "锦江区委社会工作部")
	d.press("enter", "right", "right", "right", "enter")
	d.sees("武侯区委社会工作部")
	d.press("enter", "enter", "enter")
	d.says("✗", "请填写称呼")
	d.press("up")
	d.typeText("周老师")
	d.press("enter")
	d.typeText(" A")
	d.press("enter")
	d.says("✗", "账号名须以小写字母开头")
	d.press("backspace", "backspace", "enter")
	d.says("✓", "账号 reviewer 已建立")
	d.sees("周老师", "武侯区委社会工作部", "没有待您审核的申请")

	got, err := s.Account("reviewer")
	if err != nil {
		t.Fatal(err)
	}
	want := review.Account{
		Name: "reviewer", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Office: "武侯区委社会工作部", Title: "周老师",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if got := DeskAccount(s.Dir()); got != "reviewer" {
		t.Errorf("the desk's account = %q, want reviewer", got)
	}
	if a, err := s.Account(administrator); err != nil || a.Role != review.Administrator {
		t.Errorf("administrator = %+v, %v", a, err)
	}
}

func TestFirstStartOfACityLevel(t *testing.T) {
	s := emptyStore(t)
	d := open(t, s, "", english)
	d.press("right")
	d.sees("City second review", "the whole city", "成都市社会工作协会")
	d.press("down") // the area is passed over
	d.typeText("!")
	d.press("up", "left", "down", "down")
	d.sees("成都市社会工作协会!")
	d.press("down")
	d.typeText("Zheng")
	d.press("enter", "enter")
	d.says("the account reviewer is set up")
	if DeskAccount(t.TempDir()) != "" {
		t.Error("a folder without a desk has an account")
	}
}

func TestFirstStartIsLeftWithoutATrace(t *testing.T) {
	s := emptyStore(t)
	d := open(t, s, "")
	d.press("esc")
	if all, err := s.Accounts(); !d.quit || err != nil || len(all) != 0 {
		t.Errorf("quit %v, accounts %v, %v", d.quit, all, err)
	}
}

// TestFirstStartTriedAgain: the second account failed once; nothing is made twice.
func TestFirstStartTriedAgain(t *testing.T) {
	s := doubled(emptyStore(t))
	s.addAccount = func(by string, a review.Account, now time.Time) error {
		if by != "" {
			return errBroken
		}
		return s.Store.AddAccount(by, a, now)
	}
	d := open(t, s, "")
	d.press("down", "down", "down")
	d.typeText("周老师")
	d.press("enter", "enter")
	d.says("✗", "出现未预料的错误")
	s.addAccount = s.Store.AddAccount
	d.press("enter")
	d.says("✓", "账号 reviewer 已建立")
}

func TestChoiceOfAccount(t *testing.T) {
	d := open(t, withPeople(t), "")
	d.sees("选择账号", "周老师", "冯老师")
	d.misses("portal ")
	for !strings.Contains(d.pointed(), "吴老师") {
		d.press("j")
	}
	d.press("enter")
	d.sees("金牛区委社会工作部", "SQ202600000006")
}

func TestCommandLine(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press(":")
	d.sees("as  certificate  forget  guide  help  images  lang  pack  packs  q  reissue")
	d.typeText("la")
	d.misses("forget")
	d.press("tab")
	d.sees(":lang zh|en 切换语言", ":lang")
	d.press("esc", ":")
	d.typeText("as second")
	d.press("enter")
	d.says("✗", "只有演示时可以切换账号")
	d.press("esc", ":")
	d.typeText("dance")
	d.press("enter")
	d.says("✗", "没有命令“dance”")
	d.press("esc", ":")
	d.typeText("lang en")
	d.press("enter")
	d.says("now in English")
	d.sees("To decide 5", "approve", "Name", "Resident identity card")
	d.press(":")
	d.typeText("lang")
	d.press("enter")
	d.sees("待审核 5", "居民身份证")
	d.press(":help", "enter")
	d.sees("此处可用的按键")
	d.press("q", ":q", "enter")
	if !d.quit {
		t.Error(":q did not leave")
	}
}

func TestSwitchOfAccountInTheDemo(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou, demo)
	d.sees("演示")
	d.press("enter", ":as second", "enter")
	d.says("现在的账号：郑老师")
	d.sees("成都市社会工作协会 · 市级复审", "[待审核 0]")
	d.press(":as nobody", "enter")
	d.says("✗", "没有找到")
	d.press("esc", ":as", "enter")
	d.sees("选择账号", "市审计局")
	d.press("esc")
	d.sees("[待审核 0]")
}

func TestHelp(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("?")
	d.golden("help_zh_80x24")
	d.sees("下面还有")
	d.press("G")
	d.misses("下面还有")
	d.sees(":certificate 文字            查询电子证书", ":q                          离开")
	d.press("/")
	d.typeText("证书")
	d.sees(":verify", "核验证书", "打印证书")
	d.misses(":guide")
	d.press("esc", "g", "esc", "enter", "?")
	d.sees("下一件", "查看材料", "撤销")
	d.resize(60, 20)
	d.golden("help_zh_60x20")
	d.press("q", "q", "q")
	if !d.quit {
		t.Error("q did not lead out")
	}
}

// TestQuitWaitsForTheWrite: what was decided is kept before the desk ends.
func TestQuitWaitsForTheWrite(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.hold = true
	d.press("a", "q")
	d.says("正在保存，保存后退出")
	if d.quit {
		t.Fatal("left while a decision was being stored")
	}
	d.flush()
	if !d.quit {
		t.Error("the desk is still there after the write")
	}
	if got := stateOf(t, s, "SQ202600000001"); got.Level != 2 {
		t.Errorf("level = %d, want 2", got.Level)
	}
}

func TestRunRefusesAccounts(t *testing.T) {
	s := withPeople(t)
	for name, want := range map[string]error{"nobody": review.ErrNotFound, "out": review.ErrDenied} {
		if name == "out" {
			if err := s.AddAccount(admin, review.Account{Name: "out", Role: review.Clerk, Areas: []string{"510107"}}, noon); err != nil {
				t.Fatal(err)
			}
			if err := s.DisableAccount(admin, "out", noon); err != nil {
				t.Fatal(err)
			}
		}
		err := Run(context.Background(), Options{Store: s, Account: name, Input: strings.NewReader(""), Output: new(strings.Builder)})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// TestRun proves the wiring: a program with keys from a reader and a window of a stated size.
func TestRun(t *testing.T) {
	s := withPeople(t)
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out := &waiting{want: "SQ202600000001", found: make(chan struct{})}
	go func() {
		<-out.found
		keys.WriteString("q")
		keys.Close()
	}()
	err = Run(t.Context(), Options{
		Store: s, Account: wuhou, Input: in, Output: out, Environ: []string{"TERM=dumb"}, Width: 80, Height: 24,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// waiting closes found when a text has been written to it.
type waiting struct {
	want  string
	text  strings.Builder
	found chan struct{}
	done  bool
}

func (w *waiting) Write(p []byte) (int, error) {
	w.text.Write(p)
	if !w.done && strings.Contains(w.text.String(), w.want) {
		w.done = true
		close(w.found)
	}
	return len(p), nil
}

func TestEarlyKeys(t *testing.T) {
	d := &desktop{t: t, root: newRoot(newSession(Options{Store: register(t), Renderer: renderer(0)}), nil)}
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a")})
	d.press("q")
	if !d.quit {
		t.Error("q before the first frame did not leave")
	}
}

// TestKeysBeforeTheSizeAreForTheFirstScreen: the size of a window far away comes by another way than its keys do.
func TestKeysBeforeTheSizeAreForTheFirstScreen(t *testing.T) {
	d := open(t, register(t), admin, english)
	d = &desktop{t: t, root: newRoot(d.root.s, d.root.first)}
	d.press("?")
	d.resize(80, 24)
	if got := d.root.View(); !strings.Contains(got, "Keys that work here") {
		t.Errorf("the help that was asked for before there was a screen is not shown:\n%s", got)
	}

	d = &desktop{t: t, root: newRoot(d.root.s, d.root.first)}
	for range 10 * maxAhead {
		d.press("j")
	}
	if len(d.root.ahead) != maxAhead {
		t.Errorf("%d keys are kept, want %d", len(d.root.ahead), maxAhead)
	}
}
