package ui

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// filePicker is the choice of files for an attachment slot. It begins in the scanner's folder with the latest scan that
// has not been used, so that enter takes what was scanned last. Paths that a terminal pastes count as picked.
type filePicker struct {
	s       *session
	slot    review.Key
	replace int                 // file of the slot that gives way, -1 for none
	most    int                 // files that may be taken
	used    map[string]bool     // paths that have been taken since the form was opened
	filed   []review.Attachment // what the form holds, also from before
	held    map[string]bool     // paths of the folder whose bytes it holds
	dir     string
	entries []scanEntry
	marked  []string
	cursor  int
	awaited int
	err     error
	was     *review.PickingPlace // where it stood at the desk before, nil when it has been brought back there
	then    func(paths []string) tea.Cmd

	width, height int
}

// folderRead is the answer of reading a folder.
type folderRead struct {
	request int
	dir     string
	entries []scanEntry
	held    map[string]bool
	err     error
}

// newFilePicker makes the choice of files for the slot under the cursor of a form.
func newFilePicker(e *entryScreen, replace, most int) *filePicker {
	f := e.field()
	return &filePicker{
		s: e.s, slot: f.Key, replace: replace, most: most, used: e.used, filed: slices.Clone(e.filing.Attachments),
		then: func(paths []string) tea.Cmd { return e.take(f, paths, replace) },
	}
}

func (p *filePicker) Init() tea.Cmd {
	scans, request, filed := p.s.scans, p.s.next(), p.filed
	p.awaited = request
	ways := []string{p.s.folder, scans.Dir, p.s.kept}
	if p.was != nil {
		ways = slices.Insert(ways, 0, p.was.Folder)
	}
	if scans.Uploads != nil {
		ways = nil
	}
	return func() tea.Msg {
		for _, dir := range ways { // a folder of another machine, or of last year, may be gone
			if dir == "" {
				continue
			}
			if entries, err := scans.list(dir); err == nil {
				return folderRead{request, dir, entries, scans.holding(entries, filed), nil}
			}
		}
		dir := scans.start()
		entries, err := scans.list(dir)
		return folderRead{request, dir, entries, scans.holding(entries, filed), err}
	}
}

func (p *filePicker) open(dir string) tea.Cmd {
	scans, request, filed := p.s.scans, p.s.next(), p.filed
	p.awaited = request
	return func() tea.Msg {
		entries, err := scans.list(dir)
		return folderRead{request, dir, entries, scans.holding(entries, filed), err}
	}
}

func (p *filePicker) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case folderRead:
		if msg.request == p.awaited {
			return p.read(msg), p.s.logged(msg.err)
		}
	case tea.MouseMsg:
		p.cursor = wheel(msg, p.cursor, len(p.entries))
	case tea.KeyMsg:
		return p.pressed(msg)
	}
	return step{}, nil
}

// read shows the folder. One that cannot be read leaves what was there in sight.
func (p *filePicker) read(msg folderRead) step {
	p.awaited = 0
	if msg.err != nil {
		if p.dir == "" {
			p.err = msg.err
		}
		return refuse(p.s.words.Explain(msg.err))
	}
	before := p.dir
	p.dir, p.entries, p.held, p.err = msg.dir, msg.entries, msg.held, nil
	p.s.folder = msg.dir
	p.cursor = max(slices.IndexFunc(p.entries, func(e scanEntry) bool {
		return filepath.Dir(before) == p.dir && e.path == before || !e.folder && !p.taken(e.path)
	}), 0)
	p.comeBack()
	return step{}
}

// place is where the choice stands, or where it is still to be brought back to.
func (p *filePicker) place() *review.PickingPlace {
	if p.was != nil {
		return p.was
	}
	place := review.PickingPlace{Folder: p.dir, Replace: p.replace + 1}
	if p.cursor < len(p.entries) {
		place.On = p.entries[p.cursor].stamp()
	}
	for _, path := range p.marked {
		if i := slices.IndexFunc(p.entries, func(e scanEntry) bool { return e.path == path }); i >= 0 {
			place.Marked = append(place.Marked, p.entries[i].stamp())
		}
	}
	return &place
}

// comeBack puts cursor and marks where they stood at the desk before, as far as the files are there.
func (p *filePicker) comeBack() {
	was := p.was
	if p.was = nil; was == nil || was.Folder != p.dir {
		return
	}
	at := func(stamp review.FileStamp) int { // of several with the same stamp each is marked once
		return slices.IndexFunc(p.entries, func(e scanEntry) bool {
			return e.stamp().Same(stamp) && !slices.Contains(p.marked, e.path)
		})
	}
	if i := at(was.On); i >= 0 {
		p.cursor = i
	}
	for _, stamp := range was.Marked {
		if i := at(stamp); i >= 0 && !p.entries[i].folder && len(p.marked) < p.most {
			p.marked = append(p.marked, p.entries[i].path)
		}
	}
}

// taken reports whether the form holds the file: as it was taken, perhaps turned since, or by its bytes.
func (p *filePicker) taken(path string) bool { return p.used[path] || p.held[path] }

