package store

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// twoAdministrators is a store with a second administrator and a certificate.
func twoAdministrators(t *testing.T) (*Store, review.Application) {
	t.Helper()
	s := newStore(t)
	if err := s.AddAccount("li.admin", review.Account{Name: "yu.admin", Role: review.Administrator}, clock); err != nil {
		t.Fatal(err)
	}
	return s, approved(t, s, 1)
}

func TestRevocationIsSeenEverywhereAtOnce(t *testing.T) {
	s, a := twoAdministrators(t)
	paper(t, s, a.Certificate)
	what := review.Proposal{Action: review.Revoke, Reason: "request"}
	c, err := s.Propose("li.admin", a.Certificate, 0, what, clock)
	if err != nil {
		t.Fatal(err)
	}
	waiting, _, err := s.Waiting(actor(t, s, "deng.city"), 10)
	if err != nil || len(waiting) != 1 || waiting[0].Number != a.Certificate {
		t.Errorf("proposals: %d, %v", len(waiting), err)
	}
	if _, err := s.Confirm("yu.admin", a.Certificate, c.Change-1, clock); !errors.Is(err, review.ErrStale) {
		t.Errorf("another state was seen: got %v, want ErrStale", err)
	}
	if _, err := s.Confirm("li.admin", a.Certificate, 0, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("who proposed confirms: got %v, want ErrDenied", err)
	}
	paper(t, s, a.Certificate) // it stands until it is confirmed
	if _, err := s.Confirm("deng.city", a.Certificate, c.Change, clock); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
	by := actor(t, s, "li.admin")
	for _, way := range []review.CopyWay{review.OnPaper, review.AsFile} {
		_, err = s.Paper(by, a.Certificate, way)
		wantCode(t, err, "certificate_revoked")
		_, err = s.Copy("li.admin", a.Certificate, review.CopyAsk{Way: way}, clock)
		wantCode(t, err, "certificate_revoked")
	}
	_, err = s.Paper(actor(t, s, "portal"), a.Certificate, review.InResults)
	wantCode(t, err, "certificate_revoked")
	wantCode(t, s.Deliver("portal", []string{a.Certificate}, clock), "certificate_revoked")
	page, err := s.Page(Queue{Name: Certificates, By: by}, "", true, 10)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].Certificate.State(review.DateOf(clock)) != review.Revoked {
		t.Errorf("the list: %v", err)
	}
	found, err := s.Find(by, a.Certificate, 10)
	if err != nil || len(found) == 0 {
		t.Errorf("lookup: %v", err)
	}
	if waiting, _, err = s.Waiting(by, 10); err != nil || len(waiting) != 0 {
		t.Errorf("proposals: %d, %v", len(waiting), err)
	}
	timeline, err := s.Timeline(by, a.Reference)
	if err != nil || timeline[len(timeline)-1].Action != review.Revoke || timeline[len(timeline)-2].Action != review.Propose {
		t.Errorf("timeline: %v", err)
	}
}

// What is told of an application tells of its certificate too: a change of that counts as one, for who sees the application.
func TestChangeOfStandingIsAChangeSince(t *testing.T) {
	s, a := twoAdministrators(t)
	since := clock.Add(time.Hour)
	changed := func(account string, at time.Time) (found []string) {
		t.Helper()
		for a, err := range s.ChangedSince(actor(t, s, account), at) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, a.Reference)
		}
		return found
	}
	for i, what := range []review.Proposal{
		{Action: review.Revoke, Reason: "request"}, {Action: review.Reinstate, Note: "误注销"}, {Action: review.Correct, Anew: true, Note: "密钥作废"},
	} {
		at := since.Add(time.Duration(i) * time.Hour)
		if _, err := s.Propose("li.admin", a.Certificate, 0, what, at); err != nil {
			t.Fatal(err)
		}
		if got := changed("portal", at); len(got) != 0 {
			t.Errorf("%s, proposed: got %v, want none", what.Action, got)
		}
		if _, err := s.Confirm("yu.admin", a.Certificate, 0, at); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{a.Reference}, changed("portal", at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what.Action, diff)
		}
	}
	if got := changed("he.jinjiang", since); len(got) != 0 {
		t.Errorf("another district got %v", got)
	}
	if got := changed("portal", clock.Add(-time.Hour)); len(got) != 1 {
		t.Errorf("since before its approval: got %v, want it once", got)
	}
}

