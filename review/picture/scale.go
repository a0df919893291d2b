package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// Scale draws the region of img (in its own coordinates, cut to its bounds) as
// w × h pixels, transparent parts over white. Every pixel of the result is
// opaque. Where the region is larger than the result, areas are averaged; where
// it is smaller, pixels are interpolated. An empty region gives white.
func Scale(img image.Image, region image.Rectangle, w, h int) *image.RGBA {
	region = region.Intersect(img.Bounds())
	out, empty := blank(region, w, h)
	if empty {
		return out
	}
	switch src := img.(type) {
	case *image.YCbCr:
		if region.Min.X >= 0 && region.Min.Y >= 0 {
			scaleYCbCr(out, src, region)
			return out
		}
	case *image.Gray:
		row := func(y int) []byte { return src.Pix[src.PixOffset(src.Rect.Min.X, y):] }
		p := plane{channels: 1, min: src.Rect.Min, sx: 1, sy: 1, row: row}
		joinGray(out, p.resample(region, w, h))
		return out
	case *image.RGBA:
		if src.Opaque() {
			row := func(y int) []byte { return src.Pix[src.PixOffset(src.Rect.Min.X, y):] }
			joinRGB(out, plane{channels: 3, min: src.Rect.Min, sx: 1, sy: 1, row: row}.resample(region, w, h))
			return out
		}
	}
	joinRGB(out, overWhite(img).resample(region, w, h))
	return out
}

// blank makes room for w × h pixels. Where nothing is to be drawn, they are
// white.
func blank(region image.Rectangle, w, h int) (out *image.RGBA, empty bool) {
	out = image.NewRGBA(image.Rect(0, 0, max(w, 0), max(h, 0)))
	if !out.Rect.Empty() && !region.Empty() {
		return out, false
	}
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	return out, true
}

// onPaper draws all of a picture over white at its own size.
func onPaper(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, b.Min, draw.Over)
	return out
}

// overWhite reads any picture row by row, composed with white paper.
func overWhite(img image.Image) plane {
	b := img.Bounds()
	line := image.NewRGBA(image.Rect(b.Min.X, 0, b.Max.X, 1))
	row := func(y int) []byte {
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, img, image.Pt(b.Min.X, y), draw.Over)
		return line.Pix
	}
	return plane{channels: 3, min: b.Min, sx: 1, sy: 1, row: row}
}

func scaleYCbCr(out *image.RGBA, src *image.YCbCr, region image.Rectangle) {
	sx, sy := subsampling(src.SubsampleRatio)
	luma := plane{channels: 1, min: src.Rect.Min, sx: 1, sy: 1}
	luma.row = func(y int) []byte { return src.Y[(y-luma.min.Y)*src.YStride:] }
	cb := plane{channels: 1, min: image.Pt(src.Rect.Min.X/sx, src.Rect.Min.Y/sy), sx: sx, sy: sy}
	cr := cb
	cb.row = func(y int) []byte { return src.Cb[(y-cb.min.Y)*src.CStride:] }
	cr.row = func(y int) []byte { return src.Cr[(y-cb.min.Y)*src.CStride:] }
	joinYCbCr(out, luma, cb, cr, region)
}

func subsampling(ratio image.YCbCrSubsampleRatio) (sx, sy int) {
	switch ratio {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

func joinYCbCr(out *image.RGBA, luma, cb, cr plane, region image.Rectangle) {
	w, h := out.Rect.Dx(), out.Rect.Dy()
	blue, red := cb.resample(region, w, h), cr.resample(region, w, h)
	for i, y := range luma.resample(region, w, h) {
		r, g, b := color.YCbCrToRGB(y, blue[i], red[i])
		copy(out.Pix[4*i:], []byte{r, g, b, 0xff})
	}
}

func joinGray(out *image.RGBA, gray []byte) {
	for i, v := range gray {
		copy(out.Pix[4*i:], []byte{v, v, v, 0xff})
	}
}

func joinRGB(out *image.RGBA, rgb []byte) {
	for i := range len(rgb) / 3 {
		copy(out.Pix[4*i:], []byte{rgb[3*i], rgb[3*i+1], rgb[3*i+2], 0xff})
	}
}

// shrink averages blocks of by × by pixels over white paper; the last ones of a
// row and of a column may be smaller.
func shrink(img image.Image, by int) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, (b.Dx()+by-1)/by, (b.Dy()+by-1)/by))
	paper, sums := overWhite(img), make([]uint32, 3*out.Rect.Dx())
	for y := range out.Rect.Dy() {
		clear(sums)
		first := b.Min.Y + y*by
		last := min(first+by, b.Max.Y)
		for k := first; k < last; k++ {
			addBlocks(sums, paper.row(k), by)
		}
		for x := range out.Rect.Dx() {
			n := uint32((last - first) * min(by, b.Dx()-x*by))
			pixel := out.Pix[out.PixOffset(x, y):]
			for c, sum := range sums[3*x : 3*x+3] {
				pixel[c] = byte((sum + n/2) / n)
			}
			pixel[3] = 0xff
		}
	}
	return out
}

