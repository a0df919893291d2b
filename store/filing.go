package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// filingsName is a bucket beside the trees, made when something is first kept in it: applications that are being typed at
// the counter. The attachments that a filing names are kept like those of a record.
//
//	"he"· type of document · identity number · kind · origin → {"person":{…},"kind":"first","form":{…},…}
const filingsName = "filings"

func filingKey(account string, id review.FilingID) []byte {
	key := append(appendText(nil, account), personKey(id.Person)...)
	return append(appendText(key, string(id.Kind)), id.Origin...)
}

// Known returns what the register knows of the person, as far as the account may see it. Whoever may not file at the
// counter gets a review.DeniedError.
func (s *Store) Known(account string, person review.PersonKey) (review.Known, error) {
	k := review.Known{Person: person}
	err := s.view(func(t *txn) error {
		by, err := t.counterAccount(account)
		if err != nil {
			return err
		}
		if err := t.factsOfPerson(person, &k.Facts); err != nil {
			return err
		}
		if err := t.certificateFor(&by, &k); err != nil {
			return err
		}
		for id := range t.ofPerson(person, personApplication) {
			a, err := t.applicationAt(id)
			switch {
			case err != nil:
				return err
			case by.Sees(&a) != nil:
				k.Hidden++
			default:
				k.Applications = append(k.Applications, a)
			}
		}
		slices.Reverse(k.Applications)
		return nil
	})
	if err != nil {
		return review.Known{}, fmt.Errorf("what is known of a person: %w", err)
	}
	return k, nil
}

func (t *txn) counterAccount(name string) (review.Actor, error) {
	by, err := t.account(name)
	if err == nil && by.Role != review.Clerk {
		err = &review.DeniedError{Action: review.Submit, Code: "role_" + string(by.Role)}
	}
	if err == nil {
		err = by.May(review.Submit)
	}
	return by, err
}

// certificateFor leaves of a certificate outside the account's scope only what the rules ask: number and days.
func (t *txn) certificateFor(by *review.Actor, k *review.Known) error {
	if k.Facts.Certificate == nil {
		return nil
	}
	_, c, err := t.certificate(k.Facts.Certificate.Number)
	if err != nil {
		return err
	}
	if k.InScope = by.SeesCertificate(&c.Certificate, c.EnteredBy) == nil; k.InScope {
		return nil
	}
	bare := review.Certificate{Number: c.Number, Person: c.Person, Missing: c.Missing, Change: c.Change}
	if v := c.Current(); v != nil {
		bare.Versions = []review.CertificateVersion{{Version: v.Version, ValidFrom: v.ValidFrom, ValidUntil: v.ValidUntil, Form: review.Form{}}}
	}
	k.Facts.Certificate = &bare
	return nil
}

// Filings returns what the account has begun to type and not submitted, the latest first. Filings of any account that
// have lain longer than the policy keeps them are removed on this occasion, with their attachments.
func (s *Store) Filings(account string, now time.Time) ([]review.Filing, error) {
	var own []review.Filing
	old := false
	err := s.view(func(t *txn) error {
		if _, err := t.counterAccount(account); err != nil {
			return err
		}
		return t.eachFiling(func(key []byte, f *review.Filing) error {
			switch by, _, _ := cutText(key); {
			case f.Expired(s.policy, now):
				old = true
			case by == account:
				own = append(own, *f)
			}
			return nil
		})
	})
	if err == nil && old {
		err = s.dropExpired(now)
	}
	if err != nil {
		return nil, about("list the drafts of", account, err)
	}
	slices.SortStableFunc(own, func(a, b review.Filing) int { return b.ChangedAt.Compare(a.ChangedAt) })
	return own, nil
}

// dropExpired removes the filings of all accounts that have lain too long.
func (s *Store) dropExpired(now time.Time) error {
	return s.changeFilings(nil, nil, func(t *txn) (unnamed []string, err error) {
		var keys [][]byte
		err = t.eachFiling(func(key []byte, f *review.Filing) error {
			if f.Expired(s.policy, now) {
				keys, unnamed = append(keys, clone(key)), append(unnamed, hashesOf(f.Attachments)...)
			}
			return nil
		})
		for _, key := range keys {
			err = errors.Join(err, t.putFiling(key, nil))
		}
		return unnamed, err
	})
}

