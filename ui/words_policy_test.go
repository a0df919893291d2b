package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rongzheng/cert"
	"rongzheng/review"
)

// TestPolicyFaultsAreSaidInChinese: whatever review refuses of a policy file has its Chinese form, with the same arguments.
func TestPolicyFaultsAreSaidInChinese(t *testing.T) {
	files, err := filepath.Glob("../review/policy_*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	refusal := regexp.MustCompile(`(?:\.refuse\([^,]+,|NewPolicyProblem\([^"\n]*,)\s*("(?:[^"\\]|\\.)*")`)
	verbs := regexp.MustCompile(`%[a-z]`)
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range refusal.FindAllSubmatch(source, -1) {
			form, err := strconv.Unquote(string(found[1]))
			if err != nil {
				t.Fatal(err)
			}
			seen++
			if got := strings.Join(verbs.FindAllString(policyWords[form], -1), ""); policyWords[form] == "" ||
				got != strings.Join(verbs.FindAllString(form, -1), "") {
				t.Errorf("%s: %q is called %q", filepath.Base(file), form, policyWords[form])
			}
		}
	}
	if seen < 30 {
		t.Errorf("%d refusals found in %d files", seen, len(files))
	}
}

func TestPolicyFaults(t *testing.T) {
	long := *review.DefaultPolicy()
	long.Issue.Issuer = strings.Repeat("成", 208)
	_, broken := review.ReadPolicy([]byte("version: 2026-01-01\nlevels: x\ncolour: red\n"))
	smiling := *review.DefaultPolicy()
	smiling.Issue.Issuer = "中共😀部"
	_, bell := review.ReadPolicy([]byte("version: 2026-01-01\n# \a\n"))
	_, gbk := review.ReadPolicy([]byte("version: 2026-01-01\n\n# \xb3\xc9\n"))
	_, syntax := review.ReadPolicy([]byte("version: a: b\n"))
	for _, c := range []struct {
		lang, want string
		err        error
	}{
		{"zh", "第 2 行：levels 须为列表；第 3 行：政策设置：没有 \"colour\" 这个键", broken},
		{"en", "line 2: levels must be a list; line 3: the policy: unknown key \"colour\"", broken},
		{"zh", "行：issue: paper: issuer 太长", cert.CheckPolicy(&long)},
		{"en", "issue: paper: issuer: too long", cert.CheckPolicy(&long)},
		{"zh", "第 1 行：不合 YAML 的写法，请检查缩进、冒号后的空格和引号（mapping values are not allowed in this context）", syntax},
		{"zh", "第 2 行：这里有控制字符 U+0007，请删去", bell},
		{"en", "line 2: the control character U+0007 stands here", bell},
		{"zh", "第 3 行：从这里起不是 UTF-8 文字；请用 UTF-8 编码另存", gbk},
		{"zh", "行：issue: paper: issuer 中的 😀 (U+1F600) 证书字体没有", cert.CheckPolicy(&smiling)},
	} {
		if got := NewWords(c.lang).Explain(c.err); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.lang, got, c.want)
		}
	}
}
