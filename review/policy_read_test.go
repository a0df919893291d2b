package review

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestDefaultPolicy(t *testing.T) {
	p := DefaultPolicy()
	if p != DefaultPolicy() {
		t.Error("the default policy is read twice")
	}
	type figures struct {
		Version                   string
		Levels                    int
		Total                     int
		Renewal                   RenewalPolicy
		First                     FirstPolicy
		Foreigners                bool
		Issue                     IssuePolicy
		Hours                     map[string]int
		Options                   map[string]int
		Reasons, Off2025, Off2026 int
		Work2025, Work2026        int
	}
	got := figures{
		Version: p.Version, Levels: len(p.Levels), Renewal: p.Renewal, First: p.First, Foreigners: p.ForeignersCard,
		Issue: p.Issue, Hours: p.Hours, Options: map[string]int{}, Reasons: len(p.Reasons),
		Off2025: len(p.Calendar[2025].Off), Off2026: len(p.Calendar[2026].Off),
		Work2025: len(p.Calendar[2025].Work), Work2026: len(p.Calendar[2026].Work),
	}
	for _, l := range p.Levels {
		got.Total += l.WorkingDays
	}
	for name, list := range p.Options {
		got.Options[name] = len(list)
	}
	want := figures{
		Version: "2026-01-01", Levels: 3, Total: 30,
		Renewal: RenewalPolicy{90, WarnExpired}, First: FirstPolicy{1, WarnExpired},
		Issue: IssuePolicy{Prefix: "CD", Years: 3, Issuer: "中共成都市委社会工作部"},
		Hours: map[string]int{"1": 72, "2": 90, "3": 90},
		Options: map[string]int{
			"sex": 2, "id_type": 4, "ethnicity": 58, "political_status": 13, "education": 7, "employer_type": 11,
			"post_category": 7, "community_post": 9, "field": 27, "delegate": 4, "honour": 6, "level": 3, "area": 23,
		},
		Reasons: 14, Off2025: 28, Off2026: 33, Work2025: 5, Work2026: 6,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(IssuePolicy{}, "Paper")); diff != "" {
		t.Error(diff)
	}
}

func TestDefaultPolicyEntries(t *testing.T) {
	p := DefaultPolicy()
	wantLevels := []Level{
		{"区（市）县初审", "District review", "区（市）县委社会工作部", false, 10},
		{"市级复审", "City second review", "成都市社会工作协会", true, 10},
		{"市级终审", "City final review", "市委社会工作部", true, 10},
	}
	if diff := cmp.Diff(wantLevels, p.Levels); diff != "" {
		t.Error(diff)
	}
	var proof []string
	for name, list := range p.Options {
		for _, o := range list {
			if o.Proof {
				proof = append(proof, name+" "+o.Code)
			}
		}
	}
	slices.Sort(proof)
	wantProof := []string{"community_post 11", "community_post 12", "community_post 21", "community_post 22", "community_post 31"}
	if diff := cmp.Diff(wantProof, proof); diff != "" {
		t.Error(diff)
	}
	for code, want := range map[string]ReasonText{
		"Q01": {"Q01", "照片或扫描件不清晰", "Photograph or scan is not clear", "attachment", false},
		"Q05": {"Q05", "填报信息与证件不一致", "What was stated does not agree with the document", "field", false},
		"Q99": {"Q99", "其他", "Other", "", true},
	} {
		if got, _ := p.Reason(code); got != want {
			t.Errorf("reason %s: got %+v, want %+v", code, got, want)
		}
	}
	if got := p.AreaLabel("510172"); got != "成都高新区" {
		t.Errorf("area 510172: got %s", got)
	}
}

