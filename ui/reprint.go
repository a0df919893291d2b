package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// reprintScreen finds a certificate while somebody types and hands out another copy of it (快速补证). With nothing typed it
// lists what waits for a second person; those whose key was withdrawn stand there as one line (reissue.go).
type reprintScreen struct {
	s       *session
	input   textinput.Model
	rows    []review.Certificate
	anew    []store.Reissue   // that wait to be issued anew, where they are more than one
	run     *reissuing        // the work on them, nil for none under way
	failed  map[string]string // why one of them was not issued anew, by number
	looking int               // number of the request for what is to be issued anew, 0 for none
	more    bool              // more match than are shown
	scan    *Found            // what the code that was scanned says, nil without one
	asked   string            // text of the last search
	request int               // of the search under way, 0 when its answer is there
	enter   bool              // enter came before the answer: a scanner ends its line faster than anybody looks
	cursor  int
	ledger  ledgerRead
	writing bool
	err     error

	width, height int
}

// found is the answer of a search.
type found struct {
	request int
	rows    []review.Certificate
	anew    []store.Reissue
	more    bool
	scan    *Found
	err     error
}

// ledgerRead is the ledger of the certificate under the cursor.
type ledgerRead struct {
	request int
	number  string
	lines   []review.Copy
	err     error
}

// newReprint opens the reprint at what the text finds, "" for nothing typed.
func newReprint(s *session, text string) *reprintScreen {
	r := &reprintScreen{s: s, input: newInput(s)}
	r.input.CharLimit = 2 * review.MaxText // a code may stand behind what was typed
	r.input.SetValue(text)
	r.input.CursorEnd()
	return r
}

func (r *reprintScreen) Init() tea.Cmd { return r.search() }

// search looks for what is typed.
func (r *reprintScreen) search() tea.Cmd {
	r.asked = r.input.Value()
	r.request = r.s.next()
	from, by, request, most := cases(r.s.store), r.s.by, r.request, r.most()
	if codes := codesWithin(r.asked); len(codes) > 0 && r.s.verify != nil {
		checker := r.s.verify(by)
		return func() tea.Msg { return lookUp(found{request: request}, checker, from, by, codes) }
	}
	text := strings.TrimSpace(review.NumberIn(r.asked))
	if text == "" {
		return r.readWaiting(found{request: request})
	}
	return func() tea.Msg {
		answer := found{request: request}
		var rows []store.Row
		rows, answer.err = from.FindCertificates(by, text, most+1)
		answer.more = len(rows) > most
		for _, row := range rows[:min(len(rows), most)] {
			answer.rows = append(answer.rows, *row.Certificate)
		}
		return answer
	}
}

// most is how many matches are shown: who finds more types on.
func (r *reprintScreen) most() int { return max(r.listRows(), 5) }

func (r *reprintScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return r.pressed(msg)
	case tea.MouseMsg:
		before := r.cursor
		r.cursor = wheel(msg, r.cursor, r.lines())
		return step{}, r.lookIf(r.cursor != before)
	case found:
		return r.answered(msg)
	case distrusted:
		return r.proposeReissues(msg)
	case ledgerRead:
		if msg.request == r.ledger.request {
			r.ledger = msg
		}
	case doneMsg:
		if took, ok := msg.made.(reissued); ok {
			return r.tookReissues(took)
		}
		return step{}, r.done(msg)
	}
	return step{}, nil
}

// lines is how many lines the list has.
func (r *reprintScreen) lines() int { return r.ahead() + len(r.rows) }

// under is the certificate under the cursor, nil where there is none.
func (r *reprintScreen) under() *review.Certificate {
	if i := r.cursor - r.ahead(); i >= 0 && i < len(r.rows) {
		return &r.rows[i]
	}
	return nil
}

func (r *reprintScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, before := r.s.keys, r.cursor
	switch {
	case r.run != nil && key.Matches(msg, k.cancel):
		return r.Stop(), nil
	case r.run != nil:
		return refuse(r.s.words.Say("busy.writing")), nil
	case key.Matches(msg, k.cancel):
		return step{close: true}, nil
	case key.Matches(msg, k.accept):
		return r.chosen()
	case key.Matches(msg, k.paper) && r.lines() == 0:
		return refuse(r.empty()), nil
	case key.Matches(msg, k.paper) && r.under() == nil:
		return refuse(r.s.words.Say("standing.only")), nil
	case key.Matches(msg, k.paper):
		return r.s.openPaper(r.under()), nil
	case msg.Type == tea.KeyDown:
		r.cursor = min(r.cursor+1, max(r.lines()-1, 0))
		return step{}, r.lookIf(r.cursor != before)
	case msg.Type == tea.KeyUp:
		r.cursor = max(r.cursor-1, 0)
		return step{}, r.lookIf(r.cursor != before)
	}
	cmd := typeInto(&r.input, msg)
	if r.input.Value() == r.asked {
		return step{}, cmd
	}
	r.enter = false
	return step{}, tea.Batch(cmd, r.search())
}

