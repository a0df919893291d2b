package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
	"rongzheng/ui/graphics"
	"rongzheng/ui/serve"
)

// albumBytes is how much the decoded pictures of all sessions together may take.
const albumBytes = 128 << 20

// serving is what serve is asked for.
type serving struct {
	listen, log, metrics string
	idle                 time.Duration
	status, asJSON       bool
}

func (p *program) serveCommand() *cobra.Command {
	var o serving
	cmd := &cobra.Command{
		Use: "serve", Args: p.noArguments,
		Example: "  rongzheng serve\n  rongzheng serve --listen 0.0.0.0:2222 --log json --metrics 127.0.0.1:9222\n  rongzheng serve --status --json",
		RunE: func(*cobra.Command, []string) error {
			switch {
			case o.status:
				return p.serveStatus(o.asJSON)
			case o.log != "text" && o.log != "json":
				return p.misused("usage.log")
			}
			return p.serve(o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", serve.DefaultAddress, p.words.Say("flag.listen"))
	flags.StringVar(&o.log, "log", "text", p.words.Say("flag.log"))
	flags.StringVar(&o.metrics, "metrics", "", p.words.Say("flag.metrics"))
	flags.DurationVar(&o.idle, "idle", 30*time.Minute, p.words.Say("flag.idle"))
	flags.BoolVar(&o.status, "status", false, p.words.Say("flag.status"))
	p.jsonFlag(cmd, &o.asJSON)
	return cmd
}

// serve opens the data folder, lets people in until the run is to end, and closes the store last.
func (p *program) serve(o serving) error {
	s, err := p.open(false)
	if err != nil {
		return err
	}
	if err = p.unlock(); err == nil {
		err = p.serveOn(s, o)
	}
	return errors.Join(err, s.Close())
}

func (p *program) serveOn(s *store.Store, o serving) error {
	inherited, err := serve.Inherited(os.Getenv)
	if err != nil {
		return err
	}
	log, album := newLog(o.log, p.stderr), graphics.NewAlbum(albumBytes)
	var server *serve.Server
	server, err = serve.New(serve.Options{
		Store: s, Address: o.listen, Listener: inherited, Words: p.words.For(s.Policy()), Log: log, Clock: p.now,
		Limits: serve.Limits{Idle: o.idle}, Signing: signingWords(p.signing()), Unsealed: p.unsealed, FilesUntil: p.ring.FilesUntil,
		Desk: func(ctx context.Context, d *serve.Desk) error {
			own := p.checking(p.remoteDesk(s, d, album, log))
			own.Scans = ui.Scans{Uploads: server.Scans(d.Account)}
			return showRemote(ctx, own, server, d)
		},
		Command:  func(ctx context.Context, c *serve.Command) int { return p.remoteCommand(ctx, s, c) },
		Commands: remoteCommands,
	})
	if err != nil {
		return err
	}
	defer server.Close()
	withdraw, err := server.Announce()
	if err != nil {
		return err
	}
	if o.metrics != "" {
		at, stop, err := server.Metrics(o.metrics)
		if err != nil {
			return errors.Join(err, withdraw())
		}
		defer stop()
		fmt.Fprintln(p.stdout, p.words.Say("serve.metrics", at))
	}
	p.warnOfIssuing(log)
	fmt.Fprintln(p.stdout, p.words.Say("serve.listening", server.Address(), server.Fingerprint(), connect(server.Address().String())))
	defer p.keepDrawn(s, log)()
	defer context.AfterFunc(p.ctx, func() { serve.Notify(os.Getenv, "STOPPING=1") })()
	err = serve.Notify(os.Getenv, "READY=1")
	return errors.Join(err, server.Serve(p.ctx), withdraw())
}

// warnOfIssuing says at the start what is wrong with issuing certificates: in words beside the address, and in the log, which
// machines may read.
func (p *program) warnOfIssuing(log *slog.Logger) {
	if err := p.signing(); err != nil {
		fmt.Fprintln(p.stdout, p.explain(err))
		log.Warn("no certificate can be issued", "signing_key", signingWords(err))
	}
	if p.unsealed {
		fmt.Fprintln(p.stdout, p.words.Say("seal.none"))
		log.Warn("certificates carry a specimen", "seal", "missing")
	}
	if trouble := p.signerTrouble(); trouble != "" {
		fmt.Fprintln(p.stdout, trouble)
		log.Warn("the certificate that signs files ends", "until", p.ring.FilesUntil())
	}
}

// remoteDesk is a desk for somebody elsewhere. It prints nothing here: a file of this machine is of no use to them.
func (p *program) remoteDesk(s *store.Store, d *serve.Desk, album *graphics.Album, log *slog.Logger) ui.Options {
	return ui.Options{
		Store: s, Account: d.Account, Lang: d.Lang, Clock: p.now, Input: d.Input, Output: d.Output, Environ: d.Environ,
		Renderer: d.Renderer, Album: album, Log: log, Width: d.Width, Height: d.Height,
		FrameRate: serve.FrameRate, Windows: d.Windows, Notices: d.Notices, Ending: d.Ending, Guides: p.guides(),
	}
}

// remotePatience is how long a terminal at the other end of a line has for saying what it can do: a silent one waits for half
// of it before its first frame.
const remotePatience = 1200 * time.Millisecond

// showRemote runs a desk whose terminal is asked how it can show pictures. What is typed meanwhile is not lost, and an answer
// that comes late is no key.
func showRemote(ctx context.Context, o ui.Options, server *serve.Server, d *serve.Desk) error {
	in := graphics.NewInput(d.Input)
	defer in.Close()
	o.Input, o.Ask, o.Patience = in, in.Asking(d.Output), remotePatience
	o.Service, o.ParseKey = server, serve.ParseKey
	return ui.Run(ctx, o)
}

func (p *program) remoteCommand(ctx context.Context, s *store.Store, c *serve.Command) int {
	b := Bound{Store: s, Account: c.Account, Lang: c.Lang, Clock: p.now, Ring: p.ring, Unsealed: p.unsealed}
	return RunOn(ctx, b, c.Args, c.Stdin, c.Stdout, c.Stderr)
}

func newLog(form string, w io.Writer) *slog.Logger {
	if form == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// connect is what to type on the server's own machine.
func connect(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "ssh"
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return strings.Join([]string{"ssh", "-p", port, host}, " ")
}

// serveStatus asks the server that runs on the data folder.
func (p *program) serveStatus(asJSON bool) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	s, err := serve.Ask(dir)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(s)
	}
	at := func(t time.Time) string { return t.In(review.Zone).Format("2006-01-02 15:04:05") }
	fmt.Fprintln(p.stdout, p.words.Say("serve.status", s.Address, s.Fingerprint, at(s.Since), len(s.Visits), s.Accounts,
		float64(s.Memory)/(1<<20), s.Unknown, s.Refused))
	if s.Signing != "" {
		fmt.Fprintln(p.stdout, p.words.Say("signing.state", p.words.Say("serve.signing_"+s.Signing)))
	}
	if s.Unsealed {
		fmt.Fprintln(p.stdout, p.words.Say("seal.none"))
	}
	if trouble := p.words.SignerTrouble(s.FilesUntil, p.now()); trouble != "" {
		fmt.Fprintln(p.stdout, trouble)
	}
	fmt.Fprintln(p.stdout, p.words.LastBackup(s.Backup, p.now()))
	var t table
	for _, v := range s.Visits {
		t.add(fmt.Sprint(v.ID), v.Account, v.Address, p.words.Say("serve.kind."+v.Kind), at(v.Since), p.words.Say("serve.idle_for", v.Idle))
	}
	return t.write(p.stdout)
}

// servedError says that a server has the data folder open, and where.
type servedError struct{ address string }

func (e *servedError) Error() string { return "data folder in use by rongzheng serve at " + e.address }

// Unwrap makes it an ErrLocked for who wants to know no more.
func (e *servedError) Unwrap() error { return store.ErrLocked }

// free refuses at once, and not after waiting for the lock, when a server has the folder open.
func free(dir string) error {
	if s, err := serve.Ask(dir); err == nil {
		return &servedError{s.Address}
	}
	return nil
}

// explainServing is the sentence of an error of serving.
func (p *program) explainServing(err error) (string, bool) {
	if served, ok := errors.AsType[*servedError](err); ok {
		return p.words.Say("serve.running", connect(served.address)), true
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{serve.ErrNotServing, "serve.not_running"}, {serve.ErrNotLoopback, "serve.loopback"},
	} {
		if errors.Is(err, known.err) {
			return p.words.Say(known.key), true
		}
	}
	return "", false
}
