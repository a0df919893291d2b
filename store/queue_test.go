package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// busyDesk makes a desk with applications in every state: 0 to 5 wait for level 1, 6 is held there, 7 and 8 wait for level
// 2, 9 was rejected, 10 withdrawn, 11 approved.
func busyDesk(t *testing.T) *Store {
	t.Helper()
	s := newStore(t)
	for n := range 11 {
		submit(t, s, n)
	}
	hold := func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.Hold(by, s.policy, "待核实", clock)
	}
	change(t, s, "zhou.wuhou", reference(6), hold)
	change(t, s, "zhou.wuhou", reference(7), approval(s, clock))
	change(t, s, "zhou.wuhou", reference(8), approval(s, clock))
	change(t, s, "zhou.wuhou", reference(9), rejection(s, clock.Add(time.Minute)))
	change(t, s, "portal", reference(10), withdrawal(s, clock.Add(2*time.Minute)))
	approved(t, s, 11)
	return s
}

func reference(n int) string { return fmt.Sprintf("SQ20261116%04d", n) }

func TestCountsByAccount(t *testing.T) {
	s := busyDesk(t)
	reopen(t, s)
	for _, test := range []struct {
		account string
		want    map[QueueName]int
	}{
		{"zhou.wuhou", map[QueueName]int{Pending: 6, Waiting: 2, Held: 1, Approved: 1, Rejected: 1, Withdrawn: 1, All: 12, Certificates: 1}},
		{"wu.city", map[QueueName]int{Pending: 2, Waiting: 6, Held: 1, Approved: 1, Rejected: 1, Withdrawn: 1, All: 12, Certificates: 1}},
		{"li.admin", map[QueueName]int{Pending: 0, Waiting: 8, Held: 1, Approved: 1, Rejected: 1, Withdrawn: 1, All: 12, Certificates: 1}},
		{"portal", map[QueueName]int{Pending: 0, Waiting: 8, Held: 1, Approved: 1, Rejected: 1, Withdrawn: 1, All: 12, Certificates: 1}},
		{"he.jinjiang", map[QueueName]int{Pending: 0, Waiting: 0, Held: 0, Approved: 0, Rejected: 0, Withdrawn: 0, All: 0, Certificates: 0}},
	} {
		got, err := s.Counts(actor(t, s, test.account))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.account, diff)
		}
	}
}

// readAll reads a whole queue in pages of the size, forward or backward, in the order shown.
func readAll(t *testing.T, s *Store, q Queue, size int, forward bool) []string {
	t.Helper()
	var found []string
	for at := Cursor(""); ; {
		page, err := s.Page(q, at, forward, size)
		if err != nil {
			t.Fatal(err)
		}
		var some []string
		for _, row := range page.Rows {
			if row.Certificate != nil {
				some = append(some, row.Certificate.Number)
			} else {
				some = append(some, row.Application.Reference)
			}
		}
		if forward {
			found = append(found, some...)
		} else {
			found = append(some, found...)
		}
		if !page.More {
			return found
		}
		at = page.Next
	}
}

func TestPagesInEitherDirectionAndAnySize(t *testing.T) {
	s := busyDesk(t)
	for _, name := range Queues() {
		q := Queue{Name: name, By: actor(t, s, "zhou.wuhou")}
		want := readAll(t, s, q, 100, true)
		n, exact, err := s.Count(q)
		if n != len(want) || !exact || err != nil {
			t.Errorf("%s: Count = %d, %v, %v, want %d", name, n, exact, err, len(want))
		}
		for size := 1; size < 5; size++ {
			for _, forward := range []bool{true, false} {
				if diff := cmp.Diff(want, readAll(t, s, q, size, forward)); diff != "" {
					t.Errorf("%s by %d, forward %v (-want +got):\n%s", name, size, forward, diff)
				}
			}
		}
	}
}

func TestLatestDecisionFirst(t *testing.T) {
	s := newStore(t)
	for n := range 3 {
		a := submit(t, s, n)
		at := clock.Add(time.Duration(n) * time.Hour)
		if _, err := s.Change("zhou.wuhou", a.Reference, 0, at, rejection(s, at)); err != nil {
			t.Fatal(err)
		}
	}
	got := readAll(t, s, Queue{Name: Rejected, By: actor(t, s, "li.admin")}, 2, true)
	if diff := cmp.Diff([]string{reference(2), reference(1), reference(0)}, got); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
}

