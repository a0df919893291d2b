package graphics

import "image"

// diffuse names the colours of a small picture where the palette is so poor
// that a face would vanish in a wall of the same gray: the brightness that a
// pixel lacks is made up for by its neighbours to the right and below (Floyd
// and Steinberg, 1976). Only brightness is passed on; errors of hue would
// speckle paper and clothes with colours that are not there.
func diffuse(img *image.RGBA, colours palette) []colour {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	named := make([]colour, 0, w*h)
	// One column more at either end takes what falls off the edges.
	here, below := make([]int, w+2), make([]int, w+2)
	for y := range h {
		for x := range w {
			p := img.Pix[img.PixOffset(x, y):]
			owed := here[x+1] / 16
			c := colours.nearest(shifted(p[0], owed), shifted(p[1], owed), shifted(p[2], owed))
			named = append(named, c)
			shown := colours.rgb(c)
			off := luminance(p[0], p[1], p[2]) + owed - luminance(shown[0], shown[1], shown[2])
			off = min(max(off, -owedMost), owedMost)
			here[x+2] += 7 * off
			below[x] += 3 * off
			below[x+1] += 5 * off
			below[x+2] += off
		}
		here, below = below, here
		clear(below)
	}
	return named
}

// owedMost bounds what is passed on, half of the widest gap between two grays:
// strong colours can never make up for it and would leave halos.
const owedMost = 64

// shifted makes a channel brighter or darker.
func shifted(v uint8, by int) uint8 { return uint8(min(max(int(v)+by, 0), 255)) }
