package command_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/pack"
	"rongzheng/ui/command"
	"rongzheng/ui/demo"
)

// districts is where the officers of these tests review.
var districts = []string{"武侯区", "锦江区", "双流区", "金牛区", "成华区", "青羊区"}

// deskWithOfficer builds the demonstration register with an officer of the key, whose key the administrator uses too.
func deskWithOfficer(t *testing.T, applications int) (dir, officer, administrator string) {
	t.Helper()
	dir, officer, administrator = demoFolder(t, applications), officerKey(t), officerKey(t)
	add := []string{"account", "add", "xiaxiang", "--role", "reviewer", "--level", "1", "--key", officer + ".pub"}
	for _, area := range districts {
		add = append(add, "--area", area)
	}
	for _, args := range [][]string{add, {"account", "key", "add", demo.Administrator, administrator + ".pub"}} {
		if _, stderr, status := run(append(args, "--as", demo.Administrator, "--data", dir)...); status != 0 {
			t.Fatalf("%v: %s", args[:2], stderr)
		}
	}
	return dir, officer, administrator
}

// over runs a command on a server as ssh does, and returns what it said.
func over(t *testing.T, address, keyFile, commandLine string) (stdout []byte, stderr string, err error) {
	t.Helper()
	data, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParsePrivateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	client, err := ssh.Dial("tcp", address, &ssh.ClientConfig{
		User: "anybody", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)},
		HostKeyCallback: func(string, net.Addr, ssh.PublicKey) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var out, complaints bytes.Buffer
	session.Stdout, session.Stderr = &out, &complaints
	err = session.Run(commandLine)
	return out.Bytes(), complaints.String(), err
}

// opened opens a pack with the key of the file.
func opened(t *testing.T, data []byte, keyFile string) *pack.Pack {
	t.Helper()
	file, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := pack.ParseKey(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(bytes.NewReader(data), int64(len(data)), key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPackWithCertificatesOverALine: a server signs the list of revocations that goes along with certificates.
func TestPackWithCertificatesOverALine(t *testing.T) {
	desk, officer, administrator := deskWithOfficer(t, 60)
	s := served(t, desk)
	data, stderr, err := over(t, s.Address, administrator, "pack create --for xiaxiang --certificates '*' --limit 1 --lang en")
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if !strings.Contains(stderr, "certificates that went along: 1; more fit") {
		t.Errorf("the limit was not told: %s", stderr)
	}
	p := opened(t, data, officer)
	if list, err := p.Revocations(); err != nil || len(list) == 0 || len(p.Manifest.Certificates) == 0 {
		t.Errorf("%d certificates, list of %d bytes, %v", len(p.Manifest.Certificates), len(list), err)
	}
}

// TestOwnPackWithCertificates: an officer who takes certificates along for themselves can check them on the laptop.
func TestOwnPackWithCertificates(t *testing.T) {
	desk, officer, _ := deskWithOfficer(t, 20)
	s := served(t, desk)
	data, stderr, err := over(t, s.Address, officer, "pack create --for xiaxiang --certificates '*' --limit 3 --lang en")
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	laptop, file := filepath.Join(t.TempDir(), "laptop"), filepath.Join(t.TempDir(), "own.pack")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := run("pack", "take", file, "-i", officer, "--data", laptop, "--desk", s.Fingerprint); status != 0 {
		t.Fatal(stderr)
	}
	p := opened(t, data, officer)
	issued, err := p.Certificate(p.Manifest.Certificates[0])
	if err != nil {
		t.Fatal(err)
	}
	text, packs := issued.Certificate.Current().Code.Text, filepath.Join(laptop, "packs")
	out, stderr, status := run("verify", text, "--keys", filepath.Join(packs, "keys"), "--revocations", filepath.Join(packs, "revocations"))
	if status != 0 || !strings.Contains(out, issued.Certificate.Number) || !strings.Contains(out, "list of revocations: ") {
		t.Errorf("%d %s %s", status, out, stderr)
	}
}

// TestSyncBringsCertificatesAgain: the next pack brings certificates as the one before did, until the command says otherwise.
func TestSyncBringsCertificatesAgain(t *testing.T) {
	desk, officer, _ := deskWithOfficer(t, 60)
	s := served(t, desk)
	laptop := filepath.Join(t.TempDir(), "laptop")
	for i, tt := range []struct {
		args []string
		want int // certificates on the laptop
	}{{[]string{"--certificates", "*", "--limit", "2"}, 2}, {nil, 2}, {[]string{"--certificates="}, 0}} {
		args := append([]string{"pack", "sync", "ssh://" + s.Address, "-i", officer, "--data", laptop, "--desk", s.Fingerprint}, tt.args...)
		if _, stderr, status := run(args...); status != 0 {
			t.Fatalf("%d: %s", i, stderr)
		}
		out, stderr, status := run("pack", "run", "-i", officer, "--data", laptop, "--", "certificate", "list")
		if got := strings.Count(out, "CD-"); status != 0 || got != tt.want {
			t.Errorf("pack %d: %d certificates, want %d: %s%s", i, got, tt.want, out, stderr)
		}
	}
}

// TestCommandsOnAPack: what a work pack cannot do or does not hold is said to be at the desk.
func TestCommandsOnAPack(t *testing.T) {
	desk, officer, _ := deskWithOfficer(t, 20)
	s := served(t, desk)
	laptop := filepath.Join(t.TempDir(), "laptop")
	if _, stderr, status := run("pack", "sync", "ssh://"+s.Address, "-i", officer, "--data", laptop, "--desk", s.Fingerprint); status != 0 {
		t.Fatal(stderr)
	}
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"export", "results", "x"}, 2, "export is for the desk: this machine has only what is in work pack WP-"},
		{[]string{"pack", "create", "--for", "xiaxiang"}, 2, "pack is for the desk"},
		{[]string{"show", "SQ209901010001"}, 1, "this machine has only what is in work pack WP-"},
		{[]string{"certificate", "show", "CD-1999-000001"}, 1, "this machine has only what is in work pack WP-"},
		{[]string{"certificate", "print", "王无此人", "-o", "x.pdf"}, 2, "pack run -- certificate print"},
		{[]string{"certificate", "print", "王无此人"}, 1, "this machine has only what is in work pack WP-"},
	} {
		out, stderr, status := run(append([]string{"pack", "run", "-i", officer, "--data", laptop, "--"}, tt.args...)...)
		if status != tt.status || !strings.Contains(stderr, tt.want) || out != "" || strings.Contains(strings.ToLower(stderr), "ssh") {
			t.Errorf("%v: %d %q %q", tt.args, status, out, stderr)
		}
	}
	out, _, status := run("pack", "run", "-i", officer, "--data", laptop, "--", "list", "--help")
	if status != 0 || strings.Contains(out, "ssh HOST") || !strings.Contains(out, "rongzheng pack run -- list") {
		t.Errorf("help: %d %s", status, out)
	}
}

