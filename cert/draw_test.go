package cert

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"rongzheng/cert/code"
	"rongzheng/review"
	screen "rongzheng/review/picture"
)

// withBack is the certificate with a back.
func withBack(t testing.TB) *fixture {
	f := newFixture(t, "王𬭎𫖯𬱖 Ann-Mary O'Neill")
	before := f.version
	f.version.Version, f.version.ValidFrom, f.version.ValidUntil = 2, review.NewDate(2028, 2, 20), review.NewDate(2031, 2, 19)
	f.sign(t)
	f.certificate.Versions = []review.CertificateVersion{before, f.version}
	return f
}

func drawnPage(t testing.TB, file []byte, number int) *image.RGBA {
	t.Helper()
	sheet, err := screen.DrawPage(file, number)
	if err != nil {
		t.Fatal(err)
	}
	return sheet.Draw(image.Rectangle{Max: sheet.Size()}, sheet.Size().X, sheet.Size().Y)
}

// TestPapersAreDrawnOnTheScreen: whatever is drawn on paper here can be looked at in the terminal, every page of it.
func TestPapersAreDrawnOnTheScreen(t *testing.T) {
	files := map[string][]byte{}
	for name, d := range papers(t) {
		files[name] = d.bytes(t)
	}
	for name, seal := range map[string][]byte{"certificate": nil, "sealed certificate": testSeal(t, 300)} {
		files[name] = withBack(t).draw(t, newPrinter(t, Options{Seal: seal}))
	}
	for name, file := range files {
		facts, err := screen.Inspect(file)
		if err != nil {
			t.Fatal(err)
		}
		for page := 1; page <= facts.Pages; page++ {
			if _, err := screen.DrawPage(file, page); err != nil {
				t.Errorf("%s, page %d: %v", name, page, err)
			}
		}
	}
}

// TestCodeIsReadFromTheScreen reads the code from the page as the terminal shows it.
func TestCodeIsReadFromTheScreen(t *testing.T) {
	f := withBack(t)
	if got, err := code.ReadPicture(drawnPage(t, f.draw(t, newPrinter(t, Options{Seal: testSeal(t, 300)})), 1)); err != nil || got != f.version.Code.Text {
		t.Errorf("%q, %v", got, err)
	}
}

// TestScreenShowsWhatOthersShow holds the pages against those that poppler draws: no more than the edges of lines may
// differ.
func TestScreenShowsWhatOthersShow(t *testing.T) {
	f, p := withBack(t), newPrinter(t, Options{Seal: testSeal(t, 300)})
	file, out := f.draw(t, p), filepath.Join(t.TempDir(), "page")
	for page := 1; page <= 2; page++ {
		n := strconv.Itoa(page)
		cmd := exec.Command(tool(t, "pdftoppm"), "-png", "-r", "150", "-f", n, "-l", n, "-singlefile", "-", out)
		cmd.Stdin = bytes.NewReader(file)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		data, err := os.ReadFile(out + ".png")
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if worst, at := apart(drawnPage(t, file, page), theirs); worst > 40 {
			t.Errorf("page %d: a square at %v differs by %.0f of 255", page, at, worst)
		}
	}
}

// apart compares two pictures in squares of 24 pixels, some 4 mm: it returns the largest difference of their mean
// brightness, and where.
func apart(a, b image.Image) (worst float64, at image.Point) {
	const side = 24
	size := a.Bounds().Intersect(b.Bounds()).Max
	mean := func(img image.Image, x0, y0 int) float64 {
		sum := 0.0
		for y := y0; y < y0+side; y++ {
			for x := x0; x < x0+side; x++ {
				r, g, b, _ := img.At(x, y).RGBA()
				sum += float64(r+g+b) / 3 / 257
			}
		}
		return sum / side / side
	}
	for y := 0; y+side <= size.Y; y += side {
		for x := 0; x+side <= size.X; x += side {
			if d := math.Abs(mean(a, x, y) - mean(b, x, y)); d > worst {
				worst, at = d, image.Pt(x, y)
			}
		}
	}
	return worst, at
}

func BenchmarkDrawPage(b *testing.B) {
	file := withBack(b).draw(b, newPrinter(b, Options{}))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := screen.DrawPage(file, 1); err != nil {
			b.Fatal(err)
		}
	}
}
