package graphics

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"rongzheng/review/picture"
)

var pixelWays = []Way{Kitty, ITerm2, Sixel}

// allowed is by how much a channel may be off at most and in the mean: what a
// palette of so many colours and a JPEG of that quality make out.
var allowed = map[Way]struct{ worst, mean float64 }{Kitty: {0, 0}, ITerm2: {80, 9}, Sixel: {60, 4}}

// screenOf shows one drawing on a terminal with one row more.
func screenOf(t testing.TB, drawn string, box Box) *terminal {
	t.Helper()
	r := renderer{terminal: newTerminal(t, box.Cols, box.Rows+1, box.cell())}
	r.frame(drawn)
	return r.terminal
}

func TestDrawShowsThePicture(t *testing.T) {
	img := portrait(413, 579)
	for _, way := range pixelWays {
		for _, box := range []Box{{20, 14, 8, 17}, {33, 7, 9, 18}, {40, 12, 0, 0}, {5, 2, 10, 20}} {
			drawn := Draw(img, box, way, termenv.TrueColor)
			wantBox(t, drawn, box)
			got := screenOf(t, drawn, box).shown()
			wantPixels(t, fmt.Sprintf("%v %+v", way, box), got, img, box, way)
		}
	}
}

// wantPixels compares what is shown with the picture at its place, and sees
// that the rest of the box is left alone.
func wantPixels(t *testing.T, name string, got *image.NRGBA, img image.Image, box Box, way Way) {
	t.Helper()
	a, ok := box.place(img.Bounds().Size())
	if !ok {
		t.Fatalf("%s: no place", name)
	}
	cell := box.cell()
	at := image.Pt(a.left*cell.W, a.top*cell.H)
	w, h := a.w, a.h
	switch way {
	case ITerm2: // stretched to whole cells
		w, h = a.cols*cell.W, a.rows*cell.H
	case Kitty: // in the middle of its cells
		at = at.Add(image.Pt((a.cols*cell.W-w)/2, (a.rows*cell.H-h)/2))
	}
	place := image.Rect(0, 0, w, h).Add(at)
	want := picture.Scale(img, img.Bounds(), w, h)
	sum, worst := 0.0, 0.0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			c := got.NRGBAAt(x, y)
			if in := image.Pt(x, y).In(place); in != (c.A == 255) {
				t.Fatalf("%s: pixel %d, %d is %v, the picture stands at %v", name, x, y, c, place)
			}
			if c.A == 0 {
				continue
			}
			d := off(c, want.RGBAAt(x-at.X, y-at.Y))
			sum, worst = sum+d, max(worst, d)
		}
	}
	if mean := sum / float64(w*h); worst > allowed[way].worst || mean > allowed[way].mean {
		t.Errorf("%s: off by %.0f at most, %.2f in the mean", name, worst, mean)
	}
}

func off(a color.NRGBA, b color.RGBA) float64 {
	d := 0
	for _, v := range [3]int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
		d = max(d, v, -v)
	}
	return float64(d)
}

// wantBox sees that the lines are as many and as wide as the box says, also to
// those who cut them.
func wantBox(t *testing.T, drawn string, box Box) {
	t.Helper()
	lines := strings.Split(drawn, "\n")
	if len(lines) != box.Rows {
		t.Fatalf("got %d lines, want %d", len(lines), box.Rows)
	}
	for i, line := range lines {
		if ansi.StringWidth(line) != box.Cols || lipgloss.Width(line) != box.Cols {
			t.Fatalf("line %d has %d columns, want %d", i, ansi.StringWidth(line), box.Cols)
		}
		for _, width := range []int{box.Cols, box.Cols / 2, 1, 0} {
			short := ansi.Truncate(line, width, "")
			if ansi.StringWidth(short) != width || strings.Count(short, "\x1b\\") != strings.Count(line, "\x1b\\") ||
				strings.Count(short, "\x07") != strings.Count(line, "\x07") {
				t.Fatalf("line %d cut to %d columns is not whole", i, width)
			}
		}
	}
}

// beside puts a list on the left of a drawing, a line above and one below, as
// the screens do.
func beside(list []string, drawn string) string {
	return "head\n" + lipgloss.JoinHorizontal(lipgloss.Top, strings.Join(list, "\n"), drawn) + "\nfoot"
}

