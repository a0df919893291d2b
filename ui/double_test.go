package ui

import (
	"errors"
	"reflect"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// double answers as its store does, but for the calls in whose place a test puts functions of its own. One type serves all
// tests: a type that embeds the store gets a method for each of the store's, and a type for each test took the compiler
// longer than the tests themselves.
type double struct {
	*store.Store
	addAccount    func(by string, a review.Account, now time.Time) error
	alike         func(by review.Actor, reference string) ([]store.Alike, error)
	application   func(by review.Actor, reference string) (review.Application, error)
	blob          func(sha string) ([]byte, error)
	certificateOf func(by review.Actor, person review.PersonKey) (review.Certificate, error)
	change        func(account, reference string, seen int, now time.Time, decide store.Decide) (review.Application, error)
	changeAccount func(by, name, note string, now time.Time, change func(a *review.Account) error) error
	conflicts     func(by review.Actor) ([]review.Handed, error)
	copy          func(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error)
	count         func(q store.Queue) (int, bool, error)
	counts        func(by review.Actor) (map[store.QueueName]int, error)
	decisions     func(by review.Actor, day review.Date) ([]store.OwnDecision, error)
	drawing       func(by review.Actor, number string, version int) (store.Paper, error)
	facts         func(reference string) (review.Facts, error)
	latestPacks   func(by review.Actor, most int) ([]review.Pack, error)
	page          func(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error)
	printLabels   func(account string, references []string, now time.Time) error
	printLetters  func(account string, batch []store.Envelope, now time.Time) error
	record        func(account string, e review.Event, now time.Time) error
	replaceSheet  func(account, reference string, seen int, how, why string, now time.Time) error
	saveDesk      func(account string, state review.DeskState, drafts []review.HalfDone) error
	saveFiling    func(account string, f review.Filing, data map[string][]byte, now time.Time) error
	term          func() (store.Term, error)
	ways          func(id string, now time.Time) (store.Ways, error)
}

func doubled(s *store.Store) *double {
	return &double{
		Store: s, addAccount: s.AddAccount, alike: s.Alike, application: s.Application, blob: s.Blob,
		certificateOf: s.CertificateOf, change: s.Change, changeAccount: s.ChangeAccount, conflicts: s.Conflicts,
		copy: s.Copy, count: s.Count, counts: s.Counts, decisions: s.Decisions, drawing: s.Drawing, facts: s.Facts,
		latestPacks: s.LatestPacks, page: s.Page, printLabels: s.PrintLabels, printLetters: s.PrintLetters,
		record: s.Record, replaceSheet: s.ReplaceSheet, saveDesk: s.SaveDesk, saveFiling: s.SaveFiling, term: s.Term,
		ways: s.Ways,
	}
}

// errBroken is a fault that nobody foresaw.
var errBroken = errors.New("disk broken")

// fail lets a call of a double do nothing and answer the error; the function of its store, put back, ends that.
func fail[F any](call *F, err error) {
	f := reflect.TypeFor[F]()
	answer := make([]reflect.Value, f.NumOut())
	for i := range answer {
		answer[i] = reflect.Zero(f.Out(i))
	}
	answer[len(answer)-1] = reflect.ValueOf(&err).Elem()
	*call = reflect.MakeFunc(f, func([]reflect.Value) []reflect.Value { return answer }).Interface().(F)
}

func (d *double) AddAccount(by string, a review.Account, now time.Time) error {
	return d.addAccount(by, a, now)
}

func (d *double) Alike(by review.Actor, reference string) ([]store.Alike, error) {
	return d.alike(by, reference)
}

func (d *double) Application(by review.Actor, reference string) (review.Application, error) {
	return d.application(by, reference)
}

func (d *double) Blob(sha string) ([]byte, error) {
	return d.blob(sha)
}

func (d *double) CertificateOf(by review.Actor, person review.PersonKey) (review.Certificate, error) {
	return d.certificateOf(by, person)
}

func (d *double) Change(account, reference string, seen int, now time.Time, decide store.Decide) (review.Application, error) {
	return d.change(account, reference, seen, now, decide)
}

func (d *double) ChangeAccount(by, name, note string, now time.Time, change func(a *review.Account) error) error {
	return d.changeAccount(by, name, note, now, change)
}

func (d *double) Conflicts(by review.Actor) ([]review.Handed, error) {
	return d.conflicts(by)
}

func (d *double) Copy(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error) {
	return d.copy(account, number, ask, now)
}

func (d *double) Count(q store.Queue) (int, bool, error) {
	return d.count(q)
}

func (d *double) Counts(by review.Actor) (map[store.QueueName]int, error) {
	return d.counts(by)
}

func (d *double) Decisions(by review.Actor, day review.Date) ([]store.OwnDecision, error) {
	return d.decisions(by, day)
}

func (d *double) Drawing(by review.Actor, number string, version int) (store.Paper, error) {
	return d.drawing(by, number, version)
}

func (d *double) Facts(reference string) (review.Facts, error) {
	return d.facts(reference)
}

func (d *double) LatestPacks(by review.Actor, most int) ([]review.Pack, error) {
	return d.latestPacks(by, most)
}

func (d *double) Page(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error) {
	return d.page(q, at, forward, n)
}

func (d *double) PrintLabels(account string, references []string, now time.Time) error {
	return d.printLabels(account, references, now)
}

func (d *double) PrintLetters(account string, batch []store.Envelope, now time.Time) error {
	return d.printLetters(account, batch, now)
}

func (d *double) Record(account string, e review.Event, now time.Time) error {
	return d.record(account, e, now)
}

func (d *double) ReplaceSheet(account, reference string, seen int, how, why string, now time.Time) error {
	return d.replaceSheet(account, reference, seen, how, why, now)
}

func (d *double) SaveDesk(account string, state review.DeskState, drafts []review.HalfDone) error {
	return d.saveDesk(account, state, drafts)
}

func (d *double) SaveFiling(account string, f review.Filing, data map[string][]byte, now time.Time) error {
	return d.saveFiling(account, f, data, now)
}

func (d *double) Term() (store.Term, error) {
	return d.term()
}

func (d *double) Ways(id string, now time.Time) (store.Ways, error) {
	return d.ways(id, now)
}
