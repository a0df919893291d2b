package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/ccitt"
)

var (
	// ErrNoPage means that a PDF has no page of the number asked for.
	ErrNoPage = errors.New("pdf has no such page")
	// ErrNoPicture means that a page holds no picture that can be read here.
	ErrNoPicture = errors.New("page has no picture that can be read")
)

// Page is what can be shown of one page of a PDF without drawing it: scanned
// paper is one large picture, other documents are text.
type Page struct {
	// Width and Height are pixels of the largest picture on the page, as the
	// page shows it; 0 where there is none that [OpenPage] can read.
	Width, Height int
	// Pictures is how many pictures the page shows.
	Pictures int
	// Text is the text of the page, line by line from top to bottom, as plain
	// characters without control codes. Fonts that do not say which characters
	// they draw give none.
	Text string
}

// ReadPage reads the page with that number, from 1. Its work is bounded
// whatever the file holds.
//
// Errors: those of [Inspect], [ErrEncrypted], [ErrNoPage], and an
// [UnsupportedError] for what is no PDF.
func ReadPage(data []byte, number int) (Page, error) {
	f, p, err := pageOf(data, number)
	if err != nil {
		return Page{}, err
	}
	return f.read(p), nil
}

func (f *pdfFile) read(p pdfPage) Page {
	found := f.look(p)
	read := Page{Pictures: len(found.pictures), Text: found.lines()}
	if e, err := f.largest(found); err == nil {
		read.Width, read.Height = e.facts.Width, e.facts.Height
	}
	return read
}

// OpenPage decodes the largest picture of a page, as [Open] does; it comes as
// the page shows it, turned with it. Errors are those of [ReadPage], of
// [Decode], and [ErrNoPicture].
func OpenPage(data []byte, number, by int) (*Sheet, error) {
	f, p, err := pageOf(data, number)
	if err != nil {
		return nil, err
	}
	return f.largestOf(p, by)
}

func (f *pdfFile) largestOf(p pdfPage, by int) (*Sheet, error) {
	e, err := f.largest(f.look(p))
	if err != nil {
		return nil, err
	}
	return e.open(by)
}

func opened(data []byte) (*pdfFile, error) {
	if found := sniff(data); found != string(PDF) {
		return nil, UnsupportedError{Found: found}
	}
	f, err := newPDF(data)
	if err != nil && !errors.Is(err, ErrEncrypted) {
		err = DamagedError{PDF, err}
	}
	return f, err
}

func pageOf(data []byte, number int) (*pdfFile, pdfPage, error) {
	if err := admit(data); err != nil {
		return nil, pdfPage{}, err
	}
	f, err := opened(data)
	if err != nil {
		return nil, pdfPage{}, err
	}
	p, ok := f.page(number)
	if !ok {
		return nil, pdfPage{}, ErrNoPage
	}
	return f, p, nil
}

// embedded is a picture in a PDF, down to the filter that makes it a picture.
type embedded struct {
	facts      Facts
	body       []byte
	filter     pdfName // "": plain samples
	parameters pdfDict
	dict       pdfDict
	file       *pdfFile
}

// largest finds the picture that covers most of a page among those that can be
// read.
func (f *pdfFile) largest(found *pageFound) (embedded, error) {
	var (
		best embedded
		area = -1.0
		why  = ErrNoPicture
	)
	for _, p := range found.pictures {
		if p.area() <= area {
			continue
		}
		e, err := f.embedded(p)
		if err != nil {
			why = err
			continue
		}
		best, area = e, p.area()
	}
	if area < 0 {
		return embedded{}, why
	}
	return best, nil
}

