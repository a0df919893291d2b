package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store"
)

// drawer draws certificates as the program does; all tests share one, whose typeface is parsed once.
var drawer = func() *cert.Renderer {
	r, err := cert.NewRenderer(cert.Options{})
	if err != nil {
		panic(err)
	}
	return r
}()

// pen stands for the drawing of certificates where a golden screen tells of the bytes: they must not change with a layout.
type pen struct{}

func (pen) Look() []byte { return []byte("pen") }

func (pen) Draw(_ []byte, c review.Certificate, v review.CertificateVersion, _ []byte) ([]byte, error) {
	return []byte("%PDF-" + strings.Repeat(c.Number+" "+v.Form.Get("name")+"\n", 100)), nil
}

func withPen(t *testing.T) *store.Store {
	t.Helper()
	s := withCertificate(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openDrawn(t, s.Dir(), false, pen{})
}

func withCertificate(t *testing.T) *store.Store {
	t.Helper()
	return openFolder(t, prepared(t, "certificate", withPeople, func(s *store.Store) {
		for _, account := range []string{wuhou, second, third} {
			decideAs(t, s, account, "SQ202600000001", approves(s))
		}
	}), false)
}

// TestPrint: the first copy asks, because the decision stands from then on; a reprint does not and has the same bytes.
func TestPrint(t *testing.T) {
	s := withPen(t)
	dir := t.TempDir()
	d := open(t, s, third, func(o *Options) { o.Outlet = Folder(dir) })
	d.press("3", "p")
	d.sees("打印证书 CD-2026-000001：打印后终审决定不能再撤销")
	d.press("n")
	d.says("已取消")
	d.press("p", "y")
	d.says("✓", "证书 CD-2026-000001 第 1 份")
	path := filepath.Join(dir, "CD-2026-000001.pdf")
	first, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(first, []byte("%PDF")) {
		t.Fatalf("the file: %v, %.8q", err, first)
	}
	d.press("u")
	d.says("✗", "证书 CD-2026-000001 已打印或送达，决定不能再撤销")
	d.press("6", "p")
	d.sees("为什么再发一份", "1 领取", "3 遗失补证")
	d.press("3")
	d.says("✓", "第 2 份")
	again, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the reprint differs: %v", err)
	}
	d.sees("已打印 2 份")
	d.press("a")
	d.says("✗", "这是一本证书，不是申请，不能审核")
	d.golden("certificate_zh_80x24")
}

func TestPrintIntoAFolderThatIsNotThere(t *testing.T) {
	d := open(t, withCertificate(t), third, func(o *Options) { o.Outlet = Folder("/nowhere/at/all") })
	d.press("3", "p", "y")
	d.says("✗", "不存在")
	d.press("p", "y", "u")
	d.sees("证书编号将作废") // no copy was counted: the decision can still be taken back
}

func TestPrintNeedsAPrinter(t *testing.T) {
	d := open(t, withCertificate(t), third)
	d.press("3", "p")
	d.says("此处没有打印机", "certificate print CD-2026-000001")
}

func TestRevealOfACertificate(t *testing.T) {
	s := withCertificate(t)
	d := open(t, s, third)
	d.press("6")
	d.sees("CD-2026-000001", "王*")
	d.press("x")
	d.says("✓", "CD-2026-000001 的完整信息已显示")
	d.sees("王芳")
	if got := countEvents(t, s, review.Reveal); got != 1 {
		t.Errorf("%d reveals recorded, want 1", got)
	}
	d.press("enter")
	d.press("G")
	d.sees("办理经过", "发证")
	d.press("o")
	d.sees("证书 CD-2026-000001 第 1 版")
}

// printedIn counts the files in the folder.
func printedIn(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
