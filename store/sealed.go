package store

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/crypto/chacha20poly1305"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// A sealed store keeps nothing on the disk in clear: its file lies in memory, and what each commit changed of it is
// appended, encrypted and synced, to a journal before the commit is acknowledged. Opening it again plays the journal.
// Attachments stay where they came from.
//
//	journal   "rongzheng-journal/1\n", then records: length (4 bytes) · nonce (24) · XChaCha20-Poly1305 of the pages
//	          pages: page (4 bytes) · 4096 bytes, one after the other; bound to the record's number
//	lock      held by who has it open
//
// A last record that does not open was never acknowledged and is dropped; any other one is damage.
//
// Where the system has no files in memory (Windows, macOS), the file is one that nobody else can open and that vanishes when
// it is closed, also when the program is killed. Nothing ever asks the system to write it: no commit is synced to it, and on
// Windows it is temporary, which keeps it in the cache, and encrypted where the edition can do that. Memory that runs short
// may still take it, and the program's own memory, to the disk, as it may on Linux by swapping: whether that disk is encrypted
// is for the owner of the machine, and pack open says so where it is not, or cannot be asked.
const (
	journalName    = "journal"
	journalNewName = "journal.new"
	lockName       = "lock"
	journalMagic   = "rongzheng-journal/1\n"
	sealedPage     = 4096
	// compactAt is how many times larger than the file the journal may be before opening writes it anew.
	compactAt = 2
)

// Files are the attachments that a sealed store came with.
type Files interface {
	// Blob returns the bytes with the hash, review.ErrNotFound when there are none.
	Blob(sha256 string) ([]byte, error)
	Has(sha256 string) bool
}

// Seal is what a sealed store is opened with.
type Seal struct {
	Key   [32]byte // that everything is encrypted with; its keeping is the caller's
	Files Files
}

// OpenSealed opens the sealed store of the folder, or makes one. The errors are those of Open; ErrDamaged also when the key
// is not the one that it was made with. Repair, Load and Backup are not for it.
func OpenSealed(dir string, o Options, seal Seal) (s *Store, err error) {
	if o.Policy == nil {
		o.Policy = review.DefaultPolicy()
	}
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, err
	}
	j, err := openJournal(dir, o.Timeout, seal)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	s = &Store{dir: dir, options: o, policy: o.Policy, create: createFile, settle: durable.SyncFolder, journal: j}
	err = guarded(func() (err error) {
		s.db, err = openMemory(j.memory, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, errors.Join(err, j.close()))
	}
	err = guarded(s.begin)
	if err == nil {
		err = j.commit()
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, errors.Join(err, s.Close()))
	}
	return s, nil
}

// openMemory opens a file that lies in memory. What lasts of it is the journal.
func openMemory(f *os.File, o Options) (*bolt.DB, error) {
	options := boltOptions(f.Name(), Options{Timeout: o.Timeout})
	options.NoSync, options.NoGrowSync = true, true
	options.OpenFile = func(string, int, os.FileMode) (*os.File, error) { return f, nil }
	db, err := bolt.Open(f.Name(), fileMode, options)
	if err != nil {
		return nil, openError(err)
	}
	db.AllocSize = 1 << 20
	return db, nil
}

// ErrSealed says that a change could not be written to the journal, or that one before it could not: the store takes no more
// until it is opened again, and then shows what was acknowledged.
var ErrSealed = errors.New("the journal cannot be written")

// journal is what a sealed store writes to the disk.
type journal struct {
	seal    Seal
	aead    cipher.AEAD
	lock    *bolt.DB
	memory  *os.File // the file of the store
	file    *os.File
	size    int64    // of the journal as far as it is whole
	records uint64   // in it
	sums    []uint64 // of the pages as they are in the journal; 0 stands for a page of zeros
	seed    maphash.Seed
	broken  error
}

