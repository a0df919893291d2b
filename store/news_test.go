package store

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func subscribe(t testing.TB, s *Store) *Subscription {
	t.Helper()
	sub := s.Subscribe()
	t.Cleanup(sub.Close)
	return sub
}

func ready(sub *Subscription) bool {
	select {
	case <-sub.Ready():
		return true
	default:
		return false
	}
}

func actions(n News) []review.Action {
	var did []review.Action
	for _, e := range n.Events {
		did = append(did, e.Action)
	}
	return did
}

func TestNewsOfADecision(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	sub := subscribe(t, s)
	if ready(sub) {
		t.Error("news before anything happened")
	}
	a = change(t, s, "zhou.wuhou", a.Reference, approval(s, clock))
	if !ready(sub) {
		t.Fatal("no news of a decision")
	}
	n := sub.Take()
	if len(n.Records) != 1 || n.Again {
		t.Fatalf("got %+v, want the application alone", n)
	}
	c := n.Records[0]
	if c.Reference != a.Reference || c.Version != a.Version || !c.Moved() {
		t.Errorf("got %+v, want version %d of %s, moved", c, a.Version, a.Reference)
	}
	if diff := cmp.Diff([]review.Action{review.Approve}, actions(n)); diff != "" || n.Events[0].By != "zhou.wuhou" {
		t.Errorf("events (-want +got), by %s:\n%s", n.Events[0].By, diff)
	}
	touched := func(name QueueName, by string) bool { return c.Touches(Queue{Name: name, By: actor(t, s, by)}) }
	for _, want := range []struct {
		name    QueueName
		by      string
		touched bool
	}{
		{Pending, "zhou.wuhou", true}, {Pending, "wu.city", true}, {Pending, "deng.city", false}, {Waiting, "deng.city", true},
		{All, "zhou.wuhou", true}, {All, "he.jinjiang", false}, {Waiting, "he.jinjiang", false}, {Approved, "wu.city", false},
		{Certificates, "wu.city", false}, {Held, "wu.city", false}, {All, "portal", true}, {"nowhere", "wu.city", false},
	} {
		if got := touched(want.name, want.by); got != want.touched {
			t.Errorf("%s of %s: touched %t, want %t", want.name, want.by, got, want.touched)
		}
	}
	if c.SeenBy(actor(t, s, "he.jinjiang")) || !c.SeenBy(actor(t, s, "ma.clerk")) {
		t.Error("the news do not keep to the scopes of accounts")
	}
	if ready(sub) || len(sub.Take().Events) > 0 {
		t.Error("the same news twice")
	}
}

