package ui

import (
	"context"
	"errors"
	"image"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
	"rongzheng/ui/graphics"
)

// alikePictures shows the attachments of two records that are alike, those of one slot beside each other: the two faces on
// two portraits, the same sheet handed in twice. In a narrow window one stands above the other.
type alikePictures struct {
	desk  *desk
	sides [2]pictureSide
	pages []facing
	at    int
	view  graphics.Viewport // of both, so that the same place of a sheet is compared

	asked         int // request for the other application, 0 once it is there
	width, height int
}

// pictureSide is one of the two records, and its picture on the screen.
type pictureSide struct {
	name    string
	a       *review.Application // nil while it is being read, and where nothing can be shown
	missing error               // why nothing can be shown

	awaited int
	cancel  context.CancelFunc
	part    *drawn
	err     error
}

// facing are the two leaves that stand beside each other; a side that has none has no attachments in its leaf.
type facing struct {
	slot   review.Key
	leaves [2]leaf
}

// otherRead is the answer of reading the application that a certificate came from.
type otherRead struct {
	request int
	a       review.Application
	err     error
}

// errNoFiles means that a record was taken over from a table, without attachments.
var errNoFiles = errors.New("the record has no attachments")

// pictures opens the attachments of both records.
func (c *alikeScreen) pictures() (step, tea.Cmd) {
	d := c.desk
	if why, ok := c.comparable(); !ok {
		return refuse(why), nil
	}
	if err := d.s.by.May(review.ViewFile); err != nil {
		return refuse(d.s.words.Explain(err)), nil
	}
	one := c.other()
	p := &alikePictures{desk: d}
	p.sides[0] = pictureSide{name: c.a.Reference, a: &c.a}
	p.sides[1] = pictureSide{name: one.Name, a: one.Application}
	if one.Application == nil {
		if v := one.Certificate.Current(); v != nil && v.Reference != "" {
			p.sides[1].name = v.Reference
		} else {
			p.sides[1].missing = errNoFiles
		}
	}
	p.lay()
	return step{open: p}, nil
}

// lay puts the leaves of both sides beside each other, slot by slot.
func (p *alikePictures) lay() {
	p.pages = nil
	for _, f := range review.FieldsOf("attachments") {
		var both [2][]leaf
		for i := range p.sides {
			if a := p.sides[i].a; a != nil {
				both[i] = leavesOf(a, f.Key)
			}
		}
		for n := range max(len(both[0]), len(both[1])) {
			page := facing{slot: f.Key}
			for i := range both {
				if n < len(both[i]) {
					page.leaves[i] = both[i][n]
				}
			}
			p.pages = append(p.pages, page)
		}
	}
}

func (p *alikePictures) Init() tea.Cmd {
	other, s := &p.sides[1], p.desk.s
	if other.a != nil || other.missing != nil {
		return p.read(true)
	}
	p.asked = s.next()
	from, by, reference, request := cases(s.store), s.by, other.name, p.asked
	return func() tea.Msg {
		a, err := from.Application(by, reference)
		return otherRead{request, a, err}
	}
}

// attachment is what a side shows, nil where it has nothing in the slot.
func (p *alikePictures) attachment(side int) *review.Attachment {
	if p.at >= len(p.pages) || len(p.pages[p.at].leaves[side].attachments) == 0 {
		return nil
	}
	return &p.sides[side].a.Attachments[p.pages[p.at].leaves[side].attachments[0]]
}

// read makes the commands that show both sides; record says that this is a new look at them.
func (p *alikePictures) read(record bool) tea.Cmd {
	var reads []tea.Cmd
	for i := range p.sides {
		reads = append(reads, p.readSide(i, record))
	}
	return tea.Batch(reads...)
}

func (p *alikePictures) readSide(i int, record bool) tea.Cmd {
	side, s, at := &p.sides[i], p.desk.s, p.attachment(i)
	if side.cancel != nil {
		side.cancel()
		side.cancel = nil
	}
	if record {
		side.part = nil
	}
	side.awaited, side.err = 0, nil
	if at == nil {
		return nil
	}
	side.awaited = s.next()
	job := drawJob{
		pictures: s.pictures, request: side.awaited, from: cases(s.store), look: s.looking(side.a), record: record,
		files: []review.Attachment{*at}, page: p.pages[p.at].leaves[i].page, view: p.view, profile: s.styles.profile,
		boxes: []graphics.Box{p.box()},
	}
	job.ctx, side.cancel = context.WithCancel(context.Background())
	return job.first
}

func (p *alikePictures) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.WindowSizeMsg:
		if p.asked == 0 {
			return step{}, p.read(false)
		}
	case otherRead:
		return step{}, p.found(msg)
	case pictureRead:
		return step{}, p.take(msg)
	}
	return step{}, nil
}

func (p *alikePictures) found(msg otherRead) tea.Cmd {
	if msg.request != p.asked {
		return nil
	}
	p.asked = 0
	if msg.err != nil {
		p.sides[1].missing = msg.err
		return tea.Batch(p.desk.s.logged(msg.err), p.read(true))
	}
	p.sides[1].a = &msg.a
	p.lay()
	return p.read(true)
}

func (p *alikePictures) take(msg pictureRead) tea.Cmd {
	for i := range p.sides {
		side := &p.sides[i]
		if side.awaited == 0 || msg.request != side.awaited {
			continue
		}
		if side.err = msg.err; len(msg.parts) == 1 {
			side.part = &msg.parts[0]
		}
		if msg.rest != nil {
			return func() tea.Msg { return msg.rest.full() }
		}
		side.awaited = 0
		if side.part != nil {
			return tea.Batch(p.desk.s.logged(msg.err), p.desk.s.logged(side.part.err))
		}
		return p.desk.s.logged(msg.err)
	}
	return nil
}

