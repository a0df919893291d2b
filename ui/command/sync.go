package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/store/exchange"
	"rongzheng/store/pack"
	"rongzheng/ui"
)

func (p *program) packSync() *cobra.Command {
	var l laptop
	var keep bool
	var want pack.Wanted
	var most int
	cmd := &cobra.Command{
		Use: "sync ssh://HOST [QUERY]", Args: p.arguments(1, 0),
		Example: "  rongzheng pack sync ssh://desk.example:2222\n  rongzheng pack sync ssh://desk.example:2222 --keep\n  rongzheng pack sync ssh://desk.example:2222 -- kind:renewal",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.leasable(want.Days, most); err != nil {
				return err
			}
			key, err := p.key(&l)
			if err != nil {
				return err
			}
			want.Query = joined(args[1:])
			s := &syncing{program: p, l: &l, key: key, keep: keep, want: want}
			s.chosen, s.limited = cmd.Flags().Changed("certificates"), cmd.Flags().Changed("limit")
			if s.limited {
				s.want.Most = &most
			}
			return s.run(args[0])
		},
	}
	p.laptopFlags(cmd, &l)
	p.deskFlag(cmd, &l)
	cmd.Flags().BoolVar(&keep, "keep", false, p.words.Say("flag.sync_keep"))
	cmd.Flags().IntVar(&want.Days, "days", defaultDays, p.words.Say("flag.pack_days"))
	cmd.Flags().StringVar(&want.Printing, "certificates", "", p.words.Say("flag.sync_certificates"))
	cmd.Flags().IntVar(&most, "limit", 0, p.words.Say("flag.sync_limit"))
	return cmd
}

// syncing hands back what is done on the packs of this machine and fetches the next one. Every step can be done again: the
// desk knows each act that it has taken, a pack stays here until the desk has answered, and the next one is asked for under
// a name that is kept here until it is whole and the desk knows that. A line that is cut is dialled again.
type syncing struct {
	*program
	l     *laptop
	key   *pack.Key
	keep  bool // go on with the packs that are here, fetch no other
	want  pack.Wanted
	root  string
	line  *pack.Line
	moved bool  // something that need not be done again was done since the line was dialled
	most  int64 // bytes of the pack that were here at once
	bad   bool  // what came was not what the desk had sent, once
	// chosen says that the command line names the certificates, limited that it names a limit; else both are those of the
	// pack that is handed back.
	chosen, limited bool
	// fresh is the folder of the pack that this run fetched, or the one before it that was cut off.
	fresh string
}

// patience is how long to wait before the line is dialled again, each time that nothing could be done on it. After one on
// which something was, it is dialled at once. It lasts as long as a machine takes to start.
func patience() []time.Duration {
	var waits []time.Duration
	for _, seconds := range []int{1, 2, 5, 10, 20, 30, 30, 30} {
		waits = append(waits, time.Duration(seconds)*time.Second)
	}
	return waits
}

func (s *syncing) run(address string) error {
	var err error
	if s.root, err = s.packFolder(); err != nil {
		return err
	}
	if err := pack.Sweep(s.root); err != nil {
		return err
	}
	for vain, first := 0, true; ; first = false {
		err := s.once(address)
		switch {
		case s.ctx.Err() != nil:
			return &exchange.Error{Code: "pack_sync_stopped"}
		case err == nil || !s.worthAgain(err, first):
			return err
		case s.moved:
			vain = 0
			s.say("sync.at_once")
			continue
		case vain == len(s.patience):
			return &exchange.Error{Code: "pack_line_cut"}
		}
		s.say("sync.again", int(s.patience[vain].Seconds()))
		if err := s.wait(s.patience[vain]); err != nil {
			return err
		}
		vain++
	}
}

// worthAgain tells a line that was cut, or cannot be dialled any more, from what would end in the same way.
func (s *syncing) worthAgain(err error, first bool) bool {
	unreachable, ok := errors.AsType[*exchange.Error](err)
	return errors.Is(err, pack.ErrCut) || ok && unreachable.Code == "pack_line" && !first
}

func (s *syncing) wait(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
		return &exchange.Error{Code: "pack_sync_stopped"}
	case <-timer.C:
		return nil
	}
}

// once does it all over one line.
func (s *syncing) once(address string) error {
	s.say("sync.dialing", address)
	s.moved = false
	line, err := pack.Dial(address, s.key, func(desk pack.PublicKey) error { return s.trust(s.l, address, desk) })
	if err != nil {
		return err
	}
	s.line = line
	stop := context.AfterFunc(s.ctx, func() { line.Break() })
	defer stop()
	return errors.Join(s.exchange(), line.Close())
}

