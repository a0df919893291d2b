package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert/code"
	"rongzheng/review"
)

// numbered is a page of the counter at which the card of the next person may be scanned: a scanner types the number and
// ends with enter, whatever the keys of the page mean. The code on a certificate may be scanned there too, and leads to
// where copies are handed out; its number leads to the look-up.
type numbered interface {
	// Number takes what was scanned or typed: digits and X, more than one of them.
	Number(text string) (step, tea.Cmd)
}

// wedge keeps apart what may be a scan until it is known whether it is a key. A digit, or the first letter of what
// certificates carry, is a key when nothing follows; a second character makes it a number or a code, which enter ends.
type wedge struct {
	keys  []tea.KeyMsg
	pause int // number of the pause after the first
}

// carried is how that begins which certificates carry: the verification code, and the number.
var carried = [...]string{code.Prefix, "CD-"}

// isCarried reports whether the text is, or may become, what a certificate carries.
func isCarried(text string) bool {
	for _, begins := range carried {
		if text != "" && (strings.HasPrefix(text, begins) || strings.HasPrefix(begins, text)) {
			return true
		}
	}
	return false
}

// wedgePause is how long the first character waits for another. Scanners leave up to some twenty milliseconds between two,
// and a line to a server spreads them; who presses a key does not notice it.
const wedgePause = 200 * time.Millisecond

// wedgeRested says that the pause after the first character is over.
type wedgeRested int

// text is what has been collected.
func (w *wedge) text() string {
	var out strings.Builder
	for _, msg := range w.keys {
		out.WriteString(string(msg.Runes))
	}
	return out.String()
}

// collect takes a character, and says after the second what is being taken down.
func (r *root) collect(msg tea.KeyMsg) tea.Cmd {
	most := maxNumber
	if isCarried(r.wedge.text()) {
		most = 2 * review.MaxText
	}
	if len(r.wedge.keys) < most {
		r.wedge.keys = append(r.wedge.keys, msg)
	}
	if len(r.wedge.keys) > 1 {
		r.notice = r.takenDown()
		return nil
	}
	r.wedge.pause = r.s.next()
	return r.s.later(wedgePause, wedgeRested(r.wedge.pause))
}

// takenDown says what has been scanned or typed so far.
func (r *root) takenDown() notice {
	text := r.wedge.text()
	if isCarried(text) {
		return notice{informs, r.s.words.Say("wedge.code", cut(Plain(text), 16))}
	}
	return notice{informs, r.s.words.Say("wedge.number", text)}
}

// goesOn reports whether the key belongs to a scan that has begun, or may begin one.
func (w *wedge) goesOn(msg tea.KeyMsg, page numbered) bool {
	if len(msg.Runes) != 1 || msg.Alt || msg.Paste {
		return false
	}
	text := w.text()
	if isCarried(text + string(msg.Runes)) {
		return true
	}
	return page != nil && inNumber(msg) && !isCarried(text)
}

// wedged gives a key to what is being scanned; false leaves it to the page.
func (r *root) wedged(msg tea.KeyMsg) (tea.Cmd, bool) {
	page, ok := r.scanned()
	if !ok {
		r.wedge.keys = nil
		return nil, false
	}
	k := r.s.keys
	switch n := len(r.wedge.keys); {
	case r.wedge.goesOn(msg, page):
		return r.collect(msg), true
	case n == 0:
		return nil, false
	case n == 1:
		first := r.release()
		return tea.Batch(first, r.press(msg)), true
	case key.Matches(msg, k.open):
		return r.scanEnded(page), true
	case msg.Type == tea.KeyBackspace && n > 2:
		r.wedge.keys = r.wedge.keys[:n-1]
		r.notice = r.takenDown()
		return nil, true
	case msg.Type == tea.KeyBackspace || key.Matches(msg, k.back, k.clearLine):
		r.wedge.keys = nil
		return nil, true
	}
	r.wedge.keys = nil
	return nil, false
}

// numberedTabs are tabs at which the card of a person may be scanned, except where the open one takes digits itself.
type numberedTabs interface {
	// Numbered returns what takes a number, nil where the tab does so key by key.
	Numbered() numbered
}

