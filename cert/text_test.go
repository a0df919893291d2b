package cert

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// ems gives ideographs and marks the width 1000 and everything else 500, as most fonts do.
func ems(r rune) int {
	if r > 0x2E80 || strings.ContainsRune("“”·", r) {
		return 1000
	}
	return 500
}

func TestBreakLines(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 1000, []string{""}},
		{"完成首次登记", 6000, []string{"完成首次登记"}},
		{"完成首次登记，准予发证", 6000, []string{"完成首次登", "记，准予发证"}},
		{"依照（办法）办理", 3000, []string{"依照", "（办", "法）办", "理"}},
		{"依照（办法）办理", 5000, []string{"依照（办", "法）办理"}},
		{"买买提·吐尔逊", 3500, []string{"买买", "提·吐", "尔逊"}},
		{"民发2009号文件", 3000, []string{"民发", "2009号", "文件"}},
		{"Anna Maria 王", 3000, []string{"Anna ", "Maria ", "王"}},
		{"CD-2025-000123 有效", 7000, []string{"CD-2025-000123 ", "有效"}},
	} {
		got, ok := breakLines(c.text, c.width, ems, false)
		if diff := cmp.Diff(c.want, got); diff != "" || !ok {
			t.Errorf("breakLines(%q, %d): %t %s", c.text, c.width, ok, diff)
		}
	}
}

func TestBreakLinesTearsOnlyWhenTold(t *testing.T) {
	if got, ok := breakLines("王Wolfeschlegel", 2000, ems, false); ok {
		t.Errorf("torn into %q", got)
	}
	got, ok := breakLines("王Wolfesch", 2000, ems, true)
	if diff := cmp.Diff([]string{"王", "Wolf", "esch"}, got); diff != "" || !ok {
		t.Errorf("%t %s", ok, diff)
	}
	if got, ok := breakLines("王", 900, ems, true); ok {
		t.Errorf("a line of 900 holds %q", got)
	}
}

func FuzzBreakLines(f *testing.F) {
	for _, name := range names {
		f.Add(name, 6000, true)
	}
	f.Add("根据《社会工作者职业水平证书登记办法》（民发〔2009〕44号），经审核，准予登记，特发此证。", 9000, false)
	f.Fuzz(func(t *testing.T, text string, width int, tear bool) {
		if !utf8.ValidString(text) {
			t.Skip("texts are UTF-8")
		}
		lines, ok := breakLines(text, width, ems, tear)
		if !ok {
			return
		}
		if got := strings.Join(lines, ""); got != text {
			t.Fatalf("the lines %q make %q, want %q", lines, got, text)
		}
		for i, line := range lines {
			used := 0
			for _, r := range strings.TrimRight(line, " ") {
				used += ems(r)
			}
			if used > width && line != "" {
				t.Errorf("line %q is %d wide, more than %d", line, used, width)
			}
			first, _ := utf8.DecodeRuneInString(line)
			if i > 0 && !tear && strings.ContainsRune(notFirst, first) {
				t.Errorf("line %q begins with a closing mark", line)
			}
		}
	})
}