func (s *syncing) exchange() error {
	pending, err := pack.FindIncoming(s.root, s.key, s.line.Desk)
	if err != nil {
		return err
	}
	if pending != nil {
		if pending, err = s.alreadyHere(pending); err != nil {
			return err
		}
	}
	if pending, err = s.handAllBack(pending); err != nil {
		return err
	}
	if err := s.tell("pack", "conflicts", "--lang", s.lang); err != nil {
		return err
	}
	if s.keep || s.fresh != "" {
		return nil
	}
	return s.fetch(pending)
}

// next is what will be asked for: what was asked for before and has not come, else what is wanted now.
func (s *syncing) next(pending *pack.Incoming) (*pack.Incoming, error) {
	if pending == nil {
		return pack.NewIncoming(s.root, s.key, s.line.Desk, s.want)
	}
	if s.otherwise(&pending.Wanted) {
		s.say("sync.as_before")
	}
	return pending, nil
}

// otherwise reports whether the command line asks for something else.
func (s *syncing) otherwise(before *pack.Wanted) bool {
	return s.want.Query != before.Query || s.chosen && s.want.Printing != before.Printing ||
		s.limited && (before.Most == nil || *s.want.Most != *before.Most)
}

// alreadyHere settles what was fetched whole before the line was cut: the desk hears of it. A pack on which nothing has been
// done since is what this run was to fetch. It returns nil when nothing is left to be fetched of it.
func (s *syncing) alreadyHere(in *pack.Incoming) (*pack.Incoming, error) {
	dir, err := in.Begun()
	if err != nil || dir == "" {
		return in, err
	}
	if err := s.received(in); err != nil {
		return nil, err
	}
	err = s.working(dir, s.key, func(w *pack.Work) error {
		acts, err := w.Acts()
		if err == nil && len(acts) == 0 {
			s.fresh = dir
			return s.here(dir, w)
		}
		return err
	})
	return nil, err
}

// here says that the next pack has come, and whether more would have.
func (s *syncing) here(dir string, w *pack.Work) error {
	s.say("sync.fetched", filepath.Base(dir))
	if w.Manifest.MoreCertificates {
		s.complain(s.words.Say("pack.more_certificates", len(w.Manifest.Certificates)))
	}
	return nil
}

// received tells the desk that the pack is here. What it may refuse there is known: that the pack was called back meanwhile
// will be said when it is handed back.
func (s *syncing) received(in *pack.Incoming) error {
	err := s.line.Run([]string{"pack", "received", "--request", in.Request}, nil, io.Discard)
	if err != nil && !errors.As(err, new(*pack.RemoteError)) {
		return err
	}
	s.moved = true
	return in.Forget()
}

// handAllBack hands back what is here and returns what is to be asked for next. That is noted before anything is wiped that
// tells it.
func (s *syncing) handAllBack(pending *pack.Incoming) (*pack.Incoming, error) {
	dirs, err := s.begun(s.l)
	if none, ok := errors.AsType[*exchange.Error](err); ok && none.Code == "pack_none_here" {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return dir == s.fresh })
	for _, dir := range dirs {
		if err := s.working(dir, s.key, s.handBack); err != nil {
			return nil, err
		}
	}
	if s.keep {
		return nil, nil
	}
	if s.fresh == "" {
		if pending, err = s.next(pending); err != nil {
			return nil, err
		}
	}
	for _, dir := range dirs {
		s.moved = true
		if err := pack.Wipe(dir); err != nil {
			return nil, err
		}
		s.say("pack.wiped", filepath.Base(dir))
	}
	return pending, nil
}

// handBack sends what was done on one pack. One of which everything was answered is wiped later, unless it is to be gone on
// with.
func (s *syncing) handBack(w *pack.Work) error {
	s.wantAgain(&w.Manifest)
	var back bytes.Buffer
	n, err := w.Return(&back, !s.keep, s.now())
	if err != nil {
		return err
	}
	s.say("sync.sending", w.Manifest.Number, n)
	bar := newMeter(s.stderr, s.words.Say("sync.handing_back", n))
	defer bar.end()
	sending := &passing{from: &back, bar: bar, total: int64(back.Len())}
	if err := s.ask([]string{"pack", "accept", "-", "--lang", s.lang}, sending, bar); err != nil {
		return err
	}
	return w.Store.HandedOver(n)
}

