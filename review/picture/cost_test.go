package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"testing"
)

func TestCost(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want int64
	}{
		"jpeg 4:2:0": {encodeJPEG(t, quarters(100, 100)), 20_000},
		"gray jpeg":  {encodeJPEG(t, image.NewGray(image.Rect(0, 0, 100, 100))), 10_000},
		"rgb png":    {encodePNG(t, quarters(100, 100)), 40_800},
		"deep png":   {encodePNG(t, image.NewRGBA64(image.Rect(0, 0, 100, 100))), 80_800},
		"pdf":        {pdf(), 0},
	} {
		if got, err := Cost(c.data); err != nil || got != c.want {
			t.Errorf("%s: got %d, %v, want %d", name, got, err, c.want)
		}
	}
}

// progressive turns the header of a JPEG into one of w × h pixels in full
// colour, stored in passes.
func progressive(t *testing.T, w, h uint16) []byte {
	t.Helper()
	data := encodeJPEG(t, quarters(16, 16))
	frame := bytes.Index(data, []byte{0xff, 0xc0})
	data[frame+1] = 0xc2
	binary.BigEndian.PutUint16(data[frame+5:], h)
	binary.BigEndian.PutUint16(data[frame+7:], w)
	data[frame+11] = 0x11
	return data
}

// A few hundred bytes must not have hundreds of megabytes taken for them.
func TestInspectRefusesEmptyPromises(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"jpeg":             {progressive(t, 7000, 7000), DamagedError{JPEG, errTooFew}},
		"png":              {claimPNG(t, 10_000, 5_000), DamagedError{PNG, errTooFew}},
		"jpeg, filled up":  {slices.Concat(progressive(t, 7000, 7000), make([]byte, 100_000)), CostError{7000 * 7000 * 19, MaxCost}},
		"jpeg, affordable": {slices.Concat(progressive(t, 7000, 4000), make([]byte, 100_000)), nil},
	} {
		if _, err := Inspect(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}
