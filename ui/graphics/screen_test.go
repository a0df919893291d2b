package graphics

import (
	"image"
	"image/color"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/muesli/termenv"
)

// screen is what a terminal shows: two pixels to a cell. A transparent pixel
// has the terminal's own colour.
type screen struct {
	*image.NRGBA
}

// show is a terminal that knows just what a drawing may hold: the glyphs of a
// cell and SGR with colours. Anything else fails the test, as does a line that
// ends with colours still set.
func show(t testing.TB, drawn string, cols, rows int, profile termenv.Profile) screen {
	t.Helper()
	lines := strings.Split(drawn, "\n")
	if len(lines) != rows {
		t.Fatalf("got %d lines, want %d", len(lines), rows)
	}
	s := screen{image.NewNRGBA(image.Rect(0, 0, cols, 2*rows))}
	for y, line := range lines {
		if profile == termenv.Ascii {
			s.text(t, line, y, cols)
			continue
		}
		if !strings.HasSuffix(line, "\x1b[m") {
			t.Fatalf("line %d does not end with a reset: %q", y, line)
		}
		s.line(t, line, y, cols)
	}
	return s
}

func (s screen) text(t testing.TB, line string, y, cols int) {
	t.Helper()
	if len(line) != cols {
		t.Fatalf("line %d has %d columns, want %d", y, len(line), cols)
	}
	for x, c := range []byte(line) {
		at := strings.IndexByte(ramp, c)
		if at < 0 {
			t.Fatalf("line %d holds %q", y, c)
		}
		v := uint8(at * 255 / (len(ramp) - 1))
		s.Set(x, 2*y, color.NRGBA{v, v, v, 255})
		s.Set(x, 2*y+1, color.NRGBA{v, v, v, 255})
	}
}

func (s screen) line(t testing.TB, line string, y, cols int) {
	t.Helper()
	var fg, bg color.NRGBA
	x := 0
	for line != "" {
		if body, ok := strings.CutPrefix(line, "\x1b["); ok {
			codes, rest, ok := strings.Cut(body, "m")
			if !ok {
				t.Fatalf("line %d: open sequence %q", y, line)
			}
			fg, bg = sgr(t, codes, fg, bg)
			line = rest
			continue
		}
		glyph, n := utf8.DecodeRuneInString(line)
		line = line[n:]
		pixels, ok := map[rune][2]color.NRGBA{' ': {bg, bg}, '█': {fg, fg}, '▀': {fg, bg}, '▄': {bg, fg}}[glyph]
		if !ok {
			t.Fatalf("line %d holds %q", y, glyph)
		}
		if glyph != ' ' && fg.A == 0 {
			t.Fatalf("line %d, column %d: painted in the terminal's own foreground", y, x)
		}
		s.Set(x, 2*y, pixels[0])
		s.Set(x, 2*y+1, pixels[1])
		x++
	}
	if x != cols {
		t.Fatalf("line %d has %d columns, want %d", y, x, cols)
	}
	if fg.A != 0 || bg.A != 0 {
		t.Fatalf("line %d leaves colours set", y)
	}
}

func sgr(t testing.TB, codes string, fg, bg color.NRGBA) (color.NRGBA, color.NRGBA) {
	t.Helper()
	if codes == "" {
		return color.NRGBA{}, color.NRGBA{}
	}
	var n []int
	for _, part := range strings.Split(codes, ";") {
		v, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("sequence %q: %v", codes, err)
		}
		n = append(n, v)
	}
	for len(n) > 0 {
		to := &fg
		if n[0]/10 == 4 || n[0]/10 == 10 {
			to = &bg
		}
		used := 1
		switch {
		case n[0] == 38 || n[0] == 48:
			*to, used = long(n)
		case n[0] == 39 || n[0] == 49:
			*to = color.NRGBA{}
		case n[0]/10 == 3 || n[0]/10 == 4:
			*to = indexed(n[0] % 10)
		case n[0]/10 == 9 || n[0]/10 == 10:
			*to = indexed(8 + n[0]%10)
		default:
			t.Fatalf("sequence %q", codes)
		}
		n = n[used:]
	}
	return fg, bg
}

func long(n []int) (color.NRGBA, int) {
	if n[1] == 5 {
		return indexed(n[2]), 3
	}
	return color.NRGBA{uint8(n[2]), uint8(n[3]), uint8(n[4]), 255}, 5
}

// indexed is termenv's idea of the palettes, not ours.
func indexed(i int) color.NRGBA {
	var c termenv.Color = termenv.ANSI256Color(i)
	if i < 16 {
		c = termenv.ANSIColor(i)
	}
	r, g, b := termenv.ConvertToRGB(c).RGB255()
	return color.NRGBA{r, g, b, 255}
}
