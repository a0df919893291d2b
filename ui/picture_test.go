package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
)

func TestAttachments(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("o")
	d.sees("身份证", "id_card_front.jpg", "id_card_back.jpg", "1 / 4", "姓名：王*")
	if got := countEvents(t, s, review.ViewFile); got != 2 {
		t.Errorf("%d looks at a file recorded, want 2", got)
	}
	d.press("k")
	d.says("没有更多材料")
	d.press("j")
	d.sees("credential_scan.jpg", "2 / 4", "水平证书管理号：20250651010000000001")
	if got := countEvents(t, s, review.ViewFile); got != 3 {
		t.Errorf("%d looks at a file recorded, want 3", got)
	}
	d.resize(120, 40)
	d.resize(10, 3)
	d.resize(60, 20)
	if got := countEvents(t, s, review.ViewFile); got != 3 {
		t.Errorf("resizing was recorded as another look: %d", got)
	}
	d.press("esc")
	d.selects("SQ202600000001")
}

// TestFromAFieldToItsProof: one key from a field to the attachment that proves it.
func TestFromAFieldToItsProof(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("enter")
	for !strings.Contains(d.pointed(), "水平证书管理号") {
		d.press("j")
	}
	d.press("o")
	d.sees("credential_scan.jpg")
	d.press("esc")
	for !strings.Contains(d.pointed(), "portrait.jpg") {
		d.press("j")
	}
	d.press("enter")
	d.sees("4 / 4", "portrait.jpg")
}

// pointed is the line with the cursor of the detail.
func (d *desktop) pointed() string {
	d.t.Helper()
	for _, line := range d.lines() {
		if strings.HasPrefix(line, signCursor) {
			return line
		}
	}
	d.t.Fatalf("no cursor\n%s", d.view())
	return ""
}

// TestZoomAndTurn: a leaf of two gives one of them the whole room before anything is enlarged.
func TestZoomAndTurn(t *testing.T) {
	d := open(t, withPeople(t), wuhou, func(o *Options) { o.Renderer = renderer(termenv.TrueColor) })
	d.press("o")
	both := d.root.View()
	d.press("left")
	d.misses("150%")
	d.press("+")
	fit := d.root.View()
	if fit == both {
		t.Error("one of two pictures has not got the whole room")
	}
	d.press("left")
	d.says("图片已完整显示")
	d.press("+")
	d.sees("150%")
	d.press("+", "+", "+")
	four := d.root.View()
	d.press("right")
	if d.root.View() == four {
		t.Error("the picture has not moved")
	}
	d.press("+", "+", "+", "+", "+")
	d.says("到头了")
	d.press("0", "r", "r", "r", "r")
	if got := d.root.View(); got != fit {
		t.Error("four quarter turns do not lead back")
	}
	d.press("]")
	d.sees("id_card_back.jpg")
	d.press("[", "0")
	if d.root.View() != both {
		t.Error("no way back to both pictures")
	}
	d.press("]")
	d.mouse(30, 15, tea.MouseButtonWheelUp)
	d.sees("150%")
}

func TestPictureWithoutRecordIsNotShown(t *testing.T) {
	s := doubled(withPeople(t))
	fail(&s.record, errBroken)
	d := open(t, s, wuhou)
	d.press("o")
	d.sees("出现未预料的错误")
}

func TestDamagedPicture(t *testing.T) {
	d := open(t, withoutEnds(withPeople(t)), wuhou)
	d.press("o")
	d.sees("图片损坏，无法显示")
}

// withoutEnds is a store of whose pictures only the first bytes are left.
func withoutEnds(s *store.Store) *double {
	d := doubled(s)
	d.blob = func(string) ([]byte, error) { return []byte("\xff\xd8\xff\xe0 cut off"), nil }
	return d
}

func TestPictureGolden(t *testing.T) {
	d := open(t, withPeople(t), wuhou, func(o *Options) { o.Renderer = renderer(termenv.TrueColor) })
	d.press("enter", "o")
	d.golden("picture_zh_80x24")
	d.resize(200, 50)
	d.golden("picture_zh_200x50")
}
