package review

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// askedOn is the day on which queries of the tests are asked.
var askedOn = NewDate(2026, 11, 23)

func parseQuery(t *testing.T, text string) Query {
	t.Helper()
	q, err := ParseQuery(text, DefaultPolicy(), askedOn)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return q
}

// canonical has what is typed and what String makes of it, "" where that is the same.
var canonical = []struct{ typed, want string }{
	{"", ""},
	{"kind:renewal area:武侯区 level:1 due<3d has:warning -hold name:王 submitted>2025-01-01", ""},
	{"类型：再次登记　区域：武侯区、锦江区 级别：1 到期《3天 有：警告 －挂起 姓名：王 提交＞2025年1月1日",
		"kind:renewal area:武侯区,锦江区 level:1 due<3d has:warning -hold name:王 submitted>2025-01-01"},
	{"  hold\t-mine\n", "hold -mine"},

	{"kind:first,再次登记,完善", "kind:first,renewal,completion"},
	{"kind=Renewal TYPE:首次", "kind:renewal kind:first"},
	{"state:in-review state:未通过", "state:in_review state:rejected"},
	{"状态:待审核,已通过,撤回,草稿", "state:in_review,approved,withdrawn,draft"},
	{"level:市级复审,1", "level:2,1"},
	{"级别>=2 level<3 level≤2 level=<2 level=>1", "level>=2 level<3 level<=2 level>=1"},
	{"level:＜=2", "level<=2"},
	{"area:510107,“Jinjiang District”", "area:武侯区,锦江区"},
	{"due:today,2025-01,2025", ""},
	{"due<-7d due>2w due<=+3D due>=0d due=明天", "due<-7d due>2w due<=3d due>=today due:tomorrow"},
	{"due<2025/1/31 due>20250131 due>=2025.1.31 due:11-16,11月16日", "due<2025-01-31 due>2025-01-31 due>=2025-01-31 due:2026-11-16"},
	{"submitted:2025年1月 decided>2025 审结<昨天 changed>-30d", "submitted:2025-01 decided>2025 decided<-1d changed>-30d"},
	{"name:买买提•吐尔逊", "name:买买提·吐尔逊"},
	{`name:"阿卜杜 克里木"`, ""},
	{"name:WangFang -name:wf name:“Maria Lopez”", "wangfang -wf marialopez"},
	{"id:1101-0519-4912-3100-2x 身份证号:１２３４", "id:11010519491231002X id:1234"},
	{"mobile:+8613800001234 手机:138-0000-1234", "mobile:13800001234"},
	{"number:2025065101 水平证书管理号:ab12", "number:2025065101 number:AB12"},
	{"ref:sq2025- 编号:SQ202501170001", "ref:SQ2025 ref:SQ202501170001"},
	{"certificate:cd－2025－000001", "certificate:CD-2025-000001"},
	{"by:me,Zhou.Wuhou 录入:我", "by:@me,zhou.wuhou entered:@me"},
	{"reason:q03,申请表填写不完整 原因:“资格证书级别、年度或管理号不符”", "reason:Q03,Q04 reason:Q06"},
	{"revision>1 版本:2", "revision>1 revision:2"},
	{"has:阻止,请核对,info,备注,证书", "has:block,warning,info,note,certificate"},
	{"has:hold -has:邮寄 有:挂起,邮寄", "hold -mail has:hold,mail"},
	{"has:portrait,登记证书（上次登记证书照片）,联系地址", "has:portrait,previous_certificate,address"},
	{"overdue 超期 -estimated 邮寄 重新提交 无变化 重新申请 我的 HELD", "overdue -estimated mail resubmitted unchanged follows mine hold"},

	{"employer_type:学校 民族:藏族,01 fields:社区建设", "employer_type:学校 ethnicity:藏族,汉族 fields:社区建设"},
	{"领域:05 荣誉:省(部)级 两代表:人大代表", "fields:社区建设 honours:省（部）级 delegate_roles:人大代表"},
	{"form.level:2 资格证书级别:社会工作师 form.sex:女", "form.level:社会工作师 sex:女"},
	{"review_area:武侯区", ""},
	{"社区岗位:社区“两委”委员 community_post:“社区“两委”委员”", "community_post:社区“两委”委员"},
	{"mail_paper:yes 是否邮寄纸质登记证书:否", "mail_paper:是 mail_paper:否"},
	{"age<30 年龄:35 exam_year:2024 年限>=5", "age<30 age:35 exam_year:2024 years_in_social_work>=5"},
	{"first_registered_on<2020 到期时间<90d", "first_registered_on<2020 certificate_valid_until<90d"},
	{`major:"Social  Work" address:武侯区`, `major:"social work" address:武侯区`},

	{"王芳 wang ５１０１０７", "王芳 wang 510107"},
	{`"hold" -"mine" "a:b" "-x" "a,b" hold`, ""},
	{`"a \"b\\"`, `a "\"b\\"`}, // two words
	{"“王芳 李明”", "王芳 李明"},
	{"138 0000 1234", "13800001234"},
	{"0000 0000", "00000000"},
	{"138 0000 1234 hold", "138 0000 1234 hold"},
	{"王芳 王芳 kind:first,first kind:first", "王芳 kind:first"},
	{"王\u200b芳\ufeff", "王芳"},
}

