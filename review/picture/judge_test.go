package picture

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func filled(w, h int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

// alike allows what the edges between areas of a sample make out.
func alike(a, b float64) bool { return max(a-b, b-a) <= 0.4 }

func TestJudge(t *testing.T) {
	page := filled(1240, 1754, color.White)
	for y := 200; y < 240; y++ { // one line of print
		for x := 150; x < 700; x++ {
			if x/6%2 == 0 {
				page.Set(x, y, color.Black)
			}
		}
	}
	night := filled(1000, 800, color.Gray{12})
	draw.Draw(night, image.Rect(400, 300, 600, 500), image.NewUniform(color.Gray{70}), image.Point{}, draw.Src)
	for name, c := range map[string]struct {
		img  image.Image
		want Measures
	}{
		"white paper":      {filled(1000, 800, color.White), Measures{Mean: 255, Blank: true}},
		"black":            {filled(1000, 800, color.Black), Measures{Dark: true, Blank: true}},
		"one line":         {page, Measures{Mean: 253.7, Deviation: 12.2}},
		"night":            {night, Measures{Mean: 14.9, Deviation: 12.5, Dark: true}},
		"at the mean":      {filled(1000, 800, color.Gray{DarkMean}), Measures{Mean: DarkMean, Blank: true}},
		"tiny":             {quarters(SmallSide-1, 400), Measures{Mean: 120.3, Deviation: 48.3, Small: true}},
		"just large":       {quarters(SmallSide, 400), Measures{Mean: 120.3, Deviation: 48.3}},
		"portrait's size":  {quarters(PortraitWidth, PortraitHeight), Measures{Mean: 120.3, Deviation: 48.3}},
		"nothing to judge": {image.NewRGBA(image.Rectangle{}), Measures{Dark: true, Blank: true, Small: true}},
	} {
		size := c.img.Bounds().Size()
		got := Judge(Facts{Width: size.X, Height: size.Y}, c.img)
		if diff := cmp.Diff(c.want, got, cmp.Comparer(alike)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What import does: decode a sample, judge it.
func TestJudgeSample(t *testing.T) {
	data := encodeJPEG(t, photograph(1200, 900))
	f, err := Inspect(data)
	if err != nil {
		t.Fatal(err)
	}
	img, err := Decode(data, SampleSide, SampleSide)
	if err != nil {
		t.Fatal(err)
	}
	if got := Judge(f, img); got.Dark || got.Blank || got.Small {
		t.Errorf("got %+v, want nothing to remark", got)
	}
}
