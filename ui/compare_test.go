package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// TestWhatChanged: a resubmission against the rejected revision, with what became of the reasons.
func TestWhatChanged(t *testing.T) {
	s := register(t)
	p := applicant{n: 1, name: "王芳", area: "510107"}
	submit(t, s, p)
	reasons := []review.Reason{{Code: "Q05", Target: "major"}, {Code: "Q05", Target: "address"}, {Code: "Q03"}}
	decideAs(t, s, wuhou, reference(1), rejectsFor(s, reasons))
	p.form = map[review.Key]string{"major": "社会学"}
	sub, files := p.submission()
	sub.Revision, sub.SubmittedAt = 2, noon
	sub.Consent = review.Consent{Privacy: noon, Truth: noon}
	if _, err := s.Submit(portal, sub, files, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.press("d")
	d.sees("与上一版对照", "社会工作 → 社会学", "→ 所学专业：已改动", "→ 联系地址：没有改动", "证件照", "与前次相同")
	d.misses("手机号")
	d.golden("compare_zh_80x24")
	d.press("z")
	d.says("✗")
	d.press("esc")
	d.selects("SQ202600000001")
}

func TestNothingToCompareWith(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("d")
	d.sees("没有可对照的前次申请")
}

// TestEarlierReasonsStandBesideTheirFields: of a resubmission, under each field and attachment that the rejection
// named, with whether it has changed; the queue marks the case and the line of keys offers the comparison.
func TestEarlierReasonsStandBesideTheirFields(t *testing.T) {
	s := register(t)
	p := applicant{n: 1, name: "王芳", area: "510107"}
	submit(t, s, p)
	reasons := []review.Reason{
		{Code: "Q05", Target: "major", Note: "与证书不一致"}, {Code: "Q05", Target: "address"},
		{Code: "Q01", Target: "id_card_back"}, {Code: "Q01", Target: "portrait"}, {Code: "Q03"},
	}
	decideAs(t, s, wuhou, reference(1), rejectsFor(s, reasons))
	p.form = map[review.Key]string{"major": "社会学"}
	sub, files := p.submission()
	sub.Revision, sub.SubmittedAt = 2, noon
	sub.Consent = review.Consent{Privacy: noon, Truth: noon}
	at := slices.IndexFunc(sub.Attachments, func(a review.Attachment) bool { return a.Slot == "id_card_back" })
	better := photo(640, 480, 99)
	sub.Attachments[at].SHA256, sub.Attachments[at].Size = hash(better), int64(len(better))
	sub.Attachments[at].Width, sub.Attachments[at].Height = 640, 480
	files[hash(better)] = better
	if _, err := s.Submit(portal, sub, files, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, wuhou)
	d.sees("第2版", "d 与前次对照")
	d.resize(120, 90)
	d.press("enter")
	d.sees("上次不通过指出 4 处，其中 2 处未改动", "上次不通过 Q03 申请表未盖章")
	for _, c := range []struct{ label, says string }{
		{"所学专业", "✓ 上次不通过 Q05 填报信息与证件不一致：与证书不一致，已改动"},
		{"联系地址", "! 上次不通过 Q05 填报信息与证件不一致，未改动"},
		{"身份证正反面照片（国徽面）", "✓ 上次不通过 Q01 照片或扫描件不清晰，已更换"},
		{"证件照", "! 上次不通过 Q01 照片或扫描件不清晰，未更换"},
	} {
		lines := d.lines()
		row := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, c.label+" ") })
		if row < 0 || !strings.Contains(strings.Join(lines[row:min(row+3, len(lines))], "\n"), c.says) {
			t.Errorf("%s: %q does not stand beneath\n%s", c.label, c.says, d.view())
		}
	}
}

func rejectsFor(s *store.Store, reasons []review.Reason) decision {
	return func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reject(by, s.Policy(), reasons, "", now)
	}
}