func (p *alikePictures) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := p.desk.s.keys, p.desk.s.words
	switch {
	case key.Matches(msg, k.attachment), key.Matches(msg, k.nextPage):
		return p.turn(1)
	case key.Matches(msg, k.previousPage):
		return p.turn(-1)
	}
	if view, why, ok := p.desk.s.viewed(msg, p.view, p.size(), p.box()); ok {
		if why != "" {
			return tell(why), nil
		}
		p.view = view
		return step{}, p.read(false)
	}
	return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
}

func (p *alikePictures) turn(by int) (step, tea.Cmd) {
	if to := p.at + by; to < 0 || to >= len(p.pages) {
		return tell(p.desk.s.words.Say("attachment.end")), nil
	}
	p.at, p.view = p.at+by, graphics.Viewport{}
	return step{}, p.read(true)
}

// size is that of the first picture that is there: both are moved as it can be.
func (p *alikePictures) size() image.Point {
	for i := range p.sides {
		if part := p.sides[i].part; part != nil && part.size.X > 0 {
			return part.size
		}
	}
	return image.Point{}
}

// beside: both stand side by side in a wide window.
func (p *alikePictures) beside() bool { return p.width >= pairFrom || p.height < 12 }

// box is the room of one picture: half of the window, without the line that names it.
func (p *alikePictures) box() graphics.Box {
	cell := p.desk.s.pictures.cell
	box := graphics.Box{Cols: p.width, Rows: p.height - 2, CellW: cell.W, CellH: cell.H}
	if p.beside() {
		box.Cols = (p.width - 3) / 2
	} else {
		box.Rows = (p.height - 3) / 2
	}
	box.Cols, box.Rows = max(box.Cols, 1), max(box.Rows, 1)
	return box
}

func (p *alikePictures) SetSize(width, height int) { p.width, p.height = width, height }
func (p *alikePictures) Capturing() bool           { return false }

func (p *alikePictures) View() string {
	s, box := p.desk.s, p.box()
	var title, where string
	if p.at < len(p.pages) {
		title, where = s.words.Label(p.pages[p.at].slot), s.words.Say("attachment.of", p.at+1, len(p.pages))
		if !p.view.Fits() {
			where += s.words.Say("attachment.zoomed", p.view.Zoom)
		}
	}
	lines := []string{both(" "+s.styles.strong.Render(title)+"  "+p.same(), s.styles.muted.Render(where)+" ", p.width)}
	left, right := p.side(0, box), p.side(1, box)
	if !p.beside() {
		return strings.Join(append(append(lines, left...), right...), "\n")
	}
	bar := s.styles.muted.Render(" " + signSide + " ")
	for i := range left {
		lines = append(lines, left[i]+bar+right[i])
	}
	return strings.Join(lines, "\n")
}

// same says that both sides show the same file.
func (p *alikePictures) same() string {
	mine, theirs := p.attachment(0), p.attachment(1)
	if mine == nil || theirs == nil || mine.SHA256 != theirs.SHA256 {
		return ""
	}
	return p.desk.s.styles.warn.Render("= " + p.desk.s.words.Say("alike.one_file"))
}

// side is the name of a record with its picture below.
func (p *alikePictures) side(i int, box graphics.Box) []string {
	s, side, at := p.desk.s, &p.sides[i], p.attachment(i)
	name := " " + s.words.Say([]string{"alike.this", "alike.other"}[i]) + " " + Plain(side.name)
	if at != nil {
		name += "  " + s.measures(at)
	}
	head := s.styles.muted.Render(ansi.Truncate(name, box.Cols, "…"))
	return append(block([]string{head}, box.Cols, 1), block(p.body(i, box), box.Cols, box.Rows)...)
}

func (p *alikePictures) body(i int, box graphics.Box) []string {
	s, side, at := p.desk.s, &p.sides[i], p.attachment(i)
	say := func(text string, style func(...string) string) []string {
		return middle(text, style, box.Cols, box.Rows)
	}
	switch {
	case errors.Is(side.missing, errNoFiles):
		return say(s.words.Say("attachment.none"), s.styles.muted.Render)
	case side.missing != nil:
		return say(signBad+" "+s.words.Explain(side.missing), s.styles.bad.Render)
	case side.err != nil:
		return say(signBad+" "+s.words.Explain(side.err), s.styles.bad.Render)
	case side.awaited != 0 && side.part == nil, side.a == nil:
		return say(s.words.Say("attachment.reading"), s.styles.muted.Render)
	case at == nil, side.part == nil:
		return say(s.words.Say("alike.no_file"), s.styles.muted.Render)
	}
	return s.part(side.part, at, box.Cols, box.Rows)
}

func (p *alikePictures) ShortHelp() []key.Binding {
	k := p.desk.s.keys
	return []key.Binding{withHelp(k.attachment, p.desk.s.words.Say("key.next_page")), k.previousPage, k.zoomIn, k.zoomOut, k.rotate, k.back}
}

func (p *alikePictures) FullHelp() [][]key.Binding {
	k := p.desk.s.keys
	return [][]key.Binding{p.ShortHelp(), {k.fitRoom, k.rotateBack, k.panLeft, k.panRight, k.panUp, k.panDown}}
}
