package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// pane shows a case in a part of the window.
type pane struct {
	s             *session
	pointing      bool // a cursor stands on its items
	width, height int

	file   *caseFile
	lang   review.Lang
	lines  []paneLine
	items  []item
	first  int // line at the top
	cursor int // item under the cursor
}

// airyFrom is the height from which sections are set apart by empty lines.
const airyFrom = 30

// show lays the case out anew when it is another one than before; another application begins at its top.
func (p *pane) show(file *caseFile) {
	if file == p.file && p.lang == p.s.words.Lang() {
		return
	}
	if file == nil || p.file == nil || file.id() != p.file.id() {
		p.first, p.cursor = 0, 0
	}
	seen := p.sees()
	p.file, p.lang = file, p.s.words.Lang()
	p.lay(seen)
}

func (p *pane) setSize(width, height int) {
	seen := p.sees()
	p.width, p.height = width, height
	p.lay(seen)
}

// lay makes the lines anew; the item under the cursor comes into sight where it was in sight before.
func (p *pane) lay(seen bool) {
	p.lines, p.items = nil, nil
	if p.file != nil && p.width > 0 {
		p.lines, p.items = layout(p.s, p.file, form{p.width, p.height < airyFrom, !p.pointing})
	}
	p.cursor = max(min(p.cursor, len(p.items)-1), 0)
	if seen {
		p.bring(p.cursor)
	}
	p.scroll(0)
}

// sees reports whether the first line of the item under the cursor is on the screen.
func (p *pane) sees() bool {
	first, _ := p.linesOf(p.cursor)
	return p.pointing && first >= p.first && first < p.first+p.height-1
}

func (p *pane) scroll(by int) {
	p.first = max(min(p.first+by, len(p.lines)-p.height), 0)
}

// point puts the cursor on an item and brings its lines into sight.
func (p *pane) point(at int) {
	p.cursor = max(min(at, len(p.items)-1), 0)
	if p.cursor == 0 {
		p.first = 0
	}
	p.bring(p.cursor)
	p.scroll(0)
}

// bring moves as little as it must to have the lines of an item in sight.
func (p *pane) bring(at int) {
	first, last := p.linesOf(at)
	if last >= p.first+p.height-1 {
		p.first = last - p.height + 2
	}
	if first < p.first {
		p.first = first
	}
}

