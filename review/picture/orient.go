package picture

import "image"

// orient turns stored pixels upright (Exif 2.32, tag 0x0112): the number says
// where the first row and the first column of the file belong.
func orient(img *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Max.Y {
		for x := range size.Max.X {
			from := origin(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(from.X, from.Y):])
		}
	}
	return out
}

// origin says which stored pixel of a w × h picture stands upright at x, y.
func origin(orientation, x, y, w, h int) image.Point {
	right, bottom := w-1, h-1
	switch orientation {
	case 2: // mirrored
		return image.Pt(right-x, y)
	case 3: // upside down
		return image.Pt(right-x, bottom-y)
	case 4: // mirrored upside down
		return image.Pt(x, bottom-y)
	case 5: // mirrored along the diagonal
		return image.Pt(y, x)
	case 6: // to be turned clockwise
		return image.Pt(y, bottom-x)
	case 7: // mirrored along the other diagonal
		return image.Pt(right-y, bottom-x)
	case 8: // to be turned anticlockwise
		return image.Pt(right-y, x)
	}
	return image.Pt(x, y)
}
