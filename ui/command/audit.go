package command

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/store/exchange"
	"rongzheng/ui"
)

// auditing is what of the log is asked for.
type auditing struct {
	account, reference, certificate string
	actions                         []string
	since, until                    time.Time
	limit                           uint32 // the last so many, 0 for all
	asJSON, reveal                  bool
}

func (p *program) auditCommand() *cobra.Command {
	var a auditing
	var since, until string
	cmd := &cobra.Command{
		Use: "audit", Args: p.noArguments,
		Example: "  rongzheng audit --since 2026-11-01 --as shenji\n  rongzheng audit --account zhou --action reveal --action print --json --as shenji\n  rongzheng audit --reference SQ202611160001 --as guanli",
		RunE: func(*cobra.Command, []string) (err error) {
			if a.since, err = parseSince(since); err != nil {
				return p.misused("usage.since")
			}
			if a.until, err = parseUntil(until); err != nil {
				return p.misused("usage.until")
			}
			for _, action := range a.actions {
				if key := "action." + action; p.words.Say(key) == key {
					return p.misused("usage.action", ui.Plain(action))
				}
			}
			return p.with(func(d *desk) error { return d.audit(&a) })
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a.account, "account", "", p.words.Say("flag.audit_account"))
	flags.StringArrayVar(&a.actions, "action", nil, p.words.Say("flag.audit_action"))
	flags.StringVar(&a.reference, "reference", "", p.words.Say("flag.audit_reference"))
	flags.StringVar(&a.certificate, "certificate", "", p.words.Say("flag.audit_certificate"))
	flags.StringVar(&since, "since", "", p.words.Say("flag.audit_since"))
	flags.StringVar(&until, "until", "", p.words.Say("flag.audit_until"))
	flags.Uint32Var(&a.limit, "limit", 0, p.words.Say("flag.audit_limit"))
	flags.BoolVar(&a.reveal, "reveal", false, p.words.Say("flag.reveal"))
	p.jsonFlag(cmd, &a.asJSON)
	return cmd
}

// parseUntil reads a day, meant to its end, or a time; nothing is the end of all times.
func parseUntil(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := review.ParseDate(text); err == nil {
		return day.Time().AddDate(0, 0, 1), nil
	}
	return time.Parse(time.RFC3339, text)
}

// wants tells whether the event is among what is asked for.
func (a *auditing) wants(e *review.Event) bool {
	return (a.account == "" || e.By == a.account || e.Action != review.ViewFile && e.Target == a.account) &&
		(a.reference == "" || e.Reference == a.reference) && (a.certificate == "" || e.Certificate == a.certificate) &&
		(len(a.actions) == 0 || slices.Contains(a.actions, string(e.Action))) &&
		!e.At.Before(a.since) && (a.until.IsZero() || e.At.Before(a.until))
}

// auditRows is how many events are read at a time.
const auditRows = 1000

// audit prints the log, the earliest first. Auditors and administrators see every line, others their own.
func (d *desk) audit(a *auditing) error {
	if err := d.mayReveal(a.reveal); err != nil {
		return err
	}
	if err := d.by.May(review.ReadLog); err != nil {
		return err
	}
	if a.reveal {
		event := review.Event{Action: review.Reveal, Reference: a.reference, Certificate: a.certificate, Target: "audit"}
		if err := d.store.Record(d.by.Name, event, d.now()); err != nil {
			return err
		}
	}
	var last []review.Event // of a limited list
	none := true
	err := d.eachEvent(a, func(list []review.Event) error {
		list = slices.DeleteFunc(list, func(e review.Event) bool { return !a.wants(&e) })
		none = none && len(list) == 0
		if a.limit == 0 {
			return d.printLog(list, a)
		}
		last = append(last, list...)
		last = last[max(len(last)-int(a.limit), 0):]
		return nil
	})
	if err != nil {
		return err
	}
	d.sayNone(none)
	return d.printLog(last, a)
}

// eachEvent reads what may be among the wanted events by the shortest way: the application's own, the account's, or all.
func (d *desk) eachEvent(a *auditing, do func([]review.Event) error) error {
	if a.reference != "" {
		list, err := d.store.Timeline(d.by, a.reference)
		if err != nil {
			return err
		}
		everybody := d.by.Role == review.Administrator || d.by.Role == review.Auditor
		return do(slices.DeleteFunc(list, func(e review.Event) bool { return !everybody && e.By != d.by.Name }))
	}
	for from := uint64(0); ; {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		list, err := d.events(a, from)
		if err != nil || len(list) == 0 {
			return err
		}
		from = list[len(list)-1].Seq + 1
		if err := do(list); err != nil {
			return err
		}
	}
}

func (d *desk) events(a *auditing, from uint64) ([]review.Event, error) {
	if a.account != "" && a.account != d.by.Name && d.by.May(review.Administer) != nil && d.by.Role != review.Auditor {
		return d.store.EventsOf(d.by, a.account, from, auditRows) // says why not
	}
	if a.account != "" && a.account == d.by.Name {
		return d.store.EventsOf(d.by, a.account, from, auditRows)
	}
	return d.store.Events(d.by, from, auditRows)
}

func (d *desk) printLog(list []review.Event, a *auditing) error {
	var t table
	for i := range list {
		line := exchange.EncodeLog(&list[i], d.store.Policy(), a.reveal)
		if a.asJSON {
			if err := exchange.WriteLine(d.stdout, line); err != nil {
				return err
			}
			continue
		}
		t.add(d.logCells(&list[i], &line)...)
	}
	return t.write(d.stdout)
}

// stated says which attachments were stated to have been seen.
func (d *desk) stated(e *review.Event) string {
	labels := make([]string, len(e.Stated))
	for i, slot := range e.Stated {
		labels[i] = d.words.Label(slot)
	}
	return d.words.Say("timeline.stated", strings.Join(labels, d.words.Say("join")))
}

func (d *desk) logCells(e *review.Event, line *exchange.LogLine) []string {
	about := strings.TrimSpace(e.Reference + " " + e.Certificate)
	level := ""
	if e.Level > 0 {
		level = d.words.Level(e.Level)
	}
	return []string{
		e.At.In(review.Zone).Format("2006-01-02 15:04:05"), ui.Plain(e.By), d.words.Say("role." + string(e.Role)),
		d.words.Say("action." + string(e.Action)), ui.Plain(about), level, d.said(e, line),
	}
}

// said is what an event was about, with its reasons and what was noted.
func (d *desk) said(e *review.Event, line *exchange.LogLine) string {
	said := make([]string, 0, 2+len(line.Reasons))
	if line.Target != "" {
		said = append(said, d.words.LogTarget(e.Action, line.Target))
	}
	for _, r := range line.Reasons {
		said = append(said, d.words.ReasonGiven(&review.Reason{Code: r.Code, Target: r.Target, Note: r.Note}))
	}
	if line.Note != "" {
		said = append(said, d.words.LogNote(e.Action, line.Note))
	}
	if len(e.Stated) > 0 {
		said = append(said, d.stated(e))
	}
	return ui.Plain(strings.Join(said, " · "))
}
