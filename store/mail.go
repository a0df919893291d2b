package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// letterEntries derives the keys of the mailing of an application's certificate: its place in the list of its state, and
// its tracking number.
func letterEntries(id uint64, a *review.Application) []entry {
	l, ok := a.Posting()
	if !ok {
		return nil
	}
	group := letterGroup(a.Area, a.EnteredBy, l.State)
	list := []entry{{tree: letters, key: slices.Concat(group, letterOrder(a, &l), idKey(id)), counted: len(group)}}
	if l.Tracking != "" {
		list = append(list, entry{tree: letters, key: appendID(trackingKey(l.Carrier, l.Tracking), id)})
	}
	return list
}

const (
	letterPlace    byte = 'p'
	letterTracking byte = 't'
)

func letterGroup(area, entered string, state review.LetterState) []byte {
	at := slices.Index(review.LetterStates(), state)
	return append(appendText(appendText([]byte{letterPlace}, area), entered), '0'+byte(at))
}

// letterOrder sorts what is at hand by region, then by reference, as envelopes are; what has left the house the latest
// first.
func letterOrder(a *review.Application, l *review.Letter) []byte {
	if l.State == review.LetterSent || l.State == review.LetterCollected {
		return binary.BigEndian.AppendUint64(nil, orderLatest(l.At))
	}
	return appendText(appendText(nil, a.PostalForm().Get("region")), a.Reference)
}

func trackingKey(carrier, tracking string) []byte {
	return appendText(appendText([]byte{letterTracking}, carrier), tracking)
}

// Letters asks for the mailings of one state in the account's scope (domain §6). Text is a filter: each of its words must
// be part of the reference, the certificate number, the tracking number, the region, or the name.
type Letters struct {
	State review.LetterState
	By    review.Actor
	Text  string
}

// LetterPage is a stretch of mailings in the order shown. More says that there is more behind it, with a filter that there
// may be; Next is where to go on.
type LetterPage struct {
	Rows []review.Application
	More bool
	Next Cursor
}

// mayMail refuses accounts that do not work in the mail room.
func mayMail(by *review.Actor) error { return by.May(review.Mail) }

// seesLetters tells whether the group lies in the account's scope.
func seesLetters(by *review.Actor, area, entered string) bool {
	return by.Sees(&review.Application{Area: area, EnteredBy: entered}) == nil
}

// letterGroups yields the groups of the state in the account's scope, with their kept counts.
func (t *txn) letterGroups(by *review.Actor, state review.LetterState) (map[string]int, error) {
	found := map[string]int{}
	suffix := letterGroup("", "", state)
	for key := range keys(t.in(counts), []byte{letterPlace}) {
		area, rest, ok := cutText(key[1:])
		if !ok {
			return nil, damaged(counts, 0, errHead)
		}
		entered, rest, ok := cutText(rest)
		if !ok || len(rest) != 1 {
			return nil, damaged(counts, 0, errHead)
		}
		if rest[0] == suffix[len(suffix)-1] && seesLetters(by, area, entered) {
			found[string(key)] = int(countOf(t.in(counts).Get(key)))
		}
	}
	return found, nil
}

// LetterCounts returns the number of mailings of each state in the account's scope, from the kept counts; a DeniedError
// for an account that does not mail.
func (s *Store) LetterCounts(by review.Actor) (map[review.LetterState]int, error) {
	if err := mayMail(&by); err != nil {
		return nil, err
	}
	all := map[review.LetterState]int{}
	err := s.view(func(t *txn) error {
		for _, state := range review.LetterStates() {
			groups, err := t.letterGroups(&by, state)
			if err != nil {
				return err
			}
			for _, n := range groups {
				all[state] += n
			}
		}
		return nil
	})
	return all, about("count the mail of", by.Name, err)
}

// LetterPage returns up to n mailings that follow the cursor; "" is the beginning.
func (s *Store) LetterPage(q Letters, at Cursor, n int) (LetterPage, error) {
	if err := mayMail(&q.By); err != nil {
		return LetterPage{}, err
	}
	from, err := hex.DecodeString(string(at))
	if err != nil || !slices.Contains(review.LetterStates(), q.State) {
		return LetterPage{}, ErrQueue
	}
	var page LetterPage
	err = s.view(func(t *txn) error {
		page = LetterPage{}
		groups, err := t.letterGroups(&q.By, q.State)
		if err != nil {
			return err
		}
		return t.letterPage(&page, groups, from, n, strings.Fields(strings.ToLower(q.Text)))
	})
	return page, about("page of mail", string(q.State), err)
}

