package command_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/ui/demo"
)

// demos is where demonstration registers lie that tests copy.
var demos string

func TestMain(m *testing.M) {
	var err error
	if demos, err = os.MkdirTemp("", "rongzheng-command-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(demos)
	os.Exit(code)
}

// demoFolder is a data folder of the test with the demonstration register of so many applications, which is built when it is
// first asked for, and copied.
func demoFolder(t *testing.T, applications int) string {
	t.Helper()
	built := filepath.Join(demos, fmt.Sprint(applications))
	if _, err := os.Stat(built); err != nil {
		dir := filepath.Join(t.TempDir(), "demo")
		err := demo.Build(t.Context(), dir, demo.Options{Applications: applications, Seed: demo.Seed, Now: time.Now()})
		if err == nil {
			err = os.Rename(dir, built)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := copyFolder(built, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copyFolder copies a folder with the rights of its files: the program opens no key that others could read.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.Mkdir(name, info.Mode().Perm())
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(name, data, info.Mode().Perm())
	})
}
