package store

import (
	"fmt"
	"io"
	"iter"

	"rongzheng/review"
)

// Backup writes the file as it is at one moment to w; changes go on meanwhile. What it names of attachments is there
// already and stays, so a backup is whole when BlobNames is copied after it. account must be an administrator; that a
// backup was made is for the caller to Record.
func (s *Store) Backup(account string, w io.Writer) error {
	err := s.view(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		return by.May(review.Administer)
	})
	if err == nil {
		err = s.view(func(t *txn) error {
			_, err := t.WriteTo(w)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// BlobNames yields the hashes of the attachments that are files of their own, in their order. Blob reads them.
func (s *Store) BlobNames() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		list, err := s.listBlobs()
		for err == nil {
			var name string
			if name, err = list.peek(); err != nil || name == "" {
				break
			}
			list.next()
			if !yield(name, nil) {
				return
			}
		}
		if err != nil {
			yield("", fmt.Errorf("list attachments: %w", err))
		}
	}
}
