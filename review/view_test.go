package review

import (
	"testing"
)

func TestShow(t *testing.T) {
	p, day := DefaultPolicy(), NewDate(2026, 11, 16)
	form := flawless(Renewal).form
	form.Set("delegate_roles", "1", "2")
	form.Set("mail_paper", "true")
	form.Set("education", "55")
	tests := []struct {
		key                      Key
		chinese, english, masked string
	}{
		{"name", "王芳", "王芳", "王*"},
		{"mobile", "13800001234", "13800001234", "138****1234"},
		{"id_type", "居民身份证", "Resident identity card", "居民身份证"},
		{"id_number", "510107199104180263", "510107199104180263", "510***********0263"},
		{"sex", "女", "Female", "女"},
		{"age", "35", "35", "35"},
		{"education", "55", "55", "55"},
		{"address", "四川省成都市武侯区浆洗街 1 号", "四川省成都市武侯区浆洗街 1 号", "四川省成都市武侯区***"},
		{"years_in_social_work", "6", "6", "6"},
		{"fields", "社区建设、老年人服务", "Community development, Services for older people", "社区建设、老年人服务"},
		{"delegate_roles", "党代表、人大代表", "Party congress delegate, People's congress deputy", "党代表、人大代表"},
		{"first_registered_on", "2020-12-21", "2020-12-21", "2020-12-21"},
		{"review_area", "武侯区", "Wuhou District", "武侯区"},
		{"mail_paper", "是", "Yes", "是"},
		{"recipient", "", "", ""},
		{"portrait", "", "", ""},
		{"consent_truth", "", "", ""},
	}
	for _, test := range tests {
		field, ok := FieldOf(test.key)
		if !ok {
			t.Fatalf("no field %s", test.key)
		}
		got := [3]string{Show(field, form, p, day, Chinese), Show(field, form, p, day, English), Masked(field, form, p, day, Chinese)}
		if want := [3]string{test.chinese, test.english, test.masked}; got != want {
			t.Errorf("%s: got %q, want %q", test.key, got, want)
		}
	}
}

func TestMaskName(t *testing.T) {
	for name, want := range map[string]string{"": "", "王": "王*", "王芳": "王*", "𬭎一": "𬭎*", "买买提·吐尔逊": "买*", "Anne": "A*"} {
		if got := MaskName(name); got != want {
			t.Errorf("MaskName(%q): got %q, want %q", name, got, want)
		}
	}
}

func TestMaskNumbers(t *testing.T) {
	tests := []struct {
		mask       func(string) string
		text, want string
	}{
		{MaskIdentity, "510104199001011234", "510***********1234"},
		{MaskIdentity, "11010519491231002X", "110***********002X"},
		{MaskIdentity, "110105491231002", "***************"},
		{MaskIdentity, "", ""},
		{MaskIdentity, "1101", "****"},
		{MaskMobile, "13800001234", "138****1234"},
		{MaskMobile, "028-86512345", "028*****2345"},
		{MaskMobile, "86512345", "******45"},
		{MaskMobile, "8651", "***1"},
		{MaskMobile, "1", "*"},
		{MaskMobile, "", ""},
	}
	for _, test := range tests {
		if got := test.mask(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestMaskAddress(t *testing.T) {
	tests := map[string]string{
		"":          "",
		"四川省成都市武侯区": "四川省成都市武侯区",
		"四川省成都市武侯区浆洗街 1 号":      "四川省成都市武侯区***",
		"成都市锦江区春熙路3号":           "成都市锦江区***",
		"武侯区浆洗街1号":              "武侯区***",
		"四川省成都市都江堰市灌口镇三区2栋":     "四川省成都市都江堰市***",
		"都江堰市灌口镇三区2栋":           "都江堰市***",
		"成都高新区天府大道市民中心":         "成都高新区***",
		"四川天府新区华阳街道":            "四川天府新区***",
		"四川省阿坝藏族羌族自治州汶川县威州镇":    "四川省阿坝藏族羌族自治州汶川县***",
		"四川省乐山市市中区嘉定路":          "四川省乐山市市中区***",
		"江苏省南京市鼓楼区北京西路":         "江苏省南京市鼓楼区***",
		"湖南省怀化市通道侗族自治县双江镇":      "湖南省怀化市通道侗族自治县***",
		"新疆维吾尔自治区喀什地区疏附县托克扎克镇":  "新疆维吾尔自治区喀什地区疏附县***",
		"幸福小区3栋2单元":             "***",
		"浆洗街1号院武侯区":             "***",
		"No. 1, Jiangxi Street": "***",
		"\xff\xfe\x1b[2J":       "***",
	}
	for address, want := range tests {
		if got := MaskAddress(address); got != want {
			t.Errorf("MaskAddress(%q): got %q, want %q", address, got, want)
		}
	}
}

func TestCodeOf(t *testing.T) {
	p := DefaultPolicy()
	field, _ := FieldOf("ethnicity")
	for text, want := range map[string]string{"汉族": "01", "01": "01", " 藏族　": "04", "汉": "", "": ""} {
		if got, ok := CodeOf(field, p, text); got != want || ok != (want != "") {
			t.Errorf("CodeOf(%q): got %q, %v, want %q", text, got, ok, want)
		}
	}
	if _, ok := CodeOf(&Field{Type: Text}, p, "汉族"); ok {
		t.Error("a field without options has no code")
	}
}

func FuzzShow(f *testing.F) {
	f.Add("王芳", "四川省成都市武侯区浆洗街")
	f.Add("\xff", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		p := DefaultPolicy()
		for _, field := range Fields() {
			form := Form{field.Key: {a, b}, "id_number": {a}}
			Show(&field, form, p, NewDate(2026, 11, 16), English)
			Masked(&field, form, p, NewDate(2026, 11, 16), Chinese)
			CodeOf(&field, p, a)
		}
		kind := Renewal
		if len(a)%2 == 0 {
			kind = Kind(b)
		}
		form := Form{"name": {a}, "id_number": {b}, Key(a): {b, a}}
		attachments := []Attachment{{Slot: Key(a), Type: b}, {Slot: "portrait", Width: len(b)}}
		Validate(kind, form, Consent{}, attachments, p, NewDate(2026, 11, 16))
		Checks(&Application{Kind: kind, Form: form, Attachments: attachments}, p, Facts{}, NewDate(2026, 11, 16))
	})
}
