package cert

import (
	"io"
	"strings"
	"testing"
	"time"

	"rongzheng/cert/font"
	"rongzheng/review"
)

func formDrawn(f FormSheet, holds ...string) drawn {
	return drawn{
		compose: func() (*paper, error) { return composeForm(f) },
		write:   func(w io.Writer) error { return WriteForm(w, f) },
		holds:   append(formHolds(f), holds...),
	}
}

// formHolds lists what every form must show: all that registry and policy know of the fields of the kind.
func formHolds(f FormSheet) []string {
	holds := []string{formWords.titles[f.Kind], "申请人签名：", "所在单位意见", "（盖章）", "民发〔2009〕44号", f.Policy.Version}
	for _, field := range review.Fields() {
		if field.Need(f.Kind) == review.Never {
			continue
		}
		if field.Section != review.Attachments || f.Attachments == nil {
			holds = append(holds, field.Label)
		}
		if len(f.Form) == 0 && field.Type != review.File && field.Type != review.Moment {
			holds = append(holds, field.Hint(review.Chinese))
		}
		if options := f.Policy.Options[field.Options]; len(options) <= mostOptions {
			for _, o := range options {
				holds = append(holds, o.Label)
			}
		}
	}
	for _, level := range f.Policy.Levels {
		holds = append(holds, level.Name+"意见", level.Office)
	}
	return append(holds, f.Attachments...)
}

// formsDrawn are forms of every kind, blank and filled in, with short answers and very long ones.
func formsDrawn(t testing.TB) map[string]drawn {
	all := map[string]drawn{}
	policy := review.DefaultPolicy()
	day := review.NewDate(2025, 1, 17)
	for _, kind := range review.Kinds() {
		all["blank "+string(kind)] = formDrawn(FormSheet{Kind: kind, Policy: policy})
		all["filled "+string(kind)] = formDrawn(FormSheet{
			Kind: kind, Policy: policy, Form: answers(), Day: day, Reference: "SQ202501170001",
			Consent:  review.Consent{Privacy: submitted, Truth: submitted},
			Attached: map[review.Key]int{"portrait": 1, "application_form": 3, "community_proof": 1}, Portrait: testPortrait(t, 295, 413),
		}, "SQ202501170001", "11010519491231002X", "☑居民身份证", "☑社区专职工作者", "□网格员", "☑社区建设", "☑老年人服务", "☑市（厅）级", "☑区（县）级",
			"☑我已知晓", "☑本人承诺", "☑证件照")
		long := answers()
		for _, field := range review.Fields() {
			if field.Type == review.Text {
				long.Set(field.Key, longAddress)
			}
		}
		long.Set("name", longName)
		all["long "+string(kind)] = formDrawn(FormSheet{Kind: kind, Policy: policy, Form: long, Day: day}, longAddress)
	}
	most := answers()
	for key, words := range map[review.Key]string{"name": longName, "address": longAddress, "major": longName, "street_address": longAddress, "region": longName} {
		most.Set(key, words)
	}
	all["most that is taken"] = formDrawn(FormSheet{Kind: review.First, Policy: policy, Form: most, Day: day}, longName, longAddress)
	all["answers of first"] = formDrawn(FormSheet{Kind: review.First, Policy: policy, Form: answers(), Day: day},
		"买买提·吐尔逊", "13800001234", "维吾尔族", "年龄75", "☑群众", "☑大学本科", "四川省成都市武侯区浆洗街1号", "☑社会工作师", "☑武侯区",
		"从事社会工作年限6", "管理号20240651010000001234", "☑是□否", "王𬭎", "028-85551234", "浆洗街道某某路7号")
	all["answers of renewal"] = formDrawn(FormSheet{Kind: review.Renewal, Policy: policy, Form: answers(), Day: day},
		"首次登记时间2022年3月1日", "登记证书最新有效期到期时间2025年2月28日")
	for n := range 6 {
		all["levels "+string(rune('0'+n))] = formDrawn(FormSheet{Kind: review.Renewal, Policy: withLevels(n)})
	}
	all["own list"] = formDrawn(FormSheet{Kind: review.First, Policy: policy, Attachments: []string{"身份证原件及复印件一份", strings.Repeat("其他能够证明的材料、", 20)}})
	return all
}

func TestFormStandsOnOneLeaf(t *testing.T) {
	for name, d := range formsDrawn(t) {
		if got := sheets(t, d); got > 2 && !strings.HasPrefix(name, "long") || got < 1 {
			t.Errorf("%s: %d sheets", name, got)
		}
	}
}

// A page that is next to empty is one that gets lost.
func TestShortFormStandsOnOnePage(t *testing.T) {
	all := formsDrawn(t)
	for _, name := range []string{"blank completion", "filled completion"} {
		if got := sheets(t, all[name]); got != 1 {
			t.Errorf("%s: %d sheets, want 1", name, got)
		}
	}
}

