package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"fits", "王芳", 4, []string{"王芳"}},
		{"between ideographs", "四川省成都市武侯区", 8, []string{"四川省成", "都市武侯", "区"}},
		{"no comma at a start", "完成首次登记，可以打印", 12, []string{"完成首次登", "记，可以打印"}},
		{"no bracket at an end", "申请表（盖章）", 8, []string{"申请表", "（盖章）"}},
		{"words", "look at it as it is now", 10, []string{"look at it", "as it is", "now"}},
		{"mixed", "证书 CD-2026-000001 已生成", 14, []string{"证书", "CD-2026-000001", "已生成"}},
		{"no place", strings.Repeat("x", 9), 4, []string{"xxxx", "xxxx", "x"}},
		{"narrower than a character", "王芳", 1, []string{"王", "芳"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, wrap(c.text, c.width)); diff != "" {
				t.Errorf("wrap(%q, %d) (-want +got):\n%s", c.text, c.width, diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("四川省（成都）武侯区 look at it", 7)
	f.Add("，，，，", 1)
	f.Fuzz(func(t *testing.T, text string, width int) {
		text, width = Plain(text), 2+(width&31)
		lines := wrap(text, width)
		for _, line := range lines {
			if w := ansi.StringWidth(line); w > width && w > 2 {
				t.Errorf("wrap(%q, %d): %q has %d columns", text, width, line, w)
			}
		}
		if got, want := tight(strings.Join(lines, "")), tight(text); got != want {
			t.Errorf("wrap(%q, %d) lost something: %q", text, width, got)
		}
	})
}

// TestCursorStaysInSight: a window that becomes narrower breaks lines anew, and the field that is worked on does not
// leave it.
func TestCursorStaysInSight(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.resize(80, 20)
	d.press("enter")
	for range 14 {
		d.press("j")
	}
	for _, size := range [][2]int{{40, 20}, {30, 20}, {60, 12}, {34, 8}, {80, 24}} {
		d.resize(size[0], size[1])
		d.sees(signCursor)
	}
}