// Filing returns one of the account's filings, or ErrNotFound.
func (s *Store) Filing(account string, id review.FilingID) (review.Filing, error) {
	var f review.Filing
	err := s.view(func(t *txn) (err error) {
		f, err = t.filing(filingKey(account, id))
		return err
	})
	return f, about("read a draft of", account, err)
}

// SaveFiling keeps what the account has typed, in the place of what it has kept of this filing before, and sets when. data
// holds the bytes of attachments and prepared portraits by SHA-256 that the store does not have yet: they are on disk
// before the filing names them. Attachments that no filing and no record names any more are removed.
func (s *Store) SaveFiling(account string, f review.Filing, data map[string][]byte, now time.Time) error {
	f.ChangedAt = now
	hashes := hashesOf(f.Attachments)
	used := map[string][]byte{}
	for _, sha := range hashes {
		if bytes, ok := data[sha]; ok {
			if hashOf(bytes) != sha {
				return about("keep a draft of", account, fmt.Errorf("attachment %s: %w", sha, ErrDamaged))
			}
			used[sha] = bytes
		}
	}
	return about("keep a draft of", account, s.changeFilings(hashes, used, func(t *txn) ([]string, error) {
		if _, err := t.counterAccount(account); err != nil {
			return nil, err
		}
		key := filingKey(account, f.ID())
		before, err := t.filing(key)
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return nil, err
		}
		return without(hashesOf(before.Attachments), hashes), t.putFiling(key, &f)
	}))
}

// DropFiling forgets a filing of the account; one that is not there is ErrNotFound.
func (s *Store) DropFiling(account string, id review.FilingID) error {
	return about("drop a draft of", account, s.changeFilings(nil, nil, func(t *txn) ([]string, error) {
		key := filingKey(account, id)
		f, err := t.filing(key)
		if err != nil {
			return nil, err
		}
		return hashesOf(f.Attachments), t.putFiling(key, nil)
	}))
}

// File takes a filing of the account into review: the rules of Submit are asked, a new application gets the next reference
// of the counter, and the filing is gone, all in one transaction. Everything that the rules find wrong comes as a
// review.FormError, and the filing stays as it is.
func (s *Store) File(account string, id review.FilingID, now time.Time) (review.Application, error) {
	var a review.Application
	kept, err := s.Filing(account, id)
	if err != nil {
		return a, err
	}
	err = s.changeFilings(hashesOf(kept.Attachments), nil, func(t *txn) ([]string, error) {
		key := filingKey(account, id)
		f, err := t.filing(key)
		if err != nil {
			return nil, err
		}
		if err := t.file(account, &f, now, &a); err != nil {
			return nil, err
		}
		return without(hashesOf(f.Attachments), hashesOf(a.Attachments)), t.putFiling(key, nil)
	})
	if err != nil {
		return review.Application{}, about("file an application of", account, err)
	}
	return a, nil
}

func (t *txn) file(account string, f *review.Filing, now time.Time, a *review.Application) error {
	if _, err := t.counterAccount(account); err != nil {
		return err
	}
	var facts review.Facts
	if err := t.factsOfPerson(f.Person, &facts); err != nil {
		return err
	}
	if problems := f.Problems(facts, t.s.policy, now); len(problems) > 0 {
		return &review.FormError{Problems: problems}
	}
	var err error
	reference := f.Reference
	if reference == "" {
		if reference, err = t.counterReference(review.DateOf(now)); err != nil {
			return err
		}
	}
	sub := f.Submission(reference, t.s.policy, now)
	if err := t.haveFiles(hashesOf(sub.Attachments), nil); err != nil {
		return err
	}
	id, before, event, err := t.submission(account, &sub, now, a)
	if err != nil {
		return err
	}
	return t.putSubmission(id, before, a, event)
}

