package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"rongzheng/review"
)

// Close ends the use of the data folder.
func (s *Store) Close() error { return errors.ErrUnsupported }

// Open opens the data folder.
func Open(dir string, o Options) (*Store, error) { return nil, errors.ErrUnsupported }

// Policy returns the policy in force.
func (s *Store) Policy() *review.Policy { return s.policy }

// Dir returns the data folder.
func (s *Store) Dir() string { return s.dir }

// Change is read–decide–write in one transaction.
func (s *Store) Change(account, reference string, seen int, now time.Time, decide Decide) (review.Application, error) {
	return review.Application{}, errors.ErrUnsupported
}

// Submit takes one submission with the bytes of its attachments by SHA-256.
func (s *Store) Submit(account string, sub review.Submission, files map[string][]byte, now time.Time) (review.Application, error) {
	return review.Application{}, errors.ErrUnsupported
}

// Record writes one event that changes nothing else.
func (s *Store) Record(account string, e review.Event, now time.Time) error {
	return errors.ErrUnsupported
}

// Print counts a copy and returns what to draw.
func (s *Store) Print(account, number string, now time.Time) (Printable, error) {
	return Printable{}, errors.ErrUnsupported
}

// Deliver marks certificates as handed to the portal.
func (s *Store) Deliver(account string, numbers []string, now time.Time) error {
	return errors.ErrUnsupported
}

// AddAccount adds an account.
func (s *Store) AddAccount(by string, a review.Account, now time.Time) error {
	return errors.ErrUnsupported
}

// DisableAccount ends an account.
func (s *Store) DisableAccount(by, name string, now time.Time) error { return errors.ErrUnsupported }

// AddLegacy takes in legacy certificates.
func (s *Store) AddLegacy(account string, certs []LegacyCertificate, now time.Time) ([]error, error) {
	return nil, errors.ErrUnsupported
}

// Account returns the account.
func (s *Store) Account(name string) (review.Account, error) {
	return review.Account{}, errors.ErrUnsupported
}

// Accounts returns all accounts by name.
func (s *Store) Accounts() ([]review.Account, error) { return nil, errors.ErrUnsupported }

// Application returns the present revision.
func (s *Store) Application(by review.Actor, reference string) (review.Application, error) {
	return review.Application{}, errors.ErrUnsupported
}

// Revisions returns the earlier revisions, oldest first.
func (s *Store) Revisions(by review.Actor, reference string) ([]review.Application, error) {
	return nil, errors.ErrUnsupported
}

// Timeline returns the events of an application, oldest first.
func (s *Store) Timeline(by review.Actor, reference string) ([]review.Event, error) {
	return nil, errors.ErrUnsupported
}

// Facts gathers what the rules need to know of the register for the application.
func (s *Store) Facts(reference string) (review.Facts, error) {
	return review.Facts{}, errors.ErrUnsupported
}

// Blob returns an attachment's bytes, hash checked.
func (s *Store) Blob(sha256 string) ([]byte, error) { return nil, errors.ErrUnsupported }

// Certificate returns the certificate with the number.
func (s *Store) Certificate(by review.Actor, number string) (review.Certificate, error) {
	return review.Certificate{}, errors.ErrUnsupported
}

// CertificateOf returns the person's certificate.
func (s *Store) CertificateOf(by review.Actor, person review.PersonKey) (review.Certificate, error) {
	return review.Certificate{}, errors.ErrUnsupported
}

// Events returns the log forward.
func (s *Store) Events(by review.Actor, from uint64, n int) ([]review.Event, error) {
	return nil, errors.ErrUnsupported
}

// Page returns rows of a queue.
func (s *Store) Page(q Queue, at Cursor, forward bool, n int) (Page, error) {
	return Page{}, errors.ErrUnsupported
}

// Count returns the number of rows of a queue; exact is false when counting stopped at CountLimit.
func (s *Store) Count(q Queue) (n int, exact bool, err error) {
	return 0, false, errors.ErrUnsupported
}

// Counts returns the number of rows of every queue.
func (s *Store) Counts(by review.Actor) (map[QueueName]int, error) {
	return nil, errors.ErrUnsupported
}

// Find returns up to n applications and certificates that match.
func (s *Store) Find(by review.Actor, text string, n int) ([]Row, error) {
	return nil, errors.ErrUnsupported
}

// Check compares everything that is kept twice.
func (s *Store) Check(ctx context.Context, progress func(done, total int)) ([]Finding, error) {
	return nil, errors.ErrUnsupported
}

// Repair rebuilds all indexes and counts.
func (s *Store) Repair(account string, now time.Time, progress func(done, total int)) error {
	return errors.ErrUnsupported
}

// Load fills an empty store.
func (s *Store) Load(account string, records iter.Seq2[Record, error], progress func(done int)) error {
	return errors.ErrUnsupported
}

// ChangedSince yields the applications that changed at or after since.
func (s *Store) ChangedSince(by review.Actor, since time.Time) iter.Seq2[review.Application, error] {
	return func(yield func(review.Application, error) bool) {
		yield(review.Application{}, errors.ErrUnsupported)
	}
}

// VoidNumbers lists the certificate numbers of a year that were voided.
func (s *Store) VoidNumbers(year int) ([]string, error) { return nil, errors.ErrUnsupported }