// linesOf returns the first and the last line of an item.
func (p *pane) linesOf(at int) (first, last int) {
	first = -1
	for i, line := range p.lines {
		if line.item == at {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return max(first, 0), last
}

// on returns the item under the cursor.
func (p *pane) on() item {
	if p.pointing && p.cursor < len(p.items) {
		return p.items[p.cursor]
	}
	return item{}
}

// view draws the lines in sight; the last one tells how many there are below.
func (p *pane) view() []string {
	if p.height < 1 {
		return nil
	}
	if p.file == nil {
		return []string{"", "  " + p.s.styles.muted.Render(p.s.words.Say("pane.empty"))}
	}
	end := min(p.first+p.height, len(p.lines))
	lines := make([]string, 0, p.height)
	last := -1
	for _, line := range p.lines[p.first:end] {
		lines = append(lines, p.marked(line, line.item != last))
		last = line.item
	}
	if below := len(p.lines) - end; below > 0 && p.height > 2 {
		lines[len(lines)-1] = p.s.styles.muted.Render("  ↓ " + p.s.words.Say("pane.more", below+1))
	}
	return lines
}

// marked puts the cursor's sign before the first line of the item that it stands on.
func (p *pane) marked(line paneLine, first bool) string {
	if p.pointing && line.item == p.cursor && line.item >= 0 && first && strings.HasPrefix(line.text, " ") {
		return p.s.styles.key.Render(signCursor) + line.text[1:]
	}
	return line.text
}

// detailScreen shows the case of the desk in the whole window. The desk itself gets its results from the queue screen
// beneath.
type detailScreen struct {
	desk *desk
	pane pane
}

func newDetail(d *desk) *detailScreen {
	return &detailScreen{desk: d, pane: pane{s: d.s, pointing: true}}
}

func (t *detailScreen) Init() tea.Cmd {
	t.pane.show(t.desk.file)
	return nil
}

func (t *detailScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	var next step
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyMsg:
		next, cmd = t.pressed(msg)
	case tea.MouseMsg:
		next, cmd = t.pointed(msg)
	}
	t.pane.show(t.desk.file)
	if t.desk.file == nil && !t.desk.list.fetching() {
		next.close = true
	}
	return next, cmd
}

func (t *detailScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := t.desk.s.keys
	switch {
	case key.Matches(msg, k.scrollDown):
		t.pane.scroll(max(t.pane.height/2, 1))
		return step{}, nil
	case key.Matches(msg, k.scrollUp):
		t.pane.scroll(-max(t.pane.height/2, 1))
		return step{}, nil
	case key.Matches(msg, k.next):
		return step{}, t.desk.move(1)
	case key.Matches(msg, k.previous):
		return step{}, t.desk.move(-1)
	case key.Matches(msg, k.open):
		return t.desk.openAttachment(t.pane.on())
	case key.Matches(msg, k.finding):
		return t.nextFinding(), nil
	case key.Matches(msg, k.bottom):
		t.pane.point(len(t.pane.items) - 1)
		t.pane.scroll(len(t.pane.lines))
		return step{}, nil
	}
	if to, ok := k.cursor(msg, t.pane.cursor, len(t.pane.items), t.pane.height); ok {
		t.down(to)
		return step{}, nil
	}
	return t.desk.pressed(msg, t.pane.on())
}

// nextFinding puts the cursor on the next item about which the checks have found something, from the end to the first.
func (t *detailScreen) nextFinding() step {
	n := len(t.pane.items)
	for i := 1; i <= n; i++ {
		if at := (t.pane.cursor + i) % n; t.pane.items[at].doubtful {
			t.pane.point(at)
			return step{}
		}
	}
	return tell(t.desk.s.words.Say("checks.no_more"))
}

// down moves the cursor; at the last item it goes on scrolling through what lies below.
func (t *detailScreen) down(to int) {
	if to == t.pane.cursor && to == len(t.pane.items)-1 {
		t.pane.scroll(1)
		return
	}
	t.pane.point(to)
}

// pointed: the wheel scrolls, a click puts the cursor on an item, a click on that item opens its attachment.
func (t *detailScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action != tea.MouseActionPress {
		return step{}, nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		t.pane.scroll(-3)
	case tea.MouseButtonWheelDown:
		t.pane.scroll(3)
	case tea.MouseButtonLeft:
		at := t.pane.first + msg.Y
		if at >= len(t.pane.lines) || t.pane.lines[at].item < 0 {
			return step{}, nil
		}
		if on := t.pane.lines[at].item; on != t.pane.cursor {
			t.pane.point(on)
			return step{}, nil
		}
		return t.desk.openAttachment(t.pane.on())
	}
	return step{}, nil
}

func (t *detailScreen) SetSize(width, height int) {
	t.pane.setSize(width, height)
	t.pane.show(t.desk.file)
}

func (t *detailScreen) Capturing() bool { return false }

func (t *detailScreen) View() string { return strings.Join(t.pane.view(), "\n") }

func (t *detailScreen) ShortHelp() []key.Binding {
	k := t.desk.s.keys
	return append(t.desk.actions(), k.reveal, k.finding, k.next, k.previous)
}

func (t *detailScreen) FullHelp() [][]key.Binding {
	k := t.desk.s.keys
	return [][]key.Binding{
		{k.down, k.up, k.scrollDown, k.scrollUp, k.top, k.bottom, k.finding, k.next, k.previous, k.open},
		t.desk.allActions(),
		{k.refresh, k.back},
	}
}