func TestQueryCanonicalForm(t *testing.T) {
	for _, test := range canonical {
		want := test.want
		if want == "" {
			want = test.typed
		}
		got := parseQuery(t, test.typed).String()
		if got != want {
			t.Errorf("%q: got %q, want %q", test.typed, got, want)
		}
		if again := parseQuery(t, got).String(); again != got {
			t.Errorf("%q: read again it is %q", got, again)
		}
	}
}

// TestEveryKeyIsTried keeps the table of canonical forms whole: each key and flag stands in it.
func TestEveryKeyIsTried(t *testing.T) {
	tried := map[string]bool{}
	for _, test := range canonical {
		if q, err := ParseQuery(test.typed, DefaultPolicy(), askedOn); err == nil {
			for _, term := range q.Terms {
				tried[term.Key] = true
			}
		}
	}
	for _, k := range queryKeys {
		if field, ok := FieldOf(k.answers); ok && k.holds != nil && field.Type != Text {
			continue // fields of options all go one way, and TestEveryFieldIsAKey asks for each
		}
		if field, ok := FieldOf(k.answers); ok && k.name == string(field.Key) && field.Type == Text {
			continue
		}
		if !tried[k.name] {
			t.Errorf("%s stands in no row", k.name)
		}
	}
}

// TestEveryFieldIsAKey asks for each option of each list, by key, label and form.key.
func TestEveryFieldIsAKey(t *testing.T) {
	p := DefaultPolicy()
	for _, field := range Fields() {
		if field.Type != Choice && field.Type != Choices {
			continue
		}
		for _, option := range p.Options[field.Options] {
			for _, key := range []string{formPrefix + string(field.Key), field.Label, field.Brief()} {
				q := parseQuery(t, key+":"+option.Label)
				a := Application{Form: Form{field.Key: {option.Code}}}
				if !q.Match(&a, Actor{}, nil, askedOn) {
					t.Errorf("%s does not find it", q)
				}
				if q.Match(&Application{}, Actor{}, nil, askedOn) {
					t.Errorf("%s finds an empty form", q)
				}
				if by := parseQuery(t, key+":"+option.Code).String(); by != q.String() {
					t.Errorf("by code: got %s, want %s", by, q)
				}
			}
		}
	}
}

// TestKeysAreNotAmbiguous: two keys of one name would shadow each other.
func TestKeysAreNotAmbiguous(t *testing.T) {
	names := map[string]string{}
	for _, k := range queryKeys {
		for _, name := range append([]string{k.name, k.chinese}, k.names...) {
			name = foldQuery(name)
			if other, taken := names[name]; taken && other != k.name {
				t.Errorf("%q names %s and %s", name, other, k.name)
			}
			names[name] = k.name
		}
	}
}

