package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
)

// many says which certificates a run of many is about.
type many struct {
	query string
	list  string // file of numbers, one a line; "-" is standing input
	day   string // of issue
}

func (m many) asked() bool { return m.query != "" || m.list != "" || m.day != "" }

func (p *program) manyFlags(cmd *cobra.Command, m *many) {
	cmd.Flags().StringVar(&m.query, "query", "", p.words.Say("flag.print_query"))
	cmd.Flags().StringVar(&m.list, "list", "", p.words.Say("flag.print_list"))
	takesFile(cmd, "list", "txt")
	cmd.Flags().StringVar(&m.day, "day", "", p.words.Say("flag.print_day"))
	cmd.MarkFlagsMutuallyExclusive("query", "list", "day")
}

// printMany prints a run of certificates into one PDF, or into a folder as one file each. Certificates that may not be
// printed are named and left out. Memory does not grow with the run but for a few hundred bytes each.
func (d *desk) printMany(m many, c copying) error {
	c.want.Way = wayOf(c.want)
	numbers, err := d.numbersOf(m)
	if err != nil {
		return err
	}
	switch {
	case len(numbers) == 0 && m.day != "":
		return errNoneIssued
	case len(numbers) == 0:
		return errNoMatch
	}
	bar := newProgress(d.stderr, d.words.Say("print.printing"))
	var refused []refusal
	if info, err := os.Stat(c.path); strings.HasSuffix(c.path, string(os.PathSeparator)) || err == nil && info.IsDir() {
		var done int
		done, refused, err = d.printEach(numbers, c, bar)
		bar.end()
		if err != nil && done > 0 {
			fmt.Fprintln(d.stdout, d.words.Say("print.many_stopped", done, c.path, numbers[done+len(refused)]))
		}
		if err != nil {
			return err
		}
	} else {
		refused, err = d.printJoined(numbers, c, bar)
		bar.end()
		if err != nil {
			return err
		}
	}
	if done := len(numbers) - len(refused); done > 0 {
		fmt.Fprintln(d.stdout, d.words.Say("print.many_done", done, c.path))
	}
	return d.batch(len(numbers), refused)
}

// numbersOf reads the list, or finds what was issued on the day, in the order of the numbers, or what the query finds, in
// the order of the certificates.
func (d *desk) numbersOf(m many) ([]string, error) {
	if m.list != "" {
		return d.listed(m.list)
	}
	if m.day != "" {
		day, err := review.ParseDate(m.day)
		if err != nil {
			return nil, err
		}
		return d.store.IssuedOn(d.by, day)
	}
	today := review.DateOf(d.now())
	query, err := d.query(store.Certificates, m.query, today)
	if err != nil {
		return nil, err
	}
	var numbers []string
	queue := store.Queue{Name: store.Certificates, By: d.by, Query: query, Today: today}
	for at, more := store.Cursor(""), true; more; {
		page, err := d.store.Page(queue, at, true, pageRows)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if !row.Certificate.Void {
				numbers = append(numbers, row.Certificate.Number)
			}
		}
		at, more = page.Next, page.More
	}
	return numbers, d.ctx.Err()
}

// listed reads a list of numbers. One that stands there twice is printed once: each copy counts.
func (d *desk) listed(path string) ([]string, error) {
	in := d.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	var numbers []string
	seen, again := map[string]bool{}, 0
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		switch number := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff")); {
		case number == "":
		case seen[number]:
			again++
		default:
			seen[number] = true
			numbers = append(numbers, number)
		}
	}
	if again > 0 {
		d.complain(d.words.Say("print.again", again))
	}
	return numbers, lines.Err()
}

// printEach writes one file each; every one is settled by itself, so that a run that is stopped can go on with the
// rest. done counts what lies in the folder by then, which goes again where nothing does.
func (d *desk) printEach(numbers []string, c copying, bar *progress) (done int, refused []refusal, err error) {
	_, missing := os.Stat(c.path)
	if err := os.MkdirAll(c.path, 0o777); err != nil {
		return 0, nil, err
	}
	defer func() {
		if err != nil && done == 0 && missing != nil {
			err = errors.Join(err, os.Remove(c.path))
		}
	}()
	for i, number := range numbers {
		if err := d.ctx.Err(); err != nil {
			return done, refused, err
		}
		paper, err := d.store.Paper(d.by, number, c.want.Way)
		if err != nil {
			refused = append(refused, refusal{number, err})
			continue
		}
		write := func(w io.Writer) error {
			_, err := w.Write(paper.PDF)
			return err
		}
		var line review.Copy
		settle := func() (err error) {
			line, err = d.enter(paper, c.want)
			return err
		}
		if err := durable.WriteSettled(filepath.Join(c.path, paper.Certificate.Number+".pdf"), write, settle); err != nil {
			return done, refused, d.lost(err, line)
		}
		done++
		bar.step(i+1, len(numbers))
	}
	return done, refused, nil
}

// printJoined writes one file. The copies are entered when it is safe on the disk and before it appears.
func (d *desk) printJoined(numbers []string, c copying, bar *progress) (refused []refusal, err error) {
	var drawn []store.Paper // without their bytes
	write := func(w io.Writer) error {
		joiner := cert.NewJoiner(w)
		for i, number := range numbers {
			if err := d.ctx.Err(); err != nil {
				return err
			}
			paper, err := d.store.Paper(d.by, number, c.want.Way)
			if err != nil {
				refused = append(refused, refusal{number, err})
				continue
			}
			if err := joiner.Add(paper.PDF); err != nil {
				return err
			}
			drawn = append(drawn, store.Paper{
				Certificate: review.Certificate{Number: paper.Certificate.Number}, Version: review.CertificateVersion{Version: paper.Version.Version},
			})
			bar.step(i+1, len(numbers))
		}
		if len(drawn) == 0 {
			return refused[0].err
		}
		return joiner.Close()
	}
	var counted []review.Copy
	settle := func() error {
		for _, paper := range drawn {
			line, err := d.enter(paper, c.want)
			if err != nil {
				return err
			}
			counted = append(counted, line)
		}
		return nil
	}
	err = durable.WriteSettled(c.path, write, settle)
	return refused, d.lost(err, counted...)
}
