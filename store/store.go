package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rongzheng/review"
	"rongzheng/store/durable"
)

const (
	fileName   = "rongzheng.db"
	buildName  = "rongzheng.db.new" // what Repair and Load build before it takes the file's place
	folderMode = 0o700
	fileMode   = 0o600
	// growBytes is by how much the file grows at once; each time costs one more sync.
	growBytes = 4 << 20
	// appendFill is how full pages get in trees that grow at their end, and in those that are built in order.
	appendFill = 0.9
)

// Options say how a data folder is opened. The zero Options open what is there for reading and writing.
type Options struct {
	Policy   *review.Policy  // nil: review.DefaultPolicy()
	Drawable func(rune) bool // may the certificate's font draw it; nil: everything
	// Code makes the verification code of a version that is being issued, inside the transaction that issues it: an error
	// leaves nothing issued. nil: versions carry none.
	Code func(*review.Certificate, *review.CertificateVersion) (review.Code, error)
	// CheckCode lets Check hold the code that a version carries against the keys and the record; an error that wraps
	// ErrCodeKey says that the key is not there. nil: codes are not checked.
	CheckCode func(*review.Certificate, *review.CertificateVersion) error
	// Distrusts tells that the code of a version is believed no more, since its key was withdrawn; nil: all are believed.
	Distrusts func(*review.CertificateVersion) bool
	Timeout   time.Duration // wait for another process's lock; 0: one second
	ReadOnly  bool
	// Renderer draws certificates. Without one nothing is drawn that has not been, and nothing that is issued is owed.
	Renderer Renderer
	Create   bool // make the folder and the file when missing; otherwise ErrNoData
	// Progress is called now and then while a file of an older format is brought up to date; nil is allowed.
	Progress func(done, total int)
}

// Store is an open data folder. Its methods may be called from many goroutines at once.
type Store struct {
	dir      string
	options  Options
	policy   *review.Policy
	swap     sync.RWMutex // held for writing while another file takes the place of db
	db       *bolt.DB
	roster   atomic.Pointer[roster]
	claims   claims
	parts    atomic.Uint64                         // numbers the files that are being written
	create   func(path string) (syncedFile, error) // makes a new file; tests spoil it
	settle   func(folder string) error             // makes the names in a folder last; tests spoil it
	building sync.Mutex                            // one Repair or Load at a time
	writing  sync.RWMutex                          // held for writing by Repair and Load, which no change may pass
	line     line                                  // of the changes that wait while a commit is being written
	hub      hub
	look     func() appearance // what certificates are drawn with now
	issued   chan struct{}     // has one waiting when a version was issued that is to be drawn
	journal  *journal          // of a sealed store, nil otherwise
	hands    hands
	// cases and officers are what was read lately by its name.
	cases    memo[review.Application, *review.Application]
	officers memo[review.Account, *review.Account]
	sealing  sealing
}

// syncedFile is what the store needs of a file that it writes.
type syncedFile interface {
	io.WriteCloser
	Sync() error
}

// Open opens the data folder. The error is ErrNoData when there is none and o.Create is not set, ErrLocked when another
// process keeps it open for longer than o.Timeout, ErrNewer when a newer program wrote it, ErrDamaged when the file is not
// whole. A file of an older format is brought up to date, which takes as long as Repair and as much room as the file; whoever
// opens it for reading only gets an error that says so.
func Open(dir string, o Options) (*Store, error) {
	if o.Policy == nil {
		o.Policy = review.DefaultPolicy()
	}
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	s := &Store{dir: dir, options: o, policy: o.Policy, create: createFile, settle: durable.SyncFolder, issued: make(chan struct{}, 1)}
	s.look = sync.OnceValue(func() appearance { return appearanceOf(o.Renderer) })
	if err := s.prepareFolder(); err != nil {
		return nil, err
	}
	err := guarded(func() (err error) {
		s.db, err = openFile(filepath.Join(dir, fileName), o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	if err := guarded(s.begin); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, errors.Join(err, s.db.Close()))
	}
	return s, nil
}

func (s *Store) prepareFolder() error {
	info, err := os.Stat(filepath.Join(s.dir, fileName))
	gone := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !gone:
		return err
	case (gone || info.Size() == 0) && s.hasAttachments():
		return fmt.Errorf("open %s: %w: attachments lie beside a file that is gone or empty", s.dir, ErrDamaged)
	case !gone:
		return nil
	case !s.options.Create || s.options.ReadOnly:
		return fmt.Errorf("open %s: %w", s.dir, ErrNoData)
	}
	return os.MkdirAll(s.dir, folderMode)
}

// hasAttachments reports whether attachments lie in the folder: then it has been a register, and is not to become a new one.
func (s *Store) hasAttachments() bool {
	there, err := os.ReadDir(filepath.Join(s.dir, blobFolder))
	return err == nil && len(there) > 0
}