// counterReference gives out the next reference of the day. One that another sender used before the counter had this prefix is passed over.
func (t *txn) counterReference(day review.Date) (string, error) {
	prefix := t.s.policy.Counter.Prefix
	name := []byte(strings.TrimSuffix(review.CounterReference(prefix, day, 0), "0000"))
	for n := countOf(t.in(sequences).Get(name)) + 1; ; n++ {
		reference := review.CounterReference(prefix, day, int(n))
		if _, taken := t.find(references, reference); !taken {
			return reference, t.in(sequences).Put(name, idKey(n))
		}
	}
}

// changeFilings runs a transaction on the filings. change returns the hashes that its filings do not name any more:
// those that nothing else names are removed.
func (s *Store) changeFilings(hashes []string, data map[string][]byte, change func(t *txn) (unnamed []string, err error)) error {
	var unnamed []string
	err := s.withFiles(hashes, data, func(t *txn) (err error) {
		if unnamed, err = change(t); err != nil {
			return err
		}
		return t.dropSmall(unnamed)
	})
	if err != nil || len(unnamed) == 0 {
		return err
	}
	s.claims.take(unnamed)
	return s.release(unnamed, true)
}

// dropSmall removes small attachments that nothing names.
func (t *txn) dropSmall(unnamed []string) error {
	for _, sha := range unnamed {
		raw, ok := rawHash(sha)
		if !ok || t.fileInUse(sha) {
			continue
		}
		if err := t.in(blobs).Delete(raw); err != nil {
			return err
		}
	}
	return nil
}

func without(hashes, these []string) []string {
	return slices.DeleteFunc(hashes, func(sha string) bool { return slices.Contains(these, sha) })
}

func (t *txn) filing(key []byte) (review.Filing, error) {
	b := t.Bucket([]byte(filingsName))
	if b == nil {
		return review.Filing{}, review.ErrNotFound
	}
	value := b.Get(key)
	if value == nil {
		return review.Filing{}, review.ErrNotFound
	}
	return readFiling(value)
}

func readFiling(value []byte) (review.Filing, error) {
	var f review.Filing
	if err := json.Unmarshal(value, &f); err != nil {
		return f, errors.Join(ErrDamaged, err)
	}
	return f, nil
}

// putFiling writes a filing, or removes it for nil.
func (t *txn) putFiling(key []byte, f *review.Filing) error {
	b, err := t.CreateBucketIfNotExists([]byte(filingsName))
	if err != nil {
		return err
	}
	t.filed = nil
	if f == nil {
		return b.Delete(key)
	}
	return putJSON(b, key, f)
}

// eachFiling reads all filings; those that cannot be read are ErrDamaged.
func (t *txn) eachFiling(visit func(key []byte, f *review.Filing) error) error {
	b := t.Bucket([]byte(filingsName))
	if b == nil {
		return nil
	}
	return b.ForEach(func(key, value []byte) error {
		f, err := readFiling(value)
		if err != nil {
			return err
		}
		return visit(key, &f)
	})
}

// filedHash reports whether a filing names the hash. There are as many filings as clerks have open, so the transaction
// reads them all, once.
func (t *txn) filedHash(sha string) bool {
	if t.filed == nil {
		t.filed = map[string]bool{}
		err := t.eachFiling(func(_ []byte, f *review.Filing) error {
			for _, sha := range hashesOf(f.Attachments) {
				t.filed[sha] = true
			}
			return nil
		})
		if err != nil { // what cannot be read may name anything
			t.filed = nil
			return true
		}
	}
	return t.filed[sha]
}

// filings checks what the filings name like the attachments of a record. Whose filing it is would name a person, so a
// finding names the account.
func (c *checker) filings() error {
	b := c.t.Bucket([]byte(filingsName))
	if b == nil {
		return nil
	}
	return b.ForEach(func(key, value []byte) error {
		account, _, _ := cutText(key)
		f, err := readFiling(value)
		if err != nil {
			c.fault(Damage, filingsName, account, "cannot be read", false)
			return nil
		}
		c.files("a draft of "+account, hashesOf(f.Attachments))
		c.setAside(hashesOf(f.Attachments))
		return nil
	})
}
