package demo

import (
	"image"
	"sync"

	"rongzheng/review"
)

// Sizes of the papers in pixels: the proportions of a card, of a certificate lying flat, of A4.
const (
	cardWidth, cardHeight   = 560, 353
	flatWidth, flatHeight   = 640, 452
	sheetWidth, sheetHeight = 560, 792
)

// sampleMark stands across every paper: nobody shall take one for a document.
const sampleMark = "样本"

// A studio draws the papers of made-up people. It may be used by many goroutines at once.
type studio struct {
	*pen
	policy *review.Policy
	front  canvas // an identity card without a person
	back   canvas
	flat   canvas // a professional certificate
	sheet  canvas // A4 with a watermark
	stamps sync.Map
}

func newStudio(policy *review.Policy) (*studio, error) {
	p, err := newPen()
	if err != nil {
		return nil, err
	}
	s := &studio{pen: p, policy: policy}
	mark := turned(s.mask(108, sampleMark), 24)
	s.front, s.back = s.blankFront(), s.blankBack()
	s.flat = newCanvas(flatWidth, flatHeight, cream)
	s.flat.tint(mark, middleOf(s.flat, mark), []tone{cream, goldPale})
	s.flat.frame(s.flat.Rect.Inset(10), 3, gold)
	s.flat.frame(s.flat.Rect.Inset(17), 1, gold)
	s.sheet = newCanvas(sheetWidth, sheetHeight, white)
	wide := turned(s.mask(150, sampleMark), 35)
	s.sheet.tint(wide, middleOf(s.sheet, wide), []tone{mark1, mark2, mark3})
	return s, nil
}

func middleOf(c canvas, m *image.Alpha) image.Point {
	return image.Pt((c.Rect.Dx()-m.Rect.Dx())/2, (c.Rect.Dy()-m.Rect.Dy())/2)
}
