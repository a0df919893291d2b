package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rongzheng/review"
)

// coded lets a store make codes that say what they are made of.
func coded(s *Store) {
	s.options.Code = func(c *review.Certificate, v *review.CertificateVersion) (review.Code, error) {
		return review.Code{Text: "RZ1:" + c.Number, Key: "key", Check: "0000-0000-0000"}, nil
	}
}

func TestIssueMakesTheCode(t *testing.T) {
	s := newStore(t)
	coded(s)
	a := approved(t, s, 1)
	reopen(t, s)
	by := actor(t, s, "li.admin")
	c, err := s.Certificate(by, a.Certificate)
	if err != nil || c.Current().Code.Text != "RZ1:"+a.Certificate {
		t.Fatalf("code %+v, %v", c.Current().Code, err)
	}
	if key, err := s.Coded(); err != nil || key != "key" {
		t.Errorf("coded by %q, %v", key, err)
	}
	st, err := s.Standing(actor(t, s, "he.jinjiang"), a.Certificate) // of another district
	if err != nil || st.Version != 1 || st.Last != 1 || !st.RevokedOn.IsZero() {
		t.Errorf("standing %+v, %v", st, err)
	}
	if _, err := s.Standing(by, "CD-1999-000001"); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a number that nobody has: %v", err)
	}
	fallen, err := s.Fallen(by, review.DateOf(clock), nil)
	if err != nil || len(fallen) != 0 {
		t.Errorf("fallen %v, %v", fallen, err)
	}
}

// TestNoCodeNoCertificate: where no code can be made the approval has not happened, and no number is used up.
func TestNoCodeNoCertificate(t *testing.T) {
	s := newStore(t)
	locked := errors.New("locked")
	s.options.Code = func(*review.Certificate, *review.CertificateVersion) (review.Code, error) {
		return review.Code{}, locked
	}
	a := submit(t, s, 1)
	for _, reviewer := range []string{"zhou.wuhou", "wu.city"} {
		a = change(t, s, reviewer, a.Reference, approval(s, clock))
	}
	if _, err := s.Change("deng.city", a.Reference, 0, clock, approval(s, clock)); !errors.Is(err, locked) {
		t.Fatalf("approved without a code: %v", err)
	}
	reopen(t, s)
	got, err := s.Application(actor(t, s, "li.admin"), a.Reference)
	if err != nil || got.State != review.InReview || got.Version != a.Version {
		t.Errorf("the application is %s version %d, %v", got.State, got.Version, err)
	}
	coded(s)
	a = change(t, s, "deng.city", a.Reference, approval(s, clock))
	if a.Certificate != "CD-2026-000001" {
		t.Errorf("the next number is %s", a.Certificate)
	}
}

func TestFallenListsWhatDoesNotStand(t *testing.T) {
	s := newStore(t)
	coded(s)
	void, stands := approved(t, s, 1), approved(t, s, 2)
	change(t, s, "deng.city", void.Reference, takingBack(s, clock))
	by := actor(t, s, "li.admin")
	fallen, err := s.Fallen(by, review.DateOf(clock), nil)
	if err != nil || len(fallen) != 1 || fallen[0].Number != void.Certificate || fallen[0].Version != 0 || fallen[0].Last != 1 {
		t.Errorf("fallen %+v, %v; %s stands", fallen, err, stands.Certificate)
	}
	later := review.DateOf(clock).AddYears(4)
	if fallen, err = s.Fallen(by, later, nil); err != nil || len(fallen) != 0 {
		t.Errorf("when its validity is over too: %+v, %v", fallen, err)
	}
	if _, err := s.Fallen(review.Actor{}, later, nil); err == nil {
		t.Error("nobody may see the list")
	}
}

// TestNewVersionsGetTheirOwnCode: whatever adds a version, it does not keep the code of the one that it was made from.
func TestNewVersionsGetTheirOwnCode(t *testing.T) {
	s := newStore(t)
	s.options.Code = func(c *review.Certificate, v *review.CertificateVersion) (review.Code, error) {
		return review.Code{Text: fmt.Sprintf("RZ1:%d", v.Version)}, nil
	}
	a := approved(t, s, 1)
	err := s.update(func(t *txn) error {
		id, before, err := t.certificate(a.Certificate)
		if err != nil {
			return err
		}
		c := certificate{before.Clone(), before.EnteredBy}
		v := *c.Current()
		v.Version, v.Look, v.File, v.Size = 2, "", "", 0
		c.Versions = append(c.Versions, v)
		c.Change++
		return t.putCertificate(id, &before, &c)
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Certificate(actor(t, s, "li.admin"), a.Certificate)
	if err != nil || c.Versions[0].Code.Text != "RZ1:1" || c.Versions[1].Code.Text != "RZ1:2" {
		t.Errorf("codes %v, %v", c.Versions, err)
	}
}

// TestCodesAreThoseThatStand: what a withdrawn key may be vouched for.
func TestCodesAreThoseThatStand(t *testing.T) {
	s := newStore(t)
	coded(s)
	void, stands := approved(t, s, 1), approved(t, s, 2)
	change(t, s, "deng.city", void.Reference, takingBack(s, clock))
	by := actor(t, s, "li.admin")
	list := func(on review.Date) (numbers []string) {
		err := s.Codes(by, on, func(number string, v *review.CertificateVersion) {
			numbers = append(numbers, fmt.Sprint(number, " ", v.Version, " ", v.Code.Text))
		})
		if err != nil {
			t.Fatal(err)
		}
		return numbers
	}
	if got := list(review.DateOf(clock)); len(got) != 1 || got[0] != stands.Certificate+" 1 RZ1:"+stands.Certificate {
		t.Errorf("got %q", got)
	}
	if got := list(review.DateOf(clock).AddYears(4)); len(got) != 0 {
		t.Errorf("when its validity is over: %q", got)
	}
	if err := s.Codes(review.Actor{}, review.DateOf(clock), nil); err == nil {
		t.Error("nobody may see them")
	}
	st, err := s.Standing(by, stands.Certificate)
	if err != nil || st.Code(1) != "RZ1:"+stands.Certificate || st.Code(0) != "" || st.Code(2) != "" {
		t.Errorf("codes %q, %v", st.Codes, err)
	}
}

// TestCheckHoldsCodes: a code that does not hold is told with its certificate, a key that is missing once for all its
// codes.
func TestCheckHoldsCodes(t *testing.T) {
	s := newStore(t)
	coded(s)
	first, second := approved(t, s, 1), approved(t, s, 2)
	wantClean(t, s) // nothing here can check codes
	var said error
	s.options.CheckCode = func(c *review.Certificate, v *review.CertificateVersion) error {
		if c.Number == first.Certificate || errors.Is(said, ErrCodeKey) {
			return said
		}
		return nil
	}
	wantClean(t, s)
	said = errors.New("the signature does not hold")
	wantFinding(t, s, Coded, first.Certificate)
	said = fmt.Errorf("%w: key", ErrCodeKey)
	wantFinding(t, s, Coded, "key")
	findings, err := s.Check(t.Context(), nil)
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0].Text, "2 codes") || findings[0].Repairable {
		t.Errorf("got %v, %v; %s and %s carry codes", findings, err, first.Certificate, second.Certificate)
	}
	said = nil
}
