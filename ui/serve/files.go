package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/charmbracelet/ssh"
	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// Folders and names of what sftp shows.
const (
	applicationsFolder = "applications"
	certificatesFolder = "certificates"
	inboxFolder        = "inbox"
	scansFolder        = "scans"
	documentName       = "application.json"
	pdfEnding          = ".pdf"
)

// files serves sftp: what the account may see, read only, every file recorded as a view; for the portal an inbox, and for
// clerks the scans that they send to their desk.
func (v *Server) files(ctx context.Context, s ssh.Session, _ *terminal, n *visit) int {
	v.counts.transfers.Add(1)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	idle := time.AfterFunc(v.limits.Idle, func() { cut(s) })
	defer idle.Stop()
	t := &tree{v: v, ctx: ctx, account: n.account, words: v.o.Words, handles: handles{limits: &v.limits}}
	channel := &counted{Channel: s, out: v.patient(s, s), seen: func() { idle.Reset(v.limits.Idle); n.touch() }}
	server := sftp.NewRequestServer(channel, sftp.Handlers{FileGet: t, FilePut: t, FileCmd: t, FileList: t})
	if err := server.Serve(); err != nil && !errors.Is(err, io.EOF) {
		v.log.Info("visit ended", "visit", n.id, "account", n.account, "reason", "files")
		return statusFailed
	}
	return statusDone
}

// counted is a channel that notices its use.
type counted struct {
	Channel io.ReadWriteCloser
	out     io.Writer
	seen    func()
}

// Read notices a request.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Channel.Read(p)
	c.seen()
	return n, err
}

// Write waits for the client with patience, but not for ever.
func (c *counted) Write(p []byte) (int, error) { return c.out.Write(p) }

// Close closes the channel.
func (c *counted) Close() error { return c.Channel.Close() }

// tree is what one sftp visit sees. Every request looks the account up again.
type tree struct {
	v       *Server
	ctx     context.Context
	account string
	words   ui.Words
	handles handles
}

// place is a path taken apart: folder, then the name in it, then the name in that. Folders are "".
type place struct{ folder, name, file string }

func (t *tree) place(name string) (place, error) {
	parts := strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")
	if len(parts) > 3 {
		return place{}, os.ErrNotExist
	}
	parts = append(parts, "", "")
	p := place{parts[0], parts[1], parts[2]}
	switch p.folder {
	case "", applicationsFolder:
		return p, nil
	case certificatesFolder, inboxFolder, scansFolder:
		if p.file == "" {
			return p, nil
		}
	}
	return p, os.ErrNotExist
}

// actor looks the account up, so that one that has been disabled gets nothing more.
func (t *tree) actor() (review.Actor, error) {
	a, err := t.v.o.Store.Account(t.account)
	if err != nil {
		return a, err
	}
	return a, a.May(review.View)
}

// answer turns an error into what sftp says: a code that programs know, and the sentence.
func (t *tree) answer(name string, err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case errors.Is(err, os.ErrNotExist), errors.Is(err, review.ErrNotFound):
		return os.ErrNotExist
	case errors.Is(err, review.ErrDenied), errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%s: %w", t.words.Explain(err), sftp.ErrSSHFxPermissionDenied)
	case errors.Is(err, errManyOpen):
		t.v.counts.refused.Add(1)
		return errors.New(t.words.Say("serve.many_open"))
	}
	if _, ok := errors.AsType[*review.RuleError](err); ok { // a rule's answer, and no fault of the server
		return errors.New(t.words.Explain(err))
	}
	t.v.log.Error("file failed", "account", t.account, "folder", folderOf(name), "error", err)
	return errors.New(t.words.Explain(err))
}

func folderOf(name string) string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	return ui.Plain(folder)
}

