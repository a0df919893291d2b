package store

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"rongzheng/review"
)

// A pack that a laptop asks for over a line is taken out, written once, and held as a file until the laptop says that it has
// it whole, so that a line that is cut anywhere costs neither a lease nor what came over it before:
//
//	outgoing/WP-2026-000012.pack   sealed to the officer; the desk itself cannot open it
//
// A held file goes when the pack was received, called back or finished, after heldDays, and, the oldest first, where all of
// them are larger than heldMost. A pack whose file has gone before it was received is written again (Renew).
const (
	heldFolder = "outgoing"
	heldEnding = ".pack"
	heldDays   = 7
	heldMost   = 8 << 30
)

// sealing keeps two from writing the file of one pack at the same time.
type sealing struct {
	mu   sync.Mutex
	busy map[string]chan struct{} // by number; closed when the file has been written, or not
}

// Asked returns the pack that the account has asked for over a line by this name and that no laptop has received yet. It is
// ErrNotFound when there is none whose lease stands, RuleError pack_received when it was received.
func (s *Store) Asked(account, request string, now time.Time) (review.Pack, error) {
	var p review.Pack
	err := s.view(func(t *txn) (err error) {
		p, err = t.asked(account, request, now)
		return err
	})
	return p, about("asked for by", account, err)
}

func (t *txn) asked(account, request string, now time.Time) (review.Pack, error) {
	if request == "" {
		return review.Pack{}, review.ErrNotFound
	}
	prefix := requestKey(account, request)
	for key := range keys(t.in(packs), prefix) {
		p, err := t.pack(string(key[len(prefix):]))
		if err != nil {
			return p, err
		}
		switch state := p.State(now); {
		case !p.ReceivedAt.IsZero() || state == review.PackFinished:
			return p, &review.RuleError{Code: "pack_received", Args: review.Args{"pack": p.Number}}
		case state == review.PackOut:
			return p, nil
		}
	}
	return review.Pack{}, review.ErrNotFound
}

// forgetRequest ends what stands under the request, so that another pack can.
func (t *txn) forgetRequest(account, request string) error {
	if request == "" {
		return nil
	}
	prefix := requestKey(account, request)
	for key := range keys(t.in(packs), prefix) {
		before, err := t.pack(string(key[len(prefix):]))
		if err != nil {
			return err
		}
		after := before
		after.Request = ""
		return t.putPack(&before, &after) // there is no second one
	}
	return nil
}

// Received notes that the laptop has the pack whole that the account asked for by this name: its file goes, and it is handed
// out no more. A second time changes nothing. It is ErrNotFound when the account has asked for none.
func (s *Store) Received(account, request string, now time.Time) (review.Pack, error) {
	var p review.Pack
	err := s.update(func(t *txn) error {
		before, err := t.asked(account, request, now)
		if err != nil {
			p = before
			return err
		}
		p = before
		p.ReceivedAt = now
		return t.putPack(&before, &p)
	})
	if rule := (*review.RuleError)(nil); errors.As(err, &rule) {
		err = nil
	}
	if err == nil {
		err = s.dropHeld(p.Number)
	}
	return p, about("receive for", account, err)
}

// Held opens the file of a pack that is out; write is called where there is none, after Renew. Whoever asks while it is being
// written waits for that one.
func (s *Store) Held(p *review.Pack, now time.Time, write func(*review.Pack, io.Writer) error) (*os.File, error) {
	path := s.heldPath(p.Number)
	for {
		f, err := os.Open(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		done, wait := s.sealing.begin(p.Number)
		if wait != nil {
			<-wait
			continue
		}
		f, err = s.holdAs(p, now, write, done)
		return f, about("seal", p.Number, err)
	}
}

// holdAs ends the waiting of others also when write does not return.
func (s *Store) holdAs(p *review.Pack, now time.Time, write func(*review.Pack, io.Writer) error, done func()) (*os.File, error) {
	defer done()
	return s.hold(p, now, write)
}

// begin takes the pack for writing, or returns what to wait for.
func (b *sealing) begin(number string) (done func(), wait <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if there, ok := b.busy[number]; ok {
		return nil, there
	}
	if b.busy == nil {
		b.busy = map[string]chan struct{}{}
	}
	ready := make(chan struct{})
	b.busy[number] = ready
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.busy, number)
		close(ready)
	}, nil
}

