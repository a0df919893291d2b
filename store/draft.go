package store

import (
	"encoding/json"
	"errors"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// draftsName is a bucket beside the trees, made when something is first kept in it: what accounts have half done. It is no
// record of what happened, so that no check compares it with anything.
//
//	"zhou.wuhou"· reference → {"reference":"SQ202501170001","revision":1,"reasons":[…]}
//	"zhou.wuhou"·           → {"queue":"pending","reference":"SQ202501170001",…}: where the account left its desk
const draftsName = "drafts"

func draftKey(account, reference string) []byte {
	return append(appendText(nil, account), reference...)
}

// Desk returns where the account left its desk, the zero DeskState when it never had one.
func (s *Store) Desk(account string) (review.DeskState, error) {
	var state review.DeskState
	err := s.view(func(t *txn) error { return t.readDraft(draftKey(account, ""), &state) })
	return state, about("read the desk of", account, err)
}

// Draft returns what the account has half done about the application, an empty HalfDone when there is nothing.
func (s *Store) Draft(account, reference string) (review.HalfDone, error) {
	var d review.HalfDone
	if reference == "" {
		return d, nil
	}
	err := s.view(func(t *txn) error { return t.readDraft(draftKey(account, reference), &d) })
	return d, about("read the draft about", reference, err)
}

// SaveDesk keeps where the account left its desk, and drafts: an empty one is removed. The account must be there and active.
// A draft about an application that is not there is ErrNotFound, and nothing is kept.
func (s *Store) SaveDesk(account string, state review.DeskState, drafts []review.HalfDone) error {
	return about("save the desk of", account, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		if err := by.May(review.View); err != nil {
			return err
		}
		b, err := t.CreateBucketIfNotExists([]byte(draftsName))
		if err != nil {
			return err
		}
		for _, d := range drafts {
			if err := t.putDraft(b, account, d); err != nil {
				return err
			}
		}
		return putJSON(b, draftKey(account, ""), state)
	}))
}

func (t *txn) putDraft(b *bolt.Bucket, account string, d review.HalfDone) error {
	if _, ok := t.find(references, d.Reference); !ok {
		return review.ErrNotFound
	}
	if d.Empty() {
		return b.Delete(draftKey(account, d.Reference))
	}
	return putJSON(b, draftKey(account, d.Reference), d)
}

func putJSON(b *bolt.Bucket, key []byte, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return b.Put(key, body)
}

// readDraft reads one value of the bucket; where there is none, into is left as it is.
func (t *txn) readDraft(key []byte, into any) error {
	b := t.Bucket([]byte(draftsName))
	if b == nil {
		return nil
	}
	value := b.Get(key)
	if value == nil {
		return nil
	}
	if err := json.Unmarshal(value, into); err != nil {
		return errors.Join(ErrDamaged, err)
	}
	return nil
}

// dropDraft removes the account's draft about an application that it has decided on.
func (t *txn) dropDraft(account, reference string) error {
	b := t.Bucket([]byte(draftsName))
	if b == nil || b.Get(draftKey(account, reference)) == nil {
		return nil
	}
	return b.Delete(draftKey(account, reference))
}
