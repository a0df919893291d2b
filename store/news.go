package store

import (
	"slices"
	"sync"
	"sync/atomic"

	"rongzheng/review"
)

// maxNews is how much a subscription keeps until it is taken: more is told as News.Again.
const maxNews = 256

// News is what was committed since a subscription was last asked.
type News struct {
	// Records are the applications and certificates that were written, each once: as it was before the first of these commits,
	// and as it is after the last.
	Records []RecordChange
	// Events are what was entered in the log, in its order. Nobody may change what they hold.
	Events []review.Event
	// Claims are the applications that reviewers have taken in hand, each as it is now; By is empty for one that is free again.
	Claims []review.Claim
	// Packs are the numbers of the work packs that were taken out, called back or handed back, or of whose conflicts one is
	// new or settled, each once.
	Packs []string
	// Again says that more happened than was kept, or that the file was rebuilt: whatever is shown must be read again.
	// Claims are then all that there are.
	Again bool
	// Number is that of the latest news among these, as Store.Latest counts them.
	Number uint64
}

// RecordChange is one application or certificate that was written.
type RecordChange struct {
	Reference   string // of an application
	Certificate string // number of a certificate, where the record is one
	Version     int    // of the application as it is now, of a certificate its count of changes
	Number      uint64 // of the news that brought this state
	id          uint64
	// before is the list that the record stood in, nil for a new one.
	before *group
	after  group
}

// Moved reports whether the record is new or has come into another list: then counts have changed.
func (c *RecordChange) Moved() bool { return c.before == nil || *c.before != c.after }

// SeenBy reports whether the record lies or lay in the account's scope.
func (c *RecordChange) SeenBy(by review.Actor) bool {
	s, err := scopeOf(&by)
	return err == nil && c.any(s.holds)
}

// Touches reports whether rows or the count of the queue may differ because of the change: the record is or was in one of
// the queue's lists. What a filter asks of the record itself is not looked at. An error of the queue is a no.
func (c *RecordChange) Touches(q Queue) bool {
	v, err := newView(&q)
	if err != nil {
		return false
	}
	return c.any(func(g *group) bool {
		in := *g
		if v.name == All && in.state != everyCertificate {
			in.state, in.level, in.held = everyApplication, 0, false
		}
		return v.holds(&in)
	})
}

func (c *RecordChange) any(holds func(g *group) bool) bool {
	return c.before != nil && holds(c.before) || holds(&c.after)
}

// Subscription gets the news of a store, in the order of the commits and only of what is on disk. It never holds a writer
// up: who does not take what came gets less detail, not a backlog.
type Subscription struct {
	ready chan struct{}
	hub   *hub
	store *Store
	turn  turn // guarded by the store's hands
	mu    sync.Mutex
	news  News
	at    map[uint64]int // place of a record in news.Records
}

// Subscribe returns a subscription to whatever is committed from now on, whoever writes it: a desk, a command, an import.
// What is read after Subscribe has returned and what Take yields together leave nothing out. It must be closed.
func (s *Store) Subscribe() *Subscription {
	sub := &Subscription{ready: make(chan struct{}, 1), hub: &s.hub, store: s, at: map[uint64]int{}}
	s.hub.add(sub)
	return sub
}

// Latest returns the number of the latest news. What is read after asking shows at least what all news up to it tell, so
// that who has read a page need not read it again for these.
func (s *Store) Latest() uint64 { return s.hub.latest.Load() }

// Ready returns a channel that has a value when there is something to take.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns what was committed since the last call and forgets it.
func (s *Subscription) Take() News {
	taken := s.empty()
	if taken.Again {
		taken.Claims = s.store.Claims()
	}
	return taken
}

func (s *Subscription) empty() News {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ready:
	default:
	}
	taken := s.news
	s.news = News{}
	clear(s.at)
	return taken
}

// Close ends the subscription, and what it has in hand.
func (s *Subscription) Close() {
	s.hub.remove(s)
	s.store.hands.leave(s)
}

// hear keeps the news of one commit and wakes who waits.
func (s *Subscription) hear(n *News) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(n)
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

func (s *Subscription) keep(n *News) {
	if s.news.Again {
		s.news.Number = n.Number
		return
	}
	if n.Again || len(s.news.Events)+len(n.Events) > maxNews || len(s.news.Records)+len(n.Records) > maxNews ||
		len(s.news.Claims)+len(n.Claims) > maxNews || len(s.news.Packs)+len(n.Packs) > maxNews {
		s.news = News{Again: true, Number: n.Number}
		clear(s.at)
		return
	}
	s.news.Number = n.Number
	s.news.Events = append(s.news.Events, n.Events...)
	for _, c := range n.Claims {
		s.news.Claims = slices.DeleteFunc(s.news.Claims, func(old review.Claim) bool { return old.Reference == c.Reference })
		s.news.Claims = append(s.news.Claims, c)
	}
	for _, number := range n.Packs {
		if !slices.Contains(s.news.Packs, number) {
			s.news.Packs = append(s.news.Packs, number)
		}
	}
	for _, c := range n.Records {
		c.Number = n.Number
		if i, ok := s.at[c.id]; ok {
			c.before = s.news.Records[i].before
			s.news.Records[i] = c
			continue
		}
		s.at[c.id] = len(s.news.Records)
		s.news.Records = append(s.news.Records, c)
	}
}

// hub knows the subscriptions of a store.
type hub struct {
	latest atomic.Uint64
	mu     sync.Mutex
	subs   map[*Subscription]bool
}

func (h *hub) add(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = map[*Subscription]bool{}
	}
	h.subs[s] = true
}

func (h *hub) remove(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

// publish tells every subscription. Whoever calls it with commits holds the writers' lock, whoever calls it with claims that
// of the hands, so that the order is the one in which they happened.
func (h *hub) publish(n *News) {
	if len(n.Records) == 0 && len(n.Events) == 0 && len(n.Claims) == 0 && len(n.Packs) == 0 && !n.Again {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n.Number = h.latest.Add(1)
	for s := range h.subs {
		s.hear(n)
	}
}

// wrote notes that the transaction has written a record.
func (t *txn) wrote(c RecordChange) { t.news.Records = append(t.news.Records, c) }

// wrotePack notes that the transaction has written a work pack, or what came back of it.
func (t *txn) wrotePack(number string) {
	if !slices.Contains(t.news.Packs, number) {
		t.news.Packs = append(t.news.Packs, number)
	}
}

func groupOf(h *head) *group {
	g := h.group
	return &g
}
