package store

import (
	"bytes"
	"container/heap"
	"iter"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// maxSteps bounds the keys that one call looks at in a queue, so that no call takes long.
const maxSteps = 20_000

// stream is one list of a walk: a cursor that stands on its next place.
type stream struct {
	cursor *bolt.Cursor
	part
	next place
}

// streams is a heap of the lists by their next place.
type streams struct {
	list    []*stream
	forward bool
}

func (s *streams) Len() int { return len(s.list) }
func (s *streams) Less(i, j int) bool {
	c := bytes.Compare(s.list[i].next[:], s.list[j].next[:])
	return s.forward && c < 0 || !s.forward && c > 0
}
func (s *streams) Swap(i, j int) { s.list[i], s.list[j] = s.list[j], s.list[i] }
func (s *streams) Push(x any)    { s.list = append(s.list, x.(*stream)) }
func (s *streams) Pop() any {
	last := s.list[len(s.list)-1]
	s.list = s.list[:len(s.list)-1]
	return last
}

// walk yields the places of the merged lists from the start on, in its direction, until limit keys have been looked at;
// steps counts them.
func (t *txn) walk(parts []part, from start, limit int, steps *int) iter.Seq[place] {
	return func(yield func(place) bool) {
		merged := t.merge(parts, from)
		for merged.Len() > 0 && *steps < limit {
			*steps++
			s := merged.list[0]
			p := s.next
			barred := s.except != nil && t.in(lists).Get(append(slices.Clip(s.except), p[:]...)) != nil
			if s.advance(from.forward) {
				heap.Fix(merged, 0)
			} else {
				heap.Pop(merged)
			}
			if !barred && !yield(p) {
				return
			}
		}
	}
}

// merge places a cursor in each list.
func (t *txn) merge(parts []part, from start) *streams {
	merged := &streams{forward: from.forward}
	for _, p := range parts {
		s := &stream{cursor: t.in(lists).Cursor(), part: p}
		if s.seek(from) {
			merged.list = append(merged.list, s)
		}
	}
	heap.Init(merged)
	return merged
}

// seek stands on the first place beyond the start, and reports whether there is one.
func (s *stream) seek(from start) bool {
	if from.forward {
		if from.at == nil {
			return s.stand(first(s.cursor.Seek(s.prefix)))
		}
		target := append(slices.Clip(s.prefix), from.at[:]...)
		key := first(s.cursor.Seek(target))
		if bytes.Equal(key, target) {
			key = first(s.cursor.Next())
		}
		return s.stand(key)
	}
	target := append(slices.Clip(s.prefix), bytes.Repeat([]byte{0xff}, placeSize+1)...)
	if from.at != nil {
		target = append(slices.Clip(s.prefix), from.at[:]...)
	}
	if key := first(s.cursor.Seek(target)); key == nil {
		return s.stand(first(s.cursor.Last()))
	}
	return s.stand(first(s.cursor.Prev()))
}

func (s *stream) advance(forward bool) bool {
	if forward {
		return s.stand(first(s.cursor.Next()))
	}
	return s.stand(first(s.cursor.Prev()))
}

// stand takes the place from the key, and reports whether it still belongs to the list.
func (s *stream) stand(key []byte) bool {
	if len(key) != len(s.prefix)+placeSize || !bytes.HasPrefix(key, s.prefix) {
		return false
	}
	s.next = place(key[len(s.prefix):])
	return true
}

func first(key, _ []byte) []byte { return key }