var queryFaults = []struct {
	text       string
	at, length int
	code       string
	args       Args
}{
	{"王\x1b芳", 1, 1, "query_character", Args{"character": "U+001B"}},
	{"hold \u202e", 5, 1, "query_character", Args{"character": "U+202E"}},
	{"a\xff", 1, 1, "query_character", Args{"character": "U+FFFD"}},
	{`hold "王芳`, 5, 1, "query_quote_open", nil},
	{"name:“王", 5, 1, "query_quote_open", nil},
	{`"王"芳 hold`, 3, 1, "query_quote_after", nil},
	{`name:"王"芳,李`, 8, 1, "query_quote_after", nil},
	{"hold -", 5, 1, "query_minus", nil},
	{"- hold", 0, 1, "query_minus", nil},
	{"——hold", 0, 2, "query_minus", nil},
	{"hold 。", 5, 1, "query_word", nil},
	{`""`, 0, 2, "query_word", nil},
	{"王芳，李明", 0, 5, "query_comma", Args{"word": "王芳，李明"}},
	{"due <3d", 4, 1, "query_key_missing", Args{"operator": "<"}},
	{"hold ：x", 5, 1, "query_key_missing", Args{"operator": "："}},
	{"-:x", 1, 1, "query_key_missing", Args{"operator": ":"}},
	{"hold 颜色:红", 5, 2, "query_key_unknown", Args{"key": "颜色"}},
	{"kin:first", 0, 3, "query_key_near", Args{"key": "kin", "near": "kind"}},
	{"-submited:2025", 1, 8, "query_key_near", Args{"key": "submited", "near": "submitted"}},
	{"单位:学校", 0, 2, "query_key_ambiguous", Args{"key": "单位", "keys": "employer_type, review_area"}},
	{"x -hold:yes", 3, 8, "query_flag", Args{"flag": "hold"}},
	{"kind:=first", 4, 2, "query_operator_unknown", Args{"operator": ":="}},
	{"due<>3d", 3, 2, "query_operator_unknown", Args{"operator": "<>"}},
	{"kind<first", 4, 1, "query_operator", Args{"key": "kind", "operator": "<"}},
	{"到期<3d,5d", 6, 2, "query_list", Args{"operator": "<"}},
	{"hold area:", 9, 1, "query_value_missing", Args{"key": "area"}},
	{"area: 武侯区", 4, 1, "query_value_missing", Args{"key": "area"}},
	{"area:武侯区， 锦江区", 8, 1, "query_value_missing", Args{"key": "area"}},
	{"area:,武侯区", 4, 1, "query_value_missing", Args{"key": "area"}},
	{"hold area:武侯区,东部老区", 14, 4, "query_value_unknown", Args{"key": "area", "value": "东部老区"}},
	{"area:武候区", 5, 3, "query_value_near", Args{"key": "area", "value": "武候区", "near": "武侯区"}},
	{"区域:高新区", 3, 3, "query_value_near", Args{"key": "区域", "value": "高新区", "near": "成都高新区"}},
	{"民族:藏", 3, 1, "query_value_unknown", Args{"key": "民族", "value": "藏"}},
	{"state:rejectd", 6, 7, "query_value_near", Args{"key": "state", "value": "rejectd", "near": "rejected"}},
	{"has:aaa", 4, 3, "query_value_unknown", Args{"key": "has", "value": "aaa"}},
	{"reason:Q77", 7, 3, "query_value_near", Args{"key": "reason", "value": "Q77", "near": "Q07"}},
	{"revision:x", 9, 1, "query_number", Args{"key": "revision"}},
	{"age<-3", 4, 2, "query_number", Args{"key": "age"}},
	{"level:4", 6, 1, "query_number_range", Args{"key": "level", "min": "1", "max": "3"}},
	{"level>0", 6, 1, "query_number_range", Args{"key": "level", "min": "1", "max": "3"}},
	{"due:2025-02-30", 4, 10, "query_day", Args{"key": "due"}},
	{"due:2025-13", 4, 7, "query_day", Args{"key": "due"}},
	{"due:2-30", 4, 4, "query_day", Args{"key": "due"}},
	{"due:soon", 4, 4, "query_day", Args{"key": "due"}},
	{"due<9999w", 4, 5, "query_day", Args{"key": "due"}},
	{"submitted<3d", 10, 2, "query_day_ahead", Args{"key": "submitted"}},
	{"审结:明天", 3, 2, "query_day_ahead", Args{"key": "审结"}},
	{"name:王3", 5, 2, "query_name", Args{"key": "name"}},
	{"name:·", 5, 1, "query_name", Args{"key": "name"}},
	{"name:王,wang", 7, 4, "query_name_letters", nil},
	{"id:123", 3, 3, "query_id", Args{"key": "id"}},
	{"id:X123", 3, 4, "query_id", Args{"key": "id"}},
	{"mobile:1234", 7, 4, "query_mobile", Args{"key": "mobile"}},
	{"ref:SQ/1", 4, 4, "query_number_form", Args{"key": "ref"}},
	{"by:周", 3, 1, "query_account", Args{"key": "by"}},
	{"major:。", 6, 1, "query_word", Args{"key": "major"}},
	// Weightless characters are not read, and count where they stand.
	{"\u200bhold \u200bdue:x", 11, 1, "query_day", Args{"key": "due"}},
	{manyWords(MaxQueryTerms), 0, 0, "", nil},
	{manyWords(MaxQueryTerms) + " 𫖯", 96, 1, "query_terms", Args{"max": "32"}},
	{strings.Repeat("王", MaxQuery), 0, 0, "", nil},
	{strings.Repeat("王", MaxQuery+7), MaxQuery, 7, "query_long", Args{"max": "1000"}},
	{strings.Repeat("hold ", 2048), MaxQuery, 9240, "query_long", Args{"max": "1000"}},
	{manyOptions(), 0, len([]rune(manyOptions())), "query_long", Args{"max": "1000"}},
}

