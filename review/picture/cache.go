package picture

import (
	"container/list"
	"errors"
	"sync"
)

// Cache keeps what was expensive to make, up to a number of bytes; what was
// used longest ago goes first. It may be used by many at once. Values are
// shared: nobody may change them.
type Cache[K comparable, V any] struct {
	mu     sync.Mutex
	limit  int64
	used   int64
	order  *list.List // of *kept[K, V], the latest first
	kept   map[K]*list.Element
	making map[K]*making[V]
}

type kept[K comparable, V any] struct {
	key   K
	value V
	bytes int64
}

// making is a value that somebody makes and others wait for.
type making[V any] struct {
	done  chan struct{}
	value V
	err   error
}

var errNotMade = errors.New("making it ended early")

// NewCache keeps up to limit bytes.
func NewCache[K comparable, V any](limit int64) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, order: list.New(), kept: map[K]*list.Element{}, making: map[K]*making[V]{}}
}

// Get returns what is kept for a key.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.get(key)
}

func (c *Cache[K, V]) get(key K) (V, bool) {
	at, ok := c.kept[key]
	if !ok {
		var none V
		return none, false
	}
	c.order.MoveToFront(at)
	return at.Value.(*kept[K, V]).value, true
}

// Put keeps a value that takes so many bytes in place of what was kept for the
// key. One that is larger than the whole cache is not kept.
func (c *Cache[K, V]) Put(key K, value V, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.kept[key])
	if bytes > c.limit {
		return
	}
	c.kept[key] = c.order.PushFront(&kept[K, V]{key, value, bytes})
	for c.used += bytes; c.used > c.limit; {
		c.drop(c.order.Back())
	}
}

func (c *Cache[K, V]) drop(at *list.Element) {
	if at == nil {
		return
	}
	k := c.order.Remove(at).(*kept[K, V])
	delete(c.kept, k.key)
	c.used -= k.bytes
}

// Do returns what is kept for a key, and makes it where there is none. When
// many ask for it at once it is made once, and the others wait. Errors are not
// kept.
func (c *Cache[K, V]) Do(key K, produce func() (value V, bytes int64, err error)) (V, error) {
	c.mu.Lock()
	if v, ok := c.get(key); ok {
		c.mu.Unlock()
		return v, nil
	}
	if m, ok := c.making[key]; ok {
		c.mu.Unlock()
		<-m.done
		return m.value, m.err
	}
	m := &making[V]{done: make(chan struct{}), err: errNotMade}
	c.making[key] = m
	c.mu.Unlock()
	return c.produce(key, m, produce)
}

// produce makes the value; those who wait are let go whatever happens.
func (c *Cache[K, V]) produce(key K, m *making[V], produce func() (V, int64, error)) (V, error) {
	defer func() {
		c.mu.Lock()
		delete(c.making, key)
		c.mu.Unlock()
		close(m.done)
	}()
	value, bytes, err := produce()
	if m.value, m.err = value, err; err == nil {
		c.Put(key, value, bytes)
	}
	return value, err
}

// Bytes returns how many bytes are kept.
func (c *Cache[K, V]) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}
