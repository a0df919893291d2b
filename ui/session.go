package ui

import (
	"log/slog"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// pages lists queues.
type pages interface {
	Latest() uint64
	Page(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error)
	Count(q store.Queue) (n int, exact bool, err error)
	Counts(by review.Actor) (map[store.QueueName]int, error)
	CountDue(q store.Queue, before ...review.Date) (n []int, exact bool, err error)
}

// cases reads what belongs to one case.
type cases interface {
	Latest() uint64
	Application(by review.Actor, reference string) (review.Application, error)
	Facts(reference string) (review.Facts, error)
	Timeline(by review.Actor, reference string) ([]review.Event, error)
	Certificate(by review.Actor, number string) (review.Certificate, error)
	Seen(by review.Actor, reference string) ([]string, error)
	Blob(sha256 string) ([]byte, error)
	Paper(by review.Actor, number string, way review.CopyWay) (store.Paper, error)
	Drawing(by review.Actor, number string, version int) (store.Paper, error)
	Ledger(by review.Actor, number string) ([]review.Copy, error)
	FindCertificates(by review.Actor, text string, n int) ([]store.Row, error)
}

// changes writes.
type changes interface {
	Change(account, reference string, seen int, now time.Time, decide store.Decide) (review.Application, error)
	Record(account string, e review.Event, now time.Time) error
	Copy(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error)
	Spoil(account, number string, copyNumber int, note string, now time.Time) error
}

// accounts knows who works with the desk.
type accounts interface {
	Account(name string) (review.Account, error)
	Accounts() ([]review.Account, error)
	AddAccount(by string, a review.Account, now time.Time) error
}

// Register is what the desk needs of the store.
type Register interface {
	pages
	administration
	cases
	changes
	accounts
	standings
	halfDone
	counter
	preferences
	outside
	ownDecisions
	revisions
	figures
	endings
	alikes
	mailRoom
	lookups
	Policy() *review.Policy
	Dir() string
	Subscribe() *store.Subscription
	Claims() []review.Claim
}

// clock tells the time.
type clock func() time.Time

// session is what every screen of one desk is given: who works, on what, in which words. Only the root's own goroutine
// touches it; commands copy what they need.
type session struct {
	scans    Scans  // where the files that are handed over at the counter lie
	folder   string // where they were picked last at this desk
	kept     string // where the account picked them last at any desk
	store    Register
	by       review.Actor
	policy   *review.Policy
	pictures pictures
	words    Words
	keys     keys
	styles   styles
	clock    clock
	outlet   Outlet // where printed certificates go, nil where nothing is printed
	guides   Guides // where guide pages lie that stand in the place of the program's
	sheets   string // folder for exported tables, "" where none are written
	demo     bool
	log      *slog.Logger
	startup  string              // account asked for at the start
	warning  string              // that the desk begins with
	saved    []store.SavedView   // of the account, shown as tabs
	sections []section           // tabs that are screens of their own
	welcome  bool                // a new account is shown what matters first
	news     *store.Subscription // what others do; ends with the desk
	// colleagues are the accounts as they were when the desk was opened or switched: refusals name those who could.
	colleagues []review.Account
	claims     map[string]review.Claim // by reference: who has which case in hand
	typed      int                     // keys so far
	// later sends a message after a while; tests send it when they want.
	later      func(time.Duration, tea.Msg) tea.Cmd
	verify     func(by review.Actor) Verifier
	signing    error            // what keeps certificates from being issued, nil for nothing
	unsealed   bool             // what is issued carries a specimen of a seal
	filesUntil func() time.Time // end of the certificate that signs what is issued; nil for none
	service    Service          // the server that the desk is served by, nil for a desk of this machine
	parseKey   ParseKey         // nil where keys are not managed
	term       store.Term       // of the work pack that the desk works on, zero for none
	packLeft   countdown
	// conflicts are those of the account among what it handed back.
	conflicts ownConflicts
	takeOut   TakeOut // nil where no packs are made
	request   int     // number of the last request, so that late answers can be told from awaited ones
}

func (s *session) speak(lang string) {
	s.words = NewWords(lang).For(s.policy)
	s.keys = newKeys(s.words)
}

// next returns the number of a new request.
func (s *session) next() int {
	s.request++
	return s.request
}

// logged writes an error that nobody foresaw to the log, under the number that the screen shows.
func (s *session) logged(err error) tea.Cmd {
	if err == nil || s.log == nil || s.words.isForeseen(err) {
		return nil
	}
	log := s.log
	return func() tea.Msg {
		log.Error("unforeseen", "number", FaultNumber(err), "error", err)
		return nil
	}
}
