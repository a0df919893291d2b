package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
)

func (p *program) mailCommand() *cobra.Command {
	return p.group("mail", p.mailList(), p.mailPrint(), p.mailLabels(), p.mailSent(), p.mailReturned(), p.mailReplace(),
		p.mailStep("collected", func(a *review.Application, by review.Actor, pol *review.Policy, now time.Time) (review.Event, error) {
			return a.MailCollect(by, pol, now)
		}),
		p.mailStep("undo", func(a *review.Application, by review.Actor, pol *review.Policy, now time.Time) (review.Event, error) {
			return a.MailUndo(by, pol, now)
		}))
}

// letterRow is a mailing as --json prints it: nothing of it tells who somebody is.
type letterRow struct {
	Reference   string             `json:"reference"`
	Certificate string             `json:"certificate"`
	State       review.LetterState `json:"state"`
	Region      string             `json:"region"` // down to the district
	Carrier     string             `json:"carrier"`
	Tracking    string             `json:"tracking"`
	At          time.Time          `json:"at"`
	Sendings    int                `json:"sendings"`
	Note        string             `json:"note"`
}

func (p *program) mailList() *cobra.Command {
	var asJSON bool
	var state string
	cmd := &cobra.Command{
		Use: "list [TEXT]", Args: p.arguments(0, 1),
		Example: "  rongzheng mail list --as chuangkou\n  rongzheng mail list --state sent EA123456789CN --json --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains(review.LetterStates(), review.LetterState(state)) {
				return p.misused("usage.letter_state", state)
			}
			return p.with(func(d *desk) error {
				q, none := store.Letters{State: review.LetterState(state), By: d.by, Text: strings.Join(args, " ")}, true
				err := d.letters(q, func(rows []review.Application) error {
					none = none && len(rows) == 0
					return d.showLetters(rows, asJSON)
				})
				d.sayNone(err == nil && none)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&state, "state", string(review.LetterToPrint), p.words.Say("flag.letter_state"))
	p.complete(cmd, "state", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, s := range review.LetterStates() {
			names = append(names, string(s))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	p.jsonFlag(cmd, &asJSON)
	return cmd
}

// letters gives the mailings page by page.
func (d *desk) letters(q store.Letters, take func(rows []review.Application) error) error {
	at := store.Cursor("")
	for {
		page, err := d.store.LetterPage(q, at, pageRows)
		if err != nil {
			return err
		}
		if err := take(page.Rows); err != nil {
			return err
		}
		if !page.More || page.Next == at || d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		at = page.Next
	}
}

func (d *desk) showLetters(rows []review.Application, asJSON bool) error {
	var t table
	for i := range rows {
		a := &rows[i]
		l, _ := a.Posting()
		row := letterRow{
			a.Reference, a.Certificate, l.State, review.MaskAddress(a.PostalForm().Get("region")), l.Carrier, l.Tracking, l.At.In(review.Zone), l.Sendings, l.Note,
		}
		if asJSON {
			if err := exchange.WriteLine(d.stdout, &row); err != nil {
				return err
			}
			continue
		}
		t.add(row.Reference, row.Certificate, d.words.Say("letter."+string(row.State)), row.Region, row.Carrier, row.Tracking,
			row.At.Format("2006-01-02"), row.Note)
	}
	return t.write(d.stdout)
}

// mailing is what printing a batch is asked for.
type mailing struct {
	path, labels string
	start        int // label of the sheet, from 1
	all          bool
	serial       string
}

func (p *program) mailPrint() *cobra.Command {
	var m mailing
	cmd := &cobra.Command{
		Use: "print REF... | --all", Args: p.arguments(0, 0),
		Example: "  rongzheng mail print --all -o certificates.pdf --labels labels.pdf --start 5 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			if m.all == (len(args) > 0) {
				return p.misused("usage.mail_print")
			}
			if err := p.localFiles(m.path, m.labels); err != nil {
				return err
			}
			return p.with(func(d *desk) error { return d.printMail(args, m) })
		},
	}
	p.outputFlag(cmd, &m.path, "pdf")
	cmd.Flags().StringVar(&m.labels, "labels", "", p.words.Say("flag.mail_labels"))
	cmd.Flags().BoolVar(&m.all, "all", false, p.words.Say("flag.mail_all"))
	cmd.Flags().StringVar(&m.serial, "serial", "", p.words.Say("flag.serial"))
	p.startFlag(cmd, &m.start)
	return cmd
}

// outputFlag is where a file of one of these kinds goes: a run that came from elsewhere has standard output and nothing else.
func (p *program) outputFlag(cmd *cobra.Command, path *string, kinds ...string) {
	standby := ""
	if p.bound != nil {
		standby = "-"
	}
	cmd.Flags().StringVarP(path, "output", "o", standby, p.words.Say("flag.output"))
	takesFile(cmd, "output", kinds...)
	if p.bound == nil {
		require(cmd, "output")
	}
}

func (p *program) startFlag(cmd *cobra.Command, start *int) {
	cmd.Flags().IntVar(start, "start", 1, p.words.Say("flag.mail_start"))
}

// localFiles refuses a run that came from elsewhere to name files of this machine.
func (p *program) localFiles(path, labels string) error {
	if p.bound != nil && (path != "-" || labels != "") {
		return p.misused("usage.no_file")
	}
	return nil
}

// printMail writes the certificates into one file and the labels into another, in the same order: as named, or with all
// that wait as the mail room lists them. Both are whole before anything counts, and appear only then.
func (d *desk) printMail(references []string, m mailing) error {
	list, err := d.waiting(references, m.all)
	if err != nil {
		return err
	}
	var papers [][]byte
	var batch []store.Envelope
	want := review.CopyAsk{Way: review.OnPaper, Serial: m.serial}
	for i := range list {
		if err := list[i].CanMail(d.by, review.MailPrint); err != nil {
			return fmt.Errorf("print %s: %w", list[i].Reference, err)
		}
		paper, err := d.store.Paper(d.by, list[i].Certificate, review.OnPaper)
		if err != nil {
			return err
		}
		papers, want.Version = append(papers, paper.PDF), paper.Version.Version
		batch = append(batch, store.Envelope{Reference: list[i].Reference, Version: list[i].Version, Copy: want})
		want.Serial = review.NextSerial(want.Serial)
	}
	var joined, labels bytes.Buffer
	if err := cert.Join(&joined, papers); err != nil {
		return err
	}
	settle := func() error { return d.store.PrintLetters(d.by.Name, batch, d.now()) }
	if m.labels == "" {
		return d.hand(m.path, joined.Bytes(), settle, len(list))
	}
	if err := d.drawLabels(&labels, list, m.start); err != nil {
		return err
	}
	return durable.WriteSettled(m.labels, put(labels.Bytes()), func() error { return d.hand(m.path, joined.Bytes(), settle, len(list)) })
}

func put(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// hand brings a PDF to its file or to standard output, once it counts.
func (d *desk) hand(path string, pdf []byte, settle func() error, n int) error {
	if path == "-" {
		if err := settle(); err != nil {
			return err
		}
		return put(pdf)(d.stdout)
	}
	if err := durable.WriteSettled(path, put(pdf), settle); err != nil {
		return err
	}
	_, err := fmt.Fprintln(d.stdout, d.words.Say("mail.cmd_printed", n, path))
	return err
}

// waiting returns the mailings that are named, or all that wait to be printed. None is an error.
func (d *desk) waiting(references []string, all bool) ([]review.Application, error) {
	var list []review.Application
	if all {
		err := d.letters(store.Letters{State: review.LetterToPrint, By: d.by}, func(rows []review.Application) error {
			list = append(list, rows...)
			return nil
		})
		if err == nil && len(list) == 0 {
			err = errNoMatch
		}
		return list, err
	}
	for _, reference := range references {
		a, err := d.store.Application(d.by, reference)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func (d *desk) drawLabels(w io.Writer, list []review.Application, start int) error {
	labels := make([]cert.Label, len(list))
	for i := range list {
		labels[i] = cert.LabelOf(&list[i])
	}
	sheet := cert.Sheet{LabelSheet: d.store.Policy().Mail.Labels, Skip: start - 1}
	if err := sheet.Check(); err != nil {
		return d.misused("usage.mail_start", sheet.Count())
	}
	return cert.WriteLabels(w, labels, sheet)
}

func (p *program) mailLabels() *cobra.Command {
	var path string
	var start int
	cmd := &cobra.Command{
		Use: "labels REF...", Args: p.arguments(1, 0),
		Example: "  rongzheng mail labels SQ202611160002 -o labels.pdf --start 3 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := p.localFiles(path, ""); err != nil {
				return err
			}
			return p.with(func(d *desk) error {
				list, err := d.waiting(args, false)
				if err != nil {
					return err
				}
				if err := d.by.May(review.Mail); err != nil {
					return err
				}
				var pdf bytes.Buffer
				if err := d.drawLabels(&pdf, list, start); err != nil {
					return err
				}
				return d.hand(path, pdf.Bytes(), func() error { return d.store.PrintLabels(d.by.Name, args, d.now()) }, len(list))
			})
		},
	}
	p.outputFlag(cmd, &path, "pdf")
	p.startFlag(cmd, &start)
	return cmd
}

// letterStep is what a command does to one mailing.
type letterStep func(a *review.Application, by review.Actor, p *review.Policy, now time.Time) (review.Event, error)

func (d *desk) stepLetter(reference string, take letterStep) error {
	now := d.now()
	seen, err := d.store.Application(d.by, reference)
	if err != nil {
		return err
	}
	a, err := d.store.Change(d.by.Name, reference, seen.Version, now, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
		return take(a, by, d.store.Policy(), now)
	})
	if err != nil {
		return err
	}
	return d.saidLetter(&a)
}

func (d *desk) saidLetter(a *review.Application) error {
	l, _ := a.Posting()
	_, err := fmt.Fprintln(d.stdout, strings.TrimSpace(strings.Join([]string{a.Reference, d.words.Say("letter." + string(l.State)), l.Carrier, l.Tracking}, "  ")))
	return err
}

func (p *program) mailStep(use string, take letterStep) *cobra.Command {
	return &cobra.Command{
		Use: use + " REF...", Args: p.arguments(1, 0), Example: "  rongzheng mail " + use + " SQ202611160002 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				var refused []refusal
				for _, reference := range args {
					if err := d.stepLetter(reference, take); err != nil {
						refused = append(refused, refusal{reference, err})
					}
				}
				return d.batch(len(args), refused)
			})
		},
	}
}

