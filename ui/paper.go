package ui

import (
	"context"
	"fmt"
	"image"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/store"
	"rongzheng/ui/graphics"
)

// paperRead is the answer of drawing a page of a certificate.
type paperRead struct {
	request int
	part    drawn
	pages   int
	sha     string // of the file
}

// vault keeps the certificates that were drawn.
type vault interface {
	Drawing(by review.Actor, number string, version int) (store.Paper, error)
	Record(account string, e review.Event, now time.Time) error
}

// paperScreen shows the pages of a certificate, drawn from the very bytes that are printed. It shows name and identity
// number in clear, so looking is a reveal, and recorded as one.
type paperScreen struct {
	s       *session
	number  string
	version review.CertificateVersion
	page    int
	pages   int // 0 until the first one is there

	recorded bool
	awaited  int
	cancel   context.CancelFunc
	part     *drawn // nil while it is being drawn
	view     graphics.Viewport

	width, height int
}

// openPaper opens the current version of the certificate, or says why it cannot be looked at.
func (s *session) openPaper(c *review.Certificate) step {
	v := c.Current()
	switch {
	case s.by.May(review.Reveal) != nil:
		return refuse(s.words.Explain(s.by.May(review.Reveal)))
	case v == nil, v.File == "" && !c.Drawable(v):
		return refuse(s.words.Explain(c.Handable()))
	}
	return step{open: &paperScreen{s: s, number: c.Number, version: *v, page: 1}}
}

func (d *desk) openPaper() (step, tea.Cmd) {
	if d.file == nil || d.file.certificate == nil {
		return refuse(d.s.words.Say("printing.none")), nil
	}
	return d.s.openPaper(d.file.certificate), nil
}

func (p *paperScreen) Init() tea.Cmd { return p.read() }

// read makes the command that draws the page as it is looked at now.
func (p *paperScreen) read() tea.Cmd {
	if p.cancel != nil {
		p.cancel()
	}
	s := p.s
	p.awaited = s.next()
	job := paperJob{
		pictures: s.pictures, request: p.awaited, from: vault(s.store), by: s.by, clock: s.clock, number: p.number,
		version: p.version.Version, page: p.page, view: p.view, record: !p.recorded,
		profile: s.styles.profile,
	}
	job.ctx, p.cancel = context.WithCancel(context.Background())
	job.box = p.box()
	return job.run
}

// paperJob draws a page. It holds copies only, since it runs beside the screen.
type paperJob struct {
	pictures
	ctx     context.Context
	request int
	from    vault
	by      review.Actor
	clock   clock
	number  string
	version int
	page    int
	view    graphics.Viewport
	box     graphics.Box
	profile termenv.Profile
	record  bool
}

func (j paperJob) run() tea.Msg {
	msg := paperRead{request: j.request}
	msg.pages, msg.sha, msg.part.err = j.look()
	if msg.part.err == nil && j.way != graphics.Facts {
		source := graphics.Source{SHA256: msg.sha, Page: j.page, Drawn: true, Read: func() ([]byte, error) {
			paper, err := j.from.Drawing(j.by, j.number, j.version)
			return paper.PDF, err
		}}
		msg.part = j.shown(j.ctx, source, j.view, j.box, j.profile)
	}
	if j.ctx.Err() != nil {
		return nil
	}
	if msg.part.err != nil {
		msg.part.err = fmt.Errorf("show certificate %s: %w", j.number, msg.part.err)
	}
	return msg
}

// look reads how many pages there are, once it is recorded that somebody looks.
func (j paperJob) look() (pages int, sha string, err error) {
	paper, err := j.from.Drawing(j.by, j.number, j.version)
	if err != nil {
		return 0, "", err
	}
	sha = paper.Version.File
	if j.record {
		event := review.Event{Action: review.Reveal, Certificate: j.number, Target: sha}
		if err := j.from.Record(j.by.Name, event, j.clock()); err != nil {
			return 0, sha, err
		}
	}
	facts, err := picture.Inspect(paper.PDF)
	return max(facts.Pages, 1), sha, err
}

func (p *paperScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.WindowSizeMsg:
		return step{}, p.read()
	case paperRead:
		if msg.request == p.awaited {
			p.awaited, p.part = 0, &msg.part
			p.pages, p.recorded, p.version.File = max(p.pages, msg.pages), p.recorded || msg.pages > 0, msg.sha
			return step{}, p.s.logged(msg.part.err)
		}
	}
	return step{}, nil
}

