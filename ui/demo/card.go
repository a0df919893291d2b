package demo

import (
	"fmt"
	"image"
	"strconv"
	"strings"

	"rongzheng/review"
)

// The cards have the layout that reviewers know and nothing else of a real one: no emblem, no pattern, no hologram,
// but a red line that says what they are.

func (s *studio) blankCard() canvas {
	c := newCanvas(cardWidth, cardHeight, sky1)
	const bands = int(sky6-sky1) + 1
	for band := range bands {
		top := cardHeight * band / bands
		c.fill(image.Rect(0, top, cardWidth, cardHeight), sky1+tone(band))
	}
	c.frame(c.Rect.Inset(5), 2, line)
	return c
}

const cardNotice = "样本 · 演示数据，不是真实证件"

func (s *studio) notice(c canvas) {
	c.fill(image.Rect(7, cardHeight-31, cardWidth-7, cardHeight-7), red4)
	m := s.mask(16, cardNotice)
	c.tint(m, image.Pt((cardWidth-m.Rect.Dx())/2, cardHeight-30), []tone{red3, red1, white})
}

func (s *studio) blankFront() canvas {
	c := s.blankCard()
	for _, row := range []struct {
		y     int
		label string
	}{{58, "姓 名"}, {100, "性 别"}, {142, "出 生"}, {184, "住 址"}, {296, "公民身份号码"}} {
		s.write(c, 34, row.y, 17, softly, row.label)
	}
	s.write(c, 168, 100, 17, softly, "民 族")
	mark := turned(s.mask(84, sampleMark), 24)
	c.tint(mark, image.Pt(150, 120), []tone{mark3})
	s.notice(c)
	return c
}

func (s *studio) blankBack() canvas {
	c := s.blankCard()
	c.frame(image.Rect(40, 36, 130, 126), 3, red3)
	m := s.mask(40, sampleMark)
	c.tint(m, image.Pt(85-m.Rect.Dx()/2, 58), []tone{red1, red2, red3})
	s.centre(c, 345, 78, 30, black, "居 民 身 份 证")
	s.centre(c, 345, 118, 22, softly, "（演示用样本）")
	s.write(c, 92, 238, 18, softly, "签发机关")
	s.write(c, 92, 284, 18, softly, "有效期限")
	s.notice(c)
	return c
}

// cardFront draws the side with the portrait. shown is the name as the card has it.
func (s *studio) cardFront(p *person, shown string, face canvas) canvas {
	c := s.front.copied()
	s.fitted(c, 96, 60, 260, 23, black, shown)
	s.write(c, 96, 100, 18, black, s.label("sex", p.sex))
	s.write(c, 230, 100, 18, black, strings.TrimSuffix(s.label("ethnicity", p.ethnicity), "族"))
	s.write(c, 96, 142, 18, black, dayText(p.birth))
	s.paragraph(c, 96, 184, 255, 17, 26, black, p.address)
	s.write(c, 172, 297, 22, black, p.idNumber)
	c.inlay(face, image.Pt(380, 34))
	return c
}

// cardBack draws the other side. Cards are valid for twenty years from 26 to 45, for life from 46 (居民身份证法, art. 5).
func (s *studio) cardBack(p *person, issued review.Date) canvas {
	c := s.back.copied()
	s.write(c, 186, 238, 19, black, "成都市公安局"+strings.TrimSuffix(p.district, "区")+"分局（样本）")
	until := "长期"
	switch age := review.AgeOn(p.birth, issued); {
	case age < 16:
		until = dotted(issued.AddYears(5))
	case age < 26:
		until = dotted(issued.AddYears(10))
	case age < 46:
		until = dotted(issued.AddYears(20))
	}
	s.write(c, 186, 284, 19, black, dotted(issued)+"-"+until)
	s.write(c, 420, 312, 13, softly, fmt.Sprintf("样本编号 %06d", p.index))
	return c
}

func dotted(d review.Date) string { return strings.ReplaceAll(d.String(), "-", ".") }

func (s *studio) label(list, code string) string {
	option, _ := s.policy.Option(list, code)
	return option.Label
}

// dayText writes a day as papers do.
func dayText(d review.Date) string {
	return strconv.Itoa(d.Year()) + "年" + strconv.Itoa(int(d.Month())) + "月" + strconv.Itoa(d.Day()) + "日"
}
