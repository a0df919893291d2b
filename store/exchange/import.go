package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// Register is what an import needs of the store.
type Register interface {
	Policy() *review.Policy
	Account(name string) (review.Account, error)
	Application(by review.Actor, reference string) (review.Application, error)
	Revisions(by review.Actor, reference string) ([]review.Application, error)
	Submit(account string, sub review.Submission, files map[string][]byte, now time.Time) (review.Application, error)
	Change(account, reference string, seen int, now time.Time, decide store.Decide) (review.Application, error)
}

// Outcome is what became of one package.
type Outcome string

// The outcomes.
const (
	Taken     Outcome = "taken"     // it is in review now
	Already   Outcome = "already"   // exactly this was there before; nothing has changed
	Withdrawn Outcome = "withdrawn" // the application was withdrawn
	Refused   Outcome = "refused"   // nothing of it is there; Err says why
)

// Item is one line of the report of an import.
type Item struct {
	Source    string // where it lay, fit for a terminal
	Reference string // "" when the document could not be read so far
	Revision  int    // 0 for a withdrawal
	Outcome   Outcome
	Err       error // of Refused
}

// Report says what became of every package that an import got to, in the order in which it took them.
type Report struct {
	Items []Item
	// Left counts the packages that an interrupted import did not get to. Importing the same paths again goes on there.
	Left int
}

// Count returns the number of packages with the outcome.
func (r *Report) Count(outcome Outcome) int {
	n := 0
	for _, item := range r.Items {
		if item.Outcome == outcome {
			n++
		}
	}
	return n
}

// Import takes in every package below the paths, each whole or not at all; a refused one does not stop the others. They
// are taken in the order of their times, the revisions of one reference one after the other and a withdrawal after the
// submission that it withdraws, so that what builds on something comes after it. One package is in memory at a time.
// progress, which may be nil, is told how many of how many are done.
//
// The error says why the import as a whole stopped: the account may not import (DeniedError), the context ended, the
// machine failed. What was taken until then stays, and the report tells.
func Import(
	ctx context.Context, s Register, account string, paths []string, now func() time.Time, progress func(done, total int),
) (Report, error) {
	by, err := s.Account(account)
	if err != nil {
		return Report{}, err
	}
	if err := by.May(review.Import); err != nil {
		return Report{}, err
	}
	found, err := inOrder(ctx, paths, s.Policy())
	if err != nil {
		return Report{Left: len(found)}, err
	}
	var report Report
	for i, next := range found {
		if err := ctx.Err(); err != nil {
			report.Left = len(found) - i
			return report, err
		}
		item := one(s, by, next, now())
		if item.Err != nil && !isOurs(item.Err) {
			report.Left = len(found) - i
			return report, fmt.Errorf("import %s: %w", item.Source, item.Err)
		}
		report.Items = append(report.Items, item)
		if progress != nil {
			progress(i+1, len(found))
		}
	}
	return report, nil
}

// queued is a source with what its document says of its place in the order.
type queued struct {
	Source
	reference string
	revision  int // 0 for a withdrawal
	at        time.Time
}

// inOrder finds all packages and reads their documents, so that they can be put in order. Those that cannot be read
// come first: they are refused soonest.
func inOrder(ctx context.Context, paths []string, p *review.Policy) ([]queued, error) {
	var found []queued
	for s := range Find(paths) {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		found = append(found, peek(s, p))
	}
	slices.SortStableFunc(found, func(a, b queued) int {
		return cmp.Or(cmp.Compare(a.reference, b.reference), cmp.Compare(a.revision, b.revision), a.at.Compare(b.at))
	})
	for start := 0; start < len(found); {
		end := start
		for end < len(found) && found[end].reference == found[start].reference {
			end++
		}
		chain(found[start:end])
		start = end
	}
	slices.SortStableFunc(found, func(a, b queued) int { return a.at.Compare(b.at) })
	return found, nil
}

