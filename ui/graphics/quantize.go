package graphics

import "image"

// quantized is a picture in at most so many colours.
type quantized struct {
	w, h    int
	index   []uint8 // a colour for each pixel, row by row
	colours [][3]uint8
}

// Colours are counted by their upper five bits per channel.
const (
	binBits = 5
	bins    = 1 << (3 * binBits)
)

// bin is a set of colours that are taken for one from the beginning.
type bin struct {
	key        uint16 // five bits each of red, green and blue
	n, r, g, b int
}

func binOf(p []uint8) int {
	return int(p[0]>>3)<<(2*binBits) | int(p[1]>>3)<<binBits | int(p[2]>>3)
}

// quantize finds the colours by median cut (Heckbert, 1982): the box of colours
// that spreads most, weighed by its pixels, is cut in two until there are
// enough. There is no dithering: it would spoil the runs that make drawings
// short.
func quantize(img *image.RGBA, most int) quantized {
	q := quantized{w: img.Rect.Dx(), h: img.Rect.Dy()}
	counted := count(img)
	boxes := [][]bin{counted}
	for len(boxes) < most {
		widest, channel := pick(boxes)
		if widest < 0 {
			break
		}
		lower, upper := cut(boxes[widest], channel)
		boxes[widest] = lower
		boxes = append(boxes, upper)
	}
	colourOf := make([]uint8, bins)
	for i, box := range boxes {
		q.colours = append(q.colours, mean(box))
		for _, b := range box {
			colourOf[b.key] = uint8(i)
		}
	}
	q.index = make([]uint8, q.w*q.h)
	for i := range q.index {
		q.index[i] = colourOf[binOf(img.Pix[4*i:])]
	}
	return q
}

// count returns the bins that have pixels.
func count(img *image.RGBA) []bin {
	all := make([]bin, bins)
	for i := 0; i+4 <= len(img.Pix); i += 4 {
		p := img.Pix[i : i+4]
		b := &all[binOf(p)]
		b.n, b.r, b.g, b.b = b.n+1, b.r+int(p[0]), b.g+int(p[1]), b.b+int(p[2])
	}
	var used []bin
	for key, b := range all {
		if b.n > 0 {
			b.key = uint16(key)
			used = append(used, b)
		}
	}
	return used
}

// pick returns the box to cut next and along which channel; -1 where no box
// has two colours.
func pick(boxes [][]bin) (box int, channel uint) {
	box, most := -1, 0
	for i, b := range boxes {
		if len(b) < 2 {
			continue
		}
		n := 0
		for _, c := range b {
			n += c.n
		}
		if along, spread := widest(b); box < 0 || n*spread > most {
			box, channel, most = i, along, n*spread
		}
	}
	return box, channel
}

// widest returns the channel in which a box spreads most, as the shift that
// finds it in a key.
func widest(box []bin) (channel uint, spread int) {
	for shift := uint(0); shift <= 2*binBits; shift += binBits {
		low, high := 31, 0
		for _, c := range box {
			v := int(c.key >> shift & 31)
			low, high = min(low, v), max(high, v)
		}
		if high-low >= spread {
			channel, spread = shift, high-low
		}
	}
	return channel, spread
}

// cut divides a box where half of its pixels lie on either side, or as near to
// that as leaves none of them empty.
func cut(box []bin, channel uint) (lower, upper []bin) {
	var pixels [32]int
	all, low, high := 0, 31, 0
	for _, c := range box {
		v := int(c.key >> channel & 31)
		pixels[v] += c.n
		all += c.n
		low, high = min(low, v), max(high, v)
	}
	at, sum := low, pixels[low]
	for at+1 < high && 2*sum < all {
		at++
		sum += pixels[at]
	}
	for _, c := range box {
		if int(c.key>>channel&31) <= at {
			lower = append(lower, c)
		} else {
			upper = append(upper, c)
		}
	}
	return lower, upper
}

func mean(box []bin) [3]uint8 {
	var n, r, g, b int
	for _, c := range box {
		n, r, g, b = n+c.n, r+c.r, g+c.g, b+c.b
	}
	if n == 0 {
		return [3]uint8{}
	}
	return [3]uint8{uint8((r + n/2) / n), uint8((g + n/2) / n), uint8((b + n/2) / n)}
}
