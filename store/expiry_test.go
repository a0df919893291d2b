package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"rongzheng/review"
)

// withEndings fills a store with n certificates of two areas; the ith ends i days after the first of the year.
func withEndings(t testing.TB, n int) *Store {
	t.Helper()
	s := newStore(t)
	records := func(yield func(Record, error) bool) {
		for i := range n {
			area := []string{"510107", "510104"}[i%2]
			form := firstForm(i)
			form["review_area"] = []string{area}
			until := review.NewDate(2026, 1, 1).AddDays(i)
			c := review.Certificate{
				Number: review.FormatNumber("CD", 2023, i+1), Person: review.PersonKey{Type: review.ResidentCard, Number: identity(i)},
				Versions: []review.CertificateVersion{{Version: 1, ValidUntil: until, Form: form, Area: area, IssuedAt: clock}},
			}
			switch i % 10 {
			case 7:
				c.RevokedOn, c.RevokedFor = review.DateOf(clock), "request"
			case 8:
				c.Versions[0].ValidUntil = review.Date{}
			}
			if !yield(Record{Certificate: &c}, nil) {
				return
			}
		}
	}
	if err := s.Load("li.admin", records, clock, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEndingsByDayAndArea(t *testing.T) {
	s := withEndings(t, 400)
	in := review.Period{From: review.NewDate(2026, 2, 1), To: review.NewDate(2026, 2, 28)}
	for account, want := range map[string]int{"li.admin": 22, "xu.audit": 22, "zhou.wuhou": 11, "he.jinjiang": 11, "ma.clerk": 11} {
		by := actor(t, s, account)
		e, err := s.Endings(by, in)
		if err != nil {
			t.Fatal(err)
		}
		rows := walkEnding(t, s, EndingQuery{By: by, In: in}, 5)
		if e.Sum("", in) != len(rows) || !slices.IsSorted(rows) {
			t.Errorf("%s: %d are counted, %d listed: %v", account, e.Sum("", in), len(rows), rows)
		}
		if account != "li.admin" && account != "xu.audit" && len(e.Areas()) != 1 {
			t.Errorf("%s sees %v", account, e.Areas())
		}
		_ = want
	}
	by := actor(t, s, "li.admin")
	if rows := walkEnding(t, s, EndingQuery{By: by, Area: "510104", In: review.Overdue(review.NewDate(2026, 1, 21))}, 3); len(rows) != 8 {
		t.Errorf("overdue: %v", rows)
	}
	if _, err := s.Endings(actor(t, s, "portal"), in); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the portal: %v", err)
	}
	if _, _, err := s.Ending(EndingQuery{By: actor(t, s, "portal"), In: in}, "", 5); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the portal: %v", err)
	}
}

func walkEnding(t testing.TB, s *Store, q EndingQuery, n int) []string {
	t.Helper()
	var all []string
	at := Cursor("")
	for {
		rows, more, err := s.Ending(q, at, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all = append(all, row.Certificate.ValidUntil().String()+" "+row.Certificate.Number)
			at = row.At
		}
		if !more {
			return all
		}
		if len(rows) != n {
			t.Fatalf("%d rows of %d, and more", len(rows), n)
		}
	}
}

// TestEndingFollowsTheRecord: an approval enters the certificate, its taking back removes it, an application in review is
// named.
func TestEndingFollowsTheRecord(t *testing.T) {
	s := newStore(t)
	by := actor(t, s, "li.admin")
	all := review.Period{From: review.DateOf(clock), To: review.NewDate(2040, 1, 1)}
	counted := func() string {
		e, err := s.Endings(by, all)
		if err != nil {
			t.Fatal(err)
		}
		rows, _, err := s.Ending(EndingQuery{By: by, In: all}, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(e.Sum("", all))
		for _, row := range rows {
			text += " " + row.Certificate.ValidUntil().String() + row.InReview
		}
		return text
	}
	a := approved(t, s, 1)
	if got := counted(); got != "1 2029-11-15" {
		t.Errorf("after the approval: %s", got)
	}
	change(t, s, "deng.city", a.Reference, takingBack(s, clock))
	if got := counted(); got != "0" {
		t.Errorf("after it was taken back: %s", got)
	}
	wantClean(t, s)
}

// A record from before the register has no mobile: the application in review has one, for who may see it.
func TestEndingTakesTheMobileOfTheApplication(t *testing.T) {
	s := newStore(t)
	if _, err := s.AddLegacy("li.admin", []LegacyCertificate{legacy(0)}, clock); err != nil {
		t.Fatal(err)
	}
	mobile := func(account string) string {
		t.Helper()
		all := review.Period{From: review.DateOf(clock), To: review.NewDate(2040, 1, 1)}
		rows, _, err := s.Ending(EndingQuery{By: actor(t, s, account), In: all}, "", 10)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		return rows[0].Mobile
	}
	if got := mobile("zhou.wuhou"); got != "" {
		t.Errorf("before: got %s, want none", got)
	}
	renew(t, s, 0, func(f review.Form) { f.Set("review_area", "510104"); f.Set("mobile", "13912345678") })
	if got := mobile("li.admin"); got != "13912345678" {
		t.Errorf("got %s, want that of the application", got)
	}
	if got := mobile("zhou.wuhou"); got != "" {
		t.Errorf("of another district's application: got %s, want none", got)
	}
}
