package graphics

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"

	"rongzheng/review/picture"
)

// terminal is a terminal with graphics: cells of text, and pixels over them.
// It fails the test at every sequence that it does not know, and when
// something scrolls.
type terminal struct {
	t          testing.TB
	cols, rows int
	cell       CellSize
	x, y       int
	wrap       bool // the cursor stands behind the last column
	saved      [2]int
	savedWrap  bool
	fg         color.RGBA
	text       [][]glyph
	pix        *image.NRGBA
	images     map[int]placed
	loading    strings.Builder
	header     map[string]string
}

type glyph struct {
	text string
	fg   color.RGBA
}

type placed struct {
	img        image.Image
	cols, rows int
}

func newTerminal(t testing.TB, cols, rows int, cell CellSize) *terminal {
	term := &terminal{t: t, cols: cols, rows: rows, cell: cell, images: map[int]placed{}}
	term.pix = image.NewNRGBA(image.Rect(0, 0, cols*cell.W, rows*cell.H))
	for range rows {
		term.text = append(term.text, make([]glyph, cols))
	}
	return term
}

func (m *terminal) write(s string) {
	m.t.Helper()
	p := ansi.NewParser()
	var state byte
	for s != "" {
		seq, width, n, next := ansi.DecodeSequence(s, state, p)
		state = next
		s = s[n:]
		switch {
		case width > 0:
			m.print(seq, width)
		case seq == "\r":
			m.x, m.wrap = 0, false
		case seq == "\n":
			if m.y++; m.y >= m.rows {
				m.t.Fatal("the screen scrolls")
			}
		case seq == "\x1b7":
			m.saved, m.savedWrap = [2]int{m.x, m.y}, m.wrap
		case seq == "\x1b8":
			m.x, m.y, m.wrap = m.saved[0], m.saved[1], m.savedWrap
		case strings.HasPrefix(seq, "\x1b["):
			m.control(seq[2:])
		case strings.HasPrefix(seq, "\x1bP"):
			m.sixel(strings.TrimSuffix(seq[2:], "\x1b\\"))
		case strings.HasPrefix(seq, "\x1b]1337;File="):
			m.inline(strings.TrimSuffix(strings.TrimPrefix(seq, "\x1b]1337;File="), "\x07"))
		case strings.HasPrefix(seq, "\x1b_G"):
			m.kitty(strings.TrimSuffix(seq[3:], "\x1b\\"))
		default:
			m.t.Fatalf("unknown sequence %q", seq)
		}
	}
}

func (m *terminal) print(s string, width int) {
	if m.wrap {
		m.t.Fatalf("text %q runs over the right edge", s)
	}
	for i := range width {
		m.put(glyph{s, m.fg})
		if i > 0 {
			m.text[m.y][m.x].text = ""
		}
		if m.x++; m.x == m.cols {
			m.x, m.wrap = m.cols-1, true
		}
	}
}

func (m *terminal) put(g glyph) {
	m.text[m.y][m.x] = g
	m.wipe(m.x)
}

// wipe takes away what a cell of the cursor's row shows.
func (m *terminal) wipe(x int) {
	r := m.cellAt(x, m.y)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(m.pix.Pix[m.pix.PixOffset(r.Min.X, y):m.pix.PixOffset(r.Max.X, y)])
	}
}

func (m *terminal) cellAt(x, y int) image.Rectangle {
	at := image.Pt(x*m.cell.W, y*m.cell.H)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(m.cell.W, m.cell.H))}
}