// guard turns a panic into an error: the library calls from goroutines of its own.
func (t *tree) guard(err *error) {
	if r := recover(); r != nil {
		t.v.counts.panics.Add(1)
		t.v.log.Error("panic", "account", t.account, "type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
		*err = sftp.ErrSSHFxFailure
	}
}

// Fileread opens a file. It is recorded before the first byte leaves.
func (t *tree) Fileread(r *sftp.Request) (from io.ReaderAt, err error) {
	defer t.guard(&err)
	h, err := t.handles.take()
	if err != nil {
		return nil, t.answer(r.Filepath, err)
	}
	data, err := t.read(r.Filepath)
	if err != nil {
		return nil, t.answer(r.Filepath, errors.Join(err, h.Close()))
	}
	h.hold(data)
	t.v.counts.files.Add(1)
	return openFile{bytes.NewReader(data), h}, nil
}

func (t *tree) read(name string) ([]byte, error) {
	by, err := t.actor()
	if err != nil {
		return nil, err
	}
	p, err := t.place(name)
	switch {
	case err != nil:
		return nil, err
	case p.folder == applicationsFolder && p.file == documentName:
		return t.document(by, p.name)
	case p.folder == applicationsFolder && p.file != "":
		return t.attachment(by, p.name, p.file)
	case p.folder == certificatesFolder && strings.HasSuffix(p.name, pdfEnding):
		return t.certificate(by, strings.TrimSuffix(p.name, pdfEnding))
	case p.folder == inboxFolder && p.name != "":
		return t.readAnswer(by, p.name)
	}
	return nil, os.ErrNotExist
}

// document is what show --json prints, masked. It is recorded before it leaves, and as it was before that, so that it has the
// size that was told.
func (t *tree) document(by review.Actor, reference string) ([]byte, error) {
	a, err := t.v.o.Store.Application(by, reference)
	if err != nil {
		return nil, err
	}
	text, err := t.written(by, &a)
	if err != nil {
		return nil, err
	}
	return text, t.v.o.Store.Record(by.Name, review.Event{Action: review.View, Reference: reference}, t.v.clock())
}

// written writes the document of an application; nothing is recorded, so it must not leave but by document.
func (t *tree) written(by review.Actor, a *review.Application) ([]byte, error) {
	s := t.v.o.Store
	facts, err := s.Facts(a.Reference)
	if err != nil {
		return nil, err
	}
	events, err := s.Timeline(by, a.Reference)
	if err != nil {
		return nil, err
	}
	checks := review.Checks(a, s.Policy(), facts, review.DateOf(t.v.clock()))
	detail, err := exchange.EncodeDetail(a, checks, events, s.Policy(), false, t.words.Problem)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = exchange.WriteLine(&out, detail)
	return out.Bytes(), err
}

func (t *tree) attachment(by review.Actor, reference, name string) ([]byte, error) {
	a, err := t.v.o.Store.Application(by, reference)
	if err != nil {
		return nil, err
	}
	for file, at := range attached(&a) {
		if file != name {
			continue
		}
		event := review.Event{Action: review.ViewFile, Reference: reference, Target: at.SHA256}
		if err := t.v.o.Store.Record(by.Name, event, t.v.clock()); err != nil {
			return nil, err
		}
		return t.v.o.Store.Blob(at.SHA256)
	}
	return nil, os.ErrNotExist
}

// certificate hands out the bytes that the vault keeps, as a copy that counts.
func (t *tree) certificate(by review.Actor, number string) ([]byte, error) {
	p, err := t.v.o.Store.Paper(by, number, review.AsFile)
	if err != nil {
		return nil, err
	}
	ask := review.CopyAsk{Way: review.AsFile, Version: p.Version.Version}
	if _, err := t.v.o.Store.Copy(by.Name, number, ask, t.v.clock()); err != nil {
		return nil, err
	}
	return p.PDF, nil
}

// attached yields the attachments of an application under their names: the slot, a number where it has several files, the
// ending of what the file is.
func attached(a *review.Application) func(yield func(string, review.Attachment) bool) {
	return func(yield func(string, review.Attachment) bool) {
		seen, total := map[review.Key]int{}, map[review.Key]int{}
		for _, at := range a.Attachments {
			total[at.Slot]++
		}
		for _, at := range a.Attachments {
			seen[at.Slot]++
			name := string(at.Slot)
			if total[at.Slot] > 1 {
				name += fmt.Sprintf("-%d", seen[at.Slot])
			}
			if !yield(name+ending(at.Type), at) {
				return
			}
		}
	}
}

func ending(mediaType string) string {
	switch mediaType {
	case review.TypeJPEG:
		return ".jpg"
	case review.TypePNG:
		return ".png"
	}
	return pdfEnding
}

// entry is a file or folder as sftp lists it. Names hold references and numbers, never anything of people.
type entry struct {
	name   string
	size   int64
	at     time.Time
	folder bool
	writes bool
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return e.size }
func (e entry) ModTime() time.Time { return e.at }
func (e entry) IsDir() bool        { return e.folder }
func (e entry) Sys() any           { return nil }

// Mode tells clients not to try writing where nothing can be written.
func (e entry) Mode() os.FileMode {
	switch {
	case e.folder && e.writes:
		return os.ModeDir | 0o700
	case e.folder:
		return os.ModeDir | 0o500
	case e.writes:
		return 0o600
	}
	return 0o400
}

// queueOf is the queue whose rows a folder lists.
func queueOf(folder string) store.QueueName {
	if folder == certificatesFolder {
		return store.Certificates
	}
	return store.All
}
