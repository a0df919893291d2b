package review

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// suggested returns the texts that are offered where | stands in the text.
func suggested(t *testing.T, marked string) (texts []string, list []Suggestion, text string) {
	t.Helper()
	before, after, _ := strings.Cut(marked, "|")
	list = CompleteQuery(before+after, utf8.RuneCountInString(before), DefaultPolicy())
	for _, s := range list {
		texts = append(texts, s.Text)
	}
	return texts, list, before + after
}

func TestCompleteQuery(t *testing.T) {
	tests := []struct {
		at    string
		first []string // that come first, in this order
	}{
		{"|", []string{"kind:", "state:", "level:", "area:", "due"}},
		{"k|", []string{"kind:"}},
		{"K|", []string{"kind:"}},
		{"类|", []string{"类型:", "id_type:"}},
		{"王芳 -ho|", []string{"hold", "honours:"}},
		{"－挂|", []string{"挂起"}},
		{"due|", []string{"due:", "due<", "due<=", "due>", "due>="}},
		{"到期|", []string{"到期:", "到期<", "到期<="}},
		{"kind|", []string{"kind:"}},
		{"领域|", []string{"fields:"}},
		{"领域:社区|", []string{"社区建设"}},
		{"民|族:藏族", []string{"民族"}},
		{"kind:|", []string{"first", "renewal", "completion"}},
		{"类型：再|", []string{"renewal"}},
		{"state:re|", []string{"rejected"}},
		{"level:|", []string{"1", "2", "3"}},
		{"level:市级|", []string{"2", "3"}},
		{"area:|", []string{"锦江区", "青羊区"}},
		{"area:武|", []string{"武侯区"}},
		{"area:武侯区,高新|", []string{"成都高新区"}},
		{"area:wu|,锦江区 hold", []string{"武侯区"}},
		{"area:“武|", []string{"武侯区"}},
		{"area:5101|", []string{"锦江区", "青羊区"}},
		{"reason:盖章|", []string{"Q03"}},
		{"due<|", []string{"today", "3d", "7d"}},
		{"due<3|", []string{"3d"}},
		{"submitted>|", []string{"today", "-1d", "-7d"}},
		{"by:|", []string{"@me"}},
		{"has:wa|", []string{"warning"}},
		{"社区岗位:两委|", []string{"社区“两委”委员"}},
		{"name:王|", nil},
		{"hold:|", nil},
		{"颜色:|", nil},
		{`"hol|`, nil},
		{strings.Repeat("王", MaxQuery+1) + "|", nil},
	}
	for _, test := range tests {
		got, _, _ := suggested(t, test.at)
		if len(test.first) == 0 && len(got) > 0 {
			t.Errorf("%q: got %v, want none", test.at, got)
		}
		if diff := cmp.Diff(test.first, slices.Clone(got[:min(len(got), len(test.first))])); len(test.first) > 0 && diff != "" {
			t.Errorf("%q (-want +got of %d):\n%s", test.at, len(got), diff)
		}
	}
}

func TestSuggestionsSayWhatTheyMean(t *testing.T) {
	_, list, _ := suggested(t, "hold kind:f|")
	if diff := cmp.Diff([]Suggestion{{"first", "首次登记", "First registration", 10, 11}}, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, text := range []string{"|", "has:|", "民族:|", "due|", "due:|", "by:|"} {
		_, list, _ := suggested(t, text)
		for _, s := range list {
			if s.Label == "" || s.English == "" {
				t.Errorf("%q: %+v says nothing", text, s)
			}
		}
	}
}

// TestDisabledOptionsAreNotOffered: they are kept for old records.
func TestDisabledOptionsAreNotOffered(t *testing.T) {
	changed := *DefaultPolicy()
	changed.Options = map[string][]Option{"area": slices.Clone(changed.Options["area"])}
	changed.Options["area"][3].Disabled = true
	if got := CompleteQuery("area:武侯", 7, &changed); len(got) > 0 {
		t.Errorf("got %v, want none", got)
	}
}

// TestSuggestionsCanBeRead takes every suggestion of every key: what stands there then is a query.
func TestSuggestionsCanBeRead(t *testing.T) {
	for _, k := range queryKeys {
		if k.flag() {
			parseQuery(t, k.name)
			continue
		}
		_, list, text := suggested(t, k.name+":|")
		for _, s := range list {
			parseQuery(t, replaced(text, s))
		}
	}
}

func replaced(text string, s Suggestion) string {
	runes := []rune(text)
	return string(runes[:s.From]) + s.Text + string(runes[s.To:])
}

func FuzzCompleteQuery(f *testing.F) {
	for _, test := range canonical {
		f.Add(test.typed, len(test.typed)/2)
	}
	policy := DefaultPolicy()
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		length := utf8.RuneCountInString(text)
		for _, s := range CompleteQuery(text, cursor, policy) {
			if s.From < 0 || s.From > s.To || s.To > length || s.Text == "" {
				t.Errorf("%q at %d: %+v", text, cursor, s)
			}
		}
	})
}
