package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
)

// item is something in a case that the cursor can stand on: a field or one attachment.
type item struct {
	key        review.Key
	attachment int  // index among the application's attachments, -1 for a field
	doubtful   bool // the automatic checks have found something about it
}

// paneLine is one line of a case; item is the index of what it belongs to, -1 for none.
type paneLine struct {
	text string
	item int
}

// form says how a case is laid out: dense without empty lines, for a low window; brief with the findings at the top, for
// a window that shows the beginning of the case only.
type form struct {
	width        int
	dense, brief bool
}

// sheet lays a case out as lines of a width.
type sheet struct {
	form
	s      *session
	file   *caseFile
	labels int // width of the column of labels
	lines  []paneLine
	items  []item
}

// gutter is the room for the cursor and for the sign of a finding.
const gutter = 4

// layout returns the lines of a case and the items in them.
func layout(s *session, file *caseFile, as form) ([]paneLine, []item) {
	sh := &sheet{s: s, file: file, form: as}
	sh.labels = sh.labelWidth()
	if file.application != nil {
		sh.application()
	} else {
		sh.registered()
	}
	sh.timeline()
	return sh.lines, sh.items
}

// labelWidth is as wide as the longest label, within reason.
func (sh *sheet) labelWidth() int {
	longest := 0
	for _, f := range review.Fields() {
		longest = max(longest, ansi.StringWidth(sh.s.words.Label(f.Key)))
	}
	return min(longest, max(min(sh.width*7/20, 36), 8))
}

func (sh *sheet) add(text string, on int) { sh.lines = append(sh.lines, paneLine{text, on}) }

func (sh *sheet) heading(title string) {
	if !sh.dense {
		sh.add("", -1)
	}
	line := " " + title + " "
	fill := strings.Repeat(signRule, max(sh.width-ansi.StringWidth(line)-2, 0))
	sh.add(sh.s.styles.muted.Render(signRule+signRule)+sh.s.styles.heading.Render(line)+sh.s.styles.muted.Render(fill), -1)
}

// paragraph adds a text that may need several lines, all in one style, with a sign before the first.
func (sh *sheet) paragraph(sign, text string, style lipgloss.Style, indent, on int) {
	for i, line := range wrap(text, max(sh.width-indent-2, 8)) {
		lead := sign + " "
		if i > 0 || sign == "" {
			lead = "  "
		}
		sh.add(strings.Repeat(" ", indent)+style.Render(lead+line), on)
	}
}

