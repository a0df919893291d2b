package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// childFolder names the data folder in the environment of a child process of the tests, childTask what it does there.
const (
	childFolder = "RONGZHENG_TEST_FOLDER"
	childTask   = "RONGZHENG_TEST_TASK"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childTask) {
	case "hold":
		holdFolder(os.Getenv(childFolder))
	case "upgrade":
		must(Open(os.Getenv(childFolder), Options{Progress: func(int, int) { os.Exit(0) }})) // killed once all records are copied
	case "decide":
		decideForEver(os.Getenv(childFolder))
	case "draw":
		decideAndHang(os.Getenv(childFolder))
	case "reissue":
		confirmAndTell(os.Getenv(childFolder))
	default:
		debug.SetGCPercent(400) // tests make much garbage and keep little
		os.Exit(m.Run())
	}
}

// child starts the test binary again, to do the task in the folder.
func child(t *testing.T, dir, task string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir, childTask+"="+task)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// holdFolder keeps the folder open until its parent ends it.
func holdFolder(dir string) {
	s := must(Open(dir, Options{}))
	fmt.Println("open")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // the parent never writes; the end of its input ends this
	_ = s.Close()
}

func TestSecondProcessIsRefusedSoon(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Create: true})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir, childTask+"=hold")
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	bufio.NewScanner(out).Scan()
	if _, err := Open(dir, Options{Timeout: 50 * time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir, Options{})
}

func TestOpenWithoutData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrNoData) {
		t.Errorf("got %v, want ErrNoData", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made")
	}
	openStore(t, dir, Options{Create: true})
	for path, want := range map[string]os.FileMode{dir: folderMode, filepath.Join(dir, fileName): fileMode} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v, want %v", filepath.Base(path), info.Mode().Perm(), err, want)
		}
	}
}

// spoil opens the file without the store.
func spoil(t *testing.T, dir string, write func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, fileName), fileMode, nil)
	if err == nil {
		err = errors.Join(db.Update(write), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestNewerFormatIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := openStore(t, dir, Options{Create: true}).Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, dir, func(tx *bolt.Tx) error { return putFormat(tx, format+1) })
	for _, o := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(dir, o); !errors.Is(err, ErrNewer) {
			t.Errorf("got %v, want ErrNewer", err)
		}
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	for name, content := range map[string]string{"text": strings.Repeat("not a database ", 1000), "short": "x"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), []byte(content), fileMode); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", name, err)
		}
	}
	dir := t.TempDir()
	spoil(t, dir, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err })
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("another program's file: got %v, want ErrDamaged", err)
	}
}

func TestTruncatedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddAccount("", deskAccounts[0], clock); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, fileName), 16<<10); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

// decideForEver files and approves without end, and says so after each decision has been acknowledged.
func decideForEver(dir string) {
	s := must(Open(dir, Options{}))
	for n := 0; ; n++ {
		sub, data := firstSubmission(n)
		if _, err := s.Submit("portal", sub, data, clock); err != nil && !errors.Is(err, review.ErrAlready) {
			var form *review.FormError
			if errors.As(err, &form) {
				continue // this one was decided before the last kill
			}
			panic(err)
		}
		for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
			a, err := s.Change(reviewer, sub.Reference, 0, clock, approval(s, clock))
			if errors.Is(err, review.ErrDenied) {
				continue
			}
			if err != nil {
				panic(err)
			}
			fmt.Println(a.Reference, a.Version, a.Certificate)
		}
	}
}

// A process that is killed in the middle of decisions has lost none that it acknowledged, and its file checks clean.
func TestKilledProcessLosesNothing(t *testing.T) {
	dir := t.TempDir()
	first := newStoreIn(t, dir)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, after := range []int{1, 4, 9, 23} {
		cmd, lines := child(t, dir, "decide")
		for range after {
			lines.Scan()
			acknowledge(said, lines.Text())
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			acknowledge(said, lines.Text())
		}
		_ = cmd.Wait() // says that it was killed
		wantAcknowledged(t, dir, said)
	}
}

// acknowledge keeps the line under its reference; the last line of a killed process may be cut short.
func acknowledge(said map[string]string, line string) {
	if fields := strings.Fields(line); len(fields) >= 2 {
		said[fields[0]] = line
	}
}

func wantAcknowledged(t *testing.T, dir string, said map[string]string) {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	wantClean(t, s)
	by := actor(t, s, "li.admin")
	for reference, line := range said {
		a, err := s.Application(by, reference)
		if err != nil {
			t.Fatal(err)
		}
		var version int
		var number string
		fmt.Sscanf(line, "%s %d %s", &reference, &version, &number)
		if a.Version < version || number != "" && a.Certificate != number {
			t.Errorf("%s: got version %d and certificate %q, acknowledged was %q", reference, a.Version, a.Certificate, line)
		}
	}
}

// A file that is gone or empty beside attachments was lost: nothing new is made in its place.
func TestLostFileIsNoNewRegister(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"gone": os.Remove, "empty": func(path string) error { return os.Truncate(path, 0) },
	} {
		dir := t.TempDir()
		s := newStoreIn(t, dir)
		submit(t, s, 1)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fileName)
		if err := lose(path); err != nil {
			t.Fatal(err)
		}
		for _, create := range []bool{false, true} {
			if _, err := Open(dir, Options{Create: create}); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s, create %v: %v", name, create, err)
			}
		}
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			t.Errorf("%s: a new file was made", name)
		}
	}
}