// A revocation stands between a renewal and its certificate; a restoration does not come beside another certificate.
func TestRestoration(t *testing.T) {
	s, a := twoAdministrators(t)
	stand := func(what review.Proposal) error {
		t.Helper()
		if _, err := s.Propose("li.admin", a.Certificate, 0, what, clock); err != nil {
			return err
		}
		_, err := s.Confirm("yu.admin", a.Certificate, 0, clock)
		return err
	}
	if err := stand(review.Proposal{Action: review.Revoke, Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	if err := stand(review.Proposal{Action: review.Reinstate, Note: "误注销"}); err != nil {
		t.Fatal(err)
	}
	paper(t, s, a.Certificate)
	if err := stand(review.Proposal{Action: review.Revoke, Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	other := legacy(1)
	other.Form.Set("id_number", a.Applicant().Number)
	other.Form.Set("sex", review.Female)
	if answers, err := s.AddLegacy("li.admin", []LegacyCertificate{other}, clock); err != nil || answers[0] != nil {
		t.Fatalf("%v %v", answers, err)
	}
	wantCode(t, stand(review.Proposal{Action: review.Reinstate, Note: "误注销"}), "certificate_held")
}

func TestCorrectionIsDrawnAnew(t *testing.T) {
	s, a := twoAdministrators(t)
	first := paper(t, s, a.Certificate)
	what := review.Proposal{Action: review.Correct, Note: "录入错误", Form: review.Form{"name": {"王方"}}}
	if _, err := s.Propose("li.admin", a.Certificate, 0, what, clock); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Confirm("yu.admin", a.Certificate, 0, clock); err != nil {
		t.Fatal(err)
	}
	drawOwed(t, s, 1)
	second := paper(t, s, a.Certificate)
	if second.Version.Version != 2 || bytes.Equal(first.PDF, second.PDF) || !bytes.Contains(second.PDF, []byte("王方")) {
		t.Errorf("version %d: %.60s", second.Version.Version, second.PDF)
	}
	if old, err := s.Drawing(actor(t, s, "xu.audit"), a.Certificate, 1); err != nil || !bytes.Equal(old.PDF, first.PDF) {
		t.Errorf("the version that was corrected is not kept: %v", err)
	}
	if _, err := s.Change("deng.city", a.Reference, 0, clock, takingBack(s, clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("taken back after a correction: got %v, want ErrDenied", err)
	}
	if rows, err := s.Find(actor(t, s, "li.admin"), "王方", 10); err != nil || len(rows) != 1 || rows[0].Certificate == nil {
		t.Errorf("found by the corrected name: %d rows, %v", len(rows), err)
	}
}

// The identity number leads to the person: a correction takes the certificate along, and never to somebody who has one.
func TestCorrectionOfTheIdentityNumber(t *testing.T) {
	s, a := twoAdministrators(t)
	b := approved(t, s, 2)
	what := func(number string) review.Proposal {
		return review.Proposal{Action: review.Correct, Note: "录入错误", Form: review.Form{"id_number": {number}}}
	}
	_, err := s.Propose("li.admin", a.Certificate, 0, what(identity(2)), clock)
	wantCode(t, err, "certificate_held")
	submit(t, s, 3)
	_, err = s.Propose("li.admin", a.Certificate, 0, what(identity(3)), clock)
	wantCode(t, err, "in_review")
	if _, err = s.Propose("li.admin", a.Certificate, 0, what(identity(4)), clock); err != nil {
		t.Fatal(err)
	}
	if _, err = s.Confirm("yu.admin", a.Certificate, 0, clock); err != nil {
		t.Fatal(err)
	}
	by := actor(t, s, "li.admin")
	c, err := s.CertificateOf(by, review.PersonKey{Type: review.ResidentCard, Number: identity(4)})
	if err != nil || c.Number != a.Certificate {
		t.Errorf("by the corrected number: got %q, %v", c.Number, err)
	}
	if _, err := s.CertificateOf(by, a.Applicant()); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("by the wrong number: got %v, want ErrNotFound", err)
	}
	if c, err = s.CertificateOf(by, b.Applicant()); err != nil || c.Number != b.Certificate {
		t.Errorf("the other person: got %q, %v", c.Number, err)
	}
}

// noGlyph refuses a name as the typeface would.
type noGlyph struct{ inked }

func (n noGlyph) Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	if v.Form.Get("name") == "王𮯰" {
		return nil, errInk
	}
	return n.inked.Draw(look, c, v, portrait)
}

func TestCorrectionThatCannotBeDrawn(t *testing.T) {
	dir := t.TempDir()
	if err := newStoreIn(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{Renderer: noGlyph{"first look"}})
	a := approved(t, s, 1)
	what := review.Proposal{Action: review.Correct, Note: "录入错误", Form: review.Form{"name": {"王𮯰"}}}
	if _, err := s.Propose("li.admin", a.Certificate, 0, what, clock); !errors.Is(err, errInk) {
		t.Errorf("got %v, want what the renderer says", err)
	}
	if c, err := s.Certificate(actor(t, s, "li.admin"), a.Certificate); err != nil || c.Proposed != nil {
		t.Errorf("%v: it was proposed all the same", err)
	}
}
