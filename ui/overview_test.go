package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"github.com/xuri/excelize/v2"

	"rongzheng/review"
	"rongzheng/store"
)

// withWork is a store in which some of the people have been decided on.
func withWork(t testing.TB) *store.Store {
	t.Helper()
	s := withPeople(t)
	decideAs(t, s, wuhou, reference(1), approves(s))
	decideAs(t, s, wuhou, reference(2), approves(s))
	decideAs(t, s, second, reference(1), approves(s))
	decideAs(t, s, wuhou, reference(3), rejects(s))
	return s
}

func TestOverviewShowsWhatIsKept(t *testing.T) {
	s := withWork(t)
	d := open(t, s, admin)
	d.press(":")
	d.typeText("tab 统计")
	d.press("enter")
	d.sees("[统计]", "2026 年 11 月", "全部级别", "全部区域", "[趋势]", "新收", "11-16~11-22")
	d.golden("overview_trend_zh_80x24")
	d.press("]")
	d.sees("[级别]", "区（市）县初审")
	d.golden("overview_levels_zh_80x24")
	d.press("]")
	d.sees("武侯区", "金牛区")
	d.press("]")
	d.sees(wuhou, second)
	d.press("]")
	d.sees("天以内", "合计")
	d.press("]")
	d.sees("Q03", "申请表未盖章", "100.0")
	d.press("]", "[")
	d.sees("[不通过原因]")
	d.press("l")
	d.sees("区（市）县初审")
	d.press("l", "s")
	d.sees("市级复审", "2026 年第 4 季度", "这段时间没有记录")
	d.press("left")
	d.sees("第 3 季度")
	d.press("right", "right")
	d.says("这已是当前一期")
	d.press("y")
	d.sees("2026 年 ")
	d.press("w")
	d.sees("2026-11-16 ~ 2026-11-22")
	d.press("esc")
	d.sees("全部级别")
	d.press("/")
	d.sees("统计哪个区域", "锦江区")
	d.press("j", "enter")
	d.sees("锦江区", "这段时间没有记录")
}

// TestOverviewKeepsToTheScope: a reviewer begins with the own level and sees the own areas only.
func TestOverviewKeepsToTheScope(t *testing.T) {
	s := withWork(t)
	d := open(t, s, jinniu)
	d.tabTo("统计")
	d.sees("[统计]", "区（市）县初审  金牛区") // and not "全部区域", which would be false on paper
	d.misses("全部区域")
	d.press("]", "]")
	d.sees("金牛区")
	d.misses("武侯区")
	d.press("/")
	d.misses("武侯区")
	d = open(t, s, audit)
	d.tabTo("统计")
	d.press("]", "]")
	d.sees("武侯区", "金牛区")
}

