package store

import (
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"rongzheng/review"
)

// QueueName names a list of applications or certificates.
type QueueName string

// The queues.
const (
	// Pending is what the account can decide now (待审核): in review at its level, in its areas, not held, and not barred by
	// the four-eyes rule. The earliest due date comes first, the earliest submission within it.
	Pending QueueName = "pending"
	// Waiting is in review and not held, but not for this account to decide (审核中): other levels and what four eyes bar; for
	// accounts that decide nothing, all in review that is not held. Order as Pending.
	Waiting QueueName = "waiting"
	// Held is set aside (挂起), at any level. Order as Pending.
	Held QueueName = "held"
	// Approved (已通过) and Rejected (未通过) have the latest decision first, Withdrawn (已撤回) the latest withdrawal.
	Approved  QueueName = "approved"
	Rejected  QueueName = "rejected"
	Withdrawn QueueName = "withdrawn"
	// All is every application of the scope, the latest submission first.
	All QueueName = "all"
	// Certificates has certificates as its rows (证书), the latest issue first; void numbers are among them.
	Certificates QueueName = "certificates"
)

// Queues lists every queue in the order shown.
func Queues() []QueueName {
	return []QueueName{Pending, Waiting, Held, Approved, Rejected, Withdrawn, All, Certificates}
}

// Queue asks for one queue as an account sees it: every queue holds only what lies in the account's scope (domain §6).
type Queue struct {
	Name QueueName
	By   review.Actor
	Text string // a filter: anything that Find knows; several words must all match
	// Query is a filter of terms that must all hold on the day Today (review.ParseQuery). Of certificates it can ask for words
	// only; any other term finds none.
	Query review.Query
	Today review.Date
	// Now is when leases of work packs are held against; rows of a queue without it tell of none.
	Now time.Time
}

// ErrQueue says that there is no queue of the name, or that a cursor is not one of ours.
var ErrQueue = errors.New("no such queue or place")

// Cursor is an opaque place in a queue; "" is its beginning. A cursor outlives the row that it was taken from: what
// follows it is what sorts after that place now.
type Cursor string

func (p place) cursor() Cursor { return Cursor(hex.EncodeToString(p[:])) }

func (c Cursor) place() (p place, err error) {
	raw, err := hex.DecodeString(string(c))
	if err != nil || len(raw) != placeSize {
		return p, ErrQueue
	}
	return place(raw), nil
}

// Row is one line of a queue: an application or a certificate.
type Row struct {
	Application *review.Application
	Certificate *review.Certificate
	// Holder is the name of the certificate's holder for an application that states none, as a completion; "" for any other.
	Holder string
	At     Cursor
	// Unseen is how many attachments the account must still look at before it can approve; 0 where it cannot decide.
	Unseen int
	// Lease is with which work pack the application is outside, nil for none.
	Lease *review.Lease
}

// Page is a stretch of a queue in the order shown.
type Page struct {
	Rows []Row
	// More says that there is more beyond the last row (forward) or before the first one (backward). With a filter
	// it may be true although nothing more matches, and the page shorter than asked for: the work of one call is bounded.
	More bool
	// Next is the cursor to go on from in the same direction.
	Next Cursor
}

// groups returns the groups that have keys and that the test wants. There are as many as areas, levels and people who
// enter, not as many as applications.
func (t *txn) groups(want func(g group) bool) ([]group, error) {
	var found []group
	for key := range keys(t.in(counts), []byte{'a'}) {
		g, ok := parseGroup(key)
		if !ok {
			return nil, damaged(counts, 0, errHead)
		}
		if want(g) {
			found = append(found, g)
		}
	}
	return found, nil
}

// part is one sorted list that a queue is merged from: the keys of prefix without those of except, where that is not nil.
type part struct{ prefix, except []byte }

func (t *txn) parts(v *view) ([]part, error) {
	groups, err := t.groups(func(g group) bool { return v.holds(&g) })
	if err != nil {
		return nil, err
	}
	parts := make([]part, len(groups))
	for i, g := range groups {
		switch mine := v.decides(&g); {
		case mine && v.name == Pending:
			parts[i] = part{g.listKey(), t.counted(g.barKey(v.by.Name))}
		case mine && v.name == Waiting:
			parts[i] = part{g.barKey(v.by.Name), nil}
		default:
			parts[i] = part{g.listKey(), nil}
		}
	}
	return parts, nil
}

// counted returns the key of the list, nil when it has no keys.
func (t *txn) counted(key []byte) []byte {
	if t.in(counts).Get(key) == nil {
		return nil
	}
	return key
}