func (r *reprintScreen) answered(msg found) (step, tea.Cmd) {
	if msg.request != r.request {
		return step{}, nil
	}
	r.request, r.rows, r.anew, r.more, r.scan, r.err, r.cursor = 0, msg.rows, msg.anew, msg.more, msg.scan, msg.err, 0
	if msg.err != nil {
		return refuse(r.s.words.Explain(msg.err)), r.s.logged(msg.err)
	}
	look := r.lookIf(true)
	if !r.enter {
		return step{}, look
	}
	r.enter = false
	if len(r.rows) > 1 { // nobody has seen what it would print
		return refuse(r.s.words.Say("reprint.several", len(r.rows))), look
	}
	next, cmd := r.chosen()
	return next, tea.Batch(look, cmd)
}

// chosen hands out the certificate under the cursor, or confirms what is proposed for it where nothing is typed.
func (r *reprintScreen) chosen() (step, tea.Cmd) {
	switch {
	case r.writing:
		return refuse(r.s.words.Say("busy.writing")), nil
	case r.request != 0:
		r.enter = true
		return step{}, nil
	case r.lines() == 0:
		return r.missing()
	}
	c := r.under()
	if c == nil {
		return r.confirmReissues(), nil
	}
	if strings.TrimSpace(r.asked) == "" {
		return confirming(r.s, c, r.write)
	}
	if err := r.s.by.MayPrintShown(c); err != nil {
		return refuse(r.s.words.Explain(err)), nil
	}
	if r.s.outlet == nil {
		return tell(r.s.words.Say("printing.fetch", c.Number)), nil
	}
	return handOut(r.s, c, func(want review.CopyAsk) tea.Cmd { return r.write(c.Number, r.s.printing(c.Number, want)) })
}

// reprintID marks the writes of this screen, so that the desk beneath does not take them for its own.
const reprintID = "reprint "

func (r *reprintScreen) write(number string, run func() doneMsg) tea.Cmd {
	r.writing = true
	return func() tea.Msg {
		msg := run()
		msg.id = reprintID + number
		return msg
	}
}

// done makes room for the next one; after a refusal what was typed stays.
func (r *reprintScreen) done(msg doneMsg) tea.Cmd {
	if !strings.HasPrefix(msg.id, reprintID) {
		return nil
	}
	r.writing = false
	if msg.err == nil {
		r.input.SetValue("")
	}
	return r.search()
}

// lookIf reads the ledger of the certificate under the cursor.
func (r *reprintScreen) lookIf(moved bool) tea.Cmd {
	c := r.under()
	if !moved || c == nil {
		return nil
	}
	r.ledger = ledgerRead{request: r.s.next()}
	from, by, request, number := cases(r.s.store), r.s.by, r.ledger.request, c.Number
	return func() tea.Msg {
		lines, err := from.Ledger(by, number)
		return ledgerRead{request, number, lines, err}
	}
}

// Busy keeps the desk from being left while a copy is written.
func (r *reprintScreen) Busy() bool { return r.writing }

func (r *reprintScreen) SetSize(width, height int) {
	r.width, r.height = width, height
	r.input.Width = max(width-6, 1)
}

func (r *reprintScreen) Capturing() bool { return true }

// lookRows is how many lines the facts of the certificate under the cursor take.
const lookRows = 7

func (r *reprintScreen) listRows() int { return max(r.height-lookRows-5, 1) }

