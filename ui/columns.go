package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"rongzheng/review"
	"rongzheng/store"
)

// column is one column of a list. Columns with the highest give are left out first when the window is narrow.
type column struct {
	title string // key of the heading
	zh    int    // width in Chinese
	en    int    // width in English
	give  int
	cell  func(l *list, row *store.Row) cell
}

// cell is what a row shows in a column; the style never says what the text does not.
type cell struct {
	text  string
	style lipgloss.Style
}

// columnsOf returns the columns of a queue.
func columnsOf(queue store.QueueName) []column {
	reference := column{"column.reference", 16, 16, 0, func(l *list, r *store.Row) cell { return l.plain(r.Application.Reference) }}
	kind := column{"column.kind", 4, 10, 3, func(l *list, r *store.Row) cell {
		return l.plain(l.s.words.Say("kind_short." + string(r.Application.Kind)))
	}}
	name := column{"column.name", 8, 8, 1, func(l *list, r *store.Row) cell { return l.plain(rowName(r)) }}
	area := column{"column.area", 12, 16, 2, func(l *list, r *store.Row) cell { return l.plain(l.s.words.Area(rowArea(r))) }}
	level := column{"column.level", 14, 18, 4, func(l *list, r *store.Row) cell { return l.plain(l.s.words.Level(r.Application.Level)) }}
	due := column{"column.due", 14, 16, 0, (*list).due}
	change := column{"column.change", 6, 9, 3, (*list).unchanged}
	changed := column{"column.changed", 10, 10, 1, func(l *list, r *store.Row) cell { return l.plain(dayOf(r.Application.ChangedAt)) }}
	state := column{"column.state", 24, 30, 1, func(l *list, r *store.Row) cell { return l.plain(l.s.words.state(r.Application)) }}
	number := column{"column.certificate", 14, 14, 2, func(l *list, r *store.Row) cell { return l.plain(r.Application.Certificate) }}
	switch queue {
	case store.Certificates:
		return certificateColumns(name, area)
	case store.Pending:
		return []column{reference, kind, name, area, change, due}
	case store.Waiting, store.Held:
		return []column{reference, kind, name, area, level, change, due}
	case store.Approved:
		return []column{reference, kind, name, area, number, changed}
	case store.Rejected:
		return []column{reference, kind, name, area, level, changed}
	}
	return []column{reference, kind, name, area, state}
}

func certificateColumns(name, area column) []column {
	number := column{"column.certificate", 14, 14, 0, func(l *list, r *store.Row) cell { return l.plain(r.Certificate.Number) }}
	level := column{"column.credential", 16, 24, 4, func(l *list, r *store.Row) cell {
		return l.plain(l.s.words.Option("level", rowForm(r).Get("level")))
	}}
	until := column{"column.valid_until", 10, 11, 1, func(l *list, r *store.Row) cell {
		return l.plain(r.Certificate.ValidUntil().String())
	}}
	state := column{"column.state", 10, 10, 0, func(l *list, r *store.Row) cell {
		standing := l.certificateState(r.Certificate)
		return cell{l.s.words.Say("certificate_state." + standing), l.s.certificateStyle(standing)}
	}}
	return []column{number, name, level, area, until, state}
}

// certificateState is the standing of a certificate today, with "void" for a number that was taken back.
func (l *list) certificateState(c *review.Certificate) string { return certificateState(c, l.today) }

func certificateState(c *review.Certificate, today review.Date) string {
	if c.Void {
		return "void"
	}
	return string(c.State(today))
}

func (s *session) certificateStyle(standing string) lipgloss.Style {
	switch standing {
	case string(review.Valid):
		return s.styles.good
	case string(review.Expired), string(review.Incomplete):
		return s.styles.warn
	}
	return s.styles.bad
}

func (l *list) plain(text string) cell { return cell{Plain(text), l.s.styles.header} }

func rowForm(r *store.Row) review.Form {
	if r.Application != nil {
		return r.Application.Form
	}
	if v := r.Certificate.Told(); v != nil {
		return v.Form
	}
	return review.Form{}
}

// rowName is the masked name; a completion states none and is told by that of the certificate, else by the end of the identity
// number.
func rowName(r *store.Row) string {
	form := rowForm(r)
	if name := cmp.Or(form.Get("name"), r.Holder); name != "" {
		return review.MaskName(name)
	}
	number := []rune(review.MaskIdentity(form.Get("id_number")))
	return "*" + string(number[max(len(number)-4, 0):])
}

func rowArea(r *store.Row) string {
	if r.Application != nil {
		return r.Application.Area
	}
	if v := r.Certificate.Told(); v != nil {
		return v.Area
	}
	return ""
}

func dayOf(t time.Time) string { return review.DateOf(t).String() }

// due says how many working days are left for the decision of the level; what is overdue has a sign and a colour.
func (l *list) due(r *store.Row) cell {
	text, _ := l.s.left(r.Application, l.today)
	if r.Application.Held && l.queue != store.Held {
		text = l.s.words.Say("held.mark") + " " + text
	}
	if r.Lease != nil {
		text = l.s.words.Say("outside.mark") + " " + text
	}
	switch {
	case text == "":
		return cell{"", l.s.styles.header}
	case l.groupOf(r.Application) == overdue:
		return cell{signWarn + " " + text, l.s.styles.bad}
	case l.groupOf(r.Application) == dueSoon:
		return cell{signSoon + " " + text, l.s.styles.warn}
	}
	return cell{"  " + text, l.s.styles.header}
}

