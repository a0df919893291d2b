package ui

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/ui/graphics"
)

const (
	// detection is how long a terminal has for saying what it can do.
	detection = 400 * time.Millisecond
	// albumBytes is what a desk keeps of decoded and drawn pictures when it has no album to share.
	albumBytes = 24 << 20
)

// pictures is how a session shows attachments.
type pictures struct {
	album *graphics.Album
	way   graphics.Way
	cell  graphics.CellSize
	out   *graphics.Sender // nil where nothing can be sent beside the screen
	lent  *lent
	auto  bool // nobody has said how; the terminal's own best way is found
	found graphics.Way
}

// newPictures asks the terminal what it can do, unless that is said. A value of Images that there is not is a WayError.
func newPictures(o *Options) (pictures, error) {
	way, auto, err := graphics.ParseWay(o.Images)
	if err != nil {
		return pictures{}, err
	}
	if auto { // what the terminal's owner has set stands, as long as it can be understood
		if set, none, err := graphics.ParseWay(environ(o.Environ).Getenv("RONGZHENG_IMAGES")); err == nil && !none {
			way, auto = set, false
		}
	}
	p := pictures{album: o.Album, way: way, lent: &lent{open: o.OpenFile}}
	if p.album == nil {
		p.album = graphics.NewAlbum(albumBytes)
	}
	if o.Output != nil {
		p.out = graphics.NewSender(o.Output)
	}
	if found, cell := graphics.Detect(o.Environ, cmp.Or(o.Patience, detection), o.Ask); auto {
		p.way, p.found, p.cell, p.auto = found, found, cell, true
	} else {
		p.cell = cell
	}
	if !p.cell.Known() {
		p.cell = o.Cell
	}
	return p, nil
}

// prefer shows pictures as the account wants them, unless the terminal's owner has said how; "" is the terminal's best way.
func (p *pictures) prefer(way string) {
	want, auto, err := graphics.ParseWay(way)
	switch {
	case !p.auto || err != nil:
	case auto:
		p.way = p.found
	default:
		p.way = want
	}
}

// images keeps how the account wants pictures shown, from now on and at its other desks.
func (c *commandLine) images(words []string) (step, tea.Cmd) {
	s, way := c.s, ""
	if len(words) > 0 && words[0] != "auto" {
		way = words[0]
	}
	if _, _, err := graphics.ParseWay(way); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	s.pictures.prefer(way)
	to, account, done := preferences(s.store), s.by.Name, s.words.Say("images.kept", cmp.Or(way, "auto"))
	return step{close: true}, func() tea.Msg {
		if err := to.PreferImages(account, way); err != nil {
			return doneMsg{id: account, err: err}
		}
		return doneMsg{id: account, text: done}
	}
}

// send brings to the terminal what a drawing needs there.
func (p pictures) send(ctx context.Context, d graphics.Drawing) error {
	if p.out == nil || len(d.Send) == 0 {
		return nil
	}
	return p.out.Send(ctx, d.Send)
}

// close makes the terminal forget the pictures, and removes the files that were given to other programs.
func (p pictures) close() error {
	if clear := graphics.Clear(p.way); clear != "" && p.out != nil {
		if _, err := p.out.Write([]byte(clear)); err != nil {
			return err
		}
	}
	return p.lent.remove()
}

// lent are files that the system's own viewer shows. They lie in a folder of this session that nobody else can read.
type lent struct {
	open func(path string) error // nil where there is no such viewer
	mu   sync.Mutex
	dir  string
}

// show writes the bytes under a name that says nothing of the person, and opens them.
func (l *lent) show(name string, data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dir == "" {
		dir, err := os.MkdirTemp("", "rongzheng-")
		if err != nil {
			return err
		}
		l.dir = dir
	}
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	return l.open(path)
}

func (l *lent) remove() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dir == "" {
		return nil
	}
	return os.RemoveAll(l.dir)
}

// lend opens an attachment with the system's viewer, once that has been recorded.
func (d *desk) lend(a *review.Application, i int) (step, tea.Cmd) {
	s, at := d.s, a.Attachments[i]
	switch {
	case s.term.Pack != "": // the viewer would need a file in clear
		return refuse(s.words.Say("pack.no_viewer")), nil
	case s.pictures.lent.open == nil:
		return refuse(s.words.Say("attachment.no_viewer")), nil
	case s.by.May(review.ViewFile) != nil:
		return refuse(s.words.Explain(s.by.May(review.ViewFile))), nil
	}
	from, look, lent := cases(s.store), s.looking(a), s.pictures.lent
	done := s.words.Say("attachment.lent", s.words.Label(at.Slot))
	return step{}, func() tea.Msg {
		data, err := from.Blob(at.SHA256)
		if err == nil {
			err = look.record(at.SHA256)
		}
		if err == nil {
			err = lent.show(at.SHA256[:12]+extensionOf(at.Type), data)
		}
		if err != nil {
			return doneMsg{id: at.SHA256, err: fmt.Errorf("open %s of %s: %w", at.SHA256, a.Reference, err)}
		}
		looked := pictureRead{reference: a.Reference, revision: a.Revision, looked: []string{at.SHA256}}
		return tea.BatchMsg{
			func() tea.Msg { return looked }, func() tea.Msg { return doneMsg{id: at.SHA256, text: done} },
		}
	}
}

func extensionOf(media string) string {
	switch media {
	case review.TypeJPEG:
		return ".jpg"
	case review.TypePNG:
		return ".png"
	}
	return ".pdf"
}

// looking is what recording a look at a file needs.
type looking struct {
	to        changes
	account   string
	clock     clock
	reference string
	revision  int
}

func (s *session) looking(a *review.Application) looking {
	return looking{changes(s.store), s.by.Name, s.clock, a.Reference, a.Revision}
}

func (l looking) record(sha256 string) error {
	event := review.Event{Action: review.ViewFile, Reference: l.reference, Revision: l.revision, Target: sha256}
	if err := l.to.Record(l.account, event, l.clock()); err != nil {
		return fmt.Errorf("view %s of %s: %w", sha256, l.reference, err)
	}
	return nil
}

// lendOn opens what openAttachment would show.
func (d *desk) lendOn(on item) (step, tea.Cmd) {
	a, why := d.readable()
	if a == nil {
		return refuse(why), nil
	}
	at, found := proofOf(a, on)
	if !found {
		return refuse(d.s.words.Say("attachment.no_proof", d.s.words.Label(on.key))), nil
	}
	return d.lend(a, at)
}
