package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/ui/graphics"
)

// drawn is one attachment of a leaf as the screen shows it.
type drawn struct {
	lines []string
	size  image.Point // of the picture, upright; zero for what is none
	text  string      // of a PDF page without a picture that can be shown
	err   error
}

// pictureRead is the answer of showing a leaf.
type pictureRead struct {
	request   int
	parts     []drawn
	looked    []string // hashes whose showing has been recorded
	reference string
	revision  int
	rest      *drawJob // what is still to be drawn in full
	err       error
}

// drawJob draws a leaf. It holds copies only, since it runs beside the screen.
type drawJob struct {
	pictures
	ctx      context.Context
	request  int
	from     cases
	look     looking
	record   bool
	files    []review.Attachment
	page     int
	view     graphics.Viewport
	boxes    []graphics.Box
	profile  termenv.Profile
	recorded []string
}

// first shows the small pictures that photographs carry, where all of them do and the leaf is new, and else the leaf.
func (j drawJob) first() tea.Msg {
	if !j.record || j.page > 0 || j.way == graphics.Facts {
		return j.full()
	}
	var parts []drawn
	for i, at := range j.files {
		data, err := j.from.Blob(at.SHA256)
		if err != nil {
			return j.full()
		}
		d, ok := graphics.Sketch(data, j.view, j.boxes[i], j.profile)
		if !ok {
			return j.full()
		}
		parts = append(parts, drawn{lines: strings.Split(d.Lines, "\n")})
	}
	for _, at := range j.files {
		if err := j.look.record(at.SHA256); err != nil {
			return j.answer(nil, err)
		}
	}
	rest := j
	rest.record = false
	msg := j.answer(parts, nil)
	msg.rest = &rest
	return msg
}

// full draws the leaf. A file that cannot be shown has not been looked at; without the record, no picture.
func (j drawJob) full() tea.Msg {
	var parts []drawn
	for i, at := range j.files {
		part := j.part(&at, j.boxes[i])
		if j.ctx.Err() != nil {
			return nil
		}
		if part.err == nil {
			if j.record {
				if err := j.look.record(at.SHA256); err != nil {
					return j.answer(nil, err)
				}
			}
			j.recorded = append(j.recorded, at.SHA256)
		}
		parts = append(parts, part)
	}
	return j.answer(parts, nil)
}

func (j drawJob) answer(parts []drawn, err error) pictureRead {
	return pictureRead{request: j.request, parts: parts, looked: j.recorded, reference: j.look.reference, revision: j.look.revision, err: err}
}

func (j drawJob) part(at *review.Attachment, box graphics.Box) drawn {
	source := graphics.Source{SHA256: at.SHA256, Page: j.page, Read: func() ([]byte, error) { return j.from.Blob(at.SHA256) }}
	d := j.shown(j.ctx, source, j.view, box, j.profile)
	if errors.Is(d.err, picture.ErrNoPicture) && j.way != graphics.Facts { // no scan: the page itself, where it can be drawn
		source.Drawn = true
		if page := j.shown(j.ctx, source, j.view, box, j.profile); page.err == nil {
			d = page
		}
	}
	if j.page > 0 && (errors.Is(d.err, picture.ErrNoPicture) || j.way == graphics.Facts) {
		d = j.written(at)
	}
	if d.err != nil {
		d.err = fmt.Errorf("show %s of %s: %w", at.SHA256, j.look.reference, d.err)
	}
	return d
}

// shown draws what the source shows, and brings to the terminal what that needs there.
func (p pictures) shown(
	ctx context.Context, source graphics.Source, view graphics.Viewport, box graphics.Box, profile termenv.Profile,
) (d drawn) {
	if d.size, d.err = p.album.Size(source); d.err != nil || p.way == graphics.Facts {
		return d
	}
	var drawing graphics.Drawing
	if drawing, d.err = p.album.Show(source, view, box, p.way, profile); d.err == nil {
		d.err = p.send(ctx, drawing)
		d.lines = strings.Split(drawing.Lines, "\n")
	}
	return d
}

// written reads the text of a page that shows no picture. A page with neither is one that has not been seen.
func (j drawJob) written(at *review.Attachment) drawn {
	data, err := j.from.Blob(at.SHA256)
	if err != nil {
		return drawn{err: err}
	}
	page, err := picture.ReadPage(data, j.page)
	if err == nil && strings.TrimSpace(page.Text) == "" && j.way != graphics.Facts {
		err = picture.ErrNoPicture
	}
	return drawn{text: page.Text, err: err}
}