func numbered(n, mark int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("  field %02d ", i)
		if i == mark {
			list[i] = "> " + list[i][2:]
		}
	}
	return list
}

// What stands beside a picture may change line by line, the picture may change,
// and when it goes nothing of it stays.
func TestDrawStandsBesideOtherText(t *testing.T) {
	const left = 11
	box := Box{30, 9, 10, 20}
	first, second := portrait(300, 400), portrait(500, 200)
	for _, way := range pixelWays {
		r := renderer{terminal: newTerminal(t, left+box.Cols, box.Rows+2, box.cell())}
		inner := func() *image.NRGBA {
			out := image.NewNRGBA(image.Rect(0, 0, box.Cols*10, box.Rows*20))
			draw.Draw(out, out.Rect, r.shown(), image.Pt(left*10, 20), draw.Src)
			return out
		}
		drawn := Draw(first, box, way, termenv.TrueColor)
		for mark := range box.Rows + 1 {
			r.frame(beside(numbered(box.Rows, mark), drawn))
			if mark%5 == 0 {
				wantPixels(t, fmt.Sprintf("%v, line %d", way, mark), inner(), first, box, way)
			}
			if mark < box.Rows && !strings.HasPrefix(r.line(1+mark), "> field") {
				t.Fatalf("%v: line %d is %q", way, mark, r.line(1+mark))
			}
		}
		r.frame(beside(numbered(box.Rows, 3), Draw(second, box, way, termenv.TrueColor)))
		wantPixels(t, fmt.Sprintf("%v, the second", way), inner(), second, box, way)
		r.frame(beside(numbered(box.Rows, 3), blankBox(box).Lines))
		for i, v := range r.shown().Pix {
			if v != 0 {
				t.Fatalf("%v: something stays at %d", way, i)
			}
		}
	}
}

// A terminal made small while a picture is on it gets the old frame once more.
func TestDrawOnATerminalMadeSmall(t *testing.T) {
	box := Box{60, 20, 10, 20}
	for _, way := range pixelWays {
		drawn := Draw(portrait(300, 400), box, way, termenv.TrueColor)
		lines := strings.Split(drawn, "\n")
		small := renderer{terminal: newTerminal(t, 10, 3, box.cell())}
		small.frame(strings.Join(lines[:2], "\n"))
		small.frame(Draw(portrait(300, 400), Box{10, 2, 10, 20}, way, termenv.TrueColor))
		wantBox(t, Draw(portrait(300, 400), Box{1, 1, 10, 20}, way, termenv.TrueColor), Box{1, 1, 10, 20})
	}
}

func TestDrawExtremes(t *testing.T) {
	for _, way := range []Way{Kitty, ITerm2, Sixel, HalfBlocks, Facts, 99} {
		for _, box := range []Box{{}, {0, 5, 10, 20}, {5, 0, 10, 20}, {-1, -1, 10, 20}} {
			if got := Draw(portrait(9, 9), box, way, termenv.TrueColor); got != "" {
				t.Errorf("%v %+v: got %q", way, box, got)
			}
		}
		for _, img := range []image.Image{nil, image.NewRGBA(image.Rectangle{}), image.NewRGBA(image.Rect(3, 3, 3, 9))} {
			got := ansi.Strip(Draw(img, Box{4, 2, 10, 20}, way, termenv.Ascii))
			if got != "    \n    " {
				t.Errorf("%v: got %q", way, got)
			}
		}
		for _, img := range []image.Image{portrait(5000, 1), portrait(1, 5000), portrait(1, 1), portrait(7, 7).SubImage(image.Rect(2, 3, 6, 7))} {
			box := Box{30, 10, 10, 20}
			drawn := Draw(img, box, way, termenv.TrueColor)
			wantBox(t, drawn, box)
			if way <= Sixel {
				screenOf(t, drawn, box)
			}
		}
	}
	// More rows than placeholders can name, and cells that cannot be.
	for _, box := range []Box{{2, 400, 10, 20}, {20, 10, 9999, -3}} {
		wantBox(t, Draw(portrait(10, 4000), box, Kitty, termenv.TrueColor), box)
	}
}

