package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
	"rongzheng/store"
)

// pair lays two records out side by side; in a narrow window one below the other, answer by answer.
type pair struct {
	s        *session
	width    int
	revealed bool
	lines    []string
}

// pairFrom is the width from which both stand side by side.
const pairFrom = 72

func (p *pair) text(style func(...string) string, text string) {
	for _, line := range wrap(text, max(p.width-2, 8)) {
		p.lines = append(p.lines, " "+style(line))
	}
}

// side is what is shown of one of the two records.
type side struct {
	name, standing, area, day string
	form                      review.Form
	on                        review.Date // on which ages are meant
	files                     []review.Attachment
}

func (p *pair) sideOf(a *review.Application) side {
	return side{
		Plain(a.Reference), p.s.words.state(a), p.s.words.Area(a.Area), dayOf(a.SubmittedAt), a.Form, review.DateOf(a.SubmittedAt),
		a.Attachments,
	}
}

func (p *pair) sideOfRecord(c *review.Certificate) side {
	shown := side{name: Plain(c.Number), standing: p.s.words.Say("certificate_state." + certificateState(c, review.DateOf(p.s.clock())))}
	if v := c.Current(); v != nil {
		shown.area, shown.day, shown.form, shown.on = p.s.words.Area(v.Area), dayOf(v.IssuedAt), v.Form, review.DateOf(v.IssuedAt)
	}
	return shown
}

// compare adds everything that both records hold, what is the same with its sign: first what the checks have found to
// be the same, then the rest.
func (p *pair) compare(a *review.Application, one *store.Alike, found []review.Key) {
	w := p.s.words
	this, other := p.sideOf(a), side{}
	if one.Application != nil {
		other = p.sideOf(one.Application)
	} else {
		other = p.sideOfRecord(one.Certificate)
	}
	p.lines = append(p.lines, rule(p.s.styles, p.width))
	p.row(w.Say("alike.record"), this.name, other.name, false)
	p.row("", this.standing, other.standing, false)
	p.row(w.Label("review_area"), this.area, other.area, false)
	p.row(w.Say("alike.submitted"), this.day, other.day, false)
	p.lines = append(p.lines, rule(p.s.styles, p.width))
	before := len(p.lines)
	for _, f := range review.Fields() {
		if slices.Contains(found, f.Key) {
			p.field(&f, &this, &other)
		}
	}
	if len(p.lines) > before {
		p.lines = append(p.lines, rule(p.s.styles, p.width))
	}
	for _, f := range review.Fields() {
		if !slices.Contains(found, f.Key) {
			p.field(&f, &this, &other)
		}
	}
}

func (p *pair) field(f *review.Field, this, other *side) {
	switch {
	case f.Type == review.File:
		p.files(f, this.files, other.files)
	case f.Type != review.Moment && f.Section != review.Mailing && f.Key != "review_area":
		p.answer(f, this, other)
	}
}

func (p *pair) answer(f *review.Field, this, other *side) {
	mine, theirs := p.shown(f, this), p.shown(f, other)
	if mine == "" && theirs == "" {
		return
	}
	same := mine != "" && p.clear(f, this) == p.clear(f, other)
	if !same && mine == theirs {
		mask := " " + p.s.words.Say("compare.masked")
		mine, theirs = mine+mask, theirs+mask
	}
	p.row(p.s.words.Label(f.Key), mine, theirs, same)
}

func (p *pair) shown(f *review.Field, of *side) string {
	return showAnswer(p.s, f, of.form, of.on, p.revealed)
}
func (p *pair) clear(f *review.Field, of *side) string {
	return showAnswer(p.s, f, of.form, of.on, true)
}

// files tells how many files of a slot each has, and how many are in both, whatever slot they stand in there.
func (p *pair) files(f *review.Field, this, other []review.Attachment) {
	mine, n := p.count(f, this, other)
	theirs, m := p.count(f, other, this)
	if mine != "" || theirs != "" {
		p.row(p.s.words.Label(f.Key), mine, theirs, n+m > 0)
	}
}

func (p *pair) count(f *review.Field, files, others []review.Attachment) (text string, shared int) {
	n := 0
	for _, at := range files {
		if at.Slot != f.Key {
			continue
		}
		n++
		shared += oneIf(slices.ContainsFunc(others, func(o review.Attachment) bool { return o.SHA256 == at.SHA256 }))
	}
	switch {
	case n == 0:
		return "", 0
	case shared > 0:
		return p.s.words.Say("alike.same_files", n, shared), shared
	}
	return p.s.words.Say("alike.files", n), 0
}

// row adds one line of both, or in a narrow window one for each.
func (p *pair) row(label, mine, theirs string, same bool) {
	st, w := p.s.styles, p.s.words
	sign := "  "
	if same {
		sign = st.warn.Render("=") + " "
	}
	for _, text := range []*string{&mine, &theirs} {
		if *text == "" {
			*text = w.Say("value.none")
		}
	}
	if p.width < pairFrom {
		if same && mine == theirs {
			p.lines = append(p.lines, " "+sign+st.label.Render(cut(label, max(p.width-4, 1))))
			p.narrow(w.Say("alike.both"), mine)
			return
		}
		if label != "" {
			p.lines = append(p.lines, " "+sign+st.label.Render(cut(label, max(p.width-4, 1))))
		}
		for i, text := range []string{mine, theirs} {
			p.narrow(w.Say([]string{"alike.this", "alike.other"}[i]), text)
		}
		return
	}
	labels := min(max(p.width/4, 16), 34)
	column := max((p.width-labels-9)/2, 8)
	left, right, title := wrap(mine, column), wrap(theirs, column), wrap(label, labels)
	for i := range max(len(left), len(right), len(title)) {
		if i > 0 {
			sign = "  "
		}
		p.lines = append(p.lines, " "+sign+st.label.Render(fit(at(title, i), labels))+"  "+
			fit(at(left, i), column)+st.muted.Render(" "+signSide+" ")+at(right, i))
	}
}

// narrow adds whose answer it is, and the answer.
func (p *pair) narrow(whose, text string) {
	lead := whose + "  "
	for _, line := range wrap(text, max(p.width-6-ansi.StringWidth(lead), 8)) {
		p.lines = append(p.lines, "     "+p.s.styles.muted.Render(lead)+line)
		lead = strings.Repeat(" ", ansi.StringWidth(lead))
	}
}