// addBlocks adds each pixel of a row to the sums of its block.
func addBlocks(sums []uint32, row []byte, by int) {
	for x := 0; 4*x < len(row); x++ {
		s := sums[3*(x/by) : 3*(x/by)+3]
		s[0], s[1], s[2] = s[0]+uint32(row[4*x]), s[1]+uint32(row[4*x+1]), s[2]+uint32(row[4*x+2])
	}
}

// plane is one sheet of samples: a single channel, or the first three of four.
// Sample k covers the pixels from k·sx up to (k+1)·sx, likewise in y.
type plane struct {
	channels int
	sx, sy   int
	min      image.Point        // index of the first sample of a row, and of the first row
	row      func(y int) []byte // valid until the next call
}

// resample returns w × h × channels bytes.
func (p plane) resample(region image.Rectangle, w, h int) []byte {
	xs := spans(region.Min.X, region.Max.X, p.sx, w)
	var (
		lines lineCache
		n     = w * p.channels
		sums  = make([]uint32, n)
		out   = make([]byte, 0, n*h)
	)
	for y := range h {
		for i := range sums {
			sums[i] = 1 << 23
		}
		// No list of weights: of a tall picture it would be as long as its rows.
		weigh(region.Min.Y, region.Max.Y, p.sy, h, y, func(k int, weight uint32) {
			line, fresh := lines.at(k, n)
			if fresh {
				p.squeeze(line, p.row(k), xs)
			}
			for i, v := range line {
				sums[i] += weight * v
			}
		})
		for _, sum := range sums {
			out = append(out, byte(sum>>24))
		}
	}
	return out
}

// squeeze resamples one row; values are samples times 256.
func (p plane) squeeze(line []uint32, row []byte, xs []span) {
	if p.channels == 1 {
		for i, s := range xs {
			sum := uint32(128)
			for k, v := range row[s.first-p.min.X:][:len(s.weights)] {
				sum += s.weights[k] * uint32(v)
			}
			line[i] = sum >> 8
		}
		return
	}
	for i, s := range xs {
		r, g, b := uint32(128), uint32(128), uint32(128)
		from := row[4*(s.first-p.min.X):]
		for k, weight := range s.weights {
			v := from[4*k : 4*k+3]
			r += weight * uint32(v[0])
			g += weight * uint32(v[1])
			b += weight * uint32(v[2])
		}
		line[3*i], line[3*i+1], line[3*i+2] = r>>8, g>>8, b>>8
	}
}

// lineCache keeps the last two squeezed rows: neighbouring rows of the result
// share at most so many.
type lineCache struct {
	lines [2][]uint32
	index [2]int
	next  int
}

// at returns the line of row y; fresh says that the caller has to fill it.
func (c *lineCache) at(y, n int) (line []uint32, fresh bool) {
	for i, l := range c.lines {
		if l != nil && c.index[i] == y {
			return l, false
		}
	}
	i := c.next
	if c.lines[i] == nil {
		c.lines[i] = make([]uint32, n)
	}
	c.index[i], c.next = y, 1-i
	return c.lines[i], true
}

// span is the samples that make up one pixel of the result. The weights of a
// span add up to one.
type span struct {
	first   int
	weights []uint32
}

const one = 1 << 16

// spans divides the pixels from lo up to hi among n, each sample covering size
// pixels.
func spans(lo, hi, size, n int) []span {
	all := make([]span, n)
	room := make([]uint32, 0, (hi-lo)/size+2*n) // neighbours share a sample at most
	for i := range all {
		s := span{weights: room}
		weigh(lo, hi, size, n, i, func(k int, weight uint32) {
			if len(s.weights) == 0 {
				s.first = k
			}
			s.weights = append(s.weights, weight)
		})
		all[i], room = s, s.weights[len(s.weights):]
	}
	return all
}

// weigh hands out the samples that make up the i-th of n pixels of the result,
// in their order.
func weigh(lo, hi, size, n, i int, take func(sample int, weight uint32)) {
	if hi-lo >= n {
		average(lo, hi, size, n, i, take)
	} else {
		interpolate(lo, hi, size, n, i, take)
	}
}

// average weighs samples by how much of them pixel i covers. Positions are
// counted in parts of 1/n pixel, so that all of them are whole.
func average(lo, hi, size, n, i int, take func(sample int, weight uint32)) {
	length, unit := hi-lo, size*n
	begin := lo*n + i*length
	end := begin + length
	covered := 0
	for k := floorDiv(begin, unit); covered < length; k++ {
		to := min((k+1)*unit, end) - begin
		take(k, uint32(to*one/length-covered*one/length))
		covered = to
	}
}

// interpolate weighs the two samples whose centres stand around that of pixel
// i. At the edges the outermost sample stands alone.
func interpolate(lo, hi, size, n, i int, take func(sample int, weight uint32)) {
	unit := 2 * n * size
	at := 2*n*lo + (2*i+1)*(hi-lo) - n*size
	k := floorDiv(at, unit)
	part := (at - k*unit) * one / unit
	switch {
	case k < floorDiv(lo, size):
		take(k+1, one)
	case k+1 > floorDiv(hi-1, size) || part == 0:
		take(k, one)
	default:
		take(k, uint32(one-part))
		take(k+1, uint32(part))
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
