package serve

import (
	"net"
	"sync"
	"time"

	"github.com/charmbracelet/ssh"
)

// lineKey is where the library's context keeps the line.
type lineKey struct{}

// line is a connection that has a place at the gate until it is closed.
type line struct {
	net.Conn
	v       *Server
	address string
	timer   *time.Timer // cuts the line when nobody logs in, or nobody has a visit for long

	mu      sync.Mutex
	account string
	visits  int
	closed  bool
}

// enter gives a new connection its place, or returns nil, upon which the library closes it. One that comes when the server
// stops is let in to be told so.
func (v *Server) enter(ctx ssh.Context, conn net.Conn) net.Conn {
	address := addressOf(conn.RemoteAddr())
	if !v.gate.enter(address) {
		v.counts.refused.Add(1)
		v.log.Warn("connection refused", "address", address)
		return nil
	}
	v.counts.lines.Add(1)
	l := &line{Conn: conn, v: v, address: address}
	l.mu.Lock() // the timer may come before it is known
	l.timer = time.AfterFunc(v.limits.Login, func() { l.Close() })
	l.mu.Unlock()
	ctx.SetValue(lineKey{}, l)
	return l
}

// login makes the line the account's.
func (l *line) login(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.account != "" || !l.v.gate.login(account) {
		return false
	}
	l.account = account
	l.timer.Reset(l.v.limits.Idle)
	return true
}

// begin counts a visit on the line, false when it has enough of them.
func (l *line) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.visits >= l.v.limits.Visits {
		return false
	}
	l.visits++
	l.timer.Stop()
	return true
}

// done ends a visit. A line without one is cut after a time, although its client says that it is alive.
func (l *line) done() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.visits--; l.visits == 0 && !l.closed {
		l.timer.Reset(l.v.limits.Idle)
	}
}

// SetDeadline is the library's limit on silence. Writing has a limit of its own, which reading must not put off.
func (l *line) SetDeadline(t time.Time) error { return l.SetReadDeadline(t) }

// Read counts what comes in.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.v.counts.in.Add(int64(n))
	return n, err
}

// Write gives the client's side of the network a limited time to take the bytes.
func (l *line) Write(p []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(l.v.limits.Write)); err != nil {
		return 0, err
	}
	n, err := l.Conn.Write(p)
	l.v.counts.out.Add(int64(n))
	return n, err
}

// Close gives the place back, once.
func (l *line) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.timer.Stop()
		l.v.gate.leave(l.address, l.account)
	}
	return l.Conn.Close()
}
