package ui

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
)

var (
	verbs = regexp.MustCompile(`%(\[\d+\])?[a-z]`)
	names = regexp.MustCompile(`\{([a-z_]+)\}`)
)

// TestCatalogueAgrees: both languages are there and ask for the same arguments.
func TestCatalogueAgrees(t *testing.T) {
	for key, entry := range catalogue {
		if entry.zh == "" || entry.en == "" {
			t.Errorf("%s: one language is missing: %+v", key, entry)
		}
		if diff := cmp.Diff(verbsOf(entry.zh), verbsOf(entry.en)); diff != "" {
			t.Errorf("%s: the languages take different verbs (-zh +en):\n%s", key, diff)
		}
		if diff := cmp.Diff(namesOf(entry.zh), namesOf(entry.en)); diff != "" {
			t.Errorf("%s: the languages take different arguments (-zh +en):\n%s", key, diff)
		}
	}
}

// verbsOf returns the verbs in the order of the arguments that they take.
func verbsOf(text string) []string {
	found := verbs.FindAllString(strings.ReplaceAll(text, "%%", ""), -1)
	slices.SortStableFunc(found, func(a, b string) int { return strings.Compare(index(a), index(b)) })
	for i, verb := range found {
		found[i] = verb[len(verb)-1:]
	}
	return found
}

func index(verb string) string {
	if at := strings.Index(verb, "]"); at > 0 {
		return verb[:at]
	}
	return ""
}

// namesOf returns the arguments of a code's sentence; option_en is how English asks for option.
func namesOf(text string) []string {
	var found []string
	for _, match := range names.FindAllStringSubmatch(text, -1) {
		found = append(found, strings.TrimSuffix(match[1], "_en"))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestCatalogueHoldsEachKeyOnce: no part of the catalogue takes a key away from another.
func TestCatalogueHoldsEachKeyOnce(t *testing.T) {
	parts := map[string]string{}
	eachLiteral(t, ".", func(_ string, lit *ast.CompositeLit) {
		if m, ok := lit.Type.(*ast.MapType); !ok || calledName(m.Value) != "text" {
			return
		}
		for _, e := range lit.Elts {
			pair, _ := e.(*ast.KeyValueExpr)
			key, ok := stringOf(pair.Key)
			if at := fmt.Sprint(lit.Pos()); ok && parts[key] != "" {
				t.Errorf("%q stands twice in the catalogue", key)
			} else if ok {
				parts[key] = at
			}
		}
	})
	if len(parts) == 0 {
		t.Error("no part of the catalogue found")
	}
}

// TestEveryKeyIsThere finds every literal key that the code says, here and on the command line.
func TestEveryKeyIsThere(t *testing.T) {
	for _, dir := range []string{".", "command", "demo", "serve"} {
		eachCall(t, dir, func(name string, call *ast.CallExpr) {
			key, ok := literal(call, keyArgument(name))
			if _, known := catalogue[key]; ok && !known && !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "_") {
				t.Errorf("%s: %s(%q): not in the catalogue", dir, name, key)
			}
		})
	}
}

// keyArgument is the place of a key among the arguments of a function, -1 where it takes none.
func keyArgument(function string) int {
	switch function {
	case "Say", "Code", "misused", "bind":
		return 0
	}
	return -1
}

func eachCall(t *testing.T, dir string, visit func(name string, call *ast.CallExpr)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				visit(calledName(call.Fun), call)
			}
			return true
		})
	}
}

func calledName(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(call *ast.CallExpr, at int) (string, bool) {
	if at < 0 || at >= len(call.Args) {
		return "", false
	}
	return stringOf(call.Args[at])
}

func stringOf(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(basic.Value)
	return value, err == nil
}

// TestEveryCodeHasWords finds every code that the domain and the exchange of files refuse with.
func TestEveryCodeHasWords(t *testing.T) {
	for _, dir := range []string{"../review", "../store", "../store/exchange"} {
		for code, where := range codesIn(t, dir) {
			if _, ok := catalogue[code]; !ok {
				t.Errorf("%s: the code %q has no words", where, code)
			}
		}
	}
}

// TestEveryListedCodeHasWords holds the catalogue against the lists of codes themselves.
func TestEveryListedCodeHasWords(t *testing.T) {
	for _, code := range slices.Concat(review.Codes(), review.QueryCodes(), review.WayCodes(), exchange.Codes()) {
		if _, ok := catalogue[code]; !ok {
			t.Errorf("the code %q has no words", code)
		}
	}
}

var codeForm = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// codesIn collects the literals that stand where a code stands: in problems, errors and the calls that make them.
func codesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	codes := map[string]string{}
	add := func(e ast.Expr, where string) {
		if code, ok := stringOf(e); ok && codeForm.MatchString(code) {
			codes[code] = where
		}
	}
	eachCall(t, dir, func(name string, call *ast.CallExpr) {
		places := map[string]int{"deny": 1, "refuse": 0, "Refuse": 1, "Find": 1, "findBy": 1, "refuseUnless": 2, "unfit": 0, "problem": 1}
		if at, ok := places[name]; ok && at < len(call.Args) {
			if name == "refuse" && strings.HasSuffix(dir, "exchange") {
				at = 1
			}
			add(call.Args[at], dir+" "+name)
		}
	})
	eachLiteral(t, dir, func(name string, lit *ast.CompositeLit) {
		at, ok := map[string]int{"Problem": 2, "DeniedError": 1, "RuleError": 0}[name]
		if !ok {
			return
		}
		for i, e := range lit.Elts {
			if pair, keyed := e.(*ast.KeyValueExpr); keyed && calledName(pair.Key) == "Code" {
				add(pair.Value, dir+" "+name)
			} else if i == at {
				add(e, dir+" "+name)
			}
		}
	})
	return codes
}

func eachLiteral(t *testing.T, dir string, visit func(name string, lit *ast.CompositeLit)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if list, ok := lit.Type.(*ast.ArrayType); ok { // []Problem{{…}}
					for _, e := range lit.Elts {
						if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
							visit(calledName(list.Elt), inner)
						}
					}
				}
				visit(calledName(lit.Type), lit)
			}
			return true
		})
	}
}

// TestCodesMadeOfParts: codes that are put together from the domain's own lists.
func TestCodesMadeOfParts(t *testing.T) {
	want := []string{"reason_needs_field", "reason_needs_attachment"}
	for _, role := range review.Roles() {
		want = append(want, "role_"+string(role), "role."+string(role))
	}
	for _, state := range review.States() {
		want = append(want, "state_"+string(state), "state."+string(state))
	}
	for _, kind := range review.Kinds() {
		want = append(want, "kind."+string(kind), "kind_short."+string(kind))
	}
	for _, section := range review.Sections() {
		want = append(want, "section."+string(section))
	}
	for _, queue := range store.Queues() {
		want = append(want, "queue."+string(queue), "list.empty."+string(queue))
	}
	for _, state := range append(review.CertificateStates(), "void") {
		want = append(want, "certificate_state."+string(state))
	}
	for _, action := range actionsOf(t) {
		want = append(want, "action."+action)
	}
	for _, key := range want {
		if _, ok := catalogue[key]; !ok {
			t.Errorf("%q is not in the catalogue", key)
		}
	}
}

// actionsOf reads the values of all constants of type Action out of the source.
func actionsOf(t *testing.T) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "../review/action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for _, value := range spec.Values {
				if text, ok := stringOf(value); ok {
					actions = append(actions, text)
				}
			}
		}
		return true
	})
	return actions
}

