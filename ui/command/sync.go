package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/store/exchange"
	"rongzheng/store/pack"
	"rongzheng/ui"
)

func (p *program) packSync() *cobra.Command {
	var l laptop
	var keep bool
	var days int
	cmd := &cobra.Command{
		Use: "sync ssh://HOST [QUERY]", Args: p.arguments(1, 0),
		Example: "  rongzheng pack sync ssh://desk.example:2222\n  rongzheng pack sync ssh://desk.example:2222 --keep\n  rongzheng pack sync ssh://desk.example:2222 -- kind:renewal",
		RunE: func(_ *cobra.Command, args []string) error {
			key, err := p.key(&l)
			if err != nil {
				return err
			}
			s := &syncing{program: p, l: &l, key: key, keep: keep, days: days}
			return s.run(args[0], joined(args[1:]))
		},
	}
	p.laptopFlags(cmd, &l)
	p.deskFlag(cmd, &l)
	cmd.Flags().BoolVar(&keep, "keep", false, p.words.Say("flag.sync_keep"))
	cmd.Flags().IntVar(&days, "days", defaultDays, p.words.Say("flag.pack_days"))
	return cmd
}

// syncing hands back what is done on the packs of this machine and fetches the next one, over one line. Every step can be
// done again: the desk knows each act that it has taken, and a pack stays here until the desk has answered.
type syncing struct {
	*program
	l    *laptop
	key  *pack.Key
	keep bool // go on with the packs that are here, fetch no other
	days int
	line *pack.Line
	who  string // account, as the packs name it
}

func (s *syncing) run(address, query string) error {
	s.say("sync.dialing", address)
	line, err := pack.Dial(address, s.key, func(desk pack.PublicKey) error { return s.trust(s.l, address, desk) })
	if err != nil {
		return err
	}
	s.line = line
	return errors.Join(s.exchange(query), line.Close())
}

func (s *syncing) exchange(query string) error {
	dirs, err := s.begun(s.l)
	if none := (*exchange.Error)(nil); errors.As(err, &none) && none.Code == "pack_none_here" {
		err = nil
	}
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if err := s.handBack(dir); err != nil {
			return err
		}
	}
	if err := s.remote(s.line.Run([]string{"pack", "conflicts", "--lang", s.lang}, nil, s.stdout)); err != nil {
		return err
	}
	if s.keep {
		return nil
	}
	return s.fetch(query)
}

// handBack sends what was done on one pack. A pack of which everything was answered is wiped, unless it is to be gone on with.
func (s *syncing) handBack(dir string) error {
	err := s.working(dir, s.key, func(w *pack.Work) error {
		s.who = w.Officer.Name
		acts, err := w.Acts()
		if err != nil {
			return err
		}
		s.say("sync.sending", w.Manifest.Number, len(acts))
		reader, writer := io.Pipe()
		go func() {
			_, err := w.Return(writer, !s.keep, s.now())
			writer.CloseWithError(err)
		}()
		defer reader.Close()
		return s.remote(s.line.Run([]string{"pack", "accept", "-", "--lang", s.lang}, reader, s.stdout))
	})
	if err != nil || s.keep {
		return err
	}
	if err := pack.Wipe(dir); err != nil {
		return err
	}
	s.say("pack.wiped", filepath.Base(dir))
	return nil
}

// fetch takes the next pack out and begins it.
func (s *syncing) fetch(query string) error {
	if s.who == "" {
		var who strings.Builder
		if err := s.remote(s.line.Run([]string{"whoami"}, nil, &who)); err != nil {
			return err
		}
		s.who = strings.TrimSpace(who.String())
	}
	root, err := s.packFolder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	s.say("sync.fetching")
	path := filepath.Join(root, "incoming.pack")
	args := []string{"pack", "create", "--for", s.who, "--days", fmt.Sprint(s.days), "--lang", s.lang}
	if query != "" {
		args = append(args, "--", query)
	}
	err = exchange.WriteFile(path, func(w io.Writer) error { return s.remote(s.line.Run(args, nil, w)) })
	if err != nil {
		return err
	}
	dir, err := s.begin(s.l, path, s.key)
	if err != nil {
		return err
	}
	s.say("sync.fetched", filepath.Base(dir))
	return os.Remove(path)
}

// remote says what the desk said, as the desk's own words.
func (s *syncing) remote(err error) error {
	if refused, ok := errors.AsType[*pack.RemoteError](err); ok {
		s.complain(s.words.Say("sync.desk_says", ui.Plain(refused.Said)))
		return errPartial
	}
	return err
}

func (s *syncing) say(key string, args ...any) { fmt.Fprintln(s.stderr, s.words.Say(key, args...)) }
