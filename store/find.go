package store

import (
	"bytes"
	"cmp"
	"iter"
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
	// maxLatest is how many of the latest records are looked at where a text fits too many for its terms to be used.
	maxLatest = 4000
	// maxWork bounds a walk with a filter, so that no call takes longer than part of a frame (BenchmarkQuery): reading a head
	// counts one, reading a whole record recordWork, asking the register for what it has to do with others factsWork, each as
	// it was measured. Counting is bounded alike.
	maxWork    = 2000
	recordWork = 40
	factsWork  = 40
	// fewRecords is fewCandidates where each has to be read whole.
	fewRecords = 50
	// maxKept is how many records that passed a filter are kept until they are shown.
	maxKept = 200
)

// Find returns up to n applications and certificates of the account's scope that the text describes, the latest first:
// name or part of a name, pinyin or its beginning, initials, identity number whole or its last four, mobile, management
// number, reference or certificate number or their beginning. Several words must all match. An empty text finds nothing.
//
// A text that fits very many records is answered from the latest ones only.
func (s *Store) Find(by review.Actor, text string, n int) ([]Row, error) {
	return s.find(by, text, n, false)
}

// FindCertificates is Find for certificates alone, as the counter looks for them while somebody types.
func (s *Store) FindCertificates(by review.Actor, text string, n int) ([]Row, error) {
	return s.find(by, text, n, true)
}

func (s *Store) find(by review.Actor, text string, n int, certified bool) ([]Row, error) {
	var rows []Row
	err := s.view(func(t *txn) error {
		sc, err := scopeOf(&by)
		list := words(text)
		if err != nil || len(list) == 0 {
			return err
		}
		ids, err := t.matching(sc, list, n, certified)
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

func (t *txn) matching(sc scope, list []word, n int, certified bool) ([]uint64, error) {
	if found := t.candidates(list); found.complete {
		return t.firstMatching(sc, list, slices.Values(found.ids), n, certified)
	}
	if exact := exactTerms(list); len(exact) > 0 {
		return t.firstMatching(sc, list, t.meeting(exact), n, certified)
	}
	parts, err := t.everything(sc, certified)
	if err != nil {
		return nil, err
	}
	steps := 0
	latest := func(yield func(uint64) bool) {
		for p := range t.walk(parts, start{forward: true}, maxLatest, &steps) {
			if !yield(p.id()) {
				return
			}
		}
	}
	return t.firstMatching(sc, list, latest, n, certified)
}

// firstMatching picks the first n ids whose records match and lie in the scope, of certificates alone where asked.
func (t *txn) firstMatching(sc scope, list []word, ids iter.Seq[uint64], n int, certified bool) ([]uint64, error) {
	var found []uint64
	work := maxCandidates
	for id := range ids {
		if certified && !isCertificate(id) {
			continue
		}
		if work--; len(found) == n || work < 0 {
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

// everything lists the groups of all applications and certificates of the scope, or of its certificates alone.
func (t *txn) everything(sc scope, certified bool) ([]part, error) {
	groups, err := t.groups(func(g group) bool {
		return (g.state == everyApplication && !certified || g.state == everyCertificate) && sc.holds(&g)
	})
	parts := make([]part, len(groups))
	for i, g := range groups {
		parts[i] = part{prefix: g.listKey()}
	}
	return parts, err
}

// posting yields the ids of one term, the latest first.
func (t *txn) posting(prefix string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for key := range keys(t.in(terms), []byte(prefix)) {
			if !yield(^lastID(key)) {
				return
			}
		}
	}
}

// candidates are the ids of all records that can match, the latest first; not complete when the indexes lead to too many.
type candidates struct {
	ids      []uint64
	complete bool
}

// meet narrows the candidates down to a list that holds every match, where it was read whole.
func (c *candidates) meet(list []uint64, whole bool) {
	switch {
	case whole && c.complete:
		c.ids = intersect(c.ids, list)
	case whole:
		c.ids, c.complete = list, true
	}
}

// has looks for the id.
func (c *candidates) has(id uint64) bool {
	_, ok := slices.BinarySearchFunc(c.ids, id, func(a, b uint64) int { return cmp.Compare(b, a) })
	return ok
}

// candidates finds them by the rarest terms of the words. They are not complete when even those are too common, or better
// read as far as they are needed.
func (t *txn) candidates(list []word) (found candidates) {
	var all [][]string
	for i := range list {
		all = append(all, list[i].prefixes()...)
	}
	limits := []int{fewCandidates / 10, fewCandidates, maxCandidates}
	if len(exactTerms(list)) > 0 {
		limits = limits[:2]
	}
	for _, limit := range limits {
		for _, prefixes := range all {
			found.meet(t.collect(prefixes, limit))
		}
		if found.complete {
			return found
		}
	}
	return found
}

// collect reads the ids of the keys in terms that begin with one of the prefixes, the latest first; false when there are
// more than limit.
func (t *txn) collect(prefixes []string, limit int) ([]uint64, bool) {
	var ids []uint64
	for _, prefix := range prefixes {
		for id := range t.posting(prefix) {
			if len(ids) == limit {
				return nil, false
			}
			ids = append(ids, ^id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for i := range ids {
		ids[i] = ^ids[i]
	}
	return ids, true
}

// intersect returns what is in both lists, each with the latest first.
func intersect(a, b []uint64) []uint64 {
	var both []uint64
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] > b[0]:
			a = a[1:]
		case a[0] < b[0]:
			b = b[1:]
		default:
			both = append(both, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return both
}

// chooseMatches picks up to n places of the queue whose records pass its filter, with so much work.
func (t *txn) chooseMatches(v *view, parts []part, from start, n, work int) ([]place, bool, Cursor, error) {
	found := t.narrowed(v)
	if found.complete && len(found.ids) <= v.filter.few() {
		places, err := t.placesOf(v, found.ids)
		return cut(places, from, n, err)
	}
	var places []place
	var next Cursor
	exact := t.postings(exactTerms(v.filter.words))
	steps := 0
	for p := range t.walk(parts, from, maxSteps, &steps) {
		if len(places) == n || work <= 0 {
			return places, true, next, nil
		}
		next = p.cursor()
		if found.complete && !found.has(p.id()) || !found.complete && !mayMatch(exact, p.id()) {
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
	places, more, _, err := t.chooseMatches(v, parts, start{forward: true}, CountLimit, maxWork)
	return len(places), !more, err
}
