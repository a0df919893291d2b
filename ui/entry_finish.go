package ui

import (
	"cmp"
	"maps"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// filedID marks the doneMsg of a form that is being submitted, which has no reference yet.
const filedID = "filing"

// filed is what a form has become.
type filed struct{ application review.Application }

// finish lists everything that keeps the form from being submitted, with a jump to each, or asks whether to submit it.
func (e *entryScreen) finish() (step, tea.Cmd) {
	unchosen, chose := e.settle()
	if unchosen != "" {
		return refuse(unchosen), nil
	}
	next, cmd := e.leave(false)
	cmd = tea.Batch(chose, cmd)
	if e.Busy() && e.reading > 0 {
		return tell(e.s.words.Say("entry.reading_files")), cmd
	}
	problems := e.filing.Problems(e.known.Facts, e.s.policy, e.now)
	if len(problems) > 0 {
		for _, f := range e.fields {
			e.touched[f.Key] = true
		}
		return step{open: e.list(problems), say: next.say}, cmd
	}
	return step{open: newConfirm(e.s, e.summary(), e.submit)}, cmd
}

// list shows the problems, each a jump to its field.
func (e *entryScreen) list(problems []review.Problem) screen {
	options := make([]option, len(problems))
	for i, p := range problems {
		options[i] = option{string(p.Target), e.s.words.Problem(p)}
	}
	return newPicker(e.s, picker{title: e.s.words.Say("entry.problems", len(problems)), options: options, then: func(code string) (step, tea.Cmd) {
		return step{}, e.jump(review.Key(code))
	}})
}

// summary says what is about to be submitted.
func (e *entryScreen) summary() string {
	w := e.s.words
	area := e.filing.Form.Get("review_area")
	if area == "" && e.known.Facts.Certificate != nil && e.known.Facts.Certificate.Current() != nil {
		area = e.known.Facts.Certificate.Current().Area
	}
	return w.Say("entry.confirm", w.Say("kind."+string(e.filing.Kind)), Plain(e.name()), w.Area(area), len(e.filing.Submission("X", e.s.policy, e.now).Attachments))
}

// submit writes what has not been written, then takes the form into review: after the write that is under way, which must
// not bring back what was there before.
func (e *entryScreen) submit() tea.Cmd {
	e.filed = true
	to, account, clock, words := counter(e.s.store), e.s.by.Name, e.s.clock, e.s.words
	filing, data := e.filing, maps.Clone(e.keeping.data)
	order, number := e.keeping.order, e.keeping.order.next()
	return func() tea.Msg {
		now := clock()
		var a review.Application
		var refused error
		err := order.do(number, func() error {
			if err := to.SaveFiling(account, filing, data, now); err != nil {
				return err
			}
			a, refused = to.File(account, filing.ID(), now)
			return nil
		})
		if err = cmp.Or(err, refused); err != nil {
			return doneMsg{id: filedID, err: err}
		}
		return doneMsg{id: filedID, text: words.Say("entry.filed", a.Reference), made: filed{a}}
	}
}

// line is a line of the form; field is the index of the field that it belongs to, -1 for none.
type entryLine struct {
	text  string
	field int
}

func (e *entryScreen) View() string {
	lines, first := e.window()
	out := append([]string{e.headline()}, e.pinned()...)
	for _, line := range lines[first:min(first+e.rows(), len(lines))] {
		out = append(out, line.text)
	}
	return strings.Join(out, "\n")
}

func (e *entryScreen) rows() int { return max(e.height-1-len(e.pinned()), 1) }

// pinned are the reasons of the refusal that the form follows which name no field: nothing that is scrolled to would bring
// them in sight, so they stay there, in up to a third of the window.
func (e *entryScreen) pinned() []string {
	lines := e.reasons(e.earlier(""), 1, -1)
	most := min(len(lines), e.height/3)
	texts := make([]string, most)
	for i := range texts {
		texts[i] = lines[i].text
	}
	if most > 0 && most < len(lines) {
		texts[most-1] = cut(texts[most-1], max(e.width-2, 1)) + "…"
	}
	return texts
}

// window returns the lines of the form and the first in sight, so that the field under the cursor is whole as far as it
// fits.
func (e *entryScreen) window() ([]entryLine, int) {
	var lines []entryLine
	top, bottom := 0, 0
	section := review.Section("")
	for i, f := range e.fields {
		if f.Section != section {
			section = f.Section
			lines = append(lines, entryLine{e.heading(section), -1})
		}
		if i == e.at {
			top = len(lines)
		}
		lines = append(lines, e.row(i, f)...)
		if i == e.at {
			bottom = len(lines)
		}
	}
	rows := e.rows()
	first := max(min(top-rows/3, len(lines)-rows), 0)
	if bottom-first > rows {
		first = bottom - rows
	}
	if top < first || bottom-top > rows {
		first = top
	}
	return lines, first
}

// headline says what is typed, for whom, how far it is, and that it is kept.
func (e *entryScreen) headline() string {
	w, st := e.s.words, e.s.styles
	done, all := 0, 0
	for _, f := range e.fields {
		if !fixed(f) {
			all++
			if !e.open(f) {
				done++
			}
		}
	}
	kept := ""
	switch {
	case e.keeping.failed:
		kept = st.bad.Render(signBad + " " + w.Say("entry.unkept"))
	case !e.keeping.at.IsZero():
		kept = st.muted.Render(w.Say("entry.kept", e.keeping.at.In(review.Zone).Format("15:04")))
	}
	what := w.Say("kind." + string(e.filing.Kind))
	if e.filing.Reference != "" {
		what += " " + w.Say("entry.edits", e.filing.Reference)
	}
	if e.filing.Follows != "" {
		what += " " + w.Say("counter.follows", e.filing.Follows)
	}
	return both(" "+st.strong.Render(what)+"  "+w.Say("entry.progress", done, all), kept+" ", e.width)
}

func (e *entryScreen) heading(section review.Section) string {
	line := " " + e.s.words.Say("section."+string(section)) + " "
	fill := strings.Repeat(signRule, max(e.width-ansi.StringWidth(line)-2, 0))
	return e.s.styles.muted.Render(signRule+signRule) + e.s.styles.heading.Render(line) + e.s.styles.muted.Render(fill)
}

// labels is the width of the column of labels.
func (e *entryScreen) labels() int { return max(min(e.width*3/10, 32), 10) }

// row is a field: sign, label and answer, what is wrong with it, and under the cursor what helps to answer it.
func (e *entryScreen) row(i int, f *review.Field) []entryLine {
	st, w := e.s.styles, e.s.words
	lead := "  "
	if i == e.at {
		lead = st.key.Render(signCursor) + " "
	}
	labels, values := wrap(w.Label(f.Key), e.labels()), e.value(i, f)
	var lines []entryLine
	for n := range max(len(labels), len(values)) {
		front, sign := "  ", "  "
		if n == 0 {
			front, sign = lead, e.sign(f)+" "
		}
		label := fit(at(labels, n), e.labels())
		if i != e.at {
			label = st.label.Render(label)
		}
		lines = append(lines, entryLine{" " + front + sign + label + " " + at(values, n), i})
	}
	return append(lines, e.beneath(i, f)...)
}

// sign tells in one column how a field stands.
func (e *entryScreen) sign(f *review.Field) string {
	st := e.s.styles
	switch {
	case fixed(f):
		return " "
	case e.touched[f.Key] && len(e.refused(f.Key)) > 0:
		return st.bad.Render(signBad)
	case e.open(f) && e.filingUnconfirmed(f):
		return st.warn.Render("?")
	case e.open(f):
		return st.muted.Render(signUnseen)
	case len(e.findings[f.Key]) > 0:
		return st.warn.Render(signWarn)
	}
	return st.good.Render(signGood)
}

func (e *entryScreen) filingUnconfirmed(f *review.Field) bool {
	for _, p := range e.problems[f.Key] {
		if p.Code == "unconfirmed" {
			return true
		}
	}
	return false
}

// value is the answer as it is read, or the line in which it is typed.
func (e *entryScreen) value(i int, f *review.Field) []string {
	st, w := e.s.styles, e.s.words
	room := max(e.width-e.labels()-gutter-4, 8)
	shown := Plain(review.Show(f, e.filing.Form, e.s.policy, review.DateOf(e.now), w.Lang()))
	switch {
	case f.Type == review.File:
		return e.slot(i, f, room)
	case f.Type == review.Moment:
		given := f.Given(e.filing.Consent)
		if given.IsZero() {
			return []string{"[ ] " + st.muted.Render(w.Say("entry.not_given"))}
		}
		return []string{"[x] " + w.Say("entry.given", given.In(review.Zone).Format("2006-01-02 15:04"), Plain(e.s.by.Name))}
	case f.Type == review.YesNo && !e.touched[f.Key] && shown != "":
		return []string{st.muted.Render(shown)}
	case i == e.at && typed(f) && !fixed(f):
		return []string{e.input.View()}
	case i == e.at && f.Options != "" && !fixed(f):
		chosen := ""
		if shown != "" {
			chosen = st.strong.Render(cut(shown, max(room-8, 8))) + "  "
		}
		return []string{cut(chosen+"> "+Plain(e.input.Value())+st.selected.Render(" "), room)}
	}
	return wrap(shown, room)
}

// slot lists the files of a slot.
func (e *entryScreen) slot(i int, f *review.Field, room int) []string {
	here := e.filesOf(f.Key)
	if len(here) == 0 && e.held(f) {
		return []string{e.s.styles.muted.Render(e.s.words.Say("entry.held"))}
	}
	if len(here) == 0 {
		return []string{e.s.styles.muted.Render(e.s.words.Say("entry.no_files"))}
	}
	var lines []string
	for n, at := range here {
		line := e.s.measures(&e.filing.Attachments[at])
		if len(here) > 1 || i == e.at {
			lead := "  "
			if i == e.at && n == min(e.file, len(here)-1) {
				lead = signCursor + " "
			}
			line = lead + line
		}
		lines = append(lines, cut(line, room))
	}
	return lines
}

// held reports whether the record that is completed has the attachment already.
func (e *entryScreen) held(f *review.Field) bool {
	c := e.known.Facts.Certificate
	return e.filing.Kind == review.Completion && c != nil && c.Current() != nil && c.Current().Holds(f.Key)
}

// beneath is what stands under a field: what is wrong with it, what was said of it earlier, and under the cursor hint,
// options, calendar and the text of a declaration.
func (e *entryScreen) beneath(i int, f *review.Field) []entryLine {
	st, w := e.s.styles, e.s.words
	margin := e.labels() + gutter + 2
	if e.width < 72 {
		margin = gutter + 4
	}
	var lines []entryLine
	add := func(text string, style func(...string) string) {
		for _, line := range wrap(text, max(e.width-margin-1, 8)) {
			lines = append(lines, entryLine{strings.Repeat(" ", margin) + style(line), i})
		}
	}
	told := map[string]bool{} // what keeps the form back is no hint as well
	for _, p := range e.problems[f.Key] {
		switch {
		case p.Code == "unconfirmed" && i == e.at:
			add("? "+w.Code(p.Code, p.Args), st.warn.Render)
		case p.Code != "unconfirmed" && e.touched[f.Key]:
			add(signBad+" "+w.Code(p.Code, p.Args), st.bad.Render)
			told[p.Code] = true
		}
	}
	for _, p := range e.findings[f.Key] {
		if told[p.Code] {
			continue
		}
		if p.Severity != review.Block || f.Type != review.File {
			add(signWarn+" "+w.Code(p.Code, p.Args), st.warn.Render)
		}
	}
	lines = append(lines, e.reasons(e.earlier(f.Key), margin, i)...)
	if i != e.at {
		return lines
	}
	switch {
	case e.calendar != nil:
		for _, line := range e.calendar.view(e.s) {
			lines = append(lines, entryLine{strings.Repeat(" ", margin) + line, i})
		}
		return lines
	case f.Type == review.Moment:
		add(w.Say("consent."+string(f.Key)), st.header.Render)
	}
	if f.Person {
		add(e.born(), st.muted.Render)
	} else if hint := f.Hint(w.Lang()); hint != "" {
		add(hint, st.muted.Render)
	}
	if f.Options != "" && !fixed(f) && e.input.Value() != "" {
		lines = append(lines, e.choices(margin, i)...)
	}
	return lines
}

// born is what the number tells of the person.
func (e *entryScreen) born() string {
	id, err := review.ParseIdentity(e.filing.Person.Number, true, review.DateOf(e.now))
	if err != nil {
		return ""
	}
	return e.s.words.Say("counter.born", id.Birth.String(), review.AgeOn(id.Birth, review.DateOf(e.now)))
}

// reasons are those of the refusal that the form follows, as the applicant read them; what they are about stands beside.
func (e *entryScreen) reasons(list []review.Reason, margin, field int) []entryLine {
	var lines []entryLine
	for _, r := range list {
		r.Target = ""
		for _, line := range wrap(e.s.words.Say("entry.earlier", e.s.words.ReasonGiven(&r)), max(e.width-margin-1, 8)) {
			lines = append(lines, entryLine{strings.Repeat(" ", margin) + e.s.styles.warn.Render(line), field})
		}
	}
	return lines
}

// choices are the options that match what is typed, as many as the window has room for.
func (e *entryScreen) choices(margin, field int) []entryLine {
	matches := e.matches()
	most := max(min(e.rows()/2, 8), 3)
	first := scrolled(e.chosen, len(matches), most)
	var lines []entryLine
	for n, o := range matches[first:min(first+most, len(matches))] {
		mark := ""
		if e.filing.Form.Has(e.field().Key, o.Code) {
			mark = " " + signGood
		}
		line := pointer(e.s.styles, first+n == min(e.chosen, len(matches)-1), Plain(o.Name(e.s.words.Lang()))+mark, max(e.width-margin-2, 4))
		lines = append(lines, entryLine{strings.Repeat(" ", margin) + strings.TrimRight(line, " "), field})
	}
	if more := len(matches) - first - most; more > 0 {
		lines = append(lines, entryLine{strings.Repeat(" ", margin+2) + e.s.styles.muted.Render(e.s.words.Say("entry.more", more)), field})
	}
	return lines
}
