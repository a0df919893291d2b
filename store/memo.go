package store

import (
	"bytes"
	"encoding/json"
	"hash/crc32"
	"sync"
)

const (
	// memoSlots is how many records a memo holds: as many as two hundred desks have open at once.
	memoSlots = 256
	// memoBytes is up to how large a record it holds, so that its memory is bounded.
	memoBytes = 16 << 10
)

// memo remembers what records that were read lately were taken apart into: a case that is decided on was shown before, and
// what is shown of it is asked for one by one. What is remembered is found by the very bytes of the record, so that there is
// nothing to keep in step with the file: the same bytes are the same record, whoever wrote them and when.
type memo[T any, P cloner[T]] struct {
	mu    sync.Mutex
	slots [memoSlots]remembered[T]
}

// cloner is a pointer to a record that gives a copy which shares nothing with it.
type cloner[T any] interface {
	*T
	Clone() T
}

// remembered is one record. Neither part is changed once it is there.
type remembered[T any] struct {
	body   []byte
	record *T
}

// decode reads a record from its JSON.
func (m *memo[T, P]) decode(body []byte) (T, error) {
	slot := &m.slots[crc32.ChecksumIEEE(body)%memoSlots]
	if known := m.at(slot, body); known != nil {
		return P(known).Clone(), nil
	}
	var record T
	if err := json.Unmarshal(body, &record); err != nil || len(body) > memoBytes {
		return record, err
	}
	kept := P(&record).Clone()
	m.mu.Lock()
	defer m.mu.Unlock()
	*slot = remembered[T]{bytes.Clone(body), &kept}
	return record, nil
}

func (m *memo[T, P]) at(slot *remembered[T], body []byte) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !bytes.Equal(slot.body, body) {
		return nil
	}
	return slot.record
}
