package ui

import (
	"bytes"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// fragile is a desk that breaks where it is told to.
type fragile struct{ at string }

func (f fragile) broken(at string) {
	if f.at == at {
		panic("somebody's name")
	}
}

func (f fragile) Init() tea.Cmd {
	f.broken("init")
	return tea.Batch(func() tea.Msg { return nil }, func() tea.Msg { f.broken("batch"); return "go on" })
}

func (f fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg == "go on" {
		f.broken("update")
		return f, func() tea.Msg { f.broken("command"); return "leave" }
	}
	if msg == "leave" {
		return f, tea.Quit
	}
	return f, nil
}

func (f fragile) View() string {
	f.broken("view")
	return "a desk"
}

// TestGuard: whatever part of a desk breaks, it is left in order, the runtime hears of no panic, and its value stands nowhere.
func TestGuard(t *testing.T) {
	for _, at := range []string{"init", "batch", "update", "command", "view", ""} {
		t.Run("at "+at, func(t *testing.T) {
			var screen bytes.Buffer
			g := &guard{desk: fragile{at}}
			program := tea.NewProgram(g, tea.WithInput(strings.NewReader("")), tea.WithOutput(&screen), tea.WithoutSignalHandler())
			g.send = program.Send
			if _, err := program.Run(); err != nil {
				t.Errorf("the runtime: %v", err)
			}
			if (g.err != nil) != (at != "") {
				t.Fatalf("met: %v", g.err)
			}
			if at == "" {
				return
			}
			if !strings.Contains(string(g.err.Stack), "guard_test.go") || g.err.Type != "string" {
				t.Errorf("met %s at:\n%s", g.err.Type, g.err.Stack)
			}
			if text := g.err.Error() + screen.String(); strings.Contains(text, "somebody") {
				t.Errorf("the value is shown: %q", text)
			}
		})
	}
}
