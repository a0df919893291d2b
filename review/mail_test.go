package review

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var (
	mailClerk = Account{Name: "clerk", Role: Clerk, Areas: []string{"510107"}}
	mailNoon  = time.Date(2026, 11, 16, 12, 0, 0, 0, Zone)
)

// posted is an approved application whose certificate waits to be mailed, in the state.
func posted(state LetterState) *Application {
	a := &Application{
		Reference: "SQ202611160001", Version: 4, Revision: 1, Kind: First, State: Approved, Area: "510107", Certificate: "CD-2026-000001",
		Form: Form{"mail_paper": {"true"}},
	}
	if state != LetterToPrint {
		a.Letter = &Letter{State: state, Before: &Letter{State: LetterPrinted}}
	}
	return a
}

// mailActions do each action with sound input.
var mailActions = map[Action]func(a *Application, by Actor) (Event, error){
	MailPrint: func(a *Application, by Actor) (Event, error) { return a.MailPrint(by, DefaultPolicy(), mailNoon) },
	MailSend: func(a *Application, by Actor) (Event, error) {
		return a.MailSend(by, DefaultPolicy(), "EMS", "EA123456789CN", mailNoon)
	},
	MailReturn: func(a *Application, by Actor) (Event, error) {
		return a.MailReturn(by, DefaultPolicy(), "查无此人", mailNoon)
	},
	MailCollect: func(a *Application, by Actor) (Event, error) { return a.MailCollect(by, DefaultPolicy(), mailNoon) },
	MailReplace: func(a *Application, by Actor) (Event, error) {
		return a.MailReplace(by, DefaultPolicy(), SheetSpoiled, "卡纸", mailNoon)
	},
	MailUndo: func(a *Application, by Actor) (Event, error) { return a.MailUndo(by, DefaultPolicy(), mailNoon) },
	MailAddress: func(a *Application, by Actor) (Event, error) {
		return a.MailAddress(by, DefaultPolicy(), Form{
			"recipient": {" 王芳 "}, "recipient_phone": {"+86 138-0000-1234"}, "region": {"四川省成都市武侯区"}, "street_address": {"浆洗街 2 号"},
		}, mailNoon)
	},
}

// TestMailTable holds every cell: where each action leads from each state, "" where it is refused and changes nothing.
func TestMailTable(t *testing.T) {
	const no = LetterState("")
	table := map[LetterState]map[Action]LetterState{
		LetterToPrint:   {MailPrint: LetterPrinted, MailSend: no, MailReturn: no, MailCollect: no, MailReplace: no, MailUndo: no, MailAddress: LetterToPrint},
		LetterPrinted:   {MailPrint: no, MailSend: LetterSent, MailReturn: no, MailCollect: LetterCollected, MailReplace: LetterToPrint, MailUndo: no, MailAddress: LetterPrinted},
		LetterSent:      {MailPrint: no, MailSend: LetterSent, MailReturn: LetterReturned, MailCollect: no, MailReplace: LetterToPrint, MailUndo: LetterPrinted},
		LetterReturned:  {MailPrint: no, MailSend: LetterSent, MailReturn: no, MailCollect: LetterCollected, MailReplace: LetterToPrint, MailUndo: LetterPrinted, MailAddress: LetterReturned},
		LetterCollected: {MailPrint: no, MailSend: no, MailReturn: no, MailCollect: no, MailReplace: no, MailUndo: LetterPrinted},
	}
	for _, state := range LetterStates() {
		for do, run := range mailActions {
			want := table[state][do]
			a := posted(state)
			before := a.Clone()
			event, err := run(a, mailClerk)
			if can := before.CanMail(mailClerk, do); (can == nil) != (err == nil) {
				t.Errorf("%s %s: CanMail says %v, it says %v", state, do, can, err)
			}
			if want == no {
				if !errors.Is(err, ErrDenied) || fmt.Sprint(a) != fmt.Sprint(&before) && a.Version != before.Version {
					t.Errorf("%s %s: error %v, want a refusal that changes nothing", state, do, err)
				}
				continue
			}
			l, ok := a.Posting()
			if err != nil || !ok || l.State != want || event.Action != do || a.Version != before.Version+1 {
				t.Errorf("%s %s: %+v %+v %v, want %s", state, do, l, event, err, want)
			}
		}
	}
}

