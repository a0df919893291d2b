package command

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

func (p *program) showCommand() *cobra.Command {
	var asJSON, reveal bool
	cmd := &cobra.Command{
		Use: "show REF", Args: p.arguments(1, 1),
		Example: "  rongzheng show SQ202611160001 --as chushen\n  rongzheng show SQ202611160001 --json --reveal --as chushen",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.with(func(d *desk) error { return d.show(args[0], asJSON, reveal) })
		},
	}
	p.jsonFlag(cmd, &asJSON)
	cmd.Flags().BoolVar(&reveal, "reveal", false, p.words.Say("flag.reveal"))
	return cmd
}

// file is an application with everything that stands beside it.
type file struct {
	application review.Application
	checks      []review.Problem
	events      []review.Event
}

func (d *desk) show(reference string, asJSON, reveal bool) error {
	if err := d.mayReveal(reveal); err != nil {
		return err
	}
	f, err := d.file(reference)
	if err != nil {
		return err
	}
	if reveal {
		if err := d.recordReveal(&f.application, nil); err != nil {
			return err
		}
	}
	if !asJSON {
		return d.printFile(f, reveal)
	}
	detail, err := exchange.EncodeDetail(&f.application, f.checks, f.events, d.store.Policy(), reveal, d.words.Problem)
	if err != nil {
		return err
	}
	return exchange.WriteLine(d.stdout, detail)
}

func (d *desk) file(reference string) (f file, err error) {
	if f.application, err = d.store.Application(d.by, reference); err != nil {
		return file{}, err
	}
	facts, err := d.store.Facts(reference)
	if err != nil {
		return file{}, err
	}
	f.checks = review.Checks(&f.application, d.store.Policy(), facts, review.DateOf(d.now()))
	f.events, err = d.store.Timeline(d.by, reference)
	return f, err
}

// printFile writes the application for people: where it stands, the form by section, what the checks found, what
// happened.
func (d *desk) printFile(f file, reveal bool) error {
	a := &f.application
	fmt.Fprintf(d.stdout, "%s · %s · %s\n", d.words.Standing(a, d.store.Policy()),
		d.words.Say("kind."+string(a.Kind)), d.words.Say("case.revision", a.Revision))
	for _, section := range review.Sections() {
		var t table
		for _, field := range review.FieldsOf(section) {
			if asked, _ := field.Asked(a.Kind, a.Form, d.store.Policy()); !asked {
				continue
			}
			if value := d.answer(&field, a, reveal); value != "" {
				t.add("  "+d.words.Label(field.Key), value)
			}
		}
		if len(t.rows) == 0 {
			continue
		}
		fmt.Fprintln(d.stdout, d.words.Say("section."+string(section)))
		if err := t.write(d.stdout); err != nil {
			return err
		}
	}
	if len(f.checks) > 0 {
		fmt.Fprintln(d.stdout, d.words.Say("show.checks"))
	}
	for _, c := range f.checks {
		fmt.Fprintf(d.stdout, "  %s  %s\n", d.words.Say("show."+string(c.Severity)), d.words.Problem(c))
	}
	return d.printEvents(f, reveal)
}

// answer shows a field or the files of a slot, masked unless reveal is set.
func (d *desk) answer(field *review.Field, a *review.Application, reveal bool) string {
	switch field.Type {
	case review.File:
		files := a.Attached(field.Key)
		if len(files) == 0 {
			return ""
		}
		first := files[0]
		text := fmt.Sprintf("%s %d × %d", first.Type, first.Width, first.Height)
		if len(files) > 1 {
			text = strconv.Itoa(len(files)) + " × " + text
		}
		return text
	case review.Moment:
		return field.Given(a.Consent).In(review.Zone).Format("2006-01-02 15:04")
	}
	view := review.Masked
	if reveal {
		view = review.Show
	}
	return ui.Plain(view(field, a.Form, d.store.Policy(), review.DateOf(a.SubmittedAt), d.words.Lang()))
}

func (d *desk) printEvents(f file, reveal bool) error {
	fmt.Fprintln(d.stdout, d.words.Say("show.timeline"))
	var t table
	for _, e := range f.events {
		level := ""
		if e.Level > 0 {
			level = d.words.Level(e.Level)
		}
		line := exchange.EncodeLog(&e, d.store.Policy(), reveal)
		t.add("  "+e.At.In(review.Zone).Format("2006-01-02 15:04"), d.words.Say("action."+string(e.Action)), level,
			ui.Plain(e.By), ui.Plain(e.Office), cmp.Or(d.viewed(&f.application, &e), d.said(&e, &line)))
	}
	return t.write(d.stdout)
}

// viewed names the attachment that was looked at, "" for one of an earlier revision, which is told by its hash.
func (d *desk) viewed(a *review.Application, e *review.Event) string {
	at := slices.IndexFunc(a.Attachments, func(at review.Attachment) bool { return at.SHA256 == e.Target })
	if e.Action != review.ViewFile || at < 0 {
		return ""
	}
	return d.words.Label(a.Attachments[at].Slot)
}
