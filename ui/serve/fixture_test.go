package serve_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
	"rongzheng/ui/command"
	"rongzheng/ui/serve"
)

// noon is when everything in these tests happens.
var noon = time.Date(2026, 11, 16, 12, 0, 0, 0, review.Zone)

func clock() time.Time { return noon }

// patience is how long a test waits for what must come; nothing is timed by it.
const patience = 2 * time.Minute

// Accounts of the tests.
const (
	admin, portal, auditor = "guanli", "menhu", "shenji"
	first, second, third   = "li", "fushen", "zhongshen"
	colleague              = "wu" // of first's level and area
)

// running is a server on a data folder with a few people in it.
type running struct {
	t      testing.TB
	store  *store.Store
	dir    string
	server *serve.Server
	log    *record
	stop   func() error // asks the server to stop and waits for it
}

// keyOf makes the key of an account: the same name gives the same key.
func keyOf(name string) gossh.Signer {
	seed := sha256.Sum256([]byte("key of " + name))
	signer, err := gossh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		panic(err)
	}
	return signer
}

func authorized(name string) string {
	return string(gossh.MarshalAuthorizedKey(keyOf(name).PublicKey()))
}

// newRegister makes a data folder with accounts and so many applications that wait for the first level.
func newRegister(t testing.TB, applications int) *store.Store {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	policy := *review.DefaultPolicy()
	policy.Seen = nil // looking at papers is not what these tests are about
	ring, err := code.OpenRing(filepath.Join(dir, code.Folder))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, store.Options{Create: true, Policy: &policy, Renderer: drawer(t), Code: ring.Code})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := ring.Rotate("", noon); err != nil {
		t.Fatal(err)
	}
	areas := []string{"510107"}
	for i, a := range []review.Account{
		{Name: admin, Role: review.Administrator}, {Name: portal, Role: review.Portal}, {Name: auditor, Role: review.Auditor},
		{Name: first, Role: review.Reviewer, Level: 1, Areas: areas}, {Name: colleague, Role: review.Reviewer, Level: 1, Areas: areas},
		{Name: second, Role: review.Reviewer, Level: 2}, {Name: third, Role: review.Reviewer, Level: 3},
	} {
		by := admin
		if i == 0 {
			by = ""
		}
		addAccount(t, s, by, a)
	}
	for n := range applications {
		sub, files := submission(n)
		if _, err := s.Submit(portal, sub, files, noon); err != nil {
			t.Fatalf("submit %d: %v", n, err)
		}
	}
	return s
}

func addAccount(t testing.TB, s *store.Store, by string, a review.Account) {
	t.Helper()
	if a.Keys == nil {
		a.Keys = []string{authorized(a.Name)}
	}
	if err := s.AddAccount(by, a, noon); err != nil {
		t.Fatalf("account %s: %v", a.Name, err)
	}
}

