package cert

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"
)

const (
	sealPixels    = 496  // 300 dots per inch on 42 mm
	maxSealPixels = 4096 // side of the largest picture that is taken as a seal
)

// MaxSealBytes is the size of the largest file that is taken as a seal.
const MaxSealBytes = 16 << 20

// ErrSeal says that the bytes given as the seal are no PNG of at most 4096 × 4096 pixels and 16 MB.
var ErrSeal = errors.New("seal is not a PNG of at most 4096 × 4096 pixels and 16 MB")

// sealImage is a seal ready for embedding: few colours, on white. It is printed in the mode "multiply", in which white
// is transparent and the text below shines through as below real ink.
type sealImage struct {
	pixels  stream
	palette color.Palette
}

// CheckSeal looks at the head of a seal: ErrSeal for what is no picture that can be printed. It costs nothing.
func CheckSeal(data []byte) error {
	if len(data) > MaxSealBytes {
		return ErrSeal
	}
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || max(config.Width, config.Height) > maxSealPixels || min(config.Width, config.Height) < 1 {
		return ErrSeal
	}
	return nil
}

// prepareSeal reads a PNG and brings it to the size and the colours that are printed.
func prepareSeal(data []byte, d *deflater) (*sealImage, error) {
	if err := CheckSeal(data); err != nil {
		return nil, err
	}
	source, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrSeal
	}
	canvas := image.NewRGBA(image.Rect(0, 0, sealPixels, sealPixels))
	draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(canvas, centred(source.Bounds()), source, source.Bounds(), draw.Over, nil)
	return quantise(canvas, d)
}

// centred returns the largest rectangle of the shape of r in the middle of the canvas.
func centred(r image.Rectangle) image.Rectangle {
	longest := max(r.Dx(), r.Dy())
	w, h := max(1, r.Dx()*sealPixels/longest), max(1, r.Dy()*sealPixels/longest)
	corner := image.Pt((sealPixels-w)/2, (sealPixels-h)/2)
	return image.Rectangle{corner, corner.Add(image.Pt(w, h))}
}

// quantise keeps as many bits of each colour as a palette of 256 has room for. A seal is one ink on white: its edges
// give some dozens of shades.
func quantise(canvas *image.RGBA, d *deflater) (*sealImage, error) {
	for bits := 8; ; bits-- {
		pixels, palette, ok := withPalette(canvas, bits)
		if !ok {
			continue
		}
		data, err := d.deflate(pixels)
		if err != nil {
			return nil, err
		}
		return &sealImage{data, palette}, nil
	}
}

// withPalette numbers the colours of the canvas, each rounded to so many bits; it reports false when they are too many.
// Two bits always do.
func withPalette(canvas *image.RGBA, bits int) ([]byte, color.Palette, bool) {
	top := 1<<bits - 1
	round := func(v uint8) uint8 { return uint8((int(v)*top + 127) / 255 * 255 / top) }
	index := map[color.RGBA]int{}
	var palette color.Palette
	pixels := make([]byte, 0, sealPixels*sealPixels)
	for i := 0; i < len(canvas.Pix); i += 4 {
		c := color.RGBA{round(canvas.Pix[i]), round(canvas.Pix[i+1]), round(canvas.Pix[i+2]), 255}
		n, ok := index[c]
		if !ok {
			if n = len(palette); n == 256 {
				return nil, nil, false
			}
			index[c] = n
			palette = append(palette, c)
		}
		pixels = append(pixels, byte(n))
	}
	return pixels, palette, true
}

// object returns the seal as an image object.
func (s *sealImage) object() []byte {
	var colours bytes.Buffer
	for _, c := range s.palette {
		r, g, b, _ := c.RGBA()
		fmt.Fprintf(&colours, "%02X%02X%02X", r>>8, g>>8, b>>8)
	}
	return s.pixels.object(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB %d <%s>]",
		sealPixels, sealPixels, len(s.palette)-1, colours.String()))
}
