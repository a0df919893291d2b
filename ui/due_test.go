package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// TestGroupsOfWhatIsDue: every row says its working days and its group, the numbers stand beneath or above.
func TestGroupsOfWhatIsDue(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.sees("! 逾期 4 天", "» 剩 2 天", "── ! 逾期 1 · » 三个工作日内到期 1 · 其余 3 ──")
	d.resize(120, 30)
	d.sees("── ! 逾期 1", "── » 三个工作日内到期 1", "── 其余 3")
	d.misses("逾期 1 ·")
	d.press("G")
	d.selects("SQ202600000005")
	d.press("8") // all are not sorted by what is due
	d.misses("三个工作日内到期")
	d.press("1", "/")
	d.typeText("due<3d")
	d.press("enter")
	d.sees("── ! 逾期", "── » 三个工作日内到期")
	d.misses("── ! 逾期 1") // a filter is not counted
}

// TestClickBetweenHeadings: a click means the row that is drawn there, and a heading is none.
func TestClickBetweenHeadings(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.resize(120, 30)
	for y, want := range map[int]string{ // the header, the tabs and the headings of the columns come first
		3: "", 4: "SQ202600000001", 5: "", 6: "SQ202600000002", 7: "", 8: "SQ202600000003", 9: "SQ202600000004", 11: "",
	} {
		d.press("g")
		if want == "" {
			want = "SQ202600000001"
		}
		d.mouse(5, y, tea.MouseButtonLeft)
		if d.top() == "detailScreen" { // a click on the selected row opens it
			d.press("esc")
		}
		d.selects(want)
	}
}

// TestHeadingsLeaveRoomForTheRows: a window full of rows shows its last one whatever headings stand in it.
func TestHeadingsLeaveRoomForTheRows(t *testing.T) {
	d := open(t, withMany(t, 60), wuhou)
	d.resize(60, 20)
	for range 60 {
		d.press("j")
		if d.selected() == "" {
			t.Fatalf("the cursor is out of sight\n%s", d.view())
		}
	}
	d.selects(reference(60))
}

func TestEstimatedDaysAreMarked(t *testing.T) {
	p := *review.DefaultPolicy()
	p.Calendar = review.Calendar{}
	for _, c := range []struct{ due, want string }{
		{"2026-11-10", "预计逾期 4 天"}, {"2026-11-16", "今天到期"}, {"2026-11-18", "预计剩 2 天"},
	} {
		due, err := review.ParseDate(c.due)
		if err != nil {
			t.Fatal(err)
		}
		s := &session{policy: &p, words: NewWords("")}
		if got, _ := s.left(&review.Application{DueOn: due}, review.DateOf(noon)); got != c.want {
			t.Errorf("%s: %q, want %q", c.due, got, c.want)
		}
	}
}

// TestColumnsThatJustFit: a row that fills the window to its last column is not cut.
func TestColumnsThatJustFit(t *testing.T) {
	d := open(t, toSee(t), second)
	d.press("8")
	for width := 40; width <= 140; width++ {
		d.resize(width, 24)
		for _, line := range d.lines()[3:6] {
			left, _, _ := strings.Cut(line, signSide)
			if strings.HasSuffix(strings.TrimSpace(left), " …") {
				t.Fatalf("width %d: %q", width, line)
			}
		}
	}
}
