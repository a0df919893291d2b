package ui

import (
	"errors"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// revisions reads what a resubmission replaced, oldest first.
type revisions interface {
	Revisions(by review.Actor, reference string) ([]review.Application, error)
}

// earlier is what a case is compared with.
type earlier struct {
	title   string // key of the text that says what it is
	form    review.Form
	files   []review.Attachment
	blind   bool // the files are not known: the record has none, or lies out of scope
	day     review.Date
	reasons []review.Reason // for which it was rejected
}

// earlierRead is the answer of reading it; nil for a case that follows nothing.
type earlierRead struct {
	request int
	before  *earlier
	err     error
}

// compareScreen shows the changed answers of a case beside those of an earlier one, and what became of its documents.
type compareScreen struct {
	s             *session
	file          *caseFile
	before        *earlier
	awaited       int
	err           error
	first         int
	width, height int
}

// compare opens the comparison of the case on the screen.
func (d *desk) compare() (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	if d.file.application == nil {
		return refuse(d.s.words.Say("certificate.no_decision")), nil
	}
	return step{open: &compareScreen{s: d.s, file: d.file}}, nil
}

func (c *compareScreen) Init() tea.Cmd {
	c.awaited = c.s.next()
	from, old, by, request := cases(c.s.store), revisions(c.s.store), c.s.by, c.awaited
	a, certificate := c.file.application.Clone(), c.file.certificate
	return func() tea.Msg {
		before, err := earlierOf(from, old, by, &a, certificate)
		return earlierRead{request, before, err}
	}
}

// earlierOf finds the revision that a resubmission replaced, the rejected application that the case follows, or the record
// that a renewal renews; nil where there is none.
func earlierOf(from cases, old revisions, by review.Actor, a *review.Application, c *review.Certificate) (*earlier, error) {
	if a.Revision > 1 {
		list, err := old.Revisions(by, a.Reference)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			return earlierFrom("compare.revision", &list[len(list)-1]), nil
		}
	}
	if a.Follows != "" {
		return earlierBy(from, by, "compare.follows", a.Follows)
	}
	if a.Kind == review.First || c == nil {
		return nil, nil
	}
	at := slices.IndexFunc(c.Versions, func(v review.CertificateVersion) bool { return v.Reference == a.Reference })
	if at < 0 {
		at = len(c.Versions)
	}
	for _, v := range slices.Backward(c.Versions[:at]) {
		if v.Void {
			continue
		}
		before := &earlier{title: "compare.record", form: v.Form, day: review.DateOf(v.IssuedAt), blind: true}
		if v.Reference == "" {
			return before, nil
		}
		behind, err := earlierBy(from, by, "compare.record", v.Reference)
		if behind != nil {
			before.files, before.blind = behind.files, false
		}
		return before, err
	}
	return nil, nil
}

func earlierFrom(title string, a *review.Application) *earlier {
	e := &earlier{title: title, form: a.Form, files: a.Attachments, day: review.DateOf(a.SubmittedAt)}
	if last, ok := a.LastDecision(); ok && last.Action == review.Reject {
		e.reasons = last.Reasons
	}
	return e
}

// earlierBy reads an application by its reference, nil where it lies out of scope.
func earlierBy(from cases, by review.Actor, title, reference string) (*earlier, error) {
	a, err := from.Application(by, reference)
	if errors.Is(err, review.ErrDenied) || errors.Is(err, review.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return earlierFrom(title, &a), nil
}

func (c *compareScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case earlierRead:
		if msg.request == c.awaited {
			c.awaited, c.before, c.err = 0, msg.before, msg.err
			return step{}, c.s.logged(msg.err)
		}
	case tea.KeyMsg:
		to, ok := c.s.keys.cursor(msg, c.first, c.last()+1, c.height)
		if !ok {
			return refuse(c.s.words.Say("key.unknown", Plain(msg.String()))), nil
		}
		c.first = to
	case tea.MouseMsg:
		c.first = wheel(msg, c.first, c.last()+1)
	}
	return step{}, nil
}

