package ui

import (
	"fmt"
	"image"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/ui/graphics"
)

// pictureScreen shows the attachments of an application one at a time, upright, with what they prove beside them.
type pictureScreen struct {
	desk  *desk
	shown *review.Application
	at    int // index of the attachment

	awaited int
	source  *image.RGBA // upright; nil while it is being read and for what is no picture
	view    graphics.Viewport
	drawn   []string
	err     error

	width, height int
}

// pictureRead is the answer of reading an attachment.
type pictureRead struct {
	request int
	picture *image.RGBA // nil for a PDF
	err     error
}

const (
	mostZoom = 400 // percent; pictures are decoded for that
	panStep  = 25  // percent of the room by which a key moves an enlarged picture
	// factsFrom is the width from which the facts stand beside the picture and not above it.
	factsFrom  = 100
	factsWidth = 38
)

// openAttachment opens the attachment that the cursor stands on, the proof of the field that it stands on, or the first.
func (d *desk) openAttachment(on item) (step, tea.Cmd) {
	if d.file == nil || d.list.fetching() {
		return refuse(d.s.words.Say("nothing.selected")), nil
	}
	a := d.file.application
	switch {
	case a == nil || len(a.Attachments) == 0:
		return refuse(d.s.words.Say("attachment.none")), nil
	case d.s.by.May(review.ViewFile) != nil:
		return refuse(d.s.words.Explain(d.s.by.May(review.ViewFile))), nil
	}
	at, found := proofOf(a, on)
	if !found {
		return refuse(d.s.words.Say("attachment.no_proof", d.s.words.Label(on.key))), nil
	}
	return step{open: newPicture(d, a, at)}, nil
}

// proofOf finds the attachment to open for an item.
func proofOf(a *review.Application, on item) (int, bool) {
	if on.key == "" {
		return 0, true
	}
	field, _ := review.FieldOf(on.key)
	if field.Type == review.File {
		return max(on.attachment, 0), on.attachment >= 0
	}
	for _, slot := range field.Proof {
		for i, at := range a.Attachments {
			if at.Slot == slot {
				return i, true
			}
		}
	}
	return 0, false
}

func newPicture(d *desk, a *review.Application, at int) *pictureScreen {
	return &pictureScreen{desk: d, shown: a, at: at}
}

func (p *pictureScreen) Init() tea.Cmd { return p.read(true) }

// read makes the command that reads the attachment. Looking at it is recorded first; without the record, no picture.
func (p *pictureScreen) read(record bool) tea.Cmd {
	s := p.desk.s
	p.awaited, p.source, p.err = s.next(), nil, nil
	p.draw()
	from, to, account, clock, request := cases(s.store), changes(s.store), s.by.Name, s.clock, p.awaited
	at, reference, revision := p.shown.Attachments[p.at], p.shown.Reference, p.shown.Revision
	cols, rows := p.room()
	side := mostZoom / 100 * max(cols, 2*rows)
	return func() tea.Msg {
		msg := pictureRead{request: request}
		if record {
			event := review.Event{Action: review.ViewFile, Reference: reference, Revision: revision, Target: at.SHA256}
			if msg.err = to.Record(account, event, clock()); msg.err != nil {
				msg.err = fmt.Errorf("view %s of %s: %w", at.SHA256, reference, msg.err)
				return msg
			}
		}
		data, err := from.Blob(at.SHA256)
		if err == nil && at.Type != review.TypePDF {
			msg.picture, err = picture.Decode(data, side, side)
		}
		if err != nil {
			msg.err = fmt.Errorf("show %s of %s: %w", at.SHA256, reference, err)
		}
		return msg
	}
}

func (p *pictureScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.MouseMsg:
		return p.pointed(msg)
	case tea.WindowSizeMsg:
		return step{}, p.read(false)
	case pictureRead:
		return step{}, p.take(msg)
	}
	return step{}, nil
}

func (p *pictureScreen) take(msg pictureRead) tea.Cmd {
	if msg.request != p.awaited {
		return nil
	}
	p.awaited, p.source, p.err = 0, msg.picture, msg.err
	p.draw()
	return p.desk.s.logged(msg.err)
}

