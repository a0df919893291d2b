package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// How the look-up answers: in sentences first, then with the certificate, or with those that fit.

// show lays the certificate out.
func (l *lookupScreen) show() {
	if l.answer == nil || l.answer.certificate == nil {
		l.pane.show(nil)
		return
	}
	l.pane.show(&caseFile{certificate: l.answer.certificate, today: l.answer.today, complete: true, revealed: l.answer.revealed})
	l.SetSize(l.width, l.height)
}

// daysBetween counts the days from one to another.
func daysBetween(from, to review.Date) int { return int(to.Time().Sub(from.Time()) / (24 * time.Hour)) }

// sentences are the answer in words: what the register holds, and the way from there.
func (l *lookupScreen) sentences() []notice {
	w, a := l.s.words, l.answer
	switch {
	case l.awaited != 0:
		return []notice{{informs, w.Say("mail.reading")}}
	case a == nil:
		return []notice{{informs, w.Say("lookup.ask")}}
	case l.s.offline() && errors.Is(a.err, review.ErrNotFound), l.s.offline() && a.err == nil && a.certificate == nil && !l.choosing():
		return []notice{{refused, w.Say("outside.only", l.s.term.Pack)}}
	case a.err != nil:
		return append([]notice{{refused, w.Explain(a.err)}}, l.ways(filedWays...)...)
	case l.choosing():
		return []notice{{informs, w.Say("lookup.several", len(a.several))}}
	case a.certificate == nil:
		return append([]notice{{refused, w.Say(l.noneKey())}}, l.ways(review.WayFirst, review.WayRenewal)...)
	}
	return l.standing(a.certificate)
}

func (l *lookupScreen) noneKey() string {
	if l.answer.person.IsZero() {
		return "lookup.none_named"
	}
	return "lookup.none"
}

func (l *lookupScreen) standing(c *review.Certificate) []notice {
	w, until := l.s.words, c.ValidUntil()
	switch state := certificateState(c, l.answer.today); {
	case state == "void":
		return append([]notice{{refused, w.Code("certificate_void", review.Args{"certificate": c.Number})}}, l.ways(review.WayFirst)...)
	case !c.RevokedOn.IsZero():
		why := c.RevokedFor
		if reason, ok := l.s.policy.RevokeReason(c.RevokedFor); ok {
			why = reason.Name(w.Lang())
		}
		return append([]notice{{refused, w.Say("lookup.revoked", c.Number, c.RevokedOn, Plain(why))}}, l.ways(review.WayFirst)...)
	case len(c.Missing) > 0:
		lacks := w.argument("fields", keyList(l.answer.lacks))
		return append([]notice{{refused, w.Say("lookup.incomplete", c.Number, lacks)}}, l.completionWay()...)
	case until.Before(l.answer.today):
		return append([]notice{{refused, w.Say("lookup.expired", c.Number, until, daysBetween(until, l.answer.today))}}, l.ways(review.WayRenewal)...)
	}
	return append([]notice{{succeeded, strings.TrimSpace(w.Say("lookup.valid", c.Number, until) + "  " + w.Ahead(c, l.answer.today))}}, l.ways(review.WayRenewal)...)
}

func (l *lookupScreen) completionWay() []notice {
	w := l.s.words
	switch why := l.answer.shut; {
	case l.s.by.Role != review.Clerk:
		return []notice{{informs, w.Say("lookup.complete_clerk")}}
	case why != nil:
		return []notice{{informs, w.Say("kind.completion") + w.Say("lookup.closed") + w.Say("colon") + w.Code(why.Code, why.Args)}}
	}
	return []notice{{informs, w.Say("lookup.complete_here")}}
}

// filedWays are those that lead to a form; their numbers are the keys of a person's page.
var filedWays = []review.WayName{review.WayFirst, review.WayRenewal}

// ways says of each of the ways whether it is open, and by which key, or why not.
func (l *lookupScreen) ways(names ...review.WayName) []notice {
	w := l.s.words
	var list []notice
	for _, way := range l.answer.ways {
		if !slices.Contains(names, way.Name) {
			continue
		}
		text := w.Say("kind." + string(way.Name))
		if way.Open {
			text += w.Say("lookup.open", 1+slices.Index(filedWays, way.Name))
		} else {
			text += w.Say("lookup.closed")
		}
		if way.Code != "" {
			text += w.Say("colon") + w.Code(way.Code, way.Args)
		}
		list = append(list, notice{informs, text})
	}
	return list
}

func (l *lookupScreen) headLines() []string {
	st, w := l.s.styles, l.s.words
	lines := []string{fit(" "+st.strong.Render(w.Say("lookup.title"))+"  > "+l.line(), l.width), rule(st, l.width)}
	for _, n := range l.sentences() {
		sign, style := st.info.Render(signInfo), st.header
		switch n.kind {
		case succeeded:
			sign, style = st.good.Render(signGood), st.good
		case refused:
			sign, style = st.warn.Render(signWarn), st.warn
		}
		for i, line := range wrapLines(n.text, max(l.width-4, 1)) {
			if i > 0 {
				sign = " "
			}
			lines = append(lines, " "+sign+" "+style.Render(line))
		}
	}
	return lines
}

// wrapLines wraps a text that may have several lines.
func wrapLines(text string, width int) []string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		lines = append(lines, wrap(line, width)...)
	}
	return lines
}

// line is what was asked; an identity number stays masked once it was looked up.
func (l *lookupScreen) line() string {
	if l.typing {
		return l.input.View()
	}
	if text := review.CleanIdentity(l.asked); len(text) == 18 && !strings.Contains(text, "-") {
		if _, err := review.ParseIdentity(text, true, review.DateOf(l.s.clock())); err == nil {
			return review.MaskIdentity(text)
		}
	}
	return Plain(l.asked)
}

func (l *lookupScreen) bodyHeight() int { return max(l.height-len(l.headLines()), 1) }

func (l *lookupScreen) View() string {
	lines := l.headLines()
	height := max(l.height-len(lines), 0)
	switch {
	case l.choosing():
		lines = append(lines, block(l.choices(height), l.width, height)...)
	case l.answer != nil && l.answer.certificate != nil && l.awaited == 0:
		lines = append(lines, block(l.pane.view(), l.width, height)...)
	}
	return strings.Join(block(lines, l.width, l.height), "\n")
}

func (l *lookupScreen) choices(height int) []string {
	w := l.s.words
	first := scrolled(l.cursor, len(l.answer.several), max(height, 1))
	var lines []string
	for i := first; i < min(first+height, len(l.answer.several)); i++ {
		c := &l.answer.several[i]
		v := c.Current()
		name := ""
		if v != nil {
			name = Plain(review.MaskName(v.Form.Get("name"))) + "  " + review.MaskIdentity(c.Person.Number) + "  " + w.Area(v.Area)
		}
		text := c.Number + "  " + fit(w.Say("certificate_state."+certificateState(c, l.answer.today)), 12) + name
		lines = append(lines, pointer(l.s.styles, i == l.cursor, text, l.width))
	}
	return lines
}