func (p *paperScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	switch {
	case key.Matches(msg, k.attachment, k.paper):
		return p.turn(p.page%max(p.pages, 1) + 1)
	case key.Matches(msg, k.nextPage):
		return p.turn(p.page + 1)
	case key.Matches(msg, k.previousPage):
		return p.turn(p.page - 1)
	case key.Matches(msg, k.viewer):
		return p.lend()
	}
	var size image.Point
	if p.part != nil {
		size = p.part.size
	}
	if view, why, ok := p.s.viewed(msg, p.view, size, p.box()); ok {
		if why != "" {
			return tell(why), nil
		}
		p.view = view
		return step{}, p.read()
	}
	return refuse(p.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (p *paperScreen) turn(to int) (step, tea.Cmd) {
	if to < 1 || to > p.pages || to == p.page {
		return tell(p.s.words.Say("paper.end")), nil
	}
	p.page, p.view, p.part = to, graphics.Viewport{}, nil
	return step{}, p.read()
}

// lend opens the file with the system's viewer. That it is looked at has been recorded by then.
func (p *paperScreen) lend() (step, tea.Cmd) {
	switch {
	case p.s.pictures.lent.open == nil:
		return refuse(p.s.words.Say("attachment.no_viewer")), nil
	case !p.recorded:
		return refuse(p.s.words.Say("paper.reading")), nil
	}
	from, by, lent := vault(p.s.store), p.s.by, p.s.pictures.lent
	number, version, sha := p.number, p.version.Version, p.version.File
	done := p.s.words.Say("paper.lent", number)
	return step{}, func() tea.Msg {
		paper, err := from.Drawing(by, number, version)
		if err == nil {
			err = lent.show(sha[:12]+extensionOf(review.TypePDF), paper.PDF)
		}
		if err != nil {
			return doneMsg{id: sha, err: fmt.Errorf("open certificate %s: %w", number, err)}
		}
		return doneMsg{id: sha, text: done}
	}
}

func (p *paperScreen) box() graphics.Box {
	cols, rows := p.room()
	return boxesFor(1, cols, rows, p.s.pictures.cell)[0]
}

func (p *paperScreen) room() (cols, rows int) { return max(p.width, 1), max(p.height-1, 1) }

func (p *paperScreen) SetSize(width, height int) { p.width, p.height = width, height }
func (p *paperScreen) Capturing() bool           { return false }

func (p *paperScreen) View() string {
	w, st := p.s.words, p.s.styles
	title := " " + st.strong.Render(w.Say("paper.title", Plain(p.number), p.version.Version)) + "  " +
		st.muted.Render(w.Say("certificate.validity", p.version.ValidFrom.String(), p.version.ValidUntil.String()))
	where := ""
	if p.pages > 0 {
		where = w.Say("paper.page", p.page, p.pages)
	}
	if !p.view.Fits() {
		where += w.Say("attachment.zoomed", p.view.Zoom)
	}
	cols, rows := p.room()
	head := both(title, st.muted.Render(where)+" ", p.width)
	return strings.Join(append([]string{head}, block(p.body(cols, rows), cols, rows)...), "\n")
}

func (p *paperScreen) body(cols, rows int) []string {
	w, st := p.s.words, p.s.styles
	reading := []string{"", "  " + st.muted.Render(w.Say("paper.reading"))}
	switch {
	case p.part == nil:
		return reading
	case p.part.err != nil:
		return indented(wrap(signBad+" "+w.Explain(p.part.err), max(cols-4, 8)), 2, st.bad)
	case p.s.pictures.way == graphics.Facts:
		return strings.Split(graphics.Card(p.card(), cols, rows), "\n")
	case len(p.part.lines) != rows || ansi.StringWidth(p.part.lines[0]) != cols:
		return reading
	}
	return p.part.lines
}

// card is what is said of the paper where no picture can be shown.
func (p *paperScreen) card() []graphics.Fact {
	w, v := p.s.words, &p.version
	return []graphics.Fact{
		{Name: w.Say("certificate.number"), Value: Plain(p.number)},
		{Name: w.Label("name"), Value: Plain(v.Form.Get("name"))},
		{Name: w.Label("id_number"), Value: Plain(v.Form.Get("id_number"))},
		{Name: w.Label("level"), Value: Plain(v.LevelLabel)},
		{Name: w.Label("certificate_valid_until"), Value: v.ValidUntil.String()},
		{Name: w.Say("vault.kept"), Value: w.drawing(v, "vault.undrawn")},
	}
}

func (p *paperScreen) ShortHelp() []key.Binding {
	k := p.s.keys
	next := withHelp(k.attachment, p.s.words.Say("key.paper_page"))
	return []key.Binding{next, k.zoomIn, k.zoomOut, k.fitRoom, k.viewer, k.back}
}

func (p *paperScreen) FullHelp() [][]key.Binding {
	k := p.s.keys
	return [][]key.Binding{append(p.ShortHelp(), k.previousPage), {k.panLeft, k.panRight, k.panUp, k.panDown}}
}
