package store

import (
	"bytes"
	"iter"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// maxPosting bounds the keys of one term that a call reads.
const maxPosting = 60_000

// posting is the list of the records with one term, read as far as it is asked for. Whoever asks in the order of the ids, or
// nearly so, as queues do, reads hardly more of it than lies between the first and the last id that they ask for, however
// common the term is.
type posting struct {
	prefix   []byte
	up, down *bolt.Cursor
	// from and until are the ends of what has been read: whatever has the term between them is among ids. next is the first
	// key below, previous the first above, nil where the list ends.
	from, until    uint64
	next, previous []byte
	ids            map[uint64]struct{}
	read           int
}

// exactTerms are the terms that each matching record has, whole.
func exactTerms(list []word) []string {
	var found []string
	for i := range list {
		for _, prefixes := range list[i].prefixes() {
			if len(prefixes) == 1 && strings.HasSuffix(prefixes[0], "\x00") {
				found = append(found, prefixes[0])
			}
		}
	}
	return found
}

// postings opens the lists of the terms.
func (t *txn) postings(prefixes []string) []*posting {
	list := make([]*posting, len(prefixes))
	for i, prefix := range prefixes {
		list[i] = &posting{prefix: []byte(prefix), up: t.in(terms).Cursor(), down: t.in(terms).Cursor()}
	}
	return list
}

// mayMatch reports whether the record has all terms, as far as their lists tell without reading too much.
func mayMatch(list []*posting, id uint64) bool {
	for _, p := range list {
		if p.read < maxPosting && !p.has(id) {
			return false
		}
	}
	return true
}

// has reports whether the record has the term.
func (p *posting) has(id uint64) bool {
	switch {
	case p.ids == nil:
		p.begin(id)
	case id < p.from:
		p.readDown(id)
	case id > p.until:
		p.readUp(id)
	}
	_, ok := p.ids[id]
	return ok
}

// begin stands on the place of the id. Ids are inverted in keys: larger ones come first.
func (p *posting) begin(id uint64) {
	p.ids, p.from, p.until = map[uint64]struct{}{}, id, id
	at := appendID(bytes.Clone(p.prefix), ^id)
	p.next = p.own(first(p.down.Seek(at)))
	if key := first(p.up.Seek(at)); key == nil {
		p.previous = p.own(first(p.up.Last()))
	} else {
		p.previous = p.own(first(p.up.Prev()))
	}
	p.readDown(id)
}

// own returns the key while it belongs to the list.
func (p *posting) own(key []byte) []byte {
	if !hasPrefix(key, p.prefix) {
		return nil
	}
	return key
}

func (p *posting) readDown(id uint64) {
	for p.next != nil && ^lastID(p.next) >= id && p.read < maxPosting {
		p.ids[^lastID(p.next)] = struct{}{}
		p.next = p.own(first(p.down.Next()))
		p.read++
	}
	p.from = id
}

func (p *posting) readUp(id uint64) {
	for p.previous != nil && ^lastID(p.previous) <= id && p.read < maxPosting {
		p.ids[^lastID(p.previous)] = struct{}{}
		p.previous = p.own(first(p.up.Prev()))
		p.read++
	}
	p.until = id
}

// meeting yields the ids that have all terms, the latest first, of the latest maxPosting with the first term.
func (t *txn) meeting(prefixes []string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		others := t.postings(prefixes[1:])
		steps := 0
		for id := range t.posting(prefixes[0]) {
			if steps++; steps > maxPosting {
				return
			}
			if mayMatch(others, id) && !yield(id) {
				return
			}
		}
	}
}
