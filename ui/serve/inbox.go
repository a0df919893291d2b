package serve

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

// The inbox of a portal lies in the data folder under inbox/ACCOUNT. While a file comes in it is NAME.part; complete, it
// waits under its name until it is called .zip or .json, which its answer says; then it is imported at once and removed, and the
// answer stays.
const (
	partEnding   = ".part"
	answerEnding = ".answer.json"
	// mostAnswers is how many answers an account may leave lying; the oldest go first.
	mostAnswers = 1000
)

// validUpload keeps names of the portal to what every file system takes; it leaves out the endings used here.
var validUpload = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`).MatchString

func uploadName(name string) error {
	if !validUpload(name) || strings.HasSuffix(name, partEnding) || strings.HasSuffix(name, answerEnding) {
		return fmt.Errorf("%s: %w", inboxFolder, os.ErrPermission)
	}
	return nil
}

// isPackage tells names under which a file is imported as soon as it is complete.
func isPackage(name string) bool {
	end := strings.ToLower(filepath.Ext(name))
	return end == ".zip" || end == ".json"
}

// clearInbox removes what a server that was killed has left behind: whoever got no answer sends again.
func clearInbox(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, inboxFolder, "*", "*"))
	for _, name := range files {
		if !strings.HasSuffix(name, answerEnding) {
			err = errors.Join(err, os.RemoveAll(name))
		}
	}
	return err
}

// inbox is the folder of the portal's account, made when it is missing. Nobody else has one.
func (t *tree) inbox(by review.Actor) (string, error) {
	if by.Role != review.Portal {
		return "", os.ErrNotExist
	}
	if err := by.May(review.Import); err != nil {
		return "", err
	}
	dir := filepath.Join(t.v.o.Store.Dir(), inboxFolder, by.Name)
	return dir, os.MkdirAll(dir, 0o700)
}

func (t *tree) listInbox(by review.Actor) (sftp.ListerAt, error) {
	dir, err := t.inbox(by)
	if err != nil {
		return nil, err
	}
	found, err := os.ReadDir(dir)
	list := entries{}
	for _, f := range found {
		info, err := f.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		name := strings.TrimSuffix(f.Name(), partEnding)
		list = append(list, entry{name: name, size: info.Size(), at: info.ModTime(), writes: true})
	}
	return list, err
}

// readAnswer reads an answer; packages are never given back.
func (t *tree) readAnswer(by review.Actor, name string) ([]byte, error) {
	dir, err := t.inbox(by)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, answerEnding) || !validUpload(name) {
		return nil, os.ErrPermission
	}
	return os.ReadFile(filepath.Join(dir, name))
}

// Filewrite begins an upload.
func (t *tree) Filewrite(r *sftp.Request) (to io.WriterAt, err error) {
	defer t.guard(&err)
	u, err := t.upload(r.Filepath)
	if err != nil {
		return nil, t.answer(r.Filepath, err)
	}
	return u, nil
}

func (t *tree) upload(name string) (*upload, error) {
	by, err := t.actor()
	if err != nil {
		return nil, err
	}
	p, err := t.place(name)
	switch {
	case err == nil && p.folder == inboxFolder && p.name != "":
		return t.uploadPackage(by, p.name)
	case err == nil && p.folder == scansFolder && p.name != "":
		return t.uploadScan(by, p.name)
	}
	return nil, os.ErrPermission
}

func (t *tree) uploadPackage(by review.Actor, name string) (*upload, error) {
	dir, err := t.inbox(by)
	if err != nil {
		return nil, err
	}
	if err := uploadName(name); err != nil {
		return nil, err
	}
	if held, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || t.held(held) >= t.v.limits.Held {
		return nil, errors.Join(os.ErrPermission, err)
	}
	f, err := createPart(filepath.Join(dir, name+partEnding))
	return &upload{t: t, file: f, folder: inboxFolder, most: t.v.limits.Upload, keep: func() error {
		if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
			return err
		}
		if !isPackage(name) {
			return t.waits(dir, name)
		}
		return t.take(dir, name)
	}}, err
}

// createPart makes the file that an upload comes into, unless somebody is sending it at this moment.
func createPart(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, os.ErrPermission
	}
	return f, err
}

func (t *tree) held(names []string) int {
	return len(slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, answerEnding) }))
}

// upload is a file that comes in.
type upload struct {
	t      *tree
	file   *os.File
	folder string
	most   int64        // bytes
	keep   func() error // called once it has come in whole: gives the file its place

	mu     sync.Mutex
	failed error
}

// errTooLarge says that an upload is larger than it may be.
var errTooLarge = errors.New("upload too large")

// WriteAt writes a part of the file, in whichever order they come.
func (u *upload) WriteAt(p []byte, at int64) (int, error) {
	if at < 0 || at+int64(len(p)) > u.most {
		u.TransferError(errTooLarge)
		return 0, errTooLarge
	}
	return u.file.WriteAt(p, at)
}

// TransferError marks the upload as one that did not come in whole.
func (u *upload) TransferError(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.failed = cmp.Or(u.failed, err)
}

// Close completes the upload: a package is imported before it returns, so that its answer is there.
func (u *upload) Close() (err error) {
	defer u.t.guard(&err)
	u.mu.Lock()
	failed := u.failed
	u.mu.Unlock()
	if err = errors.Join(failed, u.file.Sync(), u.file.Close()); err != nil {
		return u.t.answer(u.folder, errors.Join(err, os.Remove(u.file.Name())))
	}
	if err = u.keep(); err != nil {
		if gone := os.Remove(u.file.Name()); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return u.t.answer(u.folder, err)
	}
	u.t.v.counts.uploads.Add(1)
	return nil
}

// Answer is what stands beside a package that was sent.
type Answer struct {
	Format string       `json:"format"`
	File   string       `json:"file"`
	At     string       `json:"at"`
	Items  []AnswerItem `json:"items"`
	// Error says why the import as a whole stopped; what it did not get to is to be sent again.
	Error string `json:"error,omitempty"`
}

// AnswerItem is what became of one application of the package.
type AnswerItem struct {
	Reference string           `json:"reference"`
	Revision  int              `json:"revision,omitempty"`
	Outcome   exchange.Outcome `json:"outcome"`
	Reasons   []string         `json:"reasons,omitempty"`
}

const answerFormat = "rongzheng-answer/1"

// take imports a complete package, writes the answer and removes the package, in this order: what is interrupted is sent
// again, and what was taken already stays as it is.
func (t *tree) take(dir, name string) error {
	select {
	case t.v.imports <- struct{}{}:
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	defer func() { <-t.v.imports }()
	at := filepath.Join(dir, name)
	report, failed := exchange.Import(t.ctx, t.v.o.Store, t.account, []string{at}, t.v.clock, nil)
	answer := Answer{Format: answerFormat, File: name, At: t.v.clock().In(review.Zone).Format(time.RFC3339), Items: []AnswerItem{}}
	for _, item := range report.Items {
		line := AnswerItem{Reference: item.Reference, Revision: item.Revision, Outcome: item.Outcome}
		if item.Err != nil {
			line.Reasons = strings.Split(strings.ReplaceAll(t.words.Explain(item.Err), dir+string(filepath.Separator), ""), "\n")
		}
		answer.Items = append(answer.Items, line)
	}
	if failed != nil {
		answer.Error = t.words.Explain(failed)
	}
	t.v.log.Info("import", "account", t.account, "taken", report.Count(exchange.Taken), "already", report.Count(exchange.Already),
		"withdrawn", report.Count(exchange.Withdrawn), "refused", report.Count(exchange.Refused))
	return errors.Join(failed, reply(dir, answer), os.Remove(at), thin(dir))
}

// reply writes the answer beside the file that it is about.
func reply(dir string, answer Answer) error {
	text, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		return err
	}
	return writePrivate(filepath.Join(dir, answer.File+answerEnding), append(text, '\n'))
}

// waits answers a file that is no package by its name: it is imported when it gets the name of one, as clients do that send
// under another, and then this answer goes.
func (t *tree) waits(dir, name string) error {
	at := t.v.clock().In(review.Zone).Format(time.RFC3339)
	answer := Answer{Format: answerFormat, File: name, At: at, Items: []AnswerItem{}, Error: t.words.Say("serve.no_package", name)}
	return errors.Join(reply(dir, answer), thin(dir))
}

// thin removes the oldest answers beyond mostAnswers.
func thin(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*"+answerEnding))
	if err != nil || len(names) <= mostAnswers {
		return err
	}
	age := func(name string) int64 {
		info, err := os.Stat(name)
		if err != nil {
			return 0
		}
		return info.ModTime().UnixNano()
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(age(a), age(b)) })
	for _, name := range names[:len(names)-mostAnswers] {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// Filecmd renames uploads and removes answers. Times and permissions that clients set after an upload are passed over.
func (t *tree) Filecmd(r *sftp.Request) (err error) {
	defer t.guard(&err)
	return t.answer(r.Filepath, t.command(r))
}

func (t *tree) command(r *sftp.Request) error {
	by, err := t.actor()
	if err != nil {
		return err
	}
	p, err := t.place(r.Filepath)
	switch {
	case err == nil && p.folder == inboxFolder && p.name != "":
		return t.commandInbox(by, p.name, r)
	case err == nil && p.folder == scansFolder && p.name != "":
		return t.commandScans(by, p.name, r)
	}
	return os.ErrPermission
}

func (t *tree) commandInbox(by review.Actor, name string, r *sftp.Request) error {
	dir, err := t.inbox(by)
	if err != nil {
		return err
	}
	switch r.Method {
	case "Setstat":
		return nil
	case "Rename", "PosixRename":
		return t.rename(dir, name, r.Target)
	case "Remove":
		if !validUpload(name) || strings.HasSuffix(name, partEnding) {
			return os.ErrPermission
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil || strings.HasSuffix(name, answerEnding) {
			return err
		}
		return forgetAnswer(dir, name)
	}
	return os.ErrPermission
}

// forgetAnswer removes the answer of a file that is not there any more.
func forgetAnswer(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, name+answerEnding)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// rename gives a complete upload its name; one that makes it a package has it imported.
func (t *tree) rename(dir, from, target string) error {
	to, err := t.place(target)
	if err != nil || to.folder != inboxFolder {
		return os.ErrPermission
	}
	if err := errors.Join(uploadName(from), uploadName(to.name)); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to.name)); err != nil {
		return err
	}
	if err := forgetAnswer(dir, from); err != nil {
		return err
	}
	if !isPackage(to.name) {
		return t.waits(dir, to.name)
	}
	return t.take(dir, to.name)
}
