package store

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func TestFirstAccountIsAnAdministrator(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Create: true})
	wantCode(t, s.AddAccount("", deskAccounts[2], clock), "first_account")
	if err := s.AddAccount("", deskAccounts[0], clock); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.AddAccount("", review.Account{Name: "second", Role: review.Administrator}, clock), "first_account")
	if err := s.AddAccount("li.admin", deskAccounts[2], clock); err != nil {
		t.Fatal(err)
	}
	if err := s.AddAccount("zhou.wuhou", deskAccounts[1], clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a reviewer adds accounts: got %v, want ErrDenied", err)
	}
	if err := s.AddAccount("li.admin", deskAccounts[2], clock); !errors.Is(err, review.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	if err := s.AddAccount("nobody", deskAccounts[1], clock); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	reopen(t, s)
	got, err := s.Accounts()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]review.Account{deskAccounts[0], deskAccounts[2]}, got); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
}

func TestDisablingTwice(t *testing.T) {
	s := newStore(t)
	if err := s.DisableAccount("li.admin", "wu.city", clock); err != nil {
		t.Fatal(err)
	}
	if err := s.DisableAccount("li.admin", "wu.city", clock); !errors.Is(err, review.ErrAlready) {
		t.Errorf("got %v, want ErrAlready", err)
	}
	wantCode(t, s.DisableAccount("li.admin", "li.admin", clock), "last_administrator")
	by := actor(t, s, "wu.city")
	if _, err := s.Counts(by); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a disabled account counts: got %v, want ErrDenied", err)
	}
}

func TestRecordAndTheLog(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	if err := s.Record("zhou.wuhou", review.Event{Action: review.Reveal, Reference: a.Reference, Target: "id_number", By: "somebody else"}, clock); err != nil {
		t.Fatal(err)
	}
	for account, e := range map[string]review.Event{
		"xu.audit":   {Action: review.Reveal, Reference: a.Reference},
		"zhou.wuhou": {Action: review.Approve, Reference: a.Reference},
		"ma.clerk":   {Action: review.Print},
		"portal":     {Action: review.Administer},
	} {
		if err := s.Record(account, e, clock); !errors.Is(err, review.ErrDenied) {
			t.Errorf("%s records %s: got %v, want ErrDenied", account, e.Action, err)
		}
	}
	reopen(t, s)
	own, err := s.Events(actor(t, s, "zhou.wuhou"), 0, 10)
	if err != nil || len(own) != 1 || own[0].By != "zhou.wuhou" || own[0].Target != "id_number" || own[0].State != review.InReview {
		t.Errorf("own log: got %+v, %v", own, err)
	}
	all, err := s.Events(actor(t, s, "xu.audit"), 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	var seqs []uint64
	for _, e := range all {
		seqs = append(seqs, e.Seq)
	}
	if !slices.Equal(seqs, []uint64{3, 4, 5, 6}) {
		t.Errorf("got events %v, want 3 to 6", seqs)
	}
	if _, err := s.Events(actor(t, s, "portal"), 0, 10); !errors.Is(err, review.ErrDenied) {
		t.Errorf("the portal reads the log: got %v, want ErrDenied", err)
	}
}

func TestDeliver(t *testing.T) {
	s := newStore(t)
	a, b := approved(t, s, 1), approved(t, s, 2)
	if err := s.Deliver("portal", []string{a.Certificate}, clock); err != nil {
		t.Fatal(err)
	}
	if err := s.Deliver("zhou.wuhou", []string{b.Certificate}, clock); !errors.Is(err, review.ErrDenied) {
		t.Errorf("a reviewer exports: got %v, want ErrDenied", err)
	}
	change(t, s, "deng.city", b.Reference, takingBack(s, clock))
	wantCode(t, s.Deliver("portal", []string{b.Certificate}, clock), "certificate_void")
	reopen(t, s)
	got, err := s.Application(actor(t, s, "portal"), a.Reference)
	if err != nil || !got.CertificateOut {
		t.Errorf("delivered: got out %v, %v", got.CertificateOut, err)
	}
	if _, err := s.Change("deng.city", a.Reference, 0, clock, takingBack(s, clock)); !errors.Is(err, review.ErrDenied) {
		t.Errorf("taken back after delivery: got %v, want ErrDenied", err)
	}
}

func TestFactsOfARegister(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 0)
	s.options.Drawable = func(r rune) bool { return r != '李' }
	sub, data := firstSubmission(1)
	sub.Form.Set("management_number", a.Form.Get("management_number"))
	sub.Attachments[0] = a.Attachments[0]
	delete(data, a.Attachments[0].SHA256)
	if _, err := s.Submit("ma.clerk", sub, data, clock); err != nil {
		t.Fatal(err)
	}
	f, err := s.Facts(sub.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if f.InReview != sub.Reference || f.Certificate != nil || f.Undrawable["name"][0] != '李' {
		t.Errorf("got %+v", f)
	}
	if want := []string{a.Reference, a.Certificate}; !slices.Equal(slices.Sorted(slices.Values(f.SameManagementNumber)), slices.Sorted(slices.Values(want))) {
		t.Errorf("got management number at %v, want %v", f.SameManagementNumber, want)
	}
	if got := f.SameFile[a.Attachments[0].SHA256]; !slices.Equal(got, []string{a.Reference}) {
		t.Errorf("got the file at %v, want %s", got, a.Reference)
	}
	f, err = s.Facts(a.Reference)
	if err != nil || f.InReview != "" || f.Certificate == nil || f.Certificate.Number != a.Certificate {
		t.Errorf("got %+v, %v", f, err)
	}
}
