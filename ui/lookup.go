package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// lookups is what a certificate is looked up in.
type lookups interface {
	Known(account string, person review.PersonKey) (review.Known, error)
	CertificateOf(by review.Actor, person review.PersonKey) (review.Certificate, error)
}

// lookupScreen answers whether somebody holds a certificate and what can be done with it (电子证书查询): by identity number,
// certificate number or name.
type lookupScreen struct {
	s        *session
	ofPerson bool // it was opened from a person's page
	input    textinput.Model
	typing   bool // the line owns the keys
	asked    string
	answer   *lookupAnswer
	cursor   int // among several certificates
	awaited  int
	writing  int
	pane     pane
	width    int
	height   int
}

// lookupAnswer is what the register says. The certificate that stands, or the one that was revoked, or several that the
// text fits; where it names a person, also which ways are open for them.
type lookupAnswer struct {
	certificate *review.Certificate
	several     []review.Certificate
	person      review.PersonKey // zero where only a name was given
	lacks       []review.Key     // what a completion would ask for
	ways        []review.Way     // for accounts that file
	shut        *review.Problem  // why the record cannot be completed now, nil when it can
	today       review.Date
	revealed    bool
	err         error
}

// newLookup opens the look-up; a text that is given is looked up at once.
func newLookup(s *session, text string) *lookupScreen {
	l := &lookupScreen{s: s, input: newInput(s), typing: text == "", pane: pane{s: s}}
	l.input.SetValue(text)
	l.input.CursorEnd()
	return l
}

type lookedUp struct {
	request int
	answer  *lookupAnswer
}

func (l *lookupScreen) Init() tea.Cmd {
	if l.typing {
		return nil
	}
	return l.look(l.input.Value())
}

// look makes the command that asks the register.
func (l *lookupScreen) look(text string) tea.Cmd {
	l.asked, l.awaited, l.typing, l.cursor = text, l.s.next(), false, 0
	q := lookup{l.s.store, l.s.by, l.s.policy, review.DateOf(l.s.clock())}
	request := l.awaited
	return func() tea.Msg { return lookedUp{request, q.find(text)} }
}

// lookup runs beside the screen and holds copies only.
type lookup struct {
	from   Register
	by     review.Actor
	policy *review.Policy
	today  review.Date
}

// mostFound is how many certificates a name may fit; more asks for more of the name.
const mostFound = 50

func (q lookup) find(text string) *lookupAnswer {
	number := review.CleanIdentity(text)
	if id, err := review.ParseIdentity(number, q.policy.ForeignersCard, q.today); err == nil {
		return q.person(review.PersonKey{Type: id.DocumentType, Number: id.Number})
	}
	if number = strings.ToUpper(strings.TrimSpace(review.HalfWidth(text))); isNumber(number) {
		return q.numbered(number)
	}
	page, err := q.from.Page(store.Queue{Name: store.Certificates, By: q.by, Text: text, Today: q.today}, "", true, mostFound)
	a := &lookupAnswer{today: q.today, err: err}
	for _, row := range page.Rows {
		if !row.Certificate.Void {
			a.several = append(a.several, *row.Certificate)
		}
	}
	if len(a.several) == 1 {
		return q.of(&a.several[0])
	}
	return a
}

func isNumber(text string) bool {
	_, _, _, err := review.ParseNumber(text)
	return err == nil
}

func (q lookup) numbered(number string) *lookupAnswer {
	c, err := q.from.Certificate(q.by, number)
	if err != nil {
		return &lookupAnswer{today: q.today, err: err}
	}
	return q.of(&c)
}

// of answers for the certificate: with the ways of its holder.
func (q lookup) of(c *review.Certificate) *lookupAnswer {
	a := q.person(c.Person)
	if a.certificate == nil || a.certificate.Number != c.Number {
		a.certificate, a.lacks, a.err = c, c.Missing, nil // an older one, or a number that is void
	}
	return a
}

func (q lookup) person(person review.PersonKey) *lookupAnswer {
	a := &lookupAnswer{person: person, today: q.today}
	c, err := lookups(q.from).CertificateOf(q.by, person)
	switch {
	case err == nil:
		a.certificate, a.lacks = &c, c.Missing
	case !errors.Is(err, review.ErrNotFound):
		a.err = err
	}
	if q.by.May(review.Submit) != nil || q.by.Role != review.Clerk {
		return a
	}
	known, err := lookups(q.from).Known(q.by.Name, person)
	if err != nil {
		a.err = errors.Join(a.err, err)
		return a
	}
	if a.certificate != nil && known.Facts.Certificate != nil && len(a.lacks) > 0 {
		a.lacks = known.ToComplete(q.policy, q.today)
	}
	a.ways = review.Ways(&known, q.policy, q.today)
	a.shut = review.WhyNot(review.Completion, known.Facts, q.policy, q.today)
	return a
}