func (p *pictureScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.desk.s.keys
	switch {
	case key.Matches(msg, k.nextPage):
		return p.leaf(1)
	case key.Matches(msg, k.previousPage):
		return p.leaf(-1)
	case key.Matches(msg, k.rotate):
		return p.look(p.view.Turn(1))
	case key.Matches(msg, k.rotateBack):
		return p.look(p.view.Turn(-1))
	case key.Matches(msg, k.zoomIn):
		return p.look(p.view.In())
	case key.Matches(msg, k.zoomOut):
		return p.look(p.view.Out())
	case key.Matches(msg, k.panLeft):
		return p.pan(-panStep, 0)
	case key.Matches(msg, k.panRight):
		return p.pan(panStep, 0)
	case key.Matches(msg, k.panUp):
		return p.pan(0, -panStep)
	case key.Matches(msg, k.panDown):
		return p.pan(0, panStep)
	case key.Matches(msg, k.reveal):
		return p.desk.reveal()
	}
	return refuse(p.desk.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// leaf goes to the next or the previous attachment.
func (p *pictureScreen) leaf(by int) (step, tea.Cmd) {
	to := p.at + by
	if to < 0 || to >= len(p.shown.Attachments) {
		return tell(p.desk.s.words.Say("attachment.end")), nil
	}
	p.at, p.view = to, graphics.Viewport{}
	return step{}, p.read(true)
}

// look shows another part of the picture, or it turned, and says so where there is no further.
func (p *pictureScreen) look(view graphics.Viewport) (step, tea.Cmd) {
	if view == p.view || view.Zoom > mostZoom {
		return tell(p.desk.s.words.Say("attachment.zoom_end")), nil
	}
	p.view = view
	p.draw()
	return step{}, nil
}

func (p *pictureScreen) pan(x, y int) (step, tea.Cmd) {
	switch {
	case p.source == nil:
		return step{}, nil
	case p.view.Fits():
		return tell(p.desk.s.words.Say("attachment.whole")), nil
	}
	cols, rows := p.room()
	return p.look(p.view.Pan(x, y, p.source.Bounds().Size(), cols, 2*rows))
}

// pointed: the wheel zooms, a click moves what was clicked into the middle.
func (p *pictureScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action != tea.MouseActionPress {
		return step{}, nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return p.look(p.view.In())
	case tea.MouseButtonWheelDown:
		return p.look(p.view.Out())
	case tea.MouseButtonLeft:
		cols, rows := p.room()
		top := len(p.head())
		if !p.view.Fits() && msg.X < cols && msg.Y >= top {
			return p.pan(msg.X*100/cols-50, (msg.Y-top)*100/rows-50)
		}
	}
	return step{}, nil
}

// room is what the head and the facts leave for the picture.
func (p *pictureScreen) room() (cols, rows int) {
	cols, rows = p.width, p.height-len(p.head())
	if p.beside() {
		cols -= factsWidth + 2
	}
	return max(cols, 1), max(rows, 1)
}

func (p *pictureScreen) beside() bool { return p.width >= factsFrom }

// draw makes the lines of the picture, or of what stands in its place.
func (p *pictureScreen) draw() {
	cols, rows := p.room()
	if p.source == nil {
		p.drawn = p.instead(cols, rows)
		return
	}
	seen := p.view.Apply(p.source, cols, 2*rows)
	p.drawn = strings.Split(graphics.Blocks(seen, cols, rows, p.desk.s.styles.profile), "\n")
}

// instead says why there is no picture.
func (p *pictureScreen) instead(cols, rows int) []string {
	w, st := p.desk.s.words, p.desk.s.styles
	at := p.shown.Attachments[p.at]
	text, style := w.Say("attachment.reading"), st.muted
	switch {
	case p.err != nil:
		text, style = signBad+" "+w.Explain(p.err), st.bad
	case at.Type == review.TypePDF && p.awaited == 0:
		text, style = w.Say("attachment.pdf"), st.info
	}
	lines := make([]string, rows/2)
	for _, line := range wrap(text, max(cols-4, 8)) {
		lines = append(lines, "  "+style.Render(line))
	}
	return lines
}

func (p *pictureScreen) SetSize(width, height int) {
	p.width, p.height = width, height
	p.draw()
}

func (p *pictureScreen) Capturing() bool { return false }

func (p *pictureScreen) View() string {
	cols, rows := p.room()
	lines := block(p.drawn, cols, rows)
	if p.beside() {
		facts := block(p.facts(factsWidth), factsWidth, rows)
		for i := range lines {
			lines[i] += "  " + facts[i]
		}
	}
	return strings.Join(append(p.head(), lines...), "\n")
}

// head names the attachment; in a narrow window what it proves stands here too, as far as there is room.
func (p *pictureScreen) head() []string {
	s, at := p.desk.s, p.shown.Attachments[p.at]
	where := s.words.Say("attachment.of", p.at+1, len(p.shown.Attachments))
	if !p.view.Fits() {
		where += s.words.Say("attachment.zoomed", p.view.Zoom)
	}
	title := " " + s.styles.strong.Render(s.words.Label(at.Slot)) + "  " + s.styles.muted.Render(Plain(at.File)+"  "+s.measures(&at))
	head := []string{both(title, s.styles.muted.Render(where)+" ", p.width)}
	if p.beside() || p.height < 12 {
		return head
	}
	facts := wrap(strings.Join(p.facts(p.width), "   "), max(p.width-2, 1))
	if most := max(p.height/4, 1); len(facts) > most {
		facts = facts[:most]
	}
	for _, line := range facts {
		head = append(head, " "+line)
	}
	return head
}

// facts are the findings about the attachment and the answers that it proves.
func (p *pictureScreen) facts(width int) []string {
	s, at := p.desk.s, p.shown.Attachments[p.at]
	file := p.desk.file
	revealed := file != nil && file.id() == p.shown.Reference && file.revealed
	var lines []string
	if file != nil && file.id() == p.shown.Reference {
		for _, problem := range file.checks {
			if problem.Target == at.Slot {
				sign, style := s.sign(problem.Severity)
				for _, line := range wrap(sign+" "+s.words.Code(problem.Code, problem.Args), width) {
					lines = append(lines, style.Render(line))
				}
			}
		}
	}
	for _, f := range review.Fields() {
		if !proves(&f, at.Slot) {
			continue
		}
		if value := showAnswer(s, &f, p.shown.Form, review.DateOf(p.shown.SubmittedAt), revealed); value != "" {
			lines = append(lines, wrap(s.words.Label(f.Key)+s.words.Say("colon")+value, width)...)
		}
	}
	return lines
}

func proves(f *review.Field, slot review.Key) bool {
	for _, proof := range f.Proof {
		if proof == slot {
			return true
		}
	}
	return false
}

func (p *pictureScreen) ShortHelp() []key.Binding {
	k := p.desk.s.keys
	return []key.Binding{k.nextPage, k.previousPage, k.zoomIn, k.zoomOut, k.rotate, k.reveal, k.back}
}

func (p *pictureScreen) FullHelp() [][]key.Binding {
	k := p.desk.s.keys
	return [][]key.Binding{
		{k.nextPage, k.previousPage, k.zoomIn, k.zoomOut, k.rotate, k.rotateBack},
		{k.panLeft, k.panRight, k.panUp, k.panDown, k.reveal, k.back},
	}
}
