package serve

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/ssh"
	"github.com/muesli/termenv"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/ui"
)

// Window is the size of a client's window, clamped to Limits.
type Window = ui.Window

// usualWindow stands for a size that the client does not tell.
var usualWindow = Window{Width: 80, Height: 24}

// terminalKey is where a visit's context keeps its terminal.
type terminalKey struct{}

// terminal is what the client says of its end of a channel. Before the visit begins only the channel's own goroutine
// touches it, afterwards nobody but through windows.
type terminal struct {
	limits  *Limits
	ctx     context.Context // ends with the channel
	gone    context.CancelCauseFunc
	wanted  bool
	begun   bool
	agent   bool   // an agent was to be forwarded
	name    string // TERM
	window  Window
	environ []string
	windows chan Window // the newest size that nobody has taken yet
}

// visitContext is the library's context with the terminal of one channel in it.
type visitContext struct {
	ssh.Context
	t *terminal
}

func (c visitContext) Value(key any) any {
	if key == (terminalKey{}) {
		return c.t
	}
	return c.Context.Value(key)
}

// guarded is a channel whose requests pass the terminal before the library sees them.
type guarded struct {
	gossh.NewChannel
	t *terminal
}

// Accept opens the channel.
func (g guarded) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	ch, requests, err := g.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	passed := make(chan *gossh.Request)
	go func() {
		defer close(passed)
		defer g.t.gone(errGone)
		for r := range requests {
			if g.t.takes(r) {
				passed <- r
			}
		}
	}()
	return ch, passed, nil
}

// takes says which requests begin a visit; all others are answered here. Agents, X11, signals and whatever else a client
// may think of are refused.
func (t *terminal) takes(r *gossh.Request) bool {
	ok := false
	switch r.Type {
	case "shell", "exec", "subsystem":
		if !t.begun && len(r.Payload) <= t.limits.Command {
			t.begun = true
			return true
		}
	case "pty-req":
		ok = t.request(r.Payload)
	case "window-change":
		ok = t.change(r.Payload)
	case "env":
		ok = t.set(r.Payload)
	case "auth-agent-req@openssh.com": // OpenSSH waits for no answer and tells nobody
		t.agent = true
	}
	if r.WantReply {
		_ = r.Reply(ok, nil) // who has gone needs no answer
	}
	return false
}

var (
	validTerm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$`).MatchString
	validValue = regexp.MustCompile(`^[A-Za-z0-9._:;@/+-]{0,128}$`).MatchString
)

// request takes a pty-req (RFC 4254 §6.2). Of the modes nothing is needed: the desk reads keys as they come.
func (t *terminal) request(payload []byte) bool {
	var r struct {
		Term                            string
		Columns, Rows, PixelsX, PixelsY uint32
		Modes                           string
	}
	if t.wanted || t.begun || gossh.Unmarshal(payload, &r) != nil {
		return false
	}
	t.wanted, t.name, t.window = true, r.Term, t.clamp(r.Columns, r.Rows)
	if !validTerm(t.name) {
		t.name = "dumb"
	}
	return true
}

// change takes a window-change (RFC 4254 §6.7). Only the newest size is kept for who is slow to ask.
func (t *terminal) change(payload []byte) bool {
	var r struct{ Columns, Rows, PixelsX, PixelsY uint32 }
	if !t.wanted || gossh.Unmarshal(payload, &r) != nil {
		return false
	}
	w := t.clamp(r.Columns, r.Rows)
	for {
		select {
		case t.windows <- w:
			return true
		default:
		}
		select {
		case <-t.windows:
		default:
		}
	}
}

func (t *terminal) clamp(columns, rows uint32) Window {
	if columns == 0 || rows == 0 {
		return usualWindow
	}
	return Window{Width: int(min(columns, uint32(t.limits.Width))), Height: int(min(rows, uint32(t.limits.Height)))}
}

// told are the variables that a client may set; mostVariables bounds how many.
var told = map[string]bool{
	"COLORTERM": true, "NO_COLOR": true, "LANG": true, "RONGZHENG_LANG": true, "TERM_PROGRAM": true, "TERM_PROGRAM_VERSION": true,
	"RONGZHENG_IMAGES": true, "KITTY_WINDOW_ID": true, "LC_TERMINAL": true, "LC_TERMINAL_VERSION": true,
}

const mostVariables = 16

func (t *terminal) set(payload []byte) bool {
	var r struct{ Name, Value string }
	if t.begun || len(t.environ) >= mostVariables || gossh.Unmarshal(payload, &r) != nil || !told[r.Name] || !validValue(r.Value) {
		return false
	}
	t.environ = append(t.environ, r.Name+"="+r.Value)
	return true
}

// environment is what the desk is told of the client's surroundings.
func (t *terminal) environment() environment {
	return append(environment{"TERM=" + t.name}, t.environ...)
}

// environment answers for a terminal that is not the process's own.
type environment []string

// Environ returns all of it.
func (e environment) Environ() []string { return e }

// Getenv returns one variable, "" when it is not set.
func (e environment) Getenv(name string) string {
	for _, pair := range e {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// renderer gives the styles that the client's terminal can show. It never asks the terminal anything.
func (e environment) renderer(out io.Writer) *lipgloss.Renderer {
	probe := termenv.NewOutput(io.Discard, termenv.WithEnvironment(e), termenv.WithTTY(true))
	profile := probe.EnvColorProfile()
	if e.Getenv("TERM") == "dumb" {
		profile = termenv.Ascii
	}
	r := lipgloss.NewRenderer(out, termenv.WithEnvironment(e), termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(true)
	return r
}
