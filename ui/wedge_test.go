package ui

import (
	"testing"

	"rongzheng/review"
)

// draftsOf are the drafts that the clerk has.
func (w *counterDesk) draftsOf() []review.Filing {
	w.t.Helper()
	list, err := w.s.Filings(clerk, noon)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// TestScanOnAnOpenPageIsTheNextPerson: the digits of a card are no keys of the page of the person before.
func TestScanOnAnOpenPageIsTheNextPerson(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	w.scanned(identity(900))
	for name, leads := range map[string]string{"the person": "", "the look-up": "4", "the guide": "i"} {
		if leads != "" {
			w.press(leads)
		}
		w.scanned(identity(1))
		if w.top() != "personScreen" || len(w.root.stack) != 2 {
			t.Fatalf("a scan on the page of %s leads to %s of %d\n%s", name, w.top(), len(w.root.stack), w.view())
		}
		w.sees("CD-2026-000001")
		w.press("3", "enter")
		w.scanned(identity(900))
		w.sees("登记册中没有姓名")
		w.misses("CD-2026-000001")
	}
	if drafts := w.draftsOf(); len(drafts) != 0 {
		t.Errorf("the scans began %d drafts", len(drafts))
	}
}

// TestDigitThatNothingFollowsIsAKey: after the pause, or when the next key is no digit.
func TestDigitThatNothingFollowsIsAKey(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	w.scanned(identity(1))
	w.send(named("4"))
	if w.top() != "personScreen" {
		t.Fatalf("the digit did not wait: %s", w.top())
	}
	w.elapse()
	if w.top() != "lookupScreen" {
		t.Fatalf("the digit did not act: %s", w.top())
	}
	w.press("esc")
	w.send(named("4"))
	w.send(named("esc"))
	w.send(named("3"))
	w.send(named("enter"))
	if w.top() != "recordScreen" {
		t.Fatalf("digit and enter lead to %s", w.top())
	}
}

// TestHalfANumberIsNoKey: a number that breaks off waits for its rest, is told when it is none, and goes away.
func TestHalfANumberIsNoKey(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	w.scanned(identity(900))
	for _, digit := range "5101" {
		w.send(named(string(digit)))
	}
	w.elapse()
	w.says("号码 5101", "enter", "esc")
	w.press("backspace")
	w.says("号码 510：")
	w.press("enter")
	w.says("✗", "18 位")
	for _, digit := range "11" {
		w.send(named(string(digit)))
	}
	w.press("esc")
	if w.top() != "personScreen" || len(w.draftsOf()) != 0 {
		t.Fatalf("on top is %s", w.top())
	}
	w.press("1")
	if w.top() != "entryScreen" {
		t.Fatalf("after esc the key leads to %s\n%s", w.top(), w.view())
	}
}

// TestSecondScanTakesThePlaceOfABadOne: and what is typed behind a number that is too short mends it.
func TestSecondScanTakesThePlaceOfABadOne(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	w.scanned("510107199104010000")
	w.says("✗")
	w.scanned("510107199104010001")
	w.says("✗")
	w.misses("36 位")
	w.scanned(identity(1))
	w.sees("CD-2026-000001")
	w.press("esc")
	w.scanned(identity(1)[:17])
	w.says("✗", "17 位")
	w.scanned(identity(1)[17:])
	w.sees("CD-2026-000001")
	w.press("esc")
	w.scanned("510107199104010000")
	w.paste(identity(1))
	w.press("enter")
	w.sees("CD-2026-000001")
	w.press("esc")
	for _, digit := range "123" {
		w.press(string(digit))
	}
	w.sees("123")
	w.press("ctrl+u")
	w.press("enter")
	w.says("✗", "请先输入身份证号")
}

// TestScanOnTheLookUpLooksUp: where nobody's page is open beneath, the next card is looked up in the same place.
func TestScanOnTheLookUpLooksUp(t *testing.T) {
	d := lookAt(t, withMail(t), clerk, identity(1))
	d.scan(identity(2))
	if d.top() != "lookupScreen" || len(d.root.stack) != 2 {
		t.Fatalf("on top is %s of %d", d.top(), len(d.root.stack))
	}
	d.sees("CD-2026-000002 有效")
	d.misses("CD-2026-000001")
}

// TestScanOfACertificateIsNoKey: neither on a person's page nor at the tabs, where its letters and digits have other uses,
// and a key that looks like its beginning remains one.
func TestScanOfACertificateIsNoKey(t *testing.T) {
	s, signing, codes := signedTwice(t)
	w := openCounter(t, s, clerk, func(o *Options) { checksBy(s, signing, o) })
	w.scanned(codes[1])
	if w.top() != "reprintScreen" {
		t.Fatalf("a code scanned at the counter leads to %s\n%s", w.top(), w.view())
	}
	w.sees("✓ 扫描的是 CD-2026-000001 第 2 版：有效")
	w.press("esc")
	for _, leads := range []string{"", "4", "i"} {
		w.scanned(identity(900))
		if leads != "" {
			w.press(leads)
		}
		page := w.top()
		for _, tt := range []struct{ scan, leads, want string }{
			{codes[0], "reprintScreen", "✗ 扫描的是 CD-2026-000001 第 1 版：已被第 2 版取代"},
			{"CD-2026-000001", "lookupScreen", "CD-2026-000001 有效"},
		} {
			w.scanned(tt.scan)
			if w.top() != tt.leads {
				t.Fatalf("a scan of %.8q on %s leads to %s\n%s", tt.scan, page, w.top(), w.view())
			}
			w.sees(tt.want)
			w.press("esc")
			if w.top() != page {
				t.Fatalf("esc leads to %s, not back to %s", w.top(), page)
			}
		}
		for len(w.root.stack) > 1 {
			w.press("esc")
		}
	}
	if drafts := w.draftsOf(); len(drafts) != 0 {
		t.Errorf("the scans began %d drafts", len(drafts))
	}
	w.scanned(identity(900))
	w.send(named("R"))
	w.elapse()
	w.says("R")
	for _, letter := range "RZ1" {
		w.send(named(string(letter)))
	}
	w.says("RZ1", "esc")
	w.press("esc", "1")
	if w.top() != "entryScreen" {
		t.Fatalf("after esc the key leads to %s\n%s", w.top(), w.view())
	}
}

// TestScanOfACodeInTheLookUp: the line takes it as well as numbers and names, and is empty for the next one.
func TestScanOfACodeInTheLookUp(t *testing.T) {
	s, signing, codes := signedTwice(t)
	d := lookAt(t, s, clerk, codes[0], func(o *Options) { checksBy(s, signing, o) })
	d.sees("✗ 扫描的是 CD-2026-000001 第 1 版：已被第 2 版取代")
	d.press("esc")
	d.misses("RZ1:")
}

// TestScanAtAnyTabIsAPerson: a card is not taken for the digits of tabs, which still turn to them.
func TestScanAtAnyTabIsAPerson(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	for _, tab := range []string{"已通过", "待邮寄"} {
		w.press(":")
		w.typeText("tab " + tab)
		w.press("enter")
		w.scanned(identity(1))
		if w.top() != "personScreen" || len(w.root.stack) != 2 {
			t.Fatalf("a scan at %s leads to %s of %d\n%s", tab, w.top(), len(w.root.stack), w.view())
		}
		w.sees("CD-2026-000001")
		w.press("esc")
		w.scanned("510107199104010000")
		w.says("✗")
	}
	w.press("1")
	w.scanned(identity(900))
	w.sees("登记册中没有姓名")
}