func (l *lookupScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case lookedUp:
		if msg.request == l.awaited {
			l.awaited, l.answer = 0, msg.answer
			l.show()
			return step{}, l.s.logged(msg.answer.err)
		}
	case doneMsg:
		return l.done(msg)
	case tea.KeyMsg:
		if l.typing {
			return l.typed(msg)
		}
		return l.pressed(msg)
	case tea.MouseMsg:
		if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonWheelDown {
			l.pane.scroll(3)
		} else if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonWheelUp {
			l.pane.scroll(-3)
		}
	}
	return step{}, nil
}

func (l *lookupScreen) typed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := l.s.keys
	switch {
	case key.Matches(msg, k.cancel) && l.answer == nil:
		return step{close: true}, nil
	case key.Matches(msg, k.cancel):
		l.typing = false
		return step{}, nil
	case key.Matches(msg, k.accept):
		text := strings.TrimSpace(l.input.Value())
		if text == "" {
			return refuse(l.s.words.Say("lookup.nothing")), nil
		}
		return step{}, l.look(text)
	}
	return step{}, typeInto(&l.input, msg)
}

func (l *lookupScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := l.s.keys, l.s.words
	switch {
	case l.awaited != 0:
		return refuse(w.Say("mail.reading")), nil
	case l.writing != 0:
		return refuse(w.Say("busy.writing")), nil
	case key.Matches(msg, k.filter):
		l.typing = true
		l.input.SetValue("")
		return step{}, nil
	case l.choosing():
		return l.choose(msg)
	case key.Matches(msg, k.print):
		return l.print()
	case key.Matches(msg, k.download):
		return l.download()
	case key.Matches(msg, k.paper, k.attachment) && l.answer != nil && l.answer.certificate != nil:
		return l.s.openPaper(l.answer.certificate), nil
	case key.Matches(msg, k.reveal):
		return l.reveal()
	case key.Matches(msg, k.completeRecord):
		return l.complete()
	case l.answer != nil && len(l.answer.ways) > 0 && digit(msg, len(filedWays)) > 0:
		return l.s.fileFor(l.answer.person, review.Kind(filedWays[digit(msg, len(filedWays))-1]))
	}
	if l.scrolled(msg) {
		return step{}, nil
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

func (l *lookupScreen) scrolled(msg tea.KeyMsg) bool {
	k := l.s.keys
	switch {
	case key.Matches(msg, k.down):
		l.pane.scroll(1)
	case key.Matches(msg, k.up):
		l.pane.scroll(-1)
	case key.Matches(msg, k.pageDown, k.scrollDown):
		l.pane.scroll(max(l.pane.height/2, 1))
	case key.Matches(msg, k.pageUp, k.scrollUp):
		l.pane.scroll(-max(l.pane.height/2, 1))
	case key.Matches(msg, k.top):
		l.pane.scroll(-len(l.pane.lines))
	case key.Matches(msg, k.bottom):
		l.pane.scroll(len(l.pane.lines))
	default:
		return false
	}
	return true
}

// choosing says that several certificates fit, and one is to be chosen.
func (l *lookupScreen) choosing() bool {
	return l.answer != nil && l.answer.certificate == nil && len(l.answer.several) > 0
}

func (l *lookupScreen) choose(msg tea.KeyMsg) (step, tea.Cmd) {
	if key.Matches(msg, l.s.keys.open) {
		return step{}, l.look(l.answer.several[l.cursor].Number)
	}
	to, ok := l.s.keys.cursor(msg, l.cursor, len(l.answer.several), l.bodyHeight())
	if !ok {
		return refuse(l.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	l.cursor = to
	return step{}, nil
}

// held returns the certificate that can be handed out now, or why there is none.
func (l *lookupScreen) held() (*review.Certificate, string) {
	w := l.s.words
	if l.answer == nil || l.answer.certificate == nil {
		return nil, w.Say("printing.none")
	}
	if err := l.s.by.MayPrintShown(l.answer.certificate); err != nil {
		return nil, w.Explain(err)
	}
	return l.answer.certificate, ""
}

func (l *lookupScreen) print() (step, tea.Cmd) {
	c, why := l.held()
	switch {
	case why != "":
		return refuse(why), nil
	case l.s.outlet == nil:
		return tell(l.s.words.Say("printing.fetch", c.Number)), nil
	}
	return handOut(l.s, c, func(ask review.CopyAsk) tea.Cmd { return l.write(l.s.printing(c.Number, ask)) })
}

// download asks for the name of the file and writes the certificate into it: the same bytes as every copy.
func (l *lookupScreen) download() (step, tea.Cmd) {
	c, why := l.held()
	to, ok := l.s.outlet.(saver)
	switch {
	case why != "":
		return refuse(why), nil
	case !ok:
		return tell(l.s.words.Say("printing.fetch", c.Number)), nil
	}
	w := l.s.words
	return step{open: newAsk(l.s, ask{
		title: w.Say("lookup.download", c.Number), label: w.Say("lookup.download_label"), value: c.Number + ".pdf", required: true,
		then: func(file string) (step, tea.Cmd) { return step{}, l.write(l.downloading(to, c.Number, file)) },
	})}, nil
}

func (l *lookupScreen) downloading(to saver, number, file string) func() doneMsg {
	from, by, clock, w := press(l.s.store), l.s.by, l.s.clock, l.s.words
	if !strings.HasSuffix(strings.ToLower(file), ".pdf") {
		file += ".pdf"
	}
	return func() doneMsg {
		paper, err := from.Paper(by, number, review.AsFile)
		where := ""
		if err == nil {
			where, err = to.Save(file, paper.PDF, func() error {
				_, err := from.Copy(by.Name, number, review.CopyAsk{Way: review.AsFile, Version: paper.Version.Version}, clock())
				return err
			})
		}
		if err != nil {
			return doneMsg{err: fmt.Errorf("download %s: %w", number, err)}
		}
		return doneMsg{text: w.Say("lookup.downloaded", number, Plain(where))}
	}
}

// reveal shows the record in clear, which is recorded.
func (l *lookupScreen) reveal() (step, tea.Cmd) {
	if l.answer == nil || l.answer.certificate == nil {
		return refuse(l.s.words.Say("nothing.selected")), nil
	}
	if l.answer.revealed {
		l.answer.revealed = false
		l.show()
		return step{}, nil
	}
	to, by, clock, w, number := changes(l.s.store), l.s.by, l.s.clock, l.s.words, l.answer.certificate.Number
	return step{}, l.write(func() doneMsg {
		if err := to.Record(by.Name, review.Event{Action: review.Reveal, Certificate: number}, clock()); err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{text: w.Say("reveal.recorded", number), made: revealed{}}
	})
}

// complete opens the form that asks for what the record lacks.
func (l *lookupScreen) complete() (step, tea.Cmd) {
	w := l.s.words
	switch {
	case l.answer == nil || l.answer.certificate == nil || len(l.answer.certificate.Missing) == 0:
		return refuse(w.Say("lookup.complete_none")), nil
	case l.s.by.May(review.Submit) != nil || l.s.by.Role != review.Clerk:
		return refuse(w.Say("lookup.complete_clerk")), nil
	}
	if why := l.answer.shut; why != nil {
		return refuse(w.Code(why.Code, why.Args)), nil
	}
	return l.s.fileFor(l.answer.person, review.Completion)
}

// lookupWritten ends a write of the look-up.
type lookupWritten struct {
	by   int
	made any
}

func (l *lookupScreen) write(run func() doneMsg) tea.Cmd {
	l.writing = l.s.next()
	by := l.writing
	return func() tea.Msg {
		msg := run()
		msg.made = lookupWritten{by, msg.made}
		return msg
	}
}

func (l *lookupScreen) done(msg doneMsg) (step, tea.Cmd) {
	if _, ok := msg.made.(filed); ok && l.asked != "" && l.awaited == 0 { // the completion of this record is in review
		return step{}, l.look(l.asked)
	}
	what, ok := msg.made.(lookupWritten)
	if !ok || what.by != l.writing {
		return step{}, nil
	}
	l.writing = 0
	if _, ok := what.made.(revealed); ok && l.answer != nil {
		l.answer.revealed = true
		l.show()
		return step{}, nil
	}
	if msg.err == nil && l.asked != "" {
		return step{}, l.look(l.asked)
	}
	return step{}, nil
}

// Busy says that a write is under way.
func (l *lookupScreen) Busy() bool { return l.writing != 0 }

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

func (l *lookupScreen) SetSize(width, height int) {
	l.width, l.height = width, height
	l.input.Width = max(width-24, 1)
	l.pane.setSize(width, l.bodyHeight())
}

func (l *lookupScreen) Capturing() bool { return l.typing }

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

func (l *lookupScreen) ShortHelp() []key.Binding {
	k := l.s.keys
	ask := withHelp(k.filter, l.s.words.Say("lookup.key_ask"))
	switch {
	case l.typing:
		return []key.Binding{k.accept, k.cancel}
	case l.choosing():
		return []key.Binding{k.open, k.down, k.up, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil && len(l.answer.certificate.Missing) > 0 && l.answer.shut != nil:
		return []key.Binding{k.reveal, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil && len(l.answer.certificate.Missing) > 0:
		return []key.Binding{k.completeRecord, k.reveal, ask, k.back}
	case l.answer != nil && l.answer.certificate != nil:
		return []key.Binding{k.print, k.download, withHelp(k.attachment, l.s.words.Say("key.paper")), k.reveal, ask, k.back}
	}
	return []key.Binding{ask, k.back}
}

func (l *lookupScreen) FullHelp() [][]key.Binding {
	k := l.s.keys
	ask := withHelp(k.filter, l.s.words.Say("lookup.key_ask"))
	return [][]key.Binding{{k.print, k.download, k.paper, k.completeRecord, k.reveal, ask, k.back}, {k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom}}
}

// fileFor leads to the counter, where an application of the kind is typed for the person.
func (s *session) fileFor(person review.PersonKey, kind review.Kind) (step, tea.Cmd) {
	if !isClerk(s.by) {
		return refuse(s.words.Say("lookup.at_the_counter")), nil
	}
	return step{open: &beginScreen{waitScreen{s: s}, person, kind}}, nil
}
