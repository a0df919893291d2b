package exchange

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

var (
	codeCall = regexp.MustCompile(`(?:refuse|problem|note|fail)\((?:(?:""|[^"\n]*?), )?"([a-z_]+)"|return nil, "(type_[a-z]+)"`)
	ours     = regexp.MustCompile(`^[a-z]+_[a-z_]+$`)
)

// TestCodesAreThoseInUse reads the codes out of the sources: none without its place in the list, none left over.
func TestCodesAreThoseInUse(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") || file.Name() == "codes.go" {
			continue
		}
		source, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range codeCall.FindAllStringSubmatch(string(source), -1) {
			if code := match[1] + match[2]; ours.MatchString(code) {
				used[code] = true
			}
		}
	}
	for _, code := range append(review.Codes(), "reference_form") { // said in the words of the domain
		delete(used, code)
	}
	var got []string
	for code := range used {
		got = append(got, code)
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(Codes())), got); diff != "" {
		t.Errorf("codes (-listed +used):\n%s", diff)
	}
}