// manyWords returns n words of two characters.
func manyWords(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = "王" + string(rune('一'+i))
	}
	return strings.Join(words, " ")
}

// manyOptions is short as it is typed and too long as it is written: lists of codes in every order.
func manyOptions() string {
	var terms []string
	codes := make([]string, 26)
	for i := range codes {
		codes[i] = ("0" + number(i+1))[len(number(i+1))-1:]
	}
	for i := range 11 {
		terms = append(terms, "领域:"+strings.Join(slices.Concat(codes[i:], codes[:i]), ","))
	}
	return strings.Join(terms, " ")
}

func TestQueryErrors(t *testing.T) {
	seen := map[string]bool{}
	for _, test := range queryFaults {
		_, err := ParseQuery(test.text, DefaultPolicy(), askedOn)
		got, ok := errors.AsType[*QueryError](err)
		if !ok {
			if got = (&QueryError{}); err != nil || test.code != "" {
				t.Errorf("%q: got %v, want %s", test.text, err, test.code)
			}
			continue
		}
		seen[got.Code] = true
		want := &QueryError{test.at, test.length, test.code, test.args}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", test.text, diff)
		}
	}
	for _, code := range QueryCodes() {
		if !seen[code] {
			t.Errorf("%s stands in no row", code)
		}
	}
}

func TestQueryCodesAreThoseInUse(t *testing.T) {
	files, err := filepath.Glob("query*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file == "query.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, code := range regexp.MustCompile(`"query_[a-z_]+"`).FindAllString(string(source), -1) {
			used[strings.Trim(code, `"`)] = true
		}
	}
	if diff := cmp.Diff(sortedKeys(used), slices.Sorted(slices.Values(QueryCodes()))); diff != "" {
		t.Errorf("codes (-used +listed):\n%s", diff)
	}
}

// TestVanishedArea: a saved view that names what the policy does not list any more says what and where; what is only
// not offered any more is found.
func TestVanishedArea(t *testing.T) {
	view := parseQuery(t, "hold 区域:510107,成都东部新区").String()
	changed := *DefaultPolicy()
	changed.Options = map[string][]Option{"area": slices.Clone(changed.Options["area"])}
	last := len(changed.Options["area"]) - 1
	changed.Options["area"][last].Disabled = true
	if _, err := ParseQuery(view, &changed, askedOn); err != nil {
		t.Errorf("an area that is not offered any more: %v", err)
	}
	changed.Options["area"] = changed.Options["area"][:last]
	_, err := ParseQuery(view, &changed, askedOn)
	got, _ := errors.AsType[*QueryError](err)
	want := &QueryError{14, 6, "query_value_unknown", Args{"key": "area", "value": "成都东部新区"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestQueryErrorTellsNothing: what people type can be names and numbers, and errors go to logs.
func TestQueryErrorTellsNothing(t *testing.T) {
	_, err := ParseQuery("王芳,11010519491231002X", DefaultPolicy(), askedOn)
	if got, want := err.Error(), "query: query_comma at character 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, test := range canonical {
		f.Add(test.typed)
	}
	for _, test := range queryFaults {
		f.Add(test.text)
	}
	policy := DefaultPolicy()
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuery(text, policy, askedOn)
		if err != nil {
			fault, ok := errors.AsType[*QueryError](err)
			length := utf8.RuneCountInString(text)
			if !ok || fault.At < 0 || fault.Length < 0 || fault.At+fault.Length > length || !slices.Contains(queryCodes, fault.Code) {
				t.Errorf("%q: %#v", text, err)
			}
			return
		}
		written := q.String()
		again, err := ParseQuery(written, policy, askedOn)
		if err != nil {
			t.Fatalf("%q → %q: %v", text, written, err)
		}
		if got := again.String(); got != written {
			t.Errorf("%q → %q → %q", text, written, got)
		}
		if diff := cmp.Diff(q.Plan(askedOn), again.Plan(askedOn), days); diff != "" {
			t.Errorf("%q: plan (-first +again):\n%s", text, diff)
		}
		a := asked()
		plan := q.Plan(askedOn)
		found := q.Match(&a, at(1), nil, askedOn)
		if found != again.Match(&a, at(1), nil, askedOn) || found && !plan.Admits(&a) || !found && plan.Exact && plan.Admits(&a) {
			t.Errorf("%q and %q do not find the same", text, written)
		}
	})
}
