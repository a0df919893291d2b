package graphics

import (
	"image"
	"strings"

	"rongzheng/review/picture"
)

// ramp holds characters from dark to bright on a dark screen.
const ramp = " .:-=+*#%@"

// shade draws brightness only. It is not stretched: a blank picture looks
// blank, a dark one dark.
func shade(img image.Image, box Box) string {
	cols, rows := box.Cols, box.Rows
	c, h := box.halves(img)
	r := (h + 1) / 2
	left, top := (cols-c)/2, (rows-r)/2
	lines := make([]string, rows)
	for y := range lines {
		lines[y] = strings.Repeat(" ", cols)
	}
	if c == 0 {
		return strings.Join(lines, "\n")
	}
	small := picture.Scale(img, img.Bounds(), c, r)
	for y := range r {
		line := []byte(lines[top+y])
		for x := range c {
			p := small.Pix[small.PixOffset(x, y):]
			line[left+x] = ramp[(luminance(p[0], p[1], p[2])*(len(ramp)-1)+127)/255]
		}
		lines[top+y] = string(line)
	}
	return strings.Join(lines, "\n")
}

// luminance is brightness 0–255 with the weights of ITU-R BT.601.
func luminance(r, g, b uint8) int {
	return (299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000
}
