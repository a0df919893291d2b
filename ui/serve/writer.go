package serve

import (
	"context"
	"io"
	"time"

	"github.com/charmbracelet/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// closing is how long a visit that has been ended may take to put the client's terminal in order.
const closing = 2 * time.Second

// patientWriter waits for a client to read, but not for ever: a client that stops reading loses its line, and nobody else
// notices.
type patientWriter struct {
	to    io.Writer
	limit time.Duration
	cut   func()
}

func (v *Server) patient(s ssh.Session, to io.Writer) *patientWriter {
	return &patientWriter{to, v.limits.Write, func() {
		v.counts.deaf.Add(1)
		cut(s)
	}}
}

// Write returns when the client has taken the bytes or its line has been cut.
func (w *patientWriter) Write(p []byte) (int, error) {
	timer := time.AfterFunc(w.limit, w.cut)
	defer timer.Stop()
	return w.to.Write(p)
}

// cut closes the line of the visit. Closing the channel alone frees no writer: it waits for the client's answer.
func cut(s ssh.Session) {
	if conn, ok := s.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn); ok {
		_ = conn.Close()
	}
}

// cutAfter cuts the line when the work goes on for long after its context has ended: it hangs in a client that does not
// read. The function that it returns says that the work is done.
func (v *Server) cutAfter(ctx context.Context, s ssh.Session) (done func()) {
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(closing)
		defer timer.Stop()
		select {
		case <-timer.C:
			cut(s)
		case <-over:
		}
	})
	return func() {
		stop()
		close(over)
	}
}