// chain brings the packages of one reference into their order: revisions by number, each withdrawal after the last
// submission before it, and times that never run backwards, so that sorting all by time keeps it. They come sorted by
// revision, withdrawals first.
func chain(packages []queued) {
	submissions := slices.IndexFunc(packages, func(q queued) bool { return q.revision > 0 })
	if submissions < 0 {
		return
	}
	ordered := slices.Clone(packages[submissions:])
	for i := 1; i < len(ordered); i++ {
		if ordered[i].at.Before(ordered[i-1].at) {
			ordered[i].at = ordered[i-1].at
		}
	}
	for _, w := range packages[:submissions] {
		place := 1
		for place < len(ordered) && (ordered[place].revision == 0 || !ordered[place].at.After(w.at)) {
			place++
		}
		if w.at.Before(ordered[place-1].at) {
			w.at = ordered[place-1].at
		}
		ordered = slices.Insert(ordered, place, w)
	}
	copy(packages, ordered)
}

// peek reads no more than the document.
func peek(s Source, p *review.Policy) queued {
	q := queued{Source: s}
	if s.err != nil {
		return q
	}
	t, err := s.open()
	if err != nil {
		return q
	}
	d, err := s.document(t, p)
	if err = errors.Join(err, t.close()); err != nil {
		return q
	}
	if d.withdrawal != nil {
		q.reference, q.at = d.withdrawal.Reference, d.withdrawal.At
	} else {
		q.reference, q.revision, q.at = d.submission.Reference, max(d.submission.Revision, 1), d.submission.SubmittedAt
	}
	return q
}

// one takes in one package.
func one(s Register, by review.Actor, next queued, now time.Time) Item {
	item := Item{Source: next.Name, Outcome: Refused, Reference: next.reference, Revision: next.revision}
	if !review.ValidReference(item.Reference) {
		item.Reference = ""
	}
	if next.revision > 0 && there(s, by, next, now) {
		item.Outcome = Already
		return item
	}
	pkg, err := Read(next.Source, s.Policy())
	if err != nil {
		item.Err = err
		return item
	}
	if pkg.Withdrawal != nil {
		item.Outcome, item.Err = withdraw(s, by, *pkg.Withdrawal, now)
		return item
	}
	_, err = s.Submit(by.Name, pkg.Submission, pkg.Files, now)
	switch {
	case err == nil:
		item.Outcome = Taken
	case errors.Is(err, review.ErrAlready):
		item.Outcome = Already
	default:
		item.Err = err
	}
	return item
}

// there tells whether exactly this submission is in the register. It spares an import that is done again the decoding of
// every picture. What is submitted here can only be found or refused: its revision is not a new one.
func there(s Register, by review.Actor, next queued, now time.Time) bool {
	present, err := s.Application(by, next.reference)
	if err != nil || present.Revision < next.revision {
		return false
	}
	pkg, err := next.read(s.Policy(), true)
	if err != nil {
		return false
	}
	_, err = s.Submit(by.Name, pkg.Submission, nil, now)
	return errors.Is(err, review.ErrAlready)
}

// clockSkew is how far ahead of the desk's clock a sender's may be.
const clockSkew = 10 * time.Minute

// withdraw carries out a withdrawal. It means the revision that was there at its time: one that arrives again after the
// application was submitted anew must not withdraw the new revision.
func withdraw(s Register, by review.Actor, w Withdrawal, now time.Time) (Outcome, error) {
	if w.At.After(now.Add(clockSkew)) {
		return Refused, refuse("", "withdrawal_ahead")
	}
	present, err := s.Application(by, w.Reference)
	if err != nil {
		return Refused, err
	}
	if w.At.Before(present.SubmittedAt) {
		return late(s, by, w)
	}
	if present.State == review.Withdrawn {
		return Already, nil
	}
	_, err = s.Change(by.Name, w.Reference, present.Version, now,
		func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
			return a.WithdrawByPackage(by, s.Policy(), now)
		})
	if err != nil {
		return Refused, err
	}
	return Withdrawn, nil
}

// late answers a withdrawal of a revision that has been replaced.
func late(s Register, by review.Actor, w Withdrawal) (Outcome, error) {
	earlier, err := s.Revisions(by, w.Reference)
	if err != nil {
		return Refused, err
	}
	for _, a := range slices.Backward(earlier) {
		if !w.At.Before(a.SubmittedAt) && a.State == review.Withdrawn {
			return Already, nil
		}
	}
	return Refused, refuse("", "withdrawal_early", "reference", w.Reference)
}
