package ui

import (
	"context"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"rongzheng/review"
	"rongzheng/ui/graphics"
)

// pictureScreen shows the attachments of an application leaf by leaf, upright, beside the fields that they prove; in a
// narrow window over them.
type pictureScreen struct {
	desk   *desk
	shown  *review.Application
	leaves []leaf
	at     int  // the leaf
	only   int  // which picture of a leaf of several is shown alone, -1 for all
	fields pane // of a wide window
	asked  int  // field for which the leaf was asked, of the pane's items

	owed    bool // a look at the leaf is still to be recorded: the window was too small to see anything
	awaited int
	cancel  context.CancelFunc
	parts   []drawn // nil while they are being read
	view    graphics.Viewport
	err     error

	width, height int
}

const (
	panStep = 25 // percent of the room by which a key moves an enlarged picture
	// proofFrom is the width from which the fields stand beside the picture and not beneath it.
	proofFrom = 100
)

// openAttachment opens the attachment that the cursor stands on, the proof of the field that it stands on, or without a
// cursor what must be seen next.
func (d *desk) openAttachment(on item) (step, tea.Cmd) {
	a, why := d.readable()
	if a == nil {
		return refuse(why), nil
	}
	at, found := proofOf(a, on)
	if !found {
		return refuse(d.s.words.Say("attachment.no_proof", d.s.words.Label(on.key))), nil
	}
	if missing := d.notSeen(); on.key == "" && len(missing) > 0 {
		at = missing[0]
	}
	return step{open: newPicture(d, a, at, on)}, nil
}

// openUnseen opens the next attachment that must be seen before an approval.
func (d *desk) openUnseen() (step, tea.Cmd) {
	a, why := d.readable()
	if a == nil {
		return refuse(why), nil
	}
	missing := d.notSeen()
	if len(missing) == 0 {
		return tell(d.s.words.Say("attachment.all_seen")), nil
	}
	return step{open: newPicture(d, a, missing[0], item{})}, nil
}

// readable returns the application on the screen if its attachments may be looked at, and else why not.
func (d *desk) readable() (*review.Application, string) {
	switch {
	case d.file == nil || d.list.fetching():
		return nil, d.s.words.Say("nothing.selected")
	case d.file.application == nil || len(leaves(d.file.application)) == 0:
		return nil, d.s.words.Say("attachment.none")
	case d.s.by.May(review.ViewFile) != nil:
		return nil, d.s.words.Explain(d.s.by.May(review.ViewFile))
	}
	return d.file.application, ""
}

