package serve_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

// openSSH runs OpenSSH's clients against the server.
type openSSH struct {
	r       *running
	dir     string
	options []string
	port    string
}

func (r *running) openSSH(account string) *openSSH {
	t := r.t
	t.Helper()
	for _, name := range []string{"ssh", "sftp", "scp"} {
		path, err := exec.LookPath(name)
		program(t, path, err)
	}
	o := &openSSH{r: r, dir: t.(*testing.T).TempDir()}
	seed := sha256.Sum256([]byte("key of " + account))
	block, err := gossh.MarshalPrivateKey(ed25519.NewKeyFromSeed(seed[:]), "")
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(o.dir, "key")
	if err := os.WriteFile(key, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	_, o.port, _ = net.SplitHostPort(r.server.Address().String())
	o.options = []string{
		"-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=no",
		"-o", "UserKnownHostsFile=\"" + filepath.Join(o.dir, "known") + "\"", "-o", "LogLevel=INFO", "-o", "BatchMode=yes",
	}
	return o
}

// run runs the program; args come after the options that all three know.
func (o *openSSH) run(name, stdin string, args ...string) (stdout, stderr string, status int) {
	o.r.t.Helper()
	port := "-P"
	if name == "ssh" {
		port = "-p"
	}
	cmd := exec.Command(name, slices.Concat(o.options, []string{port, o.port}, args)...)
	cmd.Dir, cmd.Stdin = o.dir, strings.NewReader(stdin)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		o.r.t.Fatal(err)
	}
	return out.String(), complaints.String(), cmd.ProcessState.ExitCode()
}

func (o *openSSH) read(name string) []byte {
	o.r.t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.r.t.Fatal(err)
	}
	return data
}

func TestOpenSSHCommands(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	o := r.openSSH(first)
	if out, stderr, status := o.run("ssh", "", "127.0.0.1", "list --json"); status != 0 || !strings.Contains(out, reference(0)) {
		t.Errorf("list: got %d, %q, %q", status, out, stderr)
	}
	if out, stderr, status := o.run("ssh", "", "127.0.0.1", "approve", reference(0)); status != 0 || !strings.Contains(out, reference(0)) {
		t.Errorf("approve: got %d, %q, %q", status, out, stderr)
	}
	if _, stderr, status := o.run("ssh", "", "127.0.0.1", "approve", reference(0)); status != 1 || stderr == "" {
		t.Errorf("approve again: got %d, %q", status, stderr)
	}
	if _, stderr, status := o.run("ssh", "", "127.0.0.1"); status != 2 || !strings.Contains(stderr, "terminal") {
		t.Errorf("no terminal: got %d, %q", status, stderr)
	}
	// -tt asks for a terminal although there is none: the desk, which q leaves.
	if out, stderr, status := o.run("ssh", "q", "-tt", "127.0.0.1"); status != 0 || !strings.Contains(out, "\x1b[?1049l") {
		t.Errorf("desk: got %d, %q, %q", status, out, stderr)
	}
	if _, stderr, status := o.run("ssh", "", "-N", "-L", "0:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", "127.0.0.1"); status != 255 {
		t.Errorf("forwarding: got %d, %q", status, stderr)
	}
	if _, stderr, status := r.openSSH("stranger").run("ssh", "", "127.0.0.1", "list"); status != 255 || !strings.Contains(stderr, "not registered") {
		t.Errorf("stranger: got %d, %q", status, stderr)
	}
}

func TestOpenSSHFiles(t *testing.T) {
	r := start(t, newRegister(t, 2), nil)
	number := r.issue(0)
	o := r.openSSH(first)
	t.Cleanup(func() { os.Chmod(filepath.Join(o.dir, reference(1)), 0o700) }) // comes as nobody's to write
	batch := fmt.Sprintf("ls -1 applications\nget certificates/%[1]s.pdf one.pdf\nget -r applications/%[2]s\n-put key applications/x\n", number, reference(1))
	out, stderr, status := o.run("sftp", batch, "-b", "-", "127.0.0.1")
	if status != 0 || !strings.Contains(out, reference(1)) {
		t.Fatalf("sftp: got %d, %q, %q", status, out, stderr)
	}
	pdf := o.read("one.pdf")
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
		t.Errorf("the certificate came as %d bytes", len(pdf))
	}
	_, files := submission(1)
	if got := o.read(filepath.Join(reference(1), "portrait.jpg")); files[hash(got)] == nil {
		t.Errorf("the portrait came as %d bytes", len(got))
	}
	if _, stderr, status := o.run("scp", "", "127.0.0.1:certificates/"+number+".pdf", "two.pdf"); status != 0 || !bytes.Equal(o.read("two.pdf"), pdf) {
		t.Errorf("scp: got %d, %q", status, stderr)
	}
	if _, _, status := o.run("scp", "", "key", "127.0.0.1:applications/"); status == 0 {
		t.Error("scp wrote where nothing can be written")
	}
	if got := r.events(review.Print); got != 2 {
		t.Errorf("recorded copies: got %d, want 2", got)
	}
}

func TestOpenSSHInbox(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	o := r.openSSH(portal)
	for i, name := range []string{"one.zip", "two.zip"} {
		if err := os.WriteFile(filepath.Join(o.dir, name), parcel(t, i, nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, stderr, status := o.run("sftp", "put -p one.zip inbox/one.tmp\nrename inbox/one.tmp inbox/one.zip\nget inbox/one.zip.answer.json\n", "-b", "-", "127.0.0.1"); status != 0 {
		t.Fatalf("sftp: %q", stderr)
	}
	if _, stderr, status := o.run("scp", "", "-p", "two.zip", "127.0.0.1:inbox/"); status != 0 {
		t.Fatalf("scp: %q", stderr)
	}
	if _, stderr, status := o.run("scp", "", "127.0.0.1:inbox/two.zip.answer.json", "."); status != 0 {
		t.Fatalf("scp: %q", stderr)
	}
	for _, name := range []string{"one", "two"} {
		if text := string(o.read(name + ".zip.answer.json")); !strings.Contains(text, fmt.Sprintf("%q: %q", "outcome", exchange.Taken)) {
			t.Errorf("%s: got %s", name, text)
		}
	}
}
