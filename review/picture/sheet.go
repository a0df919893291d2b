package picture

import "image"

// Sheet is a decoded picture that parts of any size can be drawn from, at the
// size of its file or at a half, a quarter or an eighth of it.
// It is not changed by drawing, so that many may draw from one at a time.
type Sheet struct {
	facts  Facts
	by     int
	pixels image.Image // nil where planes are there
	planes []plane     // gray, RGB in one, or Y, Cb and Cr
	bytes  int64
}

// Reduction returns the largest of 1, 2, 4 and 8 by which a JPEG may be reduced
// while it is decoded when a part of wide × high of its pixels is to be drawn
// as w × h: at least two samples stay for each pixel drawn, so that thin
// strokes are no more blurred than when all pixels are averaged.
func Reduction(wide, high, w, h int) int {
	for by := 8; by > 1; by /= 2 {
		if wide >= 2*by*w && high >= 2*by*h {
			return by
		}
	}
	return 1
}

// Open decodes a picture at 1/by of its size, by being 1, 2, 4 or 8; a PNG and
// JPEGs of the unusual kinds are decoded at their full size and reduced
// afterwards, so that a sheet never holds more than is asked for. Errors are
// those of [Decode], which alone finds all damage: what is not needed for the
// size asked for may be passed over here.
func Open(data []byte, by int) (*Sheet, error) {
	f, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	return f.open(data, by, true)
}

func (f Facts) open(data []byte, by int, brief bool) (*Sheet, error) {
	if f.Type == JPEG && (by == 2 || by == 4 || by == 8) {
		if r, ok := reduceJPEG(data, by, brief); ok {
			s := &Sheet{facts: f, by: by, planes: make([]plane, len(r.components))}
			for i, c := range r.components {
				s.planes[i] = r.plane(i)
				s.bytes += int64(len(c.pix))
			}
			return s, nil
		}
	}
	img, err := f.pixels(data)
	if err != nil {
		return nil, err
	}
	if brief {
		return f.sheet(img, by), nil
	}
	return f.sheet(img, 1), nil
}

// sheet holds pixels, reduced by 2, 4 or 8.
func (f Facts) sheet(img image.Image, by int) *Sheet {
	if by != 2 && by != 4 && by != 8 {
		return &Sheet{facts: f, by: 1, pixels: img, bytes: weight(img)}
	}
	small := shrink(img, by)
	p := plane{channels: 3, sx: by, sy: by, row: func(y int) []byte { return small.Pix[small.PixOffset(0, y):] }}
	return &Sheet{facts: f, by: by, planes: []plane{p}, bytes: int64(len(small.Pix))}
}

// Size returns the size in pixels of the upright picture as its file has it.
func (s *Sheet) Size() image.Point { return image.Pt(s.facts.Width, s.facts.Height) }

// Reduced returns by how much the sheet is smaller than its file.
func (s *Sheet) Reduced() int { return s.by }

// Bytes returns how much memory the sheet holds.
func (s *Sheet) Bytes() int64 { return s.bytes }

// Draw draws a region, in pixels of the upright picture at the size of its
// file, as w × h pixels, as [Scale] does.
func (s *Sheet) Draw(region image.Rectangle, w, h int) *image.RGBA {
	f := s.facts
	region = f.lying(region.Intersect(image.Rectangle{Max: s.Size()}))
	if f.sideways() {
		w, h = h, w
	}
	return orient(s.scale(region, w, h), f.Orientation)
}

func (s *Sheet) scale(region image.Rectangle, w, h int) *image.RGBA {
	if s.pixels != nil {
		return Scale(s.pixels, region, w, h)
	}
	out, empty := blank(region, w, h)
	switch {
	case empty:
	case s.planes[0].channels == 3:
		joinRGB(out, s.planes[0].resample(region, w, h))
	case len(s.planes) == 1:
		joinGray(out, s.planes[0].resample(region, w, h))
	default:
		joinYCbCr(out, s.planes[0], s.planes[1], s.planes[2], region)
	}
	return out
}

// lying turns a part of the upright picture to where the file has it.
func (f Facts) lying(upright image.Rectangle) image.Rectangle {
	if upright.Empty() {
		return image.Rectangle{}
	}
	w, h := f.Width, f.Height
	if f.sideways() {
		w, h = h, w
	}
	a := origin(f.Orientation, upright.Min.X, upright.Min.Y, w, h)
	b := origin(f.Orientation, upright.Max.X-1, upright.Max.Y-1, w, h)
	r := image.Rectangle{Min: a, Max: b}.Canon()
	return image.Rectangle{Min: r.Min, Max: r.Max.Add(image.Pt(1, 1))}
}

// weight is how many bytes the pixels of a decoder take.
func weight(img image.Image) int64 {
	switch m := img.(type) {
	case *image.YCbCr:
		return int64(len(m.Y) + len(m.Cb) + len(m.Cr))
	case *image.Gray:
		return int64(len(m.Pix))
	case *image.Paletted:
		return int64(len(m.Pix))
	case *image.Gray16:
		return int64(len(m.Pix))
	}
	size := img.Bounds().Size()
	return 8 * int64(size.X) * int64(size.Y)
}

// Measure returns the size in pixels of an upright picture, from its headers;
// cheaper than [Inspect], which also takes the hash. Errors are those of
// [Decode].
func Measure(data []byte) (image.Point, error) {
	f, err := readPicture(data)
	if err != nil {
		return image.Point{}, err
	}
	return image.Pt(f.Width, f.Height), nil
}
