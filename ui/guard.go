package ui

import (
	"fmt"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"
)

// PanicError is a fault of the program that a desk met. The desk has been left; what it said was stored is stored. The
// value of the panic is not kept, since it may be somebody's name.
type PanicError struct {
	Type  string // of the value
	Stack []byte // where it happened
}

func (e *PanicError) Error() string { return "panic with a value of type " + e.Type }

func newPanic(value any) *PanicError {
	return &PanicError{Type: fmt.Sprintf("%T", value), Stack: debug.Stack()}
}

// guard stands between a desk and the runtime of Bubble Tea, which prints what a panic was called with to the output of the
// process: on a server, into the journal of all. A guard that has met one leaves, and tells nobody but who asks for err.
type guard struct {
	desk tea.Model
	send func(tea.Msg) // to the desk's own loop
	err  *PanicError
}

func (g *guard) Init() (cmd tea.Cmd) {
	defer func() {
		if value := recover(); value != nil {
			g.err, cmd = newPanic(value), tea.Quit
		}
	}()
	return guarded(g.desk.Init())
}

func (g *guard) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	if met, ok := msg.(*PanicError); ok && g.err == nil {
		g.err = met
	}
	if g.err != nil {
		return g, tea.Quit
	}
	defer func() {
		if value := recover(); value != nil {
			g.err, next, cmd = newPanic(value), g, tea.Quit
		}
	}()
	g.desk, cmd = g.desk.Update(msg)
	return g, guarded(cmd)
}

// View is nothing once a panic has been met. The drawing can end no desk, so one that it meets goes round as a message.
func (g *guard) View() (view string) {
	if g.err != nil {
		return ""
	}
	defer func() {
		if value := recover(); value != nil {
			g.err, view = newPanic(value), ""
			go g.send(g.err)
		}
	}()
	return g.desk.View()
}

// guarded makes a command answer with the panic that it meets. Those of a batch run beside each other, each with a guard of
// its own.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if value := recover(); value != nil {
				msg = newPanic(value)
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = guarded(batch[i])
			}
		}
		return msg
	}
}
