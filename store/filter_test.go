package store

import (
	"slices"
	"testing"

	"rongzheng/review"
)

// A queue with a query holds exactly the applications of the queue that the query lets through, in its order, in pages of
// any size and in both directions.
func TestQueueWithQuery(t *testing.T) {
	s := busyDesk(t)
	today := review.DateOf(clock)
	for _, text := range []string{
		"kind:first", "kind:renewal", "state:rejected", "-state:in_review", "level:2", "level>1", "area:武侯区", "area:锦江区", "-area:锦江区",
		"hold", "-hold", "submitted>=2026-11-16", "submitted<2026-11-16", "due<=2026-12-31", "due<2026-11-20", "decided:today",
		"overdue", "unchanged", "-unchanged kind:first", "due>=2026-01-01 kind:first", "state:rejected,in_review hold", "hold -hold",
		"fields:社区建设", "kind:first 王", "-王", "level:1 -王 wang", "level:1,2 kind:first -hold",
	} {
		query, err := review.ParseQuery(text, s.policy, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []QueueName{Pending, Waiting, Held, Approved, Rejected, All} {
			for _, account := range []string{"zhou.wuhou", "wu.city", "li.admin"} {
				q := Queue{Name: name, By: actor(t, s, account)}
				want := asked(t, s, q, query, today)
				q.Query, q.Today = query, today
				for _, size := range []int{1, 4, 100} {
					for _, forward := range []bool{true, false} {
						if got := readAll(t, s, q, size, forward); !slices.Equal(got, want) {
							t.Errorf("%s of %s with %q: got %v, want %v", name, account, text, got, want)
						}
					}
				}
			}
		}
	}
}

// TestQueueOfManyWithQuery: the same where more have what an index knows of a query than are looked at one by one.
func TestQueueOfManyWithQuery(t *testing.T) {
	s := newStore(t)
	if err := s.Load("li.admin", crowd(300), clock, nil); err != nil {
		t.Fatal(err)
	}
	today := review.DateOf(clock)
	for _, text := range []string{
		"kind:first decided>=2020-01-01", "kind:first decided>=2020-01-01 王", "kind:renewal", "kind:first state:rejected", "unchanged",
		"state:rejected decided>=2020-01-01", "state:in_review,rejected", "due<3d", "due>=2020-01-01", "overdue", "state:approved due<3d",
	} {
		query, err := review.ParseQuery(text, s.policy, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []QueueName{Waiting, Approved, All} {
			q := Queue{Name: name, By: actor(t, s, "li.admin")}
			want := asked(t, s, q, query, today)
			q.Query, q.Today = query, today
			for _, forward := range []bool{true, false} {
				if got := readAll(t, s, q, 7, forward); !slices.Equal(got, want) {
					t.Errorf("%s with %q: got %v, want %v", name, text, got, want)
				}
			}
		}
	}
}

// asked holds every application of the queue against the query.
func asked(t *testing.T, s *Store, q Queue, query review.Query, today review.Date) []string {
	t.Helper()
	page, err := s.Page(q, "", true, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, row := range page.Rows {
		h := applicationHead(row.Application)
		matches := query.Match(row.Application, q.By, nil, today)
		for _, text := range query.Words() {
			matches = matches && matchesAll(words(text), &h)
		}
		for _, text := range query.Without() {
			matches = matches && !matchesAll(words(text), &h)
		}
		if matches {
			found = append(found, row.Application.Reference)
		}
	}
	return found
}

func TestQueryWithChecks(t *testing.T) {
	s := newStore(t)
	submit(t, s, 1)
	sub, data := firstSubmission(2)
	sub.Form.Set("education", "90")
	if _, err := s.Submit("portal", sub, data, clock); err != nil {
		t.Fatal(err)
	}
	today := review.DateOf(clock)
	query, err := review.ParseQuery("has:warning", s.policy, today)
	if err != nil {
		t.Fatal(err)
	}
	got := readAll(t, s, Queue{Name: All, By: actor(t, s, "li.admin"), Query: query, Today: today}, 10, true)
	if !slices.Equal(got, []string{reference(2)}) {
		t.Errorf("got %v, want the one with a warning", got)
	}
}

func TestQueryOfCertificates(t *testing.T) {
	s := busyDesk(t)
	today := review.DateOf(clock)
	for text, want := range map[string]int{nameOf(11): 1, "-" + nameOf(11): 0, "kind:first": 0} {
		query, err := review.ParseQuery(text, s.policy, today)
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(t, s, Queue{Name: Certificates, By: actor(t, s, "li.admin"), Query: query, Today: today}, 10, true)
		if len(got) != want {
			t.Errorf("%q finds %v, want %d", text, got, want)
		}
	}
}
