package store

import (
	"encoding/json"
	"fmt"
	"time"

	"rongzheng/review"
)

// Account returns the account with the name, or ErrNotFound.
func (s *Store) Account(name string) (review.Account, error) {
	var a review.Account
	err := s.view(func(t *txn) (err error) {
		a, err = t.account(name)
		return err
	})
	return a, err
}

// Accounts returns all accounts by name, disabled ones included.
func (s *Store) Accounts() ([]review.Account, error) {
	var all []review.Account
	err := s.view(func(t *txn) (err error) {
		all, err = t.allAccounts()
		return err
	})
	return all, err
}

// AddAccount adds an account as another one, which must be an administrator. by may be "" only for the first account of a
// folder, which must be an administrator itself (RuleError first_account). A name that is taken is ErrExists, an account
// that could not work a FormError (review.CheckAccount).
func (s *Store) AddAccount(by string, a review.Account, now time.Time) error {
	return about("add account", a.Name, s.update(func(t *txn) error {
		adder, err := t.adder(by, &a)
		if err != nil {
			return err
		}
		if err := review.CheckAccount(a, s.policy); err != nil {
			return err
		}
		if t.in(accounts).Get([]byte(a.Name)) != nil {
			return review.ErrExists
		}
		if err := t.putAccount(&a); err != nil {
			return err
		}
		if err := t.barReviewer(&review.Account{}, &a); err != nil {
			return err
		}
		return t.putEvent(t.happened(adder, review.Event{Action: review.AddAccount, Target: a.Name}, now))
	}))
}

// adder returns who adds the account: an administrator, for the first one that account itself.
func (t *txn) adder(by string, a *review.Account) (review.Actor, error) {
	if by != "" {
		adder, err := t.account(by)
		if err != nil {
			return adder, err
		}
		return adder, adder.May(review.Administer)
	}
	if key, _ := t.in(accounts).Cursor().First(); key != nil || a.Role != review.Administrator {
		return *a, &review.RuleError{Code: "first_account"}
	}
	return *a, a.May(review.Administer)
}

// DisableAccount ends an account: from then on it may do nothing. Nobody is forgotten, so that the log stays readable. The
// last administrator cannot be disabled (RuleError last_administrator); one that is disabled already is ErrAlready.
func (s *Store) DisableAccount(by, name string, now time.Time) error {
	return about("disable account", name, s.update(func(t *txn) error {
		actor, err := t.account(by)
		if err != nil {
			return err
		}
		if err := actor.May(review.Administer); err != nil {
			return err
		}
		a, err := t.account(name)
		switch {
		case err != nil:
			return err
		case a.Disabled:
			return review.ErrAlready
		}
		if err := t.notLast(&a); err != nil {
			return err
		}
		a.Disabled = true
		if err := t.putAccount(&a); err != nil {
			return err
		}
		return t.putEvent(t.happened(actor, review.Event{Action: review.EndAccount, Target: name}, now))
	}))
}

func (t *txn) notLast(a *review.Account) error {
	all, err := t.allAccounts()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Role == review.Administrator && !other.Disabled && other.Name != a.Name {
			return nil
		}
	}
	if a.Role != review.Administrator {
		return nil
	}
	return &review.RuleError{Code: "last_administrator"}
}

func (t *txn) account(name string) (review.Account, error) {
	value := t.in(accounts).Get([]byte(name))
	if value == nil {
		return review.Account{}, fmt.Errorf("account %s: %w", name, review.ErrNotFound)
	}
	a, err := t.s.officers.decode(value)
	if err != nil {
		return a, fmt.Errorf("%w: account %s: %w", ErrDamaged, name, err)
	}
	return a, nil
}

func (t *txn) allAccounts() ([]review.Account, error) {
	var all []review.Account
	err := t.in(accounts).ForEach(func(name, _ []byte) error {
		a, err := t.account(string(name))
		all = append(all, a)
		return err
	})
	return all, err
}

// putAccount writes the account and moves the bucket's sequence, so that rosters in memory are known to be old.
func (t *txn) putAccount(a *review.Account) error {
	value, err := json.Marshal(a)
	if err != nil {
		return err
	}
	t.accountsChanged = true
	if _, err := t.in(accounts).NextSequence(); err != nil {
		return err
	}
	return t.in(accounts).Put([]byte(a.Name), value)
}

// roster is the reviewers as of one state of the accounts: every change of an application in review asks whom it bars.
type roster struct {
	seq       uint64
	reviewers []review.Account
}

// reviewers returns all reviewers, disabled ones included. Nobody may change the list.
func (t *txn) reviewers() ([]review.Account, error) {
	seq := t.in(accounts).Sequence()
	if kept := t.s.roster.Load(); kept != nil && kept.seq == seq {
		return kept.reviewers, nil
	}
	all, err := t.allAccounts()
	if err != nil {
		return nil, err
	}
	fresh := &roster{seq: seq}
	for _, a := range all {
		if a.Role == review.Reviewer {
			fresh.reviewers = append(fresh.reviewers, a)
		}
	}
	if !t.accountsChanged { // what this transaction itself wrote may still be undone
		t.s.roster.Store(fresh)
	}
	return fresh.reviewers, nil
}

// barReviewer enters a reviewer into the lists of what four eyes keep from them: they may be a person who has a part in
// applications under another account. before is the account as it was, the zero Account for a new one.
func (t *txn) barReviewer(before, after *review.Account) error {
	was, err := t.barredFrom(before)
	if err != nil {
		return err
	}
	is, err := t.barredFrom(after)
	if err != nil {
		return err
	}
	return t.derive(was, is)
}

// barredFrom lists the entries of what four eyes keep from the account.
func (t *txn) barredFrom(a *review.Account) ([]entry, error) {
	if a.Role != review.Reviewer {
		return nil, nil
	}
	groups, err := t.groups(func(g group) bool {
		return g.state == stateByte(review.InReview) && int(g.level) == a.Level && a.Covers(g.area)
	})
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, g := range groups {
		prefix := g.listKey()
		for key := range keys(t.in(lists), prefix) {
			app, err := t.applicationAt(lastID(key))
			if err != nil {
				return nil, err
			}
			if bars(&app, a) {
				h := applicationHead(&app)
				list = append(list, listed(g.barKey(a.Name), h.order, lastID(key)))
			}
		}
	}
	return list, nil
}

// happened completes an event with who did it and when.
func (t *txn) happened(by review.Actor, e review.Event, now time.Time) *review.Event {
	e.At, e.By, e.Office, e.Role, e.Policy = now, by.Name, by.Office, by.Role, t.s.policy.Version
	if t.outside != nil {
		e.Outside = t.outside
	}
	return &e
}