// mostLetterSteps bounds the records that a filtered page reads.
const mostLetterSteps = 4000

func (t *txn) letterPage(page *LetterPage, groups map[string]int, from []byte, n int, words []string) error {
	merged := t.letterStreams(groups, from)
	for steps := 0; ; steps++ {
		next := earliest(merged)
		if next == nil {
			return nil
		}
		if len(page.Rows) == n || steps == mostLetterSteps {
			page.More = true
			return nil
		}
		a, err := t.applicationAt(lastID(next.place))
		if err != nil {
			return err
		}
		if letterHolds(&a, words) {
			page.Rows = append(page.Rows, a)
		}
		page.Next = Cursor(hex.EncodeToString(next.place))
		next.advance()
	}
}

// letterStream is one group of a walk through mailings, which stands on its next place: order and id.
type letterStream struct {
	cursor        *bolt.Cursor
	prefix, place []byte
}

func (t *txn) letterStreams(groups map[string]int, from []byte) []*letterStream {
	var list []*letterStream
	for prefix := range groups {
		s := &letterStream{cursor: t.in(letters).Cursor(), prefix: []byte(prefix)}
		s.stand(first(s.cursor.Seek(append([]byte(prefix), from...))))
		if len(from) > 0 && bytes.Equal(s.place, from) {
			s.advance()
		}
		list = append(list, s)
	}
	return list
}

func (s *letterStream) advance() { s.stand(first(s.cursor.Next())) }

func (s *letterStream) stand(key []byte) {
	s.place = nil
	if hasPrefix(key, s.prefix) && len(key) >= len(s.prefix)+idSize {
		s.place = key[len(s.prefix):]
	}
}

// earliest returns the stream whose place comes first, nil when all are at their end.
func earliest(list []*letterStream) *letterStream {
	var best *letterStream
	for _, s := range list {
		if s.place != nil && (best == nil || bytes.Compare(s.place, best.place) < 0) {
			best = s
		}
	}
	return best
}

func letterHolds(a *review.Application, words []string) bool {
	if len(words) == 0 {
		return true
	}
	l, _ := a.Posting()
	form := a.PostalForm()
	text := strings.ToLower(strings.Join([]string{
		a.Reference, a.Certificate, l.Tracking, form.Get("region"), form.Get("name"), form.Get("recipient"),
	}, "\n"))
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Envelope is one mailing of a batch: what was on the screen when it was chosen, and the copy that goes into it.
type Envelope struct {
	Reference string
	Version   int // of the application, 0 for whatever is there
	Copy      review.CopyAsk
}

// PrintLetters enters a copy of the certificate of each mailing into the ledger and notes that its sheet is printed: all
// of them in one transaction, in the order given, or none. Where a copy names no reason it is that of mailing, or of the
// sheet that it replaces. Its errors are those of Copy, a StaleError, and a DeniedError for a mailing that does not wait
// to be printed; each names the reference.
func (s *Store) PrintLetters(account string, batch []Envelope, now time.Time) error {
	return s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		for _, one := range batch {
			if err := t.printLetter(by, one, now); err != nil {
				return about("print", one.Reference, err)
			}
		}
		return nil
	})
}

// printLetter enters the copy and takes the step of the mailing. That the copy marks the application as out is part of
// this change, not one that the account has not seen.
func (t *txn) printLetter(by review.Actor, one Envelope, now time.Time) error {
	_, seen, err := t.application(one.Reference)
	if err != nil {
		return err
	}
	if one.Version != 0 && one.Version != seen.Version {
		return stale(&seen)
	}
	if err := seen.CanMail(by, review.MailPrint); err != nil {
		return err
	}
	ask := one.Copy
	ask.Way = review.OnPaper
	if ask.Reason == "" {
		ask.Reason = t.letterReason(&seen)
	}
	if _, err := t.handOut(by, seen.Certificate, ask, now); err != nil {
		return err
	}
	return t.letterStep(one.Reference, func(a *review.Application) (review.Event, error) {
		return a.MailPrint(by, t.s.policy, now)
	})
}

