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
	// pastedPerKey and droppedPerKey are how many bytes of a paste, and beyond its limit, cost as much as one key: a paste is one
	// message to the desk however long it is, and what is dropped costs it nothing. They are not free, so that an endless
	// stream does not keep the machine busy.
	pastedPerKey  = 64
	droppedPerKey = 1024
)

// keyReader is what a desk reads its keys from: never more of a paste than the limit, never more in a second than a
// person and a mouse can make. What comes too fast waits in the client; a paste does not, and what is too much of it is
// dropped and told of.
type keyReader struct {
	from   io.Reader
	ctx    context.Context
	limits *Limits
	// seen is asked before keys are passed on; an error ends reading.
	seen func() error
	// tooLong is called when the desk has taken the beginning of a paste whose rest is dropped, once for each.
	tooLong func()

	ready  []byte // what is to be passed on
	chunk  [256]byte
	paste  pasteGuard
	last   time.Time
	credit float64 // bytes that may pass at once
}

func newKeyReader(ctx context.Context, from io.Reader, l *Limits, seen func() error, tooLong func()) *keyReader {
	return &keyReader{from: from, ctx: ctx, limits: l, seen: seen, tooLong: tooLong, credit: float64(l.KeyBurst), paste: pasteGuard{most: l.Paste}}
}

// Read returns keys, waiting while they come too fast.
func (r *keyReader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 {
		if r.paste.untold { // whoever reads again has dealt with what was read before
			r.paste.untold = false
			r.tooLong()
		}
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
	r.ready = r.paste.pass(r.ready, keys)
	cost := r.paste.cost
	r.paste.cost = 0
	if err := r.slow(cost); err != nil {
		return err
	}
	return r.seen()
}

// slow spends credit and waits until there is some.
func (r *keyReader) slow(cost float64) error {
	if r.credit -= cost; r.credit >= 0 {
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
	untold  bool // a paste was cut, and nobody has been told
	cost    float64
}

// pass appends to out what may pass of keys.
func (g *pasteGuard) pass(out, keys []byte) []byte {
	for _, b := range keys {
		done := g.match(b)
		if !g.cut {
			out = append(out, b)
		}
		g.cost += g.costOf()
		switch {
		case done && g.open:
			g.open, g.cut, g.size = false, false, 0
		case done:
			g.open = true
		case g.open && !g.cut:
			if g.size++; g.size-g.matched >= g.most { // what may be the end does not count
				out, g.cut, g.untold = append(out, pasteEnd...), true, true
			}
		}
	}
	return out
}

// costOf is what the next byte costs, in keys.
func (g *pasteGuard) costOf() float64 {
	switch {
	case g.cut:
		return 1.0 / droppedPerKey
	case g.open:
		return 1.0 / pastedPerKey
	}
	return 1
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
	*g = pasteGuard{most: g.most, untold: g.untold, cost: g.cost}
	return out
}
