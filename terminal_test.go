package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// terminal is a real terminal of 80 × 24, in a tmux server of its own, at which somebody presses keys and reads the
// screen. What is pressed goes wherever the cursor stands, and nothing else is known of the program.
type terminal struct {
	t    *testing.T
	dir  string // where the person at the terminal works: what is printed comes out here
	env  []string
	keys int // pressed so far; letters that are typed count one each
}

// patience is how long the screen may take to show what is awaited. It ends a test that is stuck, and decides nothing.
const patience = 2 * time.Minute

// openTerminal opens a terminal with a shell in an empty folder. Without tmux the test is skipped, except where
// RONGZHENG_NO_SKIP is set.
func openTerminal(t *testing.T) *terminal {
	t.Helper()
	needs(t, "tmux")
	dir, err := os.MkdirTemp("", "rz") // short: the path of a socket has to be
	if err != nil {
		t.Fatal(err)
	}
	w := &terminal{t: t, dir: dir}
	w.env = append(os.Environ(), "TMUX=", "TMUX_TMPDIR="+dir, "HOME="+dir, "ENV=", "LC_ALL=C.UTF-8", "NO_COLOR=", "CI=", "GOGC=400",
		"SHELL=/bin/sh", // tmux starts what it is told with it, and the account may have one that nobody can log in with
		"RONGZHENG_DATA="+filepath.Join(dir, "data"), "RONGZHENG_SCANS="+filepath.Join(dir, "scans"),
		"RONGZHENG_LANG=zh", "RONGZHENG_AS=", "RONGZHENG_IMAGES=")
	if err := os.Mkdir(filepath.Join(dir, "scans"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	w.tmux("new-session", "-d", "-x", "80", "-y", "24", "-s", "desk", "-c", dir, "exec /bin/sh -i")
	w.types("echo it is the shell that' 'answers")
	w.presses("Enter")
	w.sees("that answers")
	return w
}

// needs finds a program that the test looks at results with.
func needs(t *testing.T, program string) {
	t.Helper()
	_, err := exec.LookPath(program)
	switch {
	case err != nil && os.Getenv("RONGZHENG_NO_SKIP") != "":
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	}
}

// close closes the terminal. A program that was open there finishes what it writes before it leaves.
func (w *terminal) close() {
	w.run("kill-server")
	err := os.RemoveAll(w.dir)
	for end := time.Now().Add(patience); err != nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err = os.RemoveAll(w.dir)
	}
	if err != nil {
		w.t.Error(err)
	}
}

// TestClosedTerminalEndsTheProgram: a window that is closed leaves no demo behind.
func TestClosedTerminalEndsTheProgram(t *testing.T) {
	w := openTerminal(t)
	w.types(`TMPDIR="$PWD" rongzheng demo --applications 12`)
	w.presses("Enter")
	w.sees("蓉证", "q 离开")
	demos := func() []string {
		found, err := filepath.Glob(filepath.Join(w.dir, "rongzheng-demo-*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if len(demos()) != 1 {
		t.Fatalf("demos: %v", demos())
	}
	w.run("kill-server")
	for end := time.Now().Add(patience); len(demos()) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the demo's folder is left")
		}
	}
}

func (w *terminal) run(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-u", "-L", "desk", "-f", os.DevNull}, args...)...)
	cmd.Env = w.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (w *terminal) tmux(args ...string) string {
	w.t.Helper()
	out, err := w.run(args...)
	if err != nil {
		w.t.Fatalf("tmux %s: %v: %s", args[0], err, out)
	}
	return out
}

// presses presses keys by their names: Enter, Escape, Space, Down, C-s, or a letter.
func (w *terminal) presses(keys ...string) {
	w.t.Helper()
	w.keys += len(keys)
	w.tmux(append([]string{"send-keys", "-t", "desk"}, keys...)...)
}

// types types a text letter by letter; what an input method makes of several letters counts as those that come out.
func (w *terminal) types(text string) {
	w.t.Helper()
	w.keys += len([]rune(text))
	w.tmux("send-keys", "-t", "desk", "-l", text)
}

// screen is what stands on the screen now.
func (w *terminal) screen() string {
	w.t.Helper()
	return w.tmux("capture-pane", "-p", "-t", "desk")
}

// sees waits until the screen shows all of the texts. Blanks and line ends do not count: a sentence may be wrapped.
func (w *terminal) sees(texts ...string) {
	w.t.Helper()
	w.awaits(fmt.Sprintf("%q", texts), func(screen string) bool {
		screen = together(screen)
		for _, text := range texts {
			if !strings.Contains(screen, together(text)) {
				return false
			}
		}
		return true
	})
}

// pointsAt waits until the line under the cursor holds the text.
func (w *terminal) pointsAt(text string) {
	w.t.Helper()
	w.awaits("the cursor at "+text, func(screen string) bool {
		_, after, found := strings.Cut(screen, "▸")
		line, _, _ := strings.Cut(after, "\n")
		return found && strings.Contains(together(line), together(text))
	})
}

func (w *terminal) awaits(what string, shown func(screen string) bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		screen := w.screen()
		if shown(screen) {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("waited for %s; on the screen is\n%s", what, screen)
		}
	}
}

// together leaves blanks and line ends out.
func together(text string) string { return strings.Join(strings.Fields(text), "") }
