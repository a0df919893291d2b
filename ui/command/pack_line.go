package command

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/pack"
)

// fetching is what a laptop asks for with pack fetch.
type fetching struct {
	request string // what it calls the pack
	days    int
	// printing and most are those of packing.
	printing string
	most     int
	have     int64  // bytes that it has
	of       string // and of which file
}

// packFetch is what pack sync asks a desk for; nobody types it.
func (p *program) packFetch() *cobra.Command {
	var o fetching
	cmd := &cobra.Command{
		Use: "fetch [QUERY]", Args: p.arguments(0, 0), Hidden: true,
		Example: "  rongzheng pack fetch --request 9f86d081884c7d659a2feaa0c55ad015 --days 14",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := p.leasable(o.days, o.most); err != nil {
				return err
			}
			if len(o.request) != 32 {
				return p.misused("usage.pack_request")
			}
			return p.with(func(d *desk) error { return d.fetchPack(joined(args), o) })
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.request, "request", "", p.words.Say("flag.pack_request"))
	flags.IntVar(&o.days, "days", defaultDays, p.words.Say("flag.pack_days"))
	flags.StringVar(&o.printing, "certificates", "", p.words.Say("flag.pack_certificates"))
	flags.IntVar(&o.most, "limit", defaultCases, p.words.Say("flag.pack_limit"))
	flags.Int64Var(&o.have, "have", 0, p.words.Say("flag.pack_have"))
	flags.StringVar(&o.of, "of", "", p.words.Say("flag.pack_have"))
	require(cmd, "request")
	return cmd
}

// packReceived is what pack sync says when a pack is on the laptop whole; nobody types it.
func (p *program) packReceived() *cobra.Command {
	var request string
	cmd := &cobra.Command{
		Use: "received", Args: p.noArguments, Hidden: true,
		Example: "  rongzheng pack received --request 9f86d081884c7d659a2feaa0c55ad015",
		RunE: func(*cobra.Command, []string) error {
			return p.with(func(d *desk) error {
				_, err := d.store.Received(d.by.Name, request, d.now())
				return err
			})
		},
	}
	cmd.Flags().StringVar(&request, "request", "", p.words.Say("flag.pack_request"))
	require(cmd, "request")
	return cmd
}

// fetchPack takes the pack of the request out, or finds that it is out, and sends what the laptop has not of it.
func (d *desk) fetchPack(text string, o fetching) error {
	p, err := d.takeOutFor(text, o)
	if err == nil {
		var file *os.File
		var done atomic.Int64
		end := d.telling(&done, len(p.Cases))
		file, err = d.sealedPack(&p, &done)
		end()
		if err == nil {
			return errors.Join(d.send(&p, file, o), file.Close())
		}
	}
	if rule, ok := errors.AsType[*review.RuleError](err); ok {
		switch rule.Code {
		case "pack_received":
			return pack.Sending{Received: true}.Say(d.stdout)
		case "pack_empty", "pack_all_out":
			return pack.Sending{Nothing: d.explain(err)}.Say(d.stdout)
		}
	}
	return err
}

func (d *desk) takeOutFor(text string, o fetching) (review.Pack, error) {
	now := d.now()
	p, err := d.store.Asked(d.by.Name, o.request, now)
	if !errors.Is(err, review.ErrNotFound) {
		return p, err
	}
	mine := []string{d.by.Name}
	if err := d.sealable(mine); err != nil {
		return p, err
	}
	want := packing{accounts: mine, printing: o.printing, most: o.most}
	references, err := d.packable(text, want)
	if err != nil {
		return p, err
	}
	numbers, more, err := d.printable(want)
	if err != nil {
		return p, err
	}
	asked := review.Pack{
		Accounts: mine, Query: text, Certificates: numbers, Printing: o.printing, Most: &o.most, MoreCertificates: more,
		Request: o.request, Until: now.AddDate(0, 0, o.days),
	}
	p, _, err = d.store.TakeOut(d.by.Name, asked, references, now)
	return p, err
}

// sealedPack opens the sealed file of the pack. Where it cannot be written, the lease ends; a line that is cut meanwhile stops
// nothing, so that the file is there when the laptop asks again.
func (d *desk) sealedPack(p *review.Pack, done *atomic.Int64) (*os.File, error) {
	key, err := d.deskKey()
	if err != nil {
		return nil, err
	}
	file, err := d.store.Held(p, d.now(), func(p *review.Pack, w io.Writer) error {
		contents, err := d.contents(p, func(n int) { done.Store(int64(n)) })
		if err != nil {
			return err
		}
		return pack.Write(w, contents, key)
	})
	if err != nil && !errors.As(err, new(*review.RuleError)) {
		err = d.unlease(p, err)
	}
	return file, err
}

// tellEvery is how often the laptop hears how far its pack is.
const tellEvery = 250 * time.Millisecond

// telling tells the laptop how much is done, beside the writing, which waits for no line; end ends it.
func (d *desk) telling(done *atomic.Int64, cases int) (end func()) {
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		every := time.NewTicker(tellEvery)
		defer every.Stop()
		for {
			select {
			case <-stop:
				return
			case <-every.C:
			}
			if (pack.Sending{Packed: int(done.Load()), Cases: cases}).Say(d.stdout) != nil {
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
	}
}

func (d *desk) send(p *review.Pack, file *os.File, o fetching) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	mark, err := pack.Mark(file)
	if err != nil {
		return err
	}
	from := pack.SendFrom(mark, info.Size(), o.of, o.have)
	err = pack.Sending{Pack: p.Number, Cases: len(p.Cases), Size: info.Size(), Mark: mark, From: from}.Say(d.stdout)
	if err != nil {
		return err
	}
	_, err = io.Copy(d.stdout, io.NewSectionReader(file, from, info.Size()-from))
	return err
}
