package store

import (
	"fmt"
	"time"

	"rongzheng/review"
)

// Submit takes one submission into review, with the bytes of its attachments and prepared portraits by SHA-256; those
// that the store holds already may be left out. Attachment files are on disk before the transaction that names them. What
// is refused leaves nothing behind.
//
// The very same submission again is review.ErrAlready, with the application as it is stored. Everything that the rules find
// wrong comes at once as a review.FormError; an account that may not file gets a review.DeniedError; bytes that do not
// have their hash are ErrDamaged, bytes that are missing ErrNotFound.
func (s *Store) Submit(account string, sub review.Submission, data map[string][]byte, now time.Time) (review.Application, error) {
	var a review.Application
	used, err := named(&sub, data)
	if err == nil { // look first, so that a refused submission costs no file
		err = s.view(func(t *txn) error {
			if _, _, _, err := t.submission(account, &sub, now, &a); err != nil {
				return err
			}
			return t.haveFiles(hashesOf(sub.Attachments), used)
		})
	}
	if err != nil {
		return a, about("submit", sub.Reference, err)
	}
	err = s.withFiles(hashesOf(sub.Attachments), used, func(t *txn) error {
		id, before, event, err := t.submission(account, &sub, now, &a)
		if err != nil {
			return err
		}
		return t.putSubmission(id, before, &a, event)
	})
	return a, about("submit", sub.Reference, err)
}

// submission asks the rules. a becomes the application in review; with ErrAlready, the one that is stored. before is what
// it replaces, nil for a new one.
func (t *txn) submission(
	account string, sub *review.Submission, now time.Time, a *review.Application,
) (id uint64, before *review.Application, event *review.Event, err error) {
	*a = review.Application{}
	by, err := t.account(account)
	if err != nil {
		return 0, nil, nil, err
	}
	f, err := t.facts(sub.Kind, sub.Form)
	if err == nil {
		err = t.followed(sub.Follows, &f)
	}
	if err != nil {
		return 0, nil, nil, err
	}
	if id, before, err = t.present(sub, &f); err != nil {
		return 0, nil, nil, err
	}
	accepted, submitted, err := review.Accept(by, *sub, before, f, t.s.policy, now)
	if err != nil {
		if f.SameRevision != nil && by.Sees(f.SameRevision) == nil {
			*a = *f.SameRevision
		}
		return 0, nil, nil, err
	}
	*a = accepted
	return id, before, &submitted, nil
}

// present finds what is stored under the reference, and under the reference and revision.
func (t *txn) present(sub *review.Submission, f *review.Facts) (uint64, *review.Application, error) {
	if _, ok := t.find(references, sub.Reference); !ok {
		return 0, nil, nil
	}
	id, before, err := t.application(sub.Reference)
	if err != nil {
		return 0, nil, err
	}
	if before.Revision == sub.Revision {
		f.SameRevision = &before
	} else if f.SameRevision, err = t.revision(id, sub.Revision); err != nil {
		return 0, nil, err
	}
	return id, &before, nil
}

func (t *txn) putSubmission(id uint64, before, a *review.Application, event *review.Event) error {
	if before == nil {
		var err error
		if id, err = t.newID(false); err != nil {
			return err
		}
	}
	if err := t.putApplication(id, before, a); err != nil {
		return err
	}
	if before != nil {
		if err := t.putRevision(id, before); err != nil {
			return err
		}
	}
	return t.putEvent(event)
}

// named returns the bytes that the submission names, and refuses those that do not have their hash.
func named(sub *review.Submission, data map[string][]byte) (map[string][]byte, error) {
	used := map[string][]byte{}
	for _, sha := range hashesOf(sub.Attachments) {
		bytes, ok := data[sha]
		if !ok {
			continue
		}
		if hashOf(bytes) != sha {
			return nil, fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
		}
		used[sha] = bytes
	}
	return used, nil
}

// hashesOf lists the hashes of attachments and prepared portraits.
func hashesOf(attached []review.Attachment) []string {
	var hashes []string
	for _, at := range attached {
		hashes = append(hashes, at.SHA256)
		if at.Prepared != "" {
			hashes = append(hashes, at.Prepared)
		}
	}
	return hashes
}
