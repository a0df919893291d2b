package picture

import (
	"image"
	"math"
)

// SampleSide is the longest side, in pixels, of the sample that [Judge] looks
// at; Decode(data, SampleSide, SampleSide) gives one.
const SampleSide = 96

// Thresholds of [Judge], in luminance 0–255 and pixels. They give hints to a
// reviewer and refuse nothing, so they are set where a human eye would agree
// at once.
const (
	// DarkMean: below this mean luminance print cannot be told from paper. A
	// sheet photographed in lamplight lies above 80, a lens in a pocket at 0–20.
	DarkMean = 48

	// BlankDeviation: below this standard deviation there is nothing to see.
	// A page with a single line of print has 5 or more, empty scanned paper
	// less than 2.
	BlankDeviation = 3

	// SmallSide: a shorter side below this cannot hold a legible document. A
	// portrait of the required size (295 wide) lies above.
	SmallSide = 240
)

// Measures are what the automatic checks need to know about a picture's look.
// They are hints: nothing is refused because of them.
type Measures struct {
	Mean      float64 `json:"mean"`      // luminance 0–255, one decimal
	Deviation float64 `json:"deviation"` // standard deviation of luminance, one decimal
	Dark      bool    `json:"dark,omitempty"`
	Blank     bool    `json:"blank,omitempty"`
	Small     bool    `json:"small,omitempty"`
}

// Judge measures a decoded picture of any size; f are the facts of its file,
// which say how large it really is. The same picture gives the same numbers on
// every machine. An empty picture is dark, blank and small.
func Judge(f Facts, img image.Image) Measures {
	size := img.Bounds().Size()
	if size.X == 0 || size.Y == 0 {
		return Measures{Dark: true, Blank: true, Small: true}
	}
	w, h := within(size.X, size.Y, SampleSide, SampleSide)
	mean, deviation := luminance(Scale(img, img.Bounds(), w, h))
	return Measures{
		Mean:      tenths(mean),
		Deviation: tenths(deviation),
		Dark:      mean < DarkMean,
		Blank:     deviation < BlankDeviation,
		Small:     min(f.Width, f.Height) < SmallSide,
	}
}

// luminance returns mean and standard deviation over all pixels (weights of
// ITU-R BT.601, in whole numbers up to the last division).
func luminance(img *image.RGBA) (mean, deviation float64) {
	var n, sum, squares int64
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b := int64(img.Pix[i]), int64(img.Pix[i+1]), int64(img.Pix[i+2])
		v := (299*r + 587*g + 114*b + 500) / 1000
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	variance := n*squares - sum*sum
	return float64(sum) / float64(n), math.Sqrt(float64(variance)) / float64(n)
}

func tenths(v float64) float64 { return math.Round(v*10) / 10 }
