package ui

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
)

// withPaper is the register with a certificate that has been drawn.
func withPaper(t *testing.T) *store.Store {
	t.Helper()
	s := withCertificate(t)
	if n, err := s.DrawOwed(t.Context(), nil); err != nil || n != 1 {
		t.Fatalf("drew %d, %v", n, err)
	}
	return s
}

func inBlocks(o *Options) { o.Images = "blocks" }

// TestPaperIsLookedAt: one key from wherever a certificate stands to its pages, and each look is recorded as a reveal.
func TestPaperIsLookedAt(t *testing.T) {
	s := withPaper(t)
	d := open(t, s, third, inBlocks)
	d.root.s.styles.profile = termenv.TrueColor
	d.press("P")
	d.typeText("CD-2026-000001")
	d.press("ctrl+o")
	d.sees("证书 CD-2026-000001 第 1 版", "第 1 页，共 1 页", "▀")
	whole := d.view()
	if got := countEvents(t, s, review.Reveal); got != 1 {
		t.Errorf("%d looks recorded, want 1", got)
	}
	d.press("o")
	d.says("没有别的页")
	d.press("H")
	d.says("先按 + 放大")
	d.press("+")
	if enlarged := d.view(); enlarged == whole || !strings.Contains(enlarged, "▀") {
		t.Errorf("nothing was enlarged:\n%s", enlarged)
	}
	d.press("L", "J", "0")
	d.resize(120, 40)
	d.sees("第 1 页，共 1 页", "▀")
	if got := countEvents(t, s, review.Reveal); got != 1 {
		t.Errorf("%d looks recorded after moving in the page, want 1", got)
	}
	d.press("O")
	d.says("系统")
	d.press("esc")
	d.sees("快速补证")

	d = open(t, s, third, inBlocks) // in the lists and beside an application
	d.press("3", "ctrl+o")
	d.sees("第 1 页，共 1 页")
	d.press("esc", ":")
	d.typeText("certificate CD-2026-000001")
	d.press("enter", "o")
	d.sees("第 1 页，共 1 页")
	if got := countEvents(t, s, review.Reveal); got != 3 {
		t.Errorf("%d looks recorded, want 3", got)
	}
}

// TestPaperAsFacts: where no picture can be shown, the facts are.
func TestPaperAsFacts(t *testing.T) {
	d := open(t, withPaper(t), third, func(o *Options) { o.Images = "none" })
	d.press("3", "ctrl+o")
	d.sees("证书编号", "CD-2026-000001", "王芳", "SHA-256")
}

// TestPaperIsDrawnForALook: a certificate that nobody has asked for yet is drawn now, and kept for its first copy.
func TestPaperIsDrawnForALook(t *testing.T) {
	s := withCertificate(t)
	d := open(t, s, third, inBlocks)
	d.press("3", "ctrl+o")
	d.sees("第 1 页，共 1 页")
	by, err := s.Account(third)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.Certificate(by, "CD-2026-000001"); err != nil || c.Current().File == "" {
		t.Errorf("nothing is kept: %v", err)
	}
}

func TestPaperThatCannotBeLookedAt(t *testing.T) {
	s := withPaper(t)
	d := open(t, s, audit, inBlocks) // who sees masked data only
	d.press("P")
	d.typeText("CD-2026-000001")
	d.press("ctrl+o")
	d.says("✗")
	if d.top() == "paperScreen" {
		t.Error("an auditor looks at a name in clear")
	}
	if got := countEvents(t, s, review.Reveal); got != 0 {
		t.Errorf("%d looks recorded", got)
	}
	gone, lost := doubled(s), doubled(s)
	fail(&gone.drawing, store.ErrDamaged)
	fail(&lost.record, errDiskFull)
	for name, from := range map[string]Register{"bytes gone": gone, "no record": lost} {
		d = open(t, from, third, inBlocks)
		d.press("3", "ctrl+o")
		d.sees("✗")
		d.misses("▀")
		if got := countEvents(t, s, review.Reveal); got != 0 {
			t.Errorf("%s: %d looks recorded", name, got)
		}
	}
}
