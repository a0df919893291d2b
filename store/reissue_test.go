package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"rongzheng/review"
)

// stolen believes no code of the key that was stolen, and signs with another one.
func stolen() Options {
	return Options{
		Renderer:  inked("first look"),
		Distrusts: func(v *review.CertificateVersion) bool { return v.Code.Key == "stolen" },
		Code: func(c *review.Certificate, v *review.CertificateVersion) (review.Code, error) {
			return review.Code{Text: fmt.Sprintf("RZ1:%s.%d", c.Number, v.Version), Key: "new", Check: "0000-0000-0000"}, nil
		},
	}
}

// withStolen is a store with n certificates whose key was stolen; change may spoil some of them.
func withStolen(t *testing.T, dir string, n int, change func(i int, c *review.Certificate)) *Store {
	t.Helper()
	o := stolen()
	o.Create = true
	s := openStore(t, dir, o)
	by := ""
	for _, a := range deskAccounts {
		if err := s.AddAccount(by, a, clock); err != nil {
			t.Fatal(err)
		}
		by = deskAccounts[0].Name
	}
	records := func(yield func(Record, error) bool) {
		for i := range n {
			number := review.FormatNumber("CD", 2026, i+1)
			c := &review.Certificate{
				Number: number, Person: review.PersonKey{Type: review.ResidentCard, Number: identity(i)},
				FirstRegistered: review.DateOf(clock),
				Versions: []review.CertificateVersion{{
					Version: 1, ValidFrom: review.DateOf(clock), ValidUntil: review.NewDate(2029, 11, 15), Form: firstForm(i), Area: "510107",
					IssuedAt: clock, Code: review.Code{Text: "RZ1:" + number, Key: "stolen", Check: "0000-0000-0000"},
				}},
			}
			if change != nil {
				change(i, c)
			}
			if !yield(Record{Certificate: c}, nil) {
				return
			}
		}
	}
	if err := s.Load("li.admin", records, clock, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// counted takes answers and counts them.
type counted struct {
	done    int
	refused map[string]error
}

func (c *counted) took(r Reissue, err error) {
	if err == nil {
		c.done++
		return
	}
	if c.refused == nil {
		c.refused = map[string]error{}
	}
	c.refused[r.Number] = err
}

func noon() time.Time { return clock }

// proposeAll proposes all that are to be issued anew, and returns how many were.
func proposeAll(t *testing.T, s *Store) int {
	t.Helper()
	list, err := s.Distrusted(actor(t, s, "li.admin"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got counted
	if err := s.ProposeReissues(context.Background(), "li.admin", "密钥作废", open(list), noon, got.took); err != nil {
		t.Fatal(err)
	}
	for number, err := range got.refused {
		t.Error(number, err)
	}
	return got.done
}

// open are those for which the next thing may be done.
func open(list []Reissue) (can []Reissue) {
	for _, r := range list {
		if !r.Waits && r.Refused == nil {
			can = append(can, r)
		}
	}
	return can
}

func waiting(t *testing.T, s *Store, account string) []Reissue {
	t.Helper()
	list, err := s.Reissues(actor(t, s, account), "")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestReissuesAreEachOneOfItsOwn: what is asked about once is checked, recorded and refused one by one.
func TestReissuesAreEachOneOfItsOwn(t *testing.T) {
	s := withStolen(t, t.TempDir(), 20, func(i int, c *review.Certificate) {
		v := &c.Versions[0]
		switch i {
		case 0:
			c.RevokedOn = review.DateOf(clock)
		case 1:
			v.Code.Key = "trusted"
		case 2:
			c.Missing = []review.Key{"honours"}
		case 3:
			v.ValidFrom, v.ValidUntil = review.NewDate(2020, 1, 1), review.NewDate(2022, 12, 31) // is handed out, too
		}
	})
	by := actor(t, s, "li.admin")
	revoke := review.Proposal{Action: review.Revoke, Reason: "request"}
	if _, err := s.Propose("li.admin", "CD-2026-000005", 0, revoke, clock); err != nil {
		t.Fatal(err)
	}
	list, err := s.Distrusted(by, "stolen", nil)
	if err != nil || len(list) != 18 {
		t.Fatalf("%d to be issued anew, %v, want 18", len(list), err)
	}
	if other, err := s.Distrusted(by, "trusted", nil); err != nil || len(other) != 0 {
		t.Errorf("%v, %v of a key that is trusted", other, err)
	}
	wantCode(t, list[0].Refused, "certificate_incomplete")
	wantCode(t, list[2].Refused, "proposal_open")
	if n := proposeAll(t, s); n != 16 {
		t.Errorf("%d proposed, want 16", n)
	}
	if n := proposeAll(t, s); n != 0 {
		t.Errorf("%d proposed once more", n)
	}
	single, anew, err := s.Waiting(by, 10)
	if err != nil || len(single) != 1 || single[0].Number != "CD-2026-000005" || len(anew) != 16 {
		t.Errorf("%d single proposals and %d to be issued anew, %v", len(single), len(anew), err)
	}
	all := 0
	if err := s.Proposed(by, func(*review.Certificate) bool { all++; return true }); err != nil || all != 17 {
		t.Errorf("%d wait in all, %v", all, err)
	}
	for _, r := range waiting(t, s, "li.admin") {
		if !errors.Is(r.Refused, review.ErrDenied) {
			t.Errorf("%s: who proposed it may confirm it: %v", r.Number, r.Refused)
		}
	}
	seen := waiting(t, s, "deng.city")
	if _, err := s.Dismiss("li.admin", seen[3].Number, 0, "", clock); err != nil { // after it was seen
		t.Fatal(err)
	}
	var got counted
	if err := s.ConfirmReissues(context.Background(), "li.admin", seen[:2], noon, got.took); err != nil || got.done != 0 {
		t.Errorf("who proposed them confirmed %d, %v", got.done, err)
	}
	got = counted{}
	if err := s.ConfirmReissues(context.Background(), "deng.city", seen, noon, got.took); err != nil || got.done != 15 {
		t.Errorf("%d confirmed, %v, want 15", got.done, err)
	}
	if err := got.refused[seen[3].Number]; len(got.refused) != 1 || err == nil {
		t.Errorf("refused: %v", got.refused)
	}
	reopen(t, s)
	for i, r := range seen {
		c, err := s.Certificate(by, r.Number)
		if err != nil {
			t.Fatal(err)
		}
		v := c.Current()
		if anew := v.Version == 2 && v.Code.Key == "new" && v.Corrects == 1; anew != (i != 3) {
			t.Errorf("%s: version %d, signed with %s", r.Number, v.Version, v.Code.Key)
		}
		if i != 3 && (len(c.History) != 1 || c.History[0].By != "li.admin" || c.History[0].ConfirmedBy != "deng.city") {
			t.Errorf("%s: history %+v", r.Number, c.History)
		}
	}
	events, err := s.Events(by, 0, 100)
	corrected := 0
	for i := range events {
		if events[i].Action == review.Correct {
			corrected++
		}
	}
	if err != nil || corrected != 15 {
		t.Errorf("%d events, %v, want one each", corrected, err)
	}
}

// TestReissuesStop: when the context ends, and at a disk that takes nothing; whoever goes on does the rest.
func TestReissuesStop(t *testing.T) {
	s := withStolen(t, t.TempDir(), 60, nil)
	proposeAll(t, s)
	ctx, stop := context.WithCancel(context.Background())
	var got counted
	err := s.ConfirmReissues(ctx, "deng.city", waiting(t, s, "deng.city"), noon, func(r Reissue, err error) {
		got.took(r, err)
		stop()
	})
	left := len(waiting(t, s, "deng.city"))
	if !errors.Is(err, context.Canceled) || got.done+left != 60 || left == 0 {
		t.Errorf("stopped with %v: %d done, %d left", err, got.done, left)
	}
	signs := s.options.Code
	s.options.Code = func(*review.Certificate, *review.CertificateVersion) (review.Code, error) {
		return review.Code{}, syscall.ENOSPC
	}
	got = counted{}
	err = s.ConfirmReissues(context.Background(), "deng.city", waiting(t, s, "deng.city"), noon, got.took)
	if !errors.Is(err, syscall.ENOSPC) || len(got.refused) != 1 || len(waiting(t, s, "deng.city")) != left {
		t.Errorf("a full disk: %v, %d refused", err, len(got.refused))
	}
	s.options.Code, got = signs, counted{}
	err = s.ConfirmReissues(context.Background(), "deng.city", waiting(t, s, "deng.city"), noon, got.took)
	if err != nil || got.done != left || len(waiting(t, s, "deng.city")) != 0 {
		t.Errorf("going on: %v, %d done, want %d", err, got.done, left)
	}
}

// toTell is how many are acknowledged before the process hangs and is killed.
const toTell = 80

// confirmAndTell confirms what waits and names each as soon as it is acknowledged, up to the one at which it hangs; those
// after it are under way by then.
func confirmAndTell(dir string) {
	s := must(Open(dir, stolen()))
	by := must(s.Account("deng.city"))
	list := must(s.Reissues(by, ""))
	forever, told := make(chan os.Signal, 1), 0
	signal.Notify(forever, os.Interrupt)
	fmt.Println(s.ConfirmReissues(context.Background(), "deng.city", list, noon, func(r Reissue, err error) {
		fmt.Println(r.Number, must("done", err))
		if told++; told == toTell {
			<-forever
		}
	}))
}

// TestReissuesKilled: a process that is killed in the middle of several hundred has lost none that it acknowledged, and the
// next one goes on with those that are left.
func TestReissuesKilled(t *testing.T) {
	const all = 240
	dir := t.TempDir()
	s := withStolen(t, dir, all, nil)
	if n := proposeAll(t, s); n != all {
		t.Fatalf("%d proposed", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd, lines := child(t, dir, "reissue")
	said := map[string]string{}
	for lines.Scan() {
		acknowledge(said, lines.Text())
		if len(said) == toTell {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // says that it was killed
	o := stolen()
	o.Timeout = 2 * time.Minute
	again := openStore(t, dir, o)
	left := waiting(t, again, "deng.city")
	if len(said) != toTell || len(left) == 0 || len(left) > all-toTell {
		t.Fatalf("%d acknowledged, %d left", len(said), len(left))
	}
	var got counted
	if err := again.ConfirmReissues(context.Background(), "deng.city", left, noon, got.took); err != nil || got.done != len(left) {
		t.Errorf("going on: %v, %v", err, got.refused)
	}
	by := actor(t, again, "li.admin")
	if list, err := again.Distrusted(by, "", nil); err != nil || len(list) != 0 {
		t.Errorf("%d are still to be issued anew, %v", len(list), err)
	}
	for number, line := range said {
		c, err := again.Certificate(by, number)
		if err != nil || !strings.HasSuffix(line, "done") || len(c.Versions) != 2 || len(c.History) != 1 {
			t.Errorf("%q: %v, %d versions", line, err, len(c.Versions))
		}
	}
}
