package ui

import (
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// withTwins has two more people of 武侯区: 7 has name and birth date of 1 under another number, and 8, of 金牛区, the
// management number of 1.
func withTwins(t *testing.T) *store.Store {
	t.Helper()
	s := withPeople(t)
	first := people()[0]
	submit(t, s, applicant{n: 7, name: first.name, area: "510107", days: 2, form: map[review.Key]string{"id_number": twinOf(identity(1))}})
	submit(t, s, applicant{n: 8, name: "张䶮", area: "510106", days: 2, form: map[review.Key]string{"management_number": "20250651010000000001"}})
	return s
}

// twinOf is another valid number with the same birth date.
func twinOf(number string) string {
	other, sum := "510104"+number[6:14]+"888", 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(other[i]-'0')
	}
	return other + "10X98765432"[sum%11:][:1]
}

// TestLookAlikes: both cases side by side, what may not be seen by its number only; who told them apart stands in the hint.
func TestLookAlikes(t *testing.T) {
	s := withTwins(t)
	d := open(t, s, wuhou)
	d.sees("有同名同出生日期、证件号码不同的记录：SQ202600000007", "他人也使用此管理号：SQ202600000008")
	d.press("=")
	d.sees("疑似重复 1/2：SQ202600000001 ↔ SQ202600000007", "同名同出生日期", "尚未核对")
	d.golden("alike_zh_80x24")
	d.press("=")
	d.sees("疑似重复 2/2：SQ202600000001 ↔ SQ202600000008", "不在您的查看范围内，只显示编号")
	d.misses("张", "金牛区")
	d.press("y")
	d.says("✗", "不在您的查看范围内")
	d.press("[", "enter")
	d.says("✗", "在此处无效")
	if n := countEvents(t, s, review.NotSame); n != 0 {
		t.Fatalf("%d looks recorded by other keys", n)
	}
	d.press("y")
	d.says("✓", "已记录：SQ202600000001 与 SQ202600000007 非同一人/材料")
	d.sees("疑似重复 2/2：SQ202600000001 ↔ SQ202600000007", "wuhou 已于 2026-11-16 核对")
	d.press("y")
	d.says("已核对过")
	d.press("esc")
	d.sees("他人也使用此管理号：SQ202600000008")
	d.misses("有同名同出生日期")
	d.press("enter")
	d.sees("SQ202600000007：wuhou 已于 2026-11-16 核对，非同一人/材料")
	d.press("G", "J", "J")
	d.sees("核对：非同一人/材料", "SQ202600000007")
	again := open(t, s, wuhou)
	again.press("esc", "esc", "G", "=")
	again.sees("疑似重复 1/1：SQ202600000007 ↔ SQ202600000001", "wuhou 已于 2026-11-16 核对")
}

// TestLookAlikesRevealed: of both it is recorded, before anything is shown.
func TestLookAlikesRevealed(t *testing.T) {
	s := withTwins(t)
	d := open(t, s, wuhou)
	d.press("=", "x")
	d.says("已记录对两件的查看")
	d.sees("王芳")
	if n := countEvents(t, s, review.Reveal); n != 2 {
		t.Errorf("%d recorded, want 2", n)
	}
	d.press("x")
	d.misses("王芳")
	full := doubled(s)
	fail(&full.record, errBroken)
	d = open(t, full, wuhou)
	d.press("=", "x")
	d.says("✗")
	d.misses("王芳")
	d.press("y")
	d.says("✗")
	d.sees("尚未核对")
}

func TestLookAlikesInEveryWindow(t *testing.T) {
	d := open(t, withTwins(t), second)
	d.press("8", "/")
	d.typeText("ref:SQ202600000001")
	d.press("enter", "=")
	for _, size := range [][2]int{{200, 50}, {60, 20}, {72, 18}, {20, 5}, {10, 3}, {120, 30}} {
		d.resize(size[0], size[1])
		d.press("j", "k", "G", "g", "]", "[")
	}
	d.resize(60, 20)
	d.golden("alike_zh_60x20")
	d.resize(120, 30)
	d.golden("alike_zh_120x30")
	d = open(t, withPeople(t), wuhou, english)
	d.press("=")
	d.says("nothing in the register is like this case")
	decideAs(t, d.root.s.store.(*store.Store), wuhou, "SQ202600000001", func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reject(by, review.DefaultPolicy(), []review.Reason{{Code: "Q03"}}, "", now)
	})
	d.press("4", "=")
	d.sees("nothing in the register is like this case")
	d.press("y")
	d.says("nothing in the register")
}

