package demo

import (
	"fmt"
	"image"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	certfont "rongzheng/cert/font"
)

// A pen writes with the certificate's typeface. Every glyph is drawn once in the life of a pen; it may be used by many
// goroutines at once.
type pen struct {
	font   *certfont.Font
	glyphs sync.Map // glyphKey → *glyph
	mu     sync.Mutex
	faces  map[int]font.Face
}

type glyphKey struct {
	r    rune
	size int
}

type glyph struct {
	mask    *image.Alpha
	at      image.Point // of the mask, from the place on the base line
	advance int
}

func newPen() (*pen, error) {
	f, err := certfont.Load()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return &pen{font: f, faces: map[int]font.Face{}}, nil
}

// glyph returns the picture of a character in so many pixels per em; an empty box for one that the font lacks.
func (p *pen) glyph(r rune, size int) *glyph {
	key := glyphKey{r, size}
	if g, ok := p.glyphs.Load(key); ok {
		return g.(*glyph)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.drawn(key)
	p.glyphs.Store(key, g)
	return g
}

func (p *pen) drawn(key glyphKey) *glyph {
	face := p.faces[key.size]
	if face == nil {
		made, err := p.font.Face(float64(key.size))
		if err != nil {
			return emptyBox(key.size)
		}
		face, p.faces[key.size] = made, made
	}
	if !p.font.Has(key.r) {
		return emptyBox(key.size)
	}
	bounds, mask, from, advance, ok := face.Glyph(fixed.Point26_6{}, key.r)
	if !ok {
		return emptyBox(key.size)
	}
	own := image.NewAlpha(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(own, own.Rect, mask, from, draw.Src)
	return &glyph{own, bounds.Min, advance.Round()}
}

func emptyBox(size int) *glyph {
	m := image.NewAlpha(image.Rect(0, 0, size*3/4, size*3/4))
	for i := range m.Pix {
		x, y := i%m.Stride, i/m.Stride
		if x == 0 || y == 0 || x == m.Stride-1 || y == m.Rect.Dy()-1 {
			m.Pix[i] = 255
		}
	}
	return &glyph{m, image.Pt(size/8, -size*3/4), size}
}

// width returns how many pixels the text takes.
func (p *pen) width(size int, text string) int {
	w := 0
	for _, r := range text {
		w += p.glyph(r, size).advance
	}
	return w
}

// write writes a line that begins at x on the base line y, and returns where it ends.
func (p *pen) write(c canvas, x, y, size, depth int, text string) int {
	for _, r := range text {
		g := p.glyph(r, size)
		c.write(g.mask, image.Pt(x, y).Add(g.at), depth)
		x += g.advance
	}
	return x
}

// centre writes a line with its middle at x.
func (p *pen) centre(c canvas, x, y, size, depth int, text string) {
	p.write(c, x-p.width(size, text)/2, y, size, depth, text)
}

// paragraph writes text in lines of a width and returns the base line after the last one.
func (p *pen) paragraph(c canvas, x, y, width, size, leading, depth int, text string) int {
	at := x
	for _, r := range text {
		g := p.glyph(r, size)
		if r == '\n' || at+g.advance > x+width && r != '，' && r != '。' {
			at, y = x, y+leading
		}
		if r != '\n' {
			at = p.write(c, at, y, size, depth, string(r))
		}
	}
	return y + leading
}

// fitted writes a line that is made smaller until it fits.
func (p *pen) fitted(c canvas, x, y, width, size, depth int, text string) {
	for size > 10 && p.width(size, text) > width {
		size--
	}
	p.write(c, x, y, size, depth, text)
}

// mask returns a line of text as a mask.
func (p *pen) mask(size int, text string) *image.Alpha {
	m := image.NewAlpha(image.Rect(0, 0, p.width(size, text), size*5/4))
	x := 0
	for _, r := range text {
		g := p.glyph(r, size)
		at := image.Pt(x, size).Add(g.at)
		draw.Draw(m, g.mask.Rect.Add(at), image.Opaque, image.Point{}, draw.Over)
		draw.DrawMask(m, g.mask.Rect.Add(at), image.Opaque, image.Point{}, g.mask, image.Point{}, draw.Src)
		x += g.advance
	}
	return m
}