func TestExplain(t *testing.T) {
	at := time.Date(2026, 11, 16, 10, 12, 0, 0, review.Zone)
	for _, c := range []struct {
		name   string
		err    error
		zh, en string
	}{
		{"denied", fmt.Errorf("approve A: %w", &review.DeniedError{Action: review.Approve, Code: "level_before", Args: review.Args{"level": "2"}}),
			"市级复审尚未通过", "City second review has not approved yet"},
		{"area", &review.DeniedError{Action: review.View, Code: "area_other", Args: review.Args{"area": "510107"}},
			"属于武侯区，不在您的审核区域内", "belongs to Wuhou District, which is not among your areas"},
		{"fields", &review.RuleError{Code: "certificate_incomplete", Args: review.Args{"certificate": "CD-2026-000001", "fields": "fields,portrait"}},
			"证书 CD-2026-000001 信息待完善：主要从事社会工作领域、证件照，完善后方可打印",
			"certificate CD-2026-000001 is incomplete: Main fields of social work, Portrait; complete the record first"},
		{"form", &review.FormError{Problems: []review.Problem{
			{Severity: review.Refuse, Target: "mobile", Code: "required"},
			{Severity: review.Refuse, Target: "level", Code: "option_disabled", Args: review.Args{"option": "员", "option_en": "assistant"}},
		}}, "手机号：必填，不能为空\n资格证书级别：“员”已停用，请另选",
			"Mobile: required, and missing\nLevel of the professional certificate: “assistant” is no longer offered; choose another"},
		{"stale", &review.StaleError{Reference: "SQ1", By: "zhou", At: at, Action: review.Approve},
			"SQ1 已由 zhou 于 2026-11-16 10:12 处理（通过），请看最新内容后再决定",
			"SQ1 was changed by zhou at 2026-11-16 10:12 (approved); look at it as it is now, then decide"},
		{"locked", fmt.Errorf("open: %w", store.ErrLocked), catalogue["fault.locked"].zh, catalogue["fault.locked"].en},
		{"file", fmt.Errorf("print: %w", &fs.PathError{Op: "open", Path: "/out/a.pdf", Err: fs.ErrPermission}),
			"没有权限读写 /out/a.pdf", "no permission for /out/a.pdf"},
		{"port", fmt.Errorf("serve: %w", &net.OpError{Op: "listen", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 2222}, Err: syscall.EADDRINUSE}),
			"不能在 127.0.0.1:2222 上监听：端口已被占用，或本机没有这个地址；请换一个",
			"cannot listen on 127.0.0.1:2222: the port is taken, or this machine has no such address; choose another"},
		{"address", &net.OpError{Op: "listen", Net: "tcp", Err: &net.AddrError{Err: "missing port in address", Addr: "desk"}},
			"监听地址须为“主机:端口”，如 0.0.0.0:2222", "an address to listen on is HOST:PORT, such as 0.0.0.0:2222"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := NewWords("zh").Explain(c.err); got != c.zh {
				t.Errorf("zh = %q, want %q", got, c.zh)
			}
			if got := NewWords("en").Explain(c.err); got != c.en {
				t.Errorf("en = %q, want %q", got, c.en)
			}
		})
	}
}

func TestExplainNumbersWhatNobodyForesaw(t *testing.T) {
	err := errors.New("disk on fire")
	for _, lang := range []string{"zh", "en"} {
		w := NewWords(lang)
		if got := w.Explain(err); !strings.Contains(got, FaultNumber(err)) || strings.Contains(got, "fire") {
			t.Errorf("%s: %q lacks the number or tells the inside", lang, got)
		}
		if w.isForeseen(err) {
			t.Errorf("%s: an unknown error counts as foreseen", lang)
		}
	}
}

// TestLabelsFitTheScreen: what stands over a line to type in is not cut off at 80 columns, in the middle of what to do.
func TestLabelsFitTheScreen(t *testing.T) {
	for key, entry := range catalogue {
		if !strings.HasSuffix(key, "label") && key != "reprint.hint" {
			continue
		}
		for _, text := range []string{entry.zh, entry.en} {
			if got := ansi.StringWidth(text); got > 78 {
				t.Errorf("%s is %d columns wide: %q", key, got, text)
			}
		}
	}
}

func TestWordsArePlain(t *testing.T) {
	w := NewWords("zh")
	got := w.Code("decision_other", review.Args{"by": "\x1b[31mzhou\u202e"})
	if strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("an argument reaches the terminal as it is: %q", got)
	}
}

// TestEveryWordIsUsed: a text that nothing says any more goes. A key is said whole, or put together from parts that stand in
// the code: its beginning up to a dot or underscore, or its end from a dot.
func TestEveryWordIsUsed(t *testing.T) {
	said := literals(t, "..")
	for key := range catalogue {
		used, last := said[key], strings.LastIndex(key, ".")
		for at, letter := range key {
			switch letter {
			case '.':
				used = used || said[key[:at+1]] || said[key[at:]] || at < last && said[key[at:last+1]]
			case '_':
				used = used || said[key[:at+1]]
			}
		}
		if !used {
			t.Errorf("%q is said nowhere", key)
		}
	}
}

// literals are the texts that stand in the program's files, without the keys of the catalogue itself.
func literals(t *testing.T, root string) map[string]bool {
	t.Helper()
	said := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if m, ok := lit.Type.(*ast.MapType); ok && calledName(m.Value) == "text" {
					return false
				}
			}
			if e, ok := n.(ast.Expr); ok {
				if text, ok := stringOf(e); ok {
					said[text] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}
