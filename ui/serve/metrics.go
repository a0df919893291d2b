package serve

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// ErrNotLoopback says that metrics were asked for on an address that other machines reach.
var ErrNotLoopback = errors.New("metrics are served to this machine alone")

// Metrics serves the figures in Prometheus' text form on a loopback address until the function that it returns is called.
func (v *Server) Metrics(address string) (at net.Addr, stop func() error, err error) {
	host, err := netip.ParseAddrPort(address)
	if err != nil || !host.Addr().IsLoopback() {
		return nil, nil, fmt.Errorf("%s: %w", address, ErrNotLoopback)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		v.writeMetrics(w)
	})
	s := &http.Server{Handler: mux, ReadTimeout: askLimit, WriteTimeout: askLimit, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10}
	go func() { _ = s.Serve(l) }() // it ends when it is closed
	return l.Addr(), s.Close, nil
}

func (v *Server) writeMetrics(w io.Writer) {
	s := v.Status()
	kinds := map[string]int{kindDesk: 0, kindCommand: 0, kindFiles: 0}
	for _, n := range s.Visits {
		kinds[n.Kind]++
	}
	fmt.Fprintln(w, "# HELP rongzheng_visits Sessions that are open.\n# TYPE rongzheng_visits gauge")
	for _, kind := range []string{kindDesk, kindCommand, kindFiles} {
		fmt.Fprintf(w, "rongzheng_visits{kind=%q} %d\n", kind, kinds[kind])
	}
	for _, g := range []struct {
		name, help string
		value      uint64
	}{
		{"accounts", "Accounts that somebody is logged in with.", uint64(s.Accounts)},
		{"memory_bytes", "Heap and stacks in use.", s.Memory},
		{"goroutines", "Goroutines.", uint64(s.Goroutines)},
		{"start_time_seconds", "When the server started.", uint64(s.Since.Unix())},
	} {
		fmt.Fprintf(w, "# HELP rongzheng_%s %s\n# TYPE rongzheng_%s gauge\nrongzheng_%s %d\n", g.name, g.help, g.name, g.name, g.value)
	}
	c := &v.counts
	for _, n := range []struct {
		name, help string
		value      int64
	}{
		{"connections", "Connections taken.", c.lines.Load()},
		{"connections_refused", "Connections and sessions for which there was no room.", c.refused.Load()},
		{"logins_failed", "Connections that ended before anybody had logged in.", c.failed.Load()},
		{"unknown_keys", "Keys of no account.", c.unknown.Load()},
		{"logins", "Logins.", c.logins.Load()},
		{"desks", "Desks opened.", c.desks.Load()},
		{"commands", "Commands carried out.", c.commands.Load()},
		{"transfers", "sftp sessions.", c.transfers.Load()},
		{"files_read", "Files read by sftp.", c.files.Load()},
		{"uploads", "Files that came in whole.", c.uploads.Load()},
		{"keys", "Reads of keys.", c.keys.Load()},
		{"panics", "Sessions that ended in a panic.", c.panics.Load()},
		{"faults", "Desks that ended in an error.", c.faults.Load()},
		{"deaf_clients", "Connections cut because the client did not read.", c.deaf.Load()},
		{"received_bytes", "Bytes received.", c.in.Load()},
		{"sent_bytes", "Bytes sent.", c.out.Load()},
	} {
		fmt.Fprintf(w, "# HELP rongzheng_%s_total %s\n# TYPE rongzheng_%s_total counter\nrongzheng_%s_total %d\n", n.name, n.help, n.name, n.name, n.value)
	}
}
