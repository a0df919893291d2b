package ui

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

func ledgerOf(t *testing.T, s *store.Store) []review.Copy {
	t.Helper()
	by, err := s.Account(third)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := s.Ledger(by, "CD-2026-000001")
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestReprint: from anywhere, at most five keys besides what is looked for.
func TestReprint(t *testing.T) {
	s, dir := withPen(t), t.TempDir()
	d := open(t, s, third, func(o *Options) { o.Outlet = Folder(dir) })
	d.press("3", "enter") // a case in the whole window
	d.press("P")
	d.sees("快速补证", "没有待确认的事项")
	d.typeText("wangf")
	d.sees("CD-2026-000001", "王*", "存档 PDF 待绘制", "已发出 0 份")
	d.golden("reprint_zh_80x24")
	d.press("enter", "y") // the first copy makes the approval stand
	d.says("✓", "CD-2026-000001 第 1 份")
	d.typeText("王芳")
	d.press("enter", "4")
	d.says("✓", "第 2 份")
	if got := ledgerOf(t, s); len(got) != 2 || got[1].Reason != "damaged" || got[0].Reason != "collected" {
		t.Errorf("the ledger: %+v", got)
	}
	if printedIn(t, dir) != 1 {
		t.Error("no file")
	}
	d.typeText("CD-2026-000001")
	d.sees("损坏补证")
	d.resize(60, 20)
	d.golden("reprint_zh_60x20")
	d.press("esc")
	if d.top() == "reprintScreen" {
		t.Error("esc does not leave")
	}
}

// A scanner types a line and ends it before anything is on the screen: only what is the one match is taken.
func TestReprintByScanner(t *testing.T) {
	s, dir := withCertificate(t), t.TempDir()
	d := open(t, s, third, func(o *Options) { o.Outlet = Folder(dir) })
	d.press("P")
	d.hold = true
	d.typeText("https://example.invalid/?n=CD-2026-000001&c=ABCD-EFGH-JKMN")
	d.press("enter")
	d.hold = false
	d.flush()
	d.sees("打印证书 CD-2026-000001")
	d.press("n", "esc", "P")
	d.paste("nobody at all")
	d.press("enter")
	d.says("✗", "没有找到证书")
}

func TestReprintRefuses(t *testing.T) {
	s := withCertificate(t)
	if err := s.AddAccount(admin, review.Account{Name: "auditor", Role: review.Auditor}, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, "auditor", func(o *Options) { o.Outlet = Folder(t.TempDir()) })
	d.press("P")
	d.typeText("CD-2026-000001")
	d.press("enter")
	d.says("✗")
	if len(ledgerOf(t, s)) != 0 {
		t.Error("a copy was counted")
	}
}

// jammed takes the bytes, lets them be counted, and gives no sheet.
type jammed struct{ err error }

func (j jammed) Print(_ string, _ []byte, settle func() error) (string, error) {
	if err := settle(); err != nil {
		return "", err
	}
	return "", j.err
}

var (
	errJammed   = errors.New("paper jam")
	errDiskFull = &os.PathError{Op: "write", Path: "rongzheng.db", Err: syscall.ENOSPC}
)

func TestJammedPrinterSpoilsTheCopy(t *testing.T) {
	s := withCertificate(t)
	d := open(t, s, third, func(o *Options) { o.Outlet = jammed{errJammed} })
	d.press("P")
	d.typeText("CD-2026-000001")
	d.press("enter", "y")
	d.says("✗", "没有打印出来", "作废")
	got := ledgerOf(t, s)
	if len(got) != 1 || !got[0].Spoiled() {
		t.Errorf("the ledger: %+v", got)
	}
}

func TestReprintOnAFullDisk(t *testing.T) {
	s, dir := withCertificate(t), t.TempDir()
	full := doubled(s)
	fail(&full.copy, errDiskFull)
	d := open(t, full, third, func(o *Options) { o.Outlet = Folder(dir) })
	d.press("P")
	d.typeText("CD-2026-000001")
	d.press("enter", "y")
	d.says("✗")
	if n := printedIn(t, dir); n != 0 || len(ledgerOf(t, s)) != 0 {
		t.Errorf("%d files, %d copies", n, len(ledgerOf(t, s)))
	}
	missing := open(t, s, third, func(o *Options) { o.Outlet = Folder(filepath.Join(dir, "nowhere")) })
	missing.press("P")
	missing.typeText("CD-2026-000001")
	missing.press("enter", "y")
	missing.says("✗", "不存在")
	if len(ledgerOf(t, s)) != 0 {
		t.Error("a copy was counted")
	}
}

// TestStandingOnTheDesk: one proposes, another finds it with P and confirms.
func TestStandingOnTheDesk(t *testing.T) {
	s := withCertificate(t)
	if err := s.AddAccount(admin, review.Account{Name: "yu.admin", Role: review.Administrator}, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, admin, func(o *Options) { o.Outlet = Folder(t.TempDir()) })
	d.press("5", "X")
	d.sees("注销证书 CD-2026-000001 的事由", "5 本人申请")
	d.press("5")
	d.sees("提出注销证书 CD-2026-000001")
	d.press("enter")
	d.says("已取消") // only y is yes
	d.press("X", "5", "y")
	d.says("✓", "须由另一位管理员")
	d.sees("待确认", "有效")
	d.press("a")
	d.says("✗", "这是您提出的")
	d.press("X")
	d.says("✗", "待确认，请先确认")
	o := open(t, s, "yu.admin", func(o *Options) { o.Outlet = Folder(t.TempDir()) })
	o.press("P")
	o.sees("CD-2026-000001", "待确认：注销", "本人申请", "enter 确认")
	o.misses("enter 打印证书")
	o.press("enter")
	o.sees("确认注销证书 CD-2026-000001（本人申请", "）：立即生效")
	o.press("y")
	o.says("✓", "注销：CD-2026-000001")
	o.typeText("CD-2026-000001")
	o.sees("已注销")
	o.press("enter")
	o.says("✗", "注销")
	o.press("esc", "5")
	o.sees("已注销", "admin 提出，yu.admin 确认")
	o.misses("p 打印证书", "o 看证书") // no key is offered that would be refused
	o.press("o")
	o.says("✗", "CD-2026-000001", "注销")
	o.press("X")
	o.sees("恢复证书 CD-2026-000001 的效力")
	o.typeText("误注销")
	o.press("enter", "y")
	o.says("✓", "恢复效力")
	o.press("r")
	o.sees("不予确认的原因")
	o.press("enter")
	o.says("✓", "未予确认")
	o.press("C")
	o.says("✗", "注销")
}

// TestStandingInEnglish: what is proposed is no deed yet.
func TestStandingInEnglish(t *testing.T) {
	d := open(t, withCertificate(t), admin, english)
	d.press("5", "X", "5")
	d.sees("Propose the revocation of certificate CD-2026-000001 (")
	d.press("y")
	d.says("✓", "revocation of CD-2026-000001 is proposed")
	d.sees("To confirm", "revocation")
	d.misses("revoked  ")
}

// TestReprintTellsOfEarlierCopies: a ledger with more lines than there is room for says so.
func TestReprintTellsOfEarlierCopies(t *testing.T) {
	s := withCertificate(t)
	for range 8 {
		if _, err := s.Copy(admin, "CD-2026-000001", review.CopyAsk{Way: review.OnPaper, Reason: "lost"}, noon); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, s, admin)
	d.press("P")
	d.typeText("CD-2026-000001")
	d.sees("已发出 8 份", "第 5 份", "… 还有较早的 4 份")
	d.misses("第 4 份")
}

// TestReprintTellsOfMore: a list that is full says so where it leaves matches out.
func TestReprintTellsOfMore(t *testing.T) {
	d := open(t, withCertificates(t, 30), admin)
	d.press("P")
	d.typeText("CD-2023-0000")
	d.sees("还有更多符合的，请继续键入")
	d.typeText("07")
	d.sees("CD-2023-000007")
	d.misses("还有更多")
}

func TestCorrectionOnTheDesk(t *testing.T) {
	s := withCertificate(t)
	d := open(t, s, third)
	d.press("6", "C")
	d.sees("更正证书 CD-2026-000001 的哪一项", "姓名", "资格证书级别")
	d.press("enter")
	d.typeText("王方")
	d.press("enter")
	d.typeText("录入错误")
	d.press("enter", "y")
	d.says("✓", "更正")
	o := open(t, s, admin)
	o.press("5", "a", "y")
	o.says("✓", "更正：CD-2026-000001")
	o.sees("第 2 版", "更正第 1 版")
	if _, err := os.Stat("CD-2026-000001.pdf"); err == nil {
		t.Error("something was printed")
	}
}
