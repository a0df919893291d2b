package store

import (
	"errors"
	"testing"
	"time"

	"rongzheng/review"
)

func TestLedger(t *testing.T) {
	s := newStore(t)
	a := approved(t, s, 1)
	later := clock.Add(26 * time.Hour)
	handOut := func(account string, ask review.CopyAsk, at time.Time) review.Copy {
		t.Helper()
		c, err := s.Copy(account, a.Certificate, ask, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := handOut("ma.clerk", onPaper, clock)
	if first.Number != 1 || first.Reason != "collected" || first.Replaces != 0 || first.By != "ma.clerk" {
		t.Errorf("got %+v, want the first copy, collected", first)
	}
	_, err := s.Copy("ma.clerk", a.Certificate, onPaper, clock)
	wantCode(t, err, "copy_reason_missing")
	_, err = s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Reason: "nonsense"}, clock)
	wantCode(t, err, "copy_reason_unknown")
	_, err = s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Reason: "other"}, clock)
	wantCode(t, err, "note_required")
	_, err = s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Reason: "lost", Serial: "A1234"}, clock)
	wantCode(t, err, "serial_not_asked")
	_, err = s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Reason: "lost", Version: 2}, clock)
	if !errors.Is(err, review.ErrStale) {
		t.Errorf("another version: got %v, want ErrStale", err)
	}
	handOut("zhou.wuhou", review.CopyAsk{Way: review.AsFile}, later)
	handOut("portal", review.CopyAsk{Way: review.InResults}, later)
	if got := handOut("ma.clerk", review.CopyAsk{Way: review.OnPaper, Reason: "遗失补证"}, later); got.Number != 4 || got.Reason != "lost" {
		t.Errorf("got %+v, want the fourth copy, lost", got)
	}
	if err := s.Spoil("ma.clerk", a.Certificate, 4, "卡纸", later); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.Spoil("ma.clerk", a.Certificate, 4, "卡纸", later), "copy_spoiled")
	wantCode(t, s.Spoil("ma.clerk", a.Certificate, 2, "卡纸", later), "copy_no_sheet")
	if err := s.Spoil("he.jinjiang", a.Certificate, 1, "卡纸", later); !errors.Is(err, review.ErrDenied) {
		t.Errorf("another district: got %v, want ErrDenied", err)
	}
	if err := s.Spoil("ma.clerk", a.Certificate, 9, "卡纸", later); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if got := handOut("ma.clerk", review.CopyAsk{Way: review.OnPaper, Reason: "lost"}, later); got.Replaces != 4 {
		t.Errorf("got %+v, want that it replaces the fourth", got)
	}
	reopen(t, s)
	lines, err := s.Ledger(actor(t, s, "xu.audit"), a.Certificate)
	if err != nil || len(lines) != 5 || !lines[3].Spoiled() || lines[3].SpoiledFor != "卡纸" {
		t.Errorf("%v: got %+v", err, lines)
	}
	if _, err := s.Ledger(actor(t, s, "he.jinjiang"), a.Certificate); !errors.Is(err, review.ErrDenied) {
		t.Errorf("another district: got %v, want ErrDenied", err)
	}
	c, err := s.Certificate(actor(t, s, "li.admin"), a.Certificate)
	if err != nil || c.Current().Printed != 4 || !c.Current().Delivered {
		t.Errorf("%v: got %d copies, delivered %v", err, c.Current().Printed, c.Current().Delivered)
	}
	for account, want := range map[string]int{"li.admin": 4, "he.jinjiang": 0} {
		n := 0
		for _, err := range s.LedgerOf(actor(t, s, account), clock.Add(24*time.Hour), clock.Add(48*time.Hour)) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != want {
			t.Errorf("%s: got %d lines of the day, want %d", account, n, want)
		}
	}
	if err := s.Repair("li.admin", clock, nil); err != nil {
		t.Fatal(err)
	}
	if lines, err = s.Ledger(actor(t, s, "xu.audit"), a.Certificate); err != nil || len(lines) != 5 {
		t.Errorf("after a repair: got %d lines, %v", len(lines), err)
	}
}

func TestNumberedSheets(t *testing.T) {
	file := string(review.PolicyFile())
	policy, err := review.ReadPolicy([]byte(replaceOnce(t, file, "numbered: false", "numbered: true")))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := newStoreIn(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{Policy: policy})
	a, b := approved(t, s, 1), approved(t, s, 2)
	_, err = s.Copy("ma.clerk", a.Certificate, onPaper, clock)
	wantCode(t, err, "serial_missing")
	_, err = s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Serial: "??"}, clock)
	wantCode(t, err, "serial_form")
	c, err := s.Copy("ma.clerk", a.Certificate, review.CopyAsk{Way: review.OnPaper, Serial: " ｎo 0001234"}, clock)
	if err != nil || c.Serial != "NO0001234" {
		t.Errorf("got %q, %v, want NO0001234", c.Serial, err)
	}
	_, err = s.Copy("ma.clerk", b.Certificate, review.CopyAsk{Way: review.OnPaper, Serial: "NO0001234"}, clock)
	wantCode(t, err, "serial_used")
	if _, err := s.Copy("zhou.wuhou", b.Certificate, review.CopyAsk{Way: review.AsFile}, clock); err != nil {
		t.Errorf("a file needs no sheet: %v", err)
	}
}
