package ui

import (
	"context"
	"image"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/ui/graphics"
)

// previewScreen shows a file of a form that is being typed, so that the clerk sees that it is legible and upright.
type previewScreen struct {
	e       *entryScreen
	slot    review.Key
	file    int // of the slot
	page    int
	view    graphics.Viewport
	shown   string // hash of what is shown or awaited
	awaited int
	cancel  context.CancelFunc
	part    *drawn
	err     error

	width, height int
}

func newPreview(e *entryScreen, file int) *previewScreen {
	return &previewScreen{e: e, slot: e.field().Key, file: file}
}

func (p *previewScreen) Init() tea.Cmd { return p.read() }

// attachment is the file in sight, nil when it is there no more.
func (p *previewScreen) attachment() *review.Attachment {
	here := p.e.filesOf(p.slot)
	if len(here) == 0 {
		return nil
	}
	p.file = max(min(p.file, len(here)-1), 0)
	return &p.e.filing.Attachments[here[p.file]]
}

// read makes the command that draws the file. Its bytes are still with the form until they have been written.
func (p *previewScreen) read() tea.Cmd {
	at, s := p.attachment(), p.e.s
	if at == nil {
		return nil
	}
	if p.cancel != nil {
		p.cancel()
	}
	p.awaited, p.shown, p.err = s.next(), at.SHA256, nil
	page := 0
	if at.Type == review.TypePDF {
		page = max(p.page, 1)
	}
	job := drawJob{
		pictures: s.pictures, request: p.awaited, from: heldBytes{cases(s.store), at.SHA256, p.e.keeping.data[at.SHA256]},
		page: page, view: p.view, files: []review.Attachment{*at}, profile: s.styles.profile,
	}
	job.ctx, p.cancel = context.WithCancel(context.Background())
	job.boxes = []graphics.Box{p.box()}
	return job.first
}

// heldBytes gives out one file from memory, and everything else from the store.
type heldBytes struct {
	cases
	sha  string
	data []byte
}

func (h heldBytes) Blob(sha string) ([]byte, error) {
	if sha == h.sha && h.data != nil {
		return h.data, nil
	}
	return h.cases.Blob(sha)
}

func (p *previewScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.WindowSizeMsg:
		return step{}, p.read()
	case pictureRead:
		return step{}, p.take(msg)
	case filesTaken: // the form beneath has taken it: show what is there now
		if at := p.attachment(); at != nil && at.SHA256 != p.shown {
			return step{}, p.read()
		}
	}
	return step{}, nil
}

func (p *previewScreen) take(msg pictureRead) tea.Cmd {
	if msg.request != p.awaited {
		return nil
	}
	p.err = msg.err
	if len(msg.parts) == 1 {
		p.part = &msg.parts[0]
	}
	if msg.rest != nil {
		return func() tea.Msg { return msg.rest.full() }
	}
	p.awaited = 0
	return p.e.s.logged(msg.err)
}

func (p *previewScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.e.s.keys
	switch {
	case key.Matches(msg, k.rotate):
		p.e.file = p.file
		return step{}, p.e.turn(1)
	case key.Matches(msg, k.rotateBack):
		p.e.file = p.file
		return step{}, p.e.turn(-1)
	case key.Matches(msg, k.removeFile):
		p.e.file = p.file
		next, cmd := p.e.remove()
		next.close = p.attachment() == nil
		if next.close {
			return next, cmd
		}
		return next, tea.Batch(cmd, p.read())
	case key.Matches(msg, k.open):
		return step{close: true}, nil
	case key.Matches(msg, k.nextPage):
		return p.turnTo(1)
	case key.Matches(msg, k.previousPage):
		return p.turnTo(-1)
	}
	if view, why, ok := p.e.s.viewed(msg, p.view, p.size(), p.box()); ok {
		if why != "" {
			return tell(why), nil
		}
		p.view = view
		return step{}, p.read()
	}
	return refuse(p.e.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// turnTo goes to the next page of a PDF, and from its last one to the next file of the slot.
func (p *previewScreen) turnTo(by int) (step, tea.Cmd) {
	at := p.attachment()
	if to := max(p.page, 1) + by; at != nil && at.Type == review.TypePDF && to >= 1 && to <= at.Pages {
		p.page, p.view = to, graphics.Viewport{}
		return step{}, p.read()
	}
	if to := p.file + by; to < 0 || to >= len(p.e.filesOf(p.slot)) {
		return tell(p.e.s.words.Say("attachment.end")), nil
	}
	p.file, p.page, p.view, p.part = p.file+by, 0, graphics.Viewport{}, nil
	return step{}, p.read()
}

func (p *previewScreen) size() image.Point {
	if p.part == nil {
		return image.Point{}
	}
	return p.part.size
}

func (p *previewScreen) box() graphics.Box {
	cols, rows := p.room()
	return boxesFor(1, cols, rows, p.e.s.pictures.cell)[0]
}

func (p *previewScreen) room() (cols, rows int) { return max(p.width, 1), max(p.height-1, 1) }

func (p *previewScreen) SetSize(width, height int) { p.width, p.height = width, height }
func (p *previewScreen) Capturing() bool           { return false }

func (p *previewScreen) View() string {
	s, at := p.e.s, p.attachment()
	if at == nil {
		return ""
	}
	where := s.words.Say("attachment.of", p.file+1, len(p.e.filesOf(p.slot)))
	title := " " + s.styles.strong.Render(s.words.Label(p.slot)) + "  " + s.styles.muted.Render(s.measures(at))
	lines := []string{both(title, s.styles.muted.Render(where)+" ", p.width)}
	cols, rows := p.room()
	return strings.Join(append(lines, block(p.body(at, cols, rows), cols, rows)...), "\n")
}

func (p *previewScreen) body(at *review.Attachment, cols, rows int) []string {
	s := p.e.s
	switch {
	case p.err != nil:
		return []string{"", "  " + s.styles.bad.Render(signBad+" "+s.words.Explain(p.err))}
	case p.part == nil:
		return []string{"", "  " + s.styles.muted.Render(s.words.Say("attachment.reading"))}
	}
	return s.part(p.part, at, cols, rows)
}

func (p *previewScreen) ShortHelp() []key.Binding {
	k := p.e.s.keys
	return []key.Binding{k.rotate, k.rotateBack, k.zoomIn, k.zoomOut, k.removeFile, k.back}
}

func (p *previewScreen) FullHelp() [][]key.Binding {
	k := p.e.s.keys
	return [][]key.Binding{append(p.ShortHelp(), k.nextPage, k.previousPage), {k.fitRoom, k.panLeft, k.panRight, k.panUp, k.panDown}}
}