// TestSentTwiceIsUndoneOnce: the same number scanned again is no step, or undoing it would leave the letter sent for
// good.
func TestSentTwiceIsUndoneOnce(t *testing.T) {
	p, a := DefaultPolicy(), posted(LetterPrinted)
	if _, err := a.MailSend(mailClerk, p, "EMS", "EA123456789CN", mailNoon); err != nil {
		t.Fatal(err)
	}
	version := a.Version
	_, err := a.MailSend(mailClerk, p, "EMS", "EA123456789CN", mailNoon)
	if !errors.Is(err, ErrAlready) || a.Version != version {
		t.Errorf("got %v and version %d, want nothing changed", err, a.Version)
	}
	if _, err := a.MailUndo(mailClerk, p, mailNoon); err != nil {
		t.Fatal(err)
	}
	if l, _ := a.Posting(); l.State != LetterPrinted {
		t.Errorf("got %s, want a letter to send", l.State)
	}
}

func TestPostingOnlyOfWhatIsMailed(t *testing.T) {
	for name, spoil := range map[string]func(*Application){
		"no paper":       func(a *Application) { a.Form.Set("mail_paper", "") },
		"in review":      func(a *Application) { a.State = InReview },
		"no certificate": func(a *Application) { a.Certificate = "" },
	} {
		a := posted(LetterToPrint)
		spoil(a)
		if l, ok := a.Posting(); ok {
			t.Errorf("%s: %+v, want no mailing", name, l)
		}
		if _, err := a.MailPrint(mailClerk, DefaultPolicy(), mailNoon); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: error %v, want a refusal", name, err)
		}
	}
}

