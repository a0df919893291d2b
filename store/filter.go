package store

import (
	"math"
	"slices"
	"time"

	"rongzheng/review"
)

// filter narrows a queue down to what its text and its query ask for. Groups answer what they can, then heads, then whole
// records, each only where the one before lets through.
type filter struct {
	words, without []word // each must match, none may
	query          review.Query
	plan           review.Plan
	today          review.Date
	keyed          bool // the query asks for more than words
}

func newFilter(q *Queue) filter {
	f := filter{words: words(q.Text), query: q.Query, today: q.Today}
	if len(q.Query.Terms) == 0 {
		return f
	}
	f.plan = q.Query.Plan(q.Today)
	for _, text := range f.plan.Words {
		f.words = append(f.words, words(text)...)
	}
	for _, text := range q.Query.Without() {
		f.without = append(f.without, words(text)...)
	}
	f.keyed = slices.ContainsFunc(q.Query.Terms, func(t review.Term) bool { return t.Key != "" })
	return f
}

// active reports whether the filter asks for anything.
func (f *filter) active() bool { return len(f.words) > 0 || len(f.without) > 0 || f.keyed }

// few is up to how many candidates are looked at one by one.
func (f *filter) few() int {
	if f.keyed && !f.byHead() {
		return fewRecords
	}
	return fewCandidates
}

// byHead reports whether heads say all that the query asks for, whichever they are.
func (f *filter) byHead() bool {
	return f.plan.Exact && f.plan.Decided.IsZero() &&
		(f.stateless() || slices.Equal(f.plan.States, []review.State{review.InReview}))
}

// stateless reports whether the query asks for nothing that heads tell only of what is in review.
func (f *filter) stateless() bool {
	return f.plan.Levels == nil && f.plan.Due.IsZero() && f.plan.Held == review.Unasked
}

// group reports whether the group can have what the query asks for.
func (f *filter) group(g *group) bool {
	if !f.keyed {
		return true
	}
	if f.plan.Nothing || g.state == everyCertificate || f.plan.Areas != nil && !slices.Contains(f.plan.Areas, g.area) {
		return false
	}
	if g.state != everyApplication && f.plan.States != nil &&
		!slices.ContainsFunc(f.plan.States, func(s review.State) bool { return stateByte(s) == g.state }) {
		return false
	}
	if g.state != stateByte(review.InReview) {
		return true
	}
	return (f.plan.Levels == nil || slices.Contains(f.plan.Levels, int(g.level))) &&
		(f.plan.Held != review.Yes || g.held) && (f.plan.Held != review.No || !g.held)
}

// head reports whether the words match and the query can hold, as far as the head tells.
func (f *filter) head(h *head) bool {
	if !matchesAll(f.words, h) || slices.ContainsFunc(f.without, func(w word) bool { return w.matches(h) }) {
		return false
	}
	if !f.keyed {
		return true
	}
	if !f.group(&h.group) || !f.plan.Unchanged.Admits(h.unchanged) || f.plan.Kinds != nil && !slices.Contains(f.plan.Kinds, review.Kind(h.kind)) {
		return false
	}
	submitted := review.DateOf(time.UnixMicro(int64(^h.all)))
	return f.plan.Submitted.Contains(submitted) && (h.state != stateByte(review.InReview) || f.plan.Due.Contains(h.due()))
}

// told reports whether the head, which the filter has let through, says all that the query asks for.
func (f *filter) told(h *head) bool {
	if !f.plan.Exact || !f.plan.Decided.IsZero() {
		return false
	}
	return h.state == stateByte(review.InReview) || f.stateless()
}

// due returns the day that the order of an application in review begins with.
func (h *head) due() review.Date {
	day := uint32(h.order >> 32)
	if day == math.MaxUint32 {
		return review.Date{}
	}
	return review.NewDate(int(day/10000), time.Month(day/100%100), int(day%100))
}

// passes reports whether the record passes the filter. It takes what it costs from work.
func (t *txn) passes(v *view, id uint64, work *int) (bool, error) {
	*work--
	h, err := t.head(id)
	if err != nil || !v.filter.head(&h) {
		return false, err
	}
	if !v.filter.keyed || v.filter.told(&h) {
		return true, nil
	}
	*work -= recordWork
	a, err := t.applicationAt(id)
	if err != nil || !v.filter.plan.Admits(&a) {
		return false, err
	}
	var checksErr error
	checks := func() []review.Problem {
		*work -= factsWork
		var f review.Facts
		if f, checksErr = t.factsOf(&a); checksErr != nil {
			return nil
		}
		return review.Checks(&a, t.s.policy, f, v.filter.today)
	}
	passed := v.filter.query.Match(&a, *v.by, checks, v.filter.today) && checksErr == nil
	if passed {
		t.keep(id, &a)
	}
	return passed, checksErr
}

// keep remembers a record that has passed: it is about to be shown, and need not be read twice.
func (t *txn) keep(id uint64, a *review.Application) {
	if t.chosen == nil {
		t.chosen = map[uint64]*review.Application{}
	}
	if len(t.chosen) < maxKept {
		t.chosen[id] = a
	}
}