// TestNoPackNeedsNoKey: where there is no pack, that is what is said, not that a key is missing.
func TestNoPackNeedsNoKey(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	for _, args := range [][]string{{"pack", "status"}, {"pack", "run", "--", "list"}, {"pack", "return", "-o", filepath.Join(t.TempDir(), "x")}} {
		if _, stderr, status := run(append(args, "--data", t.TempDir())...); status != 1 || strings.Contains(stderr, "--identity") {
			t.Errorf("%v: %d %s", args, status, stderr)
		}
	}
}

// gone is a reader of a pack that goes away.
type gone func()

func (g gone) Write(b []byte) (int, error) {
	g()
	return len(b), nil
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestPackThatNobodyHolds: whatever happens before the last byte of a pack is written, its lease ends.
func TestPackThatNobodyHolds(t *testing.T) {
	desk, _, _ := deskWithOfficer(t, 20)
	s, err := store.Open(desk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	by, err := s.Account(demo.Administrator)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cut := context.WithCancel(context.Background())
	defer cut()
	for name, out := range map[string]io.Writer{
		"panic": gone(func() { panic("a fault of the program") }), "error": broken{}, "client gone": gone(cut),
	} {
		within := context.Background()
		if name == "client gone" {
			within = ctx
		}
		var complaints bytes.Buffer
		status := 1
		func() {
			defer func() {
				if met := recover(); (met != nil) != (name == "panic") {
					t.Errorf("%s: %v", name, met)
				}
			}()
			b := command.Bound{Store: s, Account: by.Name, Lang: review.English, Clock: time.Now}
			status = command.RunOn(within, b, []string{"pack", "create", "--for", "xiaxiang", "--limit", "2"},
				strings.NewReader(""), out, &complaints)
		}()
		packs, err := s.Packs(by)
		if err != nil || len(packs) == 0 || status == 0 {
			t.Fatalf("%s: status %d, %d packs, %v: %s", name, status, len(packs), err, complaints.String())
		}
		if got := packs[0].State(time.Now()); got != review.PackCalledBack {
			t.Errorf("%s: %s is %s", name, packs[0].Number, got)
		}
	}
}