// unchanged marks a renewal in which there is nothing new to read.
func (l *list) unchanged(r *store.Row) cell {
	switch a := r.Application; {
	case a.Revision > 1:
		return cell{l.s.words.Say("resubmitted.mark", a.Revision), l.s.styles.info}
	case a.Follows != "":
		return cell{l.s.words.Say("follows.mark"), l.s.styles.info}
	case !a.Unchanged:
		return cell{"", l.s.styles.header}
	}
	return cell{l.s.words.Say("unchanged.mark"), l.s.styles.good}
}

// unseen says how many attachments must still be looked at before the approval.
func (l *list) unseen(r *store.Row) cell {
	if r.Unseen == 0 {
		return cell{signGood, l.s.styles.good}
	}
	return cell{signUnseen + strconv.Itoa(r.Unseen), l.s.styles.header}
}

// left says how many working days are left until the due day, and whether it has passed.
func (s *session) left(a *review.Application, today review.Date) (text string, late bool) {
	if a.DueOn.IsZero() {
		return "", false
	}
	days, estimated := s.policy.Calendar.WorkdaysBetween(today, a.DueOn)
	switch {
	case a.DueOn.Before(today):
		text, late = s.words.Say("due.over", max(-days, 1)), true
	case days == 0:
		text = s.words.Say("due.today")
	default:
		text = s.words.Say("due.left", days)
	}
	if estimated || a.DueEstimated {
		text = s.words.Say("due.estimated", text)
	}
	return text, late
}

// fitted returns the columns that a window of the width has room for.
func (l *list) fitted(width int) []column {
	columns := columnsOf(l.queue)
	if l.s.by.Role == review.Reviewer && len(l.s.by.Areas) == 1 { // all that the account sees lies in its one area
		columns = slices.DeleteFunc(columns, func(c column) bool { return c.title == "column.area" })
	}
	if l.queue == store.Pending && len(l.s.policy.Seen) > 0 {
		columns = slices.Insert(columns, len(columns)-1, column{"column.unseen", 4, 6, 0, (*list).unseen})
	}
	if l.anyInHand() {
		columns = append(slices.Clone(columns), column{"column.claim", 8, 10, 5, (*list).inHand})
	}
	for {
		needed, give := 2, 0
		for i, c := range columns {
			needed += l.columnWidth(c) + 1
			if c.give > columns[give].give {
				give = i
			}
		}
		if needed <= width+1 || columns[give].give == 0 {
			return columns
		}
		columns = append(columns[:give:give], columns[give+1:]...)
	}
}

func (l *list) columnWidth(c column) int {
	if l.s.words.Lang() == review.English {
		return c.en
	}
	return c.zh
}

// headings is the line above the rows.
func (l *list) headings(width int) string {
	var line strings.Builder
	line.WriteString("  ")
	for _, c := range l.fitted(width) {
		title := l.s.words.Say(c.title)
		if c.title == "column.due" {
			title = "  " + title
		}
		line.WriteString(fit(title, l.columnWidth(c)) + " ")
	}
	return l.s.styles.muted.Render(fit(strings.TrimSuffix(line.String(), " "), width))
}

// view draws the rows that there are, or says why there are none.
func (l *list) view(width int) []string {
	if l.err != nil && len(l.rows) == 0 {
		return []string{" " + l.s.styles.bad.Render(cut(signBad+" "+l.s.words.Explain(l.err), max(width-2, 1)))}
	}
	if len(l.rows) == 0 {
		return l.emptiness(width)
	}
	columns := l.fitted(width)
	lines := make([]string, 0, len(l.rows)+int(dueGroups))
	last := dueGroup(-1)
	for i := range l.rows {
		if l.sectioned() {
			if g := l.groupOf(l.rows[i].Application); g != last {
				last = g
				lines = append(lines, l.section(g, width))
			}
		}
		lines = append(lines, l.line(&l.rows[i], columns, width, i == l.cursor))
	}
	return lines
}

func (l *list) emptiness(width int) []string {
	key := "list.empty." + string(l.queue)
	switch {
	case l.looking():
		key = "list.looking"
	case l.fetching():
		key = "list.reading"
	case l.text != "" && l.queue == store.Certificates:
		key = "list.empty.certificates_filtered"
	case l.text != "":
		key = "list.empty.filtered"
	}
	lines := []string{"", "  " + l.s.styles.muted.Render(cut(l.s.words.Say(key), max(width-3, 1)))}
	if l.s.offline() && l.text != "" && !l.looking() && !l.fetching() {
		lines = append(lines, "  "+l.s.styles.info.Render(cut(l.s.words.Say("outside.nothing", l.s.term.Pack), max(width-3, 1))))
	}
	if where := l.tellElsewhere(); where != "" && !l.fetching() && !l.looking() {
		for _, line := range wrap(where, max(width-3, 1)) {
			lines = append(lines, "  "+l.s.styles.info.Render(line))
		}
	}
	return lines
}

// line draws one row. The selected one is marked by its sign and reversed as a whole, other colours left out.
func (l *list) line(row *store.Row, columns []column, width int, here bool) string {
	lead := " "
	if here {
		lead = signCursor
	}
	lead += l.marks.sign(rowID(row))
	gone := l.gone == rowID(row)
	var line strings.Builder
	line.WriteString(lead)
	for i, c := range columns {
		shown := c.cell(l, row)
		if gone && i == len(columns)-1 {
			shown = cell{"- " + l.s.words.Say("live.gone"), l.s.styles.muted}
		}
		text := fit(shown.text, l.columnWidth(c))
		if !here {
			text = shown.style.Render(text)
		}
		line.WriteString(text + " ")
	}
	text := fit(strings.TrimSuffix(line.String(), " "), width)
	if here {
		return l.s.styles.selected.Render(text)
	}
	return text
}
