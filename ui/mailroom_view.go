package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// mailHead is how many lines stand over the list: the states with their counts, and the headings.
const mailHead = 2

// paneLinesOf is how many lines the mailing under the cursor takes; a low window has none.
func (m *mailroom) paneLines() int {
	switch {
	case m.height >= 18:
		return 6
	case m.height >= 12:
		return 3
	}
	return 0
}

func (m *mailroom) listHeight() int {
	pane := m.paneLines()
	return max(m.height-mailHead-pane-oneIf(pane > 0), 1)
}

func (m *mailroom) first() int { return scrolled(m.cursor, len(m.rows), m.listHeight()) }

func (m *mailroom) View() string {
	st := m.s.styles
	lines := append([]string{m.stateLine(), m.heading()}, block(m.list(), m.width, m.listHeight())...)
	if n := m.paneLines(); n > 0 {
		lines = append(append(lines, rule(st, m.width)), block(m.pane(), m.width, n)...)
	}
	return strings.Join(lines[:min(len(lines), max(m.height, 1))], "\n")
}

// stateLine names the states with their counts, the one that is shown in brackets.
func (m *mailroom) stateLine() string {
	st, w := m.s.styles, m.s.words
	var line strings.Builder
	line.WriteString(" ")
	for _, state := range review.LetterStates() {
		label := w.Say("letter." + string(state))
		if m.counts != nil {
			label += " " + strconv.Itoa(m.counts[state])
		}
		if state == m.state {
			line.WriteString(st.strong.Render("‹"+label+"›") + " ")
			continue
		}
		line.WriteString(st.muted.Render(" "+label+" ") + " ")
	}
	mark := ""
	if m.text != "" {
		mark = st.warn.Render(w.Say("mail.filtered", cut(Plain(m.text), 16))) + " "
	}
	return both(line.String(), mark, m.width)
}

// mailColumn is one column of the list; a give above 0 is left out in narrow windows, the highest first.
type mailColumn struct {
	title string
	width int
	give  int
	text  func(m *mailroom, a *review.Application, l *review.Letter) string
}

func (m *mailroom) columns() []mailColumn {
	w := m.s.words
	region := mailColumn{"column.region", 24, 0, func(m *mailroom, a *review.Application, _ *review.Letter) string {
		return m.masked(a, "region")
	}}
	reference := mailColumn{"column.reference", 16, 0, func(_ *mailroom, a *review.Application, _ *review.Letter) string { return a.Reference }}
	name := mailColumn{"column.recipient", 8, 1, func(m *mailroom, a *review.Application, _ *review.Letter) string { return m.masked(a, "recipient") }}
	number := mailColumn{"column.certificate", 14, 2, func(_ *mailroom, a *review.Application, _ *review.Letter) string { return a.Certificate }}
	since := mailColumn{"column.since", 10, 3, func(_ *mailroom, _ *review.Application, l *review.Letter) string { return dayOf(l.At) }}
	tracking := mailColumn{"column.tracking", 24, 0, func(m *mailroom, _ *review.Application, l *review.Letter) string {
		if l.Tracking == "" {
			return ""
		}
		return Plain(l.Carrier) + " " + l.Tracking
	}}
	why := mailColumn{"column.reason", 24, 0, func(_ *mailroom, _ *review.Application, l *review.Letter) string { return Plain(l.Note) }}
	list := []mailColumn{reference, region, name, number, since}
	switch m.state {
	case review.LetterToPrint:
		if m.replaces() {
			list = []mailColumn{reference, region, name, number, {"column.again", 8, 0, func(_ *mailroom, _ *review.Application, l *review.Letter) string {
				if l.Replaces == "" {
					return ""
				}
				return w.Say("mail.again_" + l.Replaces)
			}}, since}
		}
	case review.LetterSent:
		list = []mailColumn{reference, tracking, name, since, number}
	case review.LetterReturned:
		region.give = 2
		list = []mailColumn{reference, region, name, since, why}
	}
	return m.fitting(list)
}

// replaces reports whether a sheet in sight is to be printed in the place of another.
func (m *mailroom) replaces() bool {
	return slices.ContainsFunc(m.rows, func(a review.Application) bool { return a.Letter != nil && a.Letter.Replaces != "" })
}

// fitting leaves columns out until the rest has room.
func (m *mailroom) fitting(list []mailColumn) []mailColumn {
	for {
		used, worst := 4, -1
		for i, c := range list {
			if used += c.width + 1; c.give > 0 && (worst < 0 || c.give > list[worst].give) {
				worst = i
			}
		}
		if used <= m.width || worst < 0 {
			list = append([]mailColumn{}, list...)
			list[len(list)-1].width += max(m.width-used, 0) // the last one takes what is left
			return list
		}
		list = append(append([]mailColumn{}, list[:worst]...), list[worst+1:]...)
	}
}

