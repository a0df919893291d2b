package serve

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	// freeTries is how many unknown keys an address may offer before it is slowed down: people have several keys.
	freeTries = 4
	firstWait = 250 * time.Millisecond
	mostWait  = 4 * time.Second
	// forgetAfter is how long unknown keys of an address count.
	forgetAfter = 10 * time.Minute
	// mostRemembered bounds the addresses that are remembered although nobody is connected from them.
	mostRemembered = 10_000
)

// gate counts who is connected, and remembers who knocked with unknown keys.
type gate struct {
	limits Limits

	mu        sync.Mutex
	lines     int
	strangers int
	addresses map[string]*caller
	accounts  map[string]int
	left      chan struct{} // somebody has left
}

// caller is one address.
type caller struct {
	lines, unknown int
	last           time.Time // of the last unknown key
}

func newGate(l Limits) *gate {
	return &gate{limits: l, addresses: map[string]*caller{}, accounts: map[string]int{}, left: make(chan struct{}, 1)}
}

// enter counts a new line, false when there is no room for it.
func (g *gate) enter(address string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.caller(address)
	if g.lines >= g.limits.Lines || g.strangers >= g.limits.Strangers || c.lines >= g.limits.PerAddress {
		return false
	}
	g.lines++
	g.strangers++
	c.lines++
	return true
}

// login turns a stranger's line into the account's, false when the account has enough of them.
func (g *gate) login(account string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.accounts[account] >= g.limits.PerAccount {
		return false
	}
	g.strangers--
	g.accounts[account]++
	return true
}

// leave ends a line; account is "" when nobody had logged in.
func (g *gate) leave(address, account string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines--
	g.caller(address).lines--
	select {
	case g.left <- struct{}{}:
	default: // it has been told already
	}
	if account == "" {
		g.strangers--
		return
	}
	if g.accounts[account]--; g.accounts[account] == 0 {
		delete(g.accounts, account)
	}
}

// empty waits until every line has ended, or the context.
func (g *gate) empty(ctx context.Context) {
	for {
		g.mu.Lock()
		lines := g.lines
		g.mu.Unlock()
		if lines == 0 {
			return
		}
		select {
		case <-g.left:
		case <-ctx.Done():
			return
		}
	}
}

// stranger counts an unknown key and returns how long its sender has to wait.
func (g *gate) stranger(address string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.caller(address)
	now := time.Now()
	if now.Sub(c.last) > forgetAfter {
		c.unknown = 0
	}
	c.last = now
	c.unknown++
	if c.unknown <= freeTries {
		return 0
	}
	return min(firstWait<<min(c.unknown-freeTries-1, 10), mostWait)
}

// caller returns what is known of the address; forgotten ones make room.
func (g *gate) caller(address string) *caller {
	c := g.addresses[address]
	if c != nil {
		return c
	}
	if len(g.addresses) >= mostRemembered {
		g.forget()
	}
	c = &caller{}
	g.addresses[address] = c
	return c
}

func (g *gate) forget() {
	now := time.Now()
	for pass := range 2 {
		for address, c := range g.addresses {
			if c.lines == 0 && (pass > 0 || now.Sub(c.last) > forgetAfter) {
				delete(g.addresses, address)
			}
		}
		if len(g.addresses) < mostRemembered {
			return
		}
	}
}

// addressOf names the host: of IPv6 the network of 64 bits, which is what one household or office is given.
func addressOf(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return "local"
	}
	host := at.Addr().Unmap()
	if host.Is6() {
		if prefix, err := host.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return host.String()
}
