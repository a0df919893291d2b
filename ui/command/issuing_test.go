package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"rongzheng/ui/command"
	"rongzheng/ui/demo"
	"rongzheng/ui/serve"
)

// startServing starts serve with a log that machines read, and returns what it said before it was ready. stop ends it and
// returns the log, each line of which is JSON.
func startServing(t *testing.T, dir string) (said string, stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	lines, stdout := io.Pipe()
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		args := []string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--log", "json", "--lang", "en"}
		ended <- command.Run(ctx, args, strings.NewReader(""), stdout, &log)
		stdout.Close()
	}()
	for scan := bufio.NewScanner(lines); scan.Scan(); {
		if said += scan.Text() + "\n"; strings.HasPrefix(scan.Text(), "connect with") {
			break
		}
	}
	go io.Copy(io.Discard, lines)
	return said, func() string {
		t.Helper()
		cancel()
		if got := <-ended; got != 0 {
			t.Errorf("serve ended with %d", got)
		}
		for line := range strings.Lines(log.String()) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q in the log is no JSON", line)
			}
		}
		return log.String()
	}
}

// overSSH runs a command with the key on the server of the folder, and returns what it complained of and whether it was done.
func overSSH(t *testing.T, dir, key, line string) (string, bool) {
	t.Helper()
	s, err := serve.Ask(dir)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(file)
	if err != nil {
		t.Fatal(err)
	}
	client, err := ssh.Dial("tcp", s.Address, &ssh.ClientConfig{
		User: "any", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	session.Stderr = &complaints
	err = session.Run(line + " --lang en")
	return complaints.String(), err == nil
}

// TestMissingSealIsTold: to whoever issues a certificate on the command line, here and over a line, and to whoever asks how
// the server stands; and not to those who issue none, nor where there is a seal.
func TestMissingSealIsTold(t *testing.T) {
	dir, key := demoFolder(t, 60), officerKey(t)
	on := func(args ...string) (string, string) {
		t.Helper()
		stdout, stderr, status := run(append(args, "--data", dir)...)
		if status != 0 {
			t.Fatalf("%v: %d, %s", args, status, stderr)
		}
		return stdout, stderr
	}
	on("account", "key", "add", "tang", key+".pub", "--as", demo.Administrator)
	waiting := func(account string) (references []string) {
		list, _ := on("list", "--queue", "pending", "--as", account)
		for line := range strings.Lines(list) {
			references = append(references, strings.Fields(line)[0])
		}
		return references
	}
	// approve approves the first that can be, and returns what was complained of.
	approve := func(references []string, do func(reference string) (string, bool)) string {
		for _, reference := range references {
			if complaints, ok := do(reference); ok {
				return complaints
			}
		}
		t.Fatalf("none of %v can be approved", references)
		return ""
	}
	here := func(account string) func(string) (string, bool) {
		return func(reference string) (string, bool) {
			_, stderr, status := run("approve", reference, "--seen", "--as", account, "--data", dir)
			return stderr, status == 0
		}
	}
	there := func(reference string) (string, bool) { return overSSH(t, dir, key, "approve "+reference+" --seen") }
	const warning = "certificates issued now carry a specimen"
	last := waiting("tang")
	if stderr := approve(last, here("tang")); strings.Count(stderr, warning) != 1 {
		t.Errorf("the last level was told %q", stderr)
	}
	if stderr := approve(waiting("zhou"), here("zhou")); strings.Contains(stderr, warning) {
		t.Errorf("who issues nothing was told %q", stderr)
	}
	_, stop := startServing(t, dir)
	if complaints := approve(last, there); strings.Count(complaints, warning) != 1 {
		t.Errorf("over a line it was told %q", complaints)
	}
	if status, _ := on("serve", "--status"); !strings.Contains(status, warning) {
		t.Errorf("the status says %s", status)
	}
	if status, _ := on("serve", "--status", "--json"); !strings.Contains(status, `"unsealed":true`) {
		t.Errorf("the status says %s", status)
	}
	if log := stop(); !strings.Contains(log, `"seal":"missing"`) {
		t.Errorf("the log says %s", log)
	}

	var seal bytes.Buffer
	if err := png.Encode(&seal, image.NewGray(image.Rect(0, 0, 40, 40))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "seal.png"), seal.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	said, stop := startServing(t, dir)
	if complaints := approve(last, there); strings.Contains(said+complaints, warning) {
		t.Errorf("with a seal it said %q and %q", said, complaints)
	}
	if status, _ := on("serve", "--status", "--json"); !strings.Contains(status, `"unsealed":false`) {
		t.Errorf("the status says %s", status)
	}
	stop()
}

// TestLockedKeyIsToldInTheLog: in words where people read, in the form of the log where machines do.
func TestLockedKeyIsToldInTheLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv("RONGZHENG_KEY_PASSPHRASE", "correct-horse")
	for _, args := range [][]string{
		{"account", "add", "guanli", "--role", "administrator"}, {"key", "protect", "--as", "guanli"},
	} {
		if _, stderr, status := run(append(args, "--data", dir)...); status != 0 {
			t.Fatal(stderr)
		}
	}
	t.Setenv("RONGZHENG_KEY_PASSPHRASE", "")
	said, stop := startServing(t, dir)
	if !strings.Contains(said, "signing key is locked") {
		t.Errorf("it said %s", said)
	}
	if log := stop(); !strings.Contains(log, `"signing_key":"locked"`) || strings.Contains(log, "rongzheng:") {
		t.Errorf("the log says %s", log)
	}
}