// The commands may be sent by themselves, and many times.
func TestComposeSendsOnce(t *testing.T) {
	box := Box{40, 12, 10, 20}
	img := portrait(300, 400)
	d := Compose(img, box, Kitty, termenv.TrueColor)
	if len(d.Send) < 2 || strings.Contains(d.Lines, "\x1b_") {
		t.Fatalf("got %d commands, lines %q", len(d.Send), d.Lines[:50])
	}
	term := screenOf(t, d.Lines, box)
	for range 2 {
		for _, piece := range d.Send {
			term.write(piece)
		}
	}
	wantPixels(t, "sent", term.shown(), img, box, Kitty)
	if len(term.images) != 1 {
		t.Errorf("got %d pictures, want one", len(term.images))
	}
	term.write(Clear(Kitty))
	if len(term.images) != 0 {
		t.Errorf("%d pictures stay", len(term.images))
	}
	for _, way := range []Way{ITerm2, Sixel, HalfBlocks, Facts} {
		if c := Compose(img, box, way, termenv.TrueColor); len(c.Send) != 0 || Clear(way) != "" {
			t.Errorf("%v: something is to be sent", way)
		}
	}
}

// still shows one view and quits.
type still string

func (still) Init() tea.Cmd                         { return nil }
func (s still) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, tea.Quit }
func (s still) View() string                        { return string(s) }

// The renderer itself lets everything through.
func TestDrawThroughBubbleTea(t *testing.T) {
	box := Box{30, 8, 10, 20}
	img := portrait(300, 400)
	for _, way := range pixelWays {
		var out bytes.Buffer
		view := "head\n" + Draw(img, box, way, termenv.TrueColor) + "\nfoot"
		p := tea.NewProgram(still(view), tea.WithOutput(&out), tea.WithInput(nil), tea.WithoutSignals())
		go p.Send(tea.WindowSizeMsg{Width: box.Cols, Height: box.Rows + 2})
		if _, err := p.Run(); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(view, "\n") {
			if !strings.Contains(out.String(), line) {
				t.Fatalf("%v: a line of %d bytes is changed", way, len(line))
			}
		}
	}
}

func TestBoxPixels(t *testing.T) {
	box := Box{60, 20, 8, 16}
	for way, want := range map[Way]image.Point{Kitty: {480, 320}, ITerm2: {480, 320}, Sixel: {480, 320}, HalfBlocks: {60, 40}, Facts: {}} {
		if w, h := box.Pixels(way); w != want.X || h != want.Y {
			t.Errorf("%v: got %d × %d, want %v", way, w, h, want)
		}
	}
	if w, h := (Box{60, 20, 0, 0}).Pixels(Sixel); w != 600 || h != 400 {
		t.Errorf("unknown cells: got %d × %d", w, h)
	}
}

func TestParseWay(t *testing.T) {
	for way := Kitty; way <= Facts; way++ {
		if got, auto, err := ParseWay(strings.ToUpper(way.String())); err != nil || auto || got != way {
			t.Errorf("%v: got %v, %v, %v", way, got, auto, err)
		}
	}
	for _, text := range []string{"", "auto"} {
		if _, auto, err := ParseWay(text); err != nil || !auto {
			t.Errorf("%q: got %v, %v", text, auto, err)
		}
	}
	if _, _, err := ParseWay("ascii"); err == nil || !strings.Contains(err.Error(), "half") && !strings.Contains(err.Error(), "blocks") {
		t.Errorf("got %v, want what there is", err)
	}
}

// In cells that are not twice as high as wide, half blocks keep the ratio.
func TestBlocksInOtherCells(t *testing.T) {
	lines := strings.Split(Draw(filled(100, 100, color.White), Box{40, 20, 10, 30}, HalfBlocks, termenv.TrueColor), "\n")
	painted := 0
	for _, line := range lines {
		if strings.Contains(line, "255;255;255") {
			painted++
		}
	}
	if painted != 14 {
		t.Errorf("got %d rows, want 14: 40 columns of 10 pixels are 13⅓ rows of 30", painted)
	}
}

func BenchmarkDraw(b *testing.B) {
	img := portrait(1600, 1200)
	for _, way := range pixelWays {
		b.Run(way.String(), func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = len(Draw(img, Box{80, 22, 10, 20}, way, termenv.TrueColor))
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