// TestReadPolicyRefuses spoils the policy that comes with the program in one place each time and expects the problems
// with their lines. In want, @ is the line in which the new text begins, @+1 the line below.
func TestReadPolicyRefuses(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{"misspelt key", "  opens_days: 90", "  opens_day: 90",
			[]string{`@: renewal: unknown key "opens_day"`, "@: renewal: opens_days is missing"}},
		{"unknown top key", "foreigners_card: false", "foreigners_card: false\nforeign: 1", []string{`@+1: the policy: unknown key "foreign"`}},
		{"double key", "  late: warn", "  late: warn\n  late: allow", []string{`@+1: first: key "late" stands in line @ already`}},
		{"unknown word", "  late: warn", "  late: perhaps", []string{`@: first: late must be allow or warn or block, not "perhaps"`}},
		{"no slot", "seen: [id_card_front,", "seen: [name,", []string{`@: seen: "name" is no slot of attachments`}},
		{"slot twice", "seen: [id_card_front,", "seen: [portrait, portrait,", []string{`@: seen: "portrait" is listed twice`}},
		{"no flag", "foreigners_card: false", "foreigners_card: off", []string{`@: foreigners_card must be true or false, not "off"`}},
		{"no version", `version: "2026-01-01"`, `version:`, []string{"@: version must not be empty"}},
		{"version without a day", `version: "2026-01-01"`, `version: spring`,
			[]string{"@: version must be a day like 2026-01-01, or 2026-01-01.2 for a second one of that day"}},
		{"version of no day", `version: "2026-01-01"`, `version: "2026-02-30"`,
			[]string{`@: version: "2026-02-30" is not a day written as 2026-01-31`}},
		{"level without days", "office: 成都市社会工作协会, scope: city, working_days: 10", "office: 成都市社会工作协会, scope: city, working_days: 0",
			[]string{`@: level 2: working_days must be a whole number from 1 to 250, not "0"`}},
		{"level without scope", "office: 成都市社会工作协会, scope: city,", "office: 成都市社会工作协会,", []string{"@: level 2: scope is missing"}},
		{"number in words", "  opens_days: 90", "  opens_days: ninety",
			[]string{`@: renewal: opens_days must be a whole number from 0 to 1098, not "ninety"`}},
		{"number with a sign", "  opens_days: 90", "  opens_days: +90",
			[]string{`@: renewal: opens_days must be a whole number from 0 to 1098, not "+90"`}},
		{"prefix", "  prefix: CD", "  prefix: cd1", []string{`@: issue: prefix must be one to four capital letters, not "cd1"`}},
		{"carrier without a code", `{code: EMS, label:`, `{code: ems, label:`,
			[]string{`@: options carriers: "ems" does not have the form of a code (^[0-9A-Z]{1,8}$)`}},
		{"labels beside the sheet", "columns: 2, rows: 7,", "columns: 3, rows: 7,",
			[]string{"@: mail: labels: these labels do not lie on an A4 sheet (210 × 297 mm), or are smaller than 30 × 21 mm"}},
		{"labels too low", "height: 38.1,", "height: 12,",
			[]string{"@: mail: labels: these labels do not lie on an A4 sheet (210 × 297 mm), or are smaller than 30 × 21 mm"}},
		{"measure in words", "gap_x: 2.5,", "gap_x: wide,",
			[]string{`@: mail: labels: gap_x must be a number of millimetres from 0 to 297, not "wide"`}},
		{"measure below zero", "left: 4.65,", "left: -4.65,",
			[]string{`@: mail: labels: left must be a number of millimetres from 0 to 297, not "-4.65"`}},
		{"hours of no level", `  "3": 90`, `  "4": 90`,
			[]string{`@: hours: "4" is not a code of the options level`, `@-2: hours: the level "3" is missing`}},
		{"double code", `{code: "13", label: 群众,`, `{code: "12", label: 群众,`,
			[]string{`@: options political_status: the code "12" stands in line @-1 already`}},
		{"double label", `{code: "13", label: 群众,`, `{code: "13", label: 台盟盟员,`,
			[]string{`@: options political_status: the label "台盟盟员" stands in line @-2 already`}},
		{"option without English", `{code: "13", label: 群众, english: No affiliation}`, `{code: "13", label: 群众, english: ""}`,
			[]string{"@: options political_status: english must not be empty"}},
		{"code with a blank", `{code: "13", label: 群众,`, `{code: "1 3", label: 群众,`,
			[]string{`@: options political_status: "1 3" does not have the form of a code (^[0-9A-Za-z]{1,8}$)`}},
		{"label with a space", "label: 群众,", `label: "群众 ",`,
			[]string{"@: options political_status: label must not begin or end with a space"}},
		{"a word without end", "  late: warn", "  late: " + strings.Repeat("w", 50),
			[]string{`@: first: late must be allow or warn or block, not "` + strings.Repeat("w", 40) + `…"`}},
		{"a list of days within", "- 2025-05-01..2025-05-05", "- [2025-05-01]", []string{"@: calendar 2025: off must be a list of days"}},
		{"area of five digits", `{code: "510104",`, `{code: "51010",`,
			[]string{`@: options area: "51010" does not have the form of a code (^[0-9]{6}$)`}},
		{"escape sequence in a label", "label: 群众,", `label: "群\e[2J众",`,
			[]string{"@: options political_status: label must be one line without control characters"}},
		{"bidirectional override in a label", "label: 群众,", `label: "群\u202E众",`,
			[]string{"@: options political_status: label must be one line without control characters"}},
		{"proof elsewhere", "label: 群众, english: No affiliation}", "label: 群众, english: No affiliation, proof: true}",
			[]string{"@: options political_status: proof belongs to community_post only"}},
		{"code of a rule missing", `{code: "0", label: 无,`, `{code: "8", label: 无,`,
			[]string{`@: options honour: the code "0" is missing, a rule of the program names it`}},
		{"unknown list", "  honour:\n", "  honors:\n", []string{`@: options: unknown key "honors"`, "L: options: honour is missing"}},
		{"list on one line of text", "    work: [2025-01-26, 2025-02-08, 2025-04-27, 2025-09-28, 2025-10-11]", "    work: none",
			[]string{"@: calendar 2025: work must be a list"}},
		{"make-up day in the week", "work: [2025-01-26,", "work: [2025-01-27,",
			[]string{"@: calendar 2025: 2025-01-27 is no weekend day, so working on it makes up for nothing"}},
		{"day off and on", "work: [2025-01-26,", "work: [2025-02-02,", []string{"@: calendar 2025: 2025-02-02 stands in line @-5 already"}},
		{"span across a day that stands already", "- 2025-05-31..2025-06-02 #", "- 2025-04-30..2025-06-02 #",
			[]string{"@: calendar 2025: 2025-05-01 stands in line @-1 already"}},
		{"day of another year", "- 2025-01-01 #", "- 2024-01-01 #", []string{`@: calendar 2025: off: "2024-01-01" is not in the year`}},
		{"span backwards", "2025-05-01..2025-05-05", "2025-05-05..2025-05-01",
			[]string{`@: calendar 2025: off: "2025-05-05..2025-05-01" ends before it begins`}},
		{"no such day", "2025-05-01..2025-05-05", "2025-05-01..2025-05-32",
			[]string{`@: calendar 2025: off: "2025-05-32" is not a day written as 2026-01-31`}},
		{"no year", "  2025:\n", "  25:\n", []string{`@: calendar: "25" is not a year`}},
		{"reason without text", "label: 材料缺失,", `label: "",`, []string{"@: reasons: label must not be empty"}},
		{"double reason", "{code: Q02,", "{code: Q01,", []string{`@: reasons: the code "Q01" stands in line @-1 already`}},
		{"reason that needs something else", "english: A document is missing, needs: attachment", "english: A document is missing, needs: luck",
			[]string{`@: reasons: needs must be none or field or attachment, not "luck"`}},
		{"alias", "issuer: 中共成都市委社会工作部", "issuer: *body", []string{"@: unknown anchor 'body' referenced"}},
		{"syntax", "  prefix: CD", "  prefix: CD: EF", []string{"@: mapping values are not allowed in this context"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after, found := strings.Cut(string(PolicyFile()), tt.old)
			if !found || strings.Contains(after, tt.old) {
				t.Fatalf("%q must stand in the file exactly once", tt.old)
			}
			checkRefused(t, before+tt.new+after, strings.Count(before, "\n")+1, tt.want)
		})
	}
}

