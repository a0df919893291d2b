package ui

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert"
	"rongzheng/review"
	"rongzheng/store"
)

// batchPanel asks once before a batch of certificates and labels is printed, and where on the sheet of labels to begin.
// Digits and arrows choose the label; only y is yes.
type batchPanel struct {
	s      *session
	title  string
	sheet  review.LabelSheet
	start  int // from 0; -1 prints no labels
	n      int // how many labels
	may    int // the least start: -1 where labels may be left out
	typed  string
	then   func(start int) tea.Cmd
	width  int
	before string // what the confirmation warns of
}

func (p *batchPanel) Init() tea.Cmd { return nil }

func (p *batchPanel) Update(msg tea.Msg) (step, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return step{}, nil
	}
	k := p.s.keys
	switch {
	case key.Matches(press, k.yes):
		return step{close: true}, p.then(p.start)
	case key.Matches(press, k.cancel):
		return step{close: true, say: notice{informs, p.s.words.Say("ask.cancelled")}}, nil
	case key.Matches(press, k.labelNext):
		p.move(p.start + 1)
	case key.Matches(press, k.labelBefore):
		p.move(p.start - 1)
	case key.Matches(press, k.labelNumber):
		p.digit(press.String())
	default:
		return refuse(p.s.words.Say("mail.press_y")), nil
	}
	return step{}, nil
}

func (p *batchPanel) move(to int) {
	p.typed = ""
	p.start = max(min(to, p.sheet.Count()-1), p.may)
}

// digit makes a number of what is typed, as long as the sheet has such a label; otherwise it begins a new one.
func (p *batchPanel) digit(d string) {
	for _, text := range []string{p.typed + d, d} {
		if n, err := strconv.Atoi(text); err == nil && n-1 >= p.may && n <= p.sheet.Count() {
			p.typed, p.start = text, n-1
			return
		}
	}
}

func (p *batchPanel) SetSize(width, _ int) { p.width = width }
func (p *batchPanel) Capturing() bool      { return true }
func (p *batchPanel) Lines(width int) int  { return 4 + len(wrap(p.before, max(width-2, 1))) }

func (p *batchPanel) View() string {
	st, w := p.s.styles, p.s.words
	where := w.Say("mail.no_labels")
	if p.start >= 0 {
		sheets := (p.start + p.n + p.sheet.Count() - 1) / p.sheet.Count()
		where = w.Say("mail.labels_from", p.start+1, p.start/p.sheet.Columns+1, p.start%p.sheet.Columns+1, sheets)
	}
	lines := []string{rule(st, p.width), fit(" "+st.strong.Render(p.title), p.width), fit(" "+where, p.width)}
	for _, line := range wrap(p.before, max(p.width-2, 1)) {
		lines = append(lines, fit(" "+st.warn.Render(line), p.width))
	}
	return strings.Join(append(lines, fit(" "+st.muted.Render(w.Say("mail.labels_keys", p.sheet.Count())), p.width)), "\n")
}

func (p *batchPanel) ShortHelp() []key.Binding {
	k := p.s.keys
	return []key.Binding{k.yes, k.labelNext, k.labelBefore, k.labelNumber, k.cancel}
}

func (p *batchPanel) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

// askPrint asks before the certificates of the chosen mailings are printed with their labels.
func (m *mailroom) askPrint() (step, tea.Cmd) {
	w := m.s.words
	list, why := m.chosen(review.MailPrint)
	switch {
	case why != "":
		return refuse(why), nil
	case m.s.outlet == nil:
		return refuse(w.Say("mail.no_outlet", m.elsewhere("print", list))), nil
	}
	want := review.CopyAsk{Way: review.OnPaper}
	return askSheet(m.s, w.Say("printing.sheet_label"), w.Say("mail.batch", len(list)), want, func(want review.CopyAsk) (step, tea.Cmd) {
		return step{open: &batchPanel{
			s: m.s, title: w.Say("mail.print_title", len(list)), before: w.Say("mail.print_warn"), sheet: m.s.policy.Mail.Labels,
			start: m.start, n: len(list), may: -1, then: func(start int) tea.Cmd { return m.write(m.printing(list, want, start)) },
		}}, nil
	})
}

// mostListed is how many mailings a command on the status line names.
const mostListed = 3

// elsewhere is the command that prints the mailings where there is a printer.
func (m *mailroom) elsewhere(verb string, list []review.Application) string {
	refs := references(list)
	switch {
	case len(refs) <= mostListed:
	case verb == "print" && len(list) == len(m.rows) && !m.more && m.text == "":
		refs = []string{"--all"}
	default:
		refs = append(refs[:mostListed:mostListed], "…")
	}
	return "mail " + verb + " " + strings.Join(refs, " ")
}