// proofOf finds the attachment to open for an item.
func proofOf(a *review.Application, on item) (int, bool) {
	if on.key == "" {
		return leaves(a)[0].attachments[0], true
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

func newPicture(d *desk, a *review.Application, attachment int, on item) *pictureScreen {
	p := &pictureScreen{desk: d, shown: a, leaves: leaves(a), only: -1, fields: pane{s: d.s, pointing: true}}
	p.at, _ = leafOf(p.leaves, attachment)
	p.fields.setSize(proofFrom, 24)
	p.fields.show(d.file)
	p.asked = max(slices.IndexFunc(p.fields.items, func(i item) bool { return i.key == on.key && i.attachment == on.attachment }), 0)
	p.fields.point(p.asked)
	return p
}

func (p *pictureScreen) Init() tea.Cmd { return p.read(true) }

// files are the attachments that are on the screen.
func (p *pictureScreen) files() []int {
	all := p.leaves[p.at].attachments
	if p.only >= 0 {
		return all[p.only : p.only+1]
	}
	return all
}

// read makes the command that shows the leaf; record says that this is a new look at it.
func (p *pictureScreen) read(record bool) tea.Cmd {
	s := p.desk.s
	if p.cancel != nil {
		p.cancel()
	}
	if record {
		p.parts = nil
	}
	p.awaited, p.err = s.next(), nil
	if p.owed = p.owed || record; p.owed && !p.tooSmall() {
		record, p.owed = true, false
	} else {
		record = false
	}
	job := drawJob{
		pictures: s.pictures, request: p.awaited, from: cases(s.store), look: s.looking(p.shown), record: record,
		page: p.leaves[p.at].page, view: p.view, profile: s.styles.profile,
	}
	job.ctx, p.cancel = context.WithCancel(context.Background())
	for _, i := range p.files() {
		job.files = append(job.files, p.shown.Attachments[i])
	}
	cols, rows := p.room()
	job.boxes = boxesFor(len(job.files), cols, rows, s.pictures.cell)
	return job.first
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
	p.fields.show(p.desk.file)
	return step{close: p.left()}, nil
}

// left says that another case has come under the cursor: its decision has been stored.
func (p *pictureScreen) left() bool {
	return p.desk.file == nil || p.desk.file.id() != p.shown.Reference
}

func (p *pictureScreen) take(msg pictureRead) tea.Cmd {
	p.fields.show(p.desk.file)
	if msg.request != p.awaited {
		return nil
	}
	p.parts, p.err = msg.parts, msg.err
	if msg.rest != nil {
		return func() tea.Msg { return msg.rest.full() }
	}
	p.awaited = 0
	logs := []tea.Cmd{p.desk.s.logged(msg.err)}
	for _, part := range msg.parts {
		logs = append(logs, p.desk.s.logged(part.err))
	}
	return tea.Batch(logs...)
}

func (p *pictureScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.desk.s.keys
	switch {
	case key.Matches(msg, k.attachment):
		return p.ask()
	case key.Matches(msg, k.unseen):
		return p.nextUnseen()
	case p.beside() && key.Matches(msg, k.down):
		p.fields.point(p.fields.cursor + 1)
		return step{}, nil
	case p.beside() && key.Matches(msg, k.up):
		p.fields.point(p.fields.cursor - 1)
		return step{}, nil
	case key.Matches(msg, k.nextPage):
		return p.turn(1)
	case key.Matches(msg, k.previousPage):
		return p.turn(-1)
	case key.Matches(msg, k.viewer):
		return p.desk.lend(p.shown, p.files()[0])
	case key.Matches(msg, k.approve):
		return p.desk.approve()
	case key.Matches(msg, k.takeOver):
		return p.desk.takeOver()
	case key.Matches(msg, k.reveal):
		return p.desk.reveal()
	}
	return p.change(msg)
}

// change enlarges, reduces, turns and moves. A leaf of several pictures first gives one of them the whole room.
func (p *pictureScreen) change(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.desk.s.keys
	switch {
	case key.Matches(msg, k.zoomIn) && len(p.files()) > 1:
		p.only = 0
		return step{}, p.read(false)
	case p.view.Fits() && p.only >= 0 && (key.Matches(msg, k.zoomOut) || key.Matches(msg, k.fitRoom)):
		p.only = -1
		return step{}, p.read(false)
	}
	if view, ok := k.viewOf(msg, p.view); ok {
		return p.look(view)
	}
	if x, y, ok := k.panOf(msg); ok {
		return p.pan(x, y)
	}
	return refuse(p.desk.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// ask shows the proof of the field to which the cursor has moved meanwhile, and else the next leaf.
func (p *pictureScreen) ask() (step, tea.Cmd) {
	if !p.beside() || p.fields.cursor == p.asked {
		return p.turn(1)
	}
	on := p.fields.on()
	attachment, found := proofOf(p.shown, on)
	if !found {
		return refuse(p.desk.s.words.Say("attachment.no_proof", p.desk.s.words.Label(on.key))), nil
	}
	p.asked = p.fields.cursor
	at, _ := leafOf(p.leaves, attachment)
	return p.goTo(at)
}

func (p *pictureScreen) nextUnseen() (step, tea.Cmd) {
	missing := p.desk.notSeen()
	if len(missing) == 0 {
		return tell(p.desk.s.words.Say("attachment.all_seen")), nil
	}
	at, _ := leafOf(p.leaves, missing[0])
	return p.goTo(at)
}

// turn goes to the next or the previous leaf, or picture where each is shown alone.
func (p *pictureScreen) turn(by int) (step, tea.Cmd) {
	if to := p.only + by; p.only >= 0 && to >= 0 && to < len(p.leaves[p.at].attachments) {
		p.only, p.view = to, graphics.Viewport{}
		return step{}, p.read(false)
	}
	if to := p.at + by; to < 0 || to >= len(p.leaves) {
		return tell(p.desk.s.words.Say("attachment.end")), nil
	}
	return p.goTo(p.at + by)
}

func (p *pictureScreen) goTo(at int) (step, tea.Cmd) {
	p.at, p.only, p.view = at, -1, graphics.Viewport{}
	return step{}, p.read(true)
}

// look shows another part of the picture, or it turned, and says so where there is no further.
func (p *pictureScreen) look(view graphics.Viewport) (step, tea.Cmd) {
	if view == p.view {
		return tell(p.desk.s.words.Say("attachment.zoom_end")), nil
	}
	p.view = view
	return step{}, p.read(false)
}

func (p *pictureScreen) pan(x, y int) (step, tea.Cmd) {
	switch {
	case len(p.parts) != 1 || p.parts[0].size.X == 0:
		return step{}, nil
	case p.view.Fits():
		return tell(p.desk.s.words.Say("attachment.whole")), nil
	}
	cols, rows := p.room()
	w, h := boxesFor(1, cols, rows, p.desk.s.pictures.cell)[0].Pixels(p.desk.s.pictures.way)
	return p.look(p.view.Pan(x, y, p.parts[0].size, w, h))
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
		left, top := p.width-cols, len(p.head())
		if !p.view.Fits() && msg.X >= left && msg.Y >= top {
			return p.pan((msg.X-left)*100/cols-50, (msg.Y-top)*100/rows-50)
		}
	}
	return step{}, nil
}

// tooSmall reports whether the window leaves a picture no room in which anything could be told from it.
func (p *pictureScreen) tooSmall() bool {
	cols, rows := p.room()
	return cols < 16 || rows < 4
}

// room is what the head and the fields leave for the picture.
func (p *pictureScreen) room() (cols, rows int) {
	cols, rows = p.width, p.height-len(p.head())
	if p.beside() {
		cols -= p.fieldsWidth() + 3
	}
	return max(cols, 1), max(rows, 1)
}

func (p *pictureScreen) beside() bool { return p.width >= proofFrom }

func (p *pictureScreen) fieldsWidth() int { return min(max(p.width*2/5, 44), 72) }

func (p *pictureScreen) SetSize(width, height int) {
	p.width, p.height = width, height
	if p.beside() {
		p.fields.setSize(p.fieldsWidth(), max(height, 1))
	}
	p.fields.show(p.desk.file)
}

func (p *pictureScreen) Capturing() bool { return false }

func (p *pictureScreen) View() string {
	cols, rows := p.room()
	right := append(p.head(), block(p.body(cols, rows), cols, rows)...)
	if !p.beside() {
		return strings.Join(right, "\n")
	}
	left := block(p.fields.view(), p.fieldsWidth(), p.height)
	side := p.desk.s.styles.muted.Render(" " + signSide + " ")
	for i := range min(len(left), len(right)) {
		right[i] = left[i] + side + right[i]
	}
	return strings.Join(right, "\n")
}

// body is the pictures of the leaf as they stand in the room, or what stands in their place.
func (p *pictureScreen) body(cols, rows int) []string {
	w, st := p.desk.s.words, p.desk.s.styles
	switch {
	case p.tooSmall():
		return []string{st.warn.Render(cut(w.Say("attachment.too_small"), cols))}
	case p.err != nil:
		return middle(signBad+" "+w.Explain(p.err), st.bad.Render, cols, rows)
	case len(p.parts) != len(p.files()):
		return middle(w.Say("attachment.reading"), st.muted.Render, cols, rows)
	}
	box := boxesFor(len(p.parts), cols, rows, p.desk.s.pictures.cell)[0]
	var lines []string
	for i := range p.parts {
		part := block(p.desk.s.part(&p.parts[i], &p.shown.Attachments[p.files()[i]], box.Cols, box.Rows), box.Cols, box.Rows)
		switch {
		case i == 0:
			lines = part
		case box.Cols < cols:
			for y := range lines {
				lines[y] += " " + part[y]
			}
		default:
			lines = append(append(lines, ""), part...)
		}
	}
	return lines
}

// head names what is shown; in a narrow window what it proves stands here too, as far as there is room.
func (p *pictureScreen) head() []string {
	s, width := p.desk.s, p.width
	if p.beside() {
		width -= p.fieldsWidth() + 3
	}
	at := p.shown.Attachments[p.files()[0]]
	where := s.words.Say("attachment.of", p.at+1, len(p.leaves))
	if !p.view.Fits() {
		where += s.words.Say("attachment.zoomed", p.view.Zoom)
	}
	name := Plain(at.File) + "  " + s.measures(&at)
	if more := len(p.files()) - 1; more > 0 {
		name = Plain(at.File) + " + " + Plain(p.shown.Attachments[p.files()[1]].File)
	}
	if page := p.leaves[p.at].page; page > 0 {
		name += "  " + s.words.Say("attachment.page", page)
		if at.Pages == 0 {
			name += "  " + s.words.Say("attachment.pages_unknown")
		}
	}
	title := " " + s.styles.strong.Render(s.words.Label(at.Slot)) + "  " + s.styles.muted.Render(name)
	head := []string{both(title, s.styles.muted.Render(where)+" ", width)}
	if p.beside() || p.height < 12 {
		return head
	}
	return append(head, p.facts(width, max(p.height/4, 1))...)
}

// facts are the findings and then the answers, in so many lines at most; findings leave the answers half of them.
func (p *pictureScreen) facts(width, most int) []string {
	var answers []string
	for _, line := range wrap(strings.Join(p.answers(), "   "), max(width-2, 1)) {
		answers = append(answers, " "+line)
	}
	findings := p.findings(width - 2)
	findings = findings[:min(len(findings), most-min(len(answers), most/2))]
	return append(findings, answers[:min(len(answers), most-len(findings))]...)
}

// slots are those of the files that are shown, each once.
func (p *pictureScreen) slots() []review.Key {
	var list []review.Key
	for _, i := range p.files() {
		if slot := p.shown.Attachments[i].Slot; !slices.Contains(list, slot) {
			list = append(list, slot)
		}
	}
	return list
}

// findings are what the checks and the round before say about the attachments, each on lines of its own, with the label
// of the attachment where several are shown.
func (p *pictureScreen) findings(width int) []string {
	s, file, slots := p.desk.s, p.desk.file, p.slots()
	if p.left() {
		return nil
	}
	var lines []string
	add := func(slot review.Key, sign, text string, style lipgloss.Style) {
		if len(slots) > 1 {
			text = s.words.Label(slot) + s.words.Say("colon") + text
		}
		for _, line := range wrap(sign+" "+text, max(width, 1)) {
			lines = append(lines, " "+style.Render(line))
		}
	}
	for _, slot := range slots {
		for _, problem := range file.checks {
			if problem.Target == slot {
				sign, style := s.sign(problem.Severity)
				add(slot, sign, s.words.Code(problem.Code, problem.Args), style)
			}
		}
		before := file.rejectedFor(slot)
		for i := range before {
			sign, text, style := s.tellEarlier(&before[i], false)
			add(slot, sign, text, style)
		}
	}
	return lines
}

// answers are those that the attachments prove.
func (p *pictureScreen) answers() []string {
	s, slots, day := p.desk.s, p.slots(), review.DateOf(p.shown.SubmittedAt)
	revealed := !p.left() && p.desk.file.revealed
	var list []string
	for _, f := range review.Fields() {
		if !slices.ContainsFunc(f.Proof, func(slot review.Key) bool { return slices.Contains(slots, slot) }) {
			continue
		}
		if value := showAnswer(s, &f, p.shown.Form, day, revealed); value != "" {
			list = append(list, s.words.Label(f.Key)+s.words.Say("colon")+value)
		}
	}
	return list
}

func (p *pictureScreen) ShortHelp() []key.Binding {
	k := p.desk.s.keys
	help := []key.Binding{withHelp(k.attachment, p.desk.s.words.Say("key.next_page")), k.previousPage}
	if p.desk.mayTakeOver() {
		help = append(help, k.takeOver)
	}
	if p.desk.usable(review.Approve) {
		help = append(help, k.approve, k.unseen)
	}
	return append(help, k.zoomIn, k.zoomOut, k.rotate, k.reveal, k.back)
}

func (p *pictureScreen) FullHelp() [][]key.Binding {
	k := p.desk.s.keys
	return [][]key.Binding{
		{k.nextPage, k.previousPage, k.unseen, k.approve, k.takeOver, k.viewer},
		{k.zoomIn, k.zoomOut, k.fitRoom, k.rotate, k.rotateBack},
		{k.panLeft, k.panRight, k.panUp, k.panDown, k.reveal, k.back},
	}
}
