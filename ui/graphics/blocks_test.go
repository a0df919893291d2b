package graphics

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"rongzheng/review/picture"
)

var profiles = map[termenv.Profile]string{
	termenv.TrueColor: "true colour", termenv.ANSI256: "256", termenv.ANSI: "16", termenv.Ascii: "none",
}

// tolerance is by how much luminance may be off in a square of so many pixels:
// half of the largest gap in a palette, and in true colour what is taken for
// unseen. Sixteen colours are right on the average only.
var tolerance = map[termenv.Profile]struct{ side, off int }{
	termenv.TrueColor: {1, unseenStep}, termenv.ANSI256: {1, 24}, termenv.ANSI: {5, 40}, termenv.Ascii: {1, 15},
}

// portrait draws what applicants send: a soft ground, a face, dark clothes,
// with the noise of a camera.
func portrait(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	inside := func(x, y, cx, cy, rx, ry int) bool {
		dx, dy := (x*100-cx*w)*100/(rx*w), (y*100-cy*h)*100/(ry*h)
		return dx*dx+dy*dy < 100*100
	}
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			n := int(seed>>29) - 4
			c := [3]int{120 + 80*y/h, 160 + 50*y/h, 210 + 20*y/h}
			switch {
			case inside(x, y, 50, 28, 23, 12):
				c = [3]int{40 + 20*x/w, 38, 36}
			case inside(x, y, 50, 43, 22, 22):
				c = [3]int{235 - 50*x/w, 195 - 45*x/w, 155 - 40*x/w}
			case inside(x, y, 50, 98, 42, 28):
				c = [3]int{45 + 30*x/w, 60 + 20*y/h, 80}
			}
			img.SetRGBA(x, y, color.RGBA{uint8(c[0] + n), uint8(c[1] + n), uint8(c[2] + n), 255})
		}
	}
	return img
}

func filled(w, h int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func TestBlocksShowsThePicture(t *testing.T) {
	img := portrait(413, 579)
	for profile, name := range profiles {
		for _, size := range []image.Point{{60, 20}, {20, 20}, {80, 24}, {7, 3}, {1, 1}} {
			drawn := Blocks(img, size.X, size.Y, profile)
			got := show(t, drawn, size.X, size.Y, profile)
			wantPicture(t, fmt.Sprintf("%s %v", name, size), got, img, profile)
			wantWidths(t, drawn, size.X)
		}
	}
}

// wantPicture compares what is shown with the picture scaled to the place that
// Fit gives it, and sees that the rest of the screen is left alone.
func wantPicture(t *testing.T, name string, got screen, img image.Image, profile termenv.Profile) {
	t.Helper()
	cols, rows := got.Rect.Dx(), got.Rect.Dy()/2
	w, h := fitPixels(img.Bounds().Dx(), img.Bounds().Dy(), cols, rows)
	c, r := Fit(img.Bounds().Dx(), img.Bounds().Dy(), cols, rows)
	want := picture.Scale(img, img.Bounds(), w, h)
	if profile == termenv.Ascii {
		h = 2 * r
		want = rowsOf(img, c, r)
	}
	place := image.Rect(0, 0, w, h).Add(image.Pt((cols-c)/2, (rows-r)/2*2))
	for y := range got.Rect.Dy() {
		for x := range cols {
			shown := got.NRGBAAt(x, y)
			blank := shown.A == 0 || profile == termenv.Ascii && shown.R == 0
			if in := image.Pt(x, y).In(place); !in && !blank || in && shown.A == 0 {
				t.Fatalf("%s: pixel %d, %d shows %v, the picture is at %v", name, x, y, shown, place)
			}
		}
	}
	allowed := tolerance[profile]
	for y := 0; y+allowed.side <= h; y += allowed.side {
		for x := 0; x+allowed.side <= w; x += allowed.side {
			square := image.Rect(x, y, x+allowed.side, y+allowed.side)
			d := brightness(got, square.Add(place.Min)) - brightness(want, square)
			if max(d, -d) > allowed.off {
				t.Fatalf("%s: %v is off by %d", name, square, d)
			}
		}
	}
}

// rowsOf scales img to c × r cells, each two pixels high.
func rowsOf(img image.Image, c, r int) *image.RGBA {
	small := picture.Scale(img, img.Bounds(), c, r)
	out := image.NewRGBA(image.Rect(0, 0, c, 2*r))
	for y := range 2 * r {
		for x := range c {
			out.Set(x, y, small.At(x, y/2))
		}
	}
	return out
}

// brightness is the mean luminance of a part of a picture.
func brightness(img image.Image, part image.Rectangle) int {
	sum := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			sum += luminance(c.R, c.G, c.B)
		}
	}
	return sum / (part.Dx() * part.Dy())
}

