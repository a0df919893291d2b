package ui

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"fit", "买买提·吐尔逊 “两委” 王𬭎", "买买提·吐尔逊 “两委” 王𬭎"},
		{"escape", "a\x1b[31mb", "a\uFFFD[31mb"},
		{"c1", "a\u009b31mb", "a\uFFFD31mb"},
		{"bidi", "a\u202eb\u2066c", "a\uFFFDb\uFFFDc"},
		{"line breaks", "a\r\nb\tc\u2028d", "a  b c d"},
		{"weightless", "a\u200bb\ufeff", "a\uFFFDb\uFFFD"},
		{"not UTF-8", "a\xff\xfeb", "a\uFFFD\uFFFDb"},
		{"piled marks", "e\u0301\u0301\u0301\u0301x", "e\u0301\u0301x"},
		{"emoji selector", "☎\ufe0f", "☎"},
		{"private use", "\ue000", "\ue000"},
		{"tags", "a\U000E0041b", "a\uFFFDb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Plain(c.in); got != c.want {
				t.Errorf("Plain(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "王芳", "\x1b]0;x\a", "\u202e", "\xff", "e\u0301\u0301\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Plain(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("Plain(%q) = %q", text, got)
		}
		if again := Plain(got); again != got {
			t.Errorf("Plain is not its own result: %q, %q", got, again)
		}
		if cut := fit(got, 7); ansi.StringWidth(cut) != 7 {
			t.Errorf("fit(%q, 7) has %d columns", got, ansi.StringWidth(cut))
		}
	})
}

// TestWidthsDoNotDependOnTheLocale: what go-runewidth would count as two columns in a Chinese locale counts as one.
func TestWidthsDoNotDependOnTheLocale(t *testing.T) {
	runewidth.DefaultCondition.EastAsianWidth = true // as it is found under LANG=zh_CN.UTF-8
	Widths()
	for _, sign := range []string{signRule, signSide, signCursor, signGood, signBad, "…", "·", "“", "—", "↓", "◂", "×"} {
		if got := runewidth.StringWidth(sign); got != 1 {
			t.Errorf("go-runewidth counts %q as %d columns", sign, got)
		}
		if got := ansi.StringWidth(sign); got != 1 {
			t.Errorf("ansi counts %q as %d columns", sign, got)
		}
	}
}
