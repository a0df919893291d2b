package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rongzheng/review"
)

// ChangeAccount changes an account as another one, which must be an administrator: its keys, areas, office, title, and
// whether it is disabled. Name, role and level stay: what it did was done as those. note says in the log what was changed.
// The error is that of change, a FormError for an account that could not work, a RuleError last_administrator for disabling
// the last administrator, ErrAlready when nothing changes.
func (s *Store) ChangeAccount(by, name, note string, now time.Time, change func(a *review.Account) error) error {
	return about("change account", name, s.update(func(t *txn) error {
		actor, err := t.account(by)
		if err == nil {
			err = actor.May(review.Administer)
		}
		if err != nil {
			return err
		}
		before, err := t.account(name)
		if err != nil {
			return err
		}
		after, err := t.account(name)
		if err == nil {
			err = change(&after)
		}
		if err != nil {
			return err
		}
		after.Name, after.Role, after.Level = before.Name, before.Role, before.Level
		if err := t.mayBecome(&before, &after); err != nil {
			return err
		}
		if err := t.putAccount(&after); err != nil {
			return err
		}
		if err := t.barReviewer(&before, &after); err != nil {
			return err
		}
		return t.putEvent(t.happened(actor, review.Event{Action: review.ChangedAccount, Target: name, Note: note}, now))
	}))
}

// mayBecome refuses a change of an account that is none, or that the folder could not work with.
func (t *txn) mayBecome(before, after *review.Account) error {
	was, err := json.Marshal(before)
	if err != nil {
		return err
	}
	is, err := json.Marshal(after)
	if err != nil {
		return err
	}
	if string(was) == string(is) {
		return review.ErrAlready
	}
	if after.Disabled && !before.Disabled {
		if err := t.notLast(after); err != nil {
			return err
		}
	}
	return review.CheckAccount(*after, t.s.policy)
}

// keyUse begins the keys in meta that say when a key was last used.
const keyUse = "key "

// keyUsePause is how long a use of a key is known before it is written again.
const keyUsePause = time.Minute

// KeyUsed notes that somebody logged in with the key, named by its fingerprint.
func (s *Store) KeyUsed(fingerprint string, now time.Time) error {
	last, err := s.KeyUses()
	if err != nil || now.Sub(last[fingerprint]) < keyUsePause {
		return err
	}
	return s.update(func(t *txn) error {
		value, err := now.UTC().MarshalText()
		if err != nil {
			return err
		}
		return t.in(meta).Put([]byte(keyUse+fingerprint), value)
	})
}

// KeyUses returns when each key was last used, by fingerprint.
func (s *Store) KeyUses() (map[string]time.Time, error) {
	uses := map[string]time.Time{}
	err := s.view(func(t *txn) error {
		c := t.in(meta).Cursor()
		for key, value := c.Seek([]byte(keyUse)); hasPrefix(key, []byte(keyUse)); key, value = c.Next() {
			var at time.Time
			if err := at.UnmarshalText(value); err != nil {
				return fmt.Errorf("%w: the use of a key: %w", ErrDamaged, err)
			}
			uses[strings.TrimPrefix(string(key), keyUse)] = at
		}
		return nil
	})
	return uses, err
}
