package store

import (
	"bytes"
	"slices"

	"rongzheng/review"
)

const (
	// CountLimit is where counting a queue with a text filter stops.
	CountLimit = 1000
	// maxCandidates is up to how many records a term may lead to for its list to be used; a commoner one narrows too little,
	// and the queue is walked instead.
	maxCandidates = 20_000
	// fewCandidates is up to how many are looked at one by one; of more, those are looked at that a walk comes by.
	fewCandidates = 1000
	// maxWork bounds a walk with a filter: reading a head counts one, reading a whole record recordWork.
	maxWork    = 6000
	recordWork = 20
)

// Find returns up to n applications and certificates of the account's scope that the text describes, the latest first:
// name or part of a name, pinyin or its beginning, initials, identity number whole or its last four, mobile, management
// number, reference or certificate number or their beginning. Several words must all match. An empty text finds nothing.
//
// A text that fits more than one record in fifty is answered from the latest ones only.
func (s *Store) Find(by review.Actor, text string, n int) ([]Row, error) {
	var rows []Row
	err := s.view(func(t *txn) error {
		sc, err := scopeOf(&by)
		list := words(text)
		if err != nil || len(list) == 0 {
			return err
		}
		ids, err := t.matching(sc, list, n)
		if err != nil {
			return err
		}
		for _, id := range ids {
			row, err := t.row(id)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, about("find for", by.Name, err)
}

func (t *txn) matching(sc scope, list []word, n int) ([]uint64, error) {
	candidates, complete := t.candidates(list)
	if !complete {
		return t.latest(sc, list, n)
	}
	var found []uint64
	for _, id := range candidates {
		if len(found) == n {
			break
		}
		h, err := t.head(id)
		if err != nil {
			return nil, err
		}
		if sc.holds(&h.group) && matchesAll(list, &h) {
			found = append(found, id)
		}
	}
	return found, nil
}

// latest walks everything from the latest on.
func (t *txn) latest(sc scope, list []word, n int) ([]uint64, error) {
	groups, err := t.groups(func(g group) bool {
		return (g.state == everyApplication || g.state == everyCertificate) && sc.holds(&g)
	})
	if err != nil {
		return nil, err
	}
	parts := make([]part, len(groups))
	for i, g := range groups {
		parts[i] = part{prefix: g.listKey()}
	}
	var found []uint64
	steps := 0
	for p := range t.walk(parts, start{forward: true}, maxWork, &steps) {
		h, err := t.head(p.id())
		if err != nil {
			return nil, err
		}
		if matchesAll(list, &h) {
			found = append(found, p.id())
		}
		if len(found) == n {
			break
		}
	}
	return found, nil
}

// candidates returns the ids of all records that can match, the latest first, by the rarest term of the words; false when
// even that is too common.
func (t *txn) candidates(list []word) (ids []uint64, complete bool) {
	for _, limit := range []int{fewCandidates / 10, fewCandidates, maxCandidates} {
		for i := range list {
			for _, prefixes := range list[i].prefixes() {
				if ids, complete := t.collect(prefixes, limit); complete {
					return ids, true
				}
			}
		}
	}
	return nil, false
}

// collect reads the ids of the keys in terms that begin with one of the prefixes; false when there are more than limit.
func (t *txn) collect(prefixes []string, limit int) ([]uint64, bool) {
	var ids []uint64
	for _, prefix := range prefixes {
		for key := range keys(t.in(terms), []byte(prefix)) {
			if len(ids) == limit {
				return nil, false
			}
			ids = append(ids, ^lastID(key))
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int { return compareIDs(b, a) })
	return slices.Compact(ids), true
}

func compareIDs(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// chooseMatches picks up to n places of the queue whose records pass its filter.
func (t *txn) chooseMatches(v *view, parts []part, from start, n int) ([]place, bool, Cursor, error) {
	candidates, complete := t.candidates(v.filter.words)
	if complete && len(candidates) <= v.filter.few() {
		places, err := t.placesOf(v, candidates)
		return cut(places, from, n, err)
	}
	var places []place
	var next Cursor
	steps, work := 0, maxWork
	for p := range t.walk(parts, from, maxSteps, &steps) {
		if len(places) == n || work <= 0 {
			return places, true, next, nil
		}
		next = p.cursor()
		if complete && !has(candidates, p.id()) {
			continue
		}
		passes, err := t.passes(v, p.id(), &work)
		if err != nil {
			return nil, false, "", err
		}
		if passes {
			places = append(places, p)
		}
	}
	return places, steps >= maxSteps, next, nil
}

// has looks for the id in a list with the latest first.
func has(ids []uint64, id uint64) bool {
	_, ok := slices.BinarySearchFunc(ids, id, func(a, b uint64) int { return compareIDs(b, a) })
	return ok
}

// placesOf returns where the candidates that pass the filter stand in the queue, in its order.
func (t *txn) placesOf(v *view, candidates []uint64) ([]place, error) {
	var places []place
	work := maxWork
	for _, id := range candidates {
		h, err := t.head(id)
		if err != nil {
			return nil, err
		}
		p, ok := t.placeIn(v, id, &h)
		if !ok {
			continue
		}
		passes, err := t.passes(v, id, &work)
		if err != nil {
			return nil, err
		}
		if passes {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return bytes.Compare(a[:], b[:]) })
	return places, nil
}

// placeIn returns where the record stands in the queue, false when it is not in it.
func (t *txn) placeIn(v *view, id uint64, h *head) (place, bool) {
	g, order := h.group, h.order
	if v.name == All && !h.certified {
		g, order = group{area: g.area, entered: g.entered, state: everyApplication}, h.all
	}
	p := newPlace(order, id)
	if !v.holds(&g) {
		return p, false
	}
	if !v.decides(&g) {
		return p, true
	}
	barred := t.in(lists).Get(append(g.barKey(v.by.Name), p[:]...)) != nil
	return p, barred == (v.name == Waiting)
}

// cut takes up to n places beyond the start out of a sorted list, in the direction of the walk.
func cut(places []place, from start, n int, err error) ([]place, bool, Cursor, error) {
	if !from.forward {
		slices.Reverse(places)
	}
	if from.at != nil {
		i := slices.IndexFunc(places, func(p place) bool {
			c := bytes.Compare(p[:], from.at[:])
			return from.forward && c > 0 || !from.forward && c < 0
		})
		if i < 0 {
			i = len(places)
		}
		places = places[i:]
	}
	more := len(places) > n
	places = places[:min(n, len(places))]
	if len(places) == 0 {
		return places, false, "", err
	}
	return places, more, places[len(places)-1].cursor(), err
}

func (t *txn) countMatches(v *view) (n int, exact bool, err error) {
	parts, err := t.parts(v)
	if err != nil {
		return 0, false, err
	}
	places, more, _, err := t.chooseMatches(v, parts, start{forward: true}, CountLimit)
	return len(places), !more, err
}