// row adds a label and a value, each wrapped in its own column.
func (sh *sheet) row(sign, label, value string, style lipgloss.Style, on int) {
	labels, values := wrap(label, sh.labels), wrap(value, max(sh.width-gutter-sh.labels-2, 8))
	for i := range max(len(labels), len(values)) {
		lead, rest := strings.Repeat(" ", gutter), ""
		if i == 0 {
			lead = "  " + fit(sign, 2)
		}
		if i < len(values) {
			rest = "  " + style.Render(values[i])
		}
		sh.add(lead+sh.s.styles.label.Render(fit(at(labels, i), sh.labels))+rest, on)
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func (sh *sheet) application() {
	a, w, st := sh.file.application, sh.s.words, sh.s.styles
	title := st.strong.Render(Plain(a.Reference)) + "  " + w.Say("kind."+string(a.Kind)) + "  " +
		st.muted.Render(w.Say("case.revision", a.Revision)+" · "+w.Area(a.Area))
	sh.add("  "+title, -1)
	sh.add("  "+sh.standing(a), -1)
	if a.Follows != "" {
		sh.add("  "+st.muted.Render(w.Say("case.follows", Plain(a.Follows))), -1)
	}
	if last, ok := a.LastDecision(); ok && a.State == review.Rejected {
		for _, r := range last.Reasons {
			sh.paragraph(signBad, w.ReasonGiven(&r), st.bad, 2, -1)
		}
	}
	if a.Unchanged {
		sh.paragraph(signGood, w.Say("case.unchanged"), st.good, 2, -1)
	}
	if a.Held {
		sh.paragraph(signWarn, w.Say("case.held", Plain(a.HeldNote)), st.warn, 2, -1)
	}
	if sh.file.note != "" {
		sh.paragraph(signInfo, w.Say("case.note", Plain(sh.file.note)), st.info, 2, -1)
	}
	sh.claimed()
	sh.outsideLine()
	sh.latest()
	sh.half()
	sh.earlierRound()
	sh.findings()
	for _, section := range review.Sections() {
		sh.section(section)
	}
	if sh.file.certificate != nil {
		sh.certificate()
	}
}

// standing is the state with the due day in working days.
func (sh *sheet) standing(a *review.Application) string {
	line := sh.s.words.state(a)
	left, late := sh.s.left(a, sh.file.today)
	if left == "" {
		return line
	}
	key := "case.due"
	if a.DueEstimated {
		key = "case.due_estimated"
	}
	line += "  " + sh.s.words.Say(key, a.DueOn.String())
	if late {
		return line + " " + sh.s.styles.bad.Render(signWarn+" "+left)
	}
	return line + " " + left
}

// findings sums up the automatic checks, and names those that belong to no line below; a brief form names all that
// matter.
func (sh *sheet) findings() {
	w, st := sh.s.words, sh.s.styles
	if sh.file.err != nil {
		sh.paragraph(signBad, w.Explain(sh.file.err), st.bad, 2, -1)
		return
	}
	if sh.file.application.State != review.InReview {
		return
	}
	if !sh.file.complete {
		sh.add("  "+st.muted.Render(w.Say("checks.reading")), -1)
		return
	}
	if len(sh.file.checks) == 0 {
		sh.add("  "+st.good.Render(signGood+" "+w.Say("checks.none")), -1)
		return
	}
	var parts []string
	for _, severity := range []review.Severity{review.Block, review.Warn, review.Info} {
		n := 0
		for _, p := range sh.file.checks {
			n += oneIf(p.Severity == severity)
		}
		if n > 0 {
			sign, style := sh.s.sign(severity)
			parts = append(parts, style.Render(sign+" "+w.Say("checks."+string(severity), n)))
		}
	}
	sh.add("  "+strings.Join(parts, "   "), -1)
	for _, p := range sh.file.checks {
		if _, ok := review.FieldOf(p.Target); !ok || sh.brief && p.Severity != review.Info {
			sign, style := sh.s.sign(p.Severity)
			sh.paragraph(sign, w.Problem(p), style, 2, -1)
		}
	}
}

// sign is how a finding is marked.
func (s *session) sign(severity review.Severity) (string, lipgloss.Style) {
	switch severity {
	case review.Block, review.Refuse:
		return signBad, s.styles.bad
	case review.Warn:
		return signWarn, s.styles.warn
	}
	return signInfo, s.styles.info
}

// section adds the fields that the application asks for, and any other that was answered all the same.
func (sh *sheet) section(section review.Section) {
	first := true
	for _, f := range review.FieldsOf(section) {
		if !sh.shows(&f) {
			continue
		}
		if first {
			sh.heading(sh.s.words.Say("section." + string(section)))
			first = false
		}
		sh.field(&f)
	}
}

// shows reports whether a field has a line in the case.
func (sh *sheet) shows(f *review.Field) bool {
	a := sh.file.application
	asked, _ := f.Asked(a.Kind, a.Form, sh.s.policy)
	return asked || len(a.Form[f.Key]) > 0 || len(a.Attached(f.Key)) > 0
}

// field adds one field or slot with what the checks say of it beneath.
func (sh *sheet) field(f *review.Field) {
	problems := slices.DeleteFunc(slices.Clone(sh.file.checks), func(p review.Problem) bool { return p.Target != f.Key })
	before := sh.file.rejectedFor(f.Key)
	sign := cmp.Or(worst(sh.s, problems), sh.unanswered(before))
	on := len(sh.items)
	if f.Type == review.File {
		sh.files(f, sign)
	} else {
		sh.items = append(sh.items, item{key: f.Key, attachment: -1})
		sh.row(sign, sh.s.words.Label(f.Key), sh.value(f), sh.s.styles.header, on)
	}
	sh.items[on].doubtful = len(problems) > 0 || sh.unanswered(before) != ""
	for _, p := range problems {
		mark, style := sh.s.sign(p.Severity)
		sh.paragraph(mark, sh.s.words.Code(p.Code, p.Args), style, gutter+sh.labels, on)
	}
	for i := range before {
		mark, text, style := sh.s.tellEarlier(&before[i], false)
		sh.paragraph(mark, text, style, gutter+sh.labels, on)
	}
}

func worst(s *session, problems []review.Problem) string {
	for _, severity := range []review.Severity{review.Block, review.Warn, review.Info} {
		if slices.ContainsFunc(problems, func(p review.Problem) bool { return p.Severity == severity }) {
			sign, style := s.sign(severity)
			return style.Render(sign)
		}
	}
	return ""
}

// value is the answer as it may be seen.
func (sh *sheet) value(f *review.Field) string {
	a, w := sh.file.application, sh.s.words
	if f.Type == review.Moment {
		if given := f.Given(a.Consent); !given.IsZero() {
			return given.In(review.Zone).Format("2006-01-02 15:04:05")
		}
		return w.Say("value.none")
	}
	if shown := showAnswer(sh.s, f, a.Form, review.DateOf(a.SubmittedAt), sh.file.revealed); shown != "" {
		return shown
	}
	return w.Say("value.none")
}

func showAnswer(s *session, f *review.Field, form review.Form, day review.Date, revealed bool) string {
	if revealed {
		return Plain(review.Show(f, form, s.policy, day, s.words.Lang()))
	}
	return Plain(review.Masked(f, form, s.policy, day, s.words.Lang()))
}

// files adds a line for each file of a slot.
func (sh *sheet) files(f *review.Field, sign string) {
	label, n := sh.s.words.Label(f.Key), 0
	for i, at := range sh.file.application.Attachments {
		if at.Slot != f.Key {
			continue
		}
		if n++; n > 1 {
			label, sign = "", ""
		}
		sh.items = append(sh.items, item{key: f.Key, attachment: i})
		sh.row(sign, label, strings.TrimLeft(sh.s.sight(sh.file, &at)+"  ", " ")+Plain(at.File)+"  "+sh.s.measures(&at), sh.s.styles.header, len(sh.items)-1)
	}
	if n == 0 {
		sh.items = append(sh.items, item{key: f.Key, attachment: -1})
		sh.row(sign, label, sh.s.words.Say("value.no_file"), sh.s.styles.muted, len(sh.items)-1)
	}
}

// measures says type, size in pixels or pages, and size in bytes of a file.
func (s *session) measures(at *review.Attachment) string {
	kind := map[string]string{review.TypeJPEG: "JPEG", review.TypePNG: "PNG", review.TypePDF: "PDF"}[at.Type]
	parts := []string{kind}
	switch {
	case at.Width > 0:
		parts = append(parts, fmt.Sprintf("%d × %d", at.Width, at.Height))
	case at.Pages > 0:
		parts = append(parts, s.words.Say("file.pages", at.Pages))
	}
	return strings.Join(append(parts, sizeOf(at.Size)), "  ")
}

// sizeOf writes a number of bytes as people read it.
func sizeOf(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt((n+1<<9)>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " B"
}
