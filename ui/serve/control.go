package serve

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rongzheng/review"
)

const (
	announceName = "serve.json"
	socketName   = "serve.sock"
	// longestSocket is how long the path of a socket may be on every system.
	longestSocket = 100
	// askLimit is how long a question and its answer may take; a command goes on for as long as its output is read.
	askLimit = 3 * time.Second
	// mostQuestion and mostAnswer bound what is read from the other end, in bytes.
	mostQuestion = 64 << 10
	mostAnswer   = 16 << 20
)

// ErrNotServing says that no server runs on the data folder.
var ErrNotServing = errors.New("no server runs on this data folder")

// announcement is what lies in the data folder while a server runs: where it is, and where it can be asked.
type announcement struct {
	Address     string `json:"address"`
	Fingerprint string `json:"fingerprint"`
	Socket      string `json:"socket"`
}

// question is what a program of the owner asks over the socket: how the server stands, or, where there are arguments, a
// command line as the account. Whoever reaches the socket owns the data folder and could open it as any account.
type question struct {
	Account string      `json:"account,omitempty"`
	Lang    review.Lang `json:"lang,omitempty"`
	Args    []string    `json:"args,omitempty"`
}

// The kinds of frames in which a command answers: a byte of the kind, four of the length, the bytes.
const (
	frameOutput byte = 1
	frameErrors byte = 2
	frameStatus byte = 3 // four bytes, the last frame
)

// Announce lets programs of the same owner find and ask the server, until the function that it returns is called.
func (v *Server) Announce() (withdraw func() error, err error) {
	dir := v.o.Store.Dir()
	socket, made, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(socket) // of a server that was killed: the data folder is ours alone now
	l, err := net.Listen("unix", socket)
	if err == nil {
		err = os.Chmod(socket, 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	go v.answerQuestions(l)
	text, err := json.Marshal(announcement{v.Address().String(), v.Fingerprint(), socket})
	if err == nil {
		err = writePrivate(filepath.Join(dir, announceName), append(text, '\n'))
	}
	withdraw = func() error {
		return errors.Join(os.Remove(filepath.Join(dir, announceName)), l.Close(), os.RemoveAll(made))
	}
	return withdraw, err
}

// socketPath is a path that is short enough: in the data folder, else in a folder of its own, which it names.
func socketPath(dir string) (socket, made string, err error) {
	if abs, err := filepath.Abs(filepath.Join(dir, socketName)); err == nil && len(abs) <= longestSocket {
		return abs, "", nil
	}
	made, err = os.MkdirTemp("", "rongzheng-") // the owner's alone
	return filepath.Join(made, socketName), made, err
}

func (v *Server) answerQuestions(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go v.answerQuestion(conn)
	}
}

// answerQuestion answers one question. A command counts as a visit, so that the store stays open until it has ended.
func (v *Server) answerQuestion(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(askLimit)) != nil {
		return // it has gone
	}
	var q question
	if err := json.NewDecoder(io.LimitReader(conn, mostQuestion)).Decode(&q); err != nil {
		return
	}
	if len(q.Args) == 0 {
		_ = json.NewEncoder(conn).Encode(v.Status()) // who asked may have gone
		return
	}
	n := &visit{account: q.Account, address: "local", since: v.clock(), kind: kindCommand}
	n.touch()
	if !v.visits.add(n) {
		return
	}
	defer v.visits.remove(n)
	if conn.SetDeadline(time.Time{}) != nil {
		return
	}
	ctx, end := context.WithCancelCause(v.life)
	defer end(nil)
	n.end = end
	v.counts.commands.Add(1)
	status := v.o.Command(ctx, &Command{
		Account: q.Account, Lang: q.Lang, Args: q.Args, Stdin: strings.NewReader(""),
		Stdout: &framed{conn, frameOutput, v.limits.Write}, Stderr: &framed{conn, frameErrors, v.limits.Write},
	})
	v.log.Info("command", "visit", n.id, "account", n.account, "address", n.address, "command", v.loggable(q.Args), "status", status)
	_, _ = (&framed{conn, frameStatus, askLimit}).Write(binary.BigEndian.AppendUint32(nil, uint32(status)))
}

// framed writes frames of one kind, each within a limit of time.
type framed struct {
	conn  net.Conn
	kind  byte
	limit time.Duration
}

func (f *framed) Write(p []byte) (int, error) {
	if err := f.conn.SetWriteDeadline(time.Now().Add(f.limit)); err != nil {
		return 0, err
	}
	head := binary.BigEndian.AppendUint32([]byte{f.kind}, uint32(len(p)))
	if _, err := f.conn.Write(head); err != nil {
		return 0, err
	}
	return f.conn.Write(p)
}

// put asks the server that runs on the data folder; the caller closes the connection.
func put(dir string, q question) (net.Conn, error) {
	text, err := os.ReadFile(filepath.Join(dir, announceName))
	var a announcement
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotServing, err)
	}
	conn, err := net.DialTimeout("unix", a.Socket, askLimit)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotServing, err)
	}
	err = conn.SetDeadline(time.Now().Add(askLimit))
	if err == nil {
		err = json.NewEncoder(conn).Encode(q)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Ask asks the server that runs on the data folder how it stands, or returns ErrNotServing.
func Ask(dir string) (Status, error) {
	conn, err := put(dir, question{})
	if err != nil {
		return Status{}, err
	}
	defer conn.Close()
	var s Status
	err = json.NewDecoder(io.LimitReader(conn, mostAnswer)).Decode(&s)
	return s, err
}

// Tell has the server that runs on the data folder carry out a command line as the account, which is not checked: whoever
// may write to the folder may be anybody. It returns the exit status, ErrNotServing when no server runs, and
// io.ErrUnexpectedEOF when the server ended before the command did.
func Tell(ctx context.Context, dir, account string, lang review.Lang, args []string, stdout, stderr io.Writer) (int, error) {
	conn, err := put(dir, question{account, lang, args})
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return 0, err
	}
	for {
		var head [5]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return 0, errors.Join(ctx.Err(), io.ErrUnexpectedEOF)
		}
		to, size := io.Discard, int64(binary.BigEndian.Uint32(head[1:]))
		switch head[0] {
		case frameOutput:
			to = stdout
		case frameErrors:
			to = stderr
		case frameStatus:
			var status [4]byte
			_, err := io.ReadFull(conn, status[:])
			return int(binary.BigEndian.Uint32(status[:])), err
		}
		if n, err := io.CopyN(to, conn, size); err != nil {
			if n < size && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
	}
}
