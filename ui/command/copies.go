package command

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
)

// copying is what certificate print is asked for.
type copying struct {
	path string
	want review.CopyAsk
}

func (p *program) certificatePrint() *cobra.Command {
	var c copying
	var m many
	cmd := &cobra.Command{
		Use: "print NUMBER|IDNUMBER|NAME", Args: p.arguments(0, 1),
		Example: "  rongzheng certificate print CD-2026-000001 -o certificate.pdf --as chushen\n" +
			"  rongzheng certificate print CD-2026-000001 -o certificate.pdf --reason lost --as chuangkou\n" +
			"  rongzheng certificate print --list numbers.txt -o batch.pdf --as chuangkou\n" +
			"  rongzheng certificate print --day 2026-11-25 -o day.pdf --as chuangkou\n" +
			"  rongzheng certificate print --query CD-2026 -o certificates/ --as guanli",
		RunE: func(cmd *cobra.Command, args []string) error {
			if m.asked() == (len(args) == 1) {
				return p.misused("usage.arguments", cmd.UseLine())
			}
			if m.asked() && (c.path == "-" || c.want.Serial != "") {
				return p.misused("usage.print_many")
			}
			if _, err := review.ParseDate(m.day); m.day != "" && err != nil {
				return p.misused("usage.day")
			}
			if m.asked() {
				return p.with(func(d *desk) error { return d.printMany(m, c) })
			}
			return p.with(func(d *desk) error { return d.print(args[0], c) })
		},
	}
	cmd.Flags().StringVarP(&c.path, "output", "o", "", p.words.Say("flag.output"))
	require(cmd, "output")
	takesFile(cmd, "output", "pdf")
	p.copyFlags(cmd, &c.want)
	p.manyFlags(cmd, &m)
	return cmd
}

// copyFlags are what the ledger wants to know of a copy.
func (p *program) copyFlags(cmd *cobra.Command, want *review.CopyAsk) {
	cmd.Flags().StringVar(&want.Reason, "reason", "", p.words.Say("flag.copy_reason", p.codes(review.DefaultPolicy().Copies.Reasons)))
	cmd.Flags().StringVar(&want.Serial, "serial", "", p.words.Say("flag.serial"))
	cmd.Flags().StringVar(&want.Note, "note", "", p.words.Say("flag.copy_note"))
	p.completeCodes(cmd, "reason", review.DefaultPolicy().Copies.Reasons)
}

// wayOf tells paper from a file: who states a reason or a sheet is about to print.
func wayOf(want review.CopyAsk) review.CopyWay {
	if want.Reason != "" || want.Serial != "" {
		return review.OnPaper
	}
	return review.AsFile
}

// print hands out the bytes that the vault keeps: the copy is entered into the ledger when they are safe on the disk and
// before they appear. A paper that nobody recorded never leaves the desk, and neither a full disk nor a record that cannot
// be drawn makes a copy count.
func (d *desk) print(text string, c copying) error {
	found, err := d.findCertificate(text)
	if err != nil {
		return err
	}
	c.want.Way = wayOf(c.want)
	paper, err := d.store.Paper(d.by, found.Number, c.want.Way)
	if err != nil {
		return err
	}
	if c.path == "-" {
		line, err := d.enter(paper, c.want)
		if err != nil {
			return err
		}
		_, err = d.stdout.Write(paper.PDF)
		return d.lost(err, line)
	}
	var line review.Copy
	write := func(w io.Writer) error {
		_, err := w.Write(paper.PDF)
		return err
	}
	settle := func() (err error) {
		line, err = d.enter(paper, c.want)
		return err
	}
	if err := durable.WriteSettled(c.path, write, settle); err != nil {
		return d.lost(err, line)
	}
	_, err = fmt.Fprintln(d.stdout, d.words.Say("print.done", paper.Certificate.Number, line.Number, c.path))
	return err
}

func (d *desk) enter(p store.Paper, want review.CopyAsk) (review.Copy, error) {
	want.Version = p.Version.Version
	return d.store.Copy(d.by.Name, p.Certificate.Number, want, d.now())
}

