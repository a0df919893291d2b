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
	source  *image.RGBA // as it came from the file, upright; nil while it is being read and for what is no picture
	turned  *image.RGBA // source after the turns
	turns   int         // quarter turns to the right
	zoom    int         // 1 fits the window
	centre  image.Point // in thousandths of the turned picture
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
	mostZoom = 4
	// panStep is how far one key moves a zoomed picture, in thousandths.
	panStep = 120
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
	return &pictureScreen{desk: d, shown: a, at: at, zoom: 1}
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
	side := mostZoom * max(cols, 2*rows)
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
	p.turn(0)
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
		p.turn(1)
	case key.Matches(msg, k.rotateBack):
		p.turn(3)
	case key.Matches(msg, k.zoomIn):
		return p.enlarge(p.zoom * 2)
	case key.Matches(msg, k.zoomOut):
		return p.enlarge(p.zoom / 2)
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
	default:
		return refuse(p.desk.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	return step{}, nil
}

// leaf goes to the next or the previous attachment.
func (p *pictureScreen) leaf(by int) (step, tea.Cmd) {
	to := p.at + by
	if to < 0 || to >= len(p.shown.Attachments) {
		return tell(p.desk.s.words.Say("attachment.end")), nil
	}
	p.at, p.turns, p.zoom = to, 0, 1
	return step{}, p.read(true)
}

// turn turns the picture by quarters to the right.
func (p *pictureScreen) turn(quarters int) {
	p.turns = (p.turns + quarters) % 4
	p.centre = image.Pt(500, 500)
	p.turned = p.source
	for range p.turns {
		p.turned = quarter(p.turned)
	}
	p.draw()
}

// quarter turns a picture by 90 degrees to the right.
func quarter(img *image.RGBA) *image.RGBA {
	if img == nil {
		return nil
	}
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetRGBA(b.Dy()-1-y, x, img.RGBAAt(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

func (p *pictureScreen) enlarge(zoom int) (step, tea.Cmd) {
	if zoom < 1 || zoom > mostZoom {
		return tell(p.desk.s.words.Say("attachment.zoom_end")), nil
	}
	p.zoom = zoom
	p.draw()
	return step{}, nil
}

func (p *pictureScreen) pan(x, y int) (step, tea.Cmd) {
	if p.zoom == 1 {
		return tell(p.desk.s.words.Say("attachment.whole")), nil
	}
	p.centre = image.Pt(max(min(p.centre.X+x/p.zoom*2, 1000), 0), max(min(p.centre.Y+y/p.zoom*2, 1000), 0))
	p.draw()
	return step{}, nil
}

// pointed: the wheel zooms, a click moves what was clicked into the middle.
func (p *pictureScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action != tea.MouseActionPress {
		return step{}, nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return p.enlarge(min(p.zoom*2, mostZoom))
	case tea.MouseButtonWheelDown:
		return p.enlarge(max(p.zoom/2, 1))
	case tea.MouseButtonLeft:
		cols, rows := p.room()
		top := len(p.head())
		if p.zoom > 1 && msg.X < cols && msg.Y >= top {
			return p.pan((msg.X*1000/max(cols, 1)-500)/2, ((msg.Y-top)*1000/max(rows, 1)-500)/2)
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
	if p.turned == nil || p.source == nil {
		p.drawn = p.instead(cols, rows)
		return
	}
	part := p.turned.SubImage(p.part(cols, 2*rows))
	p.drawn = strings.Split(graphics.Blocks(part, cols, rows, p.desk.s.styles.profile), "\n")
}

// part is the part of the picture that fills w × h pixels at the zoom, around the centre.
func (p *pictureScreen) part(w, h int) image.Rectangle {
	b := p.turned.Bounds()
	if p.zoom == 1 {
		return b
	}
	side := func(own, room, other, otherRoom int) int {
		// the whole picture at zoom 1 is as large as the tighter side allows
		if own*otherRoom >= other*room {
			return own / p.zoom
		}
		return min(own, other*room/max(otherRoom, 1)/p.zoom)
	}
	pw, ph := max(side(b.Dx(), w, b.Dy(), h), 1), max(side(b.Dy(), h, b.Dx(), w), 1)
	x := max(min(b.Dx()*p.centre.X/1000-pw/2, b.Dx()-pw), 0)
	y := max(min(b.Dy()*p.centre.Y/1000-ph/2, b.Dy()-ph), 0)
	return image.Rect(x, y, x+pw, y+ph).Add(b.Min)
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
	if p.zoom > 1 {
		where += s.words.Say("attachment.zoomed", p.zoom)
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
