package ui

import (
	"testing"
	"time"

	"rongzheng/review"
)

// TestWhatChanged: a resubmission against the rejected revision, with what became of the reasons.
func TestWhatChanged(t *testing.T) {
	s := register(t)
	p := applicant{n: 1, name: "王芳", area: "510107"}
	submit(t, s, p)
	reasons := []review.Reason{{Code: "Q05", Target: "major"}, {Code: "Q05", Target: "address"}, {Code: "Q03"}}
	decideAs(t, s, wuhou, reference(1), func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reject(by, s.Policy(), reasons, "", now)
	})
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
