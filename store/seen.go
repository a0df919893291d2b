package store

import (
	"bytes"
	"encoding/binary"

	"rongzheng/review"
)

// seenEntries derives from the record of a look at a file that its account has seen it in this revision. A target that is
// no hash has been no file.
func seenEntries(e *review.Event) []entry {
	raw, ok := rawHash(e.Target)
	if e.Action != review.ViewFile || e.Reference == "" || !ok {
		return nil
	}
	key := seenKey(e.Reference, e.Revision, e.By)
	return []entry{{tree: seen, key: append(key, raw...)}}
}

// seenKey returns the beginning of the keys in seen of what an account has seen of a revision.
func seenKey(reference string, revision int, account string) []byte {
	key := binary.BigEndian.AppendUint32(appendText(nil, reference), uint32(revision))
	return appendText(key, account)
}

// hasSeen returns the question whether the account has looked at a file in the present revision.
func (t *txn) hasSeen(a *review.Application, account string) func(sha256 string) bool {
	prefix := seenKey(a.Reference, a.Revision, account)
	c := t.in(seen).Cursor()
	return func(sha256 string) bool {
		raw, ok := rawHash(sha256)
		if !ok {
			return false
		}
		key := append(prefix[:len(prefix):len(prefix)], raw...)
		found, _ := c.Seek(key)
		return bytes.Equal(found, key)
	}
}

// unseen returns the attachments that the account must look at before it approves, and has not.
func (t *txn) unseen(a *review.Application, account string) []int {
	if a.State != review.InReview {
		return nil
	}
	return t.s.policy.NotSeen(a, t.hasSeen(a, account))
}

// toSee counts in each row what its account must look at and has not, where the application waits for its decision.
func (t *txn) toSee(rows []Row, by *review.Actor) {
	for i := range rows {
		if a := rows[i].Application; a != nil && a.Can(*by, review.Approve) == nil {
			rows[i].Unseen = len(t.unseen(a, by.Name))
		}
	}
}

// Seen returns the hashes of the application's attachments that the account has looked at in the present revision; a
// DeniedError outside its scope.
func (s *Store) Seen(by review.Actor, reference string) ([]string, error) {
	var hashes []string
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err != nil {
			return err
		}
		if err := by.Sees(&a); err != nil {
			return err
		}
		looked := t.hasSeen(&a, by.Name)
		for i := range a.Attachments {
			if sha := a.Attachments[i].SHA256; looked(sha) {
				hashes = append(hashes, sha)
			}
		}
		return nil
	})
	return hashes, about("what was seen of", reference, err)
}
