package demo

import (
	"image"
	"math"
)

// A stamp is a round red one with the name of an office along its edge and the word 样本 in the middle.

const (
	stampSize = 140
	stampText = 17
)

var stampInk = []tone{red1, red2, red3, red4}

// stamp returns the stamp of an office, turned as a hand sets it.
func (s *studio) stamp(office string, turn int) *image.Alpha {
	key := struct {
		office string
		turn   int
	}{office, turn}
	if m, ok := s.stamps.Load(key); ok {
		return m.(*image.Alpha)
	}
	var m *image.Alpha
	if turn == 0 {
		m = s.straightStamp(office)
	} else {
		m = turned(s.stamp(office, 0), float64(turn))
	}
	s.stamps.Store(key, m)
	return m
}

// turnOf is one of the ways in which hands set stamps.
func turnOf(index int) int { return [...]int{-7, 3, 9}[index%3] }

func (s *studio) straightStamp(office string) *image.Alpha {
	const r = stampSize / 2.0
	m := image.NewAlpha(image.Rect(0, 0, stampSize, stampSize))
	strip := s.mask(2*stampText, office) // at twice its size, so that bending it loses nothing
	for y := range stampSize {
		for x := range stampSize {
			dx, dy := float64(x)+0.5-r, float64(y)+0.5-r
			d := math.Hypot(dx, dy)
			m.Pix[y*m.Stride+x] = max(edge(d, r-2, 4), bent(strip, dx, dy, d, r-12))
		}
	}
	word := s.mask(27, sampleMark)
	at := image.Pt((stampSize-word.Rect.Dx())/2, stampSize/2-10)
	for y := range word.Rect.Dy() {
		copy(m.Pix[(at.Y+y)*m.Stride+at.X:], word.Pix[y*word.Stride:y*word.Stride+word.Rect.Dx()])
	}
	return m
}

// edge is the coverage of a ring of a width whose outer radius is r.
func edge(d, r, width float64) uint8 {
	inside := min(r-d, d-(r-width)) + 0.5
	return uint8(255 * min(max(inside, 0), 1))
}

// bent reads a strip of text that runs clockwise along the inside of a circle of radius r, its middle on top.
func bent(strip *image.Alpha, dx, dy, d, r float64) uint8 {
	depth := r - d // below the upper edge of the text
	if depth < 0 || depth > stampText*1.25 {
		return 0
	}
	along := math.Atan2(dx, -dy) * (r - stampText/2)
	width := float64(strip.Rect.Dx()) / 2
	room := math.Pi * 1.5 * (r - stampText/2)
	squeeze := max(width/room, 1)
	x := (along*squeeze + width/2) * 2
	if x < 0 || x > 2*width {
		return 0
	}
	return sample(strip, x, depth*2)
}