func (f *pdfFile) embedded(p placedPicture) (embedded, error) {
	if f.value(p.stream.dict["ImageMask"]) == true {
		return embedded{}, ErrNoPicture
	}
	e := embedded{dict: p.stream.dict, file: f}
	var err error
	if e.body, e.filter, e.parameters, err = f.unpackTo(p.stream); err != nil {
		return embedded{}, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	switch e.filter {
	case "DCTDecode", "DCT":
		if e.facts, err = readPicture(e.body); err != nil {
			return embedded{}, err
		}
		if e.facts.sideways() {
			e.facts.Width, e.facts.Height = e.facts.Height, e.facts.Width
		}
	case "", "CCITTFaxDecode", "CCF":
		w, _ := wholeNumber(f.value(e.dict["Width"]))
		h, _ := wholeNumber(f.value(e.dict["Height"]))
		if _, err := count(PDF, image.Config{Width: w, Height: h}); err != nil {
			return embedded{}, err
		}
		e.facts = Facts{Type: PDF, Width: w, Height: h}
	default:
		return embedded{}, fmt.Errorf("%w: %w", ErrNoPicture, errFilter)
	}
	e.facts.Orientation = p.orientation()
	if e.facts.sideways() {
		e.facts.Width, e.facts.Height = e.facts.Height, e.facts.Width
	}
	return e, nil
}

func (e embedded) open(by int) (*Sheet, error) {
	if e.facts.Type == JPEG {
		return e.facts.open(e.body, by, true)
	}
	w, h := e.facts.Width, e.facts.Height
	if e.facts.sideways() {
		w, h = h, w
	}
	var (
		img image.Image
		err error
	)
	if e.filter == "" {
		img, err = e.samples(w, h)
	} else {
		img, err = e.fax(w, h)
	}
	if err != nil {
		return nil, DamagedError{PDF, err}
	}
	return e.facts.sheet(img, by), nil
}

var errSamples = errors.New("too few samples for the size of the picture")

// fax decodes what fax machines and black-and-white scanners write.
func (e embedded) fax(w, h int) (image.Image, error) {
	k, _ := e.file.number(e.parameters["K"])
	mode := ccitt.Group4
	switch {
	case k == 0:
		mode = ccitt.Group3
	case k > 0:
		return nil, errFilter // of both dimensions, which no scanner writes
	}
	black := e.file.value(e.parameters["BlackIs1"]) == true
	aligned := e.file.value(e.parameters["EncodedByteAlign"]) == true
	r := ccitt.NewReader(bytes.NewReader(e.body), ccitt.MSB, mode, w, h, &ccitt.Options{Align: aligned, Invert: black})
	row := (w + 7) / 8
	bits := make([]byte, row*h)
	if n, err := io.ReadFull(r, bits); n < row {
		return nil, err
	}
	return e.gray(bits, w, h, 1), nil
}

// samples reads a picture that is stored sample by sample.
func (e embedded) samples(w, h int) (image.Image, error) {
	bits, _ := wholeNumber(e.file.value(e.dict["BitsPerComponent"]))
	colours, palette := e.file.colourSpace(e.dict["ColorSpace"])
	if bits != 1 && bits != 8 || bits == 1 && colours != 1 {
		return nil, errFilter
	}
	row := (w*colours*bits + 7) / 8
	if colours == 0 || len(e.body) < row*h {
		return nil, errSamples
	}
	switch {
	case palette != nil:
		return e.indexed(palette, w, h, bits), nil
	case colours == 1:
		return e.gray(e.body, w, h, bits), nil
	case colours == 3:
		return rgbSamples(e.body, w, h), nil
	}
	return &image.CMYK{Pix: e.body[:row*h], Stride: row, Rect: image.Rect(0, 0, w, h)}, nil
}

// gray reads one sample for each pixel; Decode [1 0] turns black and white.
func (e embedded) gray(body []byte, w, h, bits int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	decode, _ := e.file.value(e.dict["Decode"]).(pdfArray)
	inverted := byte(0)
	if len(decode) == 2 && e.file.value(decode[0]) == float64(1) {
		inverted = 0xff
	}
	each(body, w, h, bits, func(i int, v byte) {
		if bits == 1 {
			v *= 0xff
		}
		img.Pix[i] = v ^ inverted
	})
	return img
}

// each hands out samples of one or eight bits, row by row.
func each(body []byte, w, h, bits int, take func(i int, v byte)) {
	row := (w*bits + 7) / 8
	for y := range h {
		line := body[y*row:][:row]
		for x := range w {
			if bits == 8 {
				take(y*w+x, line[x])
			} else {
				take(y*w+x, line[x/8]>>(7-x%8)&1)
			}
		}
	}
}

func (e embedded) indexed(palette color.Palette, w, h, bits int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	each(e.body, w, h, bits, func(i int, v byte) {
		img.Pix[i] = min(v, byte(len(palette)-1))
	})
	return img
}

func rgbSamples(body []byte, w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		p := body[3*i : 3*i+3]
		copy(img.Pix[4*i:], []byte{p[0], p[1], p[2], 0xff})
	}
	return img
}

// colourSpace returns how many samples a pixel has, 0 where that is not known,
// and the colours that they choose from, if they do.
func (f *pdfFile) colourSpace(v any) (samples int, palette color.Palette) {
	v = f.value(v)
	list, isList := v.(pdfArray)
	if isList && len(list) > 0 {
		v = f.value(list[0])
	}
	name, _ := v.(pdfName)
	switch name {
	case "DeviceGray", "CalGray", "G":
		return 1, nil
	case "DeviceRGB", "CalRGB", "RGB":
		return 3, nil
	case "DeviceCMYK", "CMYK":
		return 4, nil
	case "ICCBased":
		if len(list) > 1 {
			if n, ok := wholeNumber(f.value(f.dict(list[1])["N"])); ok && (n == 1 || n == 3 || n == 4) {
				return n, nil
			}
		}
	case "Indexed", "I":
		return f.indexedSpace(list)
	}
	return 0, nil
}

func (f *pdfFile) indexedSpace(list pdfArray) (int, color.Palette) {
	if len(list) != 4 {
		return 0, nil
	}
	base, nested := f.value(list[1]), false
	if inner, ok := base.(pdfArray); ok && len(inner) > 0 {
		nested = f.value(inner[0]) == pdfName("Indexed")
	}
	if nested {
		return 0, nil
	}
	n, _ := f.colourSpace(base)
	var table []byte
	switch t := f.value(list[3]).(type) {
	case pdfString:
		table = []byte(t)
	case pdfStream:
		table, _ = f.unpack(t) // as far as it can be read
	}
	var palette color.Palette
	for ; n > 0 && len(table) >= n && len(palette) < 256; table = table[n:] {
		switch n {
		case 1:
			palette = append(palette, color.Gray{table[0]})
		case 3:
			palette = append(palette, color.RGBA{table[0], table[1], table[2], 255})
		case 4:
			palette = append(palette, color.CMYK{table[0], table[1], table[2], table[3]})
		}
	}
	if len(palette) == 0 {
		return 0, nil
	}
	return 1, palette
}
