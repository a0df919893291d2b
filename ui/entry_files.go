package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store/exchange"
	"rongzheng/ui/graphics"
)

// editFiles takes the keys of an attachment slot: no text is typed there, so letters act. Paths that a terminal pastes when
// files are dropped on it are taken.
func (e *entryScreen) editFiles(msg tea.KeyMsg) (step, tea.Cmd) {
	if text := string(msg.Runes); msg.Paste || len(msg.Runes) > 2 && droppedPaths(text) != nil {
		return e.dropped(text)
	}
	if len(msg.Runes) > 1 { // letters that arrived in one read are keys one after the other
		return e.oneByOne(msg)
	}
	k := e.s.keys
	switch {
	case key.Matches(msg, k.accept) && len(e.files()) == 0:
		return e.pickFiles(-1)
	case key.Matches(msg, k.accept):
		return e.accepted()
	case key.Matches(msg, k.toggle):
		return e.pickFiles(-1)
	case len(e.files()) == 0:
		return refuse(e.s.words.Say("entry.no_file")), nil
	case key.Matches(msg, k.preview):
		return step{open: newPreview(e, e.file)}, nil
	case key.Matches(msg, k.rotate):
		return step{}, e.turn(1)
	case key.Matches(msg, k.rotateBack):
		return step{}, e.turn(-1)
	case key.Matches(msg, k.replaceFile):
		return e.pickFiles(e.file)
	case key.Matches(msg, k.removeFile):
		return e.remove()
	case key.Matches(msg, k.choice):
		by := 1
		if msg.Type == tea.KeyLeft {
			by = -1
		}
		e.file = max(min(e.file+by, len(e.files())-1), 0)
		return step{}, nil
	}
	return refuse(e.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (e *entryScreen) oneByOne(msg tea.KeyMsg) (step, tea.Cmd) {
	var next step
	var cmds []tea.Cmd
	for _, letter := range msg.Runes {
		if e.field().Type != review.File || next.open != nil {
			break
		}
		var cmd tea.Cmd
		next, cmd = e.editFiles(single(letter, false, false))
		cmds = append(cmds, cmd)
	}
	return next, tea.Batch(cmds...)
}

// files are the indexes of the attachments of the slot under the cursor.
func (e *entryScreen) files() []int {
	var found []int
	for i, at := range e.filing.Attachments {
		if at.Slot == e.field().Key {
			found = append(found, i)
		}
	}
	return found
}

// pickFiles opens the choice of files; replace is which file of the slot gives way, -1 for none.
func (e *entryScreen) pickFiles(replace int) (step, tea.Cmd) {
	f := e.field()
	if !e.s.scans.some() {
		return refuse(e.s.words.Explain(errNoScans)), nil
	}
	most := max(f.Max, 1) - len(e.files())
	if replace >= 0 || most < 1 && max(f.Max, 1) == 1 { // the one file gives way
		most, replace = 1, max(replace, 0)
	}
	if most < 1 {
		return refuse(e.s.words.Code("too_many_files", review.Args{"max": strconv.Itoa(max(f.Max, 1))})), nil
	}
	return step{open: newFilePicker(e, replace, most)}, nil
}

// dropped takes files that were dropped on the terminal.
func (e *entryScreen) dropped(text string) (step, tea.Cmd) {
	f, paths := e.field(), droppedPaths(text)
	switch {
	case len(paths) == 0:
		return refuse(e.s.words.Say("files.no_path")), nil
	case e.s.scans.Uploads != nil:
		return refuse(e.s.words.Say("files.path_elsewhere")), nil
	case !e.s.scans.Local:
		return refuse(e.s.words.Explain(errNoScans)), nil
	}
	replace, room := -1, max(f.Max, 1)-len(e.files())
	if max(f.Max, 1) == 1 && room < 1 {
		replace, room = 0, 1
	}
	if len(paths) > room {
		return refuse(e.s.words.Code("too_many_files", review.Args{"max": strconv.Itoa(max(f.Max, 1))})), nil
	}
	return step{}, e.take(f, paths, replace)
}

// filesTaken is the answer of reading files for a slot.
type filesTaken struct {
	id      review.FilingID
	slot    review.Key
	replace int // file of the slot that gives way, -1 for none
	turned  bool
	files   []takenFile
}

type takenFile struct {
	path string
	name string
	at   review.Attachment
	data map[string][]byte
	err  error
}

// take makes the command that reads the files and looks at what they are.
func (e *entryScreen) take(f *review.Field, paths []string, replace int) tea.Cmd {
	scans, album, slot, id := e.s.scans, e.s.pictures.album, f.Key, e.filing.ID()
	e.reading++
	return func() tea.Msg {
		msg := filesTaken{id: id, slot: slot, replace: replace}
		for _, path := range paths {
			msg.files = append(msg.files, takeFile(scans, album, slot, path))
		}
		return msg
	}
}

// takeFile reads a file and looks at it when there is room for that beside what others look at.
func takeFile(scans Scans, album *graphics.Album, slot review.Key, path string) takenFile {
	taken := takenFile{path: path, name: filepath.Base(path)}
	data, err := scans.read(path)
	if err != nil {
		taken.err = err
		return taken
	}
	defer album.Room(data)()
	at, prepared, err := exchange.Attachment(slot, taken.name, data)
	if err != nil {
		taken.err = err
		return taken
	}
	taken.at, taken.data = at, map[string][]byte{at.SHA256: data}
	if prepared != nil {
		taken.data[at.Prepared] = prepared
	}
	return taken
}

// taken puts files into their slot. What is wrong with one is said, and the others are taken.
func (e *entryScreen) taken(msg filesTaken) (step, tea.Cmd) {
	if msg.id != e.filing.ID() {
		return step{}, nil
	}
	e.reading--
	f, _ := review.FieldOf(msg.slot)
	var said []string
	var cmds []tea.Cmd
	kind, took := succeeded, 0
	replaced := msg.replace >= 0 && msg.replace < len(e.filesOf(f.Key))
	for _, file := range msg.files {
		if file.err == nil {
			file.err = e.unfitFor(f, &file)
		}
		if file.err != nil {
			said, kind = append(said, e.s.words.Explain(file.err)), refused
			cmds = append(cmds, e.s.logged(file.err))
			continue
		}
		e.put(f, &file, msg.replace)
		msg.replace = -1
		took++
	}
	if took > 0 {
		cmds = append(cmds, e.changed(f))
		e.touched[f.Key] = true
	}
	if hints := e.hints(f.Key); len(hints) > 0 && kind == succeeded {
		kind, said = informs, hints
	}
	switch {
	case len(said) > 0:
	case msg.turned:
		said = []string{e.s.words.Say("entry.turned", e.s.words.Label(f.Key))}
	case replaced:
		said = []string{e.s.words.Say("entry.replaced", e.s.words.Label(f.Key))}
	default:
		said = []string{e.s.words.Say("entry.taken", e.s.words.Label(f.Key), took)}
	}
	if !msg.turned && e.field().Key == f.Key && kind == succeeded && len(e.files()) >= max(f.Max, 1) {
		next, cmd := e.advance()
		next.say = notice{kind, strings.Join(said, "\n")}
		return next, tea.Batch(append(cmds, cmd)...)
	}
	return step{say: notice{kind, strings.Join(said, "\n")}}, tea.Batch(cmds...)
}

// unfitFor refuses at once what the slot could not take: a PDF where a picture is asked for, the same scan twice.
func (e *entryScreen) unfitFor(f *review.Field, file *takenFile) error {
	if f.ImageOnly && file.at.Type == review.TypePDF {
		return &review.FormError{Problems: []review.Problem{{Severity: review.Refuse, Target: f.Key, Code: "file_image", Args: review.Args{"n": "1"}}}}
	}
	for _, at := range e.filing.Attachments {
		if at.Slot == f.Key && at.SHA256 == file.at.SHA256 {
			return &exchange.Error{Code: "file_same", File: file.name}
		}
	}
	return nil
}

// hints are what the automatic checks say of a slot.
func (e *entryScreen) hints(slot review.Key) []string {
	var said []string
	for _, p := range e.findings[slot] {
		said = append(said, e.s.words.Problem(p))
	}
	return said
}

// put adds an attachment to its slot, or in the place of one. It gets a name of ours: those of scans name people.
func (e *entryScreen) put(f *review.Field, file *takenFile, replace int) {
	here := e.filesOf(f.Key)
	list := slices.Clone(e.filing.Attachments)
	if replace >= 0 && replace < len(here) {
		file.at.File = list[here[replace]].File
		file.at.File = strings.TrimSuffix(file.at.File, filepath.Ext(file.at.File)) + extensionOf(file.at.Type)
		list[here[replace]] = file.at
	} else {
		file.at.File = e.freeName(f.Key, file.at.Type)
		list = append(list, file.at)
	}
	e.filing.Attachments = list
	e.used[file.path] = true
	if e.s.scans.Uploads != nil && file.path != "" { // a file that was turned comes from the draft
		e.keeping.sent[file.at.SHA256] = file.path
	}
	for sha, data := range file.data {
		e.keeping.data[sha] = data
	}
}

func (e *entryScreen) filesOf(slot review.Key) []int {
	var found []int
	for i, at := range e.filing.Attachments {
		if at.Slot == slot {
			found = append(found, i)
		}
	}
	return found
}

// freeName names a file by its slot and its number in it.
func (e *entryScreen) freeName(slot review.Key, media string) string {
	for n := 1; ; n++ {
		stem := fmt.Sprintf("%s_%d", slot, n)
		if !slices.ContainsFunc(e.filing.Attachments, func(at review.Attachment) bool {
			return strings.TrimSuffix(at.File, filepath.Ext(at.File)) == stem
		}) {
			return stem + extensionOf(media)
		}
	}
}

// remove takes the file under the cursor away.
func (e *entryScreen) remove() (step, tea.Cmd) {
	here := e.files()
	at := here[min(e.file, len(here)-1)]
	e.filing.Attachments = slices.Delete(slices.Clone(e.filing.Attachments), at, at+1)
	e.file = max(min(e.file, len(here)-2), 0)
	e.used = map[string]bool{}
	return tell(e.s.words.Say("entry.removed", e.s.words.Label(e.field().Key))), e.changed(e.field())
}

// turn turns the file under the cursor by a quarter, for everybody who looks at it later.
func (e *entryScreen) turn(quarters int) tea.Cmd {
	here := e.files()
	file := min(e.file, len(here)-1)
	at := e.filing.Attachments[here[file]]
	from, album, slot, id := cases(e.s.store), e.s.pictures.album, e.field().Key, e.filing.ID()
	data := e.keeping.data[at.SHA256]
	e.reading++
	return func() tea.Msg {
		msg := filesTaken{id: id, slot: slot, replace: file, turned: true}
		taken := takenFile{name: at.File}
		if data == nil {
			data, taken.err = from.Blob(at.SHA256)
		}
		if taken.err == nil {
			var bytes, prepared []byte
			defer album.Room(data)()
			if taken.at, bytes, prepared, taken.err = exchange.Turned(at, data, quarters); taken.err == nil {
				taken.data = map[string][]byte{taken.at.SHA256: bytes}
				if prepared != nil {
					taken.data[taken.at.Prepared] = prepared
				}
			}
		}
		msg.files = []takenFile{taken}
		return msg
	}
}