func (m *terminal) control(seq string) {
	parts := strings.Split(seq[:len(seq)-1], ";")
	n := make([]int, len(parts))
	for i, p := range parts {
		n[i], _ = strconv.Atoi(p) // absent is zero
	}
	switch seq[len(seq)-1] {
	case 'm':
		if len(n) == 5 && n[0] == 38 && n[1] == 2 {
			m.fg = color.RGBA{uint8(n[2]), uint8(n[3]), uint8(n[4]), 255}
		} else {
			m.fg = color.RGBA{}
		}
	case 'C':
		m.x, m.wrap = min(m.x+max(n[0], 1), m.cols-1), false
	case 'H':
		m.x, m.y, m.wrap = 0, max(n[0]-1, 0), false
	case 'K':
		for x := m.x; x < m.cols; x++ {
			m.text[m.y][x] = glyph{}
			m.wipe(x)
		}
	case 'J':
	default:
		m.t.Fatalf("unknown control sequence %q", seq)
	}
}

// leave puts the cursor where an image that has been drawn disturbs most.
func (m *terminal) leave() {
	if m.x, m.wrap = 0, false; m.y == m.rows-1 {
		m.t.Fatal("an image on the last row scrolls the screen")
	}
	m.y++
}

func (m *terminal) inline(s string) {
	options, data, _ := strings.Cut(s, ":")
	file, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		m.t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		m.t.Fatal(err)
	}
	o := options2map(options, ";")
	if o["inline"] != "1" || o["preserveAspectRatio"] != "0" || o["size"] != strconv.Itoa(len(file)) {
		m.t.Fatalf("options %q", options)
	}
	cols, _ := strconv.Atoi(o["width"])
	rows, _ := strconv.Atoi(o["height"])
	whole := picture.Scale(img, img.Bounds(), cols*m.cell.W, rows*m.cell.H)
	at := m.cellAt(m.x, m.y).Min
	draw.Draw(m.pix, whole.Rect.Add(at), whole, image.Point{}, draw.Src)
	m.leave()
}

func options2map(s, separator string) map[string]string {
	o := map[string]string{}
	for _, part := range strings.Split(s, separator) {
		k, v, _ := strings.Cut(part, "=")
		o[k] = v
	}
	return o
}

// sixel paints what is set; the rest stays.
func (m *terminal) sixel(s string) {
	s, ok := strings.CutPrefix(s, "0;1q\"1;1;")
	if !ok {
		m.t.Fatalf("sixels begin with %q", s[:min(len(s), 20)])
	}
	origin := m.cellAt(m.x, m.y).Min
	w, s := number(s)
	h, s := number(s[1:])
	colours := map[int]color.NRGBA{}
	current, x, y := -1, 0, 0
	for s != "" {
		c := s[0]
		s = s[1:]
		n := 1
		switch {
		case c == '#':
			current, s = number(s)
			if strings.HasPrefix(s, ";2;") {
				var rgb [3]uint8
				s = s[2:]
				for i := range rgb {
					var v int
					v, s = number(s[1:])
					rgb[i] = uint8((v*255 + 50) / 100)
				}
				colours[current] = color.NRGBA{rgb[0], rgb[1], rgb[2], 255}
			}
			continue
		case c == '$':
			x = 0
			continue
		case c == '-':
			x, y = 0, y+6
			continue
		case c == '!':
			n, s = number(s)
			c, s = s[0], s[1:]
		}
		if c < '?' || c > '~' {
			m.t.Fatalf("sixel %q", c)
		}
		for range n {
			for bit := range 6 {
				if (c-'?')>>bit&1 == 0 {
					continue
				}
				colour, defined := colours[current]
				if !defined || x >= w || y+bit >= h {
					m.t.Fatalf("sixel at %d, %d of %d × %d in colour %d", x, y+bit, w, h, current)
				}
				m.pix.SetNRGBA(origin.X+x, origin.Y+y+bit, colour)
			}
			x++
		}
	}
	m.leave()
}

func number(s string) (int, string) {
	n := 0
	for s != "" && s[0] >= '0' && s[0] <= '9' {
		n, s = 10*n+int(s[0]-'0'), s[1:]
	}
	return n, s
}

