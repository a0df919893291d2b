package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"rongzheng/review"
	"rongzheng/store"
)

// withCertificates is a store of n certificates; the ith ends 10 i days after the first of October.
func withCertificates(t testing.TB, n int) *store.Store {
	t.Helper()
	s := register(t)
	records := func(yield func(store.Record, error) bool) {
		for i := range n {
			form := review.Form{"name": {[]string{"王芳", "=司马𬱖", "其美"}[i%3]}, "mobile": {fmt.Sprintf("138%08d", i)}, "level": {"2"}}
			c := review.Certificate{
				Number: review.FormatNumber("CD", 2023, i+1), Person: review.PersonKey{Type: review.ResidentCard, Number: identity(i)},
				Versions: []review.CertificateVersion{{
					Version: 1, ValidUntil: review.NewDate(2026, 10, 1).AddDays(10 * i), Form: form,
					Area: []string{"510107", "510106"}[i%2], IssuedAt: noon,
				}},
			}
			if !yield(store.Record{Certificate: &c}, nil) {
				return
			}
		}
	}
	if err := s.Load(admin, records, noon, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExpiryShowsWhatEndsWhen(t *testing.T) {
	s := withCertificates(t, 30)
	d := open(t, s, admin)
	d.resize(80, 24)
	d.tabTo("到期")
	d.sees("[到期 9]", "[按周预测]", "到期证书", "预计再次登记")
	d.golden("expiry_weeks_zh_80x24")
	d.press("]")
	d.sees("已逾期", "受理期内（90 天）", "2026-12")
	d.golden("expiry_months_zh_80x24")
	d.press("enter")
	d.sees("到期证书 已逾期", "CD-2023-000001", "逾期 46 天", "138****0000", "王*")
	d.misses("13800000000")
	d.press("esc", "]")
	d.sees("武侯区", "金牛区", "可再次登记")
	d.press("/")
	for range 4 {
		d.press("j")
	}
	d.press("enter")
	d.sees("武侯区")
	d.press("enter")
	d.sees("到期证书 武侯区")
	d.press("enter")
	d.sees("[证书 30]", "筛选")
	d.tabTo("到期")
	d.press("esc", "[")
	d.sees("全部区域")
}

// TestExpiryPages: a list that is longer than the window goes on at its ends.
func TestExpiryPages(t *testing.T) {
	s := withCertificates(t, 60)
	d := open(t, s, admin)
	d.resize(80, 12)
	d.tabTo("到期")
	d.press("]")
	d.press("j", "j", "j", "j", "j", "j")
	d.press("g", "enter")
	d.sees("CD-2023-000001")
	for range 4 {
		d.press("j")
	}
	d.sees("CD-2023-000005")
	d.press("j", "j", "k", "k", "k", "G", "ctrl+d", "ctrl+u", "g")
	d.sees("CD-2023-000001")
	for _, size := range [][2]int{{200, 50}, {60, 20}, {40, 10}, {10, 3}, {1, 1}, {80, 24}} {
		d.resize(size[0], size[1])
	}
	d.sees("CD-2023-000001")
}

// TestCallList: names and mobiles in clear, in a file that is in the log; who may not see them gets none; nothing calculates.
func TestCallList(t *testing.T) {
	s := withCertificates(t, 30)
	dir := t.TempDir()
	into := func(o *Options) { o.Sheets = dir }
	d := open(t, s, wuhou, into)
	d.tabTo("到期")
	d.press("]", "j", "e")
	d.says("提醒名单共 4 人，已导出并记录")
	name := filepath.Join(dir, "提醒名单-2026-11-16-2027-02-14.xlsx")
	book, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("提醒名单")
	if err != nil || len(rows) != 6 || rows[0][0] != "有效期 2026-11-16 至 2027-02-14 到期  武侯区" || rows[2][3] == "" || strings.Contains(fmt.Sprint(rows), "*") || strings.Contains(fmt.Sprint(rows), "金牛区") {
		t.Errorf("rows %v, %v", rows, err)
	}
	d.press("E")
	text, err := os.ReadFile(strings.TrimSuffix(name, ".xlsx") + ".csv")
	if err != nil || strings.Contains(string(text), ",=司马") || !strings.Contains(string(text), ",'=司马𬱖,138") {
		t.Errorf("csv %q, %v", text, err)
	}
	events, err := s.Events(actor(t, s, admin), 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, e := range events {
		if e.Action == review.CallList {
			listed++
			if e.By != wuhou || strings.Contains(e.Note, "王") {
				t.Errorf("event %+v", e)
			}
		}
	}
	if listed != 2 {
		t.Errorf("%d lines in the log, want 2", listed)
	}
	d = open(t, s, audit, into)
	d.tabTo("到期")
	d.press("e")
	d.says("审计员")
	d = open(t, s, admin)
	d.tabTo("到期")
	d.press("e")
	d.says("export calls")
}

// TestEndsToday: the last day is named as in the queues.
func TestEndsToday(t *testing.T) {
	today := review.NewDate(2026, 11, 16)
	for days, want := range map[int]string{-3: "逾期 3 天", 0: "今天到期", 2: "剩 2 天"} {
		if got := endingText(NewWords("zh"), review.DefaultPolicy(), today.AddDays(days), today); got != want {
			t.Errorf("%d days: %s, want %s", days, got, want)
		}
	}
}

// TestCallHead: a list says of which days and areas it is, an officer's own where none was chosen.
func TestCallHead(t *testing.T) {
	s := withPeople(t)
	day := review.NewDate(2026, 12, 31)
	for want, q := range map[string]store.EndingQuery{
		"有效期 2026-12-01 至 2026-12-31 到期  全部区域": {By: actor(t, s, admin), In: review.Period{From: review.NewDate(2026, 12, 1), To: day}},
		"有效期 2026-12-31 或以前到期  金牛区":            {By: actor(t, s, admin), Area: "510106", In: review.Period{To: day}},
		"有效期 2026-12-31 或以后到期  武侯区":            {By: actor(t, s, wuhou), In: review.Period{From: day}},
	} {
		if got := callHead(NewWords("zh"), q); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCallListIsNotThereUnrecorded(t *testing.T) {
	dir := t.TempDir()
	s := doubled(withCertificates(t, 30))
	fail(&s.record, os.ErrPermission)
	d := open(t, s, wuhou, func(o *Options) { o.Sheets = dir })
	d.tabTo("到期")
	d.press("]", "j", "e")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 || !strings.Contains(d.status(), signBad) {
		t.Errorf("status %q, files %v, %v", d.status(), left, err)
	}
}