func (p *program) mailSent() *cobra.Command {
	var carrier string
	cmd := &cobra.Command{
		Use: "sent REF TRACKING", Args: p.arguments(2, 2),
		Example: "  rongzheng mail sent SQ202611160002 EA123456789CN --carrier EMS --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				return d.stepLetter(args[0], func(a *review.Application, by review.Actor, pol *review.Policy, now time.Time) (review.Event, error) {
					if carrier == "" {
						carrier = pol.Mail.Carriers[0].Code
					}
					return a.MailSend(by, pol, carrier, review.CleanTracking(args[1]), now)
				})
			})
		},
	}
	cmd.Flags().StringVar(&carrier, "carrier", "", p.words.Say("flag.carrier"))
	return cmd
}

func (p *program) mailReturned() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "returned REF", Args: p.arguments(1, 1),
		Example: "  rongzheng mail returned SQ202611160002 --note 查无此人 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error {
				return d.stepLetter(args[0], func(a *review.Application, by review.Actor, pol *review.Policy, now time.Time) (review.Event, error) {
					return a.MailReturn(by, pol, note, now)
				})
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", p.words.Say("flag.mail_note"))
	require(cmd, "note")
	return cmd
}

func (p *program) mailReplace() *cobra.Command {
	var note string
	var lost bool
	cmd := &cobra.Command{
		Use: "replace REF", Args: p.arguments(1, 1),
		Example: "  rongzheng mail replace SQ202611160002 --note 卡纸 --as chuangkou\n" +
			"  rongzheng mail replace SQ202611160002 --lost --note 寄送途中 --as chuangkou",
		RunE: func(_ *cobra.Command, args []string) error {
			how := review.SheetSpoiled
			if lost {
				how = review.SheetLost
			}
			return p.with(func(d *desk) error {
				seen, err := d.store.Application(d.by, args[0])
				if err == nil {
					err = d.store.ReplaceSheet(d.by.Name, args[0], seen.Version, how, note, d.now())
				}
				if err != nil {
					return err
				}
				a, err := d.store.Application(d.by, args[0])
				return errors.Join(err, d.saidLetter(&a))
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", p.words.Say("flag.mail_note"))
	cmd.Flags().BoolVar(&lost, "lost", false, p.words.Say("flag.mail_lost"))
	require(cmd, "note")
	return cmd
}