func (m *terminal) kitty(s string) {
	options, data, _ := strings.Cut(s, ";")
	o := options2map(options, ",")
	if len(data) > kitty.MaxChunkSize || o["q"] != "2" {
		m.t.Fatalf("command %q with %d bytes", options, len(data))
	}
	switch o["a"] {
	case "d":
		first, _ := strconv.Atoi(o["x"])
		last, _ := strconv.Atoi(o["y"])
		for n := range m.images {
			if o["d"] == "R" && first <= n && n <= last {
				delete(m.images, n)
			}
		}
		return
	case "T":
		m.header = o
	}
	m.loading.WriteString(data)
	if o["m"] == "1" {
		return
	}
	file, err := base64.StdEncoding.DecodeString(m.loading.String())
	m.loading.Reset()
	if err != nil || m.header["U"] != "1" || m.header["f"] != "100" {
		m.t.Fatalf("picture %v: %v", m.header, err)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		m.t.Fatal(err)
	}
	n, _ := strconv.Atoi(m.header["i"])
	cols, _ := strconv.Atoi(m.header["c"])
	rows, _ := strconv.Atoi(m.header["r"])
	m.images[n] = placed{img, cols, rows}
}

// shown is what is seen: the pixels, and the pictures that placeholders name.
func (m *terminal) shown() *image.NRGBA {
	out := image.NewNRGBA(m.pix.Rect)
	copy(out.Pix, m.pix.Pix)
	laid := map[int]image.Image{}
	for n, p := range m.images {
		laid[n] = p.laidOut(m.cell)
	}
	for y, line := range m.text {
		row, col := 0, 0
		for x, g := range line {
			runes := []rune(g.text)
			if len(runes) == 0 || runes[0] != kitty.Placeholder {
				continue
			}
			col++
			if len(runes) == 3 {
				row, col = diacritic(runes[1]), diacritic(runes[2])
			}
			if img, ok := laid[int(g.fg.R)<<16|int(g.fg.G)<<8|int(g.fg.B)]; ok {
				draw.Draw(out, m.cellAt(x, y), img, image.Pt(col*m.cell.W, row*m.cell.H), draw.Src)
			}
		}
	}
	return out
}

// laidOut is a picture in the middle of its cells, its ratio kept.
func (p placed) laidOut(cell CellSize) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, p.cols*cell.W, p.rows*cell.H))
	size := p.img.Bounds().Size()
	w, h := fitInto(size.X, size.Y, out.Rect.Dx(), out.Rect.Dy())
	at := image.Pt((out.Rect.Dx()-w)/2, (out.Rect.Dy()-h)/2)
	draw.Draw(out, image.Rect(0, 0, w, h).Add(at), picture.Scale(p.img, p.img.Bounds(), w, h), image.Point{}, draw.Src)
	return out
}

func diacritic(r rune) int {
	for i := range maxRows {
		if kitty.Diacritic(i) == r {
			return i
		}
	}
	return -1
}

// line is the text of a row.
func (m *terminal) line(y int) string {
	var out strings.Builder
	for _, g := range m.text[y] {
		out.WriteString(g.text)
	}
	return out.String()
}

// renderer writes frames as the standard renderer of Bubble Tea v1 does on the
// alternate screen: lines that have not changed are passed over, others are cut
// to the width of the screen.
type renderer struct {
	*terminal
	last []string
}

func (r *renderer) frame(view string) {
	r.t.Helper()
	r.write(ansi.CursorHomePosition)
	lines := strings.Split(view, "\n")
	if len(lines) > r.rows {
		lines = lines[len(lines)-r.rows:]
	}
	for i, line := range lines {
		if i > 0 {
			r.write("\r\n")
		}
		if i < len(r.last) && r.last[i] == line {
			continue
		}
		line = ansi.Truncate(line, r.cols, "")
		if ansi.StringWidth(line) < r.cols {
			line += ansi.EraseLineRight
		}
		r.write(line)
	}
	r.last = lines
}
