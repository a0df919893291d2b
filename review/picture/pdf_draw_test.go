package picture

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

// drawnPage is a PDF of one page of 72 × 36 points, 150 × 75 pixels, with the content; objects from 5 on may follow.
func drawnPage(content, page string, objects ...string) []byte {
	return withTable(append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 72 36] >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R " + page + " >>", stream("", []byte(content)),
	}, objects...)...)
}

var (
	white = color.RGBA{255, 255, 255, 255}
	red   = color.RGBA{255, 0, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	black = color.RGBA{0, 0, 0, 255}
)

func TestDrawPage(t *testing.T) {
	gray := stream("/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", []byte{0, 255})
	form := stream("/Type /XObject /Subtype /Form /BBox [0 0 18 36] /Matrix [1 0 0 1 36 0] ", []byte("1 0 0 rg 0 0 72 36 re f"))
	for name, tt := range map[string]struct {
		content, page string
		objects       []string
		want          map[image.Point]color.RGBA // y goes down
	}{
		"nothing": {"", "", nil, map[image.Point]color.RGBA{{0, 0}: white, {149, 74}: white}},
		"filled": {"1 0 0 rg 0 18 36 18 re f", "", nil, map[image.Point]color.RGBA{
			{0, 0}: red, {74, 36}: red, {76, 36}: white, {74, 39}: white}},
		"two that cancel nothing": {"0 g 0 0 36 36 re 18 36 36 -36 re f", "", nil, map[image.Point]color.RGBA{{10, 10}: black, {100, 10}: black, {120, 10}: white}},
		"hole": {"0 g 0 0 m 72 0 l 72 36 l 0 36 l h 18 9 m 18 27 l 54 27 l 54 9 l h f", "", nil, map[image.Point]color.RGBA{
			{5, 5}: black, {75, 37}: white}},
		"stroked": {"0 0 1 RG 7.2 w 0 18 m 72 18 l S", "", nil, map[image.Point]color.RGBA{{75, 37}: blue, {75, 32}: blue, {75, 20}: white}},
		"mitred":  {"0 G 9.6 w 9.6 9.6 52.8 16.8 re S", "", nil, map[image.Point]color.RGBA{{11, 11}: black, {11, 63}: black, {138, 11}: black, {75, 37}: white}},
		"dashed": {"0 G 9.6 w [24 24] 0 d 0 18 m 72 18 l S", "", nil, map[image.Point]color.RGBA{
			{25, 37}: black, {75, 37}: white, {125, 37}: black}},
		"dashed from within": {"0 G 9.6 w [24 24] 24 d 0 18 m 72 18 l S", "", nil, map[image.Point]color.RGBA{
			{25, 37}: white, {75, 37}: black, {125, 37}: white}},
		"moved and kept": {"q 1 0 0 rg .5 0 0 1 36 0 cm 0 0 36 36 re f Q 0 0 9 36 re f", "", nil, map[image.Point]color.RGBA{
			{5, 5}: black, {70, 5}: white, {76, 5}: red, {110, 5}: red, {115, 5}: white}},
		"clipped": {"q 36 0 36 36 re W* n 1 0 0 rg 0 0 72 36 re f Q 0 0 9 9 re f", "", nil, map[image.Point]color.RGBA{
			{70, 5}: white, {76, 5}: red, {5, 70}: black}},
		"turned": {"1 0 0 rg 0 18 36 18 re f", "/Rotate 90", nil, map[image.Point]color.RGBA{{74, 0}: red, {36, 70}: white, {40, 70}: red, {40, 80}: white}},
		"multiplied": {"1 1 0 rg 0 0 72 36 re f /M gs 0 1 1 rg 0 0 36 36 re f", "/Resources << /ExtGState << /M << /BM /Multiply /ca 1 >> >> >>", nil,
			map[image.Point]color.RGBA{{10, 10}: {0, 255, 0, 255}, {100, 10}: {255, 255, 0, 255}}},
		"half there": {"/H gs 0 g 0 0 36 36 re f", "/Resources << /ExtGState << /H << /ca .5 >> >> >>", nil,
			map[image.Point]color.RGBA{{10, 10}: {127, 127, 127, 255}}},
		"picture": {"q 72 0 0 36 0 0 cm /P Do Q", "/Resources << /XObject << /P 5 0 R >> >>", []string{gray},
			map[image.Point]color.RGBA{{10, 10}: black, {140, 10}: white}},
		"picture mirrored": {"q -72 0 0 36 72 0 cm /P Do Q", "/Resources << /XObject << /P 5 0 R >> >>", []string{gray},
			map[image.Point]color.RGBA{{10, 10}: white, {140, 10}: black}},
		"picture turned": {"q 0 36 -72 0 72 0 cm /P Do Q", "/Resources << /XObject << /P 5 0 R >> >>", []string{gray},
			map[image.Point]color.RGBA{{10, 70}: black, {10, 5}: white}},
		"form": {"/F Do", "/Resources << /XObject << /F 5 0 R >> >>", []string{form}, map[image.Point]color.RGBA{
			{70, 5}: white, {80, 5}: red, {110, 5}: red, {115, 5}: white}},
		"invisible text": {"BT 3 Tr /Any 9 Tf (searched) Tj ET", "", nil, map[image.Point]color.RGBA{{3, 70}: white}},
	} {
		sheet, err := DrawPage(drawnPage(tt.content, tt.page, tt.objects...), 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		size := sheet.Size()
		img := sheet.Draw(image.Rectangle{Max: size}, size.X, size.Y)
		for at, want := range tt.want {
			if got := img.RGBAAt(at.X, at.Y); apart(got, want) > 2 {
				t.Errorf("%s: %v at %v, want %v", name, got, at, want)
			}
		}
	}
}

// apart is the largest difference of two colours.
func apart(a, b color.RGBA) int {
	most := 0
	for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B), int(a.A) - int(b.A)} {
		most = max(most, d, -d)
	}
	return most
}

