package store

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// backupKey is the key in meta under which the last backup is kept.
var backupKey = []byte("backup")

// LastBackup says when a whole backup was last made, and by which account. The zero LastBackup is none.
type LastBackup struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
}

// Snapshot gives write the size of the file and a function that writes it as it is at one moment; changes go on meanwhile.
// What it names of attachments is there already and stays, so a backup is whole when BlobNames is copied after it. account
// must be an administrator; that a backup was made is for the caller to tell BackedUp.
func (s *Store) Snapshot(account string, write func(size int64, file io.WriterTo) error) error {
	err := s.view(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		return by.May(review.Administer)
	})
	if err == nil {
		err = s.view(func(t *txn) error { return write(t.Size(), t.Tx) })
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// BlobNames yields the hashes of the attachments that are files of their own, in their order. Blob reads them, BlobInfo
// says how large they are and when they came.
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

// BlobInfo returns size and time of an attachment that is a file of its own.
func (s *Store) BlobInfo(sha string) (fs.FileInfo, error) {
	if _, ok := rawHash(sha); !ok {
		return nil, review.ErrNotFound
	}
	return os.Stat(s.blobPath(sha))
}

// BackedUp records that the account has made a whole backup. The account must be an administrator.
func (s *Store) BackedUp(account string, note string, now time.Time) error {
	return about("record a backup by", account, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		if err := by.May(review.Administer); err != nil {
			return err
		}
		kept, err := json.Marshal(LastBackup{At: now, By: account})
		if err != nil {
			return err
		}
		if err := t.in(meta).Put(backupKey, kept); err != nil {
			return err
		}
		return t.putEvent(t.happened(by, review.Event{Action: review.BackedUp, Note: note}, now))
	}))
}

// LastBackup returns when a whole backup was last made; zero when there was none.
func (s *Store) LastBackup() (LastBackup, error) {
	var last LastBackup
	err := s.view(func(t *txn) error {
		kept := t.in(meta).Get(backupKey)
		if kept == nil {
			return nil
		}
		return json.Unmarshal(kept, &last)
	})
	if err != nil {
		return LastBackup{}, fmt.Errorf("read the last backup: %w", err)
	}
	return last, nil
}

// Restored records that the folder was brought back from a backup, as an administrator of the data that it holds, and
// removes attachments that came along although no record names them.
func (s *Store) Restored(account string, note string, now time.Time) error {
	err := about("record a restore by", account, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		if err := by.May(review.Administer); err != nil {
			return err
		}
		return t.putEvent(t.happened(by, review.Event{Action: review.Restored, Note: note}, now))
	}))
	if err != nil {
		return err
	}
	return s.removeOrphans()
}

// Attachments writes attachment files into a data folder that no store has open yet, many at once.
type Attachments struct{ files *bulkFiles }

// SyncedFile is a file that is written and brought to the disk.
type SyncedFile = syncedFile

// NewAttachments returns a writer for the data folder. create makes a new file; nil is the ordinary way.
func NewAttachments(dir string, create func(path string) (SyncedFile, error)) *Attachments {
	if create == nil {
		create = createFile
	}
	return &Attachments{newBulkFiles(&Store{dir: dir, create: create, settle: durable.SyncFolder})}
}

// Write begins to write an attachment under its hash; bytes that are not those of the hash are ErrDamaged. The caller
// leaves data alone afterwards. An error may be that of an earlier attachment.
func (a *Attachments) Write(sha string, data []byte) error {
	if _, ok := rawHash(sha); !ok || hashOf(data) != sha {
		return fmt.Errorf("attachment %s: %w", sha, ErrDamaged)
	}
	return a.files.write(sha, data)
}

// Finish waits until all that was written is on the disk.
func (a *Attachments) Finish() error { return a.files.finish() }
