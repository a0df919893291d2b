package pack

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// Line is a connection to a desk that is served over SSH.
type Line struct {
	client *ssh.Client
	Desk   ssh.PublicKey
}

// Dial connects to ssh://[user@]host[:port] with the officer's key; the port is 22 where none is named. trust says whether
// the key that the server shows is the desk's.
func Dial(address string, key *Key, trust func(desk ssh.PublicKey) error) (*Line, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "ssh" || u.Host == "" || u.Path != "" && u.Path != "/" {
		return nil, refuse("pack_address", "address", clean(address))
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "22")
	}
	user := "rongzheng"
	if u.User != nil {
		user = u.User.Username()
	}
	l := &Line{}
	var refused error
	l.client, err = ssh.Dial("tcp", host, &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(key.signer)}, Timeout: 20 * time.Second,
		HostKeyCallback: func(_ string, _ net.Addr, desk ssh.PublicKey) error {
			l.Desk, refused = desk, trust(desk)
			return refused
		},
	})
	if refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refuse("pack_line", "host", clean(u.Host)), err)
	}
	return l, nil
}

// Close ends the connection.
func (l *Line) Close() error { return l.client.Close() }

// Run lets the desk carry out a command. It returns a RemoteError when the desk refused, with what it said.
func (l *Line) Run(args []string, in io.Reader, out io.Writer) error {
	s, err := l.client.NewSession()
	if err != nil {
		return err
	}
	defer s.Close()
	var said strings.Builder
	s.Stdin, s.Stdout, s.Stderr = in, out, &said
	err = s.Run(quote(args))
	var exit *ssh.ExitError
	if errors.As(err, &exit) {
		return &RemoteError{Status: exit.ExitStatus(), Said: strings.TrimSpace(strings.TrimPrefix(said.String(), "rongzheng: "))}
	}
	return err
}

// RemoteError is what a desk at the other end refused.
type RemoteError struct {
	Status int
	Said   string // its own words for people
}

func (e *RemoteError) Error() string { return fmt.Sprintf("the desk refused with status %d", e.Status) }

// quote writes a command line that the other end takes apart into the same words.
func quote(args []string) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
	}
	return strings.Join(words, " ")
}
