package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/ssh"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/ui"
)

// Why a visit ended before its client wanted it.
var (
	errGone     = errors.New("the client has gone")
	errStopping = errors.New("the server stops")
	errIdle     = errors.New("nobody typed")
	errDisabled = errors.New("the account is disabled")
	errChanged  = errors.New("the account has changed")
	errEnded    = errors.New("an administrator ended it")
)

// The exit statuses of visits; those of commands are the commands' own.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

// Desk is one desk that somebody opens over SSH.
type Desk struct {
	Account       string
	Lang          review.Lang
	Input         io.Reader
	Output        io.Writer
	Environ       []string
	Renderer      *lipgloss.Renderer
	Width, Height int
	// Notices are texts to show at once. Ending is closed when the desk is to finish what it writes and leave; where it does
	// not, its context ends.
	Notices <-chan string
	Ending  <-chan struct{}
	// Windows yields the sizes that the window takes later; only the newest one that nobody has taken is kept.
	Windows <-chan Window
}

// The kinds of visits.
const (
	kindDesk    = "desk"
	kindCommand = "command"
	kindFiles   = "files"
	kindNone    = "none" // neither a terminal nor a command
)

func kindOf(s ssh.Session, t *terminal) string {
	switch {
	case s.Subsystem() != "":
		return kindFiles
	case s.RawCommand() != "":
		return kindCommand
	case t.wanted:
		return kindDesk
	}
	return kindNone
}

// visit is one session channel that is in use.
type visit struct {
	id      uint64
	account string
	address string
	since   time.Time
	kind    string
	active  atomic.Int64 // Unix seconds of the last key or byte
	end     context.CancelCauseFunc
}

// visits are those that are in use now.
type visits struct {
	mu    sync.Mutex
	last  uint64
	all   map[uint64]*visit
	full  bool // none is taken in any more
	group sync.WaitGroup
}

// add takes a visit in, false when the server stops.
func (l *visits) add(n *visit) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return false
	}
	if l.all == nil {
		l.all = map[uint64]*visit{}
	}
	l.last++
	n.id = l.last
	l.all[n.id] = n
	l.group.Add(1)
	return true
}

// close takes no more visits in.
func (l *visits) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full = true
}

func (l *visits) remove(n *visit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, n.id)
	l.group.Done()
}

func (l *visits) open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// list returns the visits in the order in which they came.
func (l *visits) list() []*visit {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]*visit, 0, len(l.all))
	for _, n := range l.all {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *visit) int { return cmp.Compare(a.id, b.id) })
	return all
}

// stop ends the visit with the number; false when there is none.
func (l *visits) stop(id uint64, cause error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.all[id]
	if n == nil {
		return false
	}
	n.end(cause)
	return true
}

// wait returns when no visit is left.
func (l *visits) wait() { l.group.Wait() }

// rejections are the words in which channels are refused: OpenSSH shows whatever is not ASCII there as numbers.
var rejections = ui.NewWords(string(review.English))

// channel opens a session channel where there is room for it, and keeps the library from seeing what it must not.
func (v *Server) channel(srv *ssh.Server, conn *gossh.ServerConn, asked gossh.NewChannel, ctx ssh.Context) {
	l, ok := ctx.Value(lineKey{}).(*line)
	if !ok {
		asked.Reject(gossh.ConnectionFailed, rejections.Say("serve.stopping"))
		return
	}
	if !l.begin() {
		v.counts.refused.Add(1)
		v.log.Warn("visit refused", "account", conn.Permissions.Extensions[accountExtension], "address", l.address)
		asked.Reject(gossh.ResourceShortage, rejections.Say("serve.too_many"))
		return
	}
	defer l.done()
	t := &terminal{limits: &v.limits, windows: make(chan Window, 1)}
	t.ctx, t.gone = context.WithCancelCause(ctx)
	ssh.DefaultSessionHandler(srv, conn, guarded{asked, t}, visitContext{ctx, t})
}

