package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// What scripts need of SSH without an installed client: "sshkey NAME" makes a key pair, "sshto KEY [COMMAND...]" runs a
// command at the server of the data folder or, with -pty before the key, opens a desk and types what standard input says. "serving" waits until a server runs on the folder, "serving -not" until none does.

func sshKey() {
	if len(os.Args) != 2 {
		fail(errors.New("usage: sshkey NAME"))
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		fail(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		fail(err)
	}
	line, err := ssh.NewPublicKey(public)
	if err != nil {
		fail(err)
	}
	fail(errors.Join(os.WriteFile(os.Args[1], pem.EncodeToMemory(block), 0o600),
		os.WriteFile(os.Args[1]+".pub", ssh.MarshalAuthorizedKey(line), 0o600)))
}

// fail ends the program when there is an error.
func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// announced is where the server of the data folder listens, "" when none does.
func announced() string {
	var at struct{ Address string }
	text, err := os.ReadFile(filepath.Join(os.Getenv("RONGZHENG_DATA"), "serve.json"))
	if err != nil || json.Unmarshal(text, &at) != nil {
		return ""
	}
	return at.Address
}

const scriptPatience = 2 * time.Minute

func serving() {
	want := len(os.Args) < 2
	for end := time.Now().Add(scriptPatience); (announced() != "") != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			fail(errors.New("the server is not as awaited"))
		}
	}
}

func sshTo() {
	args := os.Args[1:]
	pty := len(args) > 0 && args[0] == "-pty"
	if pty {
		args = args[1:]
	}
	if len(args) == 0 {
		fail(errors.New("usage: sshto [-pty] KEY [COMMAND...]"))
	}
	text, err := os.ReadFile(args[0])
	fail(err)
	key, err := ssh.ParsePrivateKey(text)
	fail(err)
	client, err := ssh.Dial("tcp", announced(), &ssh.ClientConfig{
		User: "x", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: scriptPatience,
		BannerCallback: func(text string) error { _, err := io.WriteString(os.Stderr, text); return err },
	})
	fail(err)
	session, err := client.NewSession()
	fail(err)
	session.Stdout, session.Stderr = os.Stdout, os.Stderr
	if pty {
		err = desk(session)
	} else {
		session.Stdin = os.Stdin
		err = session.Run(join(args[1:]))
	}
	if status, ok := errors.AsType[*ssh.ExitError](err); ok {
		os.Exit(status.ExitStatus())
	}
	fail(err)
}

// join writes words as one command line, each between apostrophes.
func join(words []string) string {
	var line bytes.Buffer
	for _, word := range words {
		fmt.Fprintf(&line, "'%s' ", word)
	}
	return line.String()
}

// desk opens a desk on a dumb terminal, which is asked nothing. Standard input says line by line what happens: "await TEXT"
// until it has been shown, "type KEYS", "enter".
func desk(session *ssh.Session) error {
	screen := &shown{}
	session.Stdout = screen
	keys, err := session.StdinPipe()
	if err == nil {
		err = session.RequestPty("dumb", 24, 80, nil)
	}
	if err == nil {
		err = session.Shell()
	}
	if err != nil {
		return err
	}
	steps, err := io.ReadAll(os.Stdin)
	for line := range strings.Lines(string(steps)) {
		do, what, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch do {
		case "await":
			err = errors.Join(err, screen.await(what))
		case "type":
			_, err = io.WriteString(keys, what)
		case "enter":
			_, err = io.WriteString(keys, "\r")
		}
		if err != nil {
			return err
		}
	}
	return session.Wait()
}

// shown is all that a desk has drawn.
type shown struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	return os.Stdout.Write(p)
}

func (s *shown) await(text string) error {
	for end := time.Now().Add(scriptPatience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		there := strings.Contains(s.text.String(), text)
		s.mu.Unlock()
		if there {
			return nil
		}
	}
	return fmt.Errorf("%q was never shown", text)
}