func openJournal(dir string, timeout time.Duration, seal Seal) (j *journal, err error) {
	j = &journal{seal: seal, seed: maphash.MakeSeed()}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.close())
		}
	}()
	if j.lock, err = bolt.Open(filepath.Join(dir, lockName), fileMode, &bolt.Options{Timeout: timeout}); err != nil {
		return j, openError(err)
	}
	if err := removeIfThere(filepath.Join(dir, journalNewName)); err != nil {
		return j, err
	}
	if j.aead, err = chacha20poly1305.NewX(seal.Key[:]); err != nil {
		return j, err
	}
	if j.memory, err = memoryFile(); err != nil {
		return j, err
	}
	if j.file, err = os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, fileMode); err != nil {
		return j, err
	}
	if err := j.play(); err != nil {
		return j, err
	}
	return j, j.compact(dir)
}

// close ends the use of the files. bbolt has closed the memory file if it had it.
func (j *journal) close() error {
	var err error
	if j.memory != nil {
		if e := j.memory.Close(); !errors.Is(e, os.ErrClosed) {
			err = e
		}
	}
	if j.file != nil {
		err = errors.Join(err, j.file.Close())
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	return err
}

// play brings the memory file to what the journal says.
func (j *journal) play() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < int64(len(journalMagic)) {
		return j.start()
	}
	magic := make([]byte, len(journalMagic))
	if _, err := j.file.ReadAt(magic, 0); err != nil || string(magic) != journalMagic {
		return fmt.Errorf("%w: not a journal of this program", ErrDamaged)
	}
	for j.size = int64(len(magic)); j.size < info.Size(); {
		next, err := j.next(info.Size())
		if errors.Is(err, errCutOff) {
			break
		}
		if err != nil {
			return err
		}
		j.size = next
		j.records++
	}
	return nil
}

func (j *journal) start() error {
	j.size = int64(len(journalMagic))
	if err := j.file.Truncate(0); err != nil {
		return err
	}
	if _, err := j.file.WriteAt([]byte(journalMagic), 0); err != nil {
		return err
	}
	return errors.Join(j.file.Sync(), durable.SyncFolder(filepath.Dir(j.file.Name())))
}

// errCutOff says that the last record is not whole.
var errCutOff = errors.New("cut off")

// next plays the record at the end of what has been played and returns where it ends.
func (j *journal) next(end int64) (int64, error) {
	var length [4]byte
	if _, err := j.file.ReadAt(length[:], j.size); err != nil {
		return 0, errCutOff
	}
	after := j.size + 4 + int64(binary.BigEndian.Uint32(length[:]))
	if after > end || after == j.size+4 && j.emptyFrom(after, end) {
		return 0, errCutOff
	}
	record := make([]byte, after-j.size-4)
	if _, err := j.file.ReadAt(record, j.size+4); err != nil {
		return 0, err
	}
	pages, err := j.opened(record)
	switch {
	case err != nil && j.records > 0 && j.emptyFrom(after, end): // synced in part
		return 0, errCutOff
	case err != nil:
		return 0, err
	}
	return after, j.apply(pages)
}

// emptyFrom reports whether nothing but zeros lies there: a file system may lengthen a file before it has written what
// stands in it.
func (j *journal) emptyFrom(from, end int64) bool {
	rest, err := io.ReadAll(io.NewSectionReader(j.file, from, end-from))
	return err == nil && len(bytes.Trim(rest, "\x00")) == 0
}

func (j *journal) opened(record []byte) ([]byte, error) {
	n := j.aead.NonceSize()
	if len(record) < n {
		return nil, fmt.Errorf("%w: journal", ErrDamaged)
	}
	pages, err := j.aead.Open(nil, record[:n], record[n:], idKey(j.records))
	if err != nil || len(pages)%(4+sealedPage) != 0 {
		return nil, fmt.Errorf("%w: record %d of the journal, or another key", ErrDamaged, j.records)
	}
	return pages, nil
}

func (j *journal) apply(pages []byte) error {
	for ; len(pages) > 0; pages = pages[4+sealedPage:] {
		at := int(binary.BigEndian.Uint32(pages))
		page := pages[4 : 4+sealedPage]
		if _, err := j.memory.WriteAt(page, int64(at)*sealedPage); err != nil {
			return err
		}
		j.note(at, j.sum(page))
	}
	return nil
}