// letterReason is why the sheet is printed, in the policy's words; "" where the policy has none like it.
func (t *txn) letterReason(a *review.Application) string {
	l, _ := a.Posting()
	for _, code := range []string{l.Replaces, "mailed"} {
		if reason, ok := t.s.policy.CopyReason(code); ok && !reason.Note {
			return reason.Code
		}
	}
	return ""
}

// letterStep writes one step of a mailing with its event.
func (t *txn) letterStep(reference string, take func(a *review.Application) (review.Event, error)) error {
	id, before, err := t.application(reference)
	if err != nil {
		return err
	}
	after := before.Clone()
	event, err := take(&after)
	if err != nil {
		return err
	}
	if err := t.putApplication(id, &before, &after); err != nil {
		return err
	}
	return t.putEvent(&event)
}

// ReplaceSheet notes that the sheet of a mailing is spoiled or lost, so that it waits to be printed again; in the ledger
// the copy on a spoiled sheet is marked. seen is the version that was on the screen, 0 for whatever is there. Its errors
// are those of review.MailReplace, a StaleError and ErrNotFound.
func (s *Store) ReplaceSheet(account, reference string, seen int, how, why string, now time.Time) error {
	return about("replace the sheet of", reference, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		_, a, err := t.application(reference)
		if err != nil {
			return err
		}
		if seen != 0 && seen != a.Version {
			return stale(&a)
		}
		err = t.letterStep(reference, func(a *review.Application) (review.Event, error) {
			return a.MailReplace(by, t.s.policy, how, why, now)
		})
		if err != nil || how != review.SheetSpoiled {
			return err
		}
		return t.spoilLast(by, a.Certificate, why, now)
	}))
}

// spoilLast marks the latest copy on paper that is not spoiled yet.
func (t *txn) spoilLast(by review.Actor, number, why string, now time.Time) error {
	id, _, err := t.certificate(number)
	if err != nil {
		return err
	}
	lines, err := t.ledger(id)
	if err != nil {
		return err
	}
	for _, line := range slices.Backward(lines) {
		if line.Way == review.OnPaper && !line.Spoiled() {
			return t.spoil(by, number, line.Number, why, now)
		}
	}
	return nil
}

// PrintLabels records that the addresses of mailings are printed or written to a list in clear: all in one transaction, or
// none. Each must be a mailing in the account's scope.
func (s *Store) PrintLabels(account string, references []string, now time.Time) error {
	return s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		for _, reference := range references {
			if err := t.printLabel(by, reference, now); err != nil {
				return about("label", reference, err)
			}
		}
		return nil
	})
}

func (t *txn) printLabel(by review.Actor, reference string, now time.Time) error {
	_, a, err := t.application(reference)
	if err != nil {
		return err
	}
	if err := mayMail(&by); err != nil {
		return err
	}
	if err := by.Sees(&a); err != nil {
		return err
	}
	if _, ok := a.Posting(); !ok {
		return &review.DeniedError{Action: review.MailLabels, Code: "letter_none"}
	}
	e := review.Event{Action: review.MailLabels, Reference: reference, Revision: a.Revision, State: a.State}
	return t.putEvent(t.happened(by, e, now))
}

// trackingFree refuses a tracking number that stands on another envelope: it was scanned twice.
func (t *txn) trackingFree(before, after *review.Application) error {
	l := after.Letter
	if l == nil || l.Tracking == "" || before.Letter != nil && before.Letter.Tracking == l.Tracking && before.Letter.Carrier == l.Carrier {
		return nil
	}
	for key := range keys(t.in(letters), trackingKey(l.Carrier, l.Tracking)) {
		h, err := t.head(lastID(key))
		if err != nil {
			return err
		}
		if h.reference != after.Reference {
			return &review.RuleError{Code: "tracking_taken", Args: review.Args{"reference": h.reference, "tracking": l.Tracking}}
		}
	}
	return nil
}