// boxesFor divides the room among the pictures of a leaf: side by side where it is wide, above each other where it is not.
// Each box but the first is preceded by one empty column or line.
func boxesFor(n, cols, rows int, cell graphics.CellSize) []graphics.Box {
	box := graphics.Box{Cols: cols, Rows: rows, CellW: cell.W, CellH: cell.H}
	if n > 1 && sideBySide(cols, rows) {
		box.Cols = max((cols-n+1)/n, 1)
	} else if n > 1 {
		box.Rows = max((rows-n+1)/n, 1)
	}
	return slices.Repeat([]graphics.Box{box}, n)
}

// sideBySide: cards lie, so two of them stand above each other in a room that is not twice as wide as high.
func sideBySide(cols, rows int) bool { return cols >= 4*rows || rows < 7 }

// part is one picture as it stands in its room, or what stands in its place; lines that were drawn for another size of the
// window wait for the new ones.
func (s *session) part(d *drawn, at *review.Attachment, cols, rows int) []string {
	switch {
	case d.err != nil:
		return middle(signBad+" "+s.words.Explain(d.err), s.styles.bad.Render, cols, rows)
	case d.text != "":
		var lines []string
		for _, line := range strings.Split(d.text, "\n") {
			lines = append(lines, wrap(Plain(line), max(cols-2, 8))...)
		}
		return lines
	case s.pictures.way == graphics.Facts:
		return strings.Split(graphics.Card(s.card(at), cols, rows), "\n")
	case len(d.lines) != rows || ansi.StringWidth(d.lines[0]) != cols:
		return middle(s.words.Say("attachment.reading"), s.styles.muted.Render, cols, rows)
	}
	return d.lines
}

// card is what is said of an attachment where no picture can be shown.
func (s *session) card(at *review.Attachment) []graphics.Fact {
	w := s.words
	facts := []graphics.Fact{
		{Name: w.Say("attachment.card_slot"), Value: w.Label(at.Slot)},
		{Name: w.Say("attachment.card_file"), Value: Plain(at.File)},
		{Name: w.Say("attachment.card_kind"), Value: s.measures(at)},
		{Name: "SHA-256", Value: at.SHA256},
	}
	if !at.Captured.IsZero() {
		facts = append(facts, graphics.Fact{Name: w.Say("attachment.card_captured"), Value: at.Captured.Format("2006-01-02 15:04")})
	}
	return facts
}

// middle puts a sentence into the middle of a room.
func middle(text string, style func(...string) string, cols, rows int) []string {
	lines := make([]string, rows/2)
	for _, line := range wrap(text, max(cols-4, 8)) {
		lines = append(lines, "  "+style(line))
	}
	return lines
}

// viewOf says what a key wants to see of a picture that is seen so; ok is false for keys that do not mean the view.
func (k keys) viewOf(msg tea.KeyMsg, view graphics.Viewport) (_ graphics.Viewport, ok bool) {
	switch {
	case key.Matches(msg, k.zoomIn):
		return view.In(), true
	case key.Matches(msg, k.zoomOut):
		return view.Out(), true
	case key.Matches(msg, k.fitRoom):
		return view.Fit(), true
	case key.Matches(msg, k.rotate):
		return view.Turn(1), true
	case key.Matches(msg, k.rotateBack):
		return view.Turn(-1), true
	}
	return view, false
}

// panOf says by how many percent of the room a key moves an enlarged picture; ok is false for keys that move none.
func (k keys) panOf(msg tea.KeyMsg) (x, y int, ok bool) {
	switch {
	case key.Matches(msg, k.panLeft):
		return -panStep, 0, true
	case key.Matches(msg, k.panRight):
		return panStep, 0, true
	case key.Matches(msg, k.panUp):
		return 0, -panStep, true
	case key.Matches(msg, k.panDown):
		return 0, panStep, true
	}
	return 0, 0, false
}

// viewed changes how a picture of the size is seen in its box, as a key wants it. Where there is no further, why says so; ok
// is false for keys that do not mean the view.
func (s *session) viewed(msg tea.KeyMsg, view graphics.Viewport, size image.Point, box graphics.Box) (next graphics.Viewport, why string, ok bool) {
	next, ok = s.keys.viewOf(msg, view)
	if !ok {
		var x, y int
		if x, y, ok = s.keys.panOf(msg); !ok {
			return view, "", false
		}
		if view.Fits() {
			return view, s.words.Say("attachment.whole"), true
		}
		if size.X > 0 {
			w, h := box.Pixels(s.pictures.way)
			next = view.Pan(x, y, size, w, h)
		}
	}
	if next == view {
		why = s.words.Say("attachment.zoom_end")
	}
	return next, why, true
}
