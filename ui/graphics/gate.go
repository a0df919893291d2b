package graphics

import "sync"

// gate lets as many pass as share a number of bytes, and one that needs more
// than all of them by itself.
type gate struct {
	mu    sync.Mutex
	freed *sync.Cond
	used  int64
	limit int64
}

func newGate(limit int64) *gate {
	g := &gate{limit: limit}
	g.freed = sync.NewCond(&g.mu)
	return g
}

// enter waits until there is room; what it returns gives it back.
func (g *gate) enter(bytes int64) (leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.used > 0 && g.used+bytes > g.limit {
		g.freed.Wait()
	}
	g.used += bytes
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.used -= bytes
		g.freed.Broadcast()
	}
}