// work is one kind of visit; it returns the exit status.
type work func(ctx context.Context, s ssh.Session, t *terminal, n *visit) int

// visit does the work of one channel: counted, recovered, told when the server stops.
func (v *Server) visit(s ssh.Session, do work) {
	t := s.Context().Value(terminalKey{}).(*terminal)
	n := &visit{
		account: s.Permissions().Extensions[accountExtension], address: addressOf(s.RemoteAddr()), since: v.clock(), kind: kindOf(s, t),
		end: t.gone,
	}
	n.touch()
	if !v.visits.add(n) {
		io.WriteString(s.Stderr(), v.o.Words.Say("serve.stopping")+"\r\n")
		s.Exit(statusFailed)
		return
	}
	defer v.visits.remove(n)
	status := statusFailed
	defer func() {
		if r := recover(); r != nil {
			v.panicked(n, fmt.Sprintf("%T", r), debug.Stack())
			io.WriteString(v.patient(s, s.Stderr()), v.o.Words.Say("serve.fault")+"\r\n")
			status = statusFailed
		}
		s.Exit(status)
	}()
	status = do(t.ctx, s, t, n)
}

// panicked writes where the program had a fault, and not the value, which may be somebody's name.
func (v *Server) panicked(n *visit, valueType string, stack []byte) {
	v.counts.panics.Add(1)
	v.log.Error("panic", "visit", n.id, "account", n.account, "type", valueType, "stack", string(stack))
}

func (n *visit) touch() { n.active.Store(time.Now().Unix()) }

// session is a desk for a terminal, a command for a command line.
func (v *Server) session(ctx context.Context, s ssh.Session, t *terminal, n *visit) int {
	switch n.kind {
	case kindCommand:
		return v.command(ctx, s, t, n)
	case kindDesk:
		return v.desk(ctx, s, t, n)
	}
	io.WriteString(s.Stderr(), v.o.Words.Say("serve.no_terminal")+"\n")
	return statusUsage
}

// pasteTold is how long after a paste that was cut the desk is told of it.
const pasteTold = 300 * time.Millisecond

// desk shows the desk until it is left, the client goes, or the server ends it.
func (v *Server) desk(ctx context.Context, s ssh.Session, t *terminal, n *visit) int {
	v.counts.desks.Add(1)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	notices, ending := make(chan string, 2), make(chan struct{})
	env := t.environment()
	defer context.AfterFunc(v.life, func() {
		notices <- ui.NewWords(string(v.lang(env))).Say("serve.will_stop", int(v.limits.Warn.Round(time.Second)/time.Second))
		v.bringToEnd(ctx, func() { close(ending) }, func() { end(errStopping) })
	})()
	idle := time.AfterFunc(v.limits.Idle, func() { end(errIdle) })
	defer idle.Stop()
	out := v.patient(s, s)
	defer v.cutAfter(ctx, s)()
	begun, err := v.o.Store.Account(n.account)
	if err != nil {
		return v.fault(out, n, err)
	}
	if t.agent { // stands in the terminal above the desk, and is there when it has been left
		io.WriteString(out, ui.NewWords(string(v.lang(env))).Say("serve.no_agent")+"\r\n")
	}
	keys := newKeyReader(ctx, s, &v.limits, func() error {
		idle.Reset(v.limits.Idle)
		n.touch()
		v.counts.keys.Add(1)
		if err := v.still(&begun, []byte(s.Permissions().Extensions[keyExtension])); err != nil {
			end(err)
			return io.EOF
		}
		return nil
	}, func() {
		// A desk may read ahead: the paste is on its way to the screen, and would wipe out what comes before it.
		time.AfterFunc(pasteTold, func() {
			select {
			case notices <- ui.NewWords(string(v.lang(env))).Say("serve.paste_long", v.limits.Paste>>10):
			default: // the desk has something to read already
			}
		})
	})
	err = v.o.Desk(ctx, &Desk{
		Account: n.account, Lang: v.lang(env), Input: keys, Output: out, Environ: env, Renderer: env.renderer(out),
		Width: t.window.Width, Height: t.window.Height, Windows: t.windows,
		Notices: notices, Ending: ending,
	})
	return v.farewell(context.Cause(ctx), err, out, n)
}

