package pack

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/crypto/ssh"

	"rongzheng/store/durable"
)

const (
	sendingFormat = "rongzheng-sending/1"
	askingFormat  = "rongzheng-asking/1"
	// markBytes is how much of the beginning of a sealed file tells it from any other one: what age begins with is random.
	markBytes = 4 << 10
	maxLine   = 64 << 10
)

// Sending is what a desk says before the bytes of a pack that is asked for over a line, as lines of JSON: how far it is with
// sealing it, any number of times, and at last one with Pack, Received or Nothing.
type Sending struct {
	Format string `json:"format"`
	Packed int    `json:"packed,omitempty"` // cases that are sealed
	Cases  int    `json:"cases,omitempty"`
	// Pack is the number of the pack whose bytes follow, from From to Size. Mark tells them from those of any other sealing.
	Pack string `json:"pack,omitempty"`
	Size int64  `json:"size,omitempty"`
	Mark string `json:"mark,omitempty"`
	From int64  `json:"from,omitempty"`
	// Received says that the laptop has said before that it has the pack whole; nothing follows.
	Received bool `json:"received,omitempty"`
	// Nothing says, in words for people, why there is nothing to take out; nothing follows.
	Nothing string `json:"nothing,omitempty"`
}

// last reports whether no further line follows.
func (s *Sending) last() bool { return s.Pack != "" || s.Received || s.Nothing != "" }

// Say writes a line of Sending.
func (s Sending) Say(w io.Writer) error {
	s.Format = sendingFormat
	return json.NewEncoder(w).Encode(s)
}

// Mark returns what tells a sealed file from any other one.
func Mark(file io.ReaderAt) (string, error) {
	begin := make([]byte, markBytes)
	n, err := file.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return hashOf(begin[:n]), nil
}

// SendFrom is where to go on with a file of the mark and size for a laptop that has so many bytes of one with its mark.
func SendFrom(mark string, size int64, has string, bytes int64) int64 {
	if mark != has || bytes < 0 || bytes > size {
		return 0
	}
	return bytes
}

// Wanted is what a laptop asks to have in a pack.
type Wanted struct {
	Query    string `json:"query,omitempty"`
	Days     int    `json:"days"`
	Printing string `json:"printing,omitempty"` // certificates to take along, "" for none
	Most     *int   `json:"most,omitempty"`     // 0 for all, nil leaves that to the desk
}

// asking is what the laptop keeps of a pack that it asks for, from before it asks until the desk knows that it came.
type asking struct {
	Format  string `json:"format"`
	Request string `json:"request"` // 32 hexadecimal digits, chosen here
	Wanted
	Pack  string `json:"pack,omitempty"` // number, once the desk has said it
	Mark  string `json:"mark,omitempty"` // of the bytes that are here
	Size  int64  `json:"size,omitempty"` // of the whole file
	Cases int    `json:"cases,omitempty"`
}

// Incoming is a pack that is being fetched over a line: what was asked for, and the bytes that have come so far. It is there
// again after the line was cut and after the program was killed. It is an io.Writer for what the desk sends.
type Incoming struct {
	asking
	root, base string
	file       *os.File
	have       int64
	line       []byte // the beginning of a line of Sending
	told       Sending
	// Told is called with every line of Sending, Came with the number of bytes that are here; nil is allowed.
	Told func(s Sending)
	Came func(have, size int64)
}

// incoming are the files of what an officer asks a desk for: incoming-….json is asking, incoming-….part the bytes so far.
func incoming(root string, key *Key, desk ssh.PublicKey) *Incoming {
	both := sha256.Sum256(append(desk.Marshal(), key.Public().Marshal()...))
	return &Incoming{root: root, base: filepath.Join(root, "incoming-"+hex.EncodeToString(both[:8]))}
}

