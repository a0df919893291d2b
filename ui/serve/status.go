package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"
)

const (
	announceName = "serve.json"
	socketName   = "serve.sock"
	// longestSocket is how long the path of a socket may be on every system.
	longestSocket = 100
	askLimit      = 3 * time.Second
)

// ErrNotServing says that no server runs on the data folder.
var ErrNotServing = errors.New("no server runs on this data folder")

// counts are what has happened since the start.
type counts struct {
	lines, refused, failed, unknown, logins    atomic.Int64
	desks, commands, transfers, files, uploads atomic.Int64
	keys, panics, faults, deaf, in, out        atomic.Int64
}

// Status is how a server stands.
type Status struct {
	Address     string        `json:"address"`
	Fingerprint string        `json:"fingerprint"`
	Process     int           `json:"process"`
	Since       time.Time     `json:"since"`
	Accounts    int           `json:"accounts"` // that somebody is logged in with
	Visits      []VisitStatus `json:"visits"`
	Unknown     int64         `json:"unknown_keys"`
	Refused     int64         `json:"refused_connections"`
	Received    int64         `json:"received_bytes"`
	Sent        int64         `json:"sent_bytes"`
	Memory      uint64        `json:"memory_bytes"`
	Goroutines  int           `json:"goroutines"`
}

// VisitStatus is one session.
type VisitStatus struct {
	ID      uint64    `json:"id"`
	Account string    `json:"account"`
	Address string    `json:"address"`
	Kind    string    `json:"kind"` // desk, command, files
	Since   time.Time `json:"since"`
	Idle    int64     `json:"idle_seconds"`
}

// Status tells how the server stands at this moment.
func (v *Server) Status() Status {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	s := Status{
		Address: v.Address().String(), Fingerprint: v.Fingerprint(), Process: os.Getpid(), Since: v.started, Visits: []VisitStatus{},
		Unknown: v.counts.unknown.Load(), Refused: v.counts.refused.Load(),
		Received: v.counts.in.Load(), Sent: v.counts.out.Load(),
		Memory: memory.HeapInuse + memory.StackInuse, Goroutines: runtime.NumGoroutine(),
	}
	accounts := map[string]bool{}
	for _, n := range v.visits.list() {
		accounts[n.account] = true
		s.Visits = append(s.Visits, VisitStatus{
			ID: n.id, Account: n.account, Address: n.address, Kind: n.kind, Since: n.since,
			Idle: max(time.Now().Unix()-n.active.Load(), 0),
		})
	}
	s.Accounts = len(accounts)
	return s
}

// announcement is what lies in the data folder while a server runs: where it is, and where it can be asked.
type announcement struct {
	Address     string `json:"address"`
	Fingerprint string `json:"fingerprint"`
	Socket      string `json:"socket"`
}

// Announce lets programs of the same owner find and ask the server, until the function that it returns is called.
func (v *Server) Announce() (withdraw func() error, err error) {
	dir := v.o.Store.Dir()
	socket, made, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	os.Remove(socket) // of a server that was killed: the data folder is ours alone now
	l, err := net.Listen("unix", socket)
	if err == nil {
		err = os.Chmod(socket, 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	go v.answerStatus(l)
	text, err := json.Marshal(announcement{v.Address().String(), v.Fingerprint(), socket})
	if err == nil {
		err = writePrivate(filepath.Join(dir, announceName), append(text, '\n'))
	}
	withdraw = func() error {
		return errors.Join(os.Remove(filepath.Join(dir, announceName)), l.Close(), os.RemoveAll(made))
	}
	return withdraw, err
}

// socketPath is a path that is short enough: in the data folder, else in a folder of its own, which it names.
func socketPath(dir string) (socket, made string, err error) {
	if abs, err := filepath.Abs(filepath.Join(dir, socketName)); err == nil && len(abs) <= longestSocket {
		return abs, "", nil
	}
	made, err = os.MkdirTemp("", "rongzheng-") // the owner's alone
	return filepath.Join(made, socketName), made, err
}

// answerStatus gives everybody who asks the status, once.
func (v *Server) answerStatus(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(askLimit))
			json.NewEncoder(conn).Encode(v.Status())
		}()
	}
}

// Ask asks the server that runs on the data folder how it stands, or returns ErrNotServing.
func Ask(dir string) (Status, error) {
	text, err := os.ReadFile(filepath.Join(dir, announceName))
	var a announcement
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		return Status{}, fmt.Errorf("%w: %w", ErrNotServing, err)
	}
	conn, err := net.DialTimeout("unix", a.Socket, askLimit)
	if err != nil {
		return Status{}, fmt.Errorf("%w: %w", ErrNotServing, err)
	}
	defer conn.Close()
	var s Status
	err = conn.SetDeadline(time.Now().Add(askLimit))
	if err == nil {
		err = json.NewDecoder(io.LimitReader(conn, 16<<20)).Decode(&s)
	}
	return s, err
}
