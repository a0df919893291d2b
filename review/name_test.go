package review

import (
	"strings"
	"testing"
)

// fixtureNames are the names of domain §5, which every room must be able to handle.
var fixtureNames = []string{
	"王𬭎", "李𫖯", "司马𬱖", "张䶮", "徐㼆", "其美", "买买提·吐尔逊", "阿卜杜热合曼·阿卜杜克里木·买买提依明",
}

func TestNamesThatPass(t *testing.T) {
	names := append([]string{
		strings.Repeat("龘", 25),
		strings.Repeat("𬭎", 25),
		strings.Repeat("王", MaxName),
		"〇一", "佐々木", "王\U0002B73A", "王\U0002CEAD", "王\U0002EBF0", "王\U0002EE5D", "王\U00031350", "王\U000323B0", "王\U00033479",
		"王\uE863", "王\U000F0001", "﨑山", "王⼀", "Anne-Marie O'Neil", "José Łukasz", "Müller 王",
	}, fixtureNames...)
	for _, name := range names {
		if got := CleanName(name); got != name {
			t.Errorf("CleanName(%q): got %q, want it unchanged", name, got)
		}
		if err := CheckName(name); err != nil {
			t.Errorf("CheckName(%q): got %v, want none", name, err)
		}
	}
}

func TestCleanName(t *testing.T) {
	tests := map[string]string{
		"买买提\u2022吐尔逊":     "买买提·吐尔逊",
		"买买提\u2027吐尔逊":     "买买提·吐尔逊",
		"买买提\u30FB吐尔逊":     "买买提·吐尔逊",
		"买买提\uFF65吐尔逊":     "买买提·吐尔逊",
		"买买提\u22C5吐尔逊":     "买买提·吐尔逊",
		"买买提\u2219吐尔逊":     "买买提·吐尔逊",
		"买买提\u0387吐尔逊":     "买买提·吐尔逊",
		"买买提.吐尔逊.艾":        "买买提·吐尔逊·艾",
		"买买提．吐尔逊":          "买买提·吐尔逊",
		"𬭎.𫖯":              "𬭎·𫖯",
		"买买提 · 吐尔逊":        "买买提·吐尔逊",
		"J. Smith":         "J. Smith",
		"王.":               "王.",
		"　王芳　":             "王芳",
		"王　 芳":             "王 芳",
		"Ａｎｎｅ－Ｍａｒｉｅ":       "Anne-Marie",
		"O’Neil":           "O'Neil",
		"Jose\u0301":       "José",
		"王\u200b芳\ufeff":   "王芳",
		"\uF9E4":           "\uF9E4", // a compatibility ideograph is never folded
		"\uF9E4e\u0301":    "\uF9E4é",
		"⼀":                "⼀",
		"王\n芳":             "王\n芳",
		"\u202E王芳\u202C":   "\u202E王芳\u202C",
		"买买提\u2022\u2022吐": "买买提··吐",
	}
	for text, want := range tests {
		if got := CleanName(text); got != want {
			t.Errorf("CleanName(%q): got %q, want %q", text, got, want)
		}
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	tests := map[string]string{
		"·王芳":                             "name_separator",
		"王芳·":                             "name_separator",
		"买买提··吐尔逊":                        "name_separator",
		"·":                               "name_separator",
		"-":                               "name_letters",
		"王芳1":                             "name_character",
		"王.":                              "name_character",
		"王芳（女）":                           "name_character",
		"王芳😀":                             "name_character",
		"e\u0301王":                        "name_character",
		"Ⅷ":                               "name_character",
		"王\u303B":                         "name_character",
		"王\U000E0100":                     "name_character",
		"王\n芳":                            "text_control",
		"王\x1b[31m芳":                      "text_control",
		"王\u202E芳":                        "text_bidi",
		"王\u2066芳":                        "text_bidi",
		"王\u200F芳":                        "text_bidi",
		"王\u200B芳":                        "text_hidden",
		"王\xff":                           "text_encoding",
		"王\xed\xa0\x80":                   "text_encoding",
		strings.Repeat("王", MaxName+1):    "text_long",
		strings.Repeat("Ł", MaxText+1000): "text_long",
	}
	for name, want := range tests {
		if got := codeOf(t, CheckName(name)); got != want {
			t.Errorf("CheckName(%q): got %q, want %q", name, got, want)
		}
	}
}

func TestIsLookAlike(t *testing.T) {
	for r, want := range map[rune]bool{'一': false, '⼀': true, '〡': true, '\uF9E4': true, '\uFA0E': false, '〇': false, '々': false, '𬭎': false, '\U00033479': false, '\U0002F800': true} {
		if got := isLookAlike(r); got != want {
			t.Errorf("isLookAlike(%U): got %v, want %v", r, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, name := range fixtureNames {
		f.Add(name)
	}
	f.Add("买买提 ．吐\u0301尔 · ·e\u0301\u0302 \u3000逊\xff")
	f.Fuzz(func(t *testing.T, text string) {
		clean := CleanName(text)
		if again := CleanName(clean); again != clean {
			t.Errorf("cleaned twice: got %q, want %q", again, clean)
		}
		if err := CheckName(clean); err != nil {
			_ = codeOf(t, err)
		}
	})
}
