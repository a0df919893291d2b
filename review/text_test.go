package review

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckText(t *testing.T) {
	tests := map[string]string{
		"": "",
		"四川省成都市武侯区浆洗街 1 号":   "",
		"社区“两委”委员（😀）é\uE863": "",
		"\U00033479":                   "",
		strings.Repeat("字", MaxText):   "",
		strings.Repeat("字", MaxText+1): "text_long",
		"a\x00b":                       "text_control",
		"a\tb":                         "text_control",
		"a\r\nb":                       "text_control",
		"\x1b]0;title\a":               "text_control",
		"a\u0085b":                     "text_control",
		"a\u009b31mb":                  "text_control",
		"a\x7f":                        "text_control",
		"a\u2028b":                     "text_control",
		"a\u2029b":                     "text_control",
		"a\u202ab":                     "text_bidi",
		"a\u202eb":                     "text_bidi",
		"a\u2069b":                     "text_bidi",
		"a\u061cb":                     "text_bidi",
		"a\u200eb":                     "text_bidi",
		"a\u200bb":                     "text_hidden",
		"a\u00adb":                     "text_hidden",
		"a\U000E0041b":                 "text_hidden",
		"a\ufeffb":                     "text_hidden",
		"\xff":                         "text_encoding",
		"\xc3(":                        "text_encoding",
		"\xed\xb0\x80":                 "text_encoding",
		"\uFFFD":                       "text_encoding",
		"\uFDD0":                       "text_encoding",
		"\U0010FFFF":                   "text_encoding",
	}
	for text, want := range tests {
		if got := codeOf(t, CheckText(text)); got != want {
			t.Errorf("CheckText(%q): got %q, want %q", text, got, want)
		}
	}
}

func TestCheckTextSaysWhere(t *testing.T) {
	err := CheckText("王\x1b")
	want := "refused: text_control at=2 character=U+001B"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestHalfWidth(t *testing.T) {
	if got, want := HalfWidth("ＡＢｃ０９～！　王（一）"), "ABc09~! 王(一)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPhones(t *testing.T) {
	tests := []struct {
		text, mobile, phone string // cleaned; "" for one that is refused
	}{
		{"13800001234", "13800001234", "13800001234"},
		{"+86 138-0000-1234", "13800001234", "13800001234"},
		{"＋８６　１３８００００１２３４", "13800001234", "13800001234"},
		{"19900001234", "19900001234", "19900001234"},
		{"12800001234", "", ""},
		{"1380000123", "", ""},
		{"138000012345", "", ""},
		{"8613800001234", "", ""},
		{"028-86512345", "", "028-86512345"},
		{"028—8651 2345", "", "028-86512345"},
		{"02886512345", "", "02886512345"},
		{"0835-1234567", "", "0835-1234567"},
		{"0835-123456", "", ""},
		{"28-86512345", "", ""},
		{"02-86512345", "", ""},
		{"", "", ""},
	}
	for _, test := range tests {
		if got := CleanMobile(test.text); IsMobile(got) != (test.mobile != "") || IsMobile(got) && got != test.mobile {
			t.Errorf("CleanMobile(%q): got %q, want %q", test.text, got, test.mobile)
		}
		if got := CleanPhone(test.text); IsPhone(got) != (test.phone != "") || IsPhone(got) && got != test.phone {
			t.Errorf("CleanPhone(%q): got %q, want %q", test.text, got, test.phone)
		}
	}
}

func TestManagementNumber(t *testing.T) {
	tests := []struct {
		text, want string
		valid      bool
		usual      bool
	}{
		{"20240651010000001234", "20240651010000001234", true, true},
		{" ２０２４ ０６５１ ０１００ ００００１２３４ ", "20240651010000001234", true, true},
		{"1234567", "1234567", false, false},
		{"12345678", "12345678", true, false},
		{"1234567890123", "1234567890123", true, false},
		{"12345678901234", "12345678901234", true, true},
		{strings.Repeat("1", 24), strings.Repeat("1", 24), true, true},
		{strings.Repeat("1", 25), strings.Repeat("1", 25), true, false},
		{strings.Repeat("1", 32), strings.Repeat("1", 32), true, false},
		{strings.Repeat("1", 33), strings.Repeat("1", 33), false, false},
		{"SC2024-0001", "SC2024-0001", false, false},
		{"SC20240001", "SC20240001", true, false},
		{"川20240001", "川20240001", false, false},
	}
	for _, test := range tests {
		got := CleanManagementNumber(test.text)
		if got != test.want || IsManagementNumber(got) != test.valid || usualManagementNumber(got) != test.usual {
			t.Errorf("%q: got %q, valid %v, usual %v", test.text, got, IsManagementNumber(got), usualManagementNumber(got))
		}
	}
}

func FuzzCleanAnswer(f *testing.F) {
	f.Add("+86 138-0000-1234")
	f.Add("2025年1月31日")
	f.Add("+86+8613800001234\u200b")
	f.Add("\xff０2 8–8")
	f.Fuzz(func(t *testing.T, text string) {
		for _, field := range Fields() {
			clean := CleanAnswer(field.Key, text)
			if again := CleanAnswer(field.Key, clean); again != clean {
				t.Errorf("%s cleaned twice: got %q, want %q", field.Key, again, clean)
			}
		}
	})
}

// TestNoteIsToldWhatIsWrongWithIt: a note that is too long holds no character that cannot be used.
func TestNoteIsToldWhatIsWrongWithIt(t *testing.T) {
	for note, want := range map[string]string{
		"": "", "已电话核实": "", strings.Repeat("长", MaxText): "", strings.Repeat("长", MaxText+1): "note_long",
		"a\x1b[2J": "note_text", "两\n行": "note_text",
	} {
		got := ""
		if rule, ok := errors.AsType[*RuleError](CheckNote(note)); ok {
			got = rule.Code
		}
		if got != want {
			t.Errorf("%.20q: got %q, want %q", note, got, want)
		}
	}
	a := inReview(1)
	_, err := a.Hold(at(1), DefaultPolicy(), strings.Repeat("长", MaxText+1), noon)
	if err == nil || !strings.Contains(err.Error(), "note_long") {
		t.Errorf("got %v, want note_long", err)
	}
}