func TestNewsOfAnIssue(t *testing.T) {
	s := newStore(t)
	sub := subscribe(t, s)
	a := approved(t, s, 1)
	n := sub.Take()
	if len(n.Records) != 2 {
		t.Fatalf("got %+v, want application and certificate, each once", n.Records)
	}
	app, cert := n.Records[0], n.Records[1]
	if cert.Certificate == "" {
		app, cert = cert, app
	}
	if app.Version != a.Version || app.before != nil || app.after.state != stateByte(review.Approved) {
		t.Errorf("got %+v, want a new application that is approved", app)
	}
	city := actor(t, s, "wu.city")
	if cert.Certificate != a.Certificate || !cert.Touches(Queue{Name: Certificates, By: city}) || cert.Touches(Queue{Name: All, By: city}) {
		t.Errorf("got %+v, want the certificate among certificates only", cert)
	}
	want := []review.Action{review.Submit, review.Approve, review.Approve, review.Approve, review.Issued}
	if diff := cmp.Diff(want, actions(n)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	change(t, s, "deng.city", a.Reference, takingBack(s, clock))
	if n := sub.Take(); len(n.Records) != 2 || n.Events[0].Action != review.TakeBack || n.Events[1].Action != review.Voided {
		t.Errorf("got %+v after taking back", n)
	}
}

// What was not committed is no news, and news are of what can be read.
func TestNewsComeAfterTheCommit(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	sub := subscribe(t, s)
	spoiled := errors.New("spoiled")
	_, err := s.Change("zhou.wuhou", a.Reference, 0, clock, func(*review.Application, review.Actor, review.Facts) (review.Event, error) {
		return review.Event{}, spoiled
	})
	if !errors.Is(err, spoiled) || ready(sub) {
		t.Errorf("got %v, and news of what did not happen", err)
	}
	if err := s.SaveDesk("zhou.wuhou", review.DeskState{Queue: "pending"}, nil); err != nil || ready(sub) {
		t.Errorf("got %v, and news of where somebody stands", err)
	}
	read := make(chan int, 1)
	go func() {
		<-sub.Ready()
		got, err := s.Application(review.Actor{Name: "li.admin", Role: review.Administrator}, a.Reference)
		if err != nil {
			t.Error(err)
		}
		read <- got.Version
	}()
	after := change(t, s, "zhou.wuhou", a.Reference, approval(s, clock))
	if got := <-read; got != after.Version {
		t.Errorf("read version %d at the news, want %d", got, after.Version)
	}
}

func TestNewsOfManyWriters(t *testing.T) {
	s := newStore(t)
	sub, slow := subscribe(t, s), subscribe(t, s)
	const writers, each = 6, 10
	var work sync.WaitGroup
	for w := range writers {
		work.Go(func() {
			for n := range each {
				e := review.Event{Action: review.ImportLegacy, Target: reference(w*each + n)}
				if err := s.Record("li.admin", e, clock); err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() { work.Wait(); sub.Close() }()
	var last uint64
	for count := 0; count < writers*each; {
		<-sub.Ready()
		for _, e := range sub.Take().Events {
			if e.Seq <= last {
				t.Fatalf("event %d after %d", e.Seq, last)
			}
			last = e.Seq
			count++
		}
	}
	if n := slow.Take(); n.Again || len(n.Events) != writers*each {
		t.Errorf("got %d events, again %t for who takes late", len(n.Events), n.Again)
	}
}

// Who does not take what came holds nobody up and keeps no backlog.
func TestNewsThatNobodyTakes(t *testing.T) {
	var s Store
	h := &s.hub
	sub := s.Subscribe()
	for n := range 10 * maxNews {
		h.publish(&News{Records: []RecordChange{{id: uint64(n % 3), Version: n}}, Events: []review.Event{{Seq: uint64(n)}}})
		if len(sub.news.Events) > maxNews {
			t.Fatalf("%d events are kept", len(sub.news.Events))
		}
	}
	if n := sub.Take(); !n.Again || len(n.Events) > 0 || len(n.Records) > 0 {
		t.Errorf("got %+v, want to read again", n)
	}
	h.publish(&News{Records: []RecordChange{{id: 1}}})
	if n := sub.Take(); n.Again || len(n.Records) != 1 {
		t.Errorf("got %+v after reading again, want news as before", n)
	}
	sub.Close()
	h.publish(&News{Again: true})
	if n := sub.Take(); n.Again {
		t.Error("news after the end")
	}
}

func TestNewsOfARepair(t *testing.T) {
	s := newStore(t)
	sub := subscribe(t, s)
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	if n := sub.Take(); !n.Again {
		t.Errorf("got %+v, want to read again after a repair", n)
	}
}

// TestNewsOfAConflict: what does not fit is told, though it changes no record and enters no event, and so is what becomes
// of it.
func TestNewsOfAConflict(t *testing.T) {
	s := newStore(t)
	a := submit(t, s, 1)
	p := out(t, s, a.Reference)
	sub := subscribe(t, s)
	wantPack := func(what string) {
		t.Helper()
		if diff := cmp.Diff([]string{p.Number}, sub.Take().Packs); diff != "" {
			t.Errorf("packs after %s (-want +got):\n%s", what, diff)
		}
	}
	act := actOf(p, 1, a, review.Approve)
	act.At = clock.AddDate(-50, 0, 0)
	if _, err := s.HandBack("zhou.wuhou", returned(p, handedBack(act)), true, clock); err != nil || ready(sub) {
		t.Fatalf("%v, or news of a rehearsal", err)
	}
	h := handBack(t, s, p, act)[0]
	wantOutcome(t, h, review.Conflict, "act_clock")
	wantPack("a conflict")
	if handBack(t, s, p, act); ready(sub) {
		t.Error("news of what was handed back before")
	}
	if err := s.Settle("li.admin", h.ID, review.TakeDesk, clock); err != nil {
		t.Fatal(err)
	}
	wantPack("its settlement")
	if err := s.CallBack("li.admin", p.Number, "急件", clock); err != nil {
		t.Fatal(err)
	}
	wantPack("a call-back")
}
