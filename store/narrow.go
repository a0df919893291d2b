package store

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"rongzheng/review"
)

// maxMarked is up to how many records a mark may lead to for its list to be used: the list of a commoner one would be read
// in vain, and a walk soon comes by enough of them.
const maxMarked = 5000

// marks are the terms that nobody types and that queries ask for: the kind of an application, and that nothing changed in it.
func (h *head) marks() []string {
	if h.certified {
		return nil
	}
	if h.unchanged {
		return []string{h.kind, markUnchanged}
	}
	return []string{h.kind}
}

const markUnchanged = "unchanged"

// marked are the marks that everything has that the plan lets through.
func marked(p *review.Plan) []string {
	var marks []string
	if len(p.Kinds) == 1 {
		marks = append(marks, string(p.Kinds[0]))
	}
	if p.Unchanged == review.Yes {
		marks = append(marks, markUnchanged)
	}
	return marks
}

// narrowed finds the records that the filter can let through by the rarest of what indexes know of it. Of few it asks no
// further: they are soon looked at.
func (t *txn) narrowed(v *view) candidates {
	found := t.candidates(v.filter.words)
	many := func() bool { return !found.complete || len(found.ids) > fewRecords }
	for _, mark := range marked(&v.filter.plan) {
		if many() {
			found.meet(t.collect([]string{"m" + mark + "\x00"}, maxMarked))
		}
	}
	if v.name == All && many() {
		found.meet(t.inStates(v))
	}
	return found
}

// inStates reads the ids from the lists of the states that the plan names; false when it names none, or when there are too
// many in them. Of what waits it reads no more than the days on which it is due.
func (t *txn) inStates(v *view) ([]uint64, bool) {
	plan := &v.filter.plan
	if plan.States == nil {
		return nil, false
	}
	groups, err := t.groups(func(g group) bool {
		one := g.state != everyApplication && g.state != everyCertificate && g.state != endingByDay
		return one && v.scope.holds(&g) && v.filter.group(&g)
	})
	if err != nil {
		return nil, false // the walk meets it too, and says so
	}
	from, until := uint64(0), uint64(math.MaxUint64)
	if slices.Equal(plan.States, []review.State{review.InReview}) && !plan.Due.IsZero() {
		from = orderDay(plan.Due.From)
		if !plan.Due.Until.IsZero() {
			until = orderDay(plan.Due.Until) | math.MaxUint32
		}
	} else if t.countIn(groups) > maxCandidates {
		return nil, false
	}
	var ids []uint64
	for _, g := range groups {
		for p := range t.between(g.listKey(), from, until) {
			if len(ids) == maxCandidates {
				return nil, false
			}
			ids = append(ids, p.id())
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int { return cmp.Compare(b, a) })
	return ids, true
}

// countIn is how many keys the lists of the groups have.
func (t *txn) countIn(groups []group) int {
	n := 0
	for i := range groups {
		n += int(countOf(t.in(counts).Get(groups[i].listKey())))
	}
	return n
}

// between yields the places of a list whose orders lie between two, both included.
func (t *txn) between(list []byte, from, until uint64) iter.Seq[place] {
	return func(yield func(place) bool) {
		c := t.in(lists).Cursor()
		for key := first(c.Seek(appendID(slices.Clip(list), from))); hasPrefix(key, list); key = first(c.Next()) {
			p := place(key[len(list):])
			if p.order() > until || !yield(p) {
				return
			}
		}
	}
}