func wantWidths(t *testing.T, drawn string, cols int) {
	t.Helper()
	for _, line := range strings.Split(drawn, "\n") {
		if lipgloss.Width(line) != cols || ansi.StringWidth(line) != cols {
			t.Fatalf("got %d and %d columns, want %d: %q", lipgloss.Width(line), ansi.StringWidth(line), cols, line)
		}
	}
}

// Colours that a palette holds are shown as they are.
func TestBlocksKeepsExactColours(t *testing.T) {
	for profile, colours := range map[termenv.Profile][]color.NRGBA{
		termenv.TrueColor: {{9, 9, 3, 255}, {255, 255, 255, 255}, {0, 0, 0, 255}, {200, 100, 50, 255}},
		termenv.ANSI256:   {indexed(16), indexed(231), indexed(196), indexed(240), indexed(110)},
		termenv.ANSI:      {indexed(0), indexed(1), indexed(7), indexed(8), indexed(12), indexed(15)},
	} {
		img := image.NewNRGBA(image.Rect(0, 0, len(colours), 2))
		for x, c := range colours {
			img.SetNRGBA(x, 0, c)
			img.SetNRGBA(x, 1, colours[len(colours)-1-x])
		}
		got := show(t, Blocks(img, len(colours), 1, profile), len(colours), 1, profile)
		for x, want := range colours {
			if c := got.NRGBAAt(x, 0); c != want {
				t.Errorf("%s: got %v, want %v", profiles[profile], c, want)
			}
		}
	}
}

func TestBlocksExtremes(t *testing.T) {
	for profile, name := range profiles {
		for _, size := range []image.Point{{0, 0}, {0, 5}, {5, 0}, {-1, -1}} {
			if got := Blocks(portrait(10, 10), size.X, size.Y, profile); got != "" {
				t.Errorf("%s %v: got %q, want nothing", name, size, got)
			}
		}
		for _, img := range []image.Image{nil, image.NewRGBA(image.Rectangle{}), image.NewRGBA(image.Rect(3, 3, 3, 9))} {
			got := show(t, Blocks(img, 4, 2, profile), 4, 2, profile)
			for i := 3; i < len(got.Pix); i += 4 {
				if got.Pix[i] != 0 && profile != termenv.Ascii {
					t.Errorf("%s: an empty picture paints", name)
				}
			}
		}
		for _, size := range []image.Point{{10_000, 1}, {1, 10_000}, {1, 1}, {3, 2}} {
			img := portrait(size.X, size.Y)
			drawn := Blocks(img, 30, 10, profile)
			wantPicture(t, fmt.Sprint(name, size), show(t, drawn, 30, 10, profile), img, profile)
			wantWidths(t, drawn, 30)
		}
	}
}

