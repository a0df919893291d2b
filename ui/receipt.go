package ui

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert"
	"rongzheng/review"
)

// paper is one that the counter hands out about an application.
type paper struct {
	kind  string // by which the command line calls it
	of    string // reference of the application
	title string
	write func(w io.Writer) error
}

// handing lets the paper leave as certificates do; no ledger counts it.
func (s *session) handing(p paper) (step, tea.Cmd) {
	if s.outlet == nil {
		return tell(s.words.Say("counter.no_paper", p.kind, p.of)), nil
	}
	outlet, words := s.outlet, s.words
	return step{}, func() tea.Msg {
		var pdf bytes.Buffer
		if err := p.write(&pdf); err != nil {
			return doneMsg{err: fmt.Errorf("draw the %s of %s: %w", p.kind, p.of, err)}
		}
		where, err := outlet.Print(p.of+"-"+p.kind, pdf.Bytes(), func() error { return nil })
		if err != nil {
			return doneMsg{err: fmt.Errorf("print the %s of %s: %w", p.kind, p.of, err)}
		}
		return doneMsg{text: words.Say("counter.paper", p.title, Plain(where))}
	}
}

// receiptOf is the receipt (受理回执) of the present submission.
// name is the person's, since a completion states none.
func (s *session) receiptOf(a *review.Application, name string) paper {
	r := cert.ReceiptOf(a, s.policy, s.by.Office)
	r.Name = name
	return paper{"receipt", a.Reference, s.words.Say("counter.receipt"), func(w io.Writer) error { return cert.WriteReceipt(w, r) }}
}

// noticeOf is the notice of refusal (不予登记告知书).
func (s *session) noticeOf(a *review.Application, name string) (paper, error) {
	n, err := cert.NoticeOf(a, s.policy)
	n.Name = name
	return paper{"notice", a.Reference, s.words.Say("counter.notice"), func(w io.Writer) error { return cert.WriteNotice(w, n) }}, err
}

// receiptScreen says that an application is in review: reference, due day, what was handed in, what happens next.
type receiptScreen struct {
	s    *session
	a    review.Application
	name string // of the person

	width, height int
}

func newReceipt(s *session, a review.Application, name string) *receiptScreen {
	return &receiptScreen{s: s, a: a, name: name}
}

func (r *receiptScreen) Init() tea.Cmd { return nil }

func (r *receiptScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
		return step{}, nil
	case key.Matches(press, r.s.keys.print):
		return r.s.handing(r.s.receiptOf(&r.a, r.name))
	case key.Matches(press, r.s.keys.open):
		return step{close: true}, nil
	}
	return refuse(r.s.words.Say("key.unknown", Plain(press.String()))), nil
}

func (r *receiptScreen) SetSize(width, height int) { r.width, r.height = width, height }
func (r *receiptScreen) Capturing() bool           { return false }

func (r *receiptScreen) View() string {
	w, st := r.s.words, r.s.styles
	facts := cert.ReceiptOf(&r.a, r.s.policy, r.s.by.Office)
	due := facts.DueOn.String()
	if facts.DueEstimated {
		due = w.Say("counter.estimated", due)
	}
	lines := []string{
		"", "  " + st.good.Render(signGood) + " " + st.strong.Render(w.Say("counter.accepted")+"  "+r.a.Reference),
		"    " + w.Say("kind."+string(r.a.Kind)) + "  " + w.Area(r.a.Area) + "  " + w.Say("case.revision", r.a.Revision),
		"    " + w.Say("counter.due", due), "", "    " + st.heading.Render(w.Say("counter.handed_in", len(r.a.Attachments))),
	}
	for _, f := range review.FieldsOf(review.Attachments) {
		if n := facts.Attached[f.Key]; n > 0 {
			lines = append(lines, "    "+both("· "+w.Label(f.Key), w.Say("counter.files", n), max(min(r.width-8, 64), 8)))
		}
	}
	lines = append(lines, "", "    "+st.heading.Render(w.Say("counter.next")))
	for i, level := range facts.Levels {
		name := level.Name
		if w.Lang() == review.English {
			name = level.English
		}
		lines = append(lines, "    "+both(fmt.Sprintf("%d. %s", i+1, name), w.Say("counter.days", level.WorkingDays), max(min(r.width-8, 64), 8)))
	}
	return strings.Join(lines, "\n")
}

func (r *receiptScreen) ShortHelp() []key.Binding {
	k := r.s.keys
	return []key.Binding{withHelp(k.print, r.s.words.Say("counter.key_receipt")), withHelp(k.open, r.s.words.Say("counter.key_person")), k.back}
}

func (r *receiptScreen) FullHelp() [][]key.Binding { return [][]key.Binding{r.ShortHelp()} }
