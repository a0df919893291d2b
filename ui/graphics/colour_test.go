package graphics

import (
	"testing"

	"github.com/muesli/termenv"
)

// The nearest of the 240 fixed colours, found the long way.
func TestNearest256(t *testing.T) {
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				got := distanceTo(int(nearest256(uint8(r), uint8(g), uint8(b))), r, g, b)
				least := 1 << 30
				for i := 16; i < 256; i++ {
					least = min(least, distanceTo(i, r, g, b))
				}
				if got != least {
					t.Fatalf("%d, %d, %d: distance %d, want %d", r, g, b, got, least)
				}
			}
		}
	}
}

func distanceTo(i, r, g, b int) int {
	c := indexed(i)
	return distance(uint8(r), uint8(g), uint8(b), c.R, c.G, c.B)
}

func TestAnsi16AgreesWithTermenv(t *testing.T) {
	for i := range 16 {
		got := rgb16(colour(i))
		r, g, b := termenv.ConvertToRGB(termenv.ANSIColor(i)).RGB255()
		if want := [3]uint8{r, g, b}; got != want {
			t.Errorf("colour %d: got %v, want %v", i, got, want)
		}
	}
}

func TestUnseen(t *testing.T) {
	for _, c := range []struct {
		a, b colour
		want bool
	}{
		{0x102030, 0x102030, true}, {0x102030, 0x162a36, false}, {0x102030, 0x16262a, true}, {0x102030, 0x172030, false},
		{0x00ffff, 0x010000, false}, {none, none, true}, {none, 0, false}, {0xffffff, none, false},
	} {
		if got := unseen(c.a, c.b); got != c.want {
			t.Errorf("%06x and %06x: got %v", c.a, c.b, got)
		}
	}
}
