package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
)

// RestoreOptions say how a folder comes back.
type RestoreOptions struct {
	// Account is an administrator of the data in the backup; the restore is recorded as theirs.
	Account string
	Now     time.Time
	// Replace lets the backup take the place of what the folder holds, which is kept beside it.
	Replace bool
	// Bases are the earlier backups of one that holds the attachments since a day.
	Bases []io.Reader
	Store store.Options // policy and font
	// Unpacked is called with the bytes of attachments and database that are unpacked, Checked while the result is checked;
	// nil is allowed.
	Unpacked func(bytes int64)
	Checked  func(done, total int)

	create func(path string) (store.SyncedFile, error) // makes a new file; tests spoil it
}

// Restored says what came back.
type Restored struct {
	Header
	Attachments int
	// Damaged are the attachments that were damaged when the backup was made and are missing.
	Damaged []string
	// Kept is the folder that keeps what was replaced, "" for nothing.
	Kept string
}

// Restore brings a data folder back from a backup. It is there whole or not at all: what is unpacked is checked before it
// takes its place. The errors are ErrNotBackup, ErrNewer, ErrIncomplete, ErrAltered for the file, ErrInUse for a folder that
// holds something where Replace is not set, store.ErrLocked for one that is open, UnsoundError for data that do not hold
// together, and what review and store say of the account.
func Restore(ctx context.Context, from io.Reader, dir string, o RestoreOptions) (done Restored, err error) {
	made, held, err := claim(dir, o)
	if err != nil {
		return Restored{}, err
	}
	stage := filepath.Join(dir, stageName)
	defer func() {
		if err != nil {
			err = errors.Join(err, held.Close(), os.RemoveAll(stage), made.remove())
		}
	}()
	if err := errors.Join(os.RemoveAll(stage), os.Mkdir(stage, 0o700)); err != nil {
		return Restored{}, err
	}
	if done, err = unpack(ctx, from, stage, o); err != nil {
		return done, err
	}
	if err := prove(ctx, stage, done.Damaged, o); err != nil {
		return done, err
	}
	if err := held.Close(); err != nil {
		return done, err
	}
	done.Kept, err = takePlace(dir, stage, o.Now)
	return done, err
}

// holder keeps others out of a folder that is to be replaced. The zero holder keeps nobody out.
type holder struct{ s *store.Store }

// Close lets others in, once.
func (h *holder) Close() error {
	if h.s == nil {
		return nil
	}
	s := h.s
	h.s = nil
	return s.Close()
}

// madeFolder is the folder where Restore has made it.
type madeFolder string

func (m madeFolder) remove() error {
	if m == "" {
		return nil
	}
	if err := os.Remove(string(m)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// claim refuses a folder that holds something, makes one that is missing, and keeps others out of one that is replaced. A
// folder whose data cannot be opened is what restoring is for.
func claim(dir string, o RestoreOptions) (madeFolder, *holder, error) {
	held, err := entries(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return madeFolder(dir), &holder{}, os.MkdirAll(dir, 0o700)
	}
	if err != nil || len(held) == 0 {
		return "", &holder{}, err
	}
	if !o.Replace {
		return "", nil, ErrInUse
	}
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	switch {
	case err == nil:
		return "", &holder{s}, nil
	case errors.Is(err, store.ErrLocked):
		return "", nil, err
	}
	return "", &holder{}, nil
}

// entries lists what a folder holds, without what an earlier restore has left there.
func entries(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	var names []string
	for _, e := range list {
		if e.Name() != stageName && !isKept(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func isKept(name string) bool {
	return len(name) > len(beforeName) && name[:len(beforeName)] == beforeName
}

// prove opens what was unpacked and checks it whole, as whoever opens it next would find it.
func prove(ctx context.Context, stage string, damaged []string, o RestoreOptions) (err error) {
	s, err := store.Open(stage, o.Store)
	if err != nil {
		if errors.Is(err, store.ErrDamaged) {
			return fmt.Errorf("%w: %w", ErrAltered, err)
		}
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	by, err := s.Account(o.Account)
	if err == nil {
		err = by.May(review.Administer)
	}
	if err != nil {
		return fmt.Errorf("restore as %s: %w", o.Account, err)
	}
	found, err := faults(ctx, s, damaged, o)
	if err == nil && len(found) > 0 && !slices.ContainsFunc(found, func(f store.Finding) bool { return !f.Repairable }) {
		if err = s.Repair(o.Account, o.Now, o.Checked); err == nil { // what is derived can be derived again
			found, err = faults(ctx, s, damaged, o)
		}
	}
	switch {
	case err != nil:
		return err
	case len(found) > 0:
		return &UnsoundError{found}
	}
	return s.Restored(o.Account, "", o.Now)
}

// faults checks the store. Attachments that no record names go before it is used; those that were damaged already when the
// backup was made are known to be missing.
func faults(ctx context.Context, s *store.Store, damaged []string, o RestoreOptions) ([]store.Finding, error) {
	found, err := s.Check(ctx, o.Checked)
	return slices.DeleteFunc(found, func(f store.Finding) bool {
		return f.Kind == store.Orphan || f.Kind == store.Attachment && slices.Contains(damaged, f.What)
	}), err
}

// takePlace moves what the folder holds aside, then what was restored into it, the database last: until that is there, the
// folder is one without data.
func takePlace(dir, stage string, now time.Time) (kept string, err error) {
	old, err := entries(dir)
	if err != nil {
		return "", err
	}
	if len(old) > 0 {
		kept = filepath.Join(dir, beforeName+now.In(review.Zone).Format("20060102-150405"))
		if err := os.Mkdir(kept, 0o700); err != nil {
			return "", err
		}
	}
	var moves moves
	for _, name := range old {
		moves.add(filepath.Join(dir, name), filepath.Join(kept, name))
	}
	fresh, err := entries(stage)
	if err != nil {
		return "", err
	}
	fresh = append(slices.DeleteFunc(fresh, func(name string) bool { return name == databaseName }), databaseName)
	for _, name := range fresh {
		moves.add(filepath.Join(stage, name), filepath.Join(dir, name))
	}
	if err := moves.do(); err != nil {
		if kept != "" {
			err = errors.Join(err, os.Remove(kept))
		}
		return "", err
	}
	return kept, errors.Join(durable.SyncFolder(dir), os.RemoveAll(stage))
}

// moves are renames that are all done or all undone.
type moves [][2]string

func (m *moves) add(from, to string) { *m = append(*m, [2]string{from, to}) }

func (m moves) do() error {
	for i, move := range m {
		err := os.Rename(move[0], move[1])
		if err == nil {
			continue
		}
		for _, done := range slices.Backward(m[:i]) {
			err = errors.Join(err, os.Rename(done[1], done[0]))
		}
		return err
	}
	return nil
}
