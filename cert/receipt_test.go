package cert

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/cert/font"
	"rongzheng/review"
)

func testReceipt() Receipt {
	return Receipt{
		Reference: "SQ202501170001", Revision: 1, Kind: review.First, Name: "王𬭎", IDNumber: "11010519491231002X", Area: "武侯区",
		SubmittedAt: submitted, DueOn: review.NewDate(2025, 3, 6),
		Attached: map[review.Key]int{"id_card_front": 1, "id_card_back": 1, "credential_scan": 2, "application_form": 4, "portrait": 1},
		Levels:   review.DefaultPolicy().Levels, Office: "武侯区社会工作服务窗口", Clerk: "chen.li",
	}
}

func receiptDrawn(r Receipt, holds ...string) drawn {
	return drawn{
		compose: func() (*paper, error) { return composeReceipt(r) },
		write:   func(w io.Writer) error { return WriteReceipt(w, r) },
		holds:   append(receiptHolds(r), holds...),
	}
}

func receiptHolds(r Receipt) []string {
	holds := []string{
		"受理回执", "受理编号" + r.Reference, "申请类型" + kindNames[r.Kind], "申请人" + r.Name, "证件号码110***********002X",
		"提交时间2025年1月17日 09:30", "受理窗口：" + r.Office, "经办账号：" + r.Clerk,
	}
	for slot, n := range r.Attached {
		field, ok := review.FieldOf(slot)
		if !ok {
			field = &review.Field{Label: string(slot)}
		}
		holds = append(holds, field.Label+fmt.Sprintf("%d个文件", n))
	}
	days := 0
	for i, level := range r.Levels {
		holds = append(holds, fmt.Sprintf("%d.%s%s%d个工作日", i+1, level.Name, level.Office, level.WorkingDays))
		days += level.WorkingDays
	}
	return append(holds, fmt.Sprintf("共%d个工作日", days))
}

// receiptsDrawn are receipts of every kind and size, with little and with much on them.
func receiptsDrawn(testing.TB) map[string]drawn {
	all := map[string]drawn{}
	for _, kind := range review.Kinds() {
		for _, size := range []Paper{A5, A4} {
			r := testReceipt()
			r.Kind, r.Paper = kind, size
			all[fmt.Sprintf("%s %s", kind, size)] = receiptDrawn(r, "办结期限2025年3月6日", "审核区域武侯区")
		}
	}
	full := testReceipt()
	full.Kind, full.DueEstimated, full.Attached = review.Renewal, true, map[review.Key]int{}
	for _, field := range review.FieldsOf(review.Attachments) {
		full.Attached[field.Key] = 6
	}
	all["full"] = receiptDrawn(full, "办结期限预计2025年3月6日", "48个文件")
	long := full
	long.Attached = maps.Clone(full.Attached)
	long.Name, long.Office, long.Clerk, long.Area = longName, longAddress, strings.Repeat("w", 32), strings.Repeat("天府新区", 10)
	long.Revision, long.Levels = 12, withLevels(5).Levels
	for i := range 20 {
		long.Attached[review.Key(fmt.Sprintf("slot_%d", i))] = i + 1
	}
	all["long"] = receiptDrawn(long, "（第12次提交）")
	bare := testReceipt()
	bare.Attached, bare.Area, bare.DueOn, bare.Levels = nil, "", review.Date{}, nil
	all["bare"] = receiptDrawn(bare, "未附材料", "0个文件")
	return all
}

func TestReceiptStandsOnOneSheet(t *testing.T) {
	for name, d := range receiptsDrawn(t) {
		if got := sheets(t, d); got != 1 && name != "long" {
			t.Errorf("%s: %d sheets, want 1", name, got)
		}
	}
}

func TestReceiptMasksTheNumber(t *testing.T) {
	r := testReceipt()
	data := receiptDrawn(r).bytes(t)
	if strings.Contains(withoutSpace(open(t, data).text(t)), r.IDNumber[6:14]) {
		t.Error("the receipt shows the date of birth")
	}
	masked := r
	masked.IDNumber = review.MaskIdentity(r.IDNumber)
	if string(receiptDrawn(masked).bytes(t)) != string(data) {
		t.Error("a number that is masked already is shown in another way")
	}
}

func TestReceiptOfAnApplication(t *testing.T) {
	a := &review.Application{
		Reference: "SQ202501170001", Revision: 2, Kind: review.First, Levels: 3, Area: "510107", SubmittedAt: submitted, EnteredBy: "chen.li",
		Form:        answers(),
		Attachments: []review.Attachment{{Slot: "portrait"}, {Slot: "credential_scan"}, {Slot: "credential_scan"}},
	}
	p := review.DefaultPolicy()
	got := ReceiptOf(a, p, "武侯区窗口")
	due, estimated := p.Due(review.NewDate(2025, 1, 17), 3)
	want := Receipt{
		Reference: "SQ202501170001", Revision: 2, Kind: review.First, Name: "买买提·吐尔逊", IDNumber: "11010519491231002X", Area: "武侯区",
		SubmittedAt: submitted, DueOn: due, DueEstimated: estimated, Attached: map[review.Key]int{"portrait": 1, "credential_scan": 2},
		Levels: p.Levels, Office: "武侯区窗口", Clerk: "chen.li",
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b review.Date) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if a.Levels = 1; len(ReceiptOf(a, p, "").Levels) != 1 {
		t.Error("levels that the application does not pass are announced")
	}
}

func TestReceiptRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Receipt)
		field review.Key
		want  error
	}{
		"no reference": {func(r *Receipt) { r.Reference = " " }, "reference", ErrEmpty},
		"no name":      {func(r *Receipt) { r.Name = "" }, "name", ErrEmpty},
		"no time":      {func(r *Receipt) { r.SubmittedAt = time.Time{} }, "submitted_at", ErrEmpty},
		"name":         {func(r *Receipt) { r.Name = "王\u202e芳" }, "name", &font.MissingError{Rune: 0x202E}},
		"office":       {func(r *Receipt) { r.Office = "窗口😀" }, "office", &font.MissingError{Rune: '😀'}},
	} {
		t.Run(name, func(t *testing.T) {
			r := testReceipt()
			c.spoil(&r)
			mustRefuse(t, WriteReceipt(failing{t}, r), c.field, c.want)
		})
	}
	for name, spoil := range map[string]func(*Receipt){
		"kind": func(r *Receipt) { r.Kind = "other" }, "paper": func(r *Receipt) { r.Paper = "A3" },
	} {
		r := testReceipt()
		spoil(&r)
		if err := WriteReceipt(failing{t}, r); err == nil {
			t.Errorf("%s: a receipt was drawn", name)
		}
	}
}

func BenchmarkWriteReceipt(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteReceipt(io.Discard, testReceipt()); err != nil {
			b.Fatal(err)
		}
	}
}
