package ui

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"rongzheng/cert"
	"rongzheng/review"
)

// personScreen is a person's page at the counter: who it is, what they hold, what is in review, and the four ways, each
// open or closed with the reason.
type personScreen struct {
	s       *session
	known   review.Known
	drafts  []review.Filing // of the account for the person, the latest first
	now     time.Time
	ways    []review.Way
	cursor  int
	awaited int  // number of the request for what is known
	opening int  // number of the request for a form
	clear   bool // name and number are shown in clear; that has been recorded

	width, height int
}

// counterWay hangs a screen on one of the four ways.
type counterWay struct {
	way  review.WayName
	open func(p *personScreen) (step, tea.Cmd)
}

// counterWays are the screens of the ways.
func counterWays() []counterWay {
	return []counterWay{
		{review.WayFirst, func(p *personScreen) (step, tea.Cmd) { return p.begin(review.First) }},
		{review.WayRenewal, func(p *personScreen) (step, tea.Cmd) { return p.begin(review.Renewal) }},
		{review.WayRecords, func(p *personScreen) (step, tea.Cmd) { return step{open: newRecords(p.s, p.known, p.now)}, nil }},
		{review.WayCertificate, (*personScreen).lookUp},
	}
}

// counterKey is a key of a person's page beside the ways.
type counterKey struct {
	key key.Binding
	do  func(p *personScreen) (step, tea.Cmd)
}

// counterKeys are the further keys of a person's page.
func counterKeys(k keys) []counterKey {
	return []counterKey{{k.guidePage, (*personScreen).guide}, {k.reveal, (*personScreen).reveal}}
}

func newPerson(s *session, read knownRead) *personScreen {
	p := &personScreen{s: s}
	p.show(read)
	for i, way := range p.ways { // what can be done stands under the cursor
		if way.Open {
			p.cursor = i
			break
		}
	}
	return p
}

func (p *personScreen) show(read knownRead) {
	p.known, p.drafts, p.now = read.known, read.drafts, read.now
	p.ways = review.Ways(&p.known, p.s.policy, p.today())
}

func (p *personScreen) today() review.Date { return review.DateOf(p.now) }

func (p *personScreen) Init() tea.Cmd { return nil }

func (p *personScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.MouseMsg:
		p.cursor = wheel(msg, p.cursor, len(p.ways))
	case doneMsg, newsMsg: // what was written may have opened or closed a way
		if p.awaited != 0 {
			return step{}, nil
		}
		p.awaited = p.s.next()
		return step{}, p.s.look(p.known.Person, p.awaited)
	case knownRead:
		if msg.request == p.awaited {
			p.awaited = 0
			if msg.err == nil {
				p.show(msg)
			}
		}
	case filingSaved:
		if msg.err == nil && msg.filing.Person == p.known.Person {
			p.drafts = msg.into(p.drafts)
		}
	case filingReady:
		return p.ready(msg)
	case sheetReady:
		return p.guided(msg)
	case personRevealed:
		if msg.person == p.known.Person {
			p.clear = true
		}
	}
	return step{}, nil
}