// bringToEnd asks a desk to leave when it has been told, and ends it when it does not.
func (v *Server) bringToEnd(ctx context.Context, ask, end func()) {
	for _, next := range []struct {
		after time.Duration
		do    func()
	}{{v.limits.Warn, ask}, {v.limits.Stop / 2, end}} {
		timer := time.NewTimer(next.after)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			next.do()
		}
	}
}

// still refuses the next key of an account that is not what it was when the desk was opened, or whose key it was opened with
// has been removed or has run out. Its other keys may come and go.
func (v *Server) still(begun *review.Account, wire []byte) error {
	now, err := v.o.Store.Account(begun.Name)
	if err != nil || now.Disabled || !holdsWire(&now, wire, v.clock()) {
		return errDisabled
	}
	was := *begun
	if was.Keys, now.Keys = nil, nil; !reflect.DeepEqual(now, was) {
		return errChanged
	}
	return nil
}

// farewell says why the desk has closed, below the shell's last lines.
func (v *Server) farewell(cause, err error, out io.Writer, n *visit) int {
	key := ""
	switch {
	case errors.Is(cause, errStopping), v.life.Err() != nil:
		key = "serve.stopping"
	case errors.Is(cause, errIdle):
		key = "serve.idle"
	case errors.Is(cause, errDisabled):
		key = "serve.disabled"
	case errors.Is(cause, errChanged):
		key = "serve.changed"
	case errors.Is(cause, errEnded):
		key = "serve.ended"
	case err != nil:
		return v.fault(out, n, err)
	default:
		return statusDone
	}
	v.log.Info("visit ended", "visit", n.id, "account", n.account, "reason", key)
	io.WriteString(out, v.o.Words.Say(key)+"\r\n")
	return statusFailed
}

// fault explains an error to the client and writes what nobody foresaw to the log.
func (v *Server) fault(out io.Writer, n *visit, err error) int {
	v.counts.faults.Add(1)
	if met, ok := errors.AsType[*ui.PanicError](err); ok {
		v.panicked(n, met.Type, met.Stack)
	}
	v.log.Error("visit failed", "visit", n.id, "account", n.account, "error", err)
	io.WriteString(out, v.o.Words.Explain(err)+"\r\n")
	return statusFailed
}

// lang is the language that the client asks for, else the server's.
func (v *Server) lang(env environment) review.Lang {
	switch l := review.Lang(env.Getenv("RONGZHENG_LANG")); l {
	case review.Chinese, review.English:
		return l
	}
	return v.o.Words.Lang()
}

// command carries out a command line.
func (v *Server) command(ctx context.Context, s ssh.Session, t *terminal, n *visit) int {
	v.counts.commands.Add(1)
	args, err := split(s.RawCommand())
	if err != nil {
		io.WriteString(s.Stderr(), v.o.Words.Say("serve.quotes")+"\n")
		return statusUsage
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer v.cutAfter(ctx, s)()
	var stdout, stderr io.Writer = v.patient(s, s), v.patient(s, s.Stderr())
	if t.wanted {
		stdout, stderr = ssh.NewPtyWriter(stdout), ssh.NewPtyWriter(stderr)
	}
	status := v.o.Command(ctx, &Command{
		Account: n.account, Lang: v.lang(t.environment()), Args: args, Stdin: s, Stdout: stdout, Stderr: stderr,
	})
	v.log.Info("command", "visit", n.id, "account", n.account, "command", v.loggable(args), "status", status)
	return status
}

// loggable is what of a command line may stand in the log: its command, "" for anything else.
func (v *Server) loggable(args []string) string {
	if len(args) == 0 || !slices.Contains(v.o.Commands, args[0]) {
		return ""
	}
	return args[0]
}
