package serve

import (
	"context"
	"io"
	"time"
)

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// pastePause is a silence after which an unfinished paste is over: the terminal has lost its end.
	pastePause = 5 * time.Second
)

// keyReader is what a desk reads its keys from: never more of a paste than the limit, never more in a second than a
// person and a mouse can make. What comes too fast waits in the client.
type keyReader struct {
	from   io.Reader
	ctx    context.Context
	limits *Limits
	// seen is asked before keys are passed on; an error ends reading.
	seen func() error

	ready  []byte // what is to be passed on
	chunk  [256]byte
	paste  pasteGuard
	last   time.Time
	credit float64 // bytes that may pass at once
}

func newKeyReader(ctx context.Context, from io.Reader, l *Limits, seen func() error) *keyReader {
	return &keyReader{from: from, ctx: ctx, limits: l, seen: seen, credit: float64(l.KeyBurst), paste: pasteGuard{most: l.Paste}}
}

// Read returns keys, waiting while they come too fast.
func (r *keyReader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 {
		n, err := r.from.Read(r.chunk[:])
		if n > 0 {
			if err := r.take(r.chunk[:n]); err != nil {
				return 0, err
			}
		}
		if err != nil && len(r.ready) == 0 {
			return 0, err
		}
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

func (r *keyReader) take(keys []byte) error {
	now := time.Now()
	if r.paste.open && now.Sub(r.last) > pastePause {
		r.ready = r.paste.end(r.ready[:0])
	}
	r.credit = min(r.credit+now.Sub(r.last).Seconds()*float64(r.limits.KeyRate), float64(r.limits.KeyBurst))
	r.last = now
	if err := r.slow(len(keys)); err != nil {
		return err
	}
	if err := r.seen(); err != nil {
		return err
	}
	r.ready = r.paste.pass(r.ready, keys)
	return nil
}

// slow spends credit and waits until there is some.
func (r *keyReader) slow(n int) error {
	if r.credit -= float64(n); r.credit >= 0 {
		return nil
	}
	t := time.NewTimer(time.Duration(-r.credit / float64(r.limits.KeyRate) * float64(time.Second)))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-r.ctx.Done():
		return io.EOF
	}
}

// pasteGuard follows bracketed pastes through a stream of keys and cuts those that are too long. It holds nothing back: a
// marker that is split over two reads is recognized all the same.
type pasteGuard struct {
	most    int
	open    bool
	matched int // bytes of the awaited marker that have come
	size    int
	cut     bool // the rest of this paste is dropped
}

// pass appends to out what may pass of keys.
func (g *pasteGuard) pass(out, keys []byte) []byte {
	for _, b := range keys {
		done := g.match(b)
		if !g.cut {
			out = append(out, b)
		}
		switch {
		case done && g.open:
			g.open, g.cut, g.size = false, false, 0
		case done:
			g.open = true
		case g.open && !g.cut:
			if g.size++; g.size-g.matched >= g.most { // what may be the end does not count
				out, g.cut = append(out, pasteEnd...), true
			}
		}
	}
	return out
}

// match reports whether b ends the awaited marker.
func (g *pasteGuard) match(b byte) bool {
	marker := pasteStart
	if g.open {
		marker = pasteEnd
	}
	switch {
	case b == marker[g.matched]:
		g.matched++
	case b == marker[0]:
		g.matched = 1
	default:
		g.matched = 0
	}
	if g.matched < len(marker) {
		return false
	}
	g.matched = 0
	return true
}

// end closes a paste whose end never came.
func (g *pasteGuard) end(out []byte) []byte {
	if !g.cut {
		out = append(out, pasteEnd...)
	}
	*g = pasteGuard{most: g.most}
	return out
}