func (p *personScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	if n := digit(msg, len(p.ways)); n > 0 {
		p.cursor = n - 1
		return p.take()
	}
	switch {
	case key.Matches(msg, k.open):
		return p.take()
	case key.Matches(msg, k.resumeDraft):
		return p.resume()
	}
	for _, extra := range counterKeys(k) {
		if key.Matches(msg, extra.key) {
			return extra.do(p)
		}
	}
	if to, ok := k.cursor(msg, p.cursor, len(p.ways), len(p.ways)); ok {
		p.cursor = to
		return step{}, nil
	}
	return refuse(p.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// take goes the way under the cursor, or says why it is closed.
func (p *personScreen) take() (step, tea.Cmd) {
	way := p.ways[p.cursor]
	if !way.Open {
		return refuse(p.s.words.Code(way.Code, way.Args)), nil
	}
	for _, w := range counterWays() {
		if w.way == way.Name {
			return w.open(p)
		}
	}
	return step{}, nil
}

// lookUp opens the look-up at the person's certificate: to show, print and download it, or to complete its record.
func (p *personScreen) lookUp() (step, tea.Cmd) {
	l := newLookup(p.s, p.known.Person.Number)
	l.ofPerson = true
	return step{open: l}, nil
}

// guide opens the guide page of the way under the cursor. The paper form is to be had filled in with the draft of that
// kind, or with what is known of the person.
func (p *personScreen) guide() (step, tea.Cmd) {
	p.opening = p.s.next()
	return step{}, p.s.readySheet(p.known, p.guideKind(), p.opening)
}

// guideKind is the kind of the way under the cursor; for the others the one that the person comes to next.
func (p *personScreen) guideKind() review.Kind {
	way, c := p.ways[p.cursor].Name, p.known.Facts.Certificate
	switch {
	case way == review.WayFirst:
		return review.First
	case way == review.WayCertificate && c != nil && p.known.InScope && len(c.Missing) > 0:
		return review.Completion
	case way == review.WayRenewal || c != nil:
		return review.Renewal
	}
	return review.First
}

// sheetReady is the paper form of a kind with what is known.
type sheetReady struct {
	request int
	kind    review.Kind
	sheet   cert.FormSheet
	of      string // reference or certificate that it was taken from, "" for none
	err     error
}

// readySheet makes the command that fills the paper form in. Nothing is shown yet: the print is what is recorded.
func (s *session) readySheet(known review.Known, kind review.Kind, request int) tea.Cmd {
	from, account, policy, clock := counter(s.store), s.by.Name, s.policy, s.clock
	return func() tea.Msg {
		msg := sheetReady{request: request, kind: kind}
		msg.sheet, msg.of, msg.err = FormFor(from, account, &known, kind, policy, clock())
		return msg
	}
}

// Drafts is what a paper form is filled in from.
type Drafts interface {
	Filings(account string, now time.Time) ([]review.Filing, error)
}

// FormFor returns the paper form of the kind filled in for the person: with the draft of that kind on which the account
// has worked last, be it begun afresh or to apply again, else with what the register tells the account. of is the
// reference or the certificate number that its answers were taken from, whose look is to be recorded when the form
// leaves, "" for none.
func FormFor(
	from Drafts, account string, known *review.Known, kind review.Kind, p *review.Policy, now time.Time,
) (sheet cert.FormSheet, of string, err error) {
	list, err := from.Filings(account, now)
	if err != nil {
		return sheet, "", err
	}
	filing := review.StartFiling(known, kind, p, now)
	own := func(f review.Filing) bool { return f.Person == known.Person && f.Kind == kind }
	if i := slices.IndexFunc(list, own); i >= 0 {
		filing = list[i]
	}
	if of = filing.ID().Origin; of == "" && known.Facts.Certificate != nil && known.InScope {
		of = known.Facts.Certificate.Number
	}
	return sheetOf(&filing, p, now), of, nil
}

// FormShown is the event of a paper form that leaves filled in: of is what FormFor has said.
func FormShown(of string) review.Event {
	if isNumber(of) {
		return review.Event{Action: review.Reveal, Certificate: of, Target: "form"}
	}
	return review.Event{Action: review.Reveal, Reference: of, Target: "form"}
}

func (p *personScreen) guided(msg sheetReady) (step, tea.Cmd) {
	if msg.request != p.opening {
		return step{}, nil
	}
	p.opening = 0
	if msg.err != nil {
		return refuse(p.s.words.Explain(msg.err)), p.s.logged(msg.err)
	}
	return step{open: newGuide(p.s, msg.kind, &msg.sheet, msg.of)}, nil
}

// resume goes on with the draft of the person; of several, one is chosen.
func (p *personScreen) resume() (step, tea.Cmd) {
	switch len(p.drafts) {
	case 0:
		return refuse(p.s.words.Say("counter.no_draft")), nil
	case 1:
		return step{}, p.goOn(&p.drafts[0])
	}
	var options []option
	for i := range p.drafts {
		f := &p.drafts[i]
		options = append(options, option{draftCode(f), p.s.words.draft(f) + "  " + p.s.keeps(f, p.width)})
	}
	drafts := p.drafts
	return step{open: newPicker(p.s, picker{title: p.s.words.Say("counter.which_draft"), options: options, then: func(code string) (step, tea.Cmd) {
		i := slices.IndexFunc(drafts, func(f review.Filing) bool { return draftCode(&f) == code })
		return step{}, p.goOn(&drafts[i])
	}})}, nil
}

// draftCode tells the drafts of one account about one person apart.
func draftCode(f *review.Filing) string { return string(f.Kind) + " " + f.ID().Origin }

func (p *personScreen) goOn(f *review.Filing) tea.Cmd {
	p.opening = p.s.next()
	return p.s.readyFiling(f.Person, f.Kind, f.ID().Origin, p.opening)
}

// begin starts a form of the kind, or goes on with the one that was begun.
func (p *personScreen) begin(kind review.Kind) (step, tea.Cmd) {
	p.opening = p.s.next()
	return step{}, p.s.readyFiling(p.known.Person, kind, "", p.opening)
}

func (p *personScreen) ready(msg filingReady) (step, tea.Cmd) {
	if msg.request != p.opening {
		return step{}, nil
	}
	p.opening = 0
	if msg.err != nil {
		return refuse(p.s.words.Explain(msg.err)), p.s.logged(msg.err)
	}
	return step{open: newEntry(p.s, msg)}, nil
}

// waitScreen is what the screens have in common that stand until something has been read, and then give way to it.
type waitScreen struct {
	s       *session
	awaited int
}

func (w *waitScreen) SetSize(int, int) {}
func (w *waitScreen) Capturing() bool  { return false }
func (w *waitScreen) View() string {
	return "\n  " + w.s.styles.muted.Render(w.s.words.Say("list.reading"))
}
func (w *waitScreen) ShortHelp() []key.Binding  { return []key.Binding{w.s.keys.back} }
func (w *waitScreen) FullHelp() [][]key.Binding { return [][]key.Binding{w.ShortHelp()} }

// closes gives way to nothing, because of an error.
func (w *waitScreen) closes(err error) (step, tea.Cmd) {
	next := refuse(w.s.words.Explain(err))
	next.close = true
	return next, w.s.logged(err)
}

// beginScreen stands until the form that another screen leads to is ready.
type beginScreen struct {
	waitScreen
	person review.PersonKey
	kind   review.Kind
}

func (b *beginScreen) Init() tea.Cmd {
	b.awaited = b.s.next()
	return b.s.readyFiling(b.person, b.kind, "", b.awaited)
}

func (b *beginScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	ready, ok := msg.(filingReady)
	if !ok || ready.request != b.awaited {
		return step{}, nil
	}
	if ready.err != nil {
		return b.closes(ready.err)
	}
	if why := review.WhyNot(b.kind, ready.known.Facts, b.s.policy, review.DateOf(ready.now)); why != nil {
		next := refuse(b.s.words.Code(why.Code, why.Args))
		next.close = true
		return next, nil
	}
	return step{close: true, open: newEntry(b.s, ready)}, nil
}

// filingReady is a filing to work on, begun before or made now.
type filingReady struct {
	request int
	filing  review.Filing
	known   review.Known
	origin  *review.Application // that it edits or follows, nil for none
	resumed bool
	now     time.Time
	err     error
}

// readyFiling makes the command that reads the filing, or begins it. Answers that come from a record are a look at
// personal data, which is recorded before they are shown.
func (s *session) readyFiling(person review.PersonKey, kind review.Kind, origin string, request int) tea.Cmd {
	from, to, read, by, policy, clock := counter(s.store), changes(s.store), cases(s.store), s.by, s.policy, s.clock
	return func() tea.Msg {
		msg := filingReady{request: request, now: clock()}
		if msg.known, msg.err = from.Known(by.Name, person); msg.err != nil {
			return msg
		}
		if origin != "" {
			a, err := read.Application(by, origin)
			if err != nil {
				msg.err = err
				return msg
			}
			msg.origin = &a
		}
		msg.filing, msg.err = from.Filing(by.Name, review.FilingID{Person: person, Kind: kind, Origin: origin})
		switch {
		case msg.err == nil:
			msg.resumed = true
		case !errors.Is(msg.err, review.ErrNotFound):
			return msg
		case msg.origin != nil:
			msg.filing, msg.err = review.AgainFrom(msg.origin, policy, msg.now), nil
		default:
			msg.filing, msg.err = review.StartFiling(&msg.known, kind, policy, msg.now), nil
		}
		if !msg.resumed && (origin != "" || msg.known.InScope) {
			msg.err = recordLook(to, by.Name, &msg, msg.now)
		}
		return msg
	}
}

// recordLook records that answers of a record are shown in clear.
func recordLook(to changes, account string, msg *filingReady, now time.Time) error {
	e := review.Event{Action: review.Reveal, Target: "counter"}
	switch {
	case msg.origin != nil:
		e.Reference = msg.origin.Reference
	case msg.known.Facts.Certificate != nil:
		e.Certificate = msg.known.Facts.Certificate.Number
	}
	if err := to.Record(account, e, now); err != nil {
		return fmt.Errorf("show what is known: %w", err)
	}
	return nil
}

// personRevealed says that a person may be shown in clear.
type personRevealed struct{ person review.PersonKey }

// reveal shows the name in clear once that is recorded.
func (p *personScreen) reveal() (step, tea.Cmd) {
	w := p.s.words
	e := review.Event{Action: review.Reveal, Target: "counter"}
	switch {
	case p.clear:
		return tell(w.Say("counter.clear")), nil
	case p.known.InScope && p.known.Facts.Certificate != nil:
		e.Certificate = p.known.Facts.Certificate.Number
	case len(p.known.Applications) > 0:
		e.Reference = p.known.Applications[0].Reference
	default:
		return refuse(w.Say("counter.nothing_masked")), nil
	}
	to, account, clock, person := changes(p.s.store), p.s.by.Name, p.s.clock, p.known.Person
	return step{}, func() tea.Msg {
		if err := to.Record(account, e, clock()); err != nil {
			return doneMsg{err: fmt.Errorf("reveal a person: %w", err)}
		}
		return personRevealed{person}
	}
}

func (p *personScreen) SetSize(width, height int) { p.width, p.height = width, height }
func (p *personScreen) Capturing() bool           { return false }

// View keeps the way under the cursor in sight, with what there is to say of it, however low the window is.
func (p *personScreen) View() string {
	lines := append(p.head(), rule(p.s.styles, p.width))
	end := 0
	for i, way := range p.ways {
		lines = append(lines, p.way(i, way)...)
		if i == p.cursor {
			end = len(lines) - 1 // the last one is blank
		}
	}
	return strings.Join(lines[max(end-p.height, 0):], "\n")
}

// head says who it is, what they hold and what is in review.
func (p *personScreen) head() []string {
	st, w := p.s.styles, p.s.words
	number, name := review.MaskIdentity(p.known.Person.Number), review.MaskName(p.known.Name())
	if p.clear {
		number, name = p.known.Person.Number, p.known.Name()
	}
	if name == "" {
		name = w.Say("counter.unknown")
	}
	lines := []string{"", "  " + st.strong.Render(Plain(name)) + "  " + number + "  " + st.muted.Render(p.person())}
	facts := []string{}
	if c := p.known.Facts.Certificate; c != nil {
		until := ""
		if day := c.ValidUntil(); !day.IsZero() {
			until = "  " + w.Say("counter.until", day.String())
		}
		facts = append(facts, w.Say("counter.holds", c.Number)+until+"  "+w.Say("certificate_state."+string(c.State(p.today()))))
	} else if p.known.Facts.Revoked != "" {
		facts = append(facts, w.Code("certificate_struck", review.Args{
			"certificate": p.known.Facts.Revoked, "on": p.known.Facts.RevokedOn.String(),
		}))
	} else {
		facts = append(facts, w.Say("counter.holds_none"))
	}
	if ref := p.known.Facts.InReview; ref != "" {
		facts = append(facts, w.Say("counter.in_review", ref))
	}
	for _, fact := range facts {
		lines = append(lines, "  "+fact)
	}
	return append(append(lines, p.begun()...), "")
}

// begun says what the account has begun for the person, until when it is kept, and by which key it goes on.
func (p *personScreen) begun() []string {
	var lines []string
	for i := range p.drafts {
		f := &p.drafts[i]
		text := p.s.words.Say("counter.draft", p.s.words.draft(f), p.s.keeps(f, p.width))
		if i == 0 {
			text += p.s.words.Say("counter.draft_key", p.s.keys.resumeDraft.Help().Key)
		}
		lines = append(lines, "  "+p.s.styles.info.Render(signInfo+" "+cut(text, max(p.width-5, 1))))
	}
	return lines
}

// person is what the number tells.
func (p *personScreen) person() string {
	id, err := review.ParseIdentity(p.known.Person.Number, true, p.today())
	if err != nil {
		return ""
	}
	sex, age := p.s.words.Option("sex", id.Sex), review.AgeOn(id.Birth, p.today())
	if !p.clear {
		return sex + "  " + p.s.words.Say("counter.aged", age)
	}
	return sex + "  " + p.s.words.Say("counter.born", id.Birth.String(), age)
}

// way is one entry with its sign and what there is to say of it.
func (p *personScreen) way(i int, way review.Way) []string {
	st, w := p.s.styles, p.s.words
	sign, style := st.good.Render(signGood), st.muted
	if !way.Open {
		sign, style = st.bad.Render(signBad), st.warn
	}
	name := strconv.Itoa(i+1) + "  " + w.Say("way."+string(way.Name))
	line := "   " + sign + " " + name
	if i == p.cursor {
		line = " " + st.key.Render(signCursor) + " " + sign + " " + st.selected.Render(" "+name+" ")
	}
	lines := []string{line}
	if way.Code != "" {
		lines = append(lines, indented(wrap(w.Code(way.Code, way.Args), max(p.width-10, 8)), 8, style)...)
	}
	return append(lines, "")
}

// indented puts lines behind a margin, in one style.
func indented(lines []string, margin int, style lipgloss.Style) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Repeat(" ", margin) + style.Render(line)
	}
	return out
}

func (p *personScreen) ShortHelp() []key.Binding {
	k := p.s.keys
	list := []key.Binding{k.open, k.wayNumber}
	if len(p.drafts) > 0 {
		list = append(list, k.resumeDraft)
	}
	for _, extra := range counterKeys(k) {
		list = append(list, extra.key)
	}
	return append(list, k.down, k.up, k.back)
}

func (p *personScreen) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