func (t *txn) countParts(v *view) (int, error) {
	parts, err := t.parts(v)
	n := 0
	for _, p := range parts {
		n += int(countOf(t.in(counts).Get(p.prefix)))
		if p.except != nil {
			n -= int(countOf(t.in(counts).Get(p.except)))
		}
	}
	return n, err
}

// Count returns the number of rows of the queue from the kept counts. With a filter it counts matches up to
// CountLimit; exact is false when it stopped there or had looked long enough.
func (s *Store) Count(q Queue) (n int, exact bool, err error) {
	err = s.view(func(t *txn) error {
		v, err := newView(&q)
		if err != nil {
			return err
		}
		if v.filter.active() {
			n, exact, err = t.countMatches(&v)
			return err
		}
		n, err = t.countParts(&v)
		exact = true
		return err
	})
	return n, exact, about("count", string(q.Name), err)
}

// Counts returns the number of rows of every queue as the account sees them, from the kept counts.
func (s *Store) Counts(by review.Actor) (map[QueueName]int, error) {
	all := make(map[QueueName]int, len(Queues()))
	err := s.view(func(t *txn) error {
		for _, name := range Queues() {
			v, err := newView(&Queue{Name: name, By: by})
			if err != nil {
				return err
			}
			if all[name], err = t.countParts(&v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, about("count for", by.Name, err)
	}
	return all, nil
}

// Page returns up to n rows that follow (forward) or precede the cursor in the order shown, and whether there are more.
// Forward from "" starts at the beginning, backward from "" at the end.
func (s *Store) Page(q Queue, at Cursor, forward bool, n int) (Page, error) {
	var page Page
	err := s.view(func(t *txn) error {
		v, err := newView(&q)
		if err != nil {
			return err
		}
		from, err := startOf(at, forward)
		if err != nil {
			return err
		}
		parts, err := t.parts(&v)
		if err != nil {
			return err
		}
		places, more, next, err := t.choose(&v, parts, from, n)
		if err != nil {
			return err
		}
		page, err = t.page(places, forward)
		if err == nil {
			err = t.outsideRows(page.Rows, q.Now)
		}
		t.toSee(page.Rows, &q.By)
		page.More, page.Next = more, next
		return err
	})
	return page, about("page of", string(q.Name), err)
}

// start is where a walk through a queue begins, and in which direction.
type start struct {
	at      *place // nil: from the end of the queue that the direction leaves
	forward bool
}

func startOf(at Cursor, forward bool) (start, error) {
	if at == "" {
		return start{nil, forward}, nil
	}
	p, err := at.place()
	return start{&p, forward}, err
}

// choose picks up to n places of the queue from the start on, in the direction of the walk.
func (t *txn) choose(v *view, parts []part, from start, n int) (places []place, more bool, next Cursor, err error) {
	if v.filter.active() {
		return t.chooseMatches(v, parts, from, n, maxWork)
	}
	steps := 0
	for p := range t.walk(parts, from, maxSteps, &steps) {
		if len(places) == n {
			return places, true, places[n-1].cursor(), nil
		}
		places = append(places, p)
		next = p.cursor()
	}
	return places, steps >= maxSteps, next, nil
}

// page reads the rows at the places and puts them into the order shown.
func (t *txn) page(places []place, forward bool) (Page, error) {
	rows := make([]Row, len(places))
	for i, p := range places {
		row, err := t.row(p.id())
		if err != nil {
			return Page{}, err
		}
		row.At = p.cursor()
		rows[i] = row
	}
	if !forward {
		slices.Reverse(rows)
	}
	return Page{Rows: rows}, nil
}

func (t *txn) row(id uint64) (Row, error) {
	if isCertificate(id) {
		c, err := t.certificateAt(id)
		return Row{Certificate: &c.Certificate}, err
	}
	kept := t.chosen[id]
	if kept == nil {
		a, err := t.applicationAt(id)
		if err != nil {
			return Row{}, err
		}
		kept = &a
	}
	holder, err := t.holderOf(kept)
	return Row{Application: kept, Holder: holder}, err
}

// holderOf is the name that the person's certificate carries, for an application that states none.
func (t *txn) holderOf(a *review.Application) (string, error) {
	if a.Kind != review.Completion {
		return "", nil
	}
	var f review.Facts
	err := t.factsOfPerson(a.Applicant(), &f)
	if err != nil || f.Certificate == nil || f.Certificate.Current() == nil {
		return "", err
	}
	return f.Certificate.Current().Form.Get("name"), nil
}
