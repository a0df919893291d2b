package command

import (
	"context"
	"log/slog"
	"sync"

	"rongzheng/store"
)

// keepDrawn draws beside the desk what is issued, and what an earlier run left undrawn. The function that it returns ends
// that, and comes back when nothing uses the store any more.
func (p *program) keepDrawn(s *store.Store, log *slog.Logger) func() {
	ctx, end := context.WithCancel(p.ctx)
	failed := func(certificate string, err error) {
		if log != nil {
			log.Error("certificate not drawn", "certificate", certificate, "error", err)
		}
	}
	var work sync.WaitGroup
	work.Go(func() { s.KeepDrawn(ctx, failed) })
	return func() {
		end()
		work.Wait()
	}
}

// drawIssued draws what the command has issued before the store is closed. The decisions stand whatever becomes of it: what
// cannot be drawn now is drawn later, or says why when somebody wants to print it.
func (p *program) drawIssued(s *store.Store) {
	if !s.Issued() {
		return
	}
	if _, err := s.DrawOwed(p.ctx, nil); err != nil && p.ctx.Err() == nil { // the next start draws what is left
		p.complain(p.explain(err))
	}
}
