package cert

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // tests make much garbage and keep little
	m.Run()
}

// fixture is a made-up certificate, as each test wants it.
type fixture struct {
	certificate review.Certificate
	version     review.CertificateVersion
	portrait    []byte
}

func newFixture(t testing.TB, name string) *fixture {
	t.Helper()
	picture := testPortrait(t, 295, 413)
	f := &fixture{
		certificate: review.Certificate{Number: "CD-2025-000123", FirstRegistered: review.NewDate(2025, 2, 20)},
		version: review.CertificateVersion{
			Version: 1, Reference: "SQ202501170001",
			ValidFrom: review.NewDate(2025, 2, 20), ValidUntil: review.NewDate(2028, 2, 19),
			IssuedAt: time.Date(2025, 2, 20, 2, 30, 5, 0, time.UTC),
			Form: review.Form{
				"name": {name}, "id_number": {"11010519491231002X"}, "management_number": {"20240651010000001234"},
			},
			AreaLabel: "武侯区", SexLabel: "女", LevelLabel: "社会工作师", Issuer: "中共成都市委社会工作部",
			Portrait: hash(picture),
		},
		portrait: picture,
	}
	f.sign(t)
	return f
}

// sign gives the version the code that the key of nobody makes of it.
func (f *fixture) sign(t testing.TB) {
	t.Helper()
	key, err := code.FromSeed(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if f.version.Code, err = key.Code(&f.certificate, &f.version); err != nil {
		t.Fatal(err)
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// draw writes the certificate and returns the file.
func (f *fixture) draw(t testing.TB, p *Printer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b, &f.certificate, &f.version, f.portrait); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func newPrinter(t testing.TB, o Options) *Printer {
	t.Helper()
	p, err := NewPrinter(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// portraits are those that testPortrait has drawn, by size: nearly every certificate of the tests wants the same one.
var portraits sync.Map

// testPortrait draws somebody who does not exist.
func testPortrait(t testing.TB, width, height int) []byte {
	t.Helper()
	size := image.Pt(width, height)
	if drawn, ok := portraits.Load(size); ok {
		return bytes.Clone(drawn.([]byte))
	}
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width)-0.5, float64(y)/float64(height)
			c := color.RGBA{0x5B, 0x8F, uint8(0xC8 + 40*v), 255}
			switch {
			case math.Hypot(u/0.27, (v-0.42)/0.25) < 1:
				c = color.RGBA{0xE8, 0xC4, uint8(0xA8 - 60*v), 255}
			case math.Hypot(u/0.31, (v-0.36)/0.27) < 1 && v < 0.5:
				c = color.RGBA{0x2A, 0x24, 0x22, 255}
			case math.Hypot(u/0.48, (v-1.02)/0.36) < 1:
				c = color.RGBA{0x30, 0x34, uint8(0x40 + 30*v), 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	portraits.Store(size, b.Bytes())
	return bytes.Clone(b.Bytes())
}

// testSeal draws a red ring with a star of five points on nothing.
func testSeal(t testing.TB, size int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			u, v := 2*float64(x)/float64(size)-1, 2*float64(y)/float64(size)-1
			r, a := math.Hypot(u, v), math.Atan2(u, -v)
			star := 0.32 / (0.6 + 0.55*math.Abs(math.Sin(a*2.5)))
			edge := min(max((min(0.98-r, r-0.9))*float64(size)/2, -1), 1)
			edge = max(edge, min(max((star-r)*float64(size)/2, -1), 1))
			m.SetNRGBA(x, y, color.NRGBA{0xC8, 0x10, 0x18, uint8(127.5 + 127.5*edge)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
