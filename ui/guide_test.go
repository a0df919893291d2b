package ui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rongzheng/cert"
	"rongzheng/review"
)

// TestGuidesOfTheProgram reads every page in both languages: four sections, and nothing left in braces.
func TestGuidesOfTheProgram(t *testing.T) {
	for _, kind := range review.Kinds() {
		for _, lang := range []review.Lang{review.Chinese, review.English} {
			guide, err := Guides{}.Read(kind, lang)
			if err != nil {
				t.Fatalf("%s %s: %v", kind, lang, err)
			}
			text := guide.Filled(NewWords(string(lang))).Text()
			if strings.ContainsAny(text, "{}") || len(guide.Sections) != 4 || guide.File != "" {
				t.Errorf("%s %s: %d sections of %q\n%s", kind, lang, len(guide.Sections), guide.File, text)
			}
		}
	}
	guide, err := Guides{}.Read(review.Renewal, review.Chinese)
	if err != nil {
		t.Fatal(err)
	}
	text := guide.Filled(NewWords("zh")).Text()
	for _, want := range []string{"90 天", "2025-04-01", "30 个工作日", "社会工作师：不少于 90 学时", "助理社会工作师：不少于 72 学时", "继续教育学时证明"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of renewals lacks %q", want)
		}
	}
}

const ownGuide = "# 基本信息\n窗口：武侯区政务中心 3 号\n# 申请条件\n\n# 办理流程\n{levels}\n# 办事附件\n{attachments}\n"

// TestOwnGuideStandsInThePlaceOfTheProgramsPage: the first folder that has one, and only for its kind.
func TestOwnGuideStandsInThePlaceOfTheProgramsPage(t *testing.T) {
	empty, folder := t.TempDir(), t.TempDir()
	path := filepath.Join(folder, "first.zh.txt")
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(ownGuide, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	guides := Guides{"", empty, folder}
	guide, err := guides.Read(review.First, review.Chinese)
	if err != nil || guide.File != path || guide.Sections[0].Lines[0] != "窗口：武侯区政务中心 3 号" {
		t.Errorf("%+v %v", guide, err)
	}
	if other, err := guides.Read(review.Renewal, review.Chinese); err != nil || other.File != "" {
		t.Errorf("another kind: %q %v", other.File, err)
	}
}

func TestBrokenGuides(t *testing.T) {
	for name, c := range map[string]struct {
		text, code string
		line       int
	}{
		"three sections": {"# a\n# b\n# c\n", "guide_sections", 0},
		"text before":    {"hello\n# a\n", "guide_before", 1},
		"no heading":     {"# a\n#  \n", "guide_heading", 2},
		"bad blank":      {"# a\nx {levles} y\n# b\n# c\n# d\n", "guide_blank", 2},
		"escape":         {"# a\n\x1b[2J\n# b\n# c\n# d\n", "guide_character", 2},
		"override":       {"# a\n# b\nabc\u202edef\n# c\n# d\n", "guide_character", 3},
		"GB 18030":       {"# \xbb\xf9\xb1\xbe\n", "guide_encoding", 0},
		"too long":       {strings.Repeat("# a\n", maxGuide), "guide_long", 0},
	} {
		_, err := parseGuide(review.First, "first.zh.txt", []byte(c.text))
		broken, ok := errors.AsType[*GuideError](err)
		if !ok || broken.Code != c.code || broken.Line != c.line {
			t.Errorf("%s: %v, want %s in line %d", name, err, c.code, c.line)
			continue
		}
		for _, lang := range []string{"zh", "en"} {
			if text := NewWords(lang).Explain(err); !strings.Contains(text, "first.zh.txt") || strings.ContainsAny(text, "{}\x1b") && name != "bad blank" {
				t.Errorf("%s is explained as %q", name, text)
			}
		}
	}
}

func FuzzGuide(f *testing.F) {
	f.Add([]byte(ownGuide))
	f.Add([]byte("# a\n# b\n# c\n# d\n{levels} {x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		guide, err := parseGuide(review.First, "x", data)
		if err != nil {
			return
		}
		for _, line := range strings.Split(guide.Filled(NewWords("zh")).Text(), "\n") {
			if review.CheckText(line) != nil && len(line) < review.MaxText {
				t.Fatalf("a line reaches the screen that none should be: %q", line)
			}
		}
	})
}

func TestGuideScreen(t *testing.T) {
	s := withPeople(t)
	dir := t.TempDir()
	d := open(t, s, clerk, func(o *Options) { o.Outlet = Folder(dir) })
	d.run(d.root.carry(step{open: newGuide(d.root.s, review.Renewal, nil, "")}))
	d.sees("再次登记 · 办事指南", "基本信息", "有效期延续 3 年")
	d.golden("guide_zh_80x24")
	d.press("G")
	d.sees("继续教育学时证明")
	d.press("P")
	d.says("✗", "没有可填入的信息")
	d.press("p")
	d.says("✓", "form-renewal.pdf")
	if data, err := os.ReadFile(filepath.Join(dir, "form-renewal.pdf")); err != nil || !strings.HasPrefix(string(data), "%PDF") {
		t.Errorf("the form: %v", err)
	}
	d.press("esc")
	d.misses("办事指南")
}

// TestGuideFormFilledIn prints what is known of an applicant, which the log records.
func TestGuideFormFilledIn(t *testing.T) {
	s := withPeople(t)
	a, err := s.Application(review.Account{Name: clerk, Role: review.Clerk, Areas: []string{"510107"}}, "SQ202600000001")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d := open(t, s, clerk, func(o *Options) { o.Outlet = Folder(dir) })
	sheet := &cert.FormSheet{Kind: review.First, Policy: s.Policy(), Form: a.Form}
	d.run(d.root.carry(step{open: newGuide(d.root.s, review.First, sheet, a.Reference)}))
	d.press("P")
	d.says("✓", "form-first-20261116-120000.pdf")
	if n := countEvents(t, s, review.Reveal); n != 1 {
		t.Errorf("%d reveals recorded, want 1", n)
	}
}

func TestBrokenGuideOnTheScreen(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "first.zh.txt"), []byte("# 基本信息\n{nothing}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, withPeople(t), clerk, func(o *Options) { o.Guides = Guides{folder} })
	d.run(d.root.carry(step{open: newGuide(d.root.s, review.First, nil, "")}))
	d.sees("first.zh.txt", "第 2 行", "{nothing}")
	d.press("p")
	d.says("ssh 本服务器 form first > form-first.pdf")
}

// TestGuideFromTheCommandLine opens a page by its name or from a list; beside an application of the kind the form is filled.
func TestGuideFromTheCommandLine(t *testing.T) {
	s, dir := withPeople(t), t.TempDir()
	d := open(t, s, clerk, func(o *Options) { o.Outlet = Folder(dir) })
	d.press("tab") // from the counter to what is in review
	d.press(":")
	d.typeText("guide 首次登记")
	d.press("enter")
	d.sees("首次登记 · 办事指南")
	d.press("P")
	d.says("✓", "form-first-20261116-120000.pdf")
	if n := countEvents(t, s, review.Reveal); n != 1 {
		t.Errorf("%d reveals recorded, want 1", n)
	}
	d.press("esc", ":")
	d.typeText("guide")
	d.press("enter", "j", "enter")
	d.sees("再次登记 · 办事指南")
	d.press("P")
	d.says("✗", "没有可填入的信息")
	d.press("esc", ":")
	d.typeText("guide x")
	d.press("enter")
	d.says("✗", "没有类型“x”")
}
