package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rongzheng/ui/command"
	"rongzheng/ui/serve"
)

// run runs the program on the folder of the test.
func run(args ...string) (stdout, stderr string, status int) {
	var out, complaints bytes.Buffer
	status = command.Run(context.Background(), append(args, "--lang", "en"), strings.NewReader(""), &out, &complaints)
	return out.String(), complaints.String(), status
}

// TestServeFromStartToStop: it says where it listens, can be asked, keeps others out politely, and stops cleanly.
func TestServeFromStartToStop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv("RONGZHENG_DATA", dir)
	if _, stderr, status := run("account", "add", "guanli", "--role", "administrator"); status != 0 {
		t.Fatal(stderr)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	lines, stdout := io.Pipe()
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		args := []string{"serve", "--listen", "127.0.0.1:0", "--log", "json", "--metrics", "127.0.0.1:0", "--lang", "en"}
		ended <- command.Run(ctx, args, strings.NewReader(""), stdout, &log)
		stdout.Close()
	}()
	said := bufio.NewScanner(lines)
	var text strings.Builder
	for said.Scan() {
		text.WriteString(said.Text() + "\n")
		if strings.HasPrefix(said.Text(), "connect with") {
			break
		}
	}
	s, err := serve.Ask(dir)
	if err != nil {
		t.Fatalf("%v; it said %s", err, text.String())
	}
	for _, part := range []string{s.Address, s.Fingerprint, "metrics: http://127.0.0.1:", "there is no seal"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("it did not say %q: %s", part, text.String())
		}
	}
	if _, stderr, status := run("list", "--as", "guanli"); status != 1 || !strings.Contains(stderr, "ssh -p ") {
		t.Errorf("list meanwhile: got %d, %q", status, stderr)
	}
	stop()
	if got := <-ended; got != 0 {
		t.Errorf("status: got %d, %s", got, log.String())
	}
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("%q is no JSON", line)
		}
	}
	for _, name := range []string{"serve.json", "serve.sock"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is left behind", name)
		}
	}
	if _, stderr, status := run("check", "--as", "guanli"); status != 0 {
		t.Errorf("check afterwards: %q", stderr)
	}
}

func TestServeRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv("RONGZHENG_DATA", dir)
	if _, stderr, status := run("serve"); status != 1 || !strings.Contains(stderr, "no register in "+dir) {
		t.Errorf("no folder: got %d, %q", status, stderr)
	}
	if _, stderr, status := run("account", "add", "guanli", "--role", "administrator"); status != 0 {
		t.Fatal(stderr)
	}
	tests := []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"--status"}, 1, "no server runs"}, {[]string{"--log", "xml"}, 2, "--log"}, {[]string{"now"}, 2, "now"},
		{[]string{"--listen", "127.0.0.1:0", "--metrics", "0.0.0.0:0"}, 1, "loopback"},
	}
	for _, tt := range tests {
		if _, stderr, status := run(append([]string{"serve"}, tt.args...)...); status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%v: got %d, %q", tt.args, status, stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "serve.json")); err == nil {
		t.Error("a refused start announces itself")
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := run("serve", "--listen", "127.0.0.1:0"); status != 1 || !strings.Contains(stderr, "chmod") {
		t.Errorf("open folder: got %d, %q", status, stderr)
	}
}