func TestMailRights(t *testing.T) {
	for name, c := range map[string]struct {
		by   Account
		want bool
	}{
		"clerk":              {mailClerk, true},
		"administrator":      {Account{Name: "admin", Role: Administrator}, true},
		"clerk elsewhere":    {Account{Name: "other", Role: Clerk, Areas: []string{"510104"}}, false},
		"reviewer":           {Account{Name: "zhou", Role: Reviewer, Level: 1, Areas: []string{"510107"}}, false},
		"auditor":            {Account{Name: "xu", Role: Auditor}, false},
		"portal":             {Account{Name: "portal", Role: Portal}, false},
		"disabled clerk":     {Account{Name: "clerk", Role: Clerk, Areas: []string{"510107"}, Disabled: true}, false},
		"clerk who entered":  {Account{Name: "entered", Role: Clerk}, true},
		"clerk of no area":   {Account{Name: "nobody", Role: Clerk, Areas: []string{"510181"}}, false},
		"disabled administr": {Account{Name: "admin", Role: Administrator, Disabled: true}, false},
	} {
		a := posted(LetterToPrint)
		a.EnteredBy = "entered"
		if err := a.CanMail(c.by, MailPrint); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMailInput(t *testing.T) {
	p := DefaultPolicy()
	for name, c := range map[string]struct {
		code string
		run  func(a *Application) (Event, error)
	}{
		"carrier": {"carrier_unknown", func(a *Application) (Event, error) {
			return a.MailSend(mailClerk, p, "PIGEON", "EA123456789CN", mailNoon)
		}},
		"tracking": {"tracking_form", func(a *Application) (Event, error) { return a.MailSend(mailClerk, p, "EMS", "EA 12", mailNoon) }},
		"escape": {"tracking_form", func(a *Application) (Event, error) {
			return a.MailSend(mailClerk, p, "EMS", "EA123456\x1b[2J", mailNoon)
		}},
		"own":  {"tracking_own", func(a *Application) (Event, error) { return a.MailSend(mailClerk, p, "EMS", "CD2026000001", mailNoon) }},
		"ours": {"tracking_own", func(a *Application) (Event, error) { return a.MailSend(mailClerk, p, "EMS", "CD2025000777", mailNoon) }},
		"label": {"tracking_own", func(a *Application) (Event, error) {
			return a.MailSend(mailClerk, p, "EMS", "SQ202611160001", mailNoon)
		}},
		"reason":   {"note_required", func(a *Application) (Event, error) { return a.MailReturn(mailClerk, p, " ", mailNoon) }},
		"override": {"note_text", func(a *Application) (Event, error) { return a.MailReturn(mailClerk, p, "退\u202e回", mailNoon) }},
		"how":      {"sheet_reason", func(a *Application) (Event, error) { return a.MailReplace(mailClerk, p, "eaten", "", mailNoon) }},
		"note":     {"note_text", func(a *Application) (Event, error) { return a.MailReplace(mailClerk, p, SheetLost, "\x07", mailNoon) }},
	} {
		a := posted(LetterSent)
		_, err := c.run(a)
		var rule *RuleError
		if !errors.As(err, &rule) || rule.Code != c.code || a.Version != 4 {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestCleanTracking(t *testing.T) {
	for text, want := range map[string]string{
		"EA123456789CN": "EA123456789CN", " ea 1234-56789 cn\u200b": "EA123456789CN", "ＳＦ１２３４５６７８": "SF12345678", "": "",
	} {
		if got := CleanTracking(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]bool{"SF12345678": true, "12345": false, "SF1234567é": false, "1234567890123456789012345678901234": false} {
		if IsTracking(text) != want {
			t.Errorf("%q is a tracking number: %v", text, !want)
		}
	}
}

func FuzzTracking(f *testing.F) {
	for _, seed := range []string{"EA123456789CN", " ea 1234-56789 cn", "ＳＦ１２３４５６７８", "\x1b[2J", "ß123456"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := CleanTracking(text)
		if twice := CleanTracking(once); twice != once {
			t.Fatalf("%q becomes %q, then %q", text, once, twice)
		}
		if IsTracking(once) && CheckText(once) != nil {
			t.Fatalf("%q is taken and is no plain text", once)
		}
	})
}

// TestMailingsKeepTheirRules takes random steps and holds what must be true of every mailing: sheets and sendings never
// get fewer but by undoing, what is sent has a number, and only what was sent comes back.
func TestMailingsKeepTheirRules(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 11))
	actions := []Action{MailPrint, MailSend, MailReturn, MailCollect, MailReplace, MailUndo, MailAddress}
	for range 300 {
		a := posted(LetterToPrint)
		out := 0 // sheets that left the printer
		address := false
		for range 25 {
			before := a.Clone()
			was, _ := before.Posting()
			do := actions[dice.IntN(len(actions))]
			if _, err := mailActions[do](a, mailClerk); err != nil {
				if !errors.Is(err, ErrDenied) && !(do == MailSend && errors.Is(err, ErrAlready)) || a.Version != before.Version {
					t.Fatalf("%s of %s: %v", do, was.State, err)
				}
				continue
			}
			if do == MailPrint {
				out++
			}
			address = address || do == MailAddress
			l, _ := a.Posting()
			switch {
			case do == MailAddress && (l.State != was.State || !l.At.Equal(was.At)):
				t.Fatalf("correcting the address makes %s of %s", l.State, was.State)
			case address != (a.PostalForm().Get("street_address") == "浆洗街 2 号"):
				t.Fatalf("after %s: the corrected address is lost", do)
			case l.Sheets != out:
				t.Fatalf("after %s: %d sheets on record, %d were printed", do, l.Sheets, out)
			case (l.State == LetterSent || l.State == LetterReturned) && (l.Tracking == "" || l.Sendings == 0):
				t.Fatalf("after %s: %+v was sent without a number", do, l)
			case l.State == LetterReturned && do == MailReturn && was.State != LetterSent:
				t.Fatalf("%s came back", was.State)
			case do == MailUndo && l.Before != nil, do == MailReplace && l.Replaces == "":
				t.Fatalf("after %s: %+v", do, l)
			case l.Sendings < was.Sendings && do != MailUndo:
				t.Fatalf("after %s: a sending is gone", do)
			}
		}
	}
}

// TestMailAddress: what is corrected is cleaned and held to the rules of the form; what was filed stays.
func TestMailAddress(t *testing.T) {
	a := posted(LetterReturned)
	a.Form.Set("street_address", "浆洗街 1 号")
	if _, err := mailActions[MailAddress](a, mailClerk); err != nil {
		t.Fatal(err)
	}
	if got := a.PostalForm(); got.Get("recipient") != "王芳" || got.Get("recipient_phone") != "13800001234" || got.Get("street_address") != "浆洗街 2 号" {
		t.Errorf("%v", got)
	}
	if a.Form.Get("street_address") != "浆洗街 1 号" {
		t.Error("what was filed has changed")
	}
	for name, to := range map[string]Form{
		"nothing": {}, "phone": {"recipient": {"王芳"}, "recipient_phone": {"12"}, "region": {"四川省"}, "street_address": {"x"}},
		"escape": {"recipient": {"王\x1b芳"}, "recipient_phone": {"13800001234"}, "region": {"四川省"}, "street_address": {"x"}},
	} {
		version := a.Version
		_, err := a.MailAddress(mailClerk, DefaultPolicy(), to, mailNoon)
		var form *FormError
		if !errors.As(err, &form) || a.Version != version {
			t.Errorf("%s: %v, want a FormError", name, err)
		}
	}
}