func (m *mailroom) heading() string {
	line := "    "
	for _, c := range m.columns() {
		line += fit(m.s.words.Say(c.title), c.width) + " "
	}
	return m.s.styles.muted.Render(fit(line, m.width))
}

func (m *mailroom) list() []string {
	w, st := m.s.words, m.s.styles
	if len(m.rows) == 0 {
		text := w.Say("mail.empty." + string(m.state))
		switch {
		case m.err != nil:
			text = w.Explain(m.err)
		case m.awaited != 0:
			text = w.Say("mail.reading")
		case m.text != "":
			text = w.Say("mail.none_found")
		}
		return []string{"", "  " + st.muted.Render(cut(text, m.width-2))}
	}
	columns := m.columns()
	first := m.first()
	var lines []string
	for i := first; i < min(first+m.listHeight(), len(m.rows)); i++ {
		lines = append(lines, m.row(i, columns))
	}
	return lines
}

func (m *mailroom) row(i int, columns []mailColumn) string {
	a := &m.rows[i]
	l, _ := a.Posting()
	sign := " "
	switch {
	case m.marks[a.Reference]:
		sign = "*"
	case m.from == a.Reference:
		sign = "+"
	}
	line := sign + " "
	for _, c := range columns {
		line += fit(c.text(m, a, &l), c.width) + " "
	}
	return pointer(m.s.styles, i == m.cursor, line, m.width)
}

// masked is an answer as a list shows it.
func (m *mailroom) masked(a *review.Application, key review.Key) string {
	return Plain(m.answer(a, key, false))
}

func (m *mailroom) answer(a *review.Application, key review.Key, clear bool) string {
	field, ok := review.FieldOf(key)
	if !ok {
		return ""
	}
	show := review.Masked
	if clear {
		show = review.Show
	}
	return show(field, a.PostalForm(), m.s.policy, review.Date{}, m.s.words.Lang())
}

func (m *mailroom) carrierName(code string) string {
	if o, ok := m.s.policy.Carrier(code); ok {
		return o.Name(m.s.words.Lang())
	}
	return Plain(code)
}

// pane shows the mailing under the cursor: whom it goes to, and how far it is.
func (m *mailroom) pane() []string {
	a := m.selected()
	if a == nil {
		return nil
	}
	w, st := m.s.words, m.s.styles
	l, _ := a.Posting()
	clear := m.revealed == a.Reference
	at := func(key review.Key) string { return Plain(m.answer(a, key, clear)) }
	name := st.muted.Render(w.Say("mail.applicant")) + " " + at("name")
	lines := []string{
		" " + st.strong.Render(a.Reference) + "  " + a.Certificate + "  " + name,
		" " + st.muted.Render(w.Say("mail.to")) + " " + strings.TrimSpace(at("recipient")+"  "+at("recipient_phone")),
	}
	address := at("region")
	if clear {
		address += " " + at("street_address")
	} else {
		address += "  " + st.muted.Render(w.Say("mail.masked"))
	}
	lines = append(lines, wrapStyled(" "+address, m.width-1)...)
	return append(lines, m.progress(&l)...)
}

// progress says what has happened to the mailing.
func (m *mailroom) progress(l *review.Letter) []string {
	w := m.s.words
	text := w.Say("mail.since", w.Say("letter."+string(l.State)), timeOf(l.At), Plain(l.By))
	if l.By == "" {
		text = w.Say("mail.since_approval", w.Say("letter."+string(l.State)), timeOf(l.At))
	}
	lines := []string{" " + text}
	if l.Tracking != "" {
		lines = append(lines, " "+w.Say("mail.sent_as", m.carrierName(l.Carrier), l.Tracking, l.Sendings))
	}
	switch {
	case l.Replaces != "":
		lines = append(lines, " "+m.s.styles.warn.Render(signWarn+" "+w.Say("mail.replaces_"+l.Replaces))+" "+Plain(l.Note))
	case l.Note != "":
		lines = append(lines, " "+w.Say("mail.why", Plain(l.Note)))
	}
	return lines
}

func timeOf(at time.Time) string { return at.In(review.Zone).Format("2006-01-02 15:04") }

// wrapStyled breaks a line that may hold styles only where it is too long: then its styles go.
func wrapStyled(line string, width int) []string {
	if ansi.StringWidth(line) <= width {
		return []string{line}
	}
	return wrap(ansi.Strip(line), width)
}
