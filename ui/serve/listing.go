package serve

import (
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/store"
)

// Filelist lists a folder or describes one file. The size of a certificate that has not been drawn is told as 0, and
// clients read to the end.
func (t *tree) Filelist(r *sftp.Request) (list sftp.ListerAt, err error) {
	defer t.guard(&err)
	by, err := t.actor()
	if err == nil {
		switch r.Method {
		case "List":
			list, err = t.open(by, r.Filepath)
		case "Stat", "Lstat":
			list, err = t.describe(by, r.Filepath)
		default:
			err = sftp.ErrSSHFxOpUnsupported
		}
	}
	return list, t.answer(r.Filepath, err)
}

// open lists a folder until the client closes it.
func (t *tree) open(by review.Actor, name string) (sftp.ListerAt, error) {
	h, err := t.handles.take()
	if err != nil {
		return nil, err
	}
	list, err := t.list(by, name)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return openFolder{list, h}, nil
}

func (t *tree) list(by review.Actor, name string) (sftp.ListerAt, error) {
	p, err := t.place(name)
	switch {
	case err != nil:
		return nil, err
	case p.folder == "":
		return t.top(by), nil
	case p.folder == inboxFolder && p.name == "":
		return t.listInbox(by)
	case p.folder == scansFolder && p.name == "":
		return t.listScans(by)
	case p.folder == applicationsFolder && p.name != "" && p.file == "":
		return t.listApplication(by, p.name)
	case p.name == "":
		return &pages{t: t, by: by, folder: p.folder}, nil
	}
	return nil, os.ErrNotExist
}

func (t *tree) top(by review.Actor) sftp.ListerAt {
	list := entries{
		{name: applicationsFolder, folder: true, at: t.v.started}, {name: certificatesFolder, folder: true, at: t.v.started},
	}
	if by.Role == review.Portal {
		list = append(list, entry{name: inboxFolder, folder: true, writes: true, at: t.v.started})
	}
	if by.Role == review.Clerk {
		list = append(list, entry{name: scansFolder, folder: true, writes: true, at: t.v.started})
	}
	return list
}

func (t *tree) listApplication(by review.Actor, reference string) (sftp.ListerAt, error) {
	a, err := t.v.o.Store.Application(by, reference)
	if err != nil {
		return nil, err
	}
	text, err := t.written(by, &a) // for its size
	if err != nil {
		return nil, err
	}
	list := entries{{name: documentName, size: int64(len(text)), at: a.ChangedAt}}
	if by.May(review.ViewFile) == nil {
		for name, at := range attached(&a) {
			list = append(list, entry{name: name, size: at.Size, at: a.SubmittedAt})
		}
	}
	return list, nil
}

// describe finds the one entry that the path names.
func (t *tree) describe(by review.Actor, name string) (sftp.ListerAt, error) {
	p, err := t.place(name)
	switch {
	case err != nil:
		return nil, err
	case p.folder == "":
		return entries{{name: "/", folder: true, at: t.v.started}}, nil
	case p.name == "":
		return named(t.top(by), p.folder)
	case p.folder == inboxFolder:
		list, err := t.listInbox(by)
		if err != nil {
			return nil, err
		}
		return named(list, p.name)
	case p.folder == scansFolder:
		list, err := t.listScans(by)
		if err != nil {
			return nil, err
		}
		return named(list, p.name)
	case p.folder == certificatesFolder:
		c, err := t.v.o.Store.Certificate(by, strings.TrimSuffix(p.name, pdfEnding))
		if err != nil || c.Number+pdfEnding != p.name {
			return nil, os.ErrNotExist
		}
		return entries{certificateEntry(&c)}, nil
	}
	a, err := t.v.o.Store.Application(by, p.name)
	if err != nil {
		return nil, err
	}
	if p.file == "" {
		return entries{applicationEntry(&a)}, nil
	}
	list, err := t.listApplication(by, p.name)
	if err != nil {
		return nil, err
	}
	return named(list, path.Base(name))
}

func named(list sftp.ListerAt, name string) (sftp.ListerAt, error) {
	for _, e := range list.(entries) {
		if e.name == name {
			return entries{e}, nil
		}
	}
	return nil, os.ErrNotExist
}

func applicationEntry(a *review.Application) entry {
	return entry{name: a.Reference, folder: true, at: a.ChangedAt}
}

func certificateEntry(c *review.Certificate) entry {
	e := entry{name: c.Number + pdfEnding, at: c.Versions[len(c.Versions)-1].IssuedAt}
	if v := c.Current(); v != nil {
		e.size, e.at = v.Size, v.IssuedAt
	}
	return e
}

// entries are a short list.
type entries []entry

// ListAt copies from the list.
func (l entries) ListAt(to []os.FileInfo, at int64) (int, error) {
	n := 0
	for ; n < len(to) && int(at)+n < len(l); n++ {
		to[n] = l[int(at)+n]
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

// pages list a queue as it is read, however long it is, without the certificates that the account cannot take. sftp asks for
// one stretch after the other.
type pages struct {
	t      *tree
	by     review.Actor
	folder string
	at     store.Cursor
	over   bool
}

// ListAt reads the next stretch of the queue.
func (l *pages) ListAt(to []os.FileInfo, _ int64) (int, error) {
	n := 0
	for n < len(to) && !l.over {
		if err := l.t.ctx.Err(); err != nil {
			return n, err
		}
		page, err := l.t.v.o.Store.Page(store.Queue{Name: queueOf(l.folder), By: l.by}, l.at, true, len(to)-n)
		if err != nil {
			return n, l.t.answer(l.folder, err)
		}
		for _, row := range page.Rows {
			switch {
			case row.Application != nil:
				to[n] = applicationEntry(row.Application)
			case l.by.MayPrintShown(row.Certificate) == nil:
				to[n] = certificateEntry(row.Certificate)
			default:
				continue
			}
			n++
		}
		l.at, l.over = page.Next, !page.More
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