// scanned reports whether a scan may come here, which is a clerk's, who alone works at the counter. The page is the one that
// a card is for, nil where the tab takes its digits. A form that is open beneath is not left by a scan.
func (r *root) scanned() (page numbered, ok bool) {
	if !isClerk(r.s.by) || r.top().Capturing() {
		return nil, false
	}
	if tabs, ok := r.top().(numberedTabs); ok {
		page = tabs.Numbered()
	}
	for _, s := range r.stack[1:] {
		if page, ok = s.(numbered); !ok || s.Capturing() {
			return nil, false
		}
	}
	return page, true
}

// inNumber tells the keys of which an identity number consists.
func inNumber(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes && !msg.Alt && !msg.Paste && len(msg.Runes) == 1 && strings.ContainsRune("0123456789xX", msg.Runes[0])
}

// release gives the one key that was held back to its page.
func (r *root) release() tea.Cmd {
	msg := r.wedge.keys[0]
	r.wedge.keys = nil
	return r.act(msg)
}

// rested lets a key act that nothing has followed.
func (r *root) rested(msg wedgeRested) tea.Cmd {
	if len(r.wedge.keys) != 1 || int(msg) != r.wedge.pause {
		return nil
	}
	if _, ok := r.scanned(); !ok {
		r.wedge.keys = nil
		return nil
	}
	return r.release()
}

// scanEnded gives a whole number to the page, and looks up what a certificate carries.
func (r *root) scanEnded(page numbered) tea.Cmd {
	text := r.wedge.text()
	r.wedge.keys, r.notice = nil, notice{}
	if r.busy() {
		r.notice = notice{refused, r.s.words.Say("busy.writing")}
		return nil
	}
	switch {
	case len(codesWithin(text)) > 0:
		return r.carry(step{open: newReprint(r.s, text)})
	case isCarried(text): // the number, from which any way may lead on
		return r.carry(step{open: newLookup(r.s, text)})
	}
	next, cmd := page.Number(text)
	return tea.Batch(cmd, r.carry(next))
}

// nextPerson goes on to the person with the number, or says why it is none.
func (s *session) nextPerson(text string) (step, tea.Cmd) {
	id, err := review.ParseIdentity(review.CleanIdentity(text), s.policy.ForeignersCard, review.DateOf(s.clock()))
	if err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	return step{open: &arrivalScreen{waitScreen{s: s}, review.PersonKey{Type: id.DocumentType, Number: id.Number}}}, nil
}

func (q *queueScreen) Number(text string) (step, tea.Cmd)   { return q.s.nextPerson(text) }
func (p *personScreen) Number(text string) (step, tea.Cmd)  { return p.s.nextPerson(text) }
func (r *recordsScreen) Number(text string) (step, tea.Cmd) { return r.s.nextPerson(text) }
func (r *recordScreen) Number(text string) (step, tea.Cmd)  { return r.s.nextPerson(text) }
func (r *receiptScreen) Number(text string) (step, tea.Cmd) { return r.s.nextPerson(text) }
func (g *guideScreen) Number(text string) (step, tea.Cmd)   { return g.s.nextPerson(text) }
func (p *paperScreen) Number(text string) (step, tea.Cmd)   { return p.s.nextPerson(text) }

// Number looks the certificate of the number up; on the way from a person's page it is the next person.
func (l *lookupScreen) Number(text string) (step, tea.Cmd) {
	switch {
	case l.ofPerson:
		return l.s.nextPerson(text)
	case l.awaited != 0:
		return refuse(l.s.words.Say("mail.reading")), nil
	}
	l.input.SetValue(text)
	return step{}, l.look(text)
}

// arrivalScreen stands until the next person is known, and their page takes the place of what is open about the one
// before.
type arrivalScreen struct {
	waitScreen
	person review.PersonKey
}

func (a *arrivalScreen) Init() tea.Cmd {
	a.awaited = a.s.next()
	return a.s.look(a.person, a.awaited)
}

func (a *arrivalScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	read, ok := msg.(knownRead)
	if !ok || read.request != a.awaited {
		return step{}, nil
	}
	if read.err != nil {
		return a.closes(read.err)
	}
	return step{afresh: true, open: newPerson(a.s, read)}, nil
}