func TestBlankFormHasNothingTicked(t *testing.T) {
	for _, kind := range review.Kinds() {
		d := formDrawn(FormSheet{Kind: kind, Policy: review.DefaultPolicy()})
		if text := open(t, d.bytes(t)).text(t); strings.ContainsRune(text, tickedBox) {
			t.Errorf("%s: a blank form has a tick", kind)
		}
	}
}

// TestStaleAnswersStayOut fills in what the other answers do not ask for.
func TestStaleAnswersStayOut(t *testing.T) {
	form := answers()
	form.Set("employer_type", "09")
	form.Set("mail_paper")
	text := withoutSpace(open(t, formDrawn(FormSheet{Kind: review.First, Policy: review.DefaultPolicy(), Form: form}).bytes(t)).text(t))
	for _, stale := range []string{"☑社区专职工作者", "028-85551234", "☑是"} {
		if strings.Contains(text, stale) {
			t.Errorf("the form shows %q, which is not asked for", stale)
		}
	}
	mustHold(t, text, "☑企业", "☑否")
}

func TestUnknownAndOldOptionsAreShown(t *testing.T) {
	policy := *review.DefaultPolicy()
	options := map[string][]review.Option{}
	for list, all := range policy.Options {
		options[list] = append([]review.Option(nil), all...)
	}
	options["level"][0].Disabled = true
	options["level"][1].Disabled = true
	policy.Options = options
	form := answers()
	form.Set("post_category", "77")
	text := withoutSpace(open(t, formDrawnPlain(FormSheet{Kind: review.First, Policy: &policy, Form: form}).bytes(t)).text(t))
	mustHold(t, text, "☑77", "☑社会工作师", "□高级社会工作师")
	if strings.Contains(text, "助理社会工作师□") || strings.Contains(text, "□助理社会工作师") {
		t.Error("an option that is not offered any more can be chosen")
	}
}

func formDrawnPlain(f FormSheet) drawn {
	return drawn{write: func(w io.Writer) error { return WriteForm(w, f) }}
}

func TestFormRefusals(t *testing.T) {
	policy := review.DefaultPolicy()
	spoiled := func(key review.Key, value string) review.Form {
		f := answers()
		f.Set(key, value)
		return f
	}
	for name, c := range map[string]struct {
		sheet FormSheet
		field review.Key
		want  error
	}{
		"emoji":     {FormSheet{Kind: review.First, Policy: policy, Form: spoiled("name", "王😀")}, "name", &font.MissingError{Rune: '😀'}},
		"private":   {FormSheet{Kind: review.First, Policy: policy, Form: spoiled("address", "武侯区\ue863")}, "address", &font.MissingError{Rune: 0xE863}},
		"line":      {FormSheet{Kind: review.First, Policy: policy, Form: spoiled("major", "社会\n工作")}, "major", &font.MissingError{Rune: '\n'}},
		"option":    {FormSheet{Kind: review.First, Policy: policy, Form: spoiled("sex", "😀")}, "sex", &font.MissingError{Rune: '😀'}},
		"reference": {FormSheet{Kind: review.First, Policy: policy, Reference: "SQ😀"}, "reference", &font.MissingError{Rune: '😀'}},
		"portrait":  {FormSheet{Kind: review.First, Policy: policy, Portrait: []byte("GIF89a")}, "portrait", ErrPortrait},
		"endless":   {FormSheet{Kind: review.First, Policy: policy, Form: spoiled("address", strings.Repeat("武侯区", 5000))}, "address", ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) { mustRefuse(t, WriteForm(failing{t}, c.sheet), c.field, c.want) })
	}
	for name, f := range map[string]FormSheet{"no kind": {Policy: policy}, "no policy": {Kind: review.First}} {
		if err := WriteForm(failing{t}, f); err == nil {
			t.Errorf("%s: a form was drawn", name)
		}
	}
}

func TestEveryMissingCharacterIsNamed(t *testing.T) {
	form := answers()
	form.Set("name", "😀王😁")
	form.Set("major", "😂")
	err := WriteForm(failing{t}, FormSheet{Kind: review.First, Policy: review.DefaultPolicy(), Form: form})
	if got := len(refusedFields(t, err)); got != 3 {
		t.Errorf("error %v names %d characters, want 3", err, got)
	}
}

func BenchmarkWriteForm(b *testing.B) {
	for name, f := range map[string]FormSheet{
		"blank":  {Kind: review.First, Policy: review.DefaultPolicy()},
		"filled": {Kind: review.Renewal, Policy: review.DefaultPolicy(), Form: answers(), Day: review.DateOf(time.Unix(0, 0))},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteForm(io.Discard, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