// TestUndrawn: what is not known here is never left out.
func TestUndrawn(t *testing.T) {
	plain := stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 6 0 R", []byte{0})
	for name, data := range map[string][]byte{
		"shading":                          drawnPage("/S sh", ""),
		"inline picture":                   drawnPage("BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", ""),
		"even-odd":                         drawnPage("0 0 9 9 re f*", ""),
		"clip that slants":                 drawnPage("0 0 m 9 0 l 9 9 l h W n", ""),
		"text in a font that is not there": drawnPage("BT /F 9 Tf (x) Tj ET", ""),
		"text as a clip":                   drawnPage("BT 7 Tr ET", ""),
		"colour space":                     drawnPage("/Cs1 cs 1 scn 0 0 9 9 re f", ""),
		"unknown operator":                 drawnPage("0 0 9 9 re f what", ""),
		"unknown state":                    drawnPage("/M gs", "/Resources << /ExtGState << /M << /BM /Screen >> >> >>"),
		"layers":                           drawnPage("/OC /L BDC 0 0 9 9 re f EMC", ""),
		"soft mask":                        drawnPage("/P Do", "/Resources << /XObject << /P 5 0 R >> >>", plain),
		"slanted picture":                  drawnPage("9 9 -9 9 0 0 cm /P Do", "/Resources << /XObject << /P 5 0 R >> >>", strings.Replace(plain, "/SMask 6 0 R", "", 1)),
		"picture missing":                  drawnPage("/P Do", ""),
		"form in itself":                   drawnPage("/F Do", "/Resources << /XObject << /F 5 0 R >> >>", stream("/Subtype /Form", []byte("/F Do"))),
		"out of reach":                     drawnPage("0 0 999999999 9 re f", ""),
		"annotation":                       drawnPage("", "/Annots [6 0 R]"),
		"no size":                          []byte(strings.Replace(string(drawnPage("", "")), "/MediaBox [0 0 72 36]", "/MediaBox [0 0  0 36]", 1)),
	} {
		if _, err := DrawPage(data, 1); !errors.Is(err, ErrUndrawn) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := DrawPage(drawnPage("", ""), 2); !errors.Is(err, ErrNoPage) {
		t.Errorf("got %v", err)
	}
}

// TestDrawingIsBounded: content of a few bytes must not keep a machine busy.
func TestDrawingIsBounded(t *testing.T) {
	for name, content := range map[string]string{
		"page filled over and over": strings.Repeat("0 0 72 36 re f ", 200_000),
		"endless path":              strings.Repeat("0 0 1 1 2 2 c ", 700_000) + "S",
		"dashes too small to see":   "[.00001] 0 d 0 0 m 72 36 l S",
		"phase of dashes":           "[.0001] 900000000 d 0 0 m 72 36 l S",
	} {
		_, err := DrawPage(drawnPage(content, ""), 1)
		if _, damaged := errors.AsType[DamagedError](err); !damaged {
			t.Errorf("%s: got %v", name, err)
		}
	}
	var nested strings.Builder
	for i := range 9 { // each draws the next one ten times
		fmt.Fprintf(&nested, "%s\x00", stream(fmt.Sprintf("/Subtype /Form /Resources << /XObject << /F %d 0 R >> >>", i+6), []byte(strings.Repeat("/F Do ", 10))))
	}
	objects := strings.Split(strings.TrimSuffix(nested.String(), "\x00"), "\x00")
	if _, err := DrawPage(drawnPage("/F Do", "/Resources << /XObject << /F 5 0 R >> >>", objects...), 1); err == nil {
		t.Error("a tree of forms was drawn")
	}
}

func FuzzDrawPage(f *testing.F) {
	f.Add("q 0 0 9 9 re W n 1 0 0 rg 0 0 m 3 4 5 6 7 8 c h B Q [2 1] 0 d 0 0 9 9 re s")
	f.Add("BT /F 9 Tf 1 0 0 1 3 3 Tm [(a) 3 (b)] TJ ET /P Do")
	f.Fuzz(func(t *testing.T, content string) {
		sheet, err := DrawPage(drawnPage(content, ""), 1)
		if (err == nil) != (sheet != nil) || err == nil && sheet.Size() != image.Pt(150, 75) {
			t.Fatalf("%v, %v", sheet, err)
		}
	})
}

func FuzzOutlines(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x00\x00\x01"), 1)
	f.Fuzz(func(t *testing.T, data []byte, glyph int) {
		if font := readOutlines(data); font != nil {
			font.shape(glyph)
		}
	})
}
