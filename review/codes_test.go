package review

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// codeSources are the files whose codes Codes lists.
var codeSources = []string{
	"text.go", "name.go", "identity.go", "fields.go", "slots.go", "rules.go", "validate.go", "checks.go", "inspect.go",
}

// TestCodesAreThoseInUse reads the codes out of the sources: no code without its place in the list, none left over.
func TestCodesAreThoseInUse(t *testing.T) {
	used := map[string]bool{}
	for _, file := range codeSources {
		for _, code := range codesIn(t, file) {
			used[code] = true
		}
	}
	want := sortedKeys(used)
	got := slices.Sorted(slices.Values(Codes()))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-used +listed):\n%s", diff)
	}
}

// codesIn returns the string literals that are codes by where they stand: in a RuleError, in unfit, or as the argument
// that says the code in calls of Refuse, Find, findBy, shared and refuseUnless.
func codesIn(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	position := map[string]int{"Refuse": 1, "Find": 1, "findBy": 1, "shared": 0, "refuseUnless": 2}
	var codes []string
	add := func(e ast.Expr) {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			code, _ := strconv.Unquote(literal.Value)
			if regexp.MustCompile(`^[a-z_]+$`).MatchString(code) {
				codes = append(codes, code)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if name, ok := n.Type.(*ast.Ident); ok && (name.Name == "RuleError" || name.Name == "Problem") {
				for i, element := range n.Elts {
					if name.Name == "RuleError" && i == 0 || name.Name == "Problem" && i == 2 {
						add(element)
					}
				}
			}
		case *ast.FuncDecl:
			if n.Name.Name == "unfit" {
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok {
						add(r.Results[0])
					}
					return true
				})
			}
		case *ast.CallExpr:
			if i, ok := position[calledName(n)]; ok && i < len(n.Args) {
				add(n.Args[i])
			}
		}
		return true
	})
	return codes
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
