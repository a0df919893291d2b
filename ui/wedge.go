package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// numbered is a page of the counter at which the card of the next person may be scanned: a scanner types the number and
// ends with enter, whatever the keys of the page mean.
type numbered interface {
	// Number takes what was scanned or typed: digits and X, more than one of them.
	Number(text string) (step, tea.Cmd)
}

// wedge keeps digits apart until it is known whether they are a key or a number. One of them that nothing follows is a
// key; a second one makes them a number, which enter ends.
type wedge struct {
	keys  []tea.KeyMsg
	pause int // number of the pause after the first
}

// wedgePause is how long a digit waits for another. Scanners leave up to some twenty milliseconds between two, and a line
// to a server spreads them; who presses a key does not notice it.
const wedgePause = 200 * time.Millisecond

// wedgeRested says that the pause after a digit is over.
type wedgeRested int

// text is what has been collected.
func (w *wedge) text() string {
	var out strings.Builder
	for _, msg := range w.keys {
		out.WriteString(string(msg.Runes))
	}
	return out.String()
}

// collect takes a digit, and says after the second that a number is being taken down.
func (r *root) collect(msg tea.KeyMsg) tea.Cmd {
	if len(r.wedge.keys) < maxNumber {
		r.wedge.keys = append(r.wedge.keys, msg)
	}
	if len(r.wedge.keys) > 1 {
		r.notice = notice{informs, r.s.words.Say("wedge.number", r.wedge.text())}
		return nil
	}
	r.wedge.pause = r.s.next()
	return r.s.later(wedgePause, wedgeRested(r.wedge.pause))
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
	case inNumber(msg):
		return r.collect(msg), true
	case n == 0:
		return nil, false
	case n == 1:
		first := r.release()
		return tea.Batch(first, r.press(msg)), true
	case key.Matches(msg, k.open):
		return r.numberEnded(page), true
	case msg.Type == tea.KeyBackspace && n > 2:
		r.wedge.keys = r.wedge.keys[:n-1]
		r.notice = notice{informs, r.s.words.Say("wedge.number", r.wedge.text())}
		return nil, true
	case msg.Type == tea.KeyBackspace || key.Matches(msg, k.back, k.clearLine):
		r.wedge.keys = nil
		return nil, true
	}
	r.wedge.keys = nil
	return nil, false
}

// scanned returns the page on top where a number may be scanned: one of a clerk's, who alone works at the counter. A form
// that is open beneath is not left by a scan.
func (r *root) scanned() (numbered, bool) {
	if !isClerk(r.s.by) {
		return nil, false
	}
	for _, s := range r.stack[min(1, len(r.stack)):] {
		if _, ok := s.(numbered); !ok || s.Capturing() {
			return nil, false
		}
	}
	page, ok := r.top().(numbered)
	return page, ok
}

// inNumber tells the keys of which an identity number consists.
func inNumber(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes && !msg.Alt && !msg.Paste && len(msg.Runes) == 1 && strings.ContainsRune("0123456789xX", msg.Runes[0])
}

// release gives the one digit that was held back to its page.
func (r *root) release() tea.Cmd {
	msg := r.wedge.keys[0]
	r.wedge.keys = nil
	return r.act(msg)
}

// rested lets a digit act that nothing has followed.
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

// numberEnded gives a whole number to the page.
func (r *root) numberEnded(page numbered) tea.Cmd {
	text := r.wedge.text()
	r.wedge.keys, r.notice = nil, notice{}
	if r.busy() {
		r.notice = notice{refused, r.s.words.Say("busy.writing")}
		return nil
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