// A part of a picture is shown through its SubImage, as zooming does.
func TestBlocksOfAPart(t *testing.T) {
	img := filled(100, 100, color.White)
	draw.Draw(img, image.Rect(50, 50, 100, 100), image.NewUniform(color.NRGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	got := show(t, Blocks(img.SubImage(image.Rect(60, 60, 100, 80)), 4, 1, termenv.ANSI), 4, 1, termenv.ANSI)
	for x := range 4 {
		if c := got.NRGBAAt(x, 0); c != indexed(9) {
			t.Errorf("column %d: got %v, want red", x, c)
		}
	}
}

func TestBlocksWithoutColourHasNoSequences(t *testing.T) {
	for _, profile := range []termenv.Profile{termenv.Ascii, 99} {
		if got := Blocks(portrait(40, 40), 20, 10, profile); strings.ContainsFunc(got, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) {
			t.Errorf("profile %d: got %q", profile, got)
		}
	}
	want := "@@\n  "
	img := filled(2, 4, color.Black)
	draw.Draw(img, image.Rect(0, 0, 2, 2), image.White, image.Point{}, draw.Src)
	if got := Blocks(img, 2, 2, termenv.Ascii); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// In sixteen colours skin and paper are grays of the right brightness on the
// whole, and the red of a seal stays red.
func TestBlocksInSixteenColours(t *testing.T) {
	for _, v := range []uint8{20, 64, 100, 160, 205, 230, 250} {
		got := show(t, Blocks(filled(40, 40, color.NRGBA{v, v - v/8, v - v/4, 255}), 40, 20, termenv.ANSI), 40, 20, termenv.ANSI)
		want := luminance(v, v-v/8, v-v/4)
		if b := brightness(got, got.Rect); max(b-want, want-b) > 4 {
			t.Errorf("skin of brightness %d is shown as %d", want, b)
		}
	}
	seal := filled(40, 40, color.White)
	draw.Draw(seal, image.Rect(10, 10, 30, 30), image.NewUniform(color.NRGBA{215, 35, 45, 255}), image.Point{}, draw.Src)
	got := show(t, Blocks(seal, 40, 20, termenv.ANSI), 40, 20, termenv.ANSI)
	for y := range 40 {
		for x := range 40 {
			c := got.NRGBAAt(x, y)
			red := c.R >= 0x80 && c.G == 0 && c.B == 0
			if red != image.Pt(x, y).In(image.Rect(10, 10, 30, 30)) {
				t.Fatalf("pixel %d, %d is %v", x, y, c)
			}
		}
	}
}

// Every colour is said once, one cell after another.
func TestBlocksSaysColoursOnce(t *testing.T) {
	for name, c := range map[string]struct {
		img  image.Image
		want string
	}{
		"one colour":  {filled(8, 4, color.White), "\x1b[48;2;255;255;255m        \x1b[m"},
		"two stripes": {stripes(8, 4), "\x1b[38;2;255;255;255;48;2;255;0;0m▀▀▀▀▀▀▀▀\x1b[m"},
	} {
		want := c.want + "\n" + c.want
		if got := Blocks(c.img, 8, 2, termenv.TrueColor); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// What a photograph of 60 × 20 cells may cost on a slow line. Naming both
// colours of every cell in true colour would take 48 000 bytes.
func TestBlocksIsShort(t *testing.T) {
	img := portrait(1600, 1067)
	for profile, most := range map[termenv.Profile]int{termenv.TrueColor: 6000, termenv.ANSI256: 4000, termenv.ANSI: 3300, termenv.Ascii: 1219} {
		if got := len(Blocks(img, 60, 20, profile)); got > most {
			t.Errorf("%s: got %d bytes, want at most %d", profiles[profile], got, most)
		}
	}
}

func stripes(w, h int) *image.RGBA {
	img := filled(w, h, color.White)
	for y := 1; y < h; y += 2 {
		draw.Draw(img, image.Rect(0, y, w, y+1), image.NewUniform(color.NRGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	}
	return img
}

func BenchmarkBlocks(b *testing.B) {
	for _, source := range []struct {
		name string
		img  image.Image
	}{{"portrait", portrait(600, 840)}, {"photograph", portrait(1600, 1067)}} {
		for profile, name := range profiles {
			b.Run(source.name+" "+name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					n = len(Blocks(source.img, 60, 20, profile))
				}
				b.ReportMetric(float64(n), "bytes")
			})
		}
	}
}