// checkRefused compares the problems, without regard to their order within a line.
func checkRefused(t *testing.T, file string, line int, want []string) {
	t.Helper()
	options := strings.Count(file[:strings.Index(file, "  sex:")], "\n") + 1
	at := []string{"L:", fmt.Sprintf("%d:", options)}
	for delta := 5; delta > 0; delta-- {
		at = append(at, fmt.Sprintf("@-%d", delta), fmt.Sprint(line-delta), fmt.Sprintf("@+%d", delta), fmt.Sprint(line+delta))
	}
	replacer := strings.NewReplacer(append(at, "@", fmt.Sprint(line))...)
	expected := make([]string, len(want))
	for i, w := range want {
		expected[i] = "line " + replacer.Replace(w)
	}
	_, err := ReadPolicy([]byte(file))
	var refused *PolicyError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a PolicyError", err)
	}
	got := make([]string, len(refused.Problems))
	for i, p := range refused.Problems {
		got[i] = p.String()
	}
	slices.Sort(expected)
	slices.Sort(got)
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadPolicyRefusesShapes(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"empty", "", "policy: line 1: the file is empty"},
		{"only a comment", "# nothing\n", "policy: line 1: the file is empty"},
		{"a text", "hello", "policy: line 1: the policy must be a list of keys with values"},
		{"two documents", string(PolicyFile()) + "---\nversion: x\n", "here begins a second"},
		{"too large", string(PolicyFile()) + strings.Repeat("#", maxPolicyFile), "policy: line 1: the file is larger than 262144 bytes"},
		{"an alias", "version: &v 2026-01-01\nlevels: *v\n", "line 2: levels: the alias *\"v\" is not allowed, write it out"},
		{"a list as key", "? [a]\n: b\n", "the policy: a key must be a plain word"},
		{"no levels", "levels: []\n", "line 1: levels: one to 5 are possible, not 0"},
		{"six levels", "levels: [{}, {}, {}, {}, {}, {}]\n", "line 1: levels: one to 5 are possible, not 6"},
		{"no reasons", "reasons: []\n", "line 1: reasons: at least one is needed, a refusal always carries one"},
		{"nothing on offer", "options:\n  sex:\n    - {code: \"1\", label: 男, english: Male, disabled: true}\n",
			"line 3: options sex: at least one must be on offer"},
		{"a holiday list that is empty", "calendar: {2027: {off: [], work: []}}\n",
			"line 1: calendar 2027: off is empty; leave the year out where its list is not published yet"},
		{"syntax in the first line", "version: a: b\n", "policy: line 1: mapping values are not allowed in this context"},
		{"syntax in a second document", "version: a\n---\na: b: c\n", "line 3: mapping values are not allowed in this context"},
		{"not UTF-8", "version: \xb5\xc7\xbc\xc7\n", "line 1: the text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := ReadPolicy([]byte(tt.file))
			if p != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestReadPolicyNamesEveryMissingKeyAtOnce(t *testing.T) {
	_, err := ReadPolicy([]byte("version: 2026-01-01\n"))
	var refused *PolicyError
	others := len(regexp.MustCompile(`(?m)^[a-z_]+:`).FindAll(PolicyFile(), -1)) - 1
	if !errors.As(err, &refused) || len(refused.Problems) != others {
		t.Errorf("got %v, want the %d other keys", err, others)
	}
}

func TestReadPolicyKeepsWhatIsNotOffered(t *testing.T) {
	file := strings.Replace(string(PolicyFile()), "label: 网格员, english: Grid worker}", "label: 网格员, english: Grid worker, disabled: true}", 1)
	p, err := ReadPolicy([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := p.Option("community_post", "42"); !ok || !got.Disabled {
		t.Errorf("got %+v, %v, want a disabled option", got, ok)
	}
}

func FuzzReadPolicy(f *testing.F) {
	f.Add(PolicyFile())
	f.Add([]byte("levels: [{name: a}]\ncalendar: {2025: {off: [2025-01-28..2025-02-04], work: [2025-01-26]}}\n"))
	f.Add([]byte("options: {sex: [{code: 1, label: x, proof: true}], area: {}}\nhours: {1: 2, 1: 3}\n"))
	f.Add([]byte("? [a]\n: *b\n<<: {}\n--- \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPolicy(data)
		var refused *PolicyError
		switch {
		case err == nil && (p == nil || len(p.Levels) == 0 || len(p.Reasons) == 0):
			t.Error("an incomplete policy was accepted")
		case err != nil && (!errors.As(err, &refused) || len(refused.Problems) == 0):
			t.Errorf("%v is no PolicyError with problems", err)
		}
	})
}

func BenchmarkReadPolicy(b *testing.B) {
	for b.Loop() {
		if _, err := ReadPolicy(PolicyFile()); err != nil {
			b.Fatal(err)
		}
	}
}

func TestReadPolicyHoldsPlacesApart(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"seal: [200, 145, 42, 42]", "seal: [200, 120, 42, 42]", "seal would overlap fields"},
		{"code: [33, 147, 110, 38]", "code: [33, 160, 110, 38]", "code would run into the frame"},
		{"code: [33, 147, 110, 38]", "code: [33, 147, 110, 30]", "code must be at least 80 × 32 mm"},
		{"portrait: [33, 62, 46, 64.4]", "portrait: [10, 62, 46, 64.4]", "portrait would run into the frame"},
		{"title: [40, 24, 217, 19]", "title: [40, 24, 217, -19]", "title must be [x, y, width, height]"},
		{"title: [40, 24, 217, 19]", "title: [40, 24, 217]", "title must be [x, y, width, height]"},
		{"english: [40, 43.5, 217, 7]", "english: [40, 40, 217, 7]", "english would overlap title"},
	} {
		text := strings.Replace(string(policyFile), c.old, c.new, 1)
		if text == string(policyFile) {
			t.Fatalf("the policy does not hold %q", c.old)
		}
		_, err := ReadPolicy([]byte(text))
		refused, ok := errors.AsType[*PolicyError](err)
		if !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.new, err)
			continue
		}
		line := 1 + strings.Count(text[:strings.Index(text, c.new)], "\n")
		if refused.Problems[0].Line != line {
			t.Errorf("%s: line %d, want %d", c.new, refused.Problems[0].Line, line)
		}
	}
}
