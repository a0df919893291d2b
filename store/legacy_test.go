package store

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"rongzheng/review"
)

func legacy(n int) LegacyCertificate {
	return LegacyCertificate{
		Number: fmt.Sprintf("CD-2024-%06d", n+1),
		Form: review.Form{
			"name": {nameOf(n)}, "id_type": {review.ResidentCard}, "id_number": {identity(n)}, "sex": {review.Female}, "level": {"2"},
			"management_number": {fmt.Sprintf("2020065101%010d", n)}, "review_area": {"510107"},
			"first_registered_on": {"2024-03-01"}, "certificate_valid_until": {"2027-02-28"},
		},
		Portrait: bytes.Repeat([]byte("portrait"), 1+n%2*1000),
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var rule *review.RuleError
	if !errors.As(err, &rule) || rule.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestLegacyTwice(t *testing.T) {
	s := newStore(t)
	certs := []LegacyCertificate{legacy(0), legacy(1)}
	answers, err := s.AddLegacy("li.admin", certs, clock)
	if err != nil || answers[0] != nil || answers[1] != nil {
		t.Fatal(answers, err)
	}
	reopen(t, s)
	c, err := s.Certificate(actor(t, s, "zhou.wuhou"), certs[1].Number)
	if err != nil {
		t.Fatal(err)
	}
	if c.State(review.DateOf(clock)) != review.Incomplete || c.ValidUntil() != review.NewDate(2027, 2, 28) {
		t.Errorf("got %s until %s, want an incomplete record until 2027-02-28", c.State(review.DateOf(clock)), c.ValidUntil())
	}
	if answers, err = s.AddLegacy("li.admin", certs, clock); err != nil {
		t.Fatal(err)
	}
	for _, answer := range answers {
		if !errors.Is(answer, review.ErrAlready) {
			t.Errorf("the same again: got %v, want ErrAlready", answer)
		}
	}
	if _, err := s.Copy("zhou.wuhou", certs[0].Number, onPaper, clock); err == nil {
		t.Error("an incomplete record was printed")
	}
}

func TestLegacyConflicts(t *testing.T) {
	s := newStore(t)
	if _, err := s.AddLegacy("li.admin", []LegacyCertificate{legacy(0)}, clock); err != nil {
		t.Fatal(err)
	}
	otherContent, otherNumber, noNumber, nobody := legacy(0), legacy(0), legacy(5), legacy(6)
	otherContent.Form.Set("level", "3")
	otherContent.Portrait = bytes.Repeat([]byte("refused"), 1000)
	otherNumber.Number = "CD-2024-000099"
	noNumber.Number = "2024/17"
	nobody.Form.Set("id_number")
	otherPerson := legacy(3)
	otherPerson.Number = legacy(0).Number
	answers, err := s.AddLegacy("li.admin", []LegacyCertificate{otherContent, otherNumber, noNumber, nobody, otherPerson}, clock)
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range []string{"certificate_other_content", "certificate_held", "certificate_number_form", "person_missing", "certificate_number_taken"} {
		wantCode(t, answers[i], code)
	}
	if left := filesIn(t, filepath.Join(s.dir, blobFolder)); len(left) > 0 {
		t.Errorf("refused certificates left %v", left)
	}
	if _, err := s.AddLegacy("ma.clerk", nil, clock); err != nil {
		t.Errorf("nothing at all: %v", err)
	}
	if _, err := s.AddLegacy("ma.clerk", []LegacyCertificate{legacy(7)}, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("clerk: got %v, want ErrDenied", err)
	}
}

func TestNumbersStayAheadOfLegacy(t *testing.T) {
	s := newStore(t)
	old := legacy(0)
	old.Number = "CD-2026-000041"
	if _, err := s.AddLegacy("li.admin", []LegacyCertificate{old}, clock); err != nil {
		t.Fatal(err)
	}
	if a := approved(t, s, 1); a.Certificate != "CD-2026-000042" {
		t.Errorf("got %s, want CD-2026-000042", a.Certificate)
	}
}

// A completion of a legacy record adds a version to the same certificate, which may then be printed.
func TestCompletionOfALegacyRecord(t *testing.T) {
	s := newStore(t)
	old := legacy(0)
	if _, err := s.AddLegacy("li.admin", []LegacyCertificate{old}, clock); err != nil {
		t.Fatal(err)
	}
	sub := review.Submission{
		Reference: "SQ-COMPLETION", Revision: 1, Kind: review.Completion, SubmittedAt: clock,
		Consent: review.Consent{Privacy: clock, Truth: clock},
		Form: review.Form{
			"id_type": {review.ResidentCard}, "id_number": {identity(0)}, "community_post": {"41"}, "fields": {"05"},
			"delegate_roles": {review.NoDelegate}, "honours": {review.NoHonour}, "certificate_valid_until": {"2027-02-28"},
		},
	}
	data := map[string][]byte{}
	attach(&sub, data, "portrait", []byte("new portrait"))
	if _, err := s.Submit("portal", sub, data, clock); err != nil {
		t.Fatal(err)
	}
	page, err := s.Page(Queue{Name: Pending, By: actor(t, s, "zhou.wuhou")}, "", true, 10)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].Holder != old.Form.Get("name") {
		t.Errorf("its row: %d rows, %v, want the name of the certificate", len(page.Rows), err)
	}
	var a review.Application
	for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
		a = change(t, s, reviewer, sub.Reference, approval(s, clock))
	}
	if a.Certificate != old.Number || a.CertificateVersion != 2 {
		t.Errorf("got %s version %d, want %s version 2", a.Certificate, a.CertificateVersion, old.Number)
	}
	if _, err := s.Copy("zhou.wuhou", old.Number, onPaper, clock); err != nil {
		t.Errorf("print after completion: %v", err)
	}
	answers, err := s.AddLegacy("li.admin", []LegacyCertificate{old}, clock)
	if err != nil || !errors.Is(answers[0], review.ErrAlready) {
		t.Errorf("the sheet again: got %v, %v, want ErrAlready", answers, err)
	}
}
