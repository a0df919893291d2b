package store

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"rongzheng/review"
)

// twin is another valid identity number with the birth date of the person's.
func twin(number string) string {
	weights := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	other, sum := "510104"+number[6:14]+"888", 0
	for i, w := range weights {
		sum += w * int(other[i]-'0')
	}
	return other + string("10X98765432"[sum%11])
}

// alikeDesk has applications 1 and 2 of two people with one name, birth date and management number; 3 shares a file with
// 1 and lies in another area.
func alikeDesk(t *testing.T) *Store {
	t.Helper()
	s := newStore(t)
	file := submit(t, s, 1)
	for n := 2; n <= 3; n++ {
		sub, data := firstSubmission(n)
		if n == 2 {
			sub.Form.Set("name", nameOf(1))
			sub.Form.Set("id_number", twin(identity(1)))
			sub.Form.Set("management_number", firstForm(1).Get("management_number"))
		} else {
			sub.Form.Set("review_area", "510104")
			sub.Attachments[0] = file.Attachments[0]
			delete(data, hashOf([]byte("id_card_front of 3")))
		}
		if _, err := s.Submit("portal", sub, data, clock); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func tellApart(s *Store, account string, n, m int, at time.Time) error {
	return s.Record(account, review.Event{Action: review.NotSame, Reference: reference(n), Target: reference(m)}, at)
}

func TestSameNameAndBirthDate(t *testing.T) {
	s := alikeDesk(t)
	reopen(t, s)
	f, err := s.Facts(reference(1))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{reference(2)}; !slices.Equal(f.SameBirth, want) || !slices.Equal(f.SameManagementNumber, want) {
		t.Errorf("the same birth at %v, number at %v, want %v", f.SameBirth, f.SameManagementNumber, want)
	}
	// Nobody searches for a birth date.
	for _, text := range []string{identity(1)[6:14], "b" + identity(1)[6:14]} {
		if rows, err := s.Find(actor(t, s, "li.admin"), text, 10); err != nil || len(rows) > 0 {
			t.Errorf("a birth date finds %d rows, %v", len(rows), err)
		}
	}
}

// TestToldApart: who and when stand in the hint of both cases, and a new revision is looked at anew.
func TestToldApart(t *testing.T) {
	s := alikeDesk(t)
	if err := tellApart(s, "zhou.wuhou", 1, 2, clock); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	want := map[string]review.Checked{reference(2): {By: "zhou.wuhou", On: review.DateOf(clock)}}
	f, err := s.Facts(reference(1))
	if !maps.Equal(f.Checked, want) || err != nil {
		t.Errorf("checked %v, %v, want %v", f.Checked, err, want)
	}
	f, err = s.Facts(reference(2))
	if got := f.Checked[reference(1)]; got != want[reference(2)] || err != nil {
		t.Errorf("from the other side: %v, %v", got, err)
	}
	a, err := s.Application(actor(t, s, "li.admin"), reference(1))
	if err != nil {
		t.Fatal(err)
	}
	var severities []review.Severity
	f, _ = s.Facts(reference(1))
	for _, p := range review.Checks(&a, s.policy, f, review.DateOf(clock)) {
		severities = append(severities, p.Severity)
	}
	if want := []review.Severity{review.Info, review.Info, review.Warn}; !slices.Equal(severities, want) { // the file of 3 is open
		t.Errorf("checks = %v, want %v", severities, want)
	}

	change(t, s, "portal", reference(1), withdrawal(s, clock))
	sub, data := firstSubmission(1)
	sub.Revision, sub.SubmittedAt = 2, clock.Add(time.Hour)
	if _, err := s.Submit("portal", sub, data, clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2} {
		if f, err = s.Facts(reference(n)); err != nil || len(f.Checked) > 0 {
			t.Errorf("%d after a new revision: checked %v, %v", n, f.Checked, err)
		}
	}
	if err := tellApart(s, "zhou.wuhou", 2, 1, clock.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if f, err = s.Facts(reference(1)); err != nil || len(f.Checked) != 1 {
		t.Errorf("after a look from the other side: checked %v, %v", f.Checked, err)
	}
}

// TestTellApartIsRefused: nobody has compared what they do not see, and a person is not told apart from themselves.
func TestTellApartIsRefused(t *testing.T) {
	s := alikeDesk(t)
	for _, account := range []string{"ma.clerk", "li.admin", "portal"} {
		if err := tellApart(s, account, 1, 2, clock); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s: %v, want ErrDenied", account, err)
		}
	}
	if err := tellApart(s, "zhou.wuhou", 1, 3, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("out of the scope: %v, want ErrDenied", err)
	}
	if err := tellApart(s, "he.jinjiang", 1, 3, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the case out of the scope: %v, want ErrDenied", err)
	}
	wantCode(t, tellApart(s, "zhou.wuhou", 1, 1, clock), "same_person")
	if err := tellApart(s, "zhou.wuhou", 1, 99, clock); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("not there: %v", err)
	}
	if err := tellApart(s, "wu.city", 1, 3, clock); err != nil {
		t.Errorf("who sees both: %v", err)
	}
	portal, err := s.Timeline(actor(t, s, "portal"), reference(1))
	if err != nil || slices.ContainsFunc(portal, func(e review.Event) bool { return e.Action == review.NotSame }) {
		t.Errorf("the portal reads of it: %v", err)
	}
}

// TestAlikeKeepsTheScope: what an account may not see has a name and nothing else.
func TestAlikeKeepsTheScope(t *testing.T) {
	s := alikeDesk(t)
	got, err := s.Alike(actor(t, s, "zhou.wuhou"), reference(1))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if one := got[0]; one.Name != reference(2) || one.Application == nil || !slices.Equal(one.Codes, []string{"management_shared", "birth_shared"}) {
		t.Errorf("the first is %+v", one)
	}
	if one := got[1]; one.Name != reference(3) || one.Application != nil || one.Certificate != nil || !slices.Equal(one.Codes, []string{"file_shared"}) {
		t.Errorf("out of the scope: %+v", one)
	}
	if err := tellApart(s, "zhou.wuhou", 1, 2, clock); err != nil {
		t.Fatal(err)
	}
	if got, err = s.Alike(actor(t, s, "wu.city"), reference(1)); err != nil || got[0].Name != reference(3) || got[0].Application == nil || got[1].Checked.By != "zhou.wuhou" {
		t.Errorf("for the city, open ones first: %+v, %v", got, err)
	}
	if _, err := s.Alike(actor(t, s, "he.jinjiang"), reference(1)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("out of the scope: %v", err)
	}
	a := approved(t, s, 7)
	sub, data := firstSubmission(8)
	sub.Form.Set("management_number", a.Form.Get("management_number"))
	if _, err := s.Submit("portal", sub, data, clock); err != nil {
		t.Fatal(err)
	}
	got, err = s.Alike(actor(t, s, "zhou.wuhou"), reference(8))
	if err != nil || len(got) != 2 || got[0].Certificate == nil || got[1].Application == nil {
		t.Fatalf("an application and its certificate: %+v, %v", got, err)
	}
	if err := tellApart(s, "zhou.wuhou", 8, 7, clock); err != nil { // it tells the person apart, whatever record it was
		t.Fatal(err)
	}
	f, err := s.Facts(reference(8))
	if err != nil || len(f.Checked) != 2 {
		t.Errorf("checked %v, %v, want both records of the person", f.Checked, err)
	}
}