func (c *compareScreen) last() int { return max(len(c.lines())-c.height, 0) }

func (c *compareScreen) SetSize(width, height int) { c.width, c.height = width, height }
func (c *compareScreen) Capturing() bool           { return false }

func (c *compareScreen) View() string {
	lines := c.lines()
	return strings.Join(lines[min(c.first, c.last()):], "\n")
}

func (c *compareScreen) lines() []string {
	st, w, a := c.s.styles, c.s.words, c.file.application
	head := []string{" " + st.strong.Render(w.Say("compare.title", Plain(a.Reference)))}
	switch {
	case c.err != nil:
		return append(head, " "+st.bad.Render(cut(signBad+" "+w.Explain(c.err), max(c.width-2, 1))))
	case c.awaited != 0:
		return append(head, "  "+st.muted.Render(w.Say("list.reading")))
	case c.before == nil:
		return append(head, "  "+st.muted.Render(w.Say("compare.none")))
	}
	sh := &sheet{s: c.s, file: c.file, form: form{width: c.width, dense: true}}
	sh.labels = sh.labelWidth()
	changes := review.Compare(c.before.form, a.Form, c.before.files, a.Attachments)
	c.reasons(sh, changes)
	sh.heading(w.Say(c.before.title))
	shown := 0
	for _, change := range changes {
		shown += oneIf(c.change(sh, &change))
	}
	if shown == 0 {
		sh.paragraph(signGood, w.Say("compare.same"), st.good, 2, -1)
	}
	for _, line := range sh.lines {
		head = append(head, line.text)
	}
	return head
}

// reasons sets the reasons of the earlier round beside whether what they named has changed.
func (c *compareScreen) reasons(sh *sheet, changes []review.Change) {
	w := c.s.words
	for _, r := range c.before.reasons {
		switch {
		case r.Target == "":
			sh.paragraph(signInfo, w.ReasonGiven(&r), c.s.styles.info, 2, -1)
		case answered(changes, r.Target):
			sh.paragraph(signGood, w.ReasonGiven(&r)+w.Say("colon")+w.Say("compare.answered"), c.s.styles.good, 2, -1)
		default:
			sh.paragraph(signBad, w.ReasonGiven(&r)+w.Say("colon")+w.Say("compare.unanswered"), c.s.styles.bad, 2, -1)
		}
	}
}

// answered reports whether what a reason named is not as it was.
func answered(changes []review.Change, target review.Key) bool {
	return slices.ContainsFunc(changes, func(c review.Change) bool {
		return c.Key == target && c.Difference != review.Same
	})
}

// change adds the lines of one change; false for what tells nothing.
func (c *compareScreen) change(sh *sheet, change *review.Change) bool {
	w, a := c.s.words, c.file.application
	field, ok := review.FieldOf(change.Key)
	if !ok {
		return false
	}
	if field.Type == review.File {
		if c.before.blind {
			return false
		}
		sh.row("", w.Label(change.Key), w.Say("compare."+string(change.Difference)), c.s.styles.header, -1)
		return true
	}
	old := showAnswer(c.s, field, c.before.form, c.before.day, c.file.revealed)
	answer := showAnswer(c.s, field, a.Form, review.DateOf(a.SubmittedAt), c.file.revealed)
	for _, side := range []*string{&old, &answer} {
		if *side == "" {
			*side = w.Say("value.none")
		}
	}
	text := old + " → " + answer
	if old == answer {
		text = old + " " + w.Say("compare.masked")
	}
	sh.row(signWarn, w.Label(change.Key), text, c.s.styles.warn, -1)
	return true
}

func (c *compareScreen) ShortHelp() []key.Binding {
	k := c.s.keys
	return []key.Binding{k.down, k.up, k.back}
}

func (c *compareScreen) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }
