package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// Source is what writing a backup needs of the store.
type Source interface {
	Dir() string
	Snapshot(account string, write func(size int64, file io.WriterTo) error) error
	BlobNames() iter.Seq2[string, error]
	BlobInfo(sha string) (fs.FileInfo, error)
	Blob(sha string) ([]byte, error)
	BackedUp(account string, note string, now time.Time) error
}

// Options say how a backup is written. The zero Options write all of it and tell nobody.
type Options struct {
	// Since leaves out the attachments that came earlier; the backup is restored together with an earlier one.
	Since time.Time
	// Progress is called with the bytes that have been written.
	Progress func(bytes int64)
}

// Summary says what a backup holds.
type Summary struct {
	Header
	Attachments int
	Bytes       int64
	// Damaged are the attachments that could not be taken along.
	Damaged []string
}

// Write writes a backup of the store to w, as the account, which must be an administrator. Attachments that are damaged
// already are left out and named: the rest is worth more than nothing. settle runs when everything has been written, for
// what still has to become safe; the backup is recorded after it.
func Write(ctx context.Context, s Source, account string, w io.Writer, now time.Time, o Options, settle func() error) (Summary, error) {
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	p := &packing{
		ctx: ctx, s: s, o: o, out: &counted{to: w, ctx: ctx, tell: o.Progress}, sums: map[string]string{},
		header: Header{Format: format, At: now, By: account, Since: o.Since},
	}
	p.tar = tar.NewWriter(p.out)
	err := s.Snapshot(account, p.database)
	for _, step := range []func() error{p.files, p.attachments, p.end, settle} {
		if err == nil {
			err = step()
		}
	}
	done := Summary{Header: p.header, Attachments: p.complete.Attachments, Bytes: p.out.n, Damaged: p.complete.Damaged}
	if err != nil {
		return done, err
	}
	return done, s.BackedUp(account, p.note(), now)
}

type packing struct {
	ctx      context.Context
	s        Source
	o        Options
	out      *counted
	tar      *tar.Writer
	header   Header
	sums     map[string]string
	complete complete
}

// counted counts what passes, and stops when the context ends.
type counted struct {
	to   io.Writer
	ctx  context.Context
	n    int64
	tell func(int64)
}

func (c *counted) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.to.Write(b)
	c.n += int64(n)
	c.tell(c.n)
	return n, err
}

func (p *packing) note() string {
	if p.header.Since.IsZero() {
		return ""
	}
	return "since " + p.header.Since.Format(time.RFC3339)
}

func (p *packing) database(size int64, file io.WriterTo) error {
	p.header.Database = size
	if err := p.document(headerName, p.header); err != nil {
		return err
	}
	return p.file(databaseName, size, p.header.At, func(w io.Writer) error {
		_, err := file.WriteTo(w)
		return err
	})
}

func (p *packing) document(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return p.file(name, int64(len(text)), p.header.At, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// file writes one entry and notes its hash.
func (p *packing) file(name string, size int64, at time.Time, write func(io.Writer) error) error {
	sum := sha256.New()
	err := p.entry(name, size, at)
	if err == nil {
		err = write(io.MultiWriter(p.tar, sum))
	}
	p.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return err
}

func (p *packing) entry(name string, size int64, at time.Time) error {
	return p.tar.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at.Truncate(time.Second), Format: tar.FormatPAX,
	})
}

// files takes along what lies in the folder beside database and attachments, but nothing that a running program leaves.
func (p *packing) files() error {
	root := p.s.Dir()
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case passing(filepath.ToSlash(name)) && d.IsDir():
			return filepath.SkipDir
		case passing(filepath.ToSlash(name)) || !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return p.file(filesFolder+filepath.ToSlash(name), int64(len(data)), p.header.At, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	})
}

// passing tells what in a data folder is not kept: what is copied in another way, and what a program at work has there.
func passing(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	base := name[strings.LastIndexByte(name, '/')+1:]
	return strings.HasPrefix(base, ".") || strings.HasPrefix(top, "rongzheng.") || strings.HasPrefix(top, "serve.") ||
		strings.HasPrefix(top, beforeName) || slices.Contains([]string{"blobs", "part", "inbox", "outgoing", stageName}, top)
}

func (p *packing) attachments() error {
	for sha, err := range p.s.BlobNames() {
		if err == nil {
			err = p.attachment(sha)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) attachment(sha string) error {
	info, err := p.s.BlobInfo(sha)
	switch {
	case missing(err):
		return nil
	case err != nil:
		return err
	case info.ModTime().Before(p.o.Since):
		return nil
	}
	data, err := p.s.Blob(sha)
	switch {
	case missing(err):
		return nil
	case err != nil: // the disk does not give back what was written
		p.complete.Damaged = append(p.complete.Damaged, sha)
		return nil
	}
	p.complete.Attachments++
	if err := p.entry(blobsFolder+sha[:2]+"/"+sha, int64(len(data)), info.ModTime()); err != nil {
		return err
	}
	_, err = io.Copy(p.tar, bytes.NewReader(data))
	return err
}

// missing tells of an attachment that has gone while the backup was made: it was that of a refused submission, which no
// record names. A name that is no hash is no attachment.
func missing(err error) bool {
	return errors.Is(err, review.ErrNotFound) || errors.Is(err, fs.ErrNotExist)
}

func (p *packing) end() error {
	p.complete.Files = p.sums
	text, err := json.Marshal(p.complete)
	if err != nil {
		return err
	}
	if err := p.entry(completeName, int64(len(text)), p.header.At); err != nil {
		return err
	}
	if _, err := p.tar.Write(text); err != nil {
		return err
	}
	return p.tar.Close()
}
