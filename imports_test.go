package main

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// allowed is who may import whom among our packages. A change of direction is a change of this table.
var allowed = map[string][]string{
	"rongzheng":                    {"rongzheng/ui/command"},
	"rongzheng/review":             {},
	"rongzheng/review/picture":     {},
	"rongzheng/store":              {"rongzheng/review", "rongzheng/store/durable"},
	"rongzheng/store/durable":      {},
	"rongzheng/store/backup":       {"rongzheng/review", "rongzheng/store", "rongzheng/store/durable"},
	"rongzheng/store/exchange":     {"rongzheng/review", "rongzheng/review/picture", "rongzheng/store", "rongzheng/store/durable"},
	"rongzheng/store/pack":         {"rongzheng/review", "rongzheng/store", "rongzheng/store/durable", "rongzheng/store/exchange"},
	"rongzheng/cert":               {"rongzheng/review", "rongzheng/cert/font", "rongzheng/cert/code", "rongzheng/cert/sign"},
	"rongzheng/cert/code":          {"rongzheng/review", "rongzheng/store/durable", "rongzheng/cert/sign"},
	"rongzheng/cert/font":          {},
	"rongzheng/cert/sign":          {},
	"rongzheng/cert/sign/signtest": {},
	"rongzheng/ui":                 {"rongzheng/review", "rongzheng/review/picture", "rongzheng/store", "rongzheng/store/durable", "rongzheng/store/exchange", "rongzheng/cert", "rongzheng/cert/font", "rongzheng/cert/code", "rongzheng/cert/sign", "rongzheng/ui/graphics"},
	"rongzheng/ui/graphics":        {"rongzheng/review/picture"},
	"rongzheng/ui/demo":            {"rongzheng/review", "rongzheng/review/picture", "rongzheng/store", "rongzheng/cert/font", "rongzheng/cert/code"},
	"rongzheng/ui/serve":           {"rongzheng/review", "rongzheng/store", "rongzheng/store/durable", "rongzheng/store/exchange", "rongzheng/ui"},
	"rongzheng/ui/command":         {"rongzheng/review", "rongzheng/store", "rongzheng/store/backup", "rongzheng/store/durable", "rongzheng/store/exchange", "rongzheng/store/pack", "rongzheng/cert", "rongzheng/cert/code", "rongzheng/cert/sign", "rongzheng/ui", "rongzheng/ui/demo", "rongzheng/ui/graphics", "rongzheng/ui/serve"},
}

// only lists libraries that few packages may know.
var only = map[string][]string{
	"github.com/jung-kurt/gofpdf":                 {"rongzheng/cert"},
	"go.etcd.io/bbolt":                            {"rongzheng/store"},
	"github.com/xuri/excelize/v2":                 {"rongzheng/store/exchange"},
	"github.com/charmbracelet/bubbletea":          {"rongzheng/ui"},
	"github.com/spf13/cobra":                      {"rongzheng/ui/command"},
	"github.com/spf13/pflag":                      {"rongzheng/ui/command"},
	"github.com/NimbleMarkets/ntcharts/linechart": {"rongzheng/ui"},
	"github.com/charmbracelet/wish":               {"rongzheng/ui/serve"},
	"github.com/charmbracelet/ssh":                {"rongzheng/ui/serve"},
	"golang.org/x/crypto/ssh":                     {"rongzheng/ui/serve", "rongzheng/store/pack"},
	"github.com/pkg/sftp":                         {"rongzheng/ui/serve"},
	"filippo.io/age":                              {"rongzheng/store/pack", "rongzheng/cert/code"},
	"github.com/hiddeco/sshsig":                   {"rongzheng/store/pack"},
	"github.com/veraison/go-cose":                 {"rongzheng/cert/code"},
	"github.com/fxamacker/cbor/v2":                {"rongzheng/cert/code"},
	"rsc.io/qr":                                   {"rongzheng/cert/code"},
	"github.com/makiuchi-d/gozxing":               {"rongzheng/cert/code"},
}

func TestImports(t *testing.T) {
	for path, imports := range packages(t) {
		may, known := allowed[path]
		if !known {
			t.Errorf("package %s is not in the table of rooms", path)
			continue
		}
		for _, imported := range imports {
			if strings.HasPrefix(imported, "rongzheng/") && !slices.Contains(may, imported) {
				t.Errorf("%s imports %s", path, imported)
			}
			if owners, ok := only[imported]; ok && !slices.Contains(owners, path) {
				t.Errorf("%s imports %s, which only %v may know", path, imported, owners)
			}
		}
	}
}

// TestTableOfTheReadme: who reads the house's table in README.md reads the one that the code is held to.
func TestTableOfTheReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, house, _ := strings.Cut(string(text), "\n## The house\n")
	got := map[string][]string{}
	for line := range strings.Lines(house) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.HasPrefix(cells[1], " `") {
			got[rooms(cells[1])[0]] = rooms(cells[3])
		}
	}
	if diff := cmp.Diff(allowed, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("README.md (+) and the table of rooms (-) differ:\n%s", diff)
	}
}

// rooms returns the packages that a cell of the table names between backquotes.
func rooms(cell string) (paths []string) {
	for i, name := range strings.Split(cell, "`") {
		if i%2 == 1 {
			paths = append(paths, strings.TrimSuffix("rongzheng/"+name, "/main"))
		}
	}
	return paths
}

// packages returns the imports, tests left out, of every package of the module.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		p, err := build.ImportDir(path, 0)
		if _, empty := err.(*build.NoGoError); empty {
			return nil
		}
		if err != nil {
			return err
		}
		found[filepath.ToSlash(filepath.Join("rongzheng", path))] = p.Imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTopOfTheTree(t *testing.T) {
	want := []string{"README.md", "cert", "go.mod", "go.sum", "main.go", "review", "store", "ui"}
	entries, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	got := slices.DeleteFunc(entries, func(name string) bool {
		return strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, ".") || name == "LICENSE" ||
			name == "testdata" || name == "rongzheng" || name == "rongzheng.exe"
	})
	if !slices.Equal(got, want) {
		t.Errorf("top of the tree: got %v, want %v", got, want)
	}
}