func (j *journal) note(page int, sum uint64) {
	for page >= len(j.sums) {
		j.sums = append(j.sums, 0)
	}
	j.sums[page] = sum
}

// noPage is a page that nothing has been written to.
var noPage [sealedPage]byte

func (j *journal) sum(page []byte) uint64 {
	if string(page) == string(noPage[:]) {
		return 0
	}
	return max(maphash.Bytes(j.seed, page), 1)
}

// commit appends what the file has that the journal has not. After an error the store takes no more changes: the file in
// memory is ahead of the disk.
func (j *journal) commit() error {
	if j.broken != nil {
		return j.broken
	}
	pages, err := j.changed(j.sums)
	if err == nil && len(pages) > 0 {
		err = j.append(pages)
	}
	if err != nil {
		j.broken = fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return j.broken
}

// changed collects the pages of the file that differ from the sums, and brings the sums up to date.
func (j *journal) changed(sums []uint64) ([]byte, error) {
	var pages []byte
	const chunk = 256 * sealedPage
	buffer := make([]byte, chunk)
	for first := 0; ; first += chunk / sealedPage {
		n, err := j.memory.ReadAt(buffer, int64(first)*sealedPage)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		for at := 0; at+sealedPage <= n; at += sealedPage {
			page, number := buffer[at:at+sealedPage], first+at/sealedPage
			sum := j.sum(page)
			if number < len(sums) && sums[number] == sum || number >= len(sums) && sum == 0 {
				continue
			}
			pages = append(binary.BigEndian.AppendUint32(pages, uint32(number)), page...)
			j.note(number, sum)
		}
		if n < chunk {
			return pages, nil
		}
	}
}

func (j *journal) append(pages []byte) error {
	record := j.record(pages, j.records)
	if _, err := j.file.WriteAt(record, j.size); err != nil {
		return errors.Join(err, j.file.Truncate(j.size))
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.size += int64(len(record))
	j.records++
	return nil
}

func (j *journal) record(pages []byte, number uint64) []byte {
	nonce := randomBytes(j.aead.NonceSize())
	length := len(nonce) + len(pages) + j.aead.Overhead()
	record := binary.BigEndian.AppendUint32(make([]byte, 0, 4+length), uint32(length))
	record = append(record, nonce...)
	return j.aead.Seal(record, nonce, pages, idKey(number))
}

// compact writes the journal anew when it has become much larger than what it leads to.
func (j *journal) compact(dir string) error {
	info, err := j.memory.Stat()
	if err != nil || j.size < compactAt*max(info.Size(), 1<<20) {
		return err
	}
	pages, err := j.changed(nil)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, journalNewName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	whole := append([]byte(journalMagic), j.record(pages, 0)...)
	_, err = f.Write(whole)
	err = errors.Join(err, f.Sync(), f.Close(), j.file.Close())
	if err == nil {
		err = os.Rename(path, filepath.Join(dir, journalName))
	}
	if err != nil {
		return errors.Join(err, removeIfThere(path))
	}
	j.size, j.records = int64(len(whole)), 1
	j.file, err = os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR, fileMode)
	return errors.Join(err, durable.SyncFolder(dir))
}

// Wipe removes a sealed store that nobody has open: what is left of it on the disk opens with no key any more, since the
// journal is overwritten first. Attachments are the caller's.
func Wipe(dir string) error {
	path := filepath.Join(dir, journalName)
	if info, err := os.Stat(path); err == nil {
		if err := overwrite(path, info.Size()); err != nil {
			return err
		}
	}
	for _, name := range []string{journalName, journalNewName, lockName} {
		if err := removeIfThere(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return durable.SyncFolder(dir)
}

func overwrite(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	zeros := make([]byte, 1<<16)
	for at := int64(0); at < size && err == nil; at += int64(len(zeros)) {
		_, err = f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// randomBytes returns so many random bytes.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
