package serve

import (
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"rongzheng/store"
	"rongzheng/ui"
)

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
	// Signing says why no certificate can be issued: "locked" for a key whose passphrase was not given, "missing" for
	// none; "" when nothing is in the way.
	Signing string `json:"signing,omitempty"`
	// Unsealed says that the office's seal is missing, so that what is issued carries a specimen for good.
	Unsealed bool `json:"unsealed"`
	// FilesUntil is when the certificate ends that signs files, zero where none does.
	FilesUntil time.Time `json:"signature_until,omitzero"`
	// Backup is the last whole backup, nil for none.
	Backup *store.LastBackup `json:"last_backup"`
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
		Signing: v.o.Signing, Unsealed: v.o.Unsealed,
		Unknown: v.counts.unknown.Load(), Refused: v.counts.refused.Load(),
		Received: v.counts.in.Load(), Sent: v.counts.out.Load(),
		Memory: memory.HeapInuse + memory.StackInuse, Goroutines: runtime.NumGoroutine(),
	}
	if v.o.FilesUntil != nil {
		s.FilesUntil = v.o.FilesUntil()
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
	if last, err := v.o.Store.LastBackup(); err == nil && !last.At.IsZero() {
		s.Backup = &last
	}
	return s
}

// Standing is the status for a desk that administrators work at.
func (v *Server) Standing() ui.Standing {
	s := v.Status()
	standing := ui.Standing{Address: s.Address, Since: s.Since, Memory: s.Memory}
	for _, n := range s.Visits {
		standing.Sessions = append(standing.Sessions, ui.ServedSession{
			ID: n.ID, Account: n.Account, Address: n.Address, Kind: n.Kind, Since: n.Since, Idle: time.Duration(n.Idle) * time.Second,
		})
	}
	return standing
}

// End ends a session for an administrator; false when there is none with the number any more.
func (v *Server) End(session uint64) bool { return v.visits.stop(session, errEnded) }