// openFile opens the file of the path. Whoever waited for the lock while Repair put another file in its place would hold
// the lock of a file that nobody sees any more, so it looks again.
func openFile(path string, o Options) (*bolt.DB, error) {
	for {
		var opened *os.File
		options := boltOptions(path, o)
		options.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, mode)
			opened = f
			return f, err
		}
		db, err := bolt.Open(path, fileMode, options)
		if err != nil {
			return nil, openError(err)
		}
		same, err := isAt(opened, path)
		if same {
			db.AllocSize = growBytes
			return db, whole(db, opened)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return nil, err
		}
	}
}

func isAt(f *os.File, path string) (bool, error) {
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there), err
}

// whole refuses a file that has lost its end: reading there would end the process.
func whole(db *bolt.DB, f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		err = db.View(func(tx *bolt.Tx) error {
			if tx.Size() > info.Size() {
				return fmt.Errorf("%w: the file has %d bytes of %d", ErrDamaged, info.Size(), tx.Size())
			}
			return nil
		})
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

// boltOptions leave room to grow in the map of the file: growing it later waits for every reader. Windows would make the
// file itself that large.
func boltOptions(path string, o Options) *bolt.Options {
	options := &bolt.Options{
		Timeout: o.Timeout, ReadOnly: o.ReadOnly, FreelistType: bolt.FreelistMapType, NoStatistics: true,
	}
	if o.ReadOnly || runtime.GOOS == "windows" || strconv.IntSize < 64 {
		return options
	}
	room := int64(1) << 32
	if info, err := os.Stat(path); err == nil {
		room += info.Size()
	}
	options.InitialMmapSize = int(room)
	return options
}

func openError(err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// begin makes the trees of a new file, or checks the format of what is there, and clears what a killed process left.
func (s *Store) begin() error {
	err := s.db.View(checkFormat)
	if s.options.ReadOnly {
		return err
	}
	older := false
	if errors.Is(err, errFormat) {
		err = s.db.Update(func(tx *bolt.Tx) (err error) {
			older, err = startFormat(tx)
			return err
		})
	}
	if older && err == nil {
		err = s.upgrade(migrations)
	}
	if err == nil {
		err = s.forget()
	}
	for _, left := range []string{buildName, sortName, lateName, checkName, partFolder} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, left)))
	}
	return err
}

// Close ends the use of the data folder. It waits for what is under way.
func (s *Store) Close() error {
	s.swap.Lock()
	defer s.swap.Unlock()
	err := s.db.Close()
	if s.journal != nil {
		err = errors.Join(err, s.journal.close())
	}
	return err
}

// Policy returns the policy in force. Nobody may change it.
func (s *Store) Policy() *review.Policy { return s.policy }

// Dir returns the data folder.
func (s *Store) Dir() string { return s.dir }

// txn is one transaction, with the trees that it has opened.
type txn struct {
	*bolt.Tx
	s     *Store
	trees [treeCount]*bolt.Bucket
	// accountsChanged says that this transaction has written an account.
	accountsChanged bool
	// outside tells of the act of a work pack that is being taken in, nil for anything else.
	outside *review.Outside
	news    News // what a commit of this transaction has to tell
	// issued says that this transaction has issued a version that is to be drawn.
	issued bool
	// filed are the hashes that filings name, once they have been asked for.
	filed map[string]bool
	// chosen are records that a filter of this transaction has read and let through.
	chosen map[uint64]*review.Application
}

// in returns the bucket of the tree.
func (t *txn) in(tr tree) *bolt.Bucket {
	if t.trees[tr] == nil {
		t.trees[tr] = t.Bucket([]byte(treeNames[tr]))
		if tr == events || tr == log || tr == applications || tr == revisions {
			t.trees[tr].FillPercent = appendFill
		}
	}
	return t.trees[tr]
}

// view reads. Nothing that lies in the transaction's memory may leave it.
func (s *Store) view(read func(t *txn) error) error {
	s.swap.RLock()
	defer s.swap.RUnlock()
	return guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error { return read(&txn{Tx: tx, s: s}) })
	})
}

// guarded turns what a damaged page does into ErrDamaged, so that it does not end the desk of everybody: bbolt panics on a
// page that is not what it should be, the processor faults on one that lies outside of the file.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		if _, outside := fault.(interface{ Addr() uintptr }); !outside && !inBolt() {
			panic(fault)
		}
		err = fmt.Errorf("%w: %v", ErrDamaged, fault)
	}()
	return do()
}

// inBolt reports whether the panic that is being recovered from came out of bbolt.
func inBolt() bool {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicked := false
	for {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		if panicked && !inRuntime {
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt")
		}
		if panicked = panicked || inRuntime; !more {
			return false
		}
	}
}