// lost marks copies on paper that were counted and did not come as spoiled, err being what kept them. Lines without a
// number were not counted.
func (d *desk) lost(err error, counted ...review.Copy) error {
	if err == nil {
		return nil
	}
	for _, line := range counted {
		if line.Number > 0 && line.Way == review.OnPaper {
			err = errors.Join(err, d.store.Spoil(d.by.Name, line.Certificate, line.Number, d.words.Say("print.not_written"), d.now()))
		}
	}
	return err
}

func (p *program) certificateLedger() *cobra.Command {
	var asJSON bool
	var day string
	cmd := &cobra.Command{
		Use: "ledger [NUMBER|IDNUMBER|NAME]", Args: p.arguments(0, 1),
		Example: "  rongzheng certificate ledger CD-2026-000001 --as shenji\n  rongzheng certificate ledger --day 2026-11-16 --json --as guanli",
		RunE: func(_ *cobra.Command, args []string) error {
			on, err := review.ParseDate(day)
			if (day == "") == (len(args) == 0) || day != "" && err != nil {
				return p.misused("usage.ledger")
			}
			return p.with(func(d *desk) error {
				if day != "" {
					return d.ledgerOf(on, asJSON)
				}
				return d.ledger(args[0], asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&day, "day", "", p.words.Say("flag.ledger_day"))
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

func (d *desk) ledger(text string, asJSON bool) error {
	c, err := d.findCertificate(text)
	if err != nil {
		return err
	}
	lines, err := d.store.Ledger(d.by, c.Number)
	if err != nil {
		return err
	}
	return d.showLedger(each(lines), asJSON)
}

func (d *desk) ledgerOf(day review.Date, asJSON bool) error {
	return d.showLedger(d.store.LedgerOf(d.by, day.Time(), day.AddDays(1).Time()), asJSON)
}

func (d *desk) showLedger(lines iter.Seq2[review.Copy, error], asJSON bool) error {
	var t table
	none := true
	for line, err := range lines {
		none = false
		if err == nil && asJSON {
			err = exchange.WriteLine(d.stdout, &line)
		}
		if err != nil {
			return err
		}
		t.add(d.ledgerCells(&line)...)
	}
	d.sayNone(none)
	if asJSON {
		return nil
	}
	return t.write(d.stdout)
}

// each yields the lines without an error.
func each(lines []review.Copy) iter.Seq2[review.Copy, error] {
	return func(yield func(review.Copy, error) bool) {
		for _, line := range lines {
			if !yield(line, nil) {
				return
			}
		}
	}
}

func (d *desk) ledgerCells(c *review.Copy) []string {
	reason, _ := d.store.Policy().CopyReason(c.Reason)
	standing := ""
	if c.Spoiled() {
		standing = d.words.Say("copy.spoiled", c.SpoiledBy, c.SpoiledFor)
	}
	if c.Replaces > 0 {
		standing = d.words.Say("copy.replaces", c.Replaces)
	}
	return []string{
		c.Certificate, d.words.Say("copy.number", c.Number), d.words.Say("certificate.version", c.Version),
		c.At.In(review.Zone).Format("2006-01-02 15:04"), c.By, d.words.Say("copy.way." + string(c.Way)), reason.Name(d.words.Lang()),
		c.Serial, c.Note, standing,
	}
}

func (p *program) certificateSpoil() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "spoil NUMBER|IDNUMBER|NAME COPY", Args: p.arguments(2, 2),
		Example: "  rongzheng certificate spoil CD-2026-000001 2 --note 卡纸 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return p.misused("usage.spoil")
			}
			return p.with(func(d *desk) error {
				c, err := d.findCertificate(args[0])
				if err == nil {
					err = d.store.Spoil(d.by.Name, c.Number, n, note, d.now())
				}
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(d.stdout, d.words.Say("copy.spoil_done", c.Number, n))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", p.words.Say("flag.spoil_note"))
	require(cmd, "note")
	return cmd
}