// View draws what is typed, the matches, and below them the facts of the one under the cursor.
func (r *reprintScreen) View() string {
	st, w := r.s.styles, r.s.words
	lines := []string{
		" " + st.strong.Render(w.Say("reprint.title")), " " + st.muted.Render(w.Say("reprint.hint")), " > " + r.input.View(), rule(st, r.width),
	}
	var list []string
	first := scrolled(r.cursor, r.lines(), r.listRows())
	for i := first; i < min(first+r.listRows(), r.lines()); i++ {
		list = append(list, r.line(i))
	}
	if r.lines() == 0 {
		list = append(list, "  "+st.muted.Render(r.empty()))
	}
	lines = append(lines, block(list, r.width, r.listRows())...)
	beyond := ""
	if r.more {
		beyond = w.Say("reprint.more")
	}
	lines = append(lines, titled(st, beyond, r.width))
	return strings.Join(append(lines, r.facts()...), "\n")
}

func (r *reprintScreen) empty() string {
	switch {
	case r.request != 0:
		return r.s.words.Say("checks.reading")
	case strings.TrimSpace(r.asked) == "":
		return r.s.words.Say("standing.nothing")
	case r.scan != nil:
		return r.nowhere()
	}
	return r.s.notFound("reprint.nothing")
}

// line is one match: number, standing, masked name and identity number, level, last day.
func (r *reprintScreen) line(i int) string {
	if i < r.ahead() {
		return pointer(r.s.styles, i == r.cursor, r.anewLine(), r.width)
	}
	c, w := &r.rows[i-r.ahead()], r.s.words
	v := c.Current()
	if v == nil {
		v = &review.CertificateVersion{}
	}
	cells := []string{
		fit(c.Number, 15), fit(w.Say("certificate_state."+certificateState(c, review.DateOf(r.s.clock()))), 10),
		fit(Plain(review.MaskName(v.Form.Get("name"))), 10), fit(review.MaskIdentity(c.Person.Number), 19), v.ValidUntil.String(),
	}
	if c.Proposed != nil {
		cells = append(cells, w.Say("standing.waits")+w.Say("colon")+w.Say("standing."+string(c.Proposed.Action)))
	}
	return pointer(r.s.styles, i == r.cursor, strings.Join(cells, " "), r.width)
}

// facts tell of the certificate under the cursor what matters before another copy leaves.
func (r *reprintScreen) facts() []string {
	c, w := r.under(), r.s.words
	switch {
	case r.lines() == 0:
		return nil
	case c == nil:
		return r.lookLines(r.anewFacts())
	}
	var lines []string
	if why := r.failed[c.Number]; why != "" {
		lines = append(lines, signBad+" "+why)
	}
	if r.scan != nil {
		lines = append(lines, w.scanLine(r.scan))
	}
	v := c.Current()
	if v != nil {
		lines = append(lines, w.Say("certificate.version", v.Version)+"  "+w.Say("certificate.validity", v.ValidFrom.String(), v.ValidUntil.String())+"  "+w.Say("vault.kept")+" "+w.drawing(v, undrawn(c, v)))
		if ahead := w.Ahead(c, review.DateOf(r.s.clock())); ahead != "" {
			lines = append(lines, signInfo+" "+ahead)
		}
	}
	if err := r.s.by.MayPrintShown(c); err != nil {
		lines = append(lines, signBad+" "+w.Explain(err))
	}
	if c.Proposed != nil {
		lines = append(lines, signWarn+" "+w.proposal(c, r.s.policy))
	}
	if r.ledger.number == c.Number {
		lines = append(lines, w.Say("reprint.copies", strconv.Itoa(len(r.ledger.lines))))
		for i := len(r.ledger.lines) - 1; i >= 0; i-- {
			lines = append(lines, "  "+w.copyLine(&r.ledger.lines[i], r.s.policy))
		}
	}
	if over := len(lines) - lookRows; over > 0 {
		lines = append(lines[:lookRows-1], "  "+w.Say("reprint.older", over+1))
	}
	return r.lookLines(lines)
}

func (r *reprintScreen) lookLines(lines []string) []string {
	for i := range lines {
		lines[i] = fit(" "+r.s.styles.header.Render(cut(lines[i], max(r.width-2, 1))), r.width)
	}
	return lines
}

func (r *reprintScreen) ShortHelp() []key.Binding {
	k, w := r.s.keys, r.s.words
	enter := withHelp(k.accept, w.Say("key.print"))
	if strings.TrimSpace(r.asked) == "" {
		enter = withHelp(k.accept, w.Say("key.confirm"))
	}
	return []key.Binding{enter, k.paper, key.NewBinding(key.WithKeys("down"), key.WithHelp("↑ ↓", w.Say("key.reason_number"))), k.cancel}
}

func (r *reprintScreen) FullHelp() [][]key.Binding { return [][]key.Binding{r.ShortHelp()} }
