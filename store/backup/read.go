package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"rongzheng/store"
)

const (
	mostDocument   = 64 << 20 // bytes of complete.json, which names every file but the attachments
	mostAttachment = 64 << 20 // far more than an attachment may have
)

// validBlob is how an attachment is called in a backup.
var validBlob = regexp.MustCompile(`^blobs/[0-9a-f]{2}/([0-9a-f]{64})$`).FindStringSubmatch

// unpack writes what the backup holds into the stage, and holds it against its hashes.
func unpack(ctx context.Context, from io.Reader, stage string, o RestoreOptions) (Restored, error) {
	u := &unpacking{
		ctx: ctx, stage: stage, tell: o.Unpacked, create: o.create, sums: map[string]string{},
		blobs: store.NewAttachments(stage, o.create),
	}
	if u.create == nil {
		u.create = func(path string) (store.SyncedFile, error) {
			return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		}
	}
	err := u.all(from)
	for _, base := range o.Bases {
		if err == nil {
			u.base, u.ended = true, false
			err = u.all(base)
		}
	}
	if err = errors.Join(err, u.blobs.Finish()); err == nil {
		err = u.verify()
	}
	return Restored{Header: u.header, Attachments: u.end.Attachments, Damaged: u.end.Damaged}, err
}

// unpacking is one restore at work.
type unpacking struct {
	ctx    context.Context
	stage  string
	tell   func(int64)
	create func(path string) (store.SyncedFile, error)
	blobs  *store.Attachments

	base   bool // of the file being read only the attachments count
	header Header
	end    complete
	ended  bool
	sums   map[string]string
	count  int
	bytes  int64
}

// all reads one backup to its end.
func (u *unpacking) all(from io.Reader) error {
	in := tar.NewReader(from)
	for first := true; ; first = false {
		entry, err := in.Next()
		switch {
		case errors.Is(err, io.EOF) && !first:
			return u.whole()
		case first && (err != nil || entry.Name != headerName):
			return ErrNotBackup
		case errors.Is(err, io.ErrUnexpectedEOF):
			return ErrIncomplete
		case err != nil:
			return fmt.Errorf("%w: %w", ErrAltered, err)
		}
		if err := u.ctx.Err(); err != nil {
			return err
		}
		if err := u.entry(entry, in); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				return ErrIncomplete
			}
			return err
		}
	}
}

// whole refuses a file that ends before its last entry: the tar format itself calls some of these whole.
func (u *unpacking) whole() error {
	if !u.ended {
		return ErrIncomplete
	}
	return nil
}

func (u *unpacking) entry(e *tar.Header, in io.Reader) error {
	if u.ended && !u.base {
		return fmt.Errorf("%w: something follows its end", ErrAltered)
	}
	blob := validBlob(e.Name)
	switch {
	case e.Typeflag != tar.TypeReg:
		return fmt.Errorf("%w: an entry that is no file", ErrAltered)
	case blob != nil:
		return u.blob(blob[1], e.Size, in)
	case e.Name == completeName:
		return u.complete(in)
	case e.Name == headerName:
		return u.start(in)
	case u.base:
		return nil
	case e.Name == databaseName:
		return u.file(e.Name, databaseName, in)
	}
	name, ok := strings.CutPrefix(e.Name, filesFolder)
	if !ok || !filepath.IsLocal(filepath.FromSlash(name)) || passing(name) {
		return fmt.Errorf("%w: an entry that does not belong there", ErrAltered)
	}
	return u.file(e.Name, filepath.FromSlash(name), in)
}

func (u *unpacking) start(in io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(in, mostDocument))
	if err != nil {
		return err
	}
	h, err := readHeader(text)
	if !u.base {
		u.sums[headerName], u.header = sumOf(text), h
	}
	return err
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// file writes an entry to the stage, whole or not at all, and notes its hash.
func (u *unpacking) file(entry, name string, in io.Reader) error {
	if _, twice := u.sums[entry]; twice {
		return fmt.Errorf("%w: %s stands twice in it", ErrAltered, entry)
	}
	path := filepath.Join(u.stage, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := u.create(path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, sum, meter{u}), in)
	if err == nil {
		err = f.Sync()
	}
	u.sums[entry] = hex.EncodeToString(sum.Sum(nil))
	return errors.Join(err, f.Close())
}

// meter tells how much has passed, and ends a copy when the context does.
type meter struct{ u *unpacking }

func (m meter) Write(p []byte) (int, error) {
	if err := m.u.ctx.Err(); err != nil {
		return 0, err
	}
	m.u.passed(len(p))
	return len(p), nil
}

func (u *unpacking) passed(n int) {
	if u.bytes += int64(n); u.tell != nil {
		u.tell(u.bytes)
	}
}

func (u *unpacking) blob(sha string, size int64, in io.Reader) error {
	if size > mostAttachment {
		return fmt.Errorf("%w: attachment %s is too large", ErrAltered, sha)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(in, data); err != nil {
		return err
	}
	if !u.base {
		u.count++
	}
	u.passed(len(data))
	err := u.blobs.Write(sha, data)
	if errors.Is(err, store.ErrDamaged) {
		return fmt.Errorf("%w: %w", ErrAltered, err)
	}
	return err
}

func (u *unpacking) complete(in io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(in, mostDocument))
	if err != nil {
		return err
	}
	u.ended = true
	if u.base {
		return nil
	}
	if json.Unmarshal(text, &u.end) != nil {
		return fmt.Errorf("%w: its end cannot be read", ErrAltered)
	}
	return nil
}

// verify holds what came against what the end of the backup says.
func (u *unpacking) verify() error {
	if _, ok := u.end.Files[databaseName]; !ok || u.count != u.end.Attachments || len(u.sums) != len(u.end.Files) {
		return fmt.Errorf("%w: something is missing from it", ErrAltered)
	}
	for name, sum := range u.end.Files {
		if u.sums[name] != sum {
			return fmt.Errorf("%w: %s", ErrAltered, name)
		}
	}
	return nil
}
