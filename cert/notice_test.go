package cert

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/cert/font"
	"rongzheng/review"
)

func testNotice() Notice {
	p := review.DefaultPolicy()
	return Notice{
		Reference: "SQ202501170001", Kind: review.First, Name: "王𬭎", IDNumber: "11010519491231002X", SubmittedAt: submitted,
		Level: p.Levels[0], Office: "武侯区委社会工作部", DecidedAt: submitted.AddDate(0, 0, 3), Policy: p,
		Reasons: []review.Reason{
			{Code: "Q03", Target: "application_form"},
			{Code: "Q05", Target: "address", Note: "与身份证上的住址不一致，请核对“𬭎”字"},
			{Code: "Q99", Note: "请携带原件到窗口核对"},
		},
	}
}

func noticeDrawn(n Notice, holds ...string) drawn {
	return drawn{
		compose: func() (*paper, error) { return composeNotice(n) },
		write:   func(w io.Writer) error { return WriteNotice(w, n) },
		holds:   append(noticeHolds(n), holds...),
	}
}

func noticeHolds(n Notice) []string {
	holds := []string{
		"不予登记告知书", "受理编号：" + n.Reference, n.Name, "2025年1月17日提交的" + kindNames[n.Kind] + "申请", n.Level.Name, n.office(),
		"于2025年1月20日决定不予登记", "《社会工作者职业水平证书登记办法》（民发〔2009〕44号）第七条", "如何重新申请", "（盖章）",
	}
	for _, r := range n.Reasons {
		label := r.Code
		if known, ok := n.Policy.Reason(r.Code); ok {
			label = known.Label
		}
		holds = append(holds, label, r.Note)
		if field, ok := review.FieldOf(r.Target); ok {
			holds = append(holds, "涉及："+field.Label)
		}
	}
	return append(holds, n.Again...)
}

// noticesDrawn are notices for every kind, with few reasons and with all of them.
func noticesDrawn(testing.TB) map[string]drawn {
	all := map[string]drawn{}
	for _, kind := range review.Kinds() {
		n := testNotice()
		n.Kind = kind
		all[string(kind)] = noticeDrawn(n, "证件号码110***********002X", "共30个工作日", "Q03")
	}
	every := testNotice()
	every.Reasons, every.Office, every.IDNumber = nil, "", ""
	for _, reason := range every.Policy.Reasons {
		every.Reasons = append(every.Reasons, review.Reason{Code: reason.Code, Target: "education_hours_proof", Note: longAddress})
	}
	every.Reasons = append(every.Reasons, review.Reason{Code: "Q77", Target: "unknown_target"})
	all["every reason"] = noticeDrawn(every, "Q77", "unknown_target")
	long := testNotice()
	long.Name, long.Office, long.Reference = longName, longAddress, strings.Repeat("SQ20250117-", 20)
	long.Reasons = []review.Reason{{Code: "Q99", Note: strings.Repeat("说明与材料不一致，", 500)}}
	long.Again = []string{"请到窗口办理。", longAddress}
	all["long"] = noticeDrawn(long)
	return all
}

func TestNoticeFlowsOn(t *testing.T) {
	all := noticesDrawn(t)
	for name, want := range map[string][2]int{"first": {1, 1}, "every reason": {2, 9}, "long": {2, 20}} {
		if got := sheets(t, all[name]); got < want[0] || got > want[1] {
			t.Errorf("%s: %d sheets, want %d to %d", name, got, want[0], want[1])
		}
	}
}

// TestSignatureIsNeverAlone lengthens a notice line by line over the end of a sheet.
func TestSignatureIsNeverAlone(t *testing.T) {
	for lines := range 40 {
		n := testNotice()
		n.Reasons = []review.Reason{{Code: "Q99", Note: strings.Repeat("请核对原件。", 6*lines)}}
		p, err := composeNotice(n)
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		for _, m := range p.doc.sheets[len(p.doc.sheets)-1].marks {
			if _, ok := m.(text); ok {
				last++
			}
		}
		if last < 4 {
			t.Errorf("%d lines: the last sheet holds %d texts", lines, last)
		}
	}
}

func TestNoticeOfAnApplication(t *testing.T) {
	a := &review.Application{
		Reference: "SQ202501170001", Kind: review.First, State: review.Rejected, SubmittedAt: submitted, Form: answers(),
		Decisions: []review.Decision{
			{Level: 1, Action: review.Approve, Office: "武侯区委社会工作部"},
			{Level: 2, Action: review.Reject, Office: "成都市社会工作协会", At: submitted, Reasons: testNotice().Reasons, Note: "内部备注"},
		},
	}
	p := review.DefaultPolicy()
	got, err := NoticeOf(a, p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("市级复审 成都市社会工作协会", got.Level.Name+" "+got.Office); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(testNotice().Reasons, got.Reasons); diff != "" {
		t.Error(diff)
	}
	got.IDNumber = "11010519491231002X"
	if text := open(t, noticeDrawnPlain(got).bytes(t)).text(t); strings.Contains(text, "内部备注") || strings.Contains(text, "19491231") {
		t.Error("the notice tells what stays inside")
	}
	for _, state := range []review.State{review.InReview, review.Approved, review.Withdrawn} {
		a.State = state
		if _, err := NoticeOf(a, p); !errors.Is(err, ErrState) {
			t.Errorf("%s: error = %v, want ErrState", state, err)
		}
	}
}

func noticeDrawnPlain(n Notice) drawn {
	return drawn{write: func(w io.Writer) error { return WriteNotice(w, n) }}
}

func TestNoticeRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Notice)
		field review.Key
		want  error
	}{
		"no reference": {func(n *Notice) { n.Reference = "" }, "reference", ErrEmpty},
		"no name":      {func(n *Notice) { n.Name = "" }, "name", ErrEmpty},
		"no day":       {func(n *Notice) { n.DecidedAt = time.Time{} }, "decided_at", ErrEmpty},
		"no start":     {func(n *Notice) { n.SubmittedAt = time.Time{} }, "submitted_at", ErrEmpty},
		"no level":     {func(n *Notice) { n.Level = review.Level{}; n.Office = "办公室" }, "levels", ErrEmpty},
		"no office":    {func(n *Notice) { n.Level.Office, n.Office = "", "" }, "office", ErrEmpty},
		"no reasons":   {func(n *Notice) { n.Reasons = nil }, "reasons", ErrEmpty},
		"name":         {func(n *Notice) { n.Name = "王😀" }, "name", &font.MissingError{Rune: '😀'}},
		"note":         {func(n *Notice) { n.Reasons[1].Note = "见附件\u2028" }, "note", &font.MissingError{Rune: 0x2028}},
		"again":        {func(n *Notice) { n.Again = []string{"😀"} }, "again", &font.MissingError{Rune: '😀'}},
	} {
		t.Run(name, func(t *testing.T) {
			n := testNotice()
			c.spoil(&n)
			mustRefuse(t, WriteNotice(failing{t}, n), c.field, c.want)
		})
	}
	for name, spoil := range map[string]func(*Notice){
		"kind": func(n *Notice) { n.Kind = "" }, "policy": func(n *Notice) { n.Policy = nil },
	} {
		n := testNotice()
		spoil(&n)
		if err := WriteNotice(failing{t}, n); err == nil {
			t.Errorf("%s: a notice was drawn", name)
		}
	}
}

func BenchmarkWriteNotice(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteNotice(io.Discard, testNotice()); err != nil {
			b.Fatal(err)
		}
	}
}
