package serve_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/ui"
	"rongzheng/ui/command"
	"rongzheng/ui/serve"
)

func TestOpenFolderIsRefused(t *testing.T) {
	s := newRegister(t, 0)
	for _, mode := range []fs.FileMode{0o755, 0o710, 0o704, 0o770} {
		if err := os.Chmod(s.Dir(), mode); err != nil {
			t.Fatal(err)
		}
		if _, err := serve.New(serve.Options{Store: s, Address: "127.0.0.1:0"}); !errors.Is(err, serve.ErrOpenFolder) {
			t.Errorf("mode %o: got %v", mode, err)
		}
	}
}

// TestHostKeyStays: made once, for the owner alone, the same after a restart; one that others can read is refused.
func TestHostKeyStays(t *testing.T) {
	s := newRegister(t, 0)
	r := start(t, s, nil)
	path := filepath.Join(s.Dir(), "host_ed25519")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("got %v, %v", info.Mode(), err)
	}
	print := r.server.Fingerprint()
	r.stop()
	if got := start(t, s, nil).server.Fingerprint(); got != print || !strings.HasPrefix(got, "SHA256:") {
		t.Errorf("got %s, want %s", got, print)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := serve.New(serve.Options{Store: s, Address: "127.0.0.1:0"}); !errors.Is(err, serve.ErrOpenFolder) {
		t.Errorf("got %v", err)
	}
}

func TestStatus(t *testing.T) {
	s := newRegister(t, 1)
	r := start(t, s, nil)
	if _, err := serve.Ask(s.Dir()); !errors.Is(err, serve.ErrNotServing) {
		t.Fatalf("before: got %v", err)
	}
	withdraw, err := r.server.Announce()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"serve.json"} {
		if info, err := os.Stat(filepath.Join(s.Dir(), name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got %v, %v", name, info, err)
		}
	}
	desk := r.desk(first, "dumb", 80, 24)
	desk.wait(0, reference(0))
	got, err := serve.Ask(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Visits) != 1 || got.Accounts != 1 || got.Memory == 0 || got.Address != r.server.Address().String() || got.Fingerprint != r.server.Fingerprint() {
		t.Fatalf("got %+v", got)
	}
	v := got.Visits[0]
	v.Idle = 0
	want := serve.VisitStatus{ID: 1, Account: first, Address: "127.0.0.1", Kind: "desk", Since: v.Since}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Error(diff)
	}

	// Whoever opens the folder meanwhile hears how to connect, at once.
	t.Setenv("RONGZHENG_DATA", s.Dir())
	_, port, _ := net.SplitHostPort(r.server.Address().String())
	for _, args := range [][]string{{"list"}, {"check"}, {"serve"}} {
		var stderr bytes.Buffer
		status := command.Run(context.Background(), append(args, "--lang", "en", "--as", admin), strings.NewReader(""), io.Discard, &stderr)
		if status != 1 || !strings.Contains(stderr.String(), "ssh -p "+port+" 127.0.0.1") {
			t.Errorf("%v: got %d, %q", args, status, stderr.String())
		}
	}
	var stdout bytes.Buffer
	if status := command.Run(context.Background(), []string{"serve", "--status", "--lang", "en"}, nil, &stdout, io.Discard); status != 0 || !strings.Contains(stdout.String(), first) {
		t.Errorf("got %d, %q", status, stdout.String())
	}
	if err := withdraw(); err != nil {
		t.Fatal(err)
	}
	if _, err := serve.Ask(s.Dir()); !errors.Is(err, serve.ErrNotServing) {
		t.Errorf("after: got %v", err)
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	for _, address := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "localhost", "9222"} {
		if _, _, err := r.server.Metrics(address); !errors.Is(err, serve.ErrNotLoopback) {
			t.Errorf("%s: got %v", address, err)
		}
	}
	at, stop, err := r.server.Metrics("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	r.run(first, "list")
	answer, err := http.Get("http://" + at.String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"rongzheng_commands_total 1", "rongzheng_logins_total 1", `rongzheng_visits{kind="desk"} 0`, "# TYPE rongzheng_memory_bytes gauge"} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("%q is not among the metrics:\n%s", line, text)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if fields := strings.Fields(line); !strings.HasPrefix(line, "#") && len(fields) != 2 {
			t.Errorf("%q is no sample", line)
		}
	}
}

// TestGivenListener serves on a socket that somebody else has opened, as systemd does.
func TestGivenListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, newRegister(t, 1), func(o *serve.Options) { o.Listener, o.Address = l, "256.0.0.1:1" })
	if out, _, status := r.run(first, "list"); status != 0 || !strings.Contains(out, reference(0)) {
		t.Errorf("got %d, %q", status, out)
	}
}

func TestInherited(t *testing.T) {
	for _, environment := range []map[string]string{{}, {"LISTEN_PID": "1", "LISTEN_FDS": "1"}} {
		if l, err := serve.Inherited(func(name string) string { return environment[name] }); l != nil || err != nil {
			t.Errorf("%v: got %v, %v", environment, l, err)
		}
	}
}

func TestNotify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := serve.Notify(func(string) string { return path }, "READY=1"); err != nil {
		t.Fatal(err)
	}
	var text [64]byte
	if n, err := l.Read(text[:]); err != nil || string(text[:n]) != "READY=1" {
		t.Errorf("got %q, %v", text[:n], err)
	}
	if err := serve.Notify(func(string) string { return "" }, "READY=1"); err != nil {
		t.Errorf("without systemd: %v", err)
	}
}

// TestWordsOfServingAreThere: texts that are put together from their parts.
func TestWordsOfServingAreThere(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		for _, key := range []string{"desk", "command", "files", "none"} {
			if got := ui.NewWords(lang).Say("serve.kind." + key); strings.HasPrefix(got, "serve.") {
				t.Errorf("%s has no words", got)
			}
		}
	}
}