func (p *filePicker) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := p.s.keys
	if msg.Paste {
		return p.dropped(string(msg.Runes))
	}
	switch {
	case key.Matches(msg, k.open):
		return p.take()
	case key.Matches(msg, k.toggle):
		return p.mark(), nil
	case key.Matches(msg, k.parent) && p.s.scans.Uploads != nil:
		return refuse(p.s.words.Say("files.only_uploads")), nil
	case key.Matches(msg, k.parent):
		return step{}, p.open(filepath.Dir(p.dir))
	case key.Matches(msg, k.refresh):
		return step{}, p.open(p.dir)
	}
	if to, ok := k.cursor(msg, p.cursor, len(p.entries), p.rows()); ok {
		p.cursor = to
		return step{}, nil
	}
	return refuse(p.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (p *filePicker) dropped(text string) (step, tea.Cmd) {
	paths := droppedPaths(text)
	switch {
	case len(paths) == 0:
		return refuse(p.s.words.Say("files.no_path")), nil
	case p.s.scans.Uploads != nil:
		return refuse(p.s.words.Say("files.path_elsewhere")), nil
	}
	return p.close(paths)
}

// take opens the folder under the cursor, or ends with the marked files, else with the one under the cursor.
func (p *filePicker) take() (step, tea.Cmd) {
	switch {
	case len(p.marked) > 0:
		return p.close(p.marked)
	case len(p.entries) == 0:
		return refuse(p.s.words.Say("files.none")), nil
	case p.entries[p.cursor].folder:
		return step{}, p.open(p.entries[p.cursor].path)
	}
	return p.close([]string{p.entries[p.cursor].path})
}

func (p *filePicker) close(paths []string) (step, tea.Cmd) {
	if len(paths) > p.most {
		return refuse(p.s.words.Code("too_many_files", review.Args{"max": strconv.Itoa(p.most)})), nil
	}
	return step{close: true}, tea.Batch(p.then(paths), p.s.keepFolder(p.dir))
}

func (p *filePicker) mark() step {
	if len(p.entries) == 0 || p.entries[p.cursor].folder {
		return refuse(p.s.words.Say("files.mark_file"))
	}
	path := p.entries[p.cursor].path
	if i := slices.Index(p.marked, path); i >= 0 {
		p.marked = slices.Delete(p.marked, i, i+1)
		return step{}
	}
	if len(p.marked) == p.most {
		return refuse(p.s.words.Code("too_many_files", review.Args{"max": strconv.Itoa(p.most)}))
	}
	p.marked = append(p.marked, path)
	p.cursor = min(p.cursor+1, len(p.entries)-1)
	return step{}
}

func (p *filePicker) rows() int { return max(p.height-2, 1) }

func (p *filePicker) SetSize(width, height int) { p.width, p.height = width, height }
func (p *filePicker) Capturing() bool           { return false }

// Pastes says that a paste is for this screen: files that are dropped on the terminal arrive as one.
func (p *filePicker) Pastes() bool { return true }

func (p *filePicker) View() string {
	st, w := p.s.styles, p.s.words
	where := st.muted.Render(cutFront(Plain(p.dir), p.width/2-3) + " ")
	lines := []string{both(" "+st.strong.Render(w.Label(p.slot)), where, p.width), rule(st, p.width)}
	switch {
	case p.err != nil:
		return strings.Join(append(lines, "  "+st.bad.Render(cut(signBad+" "+w.Explain(p.err), p.width-2))), "\n")
	case p.awaited != 0 && p.dir == "":
		return strings.Join(append(lines, "  "+st.muted.Render(w.Say("list.reading"))), "\n")
	case len(p.entries) == 0:
		return strings.Join(append(lines, p.emptiness()...), "\n")
	}
	first := scrolled(p.cursor, len(p.entries), p.rows())
	for i, e := range p.entries[first:min(first+p.rows(), len(p.entries))] {
		lines = append(lines, pointer(st, first+i == p.cursor, p.line(e), p.width))
	}
	return strings.Join(lines, "\n")
}

// emptiness says why there is nothing to pick, and what to do.
func (p *filePicker) emptiness() []string {
	text := "files.empty"
	if p.s.scans.Uploads != nil {
		text = "files.empty_uploads"
	}
	return indented(wrap(p.s.words.Say(text), max(p.width-4, 8)), 2, p.s.styles.muted)
}

func (p *filePicker) line(e scanEntry) string {
	if e.folder {
		return "    " + Plain(e.name) + "/"
	}
	box := "[ ] "
	if at := slices.Index(p.marked, e.path); at >= 0 {
		box = "[" + strconv.Itoa(at+1) + "] "
	}
	facts := kilobytes(e.size) + "  " + e.at.In(review.Zone).Format("01-02 15:04")
	if p.taken(e.path) {
		facts = p.s.words.Say("files.used") + "  " + facts
	}
	return both(box+Plain(e.name), facts, max(p.width-3, 1))
}

func kilobytes(size int64) string {
	if size < 1<<20 {
		return strconv.FormatInt((size+1023)>>10, 10) + " KB"
	}
	return strconv.FormatFloat(float64(size)/(1<<20), 'f', 1, 64) + " MB"
}

func (p *filePicker) ShortHelp() []key.Binding {
	k := p.s.keys
	enter := withHelp(k.open, p.s.words.Say("files.key_take"))
	if len(p.marked) == 0 && p.cursor < len(p.entries) && p.entries[p.cursor].folder {
		enter = k.open
	}
	if p.s.scans.Uploads != nil {
		return []key.Binding{enter, k.toggle, k.refresh, k.down, k.up, k.back}
	}
	return []key.Binding{enter, k.toggle, k.parent, k.down, k.up, k.back}
}

func (p *filePicker) FullHelp() [][]key.Binding {
	k := p.s.keys
	return [][]key.Binding{append(p.ShortHelp(), k.refresh)}
}