// drawer draws certificates as the program does.
func drawer(t testing.TB) *cert.Renderer {
	t.Helper()
	r, err := cert.NewRenderer(cert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// start serves the register; change, which may be nil, changes the options first.
func start(t testing.TB, s *store.Store, change func(*serve.Options)) *running {
	t.Helper()
	r := &running{t: t, store: s, dir: s.Dir(), log: &record{}}
	ring, err := code.OpenRing(filepath.Join(s.Dir(), code.Folder))
	if err != nil {
		t.Fatal(err)
	}
	o := serve.Options{
		Store: s, Address: "127.0.0.1:0", Words: ui.NewWords("en"), Log: slog.New(slog.NewJSONHandler(r.log, nil)), Clock: clock,
		Desk: func(ctx context.Context, d *serve.Desk) error {
			return ui.Run(ctx, ui.Options{
				Store: s, Account: d.Account, Lang: d.Lang, Clock: clock, Input: d.Input, Output: d.Output, Environ: d.Environ,
				Renderer: d.Renderer, Width: d.Width, Height: d.Height, FrameRate: serve.FrameRate, Notices: d.Notices, Ending: d.Ending,
				Scans: ui.Scans{Uploads: r.server.Scans(d.Account)},
			})
		},
		Command: func(ctx context.Context, c *serve.Command) int {
			b := command.Bound{Store: s, Ring: ring, Account: c.Account, Lang: c.Lang, Clock: clock}
			return command.RunOn(ctx, b, c.Args, c.Stdin, c.Stdout, c.Stderr)
		},
		Commands: []string{"list", "show"},
	}
	// Nobody types to an end in a test, or comes in at the end.
	o.Limits.Warn, o.Limits.Stop, o.Limits.Farewell = time.Millisecond, 2*time.Second, time.Millisecond
	if change != nil {
		change(&o)
	}
	if r.server, err = serve.New(o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.server.Serve(ctx) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// record is a log that several goroutines write.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// dial logs in with the account's key.
func (r *running) dial(account string) *gossh.Client {
	r.t.Helper()
	c, err := r.tryDial("somebody", gossh.PublicKeys(keyOf(account)))
	if err != nil {
		r.t.Fatalf("login as %s: %v", account, err)
	}
	return c
}

func (r *running) tryDial(user string, auth ...gossh.AuthMethod) (*gossh.Client, error) {
	c, err := gossh.Dial("tcp", r.server.Address().String(), &gossh.ClientConfig{
		User: user, Auth: auth, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: patience,
	})
	if err == nil {
		r.t.Cleanup(func() { c.Close() })
	}
	return c, err
}

// run carries out a command as the account.
func (r *running) run(account, line string) (stdout, stderr string, status int) {
	r.t.Helper()
	return r.pipe(account, line, "")
}

// pipe runs a command with something on its standard input.
func (r *running) pipe(account, line, stdin string) (stdout, stderr string, status int) {
	r.t.Helper()
	c := r.dial(account)
	defer c.Close()
	session, err := c.NewSession()
	if err != nil {
		r.t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	session.Stdin = strings.NewReader(stdin)
	session.Stdout, session.Stderr = &out, &complaints
	return out2(session.Run(line), &out, &complaints, r.t)
}

func out2(err error, out, complaints *bytes.Buffer, t testing.TB) (string, string, int) {
	t.Helper()
	status := 0
	if exit, ok := errors.AsType[*gossh.ExitError](err); ok {
		status = exit.ExitStatus()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), complaints.String(), status
}

// screen is a client's terminal with a desk on it.
type screen struct {
	t       testing.TB
	session *gossh.Session
	keys    io.WriteCloser
	ended   chan error

	mu   sync.Mutex
	more *sync.Cond
	text bytes.Buffer
	over bool
}

// desk opens a desk; everything that it draws is kept.
func (r *running) desk(account, term string, width, height int) *screen {
	r.t.Helper()
	return open(r.t, r.dial(account), term, width, height)
}

// open opens a desk after whatever else the client asks for, without waiting for an answer.
func open(t testing.TB, c *gossh.Client, term string, width, height int, asks ...string) *screen {
	t.Helper()
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, session: session, ended: make(chan error, 1)}
	s.more = sync.NewCond(&s.mu)
	session.Stdout = s
	if s.keys, err = session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	for _, ask := range asks {
		if _, err := session.SendRequest(ask, false, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := session.RequestPty(term, height, width, gossh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	go func() {
		err := session.Wait()
		s.mu.Lock()
		s.over = true
		s.mu.Unlock()
		s.more.Broadcast()
		s.ended <- err
	}()
	return s
}

// Write takes what the desk draws.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.more.Broadcast()
	return s.text.Write(p)
}

// size is how many bytes have come.
func (s *screen) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Len()
}

// wait returns when the text has been drawn after the first from bytes.
func (s *screen) wait(from int, text string) {
	s.t.Helper()
	timer := time.AfterFunc(patience, func() {
		s.mu.Lock()
		s.over = true
		s.mu.Unlock()
		s.more.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !strings.Contains(ansi.Strip(s.text.String()[from:]), text) {
		if s.over {
			s.t.Fatalf("the desk never drew %q; it drew:\n%s", text, ansi.Strip(s.text.String()[from:]))
		}
		s.more.Wait()
	}
}

// press sends keys and waits for what they lead to.
func (s *screen) press(keys, text string) {
	s.t.Helper()
	from := s.size()
	s.send(keys)
	s.wait(from, text)
}

func (s *screen) send(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keys, keys); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the end of the desk and returns its status, -1 when the line was cut.
func (s *screen) end() int {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if exit, ok := errors.AsType[*gossh.ExitError](err); ok {
			return exit.ExitStatus()
		}
		if err != nil {
			return -1
		}
		return 0
	case <-time.After(patience):
		s.t.Fatal("the desk does not end")
	}
	return 0
}

// reference names the n-th application.
func reference(n int) string { return fmt.Sprintf("SQ2026%08d", n) }

// submission is a first registration that nothing stands in the way of.
func submission(n int) (review.Submission, map[string][]byte) {
	at := noon.Add(-time.Hour - time.Duration(n)*time.Second)
	form := review.Form{}
	for key, value := range map[review.Key]string{
		"name": "王芳", "mobile": "13800001234", "id_type": "1", "id_number": identity(n), "sex": "2", "ethnicity": "01",
		"political_status": "13", "education": "21", "major": "社会工作", "address": "四川省成都市武侯区浆洗街 1 号",
		"employer_type": "07", "post_category": "02", "years_in_social_work": "2", "fields": "05", "delegate_roles": "0", "honours": "0",
		"level": "2", "exam_year": "2025", "management_number": fmt.Sprintf("2025065101%010d", n), "review_area": "510107",
	} {
		form.Set(key, value)
	}
	sub := review.Submission{
		Reference: reference(n), Revision: 1, Kind: review.First, SubmittedAt: at, Form: form,
		Consent: review.Consent{Privacy: at, Truth: at},
	}
	files := map[string][]byte{}
	for i, slot := range []review.Key{"id_card_front", "id_card_back", "credential_scan", "application_form", "portrait"} {
		w, h := 64, 48
		if slot == "portrait" {
			w, h = review.PortraitWidth, review.PortraitHeight
		}
		data := photo(w, h, n*10+i)
		at := review.Attachment{
			Slot: slot, File: string(slot) + ".jpg", SHA256: hash(data), Size: int64(len(data)), Type: review.TypeJPEG, Width: w, Height: h,
		}
		files[at.SHA256] = data
		if slot == "portrait" {
			at.Prepared = at.SHA256
		}
		sub.Attachments = append(sub.Attachments, at)
	}
	return sub, files
}

// identity makes a woman's valid identity number of 武侯区. Each is born on another day: of people with one name and birth
// date every case would name the others as look-alikes.
func identity(n int) string {
	const days = 15_000
	born := time.Date(1960, time.January, 1+n%days, 0, 0, 0, 0, time.UTC)
	text := fmt.Sprintf("510107%s%02d%d", born.Format("20060102"), n/days/5, n/days%5*2)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		digit, _ := strconv.Atoi(text[i : i+1])
		sum += digit * weight
	}
	return text + "10X98765432"[sum%11:][:1]
}

func photo(w, h, seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		img.Set(x, seed%h, color.RGBA{uint8(seed), uint8(seed >> 8), uint8(x), 255})
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		panic(err)
	}
	return file.Bytes()
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// events counts what the log of the register says of an action.
func (r *running) events(action review.Action) int {
	r.t.Helper()
	by, err := r.store.Account(admin)
	if err != nil {
		r.t.Fatal(err)
	}
	all, err := r.store.Events(by, 0, 1_000_000)
	if err != nil {
		r.t.Fatal(err)
	}
	n := 0
	for _, e := range all {
		if e.Action == action {
			n++
		}
	}
	return n
}

// program finds a program to test with; without it the test is skipped, except where RONGZHENG_NO_SKIP is set.
func program(t testing.TB, path string, err error) string {
	t.Helper()
	if err == nil {
		return path
	}
	if os.Getenv("RONGZHENG_NO_SKIP") != "" {
		t.Fatal(err)
	}
	t.Skip(err)
	return ""
}