// askLabels asks before labels alone are printed, again or for letters that go out once more.
func (m *mailroom) askLabels() (step, tea.Cmd) {
	w := m.s.words
	list, why := m.chosen("")
	switch {
	case why != "":
		return refuse(why), nil
	case m.s.outlet == nil:
		return refuse(w.Say("mail.no_outlet", m.elsewhere("labels", list))), nil
	}
	return step{open: &batchPanel{
		s: m.s, title: w.Say("mail.labels_title", len(list)), sheet: m.s.policy.Mail.Labels, start: max(m.start, 0), n: len(list),
		then: func(start int) tea.Cmd { return m.write(m.labelling(list, start)) },
	}}, nil
}

// batchPrinted tells at which label the next batch begins.
type batchPrinted struct{ next int }

// batchRun prints a batch. It runs beside the screen and holds copies only.
type batchRun struct {
	outlet Outlet
	from   interface {
		mailRoom
		press
	}
	by    review.Actor
	clock clock
	words Words
	sheet cert.Sheet
	start int
}

func (m *mailroom) batch(start int) *batchRun {
	return &batchRun{m.s.outlet, m.s.store, m.s.by, m.s.clock, m.s.words, cert.Sheet{LabelSheet: m.s.policy.Mail.Labels, Skip: max(start, 0)}, start}
}

// printing returns the write that prints the certificates of the list in one file and their labels in another, in the
// same order. Both lie complete where they leave from before the mailings count as printed, in one transaction: a folder
// that is missing, a full disk or one mailing that somebody else has printed meanwhile leave nothing behind.
func (m *mailroom) printing(list []review.Application, want review.CopyAsk, start int) func() doneMsg {
	run := m.batch(start)
	return func() doneMsg {
		certificates, labels, err := run.print(list, want)
		if err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{text: run.words.printedBatch(len(list), certificates, labels), made: run.next(len(list))}
	}
}

// printedBatch says where the certificates have gone, and the labels where there are any: "" for none.
func (w Words) printedBatch(n int, certificates, labels string) string {
	switch {
	case labels == "":
		return w.Say("mail.printed", n, Plain(certificates))
	case labels == certificates: // a printer
		return w.Say("mail.printed_both", n, Plain(certificates))
	case filepath.Dir(labels) == filepath.Dir(certificates):
		labels = filepath.Base(labels)
	}
	return w.Say("mail.printed_apart", n, Plain(certificates), Plain(labels))
}

// next is the label at which the next batch begins: behind the last one of this.
func (r *batchRun) next(n int) batchPrinted {
	if r.start < 0 {
		return batchPrinted{r.start}
	}
	return batchPrinted{(r.start + n) % r.sheet.Count()}
}

// print tells where the certificates lie, and the labels, "" where none are printed.
func (r *batchRun) print(list []review.Application, want review.CopyAsk) (certificates, labels string, err error) {
	var papers [][]byte
	var batch []store.Envelope
	for i := range list {
		paper, err := r.from.Paper(r.by, list[i].Certificate, review.OnPaper)
		if err != nil {
			return "", "", fmt.Errorf("print %s: %w", list[i].Reference, err)
		}
		papers = append(papers, paper.PDF)
		want.Version = paper.Version.Version
		batch = append(batch, store.Envelope{Reference: list[i].Reference, Version: list[i].Version, Copy: want})
		want.Serial = review.NextSerial(want.Serial)
	}
	var joined bytes.Buffer
	if err := cert.Join(&joined, papers); err != nil {
		return "", "", fmt.Errorf("print %d certificates: %w", len(list), err)
	}
	now := r.clock()
	settle := func() error { return r.from.PrintLetters(r.by.Name, batch, now) }
	name := batchName(now)
	if r.start < 0 {
		certificates, err = r.outlet.Print(name+"-certificates", joined.Bytes(), settle)
		return certificates, "", err
	}
	sheets, err := r.labels(list)
	if err != nil {
		return "", "", err
	}
	labels, err = r.outlet.Print(name+"-labels", sheets, func() (err error) {
		certificates, err = r.outlet.Print(name+"-certificates", joined.Bytes(), settle)
		return err
	})
	return certificates, labels, err
}

func (r *batchRun) labels(list []review.Application) ([]byte, error) {
	labels := make([]cert.Label, len(list))
	for i := range list {
		labels[i] = cert.LabelOf(&list[i])
	}
	var pdf bytes.Buffer
	err := cert.WriteLabels(&pdf, labels, r.sheet)
	return pdf.Bytes(), err
}

// batchName names the files of a batch by its time, so that none overwrites another.
func batchName(at time.Time) string { return "mail-" + at.In(review.Zone).Format("20060102-150405") }

func (m *mailroom) labelling(list []review.Application, start int) func() doneMsg {
	run := m.batch(start)
	return func() doneMsg {
		now := run.clock()
		labels, err := run.labels(list)
		if err != nil {
			return doneMsg{err: err}
		}
		where, err := run.outlet.Print(batchName(now)+"-labels", labels, func() error {
			return run.from.PrintLabels(run.by.Name, references(list), now)
		})
		if err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{text: run.words.Say("mail.labelled", len(list), Plain(where)), made: run.next(len(list))}
	}
}

func references(list []review.Application) []string {
	refs := make([]string, len(list))
	for i := range list {
		refs[i] = list[i].Reference
	}
	return refs
}