// TestLookAlikesPictures: the attachments of both beside each other, slot by slot; looking at them is recorded of both.
func TestLookAlikesPictures(t *testing.T) {
	s := withTwins(t)
	d := open(t, s, wuhou)
	d.press("=", "o")
	d.sees("身份证正反面照片（人像面）", "本件 SQ202600000001", "对方 SQ202600000007", "1 / 5")
	d.golden("alike_pictures_zh_80x24")
	if n := countEvents(t, s, review.ViewFile); n != 2 {
		t.Errorf("%d looks recorded, want one of each record", n)
	}
	d.press("[")
	d.says("没有更多材料")
	d.press("+", "L", "r", "0", "R", "J")
	d.says("先按 + 放大")
	for range 4 {
		d.press("o")
	}
	d.sees("5 / 5")
	d.press("o")
	d.says("没有更多材料")
	if n := countEvents(t, s, review.ViewFile); n != 10 {
		t.Errorf("%d looks recorded, want two in each slot", n)
	}
	for _, size := range [][2]int{{200, 50}, {60, 20}, {20, 5}, {10, 3}, {1, 1}, {120, 30}} {
		d.resize(size[0], size[1])
		d.press("[", "o")
	}
	d.press("esc")
	d.sees("疑似重复 1/2", "尚未核对")
	d.press("=", "o")
	d.says("✗", "不在您的查看范围内")
}

// TestLookAlikesPicturesOfARecord: a record taken over from a table has no attachments, one that came from an application
// shows those of that application.
func TestLookAlikesPicturesOfARecord(t *testing.T) {
	for name, c := range map[string]struct {
		of    store.Alike
		shows string
	}{
		"from a table": {store.Alike{Name: "CD-2020-000001", Certificate: &review.Certificate{
			Number: "CD-2020-000001", Versions: []review.CertificateVersion{{Version: 1}},
		}}, "没有可以查看的材料"},
		"of an application": {store.Alike{Name: "CD-2026-000001", Certificate: &review.Certificate{
			Number: "CD-2026-000001", Versions: []review.CertificateVersion{{Version: 1, Reference: "SQ202600000007"}},
		}}, "对方 SQ202600000007  JPEG"},
		"of one that is gone": {store.Alike{Name: "CD-2026-000001", Certificate: &review.Certificate{
			Number: "CD-2026-000001", Versions: []review.CertificateVersion{{Version: 1, Reference: "SQ209900000009"}},
		}}, "✗"},
	} {
		t.Run(name, func(t *testing.T) {
			s := doubled(withTwins(t))
			s.alike = func(review.Actor, string) ([]store.Alike, error) { return []store.Alike{c.of}, nil }
			d := open(t, s, wuhou)
			d.press("=", "o")
			d.sees("本件 SQ202600000001", c.shows)
			d.press("o", "esc")
			d.sees("疑似重复 1/1")
		})
	}
}

// TestLookAlikesShowFirstWhatIsAlike: in a window of 24 lines too, the field that the sentence at the top names is in
// sight.
func TestLookAlikesShowFirstWhatIsAlike(t *testing.T) {
	s := withTwins(t)
	d := open(t, s, second)
	d.press("8", "/")
	d.typeText("ref:SQ202600000001")
	d.press("enter", "=", "=")
	d.sees("管理号相同", "= 水平证书管理号")
	d.press("=")
	d.sees("同名同出生日期", "= 姓名")
}

// TestFactsAboveAPicture: of many look-alikes three are named and all counted, and what the attachment proves keeps its
// room.
func TestFactsAboveAPicture(t *testing.T) {
	s := withPeople(t)
	same := photo(320, 240, 10) // the front of the first person's card
	for n := 11; n <= 15; n++ {
		sub, files := applicant{n: n, name: "张䶮", area: "510107", days: 1}.submission()
		for i := range sub.Attachments[:2] {
			sub.Attachments[i].SHA256, sub.Attachments[i].Size = hash(same), int64(len(same))
		}
		files[hash(same)] = same
		if _, err := s.Submit(portal, sub, files, noon); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, s, wuhou)
	d.press("o")
	d.sees("身份证正反面照片（人像面）：", "SQ202600000011、SQ202600000012、SQ202600000013 等 5 件", "姓名：王*")
	d.misses("SQ202600000014", "、 ", ",   ")
}