// TestOverviewLeadsToTheList: every row of every page opens a list that its filter understands.
func TestOverviewLeadsToTheList(t *testing.T) {
	s := withWork(t)
	d := open(t, s, admin)
	d.tabTo("统计")
	d.press("]", "]")
	for range 30 {
		if strings.Contains(d.cursorLine(), "武侯区") {
			break
		}
		d.press("j")
	}
	d.press("enter")
	d.sees("[全部 6]", "state:in_review…", "4 件")
	d.sees(reference(1), reference(2), reference(4), reference(5))
	d.misses(reference(3), reference(6))
	f, err := s.Figures(actor(t, s, admin), review.NewDate(2026, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range review.Units() {
		for _, part := range []review.Part{{}, {Level: 1}, {Level: 2, Area: "510107"}} {
			today := review.DateOf(noon)
			r := newReport(NewWords("zh"), actor(t, s, admin), s.Policy(), &f, OverviewOf{unit, review.PeriodOf(unit, today, 0), part, today})
			for _, name := range overviewPages() {
				for _, row := range r.page(name).rows {
					if _, err := review.ParseQuery(row.leads.filter, s.Policy(), today); err != nil {
						t.Errorf("%s %s: %q: %v", unit, name, row.leads.filter, err)
					}
				}
			}
		}
	}
}

func actor(t testing.TB, s *store.Store, name string) review.Actor {
	t.Helper()
	a, err := s.Account(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// cursorLine is the line with the cursor.
func (d *desktop) cursorLine() string {
	i := slices.IndexFunc(d.lines(), func(line string) bool { return strings.HasPrefix(line, signCursor) })
	if i < 0 {
		return ""
	}
	return d.lines()[i]
}

// TestOverviewExports: what is on the screen is in the file.
func TestOverviewExports(t *testing.T) {
	s := withWork(t)
	dir := t.TempDir()
	d := open(t, s, admin, func(o *Options) { o.Sheets = dir })
	d.tabTo("统计")
	d.press("]", "]", "e")
	d.says("已导出：")
	book, err := excelize.OpenFile(filepath.Join(dir, "统计-2026-11-01-2026-11-30-全部级别-全部区域.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := fmt.Sprint(book.GetSheetList()); got != "[趋势 级别 区域 审核员 积压时长 不通过原因]" {
		t.Errorf("sheets %s", got)
	}
	rows, err := book.GetRows("区域")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 || !strings.HasPrefix(rows[0][0], "2026 年 11 月  全部级别  全部区域") || !strings.HasSuffix(rows[0][0], "天数为自然日") {
		t.Fatalf("the head of the sheet is %q", rows)
	}
	d.sees(strings.Split(rows[0][0], "  ")...)
	for _, row := range rows[1:] {
		for _, line := range d.lines() {
			if strings.HasPrefix(strings.Trim(line, signCursor+" "), row[0]+" ") && row[0] != "区域" && strings.Join(strings.Fields(strings.Trim(line, signCursor+" █▉▊▋▌▍▎▏")), " ") != strings.Join(row, " ") {
				t.Errorf("the screen says %q, the file %q", line, row)
			}
		}
	}
	d.press("E")
	text, err := os.ReadFile(filepath.Join(dir, "统计-2026-11-01-2026-11-30-全部级别-全部区域.csv"))
	if err != nil || !strings.Contains(string(text), "\r\n武侯区,") {
		t.Errorf("csv %q, %v", text, err)
	}
	d = open(t, s, admin, func(o *Options) { o.Sheets = filepath.Join(dir, "missing") })
	d.tabTo("统计")
	d.press("e")
	if !strings.Contains(d.status(), signBad) {
		t.Errorf("status %q", d.status())
	}
}

// TestOverviewKeepsWhatWasExported: figures of a part have a name of their own, and no file is written over.
func TestOverviewKeepsWhatWasExported(t *testing.T) {
	s := withWork(t)
	dir := t.TempDir()
	kept := filepath.Join(dir, "统计-2026-11-01-2026-11-30-全部级别-全部区域.csv")
	if err := os.WriteFile(kept, []byte("somebody's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, admin, func(o *Options) { o.Sheets = dir })
	d.tabTo("统计")
	d.press("E")
	d.says("全部级别-全部区域 (2).csv")
	d.press("l", "E")
	d.says("区（市）县初审-全部区域.csv")
	text, err := os.ReadFile(filepath.Join(dir, "统计-2026-11-01-2026-11-30-区（市）县初审-全部区域.csv"))
	if err != nil || !strings.Contains(string(text), "2026 年 11 月  区（市）县初审  全部区域") {
		t.Errorf("got %q, %v, want the title of the screen", text, err)
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "somebody's own" {
		t.Errorf("got %q, %v, want what was there", text, err)
	}
}

// TestOverviewTakesNews without a key, and not while another tab is open.
func TestOverviewTakesNews(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, admin)
	d.tabTo("统计")
	d.press("]")
	decideAs(t, s, wuhou, reference(1), approves(s))
	d.send(newsMsg{News: store.News{Again: true}})
	d.elapse()
	d.sees("市级复审         1")
	d.press("1")
	d.send(newsMsg{News: store.News{Again: true}})
	o := d.root.stack[0].(*queueScreen).hall.screens["overview"].(*overview)
	if d.elapse(); o.awaited != 0 || o.fresh.waiting {
		t.Error("read for nobody")
	}
}

func TestOverviewAtEverySize(t *testing.T) {
	s := withWork(t)
	d := open(t, s, admin)
	d.tabTo("统计")
	for _, size := range [][2]int{{200, 50}, {120, 30}, {80, 24}, {60, 20}, {60, 15}, {40, 10}, {20, 5}, {10, 3}, {3, 2}, {1, 1}} {
		for range overviewPages() {
			d.press("]")
			d.resize(size[0], size[1])
		}
	}
	for _, unit := range []string{"w", "m", "s", "y"} {
		d.resize(80, 24)
		d.press(unit)
	}
}

// TestCharts: bars and lines keep to their width, take no colour by themselves and grow with what they show.
// TestChartsAgreeOnTheirLabels: whatever their scales, charts beside each other label the same weeks, the newest among them.
func TestChartsAgreeOnTheirLabels(t *testing.T) {
	plain := renderer(termenv.Ascii).NewStyle()
	for _, n := range []int{1, 2, 5, 6, 14, 53} {
		label := func(i int) string { return fmt.Sprintf("%02d-%02d", i/10+1, i%10+1) }
		for width := 16; width < 90; width += 3 {
			var want []string
			for _, most := range []int{3, 45, 1000, 99999} {
				values := make([]int, n)
				values[n/2] = most
				lines := lineChart(values, labelled(n, width-scaleRoom(99999)), label, width, 8, plain)
				got := strings.Fields(lines[len(lines)-1])
				if want == nil {
					want = got
				}
				if !slices.Equal(got, want) || len(got) == 0 || got[len(got)-1] != label(n-1) {
					t.Errorf("%d values, up to %d, in %d columns: labels %q, want %q with %s the last", n, most, width, got, want, label(n-1))
				}
			}
			if width >= 24 && n > 2 && len(want) < 3 {
				t.Errorf("%d values in %d columns: only %q", n, width, want)
			}
		}
	}
}

func TestCharts(t *testing.T) {
	plain := renderer(termenv.TrueColor).NewStyle()
	last := 0
	for part := 0; part <= 100; part++ {
		drawn := bar(part, 100, 20, plain)
		if w := ansi.StringWidth(drawn); w > 20 || w < last || drawn != ansi.Strip(drawn) {
			t.Fatalf("%d of 100: %q", part, drawn)
		} else {
			last = w
		}
	}
	if bar(1, 1000000, 20, plain) == "" || bar(5, 0, 20, plain) != "" || bar(5, 5, 0, plain) != "" || bar(-1, 5, 9, plain) != "" {
		t.Error("a bar at an end is wrong")
	}
	for _, values := range [][]int{{0}, {5}, {0, 0, 0}, {1, 100000, 3}, make([]int, 60)} {
		for width := 0; width < 90; width += 7 {
			for height := 0; height < 20; height += 3 {
				lines := lineChart(values, labelled(len(values), width), func(i int) string { return "11-16" }, width, height, plain)
				if lines != nil && len(lines) != height {
					t.Fatalf("%d lines for a height of %d", len(lines), height)
				}
				for _, line := range lines {
					if ansi.StringWidth(line) > width || line != ansi.Strip(line) {
						t.Fatalf("%d×%d: %q", width, height, line)
					}
				}
			}
		}
	}
}