// FindIncoming returns what the officer of the key has asked the desk for and not received yet, nil when that is nothing.
func FindIncoming(root string, key *Key, desk ssh.PublicKey) (*Incoming, error) {
	in := incoming(root, key, desk)
	data, err := os.ReadFile(in.base + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = document(data, askingFormat, &in.asking)
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

// NewIncoming notes what is about to be asked for, before it is: whatever happens then, the same will be asked for again.
func NewIncoming(root string, key *Key, desk ssh.PublicKey, want Wanted) (*Incoming, error) {
	in := incoming(root, key, desk)
	token := make([]byte, 16)
	rand.Read(token) // never fails
	in.asking = asking{Format: askingFormat, Request: hex.EncodeToString(token), Wanted: want}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, err
	}
	return in, in.note()
}

func (in *Incoming) note() error {
	data, err := json.Marshal(in.asking)
	if err != nil {
		return err
	}
	return durable.WriteFile(in.base+".json", func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Path is the file with the bytes that have come.
func (in *Incoming) Path() string { return in.base + ".part" }

// Ask returns the command that asks the desk for what is missing, and readies the file for it.
func (in *Incoming) Ask() ([]string, error) {
	var err error
	if in.file, err = os.OpenFile(in.Path(), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	info, err := in.file.Stat()
	if err != nil {
		return nil, err
	}
	in.have, in.line, in.told = min(info.Size(), in.Size), nil, Sending{}
	args := []string{
		"pack", "fetch", "--request", in.Request, "--days", strconv.Itoa(in.Days),
		"--have", strconv.FormatInt(in.have, 10), "--of", in.Mark,
	}
	if in.Printing != "" {
		args = append(args, "--certificates="+in.Printing)
	}
	if in.Most != nil {
		args = append(args, "--limit", strconv.Itoa(*in.Most))
	}
	return args, nil
}

// Write takes what the desk sends: lines of Sending, then bytes.
func (in *Incoming) Write(p []byte) (int, error) {
	taken := len(p)
	for !in.told.last() {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			in.line = append(in.line, p...)
			if len(in.line) > maxLine {
				return 0, refuse("pack_damaged")
			}
			return taken, nil
		}
		line := append(in.line, p[:end]...)
		in.line, p = nil, p[end+1:]
		if err := in.heard(line); err != nil {
			return 0, err
		}
	}
	if len(p) == 0 {
		return taken, nil
	}
	if in.have+int64(len(p)) > in.Size {
		return 0, refuse("pack_damaged")
	}
	n, err := in.file.WriteAt(p, in.have)
	in.have += int64(n)
	if in.Came != nil {
		in.Came(in.have, in.Size)
	}
	return taken, err
}

// heard takes a line of Sending. Where the desk begins anew, so does the file.
func (in *Incoming) heard(line []byte) error {
	var s Sending
	if err := document(line, sendingFormat, &s); err != nil {
		return err
	}
	in.told = s
	if in.Told != nil {
		in.Told(s)
	}
	if s.Pack == "" {
		return nil
	}
	if s.From < 0 || s.From > in.have || s.From > 0 && s.Mark != in.Mark || s.Size < s.From {
		return refuse("pack_damaged")
	}
	if err := in.file.Truncate(s.From); err != nil {
		return err
	}
	in.have = s.From
	if in.Pack == s.Pack && in.Mark == s.Mark && in.Size == s.Size {
		return nil
	}
	in.Pack, in.Mark, in.Size, in.Cases = s.Pack, s.Mark, s.Size, s.Cases
	return in.note()
}

// Answer is the last line that the desk said; the zero one when the line was cut before it.
func (in *Incoming) Answer() Sending {
	if !in.told.last() {
		return Sending{}
	}
	return in.told
}

// Have is how many bytes are here.
func (in *Incoming) Have() int64 { return in.have }

// Whole reports whether every byte is here.
func (in *Incoming) Whole() bool { return in.Pack != "" && in.have == in.Size }

// Rest syncs and closes the file, so that what came is there the next time.
func (in *Incoming) Rest() error {
	if in.file == nil {
		return nil
	}
	err := errors.Join(in.file.Sync(), in.file.Close())
	in.file = nil
	return err
}

// Again throws away the bytes that have come: they were not what the desk sent.
func (in *Incoming) Again() error {
	in.have, in.Mark, in.Size = 0, "", 0
	if err := os.Remove(in.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return in.note()
}

// Begun is the folder in which the pack is worked on already, "" when it has not been begun.
func (in *Incoming) Begun() (string, error) {
	if in.Pack == "" {
		return "", nil
	}
	dirs, err := Begun(in.root, in.Pack)
	for _, dir := range dirs {
		mark, err := markOf(filepath.Join(dir, packName))
		if err != nil || mark == in.Mark {
			return dir, err
		}
	}
	return "", err
}

func markOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	return Mark(file)
}

// Forget ends it: the desk knows that the pack came, or will hand it out no more. The name goes last, so that a program that
// is killed meanwhile finds it.
func (in *Incoming) Forget() error {
	for _, path := range []string{in.Path(), in.base + ".json"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("forget %s: %w", in.Pack, err)
		}
	}
	return nil
}
