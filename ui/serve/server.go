package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/charmbracelet/ssh"
	"github.com/charmbracelet/wish"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// DefaultAddress is where a server listens unless told otherwise: this machine alone.
const DefaultAddress = "127.0.0.1:2222"

// Register is what serving needs of the store.
type Register interface {
	exchange.Register
	Dir() string
	Accounts() ([]review.Account, error)
	Page(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error)
	Facts(reference string) (review.Facts, error)
	Timeline(by review.Actor, reference string) ([]review.Event, error)
	Certificate(by review.Actor, number string) (review.Certificate, error)
	Blob(sha256 string) ([]byte, error)
	Paper(by review.Actor, number string, way review.CopyWay) (store.Paper, error)
	Record(account string, e review.Event, now time.Time) error
	Copy(account, number string, ask review.CopyAsk, now time.Time) (review.Copy, error)
	LastBackup() (store.LastBackup, error)
	KeyUsed(fingerprint string, now time.Time) error
}

// Options are what a server is made of. Store, Desk and Command are required.
type Options struct {
	Store Register
	// Address is host:port to listen on, DefaultAddress when empty. Listener takes its place where one is given.
	Address  string
	Listener net.Listener
	// HostKey is the path of the host key; host_ed25519 in the data folder when empty. It is made when it is missing.
	HostKey string
	Words   ui.Words
	Log     *slog.Logger     // references, accounts, addresses; nothing of people. Discarded when nil
	Clock   func() time.Time // of what is recorded; time.Now when nil
	Limits  Limits
	// Signing and Unsealed are what Status says of the signing key and the seal, FilesUntil of who signs files; nil for nobody.
	Signing    string
	Unsealed   bool
	FilesUntil func() time.Time
	// Desk shows the desk to the visit until it is left or ctx ends.
	Desk func(ctx context.Context, d *Desk) error
	// Command carries out a command line with the rights of the account, and returns the exit status.
	Command func(ctx context.Context, c *Command) int
	// Commands are the names of the commands that there are. No other word of a command line stands in the log: what somebody
	// types in the place of a command may be a name or an identity number.
	Commands []string
}

// Command is a command line that somebody sent.
type Command struct {
	Account        string
	Lang           review.Lang
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Server is a server that listens. Its methods may be called from several goroutines.
type Server struct {
	o        Options
	limits   Limits
	log      *slog.Logger
	clock    func() time.Time
	ssh      *ssh.Server
	listener net.Listener
	key      gossh.Signer
	gate     *gate
	counts   counts
	visits   visits
	uploads  sync.Mutex    // held while the scans of an account are counted or renamed
	imports  chan struct{} // holds one token while a package is imported
	started  time.Time
	life     context.Context // ends when the server stops
	die      context.CancelCauseFunc
}

// New makes a server and listens; nobody is let in before Serve. It refuses a data folder that others can read
// (ErrOpenFolder).
func New(o Options) (*Server, error) {
	if err := private(o.Store.Dir()); err != nil {
		return nil, err
	}
	key, err := hostKey(cmp.Or(o.HostKey, defaultHostKey(o.Store.Dir())))
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	v := &Server{o: o, limits: o.Limits.orDefault(), key: key, log: o.Log, clock: o.Clock, imports: make(chan struct{}, 1)}
	if v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	if v.clock == nil {
		v.clock = time.Now
	}
	v.gate, v.started = newGate(v.limits), v.clock()
	v.life, v.die = context.WithCancelCause(context.Background())
	if v.ssh, err = v.server(); err != nil {
		return nil, err
	}
	if err := errors.Join(clearInbox(o.Store.Dir()), clearScans(o.Store.Dir())); err != nil {
		return nil, err
	}
	if v.listener = o.Listener; v.listener == nil {
		v.listener, err = net.Listen("tcp", cmp.Or(o.Address, DefaultAddress))
	}
	return v, err
}

// server sets up the library: what is not named here is refused.
func (v *Server) server() (*ssh.Server, error) {
	s, err := wish.NewServer(
		func(s *ssh.Server) error { s.AddHostKey(v.key); return nil },
		wish.WithVersion("rongzheng"),
		wish.WithIdleTimeout(v.limits.Idle+time.Minute), // the visit's own limit comes first and says so
		wish.WithPublicKeyAuth(v.offered),
		ssh.WrapConn(v.enter),
		wish.WithSubsystem("sftp", func(s ssh.Session) { v.visit(s, v.files) }),
		wish.WithMiddleware(func(ssh.Handler) ssh.Handler { return func(s ssh.Session) { v.visit(s, v.session) } }),
	)
	if err != nil {
		return nil, err
	}
	s.ServerConfigCallback = v.config
	s.ConnectionFailedCallback = func(conn net.Conn, _ error) { v.counts.failed.Add(1) }
	s.ChannelHandlers = map[string]ssh.ChannelHandler{"session": v.channel}
	s.RequestHandlers = map[string]ssh.RequestHandler{"default": func(ssh.Context, *ssh.Server, *gossh.Request) (bool, []byte) {
		return false, nil
	}}
	return s, nil
}

// Address is where the server listens.
func (v *Server) Address() net.Addr { return v.listener.Addr() }

// Fingerprint is the host key's, as OpenSSH shows it.
func (v *Server) Fingerprint() string { return gossh.FingerprintSHA256(v.key.PublicKey()) }

// Close frees the address of a server that was never told to Serve.
func (v *Server) Close() error { return v.listener.Close() }

// Serve lets people in until ctx ends, and then stops in order: no new visits, those that are open are told and have until
// Limits.Stop, their lines are closed. When it returns, nobody uses the store any more. The error is nil for a stop that
// was asked for.
func (v *Server) Serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- v.ssh.Serve(v.listener) }()
	swept := make(chan struct{})
	go func() { v.sweepScans(v.life); close(swept) }()
	defer func() { <-swept }()
	v.log.Info("listening", "address", v.Address().String(), "host_key", v.Fingerprint())
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		err = v.listener.Close()
		if failed := <-served; !errors.Is(failed, net.ErrClosed) {
			err = errors.Join(err, failed)
		}
	}
	v.stop()
	return err
}

// stop keeps the order that the package comment gives.
func (v *Server) stop() {
	v.log.Info("stopping", "visits", v.visits.open())
	v.visits.close()
	v.die(errStopping)
	limit, cancel := context.WithTimeout(context.Background(), v.limits.Stop)
	defer cancel()
	context.AfterFunc(limit, func() { v.ssh.Close() })
	go func() {
		v.visits.wait()
		time.AfterFunc(v.limits.Farewell, cancel) // whoever stays connected without a visit keeps nothing waiting for longer
	}()
	v.gate.empty(limit) // not the library's Shutdown: it counts nobody who is in the middle of a login, and races with their end
	v.ssh.Close()
	v.visits.wait()
	v.log.Info("stopped")
}
