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

// Line is a connection to a desk that is served over SSH. One on which nothing comes back for deafAfter is given up.
type Line struct {
	client *ssh.Client
	Desk   ssh.PublicKey
	closed chan struct{}
}

const (
	askEvery  = 15 * time.Second
	deafAfter = 45 * time.Second
)

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
	l := &Line{closed: make(chan struct{})}
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
		return nil, fmt.Errorf("%w: %w", refuse(unreached(err), "host", clean(u.Host), "key", Fingerprint(key.Public())), err)
	}
	go l.listen()
	return l, nil
}

// unreached tells a desk that does not know the key, or no longer takes it, from one that did not answer. The library has no
// value for it.
func unreached(err error) string {
	if strings.Contains(err.Error(), "unable to authenticate") {
		return "pack_line_key"
	}
	return "pack_line"
}

// listen asks now and then whether the desk is still there: a line that went dead without a word would be waited on for ever.
func (l *Line) listen() {
	every := time.NewTicker(askEvery)
	defer every.Stop()
	for {
		select {
		case <-l.closed:
			return
		case <-every.C:
		}
		deaf := time.AfterFunc(deafAfter, l.Break)
		_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
		deaf.Stop()
		if err != nil {
			return
		}
	}
}

// Close ends the connection.
func (l *Line) Close() error {
	close(l.closed)
	if err := l.client.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Break ends the connection under whatever is being done on it; Close is still to be called.
func (l *Line) Break() { _ = l.client.Close() }

// ErrCut says that the line ended before the desk had answered.
var ErrCut = errors.New("the line was cut")

// Run lets the desk carry out a command. It returns a RemoteError when the desk refused, with what it said; ErrCut when the
// line ended; an error of out as it is.
func (l *Line) Run(args []string, in io.Reader, out io.Writer) error {
	s, err := l.client.NewSession()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCut, err)
	}
	defer s.Close()
	var said strings.Builder
	to := &until{out: out, failed: func() { s.Close() }}
	s.Stdin, s.Stdout, s.Stderr = in, to, &said
	err = s.Run(quote(args))
	var exit *ssh.ExitError
	switch {
	case to.err != nil:
		return to.err
	case errors.As(err, &exit):
		return &RemoteError{Status: exit.ExitStatus(), Said: strings.TrimSpace(strings.TrimPrefix(said.String(), "rongzheng: "))}
	case err != nil:
		return fmt.Errorf("%w: %w", ErrCut, err)
	}
	return nil
}

// until writes to out until that fails, and then ends the session: the desk would wait for somebody to read on.
type until struct {
	out    io.Writer
	failed func()
	err    error
}

func (u *until) Write(p []byte) (int, error) {
	n, err := u.out.Write(p)
	if err != nil && u.err == nil {
		u.err = err
		u.failed()
	}
	return n, err
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