// hold writes the file whole or not at all. What another one wrote since is taken as it is.
func (s *Store) hold(p *review.Pack, now time.Time, write func(*review.Pack, io.Writer) error) (*os.File, error) {
	path := s.heldPath(p.Number)
	if f, err := os.Open(path); !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if err := s.sweepHeld(now); err != nil {
		return nil, err
	}
	renewed, err := s.renew(p.Number, now)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return nil, err
	}
	part := path + ".part"
	if err := removeIfThere(part); err != nil {
		return nil, err
	}
	f, err := s.create(part)
	if err != nil {
		return nil, err
	}
	if err = write(&renewed, f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return nil, errors.Join(err, removeIfThere(part))
	}
	*p = renewed
	if err := s.settle(filepath.Dir(path)); err != nil {
		return nil, err
	}
	return os.Open(path)
}

// renew brings a pack that nobody has received to what its cases are now: those that can no longer be taken along are left
// out, and their lease ends. It is RuleError pack_empty when nothing is left; then the pack is at its end.
func (s *Store) renew(number string, now time.Time) (review.Pack, error) {
	var after review.Pack
	err := s.update(func(t *txn) error {
		before, err := t.pack(number)
		if err != nil {
			return err
		}
		_, officers, err := t.packers(before.MadeBy, before.Accounts)
		if err != nil {
			return err
		}
		references := make([]string, len(before.Cases))
		for i, c := range before.Cases {
			references[i] = c.Reference
		}
		after = before
		if after.Cases, _, err = t.packed(references, officers, number, now); err != nil {
			return err
		}
		if len(after.Cases)+len(after.Certificates) == 0 {
			after.Finished = before.Accounts
		}
		if slices.Equal(after.Cases, before.Cases) {
			return nil
		}
		return t.putPack(&before, &after)
	})
	if err == nil && len(after.Cases)+len(after.Certificates) == 0 {
		err = &review.RuleError{Code: "pack_empty"}
	}
	return after, err
}

func (s *Store) heldPath(number string) string {
	return filepath.Join(s.dir, heldFolder, filepath.Base(number)+heldEnding)
}

// dropHeld removes the file of a pack that nobody will ask for any more. One that is being read stays with its reader;
// Windows does not remove such a file, and it goes with the next sweep.
func (s *Store) dropHeld(number string) error {
	err := removeIfThere(s.heldPath(number))
	if runtime.GOOS == "windows" {
		return nil
	}
	return err
}

// sweepHeld removes what nobody will ask for any more, what is too old and what is too much.
func (s *Store) sweepHeld(now time.Time) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, heldFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var there []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), heldEnding) {
			there = append(there, info)
		}
	}
	slices.SortFunc(there, func(a, b fs.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	total := int64(0)
	for _, info := range there {
		total += info.Size()
		recent := now.Sub(info.ModTime()) < heldDays*24*time.Hour
		if recent && total <= heldMost && s.awaited(strings.TrimSuffix(info.Name(), heldEnding), now) {
			continue
		}
		if err := removeIfThere(filepath.Join(s.dir, heldFolder, info.Name())); err != nil {
			return err
		}
	}
	return nil
}

// awaited reports whether a laptop may still ask for the pack.
func (s *Store) awaited(number string, now time.Time) bool {
	err := s.view(func(t *txn) error {
		p, err := t.pack(number)
		if err == nil {
			_, err = t.asked(p.MadeBy, p.Request, now)
		}
		return err
	})
	return err == nil
}