// wantAgain asks for the next pack as this one was asked for, with its certificates and its limit, unless the command line
// says otherwise. Of several packs the limit is that of the one that brought certificates.
func (s *syncing) wantAgain(m *pack.Manifest) {
	if s.keep {
		return
	}
	if !s.limited && (s.want.Most == nil || m.Printing != "") {
		s.want.Most = m.Most
	}
	if s.chosen || m.Printing == "" || s.want.Printing == m.Printing {
		return
	}
	s.want.Printing = m.Printing
	s.say("sync.certificates", ui.Plain(m.Printing))
}

// passing shows on a progress how much of what is sent has been read.
type passing struct {
	from  io.Reader
	bar   *progress
	n     int64
	total int64
}

func (p *passing) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.n += int64(n)
	p.bar.step(tenths(p.n), max(tenths(p.total), 1))
	return n, err
}

// tell prints what the desk answers, whole or not at all.
func (s *syncing) tell(args ...string) error { return s.ask(args, nil, nil) }

func (s *syncing) ask(args []string, in io.Reader, bar *progress) error {
	var answer bytes.Buffer
	err := s.line.Run(args, in, &answer)
	bar.end()
	if errors.Is(err, pack.ErrCut) {
		return err
	}
	_, e := s.stdout.Write(answer.Bytes())
	return errors.Join(s.remote(err), e)
}

// fetch brings the rest of the pack here, begins it, and tells the desk so.
func (s *syncing) fetch(in *pack.Incoming) error {
	if err := s.transfer(in); err != nil {
		return err
	}
	switch answer := in.Answer(); {
	case answer.Nothing != "":
		s.complain(s.words.Say("sync.desk_says", ui.Plain(answer.Nothing)))
		return in.Forget()
	case answer.Received: // and it is not here any more: the next run asks for another one
		if err := in.Forget(); err != nil {
			return err
		}
		return &exchange.Error{Code: "pack_gone_here"}
	case !in.Whole():
		return pack.ErrCut
	}
	dir, err := s.begin(s.l, in.Path(), s.key)
	if damaged, ok := errors.AsType[*exchange.Error](err); ok && damaged.Code == "pack_damaged" {
		return errors.Join(s.again(err), in.Again())
	}
	if err != nil {
		return err
	}
	s.fresh = dir
	if err := s.received(in); err != nil {
		return err
	}
	return s.working(dir, s.key, func(w *pack.Work) error { return s.here(dir, w) })
}

// again takes bytes that are not what the desk sent for a line that was cut, once.
func (s *syncing) again(err error) error {
	if s.bad {
		return err
	}
	s.bad, s.most = true, 0
	return fmt.Errorf("%w: %w", pack.ErrCut, err)
}

// transfer asks the desk for what is missing, with a bar for the sealing there and one for the bytes.
func (s *syncing) transfer(in *pack.Incoming) error {
	args, err := in.Ask()
	if err != nil {
		return err
	}
	s.say("sync.fetching")
	sealing := newProgress(s.stderr, s.words.Say("sync.sealing"))
	var coming *progress
	in.Told = func(told pack.Sending) {
		if told.Pack == "" {
			sealing.step(told.Packed, max(told.Cases, 1))
			return
		}
		sealing.end()
		if coming == nil && told.From > 0 {
			s.say("sync.from", told.Pack, told.Cases, megabytes(told.From), megabytes(told.Size))
		} else if coming == nil {
			s.say("sync.coming", told.Pack, told.Cases, megabytes(told.Size))
		}
		coming = newMeter(s.stderr, s.words.Say("sync.bytes", told.Cases))
	}
	in.Came = func(have, size int64) {
		s.moved, s.most = s.moved || have > s.most, max(s.most, have)
		coming.step(tenths(have), max(tenths(size), 1))
	}
	args = append(args, "--lang", s.lang)
	if in.Query != "" {
		args = append(args, "--", in.Query)
	}
	err = s.line.Run(args, nil, in)
	sealing.end()
	coming.end()
	return errors.Join(s.remote(err), in.Rest())
}

func megabytes(n int64) float64 { return float64(n) / (1 << 20) }

// remote says what the desk said, as the desk's own words.
func (s *syncing) remote(err error) error {
	if refused, ok := errors.AsType[*pack.RemoteError](err); ok {
		s.complain(s.words.Say("sync.desk_says", ui.Plain(refused.Said)))
		return errPartial
	}
	return err
}

func (s *syncing) say(key string, args ...any) { fmt.Fprintln(s.stderr, s.words.Say(key, args...)) }
