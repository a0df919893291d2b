package command_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"rongzheng/ui/command"
	"rongzheng/ui/demo"
	"rongzheng/ui/serve"
)

// officerKey writes an SSH key and returns its path; the public half stands beside it.
func officerKey(t *testing.T) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "officer")
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "officer")
	for name, data := range map[string][]byte{path: pem.EncodeToMemory(block), path + ".pub": ssh.MarshalAuthorizedKey(public)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// served starts serve on the folder of the test and returns what it says of itself, and how it is stopped.
func served(t *testing.T, dir string) *serve.Status {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	lines, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- command.Run(ctx, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--lang", "en"}, strings.NewReader(""), stdout, io.Discard)
		stdout.Close()
	}()
	t.Cleanup(func() {
		stop()
		if got := <-ended; got != 0 {
			t.Errorf("serve ended with %d", got)
		}
	})
	for said := bufio.NewScanner(lines); said.Scan(); {
		if strings.HasPrefix(said.Text(), "connect with") {
			break
		}
	}
	go io.Copy(io.Discard, lines)
	s, err := serve.Ask(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestSync hands one pack back and fetches the next over a real line, and does it again after the line was cut.
func TestSync(t *testing.T) {
	desk, laptop := filepath.Join(t.TempDir(), "desk"), filepath.Join(t.TempDir(), "laptop")
	err := demo.Build(context.Background(), desk, demo.Options{Applications: 20, Seed: demo.Seed, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	key := officerKey(t)
	if _, stderr, status := run("account", "add", "xiaxiang", "--role", "reviewer", "--level", "1", "--area", "武侯区", "--area", "锦江区", "--area", "双流区", "--key", key+".pub", "--as", demo.Administrator, "--data", desk); status != 0 {
		t.Fatal(stderr)
	}
	s := served(t, desk)
	address := "ssh://" + s.Address
	sync := func(args ...string) (string, string, int) {
		return run(append([]string{"pack", "sync", address, "-i", key, "--data", laptop, "--desk", s.Fingerprint}, args...)...)
	}
	if _, stderr, status := run("pack", "sync", "ssh://127.0.0.1:1", "-i", key, "--data", laptop); status != 1 || !strings.Contains(stderr, "cannot be reached") {
		t.Errorf("nobody there: %d %s", status, stderr)
	}
	if _, stderr, status := run("pack", "sync", address, "-i", key, "--data", laptop, "--desk", "SHA256:wrong"); status != 1 || !strings.Contains(stderr, "not known") {
		t.Errorf("another desk: %d %s", status, stderr)
	}
	if _, stderr, status := sync(); status != 0 {
		t.Fatalf("the first pack: %s", stderr)
	}
	list, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "list", "--queue", "pending", "--limit", "1")
	if status != 0 {
		t.Fatal(stderr)
	}
	reference := strings.Fields(list)[0]
	if _, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "hold", reference, "--note", "等材料"); status != 0 {
		t.Fatal(stderr)
	}
	for _, said := range []string{"1 accepted, 0 already there", "0 accepted, 1 already there"} { // the same again changes nothing
		if out, stderr, status := sync("--keep"); status != 0 || !strings.Contains(out, said) {
			t.Errorf("handing back: %d %s %s", status, out, stderr)
		}
	}
	if _, stderr, status := sync(); status != 0 {
		t.Errorf("the next pack: %s", stderr)
	}
	out, stderr, status := run("pack", "status", "-i", key, "--data", laptop)
	if status != 0 || !strings.Contains(out, "-000002") || strings.Contains(out, "-000001") {
		t.Errorf("on the laptop: %s %s", out, stderr)
	}
}
