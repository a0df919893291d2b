package review

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// LetterState is where the mailing (邮寄) of a paper certificate stands.
type LetterState string

const (
	// LetterToPrint waits for the sheet to be printed (待打印), at first or because the one before was spoiled or lost.
	LetterToPrint LetterState = "to_print"
	// LetterPrinted lies printed and waits to be handed to the carrier (待寄出).
	LetterPrinted LetterState = "printed"
	// LetterSent is on its way, or has arrived (已寄出).
	LetterSent LetterState = "sent"
	// LetterReturned came back (已退回) and may be sent again.
	LetterReturned LetterState = "returned"
	// LetterCollected was handed to the person at the counter instead (已自取).
	LetterCollected LetterState = "collected"
)

// LetterStates lists every state in the order in which they are shown.
func LetterStates() []LetterState {
	return []LetterState{LetterToPrint, LetterPrinted, LetterSent, LetterReturned, LetterCollected}
}

// Letter is the mailing of the paper certificate that an approved application asks for.
type Letter struct {
	State LetterState `json:"state"`
	At    time.Time   `json:"at,omitzero"` // when it came into the state
	By    string      `json:"by,omitempty"`
	// Carrier is a code of the policy, Tracking the number that the carrier gave. They stay those of the last sending.
	Carrier  string `json:"carrier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	// Note says why it came back, or why its sheet was replaced.
	Note     string `json:"note,omitempty"`
	Sendings int    `json:"sendings,omitempty"` // how often it was handed to a carrier
	Sheets   int    `json:"sheets,omitempty"`   // how many sheets were printed for it
	// Replaces is SheetSpoiled or SheetLost while another sheet is to be printed, "" otherwise.
	Replaces string `json:"replaces,omitempty"`
	// To holds the answers of the mailing section that were corrected after the approval, when an address turned out wrong;
	// what the applicant filed stays as it is. nil for none.
	To Form `json:"to,omitempty"`
	// Before is what it was before the last step, nil where that cannot be undone.
	Before *Letter `json:"before,omitempty"`
}

// Reasons for which a sheet is replaced.
const (
	SheetSpoiled = "spoiled" // 作废: misprinted, torn, stained
	SheetLost    = "lost"    // 遗失: in the house or on its way
)

// letterStep is one row of the table of mailings: in this state, this action, and where it leads.
type letterStep struct {
	from LetterState
	do   Action
	to   LetterState
}

// letterSteps are all that can be done to a mailing. MailSend of one that is sent corrects carrier or number.
var letterSteps = []letterStep{
	{LetterToPrint, MailPrint, LetterPrinted},
	{LetterPrinted, MailSend, LetterSent},
	{LetterReturned, MailSend, LetterSent},
	{LetterSent, MailSend, LetterSent},
	{LetterSent, MailReturn, LetterReturned},
	{LetterPrinted, MailCollect, LetterCollected},
	{LetterReturned, MailCollect, LetterCollected},
	{LetterPrinted, MailReplace, LetterToPrint},
	{LetterSent, MailReplace, LetterToPrint},
	{LetterReturned, MailReplace, LetterToPrint},
	{LetterToPrint, MailAddress, LetterToPrint},
	{LetterPrinted, MailAddress, LetterPrinted},
	{LetterReturned, MailAddress, LetterReturned},
	{LetterSent, MailUndo, LetterPrinted},
	{LetterReturned, MailUndo, LetterSent},
	{LetterCollected, MailUndo, LetterPrinted},
}

// Posting returns the mailing of the certificate that the application led to, false where there is none: it is not
// approved, a completion, or wants no paper. One that nobody has touched waits to be printed since the approval.
func (a *Application) Posting() (Letter, bool) {
	if a.State != Approved || a.Certificate == "" || !a.Form.Flag("mail_paper") {
		return Letter{}, false
	}
	if a.Letter != nil {
		return *a.Letter, true
	}
	l := Letter{State: LetterToPrint, At: a.ChangedAt}
	if d, ok := a.LastDecision(); ok {
		l.At = d.At
	}
	return l, true
}

// PostalForm returns the form with the address that the letter goes to: that of the application, unless it was corrected.
func (a *Application) PostalForm() Form {
	if a.Letter == nil || len(a.Letter.To) == 0 {
		return a.Form
	}
	form := a.Form.Clone()
	maps.Copy(form, a.Letter.To)
	return form
}

// CanMail tells whether the account may do this to the mailing now: nil, or a DeniedError with the reason.
func (a *Application) CanMail(by Actor, do Action) error {
	_, _, err := a.letterStep(by, do)
	return err
}

func (a *Application) letterStep(by Actor, do Action) (Letter, LetterState, error) {
	if err := by.May(Mail); err != nil {
		return Letter{}, "", err
	}
	if err := by.Sees(a); err != nil {
		return Letter{}, "", err
	}
	l, ok := a.Posting()
	if !ok {
		return Letter{}, "", deny(do, "letter_none", nil)
	}
	i := slices.IndexFunc(letterSteps, func(s letterStep) bool { return s.from == l.State && s.do == do })
	if i < 0 {
		return Letter{}, "", deny(do, "letter_"+string(l.State), nil)
	}
	if do == MailUndo && l.Before == nil {
		return Letter{}, "", deny(do, "letter_no_undo", nil)
	}
	return l, letterSteps[i].to, nil
}

// MailPrint notes that the sheet was printed for the mailing. The copy is counted by who prints it.
func (a *Application) MailPrint(by Actor, p *Policy, now time.Time) (Event, error) {
	return a.mailed(by, p, MailPrint, now, func(l *Letter, e *Event) {
		l.Sheets++
		l.Note, l.Replaces, l.Before = "", "", nil
		e.Certificate = a.Certificate
	})
}

// MailSend notes that the letter was handed to the carrier under the tracking number, both cleaned (CleanTracking); one
// that is sent already gets another carrier or number, and with the same ones again it is ErrAlready. What is no
// carrier of the policy or no plain code is a RuleError.
func (a *Application) MailSend(by Actor, p *Policy, carrier, tracking string, now time.Time) (Event, error) {
	if _, ok := p.Carrier(carrier); !ok {
		return Event{}, &RuleError{"carrier_unknown", Args{"carrier": carrier}}
	}
	if !IsTracking(tracking) {
		return Event{}, &RuleError{"tracking_form", nil}
	}
	if a.ownNumber(tracking, p) {
		return Event{}, &RuleError{"tracking_own", nil}
	}
	l, _, err := a.letterStep(by, MailSend)
	switch {
	case err != nil:
		return Event{}, err
	case l.State == LetterSent && l.Carrier == carrier && l.Tracking == tracking: // a second step would be the one to undo
		return Event{}, ErrAlready
	}
	return a.mailed(by, p, MailSend, now, func(l *Letter, e *Event) {
		if l.Before.State != LetterSent {
			l.Sendings++
		}
		l.Carrier, l.Tracking, l.Note = carrier, tracking, ""
		e.Target = carrier + " " + tracking
	})
}

// ownNumber tells numbers of the desk, which a scanner finds on the certificate and the label, from the carrier's.
func (a *Application) ownNumber(text string, p *Policy) bool {
	rest, ours := strings.CutPrefix(text, p.Issue.Prefix)
	return text == CleanTracking(a.Reference) || text == CleanTracking(a.Certificate) || ours && len(rest) == 10 && isDigits(rest)
}

// MailReturn notes that the letter came back, and why.
func (a *Application) MailReturn(by Actor, p *Policy, why string, now time.Time) (Event, error) {
	why, err := RequiredNote(why)
	if err != nil {
		return Event{}, err
	}
	return a.mailed(by, p, MailReturn, now, func(l *Letter, e *Event) { l.Note, e.Note = why, why })
}

// MailCollect notes that the person collected the certificate at the counter instead.
func (a *Application) MailCollect(by Actor, p *Policy, now time.Time) (Event, error) {
	return a.mailed(by, p, MailCollect, now, func(l *Letter, _ *Event) { l.Note = "" })
}

// MailReplace notes that the sheet is SheetSpoiled or SheetLost, so that another one is to be printed.
func (a *Application) MailReplace(by Actor, p *Policy, how, why string, now time.Time) (Event, error) {
	if how != SheetSpoiled && how != SheetLost {
		return Event{}, &RuleError{"sheet_reason", nil}
	}
	if err := CheckNote(strings.TrimSpace(why)); err != nil {
		return Event{}, err
	}
	return a.mailed(by, p, MailReplace, now, func(l *Letter, e *Event) {
		l.Note, l.Replaces, l.Before = strings.TrimSpace(why), how, nil
		e.Note, e.Target, e.Certificate = l.Note, how, a.Certificate
	})
}

// MailAddress corrects the address of a letter that has not left, or has come back. to holds all fields of the mailing
// section but the wish itself; they are cleaned and held to the rules of the form, which refuse with a FormError.
func (a *Application) MailAddress(by Actor, p *Policy, to Form, now time.Time) (Event, error) {
	if _, _, err := a.letterStep(by, MailAddress); err != nil {
		return Event{}, err
	}
	form, cleaned := a.Form.Clone(), Form{}
	for _, field := range FieldsOf(Mailing) {
		if field.Type == YesNo {
			continue
		}
		value := CleanText(to.Get(field.Key))
		if field.Clean != nil {
			value = field.Clean(value)
		}
		cleaned.Set(field.Key, value)
		form.Set(field.Key, value)
	}
	v := Validation{Kind: a.Kind, Form: form, Policy: p, Today: DateOf(now)}
	for _, field := range FieldsOf(Mailing) {
		v.answer(&field)
	}
	if len(v.problems) > 0 {
		return Event{}, &FormError{v.problems}
	}
	stood, _ := a.Posting()
	event, err := a.mailed(by, p, MailAddress, now, func(l *Letter, _ *Event) { l.To = cleaned })
	if err == nil { // where it stands, and since when, has not changed
		a.Letter.At, a.Letter.By, a.Letter.Before = stood.At, stood.By, stood.Before
	}
	return event, err
}

// MailUndo undoes the last step of the mailing: that it was sent, came back or was collected. What was printed or
// replaced stays as it is: sheets that left the printer are there.
func (a *Application) MailUndo(by Actor, p *Policy, now time.Time) (Event, error) {
	l, _, err := a.letterStep(by, MailUndo)
	if err != nil {
		return Event{}, err
	}
	before := *l.Before
	before.Before, before.To = nil, l.To
	a.Letter = &before
	return a.happened(by, p, MailUndo, 0, now, func(e *Event) { e.Target = string(before.State) }), nil
}

// mailed takes one step; add completes letter and event.
func (a *Application) mailed(by Actor, p *Policy, do Action, now time.Time, add func(*Letter, *Event)) (Event, error) {
	l, to, err := a.letterStep(by, do)
	if err != nil {
		return Event{}, err
	}
	before := l
	before.Before = nil
	l.State, l.At, l.By, l.Before = to, now, by.Name, &before
	return a.happened(by, p, do, 0, now, func(e *Event) {
		add(&l, e)
		a.Letter = &l
	}), nil
}

// clone returns a copy that shares nothing with l.
func (l *Letter) clone() *Letter {
	if l == nil {
		return nil
	}
	c := *l
	c.To = l.To.Clone()
	c.Before = l.Before.clone()
	return &c
}

var trackingForm = regexp.MustCompile(`^[0-9A-Z]{6,32}$`)

// CleanTracking brings a tracking number, typed or scanned, into form: half-width capitals without spaces and dashes.
func CleanTracking(text string) string { return strings.ToUpper(compact(text)) }

// IsTracking reports whether the text is a cleaned tracking number: 6 to 32 capital letters and digits.
func IsTracking(text string) bool { return trackingForm.MatchString(text) }
