package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// refusalForms find the codes of refusals in the sources of the rooms that refuse.
var refusalForms = regexp.MustCompile(
	`(?:RuleError\{(?:Code: )?|Code: |deny\([a-z]+, |deny\([A-Z][A-Za-z]+, |refuse\(|Refuse, "[a-z_]*", )"([a-z]+(?:_[a-z]+)*)"`)

// TestEveryRefusalHasASentence: whatever the workflow, the rules and the register refuse, people read a sentence.
func TestEveryRefusalHasASentence(t *testing.T) {
	for _, room := range []string{"review", "store"} {
		files, err := filepath.Glob(filepath.Join("..", room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no sources of %s: %v", room, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "policy_read.go" {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range refusalForms.FindAllStringSubmatch(string(source), -1) {
				if _, ok := catalogue[found[1]]; !ok {
					t.Errorf("%s refuses with %s, which has no sentence", file, found[1])
				}
			}
		}
	}
}