func TestCursorOutlivesItsRow(t *testing.T) {
	s := newStore(t)
	for n := range 4 {
		submit(t, s, n)
	}
	q := Queue{Name: Pending, By: actor(t, s, "zhou.wuhou")}
	page, err := s.Page(q, "", true, 2)
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, "zhou.wuhou", page.Rows[1].Application.Reference, approval(s, clock))
	next, err := s.Page(q, page.Rows[1].At, true, 1)
	if err != nil || len(next.Rows) != 1 || next.Rows[0].Application.Reference != reference(2) {
		t.Errorf("got %d rows, %v, want %s", len(next.Rows), err, reference(2))
	}
	if _, err := s.Page(q, "zz", true, 1); !errors.Is(err, ErrQueue) {
		t.Errorf("got %v, want ErrQueue", err)
	}
}

// A person who has two accounts sees at the second level what they did not decide at the first; the count agrees, and so
// it does for an account that is added later.
func TestFourEyesKeepsOutOfPending(t *testing.T) {
	s := newStore(t)
	person := review.PersonKey{Type: review.ResidentCard, Number: identity(900)}
	add := func(a review.Account) review.Actor {
		if err := s.AddAccount("li.admin", a, clock); err != nil {
			t.Fatal(err)
		}
		return a
	}
	add(review.Account{Name: "both.one", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Person: person})
	early := add(review.Account{Name: "both.two", Role: review.Reviewer, Level: 2, Person: person})
	for n := range 6 {
		a := submit(t, s, n)
		by := []string{"both.one", "zhou.wuhou"}[n%2]
		change(t, s, by, a.Reference, approval(s, clock))
	}
	late := add(review.Account{Name: "both.late", Role: review.Reviewer, Level: 2, Person: person})
	for _, by := range []review.Actor{early, late} {
		if got := readAll(t, s, Queue{Name: Pending, By: by}, 2, true); !slices.Equal(got, []string{reference(1), reference(3), reference(5)}) {
			t.Errorf("%s has pending %v", by.Name, got)
		}
		if got := readAll(t, s, Queue{Name: Waiting, By: by}, 2, true); !slices.Equal(got, []string{reference(0), reference(2), reference(4)}) {
			t.Errorf("%s has waiting %v", by.Name, got)
		}
		counts, err := s.Counts(by)
		if err != nil || counts[Pending] != 3 || counts[Waiting] != 3 {
			t.Errorf("%s: %v, %v, want 3 and 3", by.Name, counts, err)
		}
	}
}

// The scope of the lists is the one of review: an application is in the account's list of all exactly when it sees it.
func TestScopeAgreesWithReview(t *testing.T) {
	areas, names := []string{"510104", "510107", "510116"}, []string{"ma.clerk", "portal", "other"}
	accounts := slices.Concat(deskAccounts, []review.Account{{Name: "ma.clerk", Role: review.Clerk}, {Name: "x", Role: "unknown"}})
	for _, by := range accounts {
		for _, area := range areas {
			for _, entered := range names {
				want := by.Sees(&review.Application{Area: area, EnteredBy: entered}) == nil
				sc, err := scopeOf(&by)
				got := err == nil && sc.holds(&group{area: area, entered: entered})
				if got != want {
					t.Errorf("%s (%s) and %s entered by %s: in scope %v, sees %v", by.Name, by.Role, area, entered, got, want)
				}
			}
		}
	}
}

func TestOutsideTheScope(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	by := actor(t, s, "he.jinjiang")
	_, errApplication := s.Application(by, a.Reference)
	_, errRevisions := s.Revisions(by, a.Reference)
	_, errTimeline := s.Timeline(by, a.Reference)
	_, errCertificate := s.Certificate(by, a.Certificate)
	_, errOf := s.CertificateOf(by, a.Applicant())
	_, errPrint := s.Copy(by.Name, a.Certificate, onPaper, clock)
	errRecord := s.Record(by.Name, review.Event{Action: review.Reveal, Reference: a.Reference}, clock)
	for i, err := range []error{errApplication, errRevisions, errTimeline, errCertificate, errOf, errPrint, errRecord} {
		if !errors.Is(err, review.ErrDenied) {
			t.Errorf("%d: got %v, want ErrDenied", i, err)
		}
	}
	if rows, err := s.Find(by, a.Reference, 10); len(rows) != 0 || err != nil {
		t.Errorf("found %d rows, %v, want none", len(rows), err)
	}
}

func TestChangedSince(t *testing.T) {
	s := busyDesk(t)
	collect := func(account string, since time.Time) (found []string) {
		for a, err := range s.ChangedSince(actor(t, s, account), since) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, a.Reference)
		}
		return found
	}
	if got := collect("portal", time.Time{}); len(got) != 12 {
		t.Errorf("got %d applications, want all 12", len(got))
	}
	if diff := cmp.Diff([]string{reference(10), reference(9)}, collect("portal", clock.Add(time.Minute))); diff != "" {
		t.Errorf("changed since a minute later (-want +got):\n%s", diff)
	}
	if got := collect("he.jinjiang", time.Time{}); len(got) != 0 {
		t.Errorf("another district got %v", got)
	}
}
